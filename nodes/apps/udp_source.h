/* SPDX-License-Identifier: MIT
 * What sends measured datagrams to one target: the part that udp-send, cbr and poisson share. Each of them
 * only decides when the next one is due.
 *
 *      source_open  ->  source_send, again and again  ->  source_end
 *                            '-- errors and echoes come in between -->  counted, shown
 */
#ifndef NETARIUM_NODES_APPS_UDP_SOURCE_H
#define NETARIUM_NODES_APPS_UDP_SOURCE_H

#include "nodes/apps/meter.h"

#define UDP_SOURCE_MOST 65507 /* bytes: the largest UDP payload over IPv4 */

struct udp_source {
    struct nt_app *app;
    const char *name; /* the target as typed */
    struct nt_socket *socket;
    struct nt_endpoint target;
    struct meter meter;
    struct meter_flow *flow;
    uint8_t *payload; /* `size_bytes`, owned */
    uint32_t size_bytes;
    uint64_t bytes_sent;
    uint16_t own_port;    /* set before opening: our own port; 0: any */
    struct nt_event next; /* the owner's: when the next one is due */
};

/* Opens the socket towards `name`. False: it said why, and the app has ended. `fire`: of the event `next`. */
bool udp_source_open(struct udp_source *source, struct nt_app *app, const char *name, int64_t port,
                     int64_t size_bytes, void (*fire)(struct nt_event *event));

/* Sends one datagram of at most size_bytes. */
void udp_source_send(struct udp_source *source, uint32_t size_bytes);

/* Prints what was sent and what came back, and ends the app: status 0, if nothing went wrong. */
void udp_source_end(struct udp_source *source);

/* Rows of the parameter table that all sources begin with. */
enum { UDP_SOURCE_HOST, UDP_SOURCE_PORT, UDP_SOURCE_SIZE, UDP_SOURCE_OPTIONS };
#define UDP_SOURCE_PARAMS(default_size)                                                                      \
    {.name = "host",                                                                                         \
     .kind = NT_PARAM_TEXT,                                                                                  \
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED | NT_PARAM_HOST,                                       \
     .summary = "a node's name or an address"},                                                              \
        {.name = "--port",                                                                                   \
         .kind = NT_PARAM_INTEGER,                                                                           \
         .default_text = "9",                                                                                \
         .least = 1,                                                                                         \
         .most = 65535,                                                                                      \
         .summary = "port there: 9 throws away, 7 echoes"},                                                  \
    {                                                                                                        \
        .name = "--size", .kind = NT_PARAM_BYTES, .default_text = default_size, .most = UDP_SOURCE_MOST,     \
        .summary = "bytes of data in each datagram"                                                          \
    }

extern const struct nt_app_type udp_send_app;
extern const struct nt_app_type cbr_app;
extern const struct nt_app_type poisson_app;

#endif

/* SPDX-License-Identifier: MIT
 * W0: two hosts and a cable, the smallest figure for a packet and a hop.
 *
 * W0 goes through everything: ping, ICMP, IPv4, ARP's cache, the interface and the link. W0-wire replaces the
 * hosts by stations that send a frame whenever they have received one, so that what is left is the hop
 * itself. Nobody listens. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/bench/run_text.h"

#define ECHOES 1000000
#define BALLS 8            /* frames under way at once in each direction */
#define WIRE_STOP_MS 10000 /* long enough for millions of hops */

/* ---- A station without a stack ---- */

/* Sends back what it receives, under a new identity, and serves at the start. */
static void player_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    frame = nt_frame_writable(node, frame);
    nt_frame_seal(node, frame);
    nt_transmit(port, frame);
}

static void player_line(struct nt_node *node, struct nt_port *port)
{
    bool *has_served = node->state;
    if (*has_served || !port->is_up)
        return;
    *has_served = true;
    for (int i = 0; i < BALLS; i++) {
        struct nt_frame *frame = nt_frame_new(node, 0, 1000);
        memset(frame->bytes, i, frame->length_bytes);
        nt_frame_seal(node, frame);
        nt_transmit(port, frame);
    }
}

static const struct nt_node_type player_type = {.size = sizeof(struct nt_node_type),
                                                .name = "player",
                                                .summary = "sends back every frame that it receives",
                                                .port_prefix = "eth",
                                                .max_ports = 1,
                                                .state_bytes = sizeof(bool),
                                                .receive = player_receive,
                                                .line = player_line};

static const struct nt_node_type *const extra_types[] = {&player_type, NULL};

bool two_hosts_run(const struct bench_options *options)
{
    char text[600];
    uint64_t echoes = options->count ? options->count : options->is_brief ? ECHOES / 10 : ECHOES;
    struct bench_result result = {.workload = "W0", .size = 2, .app_bytes = echoes * 56};
    snprintf(text, sizeof text,
             "{\"netarium\": 1, \"nodes\": {\"a\": {\"type\": \"host\", \"address\": \"10.0.0.1/24\"},"
             " \"b\": {\"type\": \"host\", \"address\": \"10.0.0.2/24\"}},"
             " \"links\": [{\"between\": [\"a\", \"b\"], \"rate\": \"1 Gbps\", \"delay\": \"1 us\"}],"
             " \"actions\": [{\"at\": \"1 ms\", \"on\": \"a\", \"run\": \"ping -q -i 0.00001 -c %" PRIu64
             " b\"}],"
             " \"stop\": \"%" PRIu64 " us\"}",
             echoes, echoes * 10 + 1000000);
    if (!run_text_workload(text, extra_types, &result))
        return false;
    uint64_t wanted = echoes * 2 + 2; /* a request and a reply each, and ARP's */
    return result.hops == wanted ||
           result_is_wrong("W0", "%" PRIu64 " hops, not %" PRIu64, result.hops, wanted);
}

bool one_wire_run(const struct bench_options *options)
{
    char text[400];
    struct bench_result result = {.workload = "W0-wire", .size = 2};
    snprintf(text, sizeof text,
             "{\"netarium\": 1, \"nodes\": {\"a\": {\"type\": \"player\"}, \"b\": {\"type\": \"player\"}},"
             " \"links\": [{\"between\": [\"a\", \"b\"], \"rate\": \"1 Gbps\", \"delay\": \"20 us\"}],"
             " \"stop\": \"%d ms\"}",
             options->is_brief ? WIRE_STOP_MS / 10 : WIRE_STOP_MS);
    if (!run_text_workload(text, extra_types, &result))
        return false;
    return result.hops > 100000 || result_is_wrong("W0-wire", "only %" PRIu64 " hops", result.hops);
}

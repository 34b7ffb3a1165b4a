/* SPDX-License-Identifier: MIT
 * One side of a TCP connection in the records: which one it is, and what it told.
 *
 * Only the names of the kinds are known here (tcp.cwnd, tcp.sent ...) and that each has the connection as its
 * second field. What nobody tells is not drawn. */
#ifndef NETARIUM_VIEWS_CONNECTION_H
#define NETARIUM_VIEWS_CONNECTION_H

#include "views/pictures/picture.h"

#define CONNECTIONS_MOST 3   /* that one picture shows: as many as there are patterns of lines */
#define CONNECTION_KINDS 512 /* of a network, at most, that are looked at */
#define CONNECTION_FLOW 1    /* the field that every kind of TCP has second */

enum connection_fact {
    CONNECTION_CWND,
    CONNECTION_SSTHRESH,
    CONNECTION_RWND,
    CONNECTION_FLIGHT,
    CONNECTION_RTT,
    CONNECTION_SRTT,
    CONNECTION_RTO,
    CONNECTION_SENT,
    CONNECTION_RECOVERY,
    CONNECTION_RETRANSMIT,
    CONNECTION_TIMEOUT,
    CONNECTION_DUPACK,
    CONNECTION_SACK,
    CONNECTION_CONNECTED,
    CONNECTION_TX,
    CONNECTION_RX,
    CONNECTION_DROP,
    CONNECTION_RCV_WND,
    CONNECTION_ECN,
    CONNECTION_FACTS /* none of these */
};

struct connection {
    struct session *session; /* borrowed */
    const struct run *run;   /* borrowed */
    uint32_t node;           /* whose side */
    int64_t flow;            /* number of the text that names it */
    uint32_t kinds[CONNECTION_FACTS];
    uint8_t facts[CONNECTION_KINDS]; /* the other way round: what a kind tells; CONNECTION_FACTS: nothing */
};

/* Knows the kinds that `session` has, and no side yet. */
void connection_init(struct connection *connection, struct session *session);

/* ---- connection_choose.c ---- */

/* The sides that `wish->flow` asks for: for each of its parts between commas the one that has sent most,
 * among those whose name has that part in it or whose node is called so, and which are at `wish->node` if
 * that is given. If the wish has another session, the same ones of that too, behind them. How many; 0:
 * `ret_why` says which there are. */
unsigned connection_choose_all(struct connection connections[CONNECTIONS_MOST],
                               const struct picture_wish *wish, struct nt_why *ret_why);

/* Only the first of them. */
bool connection_choose(struct connection *connection, const struct picture_wish *wish,
                       struct nt_why *ret_why);

/* One sentence about a part of a wish that no connection answers to: the nearest, and which there are. */
void connection_refuse(const struct picture_wish *wish, const char *words, struct nt_why *ret_why);

/* ---- connection.c ---- */

/* Its name: "10.0.1.2:49152 > 10.0.2.2:9". */
const char *connection_name(const struct connection *connection);

/* The other side, if it is in this run: the one whose first sequence number is the first that this side got,
 * and the other way round (so that address translation between them does not matter). */
bool connection_peer(const struct connection *connection, struct connection *ret_peer);

/* Do the flags of a segment (a tcp.tx or tcp.rx) name this one, "ECE"? Never for a SYN, in which ECE and CWR
 * only ask whether ECN is known (RFC 3168 section 6.1.1). */
bool connection_has_flag(const struct connection *connection, const struct nt_record *record,
                         const char *flag);

/* What a record tells of this side; CONNECTION_FACTS: nothing. */
enum connection_fact connection_fact(const struct connection *connection, const struct nt_record *record);

/* The field of a record of this fact by name; 0 if there is none. */
int64_t connection_value(const struct connection *connection, const struct nt_record *record,
                         const char *name);

/* Calls `each` for what this side told up to `until`, in the order of time. */
typedef void (*connection_visitor)(void *context, enum connection_fact fact, const struct nt_record *record);
void connection_visit(const struct connection *connection, nt_time until, connection_visitor each,
                      void *context);

/* From its first record to its last. */
void connection_choose_span(struct picture_wish *wish);

/* tcp_plots.c: windows above, round trips below. */
void connection_draw_windows(const struct connection *connection, const struct picture_wish *wish,
                             struct canvas *canvas, struct canvas_box room);
void connection_draw_round_trips(const struct connection *connection, const struct picture_wish *wish,
                                 struct canvas *canvas, struct canvas_box room);

#endif

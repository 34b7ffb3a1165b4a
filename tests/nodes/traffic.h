/* SPDX-License-Identifier: MIT
 * Traffic for tests of links: a node that sends frames as its parameters say, and one scenario run with it.
 *
 *     "a": { "type": "traffic", "gap": "1 ms", "gaps": "poisson", "size": "980 B", "frames": 1000 }
 *
 * Frames of 34 bytes and more are IPv4 packets with a right header, so that they can be classified and
 * marked. Whoever receives one measures how long it took. */
#ifndef NETARIUM_TESTS_NODES_TRAFFIC_H
#define NETARIUM_TESTS_NODES_TRAFFIC_H

#include "sim/run.h"

#define TRAFFIC_FRAMES_MOST (3u << 20) /* frames of one run whose times are kept */

/* What one node has seen. */
struct traffic_seen {
    uint64_t sent;           /* frames that it sent */
    uint64_t received;       /* frames that arrived */
    uint64_t damaged;        /* of these, frames whose check sequence does not fit */
    uint64_t undetected;     /* of these, frames that a medium changed and whose check sequence fits */
    uint64_t marked;         /* of these, with CE and a right header checksum */
    uint64_t overtaken;      /* that were sent before the latest that had arrived */
    nt_time sojourn;         /* sum of the times from sending to arrival */
    uint64_t tos[64];        /* TOS of the first frames, in the order of arrival */
    uint64_t flow_bytes[8];  /* received, by flow */
    nt_time flow_slowest[8]; /* the longest that a frame was on its way, by flow */
    uint64_t latest;         /* number of the latest sent that has arrived */
};

/* One run. */
struct traffic {
    struct registry registry;
    struct scenario *scenario;
    struct run *run;
};

/* The node's type; its state begins with a struct traffic_seen. */
extern const struct nt_node_type traffic_type;

/* Builds `text`, a scenario; built-in types are known, the one above, and the queue "plain-tail": drop-tail
 * by its own functions, which a link does not know to be drop-tail. Fails the test if it is wrong. */
void traffic_init(struct traffic *traffic, const char *text);
void traffic_release(struct traffic *traffic);

/* The same of two nodes, "a" with the parameters `source` and "b" with none, and a cable "l" of 10 Mb/s
 * without delay with the further members `link`: both are pieces of JSON. */
void traffic_line(struct traffic *traffic, const char *source, const char *link, const char *stop);

/* Fails if `found` is further from `expected` than this share of it. With SHOW_FIGURES in the environment it
 * prints both. */
void traffic_assert_near(const char *what, double found, double expected, double tolerance);

/* Runs to the end; checks the ledger. */
void traffic_run(struct traffic *traffic);

const struct traffic_seen *traffic_seen(const struct traffic *traffic, const char *node);

/* A number in a table of a node: column of the row with this number. */
int64_t traffic_cell(const struct traffic *traffic, const char *node, const char *table, const char *column,
                     uint32_t row);

#endif

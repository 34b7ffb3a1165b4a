/* SPDX-License-Identifier: MIT
 * One TCP connection in a terminal: its octets on a ruler, its windows, how cwnd came to be what it is.
 *
 *     client 10.0.1.2:49152 > 10.0.2.2:9                       recovery: fast recovery
 *     una 14 600   nxt 43 800   flight 29 200   srtt 20.4 ms   a column is 365 B
 *     ======################x###ssssssssss..............
 *           [ cwnd 14 600 B ------------------]
 *           [ rwnd 65 535 B ------------------------------------------------------------>
 *     cwnd   29 200 |            ***
 *                   |        ****   *****            and the last reasons below
 *
 * Read off the records alone, by the names of their kinds (tcp.sent, tcp.cwnd, tcp.rwnd, ...) and of their
 * fields; what is not told is left out. Plain characters, for any terminal. */
#ifndef NETARIUM_VIEWS_RULER_H
#define NETARIUM_VIEWS_RULER_H

#include "sim/run.h"
#include "views/history.h"
#include "views/outlet.h"

struct ruler_flow {
    uint32_t node; /* whose side of the connection */
    int64_t flow;  /* number of the text that names it */
};

/* The connection that `node` (0: any) told most recently to have sent data on; false: there is none. */
bool ruler_find(const struct run *run, const struct history *history, uint32_t node,
                struct ruler_flow *ret_flow);

/* The picture as it is now, of at most `width` columns (at least 60) and 20 lines. */
void ruler_write(const struct run *run, const struct history *history, struct ruler_flow flow,
                 struct outlet *out, size_t width);

#endif

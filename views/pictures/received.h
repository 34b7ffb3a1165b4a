/* SPDX-License-Identifier: MIT
 * What the receiver of a TCP connection has by now, read off its own records: the octets that are in order,
 * how many of them its owner has not read yet, those that came out of order with holes before them, and how
 * far it lets the sender go. */
#ifndef NETARIUM_VIEWS_RECEIVED_H
#define NETARIUM_VIEWS_RECEIVED_H

#include "views/pictures/connection.h"

#define RECEIVED_MOST 64 /* ranges out of order; of more, the first ones */

/* All in bytes from the first one of data on. */
struct received {
    int64_t nxt;                      /* all before it are here */
    int64_t unread;                   /* of those, as the receiver told last */
    int64_t edge;                     /* where its window ends */
    int64_t ranges[RECEIVED_MOST][2]; /* from, to: out of order, ascending, apart from each other */
    unsigned range_count;
};

/* What the other side of `connection` has got up to `now`; `iss` is the connection's own first sequence
 * number. False: the other side is not in this run. */
bool received_read(struct received *received, const struct connection *connection, int64_t iss, nt_time now);

#endif

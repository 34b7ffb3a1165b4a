/* SPDX-License-Identifier: MIT
 * The TCP part of ss. */
#ifndef NETARIUM_NODES_APPS_SS_TCP_H
#define NETARIUM_NODES_APPS_SS_TCP_H

#include "sim/netarium.h"

/* What ss was asked for. */
struct ss_wish {
    bool has_all;      /* -a */
    bool is_listening; /* -l */
    bool with_info;    /* -i */
    bool with_timers;  /* -o */
};

/* Prints a line for each connection and listener that is wanted; `with_netid`: a first column says "tcp". */
void ss_tcp(struct nt_app *app, const struct ss_wish *wish, bool with_netid);

#endif

/* SPDX-License-Identifier: MIT
 * A network that only pretends: nodes with tables and kinds of records, without an engine behind them.
 *
 *     alice --- coax --- bob        www.example.com
 *
 * It stands in for sim/run.c where something only looks at a run: queries and inspection. */
#ifndef NETARIUM_TESTS_STUB_RUN_H
#define NETARIUM_TESTS_STUB_RUN_H

#include "sim/run.h"

/* Kinds by number, in the order of the stub's table. */
enum stub_kind {
    STUB_NONE,
    STUB_FRAME_TX,       /* length, air_time, parent */
    STUB_FRAME_RX,       /* length */
    STUB_FRAME_DROP,     /* reason, length */
    STUB_COLLISION,      /* nothing */
    STUB_ARP_REQUEST,    /* target */
    STUB_ARP_REPLY,      /* target, mac */
    STUB_TCP_CWND,       /* gauge: cwnd, flight */
    STUB_TCP_SSTHRESH,   /* gauge: ssthresh */
    STUB_TCP_STATE,      /* gauge: state, a word */
    STUB_TCP_RETRANSMIT, /* seq, by_timeout */
    STUB_QUEUE_LENGTH,   /* gauge: length */
    STUB_LINK_LOSS,      /* gauge: share */
    STUB_KIND_COUNT
};

enum stub_node { STUB_NOWHERE, STUB_ALICE, STUB_BOB, STUB_COAX, STUB_WWW };

/* Texts of NT_UNIT_TEXT values. */
enum stub_text { STUB_TEXT_NONE, STUB_TEXT_FULL, STUB_TEXT_LOST };

/* The one and only stub, at `now`. Constant: nothing to give back. */
struct run {
    nt_time now;
};

/* The port number `index` (from 0) of a node; ids count through the network. */
uint32_t stub_port(enum stub_node node, uint32_t index);

#endif

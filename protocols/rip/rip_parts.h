/* SPDX-License-Identifier: MIT
 * What the parts of the RIP machine call of each other. Not for outsiders. */
#ifndef NETARIUM_PROTOCOLS_RIP_RIP_PARTS_H
#define NETARIUM_PROTOCOLS_RIP_RIP_PARTS_H

#include <assert.h>

#include "protocols/rip/rip.h"

#define RIP_COST 1 /* of every hop: RFC 2453 3.6 */

/* ---- table.c ---- */

/* The entry for `prefix`: as it is, or a fresh one, GONE and without a timer, that must be moved at once. */
struct rip_entry *rip_entry_at(struct rip *rip, struct ipv4_prefix prefix);
struct rip_entry *rip_entry_find(const struct rip *rip, struct ipv4_prefix prefix);

/* What an entry shall become. */
struct rip_move {
    enum rip_state state;
    enum rip_rule rule;
    uint32_t metric;
    uint32_t interface;
    struct ipv4_address next_hop, from;
    uint16_t tag;
};

/* The one place where an entry changes. Tells it, arms the timer that goes with the new state. */
void rip_entry_move(struct rip_entry *entry, const struct rip_move *move);

/* CONNECTED or LEARNT to GONE: "the deletion process", RFC 2453 3.8. */
void rip_entry_lose(struct rip_entry *entry, enum rip_rule rule);

/* LEARNT: its neighbour has spoken of it again. */
void rip_entry_confirm(struct rip_entry *entry);

/* Frees all entries, in silence. */
void rip_table_release(struct rip *rip);

/* ---- output.c ---- */

void rip_output_init(struct rip *rip);

/* Arms the timer of the next regular update. RFC 2453 3.8. */
void rip_update_arm(struct rip *rip);

/* Entries have changed: tells them soon, if changes are told at all. RFC 2453 3.10.1. */
void rip_trigger(struct rip *rip);

/* Everything that we know, to one who asked. RFC 2453 3.9.1. */
void rip_answer(struct rip *rip, const struct rip_peer *to);

/* Asks everybody on the link of an interface. */
void rip_ask(struct rip *rip, uint32_t interface);

/* One message. */
void rip_send(struct rip *rip, const struct rip_peer *to, const struct rip_message *message);

#endif

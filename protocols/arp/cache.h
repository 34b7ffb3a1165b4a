/* SPDX-License-Identifier: MIT
 * The ARP cache as the machine's own files see it: find, make, change and forget entries. Not for outsiders.
 *
 * A hash table of chains for finding, a doubly linked list for the order of being made. Entries are separate
 * pieces of memory, because a timer that is armed must not move. */
#ifndef NETARIUM_PROTOCOLS_ARP_CACHE_H
#define NETARIUM_PROTOCOLS_ARP_CACHE_H

#include "protocols/arp/arp.h"

/* The entry of `address`, or NULL. */
struct arp_entry *arp_cache_find(const struct arp *arp, struct ipv4_address address);

/* A new entry in ARP_NONE, or NULL when the cache is full of entries that cannot be forgotten. */
struct arp_entry *arp_cache_add(struct arp *arp, struct ipv4_address address);

/* Forgets an entry: what waits for it is dropped as `why` says. */
void arp_cache_remove(struct arp_entry *entry, enum arp_rule rule);

/* Frees everything, silently. */
void arp_cache_release(struct arp *arp);

/* The one place where an entry changes its state. Returns the record of it. */
uint64_t arp_entry_move(struct arp_entry *entry, enum arp_state state, enum arp_rule rule);

/* Lets `packet` wait (taken); the oldest one goes if too many do. Returns the record of it. */
uint64_t arp_entry_hold(struct arp_entry *entry, struct packet_out *packet);

/* Takes the oldest waiting packet out. False: none waits. */
bool arp_entry_take_held(struct arp_entry *entry, struct packet_out *ret_packet);

/* Takes all waiting packets out, as a chain. arp_held_recycle gives back its first link and returns the next.
 */
struct arp_held *arp_entry_take_all(struct arp_entry *entry);
struct arp_held *arp_held_recycle(struct arp *arp, struct arp_held *held);

/* A datagram for `next_hop` goes no further: told and counted. */
void arp_tell_drop(struct arp *arp, struct ipv4_address next_hop, uint64_t frame, enum arp_drop why);

/* A datagram for `next_hop` ends here: told, counted, given back. */
void arp_drop(struct arp *arp, struct ipv4_address next_hop, struct packet_out *packet, enum arp_drop why);

/* An entry's timer; in arp/arp.c. */
void arp_entry_fire(struct env_timer *timer);

#endif

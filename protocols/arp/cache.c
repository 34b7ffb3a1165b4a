/* SPDX-License-Identifier: MIT
 * The ARP cache: entries, and the packets that wait for them.
 *
 * What is legal is a table: allowed[from] is the set of states that may follow. Which kind of fact a move is
 * follows from where it leads, so that the trace says "learned" or "failed" and not "state changed". RFC 826;
 * RFC 1122 2.3.2. */
#include "protocols/arp/cache.h"

#include "sim/base/hash.h"

#define FIRST_BUCKETS 16 /* a power of two */

#define BIT(state) (1u << (state))

/* The list "from -> to" of arp.h as data. A station that moved makes REACHABLE follow itself. */
static const unsigned allowed[] = {
    [ARP_NONE] = BIT(ARP_INCOMPLETE) | BIT(ARP_REACHABLE) | BIT(ARP_PERMANENT),
    [ARP_INCOMPLETE] = BIT(ARP_REACHABLE) | BIT(ARP_FAILED) | BIT(ARP_PERMANENT) | BIT(ARP_NONE),
    [ARP_REACHABLE] = BIT(ARP_REACHABLE) | BIT(ARP_STALE) | BIT(ARP_PERMANENT) | BIT(ARP_NONE),
    [ARP_STALE] = BIT(ARP_PROBE) | BIT(ARP_REACHABLE) | BIT(ARP_PERMANENT) | BIT(ARP_NONE),
    [ARP_PROBE] = BIT(ARP_REACHABLE) | BIT(ARP_FAILED) | BIT(ARP_PERMANENT) | BIT(ARP_NONE),
    [ARP_FAILED] = BIT(ARP_INCOMPLETE) | BIT(ARP_REACHABLE) | BIT(ARP_PERMANENT) | BIT(ARP_NONE),
    [ARP_PERMANENT] = BIT(ARP_PERMANENT) | BIT(ARP_NONE),
};

static const enum arp_fact fact_of_state[] = {
    [ARP_NONE] = ARP_FORGOTTEN,    [ARP_INCOMPLETE] = ARP_ASKING, [ARP_REACHABLE] = ARP_LEARNED,
    [ARP_STALE] = ARP_AGED,        [ARP_PROBE] = ARP_ASKING,      [ARP_FAILED] = ARP_UNANSWERED,
    [ARP_PERMANENT] = ARP_LEARNED,
};

static struct arp_entry **bucket_of(const struct arp *arp, struct ipv4_address address)
{
    return &arp->buckets[mix64(address.value) & (arp->bucket_count - 1)];
}

const struct arp_entry *arp_find(const struct arp *arp, struct ipv4_address address)
{
    return arp_cache_find(arp, address);
}

struct arp_entry *arp_cache_find(const struct arp *arp, struct ipv4_address address)
{
    if (arp->latest && ipv4_is_equal(arp->latest->address, address))
        return arp->latest;
    if (arp->bucket_count == 0)
        return NULL;
    struct arp_entry *entry = *bucket_of(arp, address);
    while (entry && !ipv4_is_equal(entry->address, address))
        entry = entry->hash_next;
    return entry;
}

/* Twice as many buckets, and everybody into the right one. */
static void grow_buckets(struct arp *arp)
{
    env_free(arp->env, arp->buckets);
    arp->bucket_count = arp->bucket_count ? arp->bucket_count * 2 : FIRST_BUCKETS;
    arp->buckets = env_new(arp->env, arp->bucket_count * sizeof *arp->buckets);
    for (struct arp_entry *entry = arp->oldest; entry; entry = entry->newer) {
        struct arp_entry **bucket = bucket_of(arp, entry->address);
        entry->hash_next = *bucket;
        *bucket = entry;
    }
}

/* Forgets the oldest entry that nobody waits for and nobody set. False: there is none. */
static bool make_room(struct arp *arp)
{
    for (struct arp_entry *entry = arp->oldest; entry; entry = entry->newer)
        if (entry->state == ARP_STALE || entry->state == ARP_FAILED || entry->state == ARP_REACHABLE) {
            arp_cache_remove(entry, ARP_BY_LIMIT);
            return true;
        }
    return false;
}

struct arp_entry *arp_cache_add(struct arp *arp, struct ipv4_address address)
{
    if (arp->entry_count >= arp->config.entry_limit && !make_room(arp))
        return NULL;
    if (arp->entry_count >= arp->bucket_count)
        grow_buckets(arp);
    struct arp_entry *entry = env_new(arp->env, sizeof *entry);
    struct arp_entry **bucket = bucket_of(arp, address);
    entry->arp = arp;
    entry->address = address;
    entry->confirmed_at = env_now(arp->env);
    entry->hash_next = *bucket;
    *bucket = entry;
    entry->older = arp->newest;
    *(arp->newest ? &arp->newest->newer : &arp->oldest) = entry;
    arp->newest = entry;
    arp->entry_count++;
    env_timer_init(&entry->timer, arp_entry_fire);
    return entry;
}

/* Takes the entry out of the hash table and the list, and frees it. */
static void unlink_entry(struct arp_entry *entry)
{
    struct arp *arp = entry->arp;
    struct arp_entry **link = bucket_of(arp, entry->address);
    while (*link != entry)
        link = &(*link)->hash_next;
    *link = entry->hash_next;
    *(entry->older ? &entry->older->newer : &arp->oldest) = entry->newer;
    *(entry->newer ? &entry->newer->older : &arp->newest) = entry->older;
    arp->entry_count--;
    arp->latest = NULL;
    env_disarm(arp->env, &entry->timer);
    env_free(arp->env, entry);
}

void arp_cache_remove(struct arp_entry *entry, enum arp_rule rule)
{
    struct packet_out packet;
    arp_entry_move(entry, ARP_NONE, rule);
    while (arp_entry_take_held(entry, &packet))
        arp_drop(entry->arp, entry->address, &packet, ARP_DROP_FLUSHED);
    unlink_entry(entry);
}

void arp_cache_release(struct arp *arp)
{
    struct packet_out packet;
    while (arp->oldest) {
        while (arp_entry_take_held(arp->oldest, &packet))
            packet_give_back(arp->packets, &packet);
        unlink_entry(arp->oldest);
    }
    while (arp->spare) {
        struct arp_held *held = arp->spare;
        arp->spare = held->next;
        env_free(arp->env, held);
    }
    env_free(arp->env, arp->buckets);
    arp->buckets = NULL;
    arp->bucket_count = 0;
}

uint64_t arp_entry_move(struct arp_entry *entry, enum arp_state state, enum arp_rule rule)
{
    struct env *env = entry->arp->env;
    enum arp_state old = entry->state;
    assert(allowed[old] & BIT(state));
    entry->state = state;
    entry->tries = 0;
    env_disarm(env, &entry->timer);
    return env_tell(env, &arp_kinds[fact_of_state[state]], 0, entry->address.value,
                    (int64_t)mac_to_number(entry->mac), old, state, rule);
}

uint64_t arp_entry_hold(struct arp_entry *entry, struct packet_out *packet)
{
    struct arp *arp = entry->arp;
    struct packet_out oldest;
    if (entry->held_count >= arp->config.hold_limit && arp_entry_take_held(entry, &oldest))
        arp_drop(arp, entry->address, &oldest, ARP_DROP_HOLD_FULL); /* RFC 1122 2.3.2.2: the latest is kept */
    struct arp_held *held = arp->spare;
    if (held)
        arp->spare = held->next;
    else
        held = env_new(arp->env, sizeof *held);
    *held = (struct arp_held){*packet, NULL};
    *(entry->held_last ? &entry->held_last->next : &entry->held_first) = held;
    entry->held_last = held;
    entry->held_count++;
    return env_tell(arp->env, &arp_kinds[ARP_HELD], packet->frame, entry->address.value, entry->held_count);
}

bool arp_entry_take_held(struct arp_entry *entry, struct packet_out *ret_packet)
{
    struct arp_held *held = entry->held_first;
    if (!held)
        return false;
    *ret_packet = held->packet;
    entry->held_first = arp_held_recycle(entry->arp, held);
    if (!entry->held_first)
        entry->held_last = NULL;
    entry->held_count--;
    return true;
}

struct arp_held *arp_entry_take_all(struct arp_entry *entry)
{
    struct arp_held *first = entry->held_first;
    entry->held_first = NULL;
    entry->held_last = NULL;
    entry->held_count = 0;
    return first;
}

struct arp_held *arp_held_recycle(struct arp *arp, struct arp_held *held)
{
    struct arp_held *next = held->next;
    held->next = arp->spare;
    arp->spare = held;
    return next;
}

void arp_tell_drop(struct arp *arp, struct ipv4_address next_hop, uint64_t frame, enum arp_drop why)
{
    arp->counters.dropped++;
    env_tell(arp->env, &arp_kinds[ARP_DROP], frame, why, next_hop.value);
}

void arp_drop(struct arp *arp, struct ipv4_address next_hop, struct packet_out *packet, enum arp_drop why)
{
    arp_tell_drop(arp, next_hop, packet->frame, why);
    packet_give_back(arp->packets, packet);
}

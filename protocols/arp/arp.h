/* SPDX-License-Identifier: MIT
 * The Address Resolution Protocol: which station has this IP address?
 *
 * A frame needs an Ethernet address, a datagram knows only an IP address. So the first packet to a neighbour
 * waits while we ask everybody on the link; the owner answers; the answer is remembered in the cache and the
 * packet leaves. One struct arp is one interface: one cache, one Ethernet address, one IP address of our own,
 * or several.
 *
 * An entry of the cache lives like this (the names are those of `ip neigh`):
 *
 *     from         to           because                                       in function
 *     -            INCOMPLETE   a packet must go there: ask everybody         arp_send
 *     -            REACHABLE    the station asked for us, so it will talk     merge
 *     INCOMPLETE   REACHABLE    it answered; the waiting packets leave        merge
 *     INCOMPLETE   FAILED       no answer to 3 questions                      ask_again
 *     REACHABLE    REACHABLE    any ARP packet of the station                 merge
 *     REACHABLE    STALE        60 s without a sign                           arp_entry_fire
 *     STALE        PROBE        a packet must go there: send it, ask the      arp_send
 *                               station itself whether it is still there
 *     STALE,PROBE  REACHABLE    any ARP packet of the station                 merge
 *     PROBE        FAILED       no answer to 3 questions                      ask_again
 *     FAILED       INCOMPLETE   a packet must go there: ask again             arp_send
 *     FAILED       REACHABLE    any ARP packet of the station                 merge
 *     -            PERMANENT    a person said so                              arp_add_permanent
 *
 * All of them go through one function, arp_entry_move in arp/cache.c, which tells the trace. Invariants: an
 * armed timer belongs to INCOMPLETE, PROBE and REACHABLE only; only INCOMPLETE has packets waiting; questions
 * about one address are at least one second apart, whatever happens to it short of being deleted (RFC
 * 1122 2.3.2.1). Entries are never moved in memory; the table is bounded, and a full one forgets its oldest
 * entry that nobody waits for.
 *
 * Standards: RFC 826; RFC 1122 2.3.2; RFC 5227 for taking an address (arp/claim.h). */
#ifndef NETARIUM_PROTOCOLS_ARP_ARP_H
#define NETARIUM_PROTOCOLS_ARP_ARP_H

#include "protocols/arp/codec.h"
#include "protocols/env.h"
#include "protocols/packet.h"

enum arp_fact {
    ARP_REQUEST_SENT,     /* who has ...? */
    ARP_REQUEST_RECEIVED, /* somebody asks for us */
    ARP_REPLY_SENT,       /* ... is at ... */
    ARP_HELD,             /* a packet waits for an answer */
    ARP_ASKING,           /* an entry becomes INCOMPLETE or PROBE */
    ARP_LEARNED,          /* an entry becomes REACHABLE or PERMANENT, or its station moves */
    ARP_AGED,             /* an entry becomes STALE */
    ARP_UNANSWERED,       /* an entry becomes FAILED */
    ARP_FORGOTTEN,        /* an entry is removed */
    ARP_DROP,             /* a packet that waited ends here */
    ARP_IGNORED,          /* a received ARP packet was of no use */
    ARP_PROBE_SENT,       /* does anybody use the address that I want? */
    ARP_ANNOUNCED,        /* this address is mine now */
    ARP_CONFLICT,         /* somebody else uses our address */
    ARP_CLAIM_MOVED,      /* the claim of our own address changes its state */
    ARP_FACTS
};
extern const struct env_kind arp_kinds[ARP_FACTS];

enum arp_state {
    ARP_NONE,       /* no entry */
    ARP_INCOMPLETE, /* asked, not answered; packets wait */
    ARP_REACHABLE,  /* known, and heard of lately */
    ARP_STALE,      /* known, but not heard of for long */
    ARP_PROBE,      /* known and in use; the station is asked whether it is still there */
    ARP_FAILED,     /* nobody answered */
    ARP_PERMANENT   /* set by a person, never changes by itself */
};
extern const char *const arp_state_words[]; /* by enum arp_state, ended by NULL */

/* Which rule changed an entry. The words are arp_rule_words. */
enum arp_rule {
    ARP_BY_PACKET,     /* a packet must go there */
    ARP_BY_REPLY,      /* the station answered */
    ARP_BY_REQUEST,    /* the station asked */
    ARP_BY_GRATUITOUS, /* the station announced itself */
    ARP_BY_TIME,       /* no sign for the whole reachable time */
    ARP_BY_SILENCE,    /* no answer to the last question */
    ARP_BY_PERSON,     /* a command said so */
    ARP_BY_LIMIT       /* the table is full */
};
extern const char *const arp_rule_words[];

/* Why a packet that waited was dropped. The words are arp_drop_words. */
enum arp_drop {
    ARP_DROP_UNRESOLVED, /* nobody has the address */
    ARP_DROP_HOLD_FULL,  /* newer packets took its place */
    ARP_DROP_FLUSHED,    /* the entry was removed */
    ARP_DROP_TABLE_FULL  /* no room for another address that is being asked for */
};
extern const char *const arp_drop_words[];

/* Settings; arp_config_default gives the usual ones. */
struct arp_config {
    int64_t reachable_time; /* how long an answer is trusted; 60 s, RFC 1122 2.3.2.1 */
    int64_t retry_time;     /* between two questions; 1 s, not less: RFC 1122 2.3.2.1 */
    uint16_t tries;         /* questions before giving up; 3 */
    uint16_t hold_limit;    /* packets that wait per address; 3; at least 1: RFC 1122 2.3.2.2 */
    uint16_t entry_limit;   /* entries of the cache; 1024 */
    bool detects_conflicts; /* take an address only after asking for it, and defend it: RFC 5227; off */
    bool keeps_defending;   /* never give an address up: RFC 5227 2.4 (c); off */
};

struct arp;

/* A packet that waits. Recycled, never freed before the machine is. */
struct arp_held {
    struct packet_out packet;
    struct arp_held *next;
};

struct arp_entry {
    struct arp *arp;             /* whose cache */
    struct ipv4_address address; /* the key */
    struct mac_address mac;      /* valid in REACHABLE, STALE, PROBE, PERMANENT */
    enum arp_state state;
    uint32_t tries;              /* questions since the state was entered */
    uint32_t held_count;         /* packets waiting */
    struct arp_held *held_first; /* the oldest of them */
    struct arp_held *held_last;
    int64_t asked_at;            /* when the last question was sent; valid if has_asked */
    int64_t confirmed_at;        /* when the station last gave a sign, or the entry was made */
    bool has_asked;              /* was there ever a question? */
    struct arp_entry *hash_next; /* in its bucket */
    struct arp_entry *older;     /* in the order of being made */
    struct arp_entry *newer;
    struct env_timer timer; /* next question, or end of trust */
};

/* How far we are with our own address; RFC 5227. The words are arp_claim_words. */
enum arp_claim_state {
    ARP_CLAIM_NONE,       /* no address */
    ARP_CLAIM_PROBING,    /* asking whether anybody uses it */
    ARP_CLAIM_ANNOUNCING, /* ours; telling everybody */
    ARP_CLAIM_OWNED,      /* ours */
    ARP_CLAIM_LOST        /* somebody else has it */
};
extern const char *const arp_claim_words[];

struct arp_claim {
    enum arp_claim_state state;
    struct ipv4_address wanted; /* the address being probed for, or owned */
    struct arp_watch *watch;    /* what detecting conflicts needs; owned, made when that begins */
    struct arp_claim *next;     /* to the next address of this interface; borrowed; NULL: no more */
};

struct arp_ops {
    /* Takes `packet` and sends it in a frame to `destination`, of Ethernet type `type` (0x0806 or 0x0800). */
    void (*transmit)(struct arp *arp, struct mac_address destination, uint16_t type,
                     struct packet_out *packet);

    /* Takes a datagram whose next hop nobody answered for (ipv4_undeliverable is meant for it). NULL: it is
     * given back. */
    void (*unresolved)(struct arp *arp, struct ipv4_address next_hop, struct packet_out *packet);

    /* The address that was claimed is ours now (`is_ours`), or it is somebody else's. May be NULL. */
    void (*claimed)(struct arp *arp, struct ipv4_address address, bool is_ours);

    /* Which of several own addresses asks about `target`. Needed only by who calls arp_add_address. */
    struct ipv4_address (*asker)(struct arp *arp, struct ipv4_address target);
};

struct arp_counters {
    uint64_t requests_sent;
    uint64_t replies_sent;
    uint64_t requests_received; /* well-formed ones, for anybody */
    uint64_t replies_received;
    uint64_t ignored; /* ARP packets of no use */
    uint64_t dropped; /* datagrams that waited in vain */
};

struct arp {
    struct env *env;
    const struct arp_ops *ops;
    struct packet_pool *packets;
    struct arp_entry *latest; /* found last, since the next packet mostly goes the same way; NULL: none */
    struct mac_address mac;      /* our Ethernet address; up to here what each packet needs */
    struct ipv4_address address; /* our first IP address; 0.0.0.0 while we have none */
    struct arp_config config;
    struct arp_claim claim;      /* to it; further ones behind it */
    struct arp_entry **buckets; /* owned; a power of two of them */
    uint32_t bucket_count;
    uint32_t entry_count;
    struct arp_entry *oldest; /* in the order of being made */
    struct arp_entry *newest;
    struct arp_held *spare; /* held packets' empty places */
    struct arp_counters counters;
};

struct arp_config arp_config_default(void);

/* A cache without entries, for a station without an IP address. Environment, ops and pool are borrowed. */
void arp_init(struct arp *arp, struct env *env, const struct arp_ops *ops, struct packet_pool *packets,
              const struct arp_config *config, struct mac_address mac);

/* Gives back everything that waits, silently, and frees the cache. */
void arp_release(struct arp *arp);

/* We want `address` for ourselves, as our first (0.0.0.0: none any more). Without conflict detection it is ours at once and
 * ops->claimed is called before this returns; with it, that takes 4 to 7 seconds. */
void arp_set_address(struct arp *arp, struct ipv4_address address);

/* The same for one more address. `claim` is the caller's, zeros to begin with, and stays where it is until it is
 * removed. */
void arp_add_address(struct arp *arp, struct arp_claim *claim, struct ipv4_address address);
void arp_remove_address(struct arp *arp, struct arp_claim *claim);

/* Is it ours, the first or a further one? */
bool arp_is_own(const struct arp *arp, struct ipv4_address address);

/* Takes a datagram and sends it to its neighbour `next_hop`: at once if the station is known, when it has
 * answered if not. Multicast groups and IPV4_BROADCAST need no question. */
void arp_send(struct arp *arp, struct ipv4_address next_hop, struct packet_out *packet);

/* Is `next_hop` a single station whose address may be used as it is, without a question now or soon? Then that is `ret_mac`. */
bool arp_knows(struct arp *arp, struct ipv4_address next_hop, struct mac_address *ret_mac);

/* An ARP packet came in (without its Ethernet header). Returns why it was of no use, or ARP_OK. */
enum arp_reason arp_receive(struct arp *arp, struct packet packet);

/* Tells everybody where we are: one gratuitous request for each of our addresses. RFC 5227 3. */
void arp_announce(struct arp *arp);

/* A person's commands: `ip neigh add ... nud permanent`, `ip neigh del`, `ip neigh flush`. Adding fails when
 * the cache is full of entries that cannot be forgotten, deleting when there is no such entry. Deleting drops
 * what waits. */
bool arp_add_permanent(struct arp *arp, struct ipv4_address address, struct mac_address mac);
bool arp_delete(struct arp *arp, struct ipv4_address address);
void arp_flush(struct arp *arp);

/* The entry of `address`, or NULL. And all of them in the order of being made: arp->oldest, then ->newer. */
const struct arp_entry *arp_find(const struct arp *arp, struct ipv4_address address);

#endif

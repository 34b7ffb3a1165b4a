/* SPDX-License-Identifier: MIT
 * Taking an address and keeping it: address conflict detection, RFC 5227.
 *
 * Two stations with one address is the oldest misery of a network: each answers for the other, and
 * connections break at random. So, before using an address, ask whether anybody has it: an ARP request with
 * the sender's address left empty, which nobody can learn anything wrong from (a *probe*). Only if three of
 * them stay without an answer, tell everybody (*announce*).
 *
 *     0..1 s     1..2 s     1..2 s       2 s                2 s
 *    |--- probe ----- probe ----- probe ------ announce, ours ---- announce, done
 *    PROBING                                  ANNOUNCING            OWNED
 *
 *     from         to           because                                  in function
 *     any          PROBING      an address is wanted                     arp_set_address
 *     any          OWNED        likewise, without conflict detection     arp_set_address
 *     any          NONE         no address is wanted                     arp_set_address
 *     PROBING      ANNOUNCING   nobody answered                          claim_fire
 *     PROBING      LOST         somebody uses it or wants it too         arp_claim_is_challenged
 *     ANNOUNCING   OWNED        the second announcement is out           claim_fire
 *     ANNOUNCING,  LOST         a second conflict within 10 s            defend
 *     OWNED
 *
 * Later, a single conflict is answered by one announcement (the other may have been asleep and will notice);
 * a second one within ten seconds means that both are serious, and then we give up, unless told to keep
 * defending. */
#include "protocols/arp/claim.h"

#define PROBE_WAIT ENV_SECOND          /* RFC 5227 1.1 */
#define PROBE_COUNT 3                  /* PROBE_NUM */
#define PROBE_MIN ENV_SECOND           /* between two probes, at least */
#define PROBE_MAX (2 * ENV_SECOND)     /* ... and at most */
#define ANNOUNCE_WAIT (2 * ENV_SECOND) /* after the last probe */
#define ANNOUNCE_COUNT 2               /* ANNOUNCE_NUM */
#define ANNOUNCE_INTERVAL (2 * ENV_SECOND)
#define MAX_CONFLICTS 10 /* before slowing down */
#define RATE_LIMIT_INTERVAL (60 * ENV_SECOND)
#define DEFEND_INTERVAL (10 * ENV_SECOND)

/* Most stations take their address without asking, and need none of this. */
struct arp_watch {
    struct arp *arp;
    struct env_timer timer; /* next probe or announcement */
    uint32_t sent;          /* probes or announcements so far */
    uint32_t conflicts;     /* since the last success */
    bool has_defended;      /* is defended_at valid? */
    int64_t defended_at;    /* when we last defended the address */
};

/* The one place where the claim changes its state. Returns the record of it. Without conflict detection an
 * address is ours because a person said so, and there is nothing to tell. */
static uint64_t claim_move(struct arp *arp, enum arp_claim_state state)
{
    enum arp_claim_state old = arp->claim.state;
    bool is_ours = state == ARP_CLAIM_ANNOUNCING || state == ARP_CLAIM_OWNED;
    arp->claim.state = state;
    arp->address = is_ours ? arp->claim.wanted : IPV4_ANY;
    if (arp->claim.watch) {
        arp->claim.watch->sent = 0;
        env_disarm(arp->env, &arp->claim.watch->timer);
    }
    if (!arp->config.detects_conflicts)
        return 0;
    return env_tell(arp->env, &arp_kinds[ARP_CLAIM_MOVED], 0, arp->claim.wanted.value, old, state);
}

static void claim_fire(struct env_timer *timer);

static struct arp_watch *watch_of(struct arp *arp)
{
    if (!arp->claim.watch) {
        arp->claim.watch = env_new(arp->env, sizeof *arp->claim.watch);
        arp->claim.watch->arp = arp;
        env_timer_init(&arp->claim.watch->timer, claim_fire);
    }
    return arp->claim.watch;
}

static void report(struct arp *arp, bool is_ours)
{
    if (arp->ops->claimed)
        arp->ops->claimed(arp, arp->claim.wanted, is_ours);
}

/* A random time between the two, in steps of a microsecond. */
static int64_t random_between(struct env *env, int64_t least, int64_t most)
{
    return least + env_random_below(env, (uint32_t)((most - least) / ENV_MICROSECOND) + 1) * ENV_MICROSECOND;
}

void arp_set_address(struct arp *arp, struct ipv4_address address)
{
    struct arp_claim *claim = &arp->claim;

    claim->wanted = address;
    if (claim->watch)
        claim->watch->has_defended = false;
    if (ipv4_is_any(address)) {
        if (claim->state != ARP_CLAIM_NONE)
            claim_move(arp, ARP_CLAIM_NONE);
        return;
    }
    if (!arp->config.detects_conflicts) {
        claim_move(arp, ARP_CLAIM_OWNED);
        report(arp, true);
        return;
    }
    claim_move(arp, ARP_CLAIM_PROBING);
    int64_t wait = random_between(arp->env, 0, PROBE_WAIT); /* RFC 5227 2.1.1 */
    if (watch_of(arp)->conflicts >= MAX_CONFLICTS)
        wait += RATE_LIMIT_INTERVAL; /* RFC 5227 2.1.1: no more than one try per minute */
    env_arm(arp->env, &claim->watch->timer, env_now(arp->env) + wait);
}

/* Is anybody there? RFC 5227 2.1.1: the sender's address is all zeros. */
static void send_probe(struct arp *arp)
{
    struct arp_claim *claim = &arp->claim;
    struct arp_watch *watch = claim->watch;
    struct arp_packet probe = {.operation = ARP_REQUEST, .sender_mac = arp->mac, .target = claim->wanted};
    watch->sent++;
    uint64_t told = env_tell(arp->env, &arp_kinds[ARP_PROBE_SENT], 0, claim->wanted.value, watch->sent);
    arp_send_packet(arp, mac_broadcast, &probe, told);
    int64_t wait = watch->sent < PROBE_COUNT ? random_between(arp->env, PROBE_MIN, PROBE_MAX) : ANNOUNCE_WAIT;
    env_arm(arp->env, &watch->timer, env_now(arp->env) + wait);
}

void arp_announce(struct arp *arp)
{
    assert(!ipv4_is_any(arp->address));
    struct arp_packet announcement = {.operation = ARP_REQUEST, /* RFC 5227 3: a request, not a reply */
                                      .sender_mac = arp->mac,
                                      .sender = arp->address,
                                      .target = arp->address};
    uint64_t told = env_tell(arp->env, &arp_kinds[ARP_ANNOUNCED], 0, arp->address.value,
                             (int64_t)mac_to_number(arp->mac));
    arp_send_packet(arp, mac_broadcast, &announcement, told);
}

static void claim_fire(struct env_timer *timer)
{
    struct arp_watch *watch = ENV_OWNER(timer, struct arp_watch, timer);
    struct arp *arp = watch->arp;
    struct arp_claim *claim = &arp->claim;
    if (claim->state == ARP_CLAIM_PROBING) {
        if (watch->sent < PROBE_COUNT) {
            send_probe(arp);
            return;
        }
        env_because(arp->env, claim_move(arp, ARP_CLAIM_ANNOUNCING));
        report(arp, true);
        if (claim->state != ARP_CLAIM_ANNOUNCING)
            return; /* the owner changed its mind when it was told */
    }
    arp_announce(arp); /* RFC 5227 2.3 */
    watch->sent++;
    if (watch->sent < ANNOUNCE_COUNT) {
        env_arm(arp->env, timer, env_now(arp->env) + ANNOUNCE_INTERVAL);
        return;
    }
    watch->conflicts = 0;
    claim_move(arp, ARP_CLAIM_OWNED);
}

static void give_up(struct arp *arp)
{
    watch_of(arp)->conflicts++;
    env_because(arp->env, claim_move(arp, ARP_CLAIM_LOST));
    report(arp, false);
}

/* RFC 5227 2.4: (b) defend once, give up at the second conflict; or (c) never give up, but speak only every
 * 10 s. */
static void defend(struct arp *arp)
{
    struct arp_watch *watch = watch_of(arp);
    int64_t now = env_now(arp->env);
    bool was_lately = watch->has_defended && now - watch->defended_at < DEFEND_INTERVAL;
    if (was_lately && !arp->config.keeps_defending)
        give_up(arp);
    else if (!was_lately) {
        watch->has_defended = true;
        watch->defended_at = now;
        arp_announce(arp);
    }
}

bool arp_claim_is_challenged(struct arp *arp, const struct arp_packet *packet, uint64_t frame)
{
    struct arp_claim *claim = &arp->claim;
    bool is_probing = claim->state == ARP_CLAIM_PROBING;
    bool is_owned = claim->state == ARP_CLAIM_OWNED || claim->state == ARP_CLAIM_ANNOUNCING;
    bool uses_it = ipv4_is_equal(packet->sender, claim->wanted);
    bool wants_it = packet->operation == ARP_REQUEST && ipv4_is_any(packet->sender) &&
                    ipv4_is_equal(packet->target, claim->wanted);
    if (!(is_owned && uses_it) && !(is_probing && (uses_it || wants_it))) /* RFC 5227 2.1.1 and 2.4 */
        return false;
    env_because(arp->env, env_tell(arp->env, &arp_kinds[ARP_CONFLICT], frame, claim->wanted.value,
                                   (int64_t)mac_to_number(packet->sender_mac)));
    if (is_probing)
        give_up(arp);
    else if (arp->config.detects_conflicts)
        defend(arp);
    return true;
}


void arp_claim_release(struct arp *arp)
{
    if (arp->claim.watch)
        env_disarm(arp->env, &arp->claim.watch->timer);
    env_free(arp->env, arp->claim.watch);
    arp->claim.watch = NULL;
}

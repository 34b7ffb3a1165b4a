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
 *     any          PROBING      an address is wanted                     claim_begin
 *     any          OWNED        likewise, without conflict detection     claim_begin
 *     any          NONE         no address is wanted                     claim_begin
 *     PROBING      ANNOUNCING   nobody answered                          claim_fire
 *     PROBING      LOST         somebody uses it or wants it too         arp_claim_is_challenged
 *     ANNOUNCING   OWNED        the second announcement is out           claim_fire
 *     ANNOUNCING,  LOST         a second conflict within 10 s            defend
 *     OWNED
 *
 * Later, a single conflict is answered by one announcement (the other may have been asleep and will notice);
 * a second one within ten seconds means that both are serious, and then we give up, unless told to keep
 * defending.
 *
 * An interface with several addresses has a claim for each; they hang behind the first, and know nothing of each
 * other. */
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
    struct arp_claim *claim; /* whose watch this is */
    struct env_timer timer; /* next probe or announcement */
    uint32_t sent;          /* probes or announcements so far */
    uint32_t conflicts;     /* since the last success */
    bool has_defended;      /* is defended_at valid? */
    int64_t defended_at;    /* when we last defended the address */
};

static bool claim_is_won(const struct arp_claim *claim)
{
    return claim->state == ARP_CLAIM_ANNOUNCING || claim->state == ARP_CLAIM_OWNED;
}

bool arp_is_own(const struct arp *arp, struct ipv4_address address)
{
    if (ipv4_is_any(address))
        return false;
    if (ipv4_is_equal(arp->address, address))
        return true;
    for (const struct arp_claim *claim = arp->claim.next; claim; claim = claim->next)
        if (claim_is_won(claim) && ipv4_is_equal(claim->wanted, address))
            return true;
    return false;
}

/* The one place where a claim changes its state. Returns the record of it. Without conflict detection an
 * address is ours because a person said so, and there is nothing to tell. */
static uint64_t claim_move(struct arp *arp, struct arp_claim *claim, enum arp_claim_state state)
{
    enum arp_claim_state old = claim->state;
    claim->state = state;
    if (claim == &arp->claim)
        arp->address = claim_is_won(claim) ? claim->wanted : IPV4_ANY;
    if (claim->watch) {
        claim->watch->sent = 0;
        env_disarm(arp->env, &claim->watch->timer);
    }
    if (!arp->config.detects_conflicts)
        return 0;
    return env_tell(arp->env, &arp_kinds[ARP_CLAIM_MOVED], 0, claim->wanted.value, old, state);
}

static void claim_fire(struct env_timer *timer);

static struct arp_watch *watch_of(struct arp *arp, struct arp_claim *claim)
{
    if (!claim->watch) {
        claim->watch = env_new(arp->env, sizeof *claim->watch);
        claim->watch->arp = arp;
        claim->watch->claim = claim;
        env_timer_init(&claim->watch->timer, claim_fire);
    }
    return claim->watch;
}

static void report(struct arp *arp, const struct arp_claim *claim, bool is_ours)
{
    if (arp->ops->claimed)
        arp->ops->claimed(arp, claim->wanted, is_ours);
}

/* A random time between the two, in steps of a microsecond. */
static int64_t random_between(struct env *env, int64_t least, int64_t most)
{
    return least + env_random_below(env, (uint32_t)((most - least) / ENV_MICROSECOND) + 1) * ENV_MICROSECOND;
}

static void claim_begin(struct arp *arp, struct arp_claim *claim, struct ipv4_address address)
{
    claim->wanted = address;
    if (claim->watch)
        claim->watch->has_defended = false;
    if (ipv4_is_any(address)) {
        if (claim->state != ARP_CLAIM_NONE)
            claim_move(arp, claim, ARP_CLAIM_NONE);
        return;
    }
    if (!arp->config.detects_conflicts) {
        claim_move(arp, claim, ARP_CLAIM_OWNED);
        report(arp, claim, true);
        return;
    }
    uint64_t before = env_cause(arp->env);
    env_because(arp->env, claim_move(arp, claim, ARP_CLAIM_PROBING));
    int64_t wait = random_between(arp->env, 0, PROBE_WAIT); /* RFC 5227 2.1.1 */
    if (watch_of(arp, claim)->conflicts >= MAX_CONFLICTS)
        wait += RATE_LIMIT_INTERVAL; /* RFC 5227 2.1.1: no more than one try per minute */
    env_arm(arp->env, &claim->watch->timer, env_now(arp->env) + wait);
    env_because(arp->env, before);
}

void arp_set_address(struct arp *arp, struct ipv4_address address)
{
    claim_begin(arp, &arp->claim, address);
}

void arp_add_address(struct arp *arp, struct arp_claim *claim, struct ipv4_address address)
{
    struct arp_claim *last = &arp->claim;
    assert(arp->ops->asker);
    while (last->next)
        last = last->next;
    last->next = claim;
    claim_begin(arp, claim, address);
}

static void claim_release(struct arp *arp, struct arp_claim *claim)
{
    if (claim->watch)
        env_disarm(arp->env, &claim->watch->timer);
    env_free(arp->env, claim->watch);
    claim->watch = NULL;
}

void arp_remove_address(struct arp *arp, struct arp_claim *claim)
{
    struct arp_claim *before = &arp->claim;
    while (before->next != claim)
        before = before->next;
    claim_begin(arp, claim, IPV4_ANY);
    before->next = claim->next;
    claim_release(arp, claim);
}

void arp_claim_release(struct arp *arp)
{
    for (struct arp_claim *claim = &arp->claim; claim; claim = claim->next)
        claim_release(arp, claim);
}

/* Is anybody there? RFC 5227 2.1.1: the sender's address is all zeros. */
static void send_probe(struct arp *arp, struct arp_claim *claim)
{
    struct arp_watch *watch = claim->watch;
    struct arp_packet probe = {.operation = ARP_REQUEST, .sender_mac = arp->mac, .target = claim->wanted};
    watch->sent++;
    uint64_t told = env_tell(arp->env, &arp_kinds[ARP_PROBE_SENT], 0, claim->wanted.value, watch->sent);
    arp_send_packet(arp, mac_broadcast, &probe, told);
    env_because(arp->env, told); /* what comes next comes of this question, not of how the link sent it */
    int64_t wait = watch->sent < PROBE_COUNT ? random_between(arp->env, PROBE_MIN, PROBE_MAX) : ANNOUNCE_WAIT;
    env_arm(arp->env, &watch->timer, env_now(arp->env) + wait);
}

static uint64_t announce(struct arp *arp, struct ipv4_address address)
{
    struct arp_packet announcement = {.operation = ARP_REQUEST, /* RFC 5227 3: a request, not a reply */
                                      .sender_mac = arp->mac,
                                      .sender = address,
                                      .target = address};
    uint64_t told = env_tell(arp->env, &arp_kinds[ARP_ANNOUNCED], 0, address.value,
                             (int64_t)mac_to_number(arp->mac));
    arp_send_packet(arp, mac_broadcast, &announcement, told);
    return told;
}

void arp_announce(struct arp *arp)
{
    for (const struct arp_claim *claim = &arp->claim; claim; claim = claim->next)
        if (claim_is_won(claim))
            announce(arp, claim->wanted);
}

static void claim_fire(struct env_timer *timer)
{
    struct arp_watch *watch = ENV_OWNER(timer, struct arp_watch, timer);
    struct arp *arp = watch->arp;
    struct arp_claim *claim = watch->claim;
    if (claim->state == ARP_CLAIM_PROBING) {
        if (watch->sent < PROBE_COUNT) {
            send_probe(arp, claim);
            return;
        }
        env_because(arp->env, claim_move(arp, claim, ARP_CLAIM_ANNOUNCING));
        report(arp, claim, true);
        if (claim->state != ARP_CLAIM_ANNOUNCING)
            return; /* the owner changed its mind when it was told */
    }
    env_because(arp->env, announce(arp, claim->wanted)); /* RFC 5227 2.3 */
    watch->sent++;
    if (watch->sent < ANNOUNCE_COUNT) {
        env_arm(arp->env, timer, env_now(arp->env) + ANNOUNCE_INTERVAL);
        return;
    }
    watch->conflicts = 0;
    claim_move(arp, claim, ARP_CLAIM_OWNED);
}

static void give_up(struct arp *arp, struct arp_claim *claim)
{
    watch_of(arp, claim)->conflicts++;
    env_because(arp->env, claim_move(arp, claim, ARP_CLAIM_LOST));
    report(arp, claim, false);
}

/* RFC 5227 2.4: (b) defend once, give up at the second conflict; or (c) never give up, but speak only every
 * 10 s. */
static void defend(struct arp *arp, struct arp_claim *claim)
{
    struct arp_watch *watch = watch_of(arp, claim);
    int64_t now = env_now(arp->env);
    bool was_lately = watch->has_defended && now - watch->defended_at < DEFEND_INTERVAL;
    if (was_lately && !arp->config.keeps_defending)
        give_up(arp, claim);
    else if (!was_lately) {
        watch->has_defended = true;
        watch->defended_at = now;
        announce(arp, claim->wanted);
    }
}

static bool is_challenged(struct arp *arp, struct arp_claim *claim, const struct arp_packet *packet,
                          uint64_t frame)
{
    bool is_probing = claim->state == ARP_CLAIM_PROBING;
    bool uses_it = ipv4_is_equal(packet->sender, claim->wanted);
    bool wants_it = packet->operation == ARP_REQUEST && ipv4_is_any(packet->sender) &&
                    ipv4_is_equal(packet->target, claim->wanted);
    bool is_conflict = (claim_is_won(claim) && uses_it) || (is_probing && (uses_it || wants_it));
    if (!is_conflict) /* RFC 5227 2.1.1 and 2.4 */
        return false;
    env_because(arp->env, env_tell(arp->env, &arp_kinds[ARP_CONFLICT], frame, claim->wanted.value,
                                   (int64_t)mac_to_number(packet->sender_mac)));
    if (is_probing)
        give_up(arp, claim);
    else if (arp->config.detects_conflicts)
        defend(arp, claim);
    return true;
}

bool arp_claim_is_challenged(struct arp *arp, const struct arp_packet *packet, uint64_t frame)
{
    struct arp_claim *claim = &arp->claim;
    while (claim && !is_challenged(arp, claim, packet, frame))
        claim = claim->next;
    return claim != NULL;
}

/* SPDX-License-Identifier: MIT
 * See flows.h. */
#include "protocols/conntrack/flows.h"

#include <assert.h>

#include "sim/base/hash.h"

#define SLAB_FLOWS 64
#define BUCKETS_LEAST 64
#define LIMIT_DEFAULT 65536

/* Bits of flow->seen: a SYN there is SEEN_SYN << FLOW_THERE, and so on. */
#define SEEN_SYN 1u
#define SEEN_FIN 4u
#define SEEN_BOTH(bit) ((bit) | (bit) << 1)

struct flow_slab {
    struct flow_slab *next;
    struct flow flows[SLAB_FLOWS];
};

const char *const flow_class_words[] = {"opening", "open", "closing", "datagram", "query", "other", NULL};
const char *const flow_ending_words[] = {"it was silent for too long", "it was removed", NULL};

struct flows_config flows_config_default(void)
{
    return (struct flows_config){
        .timeouts = {[FLOW_OPENING] = 240 * ENV_SECOND, /* RFC 5382 REQ-5: transitory, at least 4 min */
                     [FLOW_OPEN] = 7440 * ENV_SECOND,   /* RFC 5382 REQ-5: at least 2 h 4 min */
                     [FLOW_CLOSING] = 240 * ENV_SECOND, /* RFC 5382 REQ-5 */
                     [FLOW_DATAGRAM] =
                         300 * ENV_SECOND,           /* RFC 4787 REQ-5: at least 2 min, 5 min recommended */
                     [FLOW_QUERY] = 60 * ENV_SECOND, /* RFC 5508 REQ-2: at least 60 s */
                     [FLOW_OTHER] = 600 * ENV_SECOND},
        .limit = LIMIT_DEFAULT};
}

/* ---- The timer: for the earliest front ---- */

static void arm_for_front(struct flows *flows)
{
    int64_t earliest = ENV_NEVER;
    for (int i = 0; i < FLOW_CLASSES; i++) {
        if (list_is_empty(&flows->queues[i]))
            continue;
        const struct flow *front = LIST_OWNER(flows->queues[i].head.next, struct flow, by_expiry);
        if (front->expires < earliest)
            earliest = front->expires;
    }
    if (earliest != ENV_NEVER)
        env_arm(flows->env, &flows->timer, earliest);
}

static void forget(struct flows *flows, struct flow *flow, enum flow_ending why);

/* Whoever was heard of since the timer was set has moved back; the timer looks again. */
static void timer_fire(struct env_timer *timer)
{
    struct flows *flows = ENV_OWNER(timer, struct flows, timer);
    for (int i = 0; i < FLOW_CLASSES; i++) {
        struct list *queue = &flows->queues[i];
        while (!list_is_empty(queue)) {
            struct flow *front = LIST_OWNER(queue->head.next, struct flow, by_expiry);
            if (front->expires > env_now(flows->env))
                break;
            forget(flows, front, FLOW_TIMED_OUT);
        }
    }
    arm_for_front(flows);
}

static void refresh(struct flows *flows, struct flow *flow)
{
    int64_t wait = flows->config.timeouts[flow->class];
    flow->expires = env_now(flows->env) + wait;
    list_remove(&flow->by_expiry);
    list_add_last(&flows->queues[flow->class], &flow->by_expiry);
    if (!env_timer_is_armed(&flows->timer) || flow->expires < flows->timer.at)
        env_arm(flows->env, &flows->timer, flow->expires);
}

/* ---- Life ---- */

void flows_init(struct flows *flows, struct env *env, const struct flows_config *config,
                void (*ended)(struct flows *flows, struct flow *flow, enum flow_ending why))
{
    *flows = (struct flows){.env = env, .config = *config, .ended = ended};
    for (int i = 0; i < FLOW_CLASSES; i++)
        list_init(&flows->queues[i]);
    list_init(&flows->all);
    env_timer_init(&flows->timer, timer_fire);
}

void flows_release(struct flows *flows)
{
    env_disarm(flows->env, &flows->timer);
    for (struct flow_slab *slab = flows->slabs, *next; slab; slab = next) {
        next = slab->next;
        env_free(flows->env, slab);
    }
    env_free(flows->env, flows->buckets);
}

/* The same for both directions: the ends are mixed one by one and added. */
static uint64_t hash_of(const struct flow_key *key)
{
    uint64_t from = mix64((uint64_t)key->from.address.value << 16 | key->from.port);
    uint64_t to = mix64((uint64_t)key->to.address.value << 16 | key->to.port);
    return mix64(from + to + key->protocol);
}

static struct flow **bucket_of(const struct flows *flows, const struct flow_key *key)
{
    return &flows->buckets[hash_of(key) & (flows->bucket_count - 1)];
}

/* Twice the buckets, so that a bucket holds one flow on average. */
static void grow_buckets(struct flows *flows)
{
    struct flow **old = flows->buckets;
    uint32_t old_count = flows->bucket_count;
    flows->bucket_count = old_count ? old_count * 2 : BUCKETS_LEAST;
    flows->buckets = env_new(flows->env, flows->bucket_count * sizeof *flows->buckets);
    for (uint32_t i = 0; i < old_count; i++)
        for (struct flow *flow = old[i], *next; flow; flow = next) {
            next = flow->next;
            struct flow **bucket = bucket_of(flows, &flow->key);
            flow->next = *bucket;
            *bucket = flow;
        }
    env_free(flows->env, old);
}

static struct flow *take_free(struct flows *flows)
{
    if (!flows->free) {
        struct flow_slab *slab = env_new(flows->env, sizeof *slab);
        slab->next = flows->slabs;
        flows->slabs = slab;
        for (int i = SLAB_FLOWS; i-- > 0;) {
            slab->flows[i].next = flows->free;
            flows->free = &slab->flows[i];
        }
    }
    struct flow *flow = flows->free;
    flows->free = flow->next;
    return flow;
}

static bool is_key(const struct flow_key *a, const struct flow_key *b)
{
    return a->protocol == b->protocol && flow_end_is_equal(a->from, b->from) &&
           flow_end_is_equal(a->to, b->to);
}

struct flow *flows_find(const struct flows *flows, const struct flow_key *key, enum flow_way *ret_way)
{
    struct flow_key back = flow_key_back(*key);
    if (!flows->bucket_count)
        return NULL;
    for (struct flow *flow = *bucket_of(flows, key); flow; flow = flow->next) {
        bool is_there = is_key(&flow->key, key);
        if (!is_there && !is_key(&flow->key, &back))
            continue;
        *ret_way = is_there ? FLOW_THERE : FLOW_BACK;
        return flow;
    }
    return NULL;
}

static enum flow_class class_of(uint8_t protocol)
{
    if (protocol == IPV4_PROTOCOL_TCP)
        return FLOW_OPENING;
    if (protocol == IPV4_PROTOCOL_UDP)
        return FLOW_DATAGRAM;
    return protocol == IPV4_PROTOCOL_ICMP ? FLOW_QUERY : FLOW_OTHER;
}

struct flow *flows_add(struct flows *flows, const struct flow_key *key)
{
    if (flows->count >= flows->config.limit)
        return NULL;
    if (flows->count >= flows->bucket_count)
        grow_buckets(flows);
    struct flow *flow = take_free(flows), **bucket = bucket_of(flows, key);
    *flow = (struct flow){.key = *key,
                          .class = class_of(key->protocol),
                          .number = ++flows->next_number,
                          .since = env_now(flows->env),
                          .next = *bucket};
    *bucket = flow;
    list_link_init(&flow->mates);
    list_link_init(&flow->by_expiry);
    list_add_last(&flows->all, &flow->by_age);
    if (++flows->count > flows->peak)
        flows->peak = flows->count;
    refresh(flows, flow);
    return flow;
}

/* RFC 9293 3.3.2, as far as one can tell who only listens. */
static enum flow_class follow_tcp(struct flow *flow, enum flow_way way, uint8_t flags)
{
    bool is_new_attempt =
        flow->class == FLOW_CLOSING && (flags & (FLOW_SYN | FLOW_ACK | FLOW_RST)) == FLOW_SYN;
    if (is_new_attempt) {
        flow->seen = 0;
        flow->is_answered = false;
        flow->class = FLOW_OPENING;
    }
    if (flags & FLOW_SYN)
        flow->seen |= (uint8_t)(SEEN_SYN << way);
    if (flags & FLOW_FIN)
        flow->seen |= (uint8_t)(SEEN_FIN << way);
    bool has_closed = (flow->seen & SEEN_BOTH(SEEN_FIN)) == SEEN_BOTH(SEEN_FIN);
    bool has_opened = (flow->seen & SEEN_BOTH(SEEN_SYN)) == SEEN_BOTH(SEEN_SYN);
    if ((flags & FLOW_RST) || has_closed)
        return FLOW_CLOSING;
    if (flow->class == FLOW_OPENING && has_opened && (flags & (FLOW_SYN | FLOW_ACK)) == FLOW_ACK)
        return FLOW_OPEN;
    return flow->class;
}

void flows_note(struct flows *flows, struct flow *flow, enum flow_way way, uint8_t tcp_flags, size_t bytes,
                bool refreshes)
{
    enum flow_class before = flow->class;
    flow->packets[way]++;
    flow->bytes[way] += bytes;
    if (flow->key.protocol == IPV4_PROTOCOL_TCP)
        flow->class = follow_tcp(flow, way, tcp_flags);
    flow->is_answered |= way == FLOW_BACK;
    if (refreshes || flow->class != before)
        refresh(flows, flow);
}

static void forget(struct flows *flows, struct flow *flow, enum flow_ending why)
{
    if (flows->ended)
        flows->ended(flows, flow, why);
    struct flow **link = bucket_of(flows, &flow->key);
    while (*link != flow)
        link = &(*link)->next;
    *link = flow->next;
    list_remove(&flow->mates);
    list_remove(&flow->by_expiry);
    list_remove(&flow->by_age);
    flow->next = flows->free;
    flows->free = flow;
    flows->count--;
}

void flows_remove(struct flows *flows, struct flow *flow)
{
    forget(flows, flow, FLOW_REMOVED);
}

const struct flow *flows_row(const struct flows *flows, uint32_t index)
{
    for (const struct list_link *link = flows->all.head.next; link != &flows->all.head; link = link->next)
        if (index-- == 0)
            return LIST_OWNER(link, struct flow, by_age);
    return NULL;
}

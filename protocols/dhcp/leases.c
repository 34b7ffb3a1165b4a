/* SPDX-License-Identifier: MIT
 * See leases.h. */
#include "protocols/dhcp/leases.h"

#include <assert.h>

#define QUARANTINE                                                                                           \
    (3600 * ENV_SECOND) /* how long an address is left alone that somebody else was seen with */

/* ---- The two hash tables and the queue ---- */

static struct dhcp_lease **bucket_of_address(struct dhcp_leases *book, struct ipv4_address address)
{
    return &book->by_address[address.value % DHCP_BUCKETS];
}

static struct dhcp_lease **bucket_of_key(struct dhcp_leases *book, const struct dhcp_octets *key)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (uint8_t i = 0; i < key->length; i++)
        hash = (hash ^ key->bytes[i]) * 16777619u;
    return &book->by_key[hash % DHCP_BUCKETS];
}

static void enqueue(struct dhcp_lease *lease)
{
    struct dhcp_leases *book = lease->book;
    lease->freed_before = book->freed_last;
    lease->freed_after = NULL;
    if (book->freed_last)
        book->freed_last->freed_after = lease;
    else
        book->freed_first = lease;
    book->freed_last = lease;
}

static void dequeue(struct dhcp_lease *lease)
{
    struct dhcp_leases *book = lease->book;
    if (lease->freed_before)
        lease->freed_before->freed_after = lease->freed_after;
    else
        book->freed_first = lease->freed_after;
    if (lease->freed_after)
        lease->freed_after->freed_before = lease->freed_before;
    else
        book->freed_last = lease->freed_before;
    lease->freed_before = lease->freed_after = NULL;
}

/* ---- The one place where a lease changes its state ---- */

static void move(struct dhcp_lease *lease, enum dhcp_lease_state state, int64_t until,
                 enum dhcp_lease_rule rule)
{
    struct env *env = lease->book->env;
    enum dhcp_lease_state old = lease->state;
    assert(state != DHCP_PROBING || old == DHCP_FREE || old == DHCP_PROBING);
    assert(state != DHCP_OFFERED_TO || old != DHCP_QUARANTINED);
    assert(state != DHCP_BOUND_TO || old != DHCP_QUARANTINED);
    if (old == DHCP_FREE)
        dequeue(lease);
    lease->state = state;
    lease->since = env_now(env);
    lease->expires = until;
    env_disarm(env, &lease->timer);
    if (until != ENV_NEVER)
        env_arm(env, &lease->timer, until);
    if (state == DHCP_FREE)
        enqueue(lease);
    if (state != DHCP_PROBING) {
        env_free(env, lease->pending);
        lease->pending = NULL;
    }
    env_because(env, env_tell(env, &dhcp_kinds[DHCP_LEASE_STATE], 0, lease->address.value,
                              (int64_t)mac_to_number(lease->mac), old, state, rule,
                              until == ENV_NEVER ? 0 : until - env_now(env)));
}

/* Its time is over. */
static void lease_fire(struct env_timer *timer)
{
    struct dhcp_lease *lease = ENV_OWNER(timer, struct dhcp_lease, timer);
    switch (lease->state) {
    case DHCP_PROBING:
        if (lease->book->server)
            lease->book->unanswered(lease->book, lease);
        else /* the program that wanted to know has ended */
            dhcp_leases_free(lease, DHCP_LEASE_BY_NO_REQUEST);
        return;
    case DHCP_OFFERED_TO:
        dhcp_leases_free(lease, DHCP_LEASE_BY_NO_REQUEST);
        return;
    case DHCP_BOUND_TO:
        dhcp_leases_free(lease, DHCP_LEASE_BY_EXPIRY);
        return;
    default:
        dhcp_leases_free(lease, DHCP_LEASE_BY_AGE);
    }
}

void dhcp_leases_hold(struct dhcp_lease *lease, enum dhcp_lease_state state, int64_t until)
{
    if (lease->state != DHCP_BOUND_TO)
        move(lease, state, until, DHCP_LEASE_BY_DISCOVER);
}

void dhcp_leases_bind(struct dhcp_lease *lease, int64_t until, enum dhcp_lease_rule rule)
{
    move(lease, DHCP_BOUND_TO, until, rule);
}

void dhcp_leases_free(struct dhcp_lease *lease, enum dhcp_lease_rule rule)
{
    move(lease, DHCP_FREE, ENV_NEVER, rule);
}

void dhcp_leases_quarantine(struct dhcp_lease *lease, enum dhcp_lease_rule rule)
{
    move(lease, DHCP_QUARANTINED, env_now(lease->book->env) + QUARANTINE, rule);
}

/* ---- Looking up ---- */

struct dhcp_pool *dhcp_leases_pool(const struct dhcp_leases *book, struct ipv4_address address)
{
    for (uint32_t i = 0; i < book->pool_count; i++)
        if (ipv4_prefix_has(book->pools[i].network, address))
            return &book->pools[i];
    return NULL;
}

struct dhcp_lease *dhcp_leases_find(const struct dhcp_leases *book, struct ipv4_address address)
{
    struct dhcp_lease *lease = book->by_address[address.value % DHCP_BUCKETS];
    while (lease && !ipv4_is_equal(lease->address, address))
        lease = lease->next_by_address;
    return lease;
}

/* One that it holds is preferred to one that it only had. */
struct dhcp_lease *dhcp_leases_of(const struct dhcp_leases *book, const struct dhcp_octets *key,
                                  const struct dhcp_pool *pool)
{
    struct dhcp_lease *best = NULL;
    struct dhcp_lease *lease = *bucket_of_key((struct dhcp_leases *)(uintptr_t)book, key);
    for (; lease; lease = lease->next_by_key) {
        bool fits = dhcp_is_same_key(&lease->key, key) && ipv4_prefix_has(pool->network, lease->address) &&
                    lease->state != DHCP_QUARANTINED;
        if (fits && (!best || best->state == DHCP_FREE || lease->state == DHCP_BOUND_TO))
            best = lease;
    }
    return best;
}

static bool is_in_pool(const struct dhcp_pool *pool, struct ipv4_address address)
{
    return address.value >= pool->first.value && address.value <= pool->last.value;
}

static const struct dhcp_reservation *reservation_for(const struct dhcp_leases *book,
                                                      struct ipv4_address address)
{
    for (uint32_t i = 0; i < book->reserved_count; i++)
        if (ipv4_is_equal(book->reserved[i].address, address))
            return &book->reserved[i];
    return NULL;
}

/* Could `address` be given to whoever comes? */
static bool is_available(const struct dhcp_leases *book, const struct dhcp_pool *pool,
                         struct ipv4_address address)
{
    const struct dhcp_lease *lease = dhcp_leases_find(book, address);
    return is_in_pool(pool, address) && !reservation_for(book, address) &&
           (!lease || lease->state == DHCP_FREE);
}

/* ---- Choosing: RFC 2131 4.3.1 ---- */

static struct dhcp_lease *find_or_make(struct dhcp_leases *book, struct ipv4_address address)
{
    struct dhcp_lease *lease = dhcp_leases_find(book, address);
    if (lease)
        return lease;
    lease = env_new(book->env, sizeof *lease);
    *lease = (struct dhcp_lease){.book = book, .address = address, .state = DHCP_FREE, .expires = ENV_NEVER};
    env_timer_init(&lease->timer, lease_fire);
    struct dhcp_lease **bucket = bucket_of_address(book, address);
    lease->next_by_address = *bucket;
    *bucket = lease;
    if (book->newest)
        book->newest->newer = lease;
    else
        book->oldest = lease;
    book->newest = lease;
    book->count++;
    enqueue(lease);
    return lease;
}

/* It is this client's from now on. */
static struct dhcp_lease *give(struct dhcp_lease *lease, const struct dhcp_message *request)
{
    struct dhcp_octets key = dhcp_key_of(request);
    struct dhcp_leases *book = lease->book;
    if (lease->key.length) {
        struct dhcp_lease **link = bucket_of_key(book, &lease->key);
        while (*link != lease)
            link = &(*link)->next_by_key;
        *link = lease->next_by_key;
    }
    struct dhcp_lease **bucket = bucket_of_key(book, &key);
    lease->next_by_key = *bucket;
    *bucket = lease;
    lease->key = key;
    lease->mac = request->chaddr;
    memcpy(lease->host_name, request->host_name, sizeof lease->host_name);
    return lease;
}

/* The first address of the pool that was never in the book; false: there is none. */
static bool find_fresh(const struct dhcp_leases *book, struct dhcp_pool *pool,
                       struct ipv4_address *ret_address)
{
    for (; pool->fresh <= pool->last.value - pool->first.value; pool->fresh++) {
        *ret_address = (struct ipv4_address){pool->first.value + pool->fresh};
        if (!dhcp_leases_find(book, *ret_address) && !reservation_for(book, *ret_address))
            return true;
    }
    return false;
}

static struct dhcp_lease *find_freed(const struct dhcp_leases *book, const struct dhcp_pool *pool)
{
    struct dhcp_lease *lease = book->freed_first;
    while (lease && !is_available(book, pool, lease->address))
        lease = lease->freed_after;
    return lease;
}

/* The address reserved for this station on this network; false: none. */
static bool find_reserved(const struct dhcp_leases *book, const struct dhcp_pool *pool,
                          struct mac_address mac, struct ipv4_address *ret_address)
{
    for (uint32_t i = 0; i < book->reserved_count; i++)
        if (mac_is_equal(book->reserved[i].mac, mac) &&
            ipv4_prefix_has(pool->network, book->reserved[i].address)) {
            *ret_address = book->reserved[i].address;
            return true;
        }
    return false;
}

struct dhcp_lease *dhcp_leases_choose(struct dhcp_leases *book, struct dhcp_pool *pool,
                                      const struct dhcp_message *request, enum dhcp_choice *ret_choice)
{
    struct dhcp_octets key = dhcp_key_of(request);
    struct dhcp_lease *lease = dhcp_leases_of(book, &key, pool);
    struct ipv4_address address;
    *ret_choice = DHCP_CHOICE_FIXED;
    if (find_reserved(book, pool, request->chaddr, &address)) {
        lease = find_or_make(book, address);
        bool is_its = lease->state != DHCP_QUARANTINED && dhcp_is_same_key(&lease->key, &key);
        return is_its || lease->state == DHCP_FREE ? give(lease, request) : NULL;
    }
    *ret_choice = DHCP_CHOICE_BOUND; /* "the client's current address" */
    if (lease && lease->state != DHCP_FREE)
        return give(lease, request);
    *ret_choice = DHCP_CHOICE_FORMER; /* "the client's previous address" */
    if (lease && is_available(book, pool, lease->address))
        return give(lease, request);
    *ret_choice = DHCP_CHOICE_WISHED; /* "the address requested" */
    if (is_available(book, pool, request->requested))
        return give(find_or_make(book, request->requested), request);
    *ret_choice = DHCP_CHOICE_FRESH; /* "a new address" */
    if (find_fresh(book, pool, &address))
        return give(find_or_make(book, address), request);
    *ret_choice = DHCP_CHOICE_OLDEST;
    lease = find_freed(book, pool);
    return lease ? give(lease, request) : NULL;
}

/* ---- Making and settings ---- */

void dhcp_leases_init(struct dhcp_leases *book, struct env *env)
{
    *book = (struct dhcp_leases){.env = env};
}

void dhcp_leases_release(struct dhcp_leases *book)
{
    for (struct dhcp_lease *lease = book->oldest, *newer; lease; lease = newer) {
        newer = lease->newer;
        env_disarm(book->env, &lease->timer);
        env_free(book->env, lease->pending);
        env_free(book->env, lease);
    }
    env_free(book->env, book->pools);
    env_free(book->env, book->reserved);
}

void dhcp_leases_set_pools(struct dhcp_leases *book, const struct dhcp_pool *pools, uint32_t pool_count,
                           const struct dhcp_reservation *reserved, uint32_t reserved_count)
{
    env_free(book->env, book->pools);
    env_free(book->env, book->reserved);
    book->pools = env_new(book->env, (pool_count + 1) * sizeof *pools);
    book->reserved = env_new(book->env, (reserved_count + 1) * sizeof *reserved);
    book->pool_count = pool_count;
    book->reserved_count = reserved_count;
    for (uint32_t i = 0; i < pool_count; i++) {
        book->pools[i] = pools[i];
        book->pools[i].fresh = 0;
    }
    for (uint32_t i = 0; i < reserved_count; i++)
        book->reserved[i] = reserved[i];
}

/* SPDX-License-Identifier: MIT
 * See demux.h. Slots double when there are as many entries as slots; nothing that can be seen depends on the
 * order within them. */
#include "protocols/tcp/demux.h"

#include <assert.h>

#include "sim/base/hash.h"

#define FIRST_SLOTS 16

/* How a port is used at one address. */
struct tcp_port_use {
    struct tcp_port_use *next;
    struct net_address address; /* NET_ANY: all of them */
    uint32_t count;             /* who has the port here */
    uint32_t chosen;            /* of these: by tcp_connect only */
    uint32_t keeps_address;     /* of these: without SO_REUSEADDR */
    uint32_t keeps_port;        /* of these: without SO_REUSEPORT */
    uint32_t listening;
};

struct tcp_port {
    struct tcp_port *next; /* in its slot */
    struct tcp_port_use *uses;
    struct tcp_bound *listeners; /* the latest first */
    uint16_t number;
};

void tcp_demux_init(struct tcp_demux *demux, struct env *env)
{
    *demux = (struct tcp_demux){.env = env};
}

void tcp_demux_release(struct tcp_demux *demux)
{
    assert(demux->count == 0);
    assert(demux->port_count == 0);
    env_free(demux->env, demux->connections);
    env_free(demux->env, demux->ports);
    *demux = (struct tcp_demux){.env = demux->env};
}

/* ---- Ports ---- */

static struct net_address normal(struct net_address address)
{
    return net_is_any(address) ? (struct net_address){0} : address;
}

static struct tcp_port **port_slot(const struct tcp_demux *demux, uint16_t number)
{
    return &demux->ports[mix64(number) & (demux->port_slots - 1)];
}

static struct tcp_port *port_find(const struct tcp_demux *demux, uint16_t number)
{
    struct tcp_port *port = demux->port_slots ? *port_slot(demux, number) : NULL;
    while (port && port->number != number)
        port = port->next;
    return port;
}

static void grow_ports(struct tcp_demux *demux)
{
    struct tcp_port **old = demux->ports, *next;
    uint32_t old_slots = demux->port_slots;
    demux->port_slots = old_slots ? old_slots * 2 : FIRST_SLOTS;
    demux->ports = env_new(demux->env, demux->port_slots * sizeof(struct tcp_port *));
    for (uint32_t i = 0; i < old_slots; i++)
        for (struct tcp_port *port = old[i]; port; port = next) {
            struct tcp_port **slot = port_slot(demux, port->number);
            next = port->next;
            port->next = *slot;
            *slot = port;
        }
    env_free(demux->env, old);
}

static struct tcp_port *port_of(struct tcp_demux *demux, uint16_t number)
{
    struct tcp_port *port = port_find(demux, number);
    if (port)
        return port;
    if (demux->port_count++ == demux->port_slots)
        grow_ports(demux);
    port = env_new(demux->env, sizeof *port);
    port->number = number;
    struct tcp_port **slot = port_slot(demux, number);
    port->next = *slot;
    *slot = port;
    return port;
}

static void port_leave(struct tcp_demux *demux, struct tcp_port *port)
{
    struct tcp_port **link = port_slot(demux, port->number);
    while (*link != port)
        link = &(*link)->next;
    *link = port->next;
    demux->port_count--;
    env_free(demux->env, port);
}

/* ---- Uses ---- */

static void count_use(struct tcp_bound *bound, int32_t by)
{
    struct tcp_port_use *use = bound->use;
    use->count += (uint32_t)by;
    use->chosen += bound->was_chosen ? (uint32_t)by : 0;
    use->keeps_address += bound->reuses_address ? 0 : (uint32_t)by;
    use->keeps_port += bound->reuses_port ? 0 : (uint32_t)by;
}

static void use_enter(struct tcp_demux *demux, struct tcp_bound *bound)
{
    struct tcp_port_use **link = &bound->port->uses;
    while (*link && !net_is_equal((*link)->address, bound->local.address))
        link = &(*link)->next;
    if (!*link) {
        *link = env_new(demux->env, sizeof **link);
        (*link)->address = bound->local.address;
    }
    bound->use = *link;
    count_use(bound, 1);
}

static void use_leave(struct tcp_demux *demux, struct tcp_bound *bound)
{
    count_use(bound, -1);
    if (bound->use->count == 0) {
        struct tcp_port_use **link = &bound->port->uses;
        while (*link != bound->use)
            link = &(*link)->next;
        *link = bound->use->next;
        env_free(demux->env, bound->use);
    }
    bound->use = NULL;
}

/* Does what `bound` wants get along with those who use the port at one address? Linux,
 * inet_csk_bind_conflict. */
static bool gets_along(const struct tcp_bound *bound, const struct tcp_port_use *use)
{
    if (bound->reuses_port && use->keeps_port == 0)
        return true;
    return bound->reuses_address && use->keeps_address == 0 && use->listening == 0;
}

bool tcp_demux_is_free(const struct tcp_demux *demux, const struct tcp_bound *bound,
                       struct net_endpoint local)
{
    const struct tcp_port *port = port_find(demux, local.port);
    for (struct tcp_port_use *use = port ? port->uses : NULL; use; use = use->next) {
        bool overlaps = net_is_any(local.address) || net_is_any(use->address) ||
                        net_is_equal(local.address, use->address);
        bool is_all_ours = use == bound->use && use->count == 1;
        if (overlaps && !is_all_ours && !gets_along(bound, use))
            return false;
    }
    return true;
}

/* ---- Choosing: RFC 6056 section 3.3.1, start anywhere and take the first that is free ---- */

uint16_t tcp_demux_choose(struct tcp_demux *demux, const struct tcp_bound *bound, struct net_address address,
                          uint16_t first, uint16_t last)
{
    uint32_t range = (uint32_t)last - first + 1, start = env_random_below(demux->env, range);
    for (uint32_t i = 0; i < range; i++) {
        uint16_t port = (uint16_t)(first + (start + i) % range);
        if (tcp_demux_is_free(demux, bound, (struct net_endpoint){address, port}))
            return port;
    }
    return 0;
}

static bool is_free_for(const struct tcp_demux *demux, struct net_endpoint local,
                        const struct net_endpoint *peer)
{
    const struct tcp_port *port = port_find(demux, local.port);
    for (const struct tcp_port_use *use = port ? port->uses : NULL; use; use = use->next)
        if (use->chosen != use->count)
            return false; /* somebody asked for it by number */
    return !port || !tcp_demux_find(demux, &local, peer);
}

uint16_t tcp_demux_choose_for(struct tcp_demux *demux, struct net_address address, struct net_endpoint peer,
                              uint16_t first, uint16_t last)
{
    uint32_t range = (uint32_t)last - first + 1, start = env_random_below(demux->env, range);
    for (uint32_t i = 0; i < range; i++) {
        uint16_t port = (uint16_t)(first + (start + i) % range);
        if (is_free_for(demux, (struct net_endpoint){address, port}, &peer))
            return port;
    }
    return 0;
}

void tcp_demux_share(struct tcp_bound *bound, bool reuses_address, bool reuses_port)
{
    if (bound->use)
        count_use(bound, -1);
    bound->reuses_address = reuses_address;
    bound->reuses_port = reuses_port;
    if (bound->use)
        count_use(bound, 1);
}

/* ---- In and out ---- */

void tcp_demux_bind(struct tcp_demux *demux, struct tcp_bound *bound, struct net_endpoint local)
{
    assert(!bound->port);
    assert(local.port != 0);
    bound->local = (struct net_endpoint){normal(local.address), local.port};
    bound->port = port_of(demux, local.port);
    use_enter(demux, bound);
}

static uint64_t mix_endpoint(uint64_t hash, const struct net_endpoint *endpoint)
{
    uint64_t words[2] = {0};
    uint32_t first;
    if (endpoint->address.family == NET_IPV4) { /* four bytes; they were written as such, and are quickest read so */
        memcpy(&first, endpoint->address.bytes, sizeof first);
        words[0] = first;
    } else {
        memcpy(words, endpoint->address.bytes, sizeof words); /* the order of bytes shows nowhere */
    }
    hash = mix64(hash ^ words[0] ^ (uint64_t)endpoint->port << 48 ^ endpoint->address.family);
    return words[1] ? mix64(hash ^ words[1]) : hash;
}

static uint32_t hash_of(const struct net_endpoint *local, const struct net_endpoint *peer)
{
    return (uint32_t)mix_endpoint(mix_endpoint(0, local), peer);
}

static void enter_slot(struct tcp_demux *demux, struct tcp_bound *bound)
{
    struct tcp_bound **slot = &demux->connections[bound->hash & (demux->slots - 1)];
    bound->next = *slot;
    *slot = bound;
}

static void grow_connections(struct tcp_demux *demux)
{
    struct tcp_bound **old = demux->connections, *next;
    uint32_t old_slots = demux->slots;
    demux->slots = old_slots ? old_slots * 2 : FIRST_SLOTS;
    demux->connections = env_new(demux->env, demux->slots * sizeof(struct tcp_bound *));
    for (uint32_t i = 0; i < old_slots; i++)
        for (struct tcp_bound *bound = old[i]; bound; bound = next) {
            next = bound->next;
            enter_slot(demux, bound);
        }
    env_free(demux->env, old);
}

void tcp_demux_connect(struct tcp_demux *demux, struct tcp_bound *bound, struct net_endpoint peer)
{
    assert(bound->port);
    assert(!bound->is_connected && !bound->is_listening);
    assert(!net_is_any(bound->local.address));
    bound->peer = peer;
    bound->hash = hash_of(&bound->local, &bound->peer);
    bound->is_connected = true;
    if (demux->count++ == demux->slots)
        grow_connections(demux);
    enter_slot(demux, bound);
}

void tcp_demux_listen(struct tcp_demux *demux, struct tcp_bound *bound)
{
    assert(bound->port);
    assert(!bound->is_connected && !bound->is_listening);
    bound->is_listening = true;
    bound->hash = ++demux->listens;
    bound->use->listening++;
    bound->next = bound->port->listeners;
    bound->port->listeners = bound;
}

void tcp_demux_disconnect(struct tcp_demux *demux, struct tcp_bound *bound)
{
    struct tcp_bound **link = NULL;
    if (bound->is_connected) {
        link = &demux->connections[bound->hash & (demux->slots - 1)];
        demux->count--;
    } else if (bound->is_listening) {
        link = &bound->port->listeners;
        bound->use->listening--;
    }
    if (!link)
        return;
    while (*link != bound)
        link = &(*link)->next;
    *link = bound->next;
    bound->is_connected = bound->is_listening = false;
}

void tcp_demux_leave(struct tcp_demux *demux, struct tcp_bound *bound)
{
    struct tcp_port *port = bound->port;
    tcp_demux_disconnect(demux, bound);
    if (!port)
        return;
    use_leave(demux, bound);
    bound->port = NULL;
    if (!port->uses)
        port_leave(demux, port);
}

/* ---- Whose is it? ---- */

static bool is_same_end(const struct net_endpoint *a, const struct net_endpoint *b)
{
    size_t bytes = a->address.family == NET_IPV4 ? 4 : 16;
    return a->port == b->port && a->address.family == b->address.family &&
           memcmp(a->address.bytes, b->address.bytes, bytes) == 0;
}

struct tcp_bound *tcp_demux_find(const struct tcp_demux *demux, const struct net_endpoint *local,
                                 const struct net_endpoint *peer)
{
    if (!demux->slots)
        return NULL;
    uint32_t hash = hash_of(local, peer);
    struct tcp_bound *bound = demux->connections[hash & (demux->slots - 1)];
    while (bound &&
           !(bound->hash == hash && is_same_end(&bound->local, local) && is_same_end(&bound->peer, peer)))
        bound = bound->next;
    return bound;
}

struct tcp_bound *tcp_demux_listener(const struct tcp_demux *demux, const struct net_endpoint *local,
                                     const struct net_endpoint *peer)
{
    const struct tcp_port *port = port_find(demux, local->port);
    struct tcp_bound *best = NULL;
    bool is_best_exact = false;
    uint32_t best_score = 0;
    for (struct tcp_bound *bound = port ? port->listeners : NULL; bound; bound = bound->next) {
        bool is_exact = net_is_equal(bound->local.address, local->address);
        if (!is_exact && !net_is_any(bound->local.address))
            continue;
        /* Among those that share a port, each peer falls to one by a draw that only the peer decides. */
        uint32_t score = bound->reuses_port ? (uint32_t)mix64(hash_of(local, peer) + bound->hash) : 0;
        if (!best || is_exact > is_best_exact || (is_exact == is_best_exact && score > best_score)) {
            best = bound;
            is_best_exact = is_exact;
            best_score = score;
        }
    }
    return best;
}

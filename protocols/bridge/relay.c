/* SPDX-License-Identifier: MIT
 * See relay.h. */
#include "protocols/bridge/relay.h"

void relay_init(struct relay *relay, struct env *env, struct env *const *places, uint32_t port_count,
                const struct fdb_config *config)
{
    fdb_init(&relay->fdb, env, places, config);
    relay->places = places;
    relay->modes = env_new(env, port_count + 1);
    relay->port_count = port_count;
}

void relay_release(struct relay *relay)
{
    env_free(relay->fdb.env, relay->modes);
    fdb_release(&relay->fdb);
}

void relay_set_mode(struct relay *relay, uint32_t port, uint8_t mode)
{
    relay->modes[port] = mode;
}

/* Tells one of the three; the cause of what is sent next. */
static void tell(const struct relay *relay, uint32_t port, enum bridge_fact fact, uint64_t frame,
                 uint64_t destination, int64_t second, int64_t third)
{
    if (!*relay->fdb.env->is_listening) /* asked before the port's memory is touched */
        return;
    struct env *env = relay->places[port];
    env_because(env, env_tell(env, &bridge_kinds[fact], frame, (int64_t)destination, second, third));
}

static struct relay_verdict flood(const struct relay *relay, uint32_t port, uint64_t destination,
                                  uint64_t frame)
{
    if (*relay->fdb.env->is_listening) {
        uint32_t ports = 0;
        for (uint32_t i = 0; i < relay->port_count; i++)
            ports += i != port && relay_forwards(relay, i);
        tell(relay, port, BRIDGE_FLOOD, frame, destination, ports,
             destination & FDB_GROUP_BIT ? BRIDGE_FLOOD_GROUP : BRIDGE_FLOOD_UNKNOWN);
    }
    return (struct relay_verdict){RELAY_FLOOD, FDB_NOWHERE};
}

struct relay_verdict relay_choose(struct relay *relay, uint32_t port, uint64_t destination, uint64_t frame)
{
    if (!relay_forwards(relay, port))
        return (struct relay_verdict){RELAY_BLOCKED, FDB_NOWHERE};
    uint32_t target = fdb_find(&relay->fdb, destination);
    if (target == FDB_NOWHERE)
        return flood(relay, port, destination, frame);
    if (target == port || !relay_forwards(relay, target)) {
        tell(relay, port, BRIDGE_FILTER, frame, destination,
             target == port ? BRIDGE_FILTER_SAME_PORT : BRIDGE_FILTER_FAR_BLOCKED, 0);
        return (struct relay_verdict){RELAY_FILTER, target};
    }
    tell(relay, target, BRIDGE_FORWARD, frame, destination, 0, 0);
    return (struct relay_verdict){RELAY_TO_PORT, target};
}

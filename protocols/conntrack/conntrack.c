/* SPDX-License-Identifier: MIT
 * See conntrack.h. */
#include "protocols/conntrack/conntrack.h"

const char *const conntrack_state_words[] = {"new", "established", "related", "invalid", NULL};

/* ---- Looking ---- */

/* May this packet be the first of its flow? */
static bool may_begin(const struct flow_view *view)
{
    if (view->part != FLOW_REQUEST)
        return false;
    if (view->key.protocol != IPV4_PROTOCOL_TCP)
        return true;
    return (view->tcp_flags & (FLOW_SYN | FLOW_ACK | FLOW_RST | FLOW_FIN)) == FLOW_SYN; /* RFC 9293 3.5 */
}

enum conntrack_state conntrack_state(const struct conntrack *conntrack, const struct flow_view *view)
{
    enum flow_way way;
    if (view->part == FLOW_UNREADABLE)
        return CONNTRACK_INVALID;
    const struct flow *flow = flows_find(&conntrack->flows, &view->key, &way);
    if (view->part == FLOW_ERROR)
        return flow ? CONNTRACK_RELATED : CONNTRACK_INVALID;
    if (!flow)
        return may_begin(view) ? CONNTRACK_NEW : CONNTRACK_INVALID;
    return way == FLOW_BACK || flow->is_answered ? CONNTRACK_ESTABLISHED : CONNTRACK_NEW;
}

/* ---- Remembering ---- */

static struct flow *begin_flow(struct conntrack *conntrack, const struct flow_view *view, uint64_t frame)
{
    const struct flow_key *key = &view->key;
    struct flow *flow = flows_add(&conntrack->flows, key);
    if (flow)
        env_tell(conntrack->env, &conntrack_kinds[CONNTRACK_FLOW_NEW], frame, flow->number,
                 flow_protocol_index(key->protocol), key->from.address.value, key->from.port,
                 key->to.address.value, key->to.port);
    return flow;
}

bool conntrack_take(struct conntrack *conntrack, const struct flow_view *view, size_t bytes, uint64_t frame)
{
    enum flow_way way = FLOW_THERE;
    if (view->part == FLOW_UNREADABLE || view->part == FLOW_ERROR)
        return true; /* RFC 5508 REQ-6: an error neither refreshes a flow nor ends it */
    struct flow *flow = flows_find(&conntrack->flows, &view->key, &way);
    if (!flow && !may_begin(view))
        return true;
    if (!flow)
        flow = begin_flow(conntrack, view, frame);
    if (!flow) {
        conntrack->dropped++;
        env_tell(conntrack->env, &conntrack_kinds[CONNTRACK_DROP], frame, 0, conntrack->flows.config.limit,
                 view->key.from.address.value, view->key.to.address.value);
        return false;
    }
    enum flow_class before = flow->class;
    bool was_answered = flow->is_answered;
    flows_note(&conntrack->flows, flow, way, view->tcp_flags, bytes, true);
    if (!was_answered && flow->is_answered)
        env_tell(conntrack->env, &conntrack_kinds[CONNTRACK_FLOW_ANSWERED], frame, flow->number);
    if (flow->class != before)
        env_tell(conntrack->env, &conntrack_kinds[CONNTRACK_FLOW_CLASS], frame, flow->number, before,
                 flow->class);
    return true;
}

static void flow_ended(struct flows *flows, struct flow *flow, enum flow_ending why)
{
    struct conntrack *conntrack = ENV_OWNER(flows, struct conntrack, flows);
    env_tell(conntrack->env, &conntrack_kinds[CONNTRACK_FLOW_END], 0, flow->number, why,
             env_now(flows->env) - flow->since,
             (int64_t)(flow->packets[FLOW_THERE] + flow->packets[FLOW_BACK]));
}

/* ---- At the hooks ---- */

static enum ipv4_verdict take_passing(struct conntrack *conntrack, const struct ipv4_passing *passing)
{
    const struct packet_out *packet = passing->packet;
    struct flow_view view = flow_read(packet->bytes, packet->length_bytes, passing->header);
    return conntrack_take(conntrack, &view, packet->length_bytes, packet->frame) ? IPV4_ACCEPT : IPV4_STOP;
}

static enum ipv4_verdict see_input(struct ipv4_hook_user *user, struct ipv4_passing *passing)
{
    return take_passing(ENV_OWNER(user, struct conntrack, input), passing);
}

static enum ipv4_verdict see_postrouting(struct ipv4_hook_user *user, struct ipv4_passing *passing)
{
    return take_passing(ENV_OWNER(user, struct conntrack, postrouting), passing);
}

void conntrack_init(struct conntrack *conntrack, struct env *env, const struct flows_config *config)
{
    *conntrack = (struct conntrack){.env = env,
                                    .input = {.priority = CONNTRACK_PRIORITY, .see = see_input},
                                    .postrouting = {.priority = CONNTRACK_PRIORITY, .see = see_postrouting}};
    flows_init(&conntrack->flows, env, config, flow_ended);
}

void conntrack_release(struct conntrack *conntrack)
{
    flows_release(&conntrack->flows);
}

void conntrack_attach(struct conntrack *conntrack, struct ipv4 *ip)
{
    ipv4_hook_add(ip, IPV4_INPUT, &conntrack->input);
    ipv4_hook_add(ip, IPV4_POSTROUTING, &conntrack->postrouting);
}

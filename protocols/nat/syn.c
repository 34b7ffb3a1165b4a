/* SPDX-License-Identifier: MIT
 * See syn.h. */
#include "protocols/nat/syn.h"

#include "protocols/icmp/codec.h"
#include "protocols/nat/nat_parts.h"

bool nat_syn_is_one(const struct flow_view *view)
{
    return view->part == FLOW_REQUEST && view->key.protocol == IPV4_PROTOCOL_TCP &&
           (view->tcp_flags & (FLOW_SYN | FLOW_ACK | FLOW_RST | FLOW_FIN)) == FLOW_SYN;
}

/* Does it wait already? Its sender says it again after 1 s and 3 s. */
static bool is_waiting(const struct nat_syns *syns, const struct flow_key *key)
{
    for (uint32_t i = 0; i < syns->count; i++) {
        const struct nat_syn *syn = &syns->ring[(syns->first + i) % NAT_SYNS];
        if (flow_end_is_equal(syn->key.from, key->from) && flow_end_is_equal(syn->key.to, key->to))
            return true;
    }
    return false;
}

enum ipv4_verdict nat_syn_hold(struct nat *nat, const struct ipv4_passing *passing,
                               const struct flow_view *view)
{
    struct nat_syns *syns = &nat->syns;
    const struct packet_out *packet = passing->packet;
    if (is_waiting(syns, &view->key))
        return IPV4_STOP;
    if (syns->count == NAT_SYNS)
        return nat_drop(nat, passing, NAT_SYN_NO_ROOM);
    if (!syns->ring)
        syns->ring = env_new(nat->env, NAT_SYNS * sizeof *syns->ring);
    struct nat_syn *syn = &syns->ring[(syns->first + syns->count++) % NAT_SYNS];
    *syn = (struct nat_syn){.key = view->key,
                            .header = *passing->header,
                            .frame = packet->frame,
                            .until = env_now(nat->env) + NAT_SYN_WAIT};
    syn->header.options = NULL;
    syn->header.options_bytes = 0;
    syn->quote_bytes = packet->length_bytes < NAT_SYN_QUOTE ? (uint32_t)packet->length_bytes : NAT_SYN_QUOTE;
    memcpy(syn->quote, packet->bytes, syn->quote_bytes);
    env_tell(nat->env, &nat_kinds[NAT_SYN_HELD], packet->frame, view->key.from.address.value,
             view->key.from.port, view->key.to.address.value, view->key.to.port);
    if (syns->count == 1)
        env_arm(nat->env, &syns->timer, syn->until);
    return IPV4_STOP;
}

/* Has a SYN gone the other way in the meantime? RFC 5382 REQ-4: then this one is silently dropped. */
static bool has_crossed(const struct nat *nat, const struct flow_key *key)
{
    enum flow_way way;
    const struct nat_binding *binding = nat_bindings_outside(&nat->bindings, key->protocol, key->to.port);
    if (!binding)
        return false;
    struct flow_key flow = {binding->inside, key->from, key->protocol};
    return flows_find(&nat->flows, &flow, &way);
}

static void answer(struct nat *nat, const struct nat_syn *syn)
{
    struct packet view = {syn->quote, syn->quote_bytes, syn->frame};
    struct ipv4_arrival about = {.header = syn->header,
                                 .packet = view,
                                 .payload = packet_behind(view, syn->header.header_bytes),
                                 .interface = nat->outside};
    bool has_met = has_crossed(nat, &syn->key);
    env_because(nat->env,
                env_tell(nat->env, &nat_kinds[NAT_SYN_ANSWERED], syn->frame, syn->key.from.address.value,
                         syn->key.from.port, syn->key.to.port, has_met));
    if (!has_met && nat->ip->complain)
        nat->ip->complain(nat->ip, &about, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, 0); /* RFC 5382 REQ-4 */
}

/* The first has waited long enough. */
static void timer_fire(struct env_timer *timer)
{
    struct nat *nat = ENV_OWNER(timer, struct nat, syns.timer);
    struct nat_syns *syns = &nat->syns;
    struct nat_syn syn = syns->ring[syns->first];
    syns->first = (syns->first + 1) % NAT_SYNS;
    if (--syns->count > 0)
        env_arm(nat->env, timer, syns->ring[syns->first].until);
    answer(nat, &syn);
}

void nat_syns_init(struct nat *nat)
{
    env_timer_init(&nat->syns.timer, timer_fire);
}

void nat_syns_release(struct nat *nat)
{
    env_disarm(nat->env, &nat->syns.timer);
    env_free(nat->env, nat->syns.ring);
}

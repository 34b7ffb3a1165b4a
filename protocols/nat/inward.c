/* SPDX-License-Identifier: MIT
 * Inwards: what comes to the outside address at the port of a binding is for the end inside. PREROUTING.
 *
 *     to the outside address?    no: it is left alone
 *     an ICMP error              the binding of what it quotes; none: it is for the box itself
 *     anything else              the binding of its port; none: for the box itself, but a SYN waits (syn.h)
 *     may this remote send?      filtering: RFC 4787 REQ-8
 *     from inside?               a hairpin: it must look as if it came from outside, RFC 4787 REQ-9 */
#include "protocols/nat/nat_parts.h"

/* May `remote` send to `binding`? RFC 4787 5; REQ-11: nothing but what was sent before decides. A binding has
 * a handful of flows, so they are walked. */
static bool is_admitted(const struct nat *nat, const struct nat_binding *binding, struct flow_end remote)
{
    enum flow_way way;
    struct flow_key key = {binding->inside, remote, binding->protocol};
    if (binding->is_static || nat->config.filtering == NAT_ENDPOINT_INDEPENDENT ||
        flows_find(&nat->flows, &key, &way))
        return true;
    if (nat->config.filtering == NAT_ADDRESS_AND_PORT)
        return false;
    for (const struct list_link *link = binding->flows.head.next; link != &binding->flows.head;
         link = link->next) {
        const struct flow *flow = LIST_OWNER(link, struct flow, mates);
        bool is_outward = flow_end_is_equal(flow->key.from, binding->inside);
        if (is_outward && ipv4_is_equal(flow->key.to.address, remote.address))
            return true;
    }
    return false;
}

/* Remembers, until it leaves, that a packet goes from inside to inside. */
static void note_hairpin(struct nat *nat, const struct ipv4_passing *passing, const struct flow_view *view,
                         struct flow_end remote)
{
    if (passing->in != nat->outside)
        nat->hairpin = (struct nat_hairpin){true, passing->in, view->key, remote};
}

/* RFC 5508 REQ-4: to the end inside whose packet it quotes, with the quote as that end had sent it. */
static enum ipv4_verdict take_error(struct nat *nat, struct ipv4_passing *passing, struct flow_view *view)
{
    struct packet_out *packet = passing->packet;
    struct flow_end quoted = view->key.from;
    if (!ipv4_is_equal(quoted.address, nat_outside_address(nat)))
        return IPV4_ACCEPT;
    const struct nat_binding *binding = nat_bindings_outside(&nat->bindings, view->key.protocol, quoted.port);
    if (!binding || nat_is_own(nat, binding))
        return IPV4_ACCEPT;
    if (!nat_icmp_is_whole(passing, view))
        return nat_drop(nat, passing, NAT_BAD_CHECKSUM); /* RFC 5508 REQ-3 a */
    rewrite_error(packet->bytes, packet->length_bytes, passing->header, view, REWRITE_DESTINATION,
                  binding->inside.address, binding->inside);
    note_hairpin(nat, passing, view, quoted); /* RFC 5508 REQ-7 */
    nat->counters.errors_in++;
    nat_tell(nat, NAT_ERROR_IN, packet->frame, binding);
    return IPV4_ACCEPT;
}

/* A packet from inside to an outside end: who the receiver will think that it is from. RFC 4787 REQ-9 a.
 * NULL: dropped. */
static const struct nat_binding *bind_hairpin(struct nat *nat, struct ipv4_passing *passing,
                                              const struct flow_view *view)
{
    struct packet_out *packet = passing->packet;
    struct nat_binding *binding =
        nat_bind(nat, view->key.protocol, view->key.from, view->key.to, packet->frame);
    if (!binding)
        nat_drop(nat, passing, NAT_NO_PORT);
    else if (nat_note(nat, binding, view, view->key.to, packet->length_bytes, true))
        return binding;
    else
        nat_drop(nat, passing, NAT_NO_ROOM);
    return NULL;
}

static enum ipv4_verdict take_packet(struct nat *nat, struct ipv4_passing *passing, struct flow_view *view)
{
    struct packet_out *packet = passing->packet;
    struct flow_end from = view->key.from, to = view->key.to;
    bool is_outside = passing->in == nat->outside;
    struct nat_binding *binding = nat_bindings_outside(&nat->bindings, view->key.protocol, to.port);
    if (!binding)
        return is_outside && nat_syn_is_one(view) ? nat_syn_hold(nat, passing, view) : IPV4_ACCEPT;
    if (!is_outside && !nat_is_own(nat, binding)) {
        const struct nat_binding *senders = bind_hairpin(nat, passing, view);
        if (!senders)
            return IPV4_STOP;
        from = (struct flow_end){nat_outside_address(nat), senders->outside_port};
    }
    if (!is_admitted(nat, binding, from))
        return nat_syn_is_one(view) ? nat_syn_hold(nat, passing, view) : nat_drop(nat, passing, NAT_FILTERED);
    if (!nat_note(nat, binding, view, from, packet->length_bytes, false))
        return nat_drop(nat, passing, NAT_NO_ROOM);
    if (nat_is_own(nat, binding) && binding->inside.port == binding->outside_port)
        return IPV4_ACCEPT;
    rewrite_packet(packet->bytes, packet->length_bytes, passing->header, view, REWRITE_DESTINATION,
                   binding->inside);
    note_hairpin(nat, passing, view, to);
    nat->counters.in++;
    nat_tell(nat, NAT_IN, packet->frame, binding);
    return IPV4_ACCEPT;
}

enum ipv4_verdict nat_see_inward(struct ipv4_hook_user *user, struct ipv4_passing *passing)
{
    struct nat *nat = ENV_OWNER(user, struct nat, prerouting);
    const struct packet_out *packet = passing->packet;
    struct ipv4_address outside = nat_outside_address(nat);
    nat->hairpin.is_set = false;
    bool is_for_outside = !ipv4_is_any(outside) && ipv4_is_equal(passing->header->destination, outside);
    if (!is_for_outside || (passing->in != nat->outside && !nat->config.hairpins))
        return IPV4_ACCEPT;
    struct flow_view view = flow_read(packet->bytes, packet->length_bytes, passing->header);
    if (view.part == FLOW_UNREADABLE)
        return IPV4_ACCEPT;
    return view.part == FLOW_ERROR ? take_error(nat, passing, &view) : take_packet(nat, passing, &view);
}

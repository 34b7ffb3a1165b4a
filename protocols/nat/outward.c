/* SPDX-License-Identifier: MIT
 * Outwards: on its way out a packet gets the outside address and the port of its binding as its source.
 * POSTROUTING.
 *
 *     leaves by the outside interface, or is a hairpin?   no: it is left alone
 *     an ICMP error     the binding of what it quotes; none: it goes no further (RFC 5508 REQ-5)
 *     anything else     the binding of its source, made if there is none; no port: told so (RFC 5508 REQ-8)
 */
#include "protocols/nat/nat_parts.h"

static bool is_translated(const struct flow_view *view)
{
    return flow_protocol_index(view->key.protocol) > 0;
}

/* Is this the packet whose destination was rewritten on its way in, from inside to inside? */
static bool is_hairpin(const struct nat *nat, const struct ipv4_passing *passing,
                       const struct flow_view *view)
{
    const struct nat_hairpin *hairpin = &nat->hairpin;
    return hairpin->is_set && hairpin->in == passing->in && hairpin->key.protocol == view->key.protocol &&
           flow_end_is_equal(hairpin->key.from, view->key.from) &&
           flow_end_is_equal(hairpin->key.to, view->key.to);
}

/* RFC 5508 REQ-5: as its source the error gets the outside address; what it quotes was addressed to the
 * binding. */
static enum ipv4_verdict send_error(struct nat *nat, struct ipv4_passing *passing, struct flow_view *view,
                                    struct flow_end remote)
{
    struct packet_out *packet = passing->packet;
    struct ipv4_address outside = nat_outside_address(nat);
    bool is_own = nat_is_outside(nat, passing->header->source);
    const struct nat_binding *binding =
        is_translated(view) ? nat_find(nat, view->key.protocol, view->key.to, remote) : NULL;
    if ((!binding || nat_is_own(nat, binding)) && is_own)
        return IPV4_ACCEPT; /* the box complains about something that was meant for itself */
    if (!binding)
        return nat_drop(nat, passing, NAT_NO_BINDING);
    if (!nat_icmp_is_whole(passing, view))
        return nat_drop(nat, passing, NAT_BAD_CHECKSUM); /* RFC 5508 REQ-3 a */
    rewrite_error(packet->bytes, packet->length_bytes, passing->header, view, REWRITE_SOURCE, outside,
                  (struct flow_end){outside, binding->outside_port});
    nat->counters.errors_out++;
    nat_tell(nat, NAT_ERROR_OUT, packet->frame, binding);
    return IPV4_ACCEPT;
}

static enum ipv4_verdict send_packet(struct nat *nat, struct ipv4_passing *passing, struct flow_view *view,
                                     struct flow_end remote, bool is_noted)
{
    struct packet_out *packet = passing->packet;
    struct ipv4_address outside = nat_outside_address(nat);
    uint8_t protocol = view->key.protocol;
    if ((view->tcp_flags & FLOW_RST) && !nat_find(nat, protocol, view->key.from, remote))
        return nat_drop(nat, passing, NAT_NO_BINDING); /* an end is no beginning */
    struct nat_binding *binding = nat_bind(nat, protocol, view->key.from, remote, packet->frame);
    if (!binding)
        return nat_drop(nat, passing, NAT_NO_PORT);
    if (!is_noted && !nat_note(nat, binding, view, remote, packet->length_bytes, true))
        return nat_drop(nat, passing, NAT_NO_ROOM);
    if (nat_is_own(nat, binding) && binding->outside_port == binding->inside.port)
        return IPV4_ACCEPT; /* nothing to change */
    rewrite_packet(packet->bytes, packet->length_bytes, passing->header, view, REWRITE_SOURCE,
                   (struct flow_end){outside, binding->outside_port});
    nat->counters.out++;
    nat_tell(nat, NAT_OUT, packet->frame, binding);
    return IPV4_ACCEPT;
}

/* Broadcasts and groups, and whoever has no address yet, stay as they are. */
static bool is_for_one(const struct nat *nat, const struct ipv4_header *header)
{
    return ipv4_is_one_host(header->destination) && !ipv4_is_any(header->source) &&
           !ipv4_is_broadcast_on(nat->ip, nat->outside, header->destination);
}

enum ipv4_verdict nat_see_outward(struct ipv4_hook_user *user, struct ipv4_passing *passing)
{
    struct nat *nat = ENV_OWNER(user, struct nat, postrouting);
    const struct packet_out *packet = passing->packet;
    bool goes_out = passing->out == nat->outside && passing->in != nat->outside;
    if ((!goes_out && !nat->hairpin.is_set) || ipv4_is_any(nat_outside_address(nat)) ||
        !is_for_one(nat, passing->header))
        return IPV4_ACCEPT;
    struct flow_view view = flow_read(packet->bytes, packet->length_bytes, passing->header);
    bool is_own = nat_is_outside(nat, passing->header->source);
    bool turns_back = is_hairpin(nat, passing, &view);
    if (!goes_out && !turns_back)
        return IPV4_ACCEPT;
    if (view.part == FLOW_ERROR)
        return send_error(nat, passing, &view, turns_back ? nat->hairpin.remote : view.key.from);
    if (view.part == FLOW_REQUEST && is_translated(&view))
        return send_packet(nat, passing, &view, turns_back ? nat->hairpin.remote : view.key.to, turns_back);
    if (is_own)
        return IPV4_ACCEPT;
    return nat_drop(nat, passing, view.part == FLOW_ANSWER ? NAT_NO_BINDING : NAT_UNREADABLE);
}

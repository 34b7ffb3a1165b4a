/* SPDX-License-Identifier: MIT
 * See defrag.h. */
#include "protocols/conntrack/defrag.h"

/* The last piece becomes the whole; any other ends here and is remembered. RFC 4787 REQ-14: in any order. */
static enum ipv4_verdict see(struct ipv4_hook_user *user, struct ipv4_passing *passing)
{
    struct defrag *defrag = ENV_OWNER(user, struct defrag, user);
    struct ipv4 *ip = defrag->ip;
    struct packet_out whole;
    enum ipv4_reason reason;
    if (!ipv4_is_fragment(passing->header))
        return IPV4_ACCEPT;
    struct packet view = packet_view(passing->packet);
    struct ipv4_arrival piece = {.header = *passing->header,
                                 .packet = view,
                                 .payload = packet_behind(view, passing->header->header_bytes),
                                 .interface = passing->in};
    if (!reassembly_add(&defrag->reassembly, &piece, &whole, &reason)) {
        if (reason != IPV4_OK)
            env_tell(ip->env, &ipv4_kinds[IPV4_DROP], view.frame, reason, piece.header.source.value,
                     piece.header.destination.value, piece.header.protocol);
        return IPV4_STOP;
    }
    packet_give_back(ip->packets, passing->packet);
    *passing->packet = whole;
    if (ipv4_header_parse(whole.bytes, whole.length_bytes, passing->header) == IPV4_OK)
        return IPV4_ACCEPT;
    return IPV4_STOP;
}

void defrag_init(struct defrag *defrag, struct ipv4 *ip)
{
    *defrag = (struct defrag){.ip = ip, .user = {.priority = DEFRAG_PRIORITY, .see = see}};
    reassembly_init(&defrag->reassembly, ip);
    ipv4_hook_add(ip, IPV4_PREROUTING, &defrag->user);
}

void defrag_release(struct defrag *defrag)
{
    reassembly_release(&defrag->reassembly);
}

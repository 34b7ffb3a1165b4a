/* SPDX-License-Identifier: MIT
 * The firewall at IP's hooks: each chain that is used looks on at its own. What is rejected is complained
 * about to its sender, by the rules that hold for all ICMP errors (RFC 1122 3.2.2). */
#include "protocols/firewall/firewall.h"
#include "protocols/icmp/codec.h"

static void reject(struct firewall *firewall, const struct firewall_rule *rule,
                   const struct ipv4_passing *passing)
{
    struct packet view = packet_view(passing->packet);
    struct ipv4_arrival about = {.header = *passing->header,
                                 .packet = view,
                                 .payload = packet_behind(view, passing->header->header_bytes),
                                 .interface = passing->in};
    bool is_ours = passing->in == IPV4_NO_INTERFACE; /* who sends it is told by the status of the call */
    if (firewall->ip->complain && !is_ours)
        firewall->ip->complain(firewall->ip, &about, ICMP_UNREACHABLE, rule->icmp_code, 0);
}

static enum ipv4_verdict see(struct ipv4_hook_user *user, struct ipv4_passing *passing)
{
    struct firewall *firewall = ENV_OWNER(user, struct firewall_hook, user)->firewall;
    const struct packet_out *packet = passing->packet;
    enum firewall_verdict verdict;
    struct firewall_packet seen = {.bytes = packet->bytes,
                                   .length_bytes = packet->length_bytes,
                                   .header = passing->header,
                                   .in = passing->in,
                                   .out = passing->out,
                                   .frame = packet->frame,
                                   .view = flow_read(packet->bytes, packet->length_bytes, passing->header),
                                   .conntrack = firewall->conntrack};
    const struct firewall_rule *rule = firewall_judge(firewall, passing->hook, &seen, &verdict);
    if (verdict == FIREWALL_ACCEPT)
        return IPV4_ACCEPT;
    if (verdict == FIREWALL_REJECT)
        reject(firewall, rule, passing);
    return IPV4_STOP;
}

void firewall_attach(struct firewall *firewall, struct ipv4 *ip)
{
    firewall->ip = ip;
    defrag_init(&firewall->defrag, ip);
    for (int i = 0; i < IPV4_HOOKS; i++) {
        struct firewall_hook *hook = &firewall->hooks[i];
        *hook = (struct firewall_hook){{.priority = FIREWALL_PRIORITY, .see = see}, firewall};
        if (firewall->chains[i].is_used)
            ipv4_hook_add(ip, (enum ipv4_hook)i, &hook->user);
    }
    if (firewall->conntrack)
        conntrack_attach(firewall->conntrack, ip);
}

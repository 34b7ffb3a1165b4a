/* SPDX-License-Identifier: MIT
 * ip neigh, and arp -n: which station has which address, as far as this machine knows. */
#include "nodes/apps/ip.h"

#include <stdio.h>

static bool has_mac(const struct arp_entry *entry)
{
    return entry->state != ARP_INCOMPLETE && entry->state != ARP_FAILED;
}

/* ---- ip neigh ---- */

static void print_neigh(struct nt_app *app, uint32_t dev)
{
    for (const struct arp_entry *entry = stack_of(app->node)->interfaces[dev].arp.oldest; entry;
         entry = entry->newer) {
        char address[IPV4_TEXT_SIZE], mac[MAC_TEXT_SIZE];
        ipv4_format(entry->address, address);
        mac_format(entry->mac, mac);
        nt_print(app, "%s dev %s %s%s%s%s\n", address, app->node->ports[dev]->name,
                 has_mac(entry) ? "lladdr " : "", has_mac(entry) ? mac : "", has_mac(entry) ? " " : "",
                 arp_state_words[entry->state]);
    }
}

static int add(struct nt_app *app, struct arp *arp, const struct ip_request *request)
{
    char address[IPV4_TEXT_SIZE], mac[MAC_TEXT_SIZE];
    ipv4_format(request->target.address, address);
    mac_format(request->lladdr, mac);
    for (const struct arp_entry *entry = arp->oldest; entry; entry = entry->newer)
        if (ipv4_is_equal(entry->address, request->target.address) && entry->state == ARP_PERMANENT)
            return ip_fail(app, "RTNETLINK answers: File exists");
    ip_tell(app, "%s is at %s, for good", address, mac);
    if (!arp_add_permanent(arp, request->target.address, request->lladdr))
        return ip_fail(app, "RTNETLINK answers: No buffer space available");
    return 0;
}

int ip_neigh(struct nt_app *app, const struct ip_request *request)
{
    struct stack *stack = stack_of(app->node);
    bool is_given = request->dev != IP_NO_DEV;
    if (request->dev == IP_LO)
        return 0;
    if (request->verb == IP_ADD)
        return add(app, &stack->interfaces[request->dev].arp, request);
    if (request->verb == IP_DEL)
        return arp_delete(&stack->interfaces[request->dev].arp, request->target.address)
                   ? 0
                   : ip_fail(app, "RTNETLINK answers: No such file or directory");
    for (uint32_t i = 0; i < stack->interface_count; i++)
        if (is_given && i != request->dev)
            continue;
        else if (request->verb == IP_FLUSH)
            arp_flush(&stack->interfaces[i].arp);
        else
            print_neigh(app, i);
    return 0;
}

/* ---- arp ---- */

static const struct nt_param arp_params[] = {
    {.name = "-n", .kind = NT_PARAM_BOOLEAN, .summary = "print addresses, no names; it never prints names"},
    {0}};

static void print_entry(struct nt_app *app, const struct arp_entry *entry, const char *name)
{
    char address[IPV4_TEXT_SIZE], mac[MAC_TEXT_SIZE];
    ipv4_format(entry->address, address);
    mac_format(entry->mac, mac);
    if (has_mac(entry))
        nt_print(app, "%-24s %-7s %-19s %-5s %-15s %s\n", address, "ether", mac,
                 entry->state == ARP_PERMANENT ? "CM" : "C", "", name);
    else
        nt_print(app, "%-24s %-7s %-19s %-5s %-15s %s\n", address, "", "(incomplete)", "", "", name);
}

static void arp_start(struct nt_app *app)
{
    const struct stack *stack = stack_of(app->node);
    nt_print(app, "%-24s %-7s %-19s %-5s %-15s %s\n", "Address", "HWtype", "HWaddress", "Flags", "Mask",
             "Iface");
    for (uint32_t i = 0; i < stack->interface_count; i++)
        for (const struct arp_entry *entry = stack->interfaces[i].arp.oldest; entry; entry = entry->newer)
            print_entry(app, entry, app->node->ports[i]->name);
    nt_app_exit(app, 0);
}

const struct nt_app_type arp_app = {.size = sizeof(struct nt_app_type),
                                    .name = "arp",
                                    .summary = "shows which Ethernet address belongs to which IP address",
                                    .params = arp_params,
                                    .start = arp_start};

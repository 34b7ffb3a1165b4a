/* SPDX-License-Identifier: MIT
 * The IP addresses of a machine's interfaces: given by the file, by a command or by DHCP; claimed by ARP; used by IP.
 *
 *     stack_set_address, stack_add_address  ->  arp: is it free? (or: it is ours, a person said so)
 *                                                 |
 *                                           stack_claimed  ->  ipv4: the address and its routes
 *
 * The first address of an interface needs no place of its own; each further one has a struct stack_address. */
#include "nodes/stack.h"

struct stack_address {
    struct arp_claim claim; /* hangs behind the interface's first */
    uint8_t prefix_length;
};

static struct stack_address *address_of(struct arp_claim *claim)
{
    return NT_OWNER(claim, struct stack_address, claim);
}

/* ---- What ARP says ---- */

static void first_claimed(struct stack_interface *interface, struct ipv4_address address, bool is_ours)
{
    struct stack *stack = stack_with(interface);
    struct ipv4_prefix prefix = {is_ours ? address : IPV4_ANY, is_ours ? interface->prefix_length : 0};
    ipv4_set_address(&stack->ip, interface->number, prefix);
    if (is_ours && !ipv4_is_any(stack->gateway))
        ipv4_set_gateway(&stack->ip, stack->gateway);
    if (interface->claimed)
        interface->claimed(interface, is_ours);
}

static void further_claimed(struct stack_interface *interface, struct ipv4_prefix prefix, bool is_ours)
{
    struct stack *stack = stack_with(interface);
    if (!is_ours) {
        ipv4_remove_address(&stack->ip, interface->number, prefix.address);
        return;
    }
    ipv4_add_address(&stack->ip, interface->number, prefix);
    if (!ipv4_is_any(stack->gateway) && ipv4_prefix_has(prefix, stack->gateway))
        ipv4_set_gateway(&stack->ip, stack->gateway);
}

void stack_claimed(struct arp *arp, struct ipv4_address address, bool is_ours)
{
    struct stack_interface *interface = NT_OWNER(arp, struct stack_interface, arp);
    struct arp_claim *claim = &arp->claim;
    while (!ipv4_is_equal(claim->wanted, address))
        claim = claim->next;
    if (claim == &arp->claim)
        first_claimed(interface, address, is_ours);
    else
        further_claimed(interface, (struct ipv4_prefix){address, address_of(claim)->prefix_length}, is_ours);
}

struct ipv4_address stack_asker(struct arp *arp, struct ipv4_address target)
{
    struct stack_interface *interface = NT_OWNER(arp, struct stack_interface, arp);
    return ipv4_source_on(&stack_with(interface)->ip, interface->number, target);
}

/* ---- Giving and taking ---- */

void stack_set_address(struct stack *stack, uint32_t number, struct ipv4_prefix prefix)
{
    stack->interfaces[number].prefix_length = prefix.length;
    if (ipv4_is_any(prefix.address))
        ipv4_set_address(&stack->ip, number, prefix);
    arp_set_address(&stack->interfaces[number].arp, prefix.address);
}

/* Is the claim to something that we have or hope to have? */
static bool is_alive(const struct arp_claim *claim)
{
    return claim->state != ARP_CLAIM_NONE && claim->state != ARP_CLAIM_LOST;
}

static struct arp_claim *find_claim(struct stack *stack, uint32_t number, struct ipv4_address address)
{
    struct arp_claim *claim = &stack->interfaces[number].arp.claim;
    while (claim && !(ipv4_is_equal(claim->wanted, address) && claim->state != ARP_CLAIM_NONE))
        claim = claim->next;
    return claim;
}

bool stack_remove_address(struct stack *stack, uint32_t number, struct ipv4_address address)
{
    struct arp *arp = &stack->interfaces[number].arp;
    struct arp_claim *claim = find_claim(stack, number, address);
    if (!claim)
        return false;
    if (claim == &arp->claim) {
        stack_set_address(stack, number, (struct ipv4_prefix){IPV4_ANY, 0});
        return true;
    }
    ipv4_remove_address(&stack->ip, number, address);
    arp_remove_address(arp, claim);
    nt_free(stack->node, address_of(claim));
    return true;
}

bool stack_has_address(struct stack *stack, uint32_t number, struct ipv4_address address)
{
    const struct arp_claim *claim = find_claim(stack, number, address);
    return claim && is_alive(claim);
}

bool stack_add_address(struct stack *stack, uint32_t number, struct ipv4_prefix prefix)
{
    struct stack_interface *interface = &stack->interfaces[number];
    struct arp *arp = &interface->arp;
    bool is_first_kept = interface->claimed; /* for the DHCP client */
    if (stack_has_address(stack, number, prefix.address))
        return false;
    if (find_claim(stack, number, prefix.address)) /* it was lost to somebody: try again */
        stack_remove_address(stack, number, prefix.address);
    if (!is_alive(&arp->claim) && !is_first_kept) {
        stack_set_address(stack, number, prefix);
        return true;
    }
    struct stack_address *further = nt_new(stack->node, sizeof *further);
    further->prefix_length = prefix.length;
    arp_add_address(arp, &further->claim, prefix.address);
    return true;
}

/* ---- What the file gives ---- */

bool stack_value_at(const struct nt_value *value, uint32_t index, struct ipv4_prefix *ret_prefix)
{
    const struct nt_value *item = value->items ? &value->items[index] : value;
    if (!value->is_given || index >= (value->items ? value->count : 1))
        return false;
    *ret_prefix = (struct ipv4_prefix){{(uint32_t)item->number}, (uint8_t)item->extra};
    return true;
}

void stack_set_addresses(struct stack *stack, uint32_t number, const struct nt_value *value)
{
    struct ipv4_prefix prefix;
    for (uint32_t i = 0; stack_value_at(value, i, &prefix); i++)
        stack_add_address(stack, number, prefix);
}

void stack_claim_addresses(struct nt_node *node, const char *param, const struct nt_value *value)
{
    struct ipv4_prefix prefix, before;
    for (uint32_t i = 0; stack_value_at(value, i, &prefix); i++) {
        const char *text = value->items ? value->items[i].text : value->text;
        uint8_t bytes[4];
        uint32_t same = 0;
        while (same < i && stack_value_at(value, same, &before) && !ipv4_is_equal(before.address, prefix.address))
            same++;
        bytes_put_u32(bytes, prefix.address.value);
        if (same < i)
            nt_refuse(node, param, "%s is given twice", text);
        else
            nt_claim(node, param, bytes, sizeof bytes, text);
    }
}

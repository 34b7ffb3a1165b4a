/* SPDX-License-Identifier: MIT
 * A host: one network interface, a stack, and applications that people start on it.
 *
 * What the file gives it claims at once; what it must choose (an Ethernet address, an IP address) it chooses
 * when all given ones are known, so that it never takes somebody else's. */
#include "nodes/host.h"

#include <string.h>

#include "nodes/dhcp.h"
#include "nodes/stack_filter.h"
#include "nodes/stack_tcp.h"

#define CHOSEN_NETWORK UINT32_C(0x0a000000) /* 10.0.0.0/8: hosts without an address are numbered in it */
#define CHOSEN_LENGTH 8
#define ADDRESS_BY_DHCP (-1)                /* in place of a prefix length */
#define DHCP_FIRST_WAIT (10 * NT_SECOND)    /* RFC 2131 4.4.1 */

struct host {
    struct stack stack; /* first: applications look for it there */
    const struct nt_value *values;
    struct ipv4_prefix prefix; /* the first given, or chosen */
};

enum { PARAM_ADDRESS, PARAM_GATEWAY, PARAM_MAC, PARAM_MTU, PARAM_DETECT, PARAM_FORWARDING, PARAM_FIREWALL, PARAM_TCP, PARAM_ICMP };

/* An address with its prefix length, or "dhcp" (extra: ADDRESS_BY_DHCP). */
static bool parse_address(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    if (strchr(text, '.'))
        return stack_parse_prefix(text, ret_value, ret_why);
    if (strcmp(text, "dhcp") != 0) {
        text_add(&why, "expected an address such as 10.0.0.1/24, or dhcp; found '%.60s'", text);
        return false;
    }
    ret_value->number = 0;
    ret_value->extra = ADDRESS_BY_DHCP;
    return true;
}

static const struct nt_param host_params[] = {
    {.name = "address",
     .kind = NT_PARAM_PARSED,
     .flags = NT_PARAM_MANY,
     .parse = parse_address,
     .summary = "IP address and prefix length such as 10.0.0.1/24, a list of several, or dhcp to be given one; "
                "chosen from 10.0.0.0/8 if not said"},
    {.name = "gateway",
     .kind = NT_PARAM_PARSED,
     .parse = stack_parse_address,
     .summary = "the router that leads to all other networks; none if not given"},
    {.name = "mac",
     .kind = NT_PARAM_PARSED,
     .parse = nic_parse_mac,
     .summary = "Ethernet address such as 02:00:00:00:00:01; chosen if not given"},
    {.name = "mtu",
     .kind = NT_PARAM_BYTES,
     .default_text = "1500",
     .least = 68,
     .most = 65535,
     .summary = "largest IP datagram that the interface sends or takes"},
    {.name = "detect-conflicts",
     .kind = NT_PARAM_BOOLEAN,
     .default_text = "false",
     .summary = "ask whether anybody has the address before using it, and defend it (RFC 5227)"},
    {.name = "forwarding",
     .kind = NT_PARAM_BOOLEAN,
     .default_text = "false",
     .summary = "pass on what is for others, as a router does"},
    STACK_FIREWALL_PARAM,
    STACK_TCP_PARAM,
    STACK_ICMP_PARAM_ROWS,
    {0}};

static bool is_by_dhcp(const struct host *host)
{
    return host->values[PARAM_ADDRESS].extra == ADDRESS_BY_DHCP;
}

/* In a list of addresses each must be one. */
static void refuse_dhcp_in_list(struct nt_node *node, const struct nt_value *address)
{
    for (uint32_t i = 0; address->count > 1 && i < address->count; i++)
        if (address->items[i].extra == ADDRESS_BY_DHCP)
            nt_refuse(node, "address", "dhcp stands alone; further addresses can be added by a command: "
                                       "ip addr add 10.0.0.1/24 dev eth0");
}

static void host_create(struct nt_node *node, const struct nt_value *values)
{
    struct host *host = node->state;
    host->values = values;
    stack_create(&host->stack, node);
    stack_filter_create(&host->stack, &values[PARAM_FIREWALL]);
    stack_tcp_settings(&host->stack, &values[PARAM_TCP]);
    stack_icmp_settings(&host->stack, &values[PARAM_ICMP]);
    refuse_dhcp_in_list(node, &values[PARAM_ADDRESS]);
    if (values[PARAM_ADDRESS].is_given && !is_by_dhcp(host)) {
        stack_value_at(&values[PARAM_ADDRESS], 0, &host->prefix);
        stack_claim_addresses(node, "address", &values[PARAM_ADDRESS]);
    }
    if (values[PARAM_MAC].is_given) {
        struct mac_address mac = mac_from_number((uint64_t)values[PARAM_MAC].number);
        nt_claim(node, "mac", mac.bytes, MAC_BYTES, values[PARAM_MAC].text);
    }
}

static const char address_counter_key; /* names the network's count of chosen addresses */

/* The next address that nobody was given. */
static struct ipv4_prefix choose_address(struct nt_node *node)
{
    uint8_t bytes[4];
    bool is_new = false;
    uint32_t *chosen = nt_shared(node, &address_counter_key, sizeof *chosen, &is_new);
    struct ipv4_address address;
    do {
        address.value = CHOSEN_NETWORK + ++*chosen;
        bytes_put_u32(bytes, address.value);
    } while (nt_is_claimed(node, bytes, sizeof bytes));
    nt_claim(node, NULL, bytes, sizeof bytes, ""); /* nobody has it, so nobody is shown it */
    return (struct ipv4_prefix){address, CHOSEN_LENGTH};
}

static void check_gateway(struct nt_node *node, const struct host *host, struct ipv4_address gateway)
{
    const struct nt_value *address = &host->values[PARAM_ADDRESS];
    const char *text = host->values[PARAM_GATEWAY].text;
    struct ipv4_prefix prefix = host->prefix;
    bool is_near = ipv4_prefix_has(prefix, gateway);
    for (uint32_t i = 0; !is_near && stack_value_at(address, i, &prefix); i++)
        is_near = ipv4_prefix_has(prefix, gateway);
    if (!is_near && address->count > 1)
        nt_refuse(node, "gateway", "%s is on no network of this host", text);
    else if (!is_near)
        nt_refuse(node, "gateway", "%s is not on the network of this host, %s", text,
                  address->is_given ? address->text : "which has no address of its own");
}

static void host_check(struct nt_node *node)
{
    struct host *host = node->state;
    const struct nt_value *values = host->values;
    stack_check(&host->stack, (uint32_t)values[PARAM_MTU].number);
    stack_filter_check(&host->stack, &values[PARAM_FIREWALL]);
    host->stack.ip.forwards = values[PARAM_FORWARDING].number;
    host->stack.ip.sends_redirects = false;
    if (!values[PARAM_ADDRESS].is_given)
        host->prefix = choose_address(node);
    if (values[PARAM_GATEWAY].is_given) {
        struct ipv4_address gateway = {(uint32_t)values[PARAM_GATEWAY].number};
        if (is_by_dhcp(host))
            nt_refuse(node, "gateway", "a host that gets its address by DHCP is given its gateway, too");
        else
            check_gateway(node, host, gateway);
    }
    for (uint32_t i = 0; i < node->port_count; i++) {
        stack_detect_conflicts(&host->stack, i, values[PARAM_DETECT].number);
        bool is_given = i == 0 && values[PARAM_MAC].is_given;
        stack_set_mac(&host->stack, i,
                      is_given ? mac_from_number((uint64_t)values[PARAM_MAC].number)
                               : nic_choose_mac(node->ports[i]));
    }
}

static void host_start(struct nt_node *node)
{
    struct host *host = node->state;
    if (node->port_count && is_by_dhcp(host))
        dhcp_start(&host->stack, 0, DHCP_FIRST_WAIT);
    else if (node->port_count && host->values[PARAM_ADDRESS].is_given)
        stack_set_addresses(&host->stack, 0, &host->values[PARAM_ADDRESS]);
    else if (node->port_count)
        stack_set_address(&host->stack, 0, host->prefix);
    for (uint32_t i = 0; i < node->port_count; i++)
        stack_line(&host->stack, node->ports[i]);
    stack_set_gateway(&host->stack, (struct ipv4_address){(uint32_t)host->values[PARAM_GATEWAY].number});
}

static void host_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    stack_receive(stack_of(node), port, frame);
}

static void host_line(struct nt_node *node, struct nt_port *port)
{
    stack_line(stack_of(node), port);
}

static void host_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense)
{
    stack_sense(stack_of(node), port, sense);
}

static uint64_t host_held(const struct nt_node *node)
{
    return stack_held(stack_of(node));
}

const struct nt_node_type host_type = {.size = sizeof(struct nt_node_type),
                                       .flags = NT_NODE_RUNS_APPS,
                                       .name = "host",
                                       .summary =
                                           "a computer with one network interface that runs applications",
                                       .params = host_params,
                                       .port_prefix = "eth",
                                       .max_ports = 1,
                                       .state_bytes = sizeof(struct host),
                                       .tables = stack_tables,
                                       .create = host_create,
                                       .check = host_check,
                                       .start = host_start,
                                       .receive = host_receive,
                                       .line = host_line,
                                       .sense = host_sense,
                                       .held = host_held};

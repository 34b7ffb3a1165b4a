/* SPDX-License-Identifier: MIT
 * See nat.h. A router (router.h) with the machine of protocols/nat/nat.h at its hooks, and a defrag before
 * it, because pieces have no ports. Here is what the file says, and what can be seen. */
#include "nodes/nat.h"

#include <stdio.h>
#include <string.h>

#include "nodes/router.h"
#include "nodes/stack_tables.h"
#include "protocols/conntrack/defrag.h"
#include "protocols/nat/forwarding.h"
#include "protocols/nat/nat.h"

struct nat_box {
    struct router router; /* first: applications look for its stack there */
    struct node_env env;
    struct defrag defrag;
    struct nat nat;
    bool has_nat; /* the outside interface is there */
};

enum {
    PARAM_OUTSIDE = ROUTER_PARAMS,
    PARAM_MAPPING,
    PARAM_FILTERING,
    PARAM_PORTS,
    PARAM_ASSIGNMENT,
    PARAM_FORWARD,
    PARAM_HAIRPIN,
    PARAM_INBOUND_REFRESH,
    PARAM_UDP_TIMEOUT,
    PARAM_TCP_TIMEOUT,
    PARAM_TCP_TRANSITORY_TIMEOUT,
    PARAM_ICMP_TIMEOUT
};

/* ---- "5001-65535" and "8080 -> 10.0.0.2:80/tcp" ---- */

static bool parse_ports(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    unsigned first = 0, last = 0;
    int end = 0;
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    if (sscanf(text, "%5u-%5u%n", &first, &last, &end) != 2 || text[end] != '\0') {
        text_add(&why, "expected a range of ports such as \"1024-65535\", found \"%.40s\"", text);
        return false;
    }
    if (first < 1 || last > 65535 || first > last) {
        text_add(&why, "%u-%u is no range of ports: they are 1 to 65535, the smaller one first", first, last);
        return false;
    }
    ret_value->number = first;
    ret_value->extra = last;
    return true;
}

static bool parse_forwarding(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    struct nat_forwarding forwarding;
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    return nat_forwarding_parse(text, &forwarding, &why);
}

#define TIMEOUT(text, words)                                                                                 \
    .kind = NT_PARAM_TIME, .default_text = text, .least = NT_SECOND, .most = 1000000 * NT_SECOND,            \
    .summary = words

static const struct nt_param nat_params[] = {
    ROUTER_PARAM_ROWS,
    {.name = "outside",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_REQUIRED,
     .summary = "the interface whose address everybody inside borrows, such as eth1"},
    {.name = "mapping",
     .kind = NT_PARAM_WORD,
     .words = nat_dependence_words,
     .default_text = "endpoint-independent",
     .summary = "does another remote get another port? RFC 4787 REQ-1"},
    {.name = "filtering",
     .kind = NT_PARAM_WORD,
     .words = nat_dependence_words,
     .default_text = "endpoint-independent",
     .summary = "who may send to a port that somebody inside has opened? RFC 4787 REQ-8"},
    {.name = "ports",
     .kind = NT_PARAM_PARSED,
     .parse = parse_ports,
     .default_text = "1024-65535",
     .summary = "the ports, and ICMP identifiers, that it gives away"},
    {.name = "assignment",
     .kind = NT_PARAM_WORD,
     .words = nat_assignment_words,
     .default_text = "sequential",
     .summary = "which port: the next one, or the inside's own if it is free"},
    {.name = "forward",
     .kind = NT_PARAM_LIST,
     .parse = parse_forwarding,
     .summary = "port forwardings such as \"8080 -> 10.0.0.2:80/tcp\""},
    {.name = "hairpin",
     .kind = NT_PARAM_BOOLEAN,
     .default_text = "true",
     .summary = "may those inside reach each other by their outside ports? RFC 4787 REQ-9"},
    {.name = "inbound-refresh",
     .kind = NT_PARAM_BOOLEAN,
     .default_text = "false",
     .summary = "do packets from outside keep a UDP binding alive too? RFC 4787 REQ-6"},
    {.name = "udp-timeout",
     TIMEOUT("300 s", "silence after which a UDP binding ends; RFC 4787 REQ-5: 2 minutes at least")},
    {.name = "tcp-timeout",
     TIMEOUT("7440 s", "the same for an open TCP connection; RFC 5382 REQ-5: 2 hours 4 minutes")},
    {.name = "tcp-transitory-timeout",
     TIMEOUT("240 s", "the same for one that is opening or closing; RFC 5382 REQ-5: 4 minutes")},
    {.name = "icmp-timeout", TIMEOUT("60 s", "the same for a ping; RFC 5508 REQ-2: 60 seconds")},
    {0}};

/* ---- Loading ---- */

static void nat_create(struct nt_node *node, const struct nt_value *values)
{
    struct nat_box *box = node->state;
    router_create(node, values);
    node_env_init(&box->env, node, "nat", nat_kinds, NAT_FACTS);
}

static struct nat_config config_from(const struct nt_value *values)
{
    struct nat_config config = nat_config_default();
    config.mapping = (enum nat_dependence)values[PARAM_MAPPING].number;
    config.filtering = (enum nat_dependence)values[PARAM_FILTERING].number;
    config.assignment = (enum nat_assignment)values[PARAM_ASSIGNMENT].number;
    config.first_port = (uint16_t)values[PARAM_PORTS].number;
    config.last_port = (uint16_t)values[PARAM_PORTS].extra;
    config.hairpins = values[PARAM_HAIRPIN].number;
    config.inbound_refreshes = values[PARAM_INBOUND_REFRESH].number;
    config.flows.limit = UINT32_MAX; /* ports are the limit, and the world's memory */
    config.flows.timeouts[FLOW_DATAGRAM] = values[PARAM_UDP_TIMEOUT].number;
    config.flows.timeouts[FLOW_OPEN] = values[PARAM_TCP_TIMEOUT].number;
    config.flows.timeouts[FLOW_OPENING] = values[PARAM_TCP_TRANSITORY_TIMEOUT].number;
    config.flows.timeouts[FLOW_CLOSING] = values[PARAM_TCP_TRANSITORY_TIMEOUT].number;
    config.flows.timeouts[FLOW_QUERY] = values[PARAM_ICMP_TIMEOUT].number;
    return config;
}

/* "eth0 and eth1", for a sentence. */
static void list_ports(const struct nt_node *node, struct text *text)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        text_add(text, "%s\"%s\"",
                 i == 0                      ? ""
                 : i + 1 == node->port_count ? " and "
                                             : ", ",
                 node->ports[i]->name);
}

/* The port called `name`; UINT32_MAX: refused. */
static uint32_t find_outside(struct nt_node *node, const char *name)
{
    char storage[200];
    struct text known = text_in(storage, sizeof storage);
    for (uint32_t i = 0; i < node->port_count; i++)
        if (strcmp(node->ports[i]->name, name) == 0)
            return i;
    list_ports(node, &known);
    if (node->port_count > 0)
        nt_refuse(node, "outside", "%s has no interface \"%.40s\"; it has %s", node->name, name, known.start);
    else
        nt_refuse(node, "outside", "%s has no interface \"%.40s\": no cable is plugged in", node->name, name);
    return UINT32_MAX;
}

static void add_forwardings(struct nt_node *node, struct nat_box *box)
{
    const struct nt_value *list = &box->router.values[PARAM_FORWARD];
    char storage[200];
    for (uint32_t i = 0; i < list->count; i++) {
        struct nat_forwarding forwarding;
        struct text why = text_in(storage, sizeof storage);
        char param[32];
        snprintf(param, sizeof param, "forward[%u]", i);
        if (nat_forwarding_parse(list->items[i].text, &forwarding, &why) &&
            !nat_forward(&box->nat, forwarding.protocol, forwarding.outside_port, forwarding.inside))
            nt_refuse(node, param, "port %u is forwarded already", forwarding.outside_port);
    }
}

static void nat_check(struct nt_node *node)
{
    struct nat_box *box = node->state;
    router_check(node);
    box->router.stack.ip.sends_redirects = false; /* a hairpin goes back where it came from, and must */
    uint32_t outside = find_outside(node, box->router.values[PARAM_OUTSIDE].text);
    if (outside == UINT32_MAX)
        return;
    struct nat_config config = config_from(box->router.values);
    struct ipv4 *ip = &box->router.stack.ip;
    defrag_init(&box->defrag, ip);
    nat_init(&box->nat, &box->env.env, ip, outside, &config);
    box->has_nat = true;
    add_forwardings(node, box);
    if (ipv4_is_any(router_prefix(&box->router, outside).address))
        nt_warn(node, "outside", "\"%s\" has no address; until it gets one nothing is translated",
                node->ports[outside]->name);
}

/* ---- What can be seen ---- */

static bool row_binding(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct nat_box *box = node->state;
    const struct nat_binding *binding = box->has_nat ? nat_bindings_row(&box->nat.bindings, index) : NULL;
    if (!binding)
        return false;
    int64_t expires = nat_binding_expires(binding);
    cells[0].number = binding->number;
    cells[1].number = flow_protocol_index(binding->protocol);
    cells[2].number = binding->inside.address.value;
    cells[3].number = binding->inside.port;
    cells[4].number = box->nat.ip->interfaces[box->nat.outside].prefix.address.value;
    cells[5].number = binding->outside_port;
    cells[6].number = binding->remote.address.value;
    cells[7].number = binding->remote.port;
    cells[8].number = binding->is_static;
    cells[9].number = nt_now(node) - binding->since;
    cells[10].number = expires == ENV_NEVER ? 0 : expires - nt_now(node);
    cells[11].number = (int64_t)binding->packets[FLOW_THERE];
    cells[12].number = (int64_t)binding->packets[FLOW_BACK];
    return true;
}

static bool row_nat(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct nat_box *box = node->state;
    const struct nat_counters *counters = &box->nat.counters;
    if (index > 0)
        return false;
    cells[0].number = box->nat.bindings.count;
    cells[1].number = box->nat.bindings.peak;
    cells[2].number = (int64_t)counters->out;
    cells[3].number = (int64_t)counters->in;
    cells[4].number = (int64_t)counters->errors_out;
    cells[5].number = (int64_t)counters->errors_in;
    cells[6].number = (int64_t)counters->dropped;
    cells[7].number = (int64_t)counters->exhausted;
    cells[8].number = (int64_t)counters->filtered;
    return true;
}

static const struct nt_table nat_tables[] = {STACK_TABLES,
                                             {.name = "bindings",
                                              .summary = "which end inside has which port outside",
                                              .columns = {{"binding", NT_UNIT_NONE},
                                                          {"protocol", NT_UNIT_WORD, flow_protocol_words},
                                                          {"inside", NT_UNIT_IPV4},
                                                          {"inside_port", NT_UNIT_NONE},
                                                          {"outside", NT_UNIT_IPV4},
                                                          {"outside_port", NT_UNIT_NONE},
                                                          {"remote", NT_UNIT_IPV4},
                                                          {"remote_port", NT_UNIT_NONE},
                                                          {"static", NT_UNIT_BOOL},
                                                          {"age", NT_UNIT_TIME},
                                                          {"expires", NT_UNIT_TIME},
                                                          {"out", NT_UNIT_FRAMES},
                                                          {"in", NT_UNIT_FRAMES}},
                                              .row = row_binding},
                                             {.name = "nat",
                                              .summary = "bindings and translated packets, counted",
                                              .columns = {{"bindings", NT_UNIT_NONE},
                                                          {"most", NT_UNIT_NONE},
                                                          {"out", NT_UNIT_FRAMES},
                                                          {"in", NT_UNIT_FRAMES},
                                                          {"errors_out", NT_UNIT_FRAMES},
                                                          {"errors_in", NT_UNIT_FRAMES},
                                                          {"dropped", NT_UNIT_FRAMES},
                                                          {"exhausted", NT_UNIT_FRAMES},
                                                          {"filtered", NT_UNIT_FRAMES}},
                                              .row = row_nat},
                                             {0}};

const struct nt_node_type nat_type = {.size = sizeof(struct nt_node_type),
                                      .flags = NT_NODE_RUNS_APPS,
                                      .name = "nat",
                                      .summary = "a router that hides those inside behind one address",
                                      .params = nat_params,
                                      .port_prefix = "eth",
                                      .max_ports = 64,
                                      .state_bytes = sizeof(struct nat_box),
                                      .tables = nat_tables,
                                      .create = nat_create,
                                      .check = nat_check,
                                      .start = router_start,
                                      .receive = router_receive,
                                      .line = router_line,
                                      .sense = router_sense,
                                      .held = router_held};

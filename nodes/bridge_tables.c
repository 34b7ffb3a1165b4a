/* SPDX-License-Identifier: MIT
 * What can be seen of a bridge: its table of addresses, its ports, its place in the tree. And what a person
 * can do to it. */
#include <stdio.h>

#include "nodes/bridge_parts.h"

static void show_id(struct bridge_id id, struct nt_cell *cell)
{
    bridge_id_format(id, cell->text);
}

/* ---- mac: who is where ---- */

static bool row_mac(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct bridge *bridge = bridge_of(node);
    const struct fdb_entry *entry = bridge->ports ? fdb_at(&bridge->relay.fdb, index) : NULL;
    if (!entry)
        return false;
    cells[0].number = (int64_t)entry->address;
    snprintf(cells[1].text, sizeof cells[1].text, "%s", node->ports[entry->port]->name);
    cells[2].number = entry->kind == FDB_DYNAMIC ? nt_now(node) - entry->heard_at : 0;
    cells[3].number = entry->kind;
    return true;
}

/* ---- ports: their part in the tree ---- */

static enum stp_state state_of(const struct bridge *bridge, uint32_t port)
{
    if (bridge->has_stp)
        return bridge->stp.ports[port].state;
    return relay_forwards(&bridge->relay, port) ? STP_FORWARDING : STP_DISABLED;
}

static void show_tree_port(const struct bridge *bridge, uint32_t index, struct nt_cell *cells)
{
    const struct stp_port *port = &bridge->stp.ports[index];
    cells[2].number = port->role;
    cells[5].number = port->path_cost;
    show_id(port->designated_root, &cells[6]);
    show_id(port->designated_bridge, &cells[7]);
    cells[8].number = port->designated_port;
    cells[9].number = (int64_t)port->forward_transitions;
    stp_port_explain(&bridge->stp, index, cells[10].text, sizeof cells[10].text);
}

static bool row_port(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct bridge *bridge = bridge_of(node);
    if (!bridge->ports || index >= node->port_count)
        return false;
    const struct bridge_port *port = &bridge->ports[index];
    snprintf(cells[0].text, sizeof cells[0].text, "%s", port->nic.port->name);
    cells[1].number = state_of(bridge, index);
    cells[3].number = port->nic.port->is_up;
    cells[4].number = port->nic.port->rate_bps;
    cells[11].number = (int64_t)mac_to_number(port->nic.mac);
    cells[12].number = (int64_t)port->filtered;
    cells[13].number = (int64_t)port->blocked;
    cells[14].number = (int64_t)port->nic.damaged;
    if (bridge->has_stp)
        show_tree_port(bridge, index, cells);
    else
        snprintf(cells[10].text, sizeof cells[10].text, "there is no spanning tree");
    return true;
}

/* ---- bridge: the tree as it sees it ---- */

static bool row_bridge(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct bridge *bridge = bridge_of(node);
    if (!bridge->ports || index > 0)
        return false;
    const struct fdb *fdb = &bridge->relay.fdb;
    cells[9].number = fdb->ageing_time;
    cells[10].number = fdb_length(fdb);
    cells[11].number = fdb->config.limit;
    cells[12].number = (int64_t)fdb->moved;
    cells[13].number = (int64_t)fdb->refused;
    if (!bridge->has_stp)
        return true;
    const struct stp *stp = &bridge->stp;
    show_id(stp->bridge_id, &cells[0]);
    show_id(stp->root, &cells[1]);
    cells[2].number = stp->root_path_cost;
    snprintf(cells[3].text, sizeof cells[3].text, "%s",
             stp->root_port == STP_NO_PORT ? "none" : node->ports[stp->root_port]->name);
    cells[4].number = stp->current.hello_time;
    cells[5].number = stp->current.max_age;
    cells[6].number = stp->current.forward_delay;
    cells[7].number = (int64_t)stp->change_count;
    cells[8].number = stp->is_changing;
    return true;
}

/* ---- csma: the ports on shared lines ---- */

static bool row_csma(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct bridge *bridge = bridge_of(node);
    for (uint32_t i = 0; bridge->ports && i < node->port_count; i++) {
        if (!nic_mac(&bridge->ports[i].nic) || index-- > 0)
            continue;
        nic_show_mac(&bridge->ports[i].nic, cells);
        return true;
    }
    return false;
}

const struct nt_table bridge_tables[] = {
    {.name = "mac",
     .summary = "which station is behind which port",
     .columns = {{"address", NT_UNIT_MAC},
                 {"port", NT_UNIT_TEXT},
                 {"age", NT_UNIT_TIME},
                 {"kind", NT_UNIT_WORD, fdb_kind_words}},
     .row = row_mac},
    {.name = "ports",
     .summary = "what each port does, and why",
     .columns = {{"port", NT_UNIT_TEXT},
                 {"state", NT_UNIT_WORD, stp_state_words},
                 {"role", NT_UNIT_WORD, stp_role_words},
                 {"up", NT_UNIT_BOOL},
                 {"rate", NT_UNIT_RATE},
                 {"cost", NT_UNIT_NONE},
                 {"designated_root", NT_UNIT_TEXT},
                 {"designated_bridge", NT_UNIT_TEXT},
                 {"designated_port", NT_UNIT_HEX},
                 {"forward_transitions", NT_UNIT_NONE},
                 {"why", NT_UNIT_TEXT},
                 {"address", NT_UNIT_MAC},
                 {"filtered", NT_UNIT_FRAMES},
                 {"blocked", NT_UNIT_FRAMES},
                 {"damaged", NT_UNIT_FRAMES}},
     .row = row_port},
    {.name = "bridge",
     .summary = "the tree as this bridge sees it, and its table as a whole",
     .columns = {{"bridge", NT_UNIT_TEXT},
                 {"root", NT_UNIT_TEXT},
                 {"root_cost", NT_UNIT_NONE},
                 {"root_port", NT_UNIT_TEXT},
                 {"hello", NT_UNIT_TIME},
                 {"max_age", NT_UNIT_TIME},
                 {"forward_delay", NT_UNIT_TIME},
                 {"changes", NT_UNIT_NONE},
                 {"is_changing", NT_UNIT_BOOL},
                 {"ageing", NT_UNIT_TIME},
                 {"entries", NT_UNIT_NONE},
                 {"table_size", NT_UNIT_NONE},
                 {"moved", NT_UNIT_NONE},
                 {"refused", NT_UNIT_NONE}},
     .row = row_bridge},
    {.name = "csma",
     .summary = "how its ports on shared lines get to speak",
     .columns = NIC_MAC_COLUMNS,
     .row = row_csma},
    {0}};

/* ---- Commands ---- */

static void flush_start(struct nt_app *app)
{
    fdb_forget(&bridge_of(app->node)->relay.fdb, FDB_NOWHERE, BRIDGE_FORGET_PERSON);
    nt_app_exit(app, 0);
}

static const struct nt_param priority_params[] = {{.name = "priority",
                                                   .kind = NT_PARAM_INTEGER,
                                                   .flags = NT_PARAM_REQUIRED | NT_PARAM_POSITIONAL,
                                                   .least = 0,
                                                   .most = 65535,
                                                   .summary = "the lowest becomes the root"},
                                                  {0}};

static void priority_start(struct nt_app *app)
{
    struct bridge *bridge = bridge_of(app->node);
    if (!bridge->has_stp) {
        nt_print(app, "priority: %s does not speak the spanning tree protocol\n", app->node->name);
        nt_app_exit(app, 1);
        return;
    }
    stp_set_bridge_id(&bridge->stp, bridge_id_of((uint16_t)app->values[0].number,
                                                 mac_from_number(bridge_id_address(bridge->stp.bridge_id))));
    nt_app_exit(app, 0);
}

const struct nt_app_type bridge_commands[] = {
    {.size = sizeof(struct nt_app_type),
     .name = "flush",
     .summary = "forgets all addresses that were learned",
     .start = flush_start},
    {.size = sizeof(struct nt_app_type),
     .name = "priority",
     .summary = "changes the bridge's priority in the spanning tree",
     .params = priority_params,
     .start = priority_start},
    {0}};

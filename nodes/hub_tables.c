/* SPDX-License-Identifier: MIT
 * What can be seen of a hub: itself, and its ports. */
#include <string.h>

#include "nodes/hub.h"

static bool hub_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct hub *hub = node->state;
    if (index > 0)
        return false;
    cells[0].number = hub->state;
    cells[1].number = hub->rate.rate_bps;
    cells[2].number = hub->delay;
    cells[3].number = (int64_t)hub->repeated;
    cells[4].number = (int64_t)hub->collisions;
    return true;
}

static bool ports_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct hub *hub = node->state;
    if (index >= node->port_count || !hub->ports)
        return false;
    const struct hub_port *port = &hub->ports[index];
    strncpy(cells[0].text, port->port->name, sizeof cells[0].text - 1);
    cells[1].number = port->hears;
    cells[2].number = port->sends;
    cells[3].number = port->hears_many || (port->hears && port->sends);
    cells[4].number = port->is_partitioned;
    cells[5].number = (int64_t)port->frames;
    cells[6].number = (int64_t)port->fragments;
    cells[7].number = (int64_t)port->collisions;
    cells[8].number = port->in_a_row;
    cells[9].number = (int64_t)port->partitions;
    return true;
}

const struct nt_table hub_tables[] = {{.name = "hub",
                                       .summary = "the repeater as a whole",
                                       .columns = {{"state", NT_UNIT_WORD, hub_state_words},
                                                   {"rate", NT_UNIT_RATE},
                                                   {"delay", NT_UNIT_TIME},
                                                   {"repeated", NT_UNIT_FRAMES},
                                                   {"collisions", NT_UNIT_NONE}},
                                       .row = hub_row},
                                      {.name = "ports",
                                       .summary = "what each port hears and sends, and what came from it",
                                       .columns = {{"port", NT_UNIT_TEXT},
                                                   {"hears", NT_UNIT_BOOL},
                                                   {"sends", NT_UNIT_BOOL},
                                                   {"collision", NT_UNIT_BOOL},
                                                   {"partitioned", NT_UNIT_BOOL},
                                                   {"frames", NT_UNIT_FRAMES},
                                                   {"fragments", NT_UNIT_FRAMES},
                                                   {"collisions", NT_UNIT_NONE},
                                                   {"in_a_row", NT_UNIT_NONE},
                                                   {"partitions", NT_UNIT_NONE}},
                                       .row = ports_row},
                                      {0}};

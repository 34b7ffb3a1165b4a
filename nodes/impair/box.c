/* SPDX-License-Identifier: MIT
 * A box between two cables that does to frames what its list says, and passes them on: as laboratories put
 * one between two machines to see how they bear a bad line.
 *
 *      alice ===== port0 [ loss, jitter, ... ] port1 ===== bob
 *
 * Nobody knows of it: it has no address and no opinion. Since it is a station to its cables, a frame that it
 * loses was delivered to it and is discarded there, and a copy is one more frame sent. Both cables are full
 * duplex. */
#include "nodes/impair/box.h"

#include <string.h>

#include "nodes/impair/line.h"

struct box {
    struct impair_line *lines[2]; /* for frames that come in at this port; NULL: they pass */
    const struct nt_value *list;  /* as in the file */
};

static const char *const impair_category[] = {"impair", "impairment", NULL};

static const struct nt_param box_params[] = {
    {.name = "impair",
     .kind = NT_PARAM_PARTS,
     .flags = NT_PARAM_REQUIRED,
     .words = impair_category,
     .summary = "what goes wrong with frames on their way through, in this order"},
    {0}};

static void box_create(struct nt_node *node, const struct nt_value *values)
{
    struct box *box = node->state;
    box->list = &values[0];
}

static void box_check(struct nt_node *node)
{
    struct box *box = node->state;
    impair_check(node, box->list);
    for (int i = 0; i < 2; i++)
        box->lines[i] = impair_line_new(node->ports[i], node->ports[1 - i], box->list);
}

static void box_start(struct nt_node *node)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        node->ports[i]->takes_all = true;
}

static void box_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct box *box = node->state;
    if (box->lines[port->index])
        impair_line_take(box->lines[port->index], frame, nt_cause(node));
    else
        nt_transmit(node->ports[1 - port->index], frame);
}

static bool box_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct box *box = node->state;
    uint32_t side = index == 0 && !box->lines[0] ? 1 : index;
    if (side > 1 || !box->lines[side])
        return false;
    strncpy(cells[0].text, node->ports[side]->name, sizeof cells[0].text - 1);
    strncpy(cells[1].text, node->ports[1 - side]->name, sizeof cells[1].text - 1);
    impair_line_row(box->lines[side], cells);
    return true;
}

static const struct nt_table box_tables[] = {{.name = "impair",
                                              .summary = "what was done to frames of each direction",
                                              .columns = {{"from", NT_UNIT_TEXT},
                                                          {"to", NT_UNIT_TEXT},
                                                          {"dropped", NT_UNIT_FRAMES},
                                                          {"damaged", NT_UNIT_FRAMES},
                                                          {"duplicated", NT_UNIT_FRAMES},
                                                          {"delayed", NT_UNIT_FRAMES},
                                                          {"held", NT_UNIT_FRAMES}},
                                              .row = box_row},
                                             {0}};

const struct nt_node_type impair_type = {.size = sizeof(struct nt_node_type),
                                         .name = "impair",
                                         .summary =
                                             "a box between two cables that loses, damages or delays frames",
                                         .params = box_params,
                                         .port_prefix = "port",
                                         .max_ports = 2,
                                         .least_ports = 2,
                                         .state_bytes = sizeof(struct box),
                                         .tables = box_tables,
                                         .create = box_create,
                                         .start = box_start,
                                         .receive = box_receive,
                                         .check = box_check};

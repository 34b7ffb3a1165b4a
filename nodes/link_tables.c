/* SPDX-License-Identifier: MIT
 * What can be seen of a link: its directions, its queues and what has gone wrong on it. */
#include <string.h>

#include "nodes/impair/line.h"
#include "nodes/link_half.h"
#include "nodes/link_queue.h"
#include "nodes/link_state.h"

struct link_queue *link_queue_at(const struct nt_node *node, uint32_t index)
{
    const struct link *link = node->state;
    return link->sides[index] ? link->sides[index]->queue : NULL;
}

static bool link_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct link *link = node->state;
    if (index > 1 || !node->ports || node->port_count < 2)
        return false;
    if (link->half) {
        link_half_row(link->half, index, cells);
        return true;
    }
    static const struct link_side nothing_yet;
    const struct link_side *side = link->sides[index] ? link->sides[index] : &nothing_yet;
    const struct nt_port *far = node->ports[1 - index]->peer, *near = node->ports[index]->peer;
    uint32_t waiting = 0;
    for (uint32_t i = 0; i < side->length; i++)
        waiting += side->row[(side->first + i) & (side->capacity - 1)].starts > nt_now(node);
    strncpy(cells[0].text, near ? near->node->name : "", sizeof cells[0].text - 1);
    strncpy(cells[1].text, far ? far->node->name : "", sizeof cells[1].text - 1);
    cells[2].number = !link->is_cut;
    cells[3].number = link->rate.rate_bps;
    cells[4].number = link->delay;
    cells[5].number = side->length - waiting;
    cells[6].number = side->queue ? link_queue_length(side->queue) : waiting;
    cells[7].number = side->queue ? link_queue_longest(side->queue) : side->longest;
    cells[8].number = (int64_t)side->sent;
    cells[9].number = (int64_t)node->ports[index]->dropped_frames;
    return true;
}

static const struct impair_line *impair_at(const struct nt_node *node, uint32_t index)
{
    const struct link *link = node->state;
    return link->sides[index] ? link->sides[index]->impair : NULL;
}

static bool impair_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    struct nt_cell ends[10] = {0};
    uint32_t side = index;
    if (index == 0 && !impair_at(node, 0))
        side = 1;
    if (side > 1 || !impair_at(node, side) || !link_row(node, side, ends))
        return false;
    cells[0] = ends[0];
    cells[1] = ends[1];
    impair_line_row(impair_at(node, side), cells);
    return true;
}

const struct nt_table link_tables[] = {{.name = "link",
                                        .summary = "each direction: its state, and what is on the way",
                                        .columns = {{"from", NT_UNIT_TEXT},
                                                    {"to", NT_UNIT_TEXT},
                                                    {"up", NT_UNIT_BOOL},
                                                    {"rate", NT_UNIT_RATE},
                                                    {"delay", NT_UNIT_TIME},
                                                    {"flying", NT_UNIT_FRAMES},
                                                    {"waiting", NT_UNIT_FRAMES},
                                                    {"longest", NT_UNIT_FRAMES},
                                                    {"sent", NT_UNIT_FRAMES},
                                                    {"dropped", NT_UNIT_FRAMES}},
                                        .row = link_row},
                                       {.name = "queue",
                                        .summary = "each end's queue, if it is not drop-tail",
                                        .columns = {{"from", NT_UNIT_TEXT},
                                                    {"to", NT_UNIT_TEXT},
                                                    {"discipline", NT_UNIT_TEXT},
                                                    {"waiting", NT_UNIT_FRAMES},
                                                    {"bytes", NT_UNIT_BYTES},
                                                    {"longest", NT_UNIT_FRAMES},
                                                    {"delay", NT_UNIT_TIME},
                                                    {"slowest", NT_UNIT_TIME},
                                                    {"sent", NT_UNIT_FRAMES},
                                                    {"dropped", NT_UNIT_FRAMES},
                                                    {"marked", NT_UNIT_FRAMES}},
                                        .row = link_queue_row},
                                       {.name = "discipline",
                                        .summary = "what the discipline at each end knows",
                                        .columns = {{"from", NT_UNIT_TEXT},
                                                    {"to", NT_UNIT_TEXT},
                                                    {"what", NT_UNIT_TEXT},
                                                    {"value", NT_UNIT_NONE}},
                                        .row = link_queue_fact_row},
                                       {.name = "impair",
                                        .summary = "what the impairments of each direction have done",
                                        .columns = {{"from", NT_UNIT_TEXT},
                                                    {"to", NT_UNIT_TEXT},
                                                    {"dropped", NT_UNIT_FRAMES},
                                                    {"damaged", NT_UNIT_FRAMES},
                                                    {"duplicated", NT_UNIT_FRAMES},
                                                    {"delayed", NT_UNIT_FRAMES},
                                                    {"held", NT_UNIT_FRAMES}},
                                        .row = impair_row},
                                       {0}};

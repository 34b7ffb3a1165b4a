/* SPDX-License-Identifier: MIT
 * See link_half.h. */
#include "nodes/link_half.h"

#include <string.h>

#include "nodes/shared.h"

#define RATE_MOST INT64_C(1000000000) /* IEEE 802.3 44.1.1: from 10 Gb/s on there is full duplex only */

struct link_half {
    struct shared shared;
    struct link_half_config config;
    int64_t length_mm; /* of the cable; where a delay was given, one that has it */
};

static struct link_half *half_of(const struct nt_node *node)
{
    return *(struct link_half *const *)node->state;
}

/* ---- Loading ---- */

struct link_half *link_half_new(struct nt_node *node, const struct link_half_config *config)
{
    struct link_half *half = nt_new(node, sizeof *half);
    half->config = *config;
    half->length_mm = medium_length(config->delay, medium_velocity_permille(config->medium));
    shared_create(&half->shared, node);
    if (config->rate_bps > RATE_MOST)
        nt_refuse(node, "rate", "half duplex ends at 1 Gbps; faster links are full duplex");
    return half;
}

void link_half_check(struct link_half *half)
{
    const struct shared_place ends[2] = {{0, 0}, {half->length_mm, half->config.delay}};
    shared_check(&half->shared, half->config.rate_bps, half->length_mm, half->config.delay, ends);
}

void link_half_impair(struct link_half *half, struct impair_line *from_first, struct impair_line *from_second)
{
    half->shared.taps[1].impair = from_first;
    half->shared.taps[0].impair = from_second;
}

void link_half_describe(const struct nt_node *node, struct cable_facts *ret_facts)
{
    static const enum cable_kind kinds[] = {CABLE_TWISTED_PAIR, CABLE_10BASE5, CABLE_10BASE2, CABLE_FIBRE,
                                            CABLE_OTHER}; /* by medium_names */
    const struct link_half *half = half_of(node);
    *ret_facts = (struct cable_facts){.kind = CABLE_OTHER};
    if (half)
        *ret_facts = (struct cable_facts){.kind = kinds[half->config.medium],
                                          .is_half_duplex = true,
                                          .rate_bps = half->config.rate_bps,
                                          .length_mm = half->length_mm};
}

/* ---- Running ---- */

void link_half_start(struct link_half *half)
{
    shared_start(&half->shared);
}

void link_half_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense)
{
    struct link_half *half = half_of(node);
    if (half)
        shared_sense(&half->shared, port, sense);
}

void link_half_carrier(const struct nt_node *node, const struct nt_port *port, struct nt_carrier *ret_carrier)
{
    const struct link_half *half = half_of(node);
    *ret_carrier = (struct nt_carrier){false, INT64_MIN, INT64_MIN};
    if (half)
        shared_carrier(&half->shared, port, ret_carrier);
}

void link_half_watch(struct nt_node *node, struct nt_port *port)
{
    struct link_half *half = half_of(node);
    if (half)
        shared_watch(&half->shared, port);
}

void link_half_set_cut(struct link_half *half, bool is_cut)
{
    shared_set_cut(&half->shared, is_cut);
}

uint64_t link_half_held(const struct link_half *half)
{
    return shared_held(&half->shared);
}

/* ---- What can be seen ---- */

/* The columns are those of a link of two directions. What waits, waits in the stations: their table "mac"
 * knows. */
void link_half_row(const struct link_half *half, uint32_t index, struct nt_cell *cells)
{
    const struct shared *shared = &half->shared;
    const struct shared_tap *from = &shared->taps[index], *to = &shared->taps[1 - index];
    strncpy(cells[0].text, from->port->peer->node->name, sizeof cells[0].text - 1);
    strncpy(cells[1].text, to->port->peer->node->name, sizeof cells[1].text - 1);
    cells[2].number = !shared->is_cut;
    cells[3].number = shared->rate.rate_bps;
    cells[4].number = shared->end_to_end;
    cells[5].number = from->sending != NULL;
    cells[8].number = (int64_t)from->sent;
    cells[9].number = (int64_t)to->garbled;
}

/* SPDX-License-Identifier: MIT
 * A link whose ends take turns: half duplex. To physics it is a shared cable with two taps, one at each end
 * (nodes/shared.h). So all that a long coaxial cable shows can be seen on it: deferral, collisions, late
 * ones. (On twisted pair the two directions have wires of their own. But a station that hears something while
 * it sends calls it a collision all the same, IEEE 802.3 14.2.1.4, so nothing is different for it.)
 *
 * A link with `"duplex": "half"` keeps a pointer to this as the first thing in its state and hands on
 * whatever it is asked. IEEE 802.3 clause 4. */
#ifndef NETARIUM_NODES_LINK_HALF_H
#define NETARIUM_NODES_LINK_HALF_H

#include "nodes/cable.h"
#include "sim/netarium.h"

struct link_half;

/* What the link was asked to be. */
struct link_half_config {
    int64_t rate_bps;
    nt_time delay;  /* propagation from end to end */
    int64_t medium; /* index into medium_names */
};

/* create. Refuses what half duplex cannot be. */
struct link_half *link_half_new(struct nt_node *node, const struct link_half_config *config);

/* The callbacks of a link that is one. */
void link_half_check(struct link_half *half);
void link_half_start(struct link_half *half);
void link_half_set_cut(struct link_half *half, bool is_cut);
uint64_t link_half_held(const struct link_half *half);

/* What goes wrong with frames that come in at end 0, at end 1; NULL: nothing. check. */
struct impair_line;
void link_half_impair(struct link_half *half, struct impair_line *from_first,
                      struct impair_line *from_second);

/* Fills the row of one direction, 0 or 1, in the table "link". */
void link_half_row(const struct link_half *half, uint32_t index, struct nt_cell *ret_cells);

/* Members of the link's type. Nobody calls them on a link of two directions. */
void link_half_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense);
void link_half_carrier(const struct nt_node *node, const struct nt_port *port,
                       struct nt_carrier *ret_carrier);
void link_half_watch(struct nt_node *node, struct nt_port *port);

/* What any link is, before time starts; of one with two directions only that. */
void link_half_describe(const struct nt_node *node, struct cable_facts *ret_facts);

#endif

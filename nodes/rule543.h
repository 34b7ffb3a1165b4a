/* SPDX-License-Identifier: MIT
 * Is a network of repeaters small enough for a collision to be noticed in time? IEEE 802.3 clause 13.
 *
 * Model 1, the rule of thumb: between any two stations at most 5 segments and 4 repeaters, and at most 3 of 5
 * segments coax with stations on it. Model 2, exact: the delays of all segments there and back, from a table,
 * make at most 575 bit times. What breaks the rule is told as a warning with the path that breaks it, and
 * simulated all the same. */
#ifndef NETARIUM_NODES_RULE543_H
#define NETARIUM_NODES_RULE543_H

#include "sim/netarium.h"

/* What the search leaves in each hub, as the first thing in its state. */
struct rule543_mark {
    const struct nt_node *lowest; /* who searched last: the first hub of the search */
    const struct nt_node *via;    /* the cable through which this hub was reached */
    struct nt_node *next;         /* in the row of those still to be looked at */
};

/* Looks at all that is joined to `hub` by cables and other hubs, and warns. Of all hubs of a network only the
 * first one in the file speaks. check. */
void rule543_check(struct nt_node *hub);

#endif

/* SPDX-License-Identifier: MIT
 * What can be known of a cable before time starts: for who checks a network of several of them.
 *
 * Links and segments keep their physics to themselves; a repeater only hears what arrives. But whether a
 * network of repeaters is too long is a question to all cables at once (nodes/rule543.h), and it is asked
 * when the file is checked. */
#ifndef NETARIUM_NODES_CABLE_H
#define NETARIUM_NODES_CABLE_H

#include "sim/netarium.h"

/* Kinds of cable whose delays IEEE 802.3 13.4 lists. */
enum cable_kind { CABLE_10BASE5, CABLE_10BASE2, CABLE_TWISTED_PAIR, CABLE_FIBRE, CABLE_OTHER };

struct cable_facts {
    enum cable_kind kind;
    bool is_half_duplex;
    bool is_coax; /* stations are tapped into it: a "mixing segment", IEEE 802.3 1.4 */
    int64_t rate_bps;
    int64_t length_mm; /* between the two ports asked for */
};

/* What lies between two ports of one cable. `a` and `b` are the cable's own ports, and may be the same.
 * False: the cable's type is not known here (a plug-in's). check, or later. */
bool cable_between(const struct nt_port *a, const struct nt_port *b, struct cable_facts *ret_facts);

#endif

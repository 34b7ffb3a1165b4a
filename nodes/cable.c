/* SPDX-License-Identifier: MIT
 * See cable.h: asks the node that the cable is. */
#include "nodes/cable.h"

#include "nodes/link.h"
#include "nodes/link_half.h"
#include "nodes/segment.h"

bool cable_between(const struct nt_port *a, const struct nt_port *b, struct cable_facts *ret_facts)
{
    const struct nt_node_type *type = a->node->type;
    if (type == &segment_type)
        segment_describe(a, b, ret_facts);
    else if (type == &link_type)
        link_half_describe(a->node, ret_facts);
    else
        return false;
    return true;
}

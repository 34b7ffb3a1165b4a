/* SPDX-License-Identifier: MIT
 * TCP segments that no TCP has made: what somebody can put on a wire who says he is somebody else.
 *
 * Nothing checks the source address that a machine writes into its datagrams, unless a router on the way does
 * (RFC 2827). So whoever can send can forge; answers go to whoever has the address. */
#ifndef NETARIUM_NODES_APPS_FORGE_H
#define NETARIUM_NODES_APPS_FORGE_H

#include "nodes/stack.h"
#include "protocols/tcp/segment.h"

/* Sends `segment` as if it came from `source`. False: there is no way to `destination`. */
bool forge_send(struct stack *stack, struct ipv4_address source, struct ipv4_address destination,
                const struct tcp_segment *segment);

#endif

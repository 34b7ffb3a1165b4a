/* SPDX-License-Identifier: MIT
 * What all broken plug-ins have in common, so that each shows nothing but its fault: a hub that does nothing wrong. */
#ifndef BROKEN_PLUG_H
#define BROKEN_PLUG_H

#include <netarium.h>

/* A copy to all other ports; the frame's own reference is given back. */
static inline void repeat(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        if (node->ports[i] != port)
            nt_transmit(node->ports[i], nt_frame_ref(frame));
    nt_frame_unref(node, frame);
}

/* A node type, with what is said of it behind these members. */
#define HUB(title, ...)                                                                                      \
    static const struct nt_node_type hub = {.size = sizeof(struct nt_node_type),                             \
                                            .name = title,                                                   \
                                            .summary = "a hub with a fault",                                 \
                                            .port_prefix = "port",                                           \
                                            .max_ports = 8,                                                  \
                                            .state_bytes = 256,                                              \
                                            __VA_ARGS__};                                                    \
    static const struct nt_node_type *const nodes[] = {&hub, NULL}

#define PLUGIN(title)                                                                                        \
    NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {                                              \
        NT_PLUGIN_BEGIN, .name = title, .summary = "broken", .nodes = nodes}

#endif

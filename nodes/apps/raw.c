/* SPDX-License-Identifier: MIT
 * See raw.h. */
#include "nodes/apps/raw.h"

#include <string.h>

static bool find_target(struct raw_source *source, const char *to)
{
    if (mac_parse(to, &source->to))
        return true;
    if (strcmp(to, "broadcast") == 0) {
        source->to = mac_broadcast;
        return true;
    }
    return nt_resolve(source->app->node, to, source->to.bytes, MAC_BYTES);
}

bool raw_init(struct raw_source *source, struct nt_app *app, const char *to, const char *from,
              int64_t size_bytes)
{
    struct stack *stack = stack_of(app->node);
    *source = (struct raw_source){.app = app, .size_bytes = (uint32_t)size_bytes};
    nt_random_init(app->node, &source->random, app->words);
    if (!stack->interface_count) {
        nt_print(app, "%s: there is no network interface\n", app->type->name);
        return false;
    }
    source->interface = &stack->interfaces[0];
    source->from = source->interface->nic.mac;
    if (!find_target(source, to)) {
        nt_print(app, "%s: %s is neither a node's name nor an Ethernet address\n", app->type->name, to);
        return false;
    }
    source->is_from_random = from && strcmp(from, "random") == 0;
    if (from && !source->is_from_random && !mac_parse(from, &source->from)) {
        nt_print(app, "%s: %s is not an Ethernet address\n", app->type->name, from);
        return false;
    }
    return true;
}

/* A locally administered address of one station, drawn anew. */
static struct mac_address random_mac(struct raw_source *source)
{
    uint64_t low = nt_random_below(source->app->node, &source->random, UINT32_MAX);
    return mac_from_number(UINT64_C(0x060000000000) | low);
}

void raw_send(struct raw_source *source)
{
    struct nt_node *node = source->app->node;
    uint32_t length = source->size_bytes - ETHERNET_FCS;
    struct nt_frame *frame = nt_frame_new(node, 0, length);
    struct ethernet_header header = {source->to, source->is_from_random ? random_mac(source) : source->from,
                                     STACK_RAW_TYPE};
    memset(frame->bytes, 0, length);
    ethernet_emit(&header, frame->bytes);
    bytes_put_u32(frame->bytes + ETHERNET_HEADER, node->id);
    bytes_put_u32(frame->bytes + ETHERNET_HEADER + 4, (uint32_t)++source->count);
    nic_send(&source->interface->nic, frame);
}

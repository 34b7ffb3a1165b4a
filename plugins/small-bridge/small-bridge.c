/* SPDX-License-Identifier: MIT
 * A bridge in sixty lines: it learns behind which port a station is from the frames that it sends, and forwards frames for it
 * there; what it does not know goes everywhere. IEEE 802.1D 7.7 and 7.8, without the spanning tree. */
#include <netarium.h>

#include <string.h>

#define PLACES 1024 /* a power of two; two stations at one place: the newer one is remembered */

struct station {
    uint64_t address; /* 0: nobody */
    struct nt_port *port;
    nt_time heard_at;
};

struct small_bridge {
    nt_time age;
    struct station stations[PLACES];
};

static const struct nt_param params[] = {{.name = "age", .kind = NT_PARAM_TIME, .default_text = "300 s", .least = 1, .most = 1000000 * NT_SECOND,
                                          .summary = "how long a station is remembered after it was heard"},
                                         {0}};

static uint64_t address_at(const uint8_t *bytes)
{
    uint64_t address = 0;
    for (int i = 0; i < 6; i++)
        address = address << 8 | bytes[i];
    return address;
}

static struct station *place_of(struct small_bridge *bridge, uint64_t address)
{
    return &bridge->stations[(address ^ address >> 10 ^ address >> 24) % PLACES];
}

static void create(struct nt_node *node, const struct nt_value *values)
{
    ((struct small_bridge *)node->state)->age = values[0].number;
}

static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct small_bridge *bridge = node->state;
    uint64_t to = address_at(frame->bytes), from = address_at(frame->bytes + 6);
    if (!nt_frame_is_intact(node, frame)) {
        nt_discard(port, frame, "the check sequence is wrong");
        return;
    }
    *place_of(bridge, from) = (struct station){from, port, nt_now(node)};
    const struct station *known = place_of(bridge, to);
    bool is_known = known->address == to && nt_now(node) - known->heard_at < bridge->age;
    if (is_known && known->port != port) {
        nt_transmit(known->port, frame); /* which takes our reference to it */
        return;
    }
    for (uint32_t i = 0; !is_known && i < node->port_count; i++)
        if (node->ports[i] != port)
            nt_transmit(node->ports[i], nt_frame_ref(frame));
    nt_frame_unref(node, frame);
}

static bool row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct small_bridge *bridge = node->state;
    for (const struct station *at = bridge->stations; at < bridge->stations + PLACES; at++) {
        if (!at->address || nt_now(node) - at->heard_at >= bridge->age || index--)
            continue;
        cells[0].number = (int64_t)at->address;
        strncpy(cells[1].text, at->port->name, sizeof cells[1].text - 1);
        cells[2].number = nt_now(node) - at->heard_at;
        return true;
    }
    return false;
}

static const struct nt_table tables[] = {
    {.name = "stations", .summary = "who is behind which port", .row = row,
     .columns = {{.name = "station", .unit = NT_UNIT_MAC}, {.name = "port", .unit = NT_UNIT_TEXT}, {.name = "age", .unit = NT_UNIT_TIME}}},
    {0}};
static const struct nt_node_type type = {.size = sizeof type, .name = "small-bridge", .summary = "learns and forwards, in sixty lines",
                                         .params = params, .port_prefix = "port", .max_ports = 64, .state_bytes = sizeof(struct small_bridge),
                                         .tables = tables, .create = create, .receive = receive};
static const struct nt_node_type *const nodes[] = {&type, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {NT_PLUGIN_BEGIN, .name = "small-bridge", .summary = "a bridge in sixty lines", .nodes = nodes};

/* SPDX-License-Identifier: MIT
 * A hub that leaks: what comes in at one port goes out at all others, but now and then one of them gets nothing.
 *
 * A whole plug-in in one file: a parameter, a table, a record, and three callbacks. It stores frames and forwards them, so that its
 * cables may be of any kind.
 *
 *     cc -shared -fPIC $(pkg-config --cflags netarium) leaky-hub.c -o leaky-hub.so
 *     netarium run leaky-hub.json --plugin ./leaky-hub.so */
#include <netarium.h>

#include <stddef.h>

struct leaky_hub {
    struct nt_random dice;
    uint32_t leak_ppm;
    uint32_t kind_leak; /* of our own record, in this network */
    uint64_t repeated, leaked;
};

/* What a scenario may say of it. The loader checks this before time begins; help and the schema show it. */
static const struct nt_param params[] = {
    {.name = "leak", .kind = NT_PARAM_PERCENT, .default_text = "10 %", .most = 1000000, .summary = "how often a port gets nothing"},
    {0}};

/* What it tells, in the words that --why and queries use. */
static const struct nt_kind leak_kind = {.name = "leaky.leak",
                                         .sentence = "{node} leaks: frame {of} does not leave at {port}",
                                         .flags = NT_KIND_INTERESTING,
                                         .fields = {{"of", NT_UNIT_FRAME}}};

/* What can be seen of it. */
static bool row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct leaky_hub *hub = node->state;
    cells[0].number = (int64_t)hub->repeated;
    cells[1].number = (int64_t)hub->leaked;
    return index == 0;
}

static const struct nt_table tables[] = {{.name = "leaky",
                                          .summary = "frames repeated, and those that leaked away",
                                          .columns = {{"repeated", NT_UNIT_FRAMES}, {"leaked", NT_UNIT_FRAMES}},
                                          .row = row},
                                         {0}};

/* Loading. */
static void create(struct nt_node *node, const struct nt_value *values)
{
    struct leaky_hub *hub = node->state;
    hub->leak_ppm = (uint32_t)values[0].number;
    hub->kind_leak = nt_kind(node, &leak_kind);
    nt_random_init(node, &hub->dice, "leaks");
}

/* Running: a frame has arrived, and one reference to it is ours. */
static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct leaky_hub *hub = node->state;
    for (uint32_t i = 0; i < node->port_count; i++) {
        if (node->ports[i] == port)
            continue;
        if (nt_random_below(node, &hub->dice, 1000000) < hub->leak_ppm) {
            hub->leaked++;
            nt_tell(node, hub->kind_leak, node->ports[i], frame->id, (int64_t)frame->id);
        } else {
            hub->repeated++;
            nt_transmit(node->ports[i], nt_frame_ref(frame)); /* transmit takes the reference that ref gives */
        }
    }
    nt_frame_unref(node, frame);
}

static const struct nt_node_type leaky_hub_type = {.size = sizeof(struct nt_node_type),
                                                   .name = "leaky-hub",
                                                   .summary = "a hub at which now and then a frame leaks away",
                                                   .params = params,
                                                   .port_prefix = "port",
                                                   .max_ports = 64,
                                                   .state_bytes = sizeof(struct leaky_hub),
                                                   .tables = tables,
                                                   .create = create,
                                                   .receive = receive};

static const struct nt_node_type *const nodes[] = {&leaky_hub_type, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin;
NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {
    NT_PLUGIN_BEGIN, .name = "leaky-hub", .summary = "a hub that leaks", .nodes = nodes};

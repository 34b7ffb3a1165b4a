/* SPDX-License-Identifier: MIT
 * A hub that crashes at the fifth frame, in a way that its file chooses. */
#include <netarium.h>
#include <stdlib.h>

struct crasher {
    int64_t how;
    struct nt_event event;
    int64_t seen;
};

enum { WRITE, ABORT, RECURSE, EVENT, ROW, CREATE };
static const char *const words[] = {"write", "abort", "recurse", "event", "row", "create", NULL};
static const struct nt_param params[] = {
    {.name = "how", .kind = NT_PARAM_WORD, .words = words, .default_text = "write", .summary = "where and how"},
    {0}};

static void write_nowhere(void)
{
    *(volatile int *)8 = 1;
}

static int recurse(volatile const int *before, int depth)
{
    volatile int here[100];
    here[0] = depth;
    return recurse(here, depth + 1) + here[0] + *before;
}

static void fire(struct nt_event *event)
{
    (void)event;
    write_nowhere();
}

static void create(struct nt_node *node, const struct nt_value *values)
{
    struct crasher *crasher = node->state;
    crasher->how = values[0].number;
    nt_event_init(&crasher->event, node, fire);
    if (crasher->how == CREATE)
        write_nowhere();
}

static void crash(struct crasher *crasher, struct nt_node *node)
{
    volatile int start = 0;
    switch (crasher->how) {
    case WRITE:
        write_nowhere();
        return;
    case ABORT:
        abort();
    case RECURSE:
        recurse(&start, 0);
        return;
    case EVENT:
        nt_arm(&crasher->event, nt_now(node) + NT_MICROSECOND);
        return;
    default:
        return;
    }
}

static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct crasher *crasher = node->state;
    if (++crasher->seen == 5)
        crash(crasher, node);
    for (uint32_t i = 0; i < node->port_count; i++)
        if (node->ports[i] != port)
            nt_transmit(node->ports[i], nt_frame_ref(frame));
    nt_frame_unref(node, frame);
}

static bool row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct crasher *crasher = node->state;
    if (crasher->how == ROW && crasher->seen > 3)
        write_nowhere();
    cells[0].number = crasher->seen;
    return index == 0;
}

static const struct nt_table tables[] = {
    {.name = "seen", .summary = "frames so far", .columns = {{"count", NT_UNIT_FRAMES}}, .row = row}, {0}};
static const struct nt_node_type crasher_type = {.size = sizeof(struct nt_node_type),
                                                 .name = "crasher",
                                                 .summary = "a hub that crashes",
                                                 .params = params,
                                                 .port_prefix = "port",
                                                 .max_ports = 8,
                                                 .state_bytes = sizeof(struct crasher),
                                                 .tables = tables,
                                                 .create = create,
                                                 .receive = receive};
static const struct nt_node_type *const nodes[] = {&crasher_type, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin;
NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {
    NT_PLUGIN_BEGIN, .name = "crasher", .summary = "crashes", .nodes = nodes};

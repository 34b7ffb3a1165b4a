/* SPDX-License-Identifier: MIT
 * A node type in one file: a little bridge. It learns behind which port a station is, and forwards frames there.
 *
 *     a frame comes in --> learn its source --> is its destination known? --yes--> out at that port
 *                                                        | no
 *                                                        +--> out at all ports but the one it came from
 *
 * What a node may do, and when, is said in netarium.h. All that it remembers is in its state: going back in time puts that
 * memory back, and nothing else. So no static variable that changes, and no malloc: nt_new. */
#include <netarium.h>

#include <string.h>

#define PLACES 64 /* stations that it can remember */

struct station {
    uint8_t address[6];
    struct nt_port *port; /* behind which it was heard */
    nt_time heard_at;     /* when, the last time */
};

/* The node's memory. It is there, zeroed, before create is called. */
struct my_node {
    nt_time age;                     /* parameter: how long a station is remembered */
    struct nt_event sweep;           /* a timer */
    uint32_t kind_learned;           /* the number of our kind of record in this network */
    uint64_t forwarded, flooded;     /* counts, for the table */
    uint32_t count;                  /* places in use */
    struct station stations[PLACES]; /* in the order of learning */
};

/* ---- What a scenario may say of it: checked before time begins, shown by netarium help my-node ---- */

enum { PARAM_AGE };

static const struct nt_param params[] = {
    [PARAM_AGE] = {.name = "age",
                   .kind = NT_PARAM_TIME,
                   .default_text = "300 s",
                   .least = NT_MILLISECOND,
                   .most = 1000000 * NT_SECOND,
                   .summary = "how long a station is remembered that is not heard any more"},
    {0}};

/* ---- What it tells: records, for --trace, --why and expectations ---- */

static const struct nt_kind learned_kind = {
    .name = "my_node.learned",
    .sentence = "{node} learns that {station} is behind {port}",
    .flags = NT_KIND_INTERESTING,
    .fields = {{.name = "station", .unit = NT_UNIT_MAC}},
};

/* ---- What can be seen of it: tables, for netarium step, the window and expectations ---- */

/* An address as a number: how records and tables hold it. */
static int64_t number_of(const uint8_t address[6])
{
    int64_t number = 0;
    for (int i = 0; i < 6; i++)
        number = number << 8 | address[i];
    return number;
}

/* Fills row number `index`; false past the last one. It must not change anything. */
static bool stations_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    const struct my_node *bridge = node->state;
    if (index >= bridge->count)
        return false;
    const struct station *station = &bridge->stations[index];
    ret_cells[0].number = number_of(station->address);
    strncpy(ret_cells[1].text, station->port->name, sizeof ret_cells[1].text - 1);
    ret_cells[2].number = nt_now(node) - station->heard_at;
    return true;
}

static bool counts_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    const struct my_node *bridge = node->state;
    ret_cells[0].number = (int64_t)bridge->forwarded;
    ret_cells[1].number = (int64_t)bridge->flooded;
    return index == 0;
}

static const struct nt_table tables[] = {{.name = "stations",
                                          .summary = "which station is behind which port",
                                          .columns = {{.name = "station", .unit = NT_UNIT_MAC},
                                                      {.name = "port", .unit = NT_UNIT_TEXT},
                                                      {.name = "age", .unit = NT_UNIT_TIME}},
                                          .row = stations_row},
                                         {.name = "counts",
                                          .summary = "frames sent to one port, and to all",
                                          .columns = {{.name = "forwarded", .unit = NT_UNIT_FRAMES},
                                                      {.name = "flooded", .unit = NT_UNIT_FRAMES}},
                                          .row = counts_row},
                                         {0}};

/* ---- Remembering ---- */

static struct station *find(struct my_node *bridge, const uint8_t address[6])
{
    for (uint32_t i = 0; i < bridge->count; i++)
        if (memcmp(bridge->stations[i].address, address, 6) == 0)
            return &bridge->stations[i];
    return NULL;
}

static void learn(struct nt_node *node, struct nt_port *port, const struct nt_frame *frame)
{
    struct my_node *bridge = node->state;
    const uint8_t *source = frame->bytes + 6;
    struct station *station = find(bridge, source);
    if (!station && bridge->count < PLACES) {
        station = &bridge->stations[bridge->count++];
        memcpy(station->address, source, 6);
        station->port = NULL;
    }
    if (!station)
        return; /* full: it can still flood */
    if (station->port != port)
        nt_tell(node, bridge->kind_learned, port, frame->id, number_of(source));
    station->port = port;
    station->heard_at = nt_now(node);
    if (!nt_is_armed(&bridge->sweep))
        nt_arm(&bridge->sweep, nt_now(node) + bridge->age);
}

/* A timer: who was not heard for too long is forgotten. */
static void sweep_fire(struct nt_event *event)
{
    struct my_node *bridge = NT_OWNER(event, struct my_node, sweep);
    nt_time now = nt_now(event->node);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < bridge->count; i++)
        if (now - bridge->stations[i].heard_at < bridge->age)
            bridge->stations[kept++] = bridge->stations[i];
    bridge->count = kept;
    if (kept)
        nt_arm(event, now + bridge->age);
}

/* ---- What it does ---- */

/* Loading: take the parameters, declare the kinds of records. */
static void create(struct nt_node *node, const struct nt_value *values)
{
    struct my_node *bridge = node->state;
    bridge->age = values[PARAM_AGE].number;
    bridge->kind_learned = nt_kind(node, &learned_kind);
    nt_event_init(&bridge->sweep, node, sweep_fire);
}

static void flood(struct nt_node *node, const struct nt_port *from, struct nt_frame *frame)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        if (node->ports[i] != from)
            nt_transmit(node->ports[i], nt_frame_ref(frame)); /* transmit takes the reference that ref gives */
}

/* Running: a frame has arrived. One reference to it is ours: we give it back, or hand it on. */
static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct my_node *bridge = node->state;
    if (!nt_frame_is_intact(node, frame)) {
        nt_discard(port, frame, "the check sequence is wrong");
        return;
    }
    learn(node, port, frame);
    struct station *to = find(bridge, frame->bytes);
    if (to && to->port != port) {
        bridge->forwarded++;
        nt_transmit(to->port, nt_frame_ref(frame));
    } else if (!to) { /* unknown, or a group: groups are nobody's source, and so are never learned */
        bridge->flooded++;
        flood(node, port, frame);
    }
    nt_frame_unref(node, frame);
}

/* ---- The type, and the plug-in that brings it ---- */

static const struct nt_node_type my_node_type = {
    .size = sizeof(struct nt_node_type),
    .name = "my-node",
    .summary = "a little bridge: learns, forwards, forgets",
    .params = params,
    .port_prefix = "port",
    .max_ports = 16,
    .state_bytes = sizeof(struct my_node),
    .tables = tables,
    .create = create,
    .receive = receive,
};

static const struct nt_node_type *const nodes[] = {&my_node_type, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {
    NT_PLUGIN_BEGIN, .name = "my-node", .summary = "a little bridge", .nodes = nodes};

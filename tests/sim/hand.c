/* SPDX-License-Identifier: MIT
 * See hand.h. */
#include "tests/sim/hand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The talker ---- */

struct talker {
    struct nt_event next;
    struct nt_event unrelated; /* moved at every turn, to exercise moving */
    struct nt_random random;
    uint64_t talked, heard;
    uint32_t kind;
};

static const struct nt_kind talk_kind = {
    .name = "talk.frame", .sentence = "{node} says {length}", .fields = {{"length", NT_UNIT_BYTES}}};

static void never_fires(struct nt_event *event)
{
}

static void talk(struct nt_event *event)
{
    struct nt_node *node = event->node;
    struct talker *talker = node->state;
    uint32_t length = 60 + nt_random_below(node, &talker->random, 1400);
    struct nt_frame *frame = nt_frame_new(node, 0, length);
    for (uint32_t i = 0; i < length; i++)
        frame->bytes[i] = (uint8_t)(talker->talked + i + node->id);
    nt_because(node, nt_tell(node, talker->kind, NULL, frame->id, length));
    nt_frame_seal(node, frame);
    talker->talked++;
    nt_transmit(node->ports[nt_random_below(node, &talker->random, node->port_count)], frame);
    nt_arm(event, nt_now(node) + 1 + nt_random_below(node, &talker->random, 20000000));
    nt_arm(&talker->unrelated, nt_now(node) + NT_SECOND);
}

static void talker_create(struct nt_node *node, const struct nt_value *values)
{
    struct talker *talker = node->state;
    nt_random_init(node, &talker->random, "talk");
    talker->kind = nt_kind(node, &talk_kind);
    nt_event_init(&talker->next, node, talk);
    nt_event_init(&talker->unrelated, node, never_fires);
}

static void talker_start(struct nt_node *node)
{
    struct talker *talker = node->state;
    nt_arm(&talker->next, nt_random_below(node, &talker->random, 1000000));
}

static void talker_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct talker *talker = node->state;
    talker->heard++;
    if (talker->heard % 7 == 0)
        nt_discard(port, frame, "it is the seventh");
    else
        nt_frame_unref(node, frame);
}

static bool talker_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct talker *talker = node->state;
    cells[0].number = (int64_t)talker->talked;
    cells[1].number = (int64_t)talker->heard;
    return index == 0;
}

static const struct nt_table talker_tables[] = {
    {.name = "talk", .columns = {{"talked", NT_UNIT_FRAMES}, {"heard", NT_UNIT_FRAMES}}, .row = talker_row},
    {0}};

const struct nt_node_type hand_talker = {.size = sizeof(struct nt_node_type),
                                         .name = "talker",
                                         .port_prefix = "eth",
                                         .max_ports = 8,
                                         .state_bytes = sizeof(struct talker),
                                         .tables = talker_tables,
                                         .create = talker_create,
                                         .start = talker_start,
                                         .receive = talker_receive};

/* ---- The wire ---- */

struct wire_trip {
    struct nt_event event;
    struct nt_frame *frame;
    struct nt_port *to;
};

struct wire {
    uint64_t carried, flying;
    uint64_t told;
};

static void trip_ends(struct nt_event *event)
{
    struct wire_trip trip = *NT_OWNER(event, struct wire_trip, event);
    struct wire *wire = event->node->state;
    wire->flying--;
    nt_free(event->node, NT_OWNER(event, struct wire_trip, event));
    nt_deliver(trip.to, trip.frame, nt_cause(trip.to->node));
}

static void wire_transmit(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct wire *wire = node->state;
    nt_because(node, nt_tell_tx(port, frame, nt_cause(node), NT_MICROSECOND));
    if (++wire->carried % 16 == 0) {
        nt_drop(port, frame, "every sixteenth is lost");
        return;
    }
    struct wire_trip *trip = nt_new(node, sizeof *trip);
    nt_event_init(&trip->event, node, trip_ends);
    trip->frame = frame;
    trip->to = node->ports[1 - port->index];
    wire->flying++;
    nt_arm(&trip->event, nt_now(node) + NT_MICROSECOND);
}

static void wire_start(struct nt_node *node)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        nt_port_line(node->ports[i], true, false, 1000000000);
}

static uint64_t wire_held(const struct nt_node *node)
{
    return ((const struct wire *)node->state)->flying;
}

const struct nt_node_type hand_wire = {.size = sizeof(struct nt_node_type),
                                       .flags = NT_NODE_MEDIUM,
                                       .name = "wire",
                                       .port_prefix = "end",
                                       .max_ports = 2,
                                       .state_bytes = sizeof(struct wire),
                                       .start = wire_start,
                                       .transmit = wire_transmit,
                                       .held = wire_held};

/* ---- Putting it together ---- */

static char *text_of(const char *format, size_t number)
{
    char text[40];
    snprintf(text, sizeof text, format, number);
    return strdup(text);
}

/* Values of a type's parameters as their defaults would be read: only numbers that tests need. */
static struct nt_value *values_of(const struct nt_node_type *type)
{
    size_t count = 0;
    while (type->params && type->params[count].name)
        count++;
    struct nt_value *values = calloc(count + 1, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(type->params[i].name, "rate") == 0)
            values[i].number = 100000000;
        if (strcmp(type->params[i].name, "length") == 0)
            values[i].number = 100000;
    }
    return values;
}

void hand_init(struct hand *hand, const struct nt_node_type *medium, size_t talkers, uint64_t seed)
{
    memset(hand, 0, sizeof *hand);
    registry_init(&hand->registry);
    struct scenario *scenario = &hand->scenario;
    scenario->file = "hand.json";
    scenario->seed = seed;
    scenario->stop = 3600 * NT_SECOND;
    scenario->node_count = talkers * 2;
    scenario->joint_count = talkers * 2;
    scenario->nodes = calloc(scenario->node_count, sizeof *scenario->nodes);
    scenario->joints = calloc(scenario->joint_count, sizeof *scenario->joints);
    for (size_t i = 0; i < talkers; i++) {
        scenario->nodes[i].name = text_of("talker%zu", i);
        scenario->nodes[i].type = &hand_talker;
        scenario->nodes[talkers + i].name = text_of("wire%zu", i);
        scenario->nodes[talkers + i].type = medium;
        scenario->nodes[talkers + i].values.values = values_of(medium);
        scenario->joints[2 * i].node[0] = i;
        scenario->joints[2 * i].node[1] = talkers + i;
        scenario->joints[2 * i + 1].node[0] = talkers + i;
        scenario->joints[2 * i + 1].node[1] = (i + 1) % talkers;
    }
    struct error_list errors;
    error_list_init(&errors);
    hand->run = run_new(&hand->registry, (size_t)64 << 20);
    if (!run_build(hand->run, scenario, &errors))
        abort();
    error_list_release(&errors);
}

void hand_release(struct hand *hand)
{
    run_free(hand->run);
    registry_release(&hand->registry);
    for (size_t i = 0; i < hand->scenario.node_count; i++) {
        free((char *)hand->scenario.nodes[i].name);
        free((struct nt_value *)hand->scenario.nodes[i].values.values);
    }
    free(hand->scenario.nodes);
    free(hand->scenario.joints);
}

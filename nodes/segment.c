/* SPDX-License-Identifier: MIT
 * A segment: a coaxial cable with terminators at both ends and stations tapped into it. IEEE 802.3 clauses 8
 * and 10.
 *
 * Its physics is nodes/shared.c; here it gets its parameters, and the rules of the two classic cables: how
 * long they may be, how many taps they take and how far apart. What breaks a rule is built all the same, with
 * a warning: to see what happens is why one simulates. */
#include "nodes/segment.h"

#include <stdio.h>
#include <stdlib.h>

#include "nodes/shared.h"

/* What the standard allows of a cable; 8.4.1, 8.6, 10.5, 10.7 (C-03). */
struct cable_rules {
    const char *name;
    int64_t most_mm, velocity_permille, spacing_mm;
    uint32_t taps;
};

static const struct cable_rules cables[] = {
    {"10BASE5", 500000, 770, 2500, 100},
    {"10BASE2", 185000, 650, 500, 30},
};

static const char *const cable_words[] = {"10BASE5", "10BASE2", "custom", NULL};
static const char *const duplex_words[] = {"half", "full", NULL};
static const enum cable_kind kinds_of_medium[] = {CABLE_10BASE5, CABLE_10BASE2, CABLE_OTHER};

struct segment {
    struct shared shared; /* first */
    const struct nt_value *values;
};

enum { PARAM_MEDIUM, PARAM_LENGTH, PARAM_RATE, PARAM_VELOCITY, PARAM_DUPLEX };
enum { PORT_POSITION };

static const struct nt_param segment_params[] = {
    {.name = "medium",
     .kind = NT_PARAM_WORD,
     .default_text = "10BASE5",
     .words = cable_words,
     .summary = "thick coax (0.77 c), thin coax (0.65 c), or a cable of your own"},
    {.name = "length",
     .kind = NT_PARAM_LENGTH,
     .least = 0,
     .most = INT64_C(100000000),
     .summary = "from terminator to terminator; the most the standard allows if not given"},
    {.name = "rate",
     .kind = NT_PARAM_RATE,
     .default_text = "10 Mbps",
     .least = 1000,
     .most = INT64_C(1000000000),
     .summary = "bits per second"},
    {.name = "velocity",
     .kind = NT_PARAM_PERCENT,
     .least = 10000,
     .most = 1000000,
     .summary = "how fast signals travel, in per cent of the speed of light; the medium's own if not given"},
    {.name = "duplex",
     .kind = NT_PARAM_WORD,
     .default_text = "half",
     .words = duplex_words,
     .summary = "half: a shared cable has only one direction at a time"},
    {0}};

static const struct nt_param segment_port_params[] = {
    {.name = "position",
     .kind = NT_PARAM_LENGTH,
     .most = INT64_C(100000000),
     .summary = "where on the cable, from its beginning; spread evenly if none is given"},
    {0}};

static void segment_create(struct nt_node *node, const struct nt_value *values)
{
    struct segment *segment = node->state;
    segment->values = values;
    shared_create(&segment->shared, node);
    if (values[PARAM_DUPLEX].number != 0)
        nt_refuse(
            node, "duplex",
            "a segment is shared by its stations, so it is half duplex; full duplex needs a link with one "
            "station at each end");
}

static const struct cable_rules *rules_of(const struct segment *segment)
{
    int64_t medium = segment->values[PARAM_MEDIUM].number;
    return kinds_of_medium[medium] == CABLE_OTHER ? NULL : &cables[medium];
}

static int64_t length_of(const struct segment *segment)
{
    const struct nt_value *length = &segment->values[PARAM_LENGTH];
    const struct cable_rules *rules = rules_of(segment);
    return length->is_given ? length->number : rules ? rules->most_mm : 500000;
}

static const char *station_name(const struct nt_node *node, uint32_t tap)
{
    const struct nt_port *peer = node->ports[tap]->peer;
    return peer ? peer->node->name : "?";
}

/* Where a tap is: as given, else spread evenly between the ends. */
static int64_t position_of(const struct nt_node *node, uint32_t tap, int64_t length_mm)
{
    const struct nt_value *given = node->ports[tap]->values;
    if (given && given[PORT_POSITION].is_given)
        return given[PORT_POSITION].number;
    return node->port_count > 1 ? length_mm * tap / (node->port_count - 1) : 0;
}

static void place_taps(struct nt_node *node, int64_t length_mm, int64_t *ret_position_mm)
{
    for (uint32_t i = 0; i < node->port_count; i++) {
        struct nt_port *tap = node->ports[i];
        ret_position_mm[i] = position_of(node, i, length_mm);
        if (ret_position_mm[i] > length_mm)
            nt_refuse_port(tap, "position", "the tap of \"%s\" is at %s, outside this cable of %lld m",
                           station_name(node, i), tap->values[PORT_POSITION].text,
                           (long long)(length_mm / 1000));
        for (uint32_t j = 0; j < i; j++)
            if (ret_position_mm[j] == ret_position_mm[i])
                nt_refuse_port(
                    tap, "position",
                    "\"%s\" and \"%s\" are tapped at one place, %lld.%03lld m; give them different positions",
                    station_name(node, j), station_name(node, i), (long long)(ret_position_mm[i] / 1000),
                    (long long)(ret_position_mm[i] % 1000));
    }
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* What the standard would not allow is said, once each. */
static void warn_of_rules(struct nt_node *node, const struct cable_rules *rules, int64_t length_mm,
                          int64_t *position_mm)
{
    if (length_mm > rules->most_mm)
        nt_warn(node, "length",
                "%s allows %lld m, this cable has %lld m: a collision may go unnoticed (IEEE 802.3)",
                rules->name, (long long)(rules->most_mm / 1000), (long long)(length_mm / 1000));
    if (node->port_count > rules->taps)
        nt_warn(node, NULL, "%s allows %u taps, this cable has %u (IEEE 802.3)", rules->name, rules->taps,
                node->port_count);
    qsort(position_mm, node->port_count, sizeof *position_mm, by_number);
    for (uint32_t i = 1; i < node->port_count; i++) {
        int64_t apart_mm = position_mm[i] - position_mm[i - 1];
        if (apart_mm >= rules->spacing_mm || apart_mm == 0) /* at one place: that was refused */
            continue;
        nt_warn(node, NULL, "%s wants %lld.%lld m between taps; some are closer (IEEE 802.3)", rules->name,
                (long long)(rules->spacing_mm / 1000), (long long)(rules->spacing_mm % 1000 / 100));
        return;
    }
}

static int64_t velocity_of(const struct segment *segment)
{
    const struct nt_value *velocity = &segment->values[PARAM_VELOCITY];
    const struct cable_rules *rules = rules_of(segment);
    return velocity->is_given ? velocity->number / 1000 : rules ? rules->velocity_permille : 770;
}

static void segment_check(struct nt_node *node)
{
    struct segment *segment = node->state;
    const struct cable_rules *rules = rules_of(segment);
    int64_t length_mm = length_of(segment), velocity = velocity_of(segment);
    int64_t *position_mm = nt_new(node, (node->port_count + 1) * sizeof *position_mm);
    struct shared_place *places = nt_new(node, (node->port_count + 1) * sizeof *places);
    place_taps(node, length_mm, position_mm);
    for (uint32_t i = 0; i < node->port_count; i++)
        places[i] = (struct shared_place){position_mm[i], medium_propagation(position_mm[i], velocity)};
    shared_check(&segment->shared, segment->values[PARAM_RATE].number, length_mm,
                 medium_propagation(length_mm, velocity), places);
    if (rules)
        warn_of_rules(node, rules, length_mm, position_mm);
    nt_free(node, places);
    nt_free(node, position_mm);
}

void segment_describe(const struct nt_port *a, const struct nt_port *b, struct cable_facts *ret_facts)
{
    const struct segment *segment = a->node->state;
    int64_t length_mm = length_of(segment);
    *ret_facts = (struct cable_facts){.kind = kinds_of_medium[segment->values[PARAM_MEDIUM].number],
                                      .is_half_duplex = true,
                                      .is_coax = true,
                                      .rate_bps = segment->values[PARAM_RATE].number,
                                      .length_mm = llabs(position_of(a->node, a->index, length_mm) -
                                                         position_of(b->node, b->index, length_mm))};
}

static void segment_start(struct nt_node *node)
{
    shared_start(node->state);
}

static void segment_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense)
{
    shared_sense(node->state, port, sense);
}

static void segment_carrier(const struct nt_node *node, const struct nt_port *port,
                            struct nt_carrier *ret_carrier)
{
    shared_carrier(node->state, port, ret_carrier);
}

static void segment_watch(struct nt_node *node, struct nt_port *port)
{
    shared_watch(node->state, port);
}

static uint64_t segment_held(const struct nt_node *node)
{
    return shared_held(node->state);
}

/* A station that thinks the line is not shared: it was told otherwise, but a plug-in may be wrong. */
static void segment_transmit(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    (void)node;
    nt_drop(port, frame, "the station does not share its cable");
}

static void cut_start(struct nt_app *app)
{
    shared_set_cut(app->node->state, true);
    nt_app_exit(app, 0);
}

static void mend_start(struct nt_app *app)
{
    shared_set_cut(app->node->state, false);
    nt_app_exit(app, 0);
}

static const struct nt_app_type segment_commands[] = {
    {.size = sizeof(struct nt_app_type),
     .name = "cut",
     .summary = "pulls off a terminator: nothing gets through",
     .start = cut_start},
    {.size = sizeof(struct nt_app_type),
     .name = "mend",
     .summary = "puts the terminator on again",
     .start = mend_start},
    {0}};

static bool taps_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    return shared_row(node->state, index, cells);
}

static bool cable_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct segment *segment = node->state;
    if (index > 0)
        return false;
    cells[0].number = segment->shared.rate.rate_bps;
    cells[1].number = segment->shared.length_mm;
    cells[2].number = segment->shared.end_to_end;
    cells[3].number = (int64_t)segment->shared.collisions;
    cells[4].number = !segment->shared.is_cut;
    return true;
}

static const struct nt_table segment_tables[] = {
    {.name = "taps",
     .summary = "what each station sends and hears now, and has so far",
     .columns = SHARED_TAP_COLUMNS,
     .row = taps_row},
    {.name = "cable",
     .summary = "the cable itself",
     .columns = {{"rate", NT_UNIT_RATE},
                 {"length", NT_UNIT_MM},
                 {"end_to_end", NT_UNIT_TIME},
                 {"collisions", NT_UNIT_NONE},
                 {"up", NT_UNIT_BOOL}},
     .row = cable_row},
    {0}};

const struct nt_node_type segment_type = {.size = sizeof(struct nt_node_type),
                                          .flags = NT_NODE_MEDIUM,
                                          .name = "segment",
                                          .summary = "a coaxial cable that several stations share",
                                          .params = segment_params,
                                          .port_params = segment_port_params,
                                          .port_prefix = "tap",
                                          .max_ports = 1024,
                                          .state_bytes = sizeof(struct segment),
                                          .tables = segment_tables,
                                          .commands = segment_commands,
                                          .create = segment_create,
                                          .check = segment_check,
                                          .start = segment_start,
                                          .sense = segment_sense,
                                          .transmit = segment_transmit,
                                          .carrier = segment_carrier,
                                          .watch = segment_watch,
                                          .held = segment_held};

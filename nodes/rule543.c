/* SPDX-License-Identifier: MIT
 * See rule543.h. First all hubs that belong together are found, and rings among them; then all ways from
 * station to station are walked, and the worst are told. */
#include "nodes/rule543.h"

#include <stdio.h>
#include <string.h>

#include "nodes/cable.h"
#include "nodes/hub.h"

#define HUBS_MOST 32         /* on one way; a longer one is told as if it ended there */
#define STEPS_MOST 2000000   /* of the walk: a stranger's network may be large */
#define UNITS INT64_C(10000) /* of one bit time: what the delays below are counted in */
#define BUDGET (575 * UNITS) /* IEEE 802.3 13.4.1: path delay value, margin included */
#define MARGIN (5 * UNITS)

/* IEEE 802.3 13.4.1, table 13-1: delays there and back of a segment at the beginning, in the middle and at
 * the end of a way, without cable, and of each metre of cable. */
static const struct {
    int64_t first, middle, last, metre;
} delays[] = {
    [CABLE_10BASE5] = {117500, 465000, 1695000, 866},
    [CABLE_10BASE2] = {117500, 465000, 1695000, 1026},
    [CABLE_TWISTED_PAIR] = {152500, 420000, 1650000, 1130},
    [CABLE_FIBRE] = {122500, 335000, 1565000, 1000},
};

/* How many repeaters may be between two stations: 13.3, 29.2 (class II), 42.2. */
static const struct {
    int64_t rate_bps;
    uint32_t repeaters;
    const char *rule;
} limits[] = {
    {INT64_C(10000000), 4,
     "the 5-4-3 rule of 10 Mb/s allows 5 segments, 4 repeaters, and 3 segments of coax (IEEE 802.3 13.3)"},
    {INT64_C(100000000), 2, "100 Mb/s allows 3 segments and 2 repeaters of class II (IEEE 802.3 29.2)"},
    {INT64_C(1000000000), 1, "1 Gb/s allows 2 segments and 1 repeater (IEEE 802.3 42.2)"},
};

struct way {
    const struct nt_node *from, *to;
    const struct nt_node *hubs[HUBS_MOST];
    struct cable_facts segments[HUBS_MOST + 1];
    uint32_t hub_count; /* there is one segment more */
};

struct walk {
    struct way way;     /* where we are */
    struct way longest; /* most repeaters */
    struct way slowest; /* largest delay */
    int64_t slowest_delay;
    uint32_t steps;
};

static bool is_hub(const struct nt_port *port)
{
    return port && port->node->type == &hub_type;
}

static struct rule543_mark *mark_of(const struct nt_node *hub)
{
    return hub->state;
}

/* ---- Which hubs belong together ---- */

/* Reaches the hub at `port` through its cable. False: it was reached before, by another way. */
static bool reach(const struct nt_port *port, const struct nt_node *lowest, struct nt_node **last)
{
    struct rule543_mark *mark = mark_of(port->node);
    if (mark->lowest == lowest)
        return false;
    *mark = (struct rule543_mark){lowest, port->peer->node, NULL};
    mark_of(*last)->next = port->node;
    *last = port->node;
    return true;
}

/* All hubs on all cables of `hub` but the one through which it was reached. Returns a hub that was reached
 * before. */
static const struct nt_node *reach_neighbours(const struct nt_node *hub, const struct nt_node *lowest,
                                              struct nt_node **last)
{
    const struct nt_node *twice = NULL;
    for (uint32_t i = 0; i < hub->port_count; i++) {
        const struct nt_port *cable = hub->ports[i]->peer;
        if (!cable || cable->node == mark_of(hub)->via || !(cable->node->type->flags & NT_NODE_MEDIUM))
            continue;
        for (uint32_t j = 0; j < cable->node->port_count; j++) {
            const struct nt_port *far = cable->node->ports[j]->peer;
            if (is_hub(far) && far != hub->ports[i] && !reach(far, lowest, last))
                twice = far->node;
        }
    }
    return twice;
}

/* Is `hub` the first of the file among those joined? Then the others are marked, and rings are told. False:
 * there is nothing more to say here. */
static bool is_ours_to_check(struct nt_node *hub)
{
    struct nt_node *last = hub;
    const struct nt_node *twice = NULL;
    *mark_of(hub) = (struct rule543_mark){hub, NULL, NULL};
    for (struct nt_node *next = hub; next; next = mark_of(next)->next) {
        if (next->id < hub->id)
            return false;
        const struct nt_node *again = reach_neighbours(next, hub, &last);
        twice = twice ? twice : again;
    }
    if (twice)
        nt_warn(hub, NULL,
                "hubs are joined in a ring through \"%s\": what one repeats comes back to it, for ever",
                twice->name);
    return !twice;
}

/* ---- From station to station ---- */

/* There and back, in this direction of the way. 0: some cable has no figures in the standard. */
static int64_t delay_of(const struct way *way, bool is_reversed)
{
    int64_t delay = MARGIN;
    for (uint32_t i = 0; i <= way->hub_count; i++) {
        const struct cable_facts *segment = &way->segments[i];
        uint32_t place = is_reversed ? way->hub_count - i : i;
        if (segment->kind == CABLE_OTHER)
            return 0;
        delay += place == 0                ? delays[segment->kind].first
                 : place == way->hub_count ? delays[segment->kind].last
                                           : delays[segment->kind].middle;
        delay += segment->length_mm * delays[segment->kind].metre / 1000;
    }
    return delay;
}

static int64_t worst_delay_of(const struct way *way)
{
    int64_t there = delay_of(way, false), back = delay_of(way, true);
    return there > back ? there : back;
}

static void arrived(struct walk *walk, const struct nt_node *station)
{
    struct way *way = &walk->way;
    way->to = station;
    if (way->hub_count > walk->longest.hub_count)
        walk->longest = *way;
    int64_t delay = worst_delay_of(way);
    if (way->hub_count && delay > walk->slowest_delay) {
        walk->slowest_delay = delay;
        walk->slowest = *way;
    }
}

/* From the cable's port `in` to all its others, and on. */
static void walk_cable(struct walk *walk, const struct nt_port *in)
{
    struct way *way = &walk->way;
    for (uint32_t i = 0; i < in->node->port_count && walk->steps < STEPS_MOST; i++) {
        const struct nt_port *out = in->node->ports[i], *far = out->peer;
        if (out == in || !far || !cable_between(in, out, &way->segments[way->hub_count]))
            continue;
        walk->steps++;
        if (!is_hub(far) || way->hub_count == HUBS_MOST) {
            arrived(walk, far->node);
            continue;
        }
        way->hubs[way->hub_count++] = far->node;
        for (uint32_t j = 0; j < far->node->port_count; j++)
            if (far->node->ports[j] != far && far->node->ports[j]->peer)
                walk_cable(walk, far->node->ports[j]->peer);
        way->hub_count--;
    }
}

/* Begins at every station on the cables of `hub`. */
static void walk_from(struct walk *walk, const struct nt_node *hub)
{
    for (uint32_t i = 0; i < hub->port_count; i++) {
        const struct nt_port *cable = hub->ports[i]->peer;
        for (uint32_t j = 0; cable && j < cable->node->port_count; j++) {
            const struct nt_port *begin = cable->node->ports[j];
            if (!begin->peer || is_hub(begin->peer))
                continue;
            walk->way.from = begin->peer->node;
            walk_cable(walk, begin);
        }
    }
}

/* ---- Telling ---- */

/* "west - h1 - h2 - ... - h5 - east" */
static const char *way_text(const struct way *way, char *ret_text, size_t size)
{
    size_t used = (size_t)snprintf(ret_text, size, "%.20s", way->from->name);
    for (uint32_t i = 0; i < way->hub_count && used < size; i++) {
        bool is_left_out = way->hub_count > 5 && i > 1 && i + 1 < way->hub_count;
        if (!is_left_out || i == 2)
            used += (size_t)snprintf(ret_text + used, size - used, " - %.20s",
                                     is_left_out ? "..." : way->hubs[i]->name);
    }
    if (used < size)
        snprintf(ret_text + used, size - used, " - %.20s", way->to->name);
    return ret_text;
}

static uint32_t coax_of(const struct way *way)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i <= way->hub_count; i++)
        count += way->segments[i].is_coax;
    return count;
}

static void warn_of_rule(struct nt_node *hub, const struct way *way)
{
    char text[170];
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        bool has_this_rate = way->segments[0].rate_bps == limits[i].rate_bps;
        bool is_too_much_coax = i == 0 && way->hub_count == 4 && coax_of(way) > 3;
        if (has_this_rate && (way->hub_count > limits[i].repeaters || is_too_much_coax))
            nt_warn(hub, NULL, "%s: %u segments, %u repeaters, %u of coax; %s",
                    way_text(way, text, sizeof text), way->hub_count + 1, way->hub_count, coax_of(way),
                    limits[i].rule);
    }
}

static void warn_of_delay(struct nt_node *hub, const struct walk *walk)
{
    char text[170];
    const struct way *way = &walk->slowest;
    if (walk->slowest_delay > BUDGET && way->segments[0].rate_bps == limits[0].rate_bps)
        nt_warn(hub, NULL,
                "%s: there and back takes %lld.%02lld bit times, 575 are allowed (IEEE 802.3 13.4.1): a "
                "collision may be "
                "noticed too late",
                way_text(way, text, sizeof text), (long long)(walk->slowest_delay / UNITS),
                (long long)(walk->slowest_delay % UNITS / (UNITS / 100)));
}

void rule543_check(struct nt_node *hub)
{
    if (!is_ours_to_check(hub))
        return;
    struct walk *walk = nt_new(hub, sizeof *walk);
    for (const struct nt_node *next = hub; next; next = mark_of(next)->next)
        walk_from(walk, next);
    if (walk->longest.hub_count)
        warn_of_rule(hub, &walk->longest);
    warn_of_delay(hub, walk);
    nt_free(hub, walk);
}

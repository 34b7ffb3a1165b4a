/* SPDX-License-Identifier: MIT
 * Cables on the map, and the frames on them, to scale.
 *
 *            tail                 head
 *     from ---|====================|----------------> to
 *             '- now - since - time to send          '- delay
 *
 * A bar is as long as its frame takes to send, in propagation time, and its head and tail move with the
 * signal. The two directions run side by side, each to its right-hand side, as on a road. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "views/pictures/facts.h"
#include "views/pictures/map.h"

#define LANE 5.0        /* from the middle of a cable to the middle of a direction */
#define BAR 15.0        /* a bar's height */
#define SIGN_LEAST 30.0 /* room for a word */
#define SIGNS_MOST 200  /* frames with words; more are bars only */
#define SLOTS 8         /* of a queue's picture */

/* A cable from edge to edge of the two boxes. */
struct track {
    struct canvas_point from, to;
    double dx, dy, length; /* the direction, one pixel long */
};

/* Where the line from the middle of `box` towards (dx, dy) leaves it. */
static double leave(const struct canvas_box *box, double dx, double dy)
{
    double across = fabs(dx) > 1e-6 ? box->width / 2 / fabs(dx) : INFINITY;
    double down = fabs(dy) > 1e-6 ? box->height / 2 / fabs(dy) : INFINITY;
    return fmin(across, down);
}

static struct track track_of(const struct map *map, const struct plan_edge *edge)
{
    struct canvas_point a = map->middles[edge->from], b = map->middles[edge->to];
    double dx = b.x - a.x, dy = b.y - a.y, length = sqrt(dx * dx + dy * dy);
    struct track track = {a, b, 1, 0, 0};
    if (length < 1)
        return track;
    dx /= length;
    dy /= length;
    double out = map->plan.places[edge->from].is_medium ? 0 : leave(&map->boxes[edge->from], dx, dy);
    double in = map->plan.places[edge->to].is_medium ? 0 : leave(&map->boxes[edge->to], dx, dy);
    double aside = map_is_large(map) ? 0 : edge->twin * 16.0; /* a second cable between the same two */
    track.from = (struct canvas_point){a.x + dx * out - dy * aside, a.y + dy * out + dx * aside};
    track.to = (struct canvas_point){b.x - dx * in - dy * aside, b.y - dy * in + dx * aside};
    track.dx = dx;
    track.dy = dy;
    track.length = fmax(0, length - out - in);
    return track;
}

/* ---- Cables ---- */

/* "10 Mbps, 5 ms"; nothing for what is no link. */
static void show_facts(const struct map *map, const struct plan_edge *edge, char *ret_text, size_t size)
{
    char rate[40], delay[40];
    nt_time way = facts_delay(edge->medium, 0);
    facts_text(map->run, edge->medium, "link", 0, "rate", rate, sizeof rate);
    picture_time(delay, sizeof delay, way, way / 500 + 1);
    snprintf(ret_text, size, "%s%s%s", rate, *rate ? " \xc2\xb7 " : "", *rate ? delay : "");
}

static void draw_cross(const struct map *map, double x, double y, struct color color)
{
    canvas_line(map->canvas, x - 6, y - 6, x + 6, y + 6, color, 2.5, CANVAS_SOLID);
    canvas_line(map->canvas, x - 6, y + 6, x + 6, y - 6, color, 2.5, CANVAS_SOLID);
}

static bool is_on_a_box(const struct map *map, struct canvas_box box)
{
    for (uint32_t i = 0; i < map->plan.place_count; i++) {
        const struct canvas_box *other = &map->boxes[i];
        if (box.x < other->x + other->width + 4 && other->x < box.x + box.width + 4 &&
            box.y < other->y + other->height + 4 && other->y < box.y + box.height + 4)
            return true;
    }
    return false;
}

/* Writes one line or two (`second` may be NULL). False: something else is there. */
static bool write_lines(const struct map *map, double x, double y, enum canvas_anchor anchor,
                        const char *first, const char *second)
{
    const char *lines[] = {first, second};
    unsigned count = second ? 2 : 1;
    for (unsigned i = 0; i < count; i++) {
        double width = canvas_text_width(CANVAS_SANS, PICTURE_SMALL, lines[i]);
        double left = x - (anchor == CANVAS_END ? width : anchor == CANVAS_MIDDLE ? width / 2 : 0);
        if (is_on_a_box(map, (struct canvas_box){left, y - 9 + 15 * i, width, 12}) ||
            !canvas_text_fits(map->canvas, x, y + 15 * i, CANVAS_SANS, PICTURE_SMALL, anchor, lines[i]))
            return false;
    }
    for (unsigned i = 0; i < count; i++)
        canvas_text(map->canvas, x, y + 15 * i, CANVAS_SANS, PICTURE_SMALL, anchor,
                    map_color(map, THEME_MUTED), lines[i]);
    return true;
}

/* To the right (side 1) or left (-1) of a leaning cable, so far from it that frames pass between. */
static bool write_beside(const struct map *map, const struct track *track, const char *first,
                         const char *second, int side)
{
    double across = fabs(track->dy), down = track->dy > 0 ? -track->dx : track->dx; /* a way to the right */
    double clear = LANE + 8 + (BAR / 2 + 14) * fabs(down) + (SIGN_LEAST / 2 + 4) * across;
    double x = (track->from.x + track->to.x) / 2 + side * across * clear;
    double y = (track->from.y + track->to.y) / 2 + side * down * clear;
    return write_lines(map, x, y - 4, side > 0 ? CANVAS_START : CANVAS_END, first, second);
}

/* What a cable is called, below its middle or beside it, where there is room. */
static void draw_name(const struct map *map, const struct track *track, const struct plan_edge *edge)
{
    char whole[160], facts[120];
    const char *name = edge->medium->name;
    show_facts(map, edge, facts, sizeof facts);
    if (!*facts)
        return;
    snprintf(whole, sizeof whole, "%s \xc2\xb7 %s", name, facts);
    double x = (track->from.x + track->to.x) / 2, y = (track->from.y + track->to.y) / 2 + 31;
    double slope = fabs(track->dy) / fmax(fabs(track->dx), 1e-3);
    double one = canvas_text_width(CANVAS_SANS, PICTURE_SMALL, whole);
    double two = fmax(canvas_text_width(CANVAS_SANS, PICTURE_SMALL, facts),
                      canvas_text_width(CANVAS_SANS, PICTURE_SMALL, name));
    bool is_written = one + 10 <= track->length && one / 2 * slope < 8 &&
                      write_lines(map, x, y, CANVAS_MIDDLE, whole, NULL);
    is_written = is_written || (two + 4 <= track->length && two / 2 * slope < 8 &&
                                write_lines(map, x, y, CANVAS_MIDDLE, name, facts));
    if (!is_written && slope > 0.2 && !write_beside(map, track, name, facts, 1))
        write_beside(map, track, name, facts, -1);
}

static void draw_cable(const struct map *map, const struct plan_edge *edge, const struct track *track)
{
    bool is_up = facts_is_up(edge->medium, 0);
    bool is_pair = edge->at_to && !map->is_dense;
    struct color color = map_color(map, is_up ? THEME_WIRE : THEME_LOSS);
    char words[200], facts[120];
    show_facts(map, edge, facts, sizeof facts);
    snprintf(words, sizeof words, "%s, %s", edge->medium->name, *facts ? facts : edge->medium->type->name);
    canvas_tag_begin(map->canvas, CANVAS_TAG_NODE, edge->medium->id, words);
    for (int lane = -1; lane <= 1; lane += 2) {
        double aside = is_pair ? lane * LANE * 0.5 : 0;
        if (is_pair || lane < 0)
            canvas_line(map->canvas, track->from.x - track->dy * aside, track->from.y + track->dx * aside,
                        track->to.x - track->dy * aside, track->to.y + track->dx * aside, color,
                        is_pair ? 1.2 : 1.5, is_up ? CANVAS_SOLID : CANVAS_DASHED);
    }
    if (!is_up) {
        double x = (track->from.x + track->to.x) / 2, y = (track->from.y + track->to.y) / 2;
        draw_cross(map, x, y, color);
        canvas_text(map->canvas, x, y - 14, CANVAS_BOLD, PICTURE_SMALL, CANVAS_MIDDLE, color, "down");
    }
    canvas_tag_end(map->canvas);
}

/* Frames that wait where this direction begins: a pile at the box, with their number. */
static void draw_queue(const struct map *map, const struct plan_edge *edge, const struct track *track,
                       unsigned side)
{
    int64_t waiting = facts_waiting(edge->medium, side);
    if (waiting <= 0 || map->is_dense)
        return;
    struct canvas_point at = side == 0 ? track->from : track->to;
    double inward = side == 0 ? -1 : 1;
    /* Beside a cable that goes up or down, so that its frames are seen. */
    double x = at.x + track->dx * inward * 22 - 15 - fabs(track->dy) * 34,
           y = at.y + track->dy * inward * 22 - 26;
    struct canvas_paint paint = {map_color(map, THEME_DATA_SOFT), map_color(map, THEME_DATA), 1,
                                 CANVAS_SOLID};
    for (int64_t i = 0; i < waiting && i < SLOTS; i++)
        canvas_rect(map->canvas, (struct canvas_box){x, y - 9 * (double)i - 6, 30, 7}, 2, &paint);
    char words[48];
    double top = y - 9 * (double)(waiting < SLOTS ? waiting : SLOTS) - 4;
    snprintf(words, sizeof words, "%lld wait", (long long)waiting);
    for (unsigned i = 0; i < 3; i++, top -= 14)
        if (canvas_text_fits(map->canvas, x + 15, top, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE, words)) {
            canvas_text(map->canvas, x + 15, top, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE,
                        map_color(map, THEME_DATA), words);
            break;
        }
}

void map_draw_cables(const struct map *map)
{
    for (uint32_t i = 0; i < map->plan.edge_count; i++) {
        struct track track = track_of(map, &map->plan.edges[i]);
        draw_cable(map, &map->plan.edges[i], &track);
        for (unsigned side = 0; side < 2 && map->plan.edges[i].at_to; side++)
            draw_queue(map, &map->plan.edges[i], &track, side);
    }
    for (uint32_t i = 0; i < map->plan.edge_count && !map->is_crowded; i++) {
        struct track track = track_of(map, &map->plan.edges[i]);
        draw_name(map, &track, &map->plan.edges[i]);
    }
}

/* ---- Frames ---- */

/* The part of the way that its bits cover now, 0 to 1. */
struct extent {
    double tail, head;
};

static struct extent extent_of(const struct session_flight *flight, nt_time delay, nt_time now)
{
    nt_time sending = flight->air_time - delay, gone = now - flight->since;
    if (delay <= 0)
        return (struct extent){0, 1};
    double head = (double)gone / (double)delay, tail = (double)(gone - sending) / (double)delay;
    return (struct extent){fmin(fmax(tail, 0), 1), fmin(fmax(head, 0), 1)};
}

/* Signs that have been drawn: a further one that would cover them is left out, and only its bar is drawn. */
struct signs {
    struct canvas_box boxes[SIGNS_MOST];
    unsigned count;
};

static bool claim_room(struct signs *signs, struct canvas_box box)
{
    for (unsigned i = 0; i < signs->count; i++) {
        const struct canvas_box *other = &signs->boxes[i];
        if (box.x < other->x + other->width && other->x < box.x + box.width &&
            box.y < other->y + other->height && other->y < box.y + box.height)
            return false;
    }
    if (signs->count == SIGNS_MOST)
        return false;
    signs->boxes[signs->count++] = box;
    return true;
}

static void draw_flight(const struct map *map, const struct plan_edge *edge, const struct track *track,
                        const struct session_flight *flight, struct signs *signs)
{
    bool is_forward = edge->at_from && flight->from == edge->at_from->id;
    nt_time delay = facts_delay(edge->medium, is_forward ? 0 : 1), now = session_now(map->wish->session);
    struct extent extent = extent_of(flight, delay, now);
    struct label label = label_seen(map->wish, flight->frame, flight->record);
    if (label.is_chatter && map->wish->folds_chatter)
        return;
    double from = is_forward ? extent.tail : 1 - extent.head, to = is_forward ? extent.head : 1 - extent.tail;
    double length = (to - from) * track->length, aside = is_forward ? -LANE - 4 : LANE + 4;
    double half = fmin(SIGN_LEAST / 2 + 6, track->length / 2); /* the sign stays beside the boxes */
    double middle = fmin(fmax((from + to) / 2 * track->length, half), track->length - half);
    double x = track->from.x + track->dx * middle - track->dy * aside,
           y = track->from.y + track->dy * middle + track->dx * aside;
    double toward = is_forward ? track->dx : -track->dx;
    char title[300] = "";
    label_line(map->wish->session, flight->frame, title, sizeof title);
    canvas_tag_begin(map->canvas, CANVAS_TAG_FRAME, flight->frame, title);
    /* What it covers, exactly; then its sign in the middle of that. */
    canvas_line(map->canvas, track->from.x + track->dx * from * track->length - track->dy * aside * 0.45,
                track->from.y + track->dy * from * track->length + track->dx * aside * 0.45,
                track->from.x + track->dx * to * track->length - track->dy * aside * 0.45,
                track->from.y + track->dy * to * track->length + track->dx * aside * 0.45,
                map_color(map, label.accent), 4, CANVAS_SOLID);
    if (map_is_large(map)) { /* so short that only a dot is seen */
        double head = (is_forward ? extent.head : 1 - extent.head) * track->length;
        canvas_circle(map->canvas, track->from.x + track->dx * head, track->from.y + track->dy * head, 4,
                      &(struct canvas_paint){map_color(map, label.accent), map_color(map, THEME_PANEL), 1,
                                             CANVAS_SOLID});
    }
    double width = fabs(track->dx) > 0.9 && length > SIGN_LEAST + 8 ? fmin(length, 64) : SIGN_LEAST + 8;
    struct canvas_box sign = {x - width / 2, y - BAR / 2, width, BAR};
    if (!map->is_dense && claim_room(signs, sign))
        label_draw(map->canvas, map->wish->theme, &label, sign, toward);
    if (flight->frame == map->wish->frame)
        canvas_circle(map->canvas, x, y, 26,
                      &(struct canvas_paint){.stroke = map_color(map, THEME_TEXT), .width = 2});
    canvas_tag_end(map->canvas);
}

/* A flight with the cable that it is on. */
struct on_cable {
    uint32_t edge;
    size_t flight;
};

static int by_edge(const void *a, const void *b)
{
    const struct on_cable *one = a, *two = b;
    if (one->edge != two->edge)
        return one->edge < two->edge ? -1 : 1;
    return one->flight < two->flight ? -1 : one->flight > two->flight;
}

/* The flights on cables between two stations, in the order of the cables. */
static size_t find_flights(const struct map *map, struct on_cable *ret_list)
{
    size_t found = 0, count = session_flight_count(map->wish->session);
    uint32_t *edges = calloc(run_node_count(map->run) + 1, sizeof *edges); /* by medium: its edge, and 1 */
    for (uint32_t i = 0; i < map->plan.edge_count; i++)
        if (map->plan.edges[i].at_to)
            edges[map->plan.edges[i].medium->id] = i + 1;
    for (size_t f = 0; f < count; f++) {
        uint32_t edge = edges[session_flight_at(map->wish->session, f).medium];
        if (edge)
            ret_list[found++] = (struct on_cable){edge - 1, f};
    }
    free(edges);
    qsort(ret_list, found, sizeof *ret_list, by_edge);
    return found;
}

void map_draw_flights(const struct map *map)
{
    struct on_cable *list = calloc(session_flight_count(map->wish->session) + 1, sizeof *list);
    struct signs signs = {.count = 0};
    size_t count = find_flights(map, list);
    for (size_t i = 0; i < count; i++) {
        const struct plan_edge *edge = &map->plan.edges[list[i].edge];
        struct session_flight flight = session_flight_at(map->wish->session, list[i].flight);
        struct track track = track_of(map, edge);
        draw_flight(map, edge, &track, &flight, &signs);
    }
    free(list);
}

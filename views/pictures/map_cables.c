/* SPDX-License-Identifier: MIT
 * Cables on the map: from box to box, two lanes, a name where there is room, a cross where one is cut, and
 * what waits at either end. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "views/pictures/facts.h"
#include "views/pictures/map.h"

#define BAR 15.0 /* a bar's height */
#define SLOTS 8  /* of a queue's picture */

/* Where the line from the middle of `box` towards (dx, dy) leaves it. */
static double leave(const struct canvas_box *box, double dx, double dy)
{
    double across = fabs(dx) > 1e-6 ? box->width / 2 / fabs(dx) : INFINITY;
    double down = fabs(dy) > 1e-6 ? box->height / 2 / fabs(dy) : INFINITY;
    return fmin(across, down);
}

static struct map_track track_of(const struct map *map, const struct plan_edge *edge)
{
    struct canvas_point a = map->middles[edge->from], b = map->middles[edge->to];
    double dx = b.x - a.x, dy = b.y - a.y, length = sqrt(dx * dx + dy * dy);
    struct map_track track = {a, b, 1, 0, 0};
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

/* Does a cable pass through the box? Its line is cut to the box from all four sides (Liang and Barsky 1984).
 */
static bool crosses(const struct map_track *track, struct canvas_box box)
{
    double enter = 0, leave = 1;
    const double way[] = {track->to.x - track->from.x, track->to.y - track->from.y};
    const double begin[] = {track->from.x, track->from.y}, low[] = {box.x, box.y},
                 high[] = {box.x + box.width, box.y + box.height};
    for (unsigned axis = 0; axis < 2; axis++) {
        double first = (low[axis] - begin[axis]) / way[axis], second = (high[axis] - begin[axis]) / way[axis];
        if (fabs(way[axis]) < 1e-9) {
            if (begin[axis] < low[axis] || begin[axis] > high[axis])
                return false;
            continue;
        }
        enter = fmax(enter, fmin(first, second));
        leave = fmin(leave, fmax(first, second));
    }
    return enter <= leave;
}

bool map_is_crossed(const struct map *map, struct canvas_box box)
{
    for (uint32_t i = 0; i < map->plan.edge_count; i++)
        if (crosses(&map->tracks[i], box))
            return true;
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
            map_is_crossed(map, (struct canvas_box){left, y - 15 + 15 * i, width, 24}) ||
            !canvas_text_fits(map->canvas, x, y + 15 * i, CANVAS_SANS, PICTURE_SMALL, anchor, lines[i]))
            return false;
    }
    for (unsigned i = 0; i < count; i++)
        canvas_text(map->canvas, x, y + 15 * i, CANVAS_SANS, PICTURE_SMALL, anchor,
                    map_color(map, THEME_MUTED), lines[i]);
    return true;
}

/* To the right (side 1) or left (-1) of a leaning cable, so far from it that frames pass between. */
static bool write_beside(const struct map *map, const struct map_track *track, const char *first,
                         const char *second, int side)
{
    double across = fabs(track->dy), down = track->dy > 0 ? -track->dx : track->dx; /* a way to the right */
    double clear = MAP_LANE + 8 + (BAR / 2 + 14) * fabs(down) + (MAP_SIGN / 2 + 4) * across;
    double x = (track->from.x + track->to.x) / 2 + side * across * clear;
    double y = (track->from.y + track->to.y) / 2 + side * down * clear;
    return write_lines(map, x, y - 4, side > 0 ? CANVAS_START : CANVAS_END, first, second);
}

/* What a cable is called, below its middle or beside it, where there is room. */
static void draw_name(const struct map *map, const struct map_track *track, const struct plan_edge *edge)
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

static void draw_cable(const struct map *map, const struct plan_edge *edge, const struct map_track *track)
{
    bool is_up = facts_is_up(edge->medium, 0);
    bool is_pair = edge->at_to && !map->is_dense;
    struct color color = map_color(map, is_up ? THEME_WIRE : THEME_LOSS);
    char words[200], facts[120];
    show_facts(map, edge, facts, sizeof facts);
    snprintf(words, sizeof words, "%s, %s", edge->medium->name, *facts ? facts : edge->medium->type->name);
    canvas_tag_begin(map->canvas, CANVAS_TAG_NODE, edge->medium->id, words);
    for (int lane = -1; lane <= 1; lane += 2) {
        double aside = is_pair ? lane * MAP_LANE * 0.5 : 0;
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
static void draw_queue(const struct map *map, const struct plan_edge *edge, const struct map_track *track,
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
    if (track->dy * inward < -0.5) /* it leaves downwards: below the box, where no other cable is */
        y = at.y + 26 + 9 * (double)(waiting < SLOTS ? waiting : SLOTS);
    struct canvas_paint paint = {map_color(map, THEME_DATA_SOFT), map_color(map, THEME_DATA), 1,
                                 CANVAS_SOLID};
    for (int64_t i = 0; i < waiting && i < SLOTS; i++)
        canvas_rect(map->canvas, (struct canvas_box){x, y - 9 * (double)i - 6, 30, 7}, 2, &paint);
    char words[48];
    double top = y - 9 * (double)(waiting < SLOTS ? waiting : SLOTS) - 4;
    snprintf(words, sizeof words, "%lld wait", (long long)waiting);
    /* Above the pile, or a little higher, or beside it: not where a cable passes, if that can be. */
    const struct canvas_point spots[] = {{x + 15, top},      {x + 15, top - 14}, {x - 26, top + 10},
                                         {x + 56, top + 10}, {x + 15, top - 28}, {x + 15, top}};
    for (unsigned i = 0; i < sizeof spots / sizeof *spots; i++) {
        struct canvas_box around = {spots[i].x - 24, spots[i].y - 16, 48, 24};
        bool is_last = i + 1 == sizeof spots / sizeof *spots;
        if (!canvas_text_fits(map->canvas, spots[i].x, spots[i].y, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE,
                              words) ||
            (!is_last && map_is_crossed(map, around)))
            continue;
        map_write_over(map, spots[i].x, spots[i].y, CANVAS_SANS, THEME_DATA, words);
        break;
    }
}

void map_lay_tracks(struct map *map)
{
    for (uint32_t i = 0; i < map->plan.edge_count; i++)
        map->tracks[i] = track_of(map, &map->plan.edges[i]);
}

void map_draw_cables(const struct map *map)
{
    for (uint32_t i = 0; i < map->plan.edge_count; i++)
        draw_cable(map, &map->plan.edges[i], &map->tracks[i]);
    for (uint32_t i = 0; i < map->plan.edge_count; i++)
        for (unsigned side = 0; side < 2 && map->plan.edges[i].at_to; side++)
            draw_queue(map, &map->plan.edges[i], &map->tracks[i], side);
    for (uint32_t i = 0; i < map->plan.edge_count && !map->is_crowded; i++)
        draw_name(map, &map->tracks[i], &map->plan.edges[i]);
}

/* SPDX-License-Identifier: MIT
 * Frames on the map's cables, to scale.
 *
 *            tail                 head
 *     from ---|====================|----------------> to
 *             '- now - since - time to send          '- delay
 *
 * A bar is as long as its frame takes to send, in propagation time, and its head and tail move with the
 * signal. The two directions run side by side, each to its right-hand side, as on a road. Where there are
 * very many, a band and their number stand for them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "views/pictures/facts.h"
#include "views/pictures/map.h"

#define BAR 15.0        /* a bar's height */
#define FLIGHTS_MOST 16 /* on one direction of a cable; of more only the number and a band */
#define RUNG_STEP 7.0   /* pixels between two rungs of the band */
#define SIGNS_MOST 200  /* frames with words; more are bars only */

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

/* A frame on its cable, ready to be drawn. */
struct bar {
    const struct map_track *track;
    double from, to; /* what it covers, 0 to 1 of the way */
    double head;     /* where its first bit is */
    double aside;    /* pixels from the middle of the cable */
    double toward;   /* which way, left or right */
    struct label label;
    char title[300];
};

static struct bar bar_of(const struct map *map, const struct plan_edge *edge, const struct map_track *track,
                         const struct session_flight *flight)
{
    bool is_forward = edge->at_from && flight->from == edge->at_from->id;
    nt_time delay = facts_delay(edge->medium, is_forward ? 0 : 1), now = session_now(map->wish->session);
    struct extent extent = extent_of(flight, delay, now);
    struct bar bar = {.track = track,
                      .from = is_forward ? extent.tail : 1 - extent.head,
                      .to = is_forward ? extent.head : 1 - extent.tail,
                      .head = is_forward ? extent.head : 1 - extent.head,
                      .aside = is_forward ? -MAP_LANE - 4 : MAP_LANE + 4,
                      .toward = is_forward ? track->dx : -track->dx,
                      .label = label_seen(map->wish, flight->frame, flight->record)};
    label_line(map->wish->session, flight->frame, bar.title, sizeof bar.title);
    return bar;
}

/* What it covers, exactly. */
static void draw_bar(const struct map *map, const struct bar *bar, uint64_t frame)
{
    const struct map_track *track = bar->track;
    canvas_tag_begin(map->canvas, CANVAS_TAG_FRAME, frame, bar->title);
    canvas_line(map->canvas,
                track->from.x + track->dx * bar->from * track->length - track->dy * bar->aside * 0.45,
                track->from.y + track->dy * bar->from * track->length + track->dx * bar->aside * 0.45,
                track->from.x + track->dx * bar->to * track->length - track->dy * bar->aside * 0.45,
                track->from.y + track->dy * bar->to * track->length + track->dx * bar->aside * 0.45,
                map_color(map, bar->label.accent), 4, CANVAS_SOLID);
    if (map_is_large(map)) { /* so short that only a dot is seen */
        double head = bar->head * track->length;
        canvas_circle(map->canvas, track->from.x + track->dx * head, track->from.y + track->dy * head, 4,
                      &(struct canvas_paint){map_color(map, bar->label.accent), map_color(map, THEME_PANEL),
                                             1, CANVAS_SOLID});
    }
    canvas_tag_end(map->canvas);
}

/* Its sign in the middle of that, beside the boxes and not over another one. */
static void draw_sign(const struct map *map, const struct bar *bar, uint64_t frame, struct signs *signs)
{
    const struct map_track *track = bar->track;
    double length = (bar->to - bar->from) * track->length;
    double half = fmin(MAP_SIGN / 2 + 6, track->length / 2);
    double middle = fmin(fmax((bar->from + bar->to) / 2 * track->length, half), track->length - half);
    double x = track->from.x + track->dx * middle - track->dy * bar->aside,
           y = track->from.y + track->dy * middle + track->dx * bar->aside;
    double width = fabs(track->dx) > 0.9 && length > MAP_SIGN + 8 ? fmin(length, 64) : MAP_SIGN + 8;
    struct canvas_box sign = {x - width / 2, y - BAR / 2, width, BAR};
    canvas_tag_begin(map->canvas, CANVAS_TAG_FRAME, frame, bar->title);
    if (!map->is_dense && claim_room(signs, sign))
        label_draw(map->canvas, map->wish->theme, &bar->label, sign, bar->toward);
    if (frame == map->wish->frame)
        canvas_circle(map->canvas, x, y, 26,
                      &(struct canvas_paint){.stroke = map_color(map, THEME_TEXT), .width = 2});
    canvas_tag_end(map->canvas);
}

/* ---- Storms ---- */

/* So many frames on one direction of a cable that single ones would say nothing: a band, the wider the more,
 * with rungs and their number. */
static void draw_density(const struct map *map, const struct plan_edge *edge, const struct map_track *track,
                         bool is_forward, uint32_t count)
{
    char words[40], title[160];
    double aside = is_forward ? -MAP_LANE - 4 : MAP_LANE + 4, width = 5;
    for (uint32_t left = count; left > FLIGHTS_MOST && width < BAR; left /= 2)
        width += 2;
    double x = track->from.x - track->dy * aside, y = track->from.y + track->dx * aside;
    snprintf(words, sizeof words, "%u frames", (unsigned)count);
    snprintf(title, sizeof title, "%u frames are on their way over %s here", (unsigned)count,
             edge->medium->name);
    canvas_tag_begin(map->canvas, CANVAS_TAG_NODE, edge->medium->id, title);
    canvas_line(map->canvas, x, y, x + track->dx * track->length, y + track->dy * track->length,
                map_color(map, THEME_DATA_SOFT), width, CANVAS_SOLID);
    for (double at = 4; at < track->length - 2; at += RUNG_STEP) {
        double middle_x = x + track->dx * at, middle_y = y + track->dy * at;
        canvas_line(map->canvas, middle_x + track->dy * width / 2, middle_y - track->dx * width / 2,
                    middle_x - track->dy * width / 2, middle_y + track->dx * width / 2,
                    map_color(map, THEME_DATA), 1.2, CANVAS_SOLID);
    }
    double room = canvas_text_width(CANVAS_BOLD, PICTURE_SMALL, words) + 10;
    if (!map->is_dense && room < track->length) {
        static const double places[] = {0.62, 0.74, 0.5,
                                        0.84, 0.38, 0.62}; /* the first free one, or the first */
        for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
            double along = track->length * (is_forward ? places[i] : 1 - places[i]);
            x = track->from.x - track->dy * aside + track->dx * along;
            y = track->from.y + track->dx * aside + track->dy * along;
            if (canvas_is_free(map->canvas, (struct canvas_box){x - room / 2, y - 9, room, 18}))
                break;
        }
        canvas_rect(map->canvas, (struct canvas_box){x - room / 2, y - 9, room, 18}, 4,
                    &(struct canvas_paint){map_color(map, THEME_PANEL), map_color(map, THEME_DATA), 1.2,
                                           CANVAS_SOLID});
        canvas_text(map->canvas, x, y + 4, CANVAS_BOLD, PICTURE_SMALL, CANVAS_MIDDLE,
                    map_color(map, THEME_DATA), words);
    }
    canvas_tag_end(map->canvas);
}

/* ---- All of them ---- */

/* Which of a medium's two ports does it come in at? */
static unsigned side_of(const struct map *map, const struct session_flight *flight)
{
    const struct nt_port *from = flight->from ? run_port(map->run, flight->from) : NULL;
    return from && from->peer && from->peer->index > 0;
}

/* How many are on each direction of each medium, by the medium's id. */
static uint32_t *count_flights(const struct map *map, size_t count)
{
    uint32_t *counts = calloc(2 * (size_t)(run_node_count(map->run) + 1), sizeof *counts);
    for (size_t f = 0; counts && f < count; f++) {
        struct session_flight flight = session_flight_at(map->wish->session, f);
        counts[2 * flight.medium + side_of(map, &flight)]++;
    }
    return counts;
}

/* Which cable is this medium's? By its id; 0: none that joins two, else 1 + its number in the plan. */
static uint32_t *edges_by_medium(const struct map *map)
{
    uint32_t *edges = calloc(run_node_count(map->run) + 1, sizeof *edges);
    for (uint32_t i = 0; edges && i < map->plan.edge_count; i++)
        if (map->plan.edges[i].at_to)
            edges[map->plan.edges[i].medium->id] = i + 1;
    return edges;
}

/* All bars, then all signs: no bar crosses a word. */
static void draw_single_flights(const struct map *map, const uint32_t *edges, const uint32_t *counts,
                                size_t count)
{
    struct signs signs = {.count = 0};
    for (unsigned pass = 0; pass < 2; pass++)
        for (size_t f = 0; f < count; f++) {
            struct session_flight flight = session_flight_at(map->wish->session, f);
            uint32_t edge = edges[flight.medium];
            if (!edge || counts[2 * flight.medium + side_of(map, &flight)] > FLIGHTS_MOST)
                continue;
            struct bar bar = bar_of(map, &map->plan.edges[edge - 1], &map->tracks[edge - 1], &flight);
            if (bar.label.is_chatter && map->wish->folds_chatter)
                continue;
            if (pass == 0)
                draw_bar(map, &bar, flight.frame);
            else
                draw_sign(map, &bar, flight.frame, &signs);
        }
}

static void draw_densities(const struct map *map, const uint32_t *counts)
{
    for (uint32_t i = 0; i < map->plan.edge_count; i++) {
        const struct plan_edge *edge = &map->plan.edges[i];
        for (unsigned side = 0; side < 2 && edge->at_to; side++) {
            uint32_t many = counts[2 * edge->medium->id + side];
            bool is_forward =
                edge->at_from && edge->at_from->peer && (edge->at_from->peer->index > 0) == side;
            if (many > FLIGHTS_MOST)
                draw_density(map, edge, &map->tracks[i], is_forward, many);
        }
    }
}

void map_draw_flights(const struct map *map)
{
    size_t count = session_flight_count(map->wish->session);
    uint32_t *counts = count_flights(map, count), *edges = edges_by_medium(map);
    if (counts && edges) {
        draw_densities(map, counts);
        draw_single_flights(map, edges, counts, count);
    }
    free(counts);
    free(edges);
}

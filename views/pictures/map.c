/* SPDX-License-Identifier: MIT
 * The map: where everything is, and what is on its way.
 *
 *     plan.c, layout.c    what is joined to what, and a place for each
 *     map_cables.c        cables and queues
 *     map_flights.c       frames to scale: a bar is as long as it takes to send, and is where it is
 *     map_bus.c           one coaxial cable and its stations, to scale in metres
 *     map_large.c         hundreds and thousands of stations
 *     map_drops.c         what fell off lately, and why
 *
 * Up to 40 stations have boxes with a sign, a name and an address; more have signs. */
#include "views/pictures/map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "views/pictures/facts.h"
#include "views/pictures/glyph.h"

#define BOXES_MOST 40
#define NAMES_MOST 20 /* cables with their names */
#define BOX_HEIGHT 46.0
#define CABLE_LEAST 60.0 /* pixels of a cable between two boxes, if that can be had */
#define SIGN 22.0
#define LANES 7.0 /* what moves on a cable reaches so far from its middle */
#define DENSE_SIGN 18.0

/* ---- Stations ---- */

void map_station_line(const struct map *map, const struct nt_node *node, char *ret_text, size_t size)
{
    char address[80] = "", second[80] = "";
    facts_text(map->run, node, "interfaces", 0, "address", address, sizeof address);
    facts_text(map->run, node, "interfaces", 1, "address", second, sizeof second);
    bool has_one = *address && strcmp(address, "-") != 0 && strcmp(address, "0.0.0.0") != 0 && !*second;
    snprintf(ret_text, size, "%s", has_one ? address : node->type->name);
}

struct canvas_box map_station_box(const struct map *map, const struct nt_node *node)
{
    char line[96];
    if (map->is_dense)
        return (struct canvas_box){0, 0, DENSE_SIGN, DENSE_SIGN};
    map_station_line(map, node, line, sizeof line);
    double name = canvas_text_width(CANVAS_BOLD, PICTURE_NAME, node->name);
    double second = canvas_text_width(CANVAS_SANS, PICTURE_SMALL, line);
    return (struct canvas_box){0, 0, ceil(SIGN + 34 + (name > second ? name : second)), BOX_HEIGHT};
}

void map_write_over(const struct map *map, double x, double y, enum canvas_font font, enum theme_color color,
                    const char *words)
{
    double width = canvas_text_width(font, PICTURE_SMALL, words);
    canvas_rect(map->canvas, (struct canvas_box){x - width / 2 - 2, y - 10, width + 4, 13}, 2,
                &(struct canvas_paint){.fill = map_color(map, THEME_PANEL)});
    canvas_text(map->canvas, x, y, font, PICTURE_SMALL, CANVAS_MIDDLE, map_color(map, color), words);
}

/* Below, above, right or left of the sign, where neither a cable nor a word is; else below, over the cable.
 */
static void write_dense_name(const struct map *map, const struct nt_node *node, struct canvas_box box)
{
    double width = canvas_text_width(CANVAS_SANS, PICTURE_SMALL, node->name), middle = box.x + box.width / 2;
    const struct canvas_point spots[] = {{middle - width / 2, box.y + box.height + 12},
                                         {middle - width / 2, box.y - 4},
                                         {box.x + box.width + 5, box.y + box.height / 2 + 4},
                                         {box.x - width - 5, box.y + box.height / 2 + 4}};
    struct canvas_point spot = spots[0];
    bool is_free = false;
    for (unsigned i = 0; i < sizeof spots / sizeof *spots && !is_free; i++) {
        struct canvas_box around = {spots[i].x - 1, spots[i].y - 10, width + 2, 13};
        is_free =
            canvas_is_free(map->canvas, around) &&
            !map_is_crossed(map, (struct canvas_box){around.x - LANES, around.y - LANES,
                                                     around.width + 2 * LANES, around.height + 2 * LANES});
        spot = is_free ? spots[i] : spot;
    }
    map_write_over(map, spot.x + width / 2, spot.y, CANVAS_SANS, THEME_TEXT, node->name);
}

void map_draw_station(const struct map *map, const struct nt_node *node, struct canvas_box box,
                      const char *line, enum theme_color accent)
{
    struct canvas *canvas = map->canvas;
    char second[96], title[200];
    map_station_line(map, node, second, sizeof second);
    snprintf(title, sizeof title, "%s, a %s, %s", node->name, node->type->name, second);
    bool is_chosen = map->wish->node && strcmp(map->wish->node, node->name) == 0;
    struct canvas_paint paint = {map_color(map, THEME_PANEL), map_color(map, accent), is_chosen ? 3 : 1.75,
                                 CANVAS_SOLID};
    canvas_tag_begin(canvas, CANVAS_TAG_NODE, node->id, title);
    if (map->is_dense) {
        double x = box.x + box.width / 2, y = box.y + box.height / 2;
        glyph_draw(canvas, map->wish->theme, node, x, y, DENSE_SIGN);
        if (map->plan.place_count <= 120)
            write_dense_name(map, node, box);
    } else {
        canvas_rect(canvas, box, 7, &paint);
        glyph_draw(canvas, map->wish->theme, node, box.x + 12 + SIGN / 2, box.y + box.height / 2, SIGN);
        canvas_text(canvas, box.x + SIGN + 22, box.y + 20, CANVAS_BOLD, PICTURE_NAME, CANVAS_START,
                    map_color(map, THEME_TEXT), node->name);
        canvas_text(canvas, box.x + SIGN + 22, box.y + 36, CANVAS_SANS, PICTURE_SMALL, CANVAS_START,
                    map_color(map, line ? accent : THEME_MUTED), line ? line : second);
    }
    canvas_tag_end(canvas);
}

/* A segment among other things: a thick bar with its name. */
static void draw_bar(const struct map *map, uint32_t place)
{
    const struct nt_node *node = map->plan.places[place].node;
    struct canvas_point middle = map->middles[place];
    double half = 40;
    char title[120];
    snprintf(title, sizeof title, "%s, a %s", node->name, node->type->name);
    canvas_tag_begin(map->canvas, CANVAS_TAG_NODE, node->id, title);
    canvas_rect(map->canvas, (struct canvas_box){middle.x - half, middle.y - 5, half * 2, 10}, 5,
                &(struct canvas_paint){map_color(map, THEME_CARE_SOFT), map_color(map, THEME_CARE), 1.5,
                                       CANVAS_SOLID});
    canvas_text(map->canvas, middle.x, middle.y + 20, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE,
                map_color(map, THEME_MUTED), node->name);
    canvas_tag_end(map->canvas);
}

static void draw_stations(const struct map *map)
{
    for (uint32_t i = 0; i < map->plan.place_count; i++) {
        const struct nt_node *node = map->plan.places[i].node;
        if (map->plan.places[i].is_medium)
            draw_bar(map, i);
        else
            map_draw_station(map, node, map->boxes[i], NULL, glyph_accent(node));
    }
}

/* ---- Places in pixels ---- */

static double widest_box(const struct map *map)
{
    double widest = 0;
    for (uint32_t i = 0; i < map->plan.place_count; i++)
        widest = fmax(widest, map->boxes[i].width);
    return widest;
}

/* The plan is put into the room, up to `stretch` times as wide as it likes to be. */
static void place_stations(struct map *map, double stretch)
{
    double aside = widest_box(map) / 2 + 6, above = map->is_dense ? 24 : 62, below = map->is_dense ? 92 : 88;
    struct canvas_box area = {map->room.x + aside, map->room.y + above, map->room.width - 2 * aside,
                              map->room.height - above - below};
    area.width = fmax(area.width, 10);
    area.height = fmax(area.height, 10);
    double aspect = map->plan.aspect, wider = map->plan.is_given ? 1 : stretch,
           higher = map->plan.is_given ? 1 : 0.8 * stretch;
    if (aspect > 0 && area.width > area.height * aspect * wider) {
        double width = area.height * aspect * wider;
        area.x += (area.width - width) / 2;
        area.width = width;
    } else if (aspect > 0 && area.height > area.width / aspect * higher) {
        double height = area.width / aspect * higher;
        area.y += (area.height - height) / 2;
        area.height = height;
    }
    for (uint32_t i = 0; i < map->plan.place_count; i++) {
        const struct plan_place *place = &map->plan.places[i];
        double x = floor(area.x + place->x * area.width) + 0.5,
               y = floor(area.y + place->y * area.height) + 0.5;
        map->middles[i] = (struct canvas_point){x, y};
        map->boxes[i].x = floor(x - map->boxes[i].width / 2) + 0.5;
        map->boxes[i].y = floor(y - map->boxes[i].height / 2) + 0.5;
    }
}

static bool boxes_touch(const struct canvas_box *a, const struct canvas_box *b)
{
    const double gap = 8;
    return a->x < b->x + b->width + gap && b->x < a->x + a->width + gap && a->y < b->y + b->height + gap &&
           b->y < a->y + a->height + gap;
}

/* Cables so short that what is on them cannot be seen? */
static bool is_cramped(const struct map *map)
{
    bool is_short = false;
    for (uint32_t i = 0; i < map->plan.edge_count; i++)
        is_short = is_short || map->tracks[i].length < CABLE_LEAST;
    return is_short;
}

static bool any_touch(const struct map *map)
{
    for (uint32_t i = 0; i < map->plan.place_count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (boxes_touch(&map->boxes[i], &map->boxes[j]))
                return true;
    return false;
}

static void size_boxes(struct map *map)
{
    for (uint32_t i = 0; i < map->plan.place_count; i++)
        map->boxes[i] = map_station_box(map, map->plan.places[i].node);
}

/* ---- The scale ---- */

/* "100 px of bottleneck = 3.9 ms": time is honest. Of the cable that takes longest. */
static void draw_scale(const struct map *map)
{
    const struct plan_edge *longest = NULL;
    nt_time most = 0;
    for (uint32_t i = 0; i < map->plan.edge_count; i++) {
        const struct plan_edge *edge = &map->plan.edges[i];
        nt_time delay = facts_delay(edge->medium, 0);
        if (delay > most) {
            most = delay;
            longest = edge;
        }
    }
    if (!longest)
        return;
    double dx = map->middles[longest->to].x - map->middles[longest->from].x;
    double dy = map->middles[longest->to].y - map->middles[longest->from].y;
    double length =
        sqrt(dx * dx + dy * dy) - (map->boxes[longest->from].width + map->boxes[longest->to].width) / 2;
    if (length < 20)
        return;
    char time[40], words[160];
    double x = map->room.x, y = map->room.y + map->room.height - 2;
    nt_time per_bar = (nt_time)((double)most * 100 / length);
    struct color color = map_color(map, THEME_MUTED);
    picture_time(time, sizeof time, per_bar, per_bar / 20);
    snprintf(words, sizeof words, "this much of %s = %s", longest->medium->name, time);
    if (!canvas_text_fits(map->canvas, x + 110, y, CANVAS_SANS, PICTURE_SMALL, CANVAS_START, words))
        return; /* a low picture: cables say their times themselves */
    canvas_line(map->canvas, x, y - 4, x + 100, y - 4, color, 1.5, CANVAS_SOLID);
    canvas_line(map->canvas, x, y - 9, x, y + 1, color, 1.5, CANVAS_SOLID);
    canvas_line(map->canvas, x + 100, y - 9, x + 100, y + 1, color, 1.5, CANVAS_SOLID);
    canvas_text(map->canvas, x + 110, y, CANVAS_SANS, PICTURE_SMALL, CANVAS_START, color, words);
}

/* ---- All of it ---- */

static void draw_large(struct map *map)
{
    map->is_dense = map->is_crowded = true;
    map_place_large(map);
    map_lay_tracks(map);
    map_draw_large_cables(map);
    map_draw_large_stations(map);
    map_draw_flights(map);
    map_draw_drops(map);
    draw_scale(map);
}

static void draw_plan(struct map *map)
{
    map->is_dense = map->plan.place_count > BOXES_MOST;
    map->is_crowded = map->plan.edge_count > NAMES_MOST;
    size_boxes(map);
    /* As it likes to be; wider, if there is too little room; without boxes, if they still touch. */
    bool has_room = false;
    for (double stretch = 1.8; !has_room && stretch < 8; stretch *= 1.5) {
        place_stations(map, stretch);
        map_lay_tracks(map);
        has_room = map->is_dense || (!any_touch(map) && !is_cramped(map));
    }
    if (!has_room && any_touch(map)) {
        map->is_dense = true;
        size_boxes(map);
        place_stations(map, 1.8);
        map_lay_tracks(map);
    }
    map_draw_cables(map);
    map_draw_flights(map);
    draw_stations(map);
    map_draw_drops(map);
    draw_scale(map);
}

bool map_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct map map = {.wish = wish, .canvas = canvas, .run = session_run(wish->session)};
    char remark[64], now[40];
    (void)ret_why;
    if (wish->plan)
        map.plan = *wish->plan;
    else
        plan_init(&map.plan, map.run);
    map.middles = calloc(map.plan.place_count + 1, sizeof *map.middles);
    map.boxes = calloc(map.plan.place_count + 1, sizeof *map.boxes);
    map.tracks = calloc(map.plan.edge_count + 1, sizeof *map.tracks);
    picture_time(now, sizeof now, session_now(wish->session), NT_NANOSECOND);
    snprintf(remark, sizeof remark, "at %s", now);
    map.room = picture_panel(wish, canvas, "Map", remark);
    if (map.plan.place_count == 0)
        picture_nothing(wish, canvas, map.room, "There is no node.");
    else if (map.plan.bus)
        map_draw_bus(&map);
    else if (map_is_large(&map))
        draw_large(&map);
    else
        draw_plan(&map);
    if (!wish->plan)
        plan_release(&map.plan);
    free(map.middles);
    free(map.boxes);
    free(map.tracks);
    return true;
}

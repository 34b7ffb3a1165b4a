/* SPDX-License-Identifier: MIT
 * The map of a network of hundreds or thousands of stations.
 *
 *     64 routers     o  o  o  o  o      Each has a sign as large as there is room; what is alike at one
 *                    |\/|\/|\/|\/|      neighbour is one sign with a number. Cables are thin, so that what
 *     x8 hosts       #  #  #  #  #      moves on them is seen. Named are those that somebody works with.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/scenario.h"
#include "views/pictures/facts.h"
#include "views/pictures/glyph.h"
#include "views/pictures/map.h"

#define SIGN_MOST 18.0
#define SIGN_LEAST 3.0
#define GLYPH_LEAST 9.0 /* smaller ones are a square or a round */
#define CAPTIONS 108.0  /* pixels at the left for the names of layers */
#define NAMED_MOST 12
#define NAMED_ALL 150 /* stations with a place of their own */

/* ---- Places ---- */

/* How many have a place of their own. */
static uint32_t count_own(const struct map *map)
{
    uint32_t own = 0;
    for (uint32_t i = 0; i < map->plan.place_count; i++)
        own += map->plan.places[i].beside == i && map->plan.places[i].count > 0;
    return own;
}

void map_place_large(struct map *map)
{
    double left = map->plan.level_count ? CAPTIONS : 12;
    struct canvas_box area = {map->room.x + left, map->room.y + 16, map->room.width - left - 12,
                              map->room.height - 60};
    double wide = fmin(area.width, 260.0 * count_own(map)); /* of few not more than they need */
    area.x += (area.width - wide) / 2;
    area.width = wide;
    double room = fmin(map->plan.apart_x * area.width, map->plan.apart_y * area.height);
    bool has_leaves = false;
    for (uint32_t i = 0; i < map->plan.place_count; i++)
        has_leaves |= map->plan.places[i].beside != map->plan.places[i].fold;
    map->sign = fmin(fmax(floor(room * (has_leaves ? 0.55 : 0.8)), SIGN_LEAST), SIGN_MOST);
    for (uint32_t i = 0; i < map->plan.place_count; i++) {
        const struct plan_place *place = &map->plan.places[i];
        bool is_leaf = place->beside != place->fold;
        double x = floor(area.x + place->x * area.width) + 0.5,
               y = floor(area.y + place->y * area.height) + 0.5;
        double size = is_leaf ? fmax(floor(map->sign * 0.6), SIGN_LEAST) : map->sign;
        double aside = is_leaf ? ceil(map->sign / 2 + size / 2 - 1) : 0;
        x += aside;
        y += aside;
        map->middles[i] = (struct canvas_point){x, y};
        map->boxes[i] = (struct canvas_box){x - size / 2, y - size / 2, size, size};
    }
}

/* ---- Cables ---- */

/* Per cent of a cable's colour: the more there are, the less. */
static unsigned faint(uint32_t cables)
{
    return cables > 6000 ? 22 : cables > 2500 ? 40 : 75;
}

void map_draw_large_cables(const struct map *map)
{
    struct color works = color_fade(map_color(map, THEME_WIRE), faint(map->plan.edge_count)),
                 broken = map_color(map, THEME_LOSS);
    for (uint32_t i = 0; i < map->plan.edge_count; i++) {
        const struct plan_edge *edge = &map->plan.edges[i];
        bool is_up = facts_is_up(edge->medium, 0);
        if (edge->twin > 0 && is_up)
            continue; /* drawn already */
        struct canvas_point from = map->middles[edge->from], to = map->middles[edge->to];
        canvas_tag_begin(map->canvas, CANVAS_TAG_NODE, edge->medium->id, edge->medium->name);
        canvas_line(map->canvas, from.x, from.y, to.x, to.y, is_up ? works : broken, is_up ? 0.75 : 2,
                    is_up ? CANVAS_SOLID : CANVAS_DASHED);
        canvas_tag_end(map->canvas);
    }
}

/* ---- Stations ---- */

static void draw_sign(const struct map *map, uint32_t index)
{
    const struct plan_place *place = &map->plan.places[index];
    struct canvas_point at = map->middles[index];
    char title[160];
    struct canvas_paint paint = {map_color(map, theme_soft(glyph_accent(place->node))),
                                 map_color(map, glyph_accent(place->node)), 1, CANVAS_SOLID};
    if (place->count > 1)
        snprintf(title, sizeof title, "%s and %" PRIu32 " more like it, a %s each", place->node->name,
                 place->count - 1, place->node->type->name);
    else
        snprintf(title, sizeof title, "%s, a %s", place->node->name, place->node->type->name);
    canvas_tag_begin(map->canvas, CANVAS_TAG_NODE, place->node->id, title);
    double size = map->boxes[index].width;
    if (size >= GLYPH_LEAST)
        glyph_draw(map->canvas, map->wish->theme, place->node, at.x, at.y, size);
    else if (place->degree == 1)
        canvas_rect(map->canvas, map->boxes[index], 0, &paint);
    else
        canvas_circle(map->canvas, at.x, at.y, size / 2, &paint);
    canvas_tag_end(map->canvas);
}

/* How many a sign stands for, below it, where there is room. */
static void write_count(const struct map *map, uint32_t index)
{
    char words[24];
    struct canvas_point at = map->middles[index];
    double y = at.y + map->sign / 2 + 12;
    snprintf(words, sizeof words, "\xc3\x97%" PRIu32, map->plan.places[index].count);
    if (map->plan.places[index].count > 1 &&
        canvas_text_fits(map->canvas, at.x, y, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE, words))
        canvas_text(map->canvas, at.x, y, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE,
                    map_color(map, THEME_MUTED), words);
}

/* ---- Words ---- */

/* A ring around a station, and its name on the panel's colour, so that it can be read over cables. */
static void write_name(const struct map *map, const struct nt_node *node)
{
    const struct plan_place *place = node ? plan_find(&map->plan, node) : NULL;
    if (!place)
        return;
    struct canvas_point at = map->middles[place - map->plan.places];
    double radius = map->sign / 2 + 5;
    double width = canvas_text_width(CANVAS_BOLD, PICTURE_TEXT, node->name);
    canvas_circle(map->canvas, at.x, at.y, radius,
                  &(struct canvas_paint){.stroke = map_color(map, THEME_TEXT), .width = 2});
    for (int side = -1; side <= 1; side += 2) {
        double y = side < 0 ? at.y - radius - 5 : at.y + radius + 13;
        double x =
            fmin(fmax(at.x, map->room.x + width / 2 + 4), map->room.x + map->room.width - width / 2 - 4);
        if (!canvas_text_fits(map->canvas, x, y, CANVAS_BOLD, PICTURE_TEXT, CANVAS_MIDDLE, node->name))
            continue;
        canvas_rect(map->canvas, (struct canvas_box){x - width / 2 - 3, y - 11, width + 6, 15}, 3,
                    &(struct canvas_paint){.fill = color_fade(map_color(map, THEME_PANEL), 85)});
        canvas_text(map->canvas, x, y, CANVAS_BOLD, PICTURE_TEXT, CANVAS_MIDDLE, map_color(map, THEME_TEXT),
                    node->name);
        return;
    }
}

static void write_names(const struct map *map)
{
    const struct scenario *scenario = run_scenario(map->run);
    unsigned named = 0;
    if (map->wish->node)
        write_name(map, run_node_named(map->run, map->wish->node));
    for (size_t i = 0; i < scenario->action_count && named < NAMED_MOST; i++) {
        bool is_new = true;
        for (size_t j = 0; j < i; j++)
            is_new &= scenario->actions[j].node != scenario->actions[i].node;
        const struct nt_node *node =
            is_new ? run_node_named(map->run, scenario->nodes[scenario->actions[i].node].name) : NULL;
        if (node)
            write_name(map, node);
        named += node != NULL;
    }
}

/* Of few that have a place of their own, all that there is room for. */
static void write_all_names(const struct map *map)
{
    bool is_few = count_own(map) <= NAMED_ALL;
    for (uint32_t i = 0; i < map->plan.place_count && is_few; i++) {
        const char *name = map->plan.places[i].node->name;
        double y = map->middles[i].y - map->sign / 2 - 4;
        if (map->plan.places[i].beside == i && map->plan.places[i].count > 0 &&
            canvas_text_fits(map->canvas, map->middles[i].x, y, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE,
                             name))
            canvas_text(map->canvas, map->middles[i].x, y, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE,
                        map_color(map, THEME_TEXT), name);
    }
}

/* What stands in one layer. */
struct layer {
    const struct plan_place *first; /* NULL: nothing */
    uint32_t shown, all;            /* signs, and stations */
    bool are_alike;                 /* each sign stands for as many */
    double top, bottom;             /* pixels */
};

static struct layer layer_of(const struct map *map, unsigned level)
{
    struct layer layer = {.are_alike = true, .top = INFINITY};
    for (uint32_t i = 0; i < map->plan.place_count; i++) {
        const struct plan_place *place = &map->plan.places[i];
        if (place->level != (int)level)
            continue;
        layer.first = layer.first ? layer.first : place;
        layer.shown += place->count > 0;
        layer.all++;
        layer.are_alike &= place->count == 0 || place->count == layer.first->count;
        layer.top = fmin(layer.top, map->middles[i].y);
        layer.bottom = fmax(layer.bottom, map->middles[i].y);
    }
    return layer;
}

/* "1 024 x host, in 128 groups of 8" at the left of a layer. */
static void write_layer(const struct map *map, unsigned level)
{
    char number[24], words[80];
    struct layer layer = layer_of(map, level);
    if (!layer.first)
        return;
    bool is_folded = layer.all > layer.shown;
    double y = (layer.top + layer.bottom) / 2 + 4;
    picture_number(number, sizeof number, layer.all);
    snprintf(words, sizeof words, "%s \xc3\x97 %s", number, layer.first->node->type->name);
    canvas_text_in(map->canvas, map->room.x, y - (is_folded ? 8 : 0), CAPTIONS - 14, CANVAS_BOLD,
                   PICTURE_TEXT, map_color(map, THEME_TEXT), words);
    picture_number(number, sizeof number, layer.shown);
    if (layer.are_alike)
        snprintf(words, sizeof words, "%s groups of %" PRIu32, number, layer.first->count);
    else
        snprintf(words, sizeof words, "in %s groups", number);
    if (is_folded)
        canvas_text_in(map->canvas, map->room.x, y + 8, CAPTIONS - 14, CANVAS_SANS, PICTURE_SMALL,
                       map_color(map, THEME_MUTED), words);
}

void map_draw_large_stations(const struct map *map)
{
    uint32_t folded = 0;
    char number[24], words[120];
    for (uint32_t i = 0; i < map->plan.place_count; i++) {
        folded += map->plan.places[i].count == 0;
        if (map->plan.places[i].count > 0)
            draw_sign(map, i);
    }
    for (unsigned level = 0; level < map->plan.level_count; level++)
        write_layer(map, level);
    write_names(map);
    write_all_names(map);
    bool has_room = map->plan.apart_y * map->room.height >= map->sign + 14; /* below a sign, for its number */
    for (uint32_t i = 0; i < map->plan.place_count && has_room; i++)
        write_count(map, i);
    picture_number(number, sizeof number, map->plan.place_count);
    snprintf(words, sizeof words, "%s stations%s", number,
             folded ? "; those alike at one neighbour are one sign" : "");
    canvas_text(map->canvas, map->room.x + map->room.width, map->room.y + map->room.height - 2, CANVAS_SANS,
                PICTURE_SMALL, CANVAS_END, map_color(map, THEME_MUTED), words);
}

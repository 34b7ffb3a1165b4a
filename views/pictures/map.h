/* SPDX-License-Identifier: MIT
 * The map, from inside: what its files share. */
#ifndef NETARIUM_VIEWS_MAP_H
#define NETARIUM_VIEWS_MAP_H

#include "views/pictures/drawings.h"
#include "views/pictures/label.h"
#include "views/pictures/plan.h"

/* A cable from edge to edge of the two boxes. */
struct map_track {
    struct canvas_point from, to;
    double dx, dy, length; /* the direction, one pixel long */
};

/* A plan on its way to being drawn. */
struct map {
    const struct picture_wish *wish;
    struct canvas *canvas;
    const struct run *run;
    struct plan plan;
    struct canvas_box room;       /* for everything but the title */
    struct canvas_point *middles; /* of each place, in pixels; owned */
    struct canvas_box *boxes;     /* of each place; owned */
    struct map_track *tracks;     /* of each cable; owned */
    double sign;                  /* of a large plan: how large a station's sign is */
    bool is_dense;                /* too many for boxes: signs with a name below */
    bool is_crowded;              /* too many for names of cables */
};

static inline struct color map_color(const struct map *map, enum theme_color color)
{
    return map->wish->theme->colors[color];
}

/* Of more stations than can be placed and named one by one. */
static inline bool map_is_large(const struct map *map)
{
    return map->plan.apart_x > 0;
}

/* map_large.c */
void map_place_large(struct map *map);
void map_draw_large_cables(const struct map *map);
void map_draw_large_stations(const struct map *map);
#define MAP_LANE 5.0  /* from the middle of a cable to the middle of a direction */
#define MAP_SIGN 30.0 /* room for a frame's word */

/* Where each cable of the plan runs, once all boxes have their places. */
void map_lay_tracks(struct map *map);

/* Words in the middle of `x`, small, on the panel's colour: they may stand over a line. */
void map_write_over(const struct map *map, double x, double y, enum canvas_font font, enum theme_color color,
                    const char *words);

/* Does a cable pass through this box? */
bool map_is_crossed(const struct map *map, struct canvas_box box);

/* Cables with their state, queues, and the frames on their way. */
void map_draw_cables(const struct map *map);
void map_draw_flights(const struct map *map);

/* What was dropped lately, and why. */
void map_draw_drops(const struct map *map);

/* A network whose stations hang on one segment: the cable to scale. */
void map_draw_bus(const struct map *map);

/* A station's box with its sign, name and address, its middle at (x, y). `line`: what it is doing; NULL: its
 * address. */
void map_draw_station(const struct map *map, const struct nt_node *node, struct canvas_box box,
                      const char *line, enum theme_color accent);

/* The second line of a station: its address, or its type. */
void map_station_line(const struct map *map, const struct nt_node *node, char *ret_text, size_t size);

/* How large a station's box is. */
struct canvas_box map_station_box(const struct map *map, const struct nt_node *node);

#endif

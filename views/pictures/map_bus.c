/* SPDX-License-Identifier: MIT
 * One coaxial cable and its stations, to scale: both wavefronts where they are, and the overlap where it is
 * one. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "views/pictures/facts.h"
#include "views/pictures/map.h"
#include "views/pictures/signals.h"

#define COAX 18.0       /* the cable's thickness */
#define STATIONS_WIDE 8 /* more have signs instead of boxes */
#define ROWS 16         /* of signs */

static const enum theme_color station_colors[] = {THEME_DATA, THEME_CARE, THEME_ACK, THEME_AGAIN};

/* A station's colour on this cable: neighbours differ. */
static enum theme_color color_of_station(uint32_t order)
{
    return station_colors[order % (sizeof station_colors / sizeof *station_colors)];
}

struct bus {
    const struct map *map;
    const struct nt_node *cable;
    struct signals signals;
    double left, width, y; /* of the cable, in pixels */
    nt_time now;
};

static double x_of(const struct bus *bus, double position_mm)
{
    return bus->left + position_mm / (double)bus->signals.length_mm * bus->width;
}

static uint32_t order_of(const struct bus *bus, uint32_t station)
{
    for (uint32_t i = 0; i < bus->cable->port_count; i++)
        if (bus->cable->ports[i]->peer && bus->cable->ports[i]->peer->node->id == station)
            return i;
    return 0;
}

/* ---- Signals ---- */

/* The two stretches that a signal covers now: to the left and to the right of its tap, in millimetres. */
struct reach {
    double from, to;
};

static double reached(const struct bus *bus, nt_time since)
{
    return since <= 0 ? 0 : (double)since / (double)bus->signals.end_to_end * (double)bus->signals.length_mm;
}

/* Direction -1 or 1: from the tail to the head. An empty one: from == to. */
static struct reach reach_of(const struct bus *bus, const struct signal *signal, int direction)
{
    double head = reached(bus, bus->now - signal->begins);
    double tail =
        signal->ends == NT_NEVER || signal->ends > bus->now ? 0 : reached(bus, bus->now - signal->ends);
    double at = (double)signal->position_mm, end = direction < 0 ? at : (double)bus->signals.length_mm - at;
    head = fmin(head, end);
    tail = fmin(tail, end);
    return direction < 0 ? (struct reach){at - head, at - tail} : (struct reach){at + tail, at + head};
}

static bool is_on_cable(const struct bus *bus, const struct signal *signal)
{
    return signal->begins <= bus->now &&
           (signal->ends == NT_NEVER || signal->ends > bus->now - bus->signals.end_to_end);
}

static void draw_stretch(const struct bus *bus, struct reach reach, struct color color)
{
    if (reach.to - reach.from > 0)
        canvas_rect(bus->map->canvas,
                    (struct canvas_box){x_of(bus, reach.from), bus->y - COAX / 2,
                                        x_of(bus, reach.to) - x_of(bus, reach.from), COAX},
                    0, &(struct canvas_paint){.fill = color});
}

/* A front that still runs: a line and a head, or the words whose it is. */
static void draw_front(const struct bus *bus, const struct signal *signal, int direction, unsigned level,
                       bool are_words)
{
    const struct map *map = bus->map;
    struct reach reach = reach_of(bus, signal, direction);
    double place = direction < 0 ? reach.from : reach.to;
    enum theme_color accent = color_of_station(order_of(bus, signal->station));
    if (place <= 0 || place >= (double)bus->signals.length_mm || reach.to - reach.from <= 0)
        return;
    double x = x_of(bus, place), top = bus->y - COAX / 2 - 16 - 18 * level;
    char words[120];
    if (!are_words) {
        canvas_line(map->canvas, x, top + 4, x, bus->y + COAX / 2 + 6, map_color(map, accent), 2,
                    CANVAS_SOLID);
        canvas_arrow_head(map->canvas, x + direction * 8, bus->y - COAX / 2 - 7, direction, 0, 9,
                          map_color(map, accent));
        return;
    }
    snprintf(words, sizeof words, "%s\xe2\x80\x99s first bit, %.0f m",
             run_node(map->run, signal->station)->name, place / 1000);
    if (canvas_text_fits(map->canvas, x, top, CANVAS_BOLD, PICTURE_SMALL, CANVAS_MIDDLE, words))
        map_write_over(map, x, top, CANVAS_BOLD, accent, words);
}

/* Where two signals overlap now. */
static void draw_overlap(const struct bus *bus, const struct signal *a, const struct signal *b)
{
    const struct map *map = bus->map;
    for (int i = 0; i < 4; i++) {
        struct reach one = reach_of(bus, a, i & 1 ? 1 : -1), two = reach_of(bus, b, i & 2 ? 1 : -1);
        struct reach both = {fmax(one.from, two.from), fmin(one.to, two.to)};
        if (both.to - both.from <= 0)
            continue;
        double left = x_of(bus, both.from), right = x_of(bus, both.to);
        draw_stretch(bus, both, map_color(map, THEME_LOSS));
        for (double x = left + 4; x + 5 < right; x += 13) { /* also without colour: a zigzag */
            struct canvas_point teeth[] = {{x, bus->y + 5}, {x + 3.5, bus->y - 5}, {x + 7, bus->y + 5}};
            canvas_polyline(map->canvas, teeth, 3, false,
                            &(struct canvas_paint){.stroke = map_color(map, THEME_ON_ACCENT), .width = 1.2});
        }
    }
}

static double overlap_middle(const struct bus *bus, const struct signal *a, const struct signal *b)
{
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < 4; i++) {
        struct reach one = reach_of(bus, a, i & 1 ? 1 : -1), two = reach_of(bus, b, i & 2 ? 1 : -1);
        double from = fmax(one.from, two.from), to = fmin(one.to, two.to);
        least = to > from ? fmin(least, from) : least;
        most = to > from ? fmax(most, to) : most;
    }
    return most > least ? (least + most) / 2 : -1;
}

/* What the overlap means: below it, or, where stations stand there, in the corner. */
static void draw_caption(const struct bus *bus, double middle)
{
    static const char words[] = "overlap: a collision, wherever it is heard";
    const struct map *map = bus->map;
    struct color color = map_color(map, THEME_LOSS);
    if (bus->cable->port_count > STATIONS_WIDE) {
        canvas_text(map->canvas, map->room.x + map->room.width, map->room.y + map->room.height - 2,
                    CANVAS_BOLD, PICTURE_TEXT, CANVAS_END, color, words);
        return;
    }
    double x = fmin(fmax(x_of(bus, middle), bus->left + 90), bus->left + bus->width - 90);
    canvas_line(map->canvas, x_of(bus, middle), bus->y + COAX / 2 + 2, x, bus->y + 52, color, 1.2,
                CANVAS_SOLID);
    canvas_text(map->canvas, x, bus->y + 66, CANVAS_BOLD, PICTURE_TEXT, CANVAS_MIDDLE, color, words);
}

static void draw_signals(const struct bus *bus)
{
    const struct map *map = bus->map;
    double middle = -1;
    for (uint32_t i = 0; i < bus->signals.count; i++) {
        const struct signal *signal = &bus->signals.list[i];
        struct color color = color_mix(map_color(map, color_of_station(order_of(bus, signal->station))),
                                       map_color(map, THEME_PANEL), 45);
        for (int direction = -1; is_on_cable(bus, signal) && direction <= 1; direction += 2)
            draw_stretch(bus, reach_of(bus, signal, direction), color);
    }
    for (uint32_t i = 0; i < bus->signals.count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (is_on_cable(bus, &bus->signals.list[i]) && is_on_cable(bus, &bus->signals.list[j])) {
                draw_overlap(bus, &bus->signals.list[j], &bus->signals.list[i]);
                middle = fmax(middle, overlap_middle(bus, &bus->signals.list[j], &bus->signals.list[i]));
            }
    for (unsigned pass = 0; pass < 2; pass++) { /* no line through the words of another */
        unsigned level = 0;
        for (uint32_t i = 0; i < bus->signals.count; i++)
            for (int direction = -1; is_on_cable(bus, &bus->signals.list[i]) && direction <= 1;
                 direction += 2)
                draw_front(bus, &bus->signals.list[i], direction, level++ % 2, pass == 1);
    }
    if (middle >= 0)
        draw_caption(bus, middle);
}

/* ---- Stations ---- */

/* What a station is doing, from the last words of its MAC. */
static void state_of(const struct bus *bus, const struct nt_node *node, char *ret_text, size_t size)
{
    char carrier[64], state[64];
    facts_text(bus->map->run, node, "mac", 0, "state", state, sizeof state);
    facts_text(bus->map->run, node, "mac", 0, "carrier", carrier, sizeof carrier);
    snprintf(ret_text, size, "%s%s", state, carrier[0] == 'y' ? ", hears a carrier" : "");
}

/* A few stations have boxes above the cable. */
static void draw_box(const struct bus *bus, const struct nt_node *node, uint32_t order, double x)
{
    const struct map *map = bus->map;
    char state[160];
    state_of(bus, node, state, sizeof state);
    struct canvas_box box = map_station_box(map, node);
    box.width = fmax(box.width, canvas_text_width(CANVAS_SANS, PICTURE_SMALL, state) + 68);
    double least = map->room.x, most = map->room.x + map->room.width - box.width;
    box.x = floor(fmin(fmax(x - box.width / 2, least), most)) + 0.5;
    box.y = floor(fmax(bus->y - 140, map->room.y)) + 0.5;
    canvas_line(map->canvas, x, box.y + box.height, x, bus->y, map_color(map, THEME_WIRE), 1.5, CANVAS_SOLID);
    map_draw_station(map, node, box, state, color_of_station(order));
}

/* Rows stand above and below the cable in turn, ever farther away. */
static double row_place(const struct bus *bus, unsigned row)
{
    double away = 46 + 19 * (row / 2);
    return bus->y + (row % 2 ? away + 10 : -away);
}

static bool row_is_in_room(const struct bus *bus, unsigned row)
{
    const struct canvas_box *room = &bus->map->room;
    double y = row_place(bus, row);
    return y > room->y + 6 && y < room->y + room->height - 22;
}

/* Many have a sign and a name, in rows above and below: each in the first row where it has room. */
static void draw_sign(const struct bus *bus, const struct nt_node *node, uint32_t order, double x,
                      double *row_ends)
{
    const struct map *map = bus->map;
    char state[160], title[300];
    struct color color = map_color(map, color_of_station(order));
    double width = canvas_text_width(CANVAS_BOLD, PICTURE_SMALL, node->name) + 34;
    unsigned row = 0;
    while (row < ROWS - 1 && (row_ends[row] > x - 10 || !row_is_in_room(bus, row)))
        row++;
    bool has_room = row_is_in_room(bus, row) && row_ends[row] <= x - 10;
    row = has_room ? row : 0; /* else a sign without a name */
    row_ends[row] = has_room ? x + width : row_ends[row];
    double y = row_place(bus, row);
    state_of(bus, node, state, sizeof state);
    snprintf(title, sizeof title, "%s: %s", node->name, state);
    bool is_sending = strstr(state, "TRANSMIT") || strstr(state, "JAM");
    canvas_tag_begin(map->canvas, CANVAS_TAG_NODE, node->id, title);
    canvas_line(map->canvas, x, y, x, bus->y, map_color(map, THEME_EDGE), 1, CANVAS_SOLID);
    canvas_circle(
        map->canvas, x, y, 6,
        &(struct canvas_paint){is_sending ? color : map_color(map, THEME_PANEL), color, 2, CANVAS_SOLID});
    if (has_room)
        canvas_text(map->canvas, x + 11, y + 4, CANVAS_BOLD, PICTURE_SMALL, CANVAS_START,
                    is_sending ? color : map_color(map, THEME_MUTED), node->name);
    canvas_tag_end(map->canvas);
}

static void draw_taps(const struct bus *bus)
{
    double row_ends[ROWS] = {0};
    for (uint32_t i = 0; i < bus->cable->port_count; i++) {
        const struct nt_node *node = bus->cable->ports[i]->peer ? bus->cable->ports[i]->peer->node : NULL;
        int64_t position = signals_tap(bus->cable, i);
        if (!node || position < 0)
            continue;
        if (bus->cable->port_count > STATIONS_WIDE)
            draw_sign(bus, node, i, x_of(bus, (double)position), row_ends);
        else
            draw_box(bus, node, i, x_of(bus, (double)position));
    }
}

static void draw_metres(const struct bus *bus)
{
    const struct map *map = bus->map;
    int64_t step = 1000; /* millimetres between marks, 1, 2, 5, 10 ... metres */
    for (int i = 0; (double)step / (double)bus->signals.length_mm * bus->width < 64; i++)
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
    for (int64_t at = 0; at <= bus->signals.length_mm; at += step) {
        double x = x_of(bus, (double)at), y = bus->y + COAX / 2 + 6;
        canvas_line(map->canvas, x, y, x, y + 6, map_color(map, THEME_MUTED), 1, CANVAS_SOLID);
        char words[32];
        snprintf(words, sizeof words, "%" PRId64 " m", at / 1000);
        map_write_over(map, x, y + 19, CANVAS_SANS, THEME_MUTED, words);
    }
}

static void draw_remark(const struct bus *bus)
{
    const struct map *map = bus->map;
    char end_to_end[40], bit[40];
    nt_time bit_time = bus->signals.rate_bps > 0 ? NT_SECOND / bus->signals.rate_bps : 0;
    double metres =
        (double)bit_time / (double)bus->signals.end_to_end * (double)bus->signals.length_mm / 1000;
    picture_time(end_to_end, sizeof end_to_end, bus->signals.end_to_end, NT_NANOSECOND);
    picture_time(bit, sizeof bit, bit_time, NT_NANOSECOND / 10);
    canvas_textf(map->canvas, map->room.x, map->room.y + map->room.height - 2, CANVAS_SANS, PICTURE_SMALL,
                 CANVAS_START, map_color(map, THEME_MUTED),
                 "%s: %s from end to end \xc2\xb7 a bit lasts %s, that is %.1f m of cable", bus->cable->name,
                 end_to_end, bit, metres);
}

void map_draw_bus(const struct map *map)
{
    struct bus bus = {.map = map, .cable = map->plan.bus, .now = session_now(map->wish->session)};
    if (!signals_init(&bus.signals, map->wish->session, bus.cable, bus.now - NT_MILLISECOND, bus.now)) {
        picture_nothing(map->wish, map->canvas, map->room, "This cable does not say how long it is.");
        return;
    }
    bus.left = map->room.x + 70;
    bus.width = map->room.width - 140;
    bus.y = floor(map->room.y + fmax(map->room.height * 0.56, fmin(150, map->room.height - 90)));
    draw_taps(&bus);
    canvas_rect(map->canvas, (struct canvas_box){bus.left - 22, bus.y - COAX / 2, bus.width + 44, COAX},
                COAX / 2,
                &(struct canvas_paint){map_color(map, THEME_CARE_SOFT), map_color(map, THEME_CARE), 1.2,
                                       CANVAS_SOLID});
    draw_signals(&bus);
    draw_metres(&bus);
    draw_remark(&bus);
    signals_release(&bus.signals);
}

/* SPDX-License-Identifier: MIT
 * Levels over time. */
#include "views/pictures/plot.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/units.h"
#include "views/pictures/picture.h"

#define BETWEEN_LEVELS 26.0 /* pixels between two numbers at least */
#define BETWEEN_TIMES 84.0
#define BAR_WIDTH 3.0

static struct color color_of(const struct plot *plot, enum theme_color color)
{
    return plot->theme->colors[color];
}

int64_t plot_round_step(int64_t rough)
{
    int64_t step = 1;
    for (unsigned i = 0; step < rough && step <= INT64_MAX / 5; i++)
        step = i % 3 == 1 ? step / 2 * 5 : step * 2; /* 1, 2, 5, 10, 20 ... */
    return step;
}

static int64_t step_for(int64_t span, double pixels, double between)
{
    double parts = floor(pixels / between);
    double rough = (double)span / (parts < 1 ? 1 : parts);
    return plot_round_step(rough < 1 ? 1 : rough > 4e18 ? INT64_MAX / 2 : (int64_t)ceil(rough));
}

struct plot plot_in(struct canvas *canvas, const struct theme *theme, struct canvas_box room, nt_time from,
                    nt_time to, int64_t most, enum nt_unit unit)
{
    struct plot plot = {.canvas = canvas, .theme = theme, .from = from, .to = to, .unit = unit};
    assert(from < to);
    plot.box =
        (struct canvas_box){room.x + PLOT_LEFT, room.y, room.width - PLOT_LEFT, room.height - PLOT_BELOW};
    if (most < 1)
        most = 1;
    int64_t step = step_for(most, plot.box.height, BETWEEN_LEVELS);
    plot.high = most > INT64_MAX - step ? INT64_MAX : (most + step - 1) / step * step;
    return plot;
}

double plot_x(const struct plot *plot, nt_time at)
{
    return plot->box.x + (double)(at - plot->from) / (double)(plot->to - plot->from) * plot->box.width;
}

double plot_y(const struct plot *plot, int64_t level)
{
    double part = (double)(level - plot->low) / (double)(plot->high - plot->low);
    return plot->box.y + (1 - part) * plot->box.height;
}

/* ---- Axes ---- */

void plot_show(enum nt_unit unit, int64_t level, char *ret_text, size_t size)
{
    struct text text = text_in(ret_text, size);
    if (unit == NT_UNIT_TIME) {
        picture_time(ret_text, size, level, level / 1000 + 1);
    } else if (unit == NT_UNIT_RATE) {
        units_show(UNITS_RATE, level, &text);
    } else if (unit == NT_UNIT_PPM) {
        units_show(UNITS_PERCENT, level, &text);
    } else {
        text_add_grouped(&text, level, "\xe2\x80\x89");
        text_add(&text, "%s", unit == NT_UNIT_BYTES ? " B" : unit == NT_UNIT_BITS ? " bit" : "");
    }
}

static void draw_levels(const struct plot *plot)
{
    int64_t step = step_for(plot->high - plot->low, plot->box.height, BETWEEN_LEVELS);
    int64_t level = plot->low;
    for (unsigned i = 0; i < 200; i++, level += step) {
        char text[48];
        double y = plot_y(plot, level);
        canvas_line(plot->canvas, plot->box.x, y, plot->box.x + plot->box.width, y,
                    color_of(plot, i ? THEME_GRID : THEME_EDGE), 1, CANVAS_SOLID);
        plot_show(plot->unit, level, text, sizeof text);
        canvas_text(plot->canvas, plot->box.x - 8, y + 4, CANVAS_SANS, PICTURE_SMALL, CANVAS_END,
                    color_of(plot, THEME_MUTED), level || plot->unit == NT_UNIT_NONE ? text : "0");
        if (level > plot->high - step)
            break;
    }
}

void plot_times(const struct plot *plot)
{
    int64_t step = step_for(plot->to - plot->from, plot->box.width, BETWEEN_TIMES);
    nt_time at = plot->from > 0 ? (plot->from + step - 1) / step * step : plot->from / step * step;
    double bottom = plot->box.y + plot->box.height, last = -1e9;
    for (; at <= plot->to; at += step) {
        char text[48];
        double x = plot_x(plot, at);
        picture_time(text, sizeof text, at, step);
        double half = canvas_text_width(CANVAS_SANS, PICTURE_SMALL, text) / 2;
        canvas_line(plot->canvas, x, bottom, x, bottom + 4, color_of(plot, THEME_EDGE), 1, CANVAS_SOLID);
        double middle = fmin(x, plot->box.x + plot->box.width - half + 8);
        if (middle - half > last + 8) {
            canvas_text(plot->canvas, middle, bottom + 17, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE,
                        color_of(plot, THEME_MUTED), text);
            last = middle + half;
        }
        if (at > INT64_MAX - step)
            break;
    }
}

void plot_axes(const struct plot *plot, const char *name, bool has_times)
{
    draw_levels(plot);
    if (has_times)
        plot_times(plot);
    canvas_text(plot->canvas, plot->box.x, plot->box.y - 10, CANVAS_BOLD, PICTURE_TEXT, CANVAS_START,
                color_of(plot, THEME_TEXT), name);
}

/* ---- Curves ---- */

void plot_curve_begin(struct plot_curve *curve, const struct plot *plot, bool is_steps,
                      const struct canvas_paint *paint)
{
    *curve = (struct plot_curve){.plot = plot, .paint = *paint, .is_steps = is_steps};
}

static void add_point(struct plot_curve *curve, double x, double y)
{
    if (curve->count == curve->room) {
        curve->room = curve->room ? curve->room * 2 : 256;
        curve->points = realloc(curve->points, curve->room * sizeof *curve->points);
        if (!curve->points)
            abort(); /* a few thousand points: no more than the canvas itself takes */
    }
    curve->points[curve->count++] = (struct canvas_point){x, y};
}

/* The column is full: what happened in it, as one stroke. */
static void end_column(struct plot_curve *curve)
{
    if (curve->samples == 0)
        return;
    if (curve->is_steps && curve->count > 0)
        add_point(curve, curve->x, curve->points[curve->count - 1].y);
    add_point(curve, curve->x, curve->first);
    if (curve->samples > 1) {
        add_point(curve, curve->x, curve->low);
        add_point(curve, curve->x, curve->high);
        add_point(curve, curve->x, curve->last);
    }
    curve->samples = 0;
}

void plot_curve_add(struct plot_curve *curve, nt_time at, int64_t level)
{
    const struct plot *plot = curve->plot;
    if (at > plot->to || (at < plot->from && !curve->is_steps))
        return;
    double x = at < plot->from ? plot->box.x : plot_x(plot, at), y = plot_y(plot, level);
    int64_t column = at < plot->from ? -1 : (int64_t)floor(x);
    if (column == -1) { /* what held when the span begins: only the last counts */
        curve->samples = 0;
        curve->column = -1;
    }
    if (curve->samples == 0 || column != curve->column) {
        end_column(curve);
        curve->column = column;
        curve->x = x;
        curve->first = curve->low = curve->high = y;
    }
    curve->low = fmax(curve->low, y);
    curve->high = fmin(curve->high, y);
    curve->last = y;
    curve->samples++;
}

void plot_curve_end(struct plot_curve *curve, nt_time until)
{
    const struct plot *plot = curve->plot;
    end_column(curve);
    if (curve->count > 0 && curve->is_steps) {
        double x = plot_x(plot, until < plot->to ? until : plot->to);
        add_point(curve, fmax(x, curve->points[curve->count - 1].x), curve->points[curve->count - 1].y);
    }
    if (curve->count >= 2) {
        struct canvas_paint line = {
            .stroke = curve->paint.stroke, .width = curve->paint.width, .dash = curve->paint.dash};
        canvas_polyline(plot->canvas, curve->points, curve->count, false, &line);
        if (curve->paint.fill.alpha > 0) {
            struct canvas_paint area = {.fill = curve->paint.fill};
            double bottom = plot->box.y + plot->box.height, right = curve->points[curve->count - 1].x;
            add_point(curve, right, bottom);
            add_point(curve, curve->points[0].x, bottom);
            canvas_polyline(plot->canvas, curve->points, curve->count, true, &area);
        }
    }
    free(curve->points);
    *curve = (struct plot_curve){0};
}

/* ---- What stands in a plot besides ---- */

static void draw_shape(struct canvas *canvas, double x, double y, enum plot_shape shape, struct color color)
{
    struct canvas_paint paint = {.fill = color};
    struct canvas_point triangle[] = {{x, y}, {x - 5, y - 9}, {x + 5, y - 9}};
    struct canvas_point diamond[] = {{x, y - 5}, {x + 5, y}, {x, y + 5}, {x - 5, y}};
    switch (shape) {
    case PLOT_DOT:
        canvas_circle(canvas, x, y, 3, &paint);
        break;
    case PLOT_CROSS:
        canvas_line(canvas, x - 4, y - 4, x + 4, y + 4, color, 2, CANVAS_SOLID);
        canvas_line(canvas, x - 4, y + 4, x + 4, y - 4, color, 2, CANVAS_SOLID);
        break;
    case PLOT_TRIANGLE:
        canvas_polyline(canvas, triangle, 3, true, &paint);
        break;
    case PLOT_DIAMOND:
        canvas_polyline(canvas, diamond, 4, true, &paint);
        break;
    case PLOT_SQUARE:
        canvas_rect(canvas, (struct canvas_box){x - 4, y - 4, 8, 8}, 0, &paint);
        break;
    case PLOT_RING:
        canvas_circle(canvas, x, y, 4, &(struct canvas_paint){.stroke = color, .width = 1.75});
        break;
    case PLOT_PLUS:
        canvas_line(canvas, x - 5, y, x + 5, y, color, 2, CANVAS_SOLID);
        canvas_line(canvas, x, y - 5, x, y + 5, color, 2, CANVAS_SOLID);
        break;
    case PLOT_BAR:
        canvas_line(canvas, x, y - 7, x, y + 7, color, BAR_WIDTH, CANVAS_DASHED);
        break;
    }
}

void plot_mark(const struct plot *plot, nt_time at, int64_t level, enum plot_shape shape,
               enum theme_color color)
{
    if (at >= plot->from && at <= plot->to)
        draw_shape(plot->canvas, plot_x(plot, at), plot_y(plot, level), shape, color_of(plot, color));
}

void plot_bar(const struct plot *plot, nt_time at, int64_t low, int64_t high, enum theme_color color)
{
    double x = plot_x(plot, at);
    if (at >= plot->from && at <= plot->to && low < plot->high && high > plot->low)
        canvas_line(plot->canvas, x, plot_y(plot, low > plot->low ? low : plot->low), x,
                    plot_y(plot, high < plot->high ? high : plot->high), color_of(plot, color), BAR_WIDTH,
                    CANVAS_DASHED);
}

void plot_level(const struct plot *plot, int64_t level, enum theme_color color, const char *name)
{
    double y = plot_y(plot, level), right = plot->box.x + plot->box.width;
    canvas_line(plot->canvas, plot->box.x, y, right, y, color_of(plot, color), 1.5, CANVAS_DASHED);
    canvas_text(plot->canvas, right - 6, y - 5, CANVAS_BOLD, PICTURE_SMALL, CANVAS_END, color_of(plot, color),
                name);
}

/* Where a part of the span begins and ends, in pixels. */
static bool ends_of(const struct plot *plot, nt_time from, nt_time to, double *ret_left, double *ret_right)
{
    *ret_left = plot_x(plot, from < plot->from ? plot->from : from);
    *ret_right = plot_x(plot, to > plot->to ? plot->to : to);
    return *ret_right > *ret_left;
}

void plot_phase(const struct plot *plot, nt_time from, nt_time to, enum theme_color accent)
{
    double left, right;
    if (ends_of(plot, from, to, &left, &right))
        canvas_rect(plot->canvas, (struct canvas_box){left, plot->box.y, right - left, plot->box.height}, 0,
                    &(struct canvas_paint){.fill = color_of(plot, theme_soft(accent))});
}

void plot_phase_name(const struct plot *plot, nt_time from, nt_time to, enum theme_color accent,
                     const char *name)
{
    double left, right, width = canvas_text_width(CANVAS_SANS, PICTURE_SMALL, name);
    if (!ends_of(plot, from, to, &left, &right) || width + 8 > right - left)
        return;
    double middle = (left + right) / 2;
    canvas_rect(plot->canvas, (struct canvas_box){middle - width / 2 - 3, plot->box.y + 3, width + 6, 16}, 2,
                &(struct canvas_paint){.fill = color_of(plot, theme_soft(accent))});
    canvas_text(plot->canvas, middle, plot->box.y + 15, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE,
                color_of(plot, THEME_MUTED), name);
}

void plot_now(const struct plot *plot, nt_time now)
{
    struct canvas_box box = plot->box;
    double x = plot_x(plot, now), right = box.x + box.width;
    if (now < plot->from || now >= plot->to)
        return;
    canvas_rect(plot->canvas, (struct canvas_box){x, box.y, right - x, box.height}, 0,
                &(struct canvas_paint){.fill = color_fade(color_of(plot, THEME_PANEL), 58)});
    canvas_line(plot->canvas, x, box.y, x, box.y + box.height, color_of(plot, THEME_LOSS), 1.5,
                CANVAS_DOTTED);
}

#define LEGEND_SIGN 22.0
#define LEGEND_GAP 18.0

static double entry_width(const struct plot_entry *entry)
{
    return LEGEND_SIGN + canvas_text_width(CANVAS_SANS, PICTURE_SMALL, entry->name);
}

double plot_legend(struct canvas *canvas, const struct theme *theme, double right, double y, double room,
                   const struct plot_entry *entries, size_t count, uint32_t shown)
{
    double width = -LEGEND_GAP;
    uint32_t fits = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(shown >> i & 1))
            continue;
        if (width + LEGEND_GAP + entry_width(&entries[i]) > room)
            break;
        width += LEGEND_GAP + entry_width(&entries[i]);
        fits |= UINT32_C(1) << i;
    }
    double x = right - width;
    for (size_t i = 0; i < count; i++) {
        struct color color = theme->colors[entries[i].color];
        if (!(fits >> i & 1))
            continue;
        if (entries[i].is_mark)
            draw_shape(canvas, x + 9, y - (entries[i].shape == PLOT_TRIANGLE ? 0 : 4), entries[i].shape,
                       color);
        else
            canvas_line(canvas, x, y - 4, x + 16, y - 4, color, 2, entries[i].dash);
        canvas_text(canvas, x + LEGEND_SIGN, y, CANVAS_SANS, PICTURE_SMALL, CANVAS_START,
                    theme->colors[THEME_MUTED], entries[i].name);
        x += entry_width(&entries[i]) + LEGEND_GAP;
    }
    return fits ? width : 0;
}

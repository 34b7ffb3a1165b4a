/* SPDX-License-Identifier: MIT
 * Signs for kinds of nodes. */
#include "views/pictures/glyph.h"

#include <string.h>

/* A sign, in a square from -1 to 1. */
typedef void sign(struct canvas *canvas, double x, double y, double half, const struct canvas_paint *line,
                  struct color color);

static void draw_screen(struct canvas *canvas, double x, double y, double half,
                        const struct canvas_paint *line, struct color color)
{
    canvas_rect(canvas, (struct canvas_box){x - half, y - half * 0.8, half * 2, half * 1.3}, 2, line);
    canvas_line(canvas, x, y + half * 0.5, x, y + half * 0.85, color, 1.5, CANVAS_SOLID);
    canvas_line(canvas, x - half * 0.55, y + half * 0.9, x + half * 0.55, y + half * 0.9, color, 1.5,
                CANVAS_SOLID);
}

static void arrow(struct canvas *canvas, double x1, double y1, double x2, double y2, double head,
                  struct color color)
{
    canvas_line(canvas, x1, y1, x2, y2, color, 1.5, CANVAS_SOLID);
    canvas_arrow_head(canvas, x2, y2, x2 - x1, y2 - y1, head, color);
}

static void draw_router(struct canvas *canvas, double x, double y, double half,
                        const struct canvas_paint *line, struct color color)
{
    double r = half * 0.95, a = half * 0.62, b = half * 0.18, head = half * 0.42;
    canvas_circle(canvas, x, y, r, line);
    arrow(canvas, x - b, y, x - a, y, head, color);
    arrow(canvas, x + b, y, x + a, y, head, color);
    arrow(canvas, x, y - a, x, y - b * 0.4, head, color);
    arrow(canvas, x, y + a, x, y + b * 0.4, head, color);
}

static void draw_switch(struct canvas *canvas, double x, double y, double half,
                        const struct canvas_paint *line, struct color color)
{
    double a = half * 0.6, head = half * 0.4;
    canvas_rect(canvas, (struct canvas_box){x - half, y - half * 0.75, half * 2, half * 1.5}, 3, line);
    arrow(canvas, x - a, y - half * 0.28, x + a, y - half * 0.28, head, color);
    arrow(canvas, x + a, y + half * 0.28, x - a, y + half * 0.28, head, color);
}

static void draw_hub(struct canvas *canvas, double x, double y, double half, const struct canvas_paint *line,
                     struct color color)
{
    double a = half * 0.65, head = half * 0.4;
    canvas_rect(canvas, (struct canvas_box){x - half, y - half * 0.75, half * 2, half * 1.5}, 3, line);
    arrow(canvas, x, y, x - a, y, head, color);
    arrow(canvas, x, y, x + a, y, head, color);
    canvas_circle(canvas, x, y, half * 0.16, &(struct canvas_paint){.fill = color});
}

static void draw_nat(struct canvas *canvas, double x, double y, double half, const struct canvas_paint *line,
                     struct color color)
{
    struct canvas_point roof[] = {
        {x - half, y - half * 0.1}, {x, y - half * 0.9}, {x + half, y - half * 0.1}};
    struct canvas_paint open = {.stroke = line->stroke, .width = line->width};
    canvas_polyline(canvas, roof, 3, false, &open);
    canvas_rect(canvas, (struct canvas_box){x - half * 0.72, y - half * 0.1, half * 1.44, half * 0.95}, 0,
                line);
    arrow(canvas, x - half * 0.4, y + half * 0.38, x + half * 0.45, y + half * 0.38, half * 0.38, color);
}

static void draw_wall(struct canvas *canvas, double x, double y, double half, const struct canvas_paint *line,
                      struct color color)
{
    double top = y - half * 0.75, row = half * 0.5;
    canvas_rect(canvas, (struct canvas_box){x - half, top, half * 2, row * 3}, 1, line);
    for (int i = 1; i < 3; i++)
        canvas_line(canvas, x - half, top + row * i, x + half, top + row * i, color, 1.2, CANVAS_SOLID);
    for (int i = 0; i < 3; i++)
        for (double at = i % 2 ? 0.66 : 1; at < 1.9; at += 0.67)
            canvas_line(canvas, x - half + half * at, top + row * i, x - half + half * at,
                        top + row * (i + 1), color, 1.2, CANVAS_SOLID);
}

static void draw_impair(struct canvas *canvas, double x, double y, double half,
                        const struct canvas_paint *line, struct color color)
{
    struct canvas_point bolt[] = {{x + half * 0.2, y - half * 0.8},
                                  {x - half * 0.3, y + half * 0.1},
                                  {x + half * 0.25, y - half * 0.02},
                                  {x - half * 0.2, y + half * 0.8}};
    canvas_circle(canvas, x, y, half * 0.95, line);
    canvas_polyline(canvas, bolt, 4, false, &(struct canvas_paint){.stroke = color, .width = 1.7});
}

static void draw_box(struct canvas *canvas, double x, double y, double half, const struct canvas_paint *line,
                     struct color color)
{
    canvas_rect(canvas, (struct canvas_box){x - half * 0.8, y - half * 0.8, half * 1.6, half * 1.6}, 3, line);
    canvas_circle(canvas, x, y, half * 0.22, &(struct canvas_paint){.fill = color});
}

static const struct {
    const char *type;
    sign *draw;
    enum theme_color accent;
} signs[] = {{"host", draw_screen, THEME_DATA},   {"router", draw_router, THEME_CARE},
             {"switch", draw_switch, THEME_ACK},  {"bridge", draw_switch, THEME_ACK},
             {"hub", draw_hub, THEME_CONTROL},    {"nat", draw_nat, THEME_CARE},
             {"firewall", draw_wall, THEME_LOSS}, {"impair", draw_impair, THEME_LOSS},
             {NULL, draw_box, THEME_CONTROL}};

static unsigned sign_of(const struct nt_node *node)
{
    unsigned i = 0;
    while (signs[i].type && strcmp(signs[i].type, node->type->name) != 0)
        i++;
    return i;
}

enum theme_color glyph_accent(const struct nt_node *node)
{
    return signs[sign_of(node)].accent;
}

void glyph_draw(struct canvas *canvas, const struct theme *theme, const struct nt_node *node, double x,
                double y, double size)
{
    unsigned i = sign_of(node);
    struct color color = theme->colors[signs[i].accent];
    struct canvas_paint line = {theme->colors[theme_soft(signs[i].accent)], color, 1.5, CANVAS_SOLID};
    signs[i].draw(canvas, x, y, size / 2, &line, color);
}

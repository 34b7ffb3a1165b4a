/* SPDX-License-Identifier: MIT
 * A picture as a list: what a view says, and every back end understands.
 *
 *     view  ->  canvas_rect, canvas_text ...  ->  struct canvas  ->  svg.c, cairo.c, the window
 *
 * A canvas draws nothing. It keeps what was asked for, in order, as small operations; so it can be drawn at
 * any size, compared by its hash (an unchanged panel is not drawn again), searched for what stands under the
 * mouse, and judged by tests (labels that overlap, text that is too small).
 *
 * Coordinates are pixels at scale 1, from the upper left corner, and are kept in hundredths, so that a list
 * is the same on every machine. Text stands on a baseline. Its width is measured in one place (measure.c),
 * for a font that need not be there: a back end fits what it has to that width. */
#ifndef NETARIUM_VIEWS_CANVAS_H
#define NETARIUM_VIEWS_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "views/canvas/color.h"

#define CANVAS_UNITS 100 /* kept numbers in a pixel */
#define CANVAS_CLIPS 16  /* nested at most */
#define CANVAS_TAGS 16

enum canvas_font { CANVAS_SANS, CANVAS_BOLD, CANVAS_MONO, CANVAS_MONO_BOLD };
enum canvas_anchor { CANVAS_START, CANVAS_MIDDLE, CANVAS_END };
enum canvas_dash { CANVAS_SOLID, CANVAS_DASHED, CANVAS_DOTTED };

/* How a shape is filled and outlined. */
struct canvas_paint {
    struct color fill, stroke;
    double width; /* of the outline; 0: none */
    enum canvas_dash dash;
};

struct canvas_point {
    double x, y;
};

struct canvas_box {
    double x, y, width, height;
};

/* What was drawn here: the thing that a click means. */
enum canvas_tag_kind {
    CANVAS_TAG_NONE,
    CANVAS_TAG_NODE,   /* id: a node's number */
    CANVAS_TAG_FRAME,  /* a frame's number */
    CANVAS_TAG_RECORD, /* a record's number */
    CANVAS_TAG_TIME,   /* picoseconds */
    CANVAS_TAG_CONTROL /* the window's own */
};

struct canvas_tag {
    enum canvas_tag_kind kind;
    uint64_t id;
    uint32_t title; /* offset in `letters`: one line in words */
    uint32_t outer; /* the tag that it stands in, and 1; 0: none */
};

enum canvas_op_kind {
    CANVAS_OP_RECT,
    CANVAS_OP_CIRCLE,
    CANVAS_OP_LINE,
    CANVAS_OP_TEXT,
    CANVAS_OP_CLIP,
    CANVAS_OP_UNCLIP
};

/* One thing to draw. Lengths are in hundredths of a pixel. */
struct canvas_op {
    enum canvas_op_kind kind;
    uint32_t tag; /* its place in `tags`, and 1; 0: none */
    struct color fill, stroke;
    int32_t stroke_width;
    enum canvas_dash dash;
    int32_t x, y, width, height; /* box; circle: centre, and the radius as width; text: baseline, and width */
    int32_t radius;              /* of corners; text: size */
    bool is_closed;              /* a line that ends where it began, and may be filled */
    enum canvas_font font;
    enum canvas_anchor anchor;
    uint32_t first, count; /* points, or letters without the zero behind them */
};

struct canvas {
    double width, height;
    struct canvas_op *ops; /* owned, like the next three */
    int32_t (*points)[2];
    char *letters;
    struct canvas_tag *tags;
    uint32_t op_count, op_room, point_count, point_room, letter_count, letter_room, tag_count, tag_room;
    uint32_t open_tag; /* place and 1 */
    unsigned clip_depth;
};

/* An empty picture of this size. */
void canvas_init(struct canvas *canvas, double width, double height);
void canvas_release(struct canvas *canvas);

/* Empty again, of this size; the memory is kept. */
void canvas_clear(struct canvas *canvas, double width, double height);

/* ---- Shapes ---- */

/* `radius`: of the corners; 0: none. */
void canvas_rect(struct canvas *canvas, struct canvas_box box, double radius,
                 const struct canvas_paint *paint);
void canvas_circle(struct canvas *canvas, double x, double y, double radius,
                   const struct canvas_paint *paint);

/* A line through `count` points, at least two. Closed ones are filled. Points nearer to the last kept one
 * than a third of a pixel are left out. */
void canvas_polyline(struct canvas *canvas, const struct canvas_point *points, size_t count, bool is_closed,
                     const struct canvas_paint *paint);
void canvas_line(struct canvas *canvas, double x1, double y1, double x2, double y2, struct color color,
                 double width, enum canvas_dash dash);

/* An arrow's head at (x, y) that points along (dx, dy), `size` pixels long. */
void canvas_arrow_head(struct canvas *canvas, double x, double y, double dx, double dy, double size,
                       struct color color);

/* ---- Text: UTF-8, one line, `size` in pixels, `y` the baseline ---- */

void canvas_text(struct canvas *canvas, double x, double y, enum canvas_font font, double size,
                 enum canvas_anchor anchor, struct color color, const char *text);
void canvas_textf(struct canvas *canvas, double x, double y, enum canvas_font font, double size,
                  enum canvas_anchor anchor, struct color color, const char *format, ...)
    __attribute__((format(printf, 8, 9)));

/* As much of the text as fits into `room` pixels, with an ellipsis if that is not all of it. Returns the
 * width it took. */
double canvas_text_in(struct canvas *canvas, double x, double y, double room, enum canvas_font font,
                      double size, struct color color, const char *text);

/* Does the box lie in the picture, and is there no text in it so far? And would this text stand in such a
 * box? */
bool canvas_is_free(const struct canvas *canvas, struct canvas_box box);
bool canvas_text_fits(const struct canvas *canvas, double x, double y, enum canvas_font font, double size,
                      enum canvas_anchor anchor, const char *text);

/* How wide a text is, in pixels. */
double canvas_text_width(enum canvas_font font, double size, const char *text);

/* ---- Groups ---- */

/* What is drawn until canvas_unclip is seen only inside the box. */
void canvas_clip(struct canvas *canvas, struct canvas_box box);
void canvas_unclip(struct canvas *canvas);

/* What is drawn until canvas_tag_end belongs to this thing. `title`: one line in words; "" for none. */
void canvas_tag_begin(struct canvas *canvas, enum canvas_tag_kind kind, uint64_t id, const char *title);
void canvas_tag_end(struct canvas *canvas);

/* Puts all of `other` into `canvas` at (x, y), clipped to its size. Tags go along. */
void canvas_append(struct canvas *canvas, double x, double y, const struct canvas *other);

/* ---- Looking ---- */

/* The topmost tagged thing at (x, y) or within three pixels; NULL: nothing. */
const struct canvas_tag *canvas_hit(const struct canvas *canvas, double x, double y);
const char *canvas_tag_title(const struct canvas *canvas, const struct canvas_tag *tag);

/* Two lists with one hash look the same. */
uint64_t canvas_hash(const struct canvas *canvas);

/* The box that an operation covers, in pixels. */
struct canvas_box canvas_op_box(const struct canvas *canvas, const struct canvas_op *op);

/* The letters of a text operation, ended by a zero. */
const char *canvas_op_text(const struct canvas *canvas, const struct canvas_op *op);

#endif

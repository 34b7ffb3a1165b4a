/* SPDX-License-Identifier: MIT
 * A picture as a list. */
#include "views/canvas/canvas.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES 512   /* longest formatted text */
#define KEEP_DISTANCE 33 /* hundredths of a pixel between kept points */
#define HIT_DISTANCE 300 /* likewise: how near is near enough */

static int32_t keep(double pixels)
{
    double hundredths = pixels * CANVAS_UNITS;
    if (!(hundredths > -1e8)) /* also what is no number */
        return -100000000;
    return hundredths > 1e8 ? 100000000 : (int32_t)(hundredths < 0 ? hundredths - 0.5 : hundredths + 0.5);
}

static double pixels(int32_t kept)
{
    return (double)kept / CANVAS_UNITS;
}

/* Room for `more` behind `count` entries of `size` bytes. */
static void *make_room(void *entries, uint32_t count, uint32_t more, uint32_t *room, size_t size)
{
    if (count + more <= *room)
        return entries;
    *room = (count + more) * 2 < 64 ? 64 : (count + more) * 2;
    entries = realloc(entries, *room * size);
    if (!entries)
        abort(); /* pictures are small; see the tests' million points */
    return entries;
}

static struct canvas_op *add(struct canvas *canvas, enum canvas_op_kind kind)
{
    canvas->ops = make_room(canvas->ops, canvas->op_count, 1, &canvas->op_room, sizeof *canvas->ops);
    struct canvas_op *op = &canvas->ops[canvas->op_count++];
    memset(op, 0, sizeof *op); /* padding too, since the hash reads all of it */
    op->kind = kind;
    op->tag = canvas->open_tag;
    return op;
}

static void set_paint(struct canvas_op *op, const struct canvas_paint *paint)
{
    op->fill = paint->fill;
    op->stroke = paint->stroke;
    op->stroke_width = keep(paint->width);
    op->dash = paint->dash;
}

static void set_box(struct canvas_op *op, struct canvas_box box)
{
    op->x = keep(box.x);
    op->y = keep(box.y);
    op->width = keep(box.width);
    op->height = keep(box.height);
}

static uint32_t keep_letters(struct canvas *canvas, const char *text, size_t length)
{
    uint32_t first = canvas->letter_count;
    canvas->letters = make_room(canvas->letters, first, (uint32_t)length + 1, &canvas->letter_room, 1);
    memcpy(canvas->letters + first, text, length);
    canvas->letters[first + length] = '\0';
    canvas->letter_count += (uint32_t)length + 1;
    return first;
}

/* ---- Life ---- */

void canvas_init(struct canvas *canvas, double width, double height)
{
    *canvas = (struct canvas){.width = width, .height = height};
}

void canvas_release(struct canvas *canvas)
{
    free(canvas->ops);
    free(canvas->points);
    free(canvas->letters);
    free(canvas->tags);
    *canvas = (struct canvas){0};
}

void canvas_clear(struct canvas *canvas, double width, double height)
{
    canvas->width = width;
    canvas->height = height;
    canvas->op_count = canvas->point_count = canvas->letter_count = canvas->tag_count = 0;
    canvas->open_tag = 0;
    canvas->clip_depth = 0;
}

/* ---- Shapes ---- */

void canvas_rect(struct canvas *canvas, struct canvas_box box, double radius,
                 const struct canvas_paint *paint)
{
    struct canvas_op *op = add(canvas, CANVAS_OP_RECT);
    set_box(op, box);
    set_paint(op, paint);
    op->radius = keep(radius);
}

void canvas_circle(struct canvas *canvas, double x, double y, double radius, const struct canvas_paint *paint)
{
    struct canvas_op *op = add(canvas, CANVAS_OP_CIRCLE);
    set_box(op, (struct canvas_box){x, y, radius, radius});
    set_paint(op, paint);
}

static bool is_far(const int32_t a[2], const int32_t b[2])
{
    int64_t dx = a[0] - b[0], dy = a[1] - b[1];
    return dx * dx + dy * dy >= KEEP_DISTANCE * KEEP_DISTANCE;
}

void canvas_polyline(struct canvas *canvas, const struct canvas_point *points, size_t count, bool is_closed,
                     const struct canvas_paint *paint)
{
    assert(count >= 2);
    struct canvas_op *op = add(canvas, CANVAS_OP_LINE);
    set_paint(op, paint);
    op->is_closed = is_closed;
    op->first = canvas->point_count;
    canvas->points =
        make_room(canvas->points, op->first, (uint32_t)count, &canvas->point_room, sizeof *canvas->points);
    for (size_t i = 0; i < count; i++) {
        int32_t *point = canvas->points[op->first + op->count];
        point[0] = keep(points[i].x);
        point[1] = keep(points[i].y);
        if (op->count < 2 || i + 1 == count || is_far(point, point - 2))
            op->count++;
    }
    canvas->point_count += op->count;
}

void canvas_line(struct canvas *canvas, double x1, double y1, double x2, double y2, struct color color,
                 double width, enum canvas_dash dash)
{
    struct canvas_point points[2] = {{x1, y1}, {x2, y2}};
    struct canvas_paint paint = {COLOR_NONE, color, width, dash};
    canvas_polyline(canvas, points, 2, false, &paint);
}

void canvas_arrow_head(struct canvas *canvas, double x, double y, double dx, double dy, double size,
                       struct color color)
{
    double length = sqrt(dx * dx + dy * dy);
    if (length <= 0)
        return;
    dx *= size / length;
    dy *= size / length;
    struct canvas_point points[3] = {
        {x, y}, {x - dx - dy * 0.45, y - dy + dx * 0.45}, {x - dx + dy * 0.45, y - dy - dx * 0.45}};
    struct canvas_paint paint = {.fill = color};
    canvas_polyline(canvas, points, 3, true, &paint);
}

/* ---- Text ---- */

void canvas_text(struct canvas *canvas, double x, double y, enum canvas_font font, double size,
                 enum canvas_anchor anchor, struct color color, const char *text)
{
    struct canvas_op *op = add(canvas, CANVAS_OP_TEXT);
    set_box(op, (struct canvas_box){x, y, canvas_text_width(font, size, text), size});
    op->radius = keep(size);
    op->fill = color;
    op->font = font;
    op->anchor = anchor;
    op->count = (uint32_t)strlen(text);
    op->first = keep_letters(canvas, text, op->count);
}

void canvas_textf(struct canvas *canvas, double x, double y, enum canvas_font font, double size,
                  enum canvas_anchor anchor, struct color color, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    canvas_text(canvas, x, y, font, size, anchor, color, text);
}

/* Bytes of the first letters of `text` that are not wider than `room`. */
static size_t fitting(enum canvas_font font, double size, const char *text, double room, char *ret_text)
{
    size_t fits = 0;
    size_t length = strlen(text) < TEXT_BYTES - 4 ? strlen(text) : TEXT_BYTES - 4;
    for (size_t end = 1; end <= length; end++) {
        if (((uint8_t)text[end] & 0xc0) == 0x80)
            continue; /* in the middle of a letter */
        memcpy(ret_text, text, end);
        ret_text[end] = '\0';
        if (canvas_text_width(font, size, ret_text) > room)
            break;
        fits = end;
    }
    return fits;
}

double canvas_text_in(struct canvas *canvas, double x, double y, double room, enum canvas_font font,
                      double size, struct color color, const char *text)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    char cut[TEXT_BYTES];
    double width = canvas_text_width(font, size, text);
    if (width > room) {
        size_t length = fitting(font, size, text, room - canvas_text_width(font, size, ellipsis), cut);
        while (length > 0 && cut[length - 1] == ' ')
            length--;
        memcpy(cut + length, ellipsis, sizeof ellipsis);
        text = length > 0 ? cut : "";
        width = canvas_text_width(font, size, text);
    }
    if (*text)
        canvas_text(canvas, x, y, font, size, CANVAS_START, color, text);
    return width;
}

/* ---- Groups ---- */

void canvas_clip(struct canvas *canvas, struct canvas_box box)
{
    assert(canvas->clip_depth < CANVAS_CLIPS);
    canvas->clip_depth++;
    set_box(add(canvas, CANVAS_OP_CLIP), box);
}

void canvas_unclip(struct canvas *canvas)
{
    assert(canvas->clip_depth > 0);
    canvas->clip_depth--;
    add(canvas, CANVAS_OP_UNCLIP);
}

void canvas_tag_begin(struct canvas *canvas, enum canvas_tag_kind kind, uint64_t id, const char *title)
{
    canvas->tags = make_room(canvas->tags, canvas->tag_count, 1, &canvas->tag_room, sizeof *canvas->tags);
    uint32_t words = keep_letters(canvas, title, strlen(title));
    canvas->tags[canvas->tag_count++] = (struct canvas_tag){kind, id, words, canvas->open_tag};
    canvas->open_tag = canvas->tag_count;
}

void canvas_tag_end(struct canvas *canvas)
{
    assert(canvas->open_tag > 0);
    canvas->open_tag = canvas->tags[canvas->open_tag - 1].outer;
}

/* The tags of `other`, moved behind those of `canvas`. Returns what to add to a place. */
static uint32_t append_tags(struct canvas *canvas, const struct canvas *other, uint32_t letters)
{
    uint32_t first = canvas->tag_count;
    canvas->tags = make_room(canvas->tags, first, other->tag_count, &canvas->tag_room, sizeof *canvas->tags);
    for (uint32_t i = 0; i < other->tag_count; i++) {
        struct canvas_tag tag = other->tags[i];
        tag.title += letters;
        tag.outer = tag.outer ? tag.outer + first : canvas->open_tag;
        canvas->tags[canvas->tag_count++] = tag;
    }
    return first;
}

static void append_points(struct canvas *canvas, const struct canvas *other, int32_t x, int32_t y)
{
    canvas->points = make_room(canvas->points, canvas->point_count, other->point_count, &canvas->point_room,
                               sizeof *canvas->points);
    for (uint32_t i = 0; i < other->point_count; i++) {
        int32_t *point = canvas->points[canvas->point_count++];
        point[0] = other->points[i][0] + x;
        point[1] = other->points[i][1] + y;
    }
}

void canvas_append(struct canvas *canvas, double x, double y, const struct canvas *other)
{
    uint32_t letters = canvas->letter_count, points = canvas->point_count;
    canvas->letters = make_room(canvas->letters, letters, other->letter_count, &canvas->letter_room, 1);
    if (other->letter_count > 0)
        memcpy(canvas->letters + letters, other->letters, other->letter_count);
    canvas->letter_count += other->letter_count;
    uint32_t tags = append_tags(canvas, other, letters);
    append_points(canvas, other, keep(x), keep(y));
    canvas_clip(canvas, (struct canvas_box){x, y, other->width, other->height});
    for (uint32_t i = 0; i < other->op_count; i++) {
        uint32_t outer = canvas->open_tag;
        struct canvas_op *op = add(canvas, other->ops[i].kind);
        memcpy(op, &other->ops[i], sizeof *op);
        op->tag = op->tag ? op->tag + tags : outer;
        op->first += op->kind == CANVAS_OP_LINE ? points : op->kind == CANVAS_OP_TEXT ? letters : 0;
        if (op->kind != CANVAS_OP_LINE) {
            op->x += keep(x);
            op->y += keep(y);
        }
    }
    canvas_unclip(canvas);
}

/* ---- Looking ---- */

const char *canvas_op_text(const struct canvas *canvas, const struct canvas_op *op)
{
    return canvas->letters + op->first;
}

const char *canvas_tag_title(const struct canvas *canvas, const struct canvas_tag *tag)
{
    return canvas->letters + tag->title;
}

static struct canvas_box line_box(const struct canvas *canvas, const struct canvas_op *op)
{
    int32_t least[2] = {INT32_MAX, INT32_MAX}, most[2] = {INT32_MIN, INT32_MIN};
    for (uint32_t i = 0; i < op->count; i++)
        for (unsigned axis = 0; axis < 2; axis++) {
            int32_t value = canvas->points[op->first + i][axis];
            least[axis] = value < least[axis] ? value : least[axis];
            most[axis] = value > most[axis] ? value : most[axis];
        }
    return (struct canvas_box){pixels(least[0]), pixels(least[1]), pixels(most[0] - least[0]),
                               pixels(most[1] - least[1])};
}

struct canvas_box canvas_op_box(const struct canvas *canvas, const struct canvas_op *op)
{
    double x = pixels(op->x), y = pixels(op->y), width = pixels(op->width), height = pixels(op->height);
    switch (op->kind) {
    case CANVAS_OP_CIRCLE:
        return (struct canvas_box){x - width, y - width, 2 * width, 2 * width};
    case CANVAS_OP_LINE:
        return line_box(canvas, op);
    case CANVAS_OP_TEXT:
        x -= op->anchor == CANVAS_END ? width : op->anchor == CANVAS_MIDDLE ? width / 2 : 0;
        return (struct canvas_box){x, y - height * 0.76, width, height * 0.98};
    default:
        return (struct canvas_box){x, y, width, height};
    }
}

static bool boxes_touch(struct canvas_box a, struct canvas_box b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

bool canvas_is_free(const struct canvas *canvas, struct canvas_box box)
{
    bool is_free = box.x >= 0 && box.y >= 0 && box.x + box.width <= canvas->width &&
                   box.y + box.height <= canvas->height;
    for (uint32_t i = 0; is_free && i < canvas->op_count; i++)
        is_free = canvas->ops[i].kind != CANVAS_OP_TEXT ||
                  !boxes_touch(box, canvas_op_box(canvas, &canvas->ops[i]));
    return is_free;
}

bool canvas_text_fits(const struct canvas *canvas, double x, double y, enum canvas_font font, double size,
                      enum canvas_anchor anchor, const char *text)
{
    struct canvas_op wanted = {.kind = CANVAS_OP_TEXT, .anchor = anchor};
    set_box(&wanted, (struct canvas_box){x, y, canvas_text_width(font, size, text), size});
    return canvas_is_free(canvas, canvas_op_box(canvas, &wanted));
}

/* How far (x, y) is from the line between two points, squared; all in hundredths. */
static double distance_from(const int32_t a[2], const int32_t b[2], double x, double y)
{
    double dx = b[0] - a[0], dy = b[1] - a[1];
    double length = dx * dx + dy * dy;
    double along = length > 0 ? ((x - a[0]) * dx + (y - a[1]) * dy) / length : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    double rx = x - (a[0] + along * dx), ry = y - (a[1] + along * dy);
    return rx * rx + ry * ry;
}

static bool line_is_at(const struct canvas *canvas, const struct canvas_op *op, double x, double y)
{
    bool is_inside = false;
    for (uint32_t i = 0; i < op->count; i++) {
        const int32_t *a = canvas->points[op->first + i];
        const int32_t *b = canvas->points[op->first + (i + 1) % op->count];
        if (i + 1 == op->count && !op->is_closed)
            break;
        if (distance_from(a, b, x, y) <= HIT_DISTANCE * HIT_DISTANCE)
            return true;
        if ((a[1] > y) != (b[1] > y) && x < (double)(b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0])
            is_inside = !is_inside;
    }
    return op->is_closed && is_inside;
}

static bool is_in_box(struct canvas_box box, double x, double y, double slack)
{
    return x >= box.x - slack && x <= box.x + box.width + slack && y >= box.y - slack &&
           y <= box.y + box.height + slack;
}

/* Is (x, y) cut off by a clip that is open at operation `index`? */
static bool is_clipped(const struct canvas *canvas, uint32_t index, double x, double y)
{
    unsigned closed = 0;
    while (index-- > 0) {
        const struct canvas_op *op = &canvas->ops[index];
        closed += op->kind == CANVAS_OP_UNCLIP;
        if (op->kind != CANVAS_OP_CLIP)
            continue;
        if (closed > 0)
            closed--;
        else if (!is_in_box(canvas_op_box(canvas, op), x, y, 0))
            return true;
    }
    return false;
}

const struct canvas_tag *canvas_hit(const struct canvas *canvas, double x, double y)
{
    for (uint32_t i = canvas->op_count; i-- > 0;) {
        const struct canvas_op *op = &canvas->ops[i];
        if (!op->tag || op->kind == CANVAS_OP_CLIP || op->kind == CANVAS_OP_UNCLIP)
            continue;
        bool is_here = op->kind == CANVAS_OP_LINE
                           ? line_is_at(canvas, op, x * CANVAS_UNITS, y * CANVAS_UNITS)
                           : is_in_box(canvas_op_box(canvas, op), x, y, pixels(HIT_DISTANCE));
        if (is_here && !is_clipped(canvas, i, x, y))
            return &canvas->tags[op->tag - 1];
    }
    return NULL;
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const uint8_t *byte = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3); /* FNV-1a */
    return hash;
}

uint64_t canvas_hash(const struct canvas *canvas)
{
    int32_t size[2] = {keep(canvas->width), keep(canvas->height)};
    uint64_t hash = hash_bytes(UINT64_C(0xcbf29ce484222325), size, sizeof size);
    for (uint32_t i = 0; i < canvas->op_count; i++) {
        struct canvas_op op;
        memcpy(&op, &canvas->ops[i], sizeof op); /* its padding is zeros; a copy by = might not be */
        op.tag = 0; /* looks the same whoever it is, and wherever its letters stand */
        op.first = 0;
        hash = hash_bytes(hash, &op, sizeof op);
    }
    hash = hash_bytes(hash, canvas->points, canvas->point_count * sizeof *canvas->points);
    for (uint32_t i = 0; i < canvas->op_count; i++)
        if (canvas->ops[i].kind == CANVAS_OP_TEXT)
            hash = hash_bytes(hash, canvas_op_text(canvas, &canvas->ops[i]), canvas->ops[i].count);
    return hash;
}

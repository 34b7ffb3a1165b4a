/* SPDX-License-Identifier: MIT
 * One frame taken apart: its layers and fields at the left, its bytes at the right, in the colours of their
 * layers.
 *
 * Where a node has made it from another frame, or another one from it (NAT, a router, fragments), both are shown above: what
 * the packet was before and what it is after. Chosen is the frame that is asked for, or the last one that was sent. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "protocols/dissect/dissect.h"
#include "views/pictures/drawings.h"

#define FIELDS_MOST 400
#define ROW 18.0
#define IN_A_LINE 16 /* bytes */
#define BYTE 21.0    /* pixels of one */
#define OFFSETS 44.0
#define LAYERS_MOST 16

static const enum theme_color layer_colors[] = {THEME_CONTROL, THEME_DATA, THEME_CARE, THEME_ACK,
                                                THEME_AGAIN};

struct packet_chart {
    const struct picture_wish *wish;
    struct canvas *canvas;
    struct session_frame frame;
    struct dissect_tree tree;
    uint32_t begins[LAYERS_MOST], ends[LAYERS_MOST]; /* bytes of each layer */
    unsigned layers;
};

static enum theme_color color_of_layer(unsigned layer)
{
    return layer_colors[layer % (sizeof layer_colors / sizeof *layer_colors)];
}

/* A layer reaches from the first of its fields to the last. */
static void find_layers(struct packet_chart *chart)
{
    for (size_t i = 0; i < chart->tree.count; i++) {
        const struct dissect_field *field = &chart->tree.fields[i];
        uint32_t begin = field->bit_offset / 8, end = (field->bit_offset + field->bit_length + 7) / 8;
        if (field->depth == 0) {
            if (chart->layers == LAYERS_MOST)
                return;
            chart->begins[chart->layers] = begin;
            chart->ends[chart->layers++] = field->bit_length ? end : begin;
        } else if (chart->layers > 0 && field->bit_length && end > chart->ends[chart->layers - 1]) {
            chart->ends[chart->layers - 1] = end;
        }
    }
}

/* The innermost layer that has this byte; -1: none. */
static int layer_of_byte(const struct packet_chart *chart, uint32_t byte)
{
    for (unsigned i = chart->layers; i-- > 0;)
        if (byte >= chart->begins[i] && byte < chart->ends[i])
            return (int)i;
    return -1;
}

/* ---- Fields ---- */

/* How deep fields may be so that all fit; at least the layers are shown. */
static unsigned depth_that_fits(const struct packet_chart *chart, size_t rows)
{
    for (unsigned depth = 2; depth > 0; depth--) {
        size_t count = 0;
        for (size_t i = 0; i < chart->tree.count; i++)
            count += chart->tree.fields[i].depth <= depth;
        if (count <= rows)
            return depth;
    }
    return 1;
}

static void show_place(const struct dissect_field *field, char *ret_text, size_t size)
{
    uint32_t from = field->bit_offset / 8, to = (field->bit_offset + field->bit_length + 7) / 8;
    if (field->bit_length == 0)
        snprintf(ret_text, size, "computed");
    else if (field->bit_length % 8 && to - from == 1)
        snprintf(ret_text, size, "byte %" PRIu32 ", bits %" PRIu32 "-%" PRIu32, from, field->bit_offset % 8,
                 field->bit_offset % 8 + field->bit_length - 1);
    else if (field->bit_length % 8)
        snprintf(ret_text, size, "bytes %" PRIu32 "-%" PRIu32 ", %" PRIu32 " bits", from, to - 1,
                 field->bit_length);
    else if (to - from == 1)
        snprintf(ret_text, size, "byte %" PRIu32, from);
    else
        snprintf(ret_text, size, "bytes %" PRIu32 "-%" PRIu32, from, to - 1);
}

static void draw_layer(const struct packet_chart *chart, const struct dissect_field *field,
                       struct canvas_box box, unsigned layer)
{
    char place[48];
    struct color color = picture_color(chart->wish, color_of_layer(layer));
    canvas_rect(
        chart->canvas, (struct canvas_box){box.x, box.y + 1, box.width, box.height - 2}, 3,
        &(struct canvas_paint){.fill = picture_color(chart->wish, theme_soft(color_of_layer(layer)))});
    canvas_rect(chart->canvas, (struct canvas_box){box.x, box.y + 1, 4, box.height - 2}, 1,
                &(struct canvas_paint){.fill = color});
    show_place(field, place, sizeof place);
    canvas_text(chart->canvas, box.x + box.width - 8, box.y + 13, CANVAS_SANS, PICTURE_SMALL, CANVAS_END,
                color, place);
    canvas_text_in(chart->canvas, box.x + 12, box.y + 13, box.width - 120, CANVAS_BOLD, PICTURE_TEXT, color,
                   field->label);
}

static void draw_field(const struct packet_chart *chart, const struct dissect_field *field,
                       struct canvas_box box)
{
    double indent = 12 + 14 * field->depth, label = floor(box.width * 0.36), place_width = 118;
    char place[48];
    show_place(field, place, sizeof place);
    canvas_text_in(chart->canvas, box.x + indent, box.y + 13, label - indent - 8, CANVAS_SANS, PICTURE_TEXT,
                   picture_color(chart->wish, THEME_MUTED), field->label);
    canvas_text_in(chart->canvas, box.x + label, box.y + 13, box.width - label - place_width - 8, CANVAS_MONO,
                   PICTURE_TEXT, picture_color(chart->wish, THEME_TEXT), field->value);
    canvas_text(chart->canvas, box.x + box.width - 8, box.y + 13, CANVAS_SANS, PICTURE_SMALL, CANVAS_END,
                picture_color(chart->wish, THEME_MUTED), place);
}

static void draw_tree(const struct packet_chart *chart, struct canvas_box room)
{
    size_t rows = (size_t)(room.height / ROW), drawn = 0, left = 0;
    unsigned depth = depth_that_fits(chart, rows), layer = 0;
    for (size_t i = 0; i < chart->tree.count; i++) {
        const struct dissect_field *field = &chart->tree.fields[i];
        struct canvas_box box = {room.x, room.y + ROW * drawn, room.width, ROW};
        layer += field->depth == 0;
        if (field->depth > depth || drawn + 1 >= rows) {
            left++;
            continue;
        }
        canvas_tag_begin(chart->canvas, CANVAS_TAG_FRAME, chart->frame.id, field->name);
        if (field->depth == 0)
            draw_layer(chart, field, box, layer - 1);
        else
            draw_field(chart, field, box);
        canvas_tag_end(chart->canvas);
        drawn++;
    }
    if (left > 0)
        canvas_textf(chart->canvas, room.x + 12, room.y + ROW * drawn + 13, CANVAS_SANS, PICTURE_SMALL,
                     CANVAS_START, picture_color(chart->wish, THEME_MUTED),
                     "and %zu more fields and parts of fields", left);
}

/* ---- Bytes ---- */

static void draw_byte(const struct packet_chart *chart, uint32_t byte, double x, double y)
{
    int layer = layer_of_byte(chart, byte);
    enum theme_color accent = layer >= 0 ? color_of_layer((unsigned)layer) : THEME_CONTROL;
    if (layer >= 0)
        canvas_rect(chart->canvas, (struct canvas_box){x, y - 13, BYTE, 18}, 0,
                    &(struct canvas_paint){.fill = picture_color(chart->wish, theme_soft(accent))});
    canvas_textf(chart->canvas, x + BYTE / 2, y, CANVAS_MONO, PICTURE_TEXT, CANVAS_MIDDLE,
                 picture_color(chart->wish, layer >= 0 ? accent : THEME_MUTED), "%02x",
                 chart->frame.bytes[byte]);
}

static void draw_bytes(const struct packet_chart *chart, struct canvas_box room, unsigned in_a_line)
{
    uint32_t lines = (chart->frame.length_bytes + in_a_line - 1) / in_a_line;
    uint32_t fits = (uint32_t)(room.height / ROW);
    uint32_t shown = lines <= fits ? lines : fits > 1 ? fits - 1 : 1;
    for (uint32_t line = 0; line < shown; line++) {
        double y = room.y + ROW * line + 13;
        canvas_textf(chart->canvas, room.x, y, CANVAS_MONO, PICTURE_SMALL, CANVAS_START,
                     picture_color(chart->wish, THEME_MUTED), "%04" PRIx32, line * in_a_line);
        for (uint32_t i = 0; i < in_a_line && line * in_a_line + i < chart->frame.length_bytes; i++)
            draw_byte(chart, line * in_a_line + i, room.x + OFFSETS + i * BYTE + (i >= in_a_line / 2 ? 8 : 0),
                      y);
    }
    if (shown < lines)
        canvas_textf(chart->canvas, room.x + OFFSETS, room.y + ROW * shown + 13, CANVAS_SANS, PICTURE_SMALL,
                     CANVAS_START, picture_color(chart->wish, THEME_MUTED), "and %" PRIu32 " more bytes",
                     chart->frame.length_bytes - shown * in_a_line);
}

/* ---- All of it ---- */

static uint64_t last_sent(struct session *session)
{
    for (uint64_t n = session_records(session); n > 0; n--) {
        const struct nt_record *record = session_record(session, n);
        if (record && record->kind == RUN_KIND_FRAME_TX)
            return record->frame;
    }
    return 0;
}

/* "before  IP 10.0.0.1.3345 > ..." in a row that chooses that frame. Returns where the room begins now. */
static double draw_kin(struct packet_chart *chart, struct canvas_box room, const char *word, uint64_t id)
{
    struct session_frame frame;
    char line[300];
    struct text text = text_in(line, sizeof line);
    if (!id || !session_frame(chart->wish->session, id, &frame))
        return room.y;
    bool is_this = id == chart->frame.id;
    dissect_line(&text, frame.bytes, frame.length_bytes, &(struct dissect_options){.has_fcs = frame.has_fcs});
    canvas_tag_begin(chart->canvas, CANVAS_TAG_FRAME, id, line);
    canvas_textf(chart->canvas, room.x, room.y + 13, CANVAS_BOLD, PICTURE_TEXT, CANVAS_START,
                 picture_color(chart->wish, is_this ? THEME_TEXT : THEME_MUTED), "%s %" PRIu64, word, id);
    canvas_text_in(chart->canvas, room.x + 110, room.y + 13, room.width - 110, CANVAS_MONO, PICTURE_TEXT,
                   picture_color(chart->wish, is_this ? THEME_TEXT : THEME_MUTED), line);
    canvas_tag_end(chart->canvas);
    return room.y + ROW;
}

/* What it was, what it is, what became of it: as far as there is more than one of them. */
static struct canvas_box draw_before_and_after(struct packet_chart *chart, struct canvas_box room)
{
    uint64_t id = chart->frame.id, before = chart->frame.parent, after = session_child(chart->wish->session, id);
    double bottom = room.y + room.height;
    if (!before && !after)
        return room;
    room.y = draw_kin(chart, room, "before:", before);
    room.y = draw_kin(chart, room, before ? "here:" : "before:", id);
    room.y = draw_kin(chart, room, "after:", after) + 6;
    room.height = bottom - room.y;
    session_frame(chart->wish->session, id, &chart->frame); /* its bytes were lent until the next was asked for */
    return room;
}

static void draw_all(struct packet_chart *chart)
{
    char title[80], line[300];
    struct text text = text_in(line, sizeof line);
    dissect_line(&text, chart->frame.bytes, chart->frame.length_bytes,
                 &(struct dissect_options){.has_fcs = chart->frame.has_fcs});
    snprintf(title, sizeof title, "Frame %" PRIu64 " \xc2\xb7 %" PRIu32 " bytes", chart->frame.id,
             chart->frame.length_bytes);
    struct canvas_box room = picture_panel(chart->wish, chart->canvas, title, line);
    room = draw_before_and_after(chart, room);
    unsigned in_a_line = room.width > 900 ? IN_A_LINE : IN_A_LINE / 2;
    double right = OFFSETS + in_a_line * BYTE + 8;
    find_layers(chart);
    draw_tree(chart, (struct canvas_box){room.x, room.y, room.width - right - 28, room.height});
    draw_bytes(chart, (struct canvas_box){room.x + room.width - right, room.y, right, room.height},
               in_a_line);
}

bool packet_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct packet_chart chart = {.wish = wish, .canvas = canvas};
    uint64_t id = wish->frame ? wish->frame : last_sent(wish->session);
    if (!id || !session_frame(wish->session, id, &chart.frame)) {
        if (id)
            snprintf(ret_why->text, sizeof ret_why->text,
                     "frame %" PRIu64 " has not been sent by then; the last one is %" PRIu64, id,
                     last_sent(wish->session));
        else
            snprintf(ret_why->text, sizeof ret_why->text, "no frame has been sent by then");
        return false;
    }
    chart.tree.fields = malloc(FIELDS_MOST * sizeof *chart.tree.fields);
    chart.tree.limit = FIELDS_MOST;
    if (!chart.tree.fields)
        abort(); /* some kilobytes */
    dissect_tree(&chart.tree, chart.frame.bytes, chart.frame.length_bytes,
                 &(struct dissect_options){.has_fcs = chart.frame.has_fcs});
    draw_all(&chart);
    free(chart.tree.fields);
    return true;
}

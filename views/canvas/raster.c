/* SPDX-License-Identifier: MIT
 * A canvas, drawn by cairo. */
#include "views/canvas/raster.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SIDE_MOST 32767 /* pixels of an image's side that cairo can */

bool raster_is_built(void)
{
    return true;
}

static double pixels_of(int32_t kept)
{
    return (double)kept / CANVAS_UNITS;
}

static void set_color(cairo_t *cairo, struct color color)
{
    cairo_set_source_rgba(cairo, color.red / 255.0, color.green / 255.0, color.blue / 255.0,
                          color.alpha / 255.0);
}

/* Fills and outlines the path that stands. */
static void paint(cairo_t *cairo, const struct canvas_op *op)
{
    if (op->fill.alpha > 0) {
        set_color(cairo, op->fill);
        cairo_fill_preserve(cairo);
    }
    if (op->stroke.alpha > 0 && op->stroke_width > 0) {
        double width = pixels_of(op->stroke_width);
        double dashed[2] = {5, 4}, dotted[2] = {width, width * 2 + 1};
        set_color(cairo, op->stroke);
        cairo_set_line_width(cairo, width);
        cairo_set_dash(cairo, op->dash == CANVAS_DOTTED ? dotted : dashed, op->dash == CANVAS_SOLID ? 0 : 2,
                       0);
        cairo_stroke_preserve(cairo);
    }
    cairo_new_path(cairo);
}

static void trace_rect(cairo_t *cairo, const struct canvas_op *op)
{
    double x = pixels_of(op->x), y = pixels_of(op->y), width = pixels_of(op->width),
           height = pixels_of(op->height);
    double radius = pixels_of(op->radius);
    radius = fmin(radius, fmin(fabs(width), fabs(height)) / 2);
    if (radius <= 0) {
        cairo_rectangle(cairo, x, y, width, height);
        return;
    }
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + width - radius, y + radius, radius, -M_PI / 2, 0);
    cairo_arc(cairo, x + width - radius, y + height - radius, radius, 0, M_PI / 2);
    cairo_arc(cairo, x + radius, y + height - radius, radius, M_PI / 2, M_PI);
    cairo_arc(cairo, x + radius, y + radius, radius, M_PI, 3 * M_PI / 2);
    cairo_close_path(cairo);
}

static void trace_line(cairo_t *cairo, const struct canvas *canvas, const struct canvas_op *op)
{
    for (uint32_t i = 0; i < op->count; i++)
        cairo_line_to(cairo, pixels_of(canvas->points[op->first + i][0]),
                      pixels_of(canvas->points[op->first + i][1]));
    if (op->is_closed)
        cairo_close_path(cairo);
}

/* A machine without any fonts: cairo draws with strokes of its own, which know ASCII alone. What they do not know would be a
 * box, and a thin space in 60 000 a box that reads like a zero. */
static bool has_only_strokes(cairo_t *cairo)
{
    return cairo_scaled_font_get_type(cairo_get_scaled_font(cairo)) == CAIRO_FONT_TYPE_USER;
}

/* The same in ASCII. */
static void put_plain(const char *text, char *ret_plain, size_t size)
{
    static const struct {
        const char *letter, *plain;
    } known[] = {{"\xe2\x97\x80", "<"},   {"\xe2\x96\xb6", ">"}, {"\xe2\x88\x92", "-"}, {"\xe2\x80\xa6", "..."},
                 {"\xe2\x80\xaf", " "},   {"\xe2\x80\x89", " "}, {"\xe2\x96\x8f", "|"}, {"\xc2\xb7", "-"},
                 {"\xc3\x97", "x"},        {"\xc2\xb5", "u"},      {"\xe2\x80\x99", "'"}, {"\xc2\xa0", " "},
                 {"\xe2\x86\x92", "->"}};
    size_t used = 0;
    while (*text && used + 4 < size) {
        size_t length = 1, i = 0, count = sizeof known / sizeof *known;
        while (((unsigned char)text[length] & 0xc0) == 0x80)
            length++;
        while (i < count && strncmp(known[i].letter, text, length) != 0)
            i++;
        used += (size_t)snprintf(ret_plain + used, size - used, "%.*s", (int)(length == 1 ? 1 : i < count ? 3 : 1),
                                 length == 1 ? text : i < count ? known[i].plain : "?");
        text += length;
    }
    ret_plain[used] = '\0';
}

/* The font that is there is made as wide as the layout counted on. */
static void draw_text(cairo_t *cairo, const struct canvas *canvas, const struct canvas_op *op)
{
    const char *text = canvas_op_text(canvas, op);
    double size = pixels_of(op->radius), wanted = pixels_of(op->width);
    bool is_bold = op->font == CANVAS_BOLD || op->font == CANVAS_MONO_BOLD;
    cairo_text_extents_t extents;
    cairo_select_font_face(cairo, op->font >= CANVAS_MONO ? "JetBrains Mono" : "Inter",
                           CAIRO_FONT_SLANT_NORMAL,
                           is_bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cairo, size);
    char plain[400];
    if (has_only_strokes(cairo)) {
        put_plain(text, plain, sizeof plain);
        text = plain;
    }
    cairo_text_extents(cairo, text, &extents);
    if (extents.x_advance > 0 && wanted > 0 && fabs(extents.x_advance - wanted) > 0.004 * wanted) {
        cairo_matrix_t matrix;
        cairo_matrix_init_scale(&matrix, size * wanted / extents.x_advance, size);
        cairo_set_font_matrix(cairo, &matrix);
    }
    double shift = op->anchor == CANVAS_END ? wanted : op->anchor == CANVAS_MIDDLE ? wanted / 2 : 0;
    cairo_move_to(cairo, pixels_of(op->x) - shift, pixels_of(op->y));
    set_color(cairo, op->fill);
    cairo_show_text(cairo, text);
    cairo_new_path(cairo);
}

static void draw_op(cairo_t *cairo, const struct canvas *canvas, const struct canvas_op *op)
{
    switch (op->kind) {
    case CANVAS_OP_RECT:
        trace_rect(cairo, op);
        paint(cairo, op);
        break;
    case CANVAS_OP_CIRCLE:
        cairo_arc(cairo, pixels_of(op->x), pixels_of(op->y), pixels_of(op->width), 0, 2 * M_PI);
        paint(cairo, op);
        break;
    case CANVAS_OP_LINE:
        trace_line(cairo, canvas, op);
        paint(cairo, op);
        break;
    case CANVAS_OP_TEXT:
        draw_text(cairo, canvas, op);
        break;
    case CANVAS_OP_CLIP:
        cairo_save(cairo);
        cairo_rectangle(cairo, pixels_of(op->x), pixels_of(op->y), pixels_of(op->width),
                        pixels_of(op->height));
        cairo_clip(cairo);
        break;
    case CANVAS_OP_UNCLIP:
        cairo_restore(cairo);
    }
}

/* All of it, at the origin of `cairo`. */
static void draw_all(cairo_t *cairo, const struct canvas *canvas)
{
    cairo_set_antialias(cairo, CAIRO_ANTIALIAS_FAST);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    for (uint32_t i = 0; i < canvas->op_count; i++)
        draw_op(cairo, canvas, &canvas->ops[i]);
}

static cairo_t *begin(cairo_surface_t *surface)
{
    cairo_t *cairo = cairo_create(surface);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(cairo, options);
    cairo_font_options_destroy(options);
    return cairo;
}

static bool draw_on(cairo_surface_t *surface, const struct canvas *canvas, double x, double y, double scale)
{
    cairo_t *cairo = begin(surface);
    cairo_translate(cairo, x, y);
    cairo_scale(cairo, scale, scale);
    draw_all(cairo, canvas);
    bool is_drawn = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    return is_drawn;
}

bool raster_draw(const struct canvas *canvas, double scale, double x, double y, uint8_t *pixels, int width,
                 int height, int stride)
{
    cairo_surface_t *surface =
        cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_ARGB32, width, height, stride);
    bool is_drawn =
        cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && draw_on(surface, canvas, x, y, scale);
    cairo_surface_flush(surface);
    cairo_surface_destroy(surface);
    return is_drawn;
}

bool raster_draw_part(const struct canvas *canvas, double scale, const struct raster_part *part,
                      struct color ground, uint8_t *pixels, int width, int height, int stride)
{
    cairo_surface_t *surface =
        cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_ARGB32, width, height, stride);
    bool is_drawn = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    if (is_drawn) {
        cairo_t *cairo = begin(surface);
        cairo_rectangle(cairo, part->left, part->top, part->right - part->left, part->lower - part->top);
        cairo_clip(cairo);
        set_color(cairo, ground);
        cairo_paint(cairo);
        cairo_scale(cairo, scale, scale);
        draw_all(cairo, canvas);
        is_drawn = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
        cairo_destroy(cairo);
    }
    cairo_surface_flush(surface);
    cairo_surface_destroy(surface);
    return is_drawn;
}

static cairo_status_t write_bytes(void *file, const unsigned char *bytes, unsigned count)
{
    return fwrite(bytes, 1, count, file) == count ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

bool raster_write_png(FILE *file, const struct canvas *canvas, double scale)
{
    double width = ceil(canvas->width * scale), height = ceil(canvas->height * scale);
    if (!(width >= 1 && width <= SIDE_MOST && height >= 1 && height <= SIDE_MOST))
        return false;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)width, (int)height);
    bool is_written = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS &&
                      draw_on(surface, canvas, 0, 0, scale) &&
                      cairo_surface_write_to_png_stream(surface, write_bytes, file) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(surface);
    return is_written;
}

bool raster_write_pdf(FILE *file, const struct canvas *const *pages, size_t count, double scale,
                      const char *title)
{
    scale *= 0.75;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(write_bytes, file, pages[0]->width * scale,
                                                                   pages[0]->height * scale);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    /* Without this the time of day stands in it, and no two files are the same. */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    cairo_t *cairo = cairo_create(surface);
    for (size_t i = 0; i < count; i++) {
        cairo_pdf_surface_set_size(surface, pages[i]->width * scale, pages[i]->height * scale);
        cairo_save(cairo);
        cairo_scale(cairo, scale, scale);
        draw_all(cairo, pages[i]);
        cairo_restore(cairo);
        cairo_show_page(cairo);
    }
    bool is_written = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    is_written &= cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(surface);
    return is_written;
}

/* SPDX-License-Identifier: MIT
 * A canvas as SVG. */
#include "views/canvas/svg.h"

#include <inttypes.h>

#define SANS "Inter, 'DejaVu Sans', 'Liberation Sans', sans-serif"
#define MONO "'JetBrains Mono', 'DejaVu Sans Mono', 'Liberation Mono', monospace"

struct writer {
    FILE *file;
    const struct canvas *canvas;
    uint32_t tag;    /* the group that is open */
    unsigned groups; /* clips that are open */
    uint32_t next_clip;
    const char *prefix; /* of names, so that several pictures can stand on one page */
};

/* A kept number: at most two places, no more than needed. */
static void number(FILE *file, const char *before, int32_t kept)
{
    uint32_t size = kept < 0 ? 0u - (uint32_t)kept : (uint32_t)kept;
    fprintf(file, "%s%s%" PRIu32, before, kept < 0 ? "-" : "", size / CANVAS_UNITS);
    if (size % 10)
        fprintf(file, ".%02" PRIu32, size % CANVAS_UNITS);
    else if (size % CANVAS_UNITS)
        fprintf(file, ".%" PRIu32, size % CANVAS_UNITS / 10);
}

/* Characters that XML 1.0 does not know are left out. */
static void escape(FILE *file, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&':
            fputs("&amp;", file);
            break;
        case '<':
            fputs("&lt;", file);
            break;
        case '>':
            fputs("&gt;", file);
            break;
        case '"':
            fputs("&quot;", file);
            break;
        default:
            if ((unsigned char)*text >= 0x20 || *text == '\t')
                fputc(*text, file);
        }
}

static void paint_one(FILE *file, const char *name, struct color color)
{
    if (color.alpha == 0) {
        fprintf(file, " %s=\"none\"", name);
        return;
    }
    fprintf(file, " %s=\"#%02x%02x%02x\"", name, color.red, color.green, color.blue);
    if (color.alpha < 255)
        fprintf(file, " %s-opacity=\"%.2f\"", name, color.alpha / 255.0);
}

static void paint(FILE *file, const struct canvas_op *op)
{
    paint_one(file, "fill", op->fill);
    if (op->stroke.alpha == 0 || op->stroke_width == 0)
        return;
    paint_one(file, "stroke", op->stroke);
    number(file, " stroke-width=\"", op->stroke_width);
    fputs("\"", file);
    if (op->dash != CANVAS_SOLID) {
        number(file, " stroke-dasharray=\"", op->dash == CANVAS_DOTTED ? op->stroke_width : 500);
        number(file, " ", op->dash == CANVAS_DOTTED ? op->stroke_width * 2 + 100 : 400);
        fputs("\"", file);
    }
}

static void write_rect(FILE *file, const struct canvas_op *op)
{
    number(file, "<rect x=\"", op->x);
    number(file, "\" y=\"", op->y);
    number(file, "\" width=\"", op->width > 0 ? op->width : 0);
    number(file, "\" height=\"", op->height > 0 ? op->height : 0);
    if (op->radius)
        number(file, "\" rx=\"", op->radius);
    fputs("\"", file);
    paint(file, op);
    fputs("/>\n", file);
}

static void write_circle(FILE *file, const struct canvas_op *op)
{
    number(file, "<circle cx=\"", op->x);
    number(file, "\" cy=\"", op->y);
    number(file, "\" r=\"", op->width);
    fputs("\"", file);
    paint(file, op);
    fputs("/>\n", file);
}

static void write_line(FILE *file, const struct canvas *canvas, const struct canvas_op *op)
{
    fprintf(file, "<%s points=\"", op->is_closed ? "polygon" : "polyline");
    for (uint32_t i = 0; i < op->count; i++) {
        number(file, i ? " " : "", canvas->points[op->first + i][0]);
        number(file, ",", canvas->points[op->first + i][1]);
    }
    fputs("\" stroke-linejoin=\"round\"", file);
    paint(file, op);
    fputs("/>\n", file);
}

/* `textLength` holds the width that the layout counted on, whichever font is there. */
static void write_text(FILE *file, const struct canvas *canvas, const struct canvas_op *op)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    bool is_bold = op->font == CANVAS_BOLD || op->font == CANVAS_MONO_BOLD;
    number(file, "<text x=\"", op->x);
    number(file, "\" y=\"", op->y);
    fprintf(file, "\" class=\"%s%s\"%s", op->font >= CANVAS_MONO ? "m" : "s", is_bold ? " b" : "",
            anchors[op->anchor]);
    number(file, " font-size=\"", op->radius);
    if (op->width > 0 && op->count > 1)
        number(file, "\" textLength=\"", op->width);
    fputs("\" lengthAdjust=\"spacingAndGlyphs\"", file);
    paint_one(file, "fill", op->fill);
    fputs(">", file);
    escape(file, canvas_op_text(canvas, op));
    fputs("</text>\n", file);
}

static void begin_clip(struct writer *writer, const struct canvas_op *op)
{
    FILE *file = writer->file;
    fprintf(file, "<clipPath id=\"%sc%" PRIu32 "\">", writer->prefix, writer->next_clip);
    number(file, "<rect x=\"", op->x);
    number(file, "\" y=\"", op->y);
    number(file, "\" width=\"", op->width > 0 ? op->width : 0);
    number(file, "\" height=\"", op->height > 0 ? op->height : 0);
    fprintf(file, "\"/></clipPath>\n<g clip-path=\"url(#%sc%" PRIu32 ")\">\n", writer->prefix,
            writer->next_clip++);
    writer->groups++;
}

/* Groups follow the operations: one ends where another tag begins, or where a clip does. */
static void follow_tag(struct writer *writer, uint32_t tag)
{
    if (tag == writer->tag)
        return;
    if (writer->tag)
        fputs("</g>\n", writer->file);
    writer->tag = tag;
    if (!tag)
        return;
    const char *title = canvas_tag_title(writer->canvas, &writer->canvas->tags[tag - 1]);
    fputs("<g>", writer->file);
    if (*title) {
        fputs("<title>", writer->file);
        escape(writer->file, title);
        fputs("</title>", writer->file);
    }
    fputs("\n", writer->file);
}

static void write_op(struct writer *writer, const struct canvas_op *op)
{
    bool is_clip = op->kind == CANVAS_OP_CLIP || op->kind == CANVAS_OP_UNCLIP;
    follow_tag(writer, is_clip ? 0 : op->tag);
    switch (op->kind) {
    case CANVAS_OP_RECT:
        write_rect(writer->file, op);
        break;
    case CANVAS_OP_CIRCLE:
        write_circle(writer->file, op);
        break;
    case CANVAS_OP_LINE:
        write_line(writer->file, writer->canvas, op);
        break;
    case CANVAS_OP_TEXT:
        write_text(writer->file, writer->canvas, op);
        break;
    case CANVAS_OP_CLIP:
        begin_clip(writer, op);
        break;
    case CANVAS_OP_UNCLIP:
        fputs("</g>\n", writer->file);
        writer->groups--;
    }
}

static void write_all(struct writer *writer, double scale, const char *title)
{
    FILE *file = writer->file;
    const struct canvas *canvas = writer->canvas;
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f "
            "%.0f\">\n<title>",
            canvas->width * scale, canvas->height * scale, canvas->width, canvas->height);
    escape(file, title);
    fputs("</title>\n<style>text{white-space:pre}.s{font-family:" SANS "}.m{font-family:" MONO
          "}.b{font-weight:bold}</style>\n",
          file);
    for (uint32_t i = 0; i < canvas->op_count; i++)
        write_op(writer, &canvas->ops[i]);
    follow_tag(writer, 0);
    while (writer->groups-- > 0)
        fputs("</g>\n", file);
    fputs("</svg>\n", file);
}

void svg_write(FILE *file, const struct canvas *canvas, double scale, const char *title)
{
    struct writer writer = {.file = file, .canvas = canvas, .prefix = ""};
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", file);
    write_all(&writer, scale, title);
}

void svg_write_inside(FILE *file, const struct canvas *canvas, const char *prefix, const char *title)
{
    struct writer writer = {.file = file, .canvas = canvas, .prefix = prefix};
    write_all(&writer, 1, title);
}

void svg_write_words(FILE *file, const char *words)
{
    escape(file, words);
}

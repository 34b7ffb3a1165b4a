/* SPDX-License-Identifier: MIT
 * A run on a few pages.
 *
 *     words (title, about, figures, expectations, story)  ->  HTML text, or pages of a PDF
 *     pictures, each as large as a page                    ->  inline SVG, or pages of a PDF */
#include "views/pictures/handout.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario.h"
#include "views/canvas/raster.h"
#include "views/canvas/svg.h"
#include "views/sentence.h"

#define WIDTH 1200.0
#define HEIGHT 760.0
#define PICTURES_MOST 20
#define WORD_PAGES_MOST 4
#define STORY_MOST 40 /* sentences */
#define ALIKE_MOST 6  /* of one kind at one place */
#define TABLES_MOST 4 /* nodes whose tables are shown */
#define MARGIN 60.0
#define LINE_BYTES 600
#define HEAD 40.0    /* of a picture: its title */
#define FOOT 40.0    /* and what stands at its foot */
#define LOWEST 240.0 /* a picture */

struct leaf {
    struct canvas canvas;
    char caption[160];
};

struct handout {
    const struct handout_wish *wish;
    const struct run *run;
    struct leaf leaves[PICTURES_MOST];
    unsigned count;
    uint64_t story[STORY_MOST]; /* records, in order */
    unsigned story_count;
    uint64_t all_told; /* records that are worth telling */
    bool is_html;      /* a picture may be lower than a page */
};

/* ---- Words ---- */

static const char *title_of(const struct handout *handout)
{
    const struct scenario *scenario = run_scenario(handout->run);
    return scenario->title ? scenario->title : "A run";
}

static void show_figures(const struct handout *handout, char *ret_line)
{
    struct text text = text_in(ret_line, LINE_BYTES);
    struct run_ledger ledger = run_ledger(handout->run);
    char now[40];
    picture_time(now, sizeof now, run_now(handout->run), NT_NANOSECOND);
    text_add(&text, "%s simulated \xc2\xb7 %" PRIu32 " nodes \xc2\xb7 frames: ", now,
             run_node_count(handout->run));
    text_add_grouped(&text, (int64_t)ledger.sent, "\xe2\x80\x89");
    text_add(&text, " sent, ");
    text_add_grouped(&text, (int64_t)ledger.delivered, "\xe2\x80\x89");
    text_add(&text, " delivered, ");
    text_add_grouped(&text, (int64_t)ledger.dropped, "\xe2\x80\x89");
    text_add(&text, " dropped \xc2\xb7 digest %016" PRIx64, run_digest(handout->run));
}

/* What is worth telling; levels that things begin with are not. */
static bool is_worth_telling(const struct handout *handout, const struct nt_record *record)
{
    uint32_t flags = record ? run_kind_at(handout->run, record->kind)->flags : 0;
    return flags & NT_KIND_INTERESTING && !(flags & NT_KIND_GAUGE && record->at == 0);
}

/* Chooses the story: of each kind at each place the first few, so that a thousand drops leave room for the
 * rest. */
static void choose_story(struct handout *handout)
{
    const struct session *session = handout->wish->session;
    for (uint64_t n = 1; n <= session_records(session); n++) {
        const struct nt_record *record = session_record(session, n);
        unsigned alike = 0;
        if (!is_worth_telling(handout, record))
            continue;
        handout->all_told++;
        for (unsigned i = 0; i < handout->story_count; i++) {
            const struct nt_record *other = session_record(session, handout->story[i]);
            alike += other->kind == record->kind && other->node == record->node;
        }
        if (handout->story_count < STORY_MOST && alike < ALIKE_MOST)
            handout->story[handout->story_count++] = n;
    }
}

static void show_sentence(const struct handout *handout, uint64_t number, char *ret_time, char *ret_line)
{
    struct text time = text_in(ret_time, 60), text = text_in(ret_line, LINE_BYTES);
    const struct nt_record *record = session_record(handout->wish->session, number);
    sentence_add_time(&time, record->at);
    sentence_add(&text, handout->run, record);
    sentence_add_clause(&text, run_kind_at(handout->run, record->kind), " [", "]");
}

/* ---- Pictures ---- */

static struct leaf *new_leaf(struct handout *handout)
{
    struct leaf *leaf = &handout->leaves[handout->count];
    canvas_init(&leaf->canvas, WIDTH, HEIGHT);
    return leaf;
}

/* How high a picture must be for what is in it; HEIGHT: all of it is used. What stands at the foot stays
 * there. */
static double height_for(const struct canvas *canvas)
{
    double top = HEIGHT, bottom = 0;
    for (uint32_t i = 1; i < canvas->op_count; i++) { /* the first is the panel */
        const struct canvas_op *op = &canvas->ops[i];
        struct canvas_box box = canvas_op_box(canvas, op);
        bool counts = op->kind != CANVAS_OP_CLIP && op->kind != CANVAS_OP_UNCLIP && box.y > HEAD &&
                      box.y + box.height < HEIGHT - FOOT;
        if (counts && box.y < top)
            top = box.y;
        if (counts && box.y + box.height > bottom)
            bottom = box.y + box.height;
    }
    double needed = bottom - top + HEAD + 2 * FOOT;
    return needed < LOWEST ? LOWEST : needed < HEIGHT * 0.8 ? ceil(needed) : HEIGHT;
}

static void add_picture(struct handout *handout, const struct picture_type *type, const char *node)
{
    struct nt_why why;
    nt_time end = run_now(handout->run);
    struct picture_wish wish = {.session = handout->wish->session,
                                .to = end > 0 ? end : 1,
                                .width = WIDTH,
                                .height = HEIGHT,
                                .theme = handout->wish->theme,
                                .node = node};
    if (handout->count == PICTURES_MOST)
        return;
    struct leaf *leaf = new_leaf(handout);
    if (type->choose_span)
        type->choose_span(&wish);
    snprintf(leaf->caption, sizeof leaf->caption, "%s: %s%s%s", type->name, type->sentence,
             node ? ", here " : "", node ? node : "");
    bool is_drawn = type->draw(&wish, &leaf->canvas, &why);
    if (is_drawn && handout->is_html && height_for(&leaf->canvas) < HEIGHT) {
        wish.height = height_for(&leaf->canvas);
        canvas_clear(&leaf->canvas, WIDTH, wish.height);
        is_drawn = type->draw(&wish, &leaf->canvas, &why);
    }
    if (is_drawn)
        handout->count++;
    else
        canvas_release(&leaf->canvas);
}

static void add_tables(struct handout *handout, const struct picture_type *type)
{
    unsigned shown = 0;
    for (uint32_t id = 1; id <= run_node_count(handout->run) && shown < TABLES_MOST; id++) {
        const struct nt_node *node = run_node(handout->run, id);
        if (node->type->flags & NT_NODE_RUNS_APPS) {
            add_picture(handout, type, node->name);
            shown++;
        }
    }
}

/* What shows an instant shows the middle of what happens; what shows a span sees all of it as past. */
static void draw_pictures(struct handout *handout)
{
    struct session *session = handout->wish->session;
    uint64_t records = session_records(session);
    for (const struct picture_type *type = picture_types; type->name; type++) {
        if (strcmp(type->name, "tables") == 0) {
            add_tables(handout, type);
            continue;
        }
        bool has_span = type->takes & PICTURE_TAKES_SPAN;
        if (!has_span && records > 1)
            session_goto_record(session, picture_middle(session), NULL);
        add_picture(handout, type, NULL);
        if (!has_span)
            session_goto(session, NT_NEVER, NULL);
    }
}

static void open_handout(struct handout *handout, const struct handout_wish *wish, bool is_html)
{
    *handout = (struct handout){.wish = wish, .run = session_run(wish->session), .is_html = is_html};
    choose_story(handout);
    draw_pictures(handout);
}

static void close_handout(struct handout *handout)
{
    for (unsigned i = 0; i < handout->count; i++)
        canvas_release(&handout->leaves[i].canvas);
}

/* ---- HTML ---- */

static const char page_style[] =
    "body{font-family:Inter,'DejaVu Sans',sans-serif;max-width:1200px;margin:2em auto;padding:0 "
    "1em;line-height:1.5}"
    "h1{font-size:1.9em;margin-bottom:.2em}h2{font-size:1.25em;margin-top:2em}"
    "p.about{font-size:1.1em;max-width:46em}p.figures{opacity:.75}"
    "table{border-collapse:collapse}td{padding:.2em 1em .2em 0;vertical-align:top}"
    "td.holds{font-weight:600}"
    "td.time{font-variant-numeric:tabular-nums;white-space:nowrap;opacity:.75}"
    "figure{margin:2em 0;break-inside:avoid}figure svg{width:100%;height:auto;display:block}"
    "figcaption{opacity:.75;font-size:.95em}code{font-family:'JetBrains Mono','DejaVu Sans Mono',monospace}"
    "@media print{body{margin:0;max-width:none;-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    "h2{break-after:avoid}tr{break-inside:avoid}figure{margin:1em 0}}";

static void write_element(FILE *file, const char *open, const char *words, const char *close)
{
    fputs(open, file);
    svg_write_words(file, words);
    fputs(close, file);
}

static void write_color(FILE *file, const char *name, struct color color)
{
    fprintf(file, "%s:#%02x%02x%02x;", name, color.red, color.green, color.blue);
}

static void write_verdicts(FILE *file, const struct handout *handout)
{
    if (handout->wish->verdicts.count == 0)
        return;
    fputs("<h2>What was expected</h2>\n<table>\n", file);
    for (size_t i = 0; i < handout->wish->verdicts.count; i++) {
        const struct verdict *verdict = &handout->wish->verdicts.all[i];
        struct color color = handout->wish->theme->colors[verdict->holds ? THEME_ACK : THEME_LOSS];
        fputs("<tr><td class=\"holds\" style=\"", file);
        write_color(file, "color", color);
        write_element(file, "\">", verdict->holds ? "holds" : "DOES NOT HOLD", "</td>");
        write_element(file, "<td><code>", verdict->text, "</code></td>");
        write_element(file, "<td>", verdict->holds ? "" : verdict->found, "</td></tr>\n");
    }
    fputs("</table>\n", file);
}

static void write_story(FILE *file, const struct handout *handout)
{
    char time[60], line[LINE_BYTES];
    if (handout->story_count == 0)
        return;
    fputs("<h2>What happened</h2>\n<table>\n", file);
    for (unsigned i = 0; i < handout->story_count; i++) {
        show_sentence(handout, handout->story[i], time, line);
        write_element(file, "<tr><td class=\"time\">", time, "</td>");
        write_element(file, "<td>", line, "</td></tr>\n");
    }
    fputs("</table>\n", file);
    if (handout->story_count < handout->all_told)
        fprintf(file,
                "<p>and %" PRIu64 " more; "
                "<code>netarium run FILE --why</code> tells all.</p>\n",
                handout->all_told - handout->story_count);
}

void handout_write_html(FILE *file, const struct handout_wish *wish)
{
    struct handout handout;
    char line[LINE_BYTES];
    open_handout(&handout, wish, true);
    const struct scenario *scenario = run_scenario(handout.run);
    write_element(file, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>",
                  title_of(&handout), "</title>\n<style>");
    fprintf(file, "%sbody{", page_style);
    write_color(file, "color", wish->theme->colors[THEME_TEXT]);
    write_color(file, "background", wish->theme->colors[THEME_BACK]);
    write_element(file, "}</style></head><body>\n<h1>", title_of(&handout), "</h1>\n");
    if (scenario->about)
        write_element(file, "<p class=\"about\">", scenario->about, "</p>\n");
    show_figures(&handout, line);
    write_element(file, "<p class=\"figures\">", line, "</p>\n");
    write_verdicts(file, &handout);
    for (unsigned i = 0; i < handout.count; i++) {
        char prefix[16];
        if (i == 1)
            write_story(file, &handout);
        snprintf(prefix, sizeof prefix, "p%u", i);
        fputs("<figure>\n", file);
        svg_write_inside(file, &handout.leaves[i].canvas, prefix, handout.leaves[i].caption);
        write_element(file, "<figcaption>", handout.leaves[i].caption, "</figcaption></figure>\n");
    }
    if (handout.count < 2)
        write_story(file, &handout);
    fputs("</body></html>\n", file);
    close_handout(&handout);
}

/* ---- PDF ---- */

/* Pages of words, filled from the top. */
struct column {
    const struct handout *handout;
    struct canvas pages[WORD_PAGES_MOST];
    unsigned count;
    double y;
};

static struct color ink(const struct column *column, enum theme_color color)
{
    return column->handout->wish->theme->colors[color];
}

static struct canvas *new_page(struct column *column)
{
    struct canvas *page = &column->pages[column->count++];
    canvas_init(page, WIDTH, HEIGHT);
    canvas_rect(page, (struct canvas_box){0, 0, WIDTH, HEIGHT}, 0,
                &(struct canvas_paint){.fill = ink(column, THEME_PANEL)});
    column->y = MARGIN;
    return page;
}

/* As many words as fit into `room`; at least one. Returns the bytes, without the blank behind them. */
static size_t line_of(enum canvas_font font, double size, const char *words, double room)
{
    char line[LINE_BYTES];
    size_t fits = 0;
    for (size_t end = 0; end < sizeof line - 1; end++) {
        if (words[end] && words[end] != ' ')
            continue;
        memcpy(line, words, end);
        line[end] = '\0';
        if (fits && canvas_text_width(font, size, line) > room)
            break;
        fits = end;
        if (!words[end])
            break;
    }
    return fits ? fits : strnlen(words, sizeof line - 1);
}

/* A paragraph; what does not fit on the last page is left out. */
static void write_words(struct column *column, double x, enum canvas_font font, double size,
                        enum theme_color color, const char *words)
{
    while (*words) {
        char line[LINE_BYTES];
        struct canvas *page = &column->pages[column->count - 1];
        size_t length = line_of(font, size, words, WIDTH - MARGIN - x);
        if (column->y + size > HEIGHT - MARGIN) {
            if (column->count == WORD_PAGES_MOST)
                return;
            page = new_page(column);
        }
        snprintf(line, sizeof line, "%.*s", (int)length, words);
        canvas_text(page, x, column->y + size, font, size, CANVAS_START, ink(column, color), line);
        column->y += size * 1.5;
        words += length + strspn(words + length, " ");
    }
}

static void write_row(struct column *column, const char *left, double indent, enum theme_color color,
                      const char *words)
{
    if (column->y + 2 * 13 * 1.5 > HEIGHT - MARGIN && column->count < WORD_PAGES_MOST)
        new_page(column); /* a row does not begin at the foot of a page */
    if (column->y + 13 > HEIGHT - MARGIN)
        return;
    canvas_text(&column->pages[column->count - 1], MARGIN, column->y + 13, CANVAS_BOLD, 13, CANVAS_START,
                ink(column, color), left);
    write_words(column, MARGIN + indent, CANVAS_SANS, 13, THEME_TEXT, words);
}

static void write_pages(struct column *column)
{
    const struct handout *handout = column->handout;
    const struct scenario *scenario = run_scenario(handout->run);
    char line[LINE_BYTES], time[60];
    new_page(column);
    write_words(column, MARGIN, CANVAS_BOLD, 28, THEME_TEXT, title_of(handout));
    column->y += 8;
    write_words(column, MARGIN, CANVAS_SANS, 15, THEME_TEXT, scenario->about ? scenario->about : "");
    column->y += 8;
    show_figures(handout, line);
    write_words(column, MARGIN, CANVAS_SANS, 12, THEME_MUTED, line);
    column->y += 14;
    for (size_t i = 0; i < handout->wish->verdicts.count; i++) {
        const struct verdict *verdict = &handout->wish->verdicts.all[i];
        snprintf(line, sizeof line, "%s%s%s", verdict->text, verdict->holds ? "" : "   ",
                 verdict->holds ? "" : verdict->found);
        write_row(column, verdict->holds ? "holds" : "does not hold", 120,
                  verdict->holds ? THEME_ACK : THEME_LOSS, line);
    }
    column->y += 14;
    for (unsigned i = 0; i < handout->story_count; i++) {
        show_sentence(handout, handout->story[i], time, line);
        write_row(column, time, 120, THEME_MUTED, line);
    }
    if (handout->story_count < handout->all_told) {
        snprintf(line, sizeof line, "and %" PRIu64 " more; netarium run FILE --why tells all.",
                 handout->all_told - handout->story_count);
        write_words(column, MARGIN + 120, CANVAS_SANS, 13, THEME_MUTED, line);
    }
}

bool handout_write_pdf(FILE *file, const struct handout_wish *wish)
{
    struct handout handout;
    struct column column = {.handout = &handout};
    const struct canvas *pages[WORD_PAGES_MOST + PICTURES_MOST];
    size_t count = 0;
    open_handout(&handout, wish, false);
    write_pages(&column);
    for (unsigned i = 0; i < column.count; i++)
        pages[count++] = &column.pages[i];
    for (unsigned i = 0; i < handout.count; i++)
        pages[count++] = &handout.leaves[i].canvas;
    bool is_written = raster_write_pdf(file, pages, count, 1, title_of(&handout));
    for (unsigned i = 0; i < column.count; i++)
        canvas_release(&column.pages[i]);
    close_handout(&handout);
    return is_written;
}

/* SPDX-License-Identifier: MIT
 * check_labels FILE...: can every word of every picture of these scenarios be read?
 *
 * Each picture that has something to show is drawn in each run, at a few instants. In the list of what was
 * drawn no text is under 11 pixels, none leaves the picture, and no two boxes of texts touch, unless a clip
 * hides one or what lies between them covers the lower one; and no line passes through the middle of one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nodes/builtin.h"
#include "sim/base/text.h"
#include "views/pictures/picture.h"

#define OPAQUE 200 /* of 255: what hides what is behind it */
#define SMALLEST 11.0
#define INSTANTS 3
#define SLACK 1.0    /* pixels that boxes may share: they are higher than letters */
#define BEARING 2.0  /* likewise at their sides */
#define SHOWN_MOST 6 /* faults told of one picture */
#define TEXTS_MOST 4000

struct seen_text {
    const struct canvas_op *op;
    struct canvas_box box;
    uint32_t index;
};

struct page {
    const struct canvas *canvas;
    const char *file, *picture;
    nt_time at;
    unsigned faults;
};

static void complain(struct page *page, const char *what, const struct canvas_op *a,
                     const struct canvas_op *b)
{
    if (++page->faults > SHOWN_MOST)
        return;
    struct canvas_box box = canvas_op_box(page->canvas, a);
    char at[48];
    picture_time(at, sizeof at, page->at, NT_NANOSECOND);
    printf("%s, %s at %s: \"%s\" (%.0f, %.0f) %s%s%s%s\n", page->file, page->picture, at,
           canvas_op_text(page->canvas, a), box.x, box.y, what, b ? " \"" : "",
           b ? canvas_op_text(page->canvas, b) : "", b ? "\"" : "");
}

/* The part of `box` that lies in `other`. */
static struct canvas_box overlap_of(struct canvas_box box, struct canvas_box other)
{
    double left = box.x > other.x ? box.x : other.x, top = box.y > other.y ? box.y : other.y;
    double right = box.x + box.width < other.x + other.width ? box.x + box.width : other.x + other.width;
    double bottom = box.y + box.height < other.y + other.height ? box.y + box.height : other.y + other.height;
    return (struct canvas_box){left, top, right - left, bottom - top};
}

static bool is_much(struct canvas_box box)
{
    return box.width > BEARING && box.height > SLACK;
}

/* Is this part of the picture covered by something opaque that was drawn after operation `from` and before
 * `until`? */
static bool is_covered(const struct page *page, uint32_t from, uint32_t until, struct canvas_box part)
{
    for (uint32_t i = from + 1; i < until; i++) {
        const struct canvas_op *op = &page->canvas->ops[i];
        bool is_area = op->kind == CANVAS_OP_RECT || (op->kind == CANVAS_OP_LINE && op->is_closed);
        if (!is_area || op->fill.alpha < OPAQUE)
            continue;
        struct canvas_box left = overlap_of(part, canvas_op_box(page->canvas, op));
        if (left.width >= part.width - 0.5 && left.height >= part.height - 0.5)
            return true;
    }
    return false;
}

static size_t collect(struct page *page, struct seen_text *texts)
{
    struct canvas_box clips[CANVAS_CLIPS + 1] = {{0, 0, page->canvas->width, page->canvas->height}};
    unsigned depth = 0;
    size_t count = 0;
    for (uint32_t i = 0; i < page->canvas->op_count; i++) {
        const struct canvas_op *op = &page->canvas->ops[i];
        struct canvas_box box = canvas_op_box(page->canvas, op);
        if (op->kind == CANVAS_OP_CLIP) {
            clips[depth + 1] = overlap_of(clips[depth], box);
            depth++;
        }
        depth -= op->kind == CANVAS_OP_UNCLIP;
        if (op->kind != CANVAS_OP_TEXT || op->count == 0)
            continue;
        if (op->radius < SMALLEST * CANVAS_UNITS)
            complain(page, "is too small", op, NULL);
        struct canvas_box part = overlap_of(box, clips[0]);
        if (depth == 0 && (part.width < box.width - 0.5 || part.height < box.height - 0.5))
            complain(page, "leaves the picture", op, NULL);
        part = overlap_of(box, clips[depth]);
        if (is_much(part) && count < TEXTS_MOST)
            texts[count++] = (struct seen_text){op, part, i};
    }
    return count;
}

/* ---- Lines through words ---- */

/* Does the line between two points pass through the box? It is cut to it from both sides, axis by axis. */
static bool passes(const int32_t a[2], const int32_t b[2], struct canvas_box box)
{
    const double low[] = {box.x, box.y}, high[] = {box.x + box.width, box.y + box.height};
    double enter = 0, leave = 1;
    for (unsigned axis = 0; axis < 2; axis++) {
        double begin = a[axis] / (double)CANVAS_UNITS, way = (b[axis] - a[axis]) / (double)CANVAS_UNITS;
        if (way == 0 && (begin <= low[axis] || begin >= high[axis]))
            return false;
        if (way == 0)
            continue;
        double first = (low[axis] - begin) / way, second = (high[axis] - begin) / way;
        enter = fmax(enter, fmin(first, second));
        leave = fmin(leave, fmax(first, second));
    }
    return enter < leave;
}

static bool is_crossed_by(const struct page *page, const struct canvas_op *op, struct canvas_box part)
{
    for (uint32_t i = 1; i < op->count; i++)
        if (passes(page->canvas->points[op->first + i - 1], page->canvas->points[op->first + i], part))
            return true;
    return false;
}

/* No line may pass through the middle of a text, before it or behind it, but a dotted one: the instant. */
static void check_lines(struct page *page, const struct seen_text *text)
{
    struct canvas_box clips[CANVAS_CLIPS + 1] = {{0, 0, page->canvas->width, page->canvas->height}};
    struct canvas_box middle = {text->box.x + 2, text->box.y + 3, text->box.width - 4, text->box.height - 6};
    unsigned depth = 0;
    for (uint32_t i = 0; i < page->canvas->op_count; i++) {
        const struct canvas_op *op = &page->canvas->ops[i];
        if (op->kind == CANVAS_OP_CLIP) {
            clips[depth + 1] = overlap_of(clips[depth], canvas_op_box(page->canvas, op));
            depth++;
        }
        depth -= op->kind == CANVAS_OP_UNCLIP;
        struct canvas_box part = overlap_of(middle, clips[depth]);
        bool is_line = op->kind == CANVAS_OP_LINE && !op->is_closed && op->stroke.alpha >= OPAQUE / 2;
        if (!is_line || op->dash == CANVAS_DOTTED || part.width <= 0 || part.height <= 0)
            continue;
        if (is_crossed_by(page, op, part) && !(i < text->index && is_covered(page, i, text->index, middle))) {
            complain(page, "is crossed by a line", text->op, NULL);
            return;
        }
    }
}

static void check(struct page *page)
{
    static struct seen_text texts[TEXTS_MOST];
    size_t count = collect(page, texts);
    for (size_t i = 0; i < count; i++)
        check_lines(page, &texts[i]);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            struct canvas_box part = overlap_of(texts[i].box, texts[j].box);
            if (is_much(part) && !is_covered(page, texts[i].index, texts[j].index, part))
                complain(page, "touches", texts[i].op, texts[j].op);
        }
}

/* ---- Every picture of a run ---- */

/* The first three connections, between commas; "" if there are fewer than two. */
static void name_flows(struct session *session, char *ret_flows, size_t size)
{
    struct text text = text_in(ret_flows, size);
    uint32_t kind = run_kind_named(session_run(session), "tcp.connected");
    unsigned count = 0;
    for (uint64_t n = 1; kind && count < 3 && n <= session_known_records(session); n++) {
        const struct nt_record *record = session_record(session, n);
        if (record->kind == kind)
            text_add(&text, "%s%s", count++ ? "," : "",
                     run_text(session_run(session), (uint64_t)record->values[1]));
    }
    if (count < 2)
        *ret_flows = '\0';
}

static unsigned check_picture(struct session *session, const char *file, const struct picture_type *type,
                              const char *flows, nt_time end, double width, double height)
{
    struct picture_wish wish = {.session = session,
                                .to = end > 0 ? end : 1,
                                .width = width,
                                .height = height,
                                .flow = flows,
                                .theme = &theme_light};
    struct nt_why why;
    struct canvas canvas;
    struct page page = {&canvas, file, type->name, session_now(session), 0};
    if (type->choose_span)
        type->choose_span(&wish);
    canvas_init(&canvas, width, height);
    if (type->draw(&wish, &canvas, &why))
        check(&page);
    canvas_release(&canvas);
    return page.faults;
}

static unsigned check_file(const struct registry *registry, const char *file)
{
    static const double sizes[][2] = {{1200, 700}, {800, 500}};
    struct error_list errors;
    struct session_limits limits = {0};
    unsigned faults = 0;
    error_list_init(&errors);
    struct scenario *scenario = scenario_read(file, registry, NULL, &errors);
    struct session *session = scenario ? session_new(registry, scenario, NULL, &errors) : NULL;
    if (!session) {
        printf("%s cannot be read\n", file);
        return 1;
    }
    const char *name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
    session_goto(session, NT_NEVER, &limits);
    nt_time end = session_now(session);
    uint64_t records = session_records(session);
    for (unsigned i = 1; i <= INSTANTS; i++) {
        session_goto_record(session, records * i / INSTANTS, &limits);
        for (const struct picture_type *type = picture_types; type->name; type++)
            for (unsigned s = 0; s < 2; s++)
                faults += check_picture(session, name, type, NULL, end, sizes[s][0], sizes[s][1]);
    }
    char flows[300];
    name_flows(session, flows, sizeof flows);
    for (const struct picture_type *type = picture_types; type->name && *flows; type++)
        if (type->takes & PICTURE_TAKES_FLOW)
            faults += check_picture(session, name, type, flows, end, 800, 500);
    session_free(session);
    scenario_free(scenario);
    error_list_release(&errors);
    return faults;
}

static void register_all(struct registry *registry)
{
    struct nt_why why;
    registry_add(registry, &builtin_types, &why);
}

int main(int count, char **words)
{
    struct registry registry;
    unsigned faults = 0;
    registry_init(&registry);
    register_all(&registry);
    for (int i = 1; i < count; i++)
        faults += check_file(&registry, words[i]);
    printf("%u faults in %d scenarios\n", faults, count - 1);
    registry_release(&registry);
    return faults > 0;
}

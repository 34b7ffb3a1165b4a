/* SPDX-License-Identifier: MIT
 * A queue over time: how many frames wait, what is dropped or marked, and how long each waits.
 *
 * Chosen is the queue that was longest, or the longest of the node that is asked for: a cable by its name, or
 * the station at which frames wait for it. */
#include <inttypes.h>
#include <stdio.h>

#include "sim/run.h"
#include "views/pictures/drawings.h"
#include "views/pictures/plot.h"

#define BETWEEN_MARKS 6.0  /* pixels: nearer ones are one */
#define BETWEEN_WAITS 12.0 /* further ones are not joined */

struct queue_chart {
    const struct picture_wish *wish;
    struct canvas *canvas;
    const struct run *run;
    const struct nt_port *port;   /* of the medium, where frames wait */
    uint32_t length, delay, mark; /* kinds; 0: nobody tells it */
    int64_t longest, slowest;     /* frames, picoseconds, in the span */
    uint64_t dropped, marked;     /* in the span */
};

static bool is_asked_for(const struct picture_wish *wish, const struct run *run, const struct nt_port *port)
{
    const struct nt_node *named = wish->node ? run_node_named(run, wish->node) : NULL;
    return !wish->node || named == port->node || (port->peer && named == port->peer->node);
}

static const struct nt_port *choose_port(const struct queue_chart *chart)
{
    int64_t most = 0;
    const struct nt_port *found = NULL;
    uint64_t known = session_known_records(chart->wish->session);
    for (uint64_t n = 1; chart->length && n <= known; n++) {
        const struct nt_record *record = session_record(chart->wish->session, n);
        if (!record || record->kind != chart->length || record->values[0] <= most)
            continue;
        const struct nt_port *port = run_port(chart->run, record->port);
        if (is_asked_for(chart->wish, chart->run, port)) {
            most = record->values[0];
            found = port;
        }
    }
    return found;
}

/* Calls `each` for the records at this port, those before the span too. */
static void visit(struct queue_chart *chart, void *context,
                  void (*each)(struct queue_chart *, const struct nt_record *, void *))
{
    uint64_t known = session_known_records(chart->wish->session);
    for (uint64_t n = 1; n <= known; n++) {
        const struct nt_record *record = session_record(chart->wish->session, n);
        if (record && record->at > chart->wish->to)
            break;
        if (record && record->port == chart->port->id)
            each(chart, record, context);
    }
}

static void count_one(struct queue_chart *chart, const struct nt_record *record, void *context)
{
    (void)context;
    bool is_inside = record->at >= chart->wish->from;
    if (record->kind == chart->length && record->values[0] > chart->longest)
        chart->longest = record->values[0];
    if (record->kind == chart->delay && is_inside && record->values[0] > chart->slowest)
        chart->slowest = record->values[0];
    chart->dropped += is_inside && record->kind == RUN_KIND_FRAME_DROP;
    chart->marked += is_inside && chart->mark && record->kind == chart->mark;
}

struct curve_of {
    struct plot_curve curve;
    uint32_t kind;
    double last; /* x of the last sample */
};

static void add_sample(struct queue_chart *chart, const struct nt_record *record, void *context)
{
    struct curve_of *of = context;
    (void)chart;
    if (record->kind == of->kind)
        plot_curve_add(&of->curve, record->at, record->values[0]);
}

struct marks {
    const struct plot *plot;
    int64_t level;
    double last_drop, last_mark; /* where the last ones were drawn */
};

static void draw_mark(struct queue_chart *chart, const struct nt_record *record, void *context)
{
    struct marks *marks = context;
    if (record->kind == chart->length)
        marks->level = record->values[0];
    double x = plot_x(marks->plot, record->at);
    if (record->at < chart->wish->from)
        return;
    bool is_drop = record->kind == RUN_KIND_FRAME_DROP;
    bool is_mark = chart->mark && record->kind == chart->mark;
    double *last = is_drop ? &marks->last_drop : &marks->last_mark;
    if ((!is_drop && !is_mark) || x - *last < BETWEEN_MARKS)
        return;
    canvas_tag_begin(chart->canvas, CANVAS_TAG_RECORD, record->number,
                     is_drop ? run_text(chart->run, (uint64_t)record->values[0]) : "marked");
    plot_mark(marks->plot, record->at, marks->level, is_drop ? PLOT_CROSS : PLOT_DIAMOND,
              is_drop ? THEME_LOSS : THEME_CARE);
    canvas_tag_end(chart->canvas);
    *last = x;
}

/* Frames that waited, one after another: where none came for a while, nothing is drawn, for nothing waited.
 */
static void add_wait(struct queue_chart *chart, const struct nt_record *record, void *context)
{
    struct curve_of *of = context;
    const struct plot *plot = of->curve.plot;
    struct canvas_paint paint = of->curve.paint;
    if (record->kind != of->kind || record->at < chart->wish->from)
        return;
    double x = plot_x(plot, record->at);
    if (x - of->last > BETWEEN_WAITS) {
        plot_curve_end(&of->curve, record->at);
        plot_curve_begin(&of->curve, plot, false, &paint);
        canvas_circle(chart->canvas, x, plot_y(plot, record->values[0]), 1.5,
                      &(struct canvas_paint){.fill = paint.stroke});
    }
    plot_curve_add(&of->curve, record->at, record->values[0]);
    of->last = x;
}

static void draw_length(struct queue_chart *chart, struct canvas_box room)
{
    struct plot plot = plot_in(chart->canvas, chart->wish->theme, room, chart->wish->from, chart->wish->to,
                               chart->longest, NT_UNIT_FRAMES);
    static const struct plot_entry entries[] = {{"waiting", THEME_DATA, CANVAS_SOLID, false, PLOT_DOT},
                                                {"dropped", THEME_LOSS, CANVAS_SOLID, true, PLOT_CROSS},
                                                {"marked", THEME_CARE, CANVAS_SOLID, true, PLOT_DIAMOND}};
    struct color color = picture_color(chart->wish, THEME_DATA);
    struct curve_of of = {.kind = chart->length};
    struct marks marks = {&plot, 0, -1e9, -1e9};
    plot_axes(&plot, "frames that wait", chart->slowest == 0);
    plot_curve_begin(&of.curve, &plot, true,
                     &(struct canvas_paint){color_fade(color, 16), color, 1.75, CANVAS_SOLID});
    visit(chart, &of, add_sample);
    plot_curve_end(&of.curve, chart->wish->to);
    visit(chart, &marks, draw_mark);
    plot_now(&plot, session_now(chart->wish->session));
    plot_legend(chart->canvas, chart->wish->theme, plot.box.x + plot.box.width, plot.box.y - 10,
                plot.box.width / 2, entries, sizeof entries / sizeof *entries,
                1u | (chart->dropped ? 2u : 0) | (chart->marked ? 4u : 0));
}

static void draw_delay(struct queue_chart *chart, struct canvas_box room)
{
    struct plot plot = plot_in(chart->canvas, chart->wish->theme, room, chart->wish->from, chart->wish->to,
                               chart->slowest, NT_UNIT_TIME);
    struct curve_of of = {.kind = chart->delay, .last = -1e9};
    plot_axes(&plot, "how long each frame waited", true);
    plot_curve_begin(&of.curve, &plot, false,
                     &(struct canvas_paint){.stroke = picture_color(chart->wish, THEME_AGAIN), .width = 1.5});
    visit(chart, &of, add_wait);
    plot_curve_end(&of.curve, chart->wish->to);
    plot_now(&plot, session_now(chart->wish->session));
}

static const char *name_of_end(const struct nt_port *port)
{
    return port && port->peer ? port->peer->node->name : "?";
}

static void describe(const struct queue_chart *chart, char *ret_title, char *ret_remark, size_t size)
{
    const struct nt_node *node = chart->port->node;
    const struct nt_port *other = node->port_count == 2 ? node->ports[node->ports[0] == chart->port] : NULL;
    char longest[40], dropped[40], slowest[40];
    snprintf(ret_title, size, "Queue of %s \xc2\xb7 %s \xe2\x86\x92 %s", node->name, name_of_end(chart->port),
             name_of_end(other));
    picture_number(longest, sizeof longest, chart->longest);
    picture_number(dropped, sizeof dropped, (int64_t)chart->dropped);
    picture_time(slowest, sizeof slowest, chart->slowest, chart->slowest / 100 + 1);
    snprintf(ret_remark, size, "at most %s wait, for %s at most \xc2\xb7 %s dropped", longest, slowest,
             dropped);
}

bool queue_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct queue_chart chart = {.wish = wish, .canvas = canvas, .run = session_run(wish->session)};
    char title[200], remark[200];
    chart.length = run_kind_named(chart.run, "queue.length");
    chart.delay = run_kind_named(chart.run, "queue.delay");
    chart.mark = run_kind_named(chart.run, "queue.mark");
    chart.port = choose_port(&chart);
    if (!chart.port) {
        snprintf(ret_why->text, sizeof ret_why->text, wish->node ? "no frame ever waited at %s" : "%s",
                 wish->node ? wish->node : "no frame ever waited for a cable in this run");
        return false;
    }
    visit(&chart, NULL, count_one);
    describe(&chart, title, remark, sizeof title);
    struct canvas_box room = picture_panel(wish, canvas, title, remark);
    double upper = chart.slowest ? room.height * 0.6 : room.height;
    draw_length(&chart, (struct canvas_box){room.x, room.y + 24, room.width, upper - 24});
    if (chart.slowest)
        draw_delay(&chart,
                   (struct canvas_box){room.x, room.y + upper + 20, room.width, room.height - upper - 20});
    return true;
}

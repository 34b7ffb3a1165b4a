/* SPDX-License-Identifier: MIT
 * How busy each cable is, over time: a row for each direction, the busiest first.
 *
 *     upstairs      100 % |   _______________
 *     s1 -> bob         0 |__|               |___      mean 71 %   peak 100 %
 *
 * A direction is busy while bits leave its transmitter: frame.tx tells when that begins, and for how long
 * with the way; the way is taken off. A shared cable has one row: it is busy while anybody sends, collisions
 * included. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/inspect.h"
#include "views/pictures/drawings.h"
#include "views/pictures/facts.h"
#include "views/pictures/plot.h"

#define NAMES 190.0    /* pixels for names at the left */
#define FIGURES 150.0  /* and for figures at the right */
#define ROW_LEAST 44.0 /* pixels */
#define ROW_MOST 96.0
#define SLICE 3.0 /* pixels of one column of a row */
#define SLICES_MOST 2000
#define WHOLE 1000000 /* always busy */

struct line {
    const struct nt_port *port; /* the medium's, at the transmitter (or the first tap); NULL: not a line */
    int64_t *busy;              /* picoseconds in each slice; owned */
    int64_t total;              /* of them */
    nt_time on_since;           /* when the first of the signals began that are on it */
    unsigned sending;           /* how many those are */
    bool is_shared;
};

struct busy_chart {
    const struct picture_wish *wish;
    struct canvas *canvas;
    const struct run *run;
    struct line *lines;  /* by the port's id; owned */
    struct line **order; /* those that were ever busy; owned */
    uint32_t count;
    unsigned slices;
    int64_t scale;          /* of all rows, in millionths */
    uint32_t begin, broken; /* kinds that shared cables tell; 0: nobody does */
    int air_time;           /* field of frame.tx */
};

/* ---- Counting ---- */

static nt_time slice_begin(const struct busy_chart *chart, unsigned slice)
{
    nt_time span = chart->wish->to - chart->wish->from, part = span / chart->slices,
            rest = span % chart->slices;
    return chart->wish->from + part * slice + rest * slice / chart->slices;
}

static void add_busy(struct busy_chart *chart, struct line *line, nt_time from, nt_time to)
{
    from = from < chart->wish->from ? chart->wish->from : from;
    to = to > chart->wish->to ? chart->wish->to : to;
    if (from >= to)
        return;
    if (!line->busy)
        line->busy = calloc(chart->slices, sizeof *line->busy);
    if (!line->busy)
        abort(); /* a few kilobytes */
    unsigned slice = (unsigned)((double)(from - chart->wish->from) /
                                (double)(chart->wish->to - chart->wish->from) * chart->slices);
    slice = slice < chart->slices ? slice : chart->slices - 1;
    while (slice > 0 && slice_begin(chart, slice) > from)
        slice--;
    for (; slice < chart->slices && slice_begin(chart, slice) < to; slice++) {
        nt_time left = slice_begin(chart, slice), right = slice_begin(chart, slice + 1);
        left = left < from ? from : left;
        right = right > to ? to : right;
        line->busy[slice] += right > left ? right - left : 0;
    }
    line->total += to - from;
}

/* The one line of a cable that several share: at its first tap. */
static struct line *shared_line(struct busy_chart *chart, const struct nt_node *cable)
{
    struct line *line = &chart->lines[cable->ports[0]->id];
    line->port = cable->ports[0];
    return line;
}

static void take_begin(struct busy_chart *chart, const struct nt_record *record)
{
    struct line *line = shared_line(chart, run_node(chart->run, record->node));
    line->is_shared = true;
    if (line->sending++ == 0)
        line->on_since = record->at;
}

static void take_end(struct busy_chart *chart, const struct nt_node *cable, nt_time at)
{
    struct line *line = shared_line(chart, cable);
    if (line->sending > 0 && --line->sending == 0)
        add_busy(chart, line, line->on_since, at);
}

static void take_sending(struct busy_chart *chart, const struct nt_record *record)
{
    const struct nt_port *port = run_port(chart->run, record->port);
    const struct nt_port *at = port ? port->peer : NULL;
    if (at && chart->lines[at->node->ports[0]->id].is_shared) {
        take_end(chart, at->node, record->at); /* told when the last bit has left */
        return;
    }
    if (!at || chart->air_time < 0 || inspect_table(at->node, "link") == NULL)
        return;
    unsigned side = at->node->ports[0] == at ? 0 : 1;
    struct line *line = &chart->lines[at->id];
    line->port = at;
    add_busy(chart, line, record->at,
             record->at + record->values[chart->air_time] - facts_delay(at->node, side));
}

static bool counts(const struct busy_chart *chart, const struct line *line)
{
    if (!line->port || line->total == 0)
        return false;
    const struct nt_node *node = line->port->node, *asked = NULL;
    if (chart->wish->node)
        asked = run_node_named(chart->run, chart->wish->node);
    return !asked || asked == node || (line->port->peer && asked == line->port->peer->node);
}

static int by_total(const void *a, const void *b)
{
    const struct line *one = *(struct line *const *)a, *two = *(struct line *const *)b;
    if (one->total != two->total)
        return one->total < two->total ? 1 : -1;
    return one->port->id < two->port->id ? -1 : 1;
}

static void count_all(struct busy_chart *chart)
{
    uint64_t known = session_known_records(chart->wish->session);
    uint32_t ports = run_port_count(chart->run);
    for (uint64_t n = 1; n <= known; n++) {
        const struct nt_record *record = session_record(chart->wish->session, n);
        if (!record || record->at > chart->wish->to)
            break;
        if (record->kind == RUN_KIND_FRAME_TX)
            take_sending(chart, record);
        else if (chart->begin && record->kind == chart->begin)
            take_begin(chart, record);
        else if (chart->broken && record->kind == chart->broken)
            take_end(chart, run_node(chart->run, record->node), record->at);
    }
    for (uint32_t id = 1; id <= ports; id++) {
        struct line *line = &chart->lines[id];
        if (line->sending > 0)
            add_busy(chart, line, line->on_since, chart->wish->to);
        if (counts(chart, line))
            chart->order[chart->count++] = line;
    }
    qsort(chart->order, chart->count, sizeof(struct line *), by_total);
}

/* ---- Drawing ---- */

static void show_ends(const struct busy_chart *chart, const struct line *line, char *ret_text, size_t size)
{
    const struct nt_node *node = line->port->node;
    unsigned side = node->ports[0] == line->port ? 0 : 1;
    char rate[40];
    const char *here = line->port->peer ? line->port->peer->node->name : "?";
    if (line->is_shared) {
        snprintf(ret_text, size, "shared by all its stations");
        return;
    }
    const struct nt_port *other = node->ports[1 - side];
    facts_text(chart->run, node, "link", side, "rate", rate, sizeof rate);
    snprintf(ret_text, size, "%s \xe2\x86\x92 %s \xc2\xb7 %s", here,
             other->peer ? other->peer->node->name : "?", rate);
}

/* In millionths. */
static int64_t share_of(const struct busy_chart *chart, const struct line *line, unsigned slice)
{
    nt_time length = slice_begin(chart, slice + 1) - slice_begin(chart, slice);
    int64_t share = length > 0 ? (int64_t)((double)line->busy[slice] * WHOLE / (double)length + 0.5) : 0;
    return share < WHOLE ? share : WHOLE;
}

static int64_t peak_of(const struct busy_chart *chart, const struct line *line)
{
    int64_t peak = 0;
    for (unsigned slice = 0; slice < chart->slices; slice++) {
        int64_t share = share_of(chart, line, slice);
        peak = share > peak ? share : peak;
    }
    return peak;
}

/* "83 %", "2.4 %", "0.31 %": two digits at least, but none that say nothing. */
static void show_share(char *ret_text, size_t size, int64_t share)
{
    double percent = (double)share / (WHOLE / 100);
    if (share >= WHOLE / 10)
        snprintf(ret_text, size, "%.0f %%", percent);
    else if (share >= WHOLE / 1000)
        snprintf(ret_text, size, "%.2g %%", percent);
    else
        snprintf(ret_text, size, "less than 0.1 %%");
}

/* All rows have one scale: to 100 %, or, if nothing comes near, to a round part of that. */
static int64_t choose_scale(const struct busy_chart *chart, unsigned rows)
{
    int64_t most = 0;
    for (unsigned i = 0; i < rows; i++) {
        int64_t peak = peak_of(chart, chart->order[i]);
        most = peak > most ? peak : most;
    }
    int64_t round = plot_round_step(most > WHOLE / 1000 ? most : WHOLE / 1000);
    return round <= WHOLE / 5 ? round : WHOLE;
}

static void draw_curve(const struct busy_chart *chart, const struct line *line, struct plot *plot)
{
    struct color color = picture_color(chart->wish, line->is_shared ? THEME_CARE : THEME_DATA);
    struct plot_curve curve;
    plot_curve_begin(&curve, plot, true,
                     &(struct canvas_paint){color_fade(color, 22), color, 1.25, CANVAS_SOLID});
    for (unsigned slice = 0; slice < chart->slices; slice++)
        plot_curve_add(&curve, slice_begin(chart, slice), share_of(chart, line, slice));
    plot_curve_end(&curve, chart->wish->to);
}

static void draw_row(const struct busy_chart *chart, const struct line *line, struct canvas_box room,
                     bool is_last)
{
    char ends[160], share[32], peak[32], top[32];
    struct color muted = picture_color(chart->wish, THEME_MUTED);
    struct canvas_box box = {room.x + NAMES - PLOT_LEFT, room.y + 8, room.width - NAMES - FIGURES + PLOT_LEFT,
                             room.height - 16 + PLOT_BELOW};
    struct plot plot = plot_in(chart->canvas, chart->wish->theme, box, chart->wish->from, chart->wish->to,
                               100, NT_UNIT_NONE);
    plot.high = chart->scale;
    show_ends(chart, line, ends, sizeof ends);
    canvas_tag_begin(chart->canvas, CANVAS_TAG_NODE, line->port->node->id, ends);
    canvas_text_in(chart->canvas, room.x, room.y + room.height / 2 - 1, NAMES - 50, CANVAS_BOLD, PICTURE_NAME,
                   picture_color(chart->wish, THEME_TEXT), line->port->node->name);
    canvas_text_in(chart->canvas, room.x, room.y + room.height / 2 + 15, NAMES - 50, CANVAS_SANS,
                   PICTURE_SMALL, muted, ends);
    show_share(top, sizeof top, chart->scale);
    for (int64_t level = 0; level <= chart->scale; level += chart->scale) {
        double y = plot_y(&plot, level);
        canvas_line(chart->canvas, plot.box.x, y, plot.box.x + plot.box.width, y,
                    picture_color(chart->wish, level ? THEME_GRID : THEME_EDGE), 1, CANVAS_SOLID);
        canvas_text(chart->canvas, plot.box.x - 8, y + 4, CANVAS_SANS, PICTURE_SMALL, CANVAS_END, muted,
                    level ? top : "0");
    }
    draw_curve(chart, line, &plot);
    plot_now(&plot, session_now(chart->wish->session));
    show_share(share, sizeof share,
               (int64_t)((double)line->total * WHOLE / (double)(chart->wish->to - chart->wish->from)));
    show_share(peak, sizeof peak, peak_of(chart, line));
    double right = plot.box.x + plot.box.width + 14;
    canvas_textf(chart->canvas, right, room.y + room.height / 2 - 1, CANVAS_BOLD, PICTURE_TEXT, CANVAS_START,
                 picture_color(chart->wish, THEME_TEXT), "%s busy", share);
    canvas_textf(chart->canvas, right, room.y + room.height / 2 + 15, CANVAS_SANS, PICTURE_SMALL,
                 CANVAS_START, muted, "%s at most", peak);
    canvas_tag_end(chart->canvas);
    if (is_last)
        plot_times(&plot);
}

static void draw_all(struct busy_chart *chart, struct canvas_box room)
{
    double height = (room.height - PLOT_BELOW - 14) / (chart->count ? chart->count : 1);
    height = floor(fmin(fmax(height, ROW_LEAST), ROW_MOST));
    unsigned rows = (unsigned)((room.height - PLOT_BELOW - 14) / height);
    rows = rows < 1 ? 1 : rows < chart->count ? rows : chart->count;
    chart->scale = choose_scale(chart, rows);
    for (unsigned i = 0; i < rows; i++)
        draw_row(chart, chart->order[i], (struct canvas_box){room.x, room.y + i * height, room.width, height},
                 i + 1 == rows);
    if (rows < chart->count)
        canvas_textf(chart->canvas, room.x, room.y + room.height, CANVAS_SANS, PICTURE_SMALL, CANVAS_START,
                     picture_color(chart->wish, THEME_MUTED), "and %" PRIu32 " more, less busy",
                     chart->count - rows);
}

bool utilisation_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct busy_chart chart = {.wish = wish, .canvas = canvas, .run = session_run(wish->session)};
    char remark[120], slice[40];
    double across = fmax((wish->width - NAMES - FIGURES) / SLICE, 10);
    chart.slices = across < SLICES_MOST ? (unsigned)across : SLICES_MOST;
    if (wish->to - wish->from < (nt_time)chart.slices)
        chart.slices = (unsigned)(wish->to - wish->from);
    chart.lines = calloc(run_port_count(chart.run) + 1, sizeof *chart.lines);
    chart.order = calloc(run_port_count(chart.run) + 1, sizeof(struct line *));
    if (!chart.lines || !chart.order)
        abort(); /* smaller than the network itself */
    chart.begin = run_kind_named(chart.run, "segment.begin");
    chart.broken = run_kind_named(chart.run, "segment.break");
    chart.air_time = inspect_field(run_kind_at(chart.run, RUN_KIND_FRAME_TX), "air_time");
    count_all(&chart);
    if (chart.count > 0) {
        nt_time part = (wish->to - wish->from) / chart.slices;
        picture_time(slice, sizeof slice, part, part / 20 + 1);
        snprintf(remark, sizeof remark, "one scale for all \xc2\xb7 each point is the mean over %s", slice);
        draw_all(&chart, picture_panel(wish, canvas, "How busy the cables are", remark));
    } else {
        snprintf(ret_why->text, sizeof ret_why->text, "nothing was sent in this time%s%s",
                 wish->node ? " at " : "", wish->node ? wish->node : "");
    }
    for (uint32_t id = 0; id <= run_port_count(chart.run); id++)
        free(chart.lines[id].busy);
    free(chart.lines);
    free(chart.order);
    return chart.count > 0;
}

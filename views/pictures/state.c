/* SPDX-License-Identifier: MIT
 * What state everything is in, over time: a lane for each TCP connection, each port of a spanning tree, each
 * DHCP client ...
 *
 *     client                 | SYN-SENT | ESTABLISHED                    | FIN-WAIT-1 |
 *     s1 port0     BLOCKING  | LISTENING     | LEARNING      | FORWARDING
 *
 * A kind of record makes lanes if it is called "something.state" or "something.role" and goes from one word
 * to another: it has a field "old" and one "new" or "state". Nothing is known of a protocol here. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/inspect.h"
#include "views/pictures/connection.h"
#include "views/pictures/drawings.h"
#include "views/pictures/plot.h"

#define NAMES 250.0    /* pixels for the names at the left */
#define LANE_HIGH 38.0 /* with the space below it */
#define LANE_MOST 64.0 /* the same, of few */
#define LANES_MOST 400

struct lane {
    uint32_t kind, node, port;
    int64_t flow;    /* number of a text; 0: none */
    int64_t now;     /* the present word; -1: none yet */
    nt_time since;   /* when it began */
    uint64_t record; /* that began it */
    unsigned order;  /* in which they began */
};

struct state_chart {
    const struct picture_wish *wish;
    struct canvas *canvas;
    const struct run *run;
    struct lane *lanes; /* owned */
    unsigned count, shown;
    bool has_later; /* something changes behind the span */
    int8_t *fields; /* by kind: which field is the new word, -1: it makes no lane; owned */
    struct plot plot;
    double top;
    double lane_high; /* pixels, with the space below it */
};

static const struct nt_field *field_named(const struct nt_kind *kind, const char *name, int *ret_index)
{
    *ret_index = inspect_field(kind, name);
    const struct nt_field *field = *ret_index >= 0 ? &kind->fields[*ret_index] : NULL;
    return field && field->unit == NT_UNIT_WORD && field->words ? field : NULL;
}

static void find_kinds(struct state_chart *chart)
{
    uint32_t kinds = run_kind_count(chart->run);
    chart->fields = malloc(kinds + 1);
    if (!chart->fields)
        abort(); /* some hundred bytes */
    for (uint32_t id = 0; id <= kinds; id++) {
        const struct nt_kind *kind = id ? run_kind_at(chart->run, id) : NULL;
        int old, new = -1;
        const char *dot = kind ? strrchr(kind->name, '.') : NULL;
        bool is_lane = dot && (strcmp(dot, ".state") == 0 || strcmp(dot, ".role") == 0) &&
                       field_named(kind, "old", &old) &&
                       (field_named(kind, "new", &new) || field_named(kind, "state", &new));
        chart->fields[id] = (int8_t)(is_lane ? new : -1);
    }
}

static int64_t flow_of(const struct state_chart *chart, const struct nt_record *record)
{
    int field = inspect_field(run_kind_at(chart->run, record->kind), "flow");
    return field >= 0 ? record->values[field] : 0;
}

static struct lane *lane_of(struct state_chart *chart, const struct nt_record *record)
{
    int64_t flow = flow_of(chart, record);
    for (unsigned i = 0; i < chart->count; i++) {
        struct lane *lane = &chart->lanes[i];
        if (lane->kind == record->kind && lane->node == record->node && lane->port == record->port &&
            lane->flow == flow)
            return lane;
    }
    if (chart->count == LANES_MOST)
        return NULL;
    chart->lanes[chart->count] =
        (struct lane){record->kind, record->node, record->port, flow, -1, chart->wish->from, 0, chart->count};
    return &chart->lanes[chart->count++];
}

static bool is_wanted(const struct state_chart *chart, const struct nt_record *record)
{
    const struct picture_wish *wish = chart->wish;
    if (chart->fields[record->kind] < 0)
        return false;
    if (wish->node && strcmp(run_node(chart->run, record->node)->name, wish->node) != 0)
        return false;
    return !wish->flow || strstr(run_text(chart->run, (uint64_t)flow_of(chart, record)), wish->flow) ||
           (flow_of(chart, record) && strcmp(run_node(chart->run, record->node)->name, wish->flow) == 0);
}

/* ---- Drawing ---- */

/* Words of one kind have a colour each, as long as there are enough. */
static enum theme_color accent_of(int64_t word)
{
    static const enum theme_color accents[] = {THEME_CONTROL, THEME_CARE, THEME_AGAIN, THEME_DATA,
                                               THEME_ACK}; /* no state is a loss */
    return accents[(uint64_t)word % (sizeof accents / sizeof *accents)];
}

static void draw_stretch(const struct state_chart *chart, const struct lane *lane, nt_time until)
{
    unsigned index = (unsigned)(lane - chart->lanes);
    nt_time from = lane->since < chart->wish->from ? chart->wish->from : lane->since;
    nt_time to = until > chart->wish->to ? chart->wish->to : until;
    if (lane->now < 0 || index >= chart->shown || from >= to)
        return;
    const struct nt_field *field = &run_kind_at(chart->run, lane->kind)->fields[chart->fields[lane->kind]];
    const char *word = field->words[lane->now];
    enum theme_color accent = accent_of(lane->now);
    double left = plot_x(&chart->plot, from), right = plot_x(&chart->plot, to);
    struct canvas_box box = {left, chart->top + index * chart->lane_high, fmax(right - left, 1),
                             chart->lane_high - 14};
    double width = canvas_text_width(CANVAS_BOLD, PICTURE_SMALL, word);
    canvas_tag_begin(chart->canvas, CANVAS_TAG_RECORD, lane->record, word);
    canvas_rect(chart->canvas, box, fmin(3, box.width / 2),
                &(struct canvas_paint){picture_color(chart->wish, theme_soft(accent)),
                                       picture_color(chart->wish, accent), 1, CANVAS_SOLID});
    if (width + 8 <= box.width)
        canvas_text(chart->canvas, left + box.width / 2, box.y + box.height / 2 + 4, CANVAS_BOLD,
                    PICTURE_SMALL, CANVAS_MIDDLE, picture_color(chart->wish, accent), word);
    canvas_tag_end(chart->canvas);
}

static void draw_name(const struct state_chart *chart, const struct lane *lane, double y)
{
    char name[160];
    const struct nt_port *port = lane->port ? run_port(chart->run, lane->port) : NULL;
    snprintf(name, sizeof name, "%s%s%s", run_node(chart->run, lane->node)->name, port ? " " : "",
             port ? port->name : "");
    canvas_text_in(chart->canvas, PICTURE_MARGIN, y + 11, NAMES - 20, CANVAS_BOLD, PICTURE_TEXT,
                   picture_color(chart->wish, THEME_TEXT), name);
    canvas_text_in(chart->canvas, PICTURE_MARGIN, y + 25, NAMES - 20, CANVAS_SANS, PICTURE_SMALL,
                   picture_color(chart->wish, THEME_MUTED),
                   lane->flow ? run_text(chart->run, (uint64_t)lane->flow)
                              : run_kind_at(chart->run, lane->kind)->name);
}

/* Lanes of ports stand together, node by node; those of connections in the order in which they begin. */
static int by_port(const void *a, const void *b)
{
    const struct lane *one = a, *two = b;
    if (!one->port != !two->port)
        return one->port ? -1 : 1;
    if (one->port && one->node != two->node)
        return one->node < two->node ? -1 : 1;
    if (one->port != two->port)
        return one->port < two->port ? -1 : 1;
    if (one->port && one->kind != two->kind)
        return one->kind < two->kind ? -1 : 1;
    return one->order < two->order ? -1 : one->order > two->order;
}

/* Twice through the records: to know the lanes, and to draw them. */
static void walk(struct state_chart *chart, bool is_drawing)
{
    uint64_t known = session_known_records(chart->wish->session);
    for (uint64_t n = 1; n <= known; n++) {
        const struct nt_record *record = session_record(chart->wish->session, n);
        if (!record || record->at > chart->wish->to) {
            chart->has_later |= record != NULL && is_wanted(chart, record);
            if (!record || chart->has_later)
                break;
            continue;
        }
        struct lane *lane = is_wanted(chart, record) ? lane_of(chart, record) : NULL;
        if (!lane || !is_drawing)
            continue;
        const struct nt_kind *kind = run_kind_at(chart->run, record->kind);
        if (lane->now < 0)
            lane->now = record->values[inspect_field(kind, "old")];
        draw_stretch(chart, lane, record->at);
        lane->now = record->values[chart->fields[record->kind]];
        lane->since = record->at;
        lane->record = record->number;
    }
}

static void draw_all(struct state_chart *chart, struct canvas_box room)
{
    struct canvas_box box = {room.x + NAMES - PLOT_LEFT, room.y + 4, room.width - NAMES + PLOT_LEFT,
                             room.height - 4};
    double fits = floor((box.height - PLOT_BELOW) / LANE_HIGH);
    chart->shown = fits < 1 ? 1 : fits < chart->count ? (unsigned)fits : chart->count;
    chart->lane_high = fmin(fmax((box.height - PLOT_BELOW) / chart->shown, LANE_HIGH), LANE_MOST);
    box.height = chart->shown * chart->lane_high + PLOT_BELOW;
    chart->plot =
        plot_in(chart->canvas, chart->wish->theme, box, chart->wish->from, chart->wish->to, 1, NT_UNIT_NONE);
    chart->top = box.y;
    walk(chart, true);
    for (unsigned i = 0; i < chart->count; i++)
        draw_stretch(chart, &chart->lanes[i], chart->wish->to);
    for (unsigned i = 0; i < chart->shown; i++)
        draw_name(chart, &chart->lanes[i],
                  chart->top + i * chart->lane_high + (chart->lane_high - LANE_HIGH) / 2);
    plot_times(&chart->plot);
    plot_now(&chart->plot, session_now(chart->wish->session));
}

#define CHANGES_MOST 4096

/* Leaves out what comes long before or long after nearly all changes: a listener that is opened at the
 * beginning, the end of TIME-WAIT. */
static void leave_out_lone(const nt_time *changes, unsigned *first, unsigned *last)
{
    for (bool has_changed = true; has_changed && *last - *first > 3;) {
        nt_time all = changes[*last] - changes[*first];
        unsigned few = (*last - *first + 1) / 8 + 1, longest = *first;
        for (unsigned i = *first; i < *last; i++)
            if (changes[i + 1] - changes[i] > changes[longest + 1] - changes[longest])
                longest = i;
        bool is_long = changes[longest + 1] - changes[longest] > all / 4 * 3;
        has_changed = is_long && (longest - *first < few || *last - longest <= few);
        if (has_changed && longest - *first < few)
            *first = longest + 1;
        else if (has_changed)
            *last = longest;
    }
}

/* From the first change to the last, and a little more. */
void state_choose_span(struct picture_wish *wish)
{
    struct state_chart chart = {.wish = wish, .run = session_run(wish->session)};
    nt_time *changes = malloc(CHANGES_MOST * sizeof *changes);
    unsigned count = 0;
    find_kinds(&chart);
    uint64_t known = session_known_records(wish->session);
    for (uint64_t n = 1; n <= known; n++) {
        const struct nt_record *record = session_record(wish->session, n);
        if (!record || !is_wanted(&chart, record))
            continue;
        changes[count < CHANGES_MOST ? count++ : CHANGES_MOST - 1] = record->at;
    }
    free(chart.fields);
    unsigned first = 0, last = count ? count - 1 : 0;
    if (count > 0)
        leave_out_lone(changes, &first, &last);
    if (count > 0 && changes[last] > changes[first]) {
        nt_time more = (changes[last] - changes[first]) / 12 + 1, end = wish->to;
        wish->from = changes[first] > more ? changes[first] - more : 0;
        wish->to = changes[last] + more < end ? changes[last] + more : end;
    }
    free(changes);
}

bool state_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct state_chart chart = {.wish = wish, .canvas = canvas, .run = session_run(wish->session)};
    char remark[80] = "";
    chart.lanes = malloc(LANES_MOST * sizeof *chart.lanes);
    if (!chart.lanes)
        abort(); /* some kilobytes */
    find_kinds(&chart);
    walk(&chart, false);
    unsigned count = chart.count;
    qsort(chart.lanes, count, sizeof *chart.lanes, by_port);
    if (count > 0) {
        double fits = floor((wish->height - (wish->is_bare ? 58 : 82)) / LANE_HIGH);
        if (count > fits)
            snprintf(remark, sizeof remark, "the first %.0f of %u that change", fits, count);
        else if (chart.has_later)
            snprintf(remark, sizeof remark, "there are changes after this; --span shows them");
        draw_all(&chart, picture_panel(wish, canvas, "States", remark));
    } else if (wish->flow) {
        connection_refuse(wish, wish->flow, ret_why);
    } else {
        snprintf(ret_why->text, sizeof ret_why->text,
                 "nothing%s%s goes from one state to another in this time", wish->node ? " at " : "",
                 wish->node ? wish->node : "");
    }
    free(chart.lanes);
    free(chart.fields);
    return count > 0;
}

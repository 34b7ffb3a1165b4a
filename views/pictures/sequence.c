/* SPDX-License-Identifier: MIT
 * A TCP connection's sequence numbers over time, in the manner of tcptrace (Ostermann 1997): each segment is
 * an upright stroke from its first byte to its last, the line below it is what is acknowledged, the line
 * above it is how far the receiver's window reaches, and what was sent again stands lower than what was sent
 * before. What the receiver tells that it has out of order (SACK) is a stroke in pieces; what a router marked
 * (CE), the echo of that (ECE) and the sender's answer (CWR) have a sign each. */
#include <math.h>
#include <stdio.h>

#include "views/pictures/connection.h"
#include "views/pictures/drawings.h"
#include "views/pictures/overlay.h"
#include "views/pictures/plot.h"

#define BETWEEN_MARKS 4.0 /* pixels: nearer ones are one */
#define MARKED 0          /* the first word of tcp.ecn */

/* What a legend can name. */
enum sequence_entry { SEGMENT, AGAIN, ACKED, SACKED, WINDOW, CE, ECE, CWR };

struct sequence_chart {
    const struct picture_wish *wish;
    struct connection connection;
    struct plot plot;
    struct plot_curve acked, window;
    int64_t iss;         /* -1: not told */
    int64_t una, rwnd;   /* bytes from the start of data */
    int64_t highest;     /* ever sent */
    int64_t least, most; /* in the span */
    int64_t column;      /* of pixels, whose strokes are one */
    int64_t column_low, column_high;
    double last_marks[CWR + 1]; /* x of the last of its kind */
    int64_t last_sacked;        /* where the last stroke of SACK began */
    uint32_t shown;             /* a bit for each entry of the legend */
    nt_time window_at;          /* when the end of the window changed last */
    int64_t window_end;         /* to what; -1: drawn already, or not known */
};

static int64_t from_start(const struct sequence_chart *chart, int64_t sequence)
{
    return (uint32_t)(sequence - chart->iss - 1);
}

static void find_start(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct sequence_chart *chart = context;
    if (fact == CONNECTION_CONNECTED && chart->iss < 0)
        chart->iss = connection_value(&chart->connection, record, "iss");
}

static void follow(struct sequence_chart *chart, enum connection_fact fact, const struct nt_record *record)
{
    if (fact == CONNECTION_SENT)
        chart->una = from_start(chart, connection_value(&chart->connection, record, "una"));
    if (fact == CONNECTION_RWND)
        chart->rwnd = record->values[0];
}

/* What of it carries data: false for a bare acknowledgment. */
static bool data_of(const struct sequence_chart *chart, const struct nt_record *record, int64_t *from,
                    int64_t *to)
{
    *from = from_start(chart, connection_value(&chart->connection, record, "seq"));
    *to = *from + record->values[0];
    return record->values[0] > 0 && *to < INT64_C(1) << 32;
}

static void widen(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct sequence_chart *chart = context;
    int64_t from, to;
    follow(chart, fact, record);
    if (record->at < chart->wish->from || fact != CONNECTION_TX || !data_of(chart, record, &from, &to))
        return;
    chart->least = chart->least < 0 || from < chart->least ? from : chart->least;
    chart->most = to > chart->most ? to : chart->most;
}

static void end_column(struct sequence_chart *chart)
{
    if (chart->column < 0)
        return;
    double x = (double)chart->column + 0.5;
    canvas_line(chart->plot.canvas, x, plot_y(&chart->plot, chart->column_low), x,
                plot_y(&chart->plot, chart->column_high) - 0.5, picture_color(chart->wish, THEME_DATA), 1.5,
                CANVAS_SOLID);
    chart->column = -1;
}

/* Does one of its kind stand apart from the last? Then it is drawn, and is the last. */
static bool stands_apart(struct sequence_chart *chart, enum sequence_entry entry, nt_time at)
{
    double x = plot_x(&chart->plot, at);
    if (at < chart->wish->from || x - chart->last_marks[entry] < BETWEEN_MARKS)
        return false;
    chart->last_marks[entry] = x;
    chart->shown |= 1u << entry;
    return true;
}

static void draw_mark(struct sequence_chart *chart, enum sequence_entry entry, const struct nt_record *record,
                      int64_t level)
{
    static const struct {
        const char *title;
        enum plot_shape shape;
        enum theme_color color;
    } marks[] = {[AGAIN] = {"sent again", PLOT_DIAMOND, THEME_AGAIN},
                 [CE] = {"marked by a router", PLOT_SQUARE, THEME_CARE},
                 [ECE] = {"the receiver echoes a mark", PLOT_RING, THEME_CARE},
                 [CWR] = {"the window is reduced", PLOT_PLUS, THEME_LOSS}};
    if (level < chart->plot.low || level > chart->plot.high || !stands_apart(chart, entry, record->at))
        return;
    canvas_tag_begin(chart->plot.canvas, CANVAS_TAG_RECORD, record->number, marks[entry].title);
    plot_mark(&chart->plot, record->at, level, marks[entry].shape, marks[entry].color);
    canvas_tag_end(chart->plot.canvas);
}

static void draw_sack(struct sequence_chart *chart, const struct nt_record *record)
{
    int64_t start = from_start(chart, connection_value(&chart->connection, record, "start")),
            end = from_start(chart, connection_value(&chart->connection, record, "end"));
    if (start >= end || (start == chart->last_sacked && !stands_apart(chart, SACKED, record->at)))
        return;
    chart->last_sacked = start;
    chart->last_marks[SACKED] = plot_x(&chart->plot, record->at);
    canvas_tag_begin(chart->plot.canvas, CANVAS_TAG_RECORD, record->number, "arrived out of order");
    plot_bar(&chart->plot, record->at, start, end, THEME_ACK);
    canvas_tag_end(chart->plot.canvas);
}

static void draw_segment(struct sequence_chart *chart, const struct nt_record *record, int64_t from,
                         int64_t to)
{
    double x = plot_x(&chart->plot, record->at);
    bool is_again = from < chart->highest;
    chart->highest = to > chart->highest ? to : chart->highest;
    if (record->at < chart->wish->from)
        return;
    if (is_again) {
        draw_mark(chart, AGAIN, record, from);
        return;
    }
    chart->shown |= 1u << SEGMENT;
    if ((int64_t)floor(x) != chart->column) {
        end_column(chart);
        chart->column = (int64_t)floor(x);
        chart->column_low = from;
    }
    chart->column_high = to;
}

/* Both of its ends may change in one instant: what they are at its end is drawn. */
static void add_window(struct sequence_chart *chart)
{
    if (chart->window_end >= 0)
        plot_curve_add(&chart->window, chart->window_at, chart->window_end);
    chart->window_end = -1;
}

static void draw_one(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct sequence_chart *chart = context;
    int64_t from, to;
    if (record->at > chart->window_at)
        add_window(chart);
    follow(chart, fact, record);
    if (fact == CONNECTION_SENT)
        plot_curve_add(&chart->acked, record->at, chart->una);
    if (fact == CONNECTION_SENT || fact == CONNECTION_RWND) {
        chart->window_at = record->at;
        chart->window_end = chart->rwnd >= 0 && chart->una >= 0 ? chart->una + chart->rwnd : -1;
    }
    if (fact == CONNECTION_TX && data_of(chart, record, &from, &to))
        draw_segment(chart, record, from, to);
    if (fact == CONNECTION_TX && connection_has_flag(&chart->connection, record, "CWR"))
        draw_mark(chart, CWR, record, from_start(chart, connection_value(&chart->connection, record, "seq")));
    if (fact == CONNECTION_RX && connection_has_flag(&chart->connection, record, "ECE"))
        draw_mark(chart, ECE, record, from_start(chart, connection_value(&chart->connection, record, "ack")));
    if (fact == CONNECTION_SACK)
        draw_sack(chart, record);
}

/* What the other side saw: marks on segments as they arrived. */
static void draw_seen(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct sequence_chart *chart = context;
    if (fact == CONNECTION_ECN && record->values[0] == MARKED)
        draw_mark(chart, CE, record, from_start(chart, connection_value(&chart->connection, record, "seq")));
}

/* The curves are clipped: the window may reach far beyond what is sent. */
static void draw_records(struct sequence_chart *chart)
{
    struct connection peer;
    struct canvas *canvas = chart->plot.canvas;
    chart->column = chart->una = chart->rwnd = chart->window_end = chart->last_sacked = -1;
    for (unsigned i = 0; i < sizeof chart->last_marks / sizeof *chart->last_marks; i++)
        chart->last_marks[i] = -1e9;
    connection_visit(&chart->connection, chart->wish->to, draw_one, chart);
    end_column(chart);
    add_window(chart);
    if (connection_peer(&chart->connection, &peer))
        connection_visit(&peer, chart->wish->to, draw_seen, chart);
    chart->shown |= chart->acked.samples || chart->acked.count ? 1u << ACKED : 0;
    chart->shown |= chart->window.samples || chart->window.count ? 1u << WINDOW : 0;
    canvas_clip(canvas, chart->plot.box);
    plot_curve_end(&chart->window, chart->wish->to);
    plot_curve_end(&chart->acked, chart->wish->to);
    canvas_unclip(canvas);
}

static void draw_all(struct sequence_chart *chart, struct canvas *canvas, struct canvas_box room)
{
    static const struct plot_entry entries[] = {
        [SEGMENT] = {"segment", THEME_DATA, CANVAS_SOLID, false, PLOT_DOT},
        [AGAIN] = {"sent again", THEME_AGAIN, CANVAS_SOLID, true, PLOT_DIAMOND},
        [ACKED] = {"acknowledged", THEME_ACK, CANVAS_SOLID, false, PLOT_DOT},
        [SACKED] = {"SACK: arrived out of order", THEME_ACK, CANVAS_SOLID, true, PLOT_BAR},
        [WINDOW] = {"end of the window", THEME_CARE, CANVAS_DASHED, false, PLOT_DOT},
        [CE] = {"marked (CE)", THEME_CARE, CANVAS_SOLID, true, PLOT_SQUARE},
        [ECE] = {"echo (ECE)", THEME_CARE, CANVAS_SOLID, true, PLOT_RING},
        [CWR] = {"answer (CWR)", THEME_LOSS, CANVAS_SOLID, true, PLOT_PLUS}};
    room = (struct canvas_box){room.x + 16, room.y + 24, room.width - 16, room.height - 24};
    chart->plot = plot_in(canvas, chart->wish->theme, room, chart->wish->from, chart->wish->to, chart->most,
                          NT_UNIT_BYTES);
    if (chart->least > (chart->most - chart->least) / 2) { /* a part in the middle: not from zero */
        int64_t step = plot_round_step((chart->most - chart->least) / 8 + 1);
        chart->plot.low = chart->least / step * step;
        chart->plot.high = (chart->most + step - 1) / step * step;
    }
    plot_axes(&chart->plot, "bytes, from the first one on", true);
    plot_curve_begin(
        &chart->acked, &chart->plot, true,
        &(struct canvas_paint){COLOR_NONE, picture_color(chart->wish, THEME_ACK), 1.75, CANVAS_SOLID});
    plot_curve_begin(
        &chart->window, &chart->plot, true,
        &(struct canvas_paint){COLOR_NONE, picture_color(chart->wish, THEME_CARE), 1.25, CANVAS_DASHED});
    draw_records(chart);
    plot_now(&chart->plot, session_now(chart->wish->session));
    plot_legend(canvas, chart->wish->theme, chart->plot.box.x + chart->plot.box.width, chart->plot.box.y - 10,
                chart->plot.box.width - 190, entries, sizeof entries / sizeof *entries, chart->shown);
}

bool sequence_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct sequence_chart chart = {.wish = wish, .iss = -1, .una = -1, .rwnd = -1, .least = -1, .most = -1};
    struct connection connections[CONNECTIONS_MOST];
    char title[160];
    unsigned count = connection_choose_all(connections, wish, ret_why);
    if (count != 1)
        return count > 0 && overlay_draw_sequences(connections, count, wish, canvas, ret_why);
    chart.connection = connections[0];
    connection_visit(&chart.connection, NT_NEVER, find_start, &chart);
    if (chart.iss >= 0)
        connection_visit(&chart.connection, wish->to, widen, &chart);
    if (chart.most < 0) {
        snprintf(ret_why->text, sizeof ret_why->text, "%s sends no data in this time",
                 connection_name(&chart.connection));
        return false;
    }
    snprintf(title, sizeof title, "Sequence numbers \xc2\xb7 %s", connection_name(&chart.connection));
    draw_all(&chart, canvas, picture_panel(wish, canvas, title, "each upright stroke is what was sent then"));
    return true;
}

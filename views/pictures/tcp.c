/* SPDX-License-Identifier: MIT
 * A TCP connection: the sender's bytes as a ruler, and below it how its windows and round trips went.
 *
 *                 [------ cwnd 10 220 B = 7 segments -----]
 *      17  18  19 [20] 21  22  23  24  25  26  27  28  29  30
 *     acked       lost  arrived     in flight   may go   not yet
 *     ============|   |============|                       |        what the receiver has of that
 *                 [---------------- rwnd 21 900 B ------------------>
 *
 * Cells are segments; what a cell is is told by its colour, its outline and the words below. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "views/pictures/connection.h"
#include "views/pictures/drawings.h"
#include "views/pictures/overlay.h"
#include "views/pictures/received.h"
#include "views/ruler_parts.h"

#define CELL_LEAST 28.0 /* pixels, with the space between two */
#define CELL_HIGH 30.0
#define ALL_HIGH 380.0           /* more than this, and there is room for ruler, windows and round trips */
#define WITH_RULER_HIGH 225.0    /* for ruler and windows */
#define TWO_HIGH 170.0           /* for windows and round trips */
#define RULER_HIGH 124.0
#define BUFFER_HIGH 20.0         /* of the receiver's buffer below the cells, with the space around it */
#define SIDE 172.0               /* the variables at the right */
#define UNSET (INT64_C(1) << 30) /* an ssthresh that large says nothing yet (RFC 5681 section 3.1) */
#define PAST 0.22                /* part of the ruler that shows what is acknowledged */

enum cell_state {
    CELL_ACKED,
    CELL_LOST,
    CELL_AGAIN,
    CELL_ARRIVED,
    CELL_FLYING,
    CELL_ALLOWED,
    CELL_LATER,
    CELL_STATES
};

static const struct {
    const char *words;
    enum theme_color fill, edge, text;
    double width;
    enum canvas_dash dash;
} looks[CELL_STATES] = {
    [CELL_ACKED] = {"acknowledged", THEME_ACK_SOFT, THEME_ACK_SOFT, THEME_ACK, 1, CANVAS_SOLID},
    [CELL_LOST] = {"taken as lost", THEME_LOSS_SOFT, THEME_LOSS, THEME_LOSS, 2.5, CANVAS_SOLID},
    [CELL_AGAIN] = {"sent again", THEME_AGAIN_SOFT, THEME_AGAIN, THEME_AGAIN, 2, CANVAS_SOLID},
    [CELL_ARRIVED] = {"arrived out of order", THEME_ACK_SOFT, THEME_ACK, THEME_ACK, 1.5, CANVAS_DASHED},
    [CELL_FLYING] = {"in flight", THEME_DATA_SOFT, THEME_DATA, THEME_DATA, 1.25, CANVAS_SOLID},
    [CELL_ALLOWED] = {"may be sent", THEME_PANEL, THEME_DATA, THEME_DATA, 1.25, CANVAS_DOTTED},
    [CELL_LATER] = {"not yet", THEME_PANEL, THEME_EDGE, THEME_MUTED, 1, CANVAS_SOLID}};

#define AGAIN_MOST 256 /* retransmissions that are remembered, the newest */

struct tcp_chart {
    const struct picture_wish *wish;
    struct canvas *canvas;
    struct connection connection;
    struct ruler now;
    int64_t una, nxt, mss;        /* the first two from the first byte of data on */
    int64_t again[AGAIN_MOST][2]; /* from, to: sent again; a ring */
    unsigned again_count;         /* ever */
    int64_t highest;              /* behind the last byte of data that was ever sent */
    struct received received;     /* what the other side has */
    bool has_received;
    struct canvas_box room;    /* of the ruler */
    int64_t first, cell_bytes; /* the byte at its left, and what one cell stands for */
    unsigned cells;
    double cell; /* pixels of each */
};

/* Bytes from the first byte of data on. */
static int64_t from_start(const struct tcp_chart *chart, int64_t sequence)
{
    return (uint32_t)(sequence - chart->now.iss - 1);
}

static void note_again(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct tcp_chart *chart = context;
    if (fact == CONNECTION_TX && record->values[0] > 0) {
        int64_t end =
            from_start(chart, connection_value(&chart->connection, record, "seq")) + record->values[0];
        chart->highest = end > chart->highest ? end : chart->highest;
    }
    if (fact != CONNECTION_RETRANSMIT)
        return;
    int64_t from = from_start(chart, connection_value(&chart->connection, record, "seq"));
    int64_t *range = chart->again[chart->again_count++ % AGAIN_MOST];
    range[0] = from;
    range[1] = from + connection_value(&chart->connection, record, "bytes");
}

static bool overlaps(int64_t from, int64_t to, int64_t start, int64_t end)
{
    return start < to && from < end;
}

static bool was_sent_again(const struct tcp_chart *chart, int64_t from, int64_t to)
{
    for (unsigned i = 0; i < chart->again_count && i < AGAIN_MOST; i++)
        if (overlaps(from, to, chart->again[i][0], chart->again[i][1]))
            return true;
    return false;
}

static bool is_in_range(const struct tcp_chart *chart, int64_t from, int64_t to, bool is_lost)
{
    for (size_t i = 0; i < chart->now.range_count && i < RULER_RANGES; i++) {
        const struct ruler_range *range = &chart->now.ranges[i];
        int64_t start = from_start(chart, range->start), end = from_start(chart, range->end);
        if (range->is_lost == is_lost && start < end && overlaps(from, to, start, end))
            return true;
    }
    return false;
}

static int64_t allowed_to(const struct tcp_chart *chart)
{
    int64_t window = chart->now.cwnd;
    if (window < 0 || (chart->now.rwnd >= 0 && chart->now.rwnd < window))
        window = chart->now.rwnd;
    return chart->una + (window > 0 ? window : 0);
}

static enum cell_state state_of(const struct tcp_chart *chart, int64_t from, int64_t to)
{
    if (to <= chart->una)
        return CELL_ACKED;
    if (from >= chart->nxt)
        return from < allowed_to(chart) ? CELL_ALLOWED : CELL_LATER;
    if (is_in_range(chart, from, to, false))
        return CELL_ARRIVED;
    if (was_sent_again(chart, from, to))
        return CELL_AGAIN;
    return is_in_range(chart, from, to, true) ? CELL_LOST : CELL_FLYING;
}

/* ---- The ruler ---- */

static double x_of(const struct tcp_chart *chart, int64_t byte)
{
    double x = chart->room.x + (double)(byte - chart->first) / (double)chart->cell_bytes * chart->cell;
    return fmin(fmax(x, chart->room.x), chart->room.x + chart->cells * chart->cell);
}

/* One cell is one segment, or as many as make the windows fit. */
static void choose_scale(struct tcp_chart *chart)
{
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, chart->nxt / chart->mss + 40);
    chart->cell = ceil(fmax(CELL_LEAST, canvas_text_width(CANVAS_MONO, PICTURE_SMALL, number) + 7));
    int64_t ahead = allowed_to(chart) > chart->nxt ? allowed_to(chart) : chart->nxt;
    chart->cells = (unsigned)(chart->room.width / chart->cell);
    double space = chart->cells * (1 - PAST) - 2;
    int64_t segments = (ahead - chart->una + chart->mss - 1) / chart->mss;
    int64_t each = (int64_t)ceil((double)segments / fmax(space, 1));
    chart->cell_bytes = chart->mss * (each > 1 ? each : 1);
    int64_t cell = chart->una / chart->cell_bytes - (int64_t)(chart->cells * PAST);
    chart->first = cell > 0 ? cell * chart->cell_bytes : 0;
}

static void draw_cell(const struct tcp_chart *chart, double x, double y, enum cell_state state,
                      const char *word)
{
    struct canvas_box box = {x + 1, y, chart->cell - 3, CELL_HIGH};
    struct canvas_paint paint = {picture_color(chart->wish, looks[state].fill),
                                 picture_color(chart->wish, looks[state].edge), looks[state].width,
                                 looks[state].dash};
    canvas_rect(chart->canvas, box, 3, &paint);
    if (state == CELL_AGAIN) /* doubled, so that it is seen without colour */
        canvas_rect(chart->canvas, (struct canvas_box){box.x + 3, box.y + 3, box.width - 6, box.height - 6},
                    2, &(struct canvas_paint){.stroke = paint.stroke, .width = 1});
    if (canvas_text_width(CANVAS_MONO, PICTURE_SMALL, word) <= box.width - 2)
        canvas_text(chart->canvas, x + chart->cell / 2 - 0.5, y + CELL_HIGH / 2 + 4, CANVAS_MONO,
                    PICTURE_SMALL, CANVAS_MIDDLE, picture_color(chart->wish, looks[state].text), word);
}

/* A window as a bracket above (side -1) or below (1) the cells. */
static void draw_bracket(const struct tcp_chart *chart, double y, int side, int64_t window,
                         enum theme_color color, const char *name)
{
    char size[40], words[120];
    double left = x_of(chart, chart->una), right = x_of(chart, chart->una + window), edge = y + side * 8;
    struct color ink = picture_color(chart->wish, color);
    bool is_open = chart->una + window > chart->first + chart->cells * chart->cell_bytes;
    struct canvas_point points[] = {{left, y}, {left, edge}, {right, edge}, {right, y}};
    canvas_polyline(chart->canvas, points, is_open ? 3 : 4, false,
                    &(struct canvas_paint){.stroke = ink, .width = 2});
    if (is_open)
        canvas_arrow_head(chart->canvas, right + 6, edge, 1, 0, 9, ink);
    picture_number(size, sizeof size, window);
    snprintf(words, sizeof words, window % chart->mss ? "%s %s B = %.1f segments" : "%s %s B = %.0f segments",
             name, size, (double)window / (double)chart->mss);
    double half = canvas_text_width(CANVAS_BOLD, PICTURE_TEXT, words) / 2;
    double middle =
        fmin(fmax((left + right) / 2, chart->room.x + half), chart->room.x + chart->room.width - half);
    canvas_text(chart->canvas, middle, edge + (side < 0 ? -6 : 15), CANVAS_BOLD, PICTURE_TEXT, CANVAS_MIDDLE,
                ink, words);
}

static void draw_stretch(const struct tcp_chart *chart, double y, int64_t from, int64_t to,
                         enum theme_color fill, enum theme_color edge, enum canvas_dash dash)
{
    double left = x_of(chart, from), right = x_of(chart, to);
    if (right - left >= 1)
        canvas_rect(chart->canvas, (struct canvas_box){left + 1, y, right - left - 2, 9}, 2,
                    &(struct canvas_paint){picture_color(chart->wish, fill), picture_color(chart->wish, edge),
                                           1.25, dash});
}

/* What the receiver has, byte for byte below the sender's cells; holes are gaps. */
static void draw_received(const struct tcp_chart *chart, double y)
{
    const struct received *received = &chart->received;
    draw_stretch(chart, y, chart->first, received->nxt - received->unread, THEME_ACK_SOFT, THEME_ACK_SOFT,
                 CANVAS_SOLID);
    draw_stretch(chart, y, received->nxt - received->unread, received->nxt, THEME_CARE, THEME_CARE,
                 CANVAS_SOLID);
    for (unsigned i = 0; i < received->range_count; i++)
        draw_stretch(chart, y, received->ranges[i][0], received->ranges[i][1], THEME_ACK_SOFT, THEME_ACK,
                     CANVAS_DASHED);
    double edge = x_of(chart, received->edge);
    if (received->edge < chart->first + chart->cells * chart->cell_bytes)
        canvas_line(chart->canvas, edge, y - 3, edge, y + 12, picture_color(chart->wish, THEME_CARE), 2,
                    CANVAS_SOLID);
}

/* Names what is to be seen in the receiver's buffer; returns where the next word may begin. */
static double draw_received_words(const struct tcp_chart *chart, double x, double y)
{
    static const struct {
        const char *words;
        enum theme_color fill, edge;
        enum canvas_dash dash;
    } entries[] = {{"the receiver has it", THEME_ACK_SOFT, THEME_ACK_SOFT, CANVAS_SOLID},
                   {"waits there to be read", THEME_CARE, THEME_CARE, CANVAS_SOLID},
                   {"there out of order", THEME_ACK_SOFT, THEME_ACK, CANVAS_DASHED}};
    const bool is_there[] = {chart->received.nxt - chart->received.unread > chart->first,
                             chart->received.unread > 0, chart->received.range_count > 0};
    for (unsigned i = 0; i < sizeof entries / sizeof *entries; i++) {
        double width = 34 + canvas_text_width(CANVAS_SANS, PICTURE_SMALL, entries[i].words) + 16;
        if (!is_there[i] || x + width > chart->room.x + chart->room.width)
            continue;
        canvas_rect(chart->canvas, (struct canvas_box){x, y - 9, 26, 9}, 2,
                    &(struct canvas_paint){picture_color(chart->wish, entries[i].fill),
                                           picture_color(chart->wish, entries[i].edge), 1.25,
                                           entries[i].dash});
        canvas_text(chart->canvas, x + 34, y, CANVAS_SANS, PICTURE_SMALL, CANVAS_START,
                    picture_color(chart->wish, THEME_MUTED), entries[i].words);
        x += width;
    }
    return x;
}

static void draw_words(const struct tcp_chart *chart, const bool *is_there, double y)
{
    double x = chart->room.x;
    char scale[60];
    for (unsigned i = 0; i < CELL_STATES; i++) {
        if (!is_there[i])
            continue;
        struct canvas_paint paint = {picture_color(chart->wish, looks[i].fill),
                                     picture_color(chart->wish, looks[i].edge), fmin(looks[i].width, 2),
                                     looks[i].dash};
        double width = 18 + canvas_text_width(CANVAS_SANS, PICTURE_SMALL, looks[i].words) + 16;
        if (x + width > chart->room.x + chart->room.width)
            return;
        canvas_rect(chart->canvas, (struct canvas_box){x, y - 10, 12, 12}, 2, &paint);
        canvas_text(chart->canvas, x + 18, y, CANVAS_SANS, PICTURE_SMALL, CANVAS_START,
                    picture_color(chart->wish, THEME_MUTED), looks[i].words);
        x += width;
    }
    if (chart->has_received)
        x = draw_received_words(chart, x, y);
    snprintf(scale, sizeof scale, "each cell is %" PRId64 " segments", chart->cell_bytes / chart->mss);
    double width = canvas_text_width(CANVAS_SANS, PICTURE_SMALL, scale);
    if (chart->cell_bytes > chart->mss && x + width <= chart->room.x + chart->room.width)
        canvas_text(chart->canvas, chart->room.x + chart->room.width, y, CANVAS_SANS, PICTURE_SMALL,
                    CANVAS_END, picture_color(chart->wish, THEME_MUTED), scale);
}

static void draw_ruler(struct tcp_chart *chart)
{
    bool is_there[CELL_STATES] = {false};
    double y = chart->room.y + 26;
    choose_scale(chart);
    for (unsigned i = 0; i < chart->cells; i++) {
        char word[24];
        int64_t from = chart->first + i * chart->cell_bytes, to = from + chart->cell_bytes;
        if (from < chart->nxt && to > chart->nxt)
            to = chart->nxt; /* the last one may be short */
        enum cell_state state = state_of(chart, from, to);
        snprintf(word, sizeof word, "%" PRId64, from / chart->mss + 1);
        draw_cell(chart, chart->room.x + i * chart->cell, y, state, word);
        is_there[state] = true;
    }
    if (chart->now.cwnd >= 0)
        draw_bracket(chart, y - 4, -1, chart->now.cwnd, THEME_DATA, "cwnd");
    if (chart->has_received) {
        draw_received(chart, y + CELL_HIGH + 6);
        y += BUFFER_HIGH;
    }
    if (chart->now.rwnd >= 0)
        draw_bracket(chart, y + CELL_HIGH + 4, 1, chart->now.rwnd, THEME_CARE, "rwnd");
    draw_words(chart, is_there, y + CELL_HIGH + 48);
}

/* ---- Variables ---- */

static void draw_variable(const struct tcp_chart *chart, double x, double *y, const char *name, int64_t value,
                          bool is_time)
{
    char number[40], text[60];
    if (value < 0)
        return;
    if (is_time)
        picture_time(text, sizeof text, value, value / 1000 + 1);
    else {
        picture_number(number, sizeof number, value);
        snprintf(text, sizeof text, value >= UNSET ? "not set" : "%s B", number);
    }
    canvas_text(chart->canvas, x, *y, CANVAS_SANS, PICTURE_TEXT, CANVAS_START,
                picture_color(chart->wish, THEME_MUTED), name);
    canvas_text(chart->canvas, x + SIDE - 24, *y, CANVAS_SANS, PICTURE_TEXT, CANVAS_END,
                picture_color(chart->wish, THEME_TEXT), text);
    *y += 21;
}

/* As many as there is room for. */
static void draw_variables(const struct tcp_chart *chart, double x, double y, double bottom)
{
    const struct ruler *now = &chart->now;
    const struct {
        const char *name;
        int64_t value;
        bool is_time;
    } variables[] = {{"cwnd", now->cwnd, false},   {"ssthresh", now->ssthresh, false},
                     {"in flight", now->flight, false}, {"rwnd", now->rwnd, false},
                     {"unsent", now->unsent, false}, {"acked", chart->una, false},
                     {"segment", now->mss, false}, {"SRTT", now->srtt, true},
                     {"RTO", now->rto, true}};
    canvas_text(chart->canvas, x, y, CANVAS_BOLD, PICTURE_TEXT, CANVAS_START,
                picture_color(chart->wish, THEME_TEXT), "now");
    y += 23;
    for (size_t i = 0; i < sizeof variables / sizeof *variables && y < bottom; i++)
        draw_variable(chart, x, &y, variables[i].name, variables[i].value, variables[i].is_time);
}

/* ---- All of it ---- */

/* What has been sent and acknowledged by now; what the other side has. */
static void read_bytes(struct tcp_chart *chart)
{
    nt_time now = session_now(chart->wish->session);
    chart->mss = chart->now.mss > 0 ? chart->now.mss : 536; /* RFC 9293 section 3.7.1: the default */
    if (chart->now.iss < 0 || chart->now.una < 0)
        return;
    chart->una = from_start(chart, chart->now.una);
    chart->nxt = from_start(chart, chart->now.nxt);
    chart->has_received = received_read(&chart->received, &chart->connection, chart->now.iss, now);
    connection_visit(&chart->connection, now, note_again, chart);
    chart->una = chart->una < chart->highest ? chart->una : chart->highest; /* a FIN is no data */
    chart->nxt = chart->nxt < chart->highest ? chart->nxt : chart->highest;
}

/* The ruler first, since nothing else shows it; then the windows; then round trips, if there is room for all three. */
static void draw_all(struct tcp_chart *chart, struct canvas_box room)
{
    bool has_all = room.height > ALL_HIGH;
    bool has_ruler = chart->now.iss >= 0 && chart->now.una >= 0 && room.height > WITH_RULER_HIGH && room.width > 420;
    bool has_trips = has_all || (!has_ruler && room.height > TWO_HIGH), has_side = room.width > 700;
    double bottom = room.y + room.height;
    read_bytes(chart);
    if (has_ruler) {
        double high = RULER_HIGH + (chart->has_received ? BUFFER_HIGH : 0);
        chart->room = (struct canvas_box){room.x, room.y + 8, room.width - 12, high};
        draw_ruler(chart);
        room.y += high + 6;
        room.height -= high + 6;
    }
    double width = room.width - (has_side ? SIDE : 0), upper = floor(room.height * (has_trips ? 0.64 : 1));
    connection_draw_windows(&chart->connection, chart->wish, chart->canvas,
                            (struct canvas_box){room.x, room.y + 24, width, upper - 24});
    if (has_trips)
        connection_draw_round_trips(
            &chart->connection, chart->wish, chart->canvas,
            (struct canvas_box){room.x, room.y + upper + 22, width, room.height - upper - 22});
    if (has_side)
        draw_variables(chart, room.x + width + 24, room.y + 14, bottom);
}

bool tcp_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct tcp_chart chart = {.wish = wish, .canvas = canvas};
    struct connection connections[CONNECTIONS_MOST];
    char title[160], now[40], remark[100];
    unsigned count = connection_choose_all(connections, wish, ret_why);
    if (count != 1)
        return count > 0 && overlay_draw_windows(connections, count, wish, canvas, ret_why);
    chart.connection = connections[0];
    ruler_read(&chart.now, session_run(wish->session), session_history(wish->session),
               (struct ruler_flow){chart.connection.node, chart.connection.flow});
    picture_time(now, sizeof now, session_now(wish->session), NT_MICROSECOND);
    snprintf(title, sizeof title, "TCP \xc2\xb7 %s", connection_name(&chart.connection));
    snprintf(remark, sizeof remark, "%s, at %s", run_node(chart.connection.run, chart.connection.node)->name,
             now);
    draw_all(&chart, picture_panel(wish, canvas, title, remark));
    free(chart.now.samples);
    return true;
}

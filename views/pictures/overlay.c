/* SPDX-License-Identifier: MIT
 * Several TCP connections in one picture.
 *
 *     ---o---o---  ann 10.0.1.2:62551 > ...      each has a pattern of line, a shape that stands on it here
 *     - -#- - -#-  amy 10.0.2.2:55667 > ...      and there, and a colour: any one of these tells them apart
 *     ...^...^...  zoe 10.0.3.2:61593 > ...
 *
 * A plot is a fact of all of them: cwnd, bytes acknowledged, the smoothed round trip. What got through is
 * measured over equal parts of the span. */
#include "views/pictures/overlay.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "views/pictures/drawings.h"
#include "views/pictures/plot.h"

#define PARTS 60            /* of the span, for what got through */
#define BETWEEN_SIGNS 110.0 /* pixels from one shape on a line to the next */
#define BETWEEN_MARKS 5.0
#define ENTRY 20.0       /* a line of the legend */
#define REPEATS_HIGH 9.0 /* a row of crosses */
#define SAMPLE 34.0      /* its piece of line */

static const struct {
    enum theme_color color;
    enum canvas_dash dash;
    enum plot_shape shape;
} looks[CONNECTIONS_MOST] = {{THEME_DATA, CANVAS_SOLID, PLOT_DOT},
                             {THEME_CARE, CANVAS_DASHED, PLOT_SQUARE},
                             {THEME_AGAIN, CANVAS_DOTTED, PLOT_TRIANGLE}};

/* One connection of them. */
struct side {
    const struct connection *connection;
    int64_t iss;          /* -1: not told */
    int64_t una;          /* bytes from the start of data; -1: not told */
    int64_t begun, ended; /* una at the two ends of the span */
    nt_time first, last;  /* told of it in the span */
    int64_t cwnd_most, srtt_most, part_most;
    int64_t parts[PARTS]; /* bytes acknowledged in each part of the span */
    uint64_t repeated;    /* sent again in the span */
    struct plot_curve curve;
    double last_sign, last_mark;
};

struct overlay {
    const struct picture_wish *wish;
    struct canvas *canvas;
    struct side sides[CONNECTIONS_MOST];
    unsigned count;
    struct plot plot;
};

/* A visit of one side of an overlay. */
struct visit {
    struct overlay *overlay;
    struct side *side;
    enum connection_fact fact; /* which is drawn */
};

/* ---- Reading ---- */

static int64_t acked_of(const struct side *side, const struct nt_record *record)
{
    return (uint32_t)(connection_value(side->connection, record, "una") - side->iss - 1);
}

static void note_acked(const struct overlay *overlay, struct side *side, const struct nt_record *record)
{
    const struct picture_wish *wish = overlay->wish;
    int64_t una = acked_of(side, record);
    if (una >= INT64_C(1) << 31) /* before the handshake is complete */
        return;
    if (record->at < wish->from) {
        side->begun = una;
    } else if (side->una >= 0 && una > side->una) {
        double part = (double)(record->at - wish->from) / (double)(wish->to - wish->from) * PARTS;
        side->parts[part < PARTS ? (unsigned)part : PARTS - 1] += una - side->una;
    }
    side->una = side->ended = una;
}

static void note(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct visit *visit = context;
    struct side *side = visit->side;
    bool is_inside = record->at >= visit->overlay->wish->from;
    if (is_inside && side->first == NT_NEVER)
        side->first = record->at;
    side->last = is_inside ? record->at : side->last;
    if (fact == CONNECTION_CONNECTED && side->iss < 0)
        side->iss = connection_value(side->connection, record, "iss");
    if (fact == CONNECTION_SENT && side->iss >= 0)
        note_acked(visit->overlay, side, record);
    if (fact == CONNECTION_CWND && record->values[0] > side->cwnd_most)
        side->cwnd_most = record->values[0];
    if (fact == CONNECTION_SRTT && is_inside && record->values[0] > side->srtt_most)
        side->srtt_most = record->values[0];
    side->repeated += fact == CONNECTION_RETRANSMIT && is_inside;
}

static void overlay_init(struct overlay *overlay, const struct connection *connections, unsigned count,
                         const struct picture_wish *wish, struct canvas *canvas)
{
    *overlay = (struct overlay){.wish = wish, .canvas = canvas, .count = count};
    for (unsigned i = 0; i < count; i++) {
        struct side *side = &overlay->sides[i];
        *side = (struct side){
            .connection = &connections[i], .iss = -1, .una = -1, .first = NT_NEVER, .last = wish->from};
        connection_visit(&connections[i], wish->to, note, &(struct visit){overlay, side, CONNECTION_FACTS});
        for (unsigned p = 0; p < PARTS; p++)
            side->part_most = side->parts[p] > side->part_most ? side->parts[p] : side->part_most;
    }
}

/* ---- Curves ---- */

static struct color color_of(const struct overlay *overlay, unsigned index)
{
    return picture_color(overlay->wish, looks[index].color);
}

/* A sample of the curve, and its shape if the last one is far enough away. */
static void add(struct overlay *overlay, struct side *side, nt_time at, int64_t level)
{
    double x = plot_x(&overlay->plot, at);
    unsigned index = (unsigned)(side - overlay->sides);
    plot_curve_add(&side->curve, at, level);
    if (at < overlay->wish->from || x - side->last_sign < BETWEEN_SIGNS)
        return;
    plot_mark(&overlay->plot, at, level, looks[index].shape, looks[index].color);
    side->last_sign = x;
}

static void begin_curve(struct overlay *overlay, unsigned index, bool is_steps)
{
    struct side *side = &overlay->sides[index];
    side->last_sign = overlay->plot.box.x - BETWEEN_SIGNS * (0.4 + 0.3 * index); /* not one above another */
    plot_curve_begin(
        &side->curve, &overlay->plot, is_steps,
        &(struct canvas_paint){COLOR_NONE, color_of(overlay, index), index ? 2 : 1.75, looks[index].dash});
}

static void add_record(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct visit *visit = context;
    if (fact != visit->fact)
        return;
    if (fact != CONNECTION_SENT)
        add(visit->overlay, visit->side, record->at, record->values[0]);
    else if (visit->side->iss >= 0 && acked_of(visit->side, record) < INT64_C(1) << 31)
        add(visit->overlay, visit->side, record->at, acked_of(visit->side, record));
}

static void draw_curves(struct overlay *overlay, enum connection_fact fact)
{
    for (unsigned i = 0; i < overlay->count; i++) {
        struct side *side = &overlay->sides[i];
        begin_curve(overlay, i, true);
        connection_visit(side->connection, overlay->wish->to, add_record,
                         &(struct visit){overlay, side, fact});
        plot_curve_end(&side->curve, side->last);
    }
}

/* A cross: below the plot, in a row of its own for each, or on the curve of what is acknowledged. */
static void add_repeat(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct visit *visit = context;
    struct side *side = visit->side;
    const struct plot *plot = &visit->overlay->plot;
    double x = plot_x(plot, record->at);
    unsigned index = (unsigned)(side - visit->overlay->sides);
    if (fact == CONNECTION_SENT && side->iss >= 0 && acked_of(side, record) < INT64_C(1) << 31)
        side->una = acked_of(side, record);
    if (fact != CONNECTION_RETRANSMIT || record->at < plot->from || x - side->last_mark < BETWEEN_MARKS)
        return;
    side->last_mark = x;
    double y = visit->fact == CONNECTION_SENT ? plot_y(plot, side->una)
                                              : plot->box.y + plot->box.height + 8 + REPEATS_HIGH * index;
    struct color color = color_of(visit->overlay, index);
    canvas_tag_begin(plot->canvas, CANVAS_TAG_RECORD,
                     side->connection->session == visit->overlay->wish->session ? record->number : 0,
                     "sent again");
    canvas_line(plot->canvas, x - 3, y - 3, x + 3, y + 3, color, 1.75, CANVAS_SOLID);
    canvas_line(plot->canvas, x - 3, y + 3, x + 3, y - 3, color, 1.75, CANVAS_SOLID);
    canvas_tag_end(plot->canvas);
}

/* What each sent again; `fact`: of the curve that it belongs to. */
static void draw_repeats(struct overlay *overlay, enum connection_fact fact)
{
    for (unsigned i = 0; i < overlay->count; i++) {
        overlay->sides[i].last_mark = -1e9;
        overlay->sides[i].una = 0;
        connection_visit(overlay->sides[i].connection, overlay->wish->to, add_repeat,
                         &(struct visit){overlay, &overlay->sides[i], fact});
    }
}

/* ---- What got through ---- */

static int64_t rate_of(int64_t bytes, nt_time time)
{
    double bits = (double)bytes * 8 * (double)NT_SECOND / (double)time;
    int64_t step = plot_round_step((int64_t)(bits / 500) + 1); /* three digits */
    return (int64_t)(bits / (double)step + 0.5) * step;
}

static void draw_rates(struct overlay *overlay)
{
    nt_time span = overlay->wish->to - overlay->wish->from;
    for (unsigned i = 0; i < overlay->count; i++) {
        struct side *side = &overlay->sides[i];
        begin_curve(overlay, i, true);
        for (unsigned p = 0; p < PARTS && overlay->wish->from + span / PARTS * p <= side->last; p++)
            add(overlay, side, overlay->wish->from + span / PARTS * p,
                rate_of(side->parts[p], span / PARTS + 1));
        plot_curve_end(&side->curve, side->last);
    }
}

/* ---- Names ---- */

static void show_side(const struct overlay *overlay, const struct side *side, char *ret_text, size_t size)
{
    char rate[48];
    bool is_other = side->connection->session == overlay->wish->against;
    plot_show(NT_UNIT_RATE,
              rate_of(side->ended - side->begun, side->last > side->first ? side->last - side->first : 1),
              rate, sizeof rate);
    snprintf(ret_text, size, "%s  %s  \xc2\xb7  %s got through, %" PRIu64 " sent again%s%s",
             run_node(side->connection->run, side->connection->node)->name, connection_name(side->connection),
             rate, side->repeated,
             is_other                 ? "  \xc2\xb7  with "
             : overlay->wish->against ? "  \xc2\xb7  as in the file"
                                      : "",
             is_other && overlay->wish->against_is ? overlay->wish->against_is : "");
}

/* A line for each; returns the room below. */
static struct canvas_box draw_names(const struct overlay *overlay, struct canvas_box room)
{
    for (unsigned i = 0; i < overlay->count; i++) {
        char words[300];
        double y = room.y + 12 + i * ENTRY, middle = room.x + SAMPLE / 2;
        const struct plot sign = {.canvas = overlay->canvas,
                                  .theme = overlay->wish->theme,
                                  .box = {middle, y - 4, 1, 1},
                                  .to = 1,
                                  .high = 1};
        canvas_line(overlay->canvas, room.x, y - 4, room.x + SAMPLE, y - 4, color_of(overlay, i), 2,
                    looks[i].dash);
        plot_mark(&sign, 0, 1, looks[i].shape, looks[i].color);
        show_side(overlay, &overlay->sides[i], words, sizeof words);
        canvas_text_in(overlay->canvas, room.x + SAMPLE + 10, y, room.width - SAMPLE - 10, CANVAS_SANS,
                       PICTURE_TEXT, picture_color(overlay->wish, THEME_TEXT), words);
    }
    double used = overlay->count * ENTRY + 10;
    return (struct canvas_box){room.x, room.y + used, room.width, room.height - used};
}

static void begin_plot(struct overlay *overlay, struct canvas_box room, int64_t most, enum nt_unit unit,
                       const char *name, bool has_times)
{
    overlay->plot = plot_in(overlay->canvas, overlay->wish->theme, room, overlay->wish->from,
                            overlay->wish->to, most, unit);
    plot_axes(&overlay->plot, name, has_times);
}

static struct canvas_box begin(struct overlay *overlay, const char *what)
{
    char title[80], now[40], remark[60];
    picture_time(now, sizeof now, session_now(overlay->wish->session), NT_MICROSECOND);
    snprintf(title, sizeof title, "%s \xc2\xb7 %u connections", what, overlay->count);
    snprintf(remark, sizeof remark, "at %s", now);
    return draw_names(overlay, picture_panel(overlay->wish, overlay->canvas, title, remark));
}

bool overlay_draw_windows(const struct connection *connections, unsigned count,
                          const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct overlay overlay;
    int64_t cwnd = 1, part = 1, srtt = 1;
    (void)ret_why;
    overlay_init(&overlay, connections, count, wish, canvas);
    for (unsigned i = 0; i < count; i++) {
        cwnd = overlay.sides[i].cwnd_most > cwnd ? overlay.sides[i].cwnd_most : cwnd;
        part = overlay.sides[i].part_most > part ? overlay.sides[i].part_most : part;
        srtt = overlay.sides[i].srtt_most > srtt ? overlay.sides[i].srtt_most : srtt;
    }
    struct canvas_box room = begin(&overlay, "TCP");
    double first = floor(room.height * 0.44), second = floor(room.height * 0.28);
    begin_plot(&overlay, (struct canvas_box){room.x, room.y + 24, room.width, first - 24 - REPEATS_HIGH * count}, cwnd,
               NT_UNIT_BYTES, "cwnd; below it what was sent again (crosses)", false);
    draw_curves(&overlay, CONNECTION_CWND);
    draw_repeats(&overlay, CONNECTION_CWND);
    plot_now(&overlay.plot, session_now(wish->session));
    begin_plot(&overlay, (struct canvas_box){room.x, room.y + first + 22, room.width, second - 22},
               rate_of(part, (wish->to - wish->from) / PARTS + 1), NT_UNIT_RATE,
               "got through: data acknowledged per second", false);
    draw_rates(&overlay);
    plot_now(&overlay.plot, session_now(wish->session));
    double used = first + second + 22;
    begin_plot(&overlay, (struct canvas_box){room.x, room.y + used, room.width, room.height - used}, srtt,
               NT_UNIT_TIME, "round trip, smoothed (SRTT)", true);
    draw_curves(&overlay, CONNECTION_SRTT);
    plot_now(&overlay.plot, session_now(wish->session));
    return true;
}

bool overlay_draw_sequences(const struct connection *connections, unsigned count,
                            const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct overlay overlay;
    int64_t most = 0;
    overlay_init(&overlay, connections, count, wish, canvas);
    for (unsigned i = 0; i < count; i++)
        most = overlay.sides[i].ended > most ? overlay.sides[i].ended : most;
    if (most <= 0) {
        snprintf(ret_why->text, sizeof ret_why->text,
                 "nothing of these connections is acknowledged in this time");
        return false;
    }
    struct canvas_box room = begin(&overlay, "Sequence numbers");
    begin_plot(&overlay, (struct canvas_box){room.x + 16, room.y + 24, room.width - 16, room.height - 24},
               most, NT_UNIT_BYTES,
               "bytes acknowledged, from the first one on; what was sent again (crosses)", true);
    draw_curves(&overlay, CONNECTION_SENT);
    draw_repeats(&overlay, CONNECTION_SENT);
    plot_now(&overlay.plot, session_now(wish->session));
    return true;
}

/* SPDX-License-Identifier: MIT
 * A TCP connection over time: its windows with the phases that they went through, and its round trips. */
#include <stdio.h>

#include "sim/inspect.h"
#include "views/pictures/connection.h"
#include "views/pictures/plot.h"

#define BETWEEN_MARKS 5.0 /* pixels: nearer ones of a kind are one */
#define PHASES_MOST 400

struct phase {
    const char *name; /* borrowed; NULL: nothing is known yet */
    nt_time from;
    enum theme_color accent;
};

/* What both plots collect on their way through the records. */
struct story {
    const struct connection *connection;
    const struct picture_wish *wish;
    struct plot plot;
    struct plot_curve curves[4];
    int64_t cwnd, ssthresh, recovery, flight; /* -1: not told */
    int64_t most;                             /* of what is to be seen */
    int64_t most_timeout;                     /* of the RTO */
    bool has_timeout;                         /* which is drawn */
    struct phase phases[PHASES_MOST];
    unsigned phase_count;
    double last_marks[CONNECTION_FACTS]; /* x of the last of its kind */
    int64_t widest, narrowest;           /* the peer's window */
    uint32_t shown;                      /* a bit for each entry of the legend */
};

static struct story story_of(const struct connection *connection, const struct picture_wish *wish)
{
    struct story story = {.connection = connection,
                          .wish = wish,
                          .cwnd = -1,
                          .ssthresh = -1,
                          .flight = -1,
                          .narrowest = INT64_MAX};
    for (unsigned i = 0; i < CONNECTION_FACTS; i++)
        story.last_marks[i] = -1e9;
    return story;
}

static struct color ink(const struct story *story, enum theme_color color)
{
    return picture_color(story->wish, color);
}

/* ---- Phases ---- */

static struct phase phase_now(const struct story *story, nt_time at)
{
    static const struct {
        const char *word, *name;
        enum theme_color accent;
    } names[] = {{"recovery", "fast recovery", THEME_AGAIN},
                 {"loss", "after a timeout", THEME_LOSS},
                 {"cwr", "window reduced (ECN)", THEME_CARE}};
    const struct nt_kind *kind =
        run_kind_at(story->connection->run, story->connection->kinds[CONNECTION_RECOVERY]);
    const char *const *words = kind ? kind->fields[0].words : NULL;
    for (unsigned i = 0; words && i < sizeof names / sizeof *names; i++)
        if (text_distance(words[story->recovery], names[i].word) == 0)
            return (struct phase){names[i].name, at, names[i].accent};
    if (story->cwnd < 0)
        return (struct phase){NULL, at, THEME_CONTROL};
    if (story->ssthresh < 0 || story->cwnd < story->ssthresh)
        return (struct phase){"slow start", at, THEME_DATA};
    return (struct phase){"congestion avoidance", at, THEME_ACK};
}

static void note_phase(struct story *story, nt_time at)
{
    struct phase phase = phase_now(story, at);
    struct phase *last = story->phase_count ? &story->phases[story->phase_count - 1] : NULL;
    if (!phase.name || (last && last->name == phase.name))
        return;
    if (last && last->from == at) /* several changes of one instant are one */
        *last = phase;
    else if (story->phase_count < PHASES_MOST)
        story->phases[story->phase_count++] = phase;
}

static void follow(struct story *story, enum connection_fact fact, const struct nt_record *record)
{
    int64_t *levels[CONNECTION_FACTS] = {[CONNECTION_CWND] = &story->cwnd,
                                         [CONNECTION_SSTHRESH] = &story->ssthresh,
                                         [CONNECTION_RECOVERY] = &story->recovery,
                                         [CONNECTION_FLIGHT] = &story->flight};
    if (levels[fact])
        *levels[fact] = record->values[0];
}

static void note(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct story *story = context;
    follow(story, fact, record);
    if (fact == CONNECTION_CWND || fact == CONNECTION_SSTHRESH || fact == CONNECTION_RECOVERY)
        note_phase(story, record->at);
    if (fact == CONNECTION_RWND && record->values[0] > story->widest)
        story->widest = record->values[0];
    if (fact == CONNECTION_RWND && record->values[0] < story->narrowest)
        story->narrowest = record->values[0];
    int64_t seen = fact == CONNECTION_CWND || fact == CONNECTION_FLIGHT ? record->values[0] : 0;
    story->most = seen > story->most ? seen : story->most;
}

/* Their areas, behind the curves, or their names, before them. */
static void draw_phases(const struct story *story, bool are_names)
{
    for (unsigned i = 0; i < story->phase_count; i++) {
        const struct phase *phase = &story->phases[i];
        nt_time to = i + 1 < story->phase_count ? phase[1].from : story->wish->to;
        if (are_names)
            plot_phase_name(&story->plot, phase->from, to, phase->accent, phase->name);
        else
            plot_phase(&story->plot, phase->from, to, phase->accent);
    }
}

/* ---- Windows ---- */

/* What a legend can name. */
enum window_entry { CWND, THRESHOLD, FLIGHT, RECEIVERS, DUPLICATE, AGAIN, TIMEOUT, CE, ECE, CWR };

#define MARKED 0 /* the first word of tcp.ecn */

static void draw_mark(struct story *story, enum window_entry entry, enum connection_fact fact,
                      const struct nt_record *record, int64_t level)
{
    static const struct {
        enum plot_shape shape;
        enum theme_color color;
        const char *title;
    } marks[] = {[DUPLICATE] = {PLOT_TRIANGLE, THEME_CARE, "duplicate acknowledgment"},
                 [AGAIN] = {PLOT_DIAMOND, THEME_AGAIN, "sent again"},
                 [TIMEOUT] = {PLOT_CROSS, THEME_LOSS, "retransmission timeout"},
                 [CE] = {PLOT_SQUARE, THEME_CARE, "a router has marked a segment"},
                 [ECE] = {PLOT_RING, THEME_CARE, "the receiver echoes a mark"},
                 [CWR] = {PLOT_PLUS, THEME_LOSS, "the window is reduced"}};
    double x = plot_x(&story->plot, record->at);
    if (record->at < story->wish->from || x - story->last_marks[fact] < BETWEEN_MARKS)
        return;
    canvas_tag_begin(story->plot.canvas, CANVAS_TAG_RECORD, record->number, marks[entry].title);
    plot_mark(&story->plot, record->at, level > 0 ? level : 0, marks[entry].shape, marks[entry].color);
    canvas_tag_end(story->plot.canvas);
    story->last_marks[fact] = x;
    story->shown |= 1u << entry;
}

static void draw_event(struct story *story, enum connection_fact fact, const struct nt_record *record)
{
    const struct connection *connection = story->connection;
    if (fact == CONNECTION_DUPACK)
        draw_mark(story, DUPLICATE, fact, record, story->cwnd);
    if (fact == CONNECTION_RETRANSMIT)
        draw_mark(story, AGAIN, fact, record, story->flight);
    if (fact == CONNECTION_TIMEOUT)
        draw_mark(story, TIMEOUT, fact, record, story->cwnd);
    if (fact == CONNECTION_RX && connection_has_flag(connection, record, "ECE"))
        draw_mark(story, ECE, fact, record, story->cwnd);
    if (fact == CONNECTION_TX && connection_has_flag(connection, record, "CWR"))
        draw_mark(story, CWR, fact, record, story->cwnd);
}

/* What the other side saw: marks on segments, along the bottom, where no curve is. */
static void draw_seen(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct story *story = context;
    if (fact == CONNECTION_ECN && record->values[0] == MARKED)
        draw_mark(story, CE, fact, record, (int64_t)((double)story->plot.high * 6 / story->plot.box.height));
}

static void begin_threshold(struct story *story)
{
    plot_curve_begin(&story->curves[1], &story->plot, true,
                     &(struct canvas_paint){COLOR_NONE, ink(story, THEME_AGAIN), 1.5, CANVAS_DASHED});
}

static void add_window(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct story *story = context;
    int64_t level = record->values[0];
    follow(story, fact, record);
    if (fact == CONNECTION_FLIGHT)
        plot_curve_add(&story->curves[0], record->at, level);
    if (fact == CONNECTION_CWND)
        plot_curve_add(&story->curves[2], record->at, level);
    if (fact == CONNECTION_RWND)
        plot_curve_add(&story->curves[3], record->at, level);
    if (fact == CONNECTION_SSTHRESH && level <= story->plot.high)
        plot_curve_add(&story->curves[1], record->at, level);
    if (fact == CONNECTION_SSTHRESH && level > story->plot.high) { /* beyond the scale: the line ends */
        plot_curve_end(&story->curves[1], record->at);
        begin_threshold(story);
    }
}

static void add_event(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct story *story = context;
    follow(story, fact, record);
    draw_event(story, fact, record);
}

static void draw_window_curves(struct story *story)
{
    const struct connection *connection = story->connection;
    nt_time to = story->wish->to;
    struct color wire = ink(story, THEME_WIRE);
    plot_curve_begin(&story->curves[0], &story->plot, true,
                     &(struct canvas_paint){color_fade(wire, 20), color_fade(wire, 70), 1, CANVAS_SOLID});
    begin_threshold(story);
    plot_curve_begin(&story->curves[2], &story->plot, true,
                     &(struct canvas_paint){COLOR_NONE, ink(story, THEME_DATA), 2, CANVAS_SOLID});
    plot_curve_begin(&story->curves[3], &story->plot, true,
                     &(struct canvas_paint){COLOR_NONE, ink(story, THEME_CARE), 1.5, CANVAS_DOTTED});
    story->ssthresh = -1;
    connection_visit(connection, to, add_window, story);
    story->shown |= 1u << CWND | 1u << FLIGHT;
    story->shown |= story->ssthresh >= 0 && story->ssthresh <= story->plot.high ? 1u << THRESHOLD : 0;
    story->shown |= story->narrowest <= story->plot.high ? 1u << RECEIVERS : 0;
    canvas_clip(story->plot.canvas, story->plot.box); /* the peer's window may be far above */
    for (unsigned i = 0; i < 4; i++)
        plot_curve_end(&story->curves[i], to);
    canvas_unclip(story->plot.canvas);
}

void connection_draw_windows(const struct connection *connection, const struct picture_wish *wish,
                             struct canvas *canvas, struct canvas_box room)
{
    static const struct plot_entry entries[] = {
        [CWND] = {"cwnd", THEME_DATA, CANVAS_SOLID, false, PLOT_DOT},
        [THRESHOLD] = {"ssthresh", THEME_AGAIN, CANVAS_DASHED, false, PLOT_DOT},
        [FLIGHT] = {"in flight", THEME_WIRE, CANVAS_SOLID, false, PLOT_DOT},
        [RECEIVERS] = {"rwnd", THEME_CARE, CANVAS_DOTTED, false, PLOT_DOT},
        [DUPLICATE] = {"duplicate ACK", THEME_CARE, CANVAS_SOLID, true, PLOT_TRIANGLE},
        [AGAIN] = {"sent again", THEME_AGAIN, CANVAS_SOLID, true, PLOT_DIAMOND},
        [TIMEOUT] = {"timeout", THEME_LOSS, CANVAS_SOLID, true, PLOT_CROSS},
        [CE] = {"marked (CE)", THEME_CARE, CANVAS_SOLID, true, PLOT_SQUARE},
        [ECE] = {"echo (ECE)", THEME_CARE, CANVAS_SOLID, true, PLOT_RING},
        [CWR] = {"answer (CWR)", THEME_LOSS, CANVAS_SOLID, true, PLOT_PLUS}};
    struct story story = story_of(connection, wish);
    struct connection peer;
    connection_visit(connection, wish->to, note, &story);
    if (story.widest > story.most && story.widest <= story.most * 3 / 2)
        story.most = story.widest;
    story.plot = plot_in(canvas, wish->theme, room, wish->from, wish->to, story.most, NT_UNIT_BYTES);
    draw_phases(&story, false);
    plot_axes(&story.plot, "windows", false);
    draw_window_curves(&story);
    draw_phases(&story, true);
    story.cwnd = story.flight = -1; /* from the beginning once more */
    connection_visit(connection, wish->to, add_event, &story);
    if (connection_peer(connection, &peer))
        connection_visit(&peer, wish->to, draw_seen, &story);
    plot_now(&story.plot, session_now(wish->session));
    plot_legend(canvas, wish->theme, story.plot.box.x + story.plot.box.width, story.plot.box.y - 10,
                story.plot.box.width - 90, entries, sizeof entries / sizeof *entries, story.shown);
}

/* ---- Round trips ---- */

static void note_round_trip(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct story *story = context;
    bool is_seen = record->at >= story->wish->from && (fact == CONNECTION_RTT || fact == CONNECTION_SRTT);
    if (is_seen && record->values[0] > story->most)
        story->most = record->values[0];
    if (fact == CONNECTION_RTO && record->values[0] > story->most_timeout)
        story->most_timeout = record->values[0];
}

/* The timeout is drawn only if the samples can still be read beside it. */
static void add_round_trip(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct story *story = context;
    double x = plot_x(&story->plot, record->at);
    if (fact == CONNECTION_SRTT)
        plot_curve_add(&story->curves[0], record->at, record->values[0]);
    if (fact == CONNECTION_RTO && story->has_timeout)
        plot_curve_add(&story->curves[1], record->at, record->values[0]);
    if (fact != CONNECTION_RTT || record->at < story->wish->from || x - story->last_marks[fact] < 2)
        return;
    canvas_circle(story->plot.canvas, x, plot_y(&story->plot, record->values[0]), 2,
                  &(struct canvas_paint){.fill = color_fade(ink(story, THEME_WIRE), 70)});
    story->last_marks[fact] = x;
}

void connection_draw_round_trips(const struct connection *connection, const struct picture_wish *wish,
                                 struct canvas *canvas, struct canvas_box room)
{
    static const struct plot_entry entries[] = {{"sample", THEME_WIRE, CANVAS_SOLID, true, PLOT_DOT},
                                                {"SRTT", THEME_ACK, CANVAS_SOLID, false, PLOT_DOT},
                                                {"RTO", THEME_LOSS, CANVAS_DASHED, false, PLOT_DOT}};
    struct story story = story_of(connection, wish);
    connection_visit(connection, wish->to, note_round_trip, &story);
    story.has_timeout = story.most_timeout > 0 && story.most_timeout <= 4 * story.most;
    if (story.has_timeout && story.most_timeout > story.most)
        story.most = story.most_timeout;
    story.plot = plot_in(canvas, wish->theme, room, wish->from, wish->to, story.most, NT_UNIT_TIME);
    plot_axes(&story.plot, "round trips", true);
    plot_curve_begin(&story.curves[0], &story.plot, true,
                     &(struct canvas_paint){COLOR_NONE, ink(&story, THEME_ACK), 1.75, CANVAS_SOLID});
    plot_curve_begin(&story.curves[1], &story.plot, true,
                     &(struct canvas_paint){COLOR_NONE, ink(&story, THEME_LOSS), 1.25, CANVAS_DASHED});
    connection_visit(connection, wish->to, add_round_trip, &story);
    plot_curve_end(&story.curves[0], wish->to);
    plot_curve_end(&story.curves[1], wish->to);
    plot_now(&story.plot, session_now(wish->session));
    plot_legend(canvas, wish->theme, story.plot.box.x + story.plot.box.width, story.plot.box.y - 10,
                story.plot.box.width - 120, entries, 3, story.has_timeout ? 7 : 3);
}

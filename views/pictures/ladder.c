/* SPDX-License-Identifier: MIT
 * The ladder: who sent what to whom, time going down.
 *
 *     client            r           server
 *       |\              |              |       a rung leaves at its first bit and arrives with its last:
 *       | `-------------|\             |       its slant is the real time between
 *       |               | `------------|
 *       |  ··· 9.6 ms of nothing ···   |       times when nothing is on its way are cut short, and marked
 *       |               |        .-----|
 *
 * What lies behind the cursor in time is faded: it is known, but has not happened. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/phrase.h"
#include "views/pictures/drawings.h"
#include "views/pictures/flow_frames.h"
#include "views/pictures/label.h"
#include "views/pictures/ladder_parts.h"
#include "views/pictures/plan.h"
#include "views/pictures/rungs.h"

#define TIMES 96.0           /* pixels for the times at the left */
#define SEGMENTS_READABLE 40 /* of a connection, as many as have room for their words */
#define TEXT_STEP 14.0       /* between the words of two rungs */

/* ---- Columns ---- */

static bool has_column(const struct ladder *ladder, const struct nt_node *node)
{
    for (unsigned i = 0; i < ladder->column_count; i++)
        if (ladder->columns[i] == node)
            return true;
    return false;
}

static void add_column(struct ladder *ladder, const struct nt_node *node)
{
    if (node && !has_column(ladder, node) && ladder->column_count < COLUMNS_MOST)
        ladder->columns[ladder->column_count++] = node;
}

static void refuse_name(const struct run *run, const char *name, struct nt_why *ret_why)
{
    char hint[120];
    const char **names = calloc(run_node_count(run) + 1, sizeof *names);
    for (uint32_t id = 1; id <= run_node_count(run); id++)
        names[id - 1] = run_node(run, id)->name;
    phrase_hint(name, names, run_node_count(run), hint, sizeof hint);
    free(names);
    struct text text = text_in(ret_why->text, sizeof ret_why->text);
    text_add(&text, "there is no node called \"%.50s\"%s", name, hint);
}

/* "client, r, server". False: one of them is not known. */
static bool read_columns(struct ladder *ladder, const char *words, struct nt_why *ret_why)
{
    while (*words) {
        char name[80];
        words += strspn(words, ", ");
        size_t length = strcspn(words, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, words);
        while (*name && name[strlen(name) - 1] == ' ')
            name[strlen(name) - 1] = '\0';
        words += length;
        const struct nt_node *node = *name ? run_node_named(ladder->run, name) : NULL;
        if (*name && !node) {
            refuse_name(ladder->run, name, ret_why);
            return false;
        }
        add_column(ladder, node);
    }
    return true;
}

static uint64_t uses(const struct ladder *ladder, const struct nt_node *node)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < ladder->rungs.count; i++)
        count += !ladder->rungs.list[i].is_left_out &&
                 (ladder->rungs.list[i].from == node->id || ladder->rungs.list[i].to == node->id);
    return count;
}

struct candidate {
    const struct nt_node *node;
    uint64_t uses;
    uint32_t part; /* of the network, if parts of it are not joined */
    double x;
};

static int by_uses(const void *a, const void *b)
{
    const struct candidate *one = a, *two = b;
    return one->uses != two->uses ? one->uses < two->uses ? 1 : -1 : (int)one->node->id - (int)two->node->id;
}

static int by_place(const void *a, const void *b)
{
    const struct candidate *one = a, *two = b;
    if (one->part != two->part)
        return one->part < two->part ? -1 : 1;
    return one->x < two->x ? -1 : one->x > two->x ? 1 : (int)one->node->id - (int)two->node->id;
}

/* The busiest stations, from left to right as on the map. */
static void choose_columns(struct ladder *ladder)
{
    struct plan plan;
    if (ladder->wish->plan)
        plan = *ladder->wish->plan;
    else
        plan_init(&plan, ladder->run);
    struct candidate *candidates = calloc(plan.place_count + 1, sizeof *candidates);
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan.place_count; i++) {
        const struct nt_node *node = plan.places[i].node;
        uint64_t used = plan.places[i].is_medium ? 0 : uses(ladder, node);
        if (used > 0)
            candidates[count++] = (struct candidate){node, used, plan.places[i].part, plan.places[i].x};
    }
    qsort(candidates, count, sizeof *candidates, by_uses);
    count = count < COLUMNS_MOST ? count : COLUMNS_MOST;
    qsort(candidates, count, sizeof *candidates, by_place);
    for (uint32_t i = 0; i < count; i++)
        add_column(ladder, candidates[i].node);
    free(candidates);
    if (!ladder->wish->plan)
        plan_release(&plan);
}

static double x_of(const struct ladder *ladder, uint32_t node)
{
    double left = ladder->room.x + TIMES + 24, width = ladder->room.width - TIMES - 60;
    for (unsigned i = 0; i < ladder->column_count; i++)
        if (ladder->columns[i]->id == node)
            return floor(left +
                         (ladder->column_count > 1 ? width * i / (ladder->column_count - 1) : width / 2)) +
                   0.5;
    return -1;
}

static bool is_column(const void *ladder, uint32_t node)
{
    return x_of(ladder, node) >= 0;
}

bool ladder_shows(const struct ladder *ladder, const struct rung *rung)
{
    return !rung->is_left_out && is_column(ladder, rung->from) && rung->to != rung->from &&
           (rung->is_dropped || is_column(ladder, rung->to));
}

/* ---- Drawing ---- */

static struct color fade_if_later(const struct ladder *ladder, nt_time at, enum theme_color color)
{
    bool is_later = at > session_now(ladder->wish->session);
    struct color plain = picture_color(ladder->wish, color);
    return is_later ? color_mix(plain, picture_color(ladder->wish, THEME_PANEL), 62) : plain;
}

static void draw_columns(const struct ladder *ladder)
{
    double top = ladder->room.y + 20, bottom = ladder->room.y + ladder->room.height;
    for (unsigned i = 0; i < ladder->column_count; i++) {
        const struct nt_node *node = ladder->columns[i];
        double x = x_of(ladder, node->id);
        canvas_tag_begin(ladder->canvas, CANVAS_TAG_NODE, node->id, node->name);
        canvas_line(ladder->canvas, x, top, x, bottom, picture_color(ladder->wish, THEME_WIRE), 1.5,
                    CANVAS_SOLID);
        canvas_text(ladder->canvas, x, ladder->room.y + 10, CANVAS_BOLD, PICTURE_TEXT, CANVAS_MIDDLE,
                    picture_color(ladder->wish, THEME_TEXT), node->name);
        canvas_tag_end(ladder->canvas);
    }
}

static void draw_gaps(const struct ladder *ladder)
{
    double left = ladder->room.x + TIMES, right = ladder->room.x + ladder->room.width;
    for (unsigned i = 0; i < ladder->gap_count; i++) {
        char time[40];
        nt_time length = ladder->gaps[i].to - ladder->gaps[i].from;
        double y = ladder_y_of(ladder, ladder->gaps[i].from) + GAP / 2;
        picture_time(time, sizeof time, length, length / 50);
        canvas_rect(ladder->canvas, (struct canvas_box){left, y - 9, right - left, 18}, 0,
                    &(struct canvas_paint){.fill = picture_color(ladder->wish, THEME_PANEL)});
        canvas_textf(ladder->canvas, (left + right) / 2, y + 4, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE,
                     fade_if_later(ladder, ladder->gaps[i].from, THEME_MUTED),
                     "\xc2\xb7\xc2\xb7\xc2\xb7 %s of nothing \xc2\xb7\xc2\xb7\xc2\xb7", time);
    }
}

/* Takes out what begins with `from` and ends with `to`. */
static void leave_out(char *words, const char *from, const char *to)
{
    char *begin = strstr(words, from), *end = begin ? strstr(begin, to) : NULL;
    if (end)
        memmove(begin, end + strlen(to), strlen(end + strlen(to)) + 1);
}

/* What a rung says: tcpdump's words without the addresses, which the ladder shows, and without options. */
static void words_of(struct ladder *ladder, const struct rung *rung, char *ret_words, size_t size)
{
    char line[300] = "";
    struct text text = text_in(line, sizeof line);
    session_frame_line(ladder->wish->session, rung->frame, &text);
    const char *at = strncmp(line, "IP ", 3) == 0 ? strstr(line, ": ") : NULL;
    at = at ? at + 2 : line;
    at = strncmp(at, "Flags ", 6) == 0 ? at + 6 : at;
    const char *type = strstr(at, ", ethertype "); /* of a frame that no protocol above is known of */
    snprintf(ret_words, size, "%s", type ? type + 2 : at);
    leave_out(ret_words, "options [", "], ");
}

static void draw_words(const struct ladder *ladder, double x1, double y1, double x2, double y2,
                       const char *words, struct color color)
{
    double room = fabs(x2 - x1) - 36, width = canvas_text_width(CANVAS_MONO, PICTURE_SMALL, words);
    width = fmin(width, room);
    if (room < 24)
        return;
    double middle = (x1 + x2) / 2, y = (y1 + y2) / 2;
    if (!canvas_is_free(ladder->canvas, (struct canvas_box){middle - width / 2, y - 5, width, 11}))
        return; /* words of a rung across several columns are there */
    canvas_rect(ladder->canvas, (struct canvas_box){middle - width / 2 - 4, y - 7, width + 8, 14}, 0,
                &(struct canvas_paint){.fill = picture_color(ladder->wish, THEME_PANEL)});
    canvas_text_in(ladder->canvas, middle - width / 2, y + 4, width + 0.5, CANVAS_MONO, PICTURE_SMALL, color,
                   words);
}

/* Where the line of a lost frame ends: on its way to the next column. */
static struct canvas_point lost_at(const struct ladder *ladder, const struct rung *rung, bool *ret_goes_right)
{
    unsigned column = 0;
    while (ladder->columns[column]->id != rung->from)
        column++;
    *ret_goes_right = column + 1 < ladder->column_count;
    double step =
        ladder->column_count > 1 ? (ladder->room.width - TIMES - 60) / (ladder->column_count - 1) : 120;
    double x = x_of(ladder, rung->from), y = ladder_y_of(ladder, rung->left);
    return (struct canvas_point){x + (*ret_goes_right ? 1 : -1) * step * 0.55,
                                 fmax(ladder_y_of(ladder, rung->came), y + 4)};
}

static void draw_lost_line(const struct ladder *ladder, const struct rung *rung)
{
    bool goes_right;
    struct canvas_point end = lost_at(ladder, rung, &goes_right);
    struct color color = fade_if_later(ladder, rung->left, THEME_LOSS);
    canvas_line(ladder->canvas, x_of(ladder, rung->from), ladder_y_of(ladder, rung->left), end.x, end.y,
                color, 1.5, CANVAS_DASHED);
    canvas_line(ladder->canvas, end.x - 5, end.y - 5, end.x + 5, end.y + 5, color, 2, CANVAS_SOLID);
    canvas_line(ladder->canvas, end.x - 5, end.y + 5, end.x + 5, end.y - 5, color, 2, CANVAS_SOLID);
}

static void draw_line(const struct ladder *ladder, const struct rung *rung)
{
    struct label label = label_seen(ladder->wish, rung->frame, rung->record);
    double x1 = x_of(ladder, rung->from), y1 = ladder_y_of(ladder, rung->left);
    double x2 = x_of(ladder, rung->to), y2 = ladder_y_of(ladder, rung->came);
    struct color color = fade_if_later(ladder, rung->left, label.accent);
    bool is_chosen = rung->frame == ladder->wish->frame;
    canvas_line(ladder->canvas, x1, y1, x2, y2, color,
                is_chosen        ? 3.5
                : label.is_again ? 2.5
                                 : 1.5,
                CANVAS_SOLID);
    if (label.is_again) /* doubled, so that it is seen without colour */
        canvas_line(ladder->canvas, x1, y1 - 4, x2, y2 - 4, color, 1, CANVAS_SOLID);
    canvas_arrow_head(ladder->canvas, x2, y2, x2 - x1, y2 - y1, 9, color);
}

static void draw_lost_words(const struct ladder *ladder, const struct rung *rung)
{
    bool goes_right;
    char words[200];
    struct canvas_point end = lost_at(ladder, rung, &goes_right);
    double room = fabs(end.x - x_of(ladder, rung->from)) * 0.76;
    snprintf(words, sizeof words, "dropped: %s", run_text(ladder->run, rung->reason));
    double width = fmin(canvas_text_width(CANVAS_SANS, PICTURE_SMALL, words), room);
    double x = goes_right ? end.x + 10 : end.x - 10 - width;
    if (!canvas_is_free(ladder->canvas, (struct canvas_box){x, end.y - 5, width, 11}))
        return;
    canvas_rect(ladder->canvas, (struct canvas_box){x - 2, end.y - 6, width + 4, 13}, 0,
                &(struct canvas_paint){.fill = picture_color(ladder->wish, THEME_PANEL)});
    canvas_text_in(ladder->canvas, x, end.y + 4, room, CANVAS_SANS, PICTURE_SMALL,
                   fade_if_later(ladder, rung->left, THEME_LOSS), words);
}

/* The words of a rung; if it hides others, with their number. */
static void draw_rung_words(struct ladder *ladder, const struct rung *rung, unsigned hidden)
{
    char words[300];
    struct label label = label_seen(ladder->wish, rung->frame, rung->record);
    words_of(ladder, rung, words, sizeof words);
    if (rung->is_dropped) {
        draw_lost_words(ladder, rung);
        return;
    }
    if (hidden > 0) {
        char only[300];
        memcpy(only, words, sizeof only);
        snprintf(words, sizeof words, "%u \xc3\x97 %.250s", hidden + 1, only);
    }
    draw_words(ladder, x_of(ladder, rung->from), ladder_y_of(ladder, rung->left), x_of(ladder, rung->to),
               ladder_y_of(ladder, rung->came), words, fade_if_later(ladder, rung->left, label.accent));
}

/* Between which columns its words stand: the left one's number. */
static unsigned lane_of(const struct ladder *ladder, const struct rung *rung)
{
    unsigned from = 0, to = 0;
    while (ladder->columns[from]->id != rung->from)
        from++;
    if (rung->is_dropped)
        return from + 1 < ladder->column_count || from == 0 ? from : from - 1;
    while (to < ladder->column_count && ladder->columns[to]->id != rung->to)
        to++;
    return to < from ? to : from;
}

/* How far down they stand. */
static double words_y(const struct ladder *ladder, const struct rung *rung)
{
    bool goes_right;
    if (rung->is_dropped)
        return lost_at(ladder, rung, &goes_right).y;
    return (ladder_y_of(ladder, rung->left) + ladder_y_of(ladder, rung->came)) / 2;
}

static void draw_all_words(struct ladder *ladder)
{
    struct {
        const struct rung *rung; /* the last one with words in this lane, not yet written */
        unsigned hidden;
    } lanes[COLUMNS_MOST] = {{0}};
    for (uint32_t i = 0; i <= ladder->rungs.count; i++) {
        const struct rung *rung = i < ladder->rungs.count ? &ladder->rungs.list[i] : NULL;
        if (rung && !ladder_shows(ladder, rung))
            continue;
        for (unsigned lane = 0; lane < ladder->column_count; lane++) {
            if (rung && lane != lane_of(ladder, rung))
                continue;
            bool is_hidden = rung && lanes[lane].rung &&
                             words_y(ladder, rung) - words_y(ladder, lanes[lane].rung) < TEXT_STEP;
            if (is_hidden) {
                lanes[lane].hidden++;
                continue;
            }
            if (lanes[lane].rung)
                draw_rung_words(ladder, lanes[lane].rung, lanes[lane].hidden);
            lanes[lane].rung = rung;
            lanes[lane].hidden = 0;
        }
    }
}

static void draw_times(const struct ladder *ladder)
{
    double last = -1000;
    for (uint32_t i = 0; i < ladder->rungs.count; i++) {
        const struct rung *rung = &ladder->rungs.list[i];
        double y = ladder_y_of(ladder, rung->left);
        if (!ladder_shows(ladder, rung) || y - last < TEXT_STEP)
            continue;
        char time[40];
        picture_time(time, sizeof time, rung->left, (nt_time)(6 / fmax(ladder->scale, 1e-15)));
        canvas_text(ladder->canvas, ladder->room.x + TIMES - 8, y + 4, CANVAS_MONO, PICTURE_SMALL, CANVAS_END,
                    fade_if_later(ladder, rung->left, THEME_MUTED), time);
        last = y;
    }
}

static void draw_rungs(struct ladder *ladder)
{
    for (uint32_t i = 0; i < ladder->rungs.count; i++) {
        const struct rung *rung = &ladder->rungs.list[i];
        char title[300] = "";
        if (!ladder_shows(ladder, rung))
            continue;
        label_line(ladder->wish->session, rung->frame, title, sizeof title);
        canvas_tag_begin(ladder->canvas, CANVAS_TAG_FRAME, rung->frame, title);
        if (rung->is_dropped)
            draw_lost_line(ladder, rung);
        else
            draw_line(ladder, rung);
        canvas_tag_end(ladder->canvas);
    }
    draw_all_words(ladder);
    draw_times(ladder);
}

static void draw_now(const struct ladder *ladder)
{
    nt_time now = session_now(ladder->wish->session);
    if (now < ladder->from || now > ladder->to)
        return;
    double y = ladder_y_of(ladder, now), right = ladder->room.x + ladder->room.width;
    struct color color = picture_color(ladder->wish, THEME_LOSS);
    canvas_line(ladder->canvas, ladder->room.x + TIMES, y, right - 30, y, color, 1.5, CANVAS_DOTTED);
    canvas_text(ladder->canvas, right, y + 4, CANVAS_BOLD, PICTURE_SMALL, CANVAS_END, color, "now");
}

/* ---- All of it ---- */

static void draw_all(struct ladder *ladder)
{
    ladder_find_gaps(ladder);
    if (ladder->from == NT_NEVER) {
        picture_nothing(ladder->wish, ladder->canvas, ladder->room,
                        "Nothing was sent between these in this time.");
        return;
    }
    ladder_choose_scale(ladder);
    canvas_clip(ladder->canvas, (struct canvas_box){ladder->room.x - 8, ladder->room.y - 8,
                                                    ladder->room.width + 16, ladder->room.height + 16});
    draw_columns(ladder);
    draw_rungs(ladder);
    draw_gaps(ladder);
    draw_now(ladder);
    canvas_unclip(ladder->canvas);
}

/* The beginning of a connection: so many segments as can be read. */
struct beginning {
    struct picture_wish *wish;
    unsigned segments;
};

static void note_segment(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct beginning *beginning = context;
    if (fact != CONNECTION_TX && fact != CONNECTION_RX)
        return;
    if (beginning->segments++ == 0)
        beginning->wish->from = record->at > 0 ? record->at - 1 : 0;
    if (beginning->segments <= SEGMENTS_READABLE)
        beginning->wish->to = record->at + 1;
}

void ladder_choose_span(struct picture_wish *wish)
{
    struct connection connection;
    struct nt_why why;
    if (wish->flow && connection_choose(&connection, wish, &why))
        connection_visit(&connection, NT_NEVER, note_segment, &(struct beginning){wish, 0});
    else
        rungs_choose_span(wish->session, &wish->from, &wish->to);
}

/* What keeps the network going, if that is folded, and what is of other connections. False: there is no such
 * connection. */
static bool leave_others_out(struct ladder *ladder, struct nt_why *ret_why)
{
    const struct picture_wish *wish = ladder->wish;
    struct flow_frames frames;
    bool has_flow = wish->flow != NULL;
    if (has_flow && !flow_frames_init(&frames, wish, ret_why))
        return false;
    for (uint32_t i = 0; (wish->folds_chatter || has_flow) && i < ladder->rungs.count; i++) {
        struct rung *rung = &ladder->rungs.list[i];
        rung->is_left_out =
            (wish->folds_chatter && label_of_frame(wish->session, rung->frame, rung->record).is_chatter) ||
            (has_flow && !flow_frames_has(&frames, rung->frame));
        ladder->left_out += rung->is_left_out;
    }
    if (has_flow)
        flow_frames_release(&frames);
    return true;
}

bool ladder_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct ladder *ladder = calloc(1, sizeof *ladder);
    char remark[120];
    ladder->wish = wish;
    ladder->canvas = canvas;
    ladder->run = session_run(wish->session);
    rungs_init(&ladder->rungs, wish->session, wish->from, wish->to);
    bool is_right =
        leave_others_out(ladder, ret_why) && (!wish->between || read_columns(ladder, wish->between, ret_why));
    if (is_right && ladder->column_count == 0)
        choose_columns(ladder);
    snprintf(remark, sizeof remark, "%" PRIu32 "%s frames%s%s \xc2\xb7 slant is time on the way",
             ladder->rungs.count - ladder->left_out, ladder->rungs.is_cut ? " first" : "",
             wish->flow ? " of " : "", wish->flow ? wish->flow : "");
    ladder->room = picture_panel(wish, canvas, "Ladder", remark);
    rungs_join(&ladder->rungs, wish->session, is_column, ladder);
    if (is_right)
        draw_all(ladder);
    rungs_release(&ladder->rungs);
    free(ladder);
    return is_right;
}

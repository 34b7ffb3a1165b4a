/* SPDX-License-Identifier: MIT
 * A shared cable in space and time: place across, time down, every signal a band that leans with the speed of
 * light.
 *
 *          west        mid        east
 *      0 us |\                      |
 *           | \ ...                 |      where two bands lie over each other is a collision,
 *      2 us |   \ \ ...           / |      at that place and at that time
 *           |     \ \ ...      / /  |
 *           :       X X X X X       :                                                        */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "views/pictures/drawings.h"
#include "views/pictures/facts.h"
#include "views/pictures/signals.h"

#define TIMES 66.0 /* pixels for the times at the left */
#define MARKS_MOST 60
#define BITS 16           /* bit times that the magnifier shows before and after now */
#define GLASS_LEAST 560.0 /* a room narrower than this has no magnifier */
#define GLASS_GAP 36.0
#define BIT_NAMES 40.0 /* pixels for "+16 bit" beside it, of which a margin is there anyway */

static const enum theme_color station_colors[] = {THEME_DATA, THEME_CARE, THEME_ACK, THEME_AGAIN};

struct chart {
    const struct picture_wish *wish;
    struct canvas *canvas;
    const struct run *run;
    const struct nt_node *cable;
    struct signals signals;
    struct canvas_box box; /* of the plot */
};

static double x_of(const struct chart *chart, int64_t position_mm)
{
    return chart->box.x + (double)position_mm / (double)chart->signals.length_mm * chart->box.width;
}

static double y_of(const struct chart *chart, nt_time at)
{
    return chart->box.y + (double)(at - chart->wish->from) / (double)(chart->wish->to - chart->wish->from) *
                              chart->box.height;
}

static unsigned order_of(const struct chart *chart, uint32_t station)
{
    for (uint32_t i = 0; i < chart->cable->port_count; i++)
        if (chart->cable->ports[i]->peer && chart->cable->ports[i]->peer->node->id == station)
            return i;
    return 0;
}

/* ---- Bands ---- */

#define CORNERS 16

struct shape {
    struct canvas_point corners[CORNERS];
    unsigned count;
};

/* From its tap to one end of the cable: a band with four corners. False: the tap is at that end. */
static bool half_of(const struct chart *chart, const struct signal *signal, int64_t end_mm, struct shape *ret)
{
    nt_time way = signals_way(&chart->signals, signal->position_mm, end_mm);
    nt_time ends = signal->ends == NT_NEVER ? chart->wish->to + chart->signals.end_to_end : signal->ends;
    double x1 = x_of(chart, signal->position_mm), x2 = x_of(chart, end_mm);
    *ret = (struct shape){{{x1, y_of(chart, signal->begins)},
                           {x2, y_of(chart, signal->begins + way)},
                           {x2, y_of(chart, ends + way)},
                           {x1, y_of(chart, ends)}},
                          4};
    return way > 0;
}

static void draw_half(const struct chart *chart, const struct signal *signal, int64_t end_mm,
                      const struct canvas_paint *paint)
{
    struct shape half;
    if (half_of(chart, signal, end_mm, &half))
        canvas_polyline(chart->canvas, half.corners, half.count, true, paint);
}

/* What is left of `shape` on the inner side of the edge from `a` to `b` (Sutherland and Hodgman 1974). */
static void cut(struct shape *shape, struct canvas_point a, struct canvas_point b, double turn)
{
    struct shape left = {.count = 0};
    for (unsigned i = 0; i < shape->count; i++) {
        struct canvas_point p = shape->corners[i], q = shape->corners[(i + 1) % shape->count];
        double at_p = turn * ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x));
        double at_q = turn * ((b.x - a.x) * (q.y - a.y) - (b.y - a.y) * (q.x - a.x));
        if (at_p >= 0 && left.count < CORNERS)
            left.corners[left.count++] = p;
        if ((at_p < 0) != (at_q < 0) && left.count < CORNERS) {
            double part = at_p / (at_p - at_q);
            left.corners[left.count++] =
                (struct canvas_point){p.x + (q.x - p.x) * part, p.y + (q.y - p.y) * part};
        }
    }
    *shape = left;
}

static void draw_both(const struct chart *chart, const struct shape *one, const struct shape *other)
{
    struct shape both = *one;
    double area = 0;
    for (unsigned i = 0; i < other->count; i++) {
        struct canvas_point a = other->corners[i], b = other->corners[(i + 1) % other->count];
        area += a.x * b.y - b.x * a.y;
    }
    for (unsigned i = 0; i < other->count && both.count > 2; i++)
        cut(&both, other->corners[i], other->corners[(i + 1) % other->count], area < 0 ? -1 : 1);
    if (both.count > 2)
        canvas_polyline(
            chart->canvas, both.corners, both.count, true,
            &(struct canvas_paint){.fill = color_mix(picture_color(chart->wish, THEME_LOSS),
                                                     picture_color(chart->wish, THEME_PANEL), 55)});
}

/* Two signals at one place at one time: a collision. */
static void draw_overlaps(const struct chart *chart)
{
    for (uint32_t i = 0; i < chart->signals.count; i++)
        for (uint32_t j = i > 40 ? i - 40 : 0; j < i; j++)
            for (unsigned sides = 0; sides < 4; sides++) {
                struct shape one, other;
                if (half_of(chart, &chart->signals.list[i], sides & 1 ? chart->signals.length_mm : 0, &one) &&
                    half_of(chart, &chart->signals.list[j], sides & 2 ? chart->signals.length_mm : 0, &other))
                    draw_both(chart, &one, &other);
            }
}

static void draw_band(const struct chart *chart, const struct signal *signal)
{
    char title[160], time[40];
    struct color color = picture_color(chart->wish, station_colors[order_of(chart, signal->station) % 4]);
    struct canvas_paint paint = {color_fade(color, 40), color, 1, CANVAS_SOLID};
    picture_time(time, sizeof time, signal->begins, NT_NANOSECOND);
    snprintf(title, sizeof title, "%s begins at %s%s", run_node(chart->run, signal->station)->name, time,
             signal->frame ? "" : ", and breaks off");
    canvas_tag_begin(chart->canvas, CANVAS_TAG_RECORD, signal->record, title);
    draw_half(chart, signal, 0, &paint);
    draw_half(chart, signal, chart->signals.length_mm, &paint);
    canvas_tag_end(chart->canvas);
}

/* What comes after the cursor lies under a veil. */
static void draw_veil(const struct chart *chart)
{
    double y = y_of(chart, session_now(chart->wish->session));
    struct canvas_box box = chart->box;
    if (y <= box.y || y >= box.y + box.height)
        return;
    canvas_rect(chart->canvas, (struct canvas_box){box.x, y, box.width, box.y + box.height - y}, 0,
                &(struct canvas_paint){.fill = color_fade(picture_color(chart->wish, THEME_PANEL), 58)});
}

static void draw_now(const struct chart *chart)
{
    double y = y_of(chart, session_now(chart->wish->session));
    struct canvas_box box = chart->box;
    if (y <= box.y || y >= box.y + box.height)
        return;
    canvas_line(chart->canvas, box.x - 6, y, box.x + box.width + 6, y, picture_color(chart->wish, THEME_LOSS),
                1.5, CANVAS_DOTTED);
    canvas_rect(chart->canvas, (struct canvas_box){box.x + box.width / 2 - 16, y - 15, 32, 14}, 2,
                &(struct canvas_paint){.fill = picture_color(chart->wish, THEME_PANEL)});
    canvas_text(chart->canvas, box.x + box.width / 2, y - 4, CANVAS_BOLD, PICTURE_SMALL, CANVAS_MIDDLE,
                picture_color(chart->wish, THEME_LOSS), "now");
}

/* ---- Marks: what stations notice ---- */

struct mark_kind {
    const char *kind;
    const char *words; /* "%s" is the time since the span's beginning */
    enum theme_color color;
    bool is_square;
};

static const struct mark_kind mark_kinds[] = {{"mac.collision", "hears the collision", THEME_LOSS, false},
                                              {"mac.late_collision", "hears it late", THEME_LOSS, false},
                                              {"mac.jam", "jam ends", THEME_TEXT, true},
                                              {"mac.give_up", "gives up", THEME_LOSS, true}};

static const struct mark_kind *mark_of(const struct chart *chart, const struct nt_record *record)
{
    const char *name = run_kind_at(chart->run, record->kind)->name;
    for (size_t i = 0; i < sizeof mark_kinds / sizeof *mark_kinds; i++)
        if (strcmp(mark_kinds[i].kind, name) == 0)
            return &mark_kinds[i];
    return NULL;
}

static void draw_mark(const struct chart *chart, const struct nt_record *record, const struct mark_kind *kind)
{
    unsigned tap = order_of(chart, record->node);
    int64_t position = signals_tap(chart->cable, tap);
    double x = x_of(chart, position), y = y_of(chart, record->at);
    struct canvas_paint paint = {.fill = picture_color(chart->wish, kind->color)};
    bool is_right = position * 2 > chart->signals.length_mm;
    canvas_tag_begin(chart->canvas, CANVAS_TAG_RECORD, record->number, kind->words);
    if (kind->is_square)
        canvas_rect(chart->canvas, (struct canvas_box){x - 4, y - 4, 8, 8}, 0, &paint);
    else
        canvas_circle(chart->canvas, x, y, 4.5, &paint);
    char words[120];
    snprintf(words, sizeof words, "%s %s", run_node(chart->run, record->node)->name, kind->words);
    enum canvas_anchor anchor = is_right ? CANVAS_END : CANVAS_START;
    double aside = is_right ? x - 9 : x + 9;
    if (canvas_text_fits(chart->canvas, aside, y + 4, CANVAS_BOLD, PICTURE_SMALL, anchor, words)) {
        double width = canvas_text_width(CANVAS_BOLD, PICTURE_SMALL, words) + 6;
        canvas_rect(chart->canvas,
                    (struct canvas_box){is_right ? aside - width + 3 : aside - 3, y - 7, width, 15}, 3,
                    &(struct canvas_paint){.fill = picture_color(chart->wish, THEME_PANEL)});
        canvas_text(chart->canvas, aside, y + 4, CANVAS_BOLD, PICTURE_SMALL, anchor,
                    picture_color(chart->wish, kind->color), words);
    }
    canvas_tag_end(chart->canvas);
}

static void draw_marks(const struct chart *chart)
{
    unsigned drawn = 0;
    uint64_t known = session_known_records(chart->wish->session);
    for (uint64_t n = facts_record_after(chart->wish->session, chart->wish->from - 1);
         n <= known && drawn < MARKS_MOST; n++) {
        const struct nt_record *record = session_record(chart->wish->session, n);
        if (!record || record->at > chart->wish->to)
            break;
        const struct mark_kind *kind = mark_of(chart, record);
        unsigned tap = kind ? order_of(chart, record->node) : 0;
        bool is_here = kind && tap < chart->cable->port_count && chart->cable->ports[tap]->peer &&
                       chart->cable->ports[tap]->peer->node->id == record->node;
        if (is_here) {
            draw_mark(chart, record, kind);
            drawn++;
        }
    }
}

/* ---- Axes ---- */

static void draw_stations(const struct chart *chart)
{
    double last = -1000;
    for (uint32_t i = 0; i < chart->cable->port_count; i++) {
        int64_t position = signals_tap(chart->cable, i);
        const struct nt_port *station = chart->cable->ports[i]->peer;
        if (position < 0 || !station)
            continue;
        double x = x_of(chart, position),
               width = canvas_text_width(CANVAS_BOLD, PICTURE_TEXT, station->node->name);
        canvas_line(chart->canvas, x, chart->box.y, x, chart->box.y + chart->box.height,
                    picture_color(chart->wish, THEME_EDGE), 1, CANVAS_SOLID);
        if (x - width / 2 > last + 6) {
            canvas_text(chart->canvas, x, chart->box.y - 8, CANVAS_BOLD, PICTURE_TEXT, CANVAS_MIDDLE,
                        picture_color(chart->wish, THEME_TEXT), station->node->name);
            last = x + width / 2;
        }
    }
}

static nt_time nice_step(nt_time span, double pixels)
{
    nt_time step = 1;
    for (int i = 0; (double)step / (double)span * pixels < 34 && i < 60; i++)
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
    return step;
}

static void draw_times(const struct chart *chart)
{
    nt_time from = chart->wish->from, to = chart->wish->to, step = nice_step(to - from, chart->box.height);
    for (nt_time at = 0; from + at <= to; at += step) {
        char time[40];
        double y = y_of(chart, from + at);
        picture_time(time, sizeof time, at, step);
        canvas_line(chart->canvas, chart->box.x, y, chart->box.x + chart->box.width, y,
                    picture_color(chart->wish, THEME_GRID), 1, CANVAS_SOLID);
        if (at == 0)
            snprintf(time, sizeof time, "0");
        canvas_textf(chart->canvas, chart->box.x - 10, y + 4, CANVAS_MONO, PICTURE_SMALL, CANVAS_END,
                     picture_color(chart->wish, THEME_MUTED), "%s%s", at ? "+" : "", time);
    }
}

/* ---- The plot, and its magnifier ---- */

static void draw_plot(const struct chart *chart)
{
    canvas_clip(chart->canvas,
                (struct canvas_box){chart->box.x - 1, chart->box.y, chart->box.width + 2, chart->box.height});
    for (uint32_t i = 0; i < chart->signals.count; i++)
        draw_band(chart, &chart->signals.list[i]);
    draw_overlaps(chart);
    draw_veil(chart);
    canvas_unclip(chart->canvas);
    draw_now(chart);
}

static nt_time bit_time(const struct chart *chart)
{
    return chart->signals.rate_bps > 0 ? NT_SECOND / chart->signals.rate_bps : NT_SECOND;
}

/* A line for each bit time from now, and a number for every eighth. */
static void draw_bits(const struct chart *chart)
{
    nt_time now = session_now(chart->wish->session), bit = bit_time(chart);
    for (int number = -BITS; number <= BITS; number++) {
        double y = y_of(chart, now + number * bit);
        bool is_named = number % 8 == 0;
        if (y < chart->box.y - 0.5 || y > chart->box.y + chart->box.height + 0.5)
            continue;
        canvas_line(chart->canvas, chart->box.x, y, chart->box.x + chart->box.width, y,
                    picture_color(chart->wish, is_named ? THEME_EDGE : THEME_GRID), 1, CANVAS_SOLID);
        if (is_named)
            canvas_textf(chart->canvas, chart->box.x + chart->box.width + 8, y + 4, CANVAS_MONO,
                         PICTURE_SMALL, CANVAS_START, picture_color(chart->wish, THEME_MUTED),
                         number ? "%+d bit" : "now", number);
    }
}

/* The part of `chart` around now, with one bit time as its measure, in the box of `glass`. */
static void draw_magnifier(const struct chart *chart, struct canvas_box box)
{
    nt_time now = session_now(chart->wish->session), bit = bit_time(chart);
    struct picture_wish wish = *chart->wish;
    struct chart glass = *chart;
    char words[120], time[40];
    wish.from = now - BITS * bit;
    wish.to = now + BITS * bit;
    glass.wish = &wish;
    glass.box = box;
    picture_time(time, sizeof time, bit, bit);
    snprintf(words, sizeof words, "magnified: a line is a bit time, %s", time);
    canvas_text(chart->canvas, box.x + box.width / 2, box.y - 8, CANVAS_SANS, PICTURE_SMALL, CANVAS_MIDDLE,
                picture_color(chart->wish, THEME_MUTED), words);
    canvas_rect(chart->canvas, box, 4,
                &(struct canvas_paint){picture_color(chart->wish, THEME_PANEL),
                                       picture_color(chart->wish, THEME_CONTROL), 1.5, CANVAS_SOLID});
    draw_bits(&glass);
    draw_plot(&glass);
    /* What of the picture it is. */
    double right = chart->box.x + chart->box.width, upper = y_of(chart, wish.from),
           lower = y_of(chart, wish.to);
    upper = fmax(upper, chart->box.y);
    lower = fmin(lower, chart->box.y + chart->box.height);
    struct color color = picture_color(chart->wish, THEME_CONTROL);
    canvas_line(chart->canvas, right + 4, upper, right + 4, lower, color, 3, CANVAS_SOLID);
    canvas_line(chart->canvas, right + 4, upper, box.x, box.y, color, 1, CANVAS_DASHED);
    canvas_line(chart->canvas, right + 4, lower, box.x, box.y + box.height, color, 1, CANVAS_DASHED);
}

/* ---- All of it ---- */

static const struct nt_node *choose_cable(const struct picture_wish *wish, const struct run *run,
                                          struct nt_why *ret_why)
{
    const struct nt_node *named = wish->node ? run_node_named(run, wish->node) : NULL;
    if (named && facts_number(named, "cable", 0, "length", 0) > 0)
        return named;
    for (uint32_t id = 1; !wish->node && id <= run_node_count(run); id++)
        if (facts_number(run_node(run, id), "cable", 0, "length", 0) > 0)
            return run_node(run, id);
    snprintf(ret_why->text, sizeof ret_why->text,
             wish->node ? "%s is no cable that several stations share" : "%s",
             wish->node ? wish->node : "there is no cable here that several stations share");
    return NULL;
}

/* The first collision, or the first signal: seven times the way from end to end. */
void segment_choose_span(struct picture_wish *wish)
{
    struct nt_why why;
    const struct run *run = session_run(wish->session);
    const struct nt_node *cable = choose_cable(wish, run, &why);
    uint32_t begin = run_kind_named(run, "segment.begin"), collision = run_kind_named(run, "collision");
    uint64_t last = session_known_records(wish->session);
    nt_time from = NT_NEVER, before = NT_NEVER, first = NT_NEVER, second = 0;
    bool collides = false;
    unsigned signals = 0;
    for (uint64_t number = 1; cable && number <= last; number++) {
        const struct nt_record *record = session_record(wish->session, number);
        if (!record || record->node != cable->id)
            continue;
        if (record->kind == begin) {
            before = from;
            from = record->at;
            first = first == NT_NEVER ? from : first;
            if (++signals == 2)
                second = record->at;
        }
        collides |= record->kind == collision;
        if (collides)
            break;
    }
    if (from == NT_NEVER)
        return;
    nt_time way = facts_number(cable, "cable", 0, "end_to_end", NT_MICROSECOND);
    if (collides) {
        wish->from = before != NT_NEVER && from - before < way ? before : from;
        wish->to = wish->from + 7 * way;
    } else { /* how one follows on another */
        wish->from = signals < 2 ? first : second - 8 * way > first ? second - 8 * way : first;
        wish->to = wish->from + 12 * way;
    }
}

bool segment_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct chart chart = {.wish = wish, .canvas = canvas, .run = session_run(wish->session)};
    char title[120], from[40], remark[120];
    chart.cable = choose_cable(wish, chart.run, ret_why);
    if (!chart.cable || !signals_init(&chart.signals, wish->session, chart.cable, wish->from, wish->to))
        return false;
    picture_time(from, sizeof from, wish->from, NT_NANOSECOND);
    snprintf(title, sizeof title, "%s \xc2\xb7 place across, time down", chart.cable->name);
    snprintf(remark, sizeof remark, "from %s \xc2\xb7 %" PRIu32 " signal%s", from, chart.signals.count,
             chart.signals.count == 1 ? "" : "s");
    struct canvas_box room = picture_panel(wish, canvas, title, remark);
    chart.box =
        (struct canvas_box){room.x + TIMES + 24, room.y + 22, room.width - TIMES - 48, room.height - 26};
    nt_time now = session_now(wish->session);
    bool has_glass = room.width >= GLASS_LEAST && now >= wish->from && now <= wish->to;
    double glass = has_glass ? floor(room.width * 0.3) : 0;
    chart.box.width -= has_glass ? glass + GLASS_GAP : 0;
    draw_times(&chart);
    draw_stations(&chart);
    draw_plot(&chart);
    draw_marks(&chart);
    if (has_glass)
        draw_magnifier(&chart,
                       (struct canvas_box){chart.box.x + chart.box.width + GLASS_GAP, chart.box.y + 14,
                                           glass - BIT_NAMES, chart.box.height - 14});
    signals_release(&chart.signals);
    return true;
}

/* SPDX-License-Identifier: MIT
 * The ticks above the scrubber. */
#include "gui/ticks.h"

#include <stdlib.h>

#include "gui/app.h"

#define TICK_STEP 3.0     /* pixels between two ticks of one kind */
#define READ_MOST 250000u /* records, for one drawing */

struct tick_kind {
    const char *kind; /* a record's */
    const char *words;
    enum theme_color color;
    char shape; /* x: a cross, v: a triangle, o: a diamond */
};

static const struct tick_kind tick_kinds[TICK_KINDS] = {{"frame.drop", "drop", THEME_LOSS, 'x'},
                                                        {"collision", "collision", THEME_LOSS, 'v'},
                                                        {"tcp.retransmit", "retransmission", THEME_AGAIN, 'o'},
                                                        {"tcp.timeout", "timeout", THEME_CARE, 'v'}};

/* ---- Reading ---- */

void ticks_forget(struct ticks *ticks)
{
    ticks->read = 0;
    for (unsigned i = 0; i < TICK_KINDS; i++)
        ticks->rows[i].count = 0;
}

void ticks_release(struct ticks *ticks)
{
    for (unsigned i = 0; i < TICK_KINDS; i++) {
        free(ticks->rows[i].marks);
        ticks->rows[i].marks = NULL;
    }
    ticks_forget(ticks);
}

/* Half of the marks are enough: none nearer to each other than half of what they would be if they stood evenly. */
static void thin(struct tick_row *row)
{
    unsigned kept = 0;
    row->apart = (row->marks[row->count - 1].at - row->marks[0].at) / (TICK_MARKS / 2) + 1;
    for (unsigned i = 0; i < row->count; i++)
        if (kept == 0 || row->marks[i].at - row->marks[kept - 1].at >= row->apart)
            row->marks[kept++] = row->marks[i];
    row->count = kept;
}

static void take(struct tick_row *row, const struct nt_record *record)
{
    if (row->count > 0 && record->at - row->marks[row->count - 1].at < row->apart)
        return;
    if (row->count == TICK_MARKS)
        thin(row);
    row->marks[row->count++] = (struct tick_mark){record->at, record->number};
}

static void read_on(struct ticks *ticks, const struct session *session)
{
    const struct run *run = session_run(session);
    uint64_t known = session_known_records(session), budget = READ_MOST;
    if (known < ticks->read)
        ticks_forget(ticks);
    for (unsigned i = 0; i < TICK_KINDS; i++) {
        struct tick_row *row = &ticks->rows[i];
        row->kind = run_kind_named(run, tick_kinds[i].kind);
        row->apart = ticks->read == 0 ? 0 : row->apart;
        if (!row->marks)
            row->marks = calloc(TICK_MARKS, sizeof *row->marks);
    }
    for (; ticks->read < known && budget > 0; budget--) {
        const struct nt_record *record = session_record(session, ++ticks->read);
        for (unsigned i = 0; i < TICK_KINDS; i++)
            if (record && ticks->rows[i].marks && ticks->rows[i].kind && record->kind == ticks->rows[i].kind)
                take(&ticks->rows[i], record);
    }
}

/* ---- Drawing ---- */

static void draw_tick(const struct app *app, struct canvas *canvas, double x, double y, const struct tick_kind *kind)
{
    struct color color = app->theme->colors[kind->color];
    struct canvas_point down[] = {{x - 4, y - 4}, {x + 4, y - 4}, {x, y + 4}};
    struct canvas_point diamond[] = {{x, y - 5}, {x + 4.5, y}, {x, y + 5}, {x - 4.5, y}};
    if (kind->shape == 'x') {
        canvas_line(canvas, x - 3.5, y - 3.5, x + 3.5, y + 3.5, color, 2, CANVAS_SOLID);
        canvas_line(canvas, x - 3.5, y + 3.5, x + 3.5, y - 3.5, color, 2, CANVAS_SOLID);
    } else if (kind->shape == 'v')
        canvas_polyline(canvas, down, 3, true, &(struct canvas_paint){.fill = color});
    else
        canvas_polyline(canvas, diamond, 4, true, &(struct canvas_paint){.fill = color});
}

static double x_of(const struct app *app, nt_time at)
{
    double part = app->shown <= 0 ? 0 : at >= app->shown ? 1 : (double)at / (double)app->shown;
    return app->track.x + part * app->track.width;
}

/* At most one for each few pixels. */
static void draw_row(const struct app *app, struct canvas *canvas, unsigned number)
{
    const struct tick_row *row = &app->ticks.rows[number];
    double last = -100;
    for (unsigned i = 0; i < row->count; i++) {
        double x = x_of(app, row->marks[i].at);
        if (x - last < TICK_STEP)
            continue;
        canvas_tag_begin(canvas, CANVAS_TAG_RECORD, row->marks[i].record, tick_kinds[number].words);
        draw_tick(app, canvas, x, app->track.y - 13, &tick_kinds[number]);
        canvas_tag_end(canvas);
        last = x;
    }
}

void ticks_draw(struct app *app, struct canvas *canvas, double y)
{
    double x = app->track.x;
    read_on(&app->ticks, app->session);
    for (unsigned i = 0; i < TICK_KINDS; i++) {
        if (app->ticks.rows[i].count == 0)
            continue;
        draw_row(app, canvas, i);
        draw_tick(app, canvas, x + 5, y - 4, &tick_kinds[i]);
        canvas_text(canvas, x + 15, y, CANVAS_SANS, 11, CANVAS_START, app->theme->colors[THEME_MUTED],
                    tick_kinds[i].words);
        x += 36 + canvas_text_width(CANVAS_SANS, 11, tick_kinds[i].words);
    }
}

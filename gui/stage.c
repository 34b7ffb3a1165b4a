/* SPDX-License-Identifier: MIT
 * Everything that the window shows, put on one list: the bar, four cells, the scrubber; or the start page; or
 * a file's errors. */
#include <math.h>
#include <stdio.h>

#include "gui/app.h"
#include "gui/screen.h"

#define BAR 52.0
#define SCRUBBER 68.0
#define CAPTION 44.0
#define GAP 8.0
#define COST_MS 4 /* what takes longer to make is made less often */
#define SPARED 5  /* times as long as it takes it is left as it is */
#define LEAST_WIDTH 700.0 /* of a window that has room for four panels ... */
#define TWO_HEIGHT 620.0   /* less, with large letters, and two panels are shown side by side */
#define LEAST_HEIGHT 330.0 /* ... and of the part above the scrubber */

/* ---- The run page ---- */

/* At whole units, so that a region drawn alone falls on the same places as in the whole. */
static struct canvas_box whole(struct canvas_box box)
{
    double right = floor(box.x + box.width), lower = floor(box.y + box.height);
    box.x = ceil(box.x);
    box.y = ceil(box.y);
    box.width = right - box.x;
    box.height = lower - box.y;
    return box;
}

/* Four boxes with two columns of two; or two side by side; or one alone. */
static void place_cells(struct app *app, double bottom)
{
    double left = 12, top = BAR + 10, width = app->width - 24, height = bottom - top - GAP;
    double first = width * app->split_x;
    for (int i = 0; i < APP_CELLS; i++) {
        int column = i & 1, row = i >> 1;
        double upper = height * app->split_y[column];
        app->cells[i].box = whole(
            (struct canvas_box){left + (column ? first + GAP : 0), top + (row ? upper + GAP : 0),
                                column ? width - first - GAP : first, row ? height - upper - GAP : upper});
        if (app->alone == i)
            app->cells[i].box = whole((struct canvas_box){left, top, width, height});
        else if (app->beside >= 0)
            app->cells[i].box = (struct canvas_box){0, 0, 0, 0};
    }
    if (app->alone < 0 && app->beside >= 0) {
        app->cells[0].box = whole((struct canvas_box){left, top, first, height});
        app->cells[app->beside].box =
            whole((struct canvas_box){left + first + GAP, top, width - first - GAP, height});
    }
}

/* ---- Regions ---- */

/* The next region, empty but for its ground. Its part has the window's coordinates (`x`, `y` 0) or its own. */
static struct app_region *region_begin(struct app *app, struct canvas_box box, double x, double y)
{
    struct app_region *region = &app->regions[app->region_count++];
    region->box = box;
    region->x = x;
    region->y = y;
    canvas_clear(&region->part, box.x + box.width - x, box.y + box.height - y);
    canvas_rect(&region->part,
                (struct canvas_box){box.x - x - 1, box.y - y - 1, box.width + 2, box.height + 2}, 0,
                &(struct canvas_paint){.fill = app->theme->colors[THEME_BACK]});
    return region;
}

static void region_end(struct app_region *region, struct canvas *canvas)
{
    region->hash = canvas_hash(&region->part);
    canvas_append(canvas, region->x, region->y, &region->part);
}

/* Three dots for what the panel can show, and a frame if keys are about it. */
static void draw_frame(const struct app *app, struct canvas *part, int number)
{
    const struct canvas_box *box = &app->cells[number].box;
    const struct color *colors = app->theme->colors;
    canvas_tag_begin(part, CANVAS_TAG_CONTROL, CONTROL_VIEWS + (unsigned)number, "what this panel shows (V)");
    canvas_rect(part, (struct canvas_box){box->width - 15, 8, 12, 26}, 0, &(struct canvas_paint){0});
    for (int dot = 0; dot < 3; dot++)
        canvas_circle(part, box->width - 8.5, 17 + 5 * dot, 1.5, &(struct canvas_paint){.fill = colors[THEME_MUTED]});
    canvas_tag_end(part);
    if (app->has_focus && app->focus == (unsigned)number)
        canvas_rect(part, (struct canvas_box){1, 1, box->width - 2, box->height - 2}, 8,
                    &(struct canvas_paint){COLOR_NONE, colors[THEME_DATA], 2, CANVAS_SOLID});
}

/* ---- Contents ---- */

static uint64_t mix(uint64_t key, uint64_t part)
{
    return (key ^ part) * UINT64_C(0x9e3779b97f4a7c15) + (key >> 29);
}

static uint64_t mix_text(uint64_t key, const char *text)
{
    for (; *text; text++)
        key = mix(key, (unsigned char)*text);
    return key;
}

/* All that a panel depends on. */
static uint64_t key_of(const struct app *app, const struct app_cell *cell)
{
    const struct session *session = app->session;
    uint64_t key = mix_text(mix_text(1, cell->content), app->theme->name);
    const uint64_t parts[] = {app->changes,
                              (uint64_t)(cell->box.width * 8),
                              (uint64_t)(cell->box.height * 8),
                              (uint64_t)session_now(session),
                              session_event(session),
                              session_known_records(session),
                              (uint64_t)app->end,
                              (uint64_t)app->speed,
                              app->record,
                              app->frame,
                              app->node,
                              app->lens,
                              app->has_chatter,
                              app->is_following,
                              app->is_typing,
                              app->is_until};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        key = mix(key, parts[i]);
    key = mix_text(key, app->is_following ? app->follow.name : "");
    return mix_text(mix_text(key, app->flow), app->line);
}

/* What has not changed is not made again; and what takes long is made again less often while time passes, so that it takes a
 * fifth of the time and frames still move. Where time rests, everything shows it. */
static void draw_contents(struct app *app, struct app_cell *cell)
{
    uint64_t key = key_of(app, cell), clock = screen_clock();
    bool moves = app->is_playing || app->drags != 0 || app->journey_count > 0;
    bool is_late = clock - cell->drawn_at >= SPARED * cell->cost;
    bool is_its_size = cell->shown.width == cell->box.width && cell->shown.height == cell->box.height;
    if (!app->wants_fresh && is_its_size && (key == cell->key || (moves && cell->cost > COST_MS && !is_late)))
        return;
    canvas_clear(&cell->shown, cell->box.width, cell->box.height);
    contents_draw(app, cell, &cell->shown);
    cell->key = key;
    cell->drawn_at = screen_clock();
    cell->cost = cell->drawn_at - clock;
}

static void draw_cell(struct app *app, struct canvas *canvas, int number)
{
    struct app_cell *cell = &app->cells[number];
    if (cell->box.width < 40 || cell->box.height < 40)
        return;
    struct app_region *region = region_begin(app, cell->box, cell->box.x, cell->box.y);
    draw_contents(app, cell);
    canvas_append(&region->part, 0, 0, &cell->shown);
    draw_frame(app, &region->part, number);
    region_end(region, canvas);
    canvas_tag_begin(canvas, CANVAS_TAG_CONTROL, CONTROL_CELL + (unsigned)number,
                     "double click: this panel alone; right: what it shows");
    canvas_rect(canvas, (struct canvas_box){cell->box.x + 8, cell->box.y + 8, 120, 22}, 0,
                &(struct canvas_paint){0});
    canvas_tag_end(canvas);
}

static void draw_run(struct app *app, struct canvas *canvas)
{
    double bottom = floor(app->height) - SCRUBBER - 10;
    if (app->is_big)
        bottom -= CAPTION + GAP;
    struct app_region *below =
        region_begin(app, (struct canvas_box){0, bottom, ceil(app->width), ceil(app->height) - bottom}, 0, 0);
    if (app->is_big)
        chrome_draw_caption(app, &below->part, (struct canvas_box){12, bottom, app->width - 24, CAPTION});
    chrome_draw_scrubber(app, &below->part,
                         (struct canvas_box){12, app->height - SCRUBBER - 8, app->width - 24, SCRUBBER});
    region_end(below, canvas);
    bool is_small = app->width < LEAST_WIDTH || bottom < LEAST_HEIGHT;
    app->alone = app->largest < 0 && is_small ? (int)app->focus : app->largest;
    bool is_low = app->is_big && bottom < TWO_HEIGHT;
    app->beside = !is_low ? -1 : app->has_focus && app->focus > 0 ? (int)app->focus : (int)app->second;
    place_cells(app, bottom);
    for (int i = 0; i < APP_CELLS; i++)
        if (app->alone < 0 || app->alone == i)
            draw_cell(app, canvas, i);
    struct app_region *bar = region_begin(app, (struct canvas_box){0, 0, ceil(app->width), BAR}, 0, 0);
    chrome_draw_bar(app, &bar->part);
    region_end(bar, canvas);
    if (bottom < BAR + 20) /* so small that one lies over the other */
        app->region_count = 0;
}

/* ---- A file that cannot be run ---- */

static void draw_errors(struct app *app, struct canvas *canvas)
{
    double y = BAR + 50;
    const struct color *colors = app->theme->colors;
    canvas_textf(canvas, 30, y, CANVAS_BOLD, 18, CANVAS_START, colors[THEME_TEXT], "%s cannot be run.",
                 app->path);
    canvas_text(
        canvas, 30, y + 26, CANVAS_SANS, 13, CANVAS_START, colors[THEME_MUTED],
        "Mend it in an editor: it is read again as soon as it is saved. Escape goes back to all scenarios.");
    y += 64;
    for (size_t i = 0; i < app->errors->count && y < app->height - 20; i++, y += 44) {
        const struct error_entry *entry = &app->errors->entries[i];
        enum theme_color accent = entry->is_warning ? THEME_CARE : THEME_LOSS;
        struct canvas_paint paint = {colors[theme_soft(accent)], colors[THEME_EDGE], 1, CANVAS_SOLID};
        canvas_rect(canvas, (struct canvas_box){30, y, app->width - 60, 38}, 6, &paint);
        char place[80];
        snprintf(place, sizeof place, "line %d, column %d", entry->line, entry->column);
        canvas_text(canvas, 46, y + 24, CANVAS_MONO, 12, CANVAS_START, colors[accent],
                    entry->line ? place : "the whole network");
        canvas_text_in(canvas, 220, y + 24, app->width - 270, CANVAS_SANS, 13, colors[THEME_TEXT],
                       entry->text);
    }
}

void stage_draw(struct app *app, struct canvas *canvas)
{
    app->region_count = 0;
    canvas_rect(canvas, (struct canvas_box){0, 0, app->width, app->height}, 0,
                &(struct canvas_paint){.fill = app->theme->colors[THEME_BACK]});
    if (app->page == PAGE_RUN)
        draw_run(app, canvas);
    else if (app->page == PAGE_ERROR)
        draw_errors(app, canvas);
    else
        start_draw(app, canvas);
    if (app->page != PAGE_RUN)
        chrome_draw_bar(app, canvas);
    if (app->has_help) {
        app->region_count = 0; /* it lies over all of them */
        chrome_draw_help(app, canvas);
    }
    overlay_draw(app, canvas);
}

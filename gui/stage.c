/* SPDX-License-Identifier: MIT
 * Everything that the window shows, put on one list: the bar, four cells, the scrubber; or the start page; or
 * a file's errors. */
#include <stdio.h>

#include "gui/app.h"

#define BAR 52.0
#define SCRUBBER 68.0
#define CAPTION 44.0
#define GAP 8.0

/* ---- The run page ---- */

/* Four boxes with two columns of two; or one alone. */
static void place_cells(struct app *app, double bottom)
{
    double left = 12, top = BAR + 10, width = app->width - 24, height = bottom - top - GAP;
    double first = width * app->split_x;
    for (int i = 0; i < APP_CELLS; i++) {
        int column = i & 1, row = i >> 1;
        double upper = height * app->split_y[column];
        app->cells[i].box =
            (struct canvas_box){left + (column ? first + GAP : 0), top + (row ? upper + GAP : 0),
                                column ? width - first - GAP : first, row ? height - upper - GAP : upper};
        if (app->largest == i)
            app->cells[i].box = (struct canvas_box){left, top, width, height};
    }
}

static void draw_cell(struct app *app, struct canvas *canvas, int number)
{
    struct canvas part;
    struct app_cell *cell = &app->cells[number];
    if (cell->box.width < 40 || cell->box.height < 40)
        return;
    canvas_init(&part, cell->box.width, cell->box.height);
    contents_draw(app, cell, &part);
    canvas_append(canvas, cell->box.x, cell->box.y, &part);
    canvas_release(&part);
    canvas_tag_begin(canvas, CANVAS_TAG_CONTROL, CONTROL_CELL + (unsigned)number,
                     "double click: this panel alone");
    canvas_rect(canvas, (struct canvas_box){cell->box.x + 8, cell->box.y + 8, 120, 22}, 0,
                &(struct canvas_paint){0});
    canvas_tag_end(canvas);
}

static void draw_run(struct app *app, struct canvas *canvas)
{
    double bottom = app->height - SCRUBBER - 10;
    if (app->is_big) {
        bottom -= CAPTION + GAP;
        chrome_draw_caption(app, canvas, (struct canvas_box){12, bottom, app->width - 24, CAPTION});
    }
    place_cells(app, bottom);
    for (int i = 0; i < APP_CELLS; i++)
        if (app->largest < 0 || app->largest == i)
            draw_cell(app, canvas, i);
    chrome_draw_scrubber(app, canvas,
                         (struct canvas_box){12, app->height - SCRUBBER - 8, app->width - 24, SCRUBBER});
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
    canvas_rect(canvas, (struct canvas_box){0, 0, app->width, app->height}, 0,
                &(struct canvas_paint){.fill = app->theme->colors[THEME_BACK]});
    if (app->page == PAGE_RUN)
        draw_run(app, canvas);
    else if (app->page == PAGE_ERROR)
        draw_errors(app, canvas);
    else
        start_draw(app, canvas);
    chrome_draw_bar(app, canvas);
    if (app->has_help)
        chrome_draw_help(app, canvas);
}

/* SPDX-License-Identifier: MIT
 * The start page: the scenarios that are there, as cards. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gui/app.h"

#define COLUMNS 3
#define CARD_HEIGHT 112.0
#define TOP 120.0

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct app_card *)a)->path, ((const struct app_card *)b)->path);
}

static bool is_scenario(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".json") == 0 && !strstr(name, "schema");
}

void start_read_cards(struct app *app)
{
    DIR *folder = app->folder ? opendir(app->folder) : NULL;
    struct dirent *entry;
    while (folder && (entry = readdir(folder)) && app->card_count < APP_CARDS)
        if (is_scenario(entry->d_name))
            snprintf(app->cards[app->card_count++].path, sizeof app->cards[0].path, "%s/%s", app->folder,
                     entry->d_name);
    if (folder)
        closedir(folder);
    qsort(app->cards, app->card_count, sizeof *app->cards, by_name);
    for (unsigned i = 0; i < app->card_count; i++)
        card_read(app, &app->cards[i]);
}

/* So far down that the chosen card is seen. */
static double scrolled(const struct app *app, double room)
{
    double row = app->card / COLUMNS * (CARD_HEIGHT + 12);
    double most = ((app->card_count + COLUMNS - 1) / COLUMNS) * (CARD_HEIGHT + 12) - room;
    double wanted = row + CARD_HEIGHT > room ? row + CARD_HEIGHT + 24 - room : 0;
    wanted = wanted > app->card_scroll ? wanted : app->card_scroll < row ? app->card_scroll : row;
    return wanted > most ? (most > 0 ? most : 0) : wanted;
}

void start_draw(struct app *app, struct canvas *canvas)
{
    const struct color *colors = app->theme->colors;
    double width = (app->width - 60 - 12 * (COLUMNS - 1)) / COLUMNS;
    canvas_text(canvas, 30, 88, CANVAS_BOLD, 20, CANVAS_START, colors[THEME_TEXT],
                "A planetarium for networks");
    canvas_text(canvas, 30, 108, CANVAS_SANS, 13, CANVAS_START, colors[THEME_MUTED],
                "Choose a scenario: arrows and Enter, or a click. Or drop a file on this window.");
    double at = 30 + 560;
    for (unsigned i = 0; i < app->recent_count && at < app->width - 60; i++) {
        const char *slash = strrchr(app->recent[i], '/');
        char name[120];
        snprintf(name, sizeof name, "%s%s", i ? "" : "Lately: ", slash ? slash + 1 : app->recent[i]);
        canvas_tag_begin(canvas, CANVAS_TAG_CONTROL, CONTROL_RECENT + i, app->recent[i]);
        canvas_text(canvas, at, 108, CANVAS_SANS, 13, CANVAS_START, colors[THEME_DATA], name);
        canvas_tag_end(canvas);
        at += canvas_text_width(CANVAS_SANS, 13, name) + 24;
    }
    app->card_scroll = scrolled(app, app->height - TOP - 10);
    canvas_clip(canvas, (struct canvas_box){0, TOP, app->width, app->height - TOP});
    for (unsigned i = 0; i < app->card_count; i++) {
        double x = 30 + (i % COLUMNS) * (width + 12),
               y = TOP + 8 + (i / COLUMNS) * (CARD_HEIGHT + 12) - app->card_scroll;
        if (y > TOP - CARD_HEIGHT && y < app->height)
            card_draw(app, canvas, i, (struct canvas_box){x, y, width, CARD_HEIGHT});
    }
    canvas_unclip(canvas);
    if (app->card_count == 0)
        canvas_text(canvas, 30, TOP + 40, CANVAS_SANS, 14, CANVAS_START, colors[THEME_TEXT],
                    "There are no scenarios here: start with netarium view FILE, or drop a file.");
}

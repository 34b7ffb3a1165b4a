/* SPDX-License-Identifier: MIT
 * The start page: the scenarios that are there, as cards. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gui/app.h"
#include "sim/base/json.h"
#include "sim/registry.h"
#include "sim/scenario.h"

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

/* Up to the end of its first sentence. */
static void first_sentence(char *ret_text, size_t size, const char *about)
{
    const char *end = strstr(about, ". ");
    snprintf(ret_text, size, "%.*s", end ? (int)(end - about + 1) : (int)strlen(about), about);
}

static void read_card(struct app *app, struct app_card *card)
{
    struct error_list errors;
    error_list_init(&errors);
    struct scenario *scenario = scenario_read(card->path, app->registry, NULL, &errors);
    const char *slash = strrchr(card->path, '/');
    if (scenario && scenario->title)
        snprintf(card->title, sizeof card->title, "%s", scenario->title);
    else
        memmove(card->title, slash ? slash + 1 : card->path,
                strnlen(slash ? slash + 1 : card->path, sizeof card->title - 1) + 1);
    if (scenario && scenario->about)
        first_sentence(card->idea, sizeof card->idea, scenario->about);
    else if (!scenario)
        snprintf(card->idea, sizeof card->idea, "This file cannot be run; open it to see why.");
    scenario_free(scenario);
    error_list_release(&errors);
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
        read_card(app, &app->cards[i]);
}

/* Two lines of words. */
static void draw_idea(const struct app *app, struct canvas *canvas, double x, double y, double room,
                      const char *words)
{
    char line[240];
    for (unsigned lines = 0; *words && lines < 3; lines++) {
        size_t fits = 0, end = 0;
        while (words[end]) {
            size_t next = end + 1 + strcspn(words + end + 1, " ");
            snprintf(line, sizeof line, "%.*s", (int)next, words);
            if (canvas_text_width(CANVAS_SANS, 12.5, line) > room && fits > 0)
                break;
            fits = end = next;
        }
        snprintf(line, sizeof line, "%.*s", lines == 2 ? (int)strlen(words) : (int)fits, words);
        canvas_text_in(canvas, x, y + 17 * lines, room, CANVAS_SANS, 12.5, app->theme->colors[THEME_MUTED],
                       line);
        words += fits;
        words += *words == ' ';
    }
}

/* What number a file's name begins with: lessons are in that order. */
static void draw_card(const struct app *app, struct canvas *canvas, unsigned number, struct canvas_box box)
{
    const struct app_card *card = &app->cards[number];
    const struct color *colors = app->theme->colors;
    bool is_chosen = number == app->card;
    struct canvas_paint paint = {colors[THEME_PANEL], colors[is_chosen ? THEME_DATA : THEME_EDGE],
                                 is_chosen ? 2.5 : 1, CANVAS_SOLID};
    const char *slash = strrchr(card->path, '/');
    char order[8];
    snprintf(order, sizeof order, "%.2s", slash ? slash + 1 : card->path);
    canvas_tag_begin(canvas, CANVAS_TAG_CONTROL, CONTROL_CARD + number, card->path);
    canvas_rect(canvas, box, 8, &paint);
    canvas_circle(canvas, box.x + 28, box.y + 28, 15,
                  &(struct canvas_paint){.fill = colors[THEME_DATA_SOFT]});
    canvas_text(canvas, box.x + 28, box.y + 32.5, CANVAS_MONO_BOLD, 12, CANVAS_MIDDLE, colors[THEME_DATA],
                order);
    canvas_text_in(canvas, box.x + 54, box.y + 33, box.width - 68, CANVAS_BOLD, 15, colors[THEME_TEXT],
                   card->title);
    draw_idea(app, canvas, box.x + 16, box.y + 62, box.width - 32, card->idea);
    canvas_tag_end(canvas);
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
            draw_card(app, canvas, i, (struct canvas_box){x, y, width, CARD_HEIGHT});
    }
    canvas_unclip(canvas);
    if (app->card_count == 0)
        canvas_text(canvas, 30, TOP + 40, CANVAS_SANS, 14, CANVAS_START, colors[THEME_TEXT],
                    "There are no scenarios here: start with netarium view FILE, or drop a file.");
}

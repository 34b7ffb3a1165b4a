/* SPDX-License-Identifier: MIT
 * One card of the start page: number, title, idea, difficulty, and a small picture of the network. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gui/app.h"
#include "sim/registry.h"
#include "sim/scenario.h"
#include "views/pictures/glyph.h"
#include "views/pictures/plan.h"

#define PICTURE_WIDTH 120.0
#define BUILT_MOST 200 /* nodes; a larger network is not built for its card */

/* Up to the end of its first sentence. */
static void first_sentence(char *ret_text, size_t size, const char *about)
{
    const char *end = strstr(about, ". ");
    snprintf(ret_text, size, "%.*s", end ? (int)(end - about + 1) : (int)strlen(about), about);
}

void card_read(const struct app *app, struct app_card *card)
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
    card->difficulty = scenario ? scenario->difficulty : 0;
    scenario_free(scenario);
    error_list_release(&errors);
}

/* ---- Its picture ---- */

static void keep_plan(struct app_card *card, const struct plan *plan)
{
    card->spot_count = plan->place_count;
    for (uint32_t i = 0; i < plan->place_count; i++) {
        const struct plan_place *place = &plan->places[i];
        card->spots[i].x = (float)place->x;
        card->spots[i].y = (float)place->y;
        card->spots[i].accent = glyph_accent(place->node);
        card->spots[i].is_host = place->node->type->flags & NT_NODE_RUNS_APPS && place->degree < 2;
    }
    for (uint32_t i = 0; i < plan->edge_count && card->line_count < 2 * CARD_SPOTS; i++) {
        card->lines[card->line_count].from = (unsigned char)plan->edges[i].from;
        card->lines[card->line_count++].to = (unsigned char)plan->edges[i].to;
    }
}

/* Builds the network for a moment, to see how it is joined. */
static void make_picture(struct app *app, struct app_card *card)
{
    struct error_list errors;
    error_list_init(&errors);
    struct scenario *scenario = scenario_read(card->path, app->registry, NULL, &errors);
    card->is_drawn = true;
    card->stations = scenario ? (unsigned)(scenario->node_count - scenario->joint_count / 2) : 0;
    if (scenario && scenario->node_count <= BUILT_MOST) {
        struct plan plan;
        struct run *run = run_new(app->registry, 0);
        if (run_build(run, scenario, &errors)) {
            plan_init(&plan, run);
            card->stations = plan.place_count;
            if (plan.place_count <= CARD_SPOTS)
                keep_plan(card, &plan);
            plan_release(&plan);
        }
        run_free(run);
    }
    scenario_free(scenario);
    error_list_release(&errors);
}

static void draw_picture(const struct app *app, struct canvas *canvas, const struct app_card *card,
                         struct canvas_box box)
{
    const struct color *colors = app->theme->colors;
    double inner_x = box.x + 8, inner_y = box.y + 6, width = box.width - 16, height = box.height - 12;
    if (card->spot_count == 0 && card->stations > 0)
        canvas_textf(canvas, box.x + box.width / 2, box.y + box.height / 2 + 4, CANVAS_SANS, 12,
                     CANVAS_MIDDLE, colors[THEME_MUTED], "%u stations", card->stations);
    for (unsigned i = 0; i < card->line_count; i++) {
        unsigned from = card->lines[i].from, to = card->lines[i].to;
        canvas_line(canvas, inner_x + (double)card->spots[from].x * width,
                    inner_y + (double)card->spots[from].y * height,
                    inner_x + (double)card->spots[to].x * width,
                    inner_y + (double)card->spots[to].y * height, colors[THEME_WIRE], 1, CANVAS_SOLID);
    }
    double size = card->spot_count > 12 ? 3 : 5;
    for (unsigned i = 0; i < card->spot_count; i++) {
        double x = inner_x + (double)card->spots[i].x * width, y = inner_y + (double)card->spots[i].y * height;
        struct canvas_paint paint = {colors[theme_soft(card->spots[i].accent)], colors[card->spots[i].accent],
                                     1.5, CANVAS_SOLID};
        if (card->spots[i].is_host)
            canvas_rect(canvas, (struct canvas_box){x - size * 1.3, y - size, size * 2.6, size * 2}, 1.5, &paint);
        else
            canvas_circle(canvas, x, y, size * 1.2, &paint);
    }
}

/* ---- Words ---- */

/* One to three filled squares, and the word. */
static void draw_difficulty(const struct app *app, struct canvas *canvas, double x, double y, unsigned difficulty)
{
    const struct color *colors = app->theme->colors;
    if (difficulty == 0)
        return;
    for (unsigned i = 0; i < 3; i++) {
        struct canvas_paint paint = {i < difficulty ? colors[THEME_CONTROL] : colors[THEME_PANEL],
                                     colors[THEME_CONTROL], 1, CANVAS_SOLID};
        canvas_rect(canvas, (struct canvas_box){x + 12 * i, y - 8, 8, 8}, 2, &paint);
    }
    canvas_text(canvas, x + 42, y, CANVAS_SANS, 11.5, CANVAS_START, colors[THEME_MUTED],
                scenario_difficulties[difficulty - 1]);
}

/* Two lines of words. */
static void draw_idea(const struct app *app, struct canvas *canvas, double x, double y, double room,
                      const char *words)
{
    char line[240];
    for (unsigned lines = 0; *words && lines < 2; lines++) {
        size_t fits = 0, end = 0;
        while (words[end]) {
            size_t next = end + 1 + strcspn(words + end + 1, " ");
            snprintf(line, sizeof line, "%.*s", (int)next, words);
            if (canvas_text_width(CANVAS_SANS, 12.5, line) > room && fits > 0)
                break;
            fits = end = next;
        }
        snprintf(line, sizeof line, "%.*s", lines == 1 ? (int)strlen(words) : (int)fits, words);
        canvas_text_in(canvas, x, y + 17 * lines, room, CANVAS_SANS, 12.5, app->theme->colors[THEME_MUTED],
                       line);
        words += fits;
        words += *words == ' ';
    }
}

/* What number a file's name begins with: lessons are in that order. */
void card_draw(struct app *app, struct canvas *canvas, unsigned number, struct canvas_box box)
{
    struct app_card *card = &app->cards[number];
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
    bool has_picture = box.width > 2.4 * PICTURE_WIDTH;
    double room = box.width - 32 - (has_picture ? PICTURE_WIDTH + 8 : 0);
    draw_idea(app, canvas, box.x + 16, box.y + 60, room, card->idea);
    draw_difficulty(app, canvas, box.x + 16, box.y + box.height - 10, card->difficulty);
    if (!card->is_drawn)
        make_picture(app, card);
    if (has_picture)
        draw_picture(app, canvas, card,
                     (struct canvas_box){box.x + box.width - PICTURE_WIDTH - 14, box.y + 48, PICTURE_WIDTH,
                                         box.height - 60});
    canvas_tag_end(canvas);
}

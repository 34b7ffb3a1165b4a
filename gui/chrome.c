/* SPDX-License-Identifier: MIT
 * What is around the panels: the bar with its buttons, the scrubber with its ticks, the caption, the page of
 * all keys. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gui/app.h"
#include "gui/screen.h"
#include "sim/base/text.h"
#include "views/sentence.h"

#define BUTTON_HEIGHT 30.0

static struct color color_of(const struct app *app, enum theme_color color)
{
    return app->theme->colors[color];
}

/* ---- The bar ---- */

static double draw_button(struct app *app, struct canvas *canvas, double x, double y, const char *words,
                          unsigned control, bool is_on, const char *title)
{
    double width = canvas_text_width(CANVAS_BOLD, 12, words) + 26;
    struct canvas_paint paint = {
        .fill = is_on ? color_mix(color_of(app, THEME_DATA), color_of(app, THEME_BAR), 10)
                      : color_of(app, THEME_BAR_BUTTON)};
    canvas_tag_begin(canvas, CANVAS_TAG_CONTROL, control, title);
    canvas_rect(canvas, (struct canvas_box){x, y, width, BUTTON_HEIGHT}, 6, &paint);
    canvas_text(canvas, x + width / 2, y + 20, CANVAS_BOLD, 12, CANVAS_MIDDLE,
                is_on ? color_of(app, THEME_ON_ACCENT) : color_of(app, THEME_BAR_TEXT), words);
    canvas_tag_end(canvas);
    return x + width + 8;
}

static const struct {
    const char *words;
    unsigned control;
    unsigned weight; /* where there is no room for all, those of the least weight go first */
    const char *title;
} buttons[] = {{"|\xe2\x97\x80", CONTROL_HOME, 2, "to the beginning (Home)"},
               {"\xe2\x97\x80 step", CONTROL_BACK, 6, "one step back (Left)"},
               {"\xe2\x96\xb6 play", CONTROL_PLAY, 8, "play or pause (Space)"},
               {"step \xe2\x96\xb6", CONTROL_FORWARD, 7, "one step forward (Right)"},
               {"\xe2\x96\xb6|", CONTROL_END, 1, "to the end (End)"},
               {"\xe2\x88\x92", CONTROL_SLOWER, 3, "slower (-)"},
               {"+", CONTROL_FASTER, 4, "faster (+)"},
               {"?", CONTROL_HELP, 5, "all keys (F1)"}};

#define BUTTONS (sizeof buttons / sizeof *buttons)

/* In the middle of the window if they do not reach to `left` or `right` there, else between the two. */
static void draw_buttons(struct app *app, struct canvas *canvas, double left, double right)
{
    double width = 0, widths[BUTTONS];
    unsigned least = 1;
    for (unsigned i = 0; i < BUTTONS; i++)
        width += widths[i] = canvas_text_width(CANVAS_BOLD, 12, buttons[i].words) + 34;
    for (; width > right - left && least <= BUTTONS; least++)
        for (unsigned i = 0; i < BUTTONS; i++)
            width -= buttons[i].weight == least ? widths[i] : 0;
    double x = app->width / 2 - width / 2;
    x = x < left ? left : x + width > right ? right - width : x;
    for (unsigned i = 0; i < BUTTONS; i++) {
        bool is_play = buttons[i].control == CONTROL_PLAY;
        if (buttons[i].weight >= least)
            x = draw_button(app, canvas, x, 11, is_play && app->is_playing ? "|| pause" : buttons[i].words,
                            buttons[i].control, is_play, buttons[i].title);
    }
}

/* 0.214 731 092 000 s: always all twelve places, so that it does not jump. */
static void show_instant(nt_time now, char *ret_text, size_t size)
{
    uint64_t part = (uint64_t)(now % NT_SECOND);
    snprintf(ret_text, size, "%" PRId64 ".%03u %03u %03u %03u s", now / NT_SECOND,
             (unsigned)(part / 1000000000u), (unsigned)(part / 1000000u % 1000u),
             (unsigned)(part / 1000u % 1000u), (unsigned)(part % 1000u));
}

void chrome_draw_bar(struct app *app, struct canvas *canvas)
{
    char instant[60], speed[80];
    canvas_rect(canvas, (struct canvas_box){0, 0, app->width, 52}, 0,
                &(struct canvas_paint){.fill = color_of(app, THEME_BAR)});
    canvas_tag_begin(canvas, CANVAS_TAG_CONTROL, CONTROL_START_PAGE, "all scenarios (Escape)");
    canvas_text(canvas, 20, 33, CANVAS_BOLD, 18, CANVAS_START, color_of(app, THEME_BAR_TEXT), "Netarium");
    canvas_tag_end(canvas);
    if (app->page != PAGE_RUN)
        return;
    double side = app->width / 2 - 230;
    bool is_following = app->is_following;
    canvas_text_in(canvas, 118, is_following ? 24 : 32, side > 140 ? side - 118 : 0, CANVAS_SANS, 14,
                   color_mix(color_of(app, THEME_BAR_TEXT), color_of(app, THEME_BAR), 20),
                   app->scenario->title ? app->scenario->title : app->path);
    if (is_following && side > 140) {
        char words[120];
        snprintf(words, sizeof words, "only %s (F: all)", app->follow.name);
        canvas_text_in(canvas, 118, 42, side - 118, CANVAS_SANS, 11.5, color_of(app, THEME_BAR_TEXT), words);
    }
    show_instant(session_now(app->session), instant, sizeof instant);
    moving_show_speed(app, speed, sizeof speed);
    draw_buttons(app, canvas, 118, app->width - 36 - canvas_text_width(CANVAS_MONO, 15, instant));
    canvas_text(canvas, app->width - 20, 24, CANVAS_MONO, 15, CANVAS_END, color_of(app, THEME_BAR_TEXT),
                instant);
    if (app->skipped_until > screen_clock() && app->is_playing) {
        char skipped[40];
        picture_time(skipped, sizeof skipped, app->skipped, app->skipped / 50);
        snprintf(speed, sizeof speed, "%s of nothing skipped", skipped);
    } else {
        size_t length = strlen(speed);
        snprintf(speed + length, sizeof speed - length, " \xc2\xb7 true scale");
    }
    canvas_text(canvas, app->width - 20, 42, CANVAS_SANS, 11.5, CANVAS_END,
                color_mix(color_of(app, THEME_BAR_TEXT), color_of(app, THEME_BAR), 25), speed);
}

/* ---- The scrubber ---- */

static double x_of(const struct app *app, nt_time at)
{
    return app->track.x + (app->shown <= 0    ? 0
                           : at >= app->shown ? app->track.width
                                              : (double)at / (double)app->shown * app->track.width);
}

void chrome_draw_scrubber(struct app *app, struct canvas *canvas, struct canvas_box box)
{
    char end[40];
    struct canvas_paint panel = {color_of(app, THEME_PANEL), color_of(app, THEME_EDGE), 1, CANVAS_SOLID};
    picture_time(end, sizeof end, app->shown, app->shown / 1000);
    double right = canvas_text_width(CANVAS_MONO, 12, end) + 34;
    app->track = (struct canvas_box){box.x + 62, box.y + 28, box.width - 62 - right, 6};
    double now = x_of(app, session_now(app->session));
    canvas_rect(canvas, box, 8, &panel);
    canvas_text(canvas, box.x + 16, app->track.y + 7, CANVAS_MONO, 12, CANVAS_START,
                color_of(app, THEME_MUTED), "0 s");
    canvas_text(canvas, box.x + box.width - 16, app->track.y + 7, CANVAS_MONO, 12, CANVAS_END,
                color_of(app, THEME_MUTED), end);
    canvas_tag_begin(canvas, CANVAS_TAG_CONTROL, CONTROL_TRACK, "");
    canvas_rect(canvas, app->track, 3, &(struct canvas_paint){.fill = color_of(app, THEME_EDGE)});
    canvas_rect(canvas, (struct canvas_box){app->track.x, app->track.y, now - app->track.x, 6}, 3,
                &(struct canvas_paint){.fill = color_of(app, THEME_DATA)});
    canvas_circle(
        canvas, now, app->track.y + 3, 9,
        &(struct canvas_paint){color_of(app, THEME_PANEL), color_of(app, THEME_DATA), 3, CANVAS_SOLID});
    canvas_tag_end(canvas);
    ticks_draw(app, canvas, box.y + box.height - 8);
    const char *words = app->message_until > screen_clock() ? app->message : "";
    char until[APP_LINE + 20];
    snprintf(until, sizeof until, "run until: %s\xe2\x96\x8f", app->line);
    canvas_text_in(canvas, app->track.x + 330, box.y + box.height - 8, app->track.width - 330, CANVAS_SANS,
                   12, color_of(app, THEME_TEXT), app->is_until ? until : words);
}

/* ---- The caption: the story in one sentence, for the back row ---- */

void chrome_draw_caption(struct app *app, struct canvas *canvas, struct canvas_box box)
{
    char sentence[400] = "Nothing has happened yet.";
    struct text text = text_in(sentence, sizeof sentence);
    const struct nt_record *record = session_record(app->session, app->record);
    if (record)
        sentence_add(&text, session_run(app->session), record);
    canvas_rect(canvas, box, 6, &(struct canvas_paint){.fill = color_of(app, THEME_BAR)});
    canvas_text_in(canvas, box.x + 16, box.y + box.height / 2 + 6, box.width - 32, CANVAS_BOLD, 17,
                   color_of(app, THEME_BAR_TEXT), sentence);
}

/* ---- All keys ---- */

void chrome_draw_help(struct app *app, struct canvas *canvas)
{
    unsigned rows = 0, row = 0;
    for (const struct key_row *key = key_rows; key->key; key++)
        rows += key->sentence != NULL;
    unsigned half = (rows + 1) / 2;
    double height = 92 + half * 23.0, width = app->width < 820 ? app->width - 20 : 800;
    struct canvas_box box = {(app->width - width) / 2,
                             (app->height - height) / 2 > 4 ? (app->height - height) / 2 : 4, width, height};
    struct canvas_paint paint = {color_of(app, THEME_PANEL), color_of(app, THEME_EDGE), 1.5, CANVAS_SOLID};
    canvas_rect(canvas, (struct canvas_box){0, 0, app->width, app->height}, 0,
                &(struct canvas_paint){.fill = color_fade(color_of(app, THEME_BAR), 45)});
    canvas_rect(canvas, box, 10, &paint);
    canvas_text(canvas, box.x + 24, box.y + 36, CANVAS_BOLD, 17, CANVAS_START, color_of(app, THEME_TEXT),
                "All keys");
    canvas_text(canvas, box.x + box.width - 24, box.y + 36, CANVAS_SANS, 12, CANVAS_END,
                color_of(app, THEME_MUTED), "F4 step, F5 run, F6 faster, F7 end, F8 stop, as in Qtenv");
    for (const struct key_row *key = key_rows; key->key; key++) {
        if (!key->sentence)
            continue;
        double x = box.x + 24 + (row / half) * (box.width / 2 - 12), y = box.y + 70 + (row % half) * 23.0;
        canvas_text(canvas, x, y, CANVAS_MONO_BOLD, 12, CANVAS_START, color_of(app, THEME_DATA), key->key);
        canvas_text_in(canvas, x + 104, y, box.width / 2 - 150, CANVAS_SANS, 13, color_of(app, THEME_TEXT),
                       key->sentence);
        row++;
    }
}

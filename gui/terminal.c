/* SPDX-License-Identifier: MIT
 * A terminal on the chosen node: what its commands have printed, and a line to type the next one. */
#include <stdio.h>
#include <string.h>

#include "gui/app.h"

#define LINE 16.0
#define LINES_MOST 120

/* Is it a line that the node's screen shows: a command, or what one prints? */
static bool is_shown(const struct app *app, const struct nt_record *record)
{
    return record->node == app->node &&
           (record->kind == RUN_KIND_APP_START || record->kind == RUN_KIND_APP_PRINT);
}

void terminal_draw(struct app *app, struct canvas *canvas, double width, double height)
{
    struct picture_wish wish = {
        .session = app->session, .width = width, .height = height, .theme = app->theme};
    const struct run *run = session_run(app->session);
    const char *name = app->node ? run_node(run, app->node)->name : "no node";
    char title[120], line[APP_LINE + 120];
    snprintf(title, sizeof title, "Terminal \xc2\xb7 %s", name);
    struct canvas_box room =
        picture_panel(&wish, canvas, title, app->node ? "type a command, then Enter" : "");
    if (!app->node) {
        picture_nothing(&wish, canvas, room, "Click on a node; what you type is run there.");
        return;
    }
    double y = room.y + room.height - 4;
    snprintf(line, sizeof line, "%s$ %s%s", name, app->is_until ? "" : app->line,
             app->is_typing && !app->is_until ? "\xe2\x96\x8f" : "");
    canvas_text_in(canvas, room.x, y, room.width, CANVAS_MONO_BOLD, PICTURE_TEXT,
                   picture_color(&wish, THEME_TEXT), line);
    unsigned lines = 0;
    for (uint64_t number = session_records(app->session); number > 0 && lines < LINES_MOST; number--) {
        const struct nt_record *record = session_record(app->session, number);
        if (!is_shown(app, record))
            continue;
        y -= LINE;
        if (y < room.y + 10)
            break;
        bool is_command = record->kind == RUN_KIND_APP_START;
        snprintf(line, sizeof line, "%s%s%s", is_command ? name : "", is_command ? "$ " : "",
                 run_text(run, (uint64_t)record->values[0]));
        line[strcspn(line, "\n")] = '\0';
        canvas_text_in(canvas, room.x, y, room.width, is_command ? CANVAS_MONO_BOLD : CANVAS_MONO,
                       PICTURE_TEXT, picture_color(&wish, is_command ? THEME_TEXT : THEME_MUTED), line);
        lines++;
    }
}

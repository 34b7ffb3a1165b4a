/* SPDX-License-Identifier: MIT
 * What lies over the panels: an open menu, or the words for what is under the mouse. */
#include <math.h>
#include <string.h>

#include "gui/app.h"

#define LABEL_ROOM 460.0 /* a longer sentence is cut */
#define TEXT 12.5

/* The label stands below the mouse, or above where there is no room; it moves with the thing, not with each pixel. */
static struct canvas_box draw_label(const struct app *app, struct canvas *canvas)
{
    const struct color *colors = app->theme->colors;
    double room = app->width - 40 < LABEL_ROOM ? app->width - 40 : LABEL_ROOM,
           width = canvas_text_width(CANVAS_SANS, TEXT, app->hover);
    width = (width < room ? width : room) + 20;
    struct canvas_box box = {floor(app->hover_x + 14), floor(app->hover_y + 18), width, 26};
    if (box.x + width > app->width - 4)
        box.x = floor(app->width - width - 4);
    if (box.y + box.height > app->height - 4)
        box.y = floor(app->hover_y - 12 - box.height);
    canvas_rect(canvas, box, 5, &(struct canvas_paint){colors[THEME_BAR], colors[THEME_EDGE], 1, CANVAS_SOLID});
    canvas_text_in(canvas, box.x + 10, box.y + 17.5, width - 20, CANVAS_SANS, TEXT, colors[THEME_BAR_TEXT],
                   app->hover);
    return box;
}

/* What is under the mouse now: things move, also when the mouse does not. */
static void look(struct app *app, const struct canvas *canvas)
{
    const struct canvas_tag *tag =
        app->has_mouse && app->drags == 0 ? canvas_hit(canvas, app->mouse_x, app->mouse_y) : NULL;
    const char *words = tag ? canvas_tag_title(canvas, tag) : "";
    if (strncmp(words, app->hover, sizeof app->hover - 1) == 0)
        return;
    strncpy(app->hover, words, sizeof app->hover - 1);
    app->hover[sizeof app->hover - 1] = '\0';
    app->hover_x = app->mouse_x;
    app->hover_y = app->mouse_y;
}

void overlay_draw(struct app *app, struct canvas *canvas)
{
    struct app_region *region = &app->overlay;
    canvas_clear(&region->part, app->width, app->height);
    region->box = (struct canvas_box){0, 0, 0, 0};
    look(app, canvas);
    if (app->menu.is_open)
        region->box = menu_draw(app, &region->part);
    else if (app->hover[0] && !app->has_help)
        region->box = draw_label(app, &region->part);
    region->box.x -= 2;
    region->box.y -= 2;
    region->box.width += region->box.width > 0 ? 4 : 0;
    region->box.height += region->box.width > 0 ? 4 : 0;
    region->hash = region->box.width > 0 ? canvas_hash(&region->part) : 0;
    canvas_append(canvas, 0, 0, &region->part);
}

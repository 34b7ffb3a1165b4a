/* SPDX-License-Identifier: MIT
 * Menus. */
#include "gui/menu.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gui/app.h"

#define ROW 25.0
#define HEAD 38.0

/* ---- Rows ---- */

static struct menu_row *add(struct menu *menu, enum menu_what what, uint32_t node, const char *words,
                            const char *format, ...) __attribute__((format(printf, 5, 6)));

/* NULL: there is no room. */
static struct menu_row *add(struct menu *menu, enum menu_what what, uint32_t node, const char *words,
                            const char *format, ...)
{
    if (menu->count == MENU_ROWS)
        return NULL;
    struct menu_row *row = &menu->rows[menu->count++];
    va_list list;
    *row = (struct menu_row){.what = what, .node = node};
    snprintf(row->words, sizeof row->words, "%s", words);
    va_start(list, format);
    vsnprintf(row->line, sizeof row->line, format, list);
    va_end(list);
    return row;
}

/* The last row goes again if its node would refuse it. */
static void keep_if_right(const struct app *app, struct menu *menu)
{
    struct nt_why why;
    const struct menu_row *row = &menu->rows[menu->count - 1];
    if (!session_command_is_right(app->session, row->node, row->line, &why))
        menu->count--;
}

static void begin(struct menu *menu, double x, double y)
{
    *menu = (struct menu){.is_open = true, .x = x, .y = y};
}

/* ---- What can be done ---- */

static void add_frame(struct app *app, struct menu *menu)
{
    static const struct {
        const char *words, *format;
    } rows[] = {{"let it be delivered twice", "duplicate %" PRIu64},
                {"turn one of its bits over", "corrupt %" PRIu64},
                {"let it come 20 ms later", "delay %" PRIu64 " 20ms"}};
    uint32_t medium = session_medium_of(app->session, app->frame);
    add(menu, MENU_KEY, 0, "look inside the frame", "I");
    add(menu, MENU_KEY, 0, app->is_following ? "follow it no more" : "follow its conversation", "F");
    if (!medium)
        return;
    add(menu, MENU_KEY, 0, "drop this frame", "D");
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[60];
        snprintf(line, sizeof line, rows[i].format, app->frame);
        add(menu, MENU_COMMAND, medium, rows[i].words, "%s", line);
        keep_if_right(app, menu);
    }
}

static void add_cable(const struct app *app, struct menu *menu, const struct nt_node *node)
{
    static const struct {
        enum menu_what what;
        const char *words, *line;
    } rows[] = {{MENU_COMMAND, "lose 1 frame in 100", "set loss 1%"},
                {MENU_COMMAND, "lose 1 frame in 10", "set loss 10%"},
                {MENU_COMMAND, "lose 1 frame in 2", "set loss 50%"},
                {MENU_COMMAND, "lose no more than the file says", "set loss 0%"},
                {MENU_LINE, "another loss ...", "set loss 5%"},
                {MENU_LINE, "another delay ...", "set delay 20ms"},
                {MENU_LINE, "another rate ...", "set rate 1Mbps"}};
    const struct nt_port *port = node->port_count ? node->ports[0] : NULL;
    add(menu, MENU_KEY, 0, port && port->peer && port->peer->is_up ? "cut the cable" : "mend the cable", "X");
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        add(menu, rows[i].what, node->id, rows[i].words, "%s", rows[i].line);
        keep_if_right(app, menu);
    }
}

static void add_station(const struct app *app, struct menu *menu, const struct nt_node *node)
{
    const struct run *run = session_run(app->session);
    const struct nt_port *port = node->port_count ? node->ports[0] : NULL;
    add(menu, MENU_KEY, 0, "type a command on it", "C");
    for (uint32_t id = 1; id <= run_node_count(run); id++)
        if (id != node->id && strcmp(run_node(run, id)->type->name, "host") == 0) {
            add(menu, MENU_LINE, node->id, "ping another ...", "ping -c 1 %.30s", run_node(run, id)->name);
            keep_if_right(app, menu);
            break;
        }
    if (port) {
        bool is_up = port->is_up;
        add(menu, MENU_COMMAND, node->id, is_up ? "take its first interface down" : "bring its first interface up",
            "ip link set %.30s %s", port->name, is_up ? "down" : "up");
        keep_if_right(app, menu);
    }
    add(menu, MENU_KEY, 0, "its tables", "T");
}

void menu_open_things(struct app *app, double x, double y)
{
    const struct nt_node *node =
        app->session && app->node ? run_node(session_run(app->session), app->node) : NULL;
    struct menu *menu = &app->menu;
    if (!app->session || (!node && !app->frame)) {
        app_say(app, "Choose something first: click on it, or press A for the next node, E for the next frame.");
        return;
    }
    begin(menu, x, y);
    if (app->frame)
        add_frame(app, menu);
    if (node && node->type->flags & NT_NODE_MEDIUM)
        add_cable(app, menu, node);
    else if (node)
        add_station(app, menu, node);
    if (app->frame && node)
        snprintf(menu->title, sizeof menu->title, "Frame %" PRIu64 " and %.50s", app->frame, node->name);
    else if (app->frame)
        snprintf(menu->title, sizeof menu->title, "Frame %" PRIu64, app->frame);
    else
        snprintf(menu->title, sizeof menu->title, "%s %.50s", node->type->name, node->name);
}

void menu_open_views(struct app *app, unsigned cell, double x, double y)
{
    struct menu *menu = &app->menu;
    if (!app->session || cell >= APP_CELLS)
        return;
    begin(menu, x, y);
    menu->cell = cell;
    snprintf(menu->title, sizeof menu->title, "This panel shows");
    for (unsigned i = 0; contents_name(i); i++) {
        add(menu, MENU_VIEW, 0, contents_sentence(i), "%s", contents_name(i));
        if (strcmp(contents_name(i), app->cells[cell].content) == 0)
            menu->chosen = i;
    }
    add(menu, MENU_VIEW, 0, "what the run suggests", "%s", "");
}

/* ---- Taking one ---- */

void menu_take(struct app *app, unsigned number)
{
    if (!app->menu.is_open || number >= app->menu.count)
        return;
    struct menu_row row = app->menu.rows[number];
    app->menu.is_open = false;
    if (row.what == MENU_COMMAND)
        app_command(app, row.node, row.line);
    else if (row.what == MENU_KEY)
        keys_press(app, row.line, 0);
    else if (row.what == MENU_VIEW)
        app_set_view(app, app->menu.cell, row.line);
    else {
        app->node = row.node;
        keys_press(app, "C", 0);
        snprintf(app->line, sizeof app->line, "%s", row.line);
    }
}

bool menu_key(struct app *app, const char *key)
{
    struct menu *menu = &app->menu;
    if (!menu->is_open)
        return false;
    if (strcmp(key, "Down") == 0 || strcmp(key, "Tab") == 0)
        menu->chosen = (menu->chosen + 1) % menu->count;
    else if (strcmp(key, "Up") == 0 || strcmp(key, "Shift+Tab") == 0)
        menu->chosen = (menu->chosen + menu->count - 1) % menu->count;
    else if (strcmp(key, "Return") == 0)
        menu_take(app, menu->chosen);
    else
        menu->is_open = false;
    return true;
}

/* ---- Drawing ---- */

static double widest(const struct menu *menu)
{
    double width = canvas_text_width(CANVAS_BOLD, 13, menu->title) + 30;
    for (unsigned i = 0; i < menu->count; i++) {
        double row = canvas_text_width(CANVAS_SANS, 13, menu->rows[i].words) +
                     canvas_text_width(CANVAS_MONO, 11, menu->rows[i].line) + 64;
        width = row > width ? row : width;
    }
    return width;
}

struct canvas_box menu_draw(const struct app *app, struct canvas *canvas)
{
    const struct menu *menu = &app->menu;
    const struct color *colors = app->theme->colors;
    double width = widest(menu), height = HEAD + ROW * menu->count + 8;
    width = width < app->width - 8 ? width : app->width - 8;
    double x = menu->x + width < app->width - 4 ? menu->x : app->width - width - 4,
           y = menu->y + height < app->height - 4 ? menu->y : app->height - height - 4;
    struct canvas_box box = {x > 4 ? x : 4, y > 4 ? y : 4, width, height};
    canvas_rect(canvas, box, 8,
                &(struct canvas_paint){colors[THEME_PANEL], colors[THEME_CONTROL], 1.5, CANVAS_SOLID});
    canvas_text_in(canvas, box.x + 14, box.y + 25, width - 28, CANVAS_BOLD, 13, colors[THEME_TEXT], menu->title);
    for (unsigned i = 0; i < menu->count; i++) {
        const struct menu_row *row = &menu->rows[i];
        struct canvas_box place = {box.x + 5, box.y + HEAD + ROW * i, width - 10, ROW};
        bool is_chosen = i == menu->chosen;
        canvas_tag_begin(canvas, CANVAS_TAG_CONTROL, CONTROL_MENU + i, "");
        canvas_rect(canvas, place, 5,
                    &(struct canvas_paint){.fill = is_chosen ? colors[theme_soft(THEME_DATA)] : colors[THEME_PANEL]});
        canvas_text_in(canvas, place.x + 10, place.y + 17, place.width - 20, CANVAS_SANS, 13, colors[THEME_TEXT],
                       row->words);
        canvas_text(canvas, place.x + place.width - 10, place.y + 17, CANVAS_MONO, 11, CANVAS_END,
                    colors[THEME_MUTED], row->line);
        canvas_tag_end(canvas);
    }
    return box;
}

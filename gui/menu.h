/* SPDX-License-Identifier: MIT
 * A menu: what can be done to the chosen thing, or what a panel can show.
 *
 * Each row is a command for a node, a line to be finished by hand, a key that is pressed, or a view. A command that would be
 * refused is no row. */
#ifndef NETARIUM_GUI_MENU_H
#define NETARIUM_GUI_MENU_H

#include <stdbool.h>
#include <stdint.h>

#include "views/canvas/canvas.h"

#define MENU_ROWS 20

struct app;

enum menu_what {
    MENU_COMMAND, /* `line` is typed on the node */
    MENU_LINE,    /* `line` stands ready, to be finished */
    MENU_KEY,     /* the key `line` is pressed */
    MENU_VIEW     /* the panel shows `line`; "": what the run suggests */
};

struct menu_row {
    enum menu_what what;
    char words[90];
    char line[60];
    uint32_t node; /* COMMAND, LINE: on which */
};

struct menu {
    bool is_open;
    char title[90];
    struct menu_row rows[MENU_ROWS];
    unsigned count, chosen;
    unsigned cell; /* VIEW: of which panel */
    double x, y;   /* where it was asked for */
};

/* What can be done to the chosen frame and the chosen node. */
void menu_open_things(struct app *app, double x, double y);

/* What panel `cell` can show. */
void menu_open_views(struct app *app, unsigned cell, double x, double y);

/* True: the key was the menu's. */
bool menu_key(struct app *app, const char *key);

/* Does what row `row` says, and closes the menu. */
void menu_take(struct app *app, unsigned row);

/* Draws it into `canvas`, which has the window's coordinates. Returns where it is. */
struct canvas_box menu_draw(const struct app *app, struct canvas *canvas);

#endif

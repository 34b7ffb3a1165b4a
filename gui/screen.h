/* SPDX-License-Identifier: MIT
 * The window itself: pixels out, keys and mouse in. The only pair of files that knows SDL.
 *
 * A window has a block of pixels in memory; whoever draws says which part has changed. Keys come by their
 * names ("Space", "Right", "F11", "A"), so that a script can type them as well. */
#ifndef NETARIUM_GUI_SCREEN_H
#define NETARIUM_GUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCREEN_TEXT 256

enum screen_event_kind {
    SCREEN_NOTHING,
    SCREEN_QUIT,
    SCREEN_KEY,     /* key, mods */
    SCREEN_TYPED,   /* text: letters, as the keyboard's layout makes them */
    SCREEN_PRESS,   /* x, y, button, clicks */
    SCREEN_RELEASE, /* x, y, button */
    SCREEN_MOVE,    /* x, y */
    SCREEN_WHEEL,   /* x, y, amount: up is positive */
    SCREEN_RESIZE,  /* x, y: the new size */
    SCREEN_DROP     /* text: the path of a file that was dropped on the window */
};

enum screen_mod { SCREEN_SHIFT = 1, SCREEN_CTRL = 2, SCREEN_ALT = 4 };

/* Coordinates are pixels of the window, before scaling. */
struct screen_event {
    enum screen_event_kind kind;
    double x, y;
    int button, clicks;
    double amount;
    unsigned mods;
    char text[SCREEN_TEXT]; /* a key's name, letters, or a path */
};

struct screen;

/* What a window should be like. */
struct screen_wish {
    const char *title;
    int width, height; /* in pixels at scale 1 */
    double scale;      /* 0: as the screen says */
};

/* Opens a window. NULL: `ret_why` (of `size` bytes) says why not, in one sentence. */
struct screen *screen_open(const struct screen_wish *wish, char *ret_why, size_t size);
void screen_close(struct screen *screen);

void screen_set_title(struct screen *screen, const char *title);
void screen_set_full(struct screen *screen, bool is_full);

/* Pixels across a unit of what is drawn. */
double screen_scale(const struct screen *screen);

/* The block of pixels: 32 bits each (alpha, red, green, blue from the top), `*ret_stride` bytes a row. Valid
 * until the next resize. */
uint8_t *screen_pixels(struct screen *screen, int *ret_width, int *ret_height, int *ret_stride);

/* This part of the block has changed. */
void screen_touch(struct screen *screen, int x, int y, int width, int height);

/* Shows what was touched. */
void screen_show(struct screen *screen);

/* The next event that has come; SCREEN_NOTHING: none within `wait_ms`. */
enum screen_event_kind screen_next(struct screen *screen, int wait_ms, struct screen_event *ret_event);

/* Milliseconds of the real world since something or other. */
uint64_t screen_clock(void);

/* The folder where this person's settings belong, ended by a slash; "" if there is none. */
void screen_settings_folder(char *ret_path, size_t size);

#endif

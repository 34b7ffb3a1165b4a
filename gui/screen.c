/* SPDX-License-Identifier: MIT
 * The window itself, by way of SDL. */
#include "gui/screen.h"

#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct screen {
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *texture; /* as large as the block */
    uint8_t *pixels;      /* owned */
    int width, height;    /* of the block, in real pixels */
    double scale;         /* real pixels in a unit */
    double wished_scale;  /* 0: ask the screen */
    bool is_touched;
};

/* ---- The block ---- */

/* The block and its texture get the window's size. */
static bool follow_size(struct screen *screen)
{
    int width, height, units;
    SDL_GetRendererOutputSize(screen->renderer, &width, &height);
    SDL_GetWindowSize(screen->window, &units, NULL);
    screen->scale = screen->wished_scale > 0 ? screen->wished_scale : units > 0 ? (double)width / units : 1;
    if (screen->texture)
        SDL_DestroyTexture(screen->texture);
    free(screen->pixels);
    screen->width = width > 0 ? width : 1;
    screen->height = height > 0 ? height : 1;
    screen->pixels = calloc((size_t)screen->width * (size_t)screen->height, 4);
    screen->texture = SDL_CreateTexture(screen->renderer, SDL_PIXELFORMAT_ARGB8888,
                                        SDL_TEXTUREACCESS_STREAMING, screen->width, screen->height);
    screen->is_touched = true;
    return screen->pixels && screen->texture;
}

uint8_t *screen_pixels(struct screen *screen, int *ret_width, int *ret_height, int *ret_stride)
{
    *ret_width = screen->width;
    *ret_height = screen->height;
    *ret_stride = screen->width * 4;
    return screen->pixels;
}

void screen_touch(struct screen *screen, int x, int y, int width, int height)
{
    SDL_Rect all = {0, 0, screen->width, screen->height}, wanted = {x, y, width, height}, part;
    if (!SDL_IntersectRect(&all, &wanted, &part))
        return;
    SDL_UpdateTexture(screen->texture, &part,
                      screen->pixels + ((size_t)part.y * (size_t)screen->width + (size_t)part.x) * 4,
                      screen->width * 4);
    screen->is_touched = true;
}

void screen_show(struct screen *screen)
{
    if (!screen->is_touched)
        return;
    SDL_RenderCopy(screen->renderer, screen->texture, NULL, NULL);
    SDL_RenderPresent(screen->renderer);
    screen->is_touched = false;
}

/* ---- Opening and closing ---- */

struct screen *screen_open(const struct screen_wish *wish, char *ret_why, size_t size)
{
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    if (SDL_Init(SDL_INIT_VIDEO) != 0) {
        snprintf(ret_why, size, "no window can be opened here: %s", SDL_GetError());
        return NULL;
    }
    struct screen *screen = calloc(1, sizeof *screen);
    double factor = wish->scale > 0 ? wish->scale : 1;
    screen->wished_scale = wish->scale;
    screen->window = SDL_CreateWindow(wish->title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                                      (int)(wish->width * factor), (int)(wish->height * factor),
                                      SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    screen->renderer = screen->window ? SDL_CreateRenderer(screen->window, -1, 0) : NULL;
    if (!screen->renderer || !follow_size(screen)) {
        snprintf(ret_why, size, "no window can be opened here: %s", SDL_GetError());
        for (size_t end = strlen(ret_why); end > 0 && ret_why[end - 1] == '.'; end--)
            ret_why[end - 1] = '\0'; /* whoever prints it ends the sentence */
        screen_close(screen);
        return NULL;
    }
    SDL_SetWindowMinimumSize(screen->window, 480, 320);
    SDL_StartTextInput();
    return screen;
}

void screen_close(struct screen *screen)
{
    if (!screen)
        return;
    if (screen->texture)
        SDL_DestroyTexture(screen->texture);
    if (screen->renderer)
        SDL_DestroyRenderer(screen->renderer);
    if (screen->window)
        SDL_DestroyWindow(screen->window);
    SDL_Quit();
    free(screen->pixels);
    free(screen);
}

void screen_set_title(struct screen *screen, const char *title)
{
    SDL_SetWindowTitle(screen->window, title);
}

void screen_set_full(struct screen *screen, bool is_full)
{
    SDL_SetWindowFullscreen(screen->window, is_full ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
}

double screen_scale(const struct screen *screen)
{
    return screen->scale;
}

/* ---- Events ---- */

static unsigned mods_of(int state)
{
    return (state & KMOD_SHIFT ? SCREEN_SHIFT : 0u) | (state & KMOD_CTRL ? SCREEN_CTRL : 0u) |
           (state & KMOD_ALT ? SCREEN_ALT : 0u);
}

/* Mouse coordinates are in the window's units; those of the picture count from its scale. */
static void set_place(const struct screen *screen, struct screen_event *event, int x, int y)
{
    int units;
    SDL_GetWindowSize(screen->window, &units, NULL);
    double real = units > 0 ? (double)screen->width / units : 1;
    event->x = x * real / screen->scale;
    event->y = y * real / screen->scale;
}

static void take_mouse(const struct screen *screen, const SDL_Event *from, struct screen_event *event)
{
    event->kind = from->type == SDL_MOUSEBUTTONDOWN ? SCREEN_PRESS : SCREEN_RELEASE;
    event->button = from->button.button;
    event->clicks = from->button.clicks;
    event->mods = mods_of(SDL_GetModState());
    set_place(screen, event, from->button.x, from->button.y);
}

static void take_event(struct screen *screen, const SDL_Event *from, struct screen_event *event)
{
    int x, y;
    switch (from->type) {
    case SDL_QUIT:
        event->kind = SCREEN_QUIT;
        break;
    case SDL_KEYDOWN:
        event->kind = SCREEN_KEY;
        event->mods = mods_of(from->key.keysym.mod);
        snprintf(event->text, sizeof event->text, "%s", SDL_GetKeyName(from->key.keysym.sym));
        break;
    case SDL_TEXTINPUT:
        event->kind = SCREEN_TYPED;
        snprintf(event->text, sizeof event->text, "%s", from->text.text);
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        take_mouse(screen, from, event);
        break;
    case SDL_MOUSEMOTION:
        event->kind = SCREEN_MOVE;
        set_place(screen, event, from->motion.x, from->motion.y);
        break;
    case SDL_MOUSEWHEEL:
        event->kind = SCREEN_WHEEL;
        event->amount = from->wheel.y;
        event->mods = mods_of(SDL_GetModState());
        SDL_GetMouseState(&x, &y);
        set_place(screen, event, x, y);
        break;
    case SDL_DROPFILE:
        event->kind = SCREEN_DROP;
        snprintf(event->text, sizeof event->text, "%s", from->drop.file);
        SDL_free(from->drop.file);
        break;
    case SDL_WINDOWEVENT:
        if (from->window.event == SDL_WINDOWEVENT_SIZE_CHANGED && follow_size(screen))
            event->kind = SCREEN_RESIZE;
        if (from->window.event == SDL_WINDOWEVENT_EXPOSED)
            screen->is_touched = true;
    }
}

enum screen_event_kind screen_next(struct screen *screen, int wait_ms, struct screen_event *ret_event)
{
    SDL_Event event;
    memset(ret_event, 0, sizeof *ret_event);
    if (wait_ms > 0 ? SDL_WaitEventTimeout(&event, wait_ms) : SDL_PollEvent(&event)) {
        take_event(screen, &event, ret_event);
        if (ret_event->kind == SCREEN_NOTHING) /* something that nobody wants to know; look again */
            return screen_next(screen, 0, ret_event);
    }
    return ret_event->kind;
}

uint64_t screen_clock(void)
{
    return SDL_GetTicks64();
}

void screen_settings_folder(char *ret_path, size_t size)
{
    char *path = SDL_GetPrefPath("netarium", "netarium");
    snprintf(ret_path, size, "%s", path ? path : "");
    SDL_free(path);
}

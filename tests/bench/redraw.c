/* SPDX-License-Identifier: MIT
 * redraw: how long does a window of 1600x900 pixels take?
 *
 * 24 hosts around a switch ping each other. All pictures that have something to show are laid side by side
 * and drawn into memory: all of them (aim: 20 ms), and then, an event later, as the window does it: every
 * list is made anew, and only those are drawn whose hash is another one. `moving` is that with the map alone,
 * where only frames move (aim: 6 ms). Middles of many. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nodes/builtin.h"
#include "tests/bench/bench.h"
#include "views/canvas/raster.h"
#include "views/pictures/picture.h"

#define WIDTH 1600
#define HEIGHT 900
#define HOSTS 24
#define ROUNDS 60
#define PANELS_MOST 12

struct panel {
    const struct picture_type *type;
    struct canvas canvas;
    uint64_t hash;
    double x, y;
};

struct window {
    struct session *session;
    struct picture_wish wish;
    struct panel panels[PANELS_MOST];
    unsigned count;
    uint8_t *pixels;
};

static double now_ms(void)
{
    struct bench_result now = {0};
    clock_begin(&now);
    return now.begun_s * 1e3;
}

static struct session *session_of_pings(struct registry *registry, struct scenario **ret_scenario)
{
    struct error_list errors;
    struct nt_why why;
    char *all = malloc(16000), *at = all;
    at += sprintf(at, "{\"netarium\": 1, \"nodes\": {\"sw\": {\"type\": \"switch\", \"ports\": %d}", HOSTS);
    for (int i = 0; i < HOSTS; i++)
        at += sprintf(at, ", \"h%d\": {\"type\": \"host\", \"address\": \"10.0.0.%d/16\"}", i, i + 1);
    at += sprintf(at, "}, \"links\": [");
    for (int i = 0; i < HOSTS; i++)
        at += sprintf(at, "%s{\"between\": [\"h%d\", \"sw\"], \"rate\": \"10 Mbps\", \"delay\": \"1 ms\"}",
                      i ? ", " : "", i);
    at += sprintf(at, "], \"actions\": [");
    for (int i = 0; i < HOSTS; i++)
        at += sprintf(at, "%s{\"at\": \"%d us\", \"on\": \"h%d\", \"run\": \"ping -q -s 900 -i 0.002 h%d\"}",
                      i ? ", " : "", i * 70, i, (i + 1) % HOSTS);
    sprintf(at, "], \"stop\": \"400 ms\"}");
    registry_init(registry);
    registry_add(registry, &builtin_types, &why);
    error_list_init(&errors);
    *ret_scenario = scenario_parse("redraw", all, strlen(all), registry, NULL, &errors);
    struct session *session = *ret_scenario ? session_new(registry, *ret_scenario, NULL, &errors) : NULL;
    error_list_release(&errors);
    free(all);
    return session;
}

static bool compose(struct window *window, struct panel *panel, double width, double height)
{
    struct nt_why why;
    window->wish.width = width;
    window->wish.height = height;
    canvas_clear(&panel->canvas, width, height);
    return panel->type->draw(&window->wish, &panel->canvas, &why);
}

/* Those pictures that have something to show, in a grid. */
static void lay_out(struct window *window)
{
    for (const struct picture_type *type = picture_types; type->name && window->count < PANELS_MOST; type++) {
        struct panel *panel = &window->panels[window->count];
        *panel = (struct panel){.type = type};
        if (compose(window, panel, WIDTH / 2, HEIGHT / 2))
            window->count++;
        else
            canvas_release(&panel->canvas);
    }
    unsigned columns = window->count > 4 ? 3 : window->count > 1 ? 2 : 1;
    unsigned rows = (window->count + columns - 1) / columns;
    for (unsigned i = 0; i < window->count; i++) {
        compose(window, &window->panels[i], WIDTH / columns, HEIGHT / rows);
        window->panels[i].x = i % columns * (WIDTH / columns);
        window->panels[i].y = i / columns * (HEIGHT / rows);
    }
}

/* Makes the lists of the first `count` panels anew, and draws those that have changed (or all). */
static double redraw_ms(struct window *window, unsigned count, bool all, unsigned *ret_drawn)
{
    double begun = now_ms();
    for (unsigned i = 0; i < count; i++) {
        struct panel *panel = &window->panels[i];
        compose(window, panel, panel->canvas.width, panel->canvas.height);
        uint64_t hash = canvas_hash(&panel->canvas);
        if (all || hash != panel->hash) {
            raster_draw(&panel->canvas, 1, panel->x, panel->y, window->pixels, WIDTH, HEIGHT, WIDTH * 4);
            ++*ret_drawn;
        }
        panel->hash = hash;
    }
    return now_ms() - begun;
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return one < two ? -1 : one > two;
}

static double middle(double *times, unsigned count)
{
    qsort(times, count, sizeof *times, by_size);
    return times[count / 2];
}

static bool measure(struct window *window, const struct bench_options *options)
{
    double full[ROUNDS], event[ROUNDS], moving[ROUNDS];
    unsigned rounds = options->is_brief ? ROUNDS / 10 : ROUNDS, drawn = 0, changed = 0, moved = 0;
    for (unsigned i = 0; i < rounds; i++) {
        full[i] = redraw_ms(window, window->count, true, &drawn);
        session_step(window->session, SESSION_FRAME, 1, NULL);
        moving[i] = redraw_ms(window, 1, false, &moved);
        session_step(window->session, SESSION_FRAME, 1, NULL);
        event[i] = redraw_ms(window, window->count, false, &changed);
    }
    printf("RESULT workload=redraw pictures=%u full_ms=%.2f event_ms=%.2f moving_ms=%.2f changed=%.1f "
           "pixels=%s\n",
           window->count, middle(full, rounds), middle(event, rounds), middle(moving, rounds),
           (double)changed / rounds, raster_is_built() ? "cairo" : "none");
    if (moved != rounds)
        return result_is_wrong("redraw", "the map changed %u times in %u steps", moved, rounds);
    return true;
}

bool redraw_run(const struct bench_options *options)
{
    struct registry registry;
    struct scenario *scenario;
    struct window window = {.session = session_of_pings(&registry, &scenario)};
    if (!window.session)
        return result_is_wrong("redraw", "its network cannot be built");
    session_goto(window.session, NT_NEVER, NULL);
    session_goto(window.session, 200 * NT_MILLISECOND, NULL);
    window.wish = (struct picture_wish){.session = window.session,
                                        .from = 190 * NT_MILLISECOND,
                                        .to = 210 * NT_MILLISECOND,
                                        .theme = &theme_light};
    window.pixels = calloc(WIDTH * HEIGHT, 4);
    lay_out(&window);
    bool is_right = window.count > 0 && measure(&window, options);
    for (unsigned i = 0; i < window.count; i++)
        canvas_release(&window.panels[i].canvas);
    free(window.pixels);
    session_free(window.session);
    scenario_free(scenario);
    registry_release(&registry);
    return is_right;
}

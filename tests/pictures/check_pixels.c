/* SPDX-License-Identifier: MIT
 * check_pixels SCENARIO VIEW REFERENCE [--renew]: does a picture look on a screen as it did?
 *
 * It is drawn into memory and divided into a grid; the middle grey of each field is compared with the
 * reference, a text of numbers, with a tolerance: other fonts and another cairo move edges, not fields.
 * --renew writes the reference anew. Exit status: 0 as it was, 1 not, 77 this build has no cairo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nodes/builtin.h"
#include "views/canvas/raster.h"
#include "views/pictures/picture.h"

#define WIDTH 800
#define HEIGHT 480
#define ACROSS 40
#define DOWN 24
#define TOLERANCE 16    /* of 255 */
#define FURTHER_MOST 12 /* fields of 960 that may be further off */

static void register_all(struct registry *registry)
{
    struct nt_why why;
    registry_init(registry);
    registry_add(registry, &builtin_types, &why);
}

/* The picture in the middle of the run, as pixels. */
static bool draw(struct session *session, const char *view, uint8_t *pixels)
{
    const struct picture_type *type = picture_find(view);
    struct nt_why why;
    struct canvas canvas;
    session_goto(session, NT_NEVER, NULL);
    struct picture_wish wish = {.session = session,
                                .to = session_now(session),
                                .width = WIDTH,
                                .height = HEIGHT,
                                .theme = &theme_light};
    session_goto_record(session, session_records(session) / 2, NULL);
    if (type->choose_span)
        type->choose_span(&wish);
    canvas_init(&canvas, WIDTH, HEIGHT);
    bool is_drawn =
        type->draw(&wish, &canvas, &why) && raster_draw(&canvas, 1, 0, 0, pixels, WIDTH, HEIGHT, WIDTH * 4);
    canvas_release(&canvas);
    return is_drawn;
}

static int grey_of(const uint8_t *pixels, int across, int down)
{
    const int wide = WIDTH / ACROSS, high = HEIGHT / DOWN;
    long sum = 0;
    for (int y = down * high; y < (down + 1) * high; y++)
        for (int x = across * wide; x < (across + 1) * wide; x++)
            for (int byte = 0; byte < 4; byte++)
                sum += pixels[(y * WIDTH + x) * 4 + byte];
    return (int)(sum / (4 * wide * high));
}

/* Compares with the file, or writes it. Returns the fields that are too far off; -1: the file is not right.
 */
static int compare(const uint8_t *pixels, FILE *file, bool is_new)
{
    int further = 0, was;
    for (int y = 0; y < DOWN; y++)
        for (int x = 0; x < ACROSS; x++) {
            int grey = grey_of(pixels, x, y);
            if (is_new)
                fprintf(file, "%d%c", grey, x + 1 < ACROSS ? ' ' : '\n');
            else if (fscanf(file, "%d", &was) != 1)
                return -1;
            else
                further += abs(grey - was) > TOLERANCE;
        }
    return further;
}

int main(int count, char **words)
{
    struct registry registry;
    struct error_list errors;
    if (!raster_is_built())
        return 77;
    if (count < 4 || !picture_find(words[2]))
        return 2;
    bool is_new = count > 4 && strcmp(words[4], "--renew") == 0;
    FILE *file = fopen(words[3], is_new ? "w" : "r");
    uint8_t *pixels = calloc(WIDTH * HEIGHT, 4);
    register_all(&registry);
    error_list_init(&errors);
    struct scenario *scenario = scenario_read(words[1], &registry, NULL, &errors);
    struct session *session = scenario ? session_new(&registry, scenario, NULL, &errors) : NULL;
    int further = file && session && draw(session, words[2], pixels) ? compare(pixels, file, is_new) : -1;
    if (further < 0)
        printf("%s of %s cannot be drawn or compared\n", words[2], words[1]);
    else if (further > FURTHER_MOST)
        printf("%s of %s: %d of %d fields look different\n", words[2], words[1], further, ACROSS * DOWN);
    session_free(session);
    scenario_free(scenario);
    error_list_release(&errors);
    registry_release(&registry);
    free(pixels);
    if (file)
        fclose(file);
    return further < 0 || further > FURTHER_MOST;
}

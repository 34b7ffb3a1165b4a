/* SPDX-License-Identifier: MIT
 * What fell off lately, where it died, and why. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "views/pictures/map.h"

#define DROPS_MOST 2      /* shown */
#define LINE 22.0         /* between two */
#define LOW 260.0         /* a room with place for one */
#define RECORDS_MOST 3000 /* looked back at */

/* How long a drop stays: a fiftieth of what the picture spans, if that is known. */
static nt_time stay(const struct picture_wish *wish)
{
    return wish->to > wish->from ? (wish->to - wish->from) / 50 : 100 * NT_MILLISECOND;
}

/* Which frame, where, when and why; in a low picture, where a station has the place already, a line lower, or only why; or
 * nothing: then its title says it. Returns how wide that is. */
static double choose_words(const struct map *map, const struct nt_record *record, double *y, char *ret_words, size_t size)
{
    double right = map->room.x + map->room.width, width = 0;
    const char *why = run_text(map->run, (uint64_t)record->values[0]);
    char age[40];
    nt_time since = session_now(map->wish->session) - record->at;
    picture_time(age, sizeof age, since, since / 100);
    for (unsigned i = 0; i < 4; i++) {
        *y += i == 1 ? LINE : 0;
        if (i < 2)
            snprintf(ret_words, size, "frame %" PRIu64 " dropped at %s %s ago: %s", record->frame,
                     run_node(map->run, record->node)->name, age, why);
        else
            snprintf(ret_words, size, "%s", i == 2 ? why : "");
        width = canvas_text_width(CANVAS_SANS, PICTURE_TEXT, ret_words);
        if (canvas_is_free(map->canvas, (struct canvas_box){right - width - 56, *y - 15, width + 56, 21}))
            break;
    }
    return width;
}

static void draw_drop(const struct map *map, const struct nt_record *record, double y)
{
    struct label label = label_of_frame(map->wish->session, record->frame, record->cause);
    char words[200], title[300] = "";
    double x = map->room.x + map->room.width, width = choose_words(map, record, &y, words, sizeof words);
    struct canvas_paint paint = {map_color(map, THEME_LOSS_SOFT), map_color(map, THEME_LOSS), 1.5,
                                 CANVAS_DASHED};
    label_line(map->wish->session, record->frame, title, sizeof title);
    canvas_tag_begin(map->canvas, CANVAS_TAG_RECORD, record->number, title);
    canvas_rect(map->canvas, (struct canvas_box){x - width - 54, y - 13, 44, 18}, 3, &paint);
    canvas_text(map->canvas, x - width - 32, y + 0.5, CANVAS_MONO_BOLD, PICTURE_SMALL, CANVAS_MIDDLE,
                map_color(map, THEME_LOSS), label.word);
    canvas_text(map->canvas, x - width, y, CANVAS_SANS, PICTURE_TEXT, CANVAS_START,
                map_color(map, THEME_LOSS), words);
    canvas_tag_end(map->canvas);
}

void map_draw_drops(const struct map *map)
{
    struct session *session = map->wish->session;
    uint64_t last = session_records(session);
    nt_time oldest = session_now(session) - stay(map->wish);
    unsigned drawn = 0, most = map->room.height < LOW ? 1 : DROPS_MOST;
    for (uint64_t i = 0; i < last && i < RECORDS_MOST && drawn < most; i++) {
        const struct nt_record *record = session_record(session, last - i);
        if (!record || record->at < oldest)
            break;
        if (record->kind == RUN_KIND_FRAME_DROP)
            draw_drop(map, record, map->room.y + map->room.height - 26 - LINE * drawn++);
    }
}

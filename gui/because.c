/* SPDX-License-Identifier: MIT
 * Because: the chosen record in one sentence with its clause, how it came to this, and the records around it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gui/app.h"
#include "sim/base/text.h"
#include "views/sentence.h"

#define CAUSES 7 /* shown */
#define SENTENCE 400
#define LINE 22.0
#define HEAD 17.0 /* between two lines of the sentence */

static struct picture_wish wish_of(const struct app *app, double width, double height)
{
    return (struct picture_wish){
        .session = app->session, .width = width, .height = height, .theme = app->theme};
}

static enum theme_color color_of(const struct nt_kind *kind)
{
    if (kind->flags & NT_KIND_DROP)
        return THEME_LOSS;
    if (strstr(kind->name, "retransmit") || strstr(kind->name, "timeout"))
        return THEME_AGAIN;
    if (strncmp(kind->name, "app.", 4) == 0)
        return THEME_TEXT;
    return strncmp(kind->name, "frame.", 6) == 0 ? THEME_DATA : THEME_ACK;
}

/* Writes `words` into lines of at most `room` pixels, at most `most` of them. Returns how many. */
static unsigned draw_lines(struct canvas *canvas, double x, double y, double room, enum canvas_font font,
                           double size, struct color color, const char *words, unsigned most)
{
    char line[SENTENCE];
    unsigned lines = 0;
    while (*words && lines < most) {
        size_t fits = 0, end = 0;
        while (words[end]) {
            size_t next = end + 1 + strcspn(words + end + 1, " ");
            snprintf(line, sizeof line, "%.*s", (int)next, words);
            if (canvas_text_width(font, size, line) > room && fits > 0)
                break;
            fits = end = next;
        }
        snprintf(line, sizeof line, "%.*s", (int)fits, words);
        canvas_text_in(canvas, x, y + HEAD * lines++, room, font, size, color, line);
        words += fits;
        words += *words == ' ';
    }
    return lines;
}

/* The chosen record in a box. Returns where the box ends. */
static double draw_sentence(struct app *app, struct canvas *canvas, const struct picture_wish *wish,
                            struct canvas_box room, const struct nt_record *record)
{
    const struct run *run = session_run(app->session);
    const struct nt_kind *kind = run_kind_at(run, record->kind);
    enum theme_color accent = color_of(kind) == THEME_TEXT ? THEME_CONTROL : color_of(kind);
    char sentence[SENTENCE];
    struct text text = text_in(sentence, sizeof sentence);
    struct canvas measured;
    sentence_add(&text, run, record);
    sentence[0] = (char)(sentence[0] >= 'a' && sentence[0] <= 'z' &&
                                 !strstr(kind->sentence ? kind->sentence : "", "{node}")
                             ? sentence[0] - 32
                             : sentence[0]);
    canvas_init(&measured, room.width, 100);
    unsigned lines = draw_lines(&measured, 0, 0, room.width - 28, CANVAS_BOLD, 13.5, COLOR_NONE, sentence, 4);
    canvas_release(&measured);
    double height = 22 + HEAD * lines + (kind->clause ? 20 : 0);
    struct canvas_paint paint = {picture_color(wish, theme_soft(accent)), picture_color(wish, THEME_EDGE), 1,
                                 CANVAS_SOLID};
    canvas_rect(canvas, (struct canvas_box){room.x, room.y, room.width, height}, 6, &paint);
    draw_lines(canvas, room.x + 14, room.y + 23, room.width - 28, CANVAS_BOLD, 13.5,
               picture_color(wish, THEME_TEXT), sentence, 4);
    if (kind->clause)
        canvas_text_in(canvas, room.x + 14, room.y + height - 12, room.width - 28, CANVAS_SANS, PICTURE_TEXT,
                       picture_color(wish, accent), kind->clause);
    return room.y + height;
}

/* About a frame of another conversation than the one that is followed. */
static bool is_aside(struct app *app, const struct nt_record *record)
{
    struct session_frame frame;
    return app->is_following && record->frame && session_frame(app->session, record->frame, &frame) &&
           !follow_has(&app->follow, frame.bytes, frame.length_bytes);
}

/* One record as a row: a dot, when, where, what, its number. */
static void draw_row(struct app *app, struct canvas *canvas, const struct picture_wish *wish,
                     struct canvas_box room, double y, const struct nt_record *record, bool is_linked)
{
    const struct run *run = session_run(app->session);
    const struct nt_kind *kind = run_kind_at(run, record->kind);
    char time[40], sentence[SENTENCE], number[24];
    struct text text = text_in(sentence, sizeof sentence);
    bool is_later = record->number > session_records(app->session) || is_aside(app, record);
    struct color words = picture_color(wish, is_later ? THEME_FAINT : THEME_TEXT);
    sentence_add(&text, run, record);
    picture_time(time, sizeof time, record->at, NT_NANOSECOND * 10);
    snprintf(number, sizeof number, "#%" PRIu64, record->number);
    canvas_tag_begin(canvas, CANVAS_TAG_RECORD, record->number, sentence);
    if (is_linked)
        canvas_line(canvas, room.x + 6, y - 4 - LINE + 6, room.x + 6, y - 10, picture_color(wish, THEME_EDGE),
                    1.5, CANVAS_SOLID);
    canvas_circle(canvas, room.x + 6, y - 4, 4,
                  &(struct canvas_paint){.fill = picture_color(wish, color_of(kind))});
    canvas_text(canvas, room.x + 112, y, CANVAS_MONO, PICTURE_SMALL, CANVAS_END,
                picture_color(wish, THEME_MUTED), time);
    bool has_place = room.width > 560; /* else the sentence says it */
    double at = room.x + (has_place ? 204 : 122);
    if (has_place)
        canvas_text_in(canvas, room.x + 122, y, 76, CANVAS_BOLD, PICTURE_SMALL, words,
                       record->node ? run_node(run, record->node)->name : "");
    canvas_text_in(canvas, at, y, room.x + room.width - 62 - at, CANVAS_SANS, PICTURE_TEXT, words, sentence);
    canvas_text(canvas, room.x + room.width, y, CANVAS_MONO, PICTURE_SMALL, CANVAS_END,
                picture_color(wish, THEME_MUTED), number);
    canvas_tag_end(canvas);
}

static double draw_title(const struct picture_wish *wish, struct canvas *canvas, struct canvas_box room,
                         double y, const char *words)
{
    canvas_text(canvas, room.x, y + 22, CANVAS_BOLD, PICTURE_TEXT, CANVAS_START,
                picture_color(wish, THEME_MUTED), words);
    return y + 44;
}

static double draw_causes(struct app *app, struct canvas *canvas, const struct picture_wish *wish,
                          struct canvas_box room, double y, const struct nt_record *record)
{
    double end = room.y + room.height;
    record = session_record(app->session, record->cause);
    if (!record || y + 60 > end)
        return y;
    y = draw_title(wish, canvas, room, y, "How it came to this");
    for (unsigned i = 0; record && i < CAUSES && y < end; i++, y += LINE) {
        draw_row(app, canvas, wish, room, y, record, i > 0);
        record = session_record(app->session, record->cause);
    }
    return y - LINE;
}

/* What comes next is known: it is shown faded. */
static void draw_around(struct app *app, struct canvas *canvas, const struct picture_wish *wish,
                        struct canvas_box room, double y, const struct nt_record *record)
{
    double end = room.y + room.height;
    if (y + 66 > end)
        return;
    y = draw_title(wish, canvas, room, y, "What happens next");
    for (uint64_t number = record->number + 1; number <= session_known_records(app->session) && y < end;
         number++, y += LINE)
        draw_row(app, canvas, wish, room, y, session_record(app->session, number), false);
}

void because_draw(struct app *app, struct canvas *canvas, double width, double height)
{
    struct picture_wish wish = wish_of(app, width, height);
    uint64_t known = session_known_records(app->session);
    char remark[80];
    const struct nt_record *record =
        session_record(app->session, app->record ? app->record : session_records(app->session));
    snprintf(remark, sizeof remark, "record %" PRIu64 " of %" PRIu64, record ? record->number : 0, known);
    struct canvas_box room = picture_panel(&wish, canvas, "Because", remark);
    if (!record) {
        picture_nothing(&wish, canvas, room, "Nothing has happened yet. Space plays, Right steps.");
        return;
    }
    double y = draw_sentence(app, canvas, &wish, room, record);
    y = draw_causes(app, canvas, &wish, room, y, record);
    draw_around(app, canvas, &wish, room, y, record);
}

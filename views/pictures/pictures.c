/* SPDX-License-Identifier: MIT
 * The pictures that there are, and what they share. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/text.h"
#include "views/pictures/connection.h"
#include "views/pictures/drawings.h"

#define NODE PICTURE_TAKES_NODE
#define FLOW PICTURE_TAKES_FLOW
#define BETWEEN PICTURE_TAKES_BETWEEN
#define FRAME PICTURE_TAKES_FRAME
#define AGAINST PICTURE_TAKES_AGAINST
#define SPAN PICTURE_TAKES_SPAN

const struct picture_type picture_types[] = {
    {"map", "the network: its nodes and cables, and every frame on its way", NODE | FRAME, NULL, map_draw},
    {"ladder", "who sent what to whom, time going down", BETWEEN | FLOW | FRAME | SPAN, ladder_choose_span,
     ladder_draw},
    {"segment", "a shared cable: place across, time down, every signal and collision", NODE | FRAME | SPAN,
     segment_choose_span, segment_draw},
    {"tcp", "a TCP connection: its bytes as a ruler, its windows, its round trips",
     NODE | FLOW | AGAINST | SPAN, connection_choose_span, tcp_draw},
    {"sequence", "a TCP connection's bytes over time: sent, sent again, acknowledged",
     NODE | FLOW | AGAINST | SPAN, connection_choose_span, sequence_draw},
    {"queue", "frames that wait for a cable: how many, how long, and which were dropped", NODE | SPAN,
     picture_choose_busy, queue_draw},
    {"utilisation", "how busy each cable is", NODE | SPAN, picture_choose_busy, utilisation_draw},
    {"state", "what state everything is in: connections, ports, clients", NODE | FLOW | SPAN,
     state_choose_span, state_draw},
    {"tables", "the tables of a node; with a frame, its rows marked", NODE | FRAME, NULL, tables_draw},
    {"packet", "one frame taken apart: layers, fields, bytes", FRAME, NULL, packet_draw},
    {0}};

const struct picture_type *picture_find(const char *name)
{
    for (const struct picture_type *type = picture_types; type->name; type++)
        if (strcmp(type->name, name) == 0)
            return type;
    return NULL;
}

const char *picture_nearest(const char *name)
{
    const char *names[sizeof picture_types / sizeof *picture_types] = {0};
    for (size_t i = 0; picture_types[i].name; i++)
        names[i] = picture_types[i].name;
    return text_nearest(name, names);
}

uint64_t picture_middle(const struct session *session)
{
    uint64_t known = session_known_records(session), sent = 0, passed = 0;
    for (uint64_t n = 1; n <= known; n++)
        sent += session_record(session, n)->kind == RUN_KIND_FRAME_TX;
    for (uint64_t n = 1; n <= known; n++) {
        passed += session_record(session, n)->kind == RUN_KIND_FRAME_TX;
        if (sent > 0 && passed == (sent + 1) / 2)
            return n;
    }
    return known / 2;
}

void picture_choose_busy(struct picture_wish *wish)
{
    uint64_t known = session_known_records(wish->session);
    nt_time first = NT_NEVER, last = 0, span = wish->to - wish->from;
    for (uint64_t n = 1; n <= known; n++) {
        const struct nt_record *record = session_record(wish->session, n);
        bool is_frame = record->kind == RUN_KIND_FRAME_TX || record->kind == RUN_KIND_FRAME_RX;
        if (!is_frame || record->at < wish->from || record->at > wish->to)
            continue;
        first = first == NT_NEVER ? record->at : first;
        last = record->at;
    }
    if (first == NT_NEVER || last - first > span / 10 * 7 || last <= first)
        return;
    nt_time more = (last - first) / 20 + 1;
    wish->to = last + more < wish->to ? last + more : wish->to;
    wish->from = first - more > wish->from ? first - more : wish->from;
}

/* ---- What all share ---- */

struct canvas_box picture_panel(const struct picture_wish *wish, struct canvas *canvas, const char *title,
                                const char *remark)
{
    const double margin = PICTURE_MARGIN;
    struct canvas_box all = {0.5, 0.5, wish->width - 1, wish->height - 1};
    struct canvas_paint paint = {picture_color(wish, THEME_PANEL), picture_color(wish, THEME_EDGE), 1,
                                 CANVAS_SOLID};
    if (wish->is_bare)
        return (struct canvas_box){margin, margin, wish->width - 2 * margin, wish->height - 2 * margin};
    canvas_rect(canvas, all, 8, &paint);
    canvas_text(canvas, margin, 27, CANVAS_BOLD, PICTURE_TITLE, CANVAS_START, picture_color(wish, THEME_TEXT),
                title);
    double room = wish->width - 3 * margin - canvas_text_width(CANVAS_BOLD, PICTURE_TITLE, title);
    double width = canvas_text_width(CANVAS_SANS, PICTURE_TEXT, remark);
    canvas_text_in(canvas, wish->width - margin - (width < room ? width : room), 27, room, CANVAS_SANS,
                   PICTURE_TEXT, picture_color(wish, THEME_MUTED), remark);
    return (struct canvas_box){margin, 40, wish->width - 2 * margin, wish->height - 40 - margin};
}

void picture_nothing(const struct picture_wish *wish, struct canvas *canvas, struct canvas_box room,
                     const char *sentence)
{
    canvas_text(canvas, room.x + room.width / 2, room.y + room.height / 2, CANVAS_SANS, PICTURE_NAME,
                CANVAS_MIDDLE, picture_color(wish, THEME_MUTED), sentence);
}

void picture_time(char *ret_text, size_t size, nt_time time, nt_time step)
{
    static const struct {
        const char *name;
        nt_time size;
    } units[] = {
        {"s", NT_SECOND}, {"ms", NT_MILLISECOND}, {"\xc2\xb5s", NT_MICROSECOND}, {"ns", NT_NANOSECOND}};
    unsigned unit = 0;
    nt_time length = time < 0 ? -time : time;
    while (unit < 3 && length < units[unit].size && length > 0)
        unit++;
    unsigned digits = 0;
    for (nt_time place = units[unit].size; digits < 9 && place > step && place >= 10; digits++)
        place /= 10;
    nt_time scale = 1;
    for (unsigned i = 0; i < digits; i++)
        scale *= 10;
    nt_time ones = length / units[unit].size;
    nt_time part = length % units[unit].size / (units[unit].size / scale);
    for (; digits > 0 && part % 10 == 0; digits--)
        part /= 10;
    int written = snprintf(ret_text, size, "%s%" PRId64, time < 0 ? "\xe2\x88\x92" : "", ones);
    if (digits > 0 && written >= 0 && (size_t)written < size)
        written += snprintf(ret_text + written, size - (size_t)written, ".%0*" PRId64, (int)digits, part);
    if (written >= 0 && (size_t)written < size)
        snprintf(ret_text + written, size - (size_t)written, " %s", units[unit].name);
}

void picture_number(char *ret_text, size_t size, int64_t number)
{
    struct text text = text_in(ret_text, size);
    text_add_grouped(&text, number, "\xe2\x80\x89");
}

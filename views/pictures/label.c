/* SPDX-License-Identifier: MIT
 * A frame in three letters. */
#include "views/pictures/label.h"

#include <stdio.h>
#include <string.h>

#include "protocols/dissect/dissect.h"
#include "sim/base/text.h"

#define CAUSES 4 /* how far back a retransmission may lie behind its frame */

enum { LINK = 1 << 1, NETWORK = 1 << 2, TRANSPORT = 1 << 3, TCP = 1 << 4, APPLICATION = 1 << 5 };

/* How each kind of frame looks. */
static const struct {
    enum theme_color accent;
    enum label_shape shape;
    const char *word; /* instead of the dissector's; NULL: that */
    bool is_chatter;
    unsigned lenses;
} looks[] = {[DISSECT_OTHER] = {THEME_DATA, LABEL_BOX, NULL, false, LINK},
             [DISSECT_MALFORMED] = {THEME_LOSS, LABEL_BOX, "BAD", false, LINK},
             [DISSECT_ARP_REQUEST] = {THEME_CONTROL, LABEL_BOX, NULL, false, LINK},
             [DISSECT_ARP_REPLY] = {THEME_CONTROL, LABEL_FLAG, NULL, false, LINK},
             [DISSECT_IPV4] = {THEME_DATA, LABEL_BOX, NULL, false, NETWORK},
             [DISSECT_ICMP_ECHO_REQUEST] = {THEME_DATA, LABEL_BOX, "PING", false, NETWORK},
             [DISSECT_ICMP_ECHO_REPLY] = {THEME_ACK, LABEL_FLAG, "PONG", false, NETWORK},
             [DISSECT_ICMP_ERROR] = {THEME_LOSS, LABEL_FLAG, "ERR", false, NETWORK},
             [DISSECT_ICMP_OTHER] = {THEME_CONTROL, LABEL_BOX, NULL, false, NETWORK},
             [DISSECT_UDP] = {THEME_DATA, LABEL_BOX, NULL, false, TRANSPORT | APPLICATION},
             [DISSECT_TCP_SYN] = {THEME_CARE, LABEL_BOX, NULL, false, TRANSPORT | TCP},
             [DISSECT_TCP_FIN] = {THEME_CARE, LABEL_BOX, NULL, false, TRANSPORT | TCP},
             [DISSECT_TCP_RST] = {THEME_LOSS, LABEL_BOX, NULL, false, TRANSPORT | TCP},
             [DISSECT_TCP_DATA] = {THEME_DATA, LABEL_BOX, NULL, false, TRANSPORT | TCP | APPLICATION},
             [DISSECT_TCP_ACK] = {THEME_ACK, LABEL_FLAG, NULL, false, TRANSPORT | TCP},
             [DISSECT_STP] = {THEME_CONTROL, LABEL_BOX, NULL, true, LINK},
             [DISSECT_RIP] = {THEME_CONTROL, LABEL_BOX, NULL, true, TRANSPORT | APPLICATION},
             [DISSECT_DHCP] = {THEME_CONTROL, LABEL_BOX, NULL, false, TRANSPORT | APPLICATION}};

struct label label_of(const uint8_t *bytes, size_t length_bytes, bool is_again)
{
    struct dissect_options options = {0};
    struct dissect_label found = dissect_label(bytes, length_bytes, &options);
    size_t kind = (size_t)found.kind < sizeof looks / sizeof *looks ? (size_t)found.kind : DISSECT_OTHER;
    struct label label = {.accent = looks[kind].accent,
                          .shape = looks[kind].shape,
                          .is_chatter = looks[kind].is_chatter,
                          .lenses = looks[kind].lenses};
    snprintf(label.word, sizeof label.word, "%s", looks[kind].word ? looks[kind].word : found.text);
    if (length_bytes > 0 && bytes[0] & 1 && label.shape == LABEL_BOX)
        label.shape = LABEL_FAN;
    if (is_again && found.kind == DISSECT_TCP_DATA) {
        label.is_again = true;
        label.accent = THEME_AGAIN;
        snprintf(label.word, sizeof label.word, "RTX");
    }
    return label;
}

/* Does the sending of this frame go back to a retransmission of it? */
static bool is_repeat(struct session *session, uint64_t record)
{
    uint32_t again = run_kind_named(session_run(session), "tcp.retransmit");
    const struct nt_record *at = session_record(session, record);
    for (unsigned i = 0; at && again && i < CAUSES; i++) {
        if (at->kind == again)
            return true;
        at = session_record(session, at->cause);
    }
    return false;
}

struct label label_of_frame(struct session *session, uint64_t frame, uint64_t record)
{
    struct session_frame found;
    if (!session_frame(session, frame, &found))
        return (struct label){.word = "?", .accent = THEME_CONTROL};
    return label_of(found.bytes, found.length_bytes, is_repeat(session, record));
}

struct label label_seen(const struct picture_wish *wish, uint64_t frame, uint64_t record)
{
    struct label label = label_of_frame(wish->session, frame, record);
    bool is_aside = wish->lens && !(label.lenses >> wish->lens & 1);
    struct session_frame found;
    if (wish->follow && !is_aside && session_frame(wish->session, frame, &found))
        is_aside = !follow_has(wish->follow, found.bytes, found.length_bytes);
    if (is_aside)
        label.accent = THEME_FAINT;
    return label;
}

void label_line(struct session *session, uint64_t frame, char *ret_text, size_t size)
{
    struct session_frame found;
    struct text text = text_in(ret_text, size);
    if (!session_frame(session, frame, &found))
        return;
    struct dissect_options options = {.has_fcs = found.has_fcs};
    text_add(&text, "frame %llu: ", (unsigned long long)frame);
    dissect_line(&text, found.bytes, found.length_bytes, &options);
}

/* ---- Drawing ---- */

static void draw_flag(struct canvas *canvas, struct canvas_box box, double dx,
                      const struct canvas_paint *paint)
{
    double tip = box.height * 0.4 < box.width * 0.5 ? box.height * 0.4 : box.width * 0.5;
    double left = box.x, right = box.x + box.width, top = box.y, bottom = box.y + box.height,
           middle = box.y + box.height / 2;
    struct canvas_point to_left[] = {
        {left + tip, top}, {right, top}, {right, bottom}, {left + tip, bottom}, {left, middle}};
    struct canvas_point to_right[] = {
        {left, top}, {right - tip, top}, {right, middle}, {right - tip, bottom}, {left, bottom}};
    canvas_polyline(canvas, dx < 0 ? to_left : to_right, 5, true, paint);
}

/* A fan: rays that open towards where it goes. */
static void draw_fan(struct canvas *canvas, struct canvas_box box, double dx,
                     const struct canvas_paint *paint)
{
    double spread = box.height * 0.3;
    double left = box.x, right = box.x + box.width, top = box.y, bottom = box.y + box.height;
    struct canvas_point to_left[] = {
        {left, top - spread}, {right, top}, {right, bottom}, {left, bottom + spread}};
    struct canvas_point to_right[] = {
        {left, top}, {right, top - spread}, {right, bottom + spread}, {left, bottom}};
    canvas_polyline(canvas, dx < 0 ? to_left : to_right, 4, true, paint);
}

void label_draw(struct canvas *canvas, const struct theme *theme, const struct label *label,
                struct canvas_box box, double dx)
{
    struct canvas_paint paint = {.fill = theme->colors[label->accent]};
    double size = box.height * 0.72 > PICTURE_SMALL ? box.height * 0.72 : PICTURE_SMALL;
    if (label->is_again) {
        struct canvas_box outer = {box.x - 3, box.y - 3, box.width + 6, box.height + 6};
        struct canvas_paint second = {.stroke = theme->colors[label->accent], .width = 1.5};
        canvas_rect(canvas, outer, 5, &second);
    }
    if (label->shape == LABEL_FLAG)
        draw_flag(canvas, box, dx, &paint);
    else if (label->shape == LABEL_FAN)
        draw_fan(canvas, box, dx, &paint);
    else
        canvas_rect(canvas, box, 3, &paint);
    if (canvas_text_width(CANVAS_MONO_BOLD, size, label->word) + 4 <= box.width)
        canvas_text(canvas, box.x + box.width / 2, box.y + box.height / 2 + size * 0.36, CANVAS_MONO_BOLD,
                    size, CANVAS_MIDDLE, theme->colors[THEME_ON_ACCENT], label->word);
}

/* SPDX-License-Identifier: MIT
 * A frame in three letters, a colour and a shape: so that grey print and colour-blind eyes lose nothing. */
#ifndef NETARIUM_VIEWS_LABEL_H
#define NETARIUM_VIEWS_LABEL_H

#include "views/pictures/picture.h"

enum label_shape {
    LABEL_BOX,  /* something that is carried */
    LABEL_FLAG, /* an answer: pointed where it goes */
    LABEL_FAN   /* to everybody */
};

struct label {
    char word[8]; /* "DAT", "ACK", "ARP", "RTX" */
    enum theme_color accent;
    enum label_shape shape;
    bool is_again;   /* a retransmission: a second outline */
    bool is_chatter; /* what keeps the network going: spanning tree, routing */
    unsigned
        lenses; /* a bit for each layer that it is of: 1 link, 2 network, 3 transport, 4 TCP, 5 application */
};

/* What a frame's bytes say. `is_again`: it repeats something. */
struct label label_of(const uint8_t *bytes, size_t length_bytes, bool is_again);

/* The same for a frame by its number, which is asked of the session; whether it repeats something is asked of
 * the records that lead to `record`, its frame.tx. */
struct label label_of_frame(struct session *session, uint64_t frame, uint64_t record);

/* The same, as a wish wants it: what is of another layer than its lens, or of another conversation than is followed, is faint. */
struct label label_seen(const struct picture_wish *wish, uint64_t frame, uint64_t record);

/* Draws it with its middle at (x, y), `width` by `height`; the word if it has room. `dx`: where it goes, left
 * (< 0) or right. */
void label_draw(struct canvas *canvas, const struct theme *theme, const struct label *label,
                struct canvas_box box, double dx);

/* One line in tcpdump's words about a frame, for a title; "" if it is not known. */
void label_line(struct session *session, uint64_t frame, char *ret_text, size_t size);

#endif

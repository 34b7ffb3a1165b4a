/* SPDX-License-Identifier: MIT
 * Pictures of a network at one instant, or over a span of time.
 *
 * A picture is a function from (a session, an instant, a size, a theme, what is selected) to a canvas. It
 * changes nothing and remembers nothing, so the same instant gives the same picture however it was reached,
 * on a slide and in the window. What the session knows beyond the instant (the known future) is drawn faded.
 * Adding a picture: one file with a function, one row in pictures.c. */
#ifndef NETARIUM_VIEWS_PICTURE_H
#define NETARIUM_VIEWS_PICTURE_H

#include "session/session.h"
#include "views/canvas/canvas.h"
#include "views/canvas/theme.h"
#include "views/pictures/follow.h"

/* What a picture is asked for. Borrowed for the call. */
struct picture_wish {
    struct session *session; /* at the instant to be drawn */
    nt_time from, to;        /* the span for pictures of a span; from < to */
    double width, height;    /* pixels at scale 1 */
    const struct theme *theme;
    const struct plan *plan; /* of the session's network (plan.h), if it is at hand; NULL: made when needed */
    const char *node;        /* the node that it is about; NULL: choose */
    const char *flow;        /* "10.0.1.2:49152 > 10.0.2.2:9", a part of that, or the node that sends; several
                                between commas; NULL: choose */
    struct session *against; /* another run at the same instant, to be laid over it; NULL: none */
    const char *against_is;  /* in words: what is other in it */
    const char *between;     /* "client,r,server": for a ladder; NULL: choose */
    uint64_t frame;          /* the selected frame; 0: none */
    uint64_t record;         /* the selected record; 0: none */
    unsigned lens;           /* the layer that is looked at, 1 to 5, the others faint: see label.h; 0: all */
    const struct follow *follow; /* the conversation that is followed, the others faint: see follow.h; NULL: all */
    bool folds_chatter;      /* leaves out what keeps the network going: spanning tree, routing */
    bool is_bare;            /* without a title: somebody else draws it */
};

/* What a picture heeds of a wish. */
enum picture_takes {
    PICTURE_TAKES_NODE = 1,
    PICTURE_TAKES_FLOW = 2,
    PICTURE_TAKES_BETWEEN = 4,
    PICTURE_TAKES_FRAME = 8,
    PICTURE_TAKES_AGAINST = 16,
    PICTURE_TAKES_SPAN = 32
};

struct picture_type {
    const char *name;                               /* "map" */
    const char *sentence;                           /* what it shows */
    unsigned takes;                                 /* enum picture_takes; a span: not only an instant */
    void (*choose_span)(struct picture_wish *wish); /* the span that tells most; NULL: the whole run */
    /* Draws into `canvas`, which is empty and has the wish's size. False: `ret_why` says why there is nothing
     * to draw. */
    bool (*draw)(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);
};

/* All pictures, ended by one without a name. */
extern const struct picture_type picture_types[];

/* The record in the middle of what happens, for a picture of an instant: the middle one of all frames that are
 * sent, or else of all records. */
uint64_t picture_middle(const struct session *session);

/* By name, or NULL; the nearest name for "did you mean", or NULL. */
const struct picture_type *picture_find(const char *name);
const char *picture_nearest(const char *name);

/* ---- For pictures ---- */

#define PICTURE_TITLE 15.0 /* sizes of text, pixels */
#define PICTURE_NAME 13.0
#define PICTURE_TEXT 12.0
#define PICTURE_SMALL 11.0
#define PICTURE_MARGIN 16.0

/* The panel that a picture stands in, with its title and a remark at the right. Returns the room that is
 * left. */
struct canvas_box picture_panel(const struct picture_wish *wish, struct canvas *canvas, const char *title,
                                const char *remark);

/* One sentence in the middle of the picture, when there is nothing to show. */
void picture_nothing(const struct picture_wish *wish, struct canvas *canvas, struct canvas_box room,
                     const char *sentence);

static inline struct color picture_color(const struct picture_wish *wish, enum theme_color color)
{
    return wish->theme->colors[color];
}

/* "12.5 ms", "214.731 ms", "3.2 us": a time with as many digits as `step` (a difference that should show)
 * asks for. */
void picture_time(char *ret_text, size_t size, nt_time time, nt_time step);

/* The span in which anything is sent, with a little around it, if that is much shorter than the wish's. */
void picture_choose_busy(struct picture_wish *wish);

/* 10 220: digits in groups of three, with thin spaces. */
void picture_number(char *ret_text, size_t size, int64_t number);

#endif

/* SPDX-License-Identifier: MIT
 * A cable that several stations share: signals run along it in both directions, and add up where they meet.
 *
 *     place   0 m            250 m            500 m
 *     west ----*                                *---- east          time
 *              |\                              /|                    |
 *              | \  west's first bit          / | east's first bit   |
 *              |  \                          /  |                    v
 *              |   \          mid           /   |
 *              |    \          |           /    |
 *              |     \         |          /     |
 *              |      '--------+---------X------|  collision: here and now for this place
 *              |               |  .-'     \     |
 *              | .-------------+-'         '----|  east hears west: collision at its place
 *              |'  west hears east              |
 *
 * A *signal* is one station's transmission: where it enters, when it begins and when it ends. At any other
 * tap it is heard the propagation time later, for as long. Nothing else is kept: what a station hears
 * (carrier, collision, silence since when) is computed from the few signals of the last moment when somebody
 * needs to know it, and a station that waits for nothing gets no events. So a collision is wherever two
 * signals overlap, when they overlap, for each place by itself.
 *
 * A frame is good at a tap if no other signal was heard there while it was. Whoever wants it (its address, a
 * group, a station that takes all) gets it when its last bit is there; the ends of the cable swallow what is
 * left.
 *
 * Used by the segment (many taps) and by the half-duplex link (two). */
#ifndef NETARIUM_NODES_SHARED_H
#define NETARIUM_NODES_SHARED_H

#include "nodes/medium.h"

struct shared_signal;

/* Where a station touches the cable. */
struct shared_tap {
    struct shared *shared;
    struct nt_port *port;          /* our side; its peer is the station's */
    int64_t position_mm;           /* from the cable's beginning */
    nt_time place;                 /* the same, in propagation time */
    struct shared_signal *sending; /* its signal that has not ended yet; NULL: silent */
    bool watches;                  /* it waits for silence */
    bool knows_carrier;            /* a repeater: what it was told last */
    bool knows_collision;          /* a repeater, or while it sends: what it was told last */
    uint32_t watch_place;          /* its place among the watchers */
    uint32_t send_place;           /* its place among the senders */
    bool shown_carrier;            /* what the records say */
    bool shown_collision;
    struct impair_line *impair; /* what goes wrong with frames on their way here; NULL: nothing */
    struct nt_event wake;       /* the next thing that it must be told */
    struct nt_event look;       /* the next thing that the records shall say; only while somebody listens */
    uint64_t sent;              /* whole frames */
    uint64_t broken;            /* transmissions that ended early */
    uint64_t garbled;           /* frames that it wanted and that collided at its place */
    uint64_t received;          /* frames that it got */
};

struct shared {
    struct nt_node *node;
    struct medium_rate rate;
    int64_t length_mm;
    nt_time end_to_end;      /* propagation over the whole length */
    struct shared_tap *taps; /* one for each port of the node */
    uint32_t tap_count;
    struct shared_tap **watchers; /* taps whose stations wait for silence; in no order */
    struct shared_tap **senders;  /* taps whose signal has not ended yet */
    uint32_t watcher_count, sender_count;
    bool has_repeaters;
    bool is_short; /* silence between two overlapping signals is never long enough to matter */
    struct shared_signal *first, *last; /* signals of the last moment, by beginning */
    struct shared_signal *spare;
    bool is_cut;
    uint64_t collisions; /* signals that overlapped another */
    uint32_t kinds[5];
};

/* create: declares what is told. The cable has no length and no taps yet. */
void shared_create(struct shared *shared, struct nt_node *node);

/* Where a tap is: in space, and in propagation time from the cable's beginning. */
struct shared_place {
    int64_t position_mm;
    nt_time place;
};

/* check: fixes the physics of a cable of so much length and propagation time, with the tap of port i at
 * places[i]. */
void shared_check(struct shared *shared, int64_t rate_bps, int64_t length_mm, nt_time end_to_end,
                  const struct shared_place *places);

/* start: tells all stations the facts of the line. */
void shared_start(struct shared *shared);

/* The callbacks of a node that is such a cable. */
void shared_sense(struct shared *shared, struct nt_port *port, const struct nt_sense *sense);
void shared_carrier(const struct shared *shared, const struct nt_port *port, struct nt_carrier *ret_carrier);
void shared_watch(struct shared *shared, struct nt_port *port);
uint64_t shared_held(const struct shared *shared);
void shared_set_cut(struct shared *shared, bool is_cut);

/* How many foreign signals are heard at a tap now; 2 or more is a collision there. */
uint32_t shared_signals_at(const struct shared *shared, uint32_t tap);

/* Fills a row of a table of taps; see shared_tap_columns. */
bool shared_row(const struct shared *shared, uint32_t index, struct nt_cell *ret_cells);

#define SHARED_TAP_COLUMNS                                                                                   \
    {                                                                                                        \
        {"station", NT_UNIT_TEXT}, {"position", NT_UNIT_MM}, {"sends", NT_UNIT_BOOL},                        \
            {"carrier", NT_UNIT_BOOL}, {"collision", NT_UNIT_BOOL}, {"sent", NT_UNIT_FRAMES},                \
            {"broken", NT_UNIT_FRAMES}, {"received", NT_UNIT_FRAMES},                                        \
        {                                                                                                    \
            "garbled", NT_UNIT_FRAMES                                                                        \
        }                                                                                                    \
    }

#endif

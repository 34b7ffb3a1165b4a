/* SPDX-License-Identifier: MIT
 * CSMA/CD: how stations share one cable without anybody in charge. IEEE 802.3 clause 4, half duplex.
 *
 * *Carrier sense*: who hears somebody waits. *Multiple access*: who hears nobody may begin. *Collision
 * detection*: who begins and then hears somebody else stops, makes sure that all others notice (the jam),
 * throws dice, and tries again.
 *
 *                        a frame is given                   the cable is silent long enough
 *     IDLE ----------------------------------> DEFER <====> GAP ------------------------------+
 *      ^                                         ^    carrier                                 v
 *      |                       the dice's time   |                                        TRANSMIT
 *      |                                      BACKOFF <---- JAM <------------------------- |    |
 *      |                          given up        |  jam sent    another signal is heard        |
 *      +------------------------------------------+---------------------------------------------+
 *                                                                                      whole frame sent
 *
 *     from       to         because                                            in function
 *     IDLE       DEFER      a frame is there, the cable is busy                mac_try
 *     IDLE       GAP        a frame is there, the cable fell silent lately     mac_try
 *     IDLE       TRANSMIT   a frame is there, the cable has been silent        mac_try
 *     DEFER      GAP        silence begins                                     mac_silence
 *     GAP        DEFER      carrier came in the first two thirds of the gap    mac_try
 *     GAP        TRANSMIT   the gap is over (carrier in the last third or not) mac_try
 *     TRANSMIT   IDLE       the whole frame is out                             sent
 *     TRANSMIT   JAM        another signal is here                             mac_collision
 *     JAM        BACKOFF    the jam is out, the dice are thrown                throw_dice
 *     JAM        IDLE       the jam is out, and it was the sixteenth time,     back_off
 *                           or at 1 Gb/s a late collision
 *     BACKOFF    DEFER, GAP, TRANSMIT   the dice's time is over               mac_try
 *
 * The MAC has no I/O: the medium tells it of carrier and collision *at its own place and time*, and it tells
 * the medium when it begins and ends. What the carrier does and did it asks when it must decide: at the end
 * of a gap, of the dice's time. It is woken only when it waits for silence, once, so that sixty stations with
 * nothing to send cost nothing.
 *
 * The trap of ideal physics: a listener's gap ends at the very instant when the next frame of the same sender
 * arrives, since both counted 96 bits from the same end. Carrier in the last third of the gap is ignored
 * (4.2.3.2.2), and what begins at this very instant was not sensed before it: so they collide, as real
 * stations do, and nobody starves. */
#ifndef NETARIUM_PROTOCOLS_ETHERNET_MAC_H
#define NETARIUM_PROTOCOLS_ETHERNET_MAC_H

#include "protocols/env.h"

#define MAC_PREAMBLE_BITS 64 /* 4.2.5: preamble and start frame delimiter */
#define MAC_BUCKETS 17       /* attempts are counted from 1 to 16 */

enum mac_state { MAC_IDLE, MAC_DEFER, MAC_GAP, MAC_TRANSMIT, MAC_JAM, MAC_BACKOFF };
extern const char *const mac_state_words[]; /* by enum mac_state, ended by NULL */

enum mac_outcome {
    MAC_SENT,         /* the whole frame is out, as far as we could hear */
    MAC_GIVEN_UP,     /* excessive collisions, 4.2.3.2.5 */
    MAC_GIVEN_UP_LATE /* a late collision at 1 Gb/s, 4.2.8 */
};

/* Facts. */
enum mac_fact {
    MAC_DEFERS,   /* the cable is busy: wait */
    MAC_BEGINS,   /* an attempt begins */
    MAC_COLLIDES, /* another signal is here while we send */
    MAC_COLLIDES_LATE,
    MAC_JAMS,      /* the jam is out */
    MAC_BACKS_OFF, /* the dice */
    MAC_SENDS,     /* the whole frame is out */
    MAC_GIVES_UP,
    MAC_ATTEMPTS, /* gauge */
    MAC_FACTS
};
extern const struct env_kind mac_kinds[MAC_FACTS];

/* The rules, in bit times unless they say otherwise. IEEE 802.3 4.4.2. */
struct mac_config {
    int64_t rate_bps;
    uint32_t slot_bits;       /* 512; 4096 at 1 Gb/s */
    uint32_t gap_bits;        /* 96 */
    uint32_t gap_part1_bits;  /* 64: carrier up to here starts the gap anew */
    uint32_t jam_bits;        /* 32 */
    uint32_t attempt_limit;   /* 16 */
    uint32_t backoff_limit;   /* 10 */
    bool extends_carrier;     /* 1 Gb/s: a short frame is followed by extension up to the slot, 4.2.3.4, and
                                 a late collision ends the attempts, 4.2.8 */
    bool rests_after_backoff; /* a textbook's reading, not the standard's: wait a whole gap after the dice's
                                 time */
};

/* The signals of others at our place. */
struct mac_carrier {
    bool is_on;          /* a signal is here now */
    int64_t since;       /* since when it is on, or off; INT64_MIN: always */
    int64_t silent_from; /* is_on: when the silence before it began; INT64_MIN: it was always silent */
};

struct mac;

struct mac_ops {
    /* What is on the cable at our place, without our own signal? */
    void (*carrier)(struct mac *mac, struct mac_carrier *ret_carrier);
    /* Call mac_silence once, when no signal is heard any more. */
    void (*watch)(struct mac *mac);
    /* Our first bit leaves now; from now on mac_collision is called when another signal is here. */
    void (*begin)(struct mac *mac);
    /* Our signal ends now, after `bits`. Whole: it was the frame. */
    void (*end)(struct mac *mac, uint32_t bits, bool is_whole);
    /* The frame is sent or given up; the next one may be given from within. */
    void (*done)(struct mac *mac, enum mac_outcome outcome);
};

struct mac_counters {          /* IEEE 802.3 5.2.2 */
    uint64_t sent;             /* frames sent whole */
    uint64_t deferred;         /* frames whose first attempt had to wait for somebody else */
    uint64_t single_collision; /* frames sent after exactly one collision */
    uint64_t multiple_collision;
    uint64_t late_collision; /* collisions after the slot time */
    uint64_t excessive;      /* frames given up */
    uint64_t collisions;     /* attempts that collided */
};

struct mac {
    struct env *env;
    const struct mac_ops *ops;
    struct mac_config config;
    enum mac_state state;
    bool has_frame;
    bool has_deferred;      /* this frame has waited for somebody */
    bool is_late;           /* this attempt collided late */
    uint32_t frame_bits;    /* of the frame with preamble and extension */
    uint64_t frame;         /* its number, for the trace */
    uint32_t attempts;      /* begun for this frame */
    uint32_t backoff_range; /* the dice had so many sides */
    uint32_t backoff_drawn; /* and showed this many slots */
    int64_t began_at;       /* this attempt's first bit */
    int64_t own_end;        /* when our last signal ended; INT64_MIN: never sent */
    int64_t gap_from;       /* GAP: the silence that is being counted */
    int64_t next_at;        /* when the timer rings; for showing */
    uint64_t cause;         /* record of who gave the frame, later of the last throw of the dice */
    struct env_timer timer; /* end of gap, frame, jam or backoff */
    struct mac_counters counters;
};

/* The standard's rules for a rate. */
struct mac_config mac_config_for(int64_t rate_bps);

void mac_init(struct mac *mac, struct env *env, const struct mac_ops *ops, const struct mac_config *config);

/* Stops everything; the frame, if any, is the caller's. mac_abort ends a signal that is being sent, too. */
void mac_release(struct mac *mac);
void mac_abort(struct mac *mac);

/* A frame of `bytes` (check sequence included, preamble not) shall be sent. Only while mac->has_frame is
 * false. */
void mac_send(struct mac *mac, uint32_t bytes, uint64_t frame);

/* The medium: no signal is heard at our place any more. After `watch`, once. */
void mac_silence(struct mac *mac);

/* The medium: while we send, another signal is at our place since now. */
void mac_collision(struct mac *mac);

/* How long `bits` last, rounded to the nearest picosecond. */
int64_t mac_time(const struct mac *mac, uint64_t bits);

#endif

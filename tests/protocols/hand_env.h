/* SPDX-License-Identifier: MIT
 * An environment whose clock is turned by hand: what a protocol runs in when it is tested.
 *
 * Time stands still until hand_advance; then the timers fire in order. Every fact that is told and every
 * frame that is sent is kept, and taken out one by one by what the test expects. What was not expected is a
 * failure: hand_expect_silence after every exchange. On release it complains about memory, packets and timers
 * that were left behind.
 *
 *     hand_advance(hand, ENV_SECOND);
 *     hand_expect_frame(hand, "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46");
 *     hand_expect_silence(hand);
 *     assert_int_equal(hand_fact(hand, "arp.request_sent")->values[1], 2); */
#ifndef NETARIUM_TESTS_PROTOCOLS_HAND_ENV_H
#define NETARIUM_TESTS_PROTOCOLS_HAND_ENV_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocols/env.h"
#include "protocols/ethernet/frame.h"
#include "protocols/packet.h"

#define HAND_FACTS 4096  /* facts kept */
#define HAND_FRAMES 2048 /* frames kept */

/* One fact, as it was told. Its number is its place, from 1. */
struct hand_fact {
    const struct env_kind *kind;
    int64_t values[ENV_VALUES];
    uint64_t frame;
    uint64_t cause; /* number of the fact that it goes back to; 0: none */
    int64_t at;
};

/* One frame that was sent: padded, without check sequence. */
struct hand_frame {
    uint8_t *bytes;      /* owned */
    size_t length_bytes; /* 60 at least */
    uint64_t number;     /* the packet's */
    uint64_t cause;      /* number of the fact that made it leave */
    int64_t at;
};

struct hand_env {
    struct env env;
    struct packet_pool pool;
    int64_t now;
    bool is_listening;
    uint64_t random;           /* state of the stream */
    uint64_t cause;            /* what the present moment goes back to */
    struct env_timer **timers; /* armed ones, owned array */
    size_t timer_count;
    size_t timer_room;
    uint64_t next_order;     /* of arming */
    struct hand_fact *facts; /* owned */
    size_t fact_count;
    struct hand_frame *frames; /* owned */
    size_t frame_count;
    size_t frame_taken;   /* frames that were expected so far */
    uint64_t next_frame;  /* number of the next packet */
    size_t memory_blocks; /* not given back */
    size_t memory_ever;   /* blocks ever asked for */
    size_t packets;       /* neither sent nor given back */
    char **texts;         /* words of facts; owned, by number less 1 */
    size_t text_count;
};

void hand_init(struct hand_env *hand);

/* Frees everything; fails the test if the protocol left anything behind. */
void hand_release(struct hand_env *hand);

/* Lets so much time pass: whatever is armed until then fires, in order of time and then of arming. */
void hand_advance(struct hand_env *hand, int64_t duration);

/* The environment's hand on a frame: takes `packet`, puts an Ethernet header in front, pads it, and keeps it.
 */
void hand_send(struct hand_env *hand, struct mac_address destination, struct mac_address source,
               uint16_t type, struct packet_out *packet);

/* The next frame that was sent reads like this in dissect_line's words. Returns it, valid until release. */
const struct hand_frame *hand_expect_frame_at(struct hand_env *hand, const char *line, const char *file,
                                              int number);
#define hand_expect_frame(hand, line) hand_expect_frame_at((hand), (line), __FILE__, __LINE__)

/* Nothing was sent that was not expected. */
void hand_expect_silence_at(struct hand_env *hand, const char *file, int number);
#define hand_expect_silence(hand) hand_expect_silence_at((hand), __FILE__, __LINE__)

/* Forgets all facts and frames so far: for long tests that look at something else. */
void hand_forget(struct hand_env *hand);

/* The latest fact of this kind; fails if there is none. And how many there are. */
const struct hand_fact *hand_fact(const struct hand_env *hand, const char *name);
size_t hand_fact_count(const struct hand_env *hand, const char *name);

/* The words that a field of ENV_UNIT_TEXT stands for. */
const char *hand_text(const struct hand_env *hand, uint64_t number);

/* The word that a field of a fact stands for. */
const char *hand_word(const struct hand_fact *fact, unsigned field);

/* Does `fact` go back, in any number of steps, to a fact of this kind? */
bool hand_goes_back_to(const struct hand_env *hand, uint64_t cause, const char *name);

/* When the next timer would fire; ENV_NEVER: none is armed. */
int64_t hand_next_timer(const struct hand_env *hand);

/* Bytes from hexadecimal digits; blanks are skipped. Returns how many. */
size_t hand_bytes(const char *hex, uint8_t *ret_bytes, size_t size);

#endif

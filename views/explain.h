/* SPDX-License-Identifier: MIT
 * Why one thing happened, step by step, down to the command that somebody typed; and what came of it.
 *
 *     causes        #43 frame 9 arrives at alice   <-  #41 bob sends frame 9  <-  #40 bob answers  <- ... <-
 * ping -c 4 bob consequences  #43  ->  #44 alice prints "64 bytes from ..."  ->  ...
 *
 * Causes are a chain: every record names one. Consequences are a tree: all records whose chain leads here. Of
 * both, what is background (chatter, first bits of what is told as sent anyway) is left out, and a timer that
 * goes back to itself again and again is told once, with a count. A frame that was sent to replace another
 * one has a second story, that of the lost one: it is told where the first one names it. */
#ifndef NETARIUM_VIEWS_EXPLAIN_H
#define NETARIUM_VIEWS_EXPLAIN_H

#include <stdio.h>

#include "sim/base/text.h"
#include "sim/run.h"
#include "views/history.h"
#include "views/outlet.h"

struct explain {
    const struct run *run;         /* borrowed */
    const struct history *history; /* borrowed: all records, or causes end where it does */
    /* Adds what frame `id` says, as tcpdump would put it; nothing if its bytes are not known. NULL: never. */
    void (*add_frame)(void *context, uint64_t id, struct text *text);
    void *context;
};

#define EXPLAIN_CAUSES 200
#define EXPLAIN_CONSEQUENCES 24

struct explain_step {
    uint64_t record;
    uint64_t repeats; /* how many more of the same were passed over before the next step */
};

struct explain_story {
    struct explain_step causes[EXPLAIN_CAUSES]; /* the thing itself first */
    size_t cause_count;
    struct explain_step consequences[EXPLAIN_CONSEQUENCES]; /* in the order of happening */
    size_t consequence_count;
    uint64_t more; /* consequences that did not fit */
    struct explain_step
        second[EXPLAIN_CAUSES]; /* the story of another frame, or of the frame that was dropped */
    size_t second_count;        /* 0: there is none */
    uint64_t second_frame;      /* whose story it is */
    bool is_replaced;           /* it was lost, and what is explained replaces it */
};

/* The story of record `number`. */
void explain_record(const struct explain *explain, uint64_t number, struct explain_story *ret_story);

/* The record that a frame's story begins with: its sending, or what else is first known of it; 0: none. */
uint64_t explain_frame_record(const struct history *history, uint64_t frame);

/* One sentence about a record, with its clause: "alice asks who has 10.0.0.2 [RFC 826]". */
void explain_add_sentence(const struct explain *explain, const struct nt_record *record, struct text *text);

/* The story as text of at most `width` columns, and as JSON (docs/explain-format.md). */
void explain_write(const struct explain *explain, const struct explain_story *story, struct outlet *out,
                   size_t width);
void explain_write_json(const struct explain *explain, const struct explain_story *story, FILE *out);

#endif

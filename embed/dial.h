/* SPDX-License-Identifier: MIT
 * The environment of an embedded host: a clock that the caller turns, and the timers that wait for it.
 *
 * Timers stand in a binary heap, by their time and then by the order in which they were armed; where each
 * stands it knows itself (`opaque`), so that moving and disarming need no search. The protocols share one
 * clock and have a `dial_env` each, with dice of its own. */
#ifndef NETARIUM_EMBED_DIAL_H
#define NETARIUM_EMBED_DIAL_H

#include "protocols/env.h"
#include "sim/base/rng.h"

#define DIAL_TEXTS 8 /* a fact carries fewer */
#define DIAL_TEXT_BYTES 200

struct dial {
    int64_t now;
    bool is_listening;
    struct env_timer **heap; /* the next one first; owned */
    size_t count, room;
    uint64_t next_order;                     /* of arming */
    uint64_t facts;                          /* told so far */
    char texts[DIAL_TEXTS][DIAL_TEXT_BYTES]; /* the latest words that facts carry */
    uint64_t text_count;

    /* Who hears the facts; NULL: nobody. */
    void (*told)(struct dial *dial, const struct env_kind *kind, const int64_t *values);
};

struct dial_env {
    struct env env;
    struct dial *dial;
    struct rng rng;
};

void dial_init(struct dial *dial);

/* Timers must have been disarmed, or never fire again. */
void dial_release(struct dial *dial);

/* An environment whose dice depend on `seed` and `name`. */
void dial_env_init(struct dial_env *env, struct dial *dial, uint64_t seed, const char *name);

/* The words that number `text` stands for; "" for old ones. */
const char *dial_text(const struct dial *dial, uint64_t text);

/* When the first timer is due; ENV_NEVER: none is armed. */
int64_t dial_deadline(const struct dial *dial);

/* Fires what is due until `at`, and it is `at` then. */
void dial_run_until(struct dial *dial, int64_t at);

#endif

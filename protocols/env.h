/* SPDX-License-Identifier: MIT
 * The seam between a protocol and whatever it runs in.
 *
 * A protocol never learns that it is simulated. It is given bytes, and this: the time, timers, randomness, memory, and
 * a place to tell facts. In the simulator a node provides it; in a unit test a hand-turned clock does; over a real
 * wire a poll loop could. All times are picoseconds (int64_t); a second is ENV_SECOND.
 *
 * A fact is one record: something changed, a rule did it, a clause says so. A protocol declares its kinds of facts
 * in a constant table of `struct env_kind`, and tells one with `env_tell`. When nobody listens that costs one test.
 * `env_tell` returns the record's number (0 when nobody listens). After `env_because(env, number)` whatever the
 * protocol tells, sends or arms until it returns to its caller has that record as its cause.
 *
 * A timer is embedded in the protocol's own state. Arming an armed timer moves it; both directions are cheap, moving
 * it later is cheapest. A timer must be disarmed before its memory goes away. */
#ifndef NETARIUM_PROTOCOLS_ENV_H
#define NETARIUM_PROTOCOLS_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENV_SECOND INT64_C(1000000000000)
#define ENV_MILLISECOND INT64_C(1000000000)
#define ENV_MICROSECOND INT64_C(1000000)
#define ENV_NANOSECOND INT64_C(1000)
#define ENV_NEVER INT64_MAX
#define ENV_VALUES 6 /* the most integers that one fact carries */

/* How one integer of a fact is meant, and therefore shown. */
enum env_unit {
    ENV_UNIT_NONE,    /* a plain number */
    ENV_UNIT_BYTES,   /* bytes */
    ENV_UNIT_BITS,    /* bits */
    ENV_UNIT_TIME,    /* picoseconds */
    ENV_UNIT_RATE,    /* bits per second */
    ENV_UNIT_FRAMES,  /* frames or packets */
    ENV_UNIT_PPM,     /* parts per million, shown in per cent */
    ENV_UNIT_MM,      /* millimetres, shown in metres */
    ENV_UNIT_MAC,     /* an Ethernet address in the low 48 bits */
    ENV_UNIT_IPV4,    /* an IPv4 address in the low 32 bits */
    ENV_UNIT_HEX,     /* a plain number, shown in hexadecimal */
    ENV_UNIT_BOOL,    /* 0 no, 1 yes */
    ENV_UNIT_WORD,    /* an index into the field's `words` */
    ENV_UNIT_FRAME,   /* the number of a frame */
    ENV_UNIT_RECORD,  /* the number of a record */
    ENV_UNIT_TEXT     /* the number of a text that the trace keeps */
};

struct env_field {
    const char *name;         /* as in a query: short, lower case, with _ between words */
    enum env_unit unit;       /* how to show it */
    const char *const *words; /* for ENV_UNIT_WORD: names, ended by NULL; for bytes: what INT32_MAX stands for, if it does */
};

enum env_kind_flag {
    ENV_KIND_GAUGE = 1,       /* field 0 is a level that holds until the next record of this kind here */
    ENV_KIND_INTERESTING = 2, /* worth stopping at: losses, state changes, not every frame */
    ENV_KIND_DROP = 4,        /* a frame ended here; field 0 is the reason */
    ENV_KIND_CHATTER = 8      /* background noise, folded until asked for */
};

struct env_kind {
    const char *name;     /* "arp.request": layer, dot, what */
    const char *sentence; /* "{node} asks who has {target}"; {node} {port} {frame} and the fields' names */
    const char *clause;   /* "RFC 826", "IEEE 802.3 4.2.3.2.5"; NULL where no standard speaks */
    unsigned flags;       /* env_kind_flag */
    struct env_field fields[ENV_VALUES]; /* up to the first without a name */
};

/* The storage of a timer. `fire` is set once by the protocol, the rest belongs to the environment. */
struct env_timer {
    void (*fire)(struct env_timer *timer); /* what happens at its time; use ENV_OWNER to find the owner */
    int64_t at;                            /* when; ENV_NEVER while not armed */
    uint64_t opaque[8];                    /* the environment's */
};

struct env;

struct env_ops {
    void (*arm)(struct env *env, struct env_timer *timer, int64_t at);
    void (*disarm)(struct env *env, struct env_timer *timer);
    uint32_t (*random_below)(struct env *env, uint32_t limit);
    uint64_t (*tell)(struct env *env, const struct env_kind *kind, uint64_t frame, const int64_t *values);
    void (*because)(struct env *env, uint64_t record);
    void *(*memory_new)(struct env *env, size_t size_bytes);
    void (*memory_free)(struct env *env, void *memory);
    uint64_t (*cause)(struct env *env); /* may be NULL: then env_cause knows of none */
    uint64_t (*text)(struct env *env, const char *words); /* may be NULL: then env_text keeps none */
};

struct env {
    const struct env_ops *ops;
    const int64_t *now;       /* the clock, picoseconds */
    const bool *is_listening; /* does anybody want facts? */
};

#define ENV_OWNER(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

static inline int64_t env_now(const struct env *env)
{
    return *env->now;
}

/* Arms or moves `timer` to fire at `at` (not before now). */
static inline void env_arm(struct env *env, struct env_timer *timer, int64_t at)
{
    env->ops->arm(env, timer, at);
}

/* Stops `timer`; harmless when it is not armed. */
static inline void env_disarm(struct env *env, struct env_timer *timer)
{
    if (timer->at != ENV_NEVER)
        env->ops->disarm(env, timer);
}

static inline void env_timer_init(struct env_timer *timer, void (*fire)(struct env_timer *))
{
    *timer = (struct env_timer){.fire = fire, .at = ENV_NEVER};
}

static inline bool env_timer_is_armed(const struct env_timer *timer)
{
    return timer->at != ENV_NEVER;
}

/* Uniform in [0, limit); limit at least 1. From the stream that belongs to this protocol on this node. */
static inline uint32_t env_random_below(struct env *env, uint32_t limit)
{
    return env->ops->random_below(env, limit);
}

/* Tells one fact; `frame` is a frame's number or 0. Values in the order of the kind's fields, missing ones are 0. */
#define env_tell(env, kind, frame, ...)                                                                      \
    (*(env)->is_listening ? (env)->ops->tell((env), (kind), (frame), (const int64_t[ENV_VALUES]){__VA_ARGS__}) \
                          : UINT64_C(0))

static inline void env_because(struct env *env, uint64_t record)
{
    if (record)
        env->ops->because(env, record);
}

/* The record that the present moment goes back to, or 0. A function that sends on behalf of its caller notes it first and
 * gives it back with env_because, so that what the caller does next is not laid at its door. */
static inline uint64_t env_cause(struct env *env)
{
    return *env->is_listening && env->ops->cause ? env->ops->cause(env) : 0;
}

/* A number for `words` that a fact may carry in a field of ENV_UNIT_TEXT; 0 when nobody listens. */
static inline uint64_t env_text(struct env *env, const char *words)
{
    return *env->is_listening && env->ops->text ? env->ops->text(env, words) : 0;
}

/* Zeroed memory of the environment; never NULL (an environment that has none left ends the run instead). */
static inline void *env_new(struct env *env, size_t size_bytes)
{
    return env->ops->memory_new(env, size_bytes);
}

static inline void env_free(struct env *env, void *memory)
{
    if (memory)
        env->ops->memory_free(env, memory);
}

#endif

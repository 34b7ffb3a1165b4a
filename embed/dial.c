/* SPDX-License-Identifier: MIT
 * A clock that the caller turns. */
#include "embed/dial.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- The heap. A timer's opaque[0] is its place, opaque[1] its order. ---- */

static bool is_before(const struct env_timer *a, const struct env_timer *b)
{
    return a->at != b->at ? a->at < b->at : a->opaque[1] < b->opaque[1];
}

static void put(struct dial *dial, size_t place, struct env_timer *timer)
{
    dial->heap[place] = timer;
    timer->opaque[0] = place;
}

static void rise(struct dial *dial, size_t place, struct env_timer *timer)
{
    for (; place > 0; place = (place - 1) / 2) {
        struct env_timer *above = dial->heap[(place - 1) / 2];
        if (!is_before(timer, above))
            break;
        put(dial, place, above);
    }
    put(dial, place, timer);
}

static void sink(struct dial *dial, size_t place, struct env_timer *timer)
{
    for (size_t below = place * 2 + 1; below < dial->count; below = place * 2 + 1) {
        if (below + 1 < dial->count && is_before(dial->heap[below + 1], dial->heap[below]))
            below++;
        if (!is_before(dial->heap[below], timer))
            break;
        put(dial, place, dial->heap[below]);
        place = below;
    }
    put(dial, place, timer);
}

static void take_out(struct dial *dial, struct env_timer *timer)
{
    size_t place = timer->opaque[0];
    struct env_timer *last = dial->heap[--dial->count];
    timer->at = ENV_NEVER;
    if (last == timer)
        return;
    if (place > 0 && is_before(last, dial->heap[(place - 1) / 2]))
        rise(dial, place, last);
    else
        sink(dial, place, last);
}

/* ---- What a protocol asks of its environment ---- */

static struct dial_env *dial_env_of(struct env *env)
{
    return ENV_OWNER(env, struct dial_env, env);
}

static void arm(struct env *env, struct env_timer *timer, int64_t at)
{
    struct dial *dial = dial_env_of(env)->dial;
    assert(at >= dial->now);
    if (timer->at != ENV_NEVER)
        take_out(dial, timer);
    if (dial->count == dial->room) {
        size_t room = dial->room ? dial->room * 2 : 32;
        struct env_timer **heap = realloc(dial->heap, room * sizeof *heap);
        if (!heap)
            abort(); /* the environment never fails; see env_new */
        dial->heap = heap;
        dial->room = room;
    }
    timer->at = at;
    timer->opaque[1] = dial->next_order++;
    rise(dial, dial->count++, timer);
}

static void disarm(struct env *env, struct env_timer *timer)
{
    take_out(dial_env_of(env)->dial, timer);
}

static uint32_t random_below(struct env *env, uint32_t limit)
{
    return (uint32_t)rng_below(&dial_env_of(env)->rng, limit);
}

static uint64_t tell(struct env *env, const struct env_kind *kind, uint64_t frame, const int64_t *values)
{
    struct dial *dial = dial_env_of(env)->dial;
    (void)frame;
    if (dial->told)
        dial->told(dial, kind, values);
    return ++dial->facts;
}

/* Causes are for those who keep records. */
static void because(struct env *env, uint64_t record)
{
    (void)env;
    (void)record;
}

static uint64_t keep_text(struct env *env, const char *words)
{
    struct dial *dial = dial_env_of(env)->dial;
    char *place = dial->texts[dial->text_count % DIAL_TEXTS];
    size_t length = strlen(words);
    length = length < DIAL_TEXT_BYTES - 1 ? length : DIAL_TEXT_BYTES - 1;
    memcpy(place, words, length);
    place[length] = '\0';
    return ++dial->text_count;
}

const char *dial_text(const struct dial *dial, uint64_t text)
{
    bool is_kept = text > 0 && text <= dial->text_count && text + DIAL_TEXTS > dial->text_count;
    return is_kept ? dial->texts[(text - 1) % DIAL_TEXTS] : "";
}

static void *memory_new(struct env *env, size_t size_bytes)
{
    (void)env;
    void *memory = calloc(1, size_bytes);
    if (!memory)
        abort();
    return memory;
}

static void memory_free(struct env *env, void *memory)
{
    (void)env;
    free(memory);
}

static const struct env_ops dial_ops = {arm,        disarm,      random_below, tell,     because,
                                        memory_new, memory_free, NULL,         keep_text};

/* ---- For the host ---- */

void dial_init(struct dial *dial)
{
    *dial = (struct dial){0};
}

void dial_release(struct dial *dial)
{
    free(dial->heap);
}

void dial_env_init(struct dial_env *env, struct dial *dial, uint64_t seed, const char *name)
{
    *env = (struct dial_env){{&dial_ops, &dial->now, &dial->is_listening}, dial, rng_seeded(seed, name)};
}

int64_t dial_deadline(const struct dial *dial)
{
    return dial->count > 0 ? dial->heap[0]->at : ENV_NEVER;
}

void dial_run_until(struct dial *dial, int64_t at)
{
    while (dial->count > 0 && dial->heap[0]->at <= at) {
        struct env_timer *timer = dial->heap[0];
        dial->now = timer->at;
        take_out(dial, timer);
        timer->fire(timer);
    }
    dial->now = at;
}

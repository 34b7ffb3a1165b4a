/* SPDX-License-Identifier: MIT
 * The least environment that a protocol can run in. */
#include "tests/fuzz/quiet_env.h"

#include <stdlib.h>
#include <string.h>

#include "protocols/dissect/dissect.h"
#include "sim/base/text.h"

static struct quiet_env *quiet_of(struct env *env)
{
    return ENV_OWNER(env, struct quiet_env, env);
}

static void disarm(struct env *env, struct env_timer *timer)
{
    struct quiet_env *quiet = quiet_of(env);
    for (size_t i = 0; i < quiet->timer_count; i++)
        if (quiet->timers[i] == timer)
            quiet->timers[i--] = quiet->timers[--quiet->timer_count];
    timer->at = ENV_NEVER;
}

static void arm(struct env *env, struct env_timer *timer, int64_t at)
{
    struct quiet_env *quiet = quiet_of(env);
    assert(at >= quiet->now);
    disarm(env, timer);
    assert(quiet->timer_count < QUIET_TIMERS);
    timer->at = at;
    quiet->timers[quiet->timer_count++] = timer;
}

static uint32_t random_below(struct env *env, uint32_t limit)
{
    struct quiet_env *quiet = quiet_of(env);
    quiet->random = quiet->random * 1664525 + 1013904223;
    return (quiet->random >> 8) % limit;
}

static uint64_t tell(struct env *env, const struct env_kind *kind, uint64_t frame, const int64_t *values)
{
    for (int i = 0; i < ENV_VALUES && kind->fields[i].name; i++)
        for (int64_t word = 0; kind->fields[i].unit == ENV_UNIT_WORD && word <= values[i]; word++)
            assert(kind->fields[i].words[word]);
    return 1;
}

static void because(struct env *env, uint64_t record)
{
}

static void *memory_new(struct env *env, size_t size_bytes)
{
    return calloc(1, size_bytes);
}

static void memory_free(struct env *env, void *memory)
{
    free(memory);
}

static const struct env_ops quiet_ops = {arm,     disarm,     random_below, tell,
                                         because, memory_new, memory_free,  NULL};

static struct packet_out make(struct packet_pool *pool, size_t headroom_bytes, size_t length_bytes)
{
    struct quiet_env *quiet = ENV_OWNER(pool, struct quiet_env, pool);
    uint8_t *start = malloc(headroom_bytes + length_bytes + 1);
    assert(start);
    quiet->packets++;
    return (struct packet_out){start + headroom_bytes, length_bytes, headroom_bytes, 0, start};
}

static void give_back(struct packet_pool *pool, struct packet_out *packet)
{
    struct quiet_env *quiet = ENV_OWNER(pool, struct quiet_env, pool);
    assert(packet->bytes - packet->headroom_bytes == (uint8_t *)packet->owner);
    free(packet->owner);
    quiet->packets--;
}

static const struct packet_ops quiet_packets = {make, give_back};

void quiet_init(struct quiet_env *quiet)
{
    memset(quiet, 0, sizeof *quiet);
    quiet->is_listening = true;
    quiet->env = (struct env){&quiet_ops, &quiet->now, &quiet->is_listening};
    quiet->pool.ops = &quiet_packets;
}

void quiet_release(struct quiet_env *quiet)
{
    assert(quiet->packets == 0);
    assert(quiet->timer_count == 0);
}

void quiet_advance(struct quiet_env *quiet, int64_t duration)
{
    int64_t until = quiet->now + duration;
    for (int fired = 0; fired < 1000; fired++) {
        struct env_timer *first = NULL;
        for (size_t i = 0; i < quiet->timer_count; i++)
            if (!first || quiet->timers[i]->at < first->at)
                first = quiet->timers[i];
        if (!first || first->at > until)
            break;
        quiet->now = first->at;
        disarm(&quiet->env, first);
        first->fire(first);
    }
    quiet->now = quiet->now < until && quiet->timer_count == 0 ? until : quiet->now;
}

void quiet_send(struct quiet_env *quiet, struct packet_out *packet)
{
    char line[300];
    struct text text = text_in(line, sizeof line);
    dissect_line_ipv4(&text, packet->bytes, packet->length_bytes);
    quiet->sent++;
    packet_give_back(&quiet->pool, packet);
}

uint8_t *quiet_copy(const uint8_t *bytes, size_t length_bytes)
{
    uint8_t *copy = malloc(length_bytes ? length_bytes : 1);
    assert(copy);
    if (length_bytes > 0)
        memcpy(copy, bytes, length_bytes);
    return copy;
}

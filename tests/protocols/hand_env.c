/* SPDX-License-Identifier: MIT
 * The environment whose clock is turned by hand. */
#include "tests/protocols/hand_env.h"

#include <stdio.h>
#include <stdlib.h>

#include "protocols/dissect/dissect.h"
#include "sim/base/text.h"

#define LINE_SIZE 400

/* What a packet's `owner` points to: where its storage begins. */
struct storage {
    uint8_t *bytes;
};

/* ---- The clock ---- */

static struct hand_env *hand_of(struct env *env)
{
    return ENV_OWNER(env, struct hand_env, env);
}

static void remove_timer(struct hand_env *hand, struct env_timer *timer)
{
    for (size_t i = 0; i < hand->timer_count; i++)
        if (hand->timers[i] == timer) {
            hand->timers[i] = hand->timers[--hand->timer_count];
            return;
        }
}

static void arm(struct env *env, struct env_timer *timer, int64_t at)
{
    struct hand_env *hand = hand_of(env);
    assert_true(at >= hand->now);
    assert_non_null(timer->fire);
    if (timer->at != ENV_NEVER)
        remove_timer(hand, timer);
    if (hand->timer_count == hand->timer_room) {
        hand->timer_room = hand->timer_room ? hand->timer_room * 2 : 16;
        hand->timers = realloc(hand->timers, hand->timer_room * sizeof *hand->timers);
    }
    timer->at = at;
    timer->opaque[0] = hand->next_order++;
    timer->opaque[1] = hand->cause;
    hand->timers[hand->timer_count++] = timer;
}

static void disarm(struct env *env, struct env_timer *timer)
{
    remove_timer(hand_of(env), timer);
    timer->at = ENV_NEVER;
}

static struct env_timer *first_timer(const struct hand_env *hand)
{
    struct env_timer *first = NULL;
    for (size_t i = 0; i < hand->timer_count; i++) {
        struct env_timer *timer = hand->timers[i];
        if (!first || timer->at < first->at ||
            (timer->at == first->at && timer->opaque[0] < first->opaque[0]))
            first = timer;
    }
    return first;
}

int64_t hand_next_timer(const struct hand_env *hand)
{
    const struct env_timer *timer = first_timer(hand);
    return timer ? timer->at : ENV_NEVER;
}

void hand_advance(struct hand_env *hand, int64_t duration)
{
    int64_t until = hand->now + duration;
    struct env_timer *timer = first_timer(hand);
    while (timer && timer->at <= until) {
        hand->now = timer->at;
        hand->cause = timer->opaque[1];
        disarm(&hand->env, timer);
        timer->fire(timer);
        timer = first_timer(hand);
    }
    hand->now = until;
    hand->cause = 0;
}

/* ---- Facts, randomness, memory ---- */

static uint32_t random_below(struct env *env, uint32_t limit)
{
    struct hand_env *hand = hand_of(env);
    assert_true(limit >= 1);
    hand->random = hand->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)((hand->random >> 32) * limit >> 32);
}

static uint64_t tell(struct env *env, const struct env_kind *kind, uint64_t frame, const int64_t *values)
{
    struct hand_env *hand = hand_of(env);
    assert_true(hand->fact_count < HAND_FACTS);
    struct hand_fact *fact = &hand->facts[hand->fact_count++];
    *fact = (struct hand_fact){.kind = kind, .frame = frame, .cause = hand->cause, .at = hand->now};
    memcpy(fact->values, values, sizeof fact->values);
    for (unsigned i = 0; i < ENV_VALUES && kind->fields[i].name; i++)
        hand_word(fact, i); /* every word that is told must exist */
    return hand->fact_count;
}

static void because(struct env *env, uint64_t record)
{
    hand_of(env)->cause = record;
}

static uint64_t cause(struct env *env)
{
    return hand_of(env)->cause;
}

static void *memory_new(struct env *env, size_t size_bytes)
{
    hand_of(env)->memory_blocks++;
    hand_of(env)->memory_ever++;
    return calloc(1, size_bytes);
}

static void memory_free(struct env *env, void *memory)
{
    hand_of(env)->memory_blocks--;
    free(memory);
}

/* Texts of facts, each kept once. */
static uint64_t text_of(struct env *env, const char *words)
{
    struct hand_env *hand = ENV_OWNER(env, struct hand_env, env);
    for (size_t i = 0; i < hand->text_count; i++)
        if (strcmp(hand->texts[i], words) == 0)
            return i + 1;
    hand->texts = realloc(hand->texts, (hand->text_count + 1) * sizeof *hand->texts);
    hand->texts[hand->text_count] = strdup(words);
    return ++hand->text_count;
}

const char *hand_text(const struct hand_env *hand, uint64_t number)
{
    assert_true(number <= hand->text_count);
    return number ? hand->texts[number - 1] : "";
}

static const struct env_ops hand_ops = {arm,         disarm,      random_below, tell, because, memory_new,
                                        memory_free, cause,       text_of};

/* ---- Packets ---- */

static struct packet_out make(struct packet_pool *pool, size_t headroom_bytes, size_t length_bytes)
{
    struct hand_env *hand = ENV_OWNER(pool, struct hand_env, pool);
    struct storage *storage = malloc(sizeof *storage);
    storage->bytes = malloc(headroom_bytes + length_bytes + 1);
    memset(storage->bytes, 0xaa,
           headroom_bytes + length_bytes); /* contents are undefined: make that visible */
    hand->packets++;
    return (struct packet_out){.bytes = storage->bytes + headroom_bytes,
                               .length_bytes = length_bytes,
                               .headroom_bytes = headroom_bytes,
                               .frame = ++hand->next_frame,
                               .owner = storage};
}

static void give_back(struct packet_pool *pool, struct packet_out *packet)
{
    struct hand_env *hand = ENV_OWNER(pool, struct hand_env, pool);
    struct storage *storage = packet->owner;
    assert_non_null(storage);
    assert_true(packet->bytes - storage->bytes == (ptrdiff_t)packet->headroom_bytes);
    free(storage->bytes);
    free(storage);
    hand->packets--;
}

static const struct packet_ops hand_packet_ops = {make, give_back};

void hand_send(struct hand_env *hand, struct mac_address destination, struct mac_address source,
               uint16_t type, struct packet_out *packet)
{
    struct ethernet_header header = {destination, source, type};
    ethernet_prepend(packet, &header);
    size_t padding = ethernet_pad_bytes(packet->length_bytes);
    assert_true(hand->frame_count < HAND_FRAMES);
    struct hand_frame *frame = &hand->frames[hand->frame_count++];
    *frame = (struct hand_frame){.length_bytes = packet->length_bytes + padding,
                                 .number = packet->frame,
                                 .cause = hand->cause,
                                 .at = hand->now};
    frame->bytes = calloc(1, frame->length_bytes);
    memcpy(frame->bytes, packet->bytes, packet->length_bytes);
    packet_give_back(&hand->pool, packet);
}

/* ---- Life ---- */

void hand_init(struct hand_env *hand)
{
    *hand = (struct hand_env){.is_listening = true, .random = 1};
    hand->env = (struct env){&hand_ops, &hand->now, &hand->is_listening};
    hand->pool.ops = &hand_packet_ops;
    hand->facts = calloc(HAND_FACTS, sizeof *hand->facts);
    hand->frames = calloc(HAND_FRAMES, sizeof *hand->frames);
}

void hand_forget(struct hand_env *hand)
{
    for (size_t i = 0; i < hand->frame_count; i++)
        free(hand->frames[i].bytes);
    hand->frame_count = 0;
    hand->frame_taken = 0;
    hand->fact_count = 0;
    hand->cause = 0;
    for (size_t i = 0; i < hand->timer_count; i++)
        hand->timers[i]->opaque[1] = 0; /* what armed it is forgotten too */
}

void hand_release(struct hand_env *hand)
{
    assert_int_equal(hand->memory_blocks, 0);
    assert_int_equal(hand->packets, 0);
    assert_int_equal(hand->timer_count, 0);
    hand_forget(hand);
    for (size_t i = 0; i < hand->text_count; i++)
        free(hand->texts[i]);
    free(hand->texts);
    free(hand->timers);
    free(hand->facts);
    free(hand->frames);
}

/* ---- Expectations ---- */

static void line_of(const struct hand_frame *frame, char ret_line[LINE_SIZE])
{
    struct text text = text_in(ret_line, LINE_SIZE);
    dissect_line(&text, frame->bytes, frame->length_bytes, &(struct dissect_options){0});
}

const struct hand_frame *hand_expect_frame_at(struct hand_env *hand, const char *line, const char *file,
                                              int number)
{
    char found[LINE_SIZE] = "nothing";
    const struct hand_frame *frame = &hand->frames[hand->frame_taken];
    if (hand->frame_taken < hand->frame_count)
        line_of(frame, found);
    if (strcmp(found, line) != 0) {
        print_error("%s:%d: expected \"%s\"\n            but sent \"%s\"\n", file, number, line, found);
        _fail(file, number);
    }
    hand->frame_taken++;
    return frame;
}

void hand_expect_silence_at(struct hand_env *hand, const char *file, int number)
{
    if (hand->frame_taken == hand->frame_count)
        return;
    char found[LINE_SIZE];
    line_of(&hand->frames[hand->frame_taken], found);
    print_error("%s:%d: expected silence, but \"%s\" was sent\n", file, number, found);
    _fail(file, number);
}

const struct hand_fact *hand_fact(const struct hand_env *hand, const char *name)
{
    for (size_t i = hand->fact_count; i > 0; i--)
        if (strcmp(hand->facts[i - 1].kind->name, name) == 0)
            return &hand->facts[i - 1];
    fail_msg("no fact %s was told", name);
    return NULL;
}

size_t hand_fact_count(const struct hand_env *hand, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < hand->fact_count; i++)
        count += strcmp(hand->facts[i].kind->name, name) == 0;
    return count;
}

const char *hand_word(const struct hand_fact *fact, unsigned field)
{
    const struct env_field *as = &fact->kind->fields[field];
    if (as->unit != ENV_UNIT_WORD)
        return NULL;
    for (int64_t i = 0; i <= fact->values[field]; i++)
        if (!as->words[i])
            fail_msg("%s: field %s has no word for %lld", fact->kind->name, as->name,
                     (long long)fact->values[field]);
    return as->words[fact->values[field]];
}

bool hand_goes_back_to(const struct hand_env *hand, uint64_t number, const char *name)
{
    while (number > 0) {
        const struct hand_fact *fact = &hand->facts[number - 1];
        if (strcmp(fact->kind->name, name) == 0)
            return true;
        assert_true(fact->cause < number);
        number = fact->cause;
    }
    return false;
}

size_t hand_bytes(const char *hex, uint8_t *ret_bytes, size_t size)
{
    size_t count = 0;
    for (; *hex; hex++) {
        unsigned value;
        if (*hex == ' ')
            continue;
        assert_true(count < size);
        assert_int_equal(sscanf(hex, "%2x", &value), 1);
        ret_bytes[count++] = (uint8_t)value;
        hex++;
    }
    return count;
}

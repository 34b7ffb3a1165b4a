/* SPDX-License-Identifier: MIT
 * Why one thing happened, and what came of it: finding both. How they are said is in explain_write.c. */
#include "views/explain.h"

#include <assert.h>
#include <stdlib.h>

#include "views/explain_lost.h"

#define MOST_CAUSES                                                                                          \
    100000 /* causes looked at: a timer that fires again and again goes back to itself each time */

/* ---- What is worth a line ---- */

static bool is_background(const struct explain *explain, const struct nt_record *record)
{
    if (record->kind == RUN_KIND_APP_PRINT || record->kind == RUN_KIND_APP_EXIT)
        return true;
    return run_kind_at(explain->run, record->kind)->flags & NT_KIND_CHATTER;
}

static bool is_consequence(const struct explain *explain, const struct nt_record *record)
{
    const struct nt_kind *kind = run_kind_at(explain->run, record->kind);
    if (kind->flags & NT_KIND_CHATTER || (record->kind == RUN_KIND_LINE && record->at == 0))
        return false;
    return record->kind < RUN_KIND_COUNT || kind->flags & (NT_KIND_INTERESTING | NT_KIND_DROP);
}

/* Was the same kind of thing at the same node said since the last arrival? Then a timer goes round. */
static bool is_repeated(const struct explain *explain, const struct explain_step *steps, size_t count,
                        const struct nt_record *record)
{
    for (size_t i = count; i-- > 1;) {
        const struct nt_record *said = history_known_at(explain->history, steps[i].record);
        if (said->kind == RUN_KIND_FRAME_RX)
            return false;
        if (said->kind == record->kind && said->node == record->node)
            return true;
    }
    return false;
}

/* ---- Causes ---- */

static size_t add_step(struct explain_step *steps, size_t count, uint64_t number)
{
    if (count == EXPLAIN_CAUSES)
        count--; /* the last one is where it began */
    steps[count] = (struct explain_step){number, 0};
    return count + 1;
}

/* The chain goes on from the first of what was counted: "duplicate ACK number 3", 2, 1. */
static const struct nt_record *add_counted(const struct explain *explain, const struct nt_record *record,
                                           struct explain_step *steps, size_t *count)
{
    for (uint64_t number; (number = explain_lost_count_before(explain, record)) != 0;) {
        record = history_known_at(explain->history, number);
        *count = add_step(steps, *count, number);
    }
    return record;
}

static size_t find_causes(const struct explain *explain, uint64_t number, struct explain_step *steps)
{
    const struct nt_record *record = history_known_at(explain->history, number);
    size_t count = 0;
    if (record) {
        count = add_step(steps, count, number);
        record = add_counted(explain, record, steps, &count);
    }
    for (int looked = 0; record && record->cause && looked < MOST_CAUSES; looked++) {
        record = history_known_at(explain->history, record->cause);
        if (!record || is_background(explain, record))
            continue;
        if (record->kind != RUN_KIND_APP_START && is_repeated(explain, steps, count, record)) {
            steps[count - 1].repeats++;
            continue;
        }
        count = add_step(steps, count, record->number);
        record = add_counted(explain, record, steps, &count);
    }
    return count;
}

/* ---- Another frame's story ---- */

/* The sending of `frame` that was the last before record `before`; 0: none. */
static uint64_t find_sending(const struct explain *explain, uint64_t frame, uint64_t before)
{
    for (uint64_t number = before; number-- > 1;) {
        const struct nt_record *record = history_known_at(explain->history, number);
        if (!record)
            return 0;
        if (record->frame == frame && record->kind == RUN_KIND_FRAME_TX)
            return number;
    }
    return 0;
}

static bool is_among(uint64_t number, const struct explain_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (steps[i].record == number)
            return true;
    return false;
}

/* Who lets a frame end is one story (somebody meddled, a queue was full); why it was on its way another. */
static void find_second(const struct explain *explain, struct explain_story *story)
{
    for (size_t i = 0; i < story->cause_count && !story->second_count; i++) {
        const struct nt_record *record = history_known_at(explain->history, story->causes[i].record);
        uint64_t frame = explain_lost_frame(explain, record);
        uint64_t end = frame ? explain_lost_end(explain, frame, record->number) : 0;
        if (end) {
            story->is_replaced = true;
        } else if (i == 0 && record->kind == RUN_KIND_FRAME_DROP) {
            frame = record->frame;
            end = find_sending(explain, frame, record->number);
        }
        if (!end || is_among(end, story->causes, story->cause_count))
            continue;
        story->second_frame = frame;
        story->second_count = find_causes(explain, end, story->second);
    }
}

/* ---- Consequences ---- */

static bool has(const unsigned char *set, uint64_t index)
{
    return set[index / 8] >> index % 8 & 1;
}

/* Does it go back to what is in the set: by its cause, or as the end of a frame whose sending is? */
static bool comes_of(const struct explain *explain, const unsigned char *set, uint64_t number,
                     const struct nt_record *record)
{
    if (record->cause >= number && has(set, record->cause - number))
        return true;
    uint64_t sending =
        record->kind == RUN_KIND_FRAME_DROP ? find_sending(explain, record->frame, record->number) : 0;
    return sending >= number && has(set, sending - number);
}

static void find_consequences(const struct explain *explain, uint64_t number, struct explain_story *story)
{
    uint64_t last = explain->history->last;
    if (number >= last)
        return;
    unsigned char *set = calloc((last - number) / 8 + 1, 1);
    assert(set);
    set[0] = 1;
    for (uint64_t n = number + 1; n <= last; n++) {
        const struct nt_record *record = history_at(explain->history, n);
        if (!comes_of(explain, set, number, record))
            continue;
        set[(n - number) / 8] |= (unsigned char)(1 << (n - number) % 8);
        if (!is_consequence(explain, record))
            continue;
        if (story->consequence_count < EXPLAIN_CONSEQUENCES)
            story->consequences[story->consequence_count++] = (struct explain_step){n, 0};
        else
            story->more++;
    }
    free(set);
}

void explain_record(const struct explain *explain, uint64_t number, struct explain_story *ret_story)
{
    ret_story->cause_count = find_causes(explain, number, ret_story->causes);
    ret_story->consequence_count = ret_story->second_count = 0;
    ret_story->more = ret_story->second_frame = 0;
    ret_story->is_replaced = false;
    find_second(explain, ret_story);
    find_consequences(explain, number, ret_story);
}

uint64_t explain_frame_record(const struct history *history, uint64_t frame)
{
    uint64_t first = 0;
    for (uint64_t n = history->first; frame && n && n <= history->last; n++) {
        const struct nt_record *record = history_at(history, n);
        if (record->frame != frame)
            continue;
        if (record->kind == RUN_KIND_FRAME_TX)
            return n;
        if (!first && record->kind < RUN_KIND_COUNT)
            first = n;
    }
    return first;
}

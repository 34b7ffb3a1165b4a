/* SPDX-License-Identifier: MIT
 * What has been told so far, so that a cause can be looked up. */
#include "views/history.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/run.h"

#define HISTORY_FIRST_CAPACITY 1024

void history_init(struct history *history, size_t limit)
{
    size_t capacity = limit ? 1 : HISTORY_FIRST_CAPACITY;
    while (capacity < limit)
        capacity *= 2;
    *history = (struct history){.capacity = capacity, .is_bounded = limit != 0};
    history->records = calloc(capacity, sizeof *history->records);
    assert(history->records);
}

void history_release(struct history *history)
{
    free(history->records);
    *history = (struct history){0};
}

static struct nt_record *place_of(const struct history *history, uint64_t number)
{
    return &history->records[number & (history->capacity - 1)];
}

/* Twice the storage: every record moves to where its number now says. */
static void grow(struct history *history)
{
    struct history old = *history;
    history->capacity *= 2;
    history->records = calloc(history->capacity, sizeof *history->records);
    assert(history->records);
    for (uint64_t number = old.first; number <= old.last; number++)
        *place_of(history, number) = *place_of(&old, number);
    free(old.records);
}

void history_take(struct history *history, const struct nt_record *record)
{
    bool follows = history->last ? record->number == history->last + 1
                                 : history->known && record->number == history->first;
    if (!follows) {
        history->first = record->number;
        history->known = 0;
    } else if (record->number - history->first == history->capacity) {
        if (history->is_bounded)
            history->first++;
        else
            grow(history);
    }
    history->last = record->number;
    if (history->known < record->number)
        history->known = record->number;
    *place_of(history, record->number) = *record;
}

void history_cut(struct history *history, uint64_t last)
{
    if (last < history->last)
        history->last = last < history->first ? 0 : last;
    if (history->is_bounded)
        history_forget(history);
}

void history_forget(struct history *history)
{
    history->known = history->last;
}

const struct nt_record *history_at(const struct history *history, uint64_t number)
{
    return number <= history->last ? history_known_at(history, number) : NULL;
}

const struct nt_record *history_known_at(const struct history *history, uint64_t number)
{
    if (number == 0 || history->known == 0 || number < history->first || number > history->known)
        return NULL;
    return place_of(history, number);
}

const struct nt_record *history_sending(const struct history *history, const struct nt_record *record)
{
    const struct nt_record *cause = history_at(history, record->cause);
    while (cause && cause->kind >= RUN_KIND_COUNT)
        cause = history_at(history, cause->cause);
    return cause && cause->kind == RUN_KIND_FRAME_TX ? cause : NULL;
}

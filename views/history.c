/* SPDX-License-Identifier: MIT
 * What has been told so far, so that a cause can be looked up. */
#include "views/history.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/run.h"

void history_init(struct history *history, size_t limit)
{
    *history = (struct history){.block_count = (limit + HISTORY_BLOCK - 1) / HISTORY_BLOCK};
    history->limit = history->block_count * HISTORY_BLOCK;
    history->blocks = calloc(history->block_count + 1, sizeof *history->blocks);
    assert(history->blocks);
}

void history_release(struct history *history)
{
    for (size_t i = 0; i < history->block_count; i++)
        free(history->blocks[i]);
    free(history->blocks);
    *history = (struct history){0};
}

/* The block for a number, made if it is not there. Without a limit its place is the number's own. */
static struct nt_record *block_for(struct history *history, uint64_t number)
{
    uint64_t index = number / HISTORY_BLOCK;
    if (history->limit)
        index %= history->block_count;
    if (index >= history->block_count) {
        size_t count = history->block_count * 2 > index ? history->block_count * 2 : (size_t)index + 64;
        history->blocks = realloc(history->blocks, count * sizeof *history->blocks);
        assert(history->blocks);
        for (size_t i = history->block_count; i < count; i++)
            history->blocks[i] = NULL;
        history->block_count = count;
    }
    if (!history->blocks[index])
        history->blocks[index] = malloc(HISTORY_BLOCK * sizeof **history->blocks);
    assert(history->blocks[index]);
    return history->blocks[index];
}

void history_take(struct history *history, const struct nt_record *record)
{
    bool follows = history->last ? record->number == history->last + 1
                                 : history->known && record->number == history->first;
    if (!follows) {
        history->first = record->number;
        history->known = 0;
    }
    history->last = record->number;
    if (history->known < record->number)
        history->known = record->number;
    block_for(history, record->number)[record->number % HISTORY_BLOCK] = *record;
    if (history->limit && record->number - history->first >= history->limit)
        history->first = record->number - history->limit + 1;
}

void history_cut(struct history *history, uint64_t last)
{
    if (last < history->first)
        history->last = 0;
    else if (last <= history->known)
        history->last = last;
    if (history->limit)
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
    uint64_t index = number / HISTORY_BLOCK;
    return &history->blocks[history->limit ? index % history->block_count : index][number % HISTORY_BLOCK];
}

const struct nt_record *history_sending(const struct history *history, const struct nt_record *record)
{
    const struct nt_record *cause = history_at(history, record->cause);
    while (cause && cause->kind >= RUN_KIND_COUNT)
        cause = history_at(history, cause->cause);
    return cause && cause->kind == RUN_KIND_FRAME_TX ? cause : NULL;
}

/* SPDX-License-Identifier: MIT
 * Rungs of a ladder. */
#include "views/pictures/rungs.h"

#include <stdlib.h>

#include "views/pictures/facts.h"

#define ANCESTORS 6 /* of a frame: what it was made from, and that from */
#define READABLE 36 /* frames */
#define CAUSES 4    /* between a frame's sending and its end */

/* The rung of each frame.tx, by its record's number from `first` on. */
struct index {
    uint64_t first;
    uint32_t *places; /* and 1; 0: none */
    uint64_t room;
};

static struct rung *rung_behind(struct rungs *rungs, const struct index *index, const struct session *session,
                                const struct nt_record *record)
{
    for (unsigned i = 0; record && i < CAUSES; i++) {
        uint64_t number = record->number;
        bool is_ours = record->kind == RUN_KIND_FRAME_TX && number >= index->first &&
                       number - index->first < index->room;
        if (is_ours && index->places[number - index->first])
            return &rungs->list[index->places[number - index->first] - 1];
        record = session_record(session, record->cause);
    }
    return NULL;
}

static void begin(struct rungs *rungs, struct index *index, const struct nt_record *record)
{
    if (rungs->count == RUNGS_MOST) {
        rungs->is_cut = true;
        return;
    }
    rungs->list[rungs->count++] = (struct rung){.frame = record->frame,
                                                .record = record->number,
                                                .from = record->node,
                                                .left = record->at,
                                                .came = NT_NEVER};
    index->places[record->number - index->first] = rungs->count;
}

/* One sending may arrive at several: the first gets the rung, the others get rungs of their own. */
static void finish(struct rungs *rungs, const struct index *index, const struct session *session,
                   const struct nt_record *record)
{
    struct rung *rung = rung_behind(rungs, index, session, record);
    if (!rung)
        return;
    if (rung->end && rungs->count < RUNGS_MOST) {
        rungs->list[rungs->count] = *rung;
        rung = &rungs->list[rungs->count++];
    }
    rung->end = record->number;
    rung->came = record->at;
    rung->is_dropped = record->kind == RUN_KIND_FRAME_DROP;
    rung->to = rung->is_dropped ? 0 : record->node;
    rung->reason = rung->is_dropped ? (uint64_t)record->values[0] : 0;
}

void rungs_init(struct rungs *rungs, const struct session *session, nt_time from, nt_time to)
{
    struct index index = {.first = facts_record_after(session, from - 1)};
    uint64_t last = session_known_records(session);
    index.room = last >= index.first ? last - index.first + 1 : 0;
    index.room = index.room < RUNGS_RECORDS ? index.room : RUNGS_RECORDS;
    *rungs = (struct rungs){.list = malloc(RUNGS_MOST * sizeof *rungs->list)};
    index.places = calloc(index.room + 1, sizeof *index.places);
    for (uint64_t i = 0; i < index.room; i++) {
        const struct nt_record *record = session_record(session, index.first + i);
        if (!record)
            break;
        if (record->kind == RUN_KIND_FRAME_TX && record->at <= to)
            begin(rungs, &index, record);
        else if (record->kind == RUN_KIND_FRAME_RX || record->kind == RUN_KIND_FRAME_DROP)
            finish(rungs, &index, session, record);
    }
    free(index.places);
}

/* The instant at which the `count`th frame from record `number` on, upwards or downwards, was sent. */
static nt_time sent_at(const struct session *session, uint64_t number, unsigned count, int step,
                       nt_time otherwise)
{
    nt_time at = otherwise;
    uint64_t known = session_known_records(session);
    for (; number >= 1 && number <= known && count > 0; number += (uint64_t)(int64_t)step) {
        const struct nt_record *record = session_record(session, number);
        if (record && record->kind == RUN_KIND_FRAME_TX) {
            at = record->at;
            count--;
        }
    }
    return at;
}

void rungs_choose_span(const struct session *session, nt_time *from, nt_time *to)
{
    uint64_t now = session_records(session), known = session_known_records(session);
    nt_time last = sent_at(session, known, 1, -1, *to);
    if (sent_at(session, 1, 2 * READABLE, 1, last) == last)
        return; /* all of it fits */
    if (now < known)
        *from = sent_at(session, now, READABLE / 3, -1, *from);
    *to = sent_at(session, facts_record_after(session, *from - 1), READABLE, 1, last);
    if (*to <= *from)
        *to = *from + 1;
}

/* The rung by which a station got what it passes on with `rung`: the same frame, or the one that it was made
 * from. NULL: it is its own. */
static const struct rung *rung_before(const struct rungs *rungs, struct session *session,
                                      const struct rung *rung)
{
    struct session_frame frame = {.id = rung->frame};
    for (unsigned i = 0; frame.id && i < ANCESTORS; i++) {
        for (const struct rung *before = rung; before-- > rungs->list;)
            if (before->frame == frame.id && before->to == rung->from)
                return before;
        if (!session_frame(session, frame.id, &frame))
            return NULL;
        frame.id = frame.parent;
    }
    return NULL;
}

static int by_leaving(const void *a, const void *b)
{
    const struct rung *one = a, *two = b;
    if (one->left != two->left)
        return one->left < two->left ? -1 : 1;
    return one->record != two->record ? one->record < two->record ? -1 : 1
           : one->end < two->end      ? -1
                                      : one->end > two->end;
}

void rungs_join(struct rungs *rungs, struct session *session,
                bool (*is_shown)(const void *context, uint32_t node), const void *context)
{
    for (uint32_t i = 0; i < rungs->count;
         i++) { /* in the order of time: what came before is joined already */
        struct rung *rung = &rungs->list[i];
        const struct rung *before = is_shown(context, rung->from) ? NULL : rung_before(rungs, session, rung);
        if (before) {
            rung->from = before->from;
            rung->left = before->left;
            rung->record = before->record; /* who sent it first knows whether it is sent again */
        }
    }
    qsort(rungs->list, rungs->count, sizeof *rungs->list, by_leaving);
}

void rungs_release(struct rungs *rungs)
{
    free(rungs->list);
    rungs->list = NULL;
}

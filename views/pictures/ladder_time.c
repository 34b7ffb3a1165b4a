/* SPDX-License-Identifier: MIT
 * The ladder's time: it runs evenly, but for silences, which are cut short. */
#include <math.h>
#include <stdlib.h>

#include "views/pictures/ladder_parts.h"

/* Silences between what is shown, the longest kept if there are too many. */
void ladder_find_gaps(struct ladder *ladder)
{
    nt_time busy_until = NT_NEVER;
    ladder->from = ladder->to = NT_NEVER;
    for (uint32_t i = 0; i < ladder->rungs.count; i++) {
        const struct rung *rung = &ladder->rungs.list[i];
        if (!ladder_shows(ladder, rung))
            continue;
        nt_time end = rung->came == NT_NEVER ? rung->left : rung->came;
        if (busy_until == NT_NEVER) {
            ladder->from = rung->left;
            busy_until = end;
        }
        if (rung->left > busy_until && ladder->gap_count < GAPS_MOST)
            ladder->gaps[ladder->gap_count++] = (struct gap){busy_until, rung->left};
        busy_until = end > busy_until ? end : busy_until;
    }
    ladder->to = busy_until;
}

static int by_length(const void *a, const void *b)
{
    nt_time one = *(const nt_time *)a, two = *(const nt_time *)b;
    return one < two ? -1 : one > two;
}

/* Of more silences than `most`, the longest that are three times as long as is usual. Where frames come at
 * even distances none is, and time runs evenly. */
static void keep_long_gaps(struct ladder *ladder, unsigned most)
{
    nt_time lengths[GAPS_MOST];
    unsigned kept = 0, count = ladder->gap_count;
    if (count <= most)
        return;
    for (unsigned i = 0; i < count; i++)
        lengths[i] = ladder->gaps[i].to - ladder->gaps[i].from;
    qsort(lengths, count, sizeof *lengths, by_length);
    nt_time least = 3 * lengths[count / 2],
            next = lengths[count - most - 1] + 1; /* no more than `most` of them */
    least = next > least ? next : least;
    for (unsigned i = 0; i < count && kept < most; i++)
        if (ladder->gaps[i].to - ladder->gaps[i].from >= least)
            ladder->gaps[kept++] = ladder->gaps[i];
    ladder->gap_count = kept;
}

/* Only silences that would be longer than GAP are cut short; the scale follows, and with it which those are.
 */
void ladder_choose_scale(struct ladder *ladder)
{
    double height = ladder->room.height - 40;
    keep_long_gaps(ladder, (unsigned)fmax(height / 2 / GAP, 1));
    for (unsigned round = 0; round < 8; round++) {
        double busy = (double)(ladder->to - ladder->from), free_height = height;
        for (unsigned i = 0; i < ladder->gap_count; i++) {
            busy -= (double)(ladder->gaps[i].to - ladder->gaps[i].from);
            free_height -= GAP;
        }
        ladder->scale = busy > 0 ? fmax(free_height, 20) / busy : 0;
        unsigned kept = 0;
        for (unsigned i = 0; i < ladder->gap_count; i++)
            if ((double)(ladder->gaps[i].to - ladder->gaps[i].from) * ladder->scale > GAP)
                ladder->gaps[kept++] = ladder->gaps[i];
        if (kept == ladder->gap_count)
            break;
        ladder->gap_count = kept;
    }
}

double ladder_y_of(const struct ladder *ladder, nt_time at)
{
    double y = ladder->room.y + 30;
    nt_time since = ladder->from;
    for (unsigned i = 0; i < ladder->gap_count && at > ladder->gaps[i].from; i++) {
        const struct gap *gap = &ladder->gaps[i];
        y += (double)(gap->from - since) * ladder->scale;
        if (at < gap->to)
            return y + GAP * (double)(at - gap->from) / (double)(gap->to - gap->from);
        y += GAP;
        since = gap->to;
    }
    return y + (double)(at - since) * ladder->scale;
}

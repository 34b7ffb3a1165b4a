/* SPDX-License-Identifier: MIT
 * Frames that come late, or twice: delay, jitter, reordering, duplication.
 *
 *      delay      each frame the same time later
 *      jitter     each frame another time later; in order (as through a queue), or as it comes
 *      reorder    some frames so much later that others overtake them
 *      duplicate  some frames twice: a switch that floods, a link that repeats itself */
#include "nodes/impair/impairs.h"

/* ---- Delay ---- */

static void delay_init(struct nt_impair *impair, const struct nt_value *values)
{
    nt_time *delay = impair->state;
    *delay = values[1].number;
}

static void delay_apply(struct nt_impair *impair, struct nt_impaired *frame)
{
    const nt_time *delay = impair->state;
    frame->arrives += *delay;
}

#define LATE_PARAM(called, how, default_value, words)                                                        \
    {                                                                                                        \
        .name = called, .kind = NT_PARAM_TIME, .flags = how, .default_text = default_value,                  \
        .most = 3600 * NT_SECOND, .summary = words                                                           \
    }

static const struct nt_param delay_params[] = {
    IMPAIR_TOWARD, LATE_PARAM("delay", NT_PARAM_REQUIRED, NULL, "how much later each frame arrives"), {0}};

static const struct nt_impair_ops delay_ops = {
    .size = sizeof(struct nt_impair_ops), .init = delay_init, .apply = delay_apply};

const struct nt_part_type delay_part = {.size = sizeof(struct nt_part_type),
                                        .category = "impair",
                                        .name = "delay",
                                        .summary = "delivers each frame so much later",
                                        .params = delay_params,
                                        .state_bytes = sizeof(nt_time),
                                        .ops = &delay_ops,
                                        .kinds = impair_kinds};

/* ---- Jitter ---- */

enum { PARAM_TOWARD, PARAM_JITTER, PARAM_SHAPE, PARAM_KEEP_ORDER };
enum { SHAPE_UNIFORM, SHAPE_NORMAL };
static const char *const shape_words[] = {"uniform", "normal", NULL};

#define NORMAL_DICE 12 /* that many uniform numbers added are as good as normal */

struct jitter {
    nt_time most;     /* of what is added */
    int64_t shape;    /* of its distribution */
    bool keeps_order; /* nobody overtakes */
    nt_time last;     /* when the last one arrives */
};

static void jitter_init(struct nt_impair *impair, const struct nt_value *values)
{
    struct jitter *jitter = impair->state;
    jitter->most = values[PARAM_JITTER].number;
    jitter->shape = values[PARAM_SHAPE].number;
    jitter->keeps_order = values[PARAM_KEEP_ORDER].number;
}

/* 0 .. most, uniform, or the mean of twelve such: a bell around the middle. */
static nt_time draw_jitter(struct nt_impair *impair, const struct jitter *jitter)
{
    int dice = jitter->shape == SHAPE_NORMAL ? NORMAL_DICE : 1;
    unsigned __int128 sum = 0;
    for (int i = 0; i < dice; i++)
        sum += nt_random_bits(impair->node, &impair->random);
    return (nt_time)(sum * (uint64_t)jitter->most / (unsigned)dice >> 32);
}

static void jitter_apply(struct nt_impair *impair, struct nt_impaired *frame)
{
    struct jitter *jitter = impair->state;
    frame->arrives += draw_jitter(impair, jitter);
    if (jitter->keeps_order && frame->arrives < jitter->last)
        frame->arrives = jitter->last;
    jitter->last = frame->arrives;
}

static const struct nt_param jitter_params[] = {
    IMPAIR_TOWARD,
    LATE_PARAM("jitter", NT_PARAM_REQUIRED, NULL, "the most that a frame arrives later"),
    {.name = "shape",
     .kind = NT_PARAM_WORD,
     .default_text = "uniform",
     .words = shape_words,
     .summary = "how the delays are spread from 0 to \"jitter\": evenly, or in a bell around the middle"},
    {.name = "keep_order",
     .kind = NT_PARAM_BOOLEAN,
     .default_text = "true",
     .summary = "a frame waits for those before it, as in a queue; else they overtake each other"},
    {0}};

static const struct nt_impair_ops jitter_ops = {
    .size = sizeof(struct nt_impair_ops), .init = jitter_init, .apply = jitter_apply};

const struct nt_part_type jitter_part = {.size = sizeof(struct nt_part_type),
                                         .category = "impair",
                                         .name = "jitter",
                                         .summary = "delivers each frame later, each another time",
                                         .params = jitter_params,
                                         .state_bytes = sizeof(struct jitter),
                                         .ops = &jitter_ops,
                                         .kinds = impair_kinds};

/* ---- Reordering ---- */

struct reorder {
    int64_t chance; /* parts per million */
    nt_time by;
};

static void reorder_init(struct nt_impair *impair, const struct nt_value *values)
{
    struct reorder *reorder = impair->state;
    reorder->chance = values[1].number;
    reorder->by = values[2].number;
}

static void reorder_apply(struct nt_impair *impair, struct nt_impaired *frame)
{
    const struct reorder *reorder = impair->state;
    if (impair_happens(impair, reorder->chance))
        frame->arrives += reorder->by;
}

static const struct nt_param reorder_params[] = {
    IMPAIR_TOWARD,
    IMPAIR_CHANCE("reorder", NULL, NT_PARAM_REQUIRED, "chance that a frame is held up"),
    LATE_PARAM("by", 0, "1 ms", "how long it is held up, while others pass"),
    {0}};

static const struct nt_impair_ops reorder_ops = {
    .size = sizeof(struct nt_impair_ops), .init = reorder_init, .apply = reorder_apply};

const struct nt_part_type reorder_part = {.size = sizeof(struct nt_part_type),
                                          .category = "impair",
                                          .name = "reorder",
                                          .summary = "holds some frames up, so that others overtake them",
                                          .params = reorder_params,
                                          .state_bytes = sizeof(struct reorder),
                                          .ops = &reorder_ops,
                                          .kinds = impair_kinds};

/* ---- Duplication ---- */

static void duplicate_init(struct nt_impair *impair, const struct nt_value *values)
{
    int64_t *chance = impair->state;
    *chance = values[1].number;
}

/* A copy is not copied again. */
static void duplicate_apply(struct nt_impair *impair, struct nt_impaired *frame)
{
    const int64_t *chance = impair->state;
    if (!frame->is_copy && impair_happens(impair, *chance))
        frame->copies = 1;
}

static const struct nt_param duplicate_params[] = {
    IMPAIR_TOWARD,
    IMPAIR_CHANCE("duplicate", NULL, NT_PARAM_REQUIRED, "chance that a frame arrives twice"),
    {0}};

static const struct nt_impair_ops duplicate_ops = {
    .size = sizeof(struct nt_impair_ops), .init = duplicate_init, .apply = duplicate_apply};

const struct nt_part_type duplicate_part = {.size = sizeof(struct nt_part_type),
                                            .category = "impair",
                                            .name = "duplicate",
                                            .summary = "delivers some frames twice",
                                            .params = duplicate_params,
                                            .state_bytes = sizeof(int64_t),
                                            .ops = &duplicate_ops,
                                            .kinds = impair_kinds};

/* SPDX-License-Identifier: MIT
 * Loss: at random, and in bursts.
 *
 * Random loss asks a die for every frame, and the die remembers nothing. Real media do: fading, a bad plug, a
 * passing lift lose several frames in a row and then none for long. The model of Gilbert (1960) and Elliott
 * (1963) has two states, and a die for leaving each:
 *
 *                     p
 *             .-------------->
 *        good                   bad         loses with chance `good` here, `bad` there
 *             <--------------.
 *                     r
 *
 * Before each frame the state may change. In the long run the bad state holds for p / (p + r) of the frames,
 * and a stay there lasts 1 / r frames. */
#include "nodes/impair/impairs.h"

static const char random_loss[] = "lost at random";
static const char burst_loss[] = "lost in a burst";

/* ---- At random ---- */

struct loss {
    int64_t chance; /* parts per million */
};

static void loss_init(struct nt_impair *impair, const struct nt_value *values)
{
    struct loss *loss = impair->state;
    loss->chance = values[1].number;
}

static void loss_apply(struct nt_impair *impair, struct nt_impaired *frame)
{
    const struct loss *loss = impair->state;
    if (impair_happens(impair, loss->chance))
        frame->drop = random_loss;
}

static const struct nt_param loss_params[] = {
    IMPAIR_TOWARD, IMPAIR_CHANCE("loss", NULL, NT_PARAM_REQUIRED, "chance that a frame is lost"), {0}};

static const struct nt_impair_ops loss_ops = {
    .size = sizeof(struct nt_impair_ops), .init = loss_init, .apply = loss_apply};

const struct nt_part_type loss_part = {.size = sizeof(struct nt_part_type),
                                       .category = "impair",
                                       .name = "loss",
                                       .summary = "loses frames at random, each for itself",
                                       .params = loss_params,
                                       .state_bytes = sizeof(struct loss),
                                       .ops = &loss_ops,
                                       .kinds = impair_kinds};

/* ---- In bursts ---- */

enum { PARAM_TOWARD, PARAM_P, PARAM_R, PARAM_GOOD, PARAM_BAD };

struct burst {
    int64_t leave[2]; /* chance to leave the good, the bad state; parts per million */
    int64_t lose[2];  /* chance of loss in them */
    bool is_bad;
    uint32_t kind_state;
};

static const struct nt_kind burst_kinds[] = {{.name = "impair.burst",
                                              .sentence = "a burst of losses at {node} {port}: {bad}",
                                              .flags = NT_KIND_GAUGE,
                                              .fields = {{"bad", NT_UNIT_BOOL}}},
                                             {0}};

static void burst_init(struct nt_impair *impair, const struct nt_value *values)
{
    struct burst *burst = impair->state;
    for (int i = 0; i < 2; i++) {
        burst->leave[i] = values[PARAM_P + i].number;
        burst->lose[i] = values[PARAM_GOOD + i].number;
    }
    burst->kind_state = nt_kind(impair->node, &burst_kinds[0]);
}

static void burst_apply(struct nt_impair *impair, struct nt_impaired *frame)
{
    struct burst *burst = impair->state;
    if (impair_happens(impair, burst->leave[burst->is_bad])) {
        burst->is_bad = !burst->is_bad;
        nt_because(impair->node, nt_tell(impair->node, burst->kind_state, impair->port, 0, burst->is_bad));
    }
    if (impair_happens(impair, burst->lose[burst->is_bad]))
        frame->drop = burst_loss;
}

static const struct nt_param burst_params[] = {
    IMPAIR_TOWARD,
    IMPAIR_CHANCE("p", NULL, NT_PARAM_REQUIRED, "chance, before each frame, that a burst begins"),
    IMPAIR_CHANCE("r", NULL, NT_PARAM_REQUIRED, "chance, before each frame, that the burst is over"),
    IMPAIR_CHANCE("good", "0 %", 0, "chance that a frame is lost outside of bursts"),
    IMPAIR_CHANCE("bad", "100 %", 0, "chance that a frame is lost in a burst"),
    {0}};

static const struct nt_impair_ops burst_ops = {
    .size = sizeof(struct nt_impair_ops), .init = burst_init, .apply = burst_apply};

const struct nt_part_type burst_loss_part = {.size = sizeof(struct nt_part_type),
                                             .category = "impair",
                                             .name = "burst-loss",
                                             .summary =
                                                 "loses frames in bursts (the model of Gilbert and Elliott)",
                                             .params = burst_params,
                                             .state_bytes = sizeof(struct burst),
                                             .ops = &burst_ops,
                                             .kinds = burst_kinds};

/* SPDX-License-Identifier: MIT
 * A congestion control in one file: additive increase, multiplicative decrease, with both numbers chosen by the scenario.
 *
 *     cwnd |      /|      /|           no loss:  `increase` segments more for each round trip
 *          |     / |    /  |  /        a loss:   `keep` of it is kept
 *          |    /  |  /    |/
 *          |  /    |/                  1 and 50 % are what TCP Reno does: RFC 5681
 *          +------------------ time
 *
 * TCP itself finds out what was lost, and sends it again; a congestion control is only told, and moves the window. What it is
 * told, and when, is said in netarium.h above struct nt_congestion. All that it remembers is in control->state. */
#include <netarium.h>

/* Its memory, one for each connection. It is there, zeroed, before init is called. */
struct my_cc {
    uint64_t losses;      /* how often something was lost */
    uint32_t kind_losses; /* the number of our kind of record in this network */
};

/* ---- What a scenario may say of it ---- */

enum { PARAM_INCREASE, PARAM_KEEP };

static const struct nt_param params[] = {[PARAM_INCREASE] = {.name = "increase",
                                                             .kind = NT_PARAM_INTEGER,
                                                             .default_text = "1",
                                                             .least = 1,
                                                             .most = 100,
                                                             .summary = "segments that the window grows by in a round trip"},
                                         [PARAM_KEEP] = {.name = "keep",
                                                         .kind = NT_PARAM_PERCENT,
                                                         .default_text = "50 %",
                                                         .least = 10000,
                                                         .most = 1000000,
                                                         .summary = "how much of the window is left after a loss"},
                                         {0}};

/* ---- What it tells. A gauge: its first field is a level, which can be plotted ---- */

static const struct nt_kind kinds[] = {{.name = "my_cc.losses",
                                        .sentence = "{node}: loss number {losses}, with {flight} in flight",
                                        .flags = NT_KIND_GAUGE,
                                        .fields = {{.name = "losses", .unit = NT_UNIT_NONE},
                                                   {.name = "flight", .unit = NT_UNIT_BYTES}}},
                                       {0}};

/* ---- What it does ---- */

/* Running: a connection begins. The first window is chosen already. */
static void init(struct nt_congestion *control)
{
    struct my_cc *mine = control->state;
    mine->kind_losses = nt_kind(control->node, &kinds[0]);
}

/* Running: an acknowledgment of something new, while no loss is being repaired. */
static void acked(struct nt_congestion *control, const struct nt_congestion_sample *sample)
{
    uint32_t increase = (uint32_t)control->values[PARAM_INCREASE].number;
    if (!sample->is_limited)
        return; /* the window was not what held the sender back: nothing was learned about it */
    uint32_t left = sample->acked_bytes;
    if (nt_congestion_is_slow_start(control))
        left = nt_congestion_slow_start(control, left);
    if (left > 0) /* one segment more for each cwnd / increase that arrived */
        nt_congestion_avoid(control, control->cwnd / increase, left, "additive increase");
}

/* Running: something was lost. The answer is where slow start ends from now on, and the window becomes. */
static uint32_t lost(struct nt_congestion *control, uint32_t basis_bytes)
{
    struct my_cc *mine = control->state;
    uint64_t keep_ppm = (uint64_t)control->values[PARAM_KEEP].number;
    uint32_t kept = (uint32_t)(basis_bytes * keep_ppm / 1000000), least = 2 * control->mss;
    mine->losses++;
    nt_tell(control->node, mine->kind_losses, NULL, 0, (int64_t)mine->losses, control->flight_bytes);
    return kept > least ? kept : least;
}

/* ---- The type, and the plug-in that brings it ---- */

static const struct nt_congestion_ops ops = {
    .size = sizeof(struct nt_congestion_ops),
    .lost_formula = "max(keep * W, 2 MSS)", /* for whoever asks why */
    .init = init,
    .acked = acked,
    .lost = lost,
};

static const struct nt_part_type my_cc_part = {
    .size = sizeof(struct nt_part_type),
    .category = "congestion",
    .name = "my-cc",
    .summary = "additive increase, multiplicative decrease, as you like it",
    .params = params,
    .state_bytes = sizeof(struct my_cc),
    .ops = &ops,
    .kinds = kinds,
};

static const struct nt_part_type *const parts[] = {&my_cc_part, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {
    NT_PLUGIN_BEGIN, .name = "my-cc", .summary = "a congestion control", .parts = parts};

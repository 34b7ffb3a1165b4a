/* SPDX-License-Identifier: MIT
 * The impairments, for the list of built-in types, and what they share. */
#ifndef NETARIUM_NODES_IMPAIR_IMPAIRS_H
#define NETARIUM_NODES_IMPAIR_IMPAIRS_H

#include "sim/netarium.h"

extern const struct nt_part_type loss_part;
extern const struct nt_part_type burst_loss_part;
extern const struct nt_part_type nth_part;
extern const struct nt_part_type drop_part;
extern const struct nt_part_type bit_errors_part;
extern const struct nt_part_type duplicate_part;
extern const struct nt_part_type delay_part;
extern const struct nt_part_type jitter_part;
extern const struct nt_part_type reorder_part;

/* The first parameter of every impairment. */
#define IMPAIR_TOWARD                                                                                        \
    {                                                                                                        \
        .name = "toward", .kind = NT_PARAM_NODE,                                                             \
        .summary = "only frames on their way to this neighbour; both directions if not given"                \
    }

/* A chance in percent, as an impairment's parameter. */
#define IMPAIR_CHANCE(called, default_value, how, words)                                                     \
    {                                                                                                        \
        .name = called, .kind = NT_PARAM_PERCENT, .flags = how, .default_text = default_value,               \
        .most = 1000000, .summary = words                                                                    \
    }

/* Falls a die of this impairment within `ppm` parts of a million? */
static inline bool impair_happens(struct nt_impair *impair, int64_t ppm)
{
    return nt_random_below(impair->node, &impair->random, 1000000) < ppm;
}

/* What the medium tells of every impairment: impair.drop, impair.duplicate, impair.delay; and impair.flip. */
enum impair_kind { IMPAIR_DROPS, IMPAIR_DUPLICATES, IMPAIR_DELAYS, IMPAIR_FLIPS, IMPAIR_KINDS };
extern const struct nt_kind impair_kinds[IMPAIR_KINDS + 1];

/* Takes `frame` and returns one of the same bytes on the wire, check sequence included, that may be changed;
 * its identity is new. */
struct nt_frame *impair_own(struct nt_node *node, struct nt_frame *frame);

#endif

/* SPDX-License-Identifier: MIT
 * A link whose rate, delay or loss is changed while it carries frames: `set rate "1 Mbps"`.
 *
 * What has been handed over keeps its times; what comes later obeys. No frame overtakes another: when the
 * cable becomes shorter, the transmitter waits until its next frame cannot arrive before the last one of the
 * longer cable. Where the ends take turns nothing is changed, since a signal that is under way knows its
 * cable; that is told. */
#include "nodes/link.h"

#include "nodes/impair/line.h"
#include "nodes/link_half.h"
#include "nodes/link_queue.h"
#include "nodes/link_state.h"

static const struct nt_kind kept_kind = {.name = "link.kept",
                                         .sentence =
                                             "{node} takes turns, so its rate and delay stay as they are",
                                         .flags = NT_KIND_INTERESTING};

static bool is_kept(struct nt_node *node)
{
    const struct link *link = node->state;
    if (link->half)
        nt_tell(node, nt_kind(node, &kept_kind), NULL, 0);
    return link->half;
}

/* When a cut-through station wants to know of a frame depends on both. */
static void renew_heads(struct nt_node *node)
{
    const struct link *link = node->state;
    for (int i = 0; i < 2; i++)
        if (link->sides[i] && link->sides[i]->head_time)
            link->sides[i]->head_time =
                medium_air_time(&link->rate,
                                8 * MEDIUM_PREAMBLE_BYTES + link->sides[i]->to->peer->head_bits) +
                link->delay;
}

void link_set_rate(struct nt_node *node, int64_t rate_bps)
{
    struct link *link = node->state;
    if (is_kept(node))
        return;
    link->rate = medium_rate_of(rate_bps);
    renew_heads(node);
    for (int i = 0; i < 2; i++) {
        if (link->sides[i] && link->sides[i]->queue)
            link_queue_set_rate(link->sides[i]->queue, rate_bps);
        if (!link->is_cut)
            nt_port_line(node->ports[i], true, false, rate_bps);
    }
}

void link_set_delay(struct nt_node *node, nt_time delay)
{
    struct link *link = node->state;
    if (is_kept(node))
        return;
    link->delay = delay;
    renew_heads(node);
    for (int i = 0; i < 2; i++) {
        struct link_side *side = link->sides[i];
        if (!side || !side->length)
            continue;
        nt_time last = side->row[(side->first + side->length - 1) & (side->capacity - 1)].arrives;
        if (side->free_at < last - delay)
            side->free_at = last - delay;
    }
}

/* What may be lost is not told early, so a cut-through station gets whole frames from now on. */
void link_set_loss(struct nt_node *node, int64_t loss_ppm)
{
    struct link *link = node->state;
    struct impair_line *lines[2];
    for (int i = 0; i < 2; i++) {
        struct link_side *side = link_side_of(node, i);
        lines[i] = side->impair = impair_line_set_loss(side->impair, node->ports[i], node->ports[1 - i], loss_ppm);
        if (!lines[i])
            continue;
        side->is_special = true;
        side->head_time = 0;
        nt_disarm(&side->head);
    }
    if (link->half)
        link_half_impair(link->half, lines[0], lines[1]);
}

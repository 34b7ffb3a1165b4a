/* SPDX-License-Identifier: MIT
 * RED, random early detection: lose a few now, at random, rather than many at once later.
 *
 *      chance of
 *      a signal                                 /  1
 *                                     gentle  /
 *        1 .................................+      .
 *                                         / .      .
 *        max p ........................ /   .      .
 *                              _ .- '  .    .      .
 *        0   ________________-'        .    .      .
 *            0              min       max        2 max      the AVERAGE of the waiting frames
 *
 * A full queue is no buffer any more, only delay. RED looks at a slow average of the length, so that a burst
 * passes unharmed and only a queue that stays long is punished:
 *
 *      average <- (1 - w) average + w length           at each arrival
 *      average <- (1 - w)^m average                    m small frames could have left while it was empty
 *
 * Between the thresholds some arrivals get a signal: dropped, or marked if their sender speaks ECN. With Pb
 * as drawn above, and `passed` frames since the last signal, the next one has the chance
 *
 *      Pa = Pb / (1 - passed * Pb)
 *
 * which makes the gaps between signals even: uniform on 1 .. 1/Pb, where plain dice would give bunches and
 * deserts. Above max (gentle: above 2 max) every arrival is dropped.
 *
 * Floyd and Jacobson, "Random Early Detection Gateways for Congestion Avoidance", 1993. The paper's text
 * counts the packets since the last marked one from 0, its figure 2 from 1; the text has the uniform gaps and
 * is followed. Gentle: Floyd 2000. Marks: RFC 3168. Simplified: counts frames, not bytes.
 *
 * All numbers are integers with 32 binary places. */
#include "nodes/queues/red.h"

#include "nodes/queues/mark.h"
#include "nodes/queues/queues.h"

#define MILLI(number) ((number)*1000 / RED_ONE) /* thousandths, for people */

enum {
    PARAM_LIMIT,
    PARAM_MIN,
    PARAM_MAX,
    PARAM_CHANCE,
    PARAM_WEIGHT,
    PARAM_GENTLE,
    PARAM_ECN,
    PARAM_TYPICAL
};

static const struct nt_kind red_kinds[] = {
    {.name = "red.average",
     .sentence = "the average length at {node} {port} is {average} thousandths of a frame, {length} wait",
     .clause = "Floyd and Jacobson 1993, section 4",
     .flags = NT_KIND_GAUGE | NT_KIND_CHATTER,
     .fields = {{"average", NT_UNIT_NONE}, {"length", NT_UNIT_FRAMES}}},
    {.name = "red.signal",
     .sentence = "RED at {node} {port} {action} frame {frame}: the average is {average} thousandths of a "
                 "frame, the chance {chance}, {passed} passed since the last",
     .clause = "Floyd and Jacobson 1993, section 4",
     .fields = {{"action", NT_UNIT_WORD, queue_actions},
                {"average", NT_UNIT_NONE},
                {"chance", NT_UNIT_PPM},
                {"passed", NT_UNIT_FRAMES}}},
    QUEUE_MARK_KIND,
    {0}};

/* ---- The arithmetic ---- */

static int64_t times(int64_t number, int64_t fraction)
{
    return (int64_t)((__int128)number * fraction / RED_ONE);
}

int64_t red_average_after(const struct red *red, uint32_t length)
{
    return red->average + times((int64_t)length * RED_ONE - red->average, red->weight);
}

int64_t red_average_after_idle(const struct red *red, nt_time idle)
{
    int64_t average = red->average, keep = RED_ONE - red->weight;
    for (nt_time m = idle / red->small_frame_time; m > 0 && average > 0; m /= 2) { /* (1 - w)^m by squaring */
        if (m % 2)
            average = times(average, keep);
        keep = times(keep, keep);
    }
    return average;
}

int64_t red_chance(const struct red *red)
{
    if (red->average < red->least)
        return 0;
    if (red->average < red->most) /* Pb = max p (average - min) / (max - min) */
        return (int64_t)((__int128)red->chance_at_most * (red->average - red->least) /
                         (red->most - red->least));
    if (red->is_gentle && red->average < 2 * red->most) /* from max p at max to 1 at 2 max */
        return red->chance_at_most +
               (int64_t)((__int128)(RED_ONE - red->chance_at_most) * (red->average - red->most) / red->most);
    return RED_ONE;
}

int64_t red_chance_now(const struct red *red)
{
    __int128 chance = red_chance(red), left = RED_ONE - red->passed * chance;
    if (left <= chance)
        return chance ? RED_ONE : 0;
    return (int64_t)(chance * RED_ONE / left);
}

/* ---- The discipline ---- */

static void red_init(struct nt_queue *queue, const struct nt_value *values)
{
    struct red *red = queue->state;
    struct nt_node *node = queue->node;
    red->limit = queue_limit_of(&values[PARAM_LIMIT]);
    red->least = values[PARAM_MIN].number * RED_ONE;
    red->most = values[PARAM_MAX].number * RED_ONE;
    if (red->least >= red->most)
        nt_refuse(node, "queue", "red: \"min\" is %lld packets, which is not below \"max\", %lld packets",
                  (long long)values[PARAM_MIN].number, (long long)values[PARAM_MAX].number);
    else if (values[PARAM_MIN].extra || values[PARAM_MAX].extra)
        nt_refuse(node, "queue", "red: \"min\" and \"max\" are counted in packets here, not in bytes");
    red->chance_at_most = values[PARAM_CHANCE].number * RED_ONE / 1000000;
    red->weight = values[PARAM_WEIGHT].number * RED_ONE / 1000000;
    red->is_gentle = values[PARAM_GENTLE].number;
    red->may_mark = values[PARAM_ECN].number;
    red->small_frame_time =
        (nt_time)((__int128)values[PARAM_TYPICAL].number * 8 * NT_SECOND / queue->rate_bps) + 1;
    red->kind_average = nt_kind(node, &red_kinds[0]);
    red->kind_signal = nt_kind(node, &red_kinds[1]);
    red->kind_mark = nt_kind(node, &red_kinds[2]);
    nt_random_init(node, &red->random, queue->port->index ? "red/1" : "red/0");
}

static void take_average(struct nt_queue *queue, struct red *red)
{
    nt_time now = nt_now(queue->node);
    if (queue->length)
        red->average = red_average_after(red, queue->length);
    else if (red->idle_since != NT_NEVER)
        red->average = red_average_after_idle(red, now - red->idle_since);
    red->idle_since = queue->length ? NT_NEVER : now;
    nt_tell(queue->node, red->kind_average, queue->port, 0, MILLI(red->average), queue->length);
}

/* Does this arrival get a signal? Each is asked once. */
static bool draws_signal(struct nt_queue *queue, struct red *red)
{
    int64_t chance = red_chance_now(red);
    return chance > 0 && (chance >= RED_ONE || nt_random_bits(queue->node, &red->random) < chance);
}

/* Tells the signal and marks who can be marked. NULL: it may wait; else why it is dropped. */
static const char *give_signal(struct nt_queue *queue, struct red *red, struct nt_queued *arrival)
{
    struct nt_node *node = queue->node;
    bool is_forced = red_chance(red) >= RED_ONE; /* RFC 3168 section 7: marks are for before the overflow */
    bool marks = red->may_mark && !is_forced && queue_can_mark(arrival->frame);
    nt_because(node, nt_tell(node, red->kind_signal, queue->port, arrival->frame->id,
                             marks ? QUEUE_MARKS : QUEUE_DROPS, MILLI(red->average),
                             red_chance_now(red) * 1000000 / RED_ONE, red->passed));
    red->passed = 0;
    if (!marks)
        return is_forced ? "RED: the average is above the maximum" : "RED: early drop";
    queue_mark(queue, arrival, red->kind_mark);
    return NULL;
}

static const char *red_enqueue(struct nt_queue *queue, const struct nt_queued *arrival)
{
    struct red *red = queue->state;
    struct nt_queued waiting = *arrival;
    const char *reason = NULL;
    take_average(queue, red);
    if (!queue->is_idle && queue_limit_is_reached(red->limit, queue->length, queue->bytes, arrival->frame)) {
        red->passed = 0;
        return queue_full;
    }
    if (red->average < red->least)
        red->passed = 0;
    else if (draws_signal(queue, red))
        reason = give_signal(queue, red, &waiting);
    else
        red->passed++;
    if (!reason)
        queue_row_push(queue, &red->row, &waiting);
    return reason;
}

static bool red_dequeue(struct nt_queue *queue, struct nt_queued *ret_next)
{
    struct red *red = queue->state;
    if (!queue_row_pop(queue, &red->row, ret_next))
        return false;
    if (!queue->length)
        red->idle_since = nt_now(queue->node);
    return true;
}

static bool red_fact(const struct nt_queue *queue, uint32_t index, const char **ret_name, int64_t *ret_value)
{
    const struct red *red = queue->state;
    static const char *const names[] = {"average, thousandths of a frame", "chance of a signal, ppm",
                                        "passed since the last signal"};
    const int64_t values[] = {MILLI(red->average), red_chance_now(red) * 1000000 / RED_ONE, red->passed};
    if (index >= sizeof names / sizeof *names)
        return false;
    *ret_name = names[index];
    *ret_value = values[index];
    return true;
}

static const struct nt_queue_ops red_ops = {.size = sizeof(struct nt_queue_ops),
                                            .init = red_init,
                                            .enqueue = red_enqueue,
                                            .dequeue = red_dequeue,
                                            .evict = red_dequeue,
                                            .fact = red_fact};

static const struct nt_param red_params[] = {
    QUEUE_LIMIT_PARAM("1000 packets", "how much may wait whatever the average is, in packets or bytes"),
    {.name = "min",
     .kind = NT_PARAM_AMOUNT,
     .default_text = "5 packets",
     .most = 1000000,
     .summary = "average from which on arrivals may get a signal"},
    {.name = "max",
     .kind = NT_PARAM_AMOUNT,
     .default_text = "15 packets",
     .most = 1000000,
     .summary = "average at which the chance of a signal is \"chance\""},
    {.name = "chance",
     .kind = NT_PARAM_PERCENT,
     .default_text = "2 %",
     .most = 1000000,
     .summary = "chance of a signal when the average is at \"max\" (max p in the paper)"},
    {.name = "weight",
     .kind = NT_PARAM_PERCENT,
     .default_text = "0.2 %",
     .most = 1000000,
     .summary = "what one arrival counts in the average (w in the paper)"},
    {.name = "gentle",
     .kind = NT_PARAM_BOOLEAN,
     .default_text = "true",
     .summary = "above \"max\" the chance rises on to 1 at twice \"max\", instead of at once"},
    {.name = "ecn",
     .kind = NT_PARAM_BOOLEAN,
     .default_text = "false",
     .summary = "mark packets whose senders speak ECN instead of dropping them"},
    {.name = "typical",
     .kind = NT_PARAM_BYTES,
     .default_text = "500 B",
     .least = 1,
     .most = 65535,
     .summary = "size of a typical small packet: how fast the average falls while the queue is empty"},
    {0}};

const struct nt_part_type red_part = {.size = sizeof(struct nt_part_type),
                                      .category = "queue",
                                      .name = "red",
                                      .summary = "random early detection: a few signals before it is full",
                                      .params = red_params,
                                      .state_bytes = sizeof(struct red),
                                      .ops = &red_ops,
                                      .kinds = red_kinds};

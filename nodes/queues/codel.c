/* SPDX-License-Identifier: MIT
 * CoDel, controlled delay: a queue may be long for a moment, but not slow for long.
 *
 *      waiting
 *      of the    |          .-'^'-.            .-^-.
 *      frame     |       .-'       '-.      .-'     '-^--.
 *      that      |----.-'-------------'----'--------------'-.------ target, 5 ms
 *      leaves    |  .'                                       '.
 *                +-----|<- interval ->|-----------------------------> time
 *                   above        first signal, then after interval / sqrt(1), / sqrt(2), / sqrt(3) ...
 *
 * Good queues absorb a burst and drain within a round trip; bad ones just stand. CoDel tells them apart by
 * looking at the one number that matters, how long a frame has waited when it leaves. Was the least of it
 * above the target for a whole interval, the queue is bad: the frame is dropped (or marked), and again and
 * again in shrinking steps until it has become good. The steps shrink with the root because TCP's rate falls
 * with the root of its losses: so the rate falls in a straight line.
 *
 *      from          to             because                                       in
 *      not dropping  dropping       the waiting was above target for an interval  begin_dropping
 *      dropping      dropping       drop_next has come                            go_on_dropping
 *      dropping      not dropping   the waiting fell below target                 go_on_dropping
 *
 * RFC 8289; the names are its names. To a sender that speaks ECN a mark is signal enough (RFC 3168): the
 * frame leaves, and the step is taken all the same. */
#include "nodes/queues/codel.h"

#include "nodes/queues/mark.h"
#include "nodes/queues/queues.h"

static const char above_target[] = "CoDel: above target for an interval";

const struct nt_kind codel_kinds[] = {
    {.name = "codel.state",
     .sentence = "CoDel at {node} {port}: dropping {dropping}, count {count}, next at {next}",
     .clause = "RFC 8289 section 5.5",
     .flags = NT_KIND_GAUGE,
     .fields = {{"dropping", NT_UNIT_BOOL}, {"count", NT_UNIT_NONE}, {"next", NT_UNIT_TIME}}},
    {.name = "codel.signal",
     .sentence = "CoDel at {node} {port} {action} frame {frame}, which has waited {waited}: signal {count}",
     .clause = "RFC 8289 section 5.5",
     .fields = {{"action", NT_UNIT_WORD, queue_actions}, {"waited", NT_UNIT_TIME}, {"count", NT_UNIT_NONE}}},
    QUEUE_MARK_KIND,
    {0}};

/* ---- The control law ---- */

/* The root of a number, rounded down: one binary digit after the other. */
static uint64_t root_of(unsigned __int128 number)
{
    unsigned __int128 root = 0, digit = (unsigned __int128)1 << 126;
    while (digit > number)
        digit >>= 2;
    for (; digit; digit >>= 2) {
        bool fits = number >= root + digit;
        if (fits)
            number -= root + digit;
        root = (root >> 1) + (fits ? digit : 0);
    }
    return (uint64_t)root;
}

nt_time codel_control_law(const struct codel_settings *settings, nt_time t, uint32_t count)
{
    unsigned __int128 square = (unsigned __int128)settings->interval * (uint64_t)settings->interval;
    return t + (nt_time)root_of(square / count); /* interval / sqrt(count) = sqrt(interval^2 / count) */
}

/* ---- Dequeuing ---- */

/* The oldest frame, and whether it has waited so that it may be dropped: "dodequeue". RFC 8289 section 5.6.
 */
static bool take_oldest(struct nt_queue *queue, struct codel_settings *settings,
                        struct codel_control *control, struct queue_row *row, struct nt_queued *ret_next)
{
    nt_time now = nt_now(queue->node);
    if (!queue_row_pop(queue, row, ret_next)) {
        *ret_next = (struct nt_queued){0};
        control->first_above_time = NT_NEVER;
        return false;
    }
    if (ret_next->frame->length_bytes > settings->max_packet)
        settings->max_packet = ret_next->frame->length_bytes;
    if (now - ret_next->since < settings->target || row->bytes <= settings->max_packet) {
        control->first_above_time = NT_NEVER; /* went below: stays below for at least an interval */
        return false;
    }
    if (control->first_above_time == NT_NEVER) {
        control->first_above_time = now + settings->interval;
        return false;
    }
    return now >= control->first_above_time;
}

static void tell_state(struct nt_queue *queue, const struct codel_settings *settings,
                       const struct codel_control *control)
{
    nt_tell(queue->node, settings->kind_state, queue->port, 0, control->dropping, control->count,
            control->drop_next);
}

/* Marks `entry`, or drops it and takes the next one. True: marked, `entry` leaves. */
static bool give_signal(struct nt_queue *queue, struct codel_settings *settings,
                        struct codel_control *control, struct nt_queued *entry, uint32_t number)
{
    struct nt_node *node = queue->node;
    bool marks = settings->may_mark && queue_can_mark(entry->frame);
    nt_because(node, entry->cause);
    nt_because(node, nt_tell(node, settings->kind_signal, queue->port, entry->frame->id,
                             marks ? QUEUE_MARKS : QUEUE_DROPS, nt_now(node) - entry->since, number));
    if (marks)
        queue_mark(queue, entry, settings->kind_mark);
    else
        nt_queue_drop(queue, entry->frame, above_target);
    return marks;
}

/* In the dropping state. `entry` becomes the frame that leaves, or none. */
static void go_on_dropping(struct nt_queue *queue, struct codel_settings *settings,
                           struct codel_control *control, struct queue_row *row, struct nt_queued *entry,
                           bool ok_to_drop)
{
    nt_time now = nt_now(queue->node);
    if (!ok_to_drop)
        control->dropping = false; /* below target: leave the dropping state */
    while (control->dropping && now >= control->drop_next) {
        bool is_marked = give_signal(queue, settings, control, entry, ++control->count);
        if (!is_marked && !take_oldest(queue, settings, control, row, entry))
            control->dropping = false;
        else
            control->drop_next = codel_control_law(settings, control->drop_next, control->count);
        if (is_marked)
            return;
    }
}

static void begin_dropping(struct nt_queue *queue, struct codel_settings *settings,
                           struct codel_control *control, struct queue_row *row, struct nt_queued *entry)
{
    nt_time now = nt_now(queue->node);
    uint32_t delta = control->count - control->last_count;
    bool was_recent = now - control->drop_next < 16 * settings->interval;
    control->dropping = true;
    control->count = delta > 1 && was_recent ? delta : 1; /* near the rate that held it last time */
    control->drop_next = codel_control_law(settings, now, control->count);
    control->last_count = control->count;
    if (!give_signal(queue, settings, control, entry, control->count))
        take_oldest(queue, settings, control, row, entry);
}

bool codel_dequeue(struct nt_queue *queue, struct codel_settings *settings, struct codel_control *control,
                   struct queue_row *row, struct nt_queued *ret_next)
{
    bool ok_to_drop = take_oldest(queue, settings, control, row, ret_next);
    struct codel_control before = *control;
    if (before.dropping)
        go_on_dropping(queue, settings, control, row, ret_next, ok_to_drop);
    else if (ok_to_drop)
        begin_dropping(queue, settings, control, row, ret_next);
    if (before.dropping != control->dropping || before.count != control->count)
        tell_state(queue, settings, control);
    return ret_next->frame;
}

/* ---- One row of it ---- */

struct codel {
    struct queue_row row;
    struct queue_limit limit;
    struct codel_settings settings;
    struct codel_control control;
};

enum { PARAM_TARGET, PARAM_INTERVAL, PARAM_ECN, PARAM_LIMIT };

void codel_settings_init(struct codel_settings *settings, struct nt_node *node, const struct nt_value *values)
{
    settings->target = values[PARAM_TARGET].number;
    settings->interval = values[PARAM_INTERVAL].number;
    settings->may_mark = values[PARAM_ECN].number;
    settings->kind_state = nt_kind(node, &codel_kinds[0]);
    settings->kind_signal = nt_kind(node, &codel_kinds[1]);
    settings->kind_mark = nt_kind(node, &codel_kinds[2]);
}

void codel_control_init(struct codel_control *control)
{
    *control = (struct codel_control){.first_above_time = NT_NEVER};
}

static void codel_init(struct nt_queue *queue, const struct nt_value *values)
{
    struct codel *codel = queue->state;
    codel_settings_init(&codel->settings, queue->node, values);
    codel_control_init(&codel->control);
    codel->limit = queue_limit_of(&values[PARAM_LIMIT]);
}

static const char *codel_enqueue(struct nt_queue *queue, const struct nt_queued *arrival)
{
    struct codel *codel = queue->state;
    if (!queue->is_idle && queue_limit_is_reached(codel->limit, queue->length, queue->bytes, arrival->frame))
        return queue_full;
    queue_row_push(queue, &codel->row, arrival);
    return NULL;
}

static bool codel_next(struct nt_queue *queue, struct nt_queued *ret_next)
{
    struct codel *codel = queue->state;
    return codel_dequeue(queue, &codel->settings, &codel->control, &codel->row, ret_next);
}

static bool codel_evict(struct nt_queue *queue, struct nt_queued *ret_any)
{
    struct codel *codel = queue->state;
    return queue_row_pop(queue, &codel->row, ret_any);
}

static bool codel_fact(const struct nt_queue *queue, uint32_t index, const char **ret_name,
                       int64_t *ret_value)
{
    const struct codel *codel = queue->state;
    static const char *const names[] = {"dropping", "count", "next signal at, us"};
    const int64_t values[] = {codel->control.dropping, codel->control.count,
                              codel->control.drop_next / NT_MICROSECOND};
    if (index >= sizeof names / sizeof *names)
        return false;
    *ret_name = names[index];
    *ret_value = values[index];
    return true;
}

static const struct nt_queue_ops codel_ops = {.size = sizeof(struct nt_queue_ops),
                                              .init = codel_init,
                                              .enqueue = codel_enqueue,
                                              .dequeue = codel_next,
                                              .evict = codel_evict,
                                              .fact = codel_fact};

static const struct nt_param codel_params[] = {
    CODEL_TARGET_PARAM,
    CODEL_INTERVAL_PARAM,
    CODEL_ECN_PARAM("false"),
    QUEUE_LIMIT_PARAM("1000 packets", "how much may wait however fast it drains, in packets or bytes"),
    {0}};

const struct nt_part_type codel_part = {.size = sizeof(struct nt_part_type),
                                        .category = "queue",
                                        .name = "codel",
                                        .summary =
                                            "controlled delay: signals when the waiting stays above a target",
                                        .params = codel_params,
                                        .state_bytes = sizeof(struct codel),
                                        .ops = &codel_ops,
                                        .kinds = codel_kinds};

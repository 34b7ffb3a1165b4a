/* SPDX-License-Identifier: MIT
 * Priority: several rows, and whoever is in a better one goes first. Always.
 *
 *      band 0   [ . . voice ]  -->  \
 *      band 1   [ . . . . . ]        >--  the first band that is not empty
 *      band 2   [ . . . bulk ] -->  /
 *
 * What a frame is worth it says itself: in the upper three bits of its IPv4 DSCP (the class selectors, which
 * are the old precedence: RFC 2474 section 4.2.2) or in the priority code point of its 802.1Q tag. Eight
 * classes are spread evenly over the bands, the greatest in band 0. Frames that say nothing are best effort.
 *
 *      bands 2:   7 6 5 4 | 3 2 1 0           bands 3:   7 6 5 | 4 3 2 | 1 0
 *
 * Strict means that band 1 starves while band 0 has enough for the whole line. That is its nature, and the
 * reason why it is given to little traffic only. */
#include "nodes/queues/queues.h"
#include "nodes/queues/row.h"
#include "protocols/match/layers.h"

#define BANDS_MOST 8
#define CLASSES 8

enum { BY_DSCP, BY_TAG };
static const char *const by_words[] = {"dscp", "802.1p", NULL};

struct priority {
    struct queue_row bands[BANDS_MOST]; /* 0 goes first */
    uint32_t band_count;
    int64_t by;
    struct queue_limit limit; /* of each band */
};

static void priority_init(struct nt_queue *queue, const struct nt_value *values)
{
    struct priority *priority = queue->state;
    priority->by = values[0].number;
    priority->band_count = (uint32_t)values[1].number;
    priority->limit = queue_limit_of(&values[2]);
}

/* IEEE 802.1Q table 8-5 and note: code point 1, background, is worth less than 0, best effort. */
static uint32_t class_of_tag(uint8_t code_point)
{
    static const uint8_t classes[CLASSES] = {1, 0, 2, 3, 4, 5, 6, 7};
    return classes[code_point];
}

static uint32_t class_of(const struct priority *priority, const struct nt_frame *frame)
{
    struct layers layers;
    layers_of(frame->bytes, frame->length_bytes, &layers);
    if (priority->by == BY_TAG)
        return class_of_tag(layers.priority);
    return layers.is_ipv4 ? layers.ipv4.tos >> 5 : 0; /* RFC 2474 section 4.2.2.1 */
}

static const char *priority_enqueue(struct nt_queue *queue, const struct nt_queued *arrival)
{
    struct priority *priority = queue->state;
    uint32_t band = (CLASSES - 1 - class_of(priority, arrival->frame)) * priority->band_count / CLASSES;
    struct queue_row *row = &priority->bands[band];
    if (!queue->is_idle && queue_limit_is_reached(priority->limit, row->length, row->bytes, arrival->frame))
        return queue_full;
    queue_row_push(queue, row, arrival);
    return NULL;
}

static bool priority_dequeue(struct nt_queue *queue, struct nt_queued *ret_next)
{
    struct priority *priority = queue->state;
    for (uint32_t band = 0; band < priority->band_count; band++)
        if (queue_row_pop(queue, &priority->bands[band], ret_next))
            return true;
    return false;
}

static bool priority_fact(const struct nt_queue *queue, uint32_t index, const char **ret_name,
                          int64_t *ret_value)
{
    static const char *const names[BANDS_MOST] = {
        "waiting in band 0", "waiting in band 1", "waiting in band 2", "waiting in band 3",
        "waiting in band 4", "waiting in band 5", "waiting in band 6", "waiting in band 7"};
    const struct priority *priority = queue->state;
    if (index >= priority->band_count)
        return false;
    *ret_name = names[index];
    *ret_value = priority->bands[index].length;
    return true;
}

static const struct nt_queue_ops priority_ops = {.size = sizeof(struct nt_queue_ops),
                                                 .init = priority_init,
                                                 .enqueue = priority_enqueue,
                                                 .dequeue = priority_dequeue,
                                                 .evict = priority_dequeue,
                                                 .fact = priority_fact};

static const struct nt_param priority_params[] = {
    {.name = "by",
     .kind = NT_PARAM_WORD,
     .default_text = "dscp",
     .words = by_words,
     .summary = "where a frame says what it is worth: IPv4 DSCP (its upper three bits), or 802.1Q tag"},
    {.name = "bands",
     .kind = NT_PARAM_INTEGER,
     .default_text = "3",
     .least = 2,
     .most = BANDS_MOST,
     .summary = "rows; the eight classes are spread over them"},
    QUEUE_LIMIT_PARAM("1000 packets", "how much may wait in each band, in packets or bytes"),
    {0}};

const struct nt_part_type priority_part = {.size = sizeof(struct nt_part_type),
                                           .category = "queue",
                                           .name = "priority",
                                           .summary =
                                               "several rows; the better one goes first, always (strict)",
                                           .params = priority_params,
                                           .state_bytes = sizeof(struct priority),
                                           .ops = &priority_ops};

/* SPDX-License-Identifier: MIT
 * FQ-CoDel: every flow its own queue, each held by a CoDel of its own, and newcomers go first.
 *
 *      frame --> hash of who talks to whom --> [ flow 17 ]  CoDel --.
 *                                              [ flow 203 ] CoDel ---+--> in turns of one quantum of bytes
 *                                              [ flow 811 ] CoDel --'
 *
 *      new flows   203                  have not had a turn since they came: served first
 *      old flows   17 -> 811 -> ...     each gets a quantum, then goes to the end
 *
 * A flow that sends little is always new when it comes, so it never waits behind those who send much: a
 * keystroke does not queue behind a download. And who sends much builds up a queue of his own, which his own
 * CoDel cuts back. Nobody has to say what he is worth, as `priority` demands.
 *
 *      from   to     because                                                          in
 *      none   new    a frame came and the flow's queue was empty                      fq_enqueue
 *      new    old    its quantum is used up; or it is empty while others wait         fq_dequeue
 *      old    old    its quantum is used up: to the end, with a new one               fq_dequeue
 *      old    none   its queue is empty                                               fq_dequeue
 *
 * RFC 8290 section 4. Bytes are counted without the check sequence, so that a quantum of 1514 is a full
 * Ethernet frame. Simplified: flows whose hashes collide share a queue, as there; the hash is of our own
 * making. */
#include "nodes/queues/codel.h"
#include "nodes/queues/queues.h"
#include "protocols/match/layers.h"

#define FLOWS_MOST 65536
#define DROP_BATCH 64 /* frames that the longest flow loses at once, at most; RFC 8290 section 4.1.2 */
#define NOBODY UINT32_MAX

static const char longest_loses[] = "FQ-CoDel: the queue is full, and this flow's is the longest";

enum flow_list { LIST_NONE, LIST_NEW, LIST_OLD };

struct flow {
    struct queue_row row;
    struct codel_control control;
    int64_t deficit;     /* bytes that it may still send in this turn */
    enum flow_list list; /* where it stands */
    uint32_t next;       /* behind it there; NOBODY: it is the last */
};

struct flow_row {
    uint32_t first, last; /* NOBODY: empty */
};

struct fq_codel {
    struct flow *flows; /* the network's memory */
    uint32_t flow_count;
    struct flow_row rows[3]; /* by enum flow_list */
    int64_t quantum;         /* bytes */
    struct queue_limit limit;
    struct codel_settings settings;
    uint32_t salt; /* of the hash: nobody can aim at another's queue */
};

enum { PARAM_TARGET, PARAM_INTERVAL, PARAM_ECN, PARAM_LIMIT, PARAM_FLOWS, PARAM_QUANTUM };

static void fq_init(struct nt_queue *queue, const struct nt_value *values)
{
    struct fq_codel *fq = queue->state;
    struct nt_random random;
    codel_settings_init(&fq->settings, queue->node, values);
    fq->limit = queue_limit_of(&values[PARAM_LIMIT]);
    fq->flow_count = (uint32_t)values[PARAM_FLOWS].number;
    fq->quantum = values[PARAM_QUANTUM].number;
    fq->flows = nt_new(queue->node, fq->flow_count * sizeof *fq->flows);
    for (uint32_t i = 0; i < fq->flow_count; i++)
        codel_control_init(&fq->flows[i].control);
    fq->rows[LIST_NEW] = fq->rows[LIST_OLD] = (struct flow_row){NOBODY, NOBODY};
    nt_random_init(queue->node, &random, queue->port->index ? "fq_codel/1" : "fq_codel/0");
    fq->salt = nt_random_bits(queue->node, &random);
}

/* ---- The two lists ---- */

static void list_append(struct fq_codel *fq, uint32_t index, enum flow_list list)
{
    struct flow_row *row = &fq->rows[list];
    fq->flows[index].list = list;
    fq->flows[index].next = NOBODY;
    if (row->first == NOBODY)
        row->first = index;
    else
        fq->flows[row->last].next = index;
    row->last = index;
}

static uint32_t list_take_first(struct fq_codel *fq, enum flow_list list)
{
    struct flow_row *row = &fq->rows[list];
    uint32_t index = row->first;
    row->first = fq->flows[index].next;
    if (row->first == NOBODY)
        row->last = NOBODY;
    fq->flows[index].list = LIST_NONE;
    return index;
}

/* ---- Arriving ---- */

static uint32_t hash_add(uint32_t hash, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ bytes[i]) * UINT32_C(16777619);
    return hash ^ hash >> 15;
}

/* Who talks to whom: addresses, protocol and ports, or the Ethernet header of what is no IPv4. RFC 8290
 * section 4.1.1. */
static uint32_t flow_of(const struct fq_codel *fq, const struct nt_frame *frame)
{
    struct layers layers;
    uint32_t hash = fq->salt | 1;
    layers_of(frame->bytes, frame->length_bytes, &layers);
    if (!layers.is_ipv4) {
        hash = hash_add(hash, frame->bytes, frame->length_bytes < 14 ? frame->length_bytes : 14);
        return hash % fq->flow_count;
    }
    hash = hash_add(hash, layers.network + 12, 8); /* both addresses: RFC 791 3.1 */
    hash = hash_add(hash, &layers.ipv4.protocol, 1);
    bool has_ports = layers.ipv4.protocol == IPV4_PROTOCOL_TCP || layers.ipv4.protocol == IPV4_PROTOCOL_UDP;
    if (has_ports && layers.transport && layers.transport_bytes >= 4 && !layers.ipv4.more_fragments)
        hash = hash_add(hash, layers.transport, 4);
    return hash % fq->flow_count;
}

/* The flow with the most bytes loses half of its frames, from the head. RFC 8290 section 4.1.2. */
static void drop_from_longest(struct nt_queue *queue, struct fq_codel *fq)
{
    struct flow *longest = &fq->flows[0];
    struct nt_queued oldest;
    for (uint32_t i = 1; i < fq->flow_count; i++)
        if (fq->flows[i].row.bytes > longest->row.bytes)
            longest = &fq->flows[i];
    uint32_t batch = (longest->row.length + 1) / 2;
    for (uint32_t i = 0; i < batch && i < DROP_BATCH && queue_row_pop(queue, &longest->row, &oldest); i++)
        nt_queue_drop(queue, oldest.frame, longest_loses);
}

static const char *fq_enqueue(struct nt_queue *queue, const struct nt_queued *arrival)
{
    struct fq_codel *fq = queue->state;
    uint32_t index = flow_of(fq, arrival->frame);
    struct flow *flow = &fq->flows[index];
    bool is_full =
        !queue->is_idle && queue_limit_is_reached(fq->limit, queue->length, queue->bytes, arrival->frame);
    queue_row_push(queue, &flow->row, arrival);
    if (flow->list == LIST_NONE) {
        flow->deficit = fq->quantum;
        list_append(fq, index, LIST_NEW);
    }
    if (is_full)
        drop_from_longest(queue, fq);
    return NULL;
}

/* ---- Leaving ---- */

static int64_t bytes_of(const struct nt_frame *frame)
{
    return frame->length_bytes - (frame->flags & NT_FRAME_SEALED ? 4 : 0);
}

static bool fq_dequeue(struct nt_queue *queue, struct nt_queued *ret_next)
{
    struct fq_codel *fq = queue->state;
    for (;;) {
        enum flow_list list = fq->rows[LIST_NEW].first != NOBODY ? LIST_NEW : LIST_OLD;
        if (fq->rows[list].first == NOBODY)
            return false;
        uint32_t index = fq->rows[list].first;
        struct flow *flow = &fq->flows[index];
        if (flow->deficit <= 0) {
            flow->deficit += fq->quantum;
            list_append(fq, list_take_first(fq, list), LIST_OLD);
            continue;
        }
        if (codel_dequeue(queue, &fq->settings, &flow->control, &flow->row, ret_next)) {
            flow->deficit -= bytes_of(ret_next->frame);
            return true;
        }
        list_take_first(fq, list);
        if (list == LIST_NEW && fq->rows[LIST_OLD].first != NOBODY) /* or it would be new again too soon */
            list_append(fq, index, LIST_OLD);
    }
}

static bool fq_evict(struct nt_queue *queue, struct nt_queued *ret_any)
{
    struct fq_codel *fq = queue->state;
    for (uint32_t i = 0; i < fq->flow_count; i++)
        if (queue_row_pop(queue, &fq->flows[i].row, ret_any))
            return true;
    return false;
}

static bool fq_fact(const struct nt_queue *queue, uint32_t index, const char **ret_name, int64_t *ret_value)
{
    const struct fq_codel *fq = queue->state;
    static const char *const names[] = {"flows that wait", "of them new", "of them dropping"};
    int64_t values[3] = {0};
    for (uint32_t i = 0; i < fq->flow_count; i++) {
        values[0] += fq->flows[i].row.length > 0;
        values[1] += fq->flows[i].row.length > 0 && fq->flows[i].list == LIST_NEW;
        values[2] += fq->flows[i].row.length > 0 && fq->flows[i].control.dropping;
    }
    if (index >= sizeof names / sizeof *names)
        return false;
    *ret_name = names[index];
    *ret_value = values[index];
    return true;
}

static const struct nt_queue_ops fq_ops = {.size = sizeof(struct nt_queue_ops),
                                           .init = fq_init,
                                           .enqueue = fq_enqueue,
                                           .dequeue = fq_dequeue,
                                           .evict = fq_evict,
                                           .fact = fq_fact};

static const struct nt_param fq_params[] = {
    CODEL_TARGET_PARAM,
    CODEL_INTERVAL_PARAM,
    CODEL_ECN_PARAM("true"),
    QUEUE_LIMIT_PARAM("10240 packets", "how much may wait in all flows, in packets or bytes"),
    {.name = "flows",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1024",
     .least = 1,
     .most = FLOWS_MOST,
     .summary = "queues; a hash says which one a packet belongs to"},
    {.name = "quantum",
     .kind = NT_PARAM_BYTES,
     .default_text = "1514 B",
     .least = 1,
     .most = 1000000,
     .summary = "what a flow may send in one turn"},
    {0}};

const struct nt_part_type fq_codel_part = {
    .size = sizeof(struct nt_part_type),
    .category = "queue",
    .name = "fq_codel",
    .summary = "a queue for each flow, each held by a CoDel; newcomers go first",
    .params = fq_params,
    .state_bytes = sizeof(struct fq_codel),
    .ops = &fq_ops,
    .kinds = codel_kinds};

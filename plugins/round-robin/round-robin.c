/* SPDX-License-Identifier: MIT
 * A queue discipline: round robin. Each flow has a row of its own, and the rows take turns, a frame each.
 *
 *     a a a a a  \
 *     b          --->  a b c a c a a a          b, with its one frame, does not wait behind all of a's
 *     c c        /
 *
 * A flow is what has the same addresses, protocol and ports; another that falls into the same row shares its turn. When all places
 * are taken, the longest row gives its last frame away: who sends much is who loses. J. Nagle, RFC 970. */
#include <netarium.h>

#define ROWS 64

struct place {
    struct nt_queued queued;
    struct place *next;
};

struct row {
    struct place *first, **end;
    uint32_t length;
};

struct round_robin {
    struct row rows[ROWS];
    uint32_t limit, turn; /* places in all; whose turn it is */
    uint64_t pushed_out;
};

static const struct nt_param params[] = {
    {.name = "limit", .kind = NT_PARAM_INTEGER, .default_text = "100", .least = 1, .most = 100000, .summary = "frames that may wait, in all rows together"}, {0}};

static void init(struct nt_queue *queue, const struct nt_value *values)
{
    struct round_robin *robin = queue->state;
    robin->limit = (uint32_t)values[0].number;
    for (int i = 0; i < ROWS; i++)
        robin->rows[i].end = &robin->rows[i].first;
}

/* Addresses, protocol and, if there are any, ports of an IPv4 datagram; of any other frame its addresses. */
static uint32_t row_of(const struct nt_frame *frame)
{
    const uint8_t *bytes = frame->bytes;
    bool is_ipv4 = frame->length_bytes >= 38 && bytes[12] == 0x08 && bytes[13] == 0x00 && bytes[14] == 0x45;
    bool has_ports = is_ipv4 && !(bytes[20] & 0x3f) && !bytes[21] && (bytes[23] == 6 || bytes[23] == 17);
    uint32_t begin = is_ipv4 ? 26 : 0, end = has_ports ? 38 : is_ipv4 ? 34 : 12;
    uint32_t hash = is_ipv4 ? 2166136261U ^ bytes[23] : 2166136261U;
    for (uint32_t i = begin; i < end; i++)
        hash = (hash ^ bytes[i]) * 16777619U; /* FNV-1a */
    return (hash ^ hash >> 16) % ROWS;
}

static struct nt_queued take(struct nt_queue *queue, struct row *row, struct place **at)
{
    struct place *place = *at;
    struct nt_queued queued = place->queued;
    *at = place->next;
    if (!*at)
        row->end = at;
    row->length--;
    queue->length--;
    queue->bytes -= queued.frame->length_bytes;
    nt_free(queue->node, place);
    return queued;
}

/* The last frame of the longest row gives way. */
static void push_out(struct nt_queue *queue)
{
    struct round_robin *robin = queue->state;
    struct row *longest = &robin->rows[0];
    for (struct row *row = robin->rows; row < robin->rows + ROWS; row++)
        longest = row->length > longest->length ? row : longest;
    struct place **last = &longest->first;
    while ((*last)->next)
        last = &(*last)->next;
    struct nt_queued queued = take(queue, longest, last);
    robin->pushed_out++;
    nt_queue_drop(queue, queued.frame, "its row was the longest");
}

static const char *enqueue(struct nt_queue *queue, const struct nt_queued *arrival)
{
    struct round_robin *robin = queue->state;
    struct row *row = &robin->rows[row_of(arrival->frame)];
    struct place *place = nt_new(queue->node, sizeof *place);
    place->queued = *arrival;
    *row->end = place;
    row->end = &place->next;
    row->length++;
    queue->length++;
    queue->bytes += arrival->frame->length_bytes;
    if (queue->length > robin->limit)
        push_out(queue);
    return NULL;
}

static bool dequeue(struct nt_queue *queue, struct nt_queued *ret_next)
{
    struct round_robin *robin = queue->state;
    for (int i = 0; i < ROWS; i++) {
        struct row *row = &robin->rows[robin->turn++ % ROWS];
        if (!row->first)
            continue;
        *ret_next = take(queue, row, &row->first);
        return true;
    }
    return false;
}

/* What the link's table "discipline" shows. */
static bool fact(const struct nt_queue *queue, uint32_t index, const char **ret_name, int64_t *ret_value)
{
    const struct round_robin *robin = queue->state;
    int64_t busy = 0;
    for (int i = 0; i < ROWS; i++)
        busy += robin->rows[i].first != NULL;
    *ret_name = index ? "pushed out" : "rows in use";
    *ret_value = index ? (int64_t)robin->pushed_out : busy;
    return index < 2;
}

static const struct nt_queue_ops ops = {
    .size = sizeof ops, .init = init, .enqueue = enqueue, .dequeue = dequeue, .evict = dequeue, .fact = fact};
static const struct nt_part_type round_robin = {.size = sizeof round_robin,
                                                .category = "queue",
                                                .name = "round-robin",
                                                .summary = "a row for each flow, and the rows take turns",
                                                .params = params,
                                                .state_bytes = sizeof(struct round_robin),
                                                .ops = &ops};
static const struct nt_part_type *const parts[] = {&round_robin, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {NT_PLUGIN_BEGIN, .name = "round-robin", .summary = "fair queueing, by turns", .parts = parts};

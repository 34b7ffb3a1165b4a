/* SPDX-License-Identifier: MIT
 * A path for senders in tests. See tcp_path.h. */
#include "tests/protocols/tcp_path.h"

#define MS ENV_MILLISECOND
#define SLOT(n) ((n) & (PATH_RING - 1))

const struct path_setup path_rfc = {
    .congestion = "newreno",
    .recovery = {.uses_limited_transmit = true,
                 .forgets_sacks = true,
                 .threshold = 3,
                 .most_reordering = 3,
                 .delayed_ack_most = 200 * MS},
    .rules = {.counting = TCP_COUNT_BYTES, .initial_segments = 10, .restarts_after_idle = true},
    .rtt = {.initial = ENV_SECOND, .least = ENV_SECOND, .most = 60 * ENV_SECOND, .granularity = MS},
    .isn = 1000,
    .mss = 1460,
    .has_sack = true,
    .delay = 50 * MS,
    .ack_every = 1,
};

const struct path_setup path_linux = {
    .congestion = "cubic",
    .recovery = {.prefers_rack = true,
                 .uses_prr = true,
                 .uses_tlp = true,
                 .uses_frto = true,
                 .uses_undo = true,
                 .uses_limited_transmit = true,
                 .threshold = 3,
                 .most_reordering = 300,
                 .delayed_ack_most = 200 * MS},
    .rules = {.counting = TCP_COUNT_SEGMENTS,
              .initial_segments = 10,
              .restarts_after_idle = true,
              .is_linux = true},
    .rtt = {.initial = ENV_SECOND,
            .least = 200 * MS,
            .most = 120 * ENV_SECOND,
            .granularity = MS,
            .is_linux = true},
    .isn = 1000,
    .mss = 1448,
    .has_sack = true,
    .has_timestamps = true,
    .delay = 50 * MS,
    .ack_every = 1,
};

const struct path_setup path_classic = {
    .congestion = "reno",
    .recovery = {.threshold = 3, .most_reordering = 3, .forgets_sacks = true},
    .rules = {.counting = TCP_COUNT_ACKS, .initial_segments = 1},
    .rtt = {.initial = ENV_SECOND, .least = ENV_SECOND, .most = 64 * ENV_SECOND, .granularity = MS},
    .isn = 1000,
    .mss = 1460,
    .delay = 50 * MS,
    .ack_every = 1,
};

static uint64_t path_flow(const struct tcp_teller *teller)
{
    return env_text(teller->env, "10.0.0.1:49152 > 10.0.0.2:9");
}

struct path *path_new(const struct path_setup *setup)
{
    struct path *path = test_calloc(1, sizeof *path);
    hand_init(&path->hand);
    path->setup = *setup;
    path->teller = (struct tcp_teller){&path->hand.env, path_flow};
    struct tcp_recovery_setup recovery = {.env = &path->hand.env,
                                          .teller = &path->teller,
                                          .rules = &setup->recovery,
                                          .rtt = &setup->rtt,
                                          .congestion_rules = &setup->rules,
                                          .congestion = tcp_congestion_find(setup->congestion)};
    assert_non_null(recovery.congestion);
    tcp_recovery_init(&path->recovery, &recovery);
    path->data = test_calloc(PATH_RING, sizeof *path->data);
    path->acks = test_calloc(PATH_RING, sizeof *path->acks);
    path->received = test_calloc(PATH_RING, 1);
    path->rto_at = path->ack_at = ENV_NEVER;
    path->rcv_nxt = tcp_seq_at(setup->isn);
    path->end = tcp_seq_plus(path->rcv_nxt, (uint32_t)setup->data_bytes);
    path->dice = rng_seeded(1, "path");
    return path;
}

void path_free(struct path *path)
{
    tcp_recovery_release(&path->recovery);
    hand_release(&path->hand);
    test_free(path->data);
    test_free(path->acks);
    test_free(path->received);
    test_free(path);
}

void path_forget(struct path *path)
{
    path->arrived_segments = path->needless_segments = path->lost_segments = path->overflows =
        path->timeouts = 0;
    path->cwnd_time = 0;
    path->cwnd_from = path->hand.now;
}

double path_mean_cwnd(const struct path *path)
{
    return path->cwnd_time / ((double)(path->hand.now - path->cwnd_from) / (double)ENV_SECOND);
}

static void count_cwnd(struct path *path, int64_t until)
{
    double segments = (double)path->recovery.congestion.cwnd / path->setup.mss;
    path->cwnd_time += segments * (double)(until - path->hand.now) / (double)ENV_SECOND;
}

/* ---- Sending ---- */

/* Onto the path: into the queue, and whatever fate has decided. Arrivals stay in order but for those that are
 * late. */
static void transmit(struct path *path, struct tcp_range range)
{
    int64_t now = path->hand.now, leaves = now;
    enum path_fate fate = path->fate ? path->fate(path, path->transmissions + 1, range) : PATH_ARRIVES;
    path->transmissions++;
    path->last_sent_at = now;
    if (path->setup.rate_bps) {
        int64_t each = (int64_t)(path->setup.mss + 40) * 8 * (ENV_SECOND / path->setup.rate_bps);
        int64_t waiting = path->free_at > now ? (path->free_at - now + each - 1) / each : 0;
        if (path->setup.queue && waiting > (int64_t)path->setup.queue) {
            path->overflows++;
            return;
        }
        leaves = (path->free_at > now ? path->free_at : now) + each;
        path->free_at = leaves;
    }
    if (fate == PATH_LOST) {
        path->lost_segments++;
        return;
    }
    struct path_packet packet = {.range = range,
                                 .at = leaves + path->setup.delay + (fate == PATH_LATE ? path->lateness : 0),
                                 .echo = (uint32_t)(now / MS) + 1,
                                 .is_marked = fate == PATH_MARKED};
    assert_true(path->data_count < PATH_RING);
    size_t place = path->data_count++;
    for (; place > 0 && path->data[SLOT(path->data_first + place - 1)].at > packet.at; place--)
        path->data[SLOT(path->data_first + place)] = path->data[SLOT(path->data_first + place - 1)];
    path->data[SLOT(path->data_first + place)] = packet;
}

static uint32_t offered(const struct path *path)
{
    const struct tcp_scoreboard *board = &path->recovery.board;
    uint32_t bytes = path->setup.data_bytes ? path->end.value - board->nxt.value : 100 * path->setup.mss;
    uint32_t window = path->setup.window_bytes ? path->setup.window_bytes : PATH_RING / 2 * path->setup.mss;
    uint32_t left = window - tcp_scoreboard_outstanding(board);
    left -= left % path->setup.mss;
    return bytes < left ? bytes : left;
}

static void push(struct path *path)
{
    struct tcp_recovery *r = &path->recovery;
    uint32_t echo = (uint32_t)(path->hand.now / MS) + 1;
    if (!tcp_recovery_outstanding(r) && path->last_sent_at && offered(path))
        tcp_recovery_idle(r, path->last_sent_at);
    for (;;) {
        struct tcp_turn turn = tcp_recovery_next(r, offered(path));
        if (turn.what == TCP_TURN_WAIT)
            break;
        struct tcp_range range = turn.range;
        if (turn.what == TCP_TURN_NEW) {
            uint32_t bytes = turn.bytes < path->setup.mss ? turn.bytes : path->setup.mss;
            range = (struct tcp_range){r->board.nxt, tcp_seq_plus(r->board.nxt, bytes)};
            tcp_recovery_sent_new(r, bytes, echo);
        } else {
            tcp_recovery_sent_again(r, range, echo);
        }
        transmit(path, range);
        if (path->rto_at == ENV_NEVER)
            path->rto_at = path->hand.now + r->rtt.rto;
    }
}

/* ---- The receiver ---- */

static uint8_t *place_of(struct path *path, struct tcp_seq seq)
{
    return &path->received[SLOT((seq.value - path->setup.isn) / path->setup.mss)];
}

/* The block of what was received out of order around `seq`. */
static struct tcp_range block_around(struct path *path, struct tcp_seq seq)
{
    struct tcp_range block = {seq, tcp_seq_plus(seq, path->setup.mss)};
    while (*place_of(path, tcp_seq_minus(block.start, path->setup.mss)) &&
           tcp_seq_is_after(block.start, tcp_seq_plus(path->rcv_nxt, path->setup.mss)))
        block.start = tcp_seq_minus(block.start, path->setup.mss);
    while (*place_of(path, block.end))
        block.end = tcp_seq_plus(block.end, path->setup.mss);
    return block;
}

static void send_ack(struct path *path, const struct tcp_range *duplicate)
{
    struct path_ack ack = {.ack = path->rcv_nxt, .echo = path->echo, .is_marked = path->is_marked};
    if (duplicate)
        ack.sack[ack.sack_count++] = *duplicate;
    for (unsigned i = 0; i < path->recent_count; i++) {
        if (tcp_seq_is_before(path->recent[i], path->rcv_nxt))
            continue;
        struct tcp_range block = block_around(path, path->recent[i]);
        bool is_known = false;
        for (unsigned k = duplicate ? 1 : 0; k < ack.sack_count; k++)
            is_known |= tcp_seq_is_equal(ack.sack[k].start, block.start);
        if (!is_known)
            ack.sack[ack.sack_count++] = block;
    }
    ack.at = path->hand.now + path->setup.delay;
    assert_true(path->ack_count < PATH_RING);
    path->acks[SLOT(path->ack_first + path->ack_count++)] = ack;
    path->unacked = 0;
    path->ack_at = ENV_NEVER;
    path->is_marked = false;
}

static void remember_block(struct path *path, struct tcp_seq seq)
{
    path->recent[2] = path->recent[1];
    path->recent[1] = path->recent[0];
    path->recent[0] = seq;
    path->recent_count += path->recent_count < 3;
}

static void receive(struct path *path, const struct path_packet *packet)
{
    uint32_t mss = path->setup.mss;
    path->is_marked |= packet->is_marked;
    if (tcp_seq_is_before(packet->range.start, path->rcv_nxt) || *place_of(path, packet->range.start)) {
        path->needless_segments++;
        send_ack(path, &packet->range); /* RFC 2883 */
        return;
    }
    path->arrived_segments++;
    *place_of(path, packet->range.start) = 1;
    if (!tcp_seq_is_equal(packet->range.start, path->rcv_nxt)) {
        remember_block(path, packet->range.start);
        send_ack(path, NULL);
        return;
    }
    if (!path->unacked)
        path->echo = packet->echo;
    bool fills_gap = *place_of(path, tcp_seq_plus(path->rcv_nxt, mss));
    while (*place_of(path, path->rcv_nxt)) {
        *place_of(path, path->rcv_nxt) = 0;
        path->rcv_nxt = tcp_seq_plus(path->rcv_nxt, mss);
    }
    bool has_gap = false;
    for (unsigned i = 0; i < path->recent_count; i++)
        has_gap |= !tcp_seq_is_before(path->recent[i], path->rcv_nxt);
    if (!has_gap)
        path->recent_count = 0;
    if (++path->unacked >= path->setup.ack_every || fills_gap || has_gap)
        send_ack(path, NULL);
    else
        path->ack_at = path->hand.now + 200 * MS;
}

/* ---- What comes back ---- */

static void take_ack(struct path *path, const struct path_ack *arrived)
{
    struct tcp_recovery *r = &path->recovery;
    bool is_new = tcp_seq_is_before(r->board.una, arrived->ack);
    if (tcp_seq_is_after(r->board.una, arrived->ack))
        return;
    struct tcp_ack ack = {.ack = arrived->ack,
                          .is_duplicate = !is_new && tcp_recovery_outstanding(r),
                          .has_ece = arrived->is_marked,
                          .has_echo = path->setup.has_timestamps,
                          .echo = arrived->echo,
                          .echo_age = (path->hand.now / MS + 1 - arrived->echo) * MS,
                          .sack = arrived->sack,
                          .sack_count = path->setup.has_sack ? arrived->sack_count : 0};
    tcp_recovery_acked(r, &ack);
    if (is_new)
        path->rto_at = tcp_recovery_outstanding(r) ? path->hand.now + r->rtt.rto : ENV_NEVER;
    push(path);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void step(struct path *path)
{
    struct tcp_recovery *r = &path->recovery;
    int64_t now = path->hand.now;
    if (path->data_count && path->data[SLOT(path->data_first)].at == now) {
        struct path_packet packet = path->data[SLOT(path->data_first++)];
        path->data_count--;
        receive(path, &packet);
    } else if (path->ack_count && path->acks[SLOT(path->ack_first)].at == now) {
        struct path_ack ack = path->acks[SLOT(path->ack_first++)];
        path->ack_count--;
        take_ack(path, &ack);
    } else if (path->ack_at == now) {
        send_ack(path, NULL);
    } else if (tcp_recovery_deadline(r, path->rto_at) <= now) {
        bool is_probe = tcp_recovery_expire(r);
        push(path);
        if (is_probe || path->rto_at <= now)
            path->rto_at = now + r->rtt.rto;
    } else {
        path->timeouts++;
        path->rto_at = ENV_NEVER;
        tcp_recovery_timeout(r);
        push(path);
        path->rto_at = now + r->rtt.rto;
    }
}

void path_run(struct path *path, int64_t duration)
{
    int64_t until = path->hand.now + duration;
    if (!path->recovery.congestion.mss) {
        tcp_recovery_start(&path->recovery, tcp_seq_at(path->setup.isn), path->setup.mss,
                           path->setup.has_sack, path->setup.has_timestamps, false);
        push(path);
    }
    for (;;) {
        int64_t at = earlier(path->rto_at, path->ack_at);
        at = earlier(at, tcp_recovery_deadline(&path->recovery, path->rto_at));
        if (path->data_count)
            at = earlier(at, path->data[SLOT(path->data_first)].at);
        if (path->ack_count)
            at = earlier(at, path->acks[SLOT(path->ack_first)].at);
        if (at > until)
            break;
        count_cwnd(path, at);
        path->hand.now = at;
        step(path);
    }
    count_cwnd(path, until);
    path->hand.now = until;
}

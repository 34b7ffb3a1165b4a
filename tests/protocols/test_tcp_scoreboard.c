/* SPDX-License-Identifier: MIT
 * The scoreboard against a naive one that keeps a row of octets and looks at all of them each time. */
#include "tests/protocols/hand_env.h"

#include "protocols/tcp/scoreboard.h"
#include "sim/base/rng.h"

#define MSS 4 /* small segments are cut fine enough by at most three cuts */

struct octet {
    bool sacked, lost, resent, judged;
    uint64_t order;
};

/* The naive board: octets from una to nxt. */
struct oracle {
    struct octet octets[4096];
    uint32_t count;
    uint64_t order;
    uint64_t delivered;
};

struct board_test {
    struct hand_env hand;
    struct tcp_scoreboard board;
    struct tcp_rate rate;
    struct oracle oracle;
    struct rng dice;
};

static void board_test_init(struct board_test *t, uint32_t nxt, uint64_t seed)
{
    memset(t, 0, sizeof *t);
    hand_init(&t->hand);
    tcp_scoreboard_init(&t->board, &t->hand.env, tcp_seq_at(nxt));
    tcp_rate_init(&t->rate, 0);
    t->dice = rng_seeded(seed, "board");
}

static void board_test_release(struct board_test *t)
{
    tcp_scoreboard_release(&t->board);
    hand_release(&t->hand);
}

static uint32_t below(struct board_test *t, uint32_t limit)
{
    return (uint32_t)rng_below(&t->dice, limit);
}

/* ---- What the naive one does ---- */

static void oracle_send(struct oracle *o, uint32_t bytes)
{
    o->order++;
    for (uint32_t i = 0; i < bytes; i++)
        o->octets[o->count++] = (struct octet){.order = o->order};
}

static void oracle_ack(struct oracle *o, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        o->delivered += !o->octets[i].sacked;
    memmove(o->octets, o->octets + bytes, (o->count - bytes) * sizeof *o->octets);
    o->count -= bytes;
}

static void oracle_sack(struct oracle *o, uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end; i++) {
        o->delivered += !o->octets[i].sacked;
        o->octets[i].sacked = true;
        o->octets[i].lost = o->octets[i].resent = false;
    }
}

static bool oracle_is_lost(const struct oracle *o, uint32_t at)
{
    unsigned runs = 0, bytes = 0;
    for (uint32_t i = at + 1; i < o->count; i++) {
        bytes += o->octets[i].sacked;
        runs += o->octets[i].sacked && !o->octets[i - 1].sacked;
    }
    return runs >= 3 || bytes > 2 * MSS;
}

static void oracle_lose_below(struct oracle *o)
{
    for (uint32_t i = 0; i < o->count; i++) {
        struct octet *octet = &o->octets[i];
        if (octet->sacked || octet->judged || !oracle_is_lost(o, i))
            continue;
        octet->judged = true;
        octet->lost |= !octet->resent;
    }
}

static void oracle_lose_all(struct oracle *o, bool forgets)
{
    for (uint32_t i = 0; i < o->count; i++) {
        struct octet *octet = &o->octets[i];
        octet->judged = true;
        octet->resent = false;
        if (forgets)
            octet->sacked = false;
        octet->lost = !octet->sacked;
    }
}

/* ---- Both, side by side ---- */

/* Every figure and every entry, looked at one by one. */
static void compare(struct board_test *t)
{
    const struct oracle *o = &t->oracle;
    struct tcp_scoreboard *board = &t->board;
    uint32_t sacked = 0, lost = 0, resent = 0, next_lost = UINT32_MAX, oldest = UINT32_MAX;
    for (uint32_t i = 0; i < o->count; i++) {
        const struct octet *octet = &o->octets[i];
        sacked += octet->sacked;
        lost += octet->lost;
        resent += octet->resent;
        if (octet->lost && !octet->resent && next_lost == UINT32_MAX)
            next_lost = i;
        if (!octet->sacked && (!octet->lost || octet->resent) &&
            (oldest == UINT32_MAX || octet->order < o->octets[oldest].order))
            oldest = i;
    }
    assert_int_equal(tcp_scoreboard_outstanding(board), o->count);
    assert_int_equal(board->sacked_bytes, sacked);
    assert_int_equal(board->lost_bytes, lost);
    assert_int_equal(board->resent_bytes, resent);
    assert_int_equal(tcp_scoreboard_pipe(board), o->count - sacked - lost + resent);
    assert_int_equal(t->rate.delivered_bytes, o->delivered);
    uint32_t entry = tcp_scoreboard_next_lost(board);
    assert_int_equal(entry == TCP_NO_ENTRY, next_lost == UINT32_MAX);
    if (entry != TCP_NO_ENTRY)
        assert_int_equal(tcp_scoreboard_at(board, entry)->start.value, board->una.value + next_lost);
    entry = tcp_scoreboard_oldest(board);
    assert_int_equal(entry == TCP_NO_ENTRY, oldest == UINT32_MAX);
    if (entry != TCP_NO_ENTRY)
        assert_int_equal(tcp_scoreboard_at(board, entry)->order, o->octets[oldest].order);

    uint32_t at = 0, entries = 0;
    for (entry = tcp_scoreboard_first(board); entry != TCP_NO_ENTRY; entries++) {
        const struct tcp_sent *sent = tcp_scoreboard_at(board, entry);
        assert_int_equal(sent->start.value, board->una.value + at);
        uint32_t bytes = sent->end.value - sent->start.value;
        for (uint32_t i = at; i < at + bytes; i++) {
            assert_int_equal(o->octets[i].sacked, !!(sent->marks & TCP_MARK_SACKED));
            assert_int_equal(o->octets[i].lost, !!(sent->marks & TCP_MARK_LOST));
            assert_int_equal(o->octets[i].resent, !!(sent->marks & TCP_MARK_RESENT));
            assert_int_equal(o->octets[i].order, sent->order);
        }
        assert_int_equal(tcp_scoreboard_find(board, tcp_seq_plus(board->una, at + bytes - 1)), entry);
        at += bytes;
        entry = sent->behind;
    }
    assert_int_equal(at, o->count);
    assert_int_equal(entries, board->entries);
}

static void send_some(struct board_test *t)
{
    uint32_t bytes = 1 + below(t, MSS);
    if (t->oracle.count + bytes > 300)
        return;
    tcp_scoreboard_sent(&t->board, bytes, 0, &t->rate);
    oracle_send(&t->oracle, bytes);
}

static void ack_some(struct board_test *t)
{
    struct tcp_delivery delivery = {0};
    uint32_t bytes = below(t, t->oracle.count < 30 ? t->oracle.count + 1 : 30);
    uint64_t before = t->oracle.delivered;
    tcp_scoreboard_acked(&t->board, tcp_seq_plus(t->board.una, bytes), &t->rate, &delivery);
    oracle_ack(&t->oracle, bytes);
    assert_int_equal(delivery.acked_bytes, bytes);
    assert_int_equal(delivery.delivered_bytes, t->oracle.delivered - before);
}

static void sack_some(struct board_test *t)
{
    if (t->oracle.count < 3)
        return;
    struct tcp_delivery delivery = {0};
    uint32_t start = 1 + below(t, t->oracle.count - 2);
    uint32_t end = start + 1 + below(t, t->oracle.count - start);
    if (below(t, 3) && end > start + 12)
        end = start + 12;
    uint64_t before = t->oracle.delivered;
    struct tcp_range range = {tcp_seq_plus(t->board.una, start), tcp_seq_plus(t->board.una, end)};
    tcp_scoreboard_sacked(&t->board, range, &t->rate, &delivery);
    oracle_sack(&t->oracle, start, end);
    assert_int_equal(delivery.sacked_bytes, t->oracle.delivered - before);
}

static void resend_some(struct board_test *t)
{
    uint32_t entry = tcp_scoreboard_next_lost(&t->board);
    if (entry == TCP_NO_ENTRY)
        return;
    const struct tcp_sent *sent = tcp_scoreboard_at(&t->board, entry);
    if (sent->end.value - sent->start.value > 1 && !below(t, 4))
        tcp_scoreboard_cut(&t->board, entry, tcp_seq_plus(sent->start, 1));
    tcp_scoreboard_resent(&t->board, entry, &t->rate);
    sent = tcp_scoreboard_at(&t->board, entry);
    t->oracle.order++;
    for (uint32_t i = sent->start.value - t->board.una.value; i < sent->end.value - t->board.una.value; i++) {
        t->oracle.octets[i].resent = true;
        t->oracle.octets[i].order = t->oracle.order;
    }
}

static void lose_oldest(struct board_test *t)
{
    uint32_t entry = tcp_scoreboard_oldest(&t->board);
    if (entry == TCP_NO_ENTRY)
        return;
    tcp_scoreboard_lose(&t->board, entry, 0);
    const struct tcp_sent *sent = tcp_scoreboard_at(&t->board, entry);
    for (uint32_t i = sent->start.value - t->board.una.value; i < sent->end.value - t->board.una.value; i++) {
        t->oracle.octets[i].lost = true;
        t->oracle.octets[i].resent = false;
    }
}

static void lose_by_count(struct board_test *t)
{
    tcp_scoreboard_lose_below(&t->board, 3, MSS, NULL, NULL);
    oracle_lose_below(&t->oracle);
}

static void lose_everything(struct board_test *t)
{
    bool forgets = below(t, 2);
    tcp_scoreboard_lose_all(&t->board, forgets, 0);
    oracle_lose_all(&t->oracle, forgets);
}

static void unlose(struct board_test *t)
{
    tcp_scoreboard_unlose_all(&t->board);
    for (uint32_t i = 0; i < t->oracle.count; i++)
        t->oracle.octets[i].lost = false;
}

static void run_dice(uint32_t nxt, uint64_t seed, unsigned steps)
{
    struct board_test *t = test_malloc(sizeof *t);
    board_test_init(t, nxt, seed);
    for (unsigned step = 0; step < steps; step++) {
        unsigned what = below(t, 100);
        hand_advance(&t->hand, ENV_MICROSECOND);
        if (what < 40)
            send_some(t);
        else if (what < 52)
            ack_some(t);
        else if (what < 72)
            sack_some(t);
        else if (what < 84)
            resend_some(t);
        else if (what < 88)
            lose_oldest(t);
        else if (what < 97)
            lose_by_count(t);
        else if (what < 99)
            unlose(t);
        else
            lose_everything(t);
        compare(t);
    }
    board_test_release(t);
    test_free(t);
}

static void test_scoreboard__does_what_a_naive_one_does(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++)
        run_dice(1000, seed, 800);
}

static void test_scoreboard__does_so_when_numbers_go_round(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 115; seed++)
        run_dice(UINT32_MAX - 200, seed, 800);
    for (uint64_t seed = 200; seed < 215; seed++)
        run_dice(0x7fffff00, seed, 800);
}

/* ---- By hand ---- */

static void test_scoreboard__ignores_ranges_that_cannot_be(void **state)
{
    (void)state;
    struct board_test *t = test_malloc(sizeof *t);
    board_test_init(t, 100, 1);
    for (int i = 0; i < 5; i++)
        tcp_scoreboard_sent(&t->board, 10, 0, &t->rate);
    static const uint32_t ranges[][2] = {{100, 110}, {90, 110},  {120, 120},
                                         {130, 120}, {140, 151}, {500, 600}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        struct tcp_delivery delivery = {0};
        struct tcp_range range = {tcp_seq_at(ranges[i][0]), tcp_seq_at(ranges[i][1])};
        tcp_scoreboard_sacked(&t->board, range, &t->rate, &delivery);
        if (delivery.sacked_bytes || t->board.sacked_bytes)
            fail_msg("row %zu: %u octets sacked", i, delivery.sacked_bytes);
    }
    board_test_release(t);
    test_free(t);
}

static void test_scoreboard__cuts_a_segment_at_most_in_eight(void **state)
{
    (void)state;
    struct board_test *t = test_malloc(sizeof *t);
    board_test_init(t, 0, 1);
    tcp_scoreboard_sent(&t->board, 1000, 0, &t->rate);
    for (uint32_t at = 1; at < 999; at += 2) {
        struct tcp_delivery delivery = {0};
        tcp_scoreboard_sacked(&t->board, (struct tcp_range){tcp_seq_at(at), tcp_seq_at(at + 1)}, &t->rate,
                              &delivery);
    }
    assert_in_range(t->board.entries, 2, 8);
    struct tcp_delivery delivery = {0};
    tcp_scoreboard_acked(&t->board, tcp_seq_at(1000), &t->rate, &delivery);
    assert_int_equal(t->board.entries, 0);
    assert_int_equal(t->rate.delivered_bytes, 1000);
    board_test_release(t);
    test_free(t);
}

static void test_scoreboard__needs_no_memory_once_it_has_grown(void **state)
{
    (void)state;
    struct board_test *t = test_malloc(sizeof *t);
    board_test_init(t, UINT32_MAX - 5000, 1);
    for (int i = 0; i < 64; i++)
        tcp_scoreboard_sent(&t->board, 100, 0, &t->rate);
    size_t ever = t->hand.memory_ever;
    for (int i = 0; i < 10000; i++) {
        struct tcp_delivery delivery = {0};
        tcp_scoreboard_acked(&t->board, tcp_seq_plus(t->board.una, 100), &t->rate, &delivery);
        tcp_scoreboard_sent(&t->board, 100, 0, &t->rate);
    }
    assert_int_equal(t->hand.memory_ever, ever);
    struct tcp_delivery delivery = {0};
    tcp_scoreboard_acked(&t->board, t->board.nxt, &t->rate, &delivery);
    tcp_scoreboard_trim(&t->board);
    assert_int_equal(t->hand.memory_blocks, 0);
    board_test_release(t);
    test_free(t);
}

/* RFC 2018 section 8: what was sacked may be forgotten by the peer; a timeout sends it again. */
static void test_scoreboard__forgets_sacks_at_a_timeout(void **state)
{
    (void)state;
    struct board_test *t = test_malloc(sizeof *t);
    board_test_init(t, 0, 1);
    for (int i = 0; i < 4; i++)
        tcp_scoreboard_sent(&t->board, 100, 0, &t->rate);
    struct tcp_delivery delivery = {0};
    tcp_scoreboard_sacked(&t->board, (struct tcp_range){tcp_seq_at(100), tcp_seq_at(400)}, &t->rate,
                          &delivery);
    assert_int_equal(tcp_scoreboard_pipe(&t->board), 100);
    tcp_scoreboard_lose_all(&t->board, true, 0);
    assert_int_equal(tcp_scoreboard_pipe(&t->board), 0);
    for (uint32_t at = 0; at < 400; at += 100) {
        uint32_t entry = tcp_scoreboard_next_lost(&t->board);
        assert_int_equal(tcp_scoreboard_at(&t->board, entry)->start.value, at);
        tcp_scoreboard_resent(&t->board, entry, &t->rate);
    }
    assert_int_equal(tcp_scoreboard_next_lost(&t->board), TCP_NO_ENTRY);
    assert_int_equal(tcp_scoreboard_pipe(&t->board), 400);
    board_test_release(t);
    test_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scoreboard__does_what_a_naive_one_does),
        cmocka_unit_test(test_scoreboard__does_so_when_numbers_go_round),
        cmocka_unit_test(test_scoreboard__ignores_ranges_that_cannot_be),
        cmocka_unit_test(test_scoreboard__cuts_a_segment_at_most_in_eight),
        cmocka_unit_test(test_scoreboard__needs_no_memory_once_it_has_grown),
        cmocka_unit_test(test_scoreboard__forgets_sacks_at_a_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

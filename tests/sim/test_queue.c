/* SPDX-License-Identifier: MIT
 * The ladder queue against a sorted list: whatever is pushed, cancelled and popped, both give the same order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/queue.h"
#include "sim/world.h"

#define MOST 6000

/* The oracle: living entries, sorted by looking at all of them. */
struct oracle {
    struct queue_entry entries[MOST];
    size_t length;
};

static void on_full(void *context)
{
    abort();
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static size_t oracle_first(const struct oracle *oracle)
{
    size_t first = 0;
    for (size_t i = 1; i < oracle->length; i++) {
        const struct queue_entry *a = &oracle->entries[i], *b = &oracle->entries[first];
        if (a->at < b->at || (a->at == b->at && a->order < b->order))
            first = i;
    }
    return first;
}

static void oracle_remove(struct oracle *oracle, size_t index)
{
    oracle->entries[index] = oracle->entries[--oracle->length];
}

/* How far ahead the next event lies: near, far, now, clustered, or at a rare great distance. */
static nt_time random_ahead(uint64_t *random, int pattern)
{
    uint64_t draw = next_random(random);
    switch (pattern) {
    case 0:
        return (nt_time)(draw % 1000);
    case 1:
        return (nt_time)(draw % NT_SECOND);
    case 2:
        return draw % 4 ? 0 : (nt_time)(draw >> 32) % 50;
    case 3:
        return draw % 100 ? (nt_time)(draw >> 40) % 1000 : (nt_time)(draw >> 20);
    default:
        return (nt_time)((uint64_t)1 << (draw % 61)) + (nt_time)(draw >> 60);
    }
}

struct bench {
    struct world *world;
    struct queue queue;
    struct oracle oracle;
    nt_time now;
    uint64_t order;
};

static void push(struct bench *bench, nt_time ahead)
{
    nt_time at = bench->now > NT_NEVER - 1 - ahead ? NT_NEVER - 1 : bench->now + ahead;
    queue_push(&bench->queue, at, ++bench->order, NULL);
    bench->oracle.entries[bench->oracle.length++] = (struct queue_entry){at, bench->order, NULL};
}

static void pop(struct bench *bench)
{
    const struct queue_entry *first = queue_first(&bench->queue);
    if (!bench->oracle.length) {
        assert_null(first);
        return;
    }
    size_t expected = oracle_first(&bench->oracle);
    assert_non_null(first);
    assert_int_equal(first->at, bench->oracle.entries[expected].at);
    assert_int_equal(first->order, bench->oracle.entries[expected].order);
    bench->now = first->at;
    queue_pop(&bench->queue);
    oracle_remove(&bench->oracle, expected);
}

static void cancel(struct bench *bench, uint64_t draw)
{
    if (!bench->oracle.length)
        return;
    size_t index = draw % bench->oracle.length;
    queue_cancel(&bench->queue, bench->oracle.entries[index].order);
    oracle_remove(&bench->oracle, index);
}

static void run_against_oracle(int pattern, size_t most, unsigned cancels_percent, int rounds)
{
    struct bench *bench = calloc(1, sizeof *bench);
    bench->world = world_new((size_t)64 << 20, on_full, NULL);
    queue_init(&bench->queue, bench->world);
    uint64_t random = (uint64_t)pattern * 977 + most + cancels_percent;
    bool is_filling = true;
    for (int i = 0; i < rounds; i++) {
        uint64_t draw = next_random(&random);
        if (bench->oracle.length >= most)
            is_filling = false;
        if (bench->oracle.length < most / 10)
            is_filling = true;
        if (draw % 100 < cancels_percent)
            cancel(bench, draw >> 32);
        else if ((draw >> 8) % 10 < (is_filling ? 7 : 3))
            push(bench, random_ahead(&random, pattern));
        else
            pop(bench);
        assert_int_equal(queue_length(&bench->queue), bench->oracle.length);
    }
    while (bench->oracle.length)
        pop(bench);
    pop(bench);
    world_free(bench->world);
    free(bench);
}

static void test_queue__agrees_with_a_sorted_list(void **state)
{
    static const size_t sizes[] = {3, 40, 70, 300, 3000};
    for (int pattern = 0; pattern < 5; pattern++) {
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            int rounds = sizes[s] > 1000 ? 12000 : 20000;
            run_against_oracle(pattern, sizes[s], 0, rounds);
            run_against_oracle(pattern, sizes[s], 20, rounds);
            run_against_oracle(pattern, sizes[s], 45, rounds);
        }
    }
}

static void test_queue__events_of_one_instant_keep_the_order_of_arming(void **state)
{
    struct world *world = world_new((size_t)64 << 20, on_full, NULL);
    struct queue queue;
    queue_init(&queue, world);
    for (uint64_t i = 1; i <= 50000; i++)
        queue_push(&queue, i % 2 ? 500 : 700, i, NULL);
    uint64_t last = 0;
    for (int i = 0; i < 50000; i++) {
        const struct queue_entry *first = queue_first(&queue);
        assert_int_equal(first->at, i < 25000 ? 500 : 700);
        if (i == 25000)
            last = 0;
        assert_true(first->order > last);
        last = first->order;
        queue_pop(&queue);
    }
    assert_null(queue_first(&queue));
    world_free(world);
}

static void test_queue__allocates_nothing_in_steady_state(void **state)
{
    struct world *world = world_new((size_t)64 << 20, on_full, NULL);
    struct queue queue;
    queue_init(&queue, world);
    uint64_t random = 5, order = 0;
    nt_time now = 0;
    for (int i = 0; i < 5000; i++)
        queue_push(&queue, (nt_time)(next_random(&random) % 5000000), ++order, NULL);
    uint64_t before = 0;
    for (int i = 0; i < 600000; i++) {
        if (i == 300000)
            before = world_allocation_count(world);
        now = queue_first(&queue)->at;
        queue_pop(&queue);
        queue_push(&queue, now + (nt_time)(next_random(&random) % 5000000), ++order, NULL);
    }
    assert_true(world_allocation_count(world) - before < 20);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue__agrees_with_a_sorted_list),
        cmocka_unit_test(test_queue__events_of_one_instant_keep_the_order_of_arming),
        cmocka_unit_test(test_queue__allocates_nothing_in_steady_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

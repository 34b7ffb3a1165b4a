/* SPDX-License-Identifier: MIT
 * The world against a naive oracle: every living piece keeps its bytes, pieces never overlap, and what is
 * copied in again is what was copied out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/world.h"

#define PIECES 600
#define ROUNDS 20000

struct piece {
    unsigned char *bytes; /* NULL: not living */
    size_t size;
    unsigned char mark;
};

static jmp_buf full;

static void on_full(void *context)
{
    *(int *)context += 1;
    longjmp(full, 1);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static size_t random_size(uint64_t *state)
{
    uint64_t kind = next_random(state) % 100;
    if (kind < 70)
        return next_random(state) % 300;
    if (kind < 95)
        return next_random(state) % 20000;
    return next_random(state) % 300000;
}

static void piece_check(const struct piece *piece)
{
    for (size_t i = 0; i < piece->size; i++)
        if (piece->bytes[i] != piece->mark)
            fail_msg("byte %zu of a piece of %zu is %u, should be %u", i, piece->size, piece->bytes[i],
                     piece->mark);
}

static void test_world__pieces_are_zeroed_aligned_and_keep_their_bytes(void **state)
{
    int times_full = 0;
    struct world *world = world_new((size_t)256 << 20, on_full, &times_full);
    struct piece *pieces = calloc(PIECES, sizeof *pieces);
    uint64_t random = 7;
    for (int round = 0; round < ROUNDS; round++) {
        struct piece *piece = &pieces[next_random(&random) % PIECES];
        if (piece->bytes) {
            piece_check(piece);
            world_release(world, piece->bytes);
            piece->bytes = NULL;
            continue;
        }
        piece->size = random_size(&random);
        piece->bytes = world_alloc(world, piece->size);
        assert_int_equal((uintptr_t)piece->bytes % 16, 0);
        assert_true(world_room_bytes(world, piece->bytes) >= piece->size);
        piece->mark = 0;
        piece_check(piece);
        piece->mark = (unsigned char)(round | 1);
        memset(piece->bytes, piece->mark, piece->size);
    }
    for (int i = 0; i < PIECES; i++)
        if (pieces[i].bytes)
            piece_check(&pieces[i]);
    assert_int_equal(times_full, 0);
    free(pieces);
    world_free(world);
}

static void test_world__copying_in_brings_back_every_byte_and_pointer(void **state)
{
    int times_full = 0;
    struct world *world = world_new((size_t)64 << 20, on_full, &times_full);
    unsigned char **pieces = world_alloc(world, 200 * sizeof *pieces);
    world_set_root(world, pieces);
    for (int i = 0; i < 200; i++) {
        pieces[i] = world_alloc(world, (size_t)i * 37 + 1);
        memset(pieces[i], i, (size_t)i * 37 + 1);
    }
    for (int i = 0; i < 200; i += 3)
        world_release(world, pieces[i]);
    size_t bytes = world_used_bytes(world);
    void *image = malloc(bytes);
    world_copy_out(world, image);
    uint64_t allocations = world_allocation_count(world);

    for (int i = 1; i < 200; i += 3)
        world_release(world, pieces[i]);
    for (int i = 0; i < 500; i++)
        memset(world_alloc(world, 3000), 0xee, 3000);

    world_copy_in(world, image);
    assert_ptr_equal(world_root(world), pieces);
    assert_int_equal(world_used_bytes(world), bytes);
    assert_int_equal(world_allocation_count(world), allocations);
    for (int i = 0; i < 200; i++)
        for (size_t b = 0; i % 3 != 0 && b < (size_t)i * 37 + 1; b++)
            assert_int_equal(pieces[i][b], i);
    free(image);
    world_free(world);
}

static void test_world__the_same_calls_after_going_back_give_the_same_addresses(void **state)
{
    int times_full = 0;
    struct world *world = world_new((size_t)64 << 20, on_full, &times_full);
    void *first = world_alloc(world, 100);
    void *image = malloc(world_used_bytes(world));
    world_copy_out(world, image);
    void *before[50], *large = NULL;
    for (int round = 0; round < 2; round++) {
        world_release(world, first);
        for (int i = 0; i < 50; i++) {
            void *piece = world_alloc(world, (size_t)i * 400);
            if (round == 0)
                before[i] = piece;
            assert_ptr_equal(piece, before[i]);
        }
        void *big = world_alloc(world, 200000);
        assert_true(round == 0 || big == large);
        large = big;
        world_copy_in(world, image);
    }
    free(image);
    world_free(world);
}

static void test_world__large_pieces_are_used_again(void **state)
{
    int times_full = 0;
    struct world *world = world_new((size_t)8 << 20, on_full, &times_full);
    for (int i = 0; i < 1000; i++) {
        void *a = world_alloc(world, 300000), *b = world_alloc(world, 100000),
             *c = world_alloc(world, 500000);
        world_release(world, b);
        world_release(world, a);
        world_release(world, c);
    }
    assert_true(world_used_bytes(world) < (size_t)2 << 20);
    world_free(world);
}

static void test_world__says_when_its_limit_is_reached(void **state)
{
    int times_full = 0;
    struct world *world = world_new((size_t)1 << 20, on_full, &times_full);
    if (setjmp(full) == 0)
        for (;;)
            world_alloc(world, 1000);
    assert_int_equal(times_full, 1);
    assert_true(world_used_bytes(world) <= (size_t)1 << 20);
    if (setjmp(full) == 0)
        world_alloc(world, SIZE_MAX / 2);
    assert_int_equal(times_full, 2);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_world__pieces_are_zeroed_aligned_and_keep_their_bytes),
        cmocka_unit_test(test_world__copying_in_brings_back_every_byte_and_pointer),
        cmocka_unit_test(test_world__the_same_calls_after_going_back_give_the_same_addresses),
        cmocka_unit_test(test_world__large_pieces_are_used_again),
        cmocka_unit_test(test_world__says_when_its_limit_is_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * Generators: every shape is the graph that its name promises, and every router finds every edge of it.
 *
 * The oracle of the numbering knows nothing of intervals: it sends a packet from router to router, by what
 * each has below it and else up, and counts the steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/generate_numbers.h"

/* A shape with its parameters, and what must come of it. */
struct row {
    const char *shape;
    int64_t values[4];
    uint32_t routers, hosts, edges;
    uint32_t least_degree, most_degree; /* of routers, hosts counted */
};

static const struct row rows[] = {
    {"star", {1}, 1, 1, 1, 1, 1},
    {"star", {40}, 1, 40, 40, 40, 40},
    {"chain", {1, 1}, 1, 2, 2, 2, 2},
    {"chain", {2, 3}, 2, 6, 7, 4, 4},
    {"chain", {5000, 1}, 5000, 2, 5001, 2, 2},
    {"ring", {3, 0}, 3, 0, 3, 2, 2},
    {"ring", {50, 2}, 50, 100, 150, 4, 4},
    {"tree", {1, 1, 1}, 2, 1, 2, 1, 2},
    {"tree", {3, 4, 2}, 85, 128, 212, 3, 5},
    {"dumbbell", {7}, 2, 14, 15, 8, 8},
    {"fat-tree", {2}, 5, 2, 6, 2, 2},
    {"fat-tree", {4}, 20, 16, 48, 4, 4},
    {"fat-tree", {8}, 80, 128, 384, 8, 8},
    {"random", {1, 3, 1, 1}, 1, 1, 1, 1, 1},
    {"random", {5, 64, 1, 0}, 5, 0, 10, 4, 4},
    {"random", {100, 1, 9, 1}, 100, 100, 199, 2, 100},
    {"random", {300, 4, 2, 1}, 300, 300, 900, 2, 100},
    {"lan", {10}, 1, 10, 10, 10, 10},
};
#define ROWS (sizeof rows / sizeof rows[0])

static void draw(const struct row *row, struct store *store, struct graph *graph)
{
    struct nt_value values[4] = {0};
    const struct graph_shape *shape = graph_shapes;
    for (int i = 0; i < 4; i++)
        values[i].number = row->values[i];
    while (shape->name && strcmp(shape->name, row->shape) != 0)
        shape++;
    assert_non_null(shape->name);
    store_init(store);
    graph_draw(graph, store, shape, values);
}

static void test_generate__a_shape_has_its_counts_and_degrees(void **state)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        struct store store;
        struct graph graph;
        draw(row, &store, &graph);
        uint32_t *degree = store_alloc(&store, graph.router_count + graph.host_count, sizeof *degree);
        for (uint32_t edge = 0; edge < graph.edge_count; edge++)
            for (int side = 0; side < 2; side++)
                degree[graph.edges[edge].end[side]]++;
        if (graph.router_count != row->routers || graph.host_count != row->hosts ||
            graph.edge_count != row->edges)
            fail_msg("row %zu, %s: %u routers, %u hosts, %u edges", i, row->shape, graph.router_count,
                     graph.host_count, graph.edge_count);
        for (uint32_t v = 0; v < graph.router_count; v++)
            if (degree[v] < row->least_degree || degree[v] > row->most_degree)
                fail_msg("row %zu, %s: router %u has %u edges", i, row->shape, v, degree[v]);
        for (uint32_t v = 0; v < graph.host_count; v++)
            assert_int_equal(degree[graph.router_count + v], 1);
        store_release(&store);
    }
}

static int compare_pairs(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void test_generate__no_two_edges_join_the_same_two(void **state)
{
    for (size_t i = 0; i < ROWS; i++) {
        struct store store;
        struct graph graph;
        draw(&rows[i], &store, &graph);
        uint64_t *pairs = store_alloc(&store, graph.edge_count, sizeof *pairs);
        for (uint32_t edge = 0; edge < graph.edge_count; edge++) {
            uint32_t a = graph.edges[edge].end[0], b = graph.edges[edge].end[1];
            assert_int_not_equal(a, b);
            pairs[edge] = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
        }
        qsort(pairs, graph.edge_count, sizeof *pairs, compare_pairs);
        for (uint32_t edge = 1; edge < graph.edge_count; edge++)
            assert_true(pairs[edge] != pairs[edge - 1]);
        store_release(&store);
    }
}

static void test_generate__every_edge_has_a_number_and_no_two_the_same(void **state)
{
    for (size_t i = 0; i < ROWS; i++) {
        struct store store;
        struct graph graph;
        struct numbers numbers;
        draw(&rows[i], &store, &graph);
        numbers_give(&numbers, &store, &graph);
        bool *is_given = store_alloc(&store, graph.edge_count, sizeof *is_given);
        for (uint32_t edge = 0; edge < graph.edge_count; edge++) {
            assert_true(numbers.number[edge] < graph.edge_count);
            assert_false(is_given[numbers.number[edge]]);
            is_given[numbers.number[edge]] = true;
        }
        store_release(&store);
    }
}

static void test_generate__every_edge_has_a_port_of_its_own_at_each_end(void **state)
{
    for (size_t i = 0; i < ROWS; i++) {
        struct store store;
        struct graph graph;
        struct numbers numbers;
        draw(&rows[i], &store, &graph);
        numbers_give(&numbers, &store, &graph);
        for (uint32_t edge = 0; edge < graph.edge_count; edge++)
            for (int side = 0; side < 2; side++)
                assert_int_equal(
                    numbers.edges[numbers.start[graph.edges[edge].end[side]] + numbers.port[edge][side]],
                    edge);
        for (uint32_t v = 1; v < numbers.vertices; v++) /* connected, and the uplink comes first */
            assert_int_equal(numbers.edges[numbers.start[v]], numbers.uplink[v]);
        store_release(&store);
    }
}

/* The next vertex towards edge number `wanted`, as the routes of `at` say; `at` itself: it has that edge. */
static uint32_t next_towards(const struct numbers *numbers, uint32_t at, uint32_t wanted)
{
    struct numbers_block blocks[NUMBERS_COVER_MOST];
    for (uint32_t i = numbers->start[at]; i < numbers->start[at + 1]; i++)
        if (numbers->number[numbers->edges[i]] == wanted)
            return at;
    for (uint32_t i = numbers->start[at]; i < numbers->start[at + 1]; i++) {
        uint32_t other = numbers_other(numbers, numbers->edges[i], at);
        if (numbers->uplink[other] != numbers->edges[i])
            continue;
        uint32_t count = numbers_cover(numbers->first[other], numbers->count[other], blocks);
        for (uint32_t k = 0; k < count; k++)
            if (wanted >> blocks[k].log2 == blocks[k].first >> blocks[k].log2)
                return other;
    }
    return numbers->parent[at];
}

static void test_generate__routes_lead_from_everywhere_to_every_edge_of_the_tree(void **state)
{
    for (size_t i = 0; i < ROWS; i++) {
        struct store store;
        struct graph graph;
        struct numbers numbers;
        draw(&rows[i], &store, &graph);
        numbers_give(&numbers, &store, &graph);
        uint32_t step = numbers.vertices > 200 ? numbers.vertices / 50 : 1;
        for (uint32_t from = 0; from < graph.router_count; from += step) {
            for (uint32_t wanted = 0; wanted + 1 < numbers.vertices; wanted += step) {
                uint32_t at = from, hops = 0, next;
                while ((next = next_towards(&numbers, at, wanted)) != at && hops++ < 2 * numbers.vertices)
                    at = next;
                if (next != at)
                    fail_msg("row %zu, %s: from router %u no way to edge %u", i, rows[i].shape, from, wanted);
            }
        }
        store_release(&store);
    }
}

static void test_generate__the_same_seed_draws_the_same_graph(void **state)
{
    static const struct row one = {"random", {200, 3, 5, 0}}, other = {"random", {200, 3, 6, 0}};
    struct store stores[3];
    struct graph graphs[3];
    draw(&one, &stores[0], &graphs[0]);
    draw(&one, &stores[1], &graphs[1]);
    draw(&other, &stores[2], &graphs[2]);
    size_t bytes = graphs[0].edge_count * sizeof *graphs[0].edges;
    assert_memory_equal(graphs[0].edges, graphs[1].edges, bytes);
    assert_memory_not_equal(graphs[0].edges, graphs[2].edges, bytes);
    for (int i = 0; i < 3; i++)
        store_release(&stores[i]);
}

/* All intervals of a small world, against every number of it. */
static void test_generate__a_cover_is_exact_aligned_and_short(void **state)
{
    for (uint32_t first = 0; first < 70; first++) {
        for (uint32_t count = 0; count < 140; count++) {
            struct numbers_block blocks[NUMBERS_COVER_MOST];
            bool is_covered[400] = {false};
            uint32_t length = numbers_cover(first, count, blocks);
            for (uint32_t i = 0; i < length; i++) {
                uint32_t size = UINT32_C(1) << blocks[i].log2;
                assert_int_equal(blocks[i].first % size, 0);
                for (uint32_t k = 0; k < size; k++) {
                    assert_false(is_covered[blocks[i].first + k]);
                    is_covered[blocks[i].first + k] = true;
                }
                for (uint32_t j = i + 1; j < length; j++) /* no two are halves of one larger block */
                    assert_false(blocks[i].log2 == blocks[j].log2 &&
                                 (blocks[i].first ^ size) == blocks[j].first);
            }
            for (uint32_t k = 0; k < 400; k++)
                assert_int_equal(is_covered[k], k >= first && k < first + count);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generate__a_shape_has_its_counts_and_degrees),
        cmocka_unit_test(test_generate__no_two_edges_join_the_same_two),
        cmocka_unit_test(test_generate__every_edge_has_a_number_and_no_two_the_same),
        cmocka_unit_test(test_generate__every_edge_has_a_port_of_its_own_at_each_end),
        cmocka_unit_test(test_generate__routes_lead_from_everywhere_to_every_edge_of_the_tree),
        cmocka_unit_test(test_generate__the_same_seed_draws_the_same_graph),
        cmocka_unit_test(test_generate__a_cover_is_exact_aligned_and_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

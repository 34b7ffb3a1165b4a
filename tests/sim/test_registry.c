/* SPDX-License-Identifier: MIT
 * The registry: types are found by name, and a table that cannot work is refused with a sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fake_types.h"
#include "sim/registry.h"

static void start_nothing(struct nt_app *app)
{
}

static void test_registry__types_are_found_by_name(void **state)
{
    struct registry registry;
    registry_init(&registry);
    assert_null(registry_node(&registry, "host"));
    fake_registry_fill(&registry);
    assert_string_equal(registry_node(&registry, "host")->name, "host");
    assert_string_equal(registry_app(&registry, "ping")->name, "ping");
    assert_string_equal(registry_part(&registry, "queue", "red")->name, "red");
    assert_null(registry_node(&registry, "hos"));
    assert_null(registry_app(&registry, "cut")); /* a link's own */
    assert_null(registry_part(&registry, "impair", "red"));
    registry_release(&registry);
}

static void test_registry__listings_keep_the_order_of_registration(void **state)
{
    struct registry registry;
    registry_init(&registry);
    fake_registry_fill(&registry);
    assert_int_equal(registry.node_count, 5);
    assert_string_equal(registry.nodes[0]->name, "host");
    assert_string_equal(registry.nodes[4]->name, "segment");
    registry_release(&registry);
}

static void test_registry__a_name_is_taken_once(void **state)
{
    struct registry registry;
    struct nt_why why;
    registry_init(&registry);
    fake_registry_fill(&registry);
    const struct nt_node_type host = {.size = sizeof host, .name = "host"};
    assert_false(registry_add_node(&registry, &host, &why));
    assert_string_equal(why.text, "node type \"host\" is already there");
    const struct nt_app_type ping = {.size = sizeof ping, .name = "ping", .start = start_nothing};
    assert_false(registry_add_app(&registry, &ping, &why));
    assert_string_equal(why.text, "command \"ping\" is already there");
    struct nt_part_type red = *registry_part(&registry, "queue", "red");
    assert_false(registry_add_part(&registry, &red, &why));
    assert_string_equal(why.text, "queue \"red\" is already there");
    const struct nt_part_type other = {.size = sizeof other, .category = "paint", .name = "red"};
    assert_true(registry_add_part(&registry, &other, &why));
    registry_release(&registry);
}

static void test_registry__another_contract_is_refused(void **state)
{
    struct registry registry;
    struct nt_why why;
    registry_init(&registry);
    const struct nt_node_type old = {.size = offsetof(struct nt_node_type, create) - 8, .name = "old"};
    assert_false(registry_add_node(&registry, &old, &why));
    assert_string_equal(why.text, "node type \"old\" was made for another version of the contract");
    const struct nt_node_type next = {.size = sizeof next + 8, .name = "next"};
    assert_false(registry_add_node(&registry, &next, &why));
    assert_string_equal(why.text, "node type \"next\" was made for a newer Netarium than this one");
    const struct nt_app_type app = {.size = 8, .name = "old", .start = start_nothing};
    assert_false(registry_add_app(&registry, &app, &why));
    const struct nt_part_type part = {.size = 8, .category = "queue", .name = "old"};
    assert_false(registry_add_part(&registry, &part, &why));
    registry_release(&registry);
}

/* What stands behind the end of a table of an earlier header is no member of it. */
static void test_registry__a_shorter_table_is_completed_by_zeros(void **state)
{
    struct registry registry;
    struct nt_why why;
    registry_init(&registry);
    const struct nt_node_type node = {
        .size = offsetof(struct nt_node_type, check), .name = "node", .least_ports = 7};
    assert_true(registry_add_node(&registry, &node, &why));
    assert_int_equal(registry_node(&registry, "node")->least_ports, 0);
    const struct nt_app_type app = {.size = offsetof(struct nt_app_type, kinds),
                                    .name = "app",
                                    .start = start_nothing,
                                    .kinds = (const struct nt_kind *)(uintptr_t)1};
    assert_true(registry_add_app(&registry, &app, &why));
    assert_null(registry_app(&registry, "app")->kinds);
    struct registry fakes;
    registry_init(&fakes);
    fake_registry_fill(&fakes);
    struct nt_queue_ops ops = *(const struct nt_queue_ops *)registry_part(&fakes, "queue", "drop-tail")->ops;
    registry_release(&fakes);
    ops.size = offsetof(struct nt_queue_ops, next_at);
    ops.next_at = (nt_time(*)(const struct nt_queue *))(uintptr_t)1;
    const struct nt_part_type part = {
        .size = offsetof(struct nt_part_type, kinds), .category = "queue", .name = "part", .ops = &ops};
    assert_true(registry_add_part(&registry, &part, &why));
    const struct nt_queue_ops *kept = registry_part(&registry, "queue", "part")->ops;
    assert_true(kept->enqueue == ops.enqueue);
    assert_true(kept->next_at == NULL);
    registry_release(&registry);
}

static void test_registry__names_and_ports_are_looked_at(void **state)
{
    struct registry registry;
    struct nt_why why;
    registry_init(&registry);
    const struct nt_node_type nameless = {.size = sizeof nameless};
    assert_false(registry_add_node(&registry, &nameless, &why));
    assert_string_equal(why.text, "node type \"?\" has no usable name");
    const struct nt_node_type blank = {.size = sizeof blank, .name = "two words"};
    assert_false(registry_add_node(&registry, &blank, &why));
    const struct nt_node_type unnamed = {.size = sizeof unnamed, .name = "hub", .max_ports = 4};
    assert_false(registry_add_node(&registry, &unnamed, &why));
    assert_string_equal(why.text, "node type \"hub\" has ports without a prefix for their names");
    const struct nt_app_type idle = {.size = sizeof idle, .name = "idle"};
    assert_false(registry_add_app(&registry, &idle, &why));
    assert_string_equal(why.text, "command \"idle\" has no start");
    assert_int_equal(registry.node_count + registry.app_count, 0);
    registry_release(&registry);
}

static void test_registry__a_table_that_cannot_be_read_is_refused(void **state)
{
    static const struct {
        struct nt_param params[3];
        const char *sentence;
    } rows[] = {
        {{{.name = "a", .kind = NT_PARAM_WORD, .summary = "s"}}, "parameter \"a\" has no words"},
        {{{.name = "a", .kind = NT_PARAM_PART, .summary = "s"}}, "parameter \"a\" has no words"},
        {{{.name = "a", .kind = NT_PARAM_PARSED, .summary = "s"}},
         "parameter \"a\" has nothing that parses it"},
        {{{.name = "a", .kind = (enum nt_param_kind)99, .summary = "s"}},
         "parameter \"a\" is of a kind that this simulator does not know"},
        {{{.name = "a", .kind = NT_PARAM_TEXT}}, "parameter \"a\" has no summary"},
        {{{.name = "a", .least = 2, .most = 1, .summary = "s"}}, "parameter \"a\" has an empty range"},
        {{{.name = "a", .default_text = "four", .summary = "s"}},
         "parameter \"a\" has a default that it cannot read itself"},
        {{{.name = "a", .default_text = "4", .least = 1, .most = 2, .summary = "s"}},
         "parameter \"a\" has a default that it cannot read itself"},
        {{{.name = "a", .kind = NT_PARAM_LIST, .default_text = "4", .summary = "s"}},
         "parameter \"a\" has a default although it holds many"},
        {{{.name = "a", .summary = "s"}, {.name = "a", .summary = "s"}}, "parameter \"a\" is declared twice"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct registry registry;
        struct nt_why why;
        char expected[200];
        registry_init(&registry);
        const struct nt_node_type type = {.size = sizeof type, .name = "odd", .params = rows[i].params};
        assert_false(registry_add_node(&registry, &type, &why));
        snprintf(expected, sizeof expected, "node type \"odd\": %s", rows[i].sentence);
        assert_string_equal(why.text, expected);
        registry_release(&registry);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registry__types_are_found_by_name),
        cmocka_unit_test(test_registry__listings_keep_the_order_of_registration),
        cmocka_unit_test(test_registry__a_name_is_taken_once),
        cmocka_unit_test(test_registry__another_contract_is_refused),
        cmocka_unit_test(test_registry__a_shorter_table_is_completed_by_zeros),
        cmocka_unit_test(test_registry__names_and_ports_are_looked_at),
        cmocka_unit_test(test_registry__a_table_that_cannot_be_read_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

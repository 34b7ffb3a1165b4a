/* SPDX-License-Identifier: MIT
 * The scenario loader: what is read from a file that is right. What it says of files that are wrong stands in
 * tests/broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_types.h"
#include "sim/param.h"
#include "sim/scenario.h"

#define HEAD "{ \"netarium\": 1, \"stop\": \"6 s\", "
#define TWO_HOSTS "\"nodes\": { \"alice\": { \"type\": \"host\" }, \"bob\": { \"type\": \"host\" } }, "
#define ONE_CABLE "\"links\": [ { \"between\": [\"alice\", \"bob\"] } ]"

static int open_registry(void **state)
{
    struct registry *registry = malloc(sizeof *registry);
    registry_init(registry);
    fake_registry_fill(registry);
    *state = registry;
    return 0;
}

static int close_registry(void **state)
{
    registry_release(*state);
    free(*state);
    return 0;
}

/* Reads `text` and expects it to be right, with these warnings (one a line; NULL: none). */
static struct scenario *read_right(const struct registry *registry, const char *text,
                                   const struct scenario_options *options, const char *warnings)
{
    struct error_list errors;
    char said[2000] = "";
    error_list_init(&errors);
    struct scenario *scenario = scenario_parse("test.json", text, strlen(text), registry, options, &errors);
    for (size_t i = 0; i < errors.count; i++) {
        char line[400];
        error_format(&errors.entries[i], line, sizeof line);
        strncat(said, line, sizeof said - strlen(said) - 2);
        strcat(said, "\n");
    }
    error_list_release(&errors);
    assert_string_equal(said, warnings ? warnings : "");
    assert_non_null(scenario);
    return scenario;
}

/* Reads `text` and expects exactly this to be said against it. */
static void read_wrong(const struct registry *registry, const char *text,
                       const struct scenario_options *options, const char *sentence)
{
    struct error_list errors;
    char line[400] = "";
    error_list_init(&errors);
    struct scenario *scenario = scenario_parse("test.json", text, strlen(text), registry, options, &errors);
    if (errors.count)
        error_format(&errors.entries[0], line, sizeof line);
    size_t count = errors.errors;
    error_list_release(&errors);
    assert_null(scenario);
    assert_string_equal(line, sentence);
    assert_int_equal(count, 1);
}

static const struct nt_value *value_of(const struct scenario_values *values, const char *param)
{
    const struct nt_param *found = param_find(values->params, param);
    assert_non_null(found);
    return &values->values[found - values->params];
}

static void expect_spot(const struct scenario_values *values, const struct scenario_place *owner,
                        const char *param, int line, int column, const char *path)
{
    char found[SCENARIO_PATH_SIZE];
    uint32_t number = (uint32_t)(param_find(values->params, param) - values->params);
    struct scenario_spot spot = scenario_value_spot(values, owner, number, SCENARIO_WHOLE, found);
    assert_int_equal(spot.line, line);
    assert_int_equal(spot.column, column);
    assert_string_equal(found, path);
}

/* ---- The top level ---- */

static void test_scenario__the_smallest_file_has_a_version_and_an_end(void **state)
{
    struct scenario *scenario = read_right(*state, "{ \"netarium\": 1, \"stop\": \"6 s\" }", NULL, NULL);
    assert_int_equal(scenario->stop, 6 * NT_SECOND);
    assert_int_equal(scenario->seed, 1);
    assert_null(scenario->title);
    assert_int_equal(scenario->node_count + scenario->joint_count + scenario->action_count, 0);
    assert_string_equal(scenario->file, "test.json");
    scenario_free(scenario);
}

static void test_scenario__the_top_level_is_kept(void **state)
{
    struct scenario *scenario = read_right(
        *state,
        "{ \"$schema\": \"s.json\", \"netarium\": 1, \"title\": \"T\", \"about\": \"A\", \"seed\": 7,\n"
        "  \"note\": \"n\", " TWO_HOSTS ONE_CABLE ",\n"
        "  \"capture\": [\"alice-bob\"], \"break\": [\"first(x)\"],\n"
        "  \"expect\": [\"a == 1\", \"b\"], \"stop\": \"1.5 s\" }",
        NULL, NULL);
    assert_string_equal(scenario->title, "T");
    assert_string_equal(scenario->about, "A");
    assert_int_equal(scenario->seed, 7);
    assert_int_equal(scenario->capture_count, 1);
    assert_string_equal(scenario->captures[0], "alice-bob");
    assert_int_equal(scenario->break_count, 1);
    assert_int_equal(scenario->expect_count, 2);
    assert_string_equal(scenario->expects[0].text, "a == 1");
    assert_int_equal(scenario->expects[0].place.at.line, 4);
    assert_int_equal(scenario->expects[0].place.at.column, 15); /* the first character, not the quote */
    assert_string_equal(scenario->expects[1].place.path, "expect[1]");
    scenario_free(scenario);
}

static void test_scenario__the_command_line_goes_before_the_file(void **state)
{
    const char *sets[] = {"nodes.bob.ttl=5", "links[0].rate=1 Mbps", "title=Changed"};
    struct scenario_options options = {.overrides = sets,
                                       .override_count = 3,
                                       .has_seed = true,
                                       .seed = UINT64_MAX,
                                       .has_stop = true,
                                       .stop = NT_SECOND};
    struct scenario *scenario = read_right(*state, HEAD TWO_HOSTS ONE_CABLE " }", &options, NULL);
    assert_int_equal(scenario->stop, NT_SECOND);
    assert_true(scenario->seed == UINT64_MAX);
    assert_string_equal(scenario->title, "Changed");
    assert_int_equal(value_of(&scenario->nodes[1].values, "ttl")->number, 5);
    assert_int_equal(value_of(&scenario->nodes[2].values, "rate")->number, 1000000);
    expect_spot(&scenario->nodes[1].values, &scenario->nodes[1].place, "ttl", 0, 0, "nodes.bob.ttl"); /* not in the file */
    scenario_free(scenario);
}

static void test_scenario__an_override_can_be_wrong(void **state)
{
    static const char *const rows[][2] = {
        {"nodes.bbo.ttl=5",
         "command line: --set nodes.bbo.ttl=5: \"nodes.bbo.ttl\" leads nowhere: there is no \"bbo\" in \"nodes\"; did "
         "you mean \"bob\"?"},
        {"nodes.bob.ttl=300",
         "command line: nodes.bob.ttl: expected a whole number from 1 to 255, found 300"},
        {"links[0].queue={\"type\": \"rde\"}",
         "command line: links[0].queue.type: no queue is called \"rde\"; did you mean \"red\"?"},
        {"nodes.bob.lll=5", "command line: nodes.bob.lll: a host has no \"lll\"; known: address, gateway, "
                            "mtu, ttl, forward, resolver, search, "
                            "servers, type, at, start, note"},
        {"ttl", "command line: --set ttl: expected PATH=VALUE, such as links[0].rate=1 Mbps"},
        {"=5", "command line: --set =5: expected PATH=VALUE, such as links[0].rate=1 Mbps"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scenario_options options = {.overrides = &rows[i][0], .override_count = 1};
        read_wrong(*state, HEAD TWO_HOSTS ONE_CABLE " }", &options, rows[i][1]);
    }
}

/* ---- Nodes ---- */

static void test_scenario__nodes_keep_the_order_of_the_file(void **state)
{
    struct scenario *scenario =
        read_right(*state,
                   HEAD "\"nodes\": {\n"
                        "  \"z\": { \"type\": \"host\", \"address\": \"10.0.0.1/24\", \"at\": [3, 4] },\n"
                        "  \"a\": { \"type\": \"hub\", \"note\": \"old\" } },\n"
                        "\"links\": [ { \"between\": [\"a\", \"z\"], \"name\": \"wire\" } ] }",
                   NULL, NULL);
    assert_int_equal(scenario->node_count, 3);
    assert_string_equal(scenario->nodes[0].name, "z");
    assert_string_equal(scenario->nodes[1].name, "a");
    assert_string_equal(scenario->nodes[2].name, "wire");
    assert_string_equal(scenario->nodes[2].type->name, "link");
    assert_int_equal(scenario->nodes[0].map_x, 3);
    assert_int_equal(scenario->nodes[0].map_y, 4);
    assert_int_equal(scenario->nodes[1].map_x, -1);
    const struct scenario_values *values = &scenario->nodes[0].values;
    assert_int_equal(value_of(values, "address")->number, 0x0a000001);
    assert_int_equal(value_of(values, "address")->extra, 24);
    assert_string_equal(value_of(values, "address")->text, "10.0.0.1/24");
    assert_true(value_of(values, "address")->is_given);
    expect_spot(values, &scenario->nodes[0].place, "address", 2, 37, "nodes.z.address");
    assert_int_equal(value_of(values, "ttl")->number, 64);
    assert_false(value_of(values, "ttl")->is_given);
    expect_spot(values, &scenario->nodes[0].place, "ttl", 2, 8, "nodes.z");
    scenario_free(scenario);
}

static void test_scenario__every_kind_of_parameter_is_read(void **state)
{
    struct scenario *scenario =
        read_right(*state,
                   HEAD "\"nodes\": {\n"
                        "  \"h\": { \"type\": \"host\", \"mtu\": 9000, \"ttl\": 2e1, \"forward\": true, "
                        "\"resolver\": \"dns-h\",\n"
                        "    \"search\": [\"a.example\", \"b.example\"], \"servers\": [\"10.0.0.9\"] },\n"
                        "  \"r\": { \"type\": \"router\", \"interfaces\": { \"eth1\": \"10.1.0.1/24\", "
                        "\"eth0\": \"10.0.0.1/8\" } } },\n"
                        "\"links\": [ { \"between\": [\"r\", \"h\"], \"name\": \"dns-h\", \"rate\": \"10 "
                        "Mbps\", \"delay\": \"2 ms\",\n"
                        "  \"length\": \"3 km\", \"medium\": \"fibre\", \"loss\": \"0.5 %\" } ] }",
                   NULL, NULL);
    const struct scenario_values *host = &scenario->nodes[0].values, *router = &scenario->nodes[1].values;
    const struct scenario_values *link = &scenario->nodes[2].values;
    assert_int_equal(value_of(host, "mtu")->number, 9000);
    assert_int_equal(value_of(host, "ttl")->number, 20);
    assert_int_equal(value_of(host, "forward")->number, 1);
    assert_int_equal(value_of(host, "resolver")->number, 3); /* the id of a link that stands further down */
    assert_int_equal(value_of(host, "search")->count, 2);
    assert_string_equal(value_of(host, "search")->items[1].text, "b.example");
    assert_int_equal(value_of(host, "servers")->items[0].number, 0x0a000009);
    assert_int_equal(value_of(router, "interfaces")->count, 2);
    assert_string_equal(value_of(router, "interfaces")->items[0].key, "eth1");
    assert_int_equal(value_of(router, "interfaces")->items[1].extra, 8);
    assert_int_equal(value_of(link, "rate")->number, 10000000);
    assert_int_equal(value_of(link, "delay")->number, 2 * NT_MILLISECOND);
    assert_int_equal(value_of(link, "length")->number, 3000000);
    assert_int_equal(value_of(link, "medium")->number, 1);
    assert_int_equal(value_of(link, "loss")->number, 5000);
    scenario_free(scenario);
}

/* ---- Parts ---- */

static void test_scenario__parts_are_chosen_by_type_or_first_key(void **state)
{
    struct scenario *scenario =
        read_right(*state,
                   HEAD TWO_HOSTS
                   "\"links\": [ { \"between\": [\"alice\", \"bob\"],\n"
                   "  \"queue\": { \"type\": \"red\", \"limit\": \"9 kB\", \"note\": \"small\" },\n"
                   "  \"impair\": [ { \"drop\": \"tcp data segment 20\", \"toward\": \"bob\" },\n"
                   "              { \"type\": \"loss\", \"loss\": \"1 %\" }, { \"by\": \"1 ms\" } ] } ] }",
                   NULL, NULL);
    const struct nt_value *queue = value_of(&scenario->nodes[2].values, "queue");
    assert_string_equal(queue->part->name, "red");
    assert_int_equal(queue->count, 2);
    assert_int_equal(queue->items[0].number, 9000);
    assert_int_equal(queue->items[0].extra, 1);
    assert_int_equal(queue->items[1].number, 20000); /* its default */
    const struct nt_value *impair = value_of(&scenario->nodes[2].values, "impair");
    assert_int_equal(impair->count, 3);
    assert_string_equal(impair->items[0].part->name, "drop");
    assert_string_equal(impair->items[0].items[0].text, "tcp data segment 20");
    assert_int_equal(impair->items[0].items[1].number, 2);
    assert_string_equal(impair->items[1].part->name, "loss");
    assert_string_equal(impair->items[2].part->name, "delay-some");
    scenario_free(scenario);
}

static void test_scenario__a_part_has_a_default_type(void **state)
{
    struct scenario *scenario = read_right(
        *state,
        HEAD TWO_HOSTS "\"links\": [ { \"between\": [\"alice\", \"bob\"] },\n"
                       "  { \"between\": [\"alice\", \"bob\"], \"queue\": { \"limit\": \"5 packets\" } } ] }",
        NULL, NULL);
    const struct nt_value *absent = value_of(&scenario->nodes[2].values, "queue");
    assert_false(absent->is_given);
    assert_string_equal(absent->part->name, "drop-tail");
    assert_int_equal(absent->items[0].number, 64);
    const struct nt_value *short_one = value_of(&scenario->nodes[3].values, "queue");
    assert_true(short_one->is_given);
    assert_string_equal(short_one->part->name, "drop-tail");
    assert_int_equal(short_one->items[0].number, 5);
    scenario_free(scenario);
}

/* ---- Links ---- */

static void test_scenario__a_cable_is_a_node_and_two_joints(void **state)
{
    struct scenario *scenario = read_right(*state, HEAD TWO_HOSTS ONE_CABLE " }", NULL, NULL);
    assert_int_equal(scenario->node_count, 3);
    assert_string_equal(scenario->nodes[2].name, "alice-bob");
    assert_int_equal(scenario->joint_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(scenario->joints[i].node[0], i);
        assert_int_equal(scenario->joints[i].node[1], 2);
        assert_null(scenario->joints[i].port[0]);
        assert_null(scenario->joints[i].port[1]);
    }
    char path[SCENARIO_PATH_SIZE];
    scenario_path(&scenario->joints[1].place, path);
    assert_string_equal(path, "links[0].between[1]");
    scenario_free(scenario);
}

static void test_scenario__chosen_names_go_around_given_ones(void **state)
{
    struct scenario *scenario = read_right(
        *state,
        HEAD "\"nodes\": { \"a\": { \"type\": \"hub\" }, \"b\": { \"type\": \"hub\" } },\n"
             "\"links\": [ { \"between\": [\"a\", \"b\"] }, { \"between\": [\"a\", \"b\"] },\n"
             "  { \"between\": [\"b\", \"a\"], \"name\": \"a-b\" }, { \"between\": [\"b\", \"a\"] } ] }",
        NULL, NULL);
    assert_string_equal(scenario->nodes[2].name, "a-b-2");
    assert_string_equal(scenario->nodes[3].name, "a-b-3");
    assert_string_equal(scenario->nodes[4].name, "a-b");
    assert_string_equal(scenario->nodes[5].name, "b-a");
    scenario_free(scenario);
}

static void test_scenario__a_tap_is_one_joint(void **state)
{
    struct scenario *scenario = read_right(*state, HEAD TWO_HOSTS "\"links\": [] }", NULL,
                                           "test.json:1:53: warning: nodes.alice: alice has no cable\n"
                                           "test.json:1:80: warning: nodes.bob: bob has no cable\n");
    scenario_free(scenario);
    scenario =
        read_right(*state,
                   HEAD "\"nodes\": { \"coax\": { \"type\": \"segment\", \"length\": \"500 m\" },\n"
                        "  \"west\": { \"type\": \"host\" }, \"east\": { \"type\": \"host\" } },\n"
                        "\"links\": [ { \"tap\": \"coax\", \"of\": \"west\", \"position\": \"250 m\" },\n"
                        "  { \"tap\": \"coax\", \"of\": \"east:eth1\", \"note\": \"at the door\" } ] }",
                   NULL, NULL);
    assert_int_equal(scenario->node_count, 3);
    assert_int_equal(scenario->joint_count, 2);
    const struct scenario_joint *joint = scenario->joints;
    assert_int_equal(joint[0].node[0], 1);
    assert_int_equal(joint[0].node[1], 0);
    assert_int_equal(value_of(joint[0].port_values[1], "position")->number, 250000);
    assert_null(joint[0].port_values[0]);
    assert_int_equal(value_of(joint[1].port_values[1], "position")->number, 0);
    assert_string_equal(joint[1].port[0], "eth1");
    scenario_free(scenario);
}

static void test_scenario__a_cable_among_the_nodes_is_tapped_at_both_ends(void **state)
{
    struct scenario *scenario = read_right(
        *state,
        HEAD "\"nodes\": { \"a\": { \"type\": \"host\" }, \"wire\": { \"type\": \"link\" }, \"b\": { "
             "\"type\": \"host\" } },\n"
             "\"links\": [ { \"tap\": \"wire\", \"of\": \"a\" }, { \"tap\": \"wire\", \"of\": \"b\" } ] }",
        NULL, NULL);
    assert_int_equal(scenario->node_count, 3);
    assert_int_equal(scenario->joints[1].node[1], 1);
    scenario_free(scenario);
}

static void test_scenario__unnamed_ports_go_around_named_ones(void **state)
{
    struct scenario *scenario =
        read_right(*state,
                   HEAD "\"nodes\": { \"h\": { \"type\": \"hub\" }, \"a\": { \"type\": \"host\" }, \"b\": { "
                        "\"type\": \"host\" },\n"
                        "  \"c\": { \"type\": \"host\" } },\n"
                        "\"links\": [ { \"between\": [\"h\", \"a\"] }, { \"between\": [\"h:p0\", \"b\"] },\n"
                        "  { \"between\": [\"c\", \"h\"] }, { \"between\": [\"h:p2\", \"a\"] } ] }",
                   NULL, NULL);
    static const char *const ports[] = {"p1", NULL, "p0", NULL, NULL, "p3", "p2", NULL};
    for (size_t i = 0; i < 8; i++) {
        if (!ports[i])
            assert_null(scenario->joints[i].port[0]);
        else
            assert_string_equal(scenario->joints[i].port[0], ports[i]);
    }
    scenario_free(scenario);
}

static void test_scenario__a_node_has_only_so_many_ports(void **state)
{
    read_wrong(*state,
               HEAD "\"nodes\": { \"a\": { \"type\": \"host\" }, \"b\": { \"type\": \"hub\" } },\n"
                    "\"links\": [ { \"between\": [\"a\", \"b\"] }, { \"between\": [\"a\", \"b\"] },\n"
                    "  { \"between\": [\"a\", \"b\"] } ] }",
               NULL, "test.json:3:17: links[2].between[0]: a has 2 ports, and all are taken");
}

/* ---- Actions ---- */

static void test_scenario__actions_are_in_order_of_time_and_file(void **state)
{
    struct scenario *scenario =
        read_right(*state,
                   HEAD "\"nodes\": { \"a\": { \"type\": \"host\" }, \"b\": { \"type\": \"host\", \"start\": "
                        "[\"discard\"] } },\n"
                        "\"links\": [ { \"between\": [\"a\", \"b\"] } ],\n"
                        "\"actions\": [ { \"at\": \"2 s\", \"on\": \"a\", \"run\": \"echo 2\" },\n"
                        "  { \"at\": \"1 s\", \"on\": \"a\", \"run\": \"echo 1\" }, { \"at\": \"0 s\", "
                        "\"on\": \"a\", \"run\": \"echo 0\" },\n"
                        "  { \"at\": \"1 s\", \"on\": \"a-b\", \"run\": \"cut\", \"note\": \"the cat\" } ] }",
                   NULL, NULL);
    static const char *const words[] = {"discard", "echo 0", "echo 1", "cut", "echo 2"};
    assert_int_equal(scenario->action_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(scenario->actions[i].words, words[i]);
    assert_string_equal(scenario->actions[0].place.path, "nodes.b.start[0]");
    assert_int_equal(scenario->actions[3].node, 2);
    assert_string_equal(scenario->actions[3].app->name, "cut");
    assert_int_equal(scenario->actions[4].at, 2 * NT_SECOND);
    scenario_free(scenario);
}

static void test_scenario__a_value_in_a_command_has_its_own_place(void **state)
{
    struct scenario *scenario =
        read_right(*state,
                   HEAD TWO_HOSTS ONE_CABLE
                   ",\n\"actions\": [\n"
                   "{ \"at\": \"1 s\", \"on\": \"alice\", \"run\": \"ping \\\"-c\\\" \\u0034 bob\" } ] }",
                   NULL, NULL);
    const struct scenario_action *action = scenario->actions;
    assert_int_equal(value_of(&action->values, "-c")->number, 4);
    assert_int_equal(action->place.at.line, 3);
    assert_int_equal(action->place.at.column, 39);
    assert_int_equal(action->values.given[0].at.column, 51); /* 4: behind two escaped quotes */
    assert_int_equal(action->values.given[3].at.column, 58); /* bob: behind \u0034 */
    scenario_free(scenario);
}

static void test_scenario__what_comes_after_the_end_is_warned_of(void **state)
{
    struct scenario *scenario = read_right(
        *state,
        HEAD TWO_HOSTS ONE_CABLE
        ",\n"
        "\"actions\": [ { \"at\": \"7 s\", \"on\": \"alice\", \"run\": \"ping bob\" } ] }",
        NULL, "test.json:2:22: warning: actions[0].at: this never happens: the scenario stops at 6 s\n");
    assert_int_equal(scenario->action_count, 1);
    scenario_free(scenario);
}

static void test_scenario__a_host_that_no_node_is_is_warned_of(void **state)
{
    struct scenario *scenario = read_right(
        *state,
        HEAD TWO_HOSTS ONE_CABLE
        ",\n"
        "\"actions\": [ { \"at\": \"1 s\", \"on\": \"alice\", \"run\": \"call bbo\" },\n"
        "{ \"at\": \"1 s\", \"on\": \"alice\", \"run\": \"call 10.0.0.9\" } ] }",
        NULL, "test.json:2:51: warning: actions[0].run: no node is called \"bbo\"; did you mean \"bob\"?\n");
    assert_int_equal(scenario->action_count, 2);
    scenario_free(scenario);
}

/* ---- Size ---- */

static void test_scenario__too_many_nodes_are_refused(void **state)
{
    char *text = malloc(100001 * 32 + 100), *end = text;
    end += sprintf(end, HEAD "\n\"nodes\": {");
    for (int i = 0; i <= 100000; i++)
        end += sprintf(end, "%s\"n%d\":{\"type\":\"hub\"}", i ? "," : "", i);
    strcpy(end, "} }");
    read_wrong(*state, text, NULL, "test.json:2:10: nodes: at most 100000 entries, found 100001");
    free(text);
}

static void test_scenario__a_missing_file_is_a_mistake(void **state)
{
    struct error_list errors;
    error_list_init(&errors);
    assert_null(scenario_read("no/such/file.json", *state, NULL, &errors));
    assert_null(scenario_read(".", *state, NULL, &errors));
    assert_int_equal(errors.errors, 2);
    error_list_release(&errors);
    scenario_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scenario__the_smallest_file_has_a_version_and_an_end),
        cmocka_unit_test(test_scenario__the_top_level_is_kept),
        cmocka_unit_test(test_scenario__the_command_line_goes_before_the_file),
        cmocka_unit_test(test_scenario__an_override_can_be_wrong),
        cmocka_unit_test(test_scenario__nodes_keep_the_order_of_the_file),
        cmocka_unit_test(test_scenario__every_kind_of_parameter_is_read),
        cmocka_unit_test(test_scenario__parts_are_chosen_by_type_or_first_key),
        cmocka_unit_test(test_scenario__a_part_has_a_default_type),
        cmocka_unit_test(test_scenario__a_cable_is_a_node_and_two_joints),
        cmocka_unit_test(test_scenario__chosen_names_go_around_given_ones),
        cmocka_unit_test(test_scenario__a_tap_is_one_joint),
        cmocka_unit_test(test_scenario__a_cable_among_the_nodes_is_tapped_at_both_ends),
        cmocka_unit_test(test_scenario__unnamed_ports_go_around_named_ones),
        cmocka_unit_test(test_scenario__a_node_has_only_so_many_ports),
        cmocka_unit_test(test_scenario__actions_are_in_order_of_time_and_file),
        cmocka_unit_test(test_scenario__a_value_in_a_command_has_its_own_place),
        cmocka_unit_test(test_scenario__what_comes_after_the_end_is_warned_of),
        cmocka_unit_test(test_scenario__a_host_that_no_node_is_is_warned_of),
        cmocka_unit_test(test_scenario__too_many_nodes_are_refused),
        cmocka_unit_test(test_scenario__a_missing_file_is_a_mistake),
    };
    return cmocka_run_group_tests(tests, open_registry, close_registry);
}

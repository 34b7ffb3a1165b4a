/* SPDX-License-Identifier: MIT
 * Which rows of a node's tables a frame has to do with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/inspect.h"
#include "tests/session/scene.h"
#include "views/pictures/matching.h"

static const char through_a_router[] =
    "{\"netarium\": 1, \"nodes\": {"
    " \"alice\": {\"type\": \"host\", \"address\": \"10.0.1.2/24\", \"gateway\": \"10.0.1.1\"},"
    " \"sw\": {\"type\": \"switch\"},"
    " \"r\": {\"type\": \"router\", \"interfaces\": {\"eth0\": \"10.0.1.1/24\", \"eth1\": \"10.0.2.1/24\"}},"
    " \"bob\": {\"type\": \"host\", \"address\": \"10.0.2.2/24\", \"gateway\": \"10.0.2.1\"}},"
    " \"links\": [{\"between\": [\"alice\", \"sw\"]}, {\"between\": [\"sw\", \"r:eth0\"]}, {\"between\": [\"r:eth1\", \"bob\"]}],"
    " \"actions\": [{\"at\": \"1 s\", \"on\": \"alice\", \"run\": \"ping -c 1 bob\"}],"
    " \"stop\": \"3 s\"}";

/* The ends of the last frame that was sent. */
static struct matching last_frame(const struct scene *scene)
{
    struct session_frame frame = {0};
    for (uint64_t id = session_frames(scene->session); id > 0; id--)
        if (session_frame(scene->session, id, &frame))
            break;
    return matching_of(frame.bytes, frame.length_bytes);
}

static uint32_t matches(const struct scene *scene, const struct matching *matching, const char *name,
                        const char *table_name)
{
    const struct nt_node *node = run_node_named(session_run(scene->session), name);
    const struct nt_table *table = inspect_table(node, table_name);
    struct nt_cell cells[NT_COLUMNS] = {0};
    uint32_t count = 0, route = matching_route(matching, node, table);
    for (uint32_t row = 0; inspect_row(node, table, row, cells); row++)
        count += matching_row(matching, table, row, cells, route);
    return count;
}

static void test_matching__the_longest_route_alone(void **state)
{
    struct scene scene;
    struct nt_cell cells[NT_COLUMNS] = {0};
    scene_init(&scene, through_a_router, NULL);
    session_goto(scene.session, 2 * NT_SECOND, NULL);
    struct matching matching = last_frame(&scene);
    const struct nt_node *router = run_node_named(session_run(scene.session), "r");
    const struct nt_table *table = inspect_table(router, "routes");
    assert_true(matching.has_ip);
    uint32_t route = matching_route(&matching, router, table);
    assert_true(inspect_row(router, table, route, cells));
    assert_int_equal(cells[inspect_column(table, "destination")].number, 0x0a000100); /* back to alice */
    assert_int_equal(cells[inspect_column(table, "prefix")].number, 24);
    assert_int_equal(matches(&scene, &matching, "r", "routes"), 1);
    scene_release(&scene);
}

static void test_matching__both_ends_of_a_frame_in_what_a_switch_knows(void **state)
{
    struct scene scene;
    scene_init(&scene, through_a_router, NULL);
    session_goto(scene.session, 2 * NT_SECOND, NULL);
    struct matching matching = last_frame(&scene);
    assert_int_equal(matches(&scene, &matching, "sw", "mac"), 2);
    assert_int_equal(matches(&scene, &matching, "sw", "ports"), 0);
    assert_int_equal(matches(&scene, &matching, "r", "arp"), 2);
    scene_release(&scene);
}

static void test_matching__a_short_frame_has_no_ends(void **state)
{
    uint8_t bytes[60] = {0};
    assert_false(matching_of(bytes, 13).has_mac);
    assert_true(matching_of(bytes, 14).has_mac);
    bytes[12] = 8;
    for (size_t length = 14; length < sizeof bytes; length++) {
        bytes[14] = 0x4f; /* a header that is longer than the packet */
        assert_false(matching_of(bytes, length).has_ip);
        bytes[14] = 0x44; /* one that is too short */
        assert_false(matching_of(bytes, length).has_ip);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matching__the_longest_route_alone),
        cmocka_unit_test(test_matching__both_ends_of_a_frame_in_what_a_switch_knows),
        cmocka_unit_test(test_matching__a_short_frame_has_no_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * Rungs of a ladder, put together from records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/session/scene.h"
#include "views/pictures/rungs.h"

/* alice pings bob through a router: each frame is on the way twice, and ARP is asked on both cables. */
static const char through_a_router[] =
    "{\"netarium\": 1, \"nodes\": {"
    " \"alice\": {\"type\": \"host\", \"address\": \"10.0.1.2/24\", \"gateway\": \"10.0.1.1\"},"
    " \"bob\": {\"type\": \"host\", \"address\": \"10.0.2.2/24\", \"gateway\": \"10.0.2.1\"},"
    " \"r\": {\"type\": \"router\", \"interfaces\": {\"eth0\": \"10.0.1.1/24\", \"eth1\": \"10.0.2.1/24\"}}},"
    " \"links\": [{\"between\": [\"alice\", \"r:eth0\"]}, {\"between\": [\"r:eth1\", \"bob\"]}],"
    " \"actions\": [{\"at\": \"1 s\", \"on\": \"alice\", \"run\": \"ping -c 1 bob\"}],"
    " \"stop\": \"3 s\"}";

struct ends {
    uint32_t alice, bob;
};

static bool is_end(const void *context, uint32_t node)
{
    const struct ends *ends = context;
    return node == ends->alice || node == ends->bob;
}

static unsigned count(const struct rungs *rungs, uint32_t from, uint32_t to)
{
    unsigned found = 0;
    for (uint32_t i = 0; i < rungs->count; i++)
        found += rungs->list[i].from == from && rungs->list[i].to == to;
    return found;
}

static void test_rungs__each_hop_is_a_rung(void **state)
{
    struct scene scene;
    struct rungs rungs;
    (void)state;
    scene_init(&scene, through_a_router, NULL);
    session_goto(scene.session, NT_NEVER, NULL);
    rungs_init(&rungs, scene.session, 0, 3 * NT_SECOND);
    assert_int_equal(rungs.count,
                     8); /* two ARP questions with their answers, an echo and its reply, twice each */
    assert_int_equal(count(&rungs, scene_node(&scene, "alice"), scene_node(&scene, "bob")), 0);
    rungs_release(&rungs);
    scene_release(&scene);
}

static void test_rungs__what_is_passed_on_is_one_rung_and_what_is_asked_on_the_way_is_not(void **state)
{
    struct scene scene;
    struct rungs rungs;
    (void)state;
    scene_init(&scene, through_a_router, NULL);
    session_goto(scene.session, NT_NEVER, NULL);
    struct ends ends = {scene_node(&scene, "alice"), scene_node(&scene, "bob")};
    rungs_init(&rungs, scene.session, 0, 3 * NT_SECOND);
    rungs_join(&rungs, scene.session, is_end, &ends);
    assert_int_equal(count(&rungs, ends.alice, ends.bob),
                     1); /* the echo; the router's ARP question is its own */
    assert_int_equal(count(&rungs, ends.bob, ends.alice), 1);
    for (uint32_t i = 1; i < rungs.count; i++)
        assert_true(rungs.list[i - 1].left <= rungs.list[i].left);
    rungs_release(&rungs);
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rungs__each_hop_is_a_rung),
        cmocka_unit_test(test_rungs__what_is_passed_on_is_one_rung_and_what_is_asked_on_the_way_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

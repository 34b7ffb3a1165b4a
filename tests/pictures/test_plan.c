/* SPDX-License-Identifier: MIT
 * Where things stand on a map. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/session/scene.h"
#include "views/pictures/plan.h"

/* A switch and three hosts; "%s" is where each of them stands, or nothing. */
static const char around_a_switch[] = "{\"netarium\": 1, \"nodes\": {"
                                      " \"ann\": {\"type\": \"host\"%s, \"address\": \"10.0.0.1/24\"},"
                                      " \"bob\": {\"type\": \"host\"%s, \"address\": \"10.0.0.2/24\"},"
                                      " \"cay\": {\"type\": \"host\"%s, \"address\": \"10.0.0.3/24\"},"
                                      " \"sw\": {\"type\": \"switch\"%s}},"
                                      " \"links\": [{\"between\": [\"ann\", \"sw\"]}, {\"between\": "
                                      "[\"bob\", \"sw\"]}, {\"between\": [\"cay\", \"sw\"]}],"
                                      " \"stop\": \"1 s\"}";

static void begin(struct scene *scene, struct plan *plan, const char *ann, const char *bob, const char *cay,
                  const char *sw)
{
    char text[1000];
    snprintf(text, sizeof text, around_a_switch, ann, bob, cay, sw);
    scene_init(scene, text, NULL);
    plan_init(plan, session_run(scene->session));
}

static const struct plan_place *place(const struct scene *scene, const struct plan *plan, const char *name)
{
    return plan_find(plan, run_node_named(session_run(scene->session), name));
}

static void test_plan__is_the_same_each_time(void **state)
{
    struct scene scenes[2];
    struct plan plans[2];
    (void)state;
    for (unsigned i = 0; i < 2; i++)
        begin(&scenes[i], &plans[i], "", "", "", "");
    for (uint32_t i = 0; i < plans[0].place_count; i++) {
        assert_true(plans[0].places[i].x == plans[1].places[i].x);
        assert_true(plans[0].places[i].y == plans[1].places[i].y);
        assert_true(plans[0].places[i].x >= 0 && plans[0].places[i].x <= 1);
    }
    for (unsigned i = 0; i < 2; i++) {
        plan_release(&plans[i]);
        scene_release(&scenes[i]);
    }
}

static void test_plan__given_places_are_kept_in_proportion(void **state)
{
    struct scene scene;
    struct plan plan;
    (void)state;
    begin(&scene, &plan, ", \"at\": [100, 50]", ", \"at\": [500, 50]", ", \"at\": [300, 250]",
          ", \"at\": [300, 100]");
    assert_true(plan.is_given);
    assert_true(plan.aspect == 2.0);
    assert_true(place(&scene, &plan, "ann")->x == 0 && place(&scene, &plan, "ann")->y == 0);
    assert_true(place(&scene, &plan, "bob")->x == 1 && place(&scene, &plan, "bob")->y == 0);
    assert_true(place(&scene, &plan, "cay")->x == 0.5 && place(&scene, &plan, "cay")->y == 1);
    assert_true(place(&scene, &plan, "sw")->x == 0.5 && place(&scene, &plan, "sw")->y == 0.25);
    plan_release(&plan);
    scene_release(&scene);
}

static void test_plan__one_given_place_alone_says_nothing(void **state)
{
    struct scene scene;
    struct plan plan;
    (void)state;
    begin(&scene, &plan, ", \"at\": [100, 50]", "", "", "");
    assert_false(plan.is_given);
    plan_release(&plan);
    scene_release(&scene);
}

static void test_plan__a_given_row_is_a_row(void **state)
{
    struct scene scene;
    struct plan plan;
    (void)state;
    begin(&scene, &plan, ", \"at\": [0, 7]", ", \"at\": [10, 7]", ", \"at\": [20, 7]", ", \"at\": [5, 7]");
    assert_true(plan.aspect == 0);
    assert_true(place(&scene, &plan, "sw")->x == 0.25 && place(&scene, &plan, "sw")->y == 0.5);
    plan_release(&plan);
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan__is_the_same_each_time),
        cmocka_unit_test(test_plan__given_places_are_kept_in_proportion),
        cmocka_unit_test(test_plan__one_given_place_alone_says_nothing),
        cmocka_unit_test(test_plan__a_given_row_is_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

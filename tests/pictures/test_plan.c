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

/* ---- Large networks ---- */

static void begin_large(struct scene *scene, struct plan *plan, const char *generate)
{
    char text[400];
    snprintf(text, sizeof text, "{\"netarium\": 1, \"generate\": [{%s}], \"stop\": \"1 s\"}", generate);
    scene_init(scene, text, NULL);
    plan_init(plan, session_run(scene->session));
    assert_true(plan->place_count > PLAN_STATIONS);
}

/* Each station is shown or stands for by exactly one that is; no two of those stand on each other. */
static void check_places(const struct plan *plan)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < plan->place_count; i++) {
        const struct plan_place *place = &plan->places[i];
        assert_true(place->x >= 0 && place->x <= 1 && place->y >= 0 && place->y <= 1);
        assert_true(plan->places[place->fold].count > 0);
        all += place->count;
        for (uint32_t j = 0; j < i && place->beside == i; j++)
            if (plan->places[j].beside == j && plan->places[j].count > 0)
                assert_false(place->x == plan->places[j].x && place->y == plan->places[j].y);
    }
    assert_int_equal(all, plan->place_count);
    assert_true(plan->apart_x > 0 && plan->apart_y > 0);
}

static void test_plan__a_fat_tree_is_in_layers_and_its_hosts_are_folded(void **state)
{
    struct scene scene;
    struct plan plan;
    (void)state;
    begin_large(&scene, &plan, "\"type\": \"fat-tree\", \"name\": \"dc\", \"k\": 12");
    check_places(&plan);
    assert_int_equal(plan.level_count, 4);
    const struct plan_place *host = place(&scene, &plan, "dc-h1");
    assert_int_equal(host->level, 0);
    assert_int_equal(host->count, 6); /* k/2 at each edge router */
    assert_int_equal(place(&scene, &plan, "dc-h2")->fold, host - plan.places);
    assert_int_equal(place(&scene, &plan, "dc-r1")->level, 3);
    assert_true(place(&scene, &plan, "dc-r1")->y < host->y);
    plan_release(&plan);
    scene_release(&scene);
}

static void test_plan__a_large_network_without_layers_has_a_place_for_each(void **state)
{
    static const char random[] =
        "\"type\": \"random\", \"name\": \"net\", \"routers\": 500, \"degree\": 3, \"seed\": 4";
    struct scene scenes[2];
    struct plan plans[2];
    (void)state;
    for (unsigned i = 0; i < 2; i++)
        begin_large(&scenes[i], &plans[i], random);
    check_places(&plans[0]);
    assert_int_equal(plans[0].level_count, 0);
    for (uint32_t i = 0; i < plans[0].place_count; i++) {
        assert_true(plans[0].places[i].x == plans[1].places[i].x);
        assert_true(plans[0].places[i].y == plans[1].places[i].y);
    }
    for (unsigned i = 0; i < 2; i++) {
        plan_release(&plans[i]);
        scene_release(&scenes[i]);
    }
}

static void test_plan__a_crowd_at_one_switch_is_one_sign(void **state)
{
    struct scene scene;
    struct plan plan;
    (void)state;
    begin_large(&scene, &plan, "\"type\": \"lan\", \"name\": \"s\", \"hosts\": 500");
    check_places(&plan);
    assert_int_equal(place(&scene, &plan, "s-h1")->count, 500);
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
        cmocka_unit_test(test_plan__a_fat_tree_is_in_layers_and_its_hosts_are_folded),
        cmocka_unit_test(test_plan__a_large_network_without_layers_has_a_place_for_each),
        cmocka_unit_test(test_plan__a_crowd_at_one_switch_is_one_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

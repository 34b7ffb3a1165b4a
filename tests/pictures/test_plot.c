/* SPDX-License-Identifier: MIT
 * Levels over time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "views/pictures/plot.h"

static const struct canvas_paint line = {.stroke = {0, 0, 0, 255}, .width = 2};

static struct plot plot_of(struct canvas *canvas, nt_time to, int64_t most)
{
    canvas_init(canvas, 800, 400);
    return plot_in(canvas, &theme_light, (struct canvas_box){0, 0, 800, 400}, 0, to, most, NT_UNIT_FRAMES);
}

/* The only line in the canvas. */
static const struct canvas_op *line_in(const struct canvas *canvas)
{
    const struct canvas_op *found = NULL;
    for (uint32_t i = 0; i < canvas->op_count; i++)
        if (canvas->ops[i].kind == CANVAS_OP_LINE) {
            assert_null(found);
            found = &canvas->ops[i];
        }
    assert_non_null(found);
    return found;
}

static void test_plot__steps_are_round(void **state)
{
    static const int64_t rows[][2] = {{1, 1},   {2, 2},   {3, 5},      {6, 10},
                                      {11, 20}, {21, 50}, {999, 1000}, {1001, 2000}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(plot_round_step(rows[i][0]), rows[i][1]);
    assert_true(plot_round_step(INT64_MAX) > 0);
}

static void test_plot__the_highest_level_fits_under_a_round_number(void **state)
{
    struct canvas canvas;
    (void)state;
    struct plot plot = plot_of(&canvas, NT_SECOND, 47);
    assert_int_equal(plot.low, 0);
    assert_true(plot.high >= 47 && plot.high <= 50);
    assert_true(plot_y(&plot, plot.high) == plot.box.y);
    canvas_release(&canvas);
    plot = plot_of(&canvas, NT_SECOND, INT64_MAX);
    assert_true(plot.high > 0);
    plot_axes(&plot, "much", true);
    canvas_release(&canvas);
}

static void test_plot__a_level_holds_until_the_next(void **state)
{
    struct canvas canvas;
    struct plot_curve curve;
    (void)state;
    struct plot plot = plot_of(&canvas, 100, 10);
    plot_curve_begin(&curve, &plot, true, &line);
    plot_curve_add(&curve, -5, 9); /* before the span: only the last of these counts */
    plot_curve_add(&curve, -1, 2);
    plot_curve_add(&curve, 50, 8);
    plot_curve_add(&curve, 200, 1); /* after it */
    plot_curve_end(&curve, 75);
    const struct canvas_op *op = line_in(&canvas);
    const struct canvas_point wanted[] = {{plot.box.x, plot_y(&plot, 2)},
                                          {plot_x(&plot, 50), plot_y(&plot, 2)},
                                          {plot_x(&plot, 50), plot_y(&plot, 8)},
                                          {plot_x(&plot, 75), plot_y(&plot, 8)}};
    assert_int_equal(op->count, 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(canvas.points[op->first + i][0], (int)(wanted[i].x * CANVAS_UNITS + 0.5));
        assert_int_equal(canvas.points[op->first + i][1], (int)(wanted[i].y * CANVAS_UNITS + 0.5));
    }
    canvas_release(&canvas);
}

static void test_plot__a_million_samples_are_few_points_and_no_extreme_is_lost(void **state)
{
    struct canvas canvas;
    struct plot_curve curve;
    (void)state;
    struct plot plot = plot_of(&canvas, 1000000, 1000);
    plot_curve_begin(&curve, &plot, true, &line);
    for (int64_t i = 0; i < 1000000; i++)
        plot_curve_add(&curve, i, i == 314159 ? 1000 : i == 271828 ? 0 : 400 + i % 200);
    plot_curve_end(&curve, 1000000);
    const struct canvas_op *op = line_in(&canvas);
    assert_in_range(op->count, 1000, 5 * 800);
    int32_t least = INT32_MAX, most = INT32_MIN;
    for (uint32_t i = 0; i < op->count; i++) {
        int32_t y = canvas.points[op->first + i][1];
        least = y < least ? y : least;
        most = y > most ? y : most;
    }
    assert_int_equal(least, (int)(plot_y(&plot, 1000) * CANVAS_UNITS + 0.5));
    assert_int_equal(most, (int)(plot_y(&plot, 0) * CANVAS_UNITS + 0.5));
    canvas_release(&canvas);
}

static void test_plot__nothing_to_draw_draws_nothing(void **state)
{
    struct canvas canvas;
    struct plot_curve curve;
    (void)state;
    struct plot plot = plot_of(&canvas, 100, 10);
    plot_curve_begin(&curve, &plot, true, &line);
    plot_curve_end(&curve, 100);
    plot_mark(&plot, 101, 3, PLOT_CROSS, THEME_LOSS);
    plot_now(&plot, 100);
    assert_int_equal(canvas.op_count, 0);
    canvas_release(&canvas);
}

static void test_plot__a_legend_leaves_out_what_does_not_fit(void **state)
{
    static const struct plot_entry entries[] = {{"length", THEME_DATA}, {"dropped", THEME_LOSS}};
    struct canvas canvas;
    (void)state;
    canvas_init(&canvas, 400, 50);
    double both = plot_legend(&canvas, &theme_light, 400, 20, 400, entries, 2, 3);
    canvas_clear(&canvas, 400, 50);
    assert_true(plot_legend(&canvas, &theme_light, 400, 20, both - 1, entries, 2, 3) < both);
    canvas_clear(&canvas, 400, 50);
    assert_true(plot_legend(&canvas, &theme_light, 400, 20, 3, entries, 2, 3) == 0);
    assert_int_equal(canvas.op_count, 0);
    canvas_release(&canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plot__steps_are_round),
        cmocka_unit_test(test_plot__the_highest_level_fits_under_a_round_number),
        cmocka_unit_test(test_plot__a_level_holds_until_the_next),
        cmocka_unit_test(test_plot__a_million_samples_are_few_points_and_no_extreme_is_lost),
        cmocka_unit_test(test_plot__nothing_to_draw_draws_nothing),
        cmocka_unit_test(test_plot__a_legend_leaves_out_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

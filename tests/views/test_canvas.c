/* SPDX-License-Identifier: MIT
 * Pictures as lists. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "views/canvas/canvas.h"
#include "views/canvas/raster.h"
#include "views/canvas/svg.h"
#include "views/canvas/theme.h"

static const struct canvas_paint ink = {.fill = {0, 0, 0, 255}};

static void draw_something(struct canvas *canvas, double x)
{
    canvas_rect(canvas, (struct canvas_box){x, 10, 40, 20}, 4, &ink);
    canvas_text(canvas, x + 20, 60, CANVAS_SANS, 12, CANVAS_MIDDLE, ink.fill, "a & b");
}

static void test_canvas__same_lists_have_the_same_hash(void **state)
{
    struct canvas a, b;
    (void)state;
    canvas_init(&a, 100, 80);
    canvas_init(&b, 100, 80);
    draw_something(&a, 10);
    draw_something(&b, 10);
    assert_true(canvas_hash(&a) == canvas_hash(&b));
    canvas_clear(&b, 100, 80);
    draw_something(&b, 10.5);
    assert_false(canvas_hash(&a) == canvas_hash(&b));
    canvas_clear(&b, 100, 80);
    draw_something(&b, 10);
    assert_true(canvas_hash(&a) == canvas_hash(&b));
    canvas_release(&a);
    canvas_release(&b);
}

static void test_canvas__a_tag_says_nothing_of_the_looks(void **state)
{
    struct canvas a, b;
    (void)state;
    canvas_init(&a, 100, 80);
    canvas_init(&b, 100, 80);
    draw_something(&a, 10);
    canvas_tag_begin(&b, CANVAS_TAG_NODE, 7, "alice");
    draw_something(&b, 10);
    canvas_tag_end(&b);
    assert_true(canvas_hash(&a) == canvas_hash(&b));
    canvas_release(&a);
    canvas_release(&b);
}

static void test_canvas__a_click_finds_the_topmost_thing(void **state)
{
    struct canvas canvas;
    (void)state;
    canvas_init(&canvas, 200, 100);
    canvas_tag_begin(&canvas, CANVAS_TAG_NODE, 1, "below");
    canvas_rect(&canvas, (struct canvas_box){10, 10, 100, 50}, 0, &ink);
    canvas_tag_begin(&canvas, CANVAS_TAG_FRAME, 2, "above");
    canvas_rect(&canvas, (struct canvas_box){20, 20, 10, 10}, 0, &ink);
    canvas_tag_end(&canvas);
    canvas_tag_end(&canvas);
    const struct canvas_tag *tag = canvas_hit(&canvas, 25, 25);
    assert_non_null(tag);
    assert_int_equal(tag->kind, CANVAS_TAG_FRAME);
    assert_string_equal(canvas_tag_title(&canvas, tag), "above");
    assert_int_equal(canvas_hit(&canvas, 90, 40)->id, 1);
    assert_null(canvas_hit(&canvas, 190, 90));
    canvas_release(&canvas);
}

static void test_canvas__lines_and_filled_shapes_are_hit_where_they_are(void **state)
{
    struct canvas canvas;
    struct canvas_point triangle[] = {{10, 10}, {60, 10}, {10, 60}};
    (void)state;
    canvas_init(&canvas, 200, 100);
    canvas_tag_begin(&canvas, CANVAS_TAG_RECORD, 5, "");
    canvas_polyline(&canvas, triangle, 3, true, &ink);
    canvas_tag_end(&canvas);
    canvas_tag_begin(&canvas, CANVAS_TAG_RECORD, 6, "");
    canvas_line(&canvas, 100, 10, 150, 60, ink.fill, 1, CANVAS_SOLID);
    canvas_tag_end(&canvas);
    assert_int_equal(canvas_hit(&canvas, 20, 20)->id, 5);
    assert_null(canvas_hit(&canvas, 55, 55));
    assert_int_equal(canvas_hit(&canvas, 125, 36)->id, 6);
    assert_null(canvas_hit(&canvas, 140, 20));
    canvas_release(&canvas);
}

static void test_canvas__what_a_clip_hides_is_not_hit(void **state)
{
    struct canvas inner, outer;
    (void)state;
    canvas_init(&inner, 50, 50);
    canvas_tag_begin(&inner, CANVAS_TAG_NODE, 3, "n");
    canvas_rect(&inner, (struct canvas_box){0, 0, 500, 20}, 0, &ink);
    canvas_tag_end(&inner);
    canvas_init(&outer, 400, 100);
    canvas_append(&outer, 100, 30, &inner);
    assert_int_equal(canvas_hit(&outer, 120, 40)->id, 3);
    assert_null(canvas_hit(&outer, 200, 40));
    assert_int_equal(outer.clip_depth, 0);
    canvas_release(&inner);
    canvas_release(&outer);
}

static void test_canvas__near_points_of_a_line_are_left_out(void **state)
{
    struct canvas canvas;
    static struct canvas_point points[100000];
    (void)state;
    for (int i = 0; i < 100000; i++)
        points[i] = (struct canvas_point){i / 1000.0, 5};
    canvas_init(&canvas, 100, 10);
    canvas_polyline(&canvas, points, 100000, false, &ink);
    assert_in_range(canvas.point_count, 250, 310);
    assert_int_equal(canvas.points[canvas.point_count - 1][0], 10000);
    canvas_release(&canvas);
}

static void test_canvas__text_is_cut_to_its_room(void **state)
{
    struct canvas canvas;
    (void)state;
    canvas_init(&canvas, 100, 20);
    double width = canvas_text_in(&canvas, 0, 10, 60, CANVAS_SANS, 12, ink.fill, "a rather long sentence");
    assert_true(width <= 60);
    assert_string_equal(canvas_op_text(&canvas, &canvas.ops[0]), "a rather\xe2\x80\xa6");
    canvas_text_in(&canvas, 0, 10, 0.5, CANVAS_SANS, 12, ink.fill, "x");
    assert_int_equal(canvas.op_count, 1);
    canvas_release(&canvas);
}

static void test_canvas__text_fits_where_no_other_stands(void **state)
{
    struct canvas canvas;
    (void)state;
    canvas_init(&canvas, 200, 100);
    canvas_text(&canvas, 100, 50, CANVAS_SANS, 12, CANVAS_MIDDLE, ink.fill, "here");
    assert_false(canvas_text_fits(&canvas, 110, 52, CANVAS_SANS, 12, CANVAS_START, "there"));
    assert_true(canvas_text_fits(&canvas, 110, 66, CANVAS_SANS, 12, CANVAS_START, "there"));
    assert_false(canvas_text_fits(&canvas, 190, 66, CANVAS_SANS, 12, CANVAS_START, "over the edge"));
    assert_true(canvas_text_fits(&canvas, 190, 66, CANVAS_SANS, 12, CANVAS_END, "over the edge"));
    assert_false(canvas_is_free(&canvas, (struct canvas_box){0, 0, 200, 100}));
    assert_true(canvas_is_free(&canvas, (struct canvas_box){0, 0, 200, 30}));
    canvas_release(&canvas);
}

static void test_canvas__letters_of_a_monospace_are_six_tenths_wide(void **state)
{
    (void)state;
    assert_true(canvas_text_width(CANVAS_MONO, 10, "12\xc2\xb5s") == 24);
    assert_true(canvas_text_width(CANVAS_BOLD, 12, "wide") > canvas_text_width(CANVAS_SANS, 12, "wide"));
}

static char *svg_of(const struct canvas *canvas)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    svg_write(file, canvas, 2, "<title>");
    fclose(file);
    return text;
}

static void test_svg__is_escaped_and_keeps_text(void **state)
{
    struct canvas canvas;
    (void)state;
    canvas_init(&canvas, 100, 80);
    canvas_tag_begin(&canvas, CANVAS_TAG_NODE, 1, "x < y");
    draw_something(&canvas, 10.25);
    canvas_tag_end(&canvas);
    char *text = svg_of(&canvas);
    assert_non_null(strstr(text, "<title>&lt;title&gt;</title>"));
    assert_non_null(strstr(text, ">a &amp; b</text>"));
    assert_non_null(strstr(text, "<title>x &lt; y</title>"));
    assert_non_null(strstr(text, "x=\"10.25\" y=\"10\" width=\"40\" height=\"20\" rx=\"4\""));
    assert_non_null(strstr(text, "width=\"200\" height=\"160\" viewBox=\"0 0 100 80\""));
    free(text);
    canvas_release(&canvas);
}

static void test_raster__draws_where_it_was_told(void **state)
{
    static uint8_t pixels[64 * 64 * 4];
    struct canvas canvas;
    (void)state;
    if (!raster_is_built())
        skip();
    canvas_init(&canvas, 20, 20);
    canvas_rect(&canvas, (struct canvas_box){5, 5, 10, 10}, 0,
                &(struct canvas_paint){.fill = color_rgb(0xff0000)});
    assert_true(raster_draw(&canvas, 2, 10, 20, pixels, 64, 64, 64 * 4));
    assert_int_equal(pixels[(20 + 2 * 10) * 256 + (10 + 2 * 10) * 4 + 2], 255); /* red, in memory order */
    assert_int_equal(pixels[(20 + 2 * 2) * 256 + (10 + 2 * 2) * 4 + 3], 0);
    canvas_release(&canvas);
}

/* ---- Themes ---- */

static double linear(double channel)
{
    channel /= 255;
    return channel <= 0.03928 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4);
}

static double contrast(struct color a, struct color b)
{
    double la = 0.2126 * linear(a.red) + 0.7152 * linear(a.green) + 0.0722 * linear(a.blue);
    double lb = 0.2126 * linear(b.red) + 0.7152 * linear(b.green) + 0.0722 * linear(b.blue);
    return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

static void test_theme__words_stand_out_from_what_is_behind_them(void **state)
{
    (void)state;
    for (unsigned t = 0; theme_names[t]; t++) {
        const struct theme *theme = theme_find(theme_names[t]);
        struct color panel = theme_color(theme, THEME_PANEL);
        assert_true(contrast(theme_color(theme, THEME_TEXT), panel) >= 7);
        assert_true(contrast(theme_color(theme, THEME_MUTED), panel) >= 4.5);
        assert_true(contrast(theme_color(theme, THEME_MUTED), theme_color(theme, THEME_BACK)) >= 4.5);
        assert_true(contrast(theme_color(theme, THEME_BAR_TEXT), theme_color(theme, THEME_BAR)) >= 7);
        assert_true(contrast(theme_color(theme, THEME_BAR_TEXT), theme_color(theme, THEME_BAR_BUTTON)) >= 7);
        for (enum theme_color accent = THEME_DATA; accent <= THEME_CONTROL; accent++) {
            struct color color = theme_color(theme, accent), soft = theme_color(theme, theme_soft(accent));
            if (contrast(color, panel) < 4.5 || contrast(color, soft) < 4.5 ||
                contrast(theme_color(theme, THEME_ON_ACCENT), color) < 4.5)
                fail_msg("%s: accent %d stands out by %.2f, on soft %.2f, below words %.2f", theme->name,
                         accent, contrast(color, panel), contrast(color, soft),
                         contrast(theme_color(theme, THEME_ON_ACCENT), color));
        }
    }
    assert_null(theme_find("pink"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canvas__same_lists_have_the_same_hash),
        cmocka_unit_test(test_canvas__a_tag_says_nothing_of_the_looks),
        cmocka_unit_test(test_canvas__a_click_finds_the_topmost_thing),
        cmocka_unit_test(test_canvas__lines_and_filled_shapes_are_hit_where_they_are),
        cmocka_unit_test(test_canvas__what_a_clip_hides_is_not_hit),
        cmocka_unit_test(test_canvas__near_points_of_a_line_are_left_out),
        cmocka_unit_test(test_canvas__text_is_cut_to_its_room),
        cmocka_unit_test(test_canvas__text_fits_where_no_other_stands),
        cmocka_unit_test(test_canvas__letters_of_a_monospace_are_six_tenths_wide),
        cmocka_unit_test(test_svg__is_escaped_and_keeps_text),
        cmocka_unit_test(test_raster__draws_where_it_was_told),
        cmocka_unit_test(test_theme__words_stand_out_from_what_is_behind_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

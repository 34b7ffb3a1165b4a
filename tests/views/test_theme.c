/* SPDX-License-Identifier: MIT
 * Can the accents be told apart, also by who sees fewer colours?
 *
 * Colours are seen as somebody without one kind of cones does (Machado, Oliveira and Fernandes 2009, severity
 * 1) and compared in L*a*b* (CIE 1976), where 2.3 is what a trained eye just notices. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/canvas/theme.h"

#define APART 12.0 /* told apart at a glance, side by side or not */

struct light {
    double red, green, blue; /* linear, 0 to 1 */
};

static const struct eye {
    const char *name;
    double matrix[3][3];
} eyes[] = {
    {"all cones", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {"no red cones",
     {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {"no green cones",
     {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {"no blue cones",
     {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}};

static double linear(uint8_t channel)
{
    double part = channel / 255.0;
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static double within(double part)
{
    return part < 0 ? 0 : part > 1 ? 1 : part;
}

static struct light seen(struct color color, const struct eye *eye)
{
    double from[3] = {linear(color.red), linear(color.green), linear(color.blue)}, to[3];
    for (unsigned i = 0; i < 3; i++)
        to[i] =
            within(eye->matrix[i][0] * from[0] + eye->matrix[i][1] * from[1] + eye->matrix[i][2] * from[2]);
    return (struct light){to[0], to[1], to[2]};
}

static double bend(double part)
{
    return part > 0.008856 ? cbrt(part) : 7.787 * part + 16.0 / 116;
}

static void lab_of(struct light light, double ret_lab[3])
{
    double x = bend((0.4124 * light.red + 0.3576 * light.green + 0.1805 * light.blue) / 0.9505);
    double y = bend(0.2126 * light.red + 0.7152 * light.green + 0.0722 * light.blue);
    double z = bend((0.0193 * light.red + 0.1192 * light.green + 0.9505 * light.blue) / 1.089);
    ret_lab[0] = 116 * y - 16;
    ret_lab[1] = 500 * (x - y);
    ret_lab[2] = 200 * (y - z);
}

static double distance(struct color a, struct color b, const struct eye *eye)
{
    double first[3], second[3], sum = 0;
    lab_of(seen(a, eye), first);
    lab_of(seen(b, eye), second);
    for (unsigned i = 0; i < 3; i++)
        sum += (first[i] - second[i]) * (first[i] - second[i]);
    return sqrt(sum);
}

static void check_accents(const struct theme *theme, const struct eye *eye)
{
    for (enum theme_color a = THEME_DATA; a <= THEME_CONTROL; a++)
        for (enum theme_color b = THEME_DATA; b < a; b++) {
            double apart = distance(theme_color(theme, a), theme_color(theme, b), eye);
            if (apart < APART)
                fail_msg("%s: accents %d and %d are %.1f apart with %s", theme->name, b, a, apart, eye->name);
        }
}

static void test_theme__accents_can_be_told_apart_by_every_eye(void **state)
{
    (void)state;
    for (unsigned t = 0; theme_names[t]; t++)
        for (unsigned e = 0; e < sizeof eyes / sizeof *eyes; e++)
            check_accents(theme_find(theme_names[t]), &eyes[e]);
}

/* The measure itself: red and green of one lightness differ for most, and hardly without green cones. */
static void test_theme__the_measure_sees_what_some_do_not(void **state)
{
    struct color red = color_rgb(0xc06030), green = color_rgb(0x808000);
    (void)state;
    assert_true(distance(red, green, &eyes[0]) > 40);
    assert_true(distance(red, green, &eyes[2]) < APART);
    assert_true(distance(red, red, &eyes[2]) < 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_theme__accents_can_be_told_apart_by_every_eye),
                                       cmocka_unit_test(test_theme__the_measure_sees_what_some_do_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

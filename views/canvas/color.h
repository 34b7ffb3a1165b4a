/* SPDX-License-Identifier: MIT
 * A colour: red, green, blue, and how much of what lies under it is covered. */
#ifndef NETARIUM_VIEWS_COLOR_H
#define NETARIUM_VIEWS_COLOR_H

#include <stdint.h>

struct color {
    uint8_t red, green, blue, alpha; /* 255: opaque; 0: nothing is drawn */
};

#define COLOR_NONE ((struct color){0, 0, 0, 0})

/* 0xrrggbb, opaque. */
static inline struct color color_rgb(uint32_t rgb)
{
    return (struct color){(uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb, 255};
}

/* The same, so much per cent of it. */
static inline struct color color_fade(struct color color, unsigned per_cent)
{
    color.alpha = (uint8_t)(color.alpha * per_cent / 100);
    return color;
}

/* Between two colours: 0 is `a`, 100 is `b`. */
static inline struct color color_mix(struct color a, struct color b, unsigned per_cent)
{
    unsigned rest = 100 - per_cent;
    return (struct color){(uint8_t)((a.red * rest + b.red * per_cent) / 100),
                          (uint8_t)((a.green * rest + b.green * per_cent) / 100),
                          (uint8_t)((a.blue * rest + b.blue * per_cent) / 100), a.alpha};
}

#endif

/* SPDX-License-Identifier: MIT
 * A build without cairo draws no pixels. */
#include "views/canvas/raster.h"

bool raster_is_built(void)
{
    return false;
}

bool raster_draw(const struct canvas *canvas, double scale, double x, double y, uint8_t *pixels, int width,
                 int height, int stride)
{
    (void)canvas, (void)scale, (void)x, (void)y, (void)pixels, (void)width, (void)height, (void)stride;
    return false;
}

bool raster_draw_part(const struct canvas *canvas, double scale, const struct raster_part *part,
                      struct color ground, uint8_t *pixels, int width, int height, int stride)
{
    (void)part, (void)ground;
    return raster_draw(canvas, scale, 0, 0, pixels, width, height, stride);
}

bool raster_write_png(FILE *file, const struct canvas *canvas, double scale)
{
    (void)file, (void)canvas, (void)scale;
    return false;
}

bool raster_write_pdf(FILE *file, const struct canvas *const *pages, size_t count, double scale,
                      const char *title)
{
    (void)file, (void)pages, (void)count, (void)scale, (void)title;
    return false;
}

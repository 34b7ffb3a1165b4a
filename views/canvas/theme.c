/* SPDX-License-Identifier: MIT
 * Colours by what they mean. */
#include "views/canvas/theme.h"

#include <stddef.h>
#include <string.h>

#define RGB(rgb)                                                                                             \
    {                                                                                                        \
        (rgb) >> 16 & 255, (rgb) >> 8 & 255, (rgb)&255, 255                                                  \
    }

const struct theme theme_light = {"light",
                                  {[THEME_BACK] = RGB(0xedf1f6),         [THEME_PANEL] = RGB(0xffffff),
                                   [THEME_EDGE] = RGB(0xd3dde8),         [THEME_GRID] = RGB(0xe8edf5),
                                   [THEME_TEXT] = RGB(0x16213a),         [THEME_MUTED] = RGB(0x5b6980),
                                   [THEME_FAINT] = RGB(0xb4bfcd),        [THEME_WIRE] = RGB(0x8495ab),
                                   [THEME_BAR] = RGB(0x16213a),          [THEME_BAR_TEXT] = RGB(0xf4f7fb),
                                   [THEME_BAR_BUTTON] = RGB(0x26355a),   [THEME_DATA] = RGB(0x3d60cf),
                                   [THEME_ACK] = RGB(0x0b766d),          [THEME_LOSS] = RGB(0xc62034),
                                   [THEME_AGAIN] = RGB(0x6b34dd),        [THEME_CARE] = RGB(0xa95505),
                                   [THEME_CONTROL] = RGB(0x3e526a),      [THEME_DATA_SOFT] = RGB(0xe3edff),
                                   [THEME_ACK_SOFT] = RGB(0xdcf7ee),     [THEME_LOSS_SOFT] = RGB(0xfdeaea),
                                   [THEME_AGAIN_SOFT] = RGB(0xf4eefe),   [THEME_CARE_SOFT] = RGB(0xfdf3dc),
                                   [THEME_CONTROL_SOFT] = RGB(0xedf0f5), [THEME_ON_ACCENT] = RGB(0xffffff)}};

const struct theme theme_dark = {"dark",
                                 {[THEME_BACK] = RGB(0x0c1220),         [THEME_PANEL] = RGB(0x151d2f),
                                  [THEME_EDGE] = RGB(0x2c3850),         [THEME_GRID] = RGB(0x222c41),
                                  [THEME_TEXT] = RGB(0xe8eef7),         [THEME_MUTED] = RGB(0x9fadc2),
                                  [THEME_FAINT] = RGB(0x4d5a72),        [THEME_WIRE] = RGB(0x6f81a0),
                                  [THEME_BAR] = RGB(0x070b14),          [THEME_BAR_TEXT] = RGB(0xe8eef7),
                                  [THEME_BAR_BUTTON] = RGB(0x222d47),   [THEME_DATA] = RGB(0x519dfb),
                                  [THEME_ACK] = RGB(0x4dcfb1),          [THEME_LOSS] = RGB(0xff7d7e),
                                  [THEME_AGAIN] = RGB(0xccabff),        [THEME_CARE] = RGB(0xf8b951),
                                  [THEME_CONTROL] = RGB(0xa8b8cf),      [THEME_DATA_SOFT] = RGB(0x1b2d52),
                                  [THEME_ACK_SOFT] = RGB(0x143a38),     [THEME_LOSS_SOFT] = RGB(0x45202a),
                                  [THEME_AGAIN_SOFT] = RGB(0x32264f),   [THEME_CARE_SOFT] = RGB(0x40311a),
                                  [THEME_CONTROL_SOFT] = RGB(0x232d40), [THEME_ON_ACCENT] = RGB(0x0c1220)}};

const struct theme theme_print = {"print",
                                  {[THEME_BACK] = RGB(0xffffff),         [THEME_PANEL] = RGB(0xffffff),
                                   [THEME_EDGE] = RGB(0x9aa4b2),         [THEME_GRID] = RGB(0xdddddd),
                                   [THEME_TEXT] = RGB(0x000000),         [THEME_MUTED] = RGB(0x3c4653),
                                   [THEME_FAINT] = RGB(0xa6a6a6),        [THEME_WIRE] = RGB(0x333333),
                                   [THEME_BAR] = RGB(0xffffff),          [THEME_BAR_TEXT] = RGB(0x000000),
                                   [THEME_BAR_BUTTON] = RGB(0xeeeeee),   [THEME_DATA] = RGB(0x2153c0),
                                   [THEME_ACK] = RGB(0x06564f),          [THEME_LOSS] = RGB(0xc72d2a),
                                   [THEME_AGAIN] = RGB(0x4513a9),        [THEME_CARE] = RGB(0x803d00),
                                   [THEME_CONTROL] = RGB(0x2b3a4e),      [THEME_DATA_SOFT] = RGB(0xe9f0fc),
                                   [THEME_ACK_SOFT] = RGB(0xe4f5f0),     [THEME_LOSS_SOFT] = RGB(0xfbeaea),
                                   [THEME_AGAIN_SOFT] = RGB(0xf2ecfb),   [THEME_CARE_SOFT] = RGB(0xfaf1e0),
                                   [THEME_CONTROL_SOFT] = RGB(0xf0f0f0), [THEME_ON_ACCENT] = RGB(0xffffff)}};

static const struct theme *const themes[] = {&theme_light, &theme_dark, &theme_print};
const char *const theme_names[] = {"light", "dark", "print", NULL};

const struct theme *theme_find(const char *name)
{
    for (unsigned i = 0; i < sizeof themes / sizeof *themes; i++)
        if (strcmp(themes[i]->name, name) == 0)
            return themes[i];
    return NULL;
}

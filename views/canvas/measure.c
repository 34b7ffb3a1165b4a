/* SPDX-License-Identifier: MIT
 * How wide text is: advance widths in thousandths of the size, so that a layout is the same with every back
 * end and without any font. They were measured from Inter (regular and bold) and JetBrains Mono, unhinted. */
#include "views/canvas/canvas.h"

#define MONO 600 /* every letter */
#define FIRST 32
#define LAST 126
#define USUAL 620 /* letters that the tables do not have */

static const uint16_t regular[LAST - FIRST + 1] = {
    281, 278, 403, 631, 638, 812, 639, 222, 362, 362, 500, 659, 280, 460, 276, 357, 625, 464, 605,
    636, 642, 608, 624, 571, 616, 624, 276, 280, 659, 659, 659, 507, 936, 676, 651, 727, 719, 598,
    587, 743, 740, 264, 543, 652, 562, 889, 753, 761, 635, 761, 639, 638, 642, 741, 676, 949, 642,
    665, 625, 362, 357, 362, 469, 452, 497, 564, 621, 558, 621, 582, 361, 609, 591, 237, 237, 544,
    237, 869, 585, 597, 609, 609, 372, 523, 364, 581, 557, 812, 540, 557, 541, 362, 327, 362, 659};

static const uint16_t bold[LAST - FIRST + 1] = {
    232, 325, 392, 650, 655, 859, 674, 209, 409, 409, 565, 680, 303, 469,  298, 390, 688, 489,  630,
    659, 678, 645, 660, 595, 661, 660, 298, 303, 680, 680, 680, 562, 1031, 748, 661, 752, 727,  613,
    585, 761, 746, 281, 570, 690, 567, 915, 735, 782, 648, 783, 656, 655,  668, 729, 748, 1036, 714,
    724, 667, 409, 390, 409, 488, 477, 497, 580, 635, 587, 635, 598, 386,  633, 624, 272, 272,  582,
    272, 912, 622, 614, 632, 632, 409, 562, 388, 622, 586, 850, 574, 586,  572, 409, 374, 409,  680};

/* Others that views use: a letter, its width in regular and in bold. */
static const struct {
    uint32_t letter;
    uint16_t regular, bold;
} others[] = {{0xa0, 281, 232},     {0xb5, 622, 667},     {0xb7, 276, 298},   {0xd7, 659, 680},
              {0xdf, 609, 664},     {0xe4, 564, 580},     {0xe9, 582, 598},   {0xf6, 597, 614},
              {0xfc, 581, 622},     {0x3bc, 622, 667},    {0x2009, 182, 154}, {0x2013, 500, 500},
              {0x2014, 1000, 1000}, {0x2018, 199, 242},   {0x2019, 185, 228}, {0x201c, 381, 422},
              {0x201d, 381, 421},   {0x2026, 821, 799},   {0x202f, 182, 154}, {0x2190, 955, 955},
              {0x2191, 955, 955},   {0x2192, 955, 955},   {0x2193, 955, 955}, {0x2194, 1341, 1341},
              {0x2212, 659, 680},   {0x221e, 930, 983},   {0x2260, 659, 680}, {0x2264, 659, 680},
              {0x2265, 659, 680},   {0x25b2, 1009, 1048}, {0x25b6, 915, 956}, {0x25bc, 1009, 1048},
              {0x25c0, 915, 956},   {0x25c6, 1051, 1061}, {0x25cf, 915, 915}, {0x2713, 881, 881}};

static unsigned width_of(uint32_t letter, bool is_bold)
{
    if (letter >= FIRST && letter <= LAST)
        return (is_bold ? bold : regular)[letter - FIRST];
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].letter == letter)
            return is_bold ? others[i].bold : others[i].regular;
    return USUAL;
}

/* The letter at `*text`, which moves behind it. What is no UTF-8 counts as one letter a byte. */
static uint32_t next_letter(const uint8_t **text)
{
    const uint8_t *at = *text;
    unsigned more = at[0] >= 0xf0 ? 3 : at[0] >= 0xe0 ? 2 : at[0] >= 0xc0 ? 1 : 0;
    uint32_t letter = more == 0 ? at[0] : at[0] & (0x3fu >> more);
    *text = at + 1;
    for (unsigned i = 1; i <= more && (at[i] & 0xc0) == 0x80; i++) {
        letter = letter << 6 | (at[i] & 0x3fu);
        *text = at + i + 1;
    }
    return letter;
}

double canvas_text_width(enum canvas_font font, double size, const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    uint32_t thousandths = 0;
    while (*at) {
        uint32_t letter = next_letter(&at);
        thousandths += font >= CANVAS_MONO ? MONO : width_of(letter, font == CANVAS_BOLD);
    }
    return (double)thousandths * size / 1000;
}

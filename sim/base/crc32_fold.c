/* SPDX-License-Identifier: MIT
 * CRC-32 by folding: sixteen bytes are multiplied forward onto those that follow, until sixteen are left.
 *
 *     bytes   | A | B | C | D | E | F | G | H | ...        A to H: 16 bytes each
 *               '---------------^   A times x^512 has the same remainder as A there: it is added to E
 *                   '---------------^                B to F, C to G, D to H: four independent rows
 *
 * A polynomial may be replaced by any other with the same remainder modulo P, and x^n mod P is a constant. A
 * row of 128 bits is two halves of 64, each of which is multiplied by its own constant without carries
 * (PCLMULQDQ), which gives 96 bits again. Bits are reflected in CRC-32, so the constants are as well, and the
 * low half is the one further ahead. After Gopal, Ozturk, Guilford and others, Fast CRC Computation for
 * Generic Polynomials (Intel, 2009).
 *
 * Worth it: a hop of W1-heard, with a check sequence over 1446 bytes, takes 235 ns instead of 815; a capture
 * needs one for each frame and hop. The table (crc32.c) does what is left, and all of it on other machines;
 * the test holds both against the definition. */
#include "sim/base/crc32_fold.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define FOLDS __attribute__((target("pclmul,sse4.1")))
#define ROWS 4

/* x^(n+32) mod P for the low half and x^(n-32) mod P for the high one, reflected and one bit to the left. */
#define FORWARD_512 _mm_set_epi64x(INT64_C(0x1c6e41596), INT64_C(0x154442bd4))
#define FORWARD_128 _mm_set_epi64x(INT64_C(0x0ccaa009e), INT64_C(0x1751997d0))

bool crc32_can_fold(void)
{
    return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

/* `row` carried forward by a constant, added to what is there. */
FOLDS static inline __m128i forward(__m128i row, __m128i constant, __m128i there)
{
    __m128i low = _mm_clmulepi64_si128(row, constant, 0x00), high = _mm_clmulepi64_si128(row, constant, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), there);
}

FOLDS static inline __m128i load(const uint8_t *bytes)
{
    return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

FOLDS size_t crc32_fold(uint32_t state, const uint8_t *bytes, size_t length, uint8_t ret_rest[16])
{
    __m128i rows[ROWS];
    size_t at = 16 * ROWS;
    for (int i = 0; i < ROWS; i++)
        rows[i] = load(bytes + 16 * i);
    rows[0] = _mm_xor_si128(rows[0], _mm_cvtsi32_si128((int)state));
    for (; at + 16 * ROWS <= length; at += 16 * ROWS)
        for (int i = 0; i < ROWS; i++)
            rows[i] = forward(rows[i], FORWARD_512, load(bytes + at + 16 * (size_t)i));
    __m128i all = rows[0];
    for (int i = 1; i < ROWS; i++)
        all = forward(all, FORWARD_128, rows[i]);
    for (; at + 16 <= length; at += 16)
        all = forward(all, FORWARD_128, load(bytes + at));
    _mm_storeu_si128((__m128i *)(void *)ret_rest, all);
    return at;
}

#else

bool crc32_can_fold(void)
{
    return false;
}

size_t crc32_fold(uint32_t state, const uint8_t *bytes, size_t length, uint8_t ret_rest[16])
{
    (void)state;
    (void)bytes;
    (void)length;
    (void)ret_rest;
    return 0;
}

#endif

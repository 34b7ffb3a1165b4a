/* SPDX-License-Identifier: MIT
 * Bit errors: noise turns bits over, and nobody on the way notices.
 *
 *      sent       0 1 1 0 1 0 0 1 | 1 0 1 1 ...  | check sequence
 *      received   0 1 1 0 1 1 0 1 | 1 0 1 1 ...  | check sequence      does not fit: discarded by the
 * receiver ^ bit 5
 *
 * Each bit is turned over with the same small chance, whatever happened to the others. Asking a die for each
 * bit would need a million dice for one error; so the dice are asked how many bits stay whole until the next
 * error. With q = 1 - rate the chance of at least k whole bits is q^k. Of a random number u in 0..1 the k
 * with q^(k+1) <= u < q^k is found by trying powers of two: q^(2^j) are known, and the product of some of
 * them is as near to u as can be, from above. Integers with 64 binary places, no logarithm.
 *
 * The rest carries over to the next frame, so long clean stretches cost one comparison a frame. Bits are
 * numbered as they cross the wire, least significant first (IEEE 802.3 3.3). Simplified: preambles are never
 * hit. */
#include <ctype.h>
#include <stdio.h>

#include "nodes/impair/impairs.h"

#define POWERS 62          /* q^(2^0) .. q^(2^61) */
#define DIGITS_MOST 18     /* significant digits of a rate */
#define PLACES_MOST 36     /* decimal places of a rate */
#define NO_MORE UINT64_MAX /* bits until the next error: it never comes */

struct bit_errors {
    bool may_happen;         /* the rate is not 0 */
    uint64_t powers[POWERS]; /* q^(2^j) as parts of 2^64 */
    uint64_t whole;          /* bits that stay whole until the next error */
    uint32_t kind_flip;
};

/* ---- Reading a rate ---- */

static bool refuse_rate(struct nt_why *ret_why, const char *words, const char *reason)
{
    snprintf(ret_why->text, sizeof ret_why->text, "\"%.40s\" %s", words, reason);
    return false;
}

/* Digits with at most one point: number = digits, *places = how many stand behind the point. NULL: none
 * there. */
static const char *read_digits(const char *at, int64_t *ret_number, int64_t *ret_places)
{
    int digits = 0, significant = 0;
    bool has_point = false;
    *ret_number = *ret_places = 0;
    for (; isdigit((unsigned char)*at) || (*at == '.' && !has_point); at++) {
        if (*at == '.') {
            has_point = true;
            continue;
        }
        digits++;
        significant += significant || *at != '0';
        if (significant > DIGITS_MOST)
            return NULL;
        *ret_number = *ret_number * 10 + (*at - '0');
        *ret_places += has_point;
    }
    return digits ? at : NULL;
}

static bool is_above_one(int64_t number, int64_t places)
{
    int64_t one = 1;
    for (int64_t i = 0; i < places && i < DIGITS_MOST; i++)
        one *= 10;
    return places < 0 ? number > 0 : number > one;
}

/* "1e-5", "0.00001", "2.5E-7": number and extra are the digits and the decimal places, 1 and 5. */
static bool parse_rate(const char *words, struct nt_value *ret_value, struct nt_why *ret_why)
{
    int64_t number, places, exponent = 0;
    const char *at = read_digits(words, &number, &places);
    if (!at)
        return refuse_rate(ret_why, words,
                           "is no bit error rate; write \"1e-5\" for one bit in a hundred thousand");
    if (*at == 'e' || *at == 'E') {
        bool is_negative = at[1] == '-';
        at += 1 + (at[1] == '-' || at[1] == '+');
        if (!isdigit((unsigned char)*at))
            return refuse_rate(ret_why, words, "has no number after the e; write it as in \"1e-5\"");
        for (; isdigit((unsigned char)*at) && exponent < 1000; at++)
            exponent = exponent * 10 + (*at - '0');
        places += is_negative ? exponent : -exponent;
    }
    if (*at)
        return refuse_rate(ret_why, words, "is no bit error rate; write it as in \"1e-5\", without a unit");
    if (is_above_one(number, places))
        return refuse_rate(ret_why, words, "is above 1: more bits wrong than there are");
    if (places > PLACES_MOST)
        return refuse_rate(ret_why, words, "is too small to matter; the least is 1e-36");
    ret_value->number = number;
    ret_value->extra = number ? places : 0;
    return true;
}

/* ---- Dice ---- */

/* How many bits stay whole before the next one that does not. */
static uint64_t draw_whole(struct nt_impair *impair, const struct bit_errors *errors)
{
    uint64_t u = (uint64_t)nt_random_bits(impair->node, &impair->random) << 32;
    u |= nt_random_bits(impair->node, &impair->random);
    unsigned __int128 chance = (unsigned __int128)1 << 64; /* of as many whole bits as counted so far */
    uint64_t whole = 0;
    for (int j = POWERS - 1; j >= 0; j--) {
        unsigned __int128 next = chance * errors->powers[j] >> 64;
        if (u < next) {
            chance = next;
            whole += UINT64_C(1) << j;
        }
    }
    return whole;
}

static void bit_errors_init(struct nt_impair *impair, const struct nt_value *values)
{
    struct bit_errors *errors = impair->state;
    unsigned __int128 rate = (unsigned __int128)(uint64_t)values[1].number << 64;
    for (int64_t i = 0; i < values[1].extra; i++)
        rate /= 10;
    errors->kind_flip = nt_kind(impair->node, &impair_kinds[IMPAIR_FLIPS]);
    errors->may_happen = rate > 0;
    errors->whole = NO_MORE;
    if (!errors->may_happen)
        return;
    errors->powers[0] = (uint64_t)(((unsigned __int128)1 << 64) - rate);
    for (int j = 1; j < POWERS; j++)
        errors->powers[j] =
            (uint64_t)((unsigned __int128)errors->powers[j - 1] * errors->powers[j - 1] >> 64);
    errors->whole = draw_whole(impair, errors);
}

/* ---- Flipping ---- */

static void bit_errors_apply(struct nt_impair *impair, struct nt_impaired *frame)
{
    struct bit_errors *errors = impair->state;
    uint64_t bits = (uint64_t)frame->frame->length_bytes * 8;
    if (errors->whole >= bits) {
        errors->whole -= errors->may_happen ? bits : 0;
        return;
    }
    struct nt_frame *damaged = impair_own(impair->node, frame->frame);
    uint64_t at = errors->whole, first = at, last = at, count = 0;
    while (at < bits) {
        damaged->bytes[at / 8] ^= (uint8_t)(1 << at % 8);
        last = at;
        count++;
        at += 1 + draw_whole(impair, errors);
    }
    errors->whole = at - bits;
    damaged->flags |= NT_FRAME_DAMAGED;
    frame->frame = damaged;
    nt_because(impair->node,
               nt_tell(impair->node, errors->kind_flip, impair->port, damaged->id, (int64_t)count,
                       (int64_t)first, (int64_t)last, (int64_t)damaged->parent));
}

static const struct nt_param bit_errors_params[] = {
    IMPAIR_TOWARD,
    {.name = "ber",
     .kind = NT_PARAM_PARSED,
     .flags = NT_PARAM_REQUIRED,
     .parse = parse_rate,
     .summary = "bit error rate: the chance of each bit to be turned over, such as 1e-5"},
    {0}};

static const struct nt_impair_ops bit_errors_ops = {
    .size = sizeof(struct nt_impair_ops), .init = bit_errors_init, .apply = bit_errors_apply};

const struct nt_part_type bit_errors_part = {
    .size = sizeof(struct nt_part_type),
    .category = "impair",
    .name = "bit-errors",
    .summary = "turns bits over, which the frame check sequence then catches",
    .params = bit_errors_params,
    .state_bytes = sizeof(struct bit_errors),
    .ops = &bit_errors_ops,
    .kinds = impair_kinds};

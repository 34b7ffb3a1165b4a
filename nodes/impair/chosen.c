/* SPDX-License-Identifier: MIT
 * Losing frames that somebody has chosen: by number, or by what is in them.
 *
 *      { "every": 10 }                       the 10th, 20th, 30th ...
 *      { "frames": [3, 7] }                  these
 *      { "drop": "tcp data segment 20" }     the one that fits the words (protocols/match/match.h)
 *
 * Frames are counted from 1 in each direction, as they arrive here: what an impairment before this one has
 * lost does not count. No dice. */
#include "nodes/impair/impairs.h"
#include "protocols/match/match.h"

static const char lost_by_number[] = "lost by its number";
static const char lost_as_chosen[] = "lost as the scenario has chosen";

/* ---- By number ---- */

enum { PARAM_TOWARD, PARAM_EVERY, PARAM_FRAMES };

struct nth {
    int64_t every;                 /* 0: not asked for */
    const struct nt_value *frames; /* the scenario's list */
    uint32_t frame_count;
    int64_t seen;
};

static void nth_init(struct nt_impair *impair, const struct nt_value *values)
{
    struct nth *nth = impair->state;
    nth->every = values[PARAM_EVERY].is_given ? values[PARAM_EVERY].number : 0;
    nth->frames = values[PARAM_FRAMES].items;
    nth->frame_count = values[PARAM_FRAMES].count;
    if (!nth->every && !nth->frame_count)
        nt_refuse(impair->node, "impair", "nth: say which, as in \"every\": 10 or \"frames\": [3, 7]");
}

static void nth_apply(struct nt_impair *impair, struct nt_impaired *frame)
{
    struct nth *nth = impair->state;
    nth->seen++;
    bool is_lost = nth->every && nth->seen % nth->every == 0;
    for (uint32_t i = 0; i < nth->frame_count && !is_lost; i++)
        is_lost = nth->frames[i].number == nth->seen;
    if (is_lost)
        frame->drop = lost_by_number;
}

static const struct nt_param nth_params[] = {
    IMPAIR_TOWARD,
    {.name = "every",
     .kind = NT_PARAM_INTEGER,
     .least = 1,
     .most = INT64_C(1000000000000),
     .summary = "one of so many frames is lost"},
    {.name = "frames",
     .kind = NT_PARAM_LIST,
     .flags = NT_PARAM_NUMBERS,
     .least = 1,
     .most = INT64_C(1000000000000),
     .summary = "numbers of the frames that are lost, counted from 1"},
    {0}};

static const struct nt_impair_ops nth_ops = {
    .size = sizeof(struct nt_impair_ops), .init = nth_init, .apply = nth_apply};

const struct nt_part_type nth_part = {.size = sizeof(struct nt_part_type),
                                      .category = "impair",
                                      .name = "nth",
                                      .summary = "loses frames by their number",
                                      .params = nth_params,
                                      .state_bytes = sizeof(struct nth),
                                      .ops = &nth_ops,
                                      .kinds = impair_kinds};

/* ---- By what is in them ---- */

struct drop {
    struct match match;
    uint64_t seen; /* of its class */
};

/* number and extra hold the two parts of the match. */
static bool parse_match(const char *words, struct nt_value *ret_value, struct nt_why *ret_why)
{
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    struct match match;
    if (!match_parse(words, &match, &why))
        return false;
    ret_value->number = (int64_t)match.number;
    ret_value->extra = match.class;
    return true;
}

static void drop_init(struct nt_impair *impair, const struct nt_value *values)
{
    struct drop *drop = impair->state;
    drop->match = (struct match){(uint32_t)values[1].extra, (uint64_t)values[1].number};
}

static void drop_apply(struct nt_impair *impair, struct nt_impaired *frame)
{
    struct drop *drop = impair->state;
    uint32_t length = frame->frame->length_bytes - (frame->frame->flags & NT_FRAME_SEALED ? 4 : 0);
    if (!match_is_of_class(&drop->match, frame->frame->bytes, length))
        return;
    if (++drop->seen == drop->match.number)
        frame->drop = lost_as_chosen;
}

static const struct nt_param drop_params[] = {
    IMPAIR_TOWARD,
    {.name = "drop",
     .kind = NT_PARAM_PARSED,
     .flags = NT_PARAM_REQUIRED,
     .parse = parse_match,
     .summary = "the frame that is lost, in words: \"tcp data segment 20\", \"arp request 1\", \"frame 5\""},
    {0}};

static const struct nt_impair_ops drop_ops = {
    .size = sizeof(struct nt_impair_ops), .init = drop_init, .apply = drop_apply};

const struct nt_part_type drop_part = {.size = sizeof(struct nt_part_type),
                                       .category = "impair",
                                       .name = "drop",
                                       .summary = "loses exactly one frame, chosen by what is in it",
                                       .params = drop_params,
                                       .state_bytes = sizeof(struct drop),
                                       .ops = &drop_ops,
                                       .kinds = impair_kinds};

/* SPDX-License-Identifier: MIT
 * Does a query make sense? Every part learns its unit here, and what cannot be compared or added is refused.
 *
 * The rule of thumb: a quantity goes with its like, and a plain number goes with whatever is counted in ones
 * (records, frames, bytes). A time wants its unit, "2 s", because a bare 2 could be anything. Products and
 * quotients follow physics where it is short: bytes / time is a rate, rate * time are bits, a share of
 * anything is that thing again. */
#include "sim/query_parts.h"

/* How a unit behaves. */
static const struct unit_nature {
    const char *noun;    /* as in "a time cannot be compared with a length" */
    const char *example; /* a constant of it, for the hint; NULL: not worth one */
    bool adds;           /* has a sum */
    bool has_order;      /* has < and > */
    bool takes_plain;    /* a plain number may stand beside it */
    bool is_truth;       /* may stand as a condition */
} unit_natures[] = {
    [NT_UNIT_NONE] = {"a plain number", NULL, true, true, true, true},
    [NT_UNIT_BYTES] = {"a number of bytes", "64 bytes", true, true, true, true},
    [NT_UNIT_BITS] = {"a number of bits", "512 bits", true, true, true, true},
    [NT_UNIT_TIME] = {"a time", "2 s", true, true, false, true},
    [NT_UNIT_RATE] = {"a rate", "10 Mbps", true, true, false, true},
    [NT_UNIT_FRAMES] = {"a number of frames", "64 packets", true, true, true, true},
    [NT_UNIT_PPM] = {"a share", "2 %", true, true, false, true},
    [NT_UNIT_MM] = {"a length", "500 m", true, true, false, true},
    [NT_UNIT_MAC] = {"an Ethernet address", "02:00:00:00:00:01", false, false, false, false},
    [NT_UNIT_IPV4] = {"an IPv4 address", "10.0.0.1", false, false, false, false},
    [NT_UNIT_HEX] = {"a plain number", NULL, false, true, true, true},
    [NT_UNIT_BOOL] = {"yes or no", "yes", false, false, true, true},
    [NT_UNIT_WORD] = {"a word", NULL, false, false, false, false},
    [NT_UNIT_FRAME] = {"the number of a frame", NULL, false, true, true, true},
    [NT_UNIT_RECORD] = {"the number of a record", NULL, false, true, true, true},
    [NT_UNIT_TEXT] = {"a text", "\"queue is full\"", false, false, false, false},
};

#define BITS_PER_BYTE 8

/* Products and quotients that change the unit; a factor without a unit never does. */
static const struct query_rule rules[] = {
    {QUERY_MULTIPLY, NT_UNIT_RATE, NT_UNIT_TIME, NT_UNIT_BITS, 1, NT_SECOND},
    {QUERY_MULTIPLY, NT_UNIT_TIME, NT_UNIT_RATE, NT_UNIT_BITS, 1, NT_SECOND},
    {QUERY_DIVIDE, NT_UNIT_BYTES, NT_UNIT_TIME, NT_UNIT_RATE, BITS_PER_BYTE *NT_SECOND, 1},
    {QUERY_DIVIDE, NT_UNIT_BITS, NT_UNIT_TIME, NT_UNIT_RATE, NT_SECOND, 1},
    {QUERY_DIVIDE, NT_UNIT_BYTES, NT_UNIT_RATE, NT_UNIT_TIME, BITS_PER_BYTE *NT_SECOND, 1},
    {QUERY_DIVIDE, NT_UNIT_BITS, NT_UNIT_RATE, NT_UNIT_TIME, NT_SECOND, 1},
};

static const struct query_rule plain_rule = {.up = 1, .down = 1};
static const struct query_rule share_rule = {.up = 1, .down = 1000000};

static bool check_part(struct query *query, const struct query_part *source, struct query_part *part);
static bool check_source(struct query *query, struct query_part *part);
static bool check_field(struct query *query, const struct query_part *source, struct query_part *part);
static bool check_condition(struct query *query, const struct query_part *source, struct query_part *part);
static bool check_comparison(struct query *query, const struct query_part *source, struct query_part *part);
static bool check_operation(struct query *query, const struct query_part *source, struct query_part *part);

static const struct unit_nature *nature(const struct query_part *part)
{
    return &unit_natures[part->shape.unit];
}

bool query_unit_adds(enum nt_unit unit)
{
    return unit_natures[unit].adds;
}

bool query_check(struct query *query, struct query_part *root)
{
    if (root->what == QUERY_TEXT)
        return query_fail(query, root->span.start, "a text alone asks nothing; it stands beside == or !=");
    return check_part(query, NULL, root);
}

/* `source` is the source in whose condition the part stands; NULL: outside of conditions. */
static bool check_part(struct query *query, const struct query_part *source, struct query_part *part)
{
    switch (part->what) {
    case QUERY_NUMBER:
        return true;
    case QUERY_TEXT:
        query_part_keep_text(query, part, part->span);
        return true;
    case QUERY_NOW:
        query->depends_on_network = true;
        return true;
    case QUERY_SOURCE:
        return check_source(query, part);
    case QUERY_FIELD:
    case QUERY_PROPERTY:
        return check_field(query, source, part);
    case QUERY_OR:
    case QUERY_AND:
        part->shape.unit = NT_UNIT_BOOL;
        return check_condition(query, source, part->left) && check_condition(query, source, part->right);
    case QUERY_NOT:
        part->shape.unit = NT_UNIT_BOOL;
        return check_condition(query, source, part->left);
    case QUERY_EQUAL:
    case QUERY_UNEQUAL:
    case QUERY_BELOW:
    case QUERY_AT_MOST:
    case QUERY_ABOVE:
    case QUERY_AT_LEAST:
        part->shape.unit = NT_UNIT_BOOL;
        return check_comparison(query, source, part);
    default:
        return check_operation(query, source, part);
    }
}

static bool check_condition(struct query *query, const struct query_part *source, struct query_part *part)
{
    if (!check_part(query, source, part))
        return false;
    if (!nature(part)->is_truth)
        return query_fail(query, part->span.start, "%s is neither true nor false; compare it with something",
                          nature(part)->noun);
    return true;
}

/* ---- Sources and fields ---- */

static bool check_quantity(struct query *query, const struct query_part *part)
{
    const bool is_order = part->function == QUERY_MIN || part->function == QUERY_MAX;
    if (is_order ? nature(part)->has_order : nature(part)->adds)
        return true;
    return query_fail(query, part->span.start,
                      "that is %s, which has no %s; count(...) works with everything", nature(part)->noun,
                      is_order ? "least and greatest" : "sum");
}

static bool check_source(struct query *query, struct query_part *part)
{
    if (!query_resolve_source(query, part))
        return false;
    switch (part->function) {
    case QUERY_LEVEL:
        break;
    case QUERY_COUNT:
        part->shape = (struct nt_field){.unit = NT_UNIT_NONE};
        break;
    case QUERY_FIRST:
    case QUERY_LAST:
        part->shape = (struct nt_field){.unit = NT_UNIT_TIME};
        break;
    case QUERY_SELECT:
        part->shape = (struct nt_field){.unit = NT_UNIT_BOOL};
        break;
    default:
        if (!check_quantity(query, part))
            return false;
        break;
    }
    return !part->where || check_condition(query, part, part->where);
}

static bool check_field(struct query *query, const struct query_part *source, struct query_part *part)
{
    bool is_known;
    if (!query_resolve_field(query, source, part, &is_known))
        return false;
    return is_known || query_refuse_field(query, source, part);
}

/* ---- Comparisons ---- */

static bool is_plain(const struct query_part *part)
{
    return part->shape.unit == NT_UNIT_NONE || part->shape.unit == NT_UNIT_HEX;
}

static bool are_alike(const struct query_part *left, const struct query_part *right)
{
    if (left->shape.unit == NT_UNIT_WORD && right->shape.unit == NT_UNIT_WORD)
        return left->shape.words == right->shape.words;
    if (left->shape.unit == right->shape.unit)
        return true;
    return (is_plain(left) && nature(right)->takes_plain) || (is_plain(right) && nature(left)->takes_plain);
}

/* What may be a word of the other side: quoted, or a bare name. */
static bool may_be_word(const struct query_part *part)
{
    const bool is_bare = part->what == QUERY_SOURCE && part->function == QUERY_LEVEL && !part->has_key &&
                         !part->place.length_bytes && !part->where;
    return part->what == QUERY_TEXT || part->what == QUERY_FIELD || is_bare;
}

/* The two sides of a comparison; `second` may be a word of `first`. */
static bool check_sides(struct query *query, const struct query_part *source, struct query_part *first,
                        struct query_part *second)
{
    bool is_known = false;
    if (!check_part(query, source, first))
        return false;
    if (may_be_word(second) && !query_resolve_word(query, source, &first->shape, second, &is_known))
        return false;
    return is_known || check_part(query, source, second);
}

static bool refuse_mixture(struct query *query, const struct query_part *left, const struct query_part *right,
                           const char *deed)
{
    const struct query_part *plain = is_plain(left) ? left : right;
    const struct query_part *other = plain == left ? right : left;
    if (is_plain(plain) && nature(other)->example)
        return query_fail(query, plain->span.start, "%s cannot be %s a plain number; write it as in %s",
                          nature(other)->noun, deed, nature(other)->example);
    return query_fail(query, right->span.start, "%s cannot be %s %s", nature(left)->noun, deed,
                      left->shape.unit == right->shape.unit ? "another of a different kind"
                                                            : nature(right)->noun);
}

static bool check_comparison(struct query *query, const struct query_part *source, struct query_part *part)
{
    struct query_part *left = part->left, *right = part->right;
    const bool is_order = part->what != QUERY_EQUAL && part->what != QUERY_UNEQUAL;
    const bool is_turned = left->what == QUERY_TEXT;
    if (!check_sides(query, source, is_turned ? right : left, is_turned ? left : right))
        return false;
    if (!are_alike(left, right))
        return refuse_mixture(query, left, right, "compared with");
    if (is_order && !nature(left)->has_order)
        return query_fail(query, part->span.start, "%s has no order; only == and != compare it",
                          nature(left)->noun);
    return true;
}

/* ---- Arithmetic ---- */

static bool check_sum(struct query *query, struct query_part *part)
{
    const struct query_part *left = part->left, *right = part->right;
    if (!are_alike(left, right))
        return refuse_mixture(query, left, right, part->what == QUERY_ADD ? "added to" : "subtracted from");
    part->shape.unit = is_plain(left) ? right->shape.unit : left->shape.unit;
    return true;
}

/* A mere factor: it leaves the other's unit as it is. */
static bool is_factor(enum nt_unit unit)
{
    return unit == NT_UNIT_NONE || unit == NT_UNIT_FRAMES;
}

/* The rule for `left` op `right` and the unit of the result; NULL: none. */
static const struct query_rule *find_rule(enum query_what what, enum nt_unit left, enum nt_unit right,
                                          enum nt_unit *ret_unit)
{
    const bool is_product = what == QUERY_MULTIPLY;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        *ret_unit = rules[i].result;
        if (rules[i].what == what && rules[i].left == left && rules[i].right == right)
            return &rules[i];
    }
    *ret_unit = NT_UNIT_NONE;
    if (!is_product && left == right)
        return &plain_rule;
    *ret_unit = left;
    if (is_product && right == NT_UNIT_PPM)
        return &share_rule;
    *ret_unit = right;
    if (is_product && left == NT_UNIT_PPM)
        return &share_rule;
    if (is_product && is_factor(left))
        return &plain_rule;
    *ret_unit = left;
    return is_factor(right) ? &plain_rule : NULL;
}

static bool check_operation(struct query *query, const struct query_part *source, struct query_part *part)
{
    if (!check_part(query, source, part->left) || (part->right && !check_part(query, source, part->right)))
        return false;
    for (const struct query_part *side = part->left; side; side = side == part->left ? part->right : NULL)
        if (!nature(side)->adds)
            return query_fail(query, side->span.start, "one cannot calculate with %s", nature(side)->noun);
    if (part->what == QUERY_NEGATE) {
        part->shape.unit = part->left->shape.unit;
        return true;
    }
    if (part->what == QUERY_ADD || part->what == QUERY_SUBTRACT)
        return check_sum(query, part);
    part->rule = find_rule(part->what, part->left->shape.unit, part->right->shape.unit, &part->shape.unit);
    if (part->rule)
        return true;
    return query_fail(query, part->right->span.start, "%s %s %s has no unit here", nature(part->left)->noun,
                      part->what == QUERY_MULTIPLY ? "times" : "over", nature(part->right)->noun);
}

/* SPDX-License-Identifier: MIT
 * The options of a TCP header, in tcpdump's and Wireshark's words: RFC 9293 section 3.2, RFC 7323, RFC 2018, RFC
 * 7413.
 *
 * A list of kind, length, value; kinds 0 and 1 are one octet. A length that lies ends the list. */
#include "protocols/dissect/parts.h"

#include "sim/base/bytes.h"

enum kind { END, NOP, MSS, WSCALE, SACK_OK, SACK, TIMESTAMP = 8, FAST_OPEN = 34 };

/* One option of the list. */
struct option {
    size_t at;    /* where it begins in the list */
    size_t bytes; /* kind and length included; at least 1, and all there */
    uint8_t kind;
};

/* The option at `at`; false: its length cannot be right. */
static bool read_option(const struct dissect_view *view, size_t at, struct option *ret)
{
    size_t left = view->length_bytes - at;
    *ret = (struct option){at, 1, view->bytes[at]};
    if (ret->kind == END || ret->kind == NOP)
        return true;
    if (left < 2 || view->bytes[at + 1] < 2 || view->bytes[at + 1] > left)
        return false;
    ret->bytes = view->bytes[at + 1];
    return true;
}

/* Is it as long as its kind must be? */
static bool is_right_length(const struct option *option)
{
    static const uint8_t lengths[] = {[END] = 1, [NOP] = 1, [MSS] = 4, [WSCALE] = 3, [SACK_OK] = 2, [TIMESTAMP] = 10};
    if (option->kind == SACK)
        return option->bytes >= 10 && (option->bytes - 2) % 8 == 0;
    if (option->kind == FAST_OPEN)
        return option->bytes % 2 == 0 && option->bytes != 4 && option->bytes <= 18;
    return option->kind >= sizeof lengths || !lengths[option->kind] || lengths[option->kind] == option->bytes;
}

/* ---- The line ---- */

static void add_unknown(struct text *out, const struct dissect_view *view, const struct option *option)
{
    text_add(out, "unknown-%u", option->kind);
    for (size_t i = 2; i < option->bytes; i++)
        text_add(out, "%s%02x", i == 2 ? " 0x" : "", view->bytes[option->at + i]);
}

static void add_known(struct text *out, const struct dissect_view *view, const struct option *option,
                      uint32_t origin)
{
    const uint8_t *value = view->bytes + option->at + 2;
    switch (option->kind) {
    case END:
        text_add(out, "eol");
        break;
    case NOP:
        text_add(out, "nop");
        break;
    case MSS:
        text_add(out, "mss %u", bytes_u16(value));
        break;
    case WSCALE:
        text_add(out, "wscale %u", value[0]);
        break;
    case SACK_OK:
        text_add(out, "sackOK");
        break;
    case SACK:
        text_add(out, "sack %zu ", (option->bytes - 2) / 8);
        for (size_t i = 0; i + 8 <= option->bytes - 2; i += 8)
            text_add(out, "{%u:%u}", bytes_u32(value + i) - origin, bytes_u32(value + i + 4) - origin);
        break;
    case TIMESTAMP:
        text_add(out, "TS val %u ecr %u", bytes_u32(value), bytes_u32(value + 4));
        break;
    case FAST_OPEN:
        text_add(out, option->bytes > 2 ? "tfo  cookie " : "tfo  cookiereq");
        for (size_t i = 2; i < option->bytes; i++)
            text_add(out, "%02x", view->bytes[option->at + i]);
        break;
    default:
        add_unknown(out, view, option);
    }
}

void dissect_tcp_options_line(struct text *out, const struct dissect_view *view, uint32_t origin)
{
    struct option option;
    for (size_t at = 0; at < view->length_bytes; at += option.bytes) {
        if (at > 0)
            text_add(out, ",");
        if (!read_option(view, at, &option) || !is_right_length(&option)) {
            text_add(out, "[bad opt]");
            return;
        }
        add_known(out, view, &option, origin);
        if (option.kind == END)
            return;
    }
}

/* ---- The tree ---- */

static const char *kind_word(uint32_t kind)
{
    static const char *const words[] = {
        [END] = "End of Option List", [NOP] = "No-Operation",   [MSS] = "Maximum Segment Size",
        [WSCALE] = "Window Scale",    [SACK_OK] = "SACK Permitted", [SACK] = "SACK",
        [TIMESTAMP] = "Time Stamp Option", [FAST_OPEN] = "TCP Fast Open Cookie"};
    return kind < sizeof words / sizeof words[0] ? words[kind] : NULL;
}

/* Places count from the option's own beginning. */
static const struct dissect_row kind_row = {2, "tcp.option_kind", "Kind", 0, 8, DISSECT_AS_NUMBER, 0, kind_word};
static const struct dissect_row length_row = {2, "tcp.option_len", "Length", 8, 8, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row mss_row = {
    2, "tcp.options.mss_val", "MSS Value", 16, 16, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row shift_row = {
    2, "tcp.options.wscale.shift", "Shift count", 16, 8, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row multiplier_row = {
    2, "tcp.options.wscale.multiplier", "Multiplier", 16, 8, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row timestamp_rows[] = {
    {2, "tcp.options.timestamp.tsval", "Timestamp value", 16, 32, DISSECT_AS_NUMBER, 0, NULL},
    {2, "tcp.options.timestamp.tsecr", "Timestamp echo reply", 48, 32, DISSECT_AS_NUMBER, 0, NULL},
};

static const struct dissect_row cookie_row = {.depth = 2, .name = "tcp.options.tfo.cookie", .label = "Fast Open Cookie"};

/* The option's own row: its name under Wireshark's filter, and what it says in short. */
static void add_head(struct dissect_tree *tree, const struct dissect_view *view, const struct option *option)
{
    static const struct {
        const char *name, *label;
    } names[] = {[END] = {"tcp.options.eol", "TCP Option - End of Option List"},
                 [NOP] = {"tcp.options.nop", "TCP Option - No-Operation (NOP)"},
                 [MSS] = {"tcp.options.mss", "TCP Option - Maximum segment size"},
                 [WSCALE] = {"tcp.options.wscale", "TCP Option - Window scale"},
                 [SACK_OK] = {"tcp.options.sack_perm", "TCP Option - SACK permitted"},
                 [SACK] = {"tcp.options.sack", "TCP Option - SACK"},
                 [TIMESTAMP] = {"tcp.options.timestamp", "TCP Option - Timestamps"},
                 [FAST_OPEN] = {"tcp.options.tfo", "TCP Option - TCP Fast Open"}};
    bool is_known = option->kind < sizeof names / sizeof names[0] && names[option->kind].name;
    struct dissect_row row = {.depth = 1,
                              .name = is_known ? names[option->kind].name : "tcp.options.unknown",
                              .label = is_known ? names[option->kind].label : "TCP Option - Unknown"};
    dissect_bytes(tree, view, &row, 0, option->bytes);
}

static void add_ranges(struct dissect_tree *tree, const struct dissect_view *view, size_t bytes,
                       uint32_t origin)
{
    struct dissect_row edge = {.depth = 2, .bits = 32};
    for (uint32_t at = 2; at + 8 <= bytes; at += 8) {
        edge.bit = at * 8;
        edge.name = "tcp.options.sack_le";
        edge.label = "Left edge";
        dissect_add(tree, view, &edge, "%u", bytes_u32(view->bytes + at) - origin);
        edge.bit += 32;
        edge.name = "tcp.options.sack_re";
        edge.label = "Right edge";
        dissect_add(tree, view, &edge, "%u", bytes_u32(view->bytes + at + 4) - origin);
    }
}

static void add_value(struct dissect_tree *tree, const struct dissect_view *view, const struct option *option,
                      uint32_t origin)
{
    switch (option->kind) {
    case MSS:
        dissect_rows(tree, view, &mss_row, 1);
        break;
    case WSCALE:
        dissect_rows(tree, view, &shift_row, 1);
        dissect_add(tree, view, &multiplier_row, "%u", view->bytes[2] <= 14 ? 1u << view->bytes[2] : 1u << 14);
        break;
    case SACK:
        add_ranges(tree, view, option->bytes, origin);
        break;
    case TIMESTAMP:
        dissect_rows(tree, view, timestamp_rows, 2);
        break;
    case FAST_OPEN:
        if (option->bytes > 2)
            dissect_bytes(tree, view, &cookie_row, 2, option->bytes - 2u);
        break;
    default:
        break;
    }
}

void dissect_tcp_options_tree(struct dissect_tree *tree, const struct dissect_view *view, uint32_t origin)
{
    struct option option;
    for (size_t at = 0; at < view->length_bytes; at += option.bytes) {
        struct dissect_view here = dissect_inside(view, at);
        if (!read_option(view, at, &option) || !is_right_length(&option)) {
            dissect_malformed(tree, &here, "the option's length cannot be right");
            return;
        }
        add_head(tree, &here, &option);
        dissect_rows(tree, &here, &kind_row, 1);
        if (option.bytes > 1)
            dissect_rows(tree, &here, &length_row, 1);
        add_value(tree, &here, &option, origin);
        if (option.kind == END)
            return;
    }
}

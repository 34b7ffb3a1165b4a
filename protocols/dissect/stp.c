/* SPDX-License-Identifier: MIT
 * What is inside a frame with a length: the LLC header, and BPDUs behind it, in tcpdump's and Wireshark's
 * words. The formats are in bridge/bpdu.h. IEEE 802.2, IEEE 802.1D-1998 clause 9. */
#include "protocols/dissect/parts.h"

#include "protocols/bridge/bpdu.h"
#include "sim/base/bytes.h"

/* ---- LLC: who inside the station is meant ---- */

static const char *sap_word(uint32_t sap)
{
    return sap == BPDU_LLC_SAP ? "Spanning Tree BPDU" : sap == 0xaa ? "SNAP" : NULL;
}

static const char *control_word(uint32_t control)
{
    return control == BPDU_LLC_CONTROL ? "U, func=UI" : NULL;
}

static const struct dissect_row llc_rows[] = {
    {1, "llc.dsap", "DSAP", 0, 8, DISSECT_AS_HEX, 0, sap_word},
    {1, "llc.ssap", "SSAP", 8, 8, DISSECT_AS_HEX, 0, sap_word},
    {1, "llc.control", "Control field", 16, 8, DISSECT_AS_HEX, 0, control_word},
};

const struct dissector *dissect_llc_find(const struct dissect_view *view)
{
    const uint8_t *b = view->bytes;
    if (view->length_bytes < BPDU_LLC_BYTES || b[0] != b[1] || b[2] != BPDU_LLC_CONTROL)
        return NULL;
    return dissect_find(DISSECT_BY_LLC_SAP, b[0]);
}

void dissect_llc_tree(struct dissect_tree *tree, const struct dissect_view *view)
{
    dissect_protocol(tree, view, "llc", "Logical-Link Control", BPDU_LLC_BYTES);
    if (!dissect_rows(tree, view, llc_rows, 3))
        return;
    const struct dissector *row = dissect_llc_find(view);
    struct dissect_view inside = dissect_inside(view, BPDU_LLC_BYTES);
    if (row)
        row->tree(tree, &inside);
    else
        dissect_data(tree, &inside);
}

/* ---- The line ---- */

static void add_flags(struct text *out, unsigned flags)
{
    static const struct {
        unsigned bit;
        const char *word;
    } words[] = {{BPDU_FLAG_TC, "Topology change"},
                 {0x02, "Proposal"},
                 {0x10, "Learn"},
                 {0x20, "Forward"},
                 {0x40, "Agreement"},
                 {BPDU_FLAG_TC_ACK, "Topology change ACK"}};
    const char *before = "";
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (flags & words[i].bit) {
            text_add(out, "%s%s", before, words[i].word);
            before = ", ";
        }
    if (!*before)
        text_add(out, "none");
}

static void add_config(struct text *out, const struct dissect_view *view)
{
    const uint8_t *b = view->bytes;
    char bridge[BRIDGE_ID_TEXT_SIZE];
    bridge_id_format((struct bridge_id){(uint64_t)bytes_u32(b + 17) << 32 | bytes_u32(b + 21)}, bridge);
    text_add(out, ", Config, Flags [");
    add_flags(out, b[4]);
    text_add(out, "], bridge-id %s.%04x, length %zu", bridge, bytes_u16(b + 25), view->length_bytes);
}

void dissect_stp_line(struct text *out, const struct dissect_view *view)
{
    const uint8_t *b = view->bytes;
    if (view->length_bytes < BPDU_TCN_BYTES) {
        text_add(out, "[|stp]");
        return;
    }
    if (bytes_u16(b) != 0) {
        text_add(out, "unknown STP version, length %zu", view->length_bytes);
        return;
    }
    text_add(out, b[2] == 0 ? "STP 802.1d" : b[2] == 2 ? "STP 802.1w" : "STP version %u", b[2]);
    if (b[3] == BPDU_TCN)
        text_add(out, ", Topology Change");
    else if (b[3] != BPDU_CONFIG)
        text_add(out, ", Unknown BPDU Type (0x%02x), length %zu", b[3], view->length_bytes);
    else if (view->length_bytes < BPDU_CONFIG_BYTES)
        text_add(out, ", Config [|stp]");
    else
        add_config(out, view);
}

/* ---- The tree ---- */

static const char *protocol_word(uint32_t protocol)
{
    return protocol == 0 ? "Spanning Tree Protocol" : NULL;
}

static const char *version_word(uint32_t version)
{
    return version == 0 ? "Spanning Tree" : version == 2 ? "Rapid Spanning Tree" : NULL;
}

static const char *type_word(uint32_t type)
{
    return type == BPDU_CONFIG ? "Configuration" : type == BPDU_TCN ? "Topology Change Notification" : NULL;
}

static const struct dissect_row head_rows[] = {
    {1, "stp.protocol", "Protocol Identifier", 0, 16, DISSECT_AS_HEX, 0, protocol_word},
    {1, "stp.version", "Protocol Version Identifier", 16, 8, DISSECT_AS_NUMBER, 0, version_word},
    {1, "stp.type", "BPDU Type", 24, 8, DISSECT_AS_HEX, 0, type_word},
};

static const struct dissect_row config_rows[] = {
    {1, "stp.flags", "BPDU flags", 32, 8, DISSECT_AS_HEX, 0, NULL},
    {2, "stp.flags.tcack", "Topology Change Acknowledgment", 32, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "stp.flags.tc", "Topology Change", 39, 1, DISSECT_AS_FLAG, 0, NULL},
    {1, "stp.root.prio", "Root Bridge Priority", 40, 4, DISSECT_AS_NUMBER, 0, NULL},
    {1, "stp.root.ext", "Root Bridge System ID Extension", 44, 12, DISSECT_AS_NUMBER, 0, NULL},
    {1, "stp.root.hw", "Root Bridge System ID", 56, 48, DISSECT_AS_MAC, 0, NULL},
    {1, "stp.root.cost", "Root Path Cost", 104, 32, DISSECT_AS_NUMBER, 0, NULL},
    {1, "stp.bridge.prio", "Bridge Priority", 136, 4, DISSECT_AS_NUMBER, 0, NULL},
    {1, "stp.bridge.ext", "Bridge System ID Extension", 140, 12, DISSECT_AS_NUMBER, 0, NULL},
    {1, "stp.bridge.hw", "Bridge System ID", 152, 48, DISSECT_AS_MAC, 0, NULL},
    {1, "stp.port", "Port identifier", 200, 16, DISSECT_AS_HEX, 0, NULL},
};

/* Sixteen bits of 1/256 s each. */
static const struct dissect_row time_rows[] = {
    {1, "stp.msg_age", "Message Age", 216, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "stp.max_age", "Max Age", 232, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "stp.hello", "Hello Time", 248, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "stp.forward", "Forward Delay", 264, 16, DISSECT_AS_NUMBER, 0, NULL},
};

static void add_times(struct dissect_tree *tree, const struct dissect_view *view)
{
    for (size_t i = 0; i < sizeof time_rows / sizeof time_rows[0]; i++) {
        if (time_rows[i].bit + 16u > view->length_bytes * 8) {
            dissect_malformed(tree, view, "the bytes end before the header does");
            return;
        }
        uint32_t units = dissect_bits(view, time_rows[i].bit, 16);
        if (units % 256 == 0)
            dissect_add(tree, view, &time_rows[i], "%u", units / 256);
        else
            dissect_add(tree, view, &time_rows[i], "%u.%03u", units / 256, units % 256 * 1000 / 256);
    }
}

void dissect_stp_tree(struct dissect_tree *tree, const struct dissect_view *view)
{
    dissect_protocol(tree, view, "stp", "Spanning Tree Protocol", view->length_bytes);
    if (!dissect_rows(tree, view, head_rows, 3) || view->bytes[3] != BPDU_CONFIG)
        return;
    if (!dissect_rows(tree, view, config_rows, 3))
        return;
    /* Priorities are shown with their twelve lower bits apart, as multiples of 4096. */
    static const struct dissect_row *const rows = config_rows;
    for (size_t i = 3; i < sizeof config_rows / sizeof config_rows[0]; i++) {
        bool is_priority = rows[i].bits == 4;
        if (!is_priority && !dissect_rows(tree, view, &rows[i], 1))
            return;
        if (is_priority && rows[i].bit + 4u <= view->length_bytes * 8)
            dissect_add(tree, view, &rows[i], "%u", dissect_bits(view, rows[i].bit, 4) << 12);
    }
    add_times(tree, view);
}

struct dissect_label dissect_stp_label(const struct dissect_view *view)
{
    struct dissect_label label = {"STP", DISSECT_STP};
    bool is_whole = view->length_bytes >= BPDU_TCN_BYTES &&
                    (view->bytes[3] != BPDU_CONFIG || view->length_bytes >= BPDU_CONFIG_BYTES);
    if (!is_whole)
        label.kind = DISSECT_MALFORMED;
    return label;
}

/* SPDX-License-Identifier: MIT
 * Where dissecting begins: the Ethernet frame, and the three questions that can be asked about it. IEEE
 * 802.3 3.1 to 3.2. */
#include "protocols/dissect/parts.h"

#include "protocols/bridge/bpdu.h"
#include "protocols/ethernet/frame.h"
#include "sim/base/crc32.h"

/* The frame without its check sequence, as the outermost view. */
static struct dissect_view view_of(const uint8_t *bytes, size_t length_bytes,
                                   const struct dissect_options *options)
{
    bool has_fcs = options->has_fcs && length_bytes >= ETHERNET_FCS;
    return (struct dissect_view){.frame = bytes,
                                 .bytes = bytes,
                                 .length_bytes = has_fcs ? length_bytes - ETHERNET_FCS : length_bytes,
                                 .with_link = options->with_link,
                                 .flows = options->flows};
}

struct dissect_view dissect_inside(const struct dissect_view *view, size_t count)
{
    struct dissect_view inside = *view;
    size_t skip = count < view->length_bytes ? count : view->length_bytes;
    inside.bytes += skip;
    inside.length_bytes -= skip;
    inside.nesting++;
    return inside;
}

/* What is behind the Ethernet header: without the padding, where the header says how long it is. */
static struct dissect_view data_of(const struct dissect_view *view, uint16_t type_or_length)
{
    struct dissect_view data = dissect_inside(view, ETHERNET_HEADER);
    if (ethernet_meaning(type_or_length) == ETHERNET_IS_LENGTH && type_or_length < data.length_bytes)
        data.length_bytes = type_or_length;
    return data;
}

/* Who can read that: found by its type, or by the LLC header that follows a length; NULL: nobody here. Moves
 * `data` to where that begins. */
static const struct dissector *find_inside(uint16_t type_or_length, struct dissect_view *data)
{
    if (ethernet_meaning(type_or_length) == ETHERNET_IS_TYPE)
        return dissect_find(DISSECT_BY_ETHERNET_TYPE, type_or_length);
    if (ethernet_meaning(type_or_length) != ETHERNET_IS_LENGTH)
        return NULL;
    const struct dissector *row = dissect_llc_find(data);
    if (row)
        *data = dissect_inside(data, BPDU_LLC_BYTES);
    return row;
}

/* ---- The line ---- */

/* The names that tcpdump has for types that we cannot read further. */
static const char *type_word(uint16_t type)
{
    switch (type) {
    case ETHERNET_TYPE_IPV4:
        return "IPv4";
    case ETHERNET_TYPE_ARP:
        return "ARP";
    case ETHERNET_TYPE_VLAN:
        return "802.1Q";
    case ETHERNET_TYPE_IPV6:
        return "IPv6";
    default:
        return "Unknown";
    }
}

/* "02:...:01 > 02:...:02, ethertype Unknown (0x88b5), length 60", as tcpdump -e, and without -e for what it
 * cannot read. */
static void add_link(struct text *out, const struct ethernet_header *header, size_t frame_bytes)
{
    char source[MAC_TEXT_SIZE], destination[MAC_TEXT_SIZE];
    mac_format(header->source, source);
    mac_format(header->destination, destination);
    text_add(out, "%s > %s", source, destination);
    if (ethernet_meaning(header->type_or_length) == ETHERNET_IS_LENGTH)
        text_add(out, ", 802.3, length %u", header->type_or_length);
    else
        text_add(out, ", ethertype %s (0x%04x), length %zu", type_word(header->type_or_length),
                 header->type_or_length, frame_bytes);
}

void dissect_line(struct text *out, const uint8_t *bytes, size_t length_bytes,
                  const struct dissect_options *options)
{
    struct dissect_view view = view_of(bytes, length_bytes, options);
    struct reader reader = reader_over(view.bytes, view.length_bytes);
    struct ethernet_header header;
    if (!ethernet_parse(&reader, &header)) {
        text_add(out, "[|ether]");
        return;
    }
    struct dissect_view data = data_of(&view, header.type_or_length);
    const struct dissector *inside = find_inside(header.type_or_length, &data);
    if (view.with_link || !inside)
        add_link(out, &header, view.length_bytes);
    if (!inside)
        return;
    if (view.with_link)
        text_add(out, ": ");
    inside->line(out, &data);
}

void dissect_line_ipv4(struct text *out, const uint8_t *bytes, size_t length_bytes)
{
    struct dissect_view view = {.frame = bytes, .bytes = bytes, .length_bytes = length_bytes};
    dissect_ipv4_line(out, &view);
}

/* ---- The tree ---- */

static const char *type_label(uint32_t type)
{
    return type == ETHERNET_TYPE_VLAN ? "802.1Q Virtual LAN" : type_word((uint16_t)type);
}

static const struct dissect_row address_rows[] = {
    {1, "eth.dst", "Destination", 0, 48, DISSECT_AS_MAC, 0, NULL},
    {1, "eth.src", "Source", 48, 48, DISSECT_AS_MAC, 0, NULL},
};
static const struct dissect_row type_row = {1, "eth.type", "Type", 96, 16, DISSECT_AS_HEX, 0, type_label};
static const struct dissect_row length_row = {1, "eth.len", "Length", 96, 16, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row padding_row = {1, "eth.padding", "Padding", 0, 0, DISSECT_AS_HEX, 0, NULL};

/* The number that the check sequence is has its least significant byte first on the wire, IEEE 802.3 3.2.9.
 * It is shown as the bytes stand there, as Wireshark does. */
static void add_fcs(struct dissect_tree *tree, const struct dissect_view *view)
{
    const uint8_t *at = view->bytes + view->length_bytes;
    uint32_t computed = crc32_of(view->bytes, view->length_bytes);
    bool is_good = bytes_u32(at) == __builtin_bswap32(computed);
    struct dissect_row fcs = {1, "eth.fcs", "Frame check sequence", 0, 32, DISSECT_AS_HEX, 0, NULL};
    struct dissect_row status = {1, "eth.fcs.status", "FCS Status", 0, 0, DISSECT_AS_NUMBER, 0, NULL};
    fcs.bit = status.bit = (uint32_t)view->length_bytes * 8;
    dissect_add(tree, view, &fcs, "0x%08x", bytes_u32(at));
    dissect_add(tree, view, &status, is_good ? "Good" : "Bad");
}

void dissect_tree(struct dissect_tree *tree, const uint8_t *bytes, size_t length_bytes,
                  const struct dissect_options *options)
{
    struct dissect_view view = view_of(bytes, length_bytes, options);
    tree->count = 0;
    tree->is_cut = false;
    dissect_protocol(tree, &view, "eth", "Ethernet II", ETHERNET_HEADER);
    if (!dissect_rows(tree, &view, address_rows, 2))
        return;
    uint16_t type = view.length_bytes >= ETHERNET_HEADER ? bytes_u16(view.bytes + 2 * MAC_BYTES) : 0;
    bool is_length = ethernet_meaning(type) == ETHERNET_IS_LENGTH;
    if (!dissect_rows(tree, &view, is_length ? &length_row : &type_row, 1))
        return;
    struct dissect_view inside = data_of(&view, type), data = inside;
    const struct dissector *row = find_inside(type, &data);
    size_t extent = row && row->extent ? row->extent(&inside) : inside.length_bytes;
    size_t all = dissect_inside(&view, ETHERNET_HEADER).length_bytes;
    if (extent < all)
        dissect_bytes(tree, &view, &padding_row, ETHERNET_HEADER + extent, all - extent);
    if (view.length_bytes < length_bytes)
        add_fcs(tree, &view);
    if (is_length && inside.length_bytes > 0)
        dissect_llc_tree(tree, &inside);
    else if (row)
        row->tree(tree, &inside);
    else
        dissect_data(tree, &inside);
}

/* ---- The label ---- */

struct dissect_label dissect_label(const uint8_t *bytes, size_t length_bytes,
                                   const struct dissect_options *options)
{
    struct dissect_view view = view_of(bytes, length_bytes, options);
    if (view.length_bytes < ETHERNET_HEADER)
        return (struct dissect_label){"BAD", DISSECT_MALFORMED};
    uint16_t type = bytes_u16(view.bytes + 2 * MAC_BYTES);
    struct dissect_view data = data_of(&view, type);
    const struct dissector *row = find_inside(type, &data);
    return row ? row->label(&data) : (struct dissect_label){"ETH", DISSECT_OTHER};
}

/* SPDX-License-Identifier: MIT
 * IPv4 datagrams, in tcpdump's and Wireshark's words. The format is in ipv4/header.h. RFC 791. */
#include "protocols/dissect/parts.h"

#include "sim/base/bytes.h"
#include "sim/base/sum16.h"

const char *dissect_ipv4_text(struct ipv4_address address, char ret_text[IPV4_TEXT_SIZE])
{
    ipv4_format(address, ret_text);
    return ret_text;
}

void dissect_add_ends(struct text *out, const struct dissect_view *view, size_t least_bytes)
{
    char source[IPV4_TEXT_SIZE], destination[IPV4_TEXT_SIZE];
    bool has_ports = view->length_bytes >= least_bytes;
    if (!view->ip)
        return;
    text_add(out, "%s", dissect_ipv4_text(view->ip->source, source));
    if (has_ports)
        text_add(out, ".%u", bytes_u16(view->bytes));
    text_add(out, " > %s", dissect_ipv4_text(view->ip->destination, destination));
    if (has_ports)
        text_add(out, ".%u", bytes_u16(view->bytes + 2));
    text_add(out, ": ");
}

static const char *protocol_word(uint32_t number)
{
    switch (number) {
    case IPV4_PROTOCOL_ICMP:
        return "ICMP";
    case IPV4_PROTOCOL_TCP:
        return "TCP";
    case IPV4_PROTOCOL_UDP:
        return "UDP";
    default:
        return NULL;
    }
}

/* The payload, as far as it is there. The header was peeked at, so its own bytes are. */
static struct dissect_view payload_of(const struct dissect_view *view, const struct ipv4_header *header)
{
    struct dissect_view whole = *view;
    if (header->total_bytes >= header->header_bytes && header->total_bytes < whole.length_bytes)
        whole.length_bytes = header->total_bytes;
    struct dissect_view payload = dissect_inside(&whole, header->header_bytes);
    payload.ip = header;
    return payload;
}

/* Who reads the payload: nobody, if it is not the first fragment or too deep inside. */
static const struct dissector *find_inside(const struct dissect_view *view, const struct ipv4_header *header)
{
    if (header->fragment_bytes > 0 || view->nesting >= DISSECT_DEPTH)
        return NULL;
    return dissect_find(DISSECT_BY_IPV4_PROTOCOL, header->protocol);
}

/* ---- The line ---- */

/* The complaints that tcpdump has about a header. False: it cannot be read at all. */
static bool is_readable(struct text *out, const struct dissect_view *view, struct ipv4_header *ret_header)
{
    if (view->length_bytes < IPV4_HEADER_MIN) {
        text_add(out, "[|ip]");
        return false;
    }
    unsigned version = view->bytes[0] >> 4;
    unsigned header_bytes = (view->bytes[0] & 15u) * 4u;
    if (version != 4)
        text_add(out, "wrong version %u", version);
    else if (header_bytes < IPV4_HEADER_MIN)
        text_add(out, "bad-hlen %u", header_bytes);
    else if (!ipv4_header_peek(view->bytes, view->length_bytes, ret_header))
        text_add(out, "[|ip]");
    else if (ret_header->total_bytes < header_bytes)
        text_add(out, "bad-len %u", ret_header->total_bytes);
    else
        return true;
    return false;
}

/* A piece that is not the first shows only whose it is: tcpdump takes the name from /etc/protocols. */
static void add_protocol_name(struct text *out, uint8_t protocol)
{
    if (protocol == IPV4_PROTOCOL_ICMP || protocol == IPV4_PROTOCOL_TCP || protocol == IPV4_PROTOCOL_UDP)
        text_add(out, "%s",
                 protocol == IPV4_PROTOCOL_ICMP  ? "icmp"
                 : protocol == IPV4_PROTOCOL_TCP ? "tcp"
                                                 : "udp");
    else
        text_add(out, "ip-proto-%u", protocol);
}

void dissect_ipv4_line(struct text *out, const struct dissect_view *view)
{
    char source[IPV4_TEXT_SIZE], destination[IPV4_TEXT_SIZE];
    struct ipv4_header header;
    if (!view->with_link)
        text_add(out, "IP ");
    if (!is_readable(out, view, &header))
        return;
    if (header.total_bytes > view->length_bytes)
        text_add(out, "truncated-ip - %zu bytes missing! ", header.total_bytes - view->length_bytes);
    const struct dissector *row = find_inside(view, &header);
    if (!row || !row->names_ports)
        text_add(out, "%s > %s: ", dissect_ipv4_text(header.source, source),
                 dissect_ipv4_text(header.destination, destination));
    struct dissect_view payload = payload_of(view, &header);
    if (row)
        row->line(out, &payload);
    else if (header.fragment_bytes > 0)
        add_protocol_name(out, header.protocol);
    else
        text_add(out, " ip-proto-%u %u", header.protocol, header.total_bytes - header.header_bytes);
}

/* ---- The tree ---- */

static const struct dissect_row rows_to_checksum[] = {
    {1, "ip.version", "Version", 0, 4, DISSECT_AS_NUMBER, 0, NULL},
    {1, "ip.hdr_len", "Header Length", 4, 4, DISSECT_AS_NUMBER, 4, NULL},
    {1, "ip.dsfield", "Differentiated Services Field", 8, 8, DISSECT_AS_HEX, 0, NULL},
    {2, "ip.dsfield.dscp", "Differentiated Services Codepoint", 8, 6, DISSECT_AS_NUMBER, 0, NULL},
    {2, "ip.dsfield.ecn", "Explicit Congestion Notification", 14, 2, DISSECT_AS_NUMBER, 0, NULL},
    {1, "ip.len", "Total Length", 16, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "ip.id", "Identification", 32, 16, DISSECT_AS_HEX, 0, NULL},
    {1, "ip.flags", "Flags", 48, 3, DISSECT_AS_HEX, 0, NULL},
    {2, "ip.flags.rb", "Reserved bit", 48, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "ip.flags.df", "Don't fragment", 49, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "ip.flags.mf", "More fragments", 50, 1, DISSECT_AS_FLAG, 0, NULL},
    {1, "ip.frag_offset", "Fragment Offset", 51, 13, DISSECT_AS_NUMBER, 8, NULL},
    {1, "ip.ttl", "Time to Live", 64, 8, DISSECT_AS_NUMBER, 0, NULL},
    {1, "ip.proto", "Protocol", 72, 8, DISSECT_AS_NUMBER, 0, protocol_word},
    {1, "ip.checksum", "Header Checksum", 80, 16, DISSECT_AS_HEX, 0, NULL},
};
static const struct dissect_row status_row = {
    1, "ip.checksum.status", "Header checksum status", 80, 0, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row address_rows[] = {
    {1, "ip.src", "Source Address", 96, 32, DISSECT_AS_IPV4, 0, NULL},
    {1, "ip.dst", "Destination Address", 128, 32, DISSECT_AS_IPV4, 0, NULL},
};
static const struct dissect_row options_row = {1, "ip.options", "Options", 160, 0, DISSECT_AS_HEX, 0, NULL};

static void add_status(struct dissect_tree *tree, const struct dissect_view *view,
                       const struct ipv4_header *header)
{
    bool is_good = sum16_fold(sum16_add(0, view->bytes, header->header_bytes)) == 0xffff;
    dissect_add(tree, view, &status_row, is_good ? "Good" : "Bad");
}

void dissect_ipv4_tree(struct dissect_tree *tree, const struct dissect_view *view)
{
    struct ipv4_header header;
    bool is_whole = ipv4_header_peek(view->bytes, view->length_bytes, &header);
    dissect_protocol(tree, view, "ip", "Internet Protocol Version 4",
                     is_whole ? header.header_bytes : IPV4_HEADER_MIN);
    if (!dissect_rows(tree, view, rows_to_checksum, sizeof rows_to_checksum / sizeof rows_to_checksum[0]))
        return;
    if (is_whole)
        add_status(tree, view, &header);
    if (!dissect_rows(tree, view, address_rows, 2))
        return;
    if (!is_whole || header.total_bytes < header.header_bytes) {
        dissect_malformed(tree, view, "version or lengths cannot be right");
        return;
    }
    dissect_bytes(tree, view, &options_row, IPV4_HEADER_MIN, header.options_bytes);
    const struct dissector *row = find_inside(view, &header);
    struct dissect_view payload = payload_of(view, &header);
    if (row)
        row->tree(tree, &payload);
    else
        dissect_data(tree, &payload);
}

/* ---- The label ---- */

struct dissect_label dissect_ipv4_label(const struct dissect_view *view)
{
    struct ipv4_header header;
    if (!ipv4_header_peek(view->bytes, view->length_bytes, &header))
        return (struct dissect_label){"BAD", DISSECT_MALFORMED};
    const struct dissector *row = find_inside(view, &header);
    struct dissect_view payload = payload_of(view, &header);
    if (row)
        return row->label(&payload);
    return header.fragment_bytes > 0 ? (struct dissect_label){"FRG", DISSECT_IPV4}
                                     : (struct dissect_label){"IP4", DISSECT_IPV4};
}

size_t dissect_ipv4_extent(const struct dissect_view *view)
{
    struct ipv4_header header;
    bool is_whole = ipv4_header_peek(view->bytes, view->length_bytes, &header);
    if (!is_whole || header.total_bytes < header.header_bytes || header.total_bytes > view->length_bytes)
        return view->length_bytes;
    return header.total_bytes;
}

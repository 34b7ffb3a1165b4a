/* SPDX-License-Identifier: MIT
 * TCP segments, in tcpdump's and Wireshark's words. RFC 9293 section 3.1; the options are in tcp_options.c.
 *
 * Where a view remembers conversations (flows.h), numbers are shown from their beginning. tcpdump shows the first
 * segment that it sees with an acknowledgment as it stands, and so does this. */
#include "protocols/dissect/parts.h"

#include "protocols/dissect/flows.h"
#include "protocols/net_layer.h"
#include "sim/base/sum16.h"

#define HEADER 20 /* bytes, without options */
#define PORTS 4   /* bytes: tcpdump shows ports as soon as they are there */

enum flag { FIN = 0x01, SYN = 0x02, RST = 0x04, PSH = 0x08, ACK = 0x10, URG = 0x20, ECE = 0x40, CWR = 0x80 };

/* What a header says, with its lengths judged. */
struct segment {
    uint32_t seq, ack;
    uint16_t flags; /* twelve bits */
    uint16_t window, urgent;
    size_t header_bytes; /* as it says; at least 20 and all there */
    size_t data_bytes;   /* of the datagram, even if the capture is shorter */
};

static size_t datagram_bytes(const struct dissect_view *view)
{
    return view->ip ? (size_t)view->ip->total_bytes - view->ip->header_bytes : view->length_bytes;
}

/* False: the header's length cannot be right, or it is not all here. */
static bool read_segment(const struct dissect_view *view, struct segment *ret)
{
    const uint8_t *bytes = view->bytes;
    if (view->length_bytes < HEADER)
        return false;
    size_t header_bytes = (size_t)(bytes[12] >> 4) * 4;
    if (header_bytes < HEADER || header_bytes > view->length_bytes)
        return false;
    *ret = (struct segment){.seq = bytes_u32(bytes + 4),
                            .ack = bytes_u32(bytes + 8),
                            .flags = bytes_u16(bytes + 12) & 0xfff,
                            .window = bytes_u16(bytes + 14),
                            .urgent = bytes_u16(bytes + 18),
                            .header_bytes = header_bytes};
    ret->data_bytes = datagram_bytes(view) > header_bytes ? datagram_bytes(view) - header_bytes : 0;
    return true;
}

/* ---- Conversations ---- */

/* Returns which end of `ret_ends` the sender is. */
static int ends_of(const struct dissect_view *view, struct dissect_ends *ret_ends)
{
    uint16_t from = bytes_u16(view->bytes), to = bytes_u16(view->bytes + 2);
    uint32_t source = view->ip->source.value, destination = view->ip->destination.value;
    int us = from > to || (from == to && source > destination);
    ret_ends->port[us] = from;
    ret_ends->port[!us] = to;
    ret_ends->address[us] = source;
    ret_ends->address[!us] = destination;
    return us;
}

/* The numbers to take off; both are 0 where none are known. */
struct origins {
    uint32_t ours, theirs;
};

/* Looks the segment's conversation up, and begins it if `begins` and nobody has: then it is shown as it stands. */
static struct origins origins_of(const struct dissect_view *view, const struct segment *segment, bool begins,
                                 const struct dissect_flow **ret_flow)
{
    struct origins origins = {0, 0};
    struct dissect_ends ends;
    *ret_flow = NULL;
    if (!view->flows || !view->ip || !(segment->flags & ACK))
        return origins;
    int us = ends_of(view, &ends);
    struct dissect_flow *flow = dissect_flows_find(view->flows, &ends);
    if (begins && (!flow || segment->flags & SYN)) {
        flow = dissect_flows_begin(view->flows, &ends);
        if (flow) {
            flow->origin[us] = segment->seq;
            flow->origin[!us] = segment->ack - 1;
        }
    } else if (flow) {
        origins = (struct origins){flow->origin[us], flow->origin[!us]};
    }
    *ret_flow = flow;
    return origins;
}

/* ---- The line ---- */

static void add_flags(struct text *out, uint16_t flags)
{
    static const char letters[] = "FSRP.UEWe"; /* from the lowest bit up */
    if (!(flags & 0x1ff))
        text_add(out, "none");
    for (int bit = 0; bit < 9; bit++)
        if (flags & 1u << bit)
            text_add_char(out, letters[bit]);
}

void dissect_tcp_line(struct text *out, const struct dissect_view *view)
{
    const struct dissect_flow *flow;
    struct segment segment;
    dissect_add_ends(out, view, PORTS);
    if (view->length_bytes >= HEADER && view->bytes[12] >> 4 < HEADER / 4) {
        text_add(out, " tcp %zu [bad hdr length %u, too short, < %d]",
                 datagram_bytes(view) - (view->bytes[12] >> 4) * 4u, (view->bytes[12] >> 4) * 4u, HEADER);
        return;
    }
    if (!read_segment(view, &segment)) {
        text_add(out, "[|tcp]");
        return;
    }
    struct origins origins = origins_of(view, &segment, true, &flow);
    uint32_t seq = segment.seq - origins.ours;
    text_add(out, "Flags [");
    add_flags(out, segment.flags);
    text_add(out, "]");
    if (segment.data_bytes > 0 || segment.flags & (SYN | FIN | RST))
        text_add(out, ", seq %u", seq);
    if (segment.data_bytes > 0)
        text_add(out, ":%u", seq + (uint32_t)segment.data_bytes);
    if (segment.flags & ACK)
        text_add(out, ", ack %u", segment.ack - origins.theirs);
    text_add(out, ", win %u", segment.window);
    if (segment.flags & URG)
        text_add(out, ", urg %u", segment.urgent);
    if (segment.header_bytes > HEADER) {
        struct dissect_view options = dissect_inside(view, HEADER);
        options.length_bytes = segment.header_bytes - HEADER;
        text_add(out, ", options [");
        dissect_tcp_options_line(out, &options, origins.theirs);
        text_add(out, "]");
    }
    text_add(out, ", length %zu", segment.data_bytes);
}

/* ---- The tree ---- */

static const struct dissect_row port_rows[] = {
    {1, "tcp.srcport", "Source Port", 0, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "tcp.dstport", "Destination Port", 16, 16, DISSECT_AS_NUMBER, 0, NULL},
};
static const struct dissect_row stream_row = {
    1, "tcp.stream", "Stream index", 0, 0, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row len_row = {1, "tcp.len", "TCP Segment Len", 0, 0, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row seq_rows[] = {
    {1, "tcp.seq", "Sequence Number", 32, 32, DISSECT_AS_NUMBER, 0, NULL},
    {1, "tcp.seq_raw", "Sequence Number (raw)", 32, 32, DISSECT_AS_NUMBER, 0, NULL},
    {1, "tcp.nxtseq", "Next Sequence Number", 0, 0, DISSECT_AS_NUMBER, 0, NULL},
    {1, "tcp.ack", "Acknowledgment Number", 64, 32, DISSECT_AS_NUMBER, 0, NULL},
    {1, "tcp.ack_raw", "Acknowledgment number (raw)", 64, 32, DISSECT_AS_NUMBER, 0, NULL},
};
static const struct dissect_row head_rows[] = {
    {1, "tcp.hdr_len", "Header Length", 96, 4, DISSECT_AS_NUMBER, 4, NULL},
    {1, "tcp.flags", "Flags", 100, 12, DISSECT_AS_HEX, 0, NULL},
    {2, "tcp.flags.res", "Reserved", 100, 3, DISSECT_AS_FLAG, 0, NULL},
    {2, "tcp.flags.ae", "Accurate ECN", 103, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "tcp.flags.cwr", "Congestion Window Reduced", 104, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "tcp.flags.ece", "ECN-Echo", 105, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "tcp.flags.urg", "Urgent", 106, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "tcp.flags.ack", "Acknowledgment", 107, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "tcp.flags.push", "Push", 108, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "tcp.flags.reset", "Reset", 109, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "tcp.flags.syn", "Syn", 110, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "tcp.flags.fin", "Fin", 111, 1, DISSECT_AS_FLAG, 0, NULL},
    {1, "tcp.window_size_value", "Window", 112, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "tcp.checksum", "Checksum", 128, 16, DISSECT_AS_HEX, 0, NULL},
};
static const struct dissect_row status_row = {
    1, "tcp.checksum.status", "Checksum Status", 128, 0, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row urgent_row = {
    1, "tcp.urgent_pointer", "Urgent Pointer", 144, 16, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row options_row = {
    1, "tcp.options", "Options", 160, 0, DISSECT_AS_HEX, 0, NULL};
static const struct dissect_row payload_row = {
    1, "tcp.payload", "TCP payload", 0, 0, DISSECT_AS_HEX, 0, NULL};

static void add_numbers(struct dissect_tree *tree, const struct dissect_view *view,
                        const struct segment *segment, struct origins origins)
{
    uint32_t seq = segment->seq - origins.ours;
    uint32_t octets =
        (uint32_t)segment->data_bytes + !!(segment->flags & SYN) + !!(segment->flags & FIN);
    dissect_add(tree, view, &len_row, "%zu", segment->data_bytes);
    dissect_add(tree, view, &seq_rows[0], "%u", seq);
    dissect_add(tree, view, &seq_rows[1], "%u", segment->seq);
    dissect_add(tree, view, &seq_rows[2], "%u", seq + octets);
    dissect_add(tree, view, &seq_rows[3], "%u", segment->ack - origins.theirs);
    dissect_add(tree, view, &seq_rows[4], "%u", segment->ack);
}

/* The checksum can be judged only with the addresses, and if all of the segment is here. */
static void add_status(struct dissect_tree *tree, const struct dissect_view *view)
{
    if (!view->ip || ipv4_is_fragment(view->ip) || datagram_bytes(view) != view->length_bytes)
        return;
    struct net_address source = net_from_ipv4(view->ip->source),
                       destination = net_from_ipv4(view->ip->destination);
    uint64_t sum = net_pseudo_sum(&source, &destination, IPV4_PROTOCOL_TCP, view->length_bytes);
    bool is_good = sum16_fold(sum16_add(sum, view->bytes, view->length_bytes)) == 0xffff;
    dissect_add(tree, view, &status_row, is_good ? "Good" : "Bad");
}

void dissect_tcp_tree(struct dissect_tree *tree, const struct dissect_view *view)
{
    const struct dissect_flow *flow;
    struct segment segment;
    bool is_whole = read_segment(view, &segment);
    dissect_protocol(tree, view, "tcp", "Transmission Control Protocol",
                     is_whole ? segment.header_bytes : HEADER);
    if (!dissect_rows(tree, view, port_rows, 2))
        return;
    if (!is_whole) {
        dissect_malformed(tree, view, "the header's length cannot be right, or bytes are missing");
        return;
    }
    struct origins origins = origins_of(view, &segment, false, &flow);
    if (flow)
        dissect_add(tree, view, &stream_row, "%u", flow->number);
    add_numbers(tree, view, &segment, origins);
    dissect_rows(tree, view, head_rows, sizeof head_rows / sizeof head_rows[0]);
    add_status(tree, view);
    dissect_rows(tree, view, &urgent_row, 1);
    struct dissect_view options = dissect_inside(view, HEADER);
    options.length_bytes = segment.header_bytes - HEADER;
    dissect_bytes(tree, view, &options_row, HEADER, options.length_bytes);
    options.depth++;
    dissect_tcp_options_tree(tree, &options, origins.theirs);
    dissect_bytes(tree, view, &payload_row, segment.header_bytes, view->length_bytes - segment.header_bytes);
}

/* ---- The label ---- */

struct dissect_label dissect_tcp_label(const struct dissect_view *view)
{
    struct segment segment;
    if (!read_segment(view, &segment))
        return (struct dissect_label){"TCP", DISSECT_MALFORMED};
    if (segment.flags & RST)
        return (struct dissect_label){"RST", DISSECT_TCP_RST};
    if (segment.flags & SYN)
        return (struct dissect_label){"SYN", DISSECT_TCP_SYN};
    if (segment.flags & FIN)
        return (struct dissect_label){"FIN", DISSECT_TCP_FIN};
    return segment.data_bytes > 0 ? (struct dissect_label){"DAT", DISSECT_TCP_DATA}
                                  : (struct dissect_label){"ACK", DISSECT_TCP_ACK};
}

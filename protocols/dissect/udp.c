/* SPDX-License-Identifier: MIT
 * UDP datagrams, in tcpdump's and Wireshark's words. The format is in udp/codec.h. RFC 768.
 *
 * What is inside is found by port, the destination's first: a row with DISSECT_BY_UDP_PORT in the registry.
 */
#include "protocols/dissect/parts.h"

#include "protocols/udp/codec.h"

static const struct dissector *find_inside(const struct dissect_view *view)
{
    if (view->nesting >= DISSECT_DEPTH || view->length_bytes <= UDP_HEADER)
        return NULL;
    const struct dissector *row = dissect_find(DISSECT_BY_UDP_PORT, bytes_u16(view->bytes + 2));
    return row ? row : dissect_find(DISSECT_BY_UDP_PORT, bytes_u16(view->bytes));
}

/* The data, as far as the length field and the bytes agree on it. The header must be there. */
static struct dissect_view payload_of(const struct dissect_view *view)
{
    struct dissect_view whole = *view;
    uint16_t length_bytes = bytes_u16(view->bytes + 4);
    if (length_bytes >= UDP_HEADER && length_bytes < whole.length_bytes)
        whole.length_bytes = length_bytes;
    return dissect_inside(&whole, UDP_HEADER);
}

/* ---- The line ---- */

void dissect_udp_line(struct text *out, const struct dissect_view *view)
{
    dissect_add_ends(out, view, UDP_HEADER);
    if (view->length_bytes < UDP_HEADER) {
        text_add(out, "[|udp]");
        return;
    }
    uint16_t length_bytes = bytes_u16(view->bytes + 4);
    size_t here_bytes =
        view->ip ? (size_t)view->ip->total_bytes - view->ip->header_bytes : view->length_bytes;
    const struct dissector *inside = find_inside(view);
    struct dissect_view payload = payload_of(view);
    if (length_bytes < UDP_HEADER)
        text_add(out, "truncated-udplength %u", length_bytes);
    else if (length_bytes > here_bytes && !(view->ip && ipv4_is_fragment(view->ip)))
        text_add(out, "UDP, bad length %u > %zu", length_bytes - UDP_HEADER, here_bytes - UDP_HEADER);
    else if (inside)
        inside->line(out, &payload);
    else
        text_add(out, "UDP, length %u", length_bytes - UDP_HEADER);
}

/* ---- The tree ---- */

static const struct dissect_row rows[] = {
    {1, "udp.srcport", "Source Port", 0, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "udp.dstport", "Destination Port", 16, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "udp.length", "Length", 32, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "udp.checksum", "Checksum", 48, 16, DISSECT_AS_HEX, 0, NULL},
};
static const struct dissect_row status_row = {
    1, "udp.checksum.status", "Checksum Status", 48, 0, DISSECT_AS_NUMBER, 0, NULL};

/* The checksum can be judged only with the addresses, and if all of the datagram is here. */
static void add_status(struct dissect_tree *tree, const struct dissect_view *view)
{
    const struct ipv4_header *ip = view->ip;
    struct udp_header unused;
    if (!ip || ipv4_is_fragment(ip) || (size_t)ip->total_bytes - ip->header_bytes != view->length_bytes)
        return;
    if (bytes_u16(view->bytes + 6) == 0) {
        dissect_add(tree, view, &status_row, "Not present");
        return;
    }
    struct net_address source = net_from_ipv4(ip->source), destination = net_from_ipv4(ip->destination);
    enum udp_reason reason = udp_parse(view->bytes, view->length_bytes, &source, &destination, &unused);
    if (reason == UDP_OK || reason == UDP_BAD_CHECKSUM)
        dissect_add(tree, view, &status_row, reason == UDP_OK ? "Good" : "Bad");
}

void dissect_udp_tree(struct dissect_tree *tree, const struct dissect_view *view)
{
    dissect_protocol(tree, view, "udp", "User Datagram Protocol", UDP_HEADER);
    if (!dissect_rows(tree, view, rows, sizeof rows / sizeof rows[0]))
        return;
    add_status(tree, view);
    if (bytes_u16(view->bytes + 4) < UDP_HEADER) {
        dissect_malformed(tree, view, "the length is less than the header's");
        return;
    }
    const struct dissector *inside = find_inside(view);
    struct dissect_view payload = payload_of(view);
    if (inside)
        inside->tree(tree, &payload);
    else
        dissect_data(tree, &payload);
}

/* ---- The label ---- */

struct dissect_label dissect_udp_label(const struct dissect_view *view)
{
    if (view->length_bytes < UDP_HEADER || bytes_u16(view->bytes + 4) < UDP_HEADER)
        return (struct dissect_label){"UDP", DISSECT_MALFORMED};
    const struct dissector *inside = find_inside(view);
    struct dissect_view payload = payload_of(view);
    return inside ? inside->label(&payload) : (struct dissect_label){"UDP", DISSECT_UDP};
}

/* SPDX-License-Identifier: MIT
 * ICMP messages, in tcpdump's and Wireshark's words. The format is in icmp/codec.h. RFC 792.
 *
 * An error quotes the datagram it is about: in the tree the quote is dissected like any datagram, one level
 * deeper. */
#include "protocols/dissect/parts.h"

#include "protocols/icmp/codec.h"
#include "sim/base/bytes.h"
#include "sim/base/sum16.h"

/* ---- The line ---- */

struct words_of_code {
    uint8_t code;
    const char *format; /* with the address that was meant */
};

static const struct words_of_code unreachable_words[] = {
    {ICMP_NET_UNREACHABLE, "net %s unreachable"},
    {ICMP_HOST_UNREACHABLE, "host %s unreachable"},
    {ICMP_SOURCE_ROUTE_FAILED, "%s unreachable - source route failed"},
    {6, "net %s unreachable - unknown"},
    {7, "host %s unreachable - unknown"},
    {9, "net %s unreachable - admin prohibited"},
    {10, "host %s unreachable - admin prohibited"},
    {ICMP_ADMINISTRATIVELY_PROHIBITED, "host %s unreachable - admin prohibited filter"},
};

static void add_port(struct text *out, const struct ipv4_header *quoted, const struct dissect_view *payload,
                     const char *target)
{
    if (payload->length_bytes < 4) {
        text_add(out, "[|icmp]");
        return;
    }
    uint16_t port = bytes_u16(payload->bytes + 2);
    if (quoted->protocol == IPV4_PROTOCOL_UDP)
        text_add(out, "%s udp port %u unreachable", target, port);
    else if (quoted->protocol == IPV4_PROTOCOL_TCP)
        text_add(out, "%s tcp port %u unreachable", target, port);
    else
        text_add(out, "%s protocol %u port %u unreachable", target, quoted->protocol, port);
}

static void add_by_code(struct text *out, uint8_t code, const char *target)
{
    for (size_t i = 0; i < sizeof unreachable_words / sizeof unreachable_words[0]; i++)
        if (unreachable_words[i].code == code) {
            text_add(out, unreachable_words[i].format, target);
            return;
        }
    text_add(out, "#%u %s unreachable", code, target);
}

/* The quoted datagram of an error, and its payload. False: there is none. */
static bool find_quote(const struct dissect_view *view, struct ipv4_header *ret_header,
                       struct dissect_view *ret_payload)
{
    struct dissect_view quote = dissect_inside(view, ICMP_HEADER);
    if (!ipv4_header_peek(quote.bytes, quote.length_bytes, ret_header))
        return false;
    *ret_payload = dissect_inside(&quote, ret_header->header_bytes);
    return true;
}

static void add_unreachable(struct text *out, const struct dissect_view *view)
{
    char target[IPV4_TEXT_SIZE];
    struct ipv4_header quoted;
    struct dissect_view payload;
    uint8_t code = view->bytes[1];
    if (!find_quote(view, &quoted, &payload)) {
        text_add(out, "[|icmp]");
        return;
    }
    dissect_ipv4_text(quoted.destination, target);
    uint16_t mtu = bytes_u16(view->bytes + 6); /* RFC 1191 4 */
    if (code == ICMP_PROTOCOL_UNREACHABLE)
        text_add(out, "%s protocol %u unreachable", target, quoted.protocol);
    else if (code == ICMP_PORT_UNREACHABLE)
        add_port(out, &quoted, &payload, target);
    else if (code == ICMP_FRAGMENTATION_NEEDED && mtu)
        text_add(out, "%s unreachable - need to frag (mtu %u)", target, mtu);
    else if (code == ICMP_FRAGMENTATION_NEEDED)
        text_add(out, "%s unreachable - need to frag", target);
    else
        add_by_code(out, code, target);
}

static void add_redirect(struct text *out, const struct dissect_view *view)
{
    char target[IPV4_TEXT_SIZE], gateway[IPV4_TEXT_SIZE];
    struct ipv4_header quoted;
    struct dissect_view payload;
    if (!find_quote(view, &quoted, &payload)) {
        text_add(out, "[|icmp]");
        return;
    }
    dissect_ipv4_text((struct ipv4_address){bytes_u32(view->bytes + 4)}, gateway);
    text_add(out, "redirect %s to %s %s", dissect_ipv4_text(quoted.destination, target),
             view->bytes[1] == 1 ? "host" : "net", gateway);
}

static void add_identified(struct text *out, const struct dissect_view *view, const char *words,
                           const char *comma)
{
    uint32_t rest = bytes_u32(view->bytes + 4);
    text_add(out, "%s%s id %u%s seq %u", words, comma, icmp_echo_id(rest), comma, icmp_echo_sequence(rest));
}

static void add_time_exceeded(struct text *out, uint8_t code)
{
    if (code == ICMP_TTL_EXCEEDED)
        text_add(out, "time exceeded in-transit");
    else if (code == ICMP_REASSEMBLY_EXCEEDED)
        text_add(out, "ip reassembly time exceeded");
    else
        text_add(out, "time exceeded-#%u", code);
}

static void add_parameter_problem(struct text *out, const struct dissect_view *view)
{
    if (view->bytes[1] == 0)
        text_add(out, "parameter problem - octet %u", view->bytes[4]);
    else
        text_add(out, "parameter problem - code %u", view->bytes[1]);
}

void dissect_icmp_line(struct text *out, const struct dissect_view *view)
{
    text_add(out, "ICMP ");
    if (view->length_bytes < ICMP_HEADER) {
        text_add(out, "[|icmp]");
        return;
    }
    switch (view->bytes[0]) {
    case ICMP_ECHO_REQUEST:
        add_identified(out, view, "echo request", ",");
        break;
    case ICMP_ECHO_REPLY:
        add_identified(out, view, "echo reply", ",");
        break;
    case ICMP_TIMESTAMP:
        add_identified(out, view, "time stamp query", "");
        break;
    case ICMP_TIMESTAMP_REPLY:
        add_identified(out, view, "time stamp reply", "");
        break;
    case ICMP_UNREACHABLE:
        add_unreachable(out, view);
        break;
    case ICMP_REDIRECT:
        add_redirect(out, view);
        break;
    case ICMP_TIME_EXCEEDED:
        add_time_exceeded(out, view->bytes[1]);
        break;
    case ICMP_PARAMETER_PROBLEM:
        add_parameter_problem(out, view);
        break;
    case ICMP_SOURCE_QUENCH:
        text_add(out, "source quench");
        break;
    default:
        text_add(out, "type-#%u", view->bytes[0]);
        break;
    }
    size_t bytes = view->ip ? (size_t)view->ip->total_bytes - view->ip->header_bytes : view->length_bytes;
    text_add(out, ", length %zu", bytes);
}

/* ---- The tree ---- */

static const char *type_word(uint32_t type)
{
    switch (type) {
    case ICMP_ECHO_REPLY:
        return "Echo (ping) reply";
    case ICMP_UNREACHABLE:
        return "Destination unreachable";
    case ICMP_SOURCE_QUENCH:
        return "Source quench (flow control)";
    case ICMP_REDIRECT:
        return "Redirect";
    case ICMP_ECHO_REQUEST:
        return "Echo (ping) request";
    case ICMP_TIME_EXCEEDED:
        return "Time-to-live exceeded";
    case ICMP_PARAMETER_PROBLEM:
        return "Parameter problem";
    case ICMP_TIMESTAMP:
        return "Timestamp request";
    case ICMP_TIMESTAMP_REPLY:
        return "Timestamp reply";
    default:
        return NULL;
    }
}

static const struct dissect_row head_rows[] = {
    {1, "icmp.type", "Type", 0, 8, DISSECT_AS_NUMBER, 0, type_word},
    {1, "icmp.code", "Code", 8, 8, DISSECT_AS_NUMBER, 0, NULL},
    {1, "icmp.checksum", "Checksum", 16, 16, DISSECT_AS_HEX, 0, NULL},
};
static const struct dissect_row status_row = {
    1, "icmp.checksum.status", "Checksum Status", 16, 0, DISSECT_AS_NUMBER, 0, NULL};
static const struct dissect_row echo_rows[] = {
    {1, "icmp.ident", "Identifier", 32, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "icmp.seq", "Sequence Number", 48, 16, DISSECT_AS_NUMBER, 0, NULL},
};
static const struct dissect_row timestamp_rows[] = {
    {1, "icmp.originate_timestamp", "Originate Timestamp", 64, 32, DISSECT_AS_NUMBER, 0, NULL},
    {1, "icmp.receive_timestamp", "Receive Timestamp", 96, 32, DISSECT_AS_NUMBER, 0, NULL},
    {1, "icmp.transmit_timestamp", "Transmit Timestamp", 128, 32, DISSECT_AS_NUMBER, 0, NULL},
};
static const struct dissect_row unused_row = {1, "icmp.unused", "Unused", 32, 32, DISSECT_AS_HEX, 0, NULL};
static const struct dissect_row gateway_row = {
    1, "icmp.redir_gw", "Gateway address", 32, 32, DISSECT_AS_IPV4, 0, NULL};
static const struct dissect_row pointer_row = {1, "icmp.pointer",    "Pointer", 32,
                                               8, DISSECT_AS_NUMBER, 0,         NULL};
static const struct dissect_row mtu_rows[] = {
    {1, "icmp.unused", "Unused", 32, 16, DISSECT_AS_HEX, 0, NULL},
    {1, "icmp.mtu", "MTU of next hop", 48, 16, DISSECT_AS_NUMBER, 0, NULL},
};

/* The checksum can be judged only if the whole message is here: not in a quote, a fragment or a cut capture.
 */
static void add_status(struct dissect_tree *tree, const struct dissect_view *view)
{
    const struct ipv4_header *ip = view->ip;
    if (view->is_quoted) {
        dissect_add(tree, view, &status_row, "Unverified");
        return;
    }
    if (!ip || ipv4_is_fragment(ip) || (size_t)ip->total_bytes - ip->header_bytes != view->length_bytes)
        return;
    bool is_good = sum16_fold(sum16_add(0, view->bytes, view->length_bytes)) == 0xffff;
    dissect_add(tree, view, &status_row, is_good ? "Good" : "Bad");
}

/* The second word of an error means something else for every type. False: it is not there. */
static bool add_second_word(struct dissect_tree *tree, const struct dissect_view *view, uint8_t type,
                            uint8_t code)
{
    if (type == ICMP_REDIRECT)
        return dissect_rows(tree, view, &gateway_row, 1);
    if (type == ICMP_PARAMETER_PROBLEM)
        return dissect_rows(tree, view, &pointer_row, 1);
    if (type == ICMP_UNREACHABLE && code == ICMP_FRAGMENTATION_NEEDED)
        return dissect_rows(tree, view, mtu_rows, 2);
    return dissect_rows(tree, view, &unused_row, 1);
}

static void add_quote(struct dissect_tree *tree, const struct dissect_view *view)
{
    struct dissect_view quote = dissect_inside(view, ICMP_HEADER);
    quote.is_quoted = true;
    quote.depth++;
    quote.ip = NULL;
    if (quote.nesting < DISSECT_DEPTH)
        dissect_ipv4_tree(tree, &quote);
    else
        dissect_data(tree, &quote);
}

void dissect_icmp_tree(struct dissect_tree *tree, const struct dissect_view *view)
{
    dissect_protocol(tree, view, "icmp", "Internet Control Message Protocol", view->length_bytes);
    if (!dissect_rows(tree, view, head_rows, 3))
        return;
    add_status(tree, view);
    uint8_t type = view->bytes[0];
    size_t body_at = ICMP_HEADER;
    if (icmp_is_error(type)) {
        if (add_second_word(tree, view, type, view->bytes[1]))
            add_quote(tree, view);
        return;
    }
    bool is_timestamp = type == ICMP_TIMESTAMP || type == ICMP_TIMESTAMP_REPLY;
    if (type == ICMP_ECHO_REQUEST || type == ICMP_ECHO_REPLY || is_timestamp) {
        if (!dissect_rows(tree, view, echo_rows, 2))
            return;
        if (is_timestamp && !dissect_rows(tree, view, timestamp_rows, 3))
            return;
        body_at += is_timestamp ? 12 : 0;
    } else {
        body_at = 4;
    }
    struct dissect_view body = dissect_inside(view, body_at);
    body.depth++;
    dissect_data(tree, &body);
}

/* ---- The label ---- */

struct dissect_label dissect_icmp_label(const struct dissect_view *view)
{
    struct dissect_label label = {"ICM", DISSECT_ICMP_OTHER};
    if (view->length_bytes < ICMP_HEADER)
        label.kind = DISSECT_MALFORMED;
    else if (view->bytes[0] == ICMP_ECHO_REQUEST)
        label.kind = DISSECT_ICMP_ECHO_REQUEST;
    else if (view->bytes[0] == ICMP_ECHO_REPLY)
        label.kind = DISSECT_ICMP_ECHO_REPLY;
    else if (icmp_is_error(view->bytes[0]))
        label.kind = DISSECT_ICMP_ERROR;
    return label;
}

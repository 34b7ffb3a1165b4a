/* SPDX-License-Identifier: MIT
 * From bytes back to words: what would tcpdump, what would Wireshark say about this frame?
 *
 * Three depths of the same thing. The *label* is three letters and a kind, for a bar on a picture. The *line*
 * is one line in tcpdump's words, for a trace. The *tree* is every field with its place in the bytes, under
 * the names that Wireshark's filters use (`ip.ttl`), for an inspector.
 *
 *     dissect_line           "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46"
 *     dissect_tree           eth / eth.dst, eth.src, eth.type / arp / arp.opcode, arp.src.proto_ipv4, ...
 *     dissect_label          "ARP"
 *         |
 *     dissect/registry.c     a row per protocol: found by Ethernet type, IP protocol or port
 *         |
 *     dissect/ethernet.c, arp.c, ipv4.c, icmp.c, ...   one file per protocol
 *
 * A dissector knows nothing of any machine: it works on what a stranger captured, cut short, damaged or made
 * up. It reads by bounds-checked readers only, never recurses deeper than DISSECT_DEPTH, and says so where
 * bytes are missing. */
#ifndef NETARIUM_PROTOCOLS_DISSECT_DISSECT_H
#define NETARIUM_PROTOCOLS_DISSECT_DISSECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text;
struct dissect_flows; /* flows.h */

#define DISSECT_VALUE_SIZE 80 /* room for the text of one value */
#define DISSECT_DEPTH 8       /* protocols inside each other; deeper ones are shown as data */

struct dissect_options {
    bool has_fcs;   /* the last four bytes are the frame check sequence */
    bool with_link; /* begin with the Ethernet addresses, as tcpdump -e does */
    /* What the view has shown of conversations, so that numbers can be counted from their beginning. A line adds to
     * it, a tree only asks. NULL: numbers as they stand on the wire. */
    struct dissect_flows *flows;
};

/* One row of the tree, in Wireshark's order. A protocol's own row is at depth 0, its fields below it. */
struct dissect_field {
    uint8_t depth;                  /* 0 for a protocol, 1 for its fields, 2 for parts of these */
    const char *name;               /* Wireshark's filter name: "eth.dst"; constant */
    const char *label;              /* in words: "Destination"; constant */
    char value[DISSECT_VALUE_SIZE]; /* as shown: "02:00:00:00:00:02", "64", "Reply (2)" */
    uint32_t bit_offset;            /* from the first bit of the frame */
    uint32_t bit_length;            /* 0: computed, not in the bytes */
};

/* The caller's storage for a tree. */
struct dissect_tree {
    struct dissect_field *fields; /* room for `limit`; the first `count` are filled */
    size_t limit;
    size_t count;
    bool is_cut; /* there was no room for all */
};

/* What a frame is, for colour and shape. The words are dissect_kind_words. */
enum dissect_kind {
    DISSECT_OTHER,
    DISSECT_MALFORMED,
    DISSECT_ARP_REQUEST,
    DISSECT_ARP_REPLY,
    DISSECT_IPV4, /* a protocol above IPv4 that is not known here, or a fragment */
    DISSECT_ICMP_ECHO_REQUEST,
    DISSECT_ICMP_ECHO_REPLY,
    DISSECT_ICMP_ERROR,
    DISSECT_ICMP_OTHER,
    DISSECT_UDP,
    DISSECT_TCP_SYN,
    DISSECT_TCP_FIN,
    DISSECT_TCP_RST,
    DISSECT_TCP_DATA,
    DISSECT_TCP_ACK,
    DISSECT_STP, /* what bridges say to each other */
    DISSECT_RIP, /* what routers say to each other */
    DISSECT_DHCP /* addresses asked for and given */
};
extern const char *const dissect_kind_words[]; /* by enum dissect_kind, ended by NULL */

struct dissect_label {
    char text[4]; /* three capitals: "ARP", "ICM", "SYN", "DAT" */
    enum dissect_kind kind;
};

/* Appends one line (without a line end) about the Ethernet frame that begins at `bytes`. */
void dissect_line(struct text *out, const uint8_t *bytes, size_t length_bytes,
                  const struct dissect_options *options);

/* As dissect_line, for a bare IPv4 datagram: without a frame around it. */
void dissect_line_ipv4(struct text *out, const uint8_t *bytes, size_t length_bytes);

/* Fills `tree` (its `fields` and `limit` are set by the caller) with the fields of the Ethernet frame at
 * `bytes`. */
void dissect_tree(struct dissect_tree *tree, const uint8_t *bytes, size_t length_bytes,
                  const struct dissect_options *options);

/* The three letters and the kind of the Ethernet frame at `bytes`. */
struct dissect_label dissect_label(const uint8_t *bytes, size_t length_bytes,
                                   const struct dissect_options *options);

#endif

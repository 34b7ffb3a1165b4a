/* SPDX-License-Identifier: MIT
 * What the dissectors share: a view of bytes inside a frame, the registry's rows, and fields described by
 * tables.
 *
 * A header is mostly a list of fields at fixed places, so a dissector mostly *is* a table: name, label,
 * place, how to show it. dissect_rows goes through such a table. Only what is not a fixed field is code. Not
 * for outsiders. */
#ifndef NETARIUM_PROTOCOLS_DISSECT_PARTS_H
#define NETARIUM_PROTOCOLS_DISSECT_PARTS_H

#include "protocols/dissect/dissect.h"
#include "protocols/ipv4/header.h"
#include "sim/base/text.h"

/* The bytes of one protocol inside a frame. */
struct dissect_view {
    const uint8_t *frame;         /* where the frame begins: offsets count from here */
    const uint8_t *bytes;         /* where this protocol begins */
    size_t length_bytes;          /* bytes from there */
    unsigned nesting;             /* protocols around this one */
    uint8_t depth;                /* of this protocol's own row in the tree */
    bool with_link;               /* as in dissect_options */
    bool is_quoted;               /* an ICMP error around this quotes it: perhaps not whole, and long judged */
    struct dissect_flows *flows;  /* as in dissect_options */
    const struct ipv4_header *ip; /* the IPv4 header around this; NULL: none */
};

/* Which number finds a protocol. */
enum dissect_by {
    DISSECT_BY_ETHERNET_TYPE,
    DISSECT_BY_LLC_SAP,
    DISSECT_BY_IPV4_PROTOCOL,
    DISSECT_BY_UDP_PORT
};

/* A row of the registry: one protocol. */
struct dissector {
    enum dissect_by by;
    uint16_t key;     /* Ethernet type, LLC address, IP protocol, or port */
    bool names_ports; /* its line begins with addresses and ports, so IPv4 leaves them out */
    void (*line)(struct text *out, const struct dissect_view *view);
    void (*tree)(struct dissect_tree *tree, const struct dissect_view *view);
    struct dissect_label (*label)(const struct dissect_view *view);
    size_t (*extent)(
        const struct dissect_view *view); /* bytes that are its own, the rest is padding; NULL: all */
};

/* The row for a number, or NULL. */
const struct dissector *dissect_find(enum dissect_by by, uint16_t key);

/* What is left of a view behind its first `count` bytes (at most all), as the next protocol inside. */
struct dissect_view dissect_inside(const struct dissect_view *view, size_t count);

/* How a field is shown. */
enum dissect_as {
    DISSECT_AS_NUMBER, /* 64 */
    DISSECT_AS_HEX,    /* 0x0800, as many digits as the field has */
    DISSECT_AS_FLAG,   /* Set, Not set */
    DISSECT_AS_MAC,    /* 02:00:00:00:00:01; 48 bits, at a whole byte */
    DISSECT_AS_IPV4    /* 10.0.0.1; 32 bits, at a whole byte */
};

/* One field of a header at a fixed place. */
struct dissect_row {
    uint8_t depth;     /* 1: a field; 2: a part of the field above */
    const char *name;  /* Wireshark's */
    const char *label; /* in words */
    uint32_t bit;      /* from the start of the protocol */
    uint8_t bits;      /* up to 32; 48 for a MAC */
    enum dissect_as as;
    uint8_t scale;                       /* what one unit counts; 0 means 1 */
    const char *(*word)(uint32_t value); /* a name for the value: "Reply (2)"; NULL: none */
};

/* What is behind an LLC header: who reads it, or NULL. And the header's own part of a tree, with what is inside. */
const struct dissector *dissect_llc_find(const struct dissect_view *view);
void dissect_llc_tree(struct dissect_tree *tree, const struct dissect_view *view);

/* Adds the protocol's own row: "Internet Protocol Version 4". */
void dissect_protocol(struct dissect_tree *tree, const struct dissect_view *view, const char *name,
                      const char *label, size_t length_bytes);

/* Adds `count` rows from the table. False: the bytes ended before the table did, which is shown. */
bool dissect_rows(struct dissect_tree *tree, const struct dissect_view *view, const struct dissect_row *rows,
                  size_t count);

/* Adds one row with a value of the caller's making; only its name, label, depth and place are used. */
void dissect_add(struct dissect_tree *tree, const struct dissect_view *view, const struct dissect_row *row,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds a stretch of bytes, shown in hexadecimal as far as there is room. Nothing for an empty one. */
void dissect_bytes(struct dissect_tree *tree, const struct dissect_view *view, const struct dissect_row *row,
                   size_t first_byte, size_t length_bytes);

/* Adds what nobody here can read: Wireshark's "Data". */
void dissect_data(struct dissect_tree *tree, const struct dissect_view *view);

/* Adds a word of warning: the bytes end too early, or contradict themselves. */
void dissect_malformed(struct dissect_tree *tree, const struct dissect_view *view, const char *what);

/* Numbers of any width up to 32 bits. The bits must be there. */
uint32_t dissect_bits(const struct dissect_view *view, uint32_t bit, uint32_t bits);

/* The dissectors, for the registry. */
void dissect_arp_line(struct text *out, const struct dissect_view *view);
void dissect_arp_tree(struct dissect_tree *tree, const struct dissect_view *view);
struct dissect_label dissect_arp_label(const struct dissect_view *view);
size_t dissect_arp_extent(const struct dissect_view *view);

void dissect_stp_line(struct text *out, const struct dissect_view *view);
void dissect_stp_tree(struct dissect_tree *tree, const struct dissect_view *view);
struct dissect_label dissect_stp_label(const struct dissect_view *view);

void dissect_ipv4_line(struct text *out, const struct dissect_view *view);
void dissect_ipv4_tree(struct dissect_tree *tree, const struct dissect_view *view);
struct dissect_label dissect_ipv4_label(const struct dissect_view *view);
size_t dissect_ipv4_extent(const struct dissect_view *view);

void dissect_icmp_line(struct text *out, const struct dissect_view *view);
void dissect_icmp_tree(struct dissect_tree *tree, const struct dissect_view *view);
struct dissect_label dissect_icmp_label(const struct dissect_view *view);

void dissect_udp_line(struct text *out, const struct dissect_view *view);
void dissect_udp_tree(struct dissect_tree *tree, const struct dissect_view *view);
struct dissect_label dissect_udp_label(const struct dissect_view *view);

void dissect_tcp_line(struct text *out, const struct dissect_view *view);
void dissect_tcp_tree(struct dissect_tree *tree, const struct dissect_view *view);
struct dissect_label dissect_tcp_label(const struct dissect_view *view);

/* The options of a TCP header, which `view` is over: as tcpdump's line has them between brackets, and as rows.
 * The numbers of SACK ranges are shown less `origin`. */
void dissect_tcp_options_line(struct text *out, const struct dissect_view *view, uint32_t origin);
void dissect_tcp_options_tree(struct dissect_tree *tree, const struct dissect_view *view, uint32_t origin);

void dissect_echo_line(struct text *out, const struct dissect_view *view);
void dissect_echo_tree(struct dissect_tree *tree, const struct dissect_view *view);
struct dissect_label dissect_echo_label(const struct dissect_view *view);

void dissect_rip_line(struct text *out, const struct dissect_view *view);
void dissect_rip_tree(struct dissect_tree *tree, const struct dissect_view *view);
struct dissect_label dissect_rip_label(const struct dissect_view *view);

void dissect_dhcp_line(struct text *out, const struct dissect_view *view);
void dissect_dhcp_tree(struct dissect_tree *tree, const struct dissect_view *view);
struct dissect_label dissect_dhcp_label(const struct dissect_view *view);

/* "10.0.0.1.49152 > 10.0.0.2.7: ", of a transport whose header begins with two ports and has `least_bytes`; without ports
 * if it is not all there, and nothing without addresses. */
void dissect_add_ends(struct text *out, const struct dissect_view *view, size_t least_bytes);

/* "10.0.0.1", in storage of the caller. Returns it. */
const char *dissect_ipv4_text(struct ipv4_address address, char ret_text[IPV4_TEXT_SIZE]);

#endif

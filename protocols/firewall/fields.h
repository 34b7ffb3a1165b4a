/* SPDX-License-Identifier: MIT
 * What a rule can ask of a packet: each field is a number, and a question is whether that number is in a set.
 *
 *     tcp dport { 80, 443 }         the field "tcp dport", the ranges 80..80 and 443..443
 *     ip saddr != 10.0.0.0/8        the field "ip saddr", the range 10.0.0.0..10.255.255.255, negated
 *     ct state established,related  the field "ct state", the ranges 1..1 and 2..2
 *
 * A packet that does not have the field (the TCP port of a ping) does not match, negated or not: "tcp dport
 * != 80" says first of all that it is TCP. The words are nftables'. */
#ifndef NETARIUM_PROTOCOLS_FIREWALL_FIELDS_H
#define NETARIUM_PROTOCOLS_FIREWALL_FIELDS_H

#include "protocols/conntrack/conntrack.h"

/* A packet on the way through a chain. */
struct firewall_packet {
    const uint8_t *bytes; /* header first */
    size_t length_bytes;
    const struct ipv4_header *header;
    uint32_t in, out; /* interfaces; IPV4_NO_INTERFACE: none, or not known yet */
    uint64_t frame;
    struct flow_view view;
    const struct conntrack *conntrack; /* NULL: nobody asks for states */
};

/* How a value is written. */
enum firewall_value {
    FIREWALL_INTERFACE, /* "eth0" */
    FIREWALL_ADDRESS,   /* 10.0.0.0/8, 10.0.0.1-10.0.0.9 */
    FIREWALL_PORT,      /* 80, http, 1024-65535 */
    FIREWALL_NUMBER,    /* 0 to 255 */
    FIREWALL_PROTOCOL,  /* tcp, udp, icmp, or a number */
    FIREWALL_ICMP_TYPE, /* echo-request, ..., or a number */
    FIREWALL_STATE      /* new, established, related, invalid */
};

struct firewall_field {
    const char *first;  /* "tcp" */
    const char *second; /* "dport"; NULL: one word is all */
    enum firewall_value value;
    bool (*read)(const struct firewall_packet *packet, uint32_t *ret_value); /* false: it does not have one */
};
extern const struct firewall_field firewall_fields[]; /* ended by one without a first word */

/* A name for a number: services, protocols, types. */
struct firewall_name {
    const char *name;
    uint32_t number;
};
extern const struct firewall_name firewall_services[]; /* each ended by one without a name */
extern const struct firewall_name firewall_protocols[];
extern const struct firewall_name firewall_icmp_types[];
extern const struct firewall_name firewall_states[];

#endif

/* SPDX-License-Identifier: MIT
 * A NAT box on a hand-turned clock, and what it sends.
 *
 *     inside, interface 0: 10.0.0.4/24        outside, interface 1: 138.76.29.7/24
 *
 * The test makes datagrams arrive at an interface, and expects what leaves: by which interface, between which
 * ends. Of every datagram that leaves, all checksums are verified (checklist NAT-24). */
#ifndef NETARIUM_TESTS_PROTOCOLS_NAT_LAB_H
#define NETARIUM_TESTS_PROTOCOLS_NAT_LAB_H

#include "protocols/conntrack/defrag.h"
#include "protocols/icmp/icmp.h"
#include "protocols/nat/nat.h"
#include "tests/protocols/hand_env.h"

#define INSIDE 0
#define OUTSIDE 1
#define LAB_BYTES 4096
#define LAB_SENT 16

struct lab_sent {
    uint32_t interface;
    size_t length_bytes;
    uint8_t bytes[LAB_BYTES];
};

struct nat_lab {
    struct hand_env hand;
    struct ipv4 ip;
    struct icmp icmp;
    struct defrag defrag;
    struct nat nat;
    struct lab_sent sent[LAB_SENT];
    size_t sent_count, sent_taken;
    uint64_t sent_ever;
    bool forgets;       /* what is sent is verified and thrown away */
    bool takes_damaged; /* transport checksums are not verified */
    enum ipv4_reason last_reason;
};

/* A datagram that the test makes: ends, protocol, and what is particular about it. */
struct lab_packet {
    const char *from, *to; /* "10.0.0.1:3345"; ICMP queries: the identifier stands with the one who asks */
    uint8_t protocol;
    uint8_t tcp_flags;
    bool has_no_checksum; /* UDP: 0 */
    bool dont_fragment;
    uint8_t ttl;       /* 0: 64 */
    size_t data_bytes; /* behind the transport's header; 0: 4 */
};

/* NULL: the usual configuration. */
void lab_init(struct nat_lab *lab, const struct nat_config *config);

/* Fails if anything was sent that was not expected. */
void lab_release(struct nat_lab *lab);

/* Builds the datagram into `ret_bytes` (LAB_BYTES) and returns its length. */
size_t lab_build(const struct lab_packet *packet, uint8_t *ret_bytes);

/* It arrives at `interface`. */
void lab_hear(struct nat_lab *lab, uint32_t interface, const struct lab_packet *packet);
void lab_hear_bytes(struct nat_lab *lab, uint32_t interface, const uint8_t *bytes, size_t length_bytes);

/* An ICMP error from `reporter` arrives, about the `failed` datagram. */
void lab_hear_error(struct nat_lab *lab, uint32_t interface, const char *reporter, const char *to,
                    uint8_t type, uint8_t code, const uint8_t *failed, size_t failed_bytes);

/* The next that was sent left by `interface` and reads "UDP 138.76.29.7:5001 > 128.119.40.186:80" (ICMP
 * errors: "ICMP 3/3 1.2.3.4 > 138.76.29.7 about UDP ..."). Valid until the release. */
const struct lab_sent *lab_expect_at(struct nat_lab *lab, uint32_t interface, const char *line,
                                     const char *file, int number);
#define lab_expect(lab, interface, line) lab_expect_at((lab), (interface), (line), __FILE__, __LINE__)

/* Nothing else was sent. */
void lab_expect_silence_at(struct nat_lab *lab, const char *file, int number);
#define lab_expect_silence(lab) lab_expect_silence_at((lab), __FILE__, __LINE__)

struct flow_end lab_end(const char *text);

#endif

/* SPDX-License-Identifier: MIT
 * A laboratory for TCP: two hosts on one hand-turned clock, with a wire between them that the test owns.
 *
 *      alice 10.0.0.1  ===== wire: delay, loss, doubles, disorder =====  bob 10.0.0.2
 *
 * There is no IP machine: the wire is the layer below. Bob is a machine as well, or (`lab_init_alone`) he is
 * the test, which says what he sends and expects what alice does, in the words of packetdrill and relative to
 * where each began:
 *
 *      lab_hear(&lab, "S 0:0(0) win 65535 <mss 1460>");
 *      lab_expect(&lab, "S. 0:0(0) ack 1 win 64240 <mss 1460>");
 *      lab_expect_silence(&lab);
 *
 * Flags: S F R P . (ACK) U E W. Then seq:end(length). Options: mss N, sackOK, TS val N ecr N, wscale N,
 * sack A:B A:B; `nop` is not shown. Timestamps are shown relative to where alice's clock began. */
#ifndef NETARIUM_TESTS_PROTOCOLS_TCP_LAB_H
#define NETARIUM_TESTS_PROTOCOLS_TCP_LAB_H

#include "protocols/tcp/connection.h"
#include "tests/protocols/hand_env.h"

#define LAB_PORT 80         /* where somebody listens */
#define LAB_PEER_PORT 50000 /* from where the test speaks */
#define LAB_LINE 256

struct tcp_lab;

struct lab_host {
    struct tcp_lab *lab;
    struct tcp tcp;
    struct net_layer layer;
    struct net_address address;
    uint32_t mtu_bytes; /* of its interface */
};

/* A segment on its way, or seen. */
struct lab_segment {
    struct lab_segment *next;
    int64_t at;
    unsigned from; /* which host */
    uint8_t tos;
    bool dont_fragment;
    size_t length_bytes;
    uint8_t bytes[];
};

struct tcp_lab {
    struct hand_env hand;
    struct lab_host hosts[2];  /* alice, bob */
    bool is_alone;             /* bob is the test */
    struct lab_segment *first; /* on the wire, by arrival; or what alice sent and nobody expected yet */
    struct env_timer timer;
    int64_t delay;                  /* of the wire, one way */
    uint32_t loss, twice, disorder; /* per thousand */
    uint32_t dice;
    unsigned drop_count; /* the next so many data segments of alice's are lost ... */
    unsigned drop_after; /* ... after so many */
    bool (*filter)(struct tcp_lab *lab, unsigned from, const struct tcp_segment *segment); /* false: lost */
    unsigned sent[2], lost;
    uint8_t hear_tos;        /* how the test's segments arrive */
    uint8_t last_tos;        /* of what was expected last */
    struct tcp_seq begin[2]; /* where each side's numbers begin */
    bool has_begin[2];
    uint32_t ts_begin;
    bool has_ts_begin;
    uint32_t iss;             /* where the test's own numbers begin */
    uint16_t port, peer_port; /* alice's, the test's */
};

/* Runs a group of tests twice: as it is, and with all sequence numbers about to go round. For main. */
#define lab_run_group(tests)                                                                                 \
    (cmocka_run_group_tests(tests, NULL, NULL) +                                                             \
     cmocka_run_group_tests_name("with numbers that go round", tests, lab_go_round, NULL))
int lab_go_round(void **state);

void lab_init(struct tcp_lab *lab, enum tcp_profile profile);
void lab_init_alone(struct tcp_lab *lab, enum tcp_profile profile);
void lab_release(struct tcp_lab *lab);

/* Lets so much time pass. */
void lab_run(struct tcp_lab *lab, int64_t duration);

struct net_endpoint lab_end(const struct tcp_lab *lab, unsigned host, uint16_t port);

/* Bob, who is the test, sends this; or from alice's port `port` on, where it is not 80. */
void lab_hear(struct tcp_lab *lab, const char *line);

/* Alice has sent this next, just now. Windows and options may be left away at the end: then any are right. */
void lab_expect_at(struct tcp_lab *lab, const char *line, const char *file, int number);
#define lab_expect(lab, line) lab_expect_at((lab), (line), __FILE__, __LINE__)

void lab_expect_silence_at(struct tcp_lab *lab, const char *file, int number);
#define lab_expect_silence(lab) lab_expect_silence_at((lab), __FILE__, __LINE__)

/* Throws away what alice has sent. Returns how many. */
unsigned lab_ignore(struct tcp_lab *lab);

/* A router complains about a segment of alice's: relative number `seq`. */
void lab_complain(struct tcp_lab *lab, enum net_error error, bool is_hard, uint32_t mtu, uint32_t seq);

/* The word of the latest tcp.drop, and of the latest move of the state ("SYN-SENT > ESTABLISHED"). */
const char *lab_drop(const struct tcp_lab *lab);

/* Alice listens on port 80, and a client of the test's is accepted: the usual handshake with MSS 1000 and no
 * options, or with `options` in the SYN. Bob's window is `window`. */
struct tcp_socket *lab_accepted(struct tcp_lab *lab, const char *options, unsigned window);

#endif

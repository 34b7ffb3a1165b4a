/* SPDX-License-Identifier: MIT
 * The options of a TCP header: what the two ends agree upon, and what they tell each other on the side.
 *
 *     0                end of the list                     RFC 9293 section 3.2
 *     1                nothing, for alignment
 *     2  4  mss        largest segment we take, in a SYN   RFC 9293 section 3.7.1
 *     3  3  shift      window scale, in a SYN              RFC 7323 section 2
 *     4  2             SACK is welcome, in a SYN           RFC 2018 section 2
 *     5  n  ranges     what has arrived out of order       RFC 2018 section 3, RFC 2883
 *     8 10  val ecr    timestamps                          RFC 7323 section 3
 *    34  n  cookie     Fast Open                           RFC 7413 section 2
 *
 * Written in the order and with the padding that Linux uses: MSS, SACK permitted, timestamps, window scale;
 * SACK ranges come last. Options that are not known are skipped by their length. */
#ifndef NETARIUM_PROTOCOLS_TCP_OPTIONS_H
#define NETARIUM_PROTOCOLS_TCP_OPTIONS_H

#include "protocols/tcp/seq.h"

#include <stddef.h>

#define TCP_OPTIONS_MOST 40    /* bytes */
#define TCP_SACK_RANGES 4      /* as many fit; 3 beside timestamps */
#define TCP_TIMESTAMP_BYTES 12 /* with two octets of padding in front */
#define TCP_SCALE_MOST 14      /* RFC 7323 section 2.3 */
#define TCP_COOKIE_MOST 16     /* bytes of a Fast Open cookie: RFC 7413 section 2 */
#define TCP_MSS_DEFAULT 536    /* if the peer does not say: RFC 9293 section 3.7.1, MUST-15 */

enum tcp_option_kind {
    TCP_OPTION_END = 0,
    TCP_OPTION_NOP = 1,
    TCP_OPTION_MSS = 2,
    TCP_OPTION_SCALE = 3,
    TCP_OPTION_SACK_OK = 4,
    TCP_OPTION_SACK = 5,
    TCP_OPTION_TIMESTAMP = 8,
    TCP_OPTION_FAST_OPEN = 34
};

struct tcp_options {
    bool has_mss;
    bool has_scale;
    bool may_sack;
    bool has_timestamp;
    bool has_fast_open;    /* RFC 7413 section 2 */
    uint8_t cookie_bytes;  /* 0: a cookie is asked for; else 4 to TCP_COOKIE_MOST, even */
    const uint8_t *cookie; /* borrowed from the segment, or from who sends it */
    uint8_t scale;      /* as in the option; more than 14 counts as 14 */
    uint8_t sack_count; /* ranges in `sack` */
    uint16_t mss;
    uint32_t ts_value;                      /* the sender's clock */
    uint32_t ts_echo;                       /* ours, given back */
    struct tcp_range sack[TCP_SACK_RANGES]; /* as they stood there, not judged */
};

/* Reads a list of options. Stops at the end of the list, or where a length lies. */
void tcp_options_parse(const uint8_t *bytes, size_t length_bytes, struct tcp_options *ret_options);

/* Bytes that these options take, padded to a multiple of four. */
size_t tcp_options_bytes(const struct tcp_options *options);

/* The sum of what tcp_options_emit has written at `bytes`: for the checksum. */
uint64_t tcp_options_sum(const struct tcp_options *options, const uint8_t *bytes);

/* Writes them: exactly tcp_options_bytes, which must be 40 at most. */
void tcp_options_emit(const struct tcp_options *options, uint8_t *ret_bytes);

#endif

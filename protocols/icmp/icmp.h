/* SPDX-License-Identifier: MIT
 * The Internet Control Message Protocol, as a host runs it: answer echoes, complain, and pass complaints on.
 *
 * ICMP sits on top of IP like a transport, and is part of it: IP cannot say "that did not work" in any other
 * way.
 *
 *     echo request in   ->  the same bytes back, from the address that was asked
 *     echo reply in     ->  the listener with that identifier (a running ping)
 *     error in          ->  the protocol whose datagram is quoted: UDP, TCP, or the ping that sent the echo
 *     error out         ->  icmp_send_error, which first asks whether one may be sent at all
 *
 * The last is the heart of it: an error about an error, or about something that went to many, could breed
 * others without end. RFC 1122 3.2.2 lists when to be silent; may_complain is that list. RFC 792, RFC
 * 1122 3.2.2, RFC 1812 4.3.2. */
#ifndef NETARIUM_PROTOCOLS_ICMP_ICMP_H
#define NETARIUM_PROTOCOLS_ICMP_ICMP_H

#include "protocols/icmp/codec.h"
#include "protocols/ipv4/ipv4.h"

enum icmp_fact {
    ICMP_ECHO_REQUEST_TX,
    ICMP_ECHO_REQUEST_RX,
    ICMP_ECHO_REPLY_TX,
    ICMP_ECHO_REPLY_RX,
    ICMP_ERROR_TX,
    ICMP_ERROR_RX,
    ICMP_SILENT, /* an error was due, and a rule forbids it */
    ICMP_DROP,
    ICMP_FACTS
};
extern const struct env_kind icmp_kinds[ICMP_FACTS];

/* Why no error was sent. The words are icmp_silence_words. */
enum icmp_silence {
    ICMP_MAY_SPEAK,
    ICMP_ABOUT_ERROR,    /* about an ICMP error */
    ICMP_ABOUT_MANY,     /* about a broadcast or multicast */
    ICMP_ABOUT_FRAGMENT, /* about a fragment that is not the first */
    ICMP_ABOUT_NOBODY,   /* its source is not one host */
    ICMP_OVER_LIMIT      /* too many errors lately */
};
extern const char *const icmp_silence_words[];

struct icmp_config {
    bool
        answers_many; /* answer echo requests to broadcast and multicast; off: RFC 1122 3.2.2.6 allows both */
    uint32_t errors_per_second; /* 1000; 0: no limit. RFC 1812 4.3.2.8 */
    uint32_t error_burst;       /* errors that may follow each other at once; 50 */
};

/* An echo reply, for whoever sent the request. Borrowed for the call. */
struct icmp_echo {
    struct ipv4_address from; /* who answered */
    struct ipv4_address to;   /* our address that the answer came to */
    uint16_t id;
    uint16_t sequence;
    uint8_t ttl;          /* of the answer, as it arrived */
    struct packet data;   /* what came back */
    size_t message_bytes; /* of the ICMP message: ping's "64 bytes from" */
};

/* Whoever sends echo requests: embed it, set the callbacks, icmp_listen gives it an identifier. */
struct icmp_listener {
    void (*reply)(struct icmp_listener *listener, const struct icmp_echo *echo);
    void (*error)(struct icmp_listener *listener, uint16_t sequence,
                  const struct ipv4_error *error); /* may be NULL */
    uint16_t id;                                   /* the identifier in its echo requests */
    struct icmp_listener *next;                    /* the machine's */
};

struct icmp_echo_request {
    struct ipv4_address destination;
    struct ipv4_address source; /* 0.0.0.0: choose */
    uint16_t id;                /* of the listener */
    uint16_t sequence;
    uint8_t ttl; /* 0: the default */
    uint8_t tos; /* DSCP in the upper six bits, ECN in the lower two */
    bool dont_fragment;
    const uint8_t *data; /* borrowed; NULL: the usual pattern 0, 1, 2, ... */
    size_t data_bytes;   /* 56 in a usual ping */
};

struct icmp_counters {
    uint64_t echo_requests_sent;
    uint64_t echo_requests_received;
    uint64_t echo_replies_sent;
    uint64_t echo_replies_received;
    uint64_t errors_sent;
    uint64_t errors_received;
    uint64_t errors_suppressed; /* due, but a rule forbade them */
    uint64_t dropped;
};

struct icmp {
    struct env *env;
    struct ipv4 *ip;
    struct icmp_config config;
    struct ipv4_protocol protocol;   /* how IP knows us */
    struct icmp_listener *listeners; /* borrowed, newest first */
    uint16_t next_id;
    int64_t tokens_at; /* when the error tokens were last counted */
    int64_t tokens;    /* picoseconds of error allowance saved up */
    struct icmp_counters counters;
};

struct icmp_config icmp_config_default(void);

/* Registers with `ip`, which is borrowed and must outlive this. */
void icmp_init(struct icmp *icmp, struct env *env, struct ipv4 *ip, const struct icmp_config *config);

/* Sends one echo request. The status is IP's: IPV4_TOO_BIG for what no link of ours can carry. */
enum ipv4_status icmp_send_echo(struct icmp *icmp, const struct icmp_echo_request *request);

/* Complains about a datagram to its source, unless a rule forbids it. `rest` is the second word of the
 * message. */
enum icmp_silence icmp_send_error(struct icmp *icmp, const struct ipv4_arrival *about, uint8_t type,
                                  uint8_t code, uint32_t rest);

/* Adds a listener, borrowed until icmp_unlisten, and gives it an identifier: 1, 2, 3, ... */
void icmp_listen(struct icmp *icmp, struct icmp_listener *listener);
void icmp_unlisten(struct icmp *icmp, struct icmp_listener *listener);

/* The errors that have a name: the words for facts, ended by NULL, and the place of an error among them. */
extern const char *const icmp_error_list[];
unsigned icmp_error_index(uint8_t type, uint8_t code);

/* "Destination Host Unreachable" and the like, as ping says it; NULL for what is no error. */
const char *icmp_error_words(uint8_t type, uint8_t code);

#endif

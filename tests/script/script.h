/* SPDX-License-Identifier: MIT
 * Conversations as files: what a script says, as it was read.
 *
 * A script is a list of events, each with its time: a call of the application, a segment that arrives, a
 * segment that must be sent, or a statement that must be true. README.md in this folder is its language.
 * `script_read` turns the text into this; `play.h` acts it out against one embedded host. */
#ifndef NETARIUM_TESTS_SCRIPT_SCRIPT_H
#define NETARIUM_TESTS_SCRIPT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCRIPT_ARGUMENTS 6
#define SCRIPT_WORD 64
#define SCRIPT_BLOCKS 4
#define SCRIPT_OPTIONS 12
#define SCRIPT_ANY INT64_MIN /* written `*`: whatever it is */

enum script_event_kind { SCRIPT_CALL, SCRIPT_ARRIVES, SCRIPT_SENT, SCRIPT_ICMP, SCRIPT_ASSERT };

/* TCP's flags, as bits of the header's byte. */
enum script_flag {
    SCRIPT_FIN = 0x01,
    SCRIPT_SYN = 0x02,
    SCRIPT_RST = 0x04,
    SCRIPT_PSH = 0x08,
    SCRIPT_ACK = 0x10,
    SCRIPT_URG = 0x20,
    SCRIPT_ECE = 0x40,
    SCRIPT_CWR = 0x80
};

enum script_option_kind {
    SCRIPT_EOL = 0,
    SCRIPT_NOP = 1,
    SCRIPT_MSS = 2,
    SCRIPT_WSCALE = 3,
    SCRIPT_SACK_OK = 4,
    SCRIPT_SACK = 5,
    SCRIPT_TIMESTAMP = 8,
    SCRIPT_RAW = 256 /* bytes as they stand */
};

struct script_option {
    int kind;         /* enum script_option_kind */
    int64_t value[2]; /* MSS, shift; TSval and TSecr; either may be SCRIPT_ANY */
    uint32_t blocks[SCRIPT_BLOCKS][2];
    unsigned block_count;
    uint8_t raw[40];
    unsigned raw_bytes;
};

/* A segment as it is written: numbers relative to the two initial sequence numbers. */
struct script_segment {
    uint16_t peer_port; /* 0: the usual one */
    int ecn;            /* of the IP header: 0..3; -1: not compared */
    unsigned flags;     /* enum script_flag */
    bool ignores_push;  /* sent: PSH is not compared (written `.` with `?`) */
    uint32_t sequence, end;
    uint32_t length_bytes;
    int64_t ack;    /* SCRIPT_ANY: none written */
    int64_t window; /* SCRIPT_ANY: not compared */
    int64_t urgent;
    bool has_options; /* written at all; else they are not compared */
    struct script_option options[SCRIPT_OPTIONS];
    unsigned option_count;
    bool has_bad_checksum; /* arrives damaged */
};

struct script_call {
    char name[SCRIPT_WORD];
    char arguments[SCRIPT_ARGUMENTS][SCRIPT_WORD];
    unsigned argument_count;
    int64_t result; /* -1 with an error's name: its negation is expected */
    char error[SCRIPT_WORD];
};

struct script_icmp {
    uint8_t type, code;
    uint32_t mtu;
    struct script_segment quoted;
};

/* `left OP right`, where left is a variable of a connection: "snd_cwnd(4) == 10". */
struct script_assert {
    char name[SCRIPT_WORD];
    int fd;
    char relation[3];
    int64_t value;
};

struct script_event {
    unsigned line;
    enum script_event_kind kind;
    bool is_relative;         /* `earliest` counts from the event before */
    int64_t earliest, latest; /* picoseconds; equal unless a range was written; `latest` INT64_MAX: `*` */
    union {
        struct script_call call;
        struct script_segment segment;
        struct script_icmp icmp;
        struct script_assert assertion;
    };
};

/* What stands before the first event: "profile classic", "mtu 576", "sysctl net.ipv4.tcp_sack=0". */
struct script_setting {
    unsigned line;
    char name[SCRIPT_WORD];
    char value[SCRIPT_WORD];
};

struct script {
    struct script_setting *settings;
    size_t setting_count;
    struct script_event *events;
    size_t event_count;
};

/* What is wrong with a script, or with what the host did. */
struct script_failure {
    unsigned line;
    char text[700];
};

/* Reads `text`. False: `ret_failure` says why, and nothing is to be released. */
bool script_read(const char *text, struct script *ret_script, struct script_failure *ret_failure);
void script_release(struct script *script);

#endif

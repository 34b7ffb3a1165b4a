/* SPDX-License-Identifier: MIT
 * The pcapng file format, as much as a capture of ours needs.
 *
 *     section header   who wrote this, about what
 *     interface 0..n   "alice:eth0", 10 Mb/s, nanoseconds, frames end in 4 bytes of check sequence
 *     packet           interface, time, bytes, direction, remarks
 *     packet ...
 *
 * Every block goes into the outlet whole. Numbers are written little-endian on every machine, so that the
 * same run gives the same file. Source: draft-ietf-opsawg-pcapng, "PCAP Next Generation (pcapng) Capture File
 * Format". */
#ifndef NETARIUM_VIEWS_PCAPNG_H
#define NETARIUM_VIEWS_PCAPNG_H

#include "views/outlet.h"

enum pcapng_direction {
    PCAPNG_INBOUND = 1, /* values of the two lowest bits of epb_flags */
    PCAPNG_OUTBOUND = 2
};

struct pcapng_interface {
    const char *name;   /* "alice:eth0" */
    int64_t rate_bps;   /* 0: unknown, left out */
    const char *remark; /* if_description; NULL: none */
};

struct pcapng_packet {
    uint32_t interface; /* number of the interface, from 0 in the order they were written */
    nt_time at;         /* rounded down to nanoseconds */
    const uint8_t *bytes;
    uint32_t length_bytes;
    enum pcapng_direction direction;
    bool has_crc_error; /* the receiver saw a wrong check sequence */
    const char *remark; /* opt_comment; NULL: none */
};

void pcapng_write_section(struct outlet *out, const char *application, const char *remark);
void pcapng_write_interface(struct outlet *out, const struct pcapng_interface *interface);
void pcapng_write_packet(struct outlet *out, const struct pcapng_packet *packet);

#endif

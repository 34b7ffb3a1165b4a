/* SPDX-License-Identifier: MIT
 * A run as a capture: one pcapng file with an interface for every port of every station.
 *
 * Each frame appears where it was sent (outbound, at its first bit) and where it arrived (inbound, at its
 * last bit), as `tcpdump -i any` on all stations at once would show it. A frame that was dropped appears once
 * more, at the place and the instant of its end, with the reason as the packet's comment; a frame that
 * arrived and was of no use there carries the reason on its arrival. Frames that were sent for a reason worth
 * stopping at say it in their comment. */
#ifndef NETARIUM_VIEWS_CAPTURE_H
#define NETARIUM_VIEWS_CAPTURE_H

#include "sim/base/text.h"
#include "sim/run.h"
#include "views/history.h"
#include "views/pcapng.h"

struct capture {
    struct run_sink sink;   /* first: the run calls it */
    const struct run *run;  /* borrowed */
    struct outlet out;      /* the file */
    uint32_t *interface_of; /* owned, by port id: number of its interface + 1; 0: not captured */
    struct history recent;  /* to look up what a frame was sent for */
    bool has_interfaces;    /* the interface blocks are written: rates are known from the first frame on */
    bool has_pending;       /* the last packet waits for a remark of the same instant */
    struct pcapng_packet pending; /* the packet */
    uint64_t pending_frame;       /* number of its frame */
    uint8_t *bytes;               /* owned: its bytes */
    size_t bytes_size;            /* storage of `bytes` */
    struct text remark;           /* its comment; empty: none */
    char remark_storage[512];     /* its bytes */
};

/* Creates DIR (one level) and in it NAME.pcapng, NAME from the scenario's file, and writes the section
 * header. Only ports of what the scenario's `capture` names are taken; without it, all. False: `ret_why` is
 * one sentence. */
bool capture_open(struct capture *capture, const struct run *run, const char *dir, struct nt_why *ret_why);

/* Writes what is left and closes. False: the file is not whole (but readable), `ret_why` is one sentence. */
bool capture_close(struct capture *capture, struct nt_why *ret_why);

#endif

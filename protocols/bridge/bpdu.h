/* SPDX-License-Identifier: MIT
 * Bridge protocol data units: what bridges say to each other about the tree.
 *
 *     octets  3         2        1       1    |  1       8    4         8      2    2   2   2     2
 *             LLC       protocol version type |  flags   root cost to   bridge port age max hello forward
 *             42 42 03  0        0            |  TC, TCA      the root                            delay
 *             '--- a change notification -----'
 *             '--- a configuration message: 3 + 35 octets ----------------------------------------------'
 *
 * They are addressed to 01-80-C2-00-00-00, which no bridge forwards, so they never get farther than the next
 * one. In a frame with a *length*, not a type: what is inside is said by the LLC header, whose 0x42 means
 * "bridges". Times count 1/256 s.
 *
 * Standard: IEEE 802.1D-1998 9.2 (encoding), 9.3 (formats, validation). */
#ifndef NETARIUM_PROTOCOLS_BRIDGE_BPDU_H
#define NETARIUM_PROTOCOLS_BRIDGE_BPDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocols/ethernet/address.h"

#define BPDU_LLC_BYTES 3
#define BPDU_LLC_SAP 0x42  /* 9.2: the address of the spanning tree protocol within a station */
#define BPDU_LLC_CONTROL 3 /* unnumbered information */
#define BPDU_TCN_BYTES 4   /* without LLC */
#define BPDU_CONFIG_BYTES 35
#define BPDU_MOST (BPDU_LLC_BYTES + BPDU_CONFIG_BYTES)
#define BPDU_TIME_UNIT INT64_C(3906250000) /* 9.2.8: 1/256 s in picoseconds */

/* Priority in the upper 16 bits, the bridge's address below: who is lower is preferred. 9.2.5. */
struct bridge_id {
    uint64_t value;
};

static inline struct bridge_id bridge_id_of(uint16_t priority, struct mac_address address)
{
    return (struct bridge_id){(uint64_t)priority << 48 | mac_to_number(address)};
}

static inline uint16_t bridge_id_priority(struct bridge_id id)
{
    return (uint16_t)(id.value >> 48);
}

/* The address as a number, for facts. */
static inline uint64_t bridge_id_address(struct bridge_id id)
{
    return id.value & UINT64_C(0xffffffffffff);
}

#define BRIDGE_ID_TEXT_SIZE 23 /* "8000.02:00:00:00:00:01" and its end */
void bridge_id_format(struct bridge_id id, char ret_text[BRIDGE_ID_TEXT_SIZE]);

enum bpdu_type { BPDU_CONFIG = 0x00, BPDU_TCN = 0x80 };
enum bpdu_flag { BPDU_FLAG_TC = 0x01, BPDU_FLAG_TC_ACK = 0x80 };

struct bpdu {
    enum bpdu_type type;
    /* The rest: configuration messages only. */
    bool topology_change;     /* age your tables quickly */
    bool topology_change_ack; /* your notification was heard */
    struct bridge_id root;    /* whom the sender believes to be the root */
    uint32_t root_path_cost;  /* from the sender to it */
    struct bridge_id bridge;  /* the sender */
    uint16_t port;            /* by which of its ports */
    int64_t message_age;      /* since the root said so; times in picoseconds */
    int64_t max_age;          /* when this is worth nothing any more */
    int64_t hello_time;       /* between two messages of the root */
    int64_t forward_delay;    /* of each of the two steps to forwarding */
};

/* Why a BPDU is of no use. The words are bpdu_reason_words. */
enum bpdu_reason {
    BPDU_OK,
    BPDU_NOT_LLC,      /* another LLC address, or not unnumbered information */
    BPDU_SHORT,        /* octets are missing */
    BPDU_PROTOCOL,     /* not protocol 0 */
    BPDU_UNKNOWN_TYPE, /* for instance of the rapid spanning tree */
    BPDU_TOO_OLD       /* its age has reached its own maximum */
};
extern const char *const bpdu_reason_words[];

/* Reads `length_bytes` from the LLC header on; octets behind the message are padding. BPDU_OK: *ret_bpdu is
 * filled. 9.3.3. */
enum bpdu_reason bpdu_parse(const uint8_t *bytes, size_t length_bytes, struct bpdu *ret_bpdu);

/* Octets of this message with its LLC header: 7 or 38. */
size_t bpdu_bytes(const struct bpdu *bpdu);

/* Writes that many. Times are cut to what 16 bits of 1/256 s can say. */
void bpdu_emit(const struct bpdu *bpdu, uint8_t *ret_bytes);

#endif

/* SPDX-License-Identifier: MIT
 * What a chain of causes does not name: the frame that was lost, and the duplicates that were counted.
 * Private to explain*.c. */
#ifndef NETARIUM_VIEWS_EXPLAIN_LOST_H
#define NETARIUM_VIEWS_EXPLAIN_LOST_H

#include "views/explain.h"

/* The frame that `record` says is sent again: of a tcp.retransmit the frame that first carried that sequence
 * number; of a kind with a field `lost` or `original` in the unit of frames, that one. 0: it replaces
 * nothing. */
uint64_t explain_lost_frame(const struct explain *explain, const struct nt_record *record);

/* The record of how `frame`, or what it became on its way (another number behind each router), ended before
 * it arrived; 0: it did not. Looked for before record `before`. */
uint64_t explain_lost_end(const struct explain *explain, uint64_t frame, uint64_t before);

/* `record` counts ("duplicate ACK number 3"): the record of the one before it, of the same kind, node and
 * connection; 0: it is the first, or counts nothing. */
uint64_t explain_lost_count_before(const struct explain *explain, const struct nt_record *record);

#endif

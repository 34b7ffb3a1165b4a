/* SPDX-License-Identifier: MIT
 * What has been told so far, so that a cause can be looked up.
 *
 * A record carries only the number of its cause. A view that wants to say why keeps the records here as they
 * come: all of them, or the last so many (then a chain of causes ends where memory does). Numbers have no
 * gaps, so the place of a record follows from its number.
 *
 * When the run goes back, what came later is cut off but not wiped: it is the *known future*, which the same
 * run tells again word for word. It is there for whoever asks for it by name, until history_forget or until
 * something else is told. */
#ifndef NETARIUM_VIEWS_HISTORY_H
#define NETARIUM_VIEWS_HISTORY_H

#include <stddef.h>

#include "sim/netarium.h"

struct history {
    struct nt_record **blocks; /* owned; record n stands in block (n / HISTORY_BLOCK) modulo block_count */
    size_t block_count;        /* places for blocks; those not needed yet are NULL */
    uint64_t first, last;      /* numbers kept, both included; last 0: none */
    uint64_t known;            /* up to here there are records from before a cut; at least `last` */
    uint64_t limit;            /* records kept, the oldest make room for the newest; 0: all */
};

#define HISTORY_BLOCK 128 /* records; also what a limit is rounded up to */

/* `limit`: records kept, rounded up to a whole number of blocks; 0: all. */
void history_init(struct history *history, size_t limit);
void history_release(struct history *history);

/* Keeps a copy of `record`, which follows the last one kept (or begins anew after a gap). */
void history_take(struct history *history, const struct nt_record *record);

/* The last record that has happened is `last`. What came after it has not (yet): it becomes the known future, if
 * all records are kept. Time may also leap forward, into what is known: that has happened then. */
void history_cut(struct history *history, uint64_t last);

/* Forgets the known future. */
void history_forget(struct history *history);

/* As history_at, the known future included. */
const struct nt_record *history_known_at(const struct history *history, uint64_t number);

/* The record with this number, borrowed until the next history_take; NULL: not kept, or 0. */
const struct nt_record *history_at(const struct history *history, uint64_t number);

/* The frame.tx that an arrival or a loss goes back to, past what the medium did to the frame on its way;
 * NULL: none. */
const struct nt_record *history_sending(const struct history *history, const struct nt_record *record);

#endif

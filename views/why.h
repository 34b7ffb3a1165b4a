/* SPDX-License-Identifier: MIT
 * Why everything happened: one sentence for every frame and for every fact worth stopping at, with its
 * causes.
 *
 *     #7    1.000 121 165 s  bob:eth0 sends frame 2, 64 bytes (ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02,
 *                            length 46), because bob answers that 10.0.0.2 is at 02:00:00:00:00:02 (RFC 826),
 *                            because frame 1 arrived from alice <- #4
 *
 * Every record names the record that brought it about, so causes form a tree that grows from the commands
 * that people typed. A sentence follows its branch toward the root: facts of protocols with their clauses,
 * until it comes to an arrival (the frame that arrived has a sentence of its own) or to the command. `<- #4`
 * is the number of the sentence to go on with. */
#ifndef NETARIUM_VIEWS_WHY_H
#define NETARIUM_VIEWS_WHY_H

#include "sim/base/text.h"
#include "sim/run.h"
#include "views/history.h"
#include "views/outlet.h"

struct why {
    struct run_sink sink;   /* first: the run calls it */
    const struct run *run;  /* borrowed */
    struct outlet *out;     /* borrowed */
    struct history history; /* all records, to look up causes */
    size_t width;           /* columns to break sentences at; 0: each stays on its line */
};

void why_init(struct why *why, const struct run *run, struct outlet *out, size_t width);
void why_release(struct why *why);

/* Adds "because ..., because ..." for `record`, found in `history`, after `before`; nothing if it has no
 * cause worth a word. Shared with whoever explains a single record. */
void why_add_causes(struct text *text, const struct run *run, const struct history *history,
                    const struct nt_record *record, const char *before);

#endif

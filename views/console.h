/* SPDX-License-Identifier: MIT
 * What the commands on the hosts print, as it would look on their terminals.
 *
 *     alice$ ping -c 1 bob
 *     64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.244 ms
 *
 * Each command is announced once, as if typed. While it is the only one that runs its lines stand alone;
 * while several run, each line says whose it is: "alice: 64 bytes from ...", and a second command on the same
 * host is "alice[2]". Lines are shown whole: what a command prints in pieces waits for its line's end. */
#ifndef NETARIUM_VIEWS_CONSOLE_H
#define NETARIUM_VIEWS_CONSOLE_H

#include "sim/run.h"
#include "views/outlet.h"

struct console {
    struct run_sink sink;             /* first: the run calls it */
    const struct run *run;            /* borrowed */
    struct outlet *out;               /* borrowed */
    struct console_speaker *speakers; /* owned, by application id - 1 */
    size_t speaker_count;             /* of them */
    size_t running_count;             /* commands that have begun and not ended */
};

void console_init(struct console *console, const struct run *run, struct outlet *out);

/* Shows the lines that were begun and never ended, and frees. */
void console_release(struct console *console);

#endif

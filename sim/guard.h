/* SPDX-License-Identifier: MIT
 * What happens when a plug-in crashes: the run ends with a sentence, and the program goes on.
 *
 *     front      guard_watch_signals(handler)          once, if there are plug-ins
 *     run        enter; if (setjmp(point.place)) crashed or failed; ...callbacks...; leave
 *     a crash    signal -> handler -> guard_caught -> whose code is on the stack? -> longjmp to the run
 *
 * Only a crash with a plug-in's code on the stack is caught. One of our own is ours: it ends the program with a
 * core, as it should. What a plug-in has written over before it crashed nobody knows; a run that was crashed is
 * over, but going back in time puts its whole memory back (run_restore), and then it goes on.
 *
 * The guard is the front's, because a signal's handler finds its data only outside of functions; there is one
 * for a program, and runs reach it through the registry. */
#ifndef NETARIUM_SIM_GUARD_H
#define NETARIUM_SIM_GUARD_H

#include <setjmp.h>
#include <stdint.h>

#include "sim/netarium.h"

#define GUARD_STACK 65536 /* bytes */
#define GUARD_OBJECTS 32 /* plug-ins that are known by their addresses */

/* Where a call into types of somebody else's began. */
struct guard_point {
    jmp_buf place;
    struct guard_point *outer;
};

/* The code of one plug-in, and what it is called. */
struct guard_object {
    const struct nt_plugin *plugin;
    uintptr_t begin, end; /* of its code in memory */
    char file[64];        /* without its folder */
};

/* What was seen of a crash. */
struct guard_crash {
    const struct guard_object *object; /* whose; NULL: there was none */
    uintptr_t function;                /* its function that the simulator had called; 0: not known */
    uintptr_t address;                 /* where it went wrong, or the nearest place in the plug-in */
    int signal;
    char fault[120]; /* no signal, but a rule that was broken: which; empty: a crash */
};

struct guard {
    struct guard_point *volatile current; /* the innermost; NULL: nobody waits */
    struct guard_object objects[GUARD_OBJECTS];
    uint32_t object_count;
    struct guard_crash crash; /* the latest; taken by guard_take */
    _Alignas(16) unsigned char stack[GUARD_STACK]; /* for the handler: a plug-in may have used up the usual one */
};

/* From now on crashes are handed to `handler`, which calls guard_caught. False: the system does not let us. */
bool guard_watch_signals(struct guard *guard, void (*handler)(int signal));

/* What a handler does with a crash. A plug-in's: goes to the innermost point and does not return; or, if nobody waits, writes a
 * sentence about it, with which the front ends the program. Our own: the sentence stays empty, and what the system does with a
 * crash has been put back, so that returning from the handler ends the program as usual. */
void guard_caught(struct guard *guard, int signal, char *ret_sentence, size_t size);

/* A plug-in whose code is on the stack has broken a rule: ends the run as a crash does, and does not return. Returns if there is none,
 * or nobody waits. `guard` may be NULL. */
void guard_accuse(struct guard *guard, const char *fault);

/* Remembers where the code of a plug-in is. */
void guard_add(struct guard *guard, const struct nt_plugin *plugin, const char *path, uintptr_t begin,
               uintptr_t end);

/* Before setjmp, and when the calls have returned or ended by longjmp. `guard` NULL: nothing is watched. */
static inline void guard_enter(struct guard *guard, struct guard_point *point)
{
    if (!guard)
        return;
    point->outer = guard->current;
    guard->current = point;
}

static inline void guard_leave(struct guard *guard, const struct guard_point *point)
{
    if (guard)
        guard->current = point->outer;
}

/* The crash that brought us here, and forgets it; NULL: there was none. */
const struct guard_crash *guard_take(struct guard *guard, struct guard_crash *ret_crash);

/* "segmentation fault in receive of the node type "hub" (hub.so+0x1139)". `firing` is the event that was under way,
 * a function, and `node` whose it is; NULL: none. Always terminated. */
void guard_describe(const struct guard_crash *crash, uintptr_t firing, const char *node, char *ret_text,
                    size_t size);

#endif

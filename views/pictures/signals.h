/* SPDX-License-Identifier: MIT
 * What was on a shared cable, and when: the transmissions of a span of time, put together from the records.
 *
 * A signal enters the cable at its station's tap, and is anywhere else by the propagation time later, for as
 * long. */
#ifndef NETARIUM_VIEWS_SIGNALS_H
#define NETARIUM_VIEWS_SIGNALS_H

#include "session/session.h"

#define SIGNALS_MOST 4000 /* of one span */

struct signal {
    int64_t position_mm;  /* of the tap */
    nt_time begins, ends; /* there; ends NT_NEVER: not known (yet) */
    uint32_t station;     /* node that sends */
    uint64_t frame;       /* that it was; 0: broken off */
    uint64_t record;      /* segment.begin */
    uint64_t end_record;  /* what told the end; 0: nothing yet */
};

struct signals {
    struct signal *list; /* in the order of beginning; owned */
    uint32_t count;
    int64_t length_mm;  /* of the cable */
    nt_time end_to_end; /* propagation */
    int64_t rate_bps;
    bool is_cut; /* there were more */
};

/* The signals of `cable` that touch the span. False: it is no shared cable with a length. */
bool signals_init(struct signals *signals, const struct session *session, const struct nt_node *cable,
                  nt_time from, nt_time to);
void signals_release(struct signals *signals);

/* How much later a place hears what enters at another. */
nt_time signals_way(const struct signals *signals, int64_t from_mm, int64_t to_mm);

/* Where each tap is, in millimetres; -1: no such tap. */
int64_t signals_tap(const struct nt_node *cable, uint32_t tap);

#endif

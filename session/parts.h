/* SPDX-License-Identifier: MIT
 * What a session is made of; private to session/.
 *
 *     session.c      making one, and looking at the present
 *     moving.c       one event forward; everything that goes forward or back is made of it
 *     checkpoints.c  where one can go back to
 *     actions.c      what a person did, done again in its time
 *     breaks.c       queries that stop time
 *     frames.c       bytes of frames by number
 *     flights.c      frames on their way now */
#ifndef NETARIUM_SESSION_PARTS_H
#define NETARIUM_SESSION_PARTS_H

#include "protocols/dissect/flows.h"
#include "session/frames.h"
#include "session/session.h"

/* A place between two events. */
struct session_place {
    uint64_t event; /* events that have happened */
    nt_time now;    /* the instant; may be later than that of the last event */
};

/* A checkpoint with all that belongs to its place. */
struct session_mark {
    struct checkpoint *checkpoint;
    struct session_place place;
    uint64_t at_instant; /* events of the instant `now` that have happened */
    size_t done;         /* interventions that have been done */
    struct session_flight *flights;
    size_t flight_count;
};

struct session_deed {
    nt_time at;
    uint64_t skip;
    uint32_t node;
    char *words;     /* owned */
    char *refusal;   /* owned; see struct session_action */
    bool is_skipped; /* doing it ended the network: it is passed over */
};

/* A deed that was taken back, and where it stood. */
struct session_undone {
    struct session_deed deed;
    size_t index;
};

struct session_stopper {
    struct session_break shown;
    struct query *query;
    void *fresh;     /* owned: the query's state before the first record */
    bool is_filter;  /* met by each record that it selects */
    bool held;       /* whether it held when it was last looked at */
    uint64_t fed;    /* records that it has been given */
    uint64_t met_by; /* the record that met it last; 0: none told it */
};

struct session {
    struct run_sink sink; /* first: the run calls it */
    struct run *run;
    const struct registry *registry; /* borrowed */
    const struct scenario *scenario; /* borrowed */
    struct session_options options;  /* with defaults filled in */

    struct history history;
    uint64_t *told_by;     /* by event: the last record told once it has happened */
    size_t told_capacity;  /* places in told_by */
    uint64_t known_events; /* told_by is filled up to here */
    struct frames frames;
    struct dissect_flows flows; /* where TCP's conversations began */

    struct session_mark *marks; /* in the order of events */
    size_t mark_count, mark_capacity;

    struct session_flight *flights;
    size_t flight_count, flight_capacity;

    struct session_deed *deeds; /* in the order in which they are done */
    size_t deed_count, deed_capacity;
    struct session_undone *undone; /* taken back since the last command, the latest last */
    size_t undone_count, undone_capacity;
    size_t done;         /* how many of them are in the past */
    uint64_t at_instant; /* events of the present instant that have happened */

    struct session_stopper *stoppers;
    size_t stopper_count, stopper_capacity;
    unsigned last_break;    /* number given last */
    unsigned hit;           /* see session_break_hit */
    uint64_t stopped_by;    /* see session_cause_of_stop */
    uint64_t failing_event; /* the event that the network does not survive; 0: none is known */
    char failure[240];      /* why */
};

/* Room for `count` things of `size` bytes in an array that holds `*capacity`. */
void *session_grown(void *array, size_t count, size_t *capacity, size_t size);

/* moving.c */
struct session_place session_place(const struct session *session);
enum session_stop session_one_event(struct session *session);
void session_deeds_until(struct session *session,
                         nt_time limit); /* interventions due before the next event */
enum session_stop session_travel(struct session *session, struct session_place place,
                                 const struct session_limits *limits);
void session_forget_future(struct session *session);
void session_survive(struct session *session); /* the run has failed: back to just before, and remember */
bool session_is_interrupted(const struct session_limits *limits);

/* checkpoints.c */
void session_mark_take(struct session *session);                /* if one is due here */
void session_mark_first(struct session *session);               /* the one at time zero */
void session_mark_cut(struct session *session, uint64_t event); /* forgets those after `event` */
const struct session_mark *session_mark_before(const struct session *session, struct session_place place);
void session_mark_restore(struct session *session, const struct session_mark *mark);
void session_mark_release(struct session *session);

/* actions.c */
const struct session_deed *session_deed_due(const struct session *session, nt_time next_at);
void session_deed_next(struct session *session); /* does the next one, at the present instant */
void session_deed_release(struct session *session);

/* breaks.c */
void session_stopper_catch_up(struct session *session, struct session_stopper *stopper);
bool session_stopper_feed(struct session *session,
                          struct session_stopper *stopper); /* true: it has just been met */
bool session_stopper_init(struct session *session, struct session_stopper *stopper, const char *text,
                          struct nt_why *ret_why, size_t *ret_column);
void session_stopper_release(struct session_stopper *stopper);

/* flights.c */
void session_flight_take(struct session *session, const struct nt_record *record,
                         const struct nt_frame *frame);

#endif

/* SPDX-License-Identifier: MIT
 * A session: a run whose time can be moved, forward and back, and whose past can be changed.
 *
 *     time zero                        now                              end of what was seen
 *     |--o------o------o------o---x-----|- - - - - - - - - - - - - - - -|
 *        checkpoints, made by     the known future: records and frames that a former
 *        themselves               going forward has told, until something is changed
 *
 * A session owns a run, listens to it, and keeps what was told: all records, and the frames with their bytes.
 * The present always lies *between* two events. Going back is putting in the checkpoint before the place
 * wanted and running forward from there; the run is the same run, so it is the same past. What a person does
 * to the network (a command typed on a node; a cable cut; this frame dropped) is an *intervention*: it is
 * remembered with its instant and done again whenever time passes that instant, like an action of the file.
 *
 * Nothing here knows a screen, a terminal or a real clock. All calls return between two events; a call that
 * may take long takes an interruption flag and a limit of events, so that a window can run it in slices.
 *
 * A network that cannot go on (a node fails, its memory is full) ends the session's future, not the session:
 * the present is put to just before the event that failed, and everything up to there can be looked at. */
#ifndef NETARIUM_SESSION_SESSION_H
#define NETARIUM_SESSION_SESSION_H

#include "sim/query.h"
#include "sim/run.h"
#include "views/explain.h"
#include "views/history.h"

struct session;

/* Budgets in bytes; 0: the default. */
struct session_options {
    size_t memory_limit_bytes; /* of the network: see run_new */
    size_t checkpoint_bytes;   /* for checkpoints; default 256 MiB. The one at time zero is always kept */
    size_t record_bytes; /* for records; default 1 GiB. A run that tells more ends there (SESSION_FAILED) */
    size_t frame_bytes;  /* for bytes of frames; default 128 MiB. What is forgotten is found again by
                            re-running */
};

/* Why a call came back. */
enum session_stop {
    SESSION_THERE,  /* where it was sent to */
    SESSION_BREAK,  /* a breakpoint holds; session_break_hit says which */
    SESSION_START,  /* this is time zero: there is nothing before */
    SESSION_END,    /* nothing will ever happen again, or the scenario's stop was reached */
    SESSION_PAUSED, /* interrupted, or the limit of events is used up: call again to go on */
    SESSION_FAILED, /* the network cannot go on from here; session_failure says why */
    SESSION_REFUSED /* what was asked for makes no sense; the reason was given */
};

/* By what time is counted. */
enum session_unit {
    SESSION_EVENT,       /* one event of the engine */
    SESSION_FRAME,       /* the next first bit of a frame, or end of one on its way */
    SESSION_INTERESTING, /* the next record worth stopping at, or line that a command prints */
    SESSION_RECORD,      /* the next event that tells anything */
    SESSION_ACK          /* the next acknowledgement that a TCP sender takes */
};

/* How far one call may go. A zeroed one: no limit. */
struct session_limits {
    uint64_t events;                     /* at most so many, then SESSION_PAUSED; 0: any number */
    const volatile bool *is_interrupted; /* looked at before each event; NULL: never */
};

/* ---- Beginning and end ---- */

/* Builds the network of `scenario` (borrowed, as `registry` is) up to just before time zero. NULL: `errors`
 * says why not. `options` may be NULL. */
struct session *session_new(const struct registry *registry, const struct scenario *scenario,
                            const struct session_options *options, struct error_list *errors);
void session_free(struct session *session);

/* ---- The present ---- */

/* The run, for everything that looks and does not touch (run.h, inspect.h, query.h). Whoever moves its time
 * himself breaks the session. Borrowed; its digest, ledger, tables and texts are those of the present. */
const struct run *session_run(const struct session *session);

nt_time session_now(const struct session *session);
nt_time session_next_at(const struct session *session); /* of the next event; NT_NEVER: none */
uint64_t session_event(const struct session *session);  /* events that have happened */

/* Records 1 to session_records have been told by now; up to session_known_records are known, the rest being
 * the known future. session_record: NULL for 0 and what is not known. Borrowed until time moves. */
uint64_t session_records(const struct session *session);
uint64_t session_known_records(const struct session *session);
const struct nt_record *session_record(const struct session *session, uint64_t number);
const struct history *session_history(const struct session *session); /* those up to now */

/* The event that told record `number` (which must be known), and the other way round: the last record that is
 * told once `event` events (at most session_known_events) have happened. */
uint64_t session_event_of(const struct session *session, uint64_t number);
uint64_t session_told_by(const struct session *session, uint64_t event);
uint64_t session_known_events(const struct session *session);

/* Why the network cannot go on, or "". And the instant and number of the event at which it fails. */
const char *session_failure(const struct session *session);

/* A hash of the whole state of the network: see run_state_digest. */
uint64_t session_state_digest(const struct session *session);

/* ---- Moving ---- */

/* Forward or back to the nearest place where one (more) of `unit` has happened. Back: to just after the one
 * before; if there is none, to time zero (SESSION_START). `count` times; 0 is 1. Breakpoints are not looked
 * at. */
enum session_stop session_step(struct session *session, enum session_unit unit, uint64_t count,
                               const struct session_limits *limits);
enum session_stop session_back(struct session *session, enum session_unit unit, uint64_t count,
                               const struct session_limits *limits);

/* The event to which one step back leads: for session_goto_event, when the way there is to be gone in slices. */
uint64_t session_event_back(const struct session *session, enum session_unit unit);

/* The latest round trip that was told, by TCP (smoothed) or by ping; `node`: as this node knows it; 0: any
 * node. 0: none is known yet. A step by a round trip is session_goto to now plus or minus this. */
nt_time session_round_trip(const struct session *session, uint32_t node);

/* To an instant: all events up to and including it have happened. Before time zero: SESSION_START; after the
 * end: SESSION_END, at the end. */
enum session_stop session_goto(struct session *session, nt_time at, const struct session_limits *limits);

/* To just after event number `event`; to just after record `number` was told (it may lie in the unknown
 * future); to just before the event that tells it. */
enum session_stop session_goto_event(struct session *session, uint64_t event,
                                     const struct session_limits *limits);
enum session_stop session_goto_record(struct session *session, uint64_t number,
                                      const struct session_limits *limits);
enum session_stop session_goto_before(struct session *session, uint64_t number,
                                      const struct session_limits *limits);

/* Forward until `query` holds (sim/query.h; also a plain filter such as "tcp.retransmit", which is met by the
 * next record that it selects; or a time that lies ahead, "20 ms"), or a breakpoint does. If it holds already, until it holds again.
 * SESSION_REFUSED: `ret_why` and `ret_column` as in query_compile. */
enum session_stop session_until(struct session *session, const char *query,
                                const struct session_limits *limits, struct nt_why *ret_why,
                                size_t *ret_column);

/* To the first place of the whole run where `query` begins to hold. If it never does: SESSION_END, and the
 * present is where it was. */
enum session_stop session_goto_first(struct session *session, const char *query,
                                     const struct session_limits *limits, struct nt_why *ret_why,
                                     size_t *ret_column);

/* Forward to `at` (NT_NEVER: the end), or until a breakpoint holds. What a window's play button calls, in
 * slices. */
enum session_stop session_play(struct session *session, nt_time at, const struct session_limits *limits);

/* The record by which session_until, session_play or a breakpoint was satisfied, or which session_step
 * stepped to; 0: none. */
uint64_t session_cause_of_stop(const struct session *session);

/* ---- Breakpoints ---- */

struct session_break {
    unsigned number;  /* from 1, never used again */
    const char *text; /* the query */
    bool is_enabled;
    uint64_t hits; /* how often it has stopped anybody */
};

/* Adds one; 0: refused as by session_until. Scenario files bring theirs along ("break"). */
unsigned session_break_add(struct session *session, const char *query, struct nt_why *ret_why,
                           size_t *ret_column);
bool session_break_remove(struct session *session, unsigned number); /* false: there is none */
bool session_break_enable(struct session *session, unsigned number, bool is_enabled);
size_t session_break_count(const struct session *session);
struct session_break session_break_at(const struct session *session, size_t index);
unsigned session_break_hit(const struct session *session); /* the one that stopped us last; 0: none */

/* What a query's value is now, as a sentence: "tcp.cwnd at client is 14600 B". False: refused as by
 * session_until. */
bool session_ask(struct session *session, const char *query, char *ret_text, size_t size,
                 struct nt_why *ret_why, size_t *ret_column);

/* ---- Frames ---- */

/* A frame as it was when its first bit left (or when it ended before that). */
struct session_frame {
    uint64_t id;
    uint64_t parent; /* what it was made from; 0: nothing */
    uint64_t record; /* the first record about it that showed its bytes */
    const uint8_t *bytes;
    uint32_t length_bytes; /* with the check sequence, if it has one */
    bool has_fcs;
};

/* False: no frame of that number has been seen yet. Its bytes are borrowed until the next call of this or
 * until time moves. */
bool session_frame(struct session *session, uint64_t id, struct session_frame *ret_frame);
uint64_t session_frames(const struct session *session); /* the last number given by now */

/* What frame `id` was made from; 0: nothing, or it was not seen. And the first of the next thousand frames that was made
 * from it; 0: none. */
uint64_t session_parent(const struct session *session, uint64_t id);
uint64_t session_child(const struct session *session, uint64_t id);

/* Adds what a frame says, as tcpdump would put it; nothing if it was not seen. */
void session_frame_line(struct session *session, uint64_t id, struct text *text);

/* For views/explain.h: this session's records and frames. */
struct explain session_explain(struct session *session);

/* A frame on its way now: its first bit has left, it has neither arrived nor ended. */
struct session_flight {
    uint64_t frame;
    uint64_t record;  /* its frame.tx */
    uint32_t medium;  /* node that carries it */
    uint32_t from;    /* port of the station that sends it */
    nt_time since;    /* first bit */
    nt_time air_time; /* from the first bit at the sender to the last bit at the receiver, as frame.tx says */
    uint32_t still_awaited; /* on media with many stations: how many more may get it */
};

size_t session_flight_count(const struct session *session);
struct session_flight session_flight_at(const struct session *session, size_t index);

/* ---- Interventions ---- */

/* Something that a person did to the network: always a command, typed on a node. */
struct session_action {
    nt_time at;          /* when */
    uint64_t skip;       /* after how many events of that instant */
    uint32_t node;       /* where */
    const char *words;   /* "cut", "drop 17", "ping bob" */
    bool is_done;        /* it lies in the past */
    const char *refusal; /* why it could not be done when its instant came last; NULL: it could */
};

/* Types `words` on the node now. Every command that the node knows (a host's, `cut` and `mend` of a cable),
 * and on every node: drop, duplicate, corrupt, delay a frame; set a parameter. What was known of the future
 * is forgotten. False: `ret_why`. */
bool session_command(struct session *session, uint32_t node, const char *words, struct nt_why *ret_why);

/* Would session_command take these words? Nothing is done. */
bool session_command_is_right(struct session *session, uint32_t node, const char *words, struct nt_why *ret_why);

/* The node whose command would catch frame `id` on its way: the medium that carries it now, or did last. 0:
 * none. */
uint32_t session_medium_of(const struct session *session, uint64_t id);

size_t session_action_count(const struct session *session);
struct session_action session_action_at(const struct session *session,
                                        size_t index); /* in the order of time */

/* As if it had never been: time goes to the same instant of a run without it. */
enum session_stop session_undo(struct session *session, size_t index, const struct session_limits *limits);

/* What was taken back last is done again, at its own instant. Something else that was done in the meantime leaves nothing
 * to be done again: SESSION_REFUSED. The second says how many there are. */
enum session_stop session_redo(struct session *session, const struct session_limits *limits);
size_t session_undone_count(const struct session *session);

/* ---- Forks ---- */

/* Keeps this future: a session of its own, at the same place, with the same interventions and breakpoints.
 * NULL: interrupted. It shares nothing but the scenario; change one of the two, move both, and compare them
 * (compare.h). */
struct session *session_fork(const struct session *session, const struct session_limits *limits);

/* ---- Checkpoints ---- */

struct session_checkpoint {
    nt_time at;
    uint64_t event;
};

size_t session_checkpoint_count(const struct session *session);
struct session_checkpoint session_checkpoint_at(const struct session *session, size_t index);
size_t session_checkpoint_bytes(const struct session *session);

#endif

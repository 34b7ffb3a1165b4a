/* SPDX-License-Identifier: MIT
 * A run: one network, its time, and those who watch.
 *
 *     run_new -> run_build -> [run_listen]* -> run_advance / run_step ... -> run_free
 *                                  \-> run_save ... run_restore, any number of times
 *
 * Everything that the network is lives in the run's world (world.h); everything that watches lives outside.
 * So a checkpoint is a copy of the world, and going back is copying it in again and telling the watchers to
 * cut what came later. Watching never changes a run: the digest is the same with and without. */
#ifndef NETARIUM_SIM_RUN_H
#define NETARIUM_SIM_RUN_H

#include "sim/base/error.h"
#include "sim/netarium.h"
#include "sim/registry.h"
#include "sim/scenario.h"

#define RUN_MEMORY_LIMIT_BYTES ((size_t)2 << 30) /* default limit of a network's memory */

struct network;
struct run;
struct checkpoint;

/* Somebody who listens to records. Embedded in its owner; called in the order of run_listen. */
struct run_sink {
    /* One record. `frame` is the frame itself for the engine's own frame.* records, else NULL; borrowed, and
     * its pending check sequence is computed on demand (run_frame_finish). Must not touch the network. */
    void (*take)(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame);
    /* The run went back: records after `last` never happened. NULL: does not care. */
    void (*cut)(struct run_sink *sink, uint64_t last);
    struct run_sink *next; /* private */
};

/* Kinds that the engine itself tells. Their numbers are the same in every network. */
enum run_kind {
    RUN_KIND_NONE,
    RUN_KIND_FRAME_TX,      /* length, air_time, parent: the first bit leaves the port */
    RUN_KIND_FRAME_RX,      /* length: the last bit has arrived */
    RUN_KIND_FRAME_DROP,    /* reason, length: ended on the way */
    RUN_KIND_FRAME_DISCARD, /* reason, length: arrived, but of no use */
    RUN_KIND_LINE,          /* up, rate, half: the facts of the line changed */
    RUN_KIND_APP_START,     /* command */
    RUN_KIND_APP_PRINT,     /* text */
    RUN_KIND_APP_EXIT,      /* status */
    RUN_KIND_COUNT
};

enum run_status {
    RUN_GOES_ON, /* the instant asked for was reached, or the caller interrupted */
    RUN_IS_OVER, /* nothing will ever happen again, or the scenario's stop was reached */
    RUN_FAILED   /* the network cannot go on; run_failure says why */
};

/* The ledger of the law "no frame is lost silently": sent + copied = delivered + dropped + held, at every
 * instant. */
struct run_ledger {
    uint64_t sent;      /* handed to media by stations */
    uint64_t copied;    /* more copies made by media that reach several stations */
    uint64_t delivered; /* arrived whole at a station */
    uint64_t dropped;   /* ended on the way, each with a reason */
    uint64_t held;      /* on their way or waiting: asked of every node now */
    uint64_t discarded; /* delivered, and then of no use there, each with a reason */
};

struct run_reason {
    const char *text; /* "queue is full" */
    uint64_t count;
    bool is_discard; /* counted in discarded, not in dropped */
};

/* An empty run whose network may use up to `memory_limit_bytes` (0: the default). Never NULL. */
struct run *run_new(const struct registry *registry, size_t memory_limit_bytes);
void run_free(struct run *run);

/* Builds the network of `scenario` (borrowed, must outlive the run) up to just before time zero. False, with
 * errors, if the whole network shows a mistake. Once per run. */
bool run_build(struct run *run, const struct scenario *scenario, struct error_list *errors);

/* Adds a listener (borrowed). Before the first event, or any time after at the price of not knowing what was.
 */
void run_listen(struct run *run, struct run_sink *sink);

/* Runs all events up to and including `until` (at most the scenario's stop), or until `*is_interrupted` turns
 * true. */
enum run_status run_advance(struct run *run, nt_time until, const volatile bool *is_interrupted);

/* Runs exactly one event. */
enum run_status run_step(struct run *run);

/* Instant of the next event; NT_NEVER: none. */
nt_time run_next_at(const struct run *run);

nt_time run_now(const struct run *run);
uint64_t run_digest(const struct run *run);
uint64_t run_event_count(const struct run *run);
uint64_t run_record_count(const struct run *run);
uint64_t run_frame_count(const struct run *run);
size_t run_memory_bytes(const struct run *run);
uint64_t run_allocation_count(const struct run *run);
const char *run_failure(const struct run *run);

/* What the network is, read-only. Ids count from 1. NULL past the end. */
const struct scenario *run_scenario(const struct run *run);
uint32_t run_node_count(const struct run *run);
const struct nt_node *run_node(const struct run *run, uint32_t id);
const struct nt_node *run_node_named(const struct run *run, const char *name);
uint32_t run_port_count(const struct run *run);
const struct nt_port *run_port(const struct run *run, uint32_t id);
uint32_t run_app_count(const struct run *run);
const struct nt_app *run_app(const struct run *run, uint32_t id);
uint32_t run_kind_count(const struct run *run); /* kinds are 1 .. count */
const struct nt_kind *run_kind_at(const struct run *run, uint32_t kind);
uint32_t run_kind_named(const struct run *run, const char *name); /* 0: none */
const char *run_text(const struct run *run, uint64_t text); /* the text of NT_UNIT_TEXT values; "" for 0 */

struct run_ledger run_ledger(const struct run *run);
size_t run_reasons(const struct run *run, struct run_reason *ret_reasons,
                   size_t size); /* returns how many there are */

/* Computes what is pending in a frame given to a sink, so that its bytes can be shown. */
void run_frame_finish(const struct nt_frame *frame);

/* Starts a command on a node now (an intervention). False: `ret_why` says why not. */
bool run_command(struct run *run, uint32_t node, const char *words, struct nt_why *ret_why);

/* Could it be started now? Changes nothing. */
bool run_command_is_right(struct run *run, uint32_t node, const char *words, struct nt_why *ret_why);

/* Time passes until `at`, without an event: none is due before it, nor at it. */
void run_pass(struct run *run, nt_time at);

/* A copy of the network as it is now. Owned by the caller, who frees it before the run. Pages in which the
 * world has not changed since `near` (a checkpoint of this run, or NULL) are shared with it. */
struct checkpoint *run_save(const struct run *run);
struct checkpoint *run_save_near(struct run *run, const struct checkpoint *near);
/* Puts the network back to what `checkpoint` (of this very run) holds and tells all sinks to cut. */
void run_restore(struct run *run, const struct checkpoint *checkpoint);
size_t checkpoint_bytes(const struct checkpoint *checkpoint); /* as if it shared nothing */
size_t run_saved_bytes(const struct run *run); /* of all checkpoints together, what is shared counted once */
nt_time checkpoint_at(const struct checkpoint *checkpoint);
void checkpoint_free(struct checkpoint *checkpoint);

/* A hash of all that the network is: every byte of its memory. Two instants of one run at which it is the same
 * are the same instant. Unlike run_digest it means nothing in another process. */
uint64_t run_state_digest(const struct run *run);

#endif

/* SPDX-License-Identifier: MIT
 * The network: what a run's world holds. Private to sim/.
 *
 * Everything here lives in the world, so it is what a checkpoint copies; the run around it (run.c) holds what
 * watches. The files beside this one each do one thing with it: event.c moves time, frame.c makes and ends
 * frames, port.c joins and signals, record.c tells, node.c makes nodes, api.c puts these together as the
 * contract's table. */
#ifndef NETARIUM_SIM_NETWORK_H
#define NETARIUM_SIM_NETWORK_H


#include "sim/custody.h"
#include "sim/guard.h"
#include "sim/netarium.h"
#include "sim/queue.h"
#include "sim/command.h"
#include "sim/run.h"
#include "sim/text_store.h"
#include "sim/world.h"

#define NETWORK_REASONS 256 /* different drop and discard reasons that are counted apart */
#define NETWORK_KINDS 1024  /* kinds of records in one network */
#define NETWORK_KIND_PLACES 4096 /* of their hash table */
#define FRAME_SIZES 4       /* pools of frames: small, medium, large, jumbo */

struct network_reason {
    const char *text; /* a constant of the program */
    uint64_t count;
    bool is_discard;
};

#define NETWORK_HOME_ADDRESSES 2 /* addresses by which a node's name is known: the first of each length */

#define NETWORK_FIRST_PORTS 2

struct network_claim {
    uint8_t address[16];
    uint32_t length_bytes;
    uint32_t node; /* who has it; unused in a node's own list */
};

/* Memory that all nodes share; see nt_shared. */
struct network_shared {
    const void *key;
    void *memory;
    struct network_shared *next;
};

/* A node with what is the engine's own about it. */
struct network_node {
    struct nt_node node; /* what the node sees; first, so that a pointer to one is a pointer to the other */
    struct network_claim *home; /* what its name resolves to, NETWORK_HOME_ADDRESSES of them; NULL: nothing yet */
    struct nt_port *first_ports[NETWORK_FIRST_PORTS]; /* most nodes need no room for more */
    uint32_t port_capacity;                           /* of node.ports, wherever they are */
};

struct network_app {
    struct nt_app app;
    uint64_t start_record; /* the record of its start: the cause of what it prints */
};

/* An action of the file: a command to be run at its time. */
struct network_action {
    struct nt_event event;
    struct network *network;
    const struct scenario_action *action; /* the scenario's, outside the world, immutable */
};

struct network {
    struct nt_clock clock; /* what nodes read directly */
    struct run *run;       /* who owns us; outside the world */
    struct world *world;
    struct queue queue;
    uint64_t order;   /* the last number given to an arming */
    uint64_t events;  /* events that have happened */
    uint64_t digest;  /* see network_digest_add */
    uint64_t cause;   /* the record that this moment goes back to */
    uintptr_t firing; /* what the latest event does, and whose it is: its own memory may be gone since */
    const struct nt_node *firing_node;
    uint64_t frames;  /* the last frame id given */
    uint64_t records; /* the last record number given */
    uint64_t seed;
    nt_time stop;
    struct network_node **nodes; /* by id - 1 */
    uint32_t node_count, node_capacity;
    struct nt_port **ports; /* by id - 1 */
    uint32_t port_count, port_capacity;
    struct network_app **apps; /* by id - 1 */
    uint32_t app_count, app_capacity;
    const struct nt_kind *kinds[NETWORK_KINDS]; /* by number; 0 is none */
    uint32_t kind_count;
    uint16_t kind_places[NETWORK_KIND_PLACES]; /* a hash table of kinds by name; 0: empty */
    uint32_t *names; /* a hash table of node ids by name; 0: empty */
    uint32_t name_capacity;
    struct network_shared *shared; /* a short list */
    struct nt_event begin;         /* time zero: starts every node */
    struct network_action *actions;
    struct run_ledger ledger; /* without `held`, which is asked for */
    struct network_mark *marks; /* frames that somebody meddles with; NULL: none */
    uint64_t late;              /* frames that arrive later because of that */
    struct network_reason reasons[NETWORK_REASONS];
    uint32_t reason_count;
    struct nt_frame *spare_frames[FRAME_SIZES]; /* for reuse */
    struct nt_api lent_api; /* what nodes of plug-ins call */
    struct custody custody; /* what these have at hand */
};

/* A command that a person typed while the run went on. */
struct run_typed {
    uint32_t node; /* where */
    struct command command;
    char *words; /* owned */
};

/* Who has claimed which address: a hash table. Only asked while a network is built. */
struct run_claims {
    struct network_claim *entries; /* owned; length_bytes 0: empty */
    uint32_t count, capacity;
};

/* What is outside the world: the run. */
struct run {
    struct network *network; /* in the world */
    struct world *world;
    const struct registry *registry;
    const struct scenario *scenario;
    struct run_sink *sinks;
    struct run_sink **sinks_end;
    struct error_list *errors;   /* while building */
    struct run_claims claims;    /* likewise */
    struct text_store texts;     /* texts of records, cut back with them */
    struct run_typed **commands; /* commands typed by people, kept until the run ends */
    size_t command_count;
    size_t memory_limit_bytes;
    size_t saved_bytes; /* pages of all its checkpoints, each counted once */
    char failure[300];
    struct guard_point escape; /* where a network that cannot go on lands */
    bool can_escape;
};

static inline struct network *network_of(const struct nt_node *node)
{
    return NT_OWNER(node->clock, struct network, clock);
}

/* The run's digest: a hash over every arrival and every drop: when, where, how long, and the first bytes.
 * Being cheap, it is always kept; being over bytes, it says that two runs were the same to what every node
 * saw. */
static inline void network_digest_add(struct network *network, uint64_t value)
{
    uint64_t mixed = (network->digest ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    network->digest = mixed ^ mixed >> 29;
}

/* If a plug-in has just crashed: the run has failed, and `failure` says so. */
void run_note_crash(struct run *run);

/* Ends the run with a sentence; does not return. */
_Noreturn void network_fail(struct network *network, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* event.c */
void event_arm(struct nt_event *event, nt_time at);
void event_disarm(struct nt_event *event);
bool event_next(struct network *network, nt_time limit); /* runs one event; false: there is none up to `limit` */
nt_time event_next_at(struct network *network);

/* frame.c */
struct nt_frame *frame_new(struct nt_node *node, uint32_t head_room_bytes, uint32_t length_bytes);
struct nt_frame *frame_writable(struct nt_node *node, struct nt_frame *frame);
void frame_unref(struct nt_node *node, struct nt_frame *frame);
void frame_seal(struct nt_frame *frame);
void frame_finish(struct nt_frame *frame);
bool frame_is_intact(struct nt_frame *frame);

/* port.c */
void port_join(struct network *network, struct nt_port *a, struct nt_port *b);
void port_transmit(struct nt_port *port, struct nt_frame *frame);
void port_deliver(struct nt_port *port, struct nt_frame *frame, uint64_t cause);
void port_deliver_now(struct nt_port *port, struct nt_frame *frame, uint64_t cause);
void port_signal(struct nt_port *port, const struct nt_sense *sense);
void port_set_line(struct nt_port *port, bool is_up, bool is_half_duplex, int64_t rate_bps);
void port_drop(struct nt_port *port, struct nt_frame *frame, const char *reason);
void port_discard(struct nt_port *port, struct nt_frame *frame, const char *reason);
void port_offered(struct nt_port *port, struct nt_frame *frame);
void port_copied(struct nt_port *port, uint64_t copies);
uint64_t port_tell_tx(struct nt_port *port, struct nt_frame *frame, uint64_t cause, nt_time air_time);

/* record.c */
void record_declare_own(struct network *network);
uint32_t record_kind(struct network *network, const struct nt_kind *kind);
uint64_t record_tell(struct network *network, const struct nt_record *record, const struct nt_frame *frame);
uint64_t record_text(struct network *network, const char *text);
void record_cut(struct run *run, uint64_t last, size_t texts);

/* node.c */
struct nt_node *node_new(struct network *network, const struct nt_node_type *type, const char *name);
struct nt_port *port_new(struct nt_node *node, const char *name, const struct nt_value *values);
bool node_claim(struct network *network, uint32_t node, const void *address, uint32_t length_bytes,
                uint32_t *ret_other);
bool node_is_claimed(const struct network *network, const void *address, uint32_t length_bytes);
bool node_resolve(struct network *network, const char *name, void *ret_address, uint32_t length_bytes);

uint32_t node_named(const struct network *network, const char *name); /* id, or 0 */
void *node_shared(struct nt_node *node, const void *key, size_t size_bytes, bool *ret_is_new);

/* app.c */
struct network_app *app_start(struct nt_node *node, const struct nt_app_type *type,
                              const struct nt_value *values, const char *words);
void app_print(struct nt_app *app, const char *format, va_list arguments);
void app_exit(struct nt_app *app, int status);
void app_arm_actions(struct network *network);

/* api.c */
extern const struct nt_api network_api;

#endif

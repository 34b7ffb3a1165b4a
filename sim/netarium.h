/* SPDX-License-Identifier: MIT
 * Netarium's public contract: everything that a node, an application or another part sees of the simulator.
 *
 * Everything is a node: hosts, switches and routers, but also the cables between them. A node *type* is a constant
 * table of what it is called, which parameters it takes, and what it does when something happens. The simulator makes
 * the nodes that a scenario file asks for, joins their ports pairwise, and from then on only calls back. A type that
 * is built in and one that comes in a shared object use this header and nothing else of the simulator.
 *
 *    loading     create (memory, parameters)  ->  ports are joined  ->  check (choose what was not given)
 *    time zero   start; media tell the lines: up, rate, duplex
 *    running     receive | transmit | sense | line | events of its own | commands
 *    any time    tables and held are asked; they must not change anything
 *
 * Rules for both sides. There are no globals. All memory of a node comes from nt_new and belongs to the network:
 * going back in time copies the whole network's memory back, so a pointer to anything else would go stale. Nothing
 * here returns NULL for want of memory: a network that grows past its limit is stopped with a sentence. There is no
 * clock but nt_now and no dice but nt_random_below: same file and seed, same run, to the last bit.
 *
 * Every structure that crosses this line begins with its size or grows only at its end. */
#ifndef NETARIUM_H
#define NETARIUM_H

#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define NT_CONTRACT_VERSION 1

/* ---- Time ---------------------------------------------------------------------------------------------------- */

/* Picoseconds since the run began. One bit lasts 100 000 at 10 Mb/s and 10 at 100 Gb/s; the range is 106 days. */
typedef int64_t nt_time;

#define NT_PICOSECOND INT64_C(1)
#define NT_NANOSECOND INT64_C(1000)
#define NT_MICROSECOND INT64_C(1000000)
#define NT_MILLISECOND INT64_C(1000000000)
#define NT_SECOND INT64_C(1000000000000)
#define NT_NEVER INT64_MAX

struct nt_node;
struct nt_port;
struct nt_frame;
struct nt_app;
struct nt_socket;
struct nt_sockets;

/* The owner of an embedded member: NT_OWNER(event, struct ping, tick). */
#define NT_OWNER(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* Does a table that begins with its size reach as far as this member? One that was built with an older header may not. */
#define NT_HAS(table, member) \
    ((size_t)(table)->size >= (size_t)((const char *)(&(table)->member + 1) - (const char *)(table)))

/* ---- Events --------------------------------------------------------------------------------------------------- */

/* Something that will happen. It is embedded in what it belongs to: arming allocates nothing. The owner sets `fire`
 * and `node` once with nt_event_init and reads `at`; the rest is the engine's. An armed event must be disarmed before
 * its memory goes away. */
struct nt_event {
    void (*fire)(struct nt_event *event); /* what happens; runs at `at` */
    nt_time at;                           /* when; NT_NEVER while not armed */
    uint64_t order;                       /* place among the events of one instant: the order of arming */
    nt_time queued_at;                    /* where its entry stands in the queue; a later move waits until then */
    uint64_t queued_order;                /* likewise; 0 while it has no entry */
    struct nt_node *node;                 /* whose event it is */
    uint64_t cause;                       /* number of the record that armed it; 0: none or nobody listens */
};

/* ---- Frames --------------------------------------------------------------------------------------------------- */

enum nt_frame_flag {
    NT_FRAME_SEALED = 1,       /* the last four bytes are the frame check sequence */
    NT_FRAME_FCS_PENDING = 2,  /* ... which is right, but not computed yet: nobody has looked */
    NT_FRAME_DAMAGED = 4       /* a medium changed bits: the check sequence may not fit */
};

/* Reference-counted bytes with room in front. One owner builds a frame; once sent it is read-only and shared. */
struct nt_frame {
    uint8_t *bytes;        /* the first byte: for Ethernet the destination address, no preamble */
    uint32_t length_bytes; /* bytes from there, the check sequence included once sealed */
    uint32_t references;   /* owners; nt_frame_ref, nt_frame_unref */
    uint64_t id;           /* its identity in the trace, from 1 */
    uint64_t parent;       /* the frame that it was made from (a copy, a fragment, a translation); 0: none */
    uint16_t flags;        /* nt_frame_flag */
    uint8_t lent;          /* the engine's: references that nodes of plug-ins have, */
    uint8_t queued;        /* and places in which it waits in queues of theirs; 255: too many to be counted */
    uint32_t room_bytes;   /* bytes of storage in all */
    uint16_t tail_bytes;   /* who built it has summed so many of its last bytes, the check sequence apart; 0: nobody has */
    uint16_t tail_sum;     /* ... which came to this: RFC 1071. nt_frame_writable forgets it */
    uint16_t tail_end;     /* where they end, counted from the end of this struct: what was added behind makes it void */
    uint16_t spare_zeros;  /* just made: so many bytes before tail_end are zeros already, left by the frame that was here before */
};

/* ---- Ports ---------------------------------------------------------------------------------------------------- */

/* A place where a node touches another. Ports are joined pairwise and without delay; distance is a matter of the
 * medium's node. `line` facts are set by the medium's side with nt_port_line. Read-only for nodes. */
struct nt_port {
    struct nt_node *node;     /* whose port it is */
    struct nt_port *peer;     /* the port it is joined to; NULL: nothing plugged in */
    void *own;                /* what the node keeps about this port, as it likes; NULL at first */
    uint32_t id;              /* number in the network, from 1 in the order of the file */
    uint16_t index;           /* number on its node, from 0 */
    bool is_up;               /* the medium carries signals */
    bool is_half_duplex;      /* the medium is shared: use sense, not transmit */
    uint64_t sent_frames;     /* frames that the node handed to the medium */
    uint64_t sent_bytes;      /* their bytes, check sequence included */
    uint64_t received_frames; /* frames that arrived whole */
    uint64_t received_bytes;  /* their bytes. Up to here: what every frame needs, in one cache line */
    uint64_t dropped_frames;  /* frames that ended at this port; */
    const char *name;         /* "eth0" */
    int64_t rate_bps;         /* signalling rate of the medium */
    const struct nt_value *values; /* port parameters, as the type of its node declares; NULL: none */
    uint32_t head_bits;       /* >0: the node wants NT_SENSE_HEAD when so many bits of a frame are in (cut-through) */
    uint8_t address[6];       /* set by a station on a shared medium: the Ethernet address that it listens for */
    bool takes_all;           /* set by a station: it wants every frame (a bridge, a listener) */
    bool wants_signals;       /* set by a repeater: it wants every signal, as it begins and ends */
};

/* What a shared medium tells a station, and a station a shared medium. */
enum nt_sense_what {
    NT_SENSE_CARRIER_ON,   /* medium to repeater: a signal arrives here, of `frame` */
    NT_SENSE_CARRIER_OFF,  /* medium to repeater, and to a station that watches: silence here */
    NT_SENSE_COLLISION_ON, /* medium to sending station: another signal is here; to repeater: more than one is */
    NT_SENSE_COLLISION_OFF, /* medium to repeater: no longer more than one */
    NT_SENSE_RX_START,     /* medium to station: the first bit of `frame` is here */
    NT_SENSE_HEAD,         /* medium to station: `bits` bits of `frame` are in (only if the port asked) */
    NT_SENSE_RX_FRAGMENT,  /* medium to station: what began ended after `bits` bits, broken */
    NT_SENSE_TX_START,     /* station to medium: I begin to send `frame` */
    NT_SENSE_TX_END        /* station to medium: I stop; `bits` bits were sent, preamble included. With `frame`: it was whole,
                            * and the medium takes its own reference to what it will deliver */
};

/* The signals of others at a station's place on a shared medium. */
struct nt_carrier {
    bool is_on;          /* a signal is here now */
    nt_time since;       /* since when it is on, or off; INT64_MIN: always */
    nt_time silent_from; /* is_on: when the silence before it began; INT64_MIN: it was always silent */
};

struct nt_sense {
    enum nt_sense_what what;
    struct nt_frame *frame; /* borrowed for the call; NULL where none is meant */
    uint32_t bits;          /* see above */
};

/* ---- Records --------------------------------------------------------------------------------------------------- */

#define NT_VALUES 6 /* the most integers that one record carries */

/* How one integer of a record, or one cell of a table, is meant. */
enum nt_unit {
    NT_UNIT_NONE,   /* a plain number */
    NT_UNIT_BYTES,  /* bytes */
    NT_UNIT_BITS,   /* bits */
    NT_UNIT_TIME,   /* picoseconds */
    NT_UNIT_RATE,   /* bits per second */
    NT_UNIT_FRAMES, /* frames or packets */
    NT_UNIT_PPM,    /* parts per million, shown in per cent */
    NT_UNIT_MM,     /* millimetres, shown in metres */
    NT_UNIT_MAC,    /* an Ethernet address in the low 48 bits */
    NT_UNIT_IPV4,   /* an IPv4 address in the low 32 bits */
    NT_UNIT_HEX,    /* a plain number, shown in hexadecimal */
    NT_UNIT_BOOL,   /* 0 no, 1 yes */
    NT_UNIT_WORD,   /* an index into the field's `words` */
    NT_UNIT_FRAME,  /* the number of a frame */
    NT_UNIT_RECORD, /* the number of a record */
    NT_UNIT_TEXT    /* in records: a number that the trace knows the text of (nt_text); in tables: the cell's text */
};

struct nt_field {
    const char *name;         /* as in a query: short, lower case, with _ between words */
    enum nt_unit unit;        /* how to show it */
    const char *const *words; /* for NT_UNIT_WORD: names, ended by NULL; for NT_UNIT_BYTES: what INT32_MAX stands for, if it does */
};

enum nt_kind_flag {
    NT_KIND_GAUGE = 1,       /* field 0 is a level that holds until the next record of this kind at this place */
    NT_KIND_INTERESTING = 2, /* worth stopping at */
    NT_KIND_DROP = 4,        /* a frame ended here; field 0 is the reason */
    NT_KIND_CHATTER = 8      /* background noise, folded until asked for */
};

/* One kind of record, declared once per network by name. The tables live as long as the program. */
struct nt_kind {
    const char *name;     /* "arp.request": layer, dot, what */
    const char *sentence; /* "{node} asks who has {target}": {node} {port} {frame} and fields by name */
    const char *clause;   /* "RFC 826"; NULL where no standard speaks */
    uint32_t flags;       /* nt_kind_flag */
    struct nt_field fields[NT_VALUES];
};

/* One fact. 96 bytes, the same everywhere. */
struct nt_record {
    nt_time at;                /* when */
    uint64_t number;           /* from 1, without gaps, in the order of happening */
    uint64_t cause;            /* the record that brought this about; 0: the scenario itself */
    uint64_t frame;            /* the frame it is about; 0: none */
    uint32_t kind;             /* what; see struct nt_kind */
    uint32_t node;             /* whose; a node's id */
    uint32_t port;             /* a port's id; 0: none */
    uint32_t app;              /* an application's id; 0: none */
    int64_t values[NT_VALUES]; /* in the order of the kind's fields */
};

/* ---- Parameters ------------------------------------------------------------------------------------------------ */

/* What a parameter, or an option of a command, is written as. */
enum nt_param_kind {
    NT_PARAM_INTEGER, /* 42 */
    NT_PARAM_BOOLEAN, /* true, false; as an option: a switch without a value */
    NT_PARAM_TIME,    /* "1.5 s"; picoseconds. As an option a bare number is seconds */
    NT_PARAM_RATE,    /* "10 Mbps"; bits per second */
    NT_PARAM_LENGTH,  /* "500 m"; millimetres */
    NT_PARAM_BYTES,   /* "64 kB"; bytes. A bare number is bytes */
    NT_PARAM_AMOUNT,  /* "64 packets" or "250000 bytes": number, and extra: 0 packets, 1 bytes */
    NT_PARAM_PERCENT, /* "2 %"; parts per million */
    NT_PARAM_WORD,    /* one of `words`; number is its index */
    NT_PARAM_TEXT,    /* any text */
    NT_PARAM_NODE,    /* the name of a node; number is its id */
    NT_PARAM_PARSED,  /* text that `parse` understands: an address, a prefix */
    NT_PARAM_MAP,     /* an object of texts, each value understood by `parse`; items carry `key` */
    NT_PARAM_LIST,    /* a list of texts, each understood by `parse` (or taken as they are) */
    NT_PARAM_PART,    /* an object {"type": ..., parameters}: a pluggable part of the category in `words[0]`; or only its name,
                       * which is all that a command may give: then its values are `nt_part`'s to find */
    NT_PARAM_PARTS    /* a list of such objects */
};

enum nt_param_flag {
    NT_PARAM_REQUIRED = 1,   /* must be given */
    NT_PARAM_POSITIONAL = 2, /* commands: no leading option word */
    NT_PARAM_REST = 4,       /* commands: takes all words that are left, as a list */
    NT_PARAM_SETTABLE = 8,   /* may be changed while running: the type's `set` is called */
    NT_PARAM_NUMBERS = 16,   /* LIST: its items are plain numbers, each in the range */
    NT_PARAM_MANY = 32,      /* PARSED, and each value of a MAP: may also be a list of several texts */
    NT_PARAM_HOST = 64       /* commands, TEXT and LIST: whom to reach, a node's name or an address; a name that no node has
                              * is warned of */
};

/* One value that the loader has checked. Which members mean something depends on the parameter's kind. */
struct nt_value {
    bool is_given;                /* false: the default stands here (or nothing, if there is none) */
    uint32_t count;               /* number of items */
    int64_t number;               /* in the kind's unit */
    int64_t extra;                /* second number of NT_PARAM_AMOUNT, or what `parse` puts here */
    const char *text;             /* as written */
    const char *key;              /* NT_PARAM_MAP: the item's key */
    const struct nt_value *items; /* MAP, LIST, PARTS: `count` of them; PART: the part's own values; with NT_PARAM_MANY,
                                   * and a list given: all of them, of which the first also stands in this value itself */
    const struct nt_part_type *part; /* PART and items of PARTS: the type chosen */
};

/* Why something a person wrote cannot be used: one plain sentence without a final full stop. */
struct nt_why {
    char text[200];
};

struct nt_param {
    const char *name;            /* "rate"; for an option of a command "-c" or "--bytes" */
    enum nt_param_kind kind;     /* how it is written */
    uint32_t flags;              /* nt_param_flag */
    const char *default_text;    /* written like a value; NULL: none, or chosen as the summary says */
    int64_t least, most;         /* allowed range in the kind's unit; both 0: any that is not negative */
    const char *const *words;    /* NT_PARAM_WORD: choices ended by NULL; PART: the category, and what one of it is
                                  * called if that is another word */
    bool (*parse)(const char *text, struct nt_value *ret_value, struct nt_why *ret_why);
    const char *summary;         /* one sentence */
};

/* ---- Tables: what can be seen of a node ------------------------------------------------------------------------- */

struct nt_cell {
    int64_t number; /* in the column's unit */
    char text[64];  /* for NT_UNIT_TEXT; always terminated */
};

#define NT_COLUMNS 16

struct nt_table {
    const char *name;                    /* "arp": as in `show alice arp` and alice.arp.state */
    const char *summary;                 /* one sentence */
    struct nt_field columns[NT_COLUMNS]; /* up to the first without a name */
    /* Fills the row with this number, from 0, and returns true; false past the last. Changes nothing. The order of rows
     * is the same in every run. */
    bool (*row)(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
};

/* ---- Types ------------------------------------------------------------------------------------------------------ */

enum nt_node_flag {
    NT_NODE_MEDIUM = 1,    /* stands between ports of others: a link, a segment */
    NT_NODE_RUNS_APPS = 2  /* applications run here: a host, a router */
};

struct nt_node_type {
    uint32_t size;            /* sizeof(struct nt_node_type) */
    uint32_t flags;           /* nt_node_flag */
    const char *name;         /* "host" */
    const char *summary;      /* one sentence */
    const struct nt_param *params; /* ended by one without a name; NULL: none */
    const struct nt_param *port_params; /* what a "tap" or an end of a link may say of a port of this node; NULL: none */
    const char *port_prefix;  /* ports are called prefix + number: "eth" */
    uint32_t max_ports;       /* ports that can be joined */
    uint32_t state_bytes;     /* size of the state; zeroed memory of this size is at node->state from the start */
    const struct nt_table *tables; /* ended by one without a name; NULL: none */
    const struct nt_app_type *commands; /* commands of this type alone (cut, mend); ended by one without a name */

    /* Loading. Declare kinds, take parameters, claim addresses. Say nt_refuse for what cannot be. */
    void (*create)(struct nt_node *node, const struct nt_value *values);
    /* Time zero, in the order of the file. */
    void (*start)(struct nt_node *node);
    /* Running. The last bit of `frame` has arrived at `port`. The reference is the node's now. */
    void (*receive)(struct nt_node *node, struct nt_port *port, struct nt_frame *frame);
    /* Running; media. The neighbour at `port` hands over `frame`, to be sent when the transmitter falls free. The
     * reference is the node's now. */
    void (*transmit)(struct nt_node *node, struct nt_port *port, struct nt_frame *frame);
    /* Running; shared media and their stations. */
    void (*sense)(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense);
    /* Loading and running. The facts of the line at `port` changed: is_up, is_half_duplex, rate_bps. */
    void (*line)(struct nt_node *node, struct nt_port *port);
    /* Running. Parameter number `param` has been given a new value by a person or an action. */
    void (*set)(struct nt_node *node, uint32_t param, const struct nt_value *value);
    /* Any time. Frames that this node holds and will still deliver or drop. NULL: never any. */
    uint64_t (*held)(const struct nt_node *node);
    /* Loading, after all ports are joined: choose what was not given, refuse what only the whole network shows. */
    void (*check)(struct nt_node *node);
    /* Running; shared media. What does the station at `port` hear now, its own signal apart? */
    void (*carrier)(const struct nt_node *node, const struct nt_port *port, struct nt_carrier *ret_carrier);
    /* Running; shared media. The station at `port` wants NT_SENSE_CARRIER_OFF, once, when it hears no signal any more. */
    void (*watch)(struct nt_node *node, struct nt_port *port);
    /* Ports that must be joined before the network can be built: 2 for a cable. `check` can rely on it. */
    uint32_t least_ports;
};

/* A command that can be run on a node: `ping -c 4 bob`. */
struct nt_app_type {
    uint32_t size;                 /* sizeof(struct nt_app_type) */
    uint32_t state_bytes;          /* size of the state; zeroed at app->state when it starts */
    const char *name;              /* "ping" */
    const char *summary;           /* one sentence */
    const struct nt_param *params; /* options and positional words; ended by one without a name; NULL: none */
    /* Loading, and before each start: may refuse the words together (both -a and -b). NULL: nothing to check. */
    bool (*check)(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why);
    /* Running. The command begins. It ends when nt_app_exit is called, at once or later. */
    void (*start)(struct nt_app *app);
    /* Running. A person interrupts it (Ctrl-C). It must print its summary, if it has one, and call nt_app_exit. */
    void (*interrupt)(struct nt_app *app);
    const struct nt_kind *kinds; /* records that it tells, declared before time zero if the file uses it; ended by one
                                  * without a name; NULL: none. nt_kind gives their numbers at any time then */
};

/* A pluggable part of some other node: a queue discipline, an impairment, a congestion control. What `ops` points to is
 * agreed between the category's user and its parts. */
struct nt_part_type {
    uint32_t size;                 /* sizeof(struct nt_part_type) */
    const char *category;          /* "queue" */
    const char *name;              /* "drop-tail" */
    const char *summary;           /* one sentence */
    const struct nt_param *params; /* ended by one without a name; NULL: none */
    uint32_t state_bytes;          /* size of one instance */
    const void *ops;               /* the category's table of functions */
    const struct nt_kind *kinds;   /* as nt_app_type has them */
};

/* A running command. */
struct nt_app {
    struct nt_node *node;           /* where it runs */
    const struct nt_app_type *type; /* what it is */
    const struct nt_value *values;  /* its options, in the order of the type's parameters */
    void *state;                    /* its memory */
    const char *words;              /* the command as typed */
    uint32_t id;                    /* number in the network, from 1 */
    bool is_running;                /* false once nt_app_exit was called */
    int status;                     /* exit status, valid once it no longer runs */
    nt_time started_at;             /* when it began */
    struct nt_socket *sockets;      /* those that it has open; they are closed when it exits */
};

/* ---- What the simulator offers ---------------------------------------------------------------------------------- */

/* Facts that change all the time, to be read without a call. */
struct nt_clock {
    nt_time now;       /* the simulated instant */
    bool is_listening; /* does anybody want records? If not, nothing needs to be computed for them */
};

struct nt_random {
    uint64_t state; /* never 0 once initialised */
};

struct nt_api;

struct nt_node {
    const struct nt_api *api;
    const struct nt_clock *clock;
    const struct nt_node_type *type;
    void *state;           /* type->state_bytes of memory */
    const char *name;      /* as in the scenario */
    uint32_t id;           /* from 1, in the order of the file; links after nodes */
    uint32_t ordinal;      /* from 1, counted among the nodes of its type */
    uint32_t port_count;
    struct nt_port **ports; /* in the order of joining */
    const struct nt_sockets *sockets; /* how applications here reach the network; set in create; NULL: not at all */
};

struct nt_api {
    uint32_t size; /* sizeof(struct nt_api) of the simulator that runs */

    /* Memory of the network, zeroed; any phase. */
    void *(*memory_new)(struct nt_node *node, size_t size_bytes);
    void (*memory_free)(struct nt_node *node, void *memory);

    /* Events; from start on. `at` is not before now. Arming an armed event moves it. */
    void (*event_arm)(struct nt_event *event, nt_time at);
    void (*event_disarm)(struct nt_event *event);

    /* Randomness: a stream of its own per node and name. Any phase from create on. */
    void (*random_init)(struct nt_node *node, struct nt_random *random, const char *stream);
    uint64_t (*random_next)(struct nt_random *random);
    uint32_t (*random_below)(struct nt_random *random, uint32_t limit);
    int64_t (*random_exponential)(struct nt_random *random, int64_t mean);

    /* Frames; from start on. */
    struct nt_frame *(*frame_new)(struct nt_node *node, uint32_t head_room_bytes, uint32_t length_bytes);
    struct nt_frame *(*frame_writable)(struct nt_node *node, struct nt_frame *frame);
    void (*frame_unref)(struct nt_node *node, struct nt_frame *frame);
    void (*frame_seal)(struct nt_frame *frame);
    void (*frame_finish)(struct nt_frame *frame);
    bool (*frame_is_intact)(struct nt_frame *frame);

    /* Ports; running. */
    void (*transmit)(struct nt_port *port, struct nt_frame *frame);
    void (*deliver)(struct nt_port *port, struct nt_frame *frame, uint64_t cause);
    void (*signal)(struct nt_port *port, const struct nt_sense *sense);
    void (*port_line)(struct nt_port *port, bool is_up, bool is_half_duplex, int64_t rate_bps);
    void (*drop)(struct nt_port *port, struct nt_frame *frame, const char *reason);
    void (*discard)(struct nt_port *port, struct nt_frame *frame, const char *reason);
    void (*offered)(struct nt_port *port, struct nt_frame *frame);
    void (*copied)(struct nt_port *port, uint64_t copies);
    uint64_t (*tell_tx)(struct nt_port *port, struct nt_frame *frame, uint64_t cause, nt_time air_time);

    /* Records; any phase from create on. */
    uint32_t (*kind)(struct nt_node *node, const struct nt_kind *kind);
    uint64_t (*tell)(struct nt_node *node, uint32_t kind, const struct nt_port *port, uint64_t frame,
                     const int64_t *values);
    uint64_t (*text)(struct nt_node *node, const char *text);
    uint64_t (*cause)(struct nt_node *node);
    void (*because)(struct nt_node *node, uint64_t record);

    /* Loading. */
    void (*refuse)(struct nt_node *node, const char *param, const char *format, va_list arguments);
    void (*warn)(struct nt_node *node, const char *param, const char *format, va_list arguments);
    void (*claim)(struct nt_node *node, const char *param, const void *address, uint32_t length_bytes,
                  const char *shown);
    bool (*is_claimed)(struct nt_node *node, const void *address, uint32_t length_bytes);
    bool (*resolve)(struct nt_node *node, const char *name, void *ret_address, uint32_t length_bytes);

    /* Memory shared by all nodes of a network that know `key`; create. */
    void *(*shared)(struct nt_node *node, const void *key, size_t size_bytes, bool *ret_is_new);

    /* Commands; running. */
    void (*app_print)(struct nt_app *app, const char *format, va_list arguments);
    void (*app_exit)(struct nt_app *app, int status);

    /* Loading. */
    void (*refuse_port)(struct nt_port *port, const char *param, const char *format, va_list arguments);

    /* Running. */
    void (*set_home)(struct nt_node *node, const void *address, uint32_t length_bytes);

    /* Parts; any phase. */
    bool (*part)(struct nt_node *node, const char *category, const char *name, struct nt_value *ret_value);
};

/* ---- Queues: parts of category "queue" ---------------------------------------------------------------------------- */

/* A frame that waits. */
struct nt_queued {
    struct nt_frame *frame; /* with one reference */
    nt_time since;          /* when it came */
    uint64_t cause;         /* the record that its being here goes back to */
};

/* Where frames wait for a transmitter. Its *user* (a link, a switch) has the transmitter; the *discipline* decides who
 * may wait, who goes next and who goes nowhere.
 *
 *      frame --> enqueue --> [ waiting ] --> dequeue --> transmitter
 *                  |             |             |
 *             refused with    thrown out    thrown out, or marked         nt_queue_drop, queue->marked
 *             a reason
 *
 * The user fills all but the discipline's own and zeroes the rest; it tells length and delay as they change. A drop can
 * have a reason of the discipline's own: whoever drops tells it as a record first and names it with nt_because. */
struct nt_queue {
    const struct nt_queue_ops *ops;
    struct nt_node *node; /* the user's node */
    struct nt_port *port; /* the user's port at which frames come in, for records */
    void *state;          /* the part's state_bytes of zeroed memory */
    int64_t rate_bps;     /* the transmitter's rate */
    bool is_idle;         /* the transmitter is free: what may pass now leaves at once */
    uint32_t length;      /* discipline: frames that wait */
    int64_t bytes;        /* discipline: their bytes, check sequences included */
    uint64_t marked;      /* discipline: frames that left with a mark of congestion */
    void (*drop)(struct nt_queue *queue, struct nt_frame *frame, const char *reason); /* see nt_queue_drop */
};

struct nt_queue_ops {
    uint32_t size; /* sizeof(struct nt_queue_ops) */
    /* Loading. Takes the part's parameters; nt_refuse for what cannot be. */
    void (*init)(struct nt_queue *queue, const struct nt_value *values);
    /* Running. NULL: `arrival` waits now. Else the reason why it may not, a constant of the program; the frame stays the
     * user's, who drops it. Others may be dropped to make room. */
    const char *(*enqueue)(struct nt_queue *queue, const struct nt_queued *arrival);
    /* Running; the transmitter is free. The next frame to be sent. False: none (yet; see next_at). */
    bool (*dequeue)(struct nt_queue *queue, struct nt_queued *ret_next);
    /* Running; the queue is given up. Any frame that waits, without looking at it. False: none is left. */
    bool (*evict)(struct nt_queue *queue, struct nt_queued *ret_any);
    /* Running; frames wait and dequeue gave none: when to ask again. NULL: this discipline never holds back. */
    nt_time (*next_at)(const struct nt_queue *queue);
    /* Any time. What can be seen of the discipline: number `index`, from 0, called `*ret_name`. False past the last. NULL:
     * nothing. */
    bool (*fact)(const struct nt_queue *queue, uint32_t index, const char **ret_name, int64_t *ret_value);
};

/* ---- Impairments: parts of category "impair" ------------------------------------------------------------------------ */

/* A frame that has come through a medium, and what shall become of it. */
struct nt_impaired {
    struct nt_frame *frame; /* may be replaced: whoever changes bits takes nt_frame_writable and sends on that one */
    nt_time arrives;        /* when its last bit is there: now at first; may be put off, never before now */
    const char *drop;       /* set: it ends here, and why; a constant of the program */
    uint32_t copies;        /* set: how many more of it arrive */
    bool is_copy;           /* it is one of those itself */
};

/* One impairment of one direction of a medium. The medium's node fills it and asks it for every frame, in the order of
 * the file; what an impairment drops the next ones never see. A part with a parameter called "toward" (a node) works in
 * that direction only. */
struct nt_impair {
    const struct nt_impair_ops *ops;
    struct nt_node *node;    /* the medium */
    struct nt_port *port;    /* where the frames of this direction came in, for records */
    void *state;             /* the part's state_bytes of zeroed memory */
    struct nt_random random; /* a stream of its own, which no other impairment moves */
};

struct nt_impair_ops {
    uint32_t size; /* sizeof(struct nt_impair_ops) */
    /* Loading. Takes the part's parameters; nt_refuse for what cannot be. */
    void (*init)(struct nt_impair *impair, const struct nt_value *values);
    /* Running. Decides about one frame. What is set in `frame` is told by the medium. */
    void (*apply)(struct nt_impair *impair, struct nt_impaired *frame);
};

/* ---- Congestion controls: parts of category "congestion" -------------------------------------------------------------- */

/* How much of TCP's data may be in the network. TCP declares losses and repairs them; a *control* is told what happened and
 * moves two numbers, all in bytes:
 *
 *      cwnd       what may be in flight
 *      ssthresh   below it the window doubles each round trip, above it it grows with care
 *
 *      acked      data arrived     -> the window grows           (not while a loss is being repaired)
 *      lost       a loss, or ECE   -> what ssthresh should be    (once for each window of data)
 *      timeout    nothing comes    -> it may forget what it knew (cwnd is one segment then)
 *      undo       it was a mistake -> it takes back what it remembers
 *      idle       silence ended    -> likewise
 *
 * One that goes by rates sets NT_CONGESTION_FULL: then it sees every sample, also while a loss is repaired, nobody else moves
 * its window, and nt_congestion_set_pacing spreads what is sent. */
struct nt_congestion {
    const struct nt_congestion_calls *calls;
    void *owner;                   /* the stack's */
    struct nt_node *node;          /* whose connection it is */
    void *state;                   /* the part's state_bytes of zeroed memory, for each connection */
    const struct nt_value *values; /* of the part's parameters */
    uint32_t mss;                  /* octets of data in a full segment */
    uint32_t cwnd, ssthresh;       /* bytes; read-only: see the functions below */
    uint32_t flight_bytes;         /* what is in flight */
    uint64_t pacing_bps;           /* bits per second; 0: not paced */
};

/* What one acknowledgment says. */
struct nt_congestion_sample {
    uint32_t una, nxt;            /* SND.UNA after it, SND.NXT: for counting rounds; they wrap */
    uint32_t acked_bytes;         /* newly acknowledged cumulatively */
    uint32_t delivered_bytes;     /* newly known to have arrived, cumulatively or selectively */
    uint32_t lost_segments;       /* newly deemed lost */
    uint32_t flight_bytes;        /* in flight before it */
    nt_time rtt;                  /* measured by it; 0: no sample */
    nt_time srtt, least_rtt;      /* smoothed, and the shortest ever; 0: none yet */
    uint64_t delivered_total;     /* bytes delivered in all */
    uint64_t rate_prior_bytes;    /* delivered in all when the segment left that was sent last: marks rounds */
    uint64_t rate_bytes;          /* with rate_is_valid: so much was delivered since then, */
    nt_time rate_interval;        /* in this time */
    bool rate_is_valid;
    bool rate_is_app_limited;     /* ... but the sender had nothing to send for a while */
    bool is_limited;              /* the window was what held the sender back: else it must not grow */
    bool is_recovering;           /* a loss is being repaired (only with NT_CONGESTION_FULL) */
};

enum nt_congestion_flag { NT_CONGESTION_FULL = 1 };

struct nt_congestion_ops {
    uint32_t size;            /* sizeof(struct nt_congestion_ops) */
    uint32_t flags;           /* nt_congestion_flag */
    const char *lost_formula; /* what `lost` computes of W, its argument: "max(W/2, 2 MSS)"; NULL: not said */
    const char *lost_clause;  /* where it is written: "RFC 5681 (4)" */
    /* All running, each may be NULL, with what is said then. */
    void (*init)(struct nt_congestion *control); /* nothing; mss and the initial window are known */
    void (*acked)(struct nt_congestion *control, const struct nt_congestion_sample *sample); /* it never grows */
    /* The new ssthresh after a loss, from what was in flight (or, on the profile linux, the window). NULL: half of it, but
     * two segments: RFC 5681 (4). */
    uint32_t (*lost)(struct nt_congestion *control, uint32_t basis_bytes);
    void (*timeout)(struct nt_congestion *control);                /* nothing; after `lost` */
    void (*recovered)(struct nt_congestion *control);              /* nothing; the loss is repaired */
    void (*undo)(struct nt_congestion *control);                   /* nothing; cwnd and ssthresh are back */
    void (*idle)(struct nt_congestion *control, nt_time duration); /* nothing; silence has ended */
    void (*mss)(struct nt_congestion *control);                    /* nothing; the size of segments has changed */
};

/* What the stack offers: see nt_congestion_set_cwnd and the functions behind it. */
struct nt_congestion_calls {
    uint32_t size; /* sizeof(struct nt_congestion_calls) of the simulator that runs */
    void (*set_cwnd)(struct nt_congestion *control, uint32_t cwnd_bytes, const char *rule);
    void (*set_ssthresh)(struct nt_congestion *control, uint32_t ssthresh_bytes, const char *rule);
    void (*set_pacing)(struct nt_congestion *control, uint64_t bps);
    uint32_t (*slow_start)(struct nt_congestion *control, uint32_t acked_bytes);
    void (*avoid)(struct nt_congestion *control, uint32_t window_bytes, uint32_t acked_bytes, const char *rule);
};

/* The two ways in which the window may change, kept within bounds. `rule` says why, with its clause: it is told to whoever asks
 * why, and kept by nobody. */
static inline void nt_congestion_set_cwnd(struct nt_congestion *control, uint32_t cwnd_bytes, const char *rule)
{
    control->calls->set_cwnd(control, cwnd_bytes, rule);
}

static inline void nt_congestion_set_ssthresh(struct nt_congestion *control, uint32_t ssthresh_bytes, const char *rule)
{
    control->calls->set_ssthresh(control, ssthresh_bytes, rule);
}

/* Segments leave at this rate, in bits per second; 0: as the window lets them. */
static inline void nt_congestion_set_pacing(struct nt_congestion *control, uint64_t bps)
{
    control->calls->set_pacing(control, bps);
}

/* Slow start: the window grows by what was acknowledged, up to ssthresh. Returns the octets that are left over, for what comes
 * behind it. RFC 5681 (2). */
static inline uint32_t nt_congestion_slow_start(struct nt_congestion *control, uint32_t acked_bytes)
{
    return control->calls->slow_start(control, acked_bytes);
}

/* Avoidance: one MSS more for each `window_bytes` acknowledged. RFC 5681 (3). */
static inline void nt_congestion_avoid(struct nt_congestion *control, uint32_t window_bytes, uint32_t acked_bytes,
                                       const char *rule)
{
    control->calls->avoid(control, window_bytes, acked_bytes, rule);
}

static inline bool nt_congestion_is_slow_start(const struct nt_congestion *control)
{
    return control->cwnd < control->ssthresh;
}

/* ---- The same, as functions -------------------------------------------------------------------------------------- */

static inline nt_time nt_now(const struct nt_node *node)
{
    return node->clock->now;
}

/* Is anybody listening? Guards everything that only records need. */
static inline bool nt_is_listening(const struct nt_node *node)
{
    return node->clock->is_listening;
}

/* Zeroed memory of the network. Never NULL. Owned by the caller until nt_free; any phase. What is NT_LINES large begins
 * at a cache line, so that its order decides how many of these are touched; for what is used with every frame. */
#define NT_LINES(bytes) (((bytes) + 63) / 64 * 64)
static inline void *nt_new(struct nt_node *node, size_t size_bytes)
{
    return node->api->memory_new(node, size_bytes);
}

static inline void nt_free(struct nt_node *node, void *memory)
{
    if (memory)
        node->api->memory_free(node, memory);
}

static inline void nt_event_init(struct nt_event *event, struct nt_node *node, void (*fire)(struct nt_event *))
{
    *event = (struct nt_event){.fire = fire, .at = NT_NEVER, .node = node};
}

/* Makes `event` fire at `at`, which is not before now; moves it if it is armed. From start on. */
static inline void nt_arm(struct nt_event *event, nt_time at)
{
    event->node->api->event_arm(event, at);
}

static inline void nt_disarm(struct nt_event *event)
{
    if (event->at != NT_NEVER || event->queued_order)
        event->node->api->event_disarm(event);
}

static inline bool nt_is_armed(const struct nt_event *event)
{
    return event->at != NT_NEVER;
}

/* Gives `random` the stream called `stream` of this node: it depends on the seed and both names, on nothing else. */
static inline void nt_random_init(struct nt_node *node, struct nt_random *random, const char *stream)
{
    node->api->random_init(node, random, stream);
}

/* Uniform in [0, limit), limit at least 1. */
static inline uint32_t nt_random_below(struct nt_node *node, struct nt_random *random, uint32_t limit)
{
    return node->api->random_below(random, limit);
}

/* 32 bits, each value equally likely: a chance of c / 2^32 is nt_random_bits(...) < c. */
static inline uint32_t nt_random_bits(struct nt_node *node, struct nt_random *random)
{
    return (uint32_t)(node->api->random_next(random) >> 32);
}

/* Disciplines: `frame`, which was waiting in `queue` and is no longer counted, ends here. Takes its reference. */
static inline void nt_queue_drop(struct nt_queue *queue, struct nt_frame *frame, const char *reason)
{
    queue->drop(queue, frame, reason);
}

/* One piece of memory for the whole network, found by the address of some constant of the program: the first who asks
 * gets it zeroed and `*ret_is_new`, the others get the same. For what a hundred thousand nodes need only once, such as the
 * numbers of their kinds of records. create. */
static inline void *nt_shared(struct nt_node *node, const void *key, size_t size_bytes, bool *ret_is_new)
{
    return node->api->shared(node, key, size_bytes, ret_is_new);
}

/* Exponentially distributed around `mean`, in integer arithmetic: gaps of a Poisson source. */
static inline int64_t nt_random_exponential(struct nt_node *node, struct nt_random *random, int64_t mean)
{
    return node->api->random_exponential(random, mean);
}

/* A new frame of `length_bytes` (not zeroed) with `head_room_bytes` free in front, owned by the caller. Behind it there is
 * always room to pad it to 60 bytes (raise length_bytes) and to seal it. From start on. */
static inline struct nt_frame *nt_frame_new(struct nt_node *node, uint32_t head_room_bytes, uint32_t length_bytes)
{
    return node->api->frame_new(node, head_room_bytes, length_bytes);
}

/* Takes the caller's reference and returns a frame with the same bytes that may be changed: the same storage under a new
 * identity if nobody else holds it, else a copy. Its parent is the old identity; it is unsealed (without its check
 * sequence). Running. */
static inline struct nt_frame *nt_frame_writable(struct nt_node *node, struct nt_frame *frame)
{
    return node->api->frame_writable(node, frame);
}

static inline struct nt_frame *nt_frame_ref(struct nt_frame *frame)
{
    frame->references++;
    return frame;
}

static inline void nt_frame_unref(struct nt_node *node, struct nt_frame *frame)
{
    node->api->frame_unref(node, frame);
}

/* Appends the frame check sequence: right by definition, computed when somebody looks. */
static inline void nt_frame_seal(struct nt_node *node, struct nt_frame *frame)
{
    node->api->frame_seal(frame);
}

/* Makes all bytes true: computes what was left pending. Needed before changing bits or showing them. */
static inline void nt_frame_finish(struct nt_node *node, struct nt_frame *frame)
{
    if (frame->flags & NT_FRAME_FCS_PENDING)
        node->api->frame_finish(frame);
}

/* Does the check sequence fit? Costs nothing for a frame whose bits no medium has touched. */
static inline bool nt_frame_is_intact(struct nt_node *node, struct nt_frame *frame)
{
    return !(frame->flags & NT_FRAME_DAMAGED) || node->api->frame_is_intact(frame);
}

/* Stations, full duplex: hands `frame` (and its reference) to the medium at `port`. If nothing is plugged in or the line
 * is down it is dropped, with the reason. Running. */
static inline void nt_transmit(struct nt_port *port, struct nt_frame *frame)
{
    port->node->api->transmit(port, frame);
}

/* Media: gives `frame` (and its reference) to the neighbour at `port`: its last bit is there now. `cause` is the record
 * of its transmission. Running. */
static inline void nt_deliver(struct nt_port *port, struct nt_frame *frame, uint64_t cause)
{
    port->node->api->deliver(port, frame, cause);
}

/* Shared media and stations: tells the neighbour at `port` a fact of the wire. Running. */
static inline void nt_signal(struct nt_port *port, const struct nt_sense *sense)
{
    port->node->api->signal(port, sense);
}

/* Media: sets the facts of the line on both sides of `port` and tells the neighbour if they changed. */
static inline void nt_port_line(struct nt_port *port, bool is_up, bool is_half_duplex, int64_t rate_bps)
{
    port->node->api->port_line(port, is_up, is_half_duplex, rate_bps);
}

/* A frame on its way ends here, between being sent and being delivered: counted, told as frame.drop, reference given
 * back. `reason` is a constant of the program ("queue is full"). */
static inline void nt_drop(struct nt_port *port, struct nt_frame *frame, const char *reason)
{
    port->node->api->drop(port, frame, reason);
}

/* A frame that had arrived is of no use to this node: counted apart, told as frame.discard, reference given back. */
static inline void nt_discard(struct nt_port *port, struct nt_frame *frame, const char *reason)
{
    port->node->api->discard(port, frame, reason);
}

/* Stations on shared media: `frame` is now waiting to be sent at `port` (full duplex does this in nt_transmit). From here on it
 * is in the ledger: held by this node until the medium has it whole, or dropped. */
static inline void nt_offered(struct nt_port *port, struct nt_frame *frame)
{
    port->node->api->offered(port, frame);
}

/* Stations on shared media: what is heard at `port` now? A port without a medium hears silence. */
static inline void nt_carrier(const struct nt_port *port, struct nt_carrier *ret_carrier)
{
    const struct nt_port *peer = port->peer;
    if (peer && peer->node->type->carrier)
        peer->node->type->carrier(peer->node, peer, ret_carrier);
    else
        *ret_carrier = (struct nt_carrier){false, INT64_MIN, INT64_MIN};
}

/* Stations on shared media: wake me once, with NT_SENSE_CARRIER_OFF, when no signal is heard at `port` any more. */
static inline void nt_watch(struct nt_port *port)
{
    struct nt_port *peer = port->peer;
    if (peer && peer->node->type->watch)
        peer->node->type->watch(peer->node, peer);
}

/* Media: one frame sent will become `copies` more deliveries or drops than one. Keeps the ledger balanced. */
static inline void nt_copied(struct nt_port *port, uint64_t copies)
{
    port->node->api->copied(port, copies);
}

/* Tells frame.tx: the first bit of `frame` leaves the neighbour's port now. Media call it when they listen. */
static inline uint64_t nt_tell_tx(struct nt_port *port, struct nt_frame *frame, uint64_t cause, nt_time air_time)
{
    return nt_is_listening(port->node) ? port->node->api->tell_tx(port, frame, cause, air_time) : 0;
}

/* The number of this kind in this network; the same for the same name. create. */
static inline uint32_t nt_kind(struct nt_node *node, const struct nt_kind *kind)
{
    return node->api->kind(node, kind);
}

/* Tells one fact and returns its number, 0 when nobody listens. */
#define nt_tell(node, kind, port, frame, ...)                                                                \
    (nt_is_listening(node)                                                                                   \
         ? (node)->api->tell((node), (kind), (port), (frame), (const int64_t[NT_VALUES]){__VA_ARGS__})       \
         : UINT64_C(0))

/* A number for `text` that a record may carry in a field of NT_UNIT_TEXT. Only when listening. */
static inline uint64_t nt_text(struct nt_node *node, const char *text)
{
    return nt_is_listening(node) ? node->api->text(node, text) : 0;
}

/* The record that the present moment goes back to. */
static inline uint64_t nt_cause(struct nt_node *node)
{
    return nt_is_listening(node) ? node->api->cause(node) : 0;
}

/* From here to the end of this callback, what is told, sent or armed goes back to `record` (0: changes nothing). */
static inline void nt_because(struct nt_node *node, uint64_t record)
{
    if (record)
        node->api->because(node, record);
}

/* create, check: the scenario asks for something that cannot be. `param` names the parameter at fault, or one item of a
 * list ("routes[2]", from 0), or NULL. */
static inline void __attribute__((format(printf, 3, 4)))
nt_refuse(struct nt_node *node, const char *param, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    node->api->refuse(node, param, format, arguments);
    va_end(arguments);
}

/* check: as nt_refuse, where what is wrong stands at the cable or tap that joined `port`; `param` is one of its port
 * parameters, or NULL. */
static inline void __attribute__((format(printf, 3, 4)))
nt_refuse_port(struct nt_port *port, const char *param, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    port->node->api->refuse_port(port, param, format, arguments);
    va_end(arguments);
}

/* create, check: as nt_refuse, for what is odd but possible. */
static inline void __attribute__((format(printf, 3, 4)))
nt_warn(struct nt_node *node, const char *param, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    node->api->warn(node, param, format, arguments);
    va_end(arguments);
}

/* create, check: this node has `address`, `shown` to people like that. A second claim of one address is possible, since a
 * scenario may want to show it, but it is said as a warning. Names resolve to the first address that their node claims of the length asked for. What is written in
 * the file is claimed in create; what a node chooses by itself it chooses and claims in check, so that it cannot take
 * what somebody else was given. */
static inline void nt_claim(struct nt_node *node, const char *param, const void *address, uint32_t length_bytes,
                            const char *shown)
{
    node->api->claim(node, param, address, length_bytes, shown);
}

/* create, check: has anybody claimed `address`? Lets a node choose a free one. */
static inline bool nt_is_claimed(struct nt_node *node, const void *address, uint32_t length_bytes)
{
    return node->api->is_claimed(node, address, length_bytes);
}

/* The address of the node called `name`. After create. False: no node of that name has one of this length. */
static inline bool nt_resolve(struct nt_node *node, const char *name, void *ret_address, uint32_t length_bytes)
{
    return node->api->resolve(node, name, ret_address, length_bytes);
}

/* From now on the node's name resolves to `address` (NULL: to none) where an address of this length is asked for: what a
 * node learns while it runs, such as a lease. Claims nothing. Running. */
static inline void nt_set_home(struct nt_node *node, const void *address, uint32_t length_bytes)
{
    node->api->set_home(node, address, length_bytes);
}

/* One line (or part of one) of what a command prints; ends with \n where a line ends. */
static inline void __attribute__((format(printf, 2, 3))) nt_print(struct nt_app *app, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    app->node->api->app_print(app, format, arguments);
    va_end(arguments);
}

/* The command is done; 0 is success. Its state stays until the run ends, so tables can show it. */
static inline void nt_app_exit(struct nt_app *app, int status)
{
    app->node->api->app_exit(app, status);
}

/* ---- Sockets --------------------------------------------------------------------------------------------------- */

/* How applications talk over the network: the calls that people know, in a world where nothing waits.
 *
 *     datagrams    open -> bind -> [connect] -> send, receive ...                  -> close
 *     streams      open -> connect ... writable -> send, receive ... -> shutdown   -> close
 *                  open -> bind -> listen ... accept -> a new socket               -> close
 *
 * No call blocks. Each returns 0 or a number of bytes, or a negated enum nt_error: -NT_EAGAIN says that there is nothing to
 * do now, and the socket's `event` will be called when there is. `event` is told what has just become possible; it is never
 * called from inside a call of its own application, and it may do anything, closing the socket included. Whoever missed it
 * asks nt_socket_ready. An application's sockets are closed when it exits, like a process's.
 *
 * Calls: from start on. The words and the numbers of errors are those of Linux, so that they mean what people know. */

enum nt_family { NT_FAMILY_ANY = 0, NT_FAMILY_IPV4 = 4, NT_FAMILY_IPV6 = 6 };

/* An address of any family, in network order; the bytes that a family does not use are 0. All zeros: any address. */
struct nt_address {
    uint8_t family; /* nt_family */
    uint8_t bytes[16];
    uint8_t unused; /* 0 */
};

struct nt_endpoint {
    struct nt_address address;
    uint16_t port; /* 0: any, or to be chosen */
};

enum nt_socket_kind {
    NT_SOCKET_DATAGRAM, /* UDP: one send is one receive, or none */
    NT_SOCKET_STREAM    /* TCP: bytes in order, without boundaries */
};

enum nt_socket_event {
    NT_SOCKET_READABLE = 1, /* there is something to receive (or the end of it) */
    NT_SOCKET_WRITABLE = 2, /* there is room to send; for a connecting stream: it is connected */
    NT_SOCKET_ERROR = 4,    /* the next call says what happened */
    NT_SOCKET_HANGUP = 8,   /* nothing more in either direction */
    NT_SOCKET_ENDED = 16,   /* the far end will send no more */
    NT_SOCKET_ACCEPT = 32,  /* a connection waits to be accepted */
    NT_SOCKET_URGENT = 64   /* there is something out of band */
};

enum nt_message_flag {
    NT_MESSAGE_PEEK = 1,   /* receive: leave it there */
    NT_MESSAGE_URGENT = 2, /* streams: out of band */
    NT_MESSAGE_MORE = 4,   /* send: more follows at once, so wait for it before a segment is made */
    NT_MESSAGE_END = 8     /* send: a record of the application ends here */
};

enum nt_shutdown { NT_SHUTDOWN_RECEIVE = 1, NT_SHUTDOWN_SEND = 2 };

enum nt_error {
    NT_EPERM = 1,            /* a rule of this machine said no */
    NT_EBADF = 9,
    NT_EAGAIN = 11,          /* nothing to do now */
    NT_EACCES = 13,          /* broadcast without NT_SO_BROADCAST */
    NT_EINVAL = 22,          /* the call makes no sense here */
    NT_EPIPE = 32,           /* sending after the end was announced */
    NT_EPROTO = 71,          /* a router did not understand the header */
    NT_EDESTADDRREQ = 89,    /* to whom? */
    NT_EMSGSIZE = 90,        /* larger than can be sent in one piece */
    NT_ENOPROTOOPT = 92,     /* no such option; nobody there speaks this protocol */
    NT_EPROTONOSUPPORT = 93, /* nobody here speaks this protocol */
    NT_EOPNOTSUPP = 95,      /* this kind of socket cannot do that */
    NT_EAFNOSUPPORT = 97,    /* no such family of addresses here */
    NT_EADDRINUSE = 98,      /* the port is somebody else's */
    NT_EADDRNOTAVAIL = 99,   /* the address is not ours */
    NT_ENETDOWN = 100,       /* the interface is down */
    NT_ENETUNREACH = 101,    /* no route */
    NT_ECONNABORTED = 103,   /* the connection ended before it was accepted */
    NT_ECONNRESET = 104,     /* the far end gave up the connection */
    NT_ENOBUFS = 105,        /* a queue on this machine is full */
    NT_EISCONN = 106,        /* it is connected already */
    NT_ENOTCONN = 107,       /* it is not connected */
    NT_ETIMEDOUT = 110,      /* no answer for too long */
    NT_ECONNREFUSED = 111,   /* nobody listens on that port */
    NT_EHOSTDOWN = 112,      /* the far host is down */
    NT_EHOSTUNREACH = 113,   /* no way to the host */
    NT_EALREADY = 114,       /* it is being connected already */
    NT_EINPROGRESS = 115     /* it is being connected now */
};

enum nt_socket_level { NT_LEVEL_SOCKET, NT_LEVEL_IP, NT_LEVEL_TCP };

/* Options of NT_LEVEL_SOCKET; each an int64_t. */
enum nt_socket_option {
    NT_SO_REUSE_ADDRESS,  /* share the port with others that say the same */
    NT_SO_BROADCAST,      /* may send to broadcast addresses */
    NT_SO_RECEIVE_BUFFER, /* bytes that may wait to be received */
    NT_SO_ERROR,          /* get: the pending error, which is forgotten; 0: none */
    NT_SO_UNREAD,         /* get: bytes that the next receive would give */
    NT_SO_KIND,           /* get: nt_socket_kind */
    NT_SO_REUSE_PORT,     /* streams: share the port with others that say the same, listeners too */
    NT_SO_SEND_BUFFER,    /* streams: bytes that may wait to be sent and acknowledged */
    NT_SO_KEEP_ALIVE,     /* streams: ask now and then whether the far end is still there */
    NT_SO_LINGER,         /* streams: seconds; -1: off; 0: closing resets */
    NT_SO_URGENT_INLINE,  /* streams: what is out of band stays in its place */
    NT_SO_UNACKED,        /* streams, get: bytes handed over and not acknowledged yet (SIOCOUTQ) */
    NT_SO_UNSENT          /* streams, get: of these, bytes that have not been sent (SIOCOUTQNSD) */
};

/* Options of NT_LEVEL_TCP, by Linux' names and in its units; an int64_t where nothing else is said. */
enum nt_tcp_option {
    NT_TCP_NODELAY,       /* do not wait for more to fill a segment: no Nagle */
    NT_TCP_CORK,          /* send full segments only, until this is taken back */
    NT_TCP_MAXSEG,        /* bytes */
    NT_TCP_USER_TIMEOUT,  /* milliseconds without an acknowledgment that end the connection; 0: by retries */
    NT_TCP_KEEPIDLE,      /* seconds */
    NT_TCP_KEEPINTVL,     /* seconds */
    NT_TCP_KEEPCNT,
    NT_TCP_SYNCNT,
    NT_TCP_QUICKACK,      /* acknowledge at once */
    NT_TCP_WINDOW_CLAMP,  /* bytes */
    NT_TCP_DEFER_ACCEPT,  /* seconds */
    NT_TCP_LINGER2,       /* seconds */
    NT_TCP_NOTSENT_LOWAT, /* bytes */
    NT_TCP_CONGESTION,    /* the name of a congestion control: a text, ended by a zero */
    NT_TCP_INFO,          /* get: struct nt_tcp_info, as much of it as there is room for */
    NT_TCP_COUNT_ONLY     /* not on Linux: what arrives is counted and not kept; nt_receive with NULL tells how much came */
};

/* What can be seen of a connection. Grows only at its end. */
struct nt_tcp_info {
    const char *state;                /* "ESTABLISHED" and the like */
    const char *congestion;           /* name of its congestion control */
    int64_t cwnd_bytes, ssthresh_bytes;
    int64_t mss_bytes;                /* of what we send */
    int64_t flight_bytes;             /* sent and not acknowledged */
    int64_t peer_window_bytes;        /* what the far end has room for */
    nt_time rtt, rttvar, min_rtt;     /* smoothed, its deviation, the least; 0: not measured yet */
    nt_time rto;                      /* retransmission timeout */
    int64_t bytes_acked, bytes_received;
    int64_t bytes_sent, bytes_retrans;
    int64_t retransmits;              /* segments that were sent again */
};

/* Options of NT_LEVEL_IP; each an int64_t. */
enum nt_ip_option {
    NT_IP_TTL,           /* time to live, 1 to 255; 0: the machine's default */
    NT_IP_GROUP_TTL,     /* the same for groups; 1 */
    NT_IP_TOS,           /* DSCP and ECN bits */
    NT_IP_DONT_FRAGMENT, /* 1: refuse what does not fit, set the bit */
    NT_IP_ERRORS         /* 1: keep every ICMP error for nt_socket_take_error, and tell of soft ones too (IP_RECVERR) */
};

/* What goes with the bytes of one datagram. For sending zeros mean: as the socket is. */
struct nt_message {
    struct nt_endpoint peer; /* who sent it; to whom to send */
    struct nt_address local; /* the address of ours that it came to; the one to send from */
    uint32_t length_bytes;   /* received: of the whole datagram, however much was copied */
    uint32_t interface;      /* a port's index and 1: where it came in (0: from this machine); by which to send to many */
    uint64_t frame;          /* received: the frame that it came in */
    nt_time at;              /* received: when it arrived */
    uint8_t ttl;             /* received: what was left; to send: time to live */
    uint8_t tos;             /* received */
    bool is_for_many;        /* received: it was sent to a broadcast or group */
};

/* An ICMP error about something that this socket sent. */
struct nt_socket_error {
    int error;                  /* nt_error */
    uint8_t type, code;         /* of the ICMP message */
    uint32_t rest;              /* its second word: the next hop's MTU */
    struct nt_address reporter; /* who says so */
    struct nt_endpoint target;  /* where it was to go */
    nt_time at;                 /* when this was heard */
};

/* What a kind of socket can do. NULL: it cannot (-NT_EOPNOTSUPP). */
struct nt_socket_ops {
    uint32_t size; /* sizeof(struct nt_socket_ops) */
    int (*bind)(struct nt_socket *socket, const struct nt_endpoint *local);
    int (*connect)(struct nt_socket *socket, const struct nt_endpoint *peer);
    int (*listen)(struct nt_socket *socket, uint32_t backlog);
    int (*accept)(struct nt_socket *socket, struct nt_socket **ret_socket);
    int64_t (*send)(struct nt_socket *socket, const struct nt_message *how, const void *bytes, size_t count,
                    uint32_t flags);
    int64_t (*receive)(struct nt_socket *socket, struct nt_message *ret_how, void *bytes, size_t size,
                       uint32_t flags);
    int (*shutdown)(struct nt_socket *socket, uint32_t how);
    int (*set)(struct nt_socket *socket, int level, int name, const void *value, size_t size);
    int (*get)(struct nt_socket *socket, int level, int name, void *ret_value, size_t size);
    int (*take_error)(struct nt_socket *socket, struct nt_socket_error *ret_error);
    void (*names)(const struct nt_socket *socket, struct nt_endpoint *ret_local, struct nt_endpoint *ret_peer);
    uint32_t (*ready)(const struct nt_socket *socket);
    void (*close)(struct nt_socket *socket);
};

/* A socket. The application sets `event` and `context`, before or between calls; the rest is the stack's. */
struct nt_socket {
    struct nt_node *node;
    const struct nt_socket_ops *ops;
    void (*event)(struct nt_socket *socket, uint32_t events); /* nt_socket_event bits; NULL: will not be told */
    void *context;               /* the application's */
    struct nt_app *app;          /* whose it is; NULL: the node's own */
    struct nt_socket *next;      /* among those of the app */
    struct nt_socket **previous; /* where the pointer to it stands */
};

/* What a node with a stack offers. */
struct nt_sockets {
    uint32_t size; /* sizeof(struct nt_sockets) */
    int (*open)(struct nt_node *node, struct nt_app *app, enum nt_socket_kind kind, struct nt_socket **ret_socket);
    int (*resolve)(struct nt_node *node, const char *name, struct nt_address *ret_address);
    void (*show)(const struct nt_address *address, char *ret_text, size_t size);
    const char *(*error_words)(int error);
};

/* Opens a socket for `app` (NULL: for the node itself, until it is closed), and makes `event` and `context` its own. */
static inline int nt_socket_open(struct nt_node *node, struct nt_app *app, enum nt_socket_kind kind,
                                 void (*event)(struct nt_socket *socket, uint32_t events), void *context,
                                 struct nt_socket **ret_socket)
{
    if (!node->sockets)
        return -NT_EPROTONOSUPPORT;
    int error = node->sockets->open(node, app, kind, ret_socket);
    if (error)
        return error;
    (*ret_socket)->event = event;
    (*ret_socket)->context = context;
    return 0;
}

/* Closes it and gives its memory back. NULL is harmless. */
static inline void nt_socket_close(struct nt_socket *socket)
{
    if (socket)
        socket->ops->close(socket);
}

/* Gives it a port and an address of this machine; zeros: a port of the dynamic range, all addresses. */
static inline int nt_bind(struct nt_socket *socket, const struct nt_endpoint *local)
{
    return socket->ops->bind(socket, local);
}

/* Datagrams: fixes the peer (of NT_FAMILY_ANY: undoes that). Streams: begins to connect; -NT_EINPROGRESS. */
static inline int nt_connect(struct nt_socket *socket, const struct nt_endpoint *peer)
{
    return socket->ops->connect(socket, peer);
}

/* Streams: takes connections, of which at most `backlog` wait to be accepted. */
static inline int nt_listen(struct nt_socket *socket, uint32_t backlog)
{
    return socket->ops->listen ? socket->ops->listen(socket, backlog) : -NT_EOPNOTSUPP;
}

/* Streams: the oldest connection that waits, as a socket of the same application, with `event` and `context`. */
static inline int nt_accept(struct nt_socket *socket,
                            void (*event)(struct nt_socket *socket, uint32_t events), void *context,
                            struct nt_socket **ret_socket)
{
    int error = socket->ops->accept ? socket->ops->accept(socket, ret_socket) : -NT_EOPNOTSUPP;
    if (error)
        return error;
    (*ret_socket)->event = event;
    (*ret_socket)->context = context;
    return 0;
}

/* Sends a datagram, or as much of `bytes` as a stream has room for. Returns the number of bytes. `how` may be NULL. Streams:
 * `bytes` NULL stands for `count` zeros, which take no memory. */
static inline int64_t nt_send_message(struct nt_socket *socket, const struct nt_message *how, const void *bytes,
                                      size_t count, uint32_t flags)
{
    return socket->ops->send(socket, how, bytes, count, flags);
}

static inline int64_t nt_send(struct nt_socket *socket, const void *bytes, size_t count)
{
    return socket->ops->send(socket, NULL, bytes, count, 0);
}

static inline int64_t nt_send_to(struct nt_socket *socket, const struct nt_endpoint *peer, const void *bytes,
                                 size_t count)
{
    struct nt_message how = {.peer = *peer};
    return socket->ops->send(socket, &how, bytes, count, 0);
}

/* Takes a datagram (what does not fit into `size` is lost), or what a stream has. Returns the number of bytes; a stream's 0 is
 * its end. `ret_how` may be NULL. Streams: `bytes` NULL throws away and counts. */
static inline int64_t nt_receive_message(struct nt_socket *socket, struct nt_message *ret_how, void *bytes,
                                         size_t size, uint32_t flags)
{
    return socket->ops->receive(socket, ret_how, bytes, size, flags);
}

static inline int64_t nt_receive(struct nt_socket *socket, void *bytes, size_t size)
{
    return socket->ops->receive(socket, NULL, bytes, size, 0);
}

/* Ends one direction or both; nt_shutdown bits. */
static inline int nt_socket_shutdown(struct nt_socket *socket, uint32_t how)
{
    return socket->ops->shutdown(socket, how);
}

/* Options by level and name. Most are an int64_t; what else there is says so beside its name. */
static inline int nt_socket_set(struct nt_socket *socket, int level, int name, int64_t value)
{
    return socket->ops->set(socket, level, name, &value, sizeof value);
}

static inline int nt_socket_get(struct nt_socket *socket, int level, int name, int64_t *ret_value)
{
    return socket->ops->get(socket, level, name, ret_value, sizeof *ret_value);
}

/* The oldest ICMP error that NT_IP_ERRORS kept; -NT_EAGAIN: there is none. */
static inline int nt_socket_take_error(struct nt_socket *socket, struct nt_socket_error *ret_error)
{
    return socket->ops->take_error ? socket->ops->take_error(socket, ret_error) : -NT_EOPNOTSUPP;
}

/* Both ends, as far as they are fixed. */
static inline void nt_socket_names(const struct nt_socket *socket, struct nt_endpoint *ret_local,
                                   struct nt_endpoint *ret_peer)
{
    socket->ops->names(socket, ret_local, ret_peer);
}

/* What is possible now: nt_socket_event bits. */
static inline uint32_t nt_socket_ready(const struct nt_socket *socket)
{
    return socket->ops->ready(socket);
}

/* The address that `name` means on this node: a node's name, or an address as it is written. */
static inline int nt_socket_resolve(struct nt_node *node, const char *name, struct nt_address *ret_address)
{
    return node->sockets ? node->sockets->resolve(node, name, ret_address) : -NT_EPROTONOSUPPORT;
}

/* The part of this category and name with the defaults of its parameters, as if the file had said only its name; its values are
 * the network's memory. False: there is none. Any phase. */
static inline bool nt_part(struct nt_node *node, const char *category, const char *name, struct nt_value *ret_value)
{
    return node->api->part(node, category, name, ret_value);
}

/* ---- Plug-ins ---------------------------------------------------------------------------------------------------- */

/* A plug-in is a shared object that exports one of these, under this name:
 *
 *     NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {NT_PLUGIN_BEGIN, .name = "mine", .summary = ..., .nodes = ...};
 *
 * Its types are the same tables as the built-in ones, and stand beside them everywhere. It is loaded only when a person says so:
 * netarium run FILE --plugin mine.so.
 *
 * Growth. Tables that begin with their size may get new members at their end; a plug-in that was built before is taken as it is,
 * with zeros there. Tables that stand in rows (parameters, tables, columns, kinds, a type's own commands) never grow within a
 * version. */
#define NT_PLUGIN_VERSION 2 /* raised when something that exists changes; what is added at an end is not that */
#define NT_PLUGIN_BEGIN .version = NT_PLUGIN_VERSION, .size = sizeof(struct nt_plugin), .api_size = sizeof(struct nt_api)
#define NT_PLUGIN_EXPORT __attribute__((visibility("default")))

struct nt_plugin {
    uint32_t version;    /* NT_PLUGIN_VERSION */
    uint32_t size;       /* sizeof(struct nt_plugin) */
    const char *name;    /* "mine" */
    const char *summary; /* one sentence */
    const struct nt_node_type *const *nodes; /* ended by NULL; NULL: none. So are the others */
    const struct nt_app_type *const *apps;
    const struct nt_part_type *const *parts;
    uint32_t api_size; /* sizeof(struct nt_api): a simulator that offers less says so, and does not load it; 0: not said */
};

#endif

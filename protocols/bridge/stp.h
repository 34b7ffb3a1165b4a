/* SPDX-License-Identifier: MIT
 * The spanning tree: bridges agree on a tree of ports, and all other ports keep quiet.
 *
 * Bridges and cables that form a ring are a danger: a broadcast runs around it for ever, and multiplies where
 * it branches. So all elect one bridge as the *root*: the lowest identifier. Each other bridge finds its
 * cheapest way there, its *root port* (R). On each LAN one bridge, the nearest to the root, is *designated*
 * to serve it (D). What is neither root port nor designated blocks (x).
 *
 *                   [ root ]
 *                   D      D
 *           cost 4 /        \ cost 4      left and right are equally far from the root;
 *                 R          R            left has the lower identifier, so the LAN below is its,
 *             [ left ]    [ right ]       and right blocks there
 *                 D          x
 *                  \________/
 *
 * Nobody knows the map. The root says every two seconds "I am the root"; who hears it passes on "the root is
 * so far from me" at its designated ports. Each port remembers the best it has heard, at most for Max Age;
 * better news changes the election at once. A change must not make a loop for a moment, because others may
 * not have heard of it: so a port that shall forward waits twice for the forward delay, first listening, then
 * also learning addresses.
 *
 *     from         to           because                                         in function
 *     Disabled     Blocking     the line came up: 8.8.2                         stp_enable_port
 *     Blocking     Listening    it is root port or designated: 8.6.12           stp_make_forwarding
 *     Listening    Learning     15 s without a better offer: 8.7.5              forward_delay_fire
 *     Learning     Forwarding   15 s more: 8.7.5                                forward_delay_fire
 *     Listening,   Blocking     another way serves this LAN: 8.6.13             stp_make_blocking
 *       Learning, Forwarding
 *     any          Disabled     the line went down: 8.8.3                       stp_disable_port
 *
 * All of them go through stp_port_move (stp_port.c), which knows the legal ones and tells the trace.
 *
 * When a port begins or ceases to forward, stations may be reachable by other ports than the tables say. The
 * bridge that notices tells the root by TCNs along root ports, each hello time until it is acknowledged; the
 * root says so in all its messages for Max Age + Forward Delay; as long as it does, all bridges forget silent
 * addresses after the forward delay instead of 300 s.
 *
 * Files: stp.c what can happen (8.7, 8.8); stp_tree.c the election (8.6.2 to 8.6.11); stp_port.c states,
 * messages and changes (8.6.1, 8.6.6, 8.6.12 to 8.6.16). Functions bear the standard's names. Timers run in
 * picoseconds instead of whole seconds. Standard: IEEE 802.1D-1998 clause 8. */
#ifndef NETARIUM_PROTOCOLS_BRIDGE_STP_H
#define NETARIUM_PROTOCOLS_BRIDGE_STP_H

#include "protocols/bridge/bpdu.h"
#include "protocols/bridge/facts.h"
#include "protocols/env.h"
#include "protocols/packet.h"

#define STP_NO_PORT UINT32_MAX
#define STP_AGE_PER_HOP ENV_SECOND /* 8.10.2: message age increment overestimate */
#define STP_HOLD_TIME ENV_SECOND   /* 8.10.2: at most one configuration message a second */
#define STP_PRIORITY_DEFAULT 32768 /* 8.10.2, table 8-4 */
#define STP_PORT_PRIORITY_DEFAULT 128

enum stp_state { STP_DISABLED, STP_BLOCKING, STP_LISTENING, STP_LEARNING, STP_FORWARDING }; /* 8.4 */
extern const char *const stp_state_words[];

enum stp_role { STP_ROLE_DISABLED, STP_ROLE_ROOT, STP_ROLE_DESIGNATED, STP_ROLE_ALTERNATE };
extern const char *const stp_role_words[];

/* Which rule moved a port from one state to another. */
enum stp_rule {
    STP_BY_LINE_UP,
    STP_BY_ROOT_PORT,
    STP_BY_DESIGNATED,
    STP_BY_TIME,
    STP_BY_ALTERNATE,
    STP_BY_LINE_DOWN
};
extern const char *const stp_rule_words[];

/* What decided the role of a port. 8.5, 8.6.8, 8.6.9. */
enum stp_because {
    STP_BECAUSE_DOWN,        /* the line is down */
    STP_BECAUSE_WAY_TO_ROOT, /* the best way from here to the root */
    STP_BECAUSE_WE_ARE_ROOT, /* the root serves every LAN that it touches */
    STP_BECAUSE_WE_ARE_BEST, /* nobody on this LAN offers a better way */
    STP_BECAUSE_COST,        /* another bridge there is nearer to the root */
    STP_BECAUSE_BRIDGE,      /* another is as near, and has the lower identifier */
    STP_BECAUSE_PORT         /* another port of this bridge is on the same LAN, and is lower */
};
extern const char *const stp_because_words[];

struct stp_config {
    int64_t max_age;       /* 20 s: from 6 to 40 */
    int64_t hello_time;    /* 2 s: from 1 to 10 */
    int64_t forward_delay; /* 15 s: from 4 to 30 */
};

/* Which relation of 8.10.2 the times break; the loader says it in words. */
enum stp_settings { STP_SETTINGS_FINE, STP_MAX_AGE_TOO_LONG, STP_MAX_AGE_TOO_SHORT };

struct stp_port {
    struct stp *stp;
    struct env *env;    /* for facts about this port */
    uint32_t index;     /* in stp->ports */
    uint16_t id;        /* 4 bits of priority, 12 of number: lower is preferred */
    uint32_t path_cost; /* of the LAN it is on; 8.5.5.3 */
    enum stp_state state;
    enum stp_role role;
    enum stp_because because;
    /* The best that was heard on this LAN, or what we say ourselves there. 8.5.5.4 to 8.5.5.7. */
    struct bridge_id designated_root;
    uint32_t designated_cost;
    struct bridge_id designated_bridge;
    uint16_t designated_port;
    bool must_acknowledge;          /* the next message says "your notification was heard"; 8.5.5.8 */
    bool has_pending;               /* a message waits for the hold time to end; 8.5.5.9 */
    int64_t age_from;               /* message_age armed: when the root said what we know */
    uint64_t forward_transitions;   /* times that it began to forward */
    struct env_timer message_age;   /* what we know becomes too old; 8.5.6.1 */
    struct env_timer forward_delay; /* the next step towards forwarding; 8.5.6.2 */
    struct env_timer hold;          /* not another configuration message before; 8.5.6.3 */
};

struct stp;

struct stp_ops {
    /* Takes `packet`, which begins with the LLC header, and sends it at `port` to 01-80-C2-00-00-00. */
    void (*transmit)(struct stp *stp, uint32_t port, struct packet_out *packet);
    /* A port may do something else from now on. */
    void (*state)(struct stp *stp, uint32_t port, enum stp_state state);
    /* The tree is changing: age the table with `forward_delay` until it no longer is. */
    void (*changing)(struct stp *stp, bool is_changing, int64_t forward_delay);
};

struct stp {
    struct env *env;
    const struct stp_ops *ops;
    struct packet_pool *packets;
    struct stp_config config;  /* our own; in force if we are the root */
    struct stp_config current; /* the root's: in force */
    struct bridge_id bridge_id;
    struct bridge_id root; /* whom we follow; 8.5.3.1 */
    uint32_t root_path_cost;
    uint32_t root_port;     /* index; STP_NO_PORT: we are the root */
    bool change_detected;   /* the root must hear of it; 8.5.3.10 */
    bool is_changing;       /* the root says so; 8.5.3.11 */
    uint64_t change_count;  /* changes that we noticed */
    int64_t changed_at;     /* when last; valid if change_count */
    struct stp_port *ports; /* owned */
    uint32_t port_count;
    bool is_started;
    struct env_timer hello;  /* root: the next message; 8.5.4.1 */
    struct env_timer tcn;    /* not root: the next notification; 8.5.4.2 */
    struct env_timer change; /* root: stop saying that the tree is changing; 8.5.4.3 */
};

struct stp_config stp_config_default(void);

/* 8.10.2: 2 x (forward delay - 1 s) >= max age >= 2 x (hello time + 1 s). */
enum stp_settings stp_settings_check(const struct stp_config *config);

/* The recommended path cost of a LAN of this rate. 8.10.2, table 8-5. */
uint32_t stp_cost_for(int64_t rate_bps);

/* A bridge of `port_count` disabled ports. Everything but `config` is borrowed; `places` has an environment
 * for each port. */
void stp_init(struct stp *stp, struct env *env, struct env *const *places, uint32_t port_count,
              const struct stp_ops *ops, struct packet_pool *packets, const struct stp_config *config,
              struct bridge_id bridge_id);
void stp_release(struct stp *stp);

/* Before stp_start: the identifier of a port, from its priority (a multiple of 16) and its number, from 1 to
 * 4095. */
void stp_set_port_id(struct stp *stp, uint32_t port, uint8_t priority, uint16_t number);

/* Time begins: the bridge believes itself to be the root and says so. 8.8.1. */
void stp_start(struct stp *stp);

/* A line came up, at this cost (1..65535), or went down. 8.8.2, 8.8.3. */
void stp_enable_port(struct stp *stp, uint32_t port, uint32_t path_cost);
void stp_disable_port(struct stp *stp, uint32_t port);

/* A person gives the bridge another identifier. 8.8.4. */
void stp_set_bridge_id(struct stp *stp, struct bridge_id bridge_id);

/* A frame for 01-80-C2-00-00-00 came in at `port`: its octets from the LLC header on, without padding. */
void stp_receive(struct stp *stp, uint32_t port, struct packet packet);

static inline bool stp_is_root(const struct stp *stp)
{
    return stp->root.value == stp->bridge_id.value;
}

/* Writes in a few words why this port has the role that it has: "...:07 is nearer to the root: 4, not 8". */
void stp_port_explain(const struct stp *stp, uint32_t port, char *ret_text, size_t size);

#endif

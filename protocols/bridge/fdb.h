/* SPDX-License-Identifier: MIT
 * The filtering database: which station is behind which port?
 *
 * A bridge is told nothing. It looks at the *source* address of each frame that comes in, and remembers the
 * port: who speaks there can be reached there. An entry that is not confirmed for the ageing time (300 s) is
 * forgotten, so that a station that was moved in silence is found again. Entries that a person made are
 * *static*: they neither move nor age.
 *
 *      hash of the address
 *      buckets  [ . | 7 | . | 2 | ... ]          index of the first entry of a chain
 *                     |       |
 *      entries  ...  [7] -> [4]   [2]            one array; chains by index
 *
 *      oldest [4] <-> [2] <-> [7] newest         dynamic entries, by when they were heard last
 *
 * Looking up and learning take the same few steps however full the table is. Who is heard moves to the new
 * end of the list, so what is too old stands together at the old end: it is swept when somebody next asks,
 * and nothing needs to be woken for it. While somebody listens a timer sweeps at the very moment, so that the
 * fact is told when it happens; since nobody can see an entry that is too old, that changes nothing else.
 * Both arrays double when they are full, up to the limit: no frame allocates in the long run.
 *
 * Standard: IEEE 802.1D-1998 7.8 (learning), 7.9 (the filtering database). Group addresses are never learned.
 */
#ifndef NETARIUM_PROTOCOLS_BRIDGE_FDB_H
#define NETARIUM_PROTOCOLS_BRIDGE_FDB_H

#include "protocols/bridge/facts.h"
#include "protocols/env.h"

#define FDB_NOWHERE UINT32_MAX                /* no port, no entry */
#define FDB_AGEING_DEFAULT (300 * ENV_SECOND) /* 7.9.2, table 7-4; from 10 s to 1 000 000 s */
#define FDB_GROUP_BIT (UINT64_C(1) << 40)     /* of an address as a number */

enum fdb_overflow {
    FDB_IGNORE, /* a full table learns nobody new */
    FDB_OLDEST  /* it forgets who was silent for longest */
};
extern const char *const fdb_overflow_words[];

enum fdb_kind { FDB_FREE, FDB_DYNAMIC, FDB_STATIC };
extern const char *const fdb_kind_words[];

struct fdb_config {
    int64_t ageing_time;        /* silence after which an address is forgotten */
    uint32_t limit;             /* addresses that it can hold; at least 1 */
    enum fdb_overflow overflow; /* what happens then */
};

struct fdb_entry {
    uint64_t address; /* the key: 48 bits */
    int64_t heard_at; /* dynamic: when it was the source of a frame last */
    uint32_t next;    /* in its chain; of a free one: the next free */
    uint32_t older;   /* dynamic: neighbours by heard_at */
    uint32_t newer;
    uint16_t port;
    uint8_t kind; /* enum fdb_kind */
};

struct fdb {
    struct env *env;           /* for facts of the table as a whole, and the timer */
    struct env *const *places; /* for facts about a port, by port */
    struct fdb_config config;
    int64_t ageing_time;       /* in force: shorter while the spanning tree changes */
    struct fdb_entry *entries; /* owned; `room` of them */
    uint32_t *buckets;         /* owned; twice as many, a power of two */
    uint32_t room;
    uint32_t shift;          /* from a hash to a bucket */
    uint32_t first_free;     /* entry; chained by `next` */
    uint32_t count;          /* entries in use, static ones included */
    uint32_t oldest, newest; /* dynamic entries */
    int64_t sweep_at;        /* nothing is too old before this; ENV_NEVER: nothing can become so */
    uint64_t refused;        /* times that a full table could not learn */
    uint64_t moved;          /* times that an address changed its port */
    struct env_timer timer;  /* the next sweep; only while somebody listens */
};

/* An empty table. Environments are borrowed; `places` has one for each port that will be named. */
void fdb_init(struct fdb *fdb, struct env *env, struct env *const *places, const struct fdb_config *config);
void fdb_release(struct fdb *fdb);

/* A frame from `address` came in at `port`: 7.8. Groups and static entries are left alone. `frame` is its
 * number. */
void fdb_learn(struct fdb *fdb, uint64_t address, uint32_t port, uint64_t frame);

/* The port behind which `address` is, or FDB_NOWHERE. */
uint32_t fdb_find(struct fdb *fdb, uint64_t address);

/* A person says where `address` is. False: the table is full. */
bool fdb_add_static(struct fdb *fdb, uint64_t address, uint32_t port);

/* Forgets the dynamic entries of `port`, or (FDB_NOWHERE) of all ports. */
void fdb_forget(struct fdb *fdb, uint32_t port, enum bridge_forget rule);

/* From now on silence of `ageing_time` is too long. */
void fdb_set_ageing(struct fdb *fdb, int64_t ageing_time);

/* Number `index` of the entries that count now, in an order that only learning changes; NULL past the last.
 */
const struct fdb_entry *fdb_at(const struct fdb *fdb, uint32_t index);

/* How many that are. */
uint32_t fdb_length(const struct fdb *fdb);

#endif

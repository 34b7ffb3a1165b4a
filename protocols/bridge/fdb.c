/* SPDX-License-Identifier: MIT
 * See fdb.h. */
#include "protocols/bridge/fdb.h"

#include <assert.h>
#include <string.h>

#define ROOM_LEAST 16 /* entries to begin with; a power of two */

const char *const fdb_overflow_words[] = {"ignore", "oldest", NULL};
const char *const fdb_kind_words[] = {"free", "dynamic", "static", NULL};

static void sweep_fire(struct env_timer *timer);

/* ---- Storage ---- */

static inline uint32_t *bucket_of(const struct fdb *fdb, uint64_t address)
{
    return &fdb->buckets[address * UINT64_C(0x9e3779b97f4a7c15) >> fdb->shift];
}

/* Puts all entries into the buckets, and those from `first_new` on into the chain of free ones. */
static void fill_buckets(struct fdb *fdb, uint32_t first_new)
{
    for (uint32_t i = 0; i < 2 * fdb->room; i++)
        fdb->buckets[i] = FDB_NOWHERE;
    for (uint32_t i = 0; i < first_new; i++) {
        uint32_t *bucket = bucket_of(fdb, fdb->entries[i].address);
        fdb->entries[i].next = *bucket;
        *bucket = i;
    }
    for (uint32_t i = fdb->room; i-- > first_new;) {
        fdb->entries[i].next = fdb->first_free;
        fdb->first_free = i;
    }
}

/* Twice the room. Only when every entry is in use. */
static void grow(struct fdb *fdb)
{
    uint32_t old_room = fdb->room;
    struct fdb_entry *old = fdb->entries;
    fdb->room = old_room ? 2 * old_room : ROOM_LEAST;
    fdb->shift = 63 - (uint32_t)__builtin_ctz(fdb->room);
    fdb->entries = env_new(fdb->env, fdb->room * sizeof *fdb->entries);
    if (old)
        memcpy(fdb->entries, old, old_room * sizeof *old);
    env_free(fdb->env, old);
    env_free(fdb->env, fdb->buckets);
    fdb->buckets = env_new(fdb->env, 2 * (size_t)fdb->room * sizeof *fdb->buckets);
    fill_buckets(fdb, old_room);
}

void fdb_init(struct fdb *fdb, struct env *env, struct env *const *places, const struct fdb_config *config)
{
    assert(config->limit >= 1);
    *fdb = (struct fdb){.env = env,
                        .places = places,
                        .config = *config,
                        .ageing_time = config->ageing_time,
                        .first_free = FDB_NOWHERE,
                        .oldest = FDB_NOWHERE,
                        .newest = FDB_NOWHERE,
                        .sweep_at = ENV_NEVER};
    env_timer_init(&fdb->timer, sweep_fire);
    grow(fdb);
}

void fdb_release(struct fdb *fdb)
{
    env_disarm(fdb->env, &fdb->timer);
    env_free(fdb->env, fdb->entries);
    env_free(fdb->env, fdb->buckets);
    *fdb = (struct fdb){0};
}

/* The entry of `address`, or NULL. */
static inline struct fdb_entry *entry_of(const struct fdb *fdb, uint64_t address)
{
    for (uint32_t i = *bucket_of(fdb, address); i != FDB_NOWHERE; i = fdb->entries[i].next)
        if (fdb->entries[i].address == address)
            return &fdb->entries[i];
    return NULL;
}

/* ---- The order of being heard ---- */

static void list_remove(struct fdb *fdb, struct fdb_entry *entry)
{
    *(entry->older != FDB_NOWHERE ? &fdb->entries[entry->older].newer : &fdb->oldest) = entry->newer;
    *(entry->newer != FDB_NOWHERE ? &fdb->entries[entry->newer].older : &fdb->newest) = entry->older;
}

static void list_add_newest(struct fdb *fdb, struct fdb_entry *entry)
{
    uint32_t index = (uint32_t)(entry - fdb->entries);
    entry->older = fdb->newest;
    entry->newer = FDB_NOWHERE;
    *(fdb->newest != FDB_NOWHERE ? &fdb->entries[fdb->newest].newer : &fdb->oldest) = index;
    fdb->newest = index;
}

/* ---- Forgetting ---- */

static void remove_entry(struct fdb *fdb, struct fdb_entry *entry)
{
    uint32_t index = (uint32_t)(entry - fdb->entries);
    uint32_t *link = bucket_of(fdb, entry->address);
    while (*link != index)
        link = &fdb->entries[*link].next;
    *link = entry->next;
    if (entry->kind == FDB_DYNAMIC)
        list_remove(fdb, entry);
    entry->kind = FDB_FREE;
    entry->next = fdb->first_free;
    fdb->first_free = index;
    fdb->count--;
}

static inline bool is_too_old(const struct fdb *fdb, const struct fdb_entry *entry)
{
    return entry->kind == FDB_DYNAMIC && env_now(fdb->env) - entry->heard_at >= fdb->ageing_time; /* 7.9.2 */
}

/* Forgets what is too old, and finds out when to look again. */
static void sweep(struct fdb *fdb)
{
    while (fdb->oldest != FDB_NOWHERE && is_too_old(fdb, &fdb->entries[fdb->oldest])) {
        struct fdb_entry *entry = &fdb->entries[fdb->oldest];
        env_tell(fdb->places[entry->port], &bridge_kinds[BRIDGE_AGE], 0, (int64_t)entry->address,
                 env_now(fdb->env) - entry->heard_at);
        remove_entry(fdb, entry);
    }
    fdb->sweep_at =
        fdb->oldest == FDB_NOWHERE ? ENV_NEVER : fdb->entries[fdb->oldest].heard_at + fdb->ageing_time;
}

static inline void sweep_if_due(struct fdb *fdb)
{
    if (env_now(fdb->env) >= fdb->sweep_at)
        sweep(fdb);
}

static void wake_for_sweep(struct fdb *fdb)
{
    if (*fdb->env->is_listening && fdb->sweep_at != ENV_NEVER && !env_timer_is_armed(&fdb->timer))
        env_arm(fdb->env, &fdb->timer, fdb->sweep_at);
}

static void sweep_fire(struct env_timer *timer)
{
    struct fdb *fdb = ENV_OWNER(timer, struct fdb, timer);
    sweep_if_due(fdb);
    wake_for_sweep(fdb);
}

static void forget(struct fdb *fdb, struct fdb_entry *entry, enum bridge_forget rule)
{
    env_tell(fdb->places[entry->port], &bridge_kinds[BRIDGE_FORGET], 0, (int64_t)entry->address, rule);
    remove_entry(fdb, entry);
}

void fdb_forget(struct fdb *fdb, uint32_t port, enum bridge_forget rule)
{
    sweep_if_due(fdb);
    for (uint32_t i = fdb->oldest, newer; i != FDB_NOWHERE; i = newer) {
        struct fdb_entry *entry = &fdb->entries[i];
        newer = entry->newer;
        if (port == FDB_NOWHERE || entry->port == port)
            forget(fdb, entry, rule);
    }
}

void fdb_set_ageing(struct fdb *fdb, int64_t ageing_time)
{
    sweep_if_due(fdb); /* by the old measure */
    fdb->ageing_time = ageing_time;
    sweep(fdb);
    env_disarm(fdb->env, &fdb->timer);
    wake_for_sweep(fdb);
}

/* ---- Learning ---- */

/* Makes room for one more, by the rule for full tables if need be. False: there is none. */
static bool make_room(struct fdb *fdb, uint64_t address, uint32_t port, uint64_t frame)
{
    if (fdb->count < fdb->config.limit)
        return true;
    bool replaces = fdb->config.overflow == FDB_OLDEST && fdb->oldest != FDB_NOWHERE;
    fdb->refused += !replaces;
    env_tell(fdb->places[port], &bridge_kinds[BRIDGE_FULL], frame, (int64_t)address, fdb->config.limit,
             replaces ? BRIDGE_FULL_REPLACES : BRIDGE_FULL_IGNORED);
    if (replaces)
        forget(fdb, &fdb->entries[fdb->oldest], BRIDGE_FORGET_ROOM);
    return replaces;
}

/* A new entry; there is room. */
static struct fdb_entry *add_entry(struct fdb *fdb, uint64_t address, uint32_t port, enum fdb_kind kind)
{
    if (fdb->first_free == FDB_NOWHERE)
        grow(fdb);
    uint32_t index = fdb->first_free, *bucket = bucket_of(fdb, address);
    struct fdb_entry *entry = &fdb->entries[index];
    fdb->first_free = entry->next;
    *entry = (struct fdb_entry){
        .address = address, .next = *bucket, .port = (uint16_t)port, .kind = (uint8_t)kind};
    *bucket = index;
    fdb->count++;
    return entry;
}

static void learn_new(struct fdb *fdb, uint64_t address, uint32_t port, uint64_t frame)
{
    if (!make_room(fdb, address, port, frame))
        return;
    struct fdb_entry *entry = add_entry(fdb, address, port, FDB_DYNAMIC);
    entry->heard_at = env_now(fdb->env);
    list_add_newest(fdb, entry);
    if (fdb->sweep_at == ENV_NEVER)
        fdb->sweep_at = entry->heard_at + fdb->ageing_time;
    env_tell(fdb->places[port], &bridge_kinds[BRIDGE_LEARN], frame, (int64_t)address, fdb->count);
    wake_for_sweep(fdb);
}

void fdb_learn(struct fdb *fdb, uint64_t address, uint32_t port, uint64_t frame)
{
    sweep_if_due(fdb);
    struct fdb_entry *entry = entry_of(fdb, address);
    if (!entry) {
        if (!(address & FDB_GROUP_BIT)) /* 7.8 (b): a group speaks nowhere */
            learn_new(fdb, address, port, frame);
        return;
    }
    if (entry->kind == FDB_STATIC) /* 7.8 (c) */
        return;
    if (entry->port != port) {
        fdb->moved++;
        env_tell(fdb->places[port], &bridge_kinds[BRIDGE_MOVE], frame, (int64_t)address, entry->port);
        entry->port = (uint16_t)port;
    }
    entry->heard_at = env_now(fdb->env);
    if (entry->newer != FDB_NOWHERE) {
        list_remove(fdb, entry);
        list_add_newest(fdb, entry);
    }
}

uint32_t fdb_find(struct fdb *fdb, uint64_t address)
{
    sweep_if_due(fdb);
    const struct fdb_entry *entry = entry_of(fdb, address);
    return entry ? entry->port : FDB_NOWHERE;
}

bool fdb_add_static(struct fdb *fdb, uint64_t address, uint32_t port)
{
    struct fdb_entry *entry = entry_of(fdb, address);
    if (entry)
        remove_entry(fdb, entry);
    if (fdb->count >= fdb->config.limit)
        return false;
    add_entry(fdb, address, port, FDB_STATIC);
    return true;
}

/* ---- What can be seen ---- */

static bool is_seen(const struct fdb *fdb, const struct fdb_entry *entry)
{
    return entry->kind != FDB_FREE && !is_too_old(fdb, entry);
}

const struct fdb_entry *fdb_at(const struct fdb *fdb, uint32_t index)
{
    for (uint32_t i = 0; i < fdb->room; i++)
        if (is_seen(fdb, &fdb->entries[i]) && index-- == 0)
            return &fdb->entries[i];
    return NULL;
}

uint32_t fdb_length(const struct fdb *fdb)
{
    uint32_t length = 0;
    for (uint32_t i = 0; i < fdb->room; i++)
        length += is_seen(fdb, &fdb->entries[i]);
    return length;
}

/* SPDX-License-Identifier: MIT
 * The contract's table: what nodes call, each entry one line into the file that does it. */
#include <stdlib.h>
#include <string.h>

#include <stdio.h>

#include "sim/base/rng.h"
#include "sim/network.h"
#include "sim/param.h"

static void *memory_new(struct nt_node *node, size_t size_bytes)
{
    return world_alloc(network_of(node)->world, size_bytes);
}

static void memory_free(struct nt_node *node, void *memory)
{
    world_release(network_of(node)->world, memory);
}

static void random_init(struct nt_node *node, struct nt_random *random, const char *stream)
{
    char name[200];
    snprintf(name, sizeof name, "%s/%s", node->name, stream);
    struct rng rng = rng_seeded(network_of(node)->seed, name);
    random->state = rng.state;
}

static uint64_t random_next(struct nt_random *random)
{
    struct rng rng = {random->state};
    uint64_t value = rng_next(&rng);
    random->state = rng.state;
    return value;
}

static uint32_t random_below(struct nt_random *random, uint32_t limit)
{
    struct rng rng = {random->state};
    uint32_t value = (uint32_t)rng_below(&rng, limit);
    random->state = rng.state;
    return value;
}

static int64_t random_exponential(struct nt_random *random, int64_t mean)
{
    struct rng rng = {random->state};
    int64_t value = rng_exponential(&rng, mean);
    random->state = rng.state;
    return value;
}

static uint32_t kind(struct nt_node *node, const struct nt_kind *declared)
{
    return record_kind(network_of(node), declared);
}

static uint64_t tell(struct nt_node *node, uint32_t kind_number, const struct nt_port *port, uint64_t frame,
                     const int64_t *values)
{
    struct network *network = network_of(node);
    struct nt_record record = {.at = network->clock.now,
                               .cause = network->cause,
                               .frame = frame,
                               .kind = kind_number,
                               .node = node->id,
                               .port = port ? port->id : 0};
    memcpy(record.values, values, sizeof record.values);
    return record_tell(network, &record, NULL);
}

static uint64_t text(struct nt_node *node, const char *words)
{
    return record_text(network_of(node), words);
}

static uint64_t cause(struct nt_node *node)
{
    return network_of(node)->cause;
}

static void because(struct nt_node *node, uint64_t record)
{
    network_of(node)->cause = record;
}

/* Where the parameter `param` ("routes", or an item of it, "routes[2]") stands among `values`, or else their `owner`. The path
 * is written to `path`. */
static struct error_place place_among(struct network *network, const struct scenario_values *values,
                                      const char *param, const struct scenario_place *owner,
                                      char path[SCENARIO_PATH_SIZE])
{
    size_t length = param ? strcspn(param, "[") : 0;
    struct scenario_spot spot = owner->at;
    scenario_path(owner, path);
    for (uint32_t i = 0; param && values && i < values->count; i++) {
        const char *name = values->params[i].name;
        if (strlen(name) != length || strncmp(name, param, length) != 0)
            continue;
        uint32_t item = param[length] ? (uint32_t)strtoul(param + length + 1, NULL, 10) : SCENARIO_WHOLE;
        spot = scenario_value_spot(values, owner, i, item, path);
        break;
    }
    return (struct error_place){network->run->scenario->file, spot.line, spot.column, path};
}

static struct error_place place_of(struct nt_node *node, const char *param, char path[SCENARIO_PATH_SIZE])
{
    struct network *network = network_of(node);
    const struct scenario_node *described = &network->run->scenario->nodes[node->id - 1];
    return place_among(network, &described->values, param, &described->place, path);
}

/* Ports are made two at a time, joint by joint, in the order of the file: see build_nodes in run.c. */
static struct error_place place_of_port(struct nt_port *port, const char *param, char path[SCENARIO_PATH_SIZE])
{
    struct network *network = network_of(port->node);
    const struct scenario_joint *joint = &network->run->scenario->joints[(port->id - 1) / 2];
    return place_among(network, joint->port_values[(port->id - 1) % 2], param, &joint->place, path);
}

/* Both ends of a cable may be told the same of one parameter. */
static bool is_said(const struct error_list *errors, const struct error_place *place, const char *sentence)
{
    for (size_t i = 0; i < errors->count; i++) {
        const struct error_entry *entry = &errors->entries[i];
        if (entry->line == place->line && entry->column == place->column && !strcmp(entry->text, sentence))
            return true;
    }
    return false;
}

static void refuse(struct nt_node *node, const char *param, const char *format, va_list arguments)
{
    char sentence[300], path[SCENARIO_PATH_SIZE];
    vsnprintf(sentence, sizeof sentence, format, arguments);
    struct error_place place = place_of(node, param, path);
    if (!is_said(network_of(node)->run->errors, &place, sentence))
        error_add(network_of(node)->run->errors, &place, "%s", sentence);
}

static void refuse_port(struct nt_port *port, const char *param, const char *format, va_list arguments)
{
    char sentence[300], path[SCENARIO_PATH_SIZE];
    vsnprintf(sentence, sizeof sentence, format, arguments);
    struct error_place place = place_of_port(port, param, path);
    error_add(network_of(port->node)->run->errors, &place, "%s", sentence);
}

static void warn(struct nt_node *node, const char *param, const char *format, va_list arguments)
{
    char sentence[300], path[SCENARIO_PATH_SIZE];
    vsnprintf(sentence, sizeof sentence, format, arguments);
    struct error_place place = place_of(node, param, path);
    warning_add(network_of(node)->run->errors, &place, "%s", sentence);
}

/* Few nodes have a name that means an address: links have none. */
static void home_make(struct network_node *owner)
{
    if (!owner->home)
        owner->home =
            world_alloc(network_of(&owner->node)->world, NETWORK_HOME_ADDRESSES * sizeof *owner->home);
}

static void claim(struct nt_node *node, const char *param, const void *address, uint32_t length_bytes,
                  const char *shown)
{
    struct network *network = network_of(node);
    struct network_node *owner = (struct network_node *)node;
    uint32_t other = 0;
    if (!node_claim(network, node->id, address, length_bytes, &other)) {
        char path[SCENARIO_PATH_SIZE];
        struct error_place place = place_of(node, param, path);
        warning_add(network->run->errors, &place, "%s is already an address of \"%s\"", shown,
                    network->nodes[other - 1]->node.name);
    }
    home_make(owner);
    for (uint32_t i = 0; i < NETWORK_HOME_ADDRESSES; i++) {
        if (owner->home[i].length_bytes == length_bytes)
            return;
        if (!owner->home[i].length_bytes) {
            memcpy(owner->home[i].address, address, length_bytes);
            owner->home[i].length_bytes = length_bytes;
            return;
        }
    }
}

/* The place of the address of this length, or a free one; NULL: neither is there. */
static struct network_claim *home_of(struct network_node *owner, uint32_t length_bytes)
{
    struct network_claim *free_place = NULL;
    home_make(owner);
    for (uint32_t i = NETWORK_HOME_ADDRESSES; i-- > 0;) {
        if (owner->home[i].length_bytes == length_bytes)
            return &owner->home[i];
        if (!owner->home[i].length_bytes)
            free_place = &owner->home[i];
    }
    return free_place;
}

static void set_home(struct nt_node *node, const void *address, uint32_t length_bytes)
{
    struct network_claim *home = home_of((struct network_node *)node, length_bytes);
    if (!home)
        return;
    home->length_bytes = address ? length_bytes : 0;
    if (address)
        memcpy(home->address, address, length_bytes);
}

static bool is_claimed(struct nt_node *node, const void *address, uint32_t length_bytes)
{
    return node_is_claimed(network_of(node), address, length_bytes);
}

static bool resolve(struct nt_node *node, const char *name, void *ret_address, uint32_t length_bytes)
{
    return node_resolve(network_of(node), name, ret_address, length_bytes);
}

static bool part(struct nt_node *node, const char *category, const char *name, struct nt_value *ret_value)
{
    const struct nt_part_type *found = registry_part(network_of(node)->run->registry, category, name);
    struct nt_why why;
    if (!found)
        return false;
    size_t count = param_count(found->params);
    struct nt_value *items = count ? memory_new(node, count * sizeof *items) : NULL;
    for (size_t i = 0; i < count; i++) /* the registry has made sure that they can be read */
        if (found->params[i].default_text && found->params[i].kind != NT_PARAM_PART)
            param_read_text(&found->params[i], found->params[i].default_text, false, NULL, NULL, &items[i],
                            &why);
    *ret_value = (struct nt_value){
        .is_given = true, .text = found->name, .part = found, .items = items, .count = (uint32_t)count};
    return true;
}

const struct nt_api network_api = {
    .size = sizeof(struct nt_api),
    .memory_new = memory_new,
    .memory_free = memory_free,
    .event_arm = event_arm,
    .event_disarm = event_disarm,
    .random_init = random_init,
    .random_next = random_next,
    .random_below = random_below,
    .random_exponential = random_exponential,
    .frame_new = frame_new,
    .frame_writable = frame_writable,
    .frame_unref = frame_unref,
    .frame_seal = frame_seal,
    .frame_finish = frame_finish,
    .frame_is_intact = frame_is_intact,
    .transmit = port_transmit,
    .deliver = port_deliver,
    .signal = port_signal,
    .port_line = port_set_line,
    .drop = port_drop,
    .discard = port_discard,
    .offered = port_offered,
    .copied = port_copied,
    .tell_tx = port_tell_tx,
    .kind = kind,
    .tell = tell,
    .text = text,
    .cause = cause,
    .because = because,
    .refuse = refuse,
    .warn = warn,
    .claim = claim,
    .is_claimed = is_claimed,
    .resolve = resolve,
    .shared = node_shared,
    .app_print = app_print,
    .app_exit = app_exit,
    .refuse_port = refuse_port,
    .set_home = set_home,
    .part = part,
};

/* SPDX-License-Identifier: MIT
 * A run: building a network from a scenario, moving it through time, saving it and putting it back.
 *
 * A network that cannot go on (its memory limit is reached) leaves by longjmp to the call that set it going.
 * Nothing leaks: all it owned is in the world. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/guard.h"
#include "sim/network.h"
#include "sim/phrase.h"

#define LEAST_BYTES ((size_t)1 << 20) /* of memory, without which there is no network at all */

_Noreturn void network_fail(struct network *network, const char *format, ...)
{
    struct run *run = network->run;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->failure, sizeof run->failure, format, arguments);
    va_end(arguments);
    assert(run->can_escape);
    longjmp(run->escape.place, 1);
}

/* ---- Calling types, which may never return ---- */

/* Before setjmp(run->escape.place); then either run_leave or run_fell. */
static void run_enter(struct run *run)
{
    run->can_escape = true;
    guard_enter(run->registry->guard, &run->escape);
}

static void run_leave(struct run *run)
{
    guard_leave(run->registry->guard, &run->escape);
    run->can_escape = false;
}

/* We came by longjmp: the network failed, or a plug-in crashed. */
static void run_fell(struct run *run)
{
    run_leave(run);
    run_note_crash(run);
}

void run_note_crash(struct run *run)
{
    struct guard_crash crash;
    if (!guard_take(run->registry->guard, &crash))
        return;
    char what[200], time[60];
    const struct network *network = run->network;
    guard_describe(&crash, network->firing, network->firing_node ? network->firing_node->name : NULL, what,
                   sizeof what);
    struct text text = text_in(time, sizeof time);
    if (network->events) {
        text_add(&text, "at ");
        units_show(UNITS_TIME, network->clock.now, &text);
    } else
        text_add(&text, "while the network was built");
    snprintf(run->failure, sizeof run->failure, "the plug-in \"%.40s\" %s %.50s: %.180s",
             crash.object->plugin->name, crash.fault[0] ? "was stopped" : "crashed", time, what);
}

static void world_is_full(void *context)
{
    struct run *run = context;
    network_fail(run->network, "the network needs more than its %zu MiB of memory",
                 run->memory_limit_bytes >> 20);
}

struct run *run_new(const struct registry *registry, size_t memory_limit_bytes)
{
    struct run *run = calloc(1, sizeof *run);
    assert(run);
    run->registry = registry;
    run->memory_limit_bytes = memory_limit_bytes ? memory_limit_bytes : RUN_MEMORY_LIMIT_BYTES;
    run->sinks_end = &run->sinks;
    run->world = world_new(run->memory_limit_bytes, world_is_full, run);
    while (!run->world && run->memory_limit_bytes > LEAST_BYTES) { /* a limit of the shell's: ulimit -v */
        run->memory_limit_bytes /= 2;
        run->world = world_new(run->memory_limit_bytes, world_is_full, run);
    }
    assert(run->world);
    run->network = world_alloc(run->world, sizeof *run->network);
    world_set_root(run->world, run->network);
    run->network->run = run;
    run->network->world = run->world;
    custody_api_of(&network_api, &run->network->lent_api);
    return run;
}

void run_free(struct run *run)
{
    if (!run)
        return;
    world_free(run->world);
    text_store_release(&run->texts);
    for (size_t i = 0; i < run->command_count; i++) {
        command_release(&run->commands[i]->command);
        free(run->commands[i]->words);
        free(run->commands[i]);
    }
    free(run->commands);
    free(run);
}

/* ---- Building ---- */

static void begin_fire(struct nt_event *event)
{
    struct network *network = network_of(event->node);
    for (uint32_t i = 0; i < network->node_count; i++) {
        struct nt_node *node = &network->nodes[i]->node;
        network->cause = 0;
        if (node->type->start)
            node->type->start(node);
    }
}

/* One side of a joint: the port asked for, made now. The loader has seen to it that it is free. */
static struct nt_port *joint_port(struct network *network, const struct scenario_joint *joint, int side)
{
    struct nt_node *node = &network->nodes[joint->node[side]]->node;
    char name[80];
    if (joint->port[side])
        snprintf(name, sizeof name, "%s", joint->port[side]);
    else
        snprintf(name, sizeof name, "%s%u", node->type->port_prefix, node->port_count);
    return port_new(node, name, joint->port_values[side] ? joint->port_values[side]->values : NULL);
}

static void declare_kinds(struct network *network, const struct nt_kind *kinds)
{
    for (; kinds && kinds->name; kinds++)
        record_kind(network, kinds);
}

/* Those of the part that is chosen here, and of the parts among its own parameters. */
static void declare_part(struct network *network, const struct nt_param *param, const struct nt_value *value)
{
    const struct nt_param *own = value->part ? value->part->params : NULL;
    bool is_part = param->kind == NT_PARAM_PART || param->kind == NT_PARAM_PARTS;
    declare_kinds(network, value->part ? value->part->kinds : NULL);
    for (uint32_t i = 0; is_part && i < value->count; i++)
        if (param->kind == NT_PARAM_PARTS && !value->part)
            declare_part(network, param, &value->items[i]);
        else if (own)
            declare_part(network, &own[i], &value->items[i]);
}

/* Kinds of the parts and commands that the file uses: queries may name them before the first is told. */
static void declare_used_kinds(struct network *network, const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_values *values = &scenario->nodes[i].values;
        for (size_t k = 0; k < values->count; k++)
            declare_part(network, &values->params[k], &values->values[k]);
    }
    for (size_t i = 0; i < scenario->action_count; i++)
        declare_kinds(network, scenario->actions[i].app->kinds);
}

/* A node whose ports are all there may look around; one that lacks some is a mistake of the file. */
static void check_node(struct nt_node *node)
{
    const struct nt_node_type *type = node->type;
    if (node->port_count < type->least_ports)
        nt_refuse(node, NULL, "%s %s joins %u ports; this one has %u", phrase_article(type->name), type->name,
                  type->least_ports, node->port_count);
    else if (type->check)
        type->check(node);
}

static void build_nodes(struct network *network, const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->node_count; i++)
        node_new(network, scenario->nodes[i].type, scenario->nodes[i].name);
    for (size_t i = 0; i < scenario->node_count; i++) {
        struct nt_node *node = &network->nodes[i]->node;
        if (node->type->create)
            node->type->create(node, scenario->nodes[i].values.values);
    }
    for (size_t i = 0; i < scenario->joint_count; i++) {
        const struct scenario_joint *joint = &scenario->joints[i];
        struct nt_port *a = joint_port(network, joint, 0);
        port_join(network, a, joint_port(network, joint, 1));
    }
    for (uint32_t i = 0; i < network->node_count; i++)
        check_node(&network->nodes[i]->node);
}

/* A command may refuse its words together: now that all nodes and ports are there, and before time starts. */
static void check_action(struct run *run, const struct scenario_action *action)
{
    const struct nt_node *node = &run->network->nodes[action->node]->node;
    struct nt_why why = {{0}};
    if (!action->app->check || action->app->check(node, action->values.values, &why))
        return;
    struct error_place place = {.file = action->place.at.line ? run->scenario->file : "command line",
                                .line = action->place.at.line,
                                .column = action->place.at.column,
                                .path = action->place.path};
    error_add(run->errors, &place, "%s: %s", action->app->name, why.text);
}

static void build(struct run *run, const struct scenario *scenario)
{
    struct network *network = run->network;
    network->seed = scenario->seed;
    network->stop = scenario->stop;
    network->digest = UINT64_C(0x9ae16a3b2f90404f) ^ scenario->seed;
    queue_init(&network->queue, run->world);
    record_declare_own(network);
    declare_used_kinds(network, scenario);
    build_nodes(network, scenario);
    for (size_t i = 0; i < scenario->action_count; i++)
        check_action(run, &scenario->actions[i]);
    if (!network->node_count)
        return;
    nt_event_init(&network->begin, &network->nodes[0]->node, begin_fire);
    event_arm(&network->begin, 0);
    app_arm_actions(network);
}

bool run_build(struct run *run, const struct scenario *scenario, struct error_list *errors)
{
    assert(!run->scenario);
    size_t before = errors->errors;
    run->scenario = scenario;
    run->errors = errors;
    run_enter(run);
    if (setjmp(run->escape.place) == 0) {
        build(run, scenario);
        run_leave(run);
    } else {
        run_fell(run);
        struct error_place place = {.file = scenario->file};
        error_add(errors, &place, "%s", run->failure);
    }
    run->errors = NULL;
    free(run->claims.entries);
    run->claims = (struct run_claims){0};
    return errors->errors == before;
}

void run_listen(struct run *run, struct run_sink *sink)
{
    sink->next = NULL;
    *run->sinks_end = sink;
    run->sinks_end = &sink->next;
    run->network->clock.is_listening = true;
}

/* ---- Time ---- */

enum run_status run_advance(struct run *run, nt_time until, const volatile bool *is_interrupted)
{
    struct network *network = run->network;
    volatile enum run_status status = RUN_GOES_ON;
    nt_time limit = until < network->stop ? until : network->stop;
    if (run->failure[0])
        return RUN_FAILED;
    run_enter(run);
    if (setjmp(run->escape.place) != 0) {
        run_fell(run);
        return RUN_FAILED;
    }
    do {
        if (is_interrupted && *is_interrupted && event_next_at(network) <= limit) {
            run_leave(run);
            return RUN_GOES_ON;
        }
    } while (event_next(network, limit));
    if (network->clock.now < limit && limit < NT_NEVER)
        network->clock.now = limit;
    if (event_next_at(network) > network->stop)
        status = RUN_IS_OVER;
    run_leave(run);
    return status;
}

enum run_status run_step(struct run *run)
{
    struct network *network = run->network;
    if (run->failure[0])
        return RUN_FAILED;
    run_enter(run);
    if (setjmp(run->escape.place) != 0) {
        run_fell(run);
        return RUN_FAILED;
    }
    bool is_over = !event_next(network, network->stop);
    run_leave(run);
    return is_over ? RUN_IS_OVER : RUN_GOES_ON;
}

nt_time run_next_at(const struct run *run)
{
    return event_next_at(run->network);
}

void run_pass(struct run *run, nt_time at)
{
    assert(at >= run->network->clock.now && at < event_next_at(run->network));
    run->network->clock.now = at;
}

static uint32_t find_node(void *context, const char *name)
{
    const struct run *run = context;
    return node_named(run->network, name);
}

/* The command, read. One that was typed there before is the same again, at the same place in memory: so it is
 * when a person goes back and it is typed anew. NULL: `ret_why` says why not. */
static struct run_typed *typed_command(struct run *run, uint32_t node, const char *words,
                                       struct nt_why *ret_why)
{
    for (size_t i = 0; i < run->command_count; i++)
        if (run->commands[i]->node == node && strcmp(run->commands[i]->words, words) == 0)
            return run->commands[i];
    const struct nt_node_type *type = run->network->nodes[node - 1]->node.type;
    struct run_typed *typed = calloc(1, sizeof *typed);
    struct run_typed **all = realloc(run->commands, (run->command_count + 1) * sizeof *all);
    assert(typed && all);
    run->commands = all;
    size_t column = 0;
    if (!command_read(run->registry, type, words, find_node, run, &typed->command, ret_why, &column)) {
        free(typed);
        return NULL;
    }
    typed->node = node;
    typed->words = strdup(words);
    assert(typed->words);
    return run->commands[run->command_count++] = typed;
}

static void start_typed(struct run *run, struct nt_node *where, const struct run_typed *typed)
{
    run_enter(run);
    if (setjmp(run->escape.place) != 0) {
        run_fell(run);
        return;
    }
    run->network->cause = 0;
    app_start(where, typed->command.app, typed->command.values, typed->words);
    run_leave(run);
}

/* What the command says of its words together. */
static bool may_start(struct run *run, const struct nt_node *where, const struct run_typed *typed,
                      struct nt_why *ret_why)
{
    run_enter(run);
    if (setjmp(run->escape.place) != 0) {
        run_fell(run);
        snprintf(ret_why->text, sizeof ret_why->text, "%.190s", run->failure);
        return false;
    }
    bool is_right = typed->command.app->check(where, typed->command.values, ret_why);
    run_leave(run);
    return is_right;
}

/* The command, read and checked; NULL: `ret_why` says why not. */
static const struct run_typed *right_command(struct run *run, uint32_t node, const char *words,
                                             struct nt_why *ret_why)
{
    assert(node >= 1 && node <= run->network->node_count);
    struct nt_node *where = &run->network->nodes[node - 1]->node;
    const struct run_typed *typed = typed_command(run, node, words, ret_why);
    const struct nt_app_type *app = typed ? typed->command.app : NULL;
    return !app || !app->check || may_start(run, where, typed, ret_why) ? typed : NULL;
}

bool run_command_is_right(struct run *run, uint32_t node, const char *words, struct nt_why *ret_why)
{
    return right_command(run, node, words, ret_why);
}

bool run_command(struct run *run, uint32_t node, const char *words, struct nt_why *ret_why)
{
    const struct run_typed *typed = right_command(run, node, words, ret_why);
    if (typed)
        start_typed(run, &run->network->nodes[node - 1]->node, typed);
    return typed;
}

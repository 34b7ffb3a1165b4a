/* SPDX-License-Identifier: MIT
 * The layer around what nodes call: each function asks whether this is the phase for it. The phases are those
 * of the comments in sim/netarium.h. What has no node at hand (dice that are there already, the bytes of a
 * frame) is not asked. */
#include <stdio.h>

#include "cli/plugin_watch.h"

#define CREATE PLUGIN_PHASE_CREATE
#define LOADING (PLUGIN_PHASE_CREATE | PLUGIN_PHASE_CHECK)
#define RUNNING PLUGIN_PHASE_RUNNING
#define ANY (LOADING | RUNNING)

static struct plugin_watch *watch_of(const struct nt_node *node)
{
    return (struct plugin_watch *)(void *)(uintptr_t)node->api;
}

static const char *words_of(unsigned phases)
{
    switch (phases) {
    case CREATE:
        return "it is for create";
    case LOADING:
        return "it is for create and check";
    case RUNNING:
        return "it is for the time from start on";
    case PLUGIN_PHASE_CHECK | PLUGIN_PHASE_RUNNING:
        return "it is for the time behind create";
    default:
        return "nothing may change there";
    }
}

/* What is really called, if this is the time for it. */
static const struct nt_api *ask(const struct nt_node *node, const char *function, unsigned phases)
{
    struct plugin_watch *watch = watch_of(node);
    if (phases & (unsigned)watch->phase)
        return watch->real;
    if (watch->callback)
        snprintf(watch->fault, sizeof watch->fault, "%s calls %s in %s: %s", watch->type, function,
                 watch->callback, words_of(phases));
    else
        snprintf(watch->fault, sizeof watch->fault, "node \"%.40s\", %s: %s is called in an event: %s",
                 node->name, node->type->name, function, words_of(phases));
    longjmp(watch->escape, 1);
}

/* ---- Memory, events, dice ---- */

static void *memory_new(struct nt_node *node, size_t size_bytes)
{
    return ask(node, "nt_new", ANY)->memory_new(node, size_bytes);
}

static void memory_free(struct nt_node *node, void *memory)
{
    ask(node, "nt_free", ANY)->memory_free(node, memory);
}

static void event_arm(struct nt_event *event, nt_time at)
{
    ask(event->node, "nt_arm", RUNNING)->event_arm(event, at);
}

static void event_disarm(struct nt_event *event)
{
    ask(event->node, "nt_disarm", RUNNING)->event_disarm(event);
}

static void random_init(struct nt_node *node, struct nt_random *random, const char *stream)
{
    ask(node, "nt_random_init", ANY)->random_init(node, random, stream);
}

/* ---- Frames ---- */

static struct nt_frame *frame_new(struct nt_node *node, uint32_t head_room_bytes, uint32_t length_bytes)
{
    return ask(node, "nt_frame_new", RUNNING)->frame_new(node, head_room_bytes, length_bytes);
}

static struct nt_frame *frame_writable(struct nt_node *node, struct nt_frame *frame)
{
    return ask(node, "nt_frame_writable", RUNNING)->frame_writable(node, frame);
}

static void frame_unref(struct nt_node *node, struct nt_frame *frame)
{
    ask(node, "nt_frame_unref", RUNNING)->frame_unref(node, frame);
}

/* ---- Ports ---- */

static void transmit(struct nt_port *port, struct nt_frame *frame)
{
    ask(port->node, "nt_transmit", RUNNING)->transmit(port, frame);
}

static void deliver(struct nt_port *port, struct nt_frame *frame, uint64_t because)
{
    ask(port->node, "nt_deliver", RUNNING)->deliver(port, frame, because);
}

static void signal_port(struct nt_port *port, const struct nt_sense *sense)
{
    ask(port->node, "nt_signal", RUNNING)->signal(port, sense);
}

static void port_line(struct nt_port *port, bool is_up, bool is_half_duplex, int64_t rate_bps)
{
    ask(port->node, "nt_port_line", PLUGIN_PHASE_CHECK | RUNNING)
        ->port_line(port, is_up, is_half_duplex, rate_bps);
}

static void drop(struct nt_port *port, struct nt_frame *frame, const char *reason)
{
    ask(port->node, "nt_drop", RUNNING)->drop(port, frame, reason);
}

static void discard(struct nt_port *port, struct nt_frame *frame, const char *reason)
{
    ask(port->node, "nt_discard", RUNNING)->discard(port, frame, reason);
}

static void offered(struct nt_port *port, struct nt_frame *frame)
{
    ask(port->node, "nt_offered", RUNNING)->offered(port, frame);
}

static void copied(struct nt_port *port, uint64_t copies)
{
    ask(port->node, "nt_copied", RUNNING)->copied(port, copies);
}

static uint64_t tell_tx(struct nt_port *port, struct nt_frame *frame, uint64_t because, nt_time air_time)
{
    return ask(port->node, "nt_tell_tx", RUNNING)->tell_tx(port, frame, because, air_time);
}

/* ---- Records ---- */

/* A kind that nobody knew when time began is unknown to the queries of the file. */
static uint32_t kind(struct nt_node *node, const struct nt_kind *declared)
{
    struct plugin_watch *watch = watch_of(node);
    uint32_t number = ask(node, "nt_kind", ANY)->kind(node, declared);
    if (!watch->kind_count || number <= watch->kind_count)
        return number;
    snprintf(watch->fault, sizeof watch->fault,
             "the kind of record \"%.60s\" is declared while the network runs: create declares it, or the "
             "type's \"kinds\"",
             declared->name);
    longjmp(watch->escape, 1);
}

static uint64_t tell(struct nt_node *node, uint32_t number, const struct nt_port *port, uint64_t frame,
                     const int64_t *values)
{
    return ask(node, "nt_tell", ANY)->tell(node, number, port, frame, values);
}

static uint64_t text(struct nt_node *node, const char *words)
{
    return ask(node, "nt_text", ANY)->text(node, words);
}

static uint64_t cause(struct nt_node *node)
{
    return watch_of(node)->real->cause(node);
}

static void because(struct nt_node *node, uint64_t record)
{
    ask(node, "nt_because", ANY)->because(node, record);
}

/* ---- Loading ---- */

static void refuse(struct nt_node *node, const char *param, const char *format, va_list arguments)
{
    ask(node, "nt_refuse", LOADING)->refuse(node, param, format, arguments);
}

static void warn(struct nt_node *node, const char *param, const char *format, va_list arguments)
{
    ask(node, "nt_warn", LOADING)->warn(node, param, format, arguments);
}

static void refuse_port(struct nt_port *port, const char *param, const char *format, va_list arguments)
{
    ask(port->node, "nt_refuse_port", LOADING)->refuse_port(port, param, format, arguments);
}

static void claim(struct nt_node *node, const char *param, const void *address, uint32_t length_bytes,
                  const char *shown)
{
    ask(node, "nt_claim", LOADING)->claim(node, param, address, length_bytes, shown);
}

static bool is_claimed(struct nt_node *node, const void *address, uint32_t length_bytes)
{
    return ask(node, "nt_is_claimed", LOADING)->is_claimed(node, address, length_bytes);
}

static bool resolve(struct nt_node *node, const char *name, void *ret_address, uint32_t length_bytes)
{
    return ask(node, "nt_resolve", PLUGIN_PHASE_CHECK | RUNNING)
        ->resolve(node, name, ret_address, length_bytes);
}

static void *shared(struct nt_node *node, const void *key, size_t size_bytes, bool *ret_is_new)
{
    return ask(node, "nt_shared", CREATE)->shared(node, key, size_bytes, ret_is_new);
}

static bool part(struct nt_node *node, const char *category, const char *name, struct nt_value *ret_value)
{
    return ask(node, "nt_part", ANY)->part(node, category, name, ret_value);
}

/* ---- Commands ---- */

static void app_print(struct nt_app *app, const char *format, va_list arguments)
{
    ask(app->node, "nt_print", RUNNING)->app_print(app, format, arguments);
}

static void app_exit(struct nt_app *app, int status)
{
    ask(app->node, "nt_app_exit", RUNNING)->app_exit(app, status);
}

static void set_home(struct nt_node *node, const void *address, uint32_t length_bytes)
{
    ask(node, "nt_set_home", RUNNING)->set_home(node, address, length_bytes);
}

/* What is missing here is taken over as it is: plugin_watch.c. */
const struct nt_api plugin_watch_api = {
    .memory_new = memory_new,
    .memory_free = memory_free,
    .event_arm = event_arm,
    .event_disarm = event_disarm,
    .random_init = random_init,
    .frame_new = frame_new,
    .frame_writable = frame_writable,
    .frame_unref = frame_unref,
    .transmit = transmit,
    .deliver = deliver,
    .signal = signal_port,
    .port_line = port_line,
    .drop = drop,
    .discard = discard,
    .offered = offered,
    .copied = copied,
    .tell_tx = tell_tx,
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
    .shared = shared,
    .app_print = app_print,
    .app_exit = app_exit,
    .refuse_port = refuse_port,
    .set_home = set_home,
    .part = part,
};

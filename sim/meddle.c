/* SPDX-License-Identifier: MIT
 * Meddling: what a person does to one frame, or to one parameter of a node.
 *
 *     drop 17            frame 17 ends where it would arrive
 *     duplicate 17       it arrives twice
 *     corrupt 17         one of its bits is turned over
 *     delay 17 20ms      it arrives so much later
 *     set rate "1 Mbps"  a parameter that may change while the network runs
 *
 * These are commands that every node knows, besides its own, so that they can stand in a file's actions, be
 * typed at a prompt, and be done again when time goes by a second time. A frame is marked by its number; the
 * mark works at every arrival that this node has to do with: on a medium, what arrives from it; on a station,
 * what arrives there. Where nothing is marked a delivery tests one pointer. */
#include <stdio.h>
#include <string.h>

#include "sim/meddle.h"
#include "sim/network.h"
#include "sim/param.h"
#include "sim/phrase.h"

enum meddle_what { MEDDLE_DROP, MEDDLE_DUPLICATE, MEDDLE_CORRUPT, MEDDLE_DELAY };

struct network_mark {
    uint64_t frame;  /* its number */
    uint32_t node;   /* at whose arrivals */
    uint32_t toward; /* only those at this node; 0: at all */
    enum meddle_what what;
    int64_t amount;   /* DELAY: how much later; CORRUPT: which bit */
    uint64_t because; /* the record of the command */
    struct network_mark *next;
};

/* A frame that arrives later than its medium wanted. */
struct late {
    struct nt_event event;
    struct nt_frame *frame;
    struct nt_port *port;
    uint64_t cause;
};

static const struct nt_kind kinds[] = {
    [MEDDLE_DROP] = {0},
    [MEDDLE_DUPLICATE] = {"hand.duplicate",
                          "by hand, frame {frame} arrives twice at {node} {port}",
                          NULL,
                          NT_KIND_INTERESTING,
                          {{"command", NT_UNIT_RECORD}}},
    [MEDDLE_CORRUPT] = {"hand.corrupt",
                        "by hand, bit {bit} of frame {parent} is turned over: now frame {frame}",
                        NULL,
                        NT_KIND_INTERESTING,
                        {{"command", NT_UNIT_RECORD}, {"bit", NT_UNIT_NONE}, {"parent", NT_UNIT_FRAME}}},
    [MEDDLE_DELAY] = {"hand.delay",
                      "by hand, frame {frame} is {delay} late at {node} {port}",
                      NULL,
                      NT_KIND_INTERESTING,
                      {{"command", NT_UNIT_RECORD}, {"delay", NT_UNIT_TIME}}},
};

/* ---- At an arrival ---- */

static uint64_t tell(const struct network_mark *mark, const struct nt_port *port, uint64_t frame,
                     uint64_t parent, uint64_t cause)
{
    struct network *network = network_of(port->node);
    if (!network->clock.is_listening)
        return cause;
    struct nt_record record = {.at = network->clock.now,
                               .cause = cause,
                               .frame = frame,
                               .kind = record_kind(network, &kinds[mark->what]),
                               .node = port->node->id,
                               .port = port->id,
                               .values = {(int64_t)mark->because, mark->amount, (int64_t)parent}};
    return record_tell(network, &record, NULL);
}

static void late_fire(struct nt_event *event)
{
    struct late *late = NT_OWNER(event, struct late, event);
    struct network *network = network_of(event->node);
    struct late was = *late;
    network->late--;
    world_release(network->world, late);
    if (was.port->is_up)
        port_deliver_now(was.port, was.frame, was.cause);
    else
        port_drop(was.port, was.frame, "the cable was cut");
}

static void put_off(struct nt_port *port, struct nt_frame *frame, nt_time delay, uint64_t cause)
{
    struct network *network = network_of(port->node);
    struct late *late = world_alloc(network->world, sizeof *late);
    late->frame = frame;
    late->port = port;
    late->cause = cause;
    nt_event_init(&late->event, port->node, late_fire);
    event_arm(&late->event, network->clock.now + delay);
    network->late++;
}

/* The check sequence stays that of the bytes as they were sent. */
static struct nt_frame *turn_bit(struct nt_port *port, struct nt_frame *frame, int64_t bit)
{
    uint8_t check[4];
    uint32_t flags = frame->flags;
    if (flags & NT_FRAME_SEALED) {
        frame_finish(frame);
        memcpy(check, frame->bytes + frame->length_bytes - sizeof check, sizeof check);
    }
    struct nt_frame *own = frame_writable(port->node, frame);
    if (flags & NT_FRAME_SEALED) {
        frame_seal(own);
        memcpy(own->bytes + own->length_bytes - sizeof check, check, sizeof check);
        own->flags &= ~(uint32_t)NT_FRAME_FCS_PENDING;
    }
    own->flags |= NT_FRAME_DAMAGED;
    own->bytes[(bit / 8) % own->length_bytes] ^= (uint8_t)(0x80 >> bit % 8);
    return own;
}

static const struct network_mark *find(const struct network *network, const struct nt_port *port,
                                       const struct nt_frame *frame)
{
    const struct nt_node *medium = port->node, *station = port->peer->node;
    for (const struct network_mark *mark = network->marks; mark; mark = mark->next)
        if (mark->frame == frame->id && (mark->node == medium->id || mark->node == station->id) &&
            (!mark->toward || mark->toward == station->id))
            return mark;
    return NULL;
}

bool meddle_deliver(struct nt_port *port, struct nt_frame *frame, uint64_t cause)
{
    struct network *network = network_of(port->node);
    const struct network_mark *mark = find(network, port, frame);
    if (!mark)
        return false;
    uint64_t parent = frame->id;
    switch (mark->what) {
    case MEDDLE_DROP:
        network->cause = mark->because;
        port_drop(port, frame, "dropped by hand");
        return true;
    case MEDDLE_DUPLICATE:
        cause = tell(mark, port, frame->id, 0, cause);
        port_copied(port, 1);
        put_off(port, nt_frame_ref(frame), 0, cause);
        break;
    case MEDDLE_CORRUPT:
        frame = turn_bit(port, frame, mark->amount);
        cause = tell(mark, port, frame->id, parent, cause);
        break;
    case MEDDLE_DELAY:
        put_off(port, frame, mark->amount, tell(mark, port, frame->id, 0, cause));
        return true;
    }
    port_deliver_now(port, frame, cause);
    return true;
}

/* ---- The commands ---- */

enum { PARAM_FRAME, PARAM_TOWARD, PARAM_AMOUNT };

static void mark_frame(struct nt_app *app, enum meddle_what what, int64_t amount)
{
    struct network *network = network_of(app->node);
    struct network_mark *mark = world_alloc(network->world, sizeof *mark);
    *mark = (struct network_mark){.frame = (uint64_t)app->values[PARAM_FRAME].number,
                                  .node = app->node->id,
                                  .toward = (uint32_t)app->values[PARAM_TOWARD].number,
                                  .what = what,
                                  .amount = amount,
                                  .because = network->cause,
                                  .next = network->marks};
    network->marks = mark;
    app_exit(app, 0);
}

static void drop_start(struct nt_app *app)
{
    mark_frame(app, MEDDLE_DROP, 0);
}

static void duplicate_start(struct nt_app *app)
{
    mark_frame(app, MEDDLE_DUPLICATE, 0);
}

static void corrupt_start(struct nt_app *app)
{
    mark_frame(app, MEDDLE_CORRUPT, app->values[PARAM_AMOUNT].number);
}

static void delay_start(struct nt_app *app)
{
    mark_frame(app, MEDDLE_DELAY, app->values[PARAM_AMOUNT].number);
}

enum { PARAM_NAME, PARAM_VALUE };

/* The parameter that may be set, and its value; -1: `ret_why` says why not. */
static int find_settable(const struct nt_node *node, const struct nt_value *values,
                         struct nt_value *ret_value, struct nt_why *ret_why)
{
    const struct nt_param *params = node->type->params;
    const char *name = values[PARAM_NAME].text, *names[64];
    size_t count = 0;
    for (int i = 0; params && params[i].name; i++) {
        if (!(params[i].flags & NT_PARAM_SETTABLE))
            continue;
        if (count < 64)
            names[count++] = params[i].name;
        if (strcmp(params[i].name, name) == 0)
            return param_read_text(&params[i], values[PARAM_VALUE].text, false, NULL, NULL, ret_value,
                                   ret_why)
                       ? i
                       : -1;
    }
    char hint[120] = "";
    if (count)
        phrase_hint(name, names, count, hint, sizeof hint);
    snprintf(ret_why->text, sizeof ret_why->text, "%s %s has no \"%.20s\" that can be set while it runs%.100s",
             phrase_article(node->type->name), node->type->name, name, hint);
    return -1;
}

static bool set_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    struct nt_value value = {0};
    return find_settable(node, values, &value, ret_why) >= 0;
}

static void set_start(struct nt_app *app)
{
    struct nt_value value = {0};
    struct nt_why why;
    int param = find_settable(app->node, app->values, &value, &why);
    value.is_given = true;
    if (param >= 0)
        app->node->type->set(app->node, (uint32_t)param, &value);
    app_exit(app, param >= 0 ? 0 : 1);
}

#define FRAME_PARAM                                                                                          \
    {                                                                                                        \
        .name = "frame", .kind = NT_PARAM_INTEGER, .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,         \
        .least = 1, .most = INT64_MAX, .summary = "number of the frame"                                      \
    }
#define TOWARD_PARAM                                                                                         \
    {                                                                                                        \
        .name = "--toward", .kind = NT_PARAM_NODE, .summary = "only where it arrives at this node"           \
    }

static const struct nt_param frame_params[] = {FRAME_PARAM, TOWARD_PARAM, {0}};
static const struct nt_param corrupt_params[] = {
    FRAME_PARAM,
    TOWARD_PARAM,
    {.name = "--bit",
     .kind = NT_PARAM_INTEGER,
     .default_text = "112",
     .most = 1000000,
     .summary = "which bit, counted from 0 as they stand in the frame; 112 is the first behind the header"},
    {0}};
static const struct nt_param delay_params[] = {FRAME_PARAM,
                                               TOWARD_PARAM,
                                               {.name = "time",
                                                .kind = NT_PARAM_TIME,
                                                .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,
                                                .most = 3600 * NT_SECOND,
                                                .summary = "how much later it arrives"},
                                               {0}};
static const struct nt_param set_params[] = {{.name = "name",
                                              .kind = NT_PARAM_TEXT,
                                              .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,
                                              .summary = "the parameter"},
                                             {.name = "value",
                                              .kind = NT_PARAM_TEXT,
                                              .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,
                                              .summary = "what it shall be, written as in a file"},
                                             {0}};

const struct nt_app_type meddle_commands[] = {{.size = sizeof(struct nt_app_type),
                                               .name = "drop",
                                               .summary = "lets a frame end where it would arrive",
                                               .params = frame_params,
                                               .start = drop_start},
                                              {.size = sizeof(struct nt_app_type),
                                               .name = "duplicate",
                                               .summary = "lets a frame arrive twice",
                                               .params = frame_params,
                                               .start = duplicate_start},
                                              {.size = sizeof(struct nt_app_type),
                                               .name = "corrupt",
                                               .summary = "turns over one bit of a frame",
                                               .params = corrupt_params,
                                               .start = corrupt_start},
                                              {.size = sizeof(struct nt_app_type),
                                               .name = "delay",
                                               .summary = "lets a frame arrive later",
                                               .params = delay_params,
                                               .start = delay_start},
                                              {.size = sizeof(struct nt_app_type),
                                               .name = "set",
                                               .summary = "changes a parameter that may change while it runs",
                                               .params = set_params,
                                               .check = set_check,
                                               .start = set_start},
                                              {0}};

/* SPDX-License-Identifier: MIT
 * Commands: starting them at their times, what they print, how they end.
 *
 * A command's state stays until the run ends, so that a table can show what came of it. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/network.h"

static uint64_t tell_app(struct network *network, const struct nt_app *app, uint32_t kind, uint64_t cause,
                         int64_t first, int64_t second)
{
    struct nt_record record = {.at = network->clock.now,
                               .cause = cause,
                               .kind = kind,
                               .node = app->node->id,
                               .app = app->id,
                               .values = {first, second}};
    return record_tell(network, &record, NULL);
}

static void app_remember(struct network *network, struct network_app *app)
{
    if (network->app_count == network->app_capacity) {
        struct network_app **old = network->apps;
        network->app_capacity = network->app_capacity ? network->app_capacity * 2 : 16;
        network->apps = world_alloc(network->world, network->app_capacity * sizeof *network->apps);
        if (old)
            memcpy(network->apps, old, network->app_count * sizeof *old);
        world_release(network->world, old);
    }
    network->apps[network->app_count++] = app;
    app->app.id = network->app_count;
}

struct network_app *app_start(struct nt_node *node, const struct nt_app_type *type,
                              const struct nt_value *values, const char *words)
{
    struct network *network = network_of(node);
    struct network_app *app = world_alloc(network->world, sizeof *app + type->state_bytes);
    app->app = (struct nt_app){.node = node,
                               .type = type,
                               .values = values,
                               .state = app + 1,
                               .words = words,
                               .is_running = true,
                               .started_at = network->clock.now};
    app_remember(network, app);
    if (network->clock.is_listening) {
        int64_t text = (int64_t)record_text(network, words);
        app->start_record = tell_app(network, &app->app, RUN_KIND_APP_START, network->cause, text, 0);
        network->cause = app->start_record;
    }
    type->start(&app->app);
    return app;
}

void app_print(struct nt_app *app, const char *format, va_list arguments)
{
    struct network *network = network_of(app->node);
    if (!network->clock.is_listening)
        return;
    char line[1024];
    vsnprintf(line, sizeof line, format, arguments);
    tell_app(network, app, RUN_KIND_APP_PRINT, network->cause, (int64_t)record_text(network, line), 0);
}

void app_exit(struct nt_app *app, int status)
{
    struct network *network = network_of(app->node);
    assert(app->is_running);
    app->is_running = false;
    app->status = status;
    if (network->clock.is_listening)
        tell_app(network, app, RUN_KIND_APP_EXIT, network->cause, status,
                 (int64_t)record_text(network, app->words));
    while (app->sockets)
        nt_socket_close(app->sockets);
}

/* An action's time has come: the command is typed. */
static void action_fire(struct nt_event *event)
{
    struct network_action *due = NT_OWNER(event, struct network_action, event);
    const struct scenario_action *action = due->action;
    due->network->cause = 0;
    app_start(event->node, action->app, action->values.values, action->words);
}

void app_arm_actions(struct network *network)
{
    const struct scenario *scenario = network->run->scenario;
    if (!scenario->action_count)
        return;
    network->actions = world_alloc(network->world, scenario->action_count * sizeof *network->actions);
    for (size_t i = 0; i < scenario->action_count; i++) {
        struct network_action *due = &network->actions[i];
        due->network = network;
        due->action = &scenario->actions[i];
        nt_event_init(&due->event, &network->nodes[due->action->node]->node, action_fire);
        if (due->action->at <= network->stop)
            event_arm(&due->event, due->action->at);
    }
}

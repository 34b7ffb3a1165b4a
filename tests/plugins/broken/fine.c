/* SPDX-License-Identifier: MIT
 * Nothing is wrong with this one: a hub with a parameter that may be set, a command of its own, a table, a timer. */
#include "plug.h"

struct state {
    struct nt_event event;
    int64_t pause, ticks;
};

static const struct nt_param params[] = {{.name = "pause",
                                          .kind = NT_PARAM_TIME,
                                          .flags = NT_PARAM_SETTABLE,
                                          .default_text = "500 ms",
                                          .least = NT_MILLISECOND,
                                          .most = NT_SECOND,
                                          .summary = "time between two ticks"},
                                         {0}};

static bool row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    const struct state *state = node->state;
    ret_cells[0].number = state->ticks;
    return index == 0;
}

static const struct nt_table tables[] = {
    {.name = "ticks", .summary = "how many there were", .columns = {{.name = "ticks"}}, .row = row}, {0}};

static void fire(struct nt_event *event)
{
    struct state *state = NT_OWNER(event, struct state, event);
    state->ticks++;
    nt_arm(event, nt_now(event->node) + state->pause);
}

static void create(struct nt_node *node, const struct nt_value *values)
{
    struct state *state = node->state;
    state->pause = values[0].number;
    nt_event_init(&state->event, node, fire);
}

static void start(struct nt_node *node)
{
    struct state *state = node->state;
    nt_arm(&state->event, state->pause);
}

static void set(struct nt_node *node, uint32_t param, const struct nt_value *value)
{
    struct state *state = node->state;
    (void)param;
    state->pause = value->number;
}

static void silence_start(struct nt_app *app)
{
    struct state *state = app->node->state;
    nt_disarm(&state->event);
    nt_app_exit(app, 0);
}

static const struct nt_param silence_params[] = {{.name = "--after",
                                                  .kind = NT_PARAM_TIME,
                                                  .flags = NT_PARAM_REQUIRED,
                                                  .least = NT_MILLISECOND,
                                                  .most = NT_SECOND,
                                                  .summary = "how long it still ticks"},
                                                 {0}};

static const struct nt_app_type commands[] = {{.size = sizeof(struct nt_app_type),
                                               .name = "silence",
                                               .summary = "ends the ticking",
                                               .params = silence_params,
                                               .start = silence_start},
                                              {0}};

HUB("fine", .params = params, .tables = tables, .commands = commands, .create = create, .start = start, .set = set, .receive = repeat);
PLUGIN("fine");

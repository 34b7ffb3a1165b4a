/* SPDX-License-Identifier: MIT
 * The section "actions", and the "start" lists of the nodes: what is done, where and when.
 *
 *     { "at": "1 s", "on": "alice", "run": "ping -c 4 bob" }
 *
 * A node's "start" runs at time 0, before the file's own actions of that instant. What is read is sorted by
 * time; what happens at one instant keeps the order of the file. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/command.h"
#include "sim/scenario_reader.h"

static const char *const action_keys[] = {"at", "on", "run", "note", NULL};
static const struct nt_param time_param = {.name = "at", .kind = NT_PARAM_TIME};

/* The place of each option inside the command. */
static void place_options(struct scenario_reader *r, const struct json_value *at,
                          const struct command *command, struct scenario_values *values)
{
    struct scenario_given *given = store_alloc(r->store, command->count, sizeof *given);
    for (uint32_t i = 0; i < command->count; i++)
        given[i] = (struct scenario_given){.param = i, .at = scenario_place_inside(r, at, command->columns[i]).at};
    values->given = given;
    values->given_count = (uint32_t)command->count;
}

/* Whom it is to reach is looked up when it runs; a name that no node has is likely a slip. What it is that is
 * written in digits and points, only the network layer knows. */
static void warn_of_host(struct scenario_reader *r, const struct json_value *at, const char *name)
{
    char hint[100];
    if (!name || !name[strspn(name, "0123456789.:/")] || scenario_find_node(r, name))
        return;
    scenario_hint_node(r, name, hint, sizeof hint);
    scenario_warn(r, at, "no node is called \"%.63s\"%s", name, hint);
}

static void warn_of_hosts(struct scenario_reader *r, const struct json_value *at, const struct command *command)
{
    for (uint32_t i = 0; i < command->count; i++) {
        const struct nt_param *param = &command->app->params[i];
        const struct nt_value *value = &command->values[i];
        if (param->flags & NT_PARAM_HOST && param->kind == NT_PARAM_TEXT)
            warn_of_host(r, at, value->text);
        for (uint32_t j = 0; param->flags & NT_PARAM_HOST && param->kind == NT_PARAM_LIST && j < value->count; j++)
            warn_of_host(r, at, value->items[j].text);
    }
}

/* Reads the command at `at` for a node; `when` is its time. */
static void add_action(struct scenario_reader *r, size_t node, nt_time when, const struct json_value *at)
{
    const struct nt_node_type *type = r->scenario->nodes[node].type;
    struct command command;
    struct nt_why why;
    size_t offset = 0;
    if (!scenario_expect(r, at, JSON_STRING, "a command such as \"ping -c 4 bob\"") || !type)
        return;
    const char *words = store_text(r->store, at->text, strlen(at->text));
    r->missed = NULL;
    if (!command_read_into(r->store, r->registry, type, words, scenario_find_node, r, &command, &why,
                           &offset)) {
        char hint[100] = "";
        if (r->missed)
            scenario_hint_node(r, r->missed, hint, sizeof hint);
        scenario_wrong_inside(r, at, offset, "%s%s", why.text, hint);
        return;
    }
    struct scenario_action *action = &r->scenario->actions[r->scenario->action_count++];
    *action = (struct scenario_action){.at = when, .node = node, .app = command.app, .words = words};
    action->values = (struct scenario_values){
        .params = command.app->params, .values = command.values, .count = (uint32_t)command.count};
    place_options(r, at, &command, &action->values);
    warn_of_hosts(r, at, &command);
    action->place = scenario_place_inside(r, at, 0);
}

static void read_start(struct scenario_reader *r, size_t node)
{
    const struct json_value *start = json_member(r->sources[node], "start");
    if (!start || !scenario_expect(r, start, JSON_LIST, "a list of commands"))
        return;
    for (const struct json_value *at = start->first_child; at; at = at->next)
        add_action(r, node, 0, at);
}

/* The node that an action is for. False: reported. */
static bool read_on(struct scenario_reader *r, const struct json_value *on, size_t *ret_node)
{
    char hint[100];
    if (!scenario_expect(r, on, JSON_STRING, "the name of a node"))
        return false;
    uint32_t id = scenario_find_node(r, on->text);
    *ret_node = (size_t)id - 1;
    if (id)
        return true;
    scenario_hint_node(r, on->text, hint, sizeof hint);
    scenario_wrong(r, on, "no node is called \"%.63s\"%s", on->text, hint);
    return false;
}

static void read_at(struct scenario_reader *r, const struct json_value *at, nt_time *ret_when)
{
    struct nt_value value = {0};
    if (!scenario_read_scalar(r, &time_param, at, &value))
        return;
    *ret_when = value.number;
    if (value.number > r->scenario->stop && r->scenario->stop > 0) {
        char bytes[40];
        struct text stop = text_in(bytes, sizeof bytes);
        units_show(UNITS_TIME, r->scenario->stop, &stop);
        scenario_warn(r, at, "this never happens: the scenario stops at %s", bytes);
    }
}

static void read_action(struct scenario_reader *r, const struct json_value *action)
{
    static const struct scenario_rules rules = {"action", NULL, action_keys};
    if (!scenario_expect(r, action, JSON_OBJECT,
                         "an object such as { \"at\": \"1 s\", \"on\": \"alice\", \"run\": \"ping bob\" }"))
        return;
    scenario_check_keys(r, &rules, action);
    const struct json_value *part[3];
    for (size_t i = 0; i < 3; i++) {
        part[i] = json_member(action, action_keys[i]);
        if (!part[i])
            scenario_wrong(r, action, "an action needs \"%s\"", action_keys[i]);
    }
    nt_time when = 0;
    size_t node = 0;
    if (part[0])
        read_at(r, part[0], &when);
    bool has_node = part[1] && read_on(r, part[1], &node);
    if (part[2] && has_node) /* read even if the time is wrong, for the sake of its own mistakes */
        add_action(r, node, when, part[2]);
    else if (part[2])
        scenario_expect(r, part[2], JSON_STRING, "a command such as \"ping -c 4 bob\"");
}

/* ---- In order of time ---- */

struct moment {
    nt_time at;
    size_t index; /* in the order of the file */
};

static int compare_moments(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void sort_actions(struct scenario_reader *r)
{
    size_t count = r->scenario->action_count;
    struct moment *moments = calloc(count + 1, sizeof *moments);
    if (!moments)
        abort();
    for (size_t i = 0; i < count; i++)
        moments[i] = (struct moment){r->scenario->actions[i].at, i};
    qsort(moments, count, sizeof *moments, compare_moments);
    struct scenario_action *sorted = store_alloc(r->store, count, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = r->scenario->actions[moments[i].index];
    r->scenario->actions = sorted;
    free(moments);
}

/* How many commands the file holds: starts and actions. */
static size_t count_commands(const struct scenario_reader *r, const struct json_value *actions)
{
    size_t count = actions ? actions->child_count : 0;
    for (size_t i = 0; i < r->own_nodes; i++) {
        const struct json_value *start = json_member(r->sources[i], "start");
        count += start ? start->child_count : 0;
    }
    return count;
}

void scenario_read_actions(struct scenario_reader *r, const struct json_value *actions)
{
    size_t count = count_commands(r, actions);
    if (count > SCENARIO_ACTIONS_MOST) {
        scenario_wrong(r, actions ? actions : r->root, "at most %d commands, found %zu",
                       SCENARIO_ACTIONS_MOST, count);
        return;
    }
    r->scenario->actions = store_alloc(r->store, count, sizeof *r->scenario->actions);
    for (size_t i = 0; i < r->own_nodes; i++)
        read_start(r, i);
    for (const struct json_value *at = actions ? actions->first_child : NULL; at; at = at->next)
        read_action(r, at);
    sort_actions(r);
}

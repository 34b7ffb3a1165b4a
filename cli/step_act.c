/* SPDX-License-Identifier: MIT
 * The stepping terminal's commands that change the network. Each becomes a command typed on a node, which the
 * session remembers with its time. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/stepper.h"
#include "sim/base/text.h"
#include "sim/base/units.h"

#define COMMAND_BYTES 4200

static void act(struct stepper *stepper, const struct nt_node *node, const char *words)
{
    struct nt_why why;
    struct session *session = stepper->session;
    uint64_t before = session_records(session);
    size_t later = 0;
    if (!session_command(session, node->id, words, &why)) {
        stepper_refuse(stepper, "%s", why.text);
        return;
    }
    for (uint64_t number = before + 1; number <= session_records(session); number++) {
        const struct nt_record *record = session_record(session, number);
        bool is_plain_end = record->kind == RUN_KIND_APP_EXIT && record->values[0] == 0;
        if (!is_plain_end && !(run_kind_at(session_run(session), record->kind)->flags & NT_KIND_CHATTER))
            stepper_show_record(stepper, record, false);
    }
    for (size_t i = 0; i < session_action_count(session); i++)
        later += !session_action_at(session, i).is_done;
    if (later)
        outlet_print(stepper->out, "%zu action%s of yours in the future stay%s; actions lists them\n", later,
                     later == 1 ? "" : "s", later == 1 ? "s" : "");
}

void step_command_on(struct stepper *stepper, char *words)
{
    const struct nt_node *node = stepper_node(stepper, stepper_word(&words));
    words += strspn(words, " \t");
    if (node)
        act(stepper, node, words);
}

/* ---- Cables ---- */

static void cable(struct stepper *stepper, char *words, const char *command)
{
    const struct nt_node *node = stepper_node(stepper, stepper_word(&words));
    if (node)
        act(stepper, node, command);
}

void step_command_cut(struct stepper *stepper, char *words)
{
    cable(stepper, words, "cut");
}

void step_command_mend(struct stepper *stepper, char *words)
{
    cable(stepper, words, "mend");
}

/* ---- One frame ---- */

/* Is it on its way, or about to be? Else there is nothing left to be done to it. */
static bool is_still_coming(const struct session *session, uint64_t id)
{
    for (size_t i = 0; i < session_flight_count(session); i++)
        if (session_flight_at(session, i).frame == id)
            return true;
    return false;
}

static void meddle(struct stepper *stepper, const char *command, char *words)
{
    struct session *session = stepper->session;
    char text[COMMAND_BYTES];
    char *first = stepper_word(&words), *rest = words + strspn(words, " \t");
    uint64_t id;
    size_t count = session_flight_count(session);
    if (first && strcmp(first, "last") == 0 && count)
        id = session_flight_at(session, count - 1).frame;
    else if (!first || !stepper_number(first, &id)) {
        stepper_refuse(stepper, "which frame? write its number, or last for the one that left last: %s 3",
                       command);
        return;
    }
    uint32_t medium = session_medium_of(session, id);
    if (!medium) {
        stepper_refuse(stepper, "frame %" PRIu64 " has not been on any wire yet", id);
        return;
    }
    if (!is_still_coming(session, id))
        outlet_print(stepper->out,
                     "Frame %" PRIu64
                     " is not on its way now: this works when it next arrives from %s, if ever.\n",
                     id, run_node(session_run(session), medium)->name);
    bool has_toward = strncmp(rest, "toward ", 7) == 0;
    snprintf(text, sizeof text, "%s %" PRIu64 "%s%s%s", command, id, *rest ? " " : "", has_toward ? "--" : "",
             rest);
    act(stepper, run_node(session_run(session), medium), text);
}

void step_command_drop(struct stepper *stepper, char *words)
{
    meddle(stepper, "drop", words);
}

void step_command_duplicate(struct stepper *stepper, char *words)
{
    meddle(stepper, "duplicate", words);
}

void step_command_corrupt(struct stepper *stepper, char *words)
{
    char text[COMMAND_BYTES];
    char *frame = stepper_word(&words), *bit = stepper_word(&words);
    snprintf(text, sizeof text, "%s %s%s", frame ? frame : "", bit ? "--bit " : "", bit ? bit : "");
    meddle(stepper, "corrupt", text);
}

void step_command_delay(struct stepper *stepper, char *words)
{
    char text[COMMAND_BYTES];
    char *frame = stepper_word(&words);
    words += strspn(words, " \t");
    if (!frame || !*words)
        stepper_refuse(stepper, "which frame, and by how much? delay 3 20ms");
    else {
        snprintf(text, sizeof text, "%s '%s'", frame, words);
        meddle(stepper, "delay", text);
    }
}

void step_command_set(struct stepper *stepper, char *words)
{
    char text[COMMAND_BYTES];
    const struct nt_node *node = stepper_node(stepper, stepper_word(&words));
    char *name = node ? stepper_word(&words) : NULL;
    words += strspn(words, " \t");
    if (node && (!name || !*words))
        stepper_refuse(stepper, "what shall be set to what? set %s rate 1Mbps", node->name);
    else if (node) {
        snprintf(text, sizeof text, "set %s '%s'", name, words);
        act(stepper, node, text);
    }
}

/* ---- What was done ---- */

void step_command_actions(struct stepper *stepper, char *words)
{
    (void)words;
    struct session *session = stepper->session;
    for (size_t i = 0; i < session_action_count(session); i++) {
        struct session_action action = session_action_at(session, i);
        char storage[40];
        struct text time = text_in(storage, sizeof storage);
        units_show_seconds(action.at, 9, &time);
        outlet_print(stepper->out, "  %zu: %s s  %s$ %s%s", i + 1, storage,
                     run_node(session_run(session), action.node)->name, action.words,
                     action.is_done ? "" : "  (still to come)");
        if (action.refusal)
            outlet_print(stepper->out, "  (not done: %s)", action.refusal);
        outlet_text(stepper->out, "\n");
    }
    if (!session_action_count(session))
        outlet_text(stepper->out, "You have not changed anything.\n");
}

void step_command_undo(struct stepper *stepper, char *words)
{
    struct session_limits limits = stepper_limits(stepper);
    uint64_t number = session_action_count(stepper->session), before = session_event(stepper->session);
    if (*words && !stepper_number(words, &number))
        number = 0;
    if (number == 0 || number > session_action_count(stepper->session)) {
        stepper_refuse(stepper, "there is no such action; actions lists what you did");
        return;
    }
    enum session_stop stop = session_undo(stepper->session, (size_t)number - 1, &limits);
    stepper_show_place(stepper, stop, before);
}

void step_command_redo(struct stepper *stepper, char *words)
{
    (void)words;
    struct session_limits limits = stepper_limits(stepper);
    uint64_t before = session_event(stepper->session);
    if (session_undone_count(stepper->session) == 0)
        stepper_refuse(stepper, "nothing was taken back since the last change");
    else
        stepper_show_place(stepper, session_redo(stepper->session, &limits), before);
}

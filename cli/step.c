/* SPDX-License-Identifier: MIT
 * netarium step: a network that is stepped forward and back at a prompt, or by a script. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/expect.h"
#include "cli/lines.h"
#include "cli/stepper.h"
#include "cli/subcommands.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/scenario.h"

enum step_option { STEP_SCRIPT, STEP_SEED, STEP_SET, STEP_MEMORY };

static const struct option step_options[] = {
    [STEP_SCRIPT] =
        {{"--script", NT_PARAM_TEXT,
          .summary = "take the commands from FILE, a line each, and print plain text; - is standard input"},
         "FILE"},
    [STEP_SEED] = {{"--seed", NT_PARAM_INTEGER, .most = INT64_MAX,
                    .summary = "dice for this run, instead of the file's"},
                   "N"},
    [STEP_SET] = {{"--set", NT_PARAM_TEXT,
                   .summary = "change one value of the file, as in links[0].rate=1Mbps"},
                  "PATH=VALUE",
                  OPTION_REPEATS},
    [STEP_MEMORY] = {{"--memory", NT_PARAM_BYTES, .least = 1000000, .most = INT64_MAX,
                      .summary = "most memory that the network may use; 2 GiB if not given"},
                     "BYTES"},
    {{0}}};

static void make_prompt(const struct stepper *stepper, char *ret_prompt, size_t size)
{
    char storage[40];
    struct text time = text_in(storage, sizeof storage);
    units_show_seconds(session_now(stepper->session), 9, &time);
    snprintf(ret_prompt, size, "%s> ", storage);
}

static void greet(struct stepper *stepper)
{
    const struct scenario *scenario = run_scenario(session_run(stepper->session));
    outlet_style(stepper->out, OUTLET_STRONG);
    outlet_print(stepper->out, "%s\n", scenario->title ? scenario->title : scenario->file);
    outlet_style(stepper->out, OUTLET_NORMAL);
    if (scenario->about)
        outlet_wrap(stepper->out, scenario->about, 0, stepper->front->width);
    outlet_text(stepper->out, "step, next, back, until, why, show ...; help lists all, quit ends.\n");
    outlet_flush(stepper->out);
}

/* ---- Where lines come from ---- */

static void talk(struct stepper *stepper)
{
    char prompt[60];
    bool was_interrupted = false;
    struct lines *lines = lines_open(stepper_offer, stepper);
    if (!lines) {
        stepper_refuse(stepper,
                       "this terminal cannot be used for typing; --script takes commands from a file");
        return;
    }
    while (!stepper->is_over && !stepper->out->failure) {
        make_prompt(stepper, prompt, sizeof prompt);
        outlet_flush(stepper->out);
        *stepper->front->is_interrupted = false;
        const char *line = lines_read(lines, prompt, &was_interrupted);
        *stepper->front->is_interrupted = false;
        if (was_interrupted)
            outlet_text(stepper->out, "\n");
        else if (!line)
            break;
        else
            stepper_line(stepper, line);
    }
    if (!stepper->is_over)
        outlet_text(stepper->out, "\n");
    lines_close(lines);
}

/* As if somebody had typed it: the prompt and each command are shown. */
static void recite(struct stepper *stepper, FILE *in)
{
    char *line = NULL, prompt[60];
    size_t size = 0;
    while (!stepper->is_over && !*stepper->front->is_interrupted && !stepper->out->failure &&
           getline(&line, &size, in) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        make_prompt(stepper, prompt, sizeof prompt);
        if (line[0] == '#' || !line[0])
            outlet_print(stepper->out, "%s\n", line);
        else
            outlet_print(stepper->out, "%s%s\n", prompt, line);
        stepper_line(stepper, line);
    }
    free(line);
}

static bool run_script(struct stepper *stepper, const char *script)
{
    bool is_standard = strcmp(script, "-") == 0;
    FILE *in = is_standard ? stdin : fopen(script, "r");
    if (!in) {
        front_say(stepper->front, "%s cannot be read", script);
        return false;
    }
    recite(stepper, in);
    if (!is_standard)
        fclose(in);
    return true;
}

/* ---- From the file to the prompt ---- */

static enum front_status step_session(struct stepper *stepper, const char *script)
{
    enum front_status status = FRONT_HOLDS;
    if (script || !stepper->front->out_is_terminal || !stepper->front->in_is_terminal) {
        if (!run_script(stepper, script ? script : "-") || stepper->has_refused)
            status = FRONT_INPUT;
    } else {
        greet(stepper);
        talk(stepper);
    }
    if (script && *stepper->front->is_interrupted)
        status = FRONT_INTERRUPTED;
    return status;
}

static void release(struct stepper *stepper)
{
    for (size_t i = 0; i < stepper->watch_count; i++)
        free(stepper->watches[i]);
    for (size_t i = 0; i < stepper->fork_count; i++)
        session_free(stepper->forks[i].session);
    session_free(stepper->session);
}

static enum front_status step_scenario(struct front *front, const struct options *options,
                                       const struct scenario *scenario, struct error_list *errors)
{
    struct stepper stepper = {.front = front, .out = &front->out, .file = options->words[0]};
    struct session_options wanted = {.memory_limit_bytes = (size_t)options->values[STEP_MEMORY].value.number};
    struct expectations expectations;
    enum front_status status = FRONT_INPUT;
    bool is_right = false;
    stepper.has_overrides = options->values[STEP_SET].count || options->values[STEP_SEED].is_given;
    stepper.session = session_new(&front->registry, scenario, &wanted, errors);
    if (stepper.session) {
        is_right = expectations_compile(&expectations, session_run(stepper.session), errors);
        expectations_release(&expectations);
    }
    front_print_errors(front, errors);
    if (is_right)
        status = step_session(&stepper, options->values[STEP_SCRIPT].value.text);
    release(&stepper);
    return status;
}

static enum front_status step_main(struct front *front, const struct options *options)
{
    struct error_list errors;
    enum front_status status = FRONT_INPUT;
    struct scenario_options wanted = {.overrides = options->values[STEP_SET].texts,
                                      .override_count = options->values[STEP_SET].count,
                                      .has_seed = options->values[STEP_SEED].is_given,
                                      .seed = (uint64_t)options->values[STEP_SEED].value.number};
    error_list_init(&errors);
    struct scenario *scenario = scenario_read(options->words[0], &front->registry, &wanted, &errors);
    if (scenario)
        status = step_scenario(front, options, scenario, &errors);
    else
        front_print_errors(front, &errors);
    scenario_free(scenario);
    error_list_release(&errors);
    return status;
}

const struct subcommand step_subcommand = {
    .name = "step",
    .usage = "FILE [options]",
    .summary = "steps through a scenario at a prompt, forward and back",
    .options = step_options,
    .least_words = 1,
    .most_words = 1,
    .word_is = "a scenario file",
    .can_be_interrupted = true,
    .is_interactive = true,
    .run = step_main,
    .more = "At the prompt, help lists the commands: step, back, next, until, goto, why, show, frame, on,\n"
            "cut, drop, fork, diff, save and others. Ctrl-C ends a long move, not the program.\n"
            "With --script, or when standard input is no terminal, commands come from there and the text\n"
            "is plain, for hand-outs; lines that begin with # are repeated as they stand.\n"
            "\n"
            "Exit status: 0, or 2 if the file is wrong or a command of a script was refused.\n",
};

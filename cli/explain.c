/* SPDX-License-Identifier: MIT
 * netarium explain: why one frame or one record happened, down to the command that somebody typed; and what
 * came of it. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/subcommands.h"
#include "session/session.h"
#include "sim/scenario.h"

enum explain_option { EXPLAIN_FRAME, EXPLAIN_RECORD, EXPLAIN_JSON, EXPLAIN_UNTIL, EXPLAIN_SEED, EXPLAIN_SET };

static const struct option explain_options[] = {
    [EXPLAIN_FRAME] = {{"--frame", NT_PARAM_INTEGER, .least = 1, .most = INT64_MAX,
                        .summary = "explain why this frame was sent"},
                       "N"},
    [EXPLAIN_RECORD] = {{"--record", NT_PARAM_INTEGER, .least = 1, .most = INT64_MAX,
                         .summary = "explain this record: the number behind # that run --why shows"},
                        "N"},
    [EXPLAIN_JSON] = {{"--json", NT_PARAM_BOOLEAN,
                       .summary = "as JSON; docs/explain-format.md says its shape"}},
    [EXPLAIN_UNTIL] = {{"--until", NT_PARAM_TIME, .summary = "stop at this instant, whatever the file says"},
                       "T"},
    [EXPLAIN_SEED] = {{"--seed", NT_PARAM_INTEGER, .most = INT64_MAX,
                       .summary = "dice for this run, instead of the file's"},
                      "N"},
    [EXPLAIN_SET] = {{"--set", NT_PARAM_TEXT,
                      .summary = "change one value of the file, as in links[0].rate=1Mbps"},
                     "PATH=VALUE",
                     OPTION_REPEATS},
    {{0}}};

static void write_json(struct outlet *out, const struct explain *explain, const struct explain_story *story)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&bytes, &length);
    assert(memory);
    explain_write_json(explain, story, memory);
    fclose(memory);
    outlet_write(out, bytes, length);
    free(bytes);
}

/* The record that was asked for; 0: there is none, which was said. */
static uint64_t find_record(struct front *front, const struct options *options, const struct session *session)
{
    const struct option_value *values = options->values;
    uint64_t record = (uint64_t)values[EXPLAIN_RECORD].value.number;
    if (values[EXPLAIN_FRAME].is_given) {
        uint64_t frame = (uint64_t)values[EXPLAIN_FRAME].value.number;
        record = explain_frame_record(session_history(session), frame);
        if (!record)
            front_say(front, "frame %" PRIu64 " never was on any wire; %" PRIu64 " frames were made", frame,
                      session_frames(session));
    } else if (record > session_records(session)) {
        front_say(front, "there is no record %" PRIu64 "; the run told %" PRIu64, record,
                  session_records(session));
        record = 0;
    }
    return record;
}

static enum front_status explain_session(struct front *front, const struct options *options,
                                         struct session *session)
{
    struct session_limits limits = {.is_interrupted = front->is_interrupted};
    enum session_stop stop = session_goto(session, NT_NEVER, &limits);
    if (stop == SESSION_PAUSED)
        return FRONT_INTERRUPTED;
    if (stop == SESSION_FAILED)
        front_say(front, "%s", session_failure(session));
    struct explain explain = session_explain(session);
    struct explain_story *story = malloc(sizeof *story);
    uint64_t record = find_record(front, options, session);
    assert(story);
    if (record) {
        explain_record(&explain, record, story);
        if (options->values[EXPLAIN_JSON].is_given)
            write_json(&front->out, &explain, story);
        else
            explain_write(&explain, story, &front->out, front->out_is_terminal ? front->width : 0);
    }
    free(story);
    return record ? stop == SESSION_FAILED ? FRONT_SIMULATOR : FRONT_HOLDS : FRONT_INPUT;
}

static enum front_status explain_main(struct front *front, const struct options *options)
{
    const struct option_value *values = options->values;
    struct error_list errors;
    enum front_status status = FRONT_INPUT;
    struct scenario_options wanted = {.overrides = values[EXPLAIN_SET].texts,
                                      .override_count = values[EXPLAIN_SET].count,
                                      .has_seed = values[EXPLAIN_SEED].is_given,
                                      .seed = (uint64_t)values[EXPLAIN_SEED].value.number,
                                      .has_stop = values[EXPLAIN_UNTIL].is_given,
                                      .stop = values[EXPLAIN_UNTIL].value.number};
    if (values[EXPLAIN_FRAME].is_given == values[EXPLAIN_RECORD].is_given) {
        front_say(front, "explain needs either --frame N or --record N");
        return FRONT_INPUT;
    }
    error_list_init(&errors);
    struct scenario *scenario = scenario_read(options->words[0], &front->registry, &wanted, &errors);
    struct session *session = scenario ? session_new(&front->registry, scenario, NULL, &errors) : NULL;
    front_print_errors(front, &errors);
    if (session)
        status = explain_session(front, options, session);
    session_free(session);
    scenario_free(scenario);
    error_list_release(&errors);
    return status;
}

const struct subcommand explain_subcommand = {
    .name = "explain",
    .usage = "FILE --frame N|--record N",
    .summary = "tells why a frame was sent or a record told, and what came of it",
    .options = explain_options,
    .least_words = 1,
    .most_words = 1,
    .word_is = "a scenario file",
    .can_be_interrupted = true,
    .run = explain_main,
    .more = "Runs the scenario and tells the chain of causes, one sentence each with the clause of its\n"
            "standard, down to the command that somebody typed; then what came of it.\n"
            "\n"
            "Exit status: 0, or 2 if the file is wrong or there is no such frame or record.\n",
};

/* SPDX-License-Identifier: MIT
 * netarium run: simulate a scenario without a window, and say what came of it.
 *
 *     read and check  ->  build  ->  compile expectations  ->  create files  ->  run  ->  judge  ->  write
 * the rest
 *
 * Everything that can be wrong is found before time zero; nothing is half-run. */
#include <stdio.h>

#include "cli/brief.h"
#include "cli/expect.h"
#include "cli/progress.h"
#include "cli/subcommands.h"
#include "cli/watch.h"
#include "sim/scenario.h"
#include "views/summary.h"

enum run_option {
    RUN_UNTIL,
    RUN_SEED,
    RUN_SET,
    RUN_TRACE,
    RUN_WHY,
    RUN_PCAP,
    RUN_CSV,
    RUN_CSV_OF,
    RUN_REPORT,
    RUN_JUNIT,
    RUN_MEMORY,
    RUN_QUIET,
    RUN_BRIEF
};

static const struct option run_options[] = {
    [RUN_UNTIL] = {{"--until", NT_PARAM_TIME, .summary = "stop at this instant, whatever the file says"},
                   "T"},
    [RUN_SEED] = {{"--seed", NT_PARAM_INTEGER, .most = INT64_MAX,
                   .summary = "dice for this run, instead of the file's"},
                  "N"},
    [RUN_SET] = {{"--set", NT_PARAM_TEXT,
                  .summary = "change one value of the file, as in links[0].rate=1Mbps"},
                 "PATH=VALUE",
                 OPTION_REPEATS},
    [RUN_TRACE] = {{"--trace", NT_PARAM_TEXT,
                    .summary = "a line for each frame sent or dropped, or for the records that QUERY names"},
                   "[QUERY]",
                   OPTION_MAY_BE_BARE},
    [RUN_WHY] = {{"--why", NT_PARAM_BOOLEAN,
                  .summary = "a sentence for each frame and each fact: why it happened"}},
    [RUN_PCAP] = {{"--pcap", NT_PARAM_TEXT,
                   .summary = "write a capture for Wireshark and tshark into this folder"},
                  "DIR"},
    [RUN_CSV] = {{"--csv", NT_PARAM_TEXT, .summary = "write every gauge as a table into this folder"}, "DIR"},
    [RUN_CSV_OF] = {{"--csv-of", NT_PARAM_TEXT,
                     .summary =
                         "write only the records that QUERY names, gauges or not, as in \"tcp.cwnd at amy\""},
                    "QUERY"},
    [RUN_REPORT] = {{"--report", NT_PARAM_TEXT, .summary = "write what came of it as JSON"}, "FILE"},
    [RUN_JUNIT] = {{"--junit", NT_PARAM_TEXT, .summary = "write the expectations as JUnit XML"}, "FILE"},
    [RUN_MEMORY] = {{"--memory", NT_PARAM_BYTES, .least = 1000000, .most = INT64_MAX,
                     .summary = "most memory that the network may use; 2 GiB if not given"},
                    "BYTES"},
    [RUN_QUIET] = {{"--quiet", NT_PARAM_BOOLEAN,
                    .summary = "do not show what commands print; faster, for nobody listens"}},
    [RUN_BRIEF] = {{"--brief", NT_PARAM_BOOLEAN,
                    .summary = "one line instead of all this: FILE: OK, FAILED, WRONG or STOPPED, and why"}},
    {{0}}};

static struct scenario *read_scenario(struct front *front, const struct options *options,
                                      struct error_list *errors)
{
    const struct option_value *values = options->values;
    struct scenario_options wanted = {.overrides = values[RUN_SET].texts,
                                      .override_count = values[RUN_SET].count,
                                      .has_seed = values[RUN_SEED].is_given,
                                      .seed = (uint64_t)values[RUN_SEED].value.number,
                                      .has_stop = values[RUN_UNTIL].is_given,
                                      .stop = values[RUN_UNTIL].value.number};
    return scenario_read(options->words[0], &front->registry, &wanted, errors);
}

static struct watch_wishes wishes_of(const struct option_value *values)
{
    return (struct watch_wishes){.has_trace = values[RUN_TRACE].is_given,
                                 .has_why = values[RUN_WHY].is_given,
                                 .has_console = !values[RUN_QUIET].is_given && !values[RUN_BRIEF].is_given,
                                 .trace_query = values[RUN_TRACE].value.text,
                                 .capture_dir = values[RUN_PCAP].value.text,
                                 .csv_dir = values[RUN_CSV].value.text,
                                 .csv_query = values[RUN_CSV_OF].value.text,
                                 .report_file = values[RUN_REPORT].value.text,
                                 .junit_file = values[RUN_JUNIT].value.text};
}

/* Lets time pass until the end, a person, or a disk ends it. */
static enum run_status advance(struct front *front, struct run *run, const struct watch *watch)
{
    struct progress progress;
    enum run_status status = RUN_GOES_ON;
    progress_start(&progress, front);
    while (status == RUN_GOES_ON && !*front->is_interrupted && !front->out.failure &&
           !watch_has_failed(watch)) {
        status = run_advance(run, NT_NEVER, front->is_paused);
        *front->is_paused = false;
        progress_hide(&progress);
        outlet_flush(&front->out);
        progress_show(&progress, run);
    }
    progress_stop(&progress);
    return status;
}

static enum front_status judge(struct front *front, enum run_status status, size_t failed, bool is_written)
{
    if (!is_written)
        return FRONT_SIMULATOR;
    if (status == RUN_GOES_ON && *front->is_interrupted)
        return FRONT_INTERRUPTED;
    return failed ? FRONT_FAILS : FRONT_HOLDS;
}

/* From time zero to the summary. */
static enum front_status watch_run(struct front *front, const struct options *options, struct run *run,
                                   struct expectations *expectations, struct watch *watch)
{
    expectations_listen(expectations, run);
    enum run_status status = advance(front, run, watch);
    size_t failed = expectations_judge(expectations);
    struct summary summary = {.run = run,
                              .verdicts = {expectations->verdicts, expectations->count},
                              .was_interrupted = status == RUN_GOES_ON};
    const char *failure = run_failure(run)[0] ? run_failure(run) : NULL; /* also one that came of looking */
    bool is_written = watch_close(watch, &summary.verdicts, failure, front);
    enum front_status ending = run_failure(run)[0] ? FRONT_SIMULATOR : judge(front, status, failed, is_written);
    if (options->values[RUN_BRIEF].is_given) {
        brief_write_end(&front->out, options->words[0], ending, &summary, run_failure(run));
        return ending;
    }
    if (front->out.written > 0)
        outlet_text(&front->out, "\n");
    summary_write(&summary, &front->out);
    if (run_failure(run)[0])
        front_say(front, "%s", run_failure(run));
    return ending;
}

static void say_mistakes(struct front *front, const struct options *options, struct error_list *errors)
{
    if (options->values[RUN_BRIEF].is_given)
        brief_write_mistakes(&front->out, options->words[0], errors);
    else
        front_print_errors(front, errors);
}

/* The network is built; what is left to be checked, and then the run. */
static enum front_status run_built(struct front *front, const struct options *options, struct run *run,
                                   struct error_list *errors)
{
    struct expectations expectations;
    struct watch watch;
    struct watch_wishes wishes = wishes_of(options->values);
    enum front_status status = FRONT_INPUT;
    bool is_ready = expectations_compile(&expectations, run, errors);
    is_ready = is_ready && watch_open(&watch, &wishes, run, front, errors);
    if (!is_ready || !options->values[RUN_BRIEF].is_given)
        say_mistakes(front, options, errors);
    if (is_ready)
        status = watch_run(front, options, run, &expectations, &watch);
    expectations_release(&expectations);
    return status;
}

static enum front_status run_main(struct front *front, const struct options *options)
{
    struct error_list errors;
    enum front_status status = FRONT_INPUT;
    error_list_init(&errors);
    struct scenario *scenario = read_scenario(front, options, &errors);
    if (scenario) {
        struct run *run = run_new(&front->registry, (size_t)options->values[RUN_MEMORY].value.number);
        if (run_build(run, scenario, &errors))
            status = run_built(front, options, run, &errors);
        else
            say_mistakes(front, options, &errors);
        run_free(run);
    } else
        say_mistakes(front, options, &errors);
    scenario_free(scenario);
    error_list_release(&errors);
    return status;
}

const struct subcommand run_subcommand = {
    .name = "run",
    .usage = "FILE [options]",
    .summary = "simulates a scenario and says what came of it",
    .options = run_options,
    .least_words = 1,
    .most_words = 1,
    .word_is = "a scenario file",
    .can_be_interrupted = true,
    .run = run_main,
    .more =
        "What commands print is shown as they run. Then comes a summary: what each node sent and\n"
        "received, what was dropped and why, and whether the file's expectations hold.\n"
        "\n"
        "--trace without QUERY shows every frame once, where it was sent, and every drop. A QUERY names\n"
        "kinds of records, perhaps at a place: arp, frame.rx, \"frame.drop at bob\". The word behind\n"
        "--trace is the QUERY unless it begins with - or ends in .json; --trace=QUERY is never in doubt.\n"
        "\n"
        "Exit status: 0 all expectations hold, 1 some do not, 2 the file or an option is wrong,\n"
        "3 the simulator failed, 130 ended by Ctrl-C (once: the run ends with its summary; twice: at "
        "once).\n",
};

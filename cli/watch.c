/* SPDX-License-Identifier: MIT
 * Everything that watches one run because the command line asked for it. */
#include "cli/watch.h"

#include "cli/expect.h"
#include "views/junit.h"

/* Compiles the QUERY that `option` was given; NULL text: there is none. */
static bool compile_filter(const struct watch *watch, const char *option, const char *text,
                           struct query **ret_filter, struct error_list *errors)
{
    struct error_place place = {.file = option};
    struct nt_why why;
    size_t column = 0;
    if (!text)
        return true;
    *ret_filter = query_compile_filter(watch->run, text, &why, &column);
    if (!*ret_filter)
        expectations_explain(errors, &place, text, &why, column);
    return *ret_filter != NULL;
}

static void open_files(struct watch *watch, struct error_list *errors)
{
    const struct watch_wishes *wishes = &watch->wishes;
    struct nt_why why;
    if (wishes->capture_dir &&
        !(watch->has_capture = capture_open(&watch->capture, watch->run, wishes->capture_dir, &why)))
        error_add(errors, &(struct error_place){.file = "--pcap"}, "%s", why.text);
    if (wishes->csv_dir &&
        !(watch->has_csv = csv_open(&watch->csv, watch->run, watch->csv_filter, wishes->csv_dir, &why)))
        error_add(errors, &(struct error_place){.file = "--csv"}, "%s", why.text);
    if (wishes->csv_query && !wishes->csv_dir)
        error_add(errors, &(struct error_place){.file = "--csv-of"},
                  "goes with --csv DIR: the folder for its tables");
    if (wishes->report_file &&
        !(watch->has_report = outlet_create(&watch->report_file, wishes->report_file, &why)))
        error_add(errors, &(struct error_place){.file = "--report"}, "%s", why.text);
    if (wishes->junit_file &&
        !(watch->has_junit = outlet_create(&watch->junit_file, wishes->junit_file, &why)))
        error_add(errors, &(struct error_place){.file = "--junit"}, "%s", why.text);
}

static void listen(struct watch *watch, struct front *front)
{
    if (watch->wishes.has_console) {
        console_init(&watch->console, watch->run, &front->out);
        run_listen(watch->run, &watch->console.sink);
    }
    if (watch->wishes.has_trace) {
        trace_init(&watch->trace, watch->run, watch->filter, &front->out);
        run_listen(watch->run, &watch->trace.sink);
    }
    if (watch->wishes.has_why) {
        why_init(&watch->why, watch->run, &front->out, front->out_is_terminal ? front->width : 0);
        run_listen(watch->run, &watch->why.sink);
    }
    if (watch->has_capture)
        run_listen(watch->run, &watch->capture.sink);
    if (watch->has_csv)
        run_listen(watch->run, &watch->csv.sink);
    if (watch->has_csv && !watch->csv_filter) {
        busy_init(&watch->busy, watch->run, watch->wishes.csv_dir);
        run_listen(watch->run, &watch->busy.sink);
        watch->has_busy = true;
    }
    if (watch->has_report) {
        report_init(&watch->report, watch->run);
        run_listen(watch->run, &watch->report.sink);
    }
}

/* Closes what was opened in vain. */
static void give_up(struct watch *watch)
{
    struct nt_why why;
    if (watch->has_capture)
        capture_close(&watch->capture, &why);
    if (watch->has_csv)
        csv_close(&watch->csv, &why);
    if (watch->has_report)
        outlet_release(&watch->report_file, &why);
    if (watch->has_junit)
        outlet_release(&watch->junit_file, &why);
    if (watch->filter)
        query_free(watch->filter);
    if (watch->csv_filter)
        query_free(watch->csv_filter);
}

bool watch_open(struct watch *watch, const struct watch_wishes *wishes, struct run *run, struct front *front,
                struct error_list *errors)
{
    size_t before = errors->errors;
    *watch = (struct watch){.wishes = *wishes, .run = run};
    bool is_right = compile_filter(watch, "--trace", wishes->has_trace ? wishes->trace_query : NULL,
                                   &watch->filter, errors);
    is_right &= compile_filter(watch, "--csv-of", wishes->csv_query, &watch->csv_filter, errors);
    if (is_right)
        open_files(watch, errors);
    if (errors->errors == before) {
        listen(watch, front);
        return true;
    }
    give_up(watch);
    return false;
}

bool watch_has_failed(const struct watch *watch)
{
    return (watch->has_capture && watch->capture.out.failure) || (watch->has_csv && watch->csv.has_failed);
}

static bool say(struct front *front, bool is_well, const struct nt_why *why)
{
    if (!is_well)
        front_say(front, "%s", why->text);
    return is_well;
}

bool watch_close(struct watch *watch, const struct verdicts *verdicts, const char *failure,
                 struct front *front)
{
    struct nt_why why;
    bool is_well = true;
    if (watch->wishes.has_console)
        console_release(&watch->console);
    if (watch->wishes.has_trace)
        trace_release(&watch->trace);
    if (watch->wishes.has_why)
        why_release(&watch->why);
    if (watch->filter)
        query_free(watch->filter);
    if (watch->has_capture)
        is_well &= say(front, capture_close(&watch->capture, &why), &why);
    if (watch->has_csv)
        is_well &= say(front, csv_close(&watch->csv, &why), &why);
    if (watch->has_busy)
        is_well &= say(front, busy_close(&watch->busy, &why), &why);
    if (watch->csv_filter)
        query_free(watch->csv_filter);
    if (watch->has_report) {
        report_write(&watch->report, verdicts, failure, &watch->report_file);
        report_release(&watch->report);
        is_well &= say(front, outlet_release(&watch->report_file, &why), &why);
    }
    if (watch->has_junit) {
        junit_write(watch->run, verdicts, failure, &watch->junit_file);
        is_well &= say(front, outlet_release(&watch->junit_file, &why), &why);
    }
    return is_well;
}

/* SPDX-License-Identifier: MIT
 * netarium plugin check: what is wrong with a plug-in that a compiler does not see.
 *
 * The plug-in is loaded and run in a process of its own, so that whatever it does, this one can tell what was
 * under way. The two share the report. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/plugin_parts.h"
#include "cli/plugin_trial.h"
#include "sim/guard.h"
#include "sim/plugin.h"

#define SECONDS_MOST 30 /* of work, before it is deemed not to end */

/* ---- In the process that may crash ---- */

static void be_limited(void)
{
    struct rlimit limit = {SECONDS_MOST, SECONDS_MOST}, core = {0, 0};
    int nowhere = open("/dev/null", O_WRONLY);
    setrlimit(RLIMIT_CPU, &limit);
    setrlimit(RLIMIT_CORE, &core);
    if (nowhere >= 0) { /* what it prints is not what was asked for */
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
    }
}

static void try_plugin(struct front *front, struct plugin_report *report, const char *file,
                       const char *scenario)
{
    struct nt_why why;
    const struct nt_plugin *plugin = NULL;
    be_limited();
    plugin_report_begin(report, PLUGIN_LOADS);
    front->registry.guard = front->guard;
    if (!plugin_load(&front->registry, file, &plugin, &why)) {
        plugin_report_add(report, PLUGIN_IS_FAULT, "%s", why.text);
        report->is_complete = true;
        return;
    }
    guard_watch_signals(front->guard, front->on_crash);
    snprintf(report->name, sizeof report->name, "%s", plugin->name);
    snprintf(report->summary, sizeof report->summary, "%s", plugin->summary ? plugin->summary : "");
    plugin_report_end(report, "made for this machine and for version %u of the contract",
                      (unsigned)plugin->version);
    plugin_trial_run(report, &front->registry, plugin, file, scenario);
}

/* ---- In the one that tells ---- */

static void note_end(struct plugin_report *report, int status)
{
    if (report->is_complete)
        return;
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (number == SIGXCPU || number == SIGKILL)
        plugin_report_add(report, PLUGIN_IS_FAULT,
                          "it was stopped after %d seconds of work: something does not come to an end",
                          SECONDS_MOST);
    else
        plugin_report_add(report, PLUGIN_IS_FAULT, "it crashed here%s%s%s", number ? " (" : "",
                          number ? strsignal(number) : "", number ? ")" : "");
}

enum front_status plugin_check(struct front *front, const struct options *options)
{
    const struct option_value *scenario = &options->values[PLUGIN_SCENARIO];
    const char *file = options->words[1];
    struct plugin_report *report =
        mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = 0;
    if (report == MAP_FAILED) {
        front_say(front, "there is no memory to check a plug-in");
        return FRONT_SIMULATOR;
    }
    outlet_flush(&front->out);
    pid_t child = fork();
    if (child == 0) {
        try_plugin(front, report, file, scenario->is_given ? scenario->value.text : NULL);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        front_say(front, "a plug-in is checked in a process of its own, and none could be started");
        return FRONT_SIMULATOR;
    }
    note_end(report, status);
    if (options->values[PLUGIN_JSON].is_given)
        plugin_report_write(report, file, &front->out);
    else
        plugin_report_print(report, file, &front->out);
    enum front_status result = report->faults ? FRONT_FAILS : FRONT_HOLDS;
    munmap(report, sizeof *report);
    return result;
}

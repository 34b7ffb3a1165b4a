/* SPDX-License-Identifier: MIT
 * See plugin_report.h. */
#include "cli/plugin_report.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/json_write.h"

#define INDENT 23

static const char *const check_names[PLUGIN_CHECKS] = {
    [PLUGIN_LOADS] = "loads",          [PLUGIN_NAMES] = "names",         [PLUGIN_PARAMETERS] = "parameters",
    [PLUGIN_TABLES] = "tables",        [PLUGIN_RECORDS] = "records",     [PLUGIN_CALLS] = "calls",
    [PLUGIN_PHASES] = "phases",        [PLUGIN_LIFE] = "life",           [PLUGIN_FRAMES] = "frames",
    [PLUGIN_MEMORY] = "memory",        [PLUGIN_VARIABLES] = "variables", [PLUGIN_SAME_RUN] = "same run",
    [PLUGIN_GOING_BACK] = "going back"};

static const char *const verdict_names[] = {[PLUGIN_IS_OK] = "ok",
                                            [PLUGIN_IS_FAULT] = "fault",
                                            [PLUGIN_IS_ODD] = "odd",
                                            [PLUGIN_IS_UNTRIED] = "untried"};

/* ---- Finding ---- */

static void add(struct plugin_report *report, enum plugin_verdict verdict, const char *format, va_list list)
{
    report->faults += verdict == PLUGIN_IS_FAULT;
    report->untried += verdict == PLUGIN_IS_UNTRIED;
    if (report->count == PLUGIN_FINDINGS)
        return;
    struct plugin_finding *finding = &report->findings[report->count];
    finding->check = report->current;
    finding->verdict = verdict;
    vsnprintf(finding->sentence, sizeof finding->sentence, format, list);
    report->count++;
}

void plugin_report_begin(struct plugin_report *report, enum plugin_check check)
{
    report->current = check;
    report->is_whole = true;
}

void plugin_report_add(struct plugin_report *report, enum plugin_verdict verdict, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    add(report, verdict, format, list);
    va_end(list);
    report->is_whole = false;
}

void plugin_report_end(struct plugin_report *report, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (report->is_whole)
        add(report, PLUGIN_IS_OK, format, list);
    va_end(list);
    report->is_whole = false; /* once is enough */
}

/* ---- Showing ---- */

void plugin_report_print(const struct plugin_report *report, const char *file, struct outlet *out)
{
    static const enum outlet_style styles[] = {OUTLET_GOOD, OUTLET_BAD, OUTLET_STRONG, OUTLET_FAINT};
    outlet_print(out, "%s", file);
    if (report->name[0])
        outlet_print(out, ": the plug-in \"%s\"%s%s", report->name, report->summary[0] ? ", " : "",
                     report->summary);
    outlet_text(out, "\n");
    for (uint32_t i = 0; i < report->count; i++) {
        const struct plugin_finding *finding = &report->findings[i];
        outlet_style(out, styles[finding->verdict]);
        outlet_print(out, "  %-8s",
                     finding->verdict == PLUGIN_IS_FAULT ? "FAULT" : verdict_names[finding->verdict]);
        outlet_style(out, OUTLET_NORMAL);
        outlet_print(out, "%-13s", check_names[finding->check]);
        outlet_wrap(out, finding->sentence, INDENT, 0);
    }
    if (report->faults)
        outlet_print(out, "%u fault%s", (unsigned)report->faults, report->faults == 1 ? "" : "s");
    else
        outlet_text(out, "no fault was found");
    if (report->untried)
        outlet_print(out, "; %u thing%s could not be tried", (unsigned)report->untried,
                     report->untried == 1 ? "" : "s");
    outlet_text(out, "\n");
}

void plugin_report_write(const struct plugin_report *report, const char *file, struct outlet *out)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    struct json_writer json;
    assert(memory);
    json_write_init(&json, memory);
    json_write_object(&json);
    json_write_member_text(&json, "format", "netarium-plugin-check");
    json_write_member_integer(&json, "version", 1);
    json_write_member_text(&json, "file", file);
    json_write_member_text(&json, "plugin", report->name);
    json_write_member_integer(&json, "faults", report->faults);
    json_write_name(&json, "findings");
    json_write_list(&json);
    for (uint32_t i = 0; i < report->count; i++) {
        json_write_object(&json);
        json_write_member_text(&json, "check", check_names[report->findings[i].check]);
        json_write_member_text(&json, "verdict", verdict_names[report->findings[i].verdict]);
        json_write_member_text(&json, "sentence", report->findings[i].sentence);
        json_write_end(&json);
    }
    json_write_end(&json);
    json_write_end(&json);
    fclose(memory);
    outlet_write(out, text, length);
    free(text);
}

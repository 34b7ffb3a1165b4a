/* SPDX-License-Identifier: MIT
 * What netarium plugin check has found so far.
 *
 * It lies in memory that two processes share: the one that runs the plug-in writes it, the one that outlives
 * every crash reads it. So it has no pointers. */
#ifndef NETARIUM_CLI_PLUGIN_REPORT_H
#define NETARIUM_CLI_PLUGIN_REPORT_H

#include "cli/front.h"

#define PLUGIN_FINDINGS 60

/* In the order in which they are made; see the names in plugin_report.c. */
enum plugin_check {
    PLUGIN_LOADS,
    PLUGIN_NAMES,
    PLUGIN_PARAMETERS,
    PLUGIN_TABLES,
    PLUGIN_RECORDS,
    PLUGIN_CALLS,
    PLUGIN_PHASES,
    PLUGIN_LIFE,
    PLUGIN_FRAMES,
    PLUGIN_MEMORY,
    PLUGIN_VARIABLES,
    PLUGIN_SAME_RUN,
    PLUGIN_GOING_BACK,
    PLUGIN_CHECKS
};

enum plugin_verdict { PLUGIN_IS_OK, PLUGIN_IS_FAULT, PLUGIN_IS_ODD, PLUGIN_IS_UNTRIED };

struct plugin_finding {
    enum plugin_check check;
    enum plugin_verdict verdict;
    char sentence[400];
};

struct plugin_report {
    struct plugin_finding findings[PLUGIN_FINDINGS];
    uint32_t count;            /* of them; more are not kept */
    uint32_t faults, untried;  /* also those that were not kept */
    enum plugin_check current; /* the one under way */
    bool is_whole;             /* the one under way found nothing to say yet */
    bool is_complete;          /* all were made */
    char name[64], summary[160];
};

/* A check begins. What it finds stands on lines of its own; if it finds nothing, plugin_report_end says what
 * is in order. */
void plugin_report_begin(struct plugin_report *report, enum plugin_check check);
void plugin_report_add(struct plugin_report *report, enum plugin_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void plugin_report_end(struct plugin_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For people, and as JSON in the shape of docs/plugins.md. `file` is the plug-in as it was named. */
void plugin_report_print(const struct plugin_report *report, const char *file, struct outlet *out);
void plugin_report_write(const struct plugin_report *report, const char *file, struct outlet *out);

#endif

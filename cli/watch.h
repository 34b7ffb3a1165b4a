/* SPDX-License-Identifier: MIT
 * Everything that watches one run because the command line asked for it.
 *
 * All files are created here, before time zero, so that a missing permission is known before anything runs;
 * and nothing listens that was not asked for, because a run that nobody watches is much faster. */
#ifndef NETARIUM_CLI_WATCH_H
#define NETARIUM_CLI_WATCH_H

#include "cli/front.h"
#include "sim/query.h"
#include "views/busy.h"
#include "views/capture.h"
#include "views/console.h"
#include "views/csv.h"
#include "views/report.h"
#include "views/trace.h"
#include "views/verdict.h"
#include "views/why.h"

/* What is wanted; NULL: not. */
struct watch_wishes {
    bool has_trace, has_why; /* views on standard output */
    bool has_console;        /* what commands print */
    const char *trace_query; /* NULL: the default */
    const char *capture_dir; /* --pcap */
    const char *csv_dir;     /* --csv */
    const char *csv_query;   /* --csv-of; NULL: all gauges */
    const char *report_file; /* --report */
    const char *junit_file;  /* --junit */
};

struct watch {
    struct watch_wishes wishes; /* which of the views below there are */
    struct run *run;            /* borrowed */
    struct query *filter;       /* of the trace, owned */
    struct query *csv_filter;   /* of the tables, owned */
    struct trace trace;         /* --trace */
    struct why why;             /* --why */
    struct console console;     /* unless --quiet */
    struct capture capture;     /* --pcap */
    struct csv csv;             /* --csv */
    struct busy busy;           /* likewise, if all gauges are wanted */
    struct report report;       /* --report */
    struct outlet report_file;  /* created, and written at the end */
    struct outlet junit_file;   /* likewise */
    bool has_capture, has_csv;  /* which files are open */
    bool has_busy;              /* likewise */
    bool has_report, has_junit; /* likewise */
};

/* Opens all that is wished for and listens. False: `errors` says what cannot be; nothing is left open. */
bool watch_open(struct watch *watch, const struct watch_wishes *wishes, struct run *run, struct front *front,
                struct error_list *errors);

/* Something that is being written cannot be written: no use in going on. */
bool watch_has_failed(const struct watch *watch);

/* Writes what is left and closes; `failure`: why the run itself failed, or NULL. False: some file is not
 * whole, which was said. */
bool watch_close(struct watch *watch, const struct verdicts *verdicts, const char *failure,
                 struct front *front);

#endif

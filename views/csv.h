/* SPDX-License-Identifier: MIT
 * Gauges as tables for spreadsheets and plotting: one CSV file for each gauge and place.
 *
 *     out/queue.length@bottleneck-end0.csv        time_s,length,bytes
 *                                                 0.100000000000,1,1518
 *
 * A gauge is a record that carries a level. A row says from when on its values hold: the time in seconds, to
 * the picosecond, and every field of the record as a plain number in its smallest unit (bytes, bits per
 * second, picoseconds, parts per million); words and texts stand as they are. */
#ifndef NETARIUM_VIEWS_CSV_H
#define NETARIUM_VIEWS_CSV_H

#include "sim/query.h"
#include "sim/run.h"
#include "views/outlet.h"

struct csv {
    struct run_sink sink;      /* first: the run calls it */
    const struct run *run;     /* borrowed */
    struct query *filter;      /* borrowed: which records are written; NULL: all gauges */
    char *dir;                 /* owned: where the files are */
    struct csv_series *series; /* owned: a hash table by kind and place; its size is a power of two */
    size_t capacity;           /* places in the table */
    size_t count;              /* series in it */
    bool has_failed;           /* a file could not be written */
    struct nt_why why;         /* the first reason */
};

/* Creates DIR (one level). `filter` (see query_compile_filter; borrowed until csv_close): which records are
 * written, be they gauges or not; NULL: all gauges. False: `ret_why` is one sentence. */
bool csv_open(struct csv *csv, const struct run *run, struct query *filter, const char *dir,
              struct nt_why *ret_why);

/* Writes what is left. False: some file is not whole, `ret_why` is one sentence. */
bool csv_close(struct csv *csv, struct nt_why *ret_why);

#endif

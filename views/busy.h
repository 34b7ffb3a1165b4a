/* SPDX-License-Identifier: MIT
 * How busy each direction of each cable is, as tables: utilisation@CABLE-PORT.csv.
 *
 *     time_s,utilisation_ppm          at the end of each of some two hundred equal parts of the run: for how
 *     0.100000000000,981230           many millionths of that part bits left the transmitter
 *
 * Simplified: a cable that several share has no table here; segment.carrier tells of each place when it is
 * busy. */
#ifndef NETARIUM_VIEWS_BUSY_H
#define NETARIUM_VIEWS_BUSY_H

#include "sim/run.h"
#include "views/outlet.h"

struct busy {
    struct run_sink sink;  /* first: the run calls it */
    const struct run *run; /* borrowed */
    char *dir;             /* owned: where the files are; it is there */
    nt_time part;          /* how long each is */
    uint32_t part_count;
    nt_time **parts;     /* by the medium's port: busy in each part; NULL: never. Owned */
    uint32_t port_count; /* of the network */
    int air_time;        /* field of frame.tx */
};

void busy_init(struct busy *busy, const struct run *run, const char *dir);

/* Writes the tables. False: some file is not whole, `ret_why` is one sentence. */
bool busy_close(struct busy *busy, struct nt_why *ret_why);

#endif

/* SPDX-License-Identifier: MIT
 * Quantities with units, as people write them: "10 Mbps", "1.5 s", "500 m", "64 packets", "2 %".
 *
 * Numbers are exact: decimal digits are read as integers, never as floating point. What cannot be represented
 * is rounded half away from zero. */
#ifndef NETARIUM_BASE_UNITS_H
#define NETARIUM_BASE_UNITS_H

#include "sim/base/text.h"

enum units_class {
    UNITS_TIME,    /* picoseconds: ps ns us ms s min h */
    UNITS_RATE,    /* bits per second: bps kbps Mbps Gbps Tbps, bit/s kbit/s ... */
    UNITS_LENGTH,  /* millimetres: mm cm m km */
    UNITS_BYTES,   /* bytes: B kB MB GB, KiB MiB GiB */
    UNITS_COUNT,   /* a plain number, or packets, frames */
    UNITS_PERCENT, /* parts per million: % */
    UNITS_CLASSES
};

/* Reads all of `text` as a quantity of this class; blanks around and between are allowed. `bare` is the unit
 * that a bare number has ("" : bare numbers are not allowed; a count never needs a unit). False: `why` gets
 * one sentence, without a final full stop, that says what was expected and found. */
bool units_read(enum units_class wanted, const char *text, const char *bare, int64_t *ret_value,
                struct text *why);

/* Reads a number with any unit and says which class it is (a bare number is a count). For the query language.
 * `ret_used` is how many bytes belong to it. */
bool units_read_any(const char *text, enum units_class *ret_class, int64_t *ret_value, size_t *ret_used,
                    struct text *why);

/* Writes `value` in the largest unit that shows it exactly: "1.5 s", "10 Mbps", "500 m", "64", "2 %". */
void units_show(enum units_class which, int64_t value, struct text *text);

/* Writes a time in seconds with so many decimals (0 to 12), cut, not rounded: 1.000121. */
void units_show_seconds(int64_t picoseconds, int decimals, struct text *text);

#endif

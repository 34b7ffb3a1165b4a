/* SPDX-License-Identifier: MIT
 * Lines that a person types, or a file holds.
 *
 * With a terminal and the library libedit: editing, history, completion by the Tab key. Else plain reading;
 * one of the two files lines_edit.c and lines_plain.c is built (Meson option `editline`), and lines_kind says
 * which. */
#ifndef NETARIUM_CLI_LINES_H
#define NETARIUM_CLI_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define LINES_OFFERS 400 /* words offered at once, at most */

/* Words that could stand where the last word of `line` stands; each a constant of whoever offers. Returns how
 * many. */
typedef size_t lines_offer(void *context, const char *line, const char *ret_words[LINES_OFFERS]);

struct lines;

/* `offer` may be NULL: nothing is completed. NULL: the terminal cannot be used. */
struct lines *lines_open(lines_offer *offer, void *context);
void lines_close(struct lines *lines);

/* The next line, without its end, borrowed until the next call. NULL: there are no more, or
 * `*ret_was_interrupted`: a signal came while it was typed. */
const char *lines_read(struct lines *lines, const char *prompt, bool *ret_was_interrupted);

/* One sentence on how lines are read, for `netarium version`. */
extern const char lines_kind[];

#endif

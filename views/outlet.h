/* SPDX-License-Identifier: MIT
 * Where a view's words go: a file, a terminal, or memory.
 *
 * A view never opens and never prints; it writes into an outlet that a front has opened for it before time
 * zero, so that a folder without permission is known before anything runs. An outlet collects bytes and hands
 * them on in whole pieces (a line, a block of a capture), so that a file is readable however the run ends.
 * The first failure (a full disk, a reader that left) is kept and everything after it is swallowed: the front
 * asks once, at the end of a slice. */
#ifndef NETARIUM_VIEWS_OUTLET_H
#define NETARIUM_VIEWS_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/netarium.h"

struct outlet {
    int fd;           /* where it goes; -1: stays in memory */
    char *name;       /* for sentences: a path or "standard output"; owned */
    char *bytes;      /* not yet handed on; in memory: everything; always terminated; owned */
    size_t length;    /* of them */
    size_t capacity;  /* bytes of storage */
    uint64_t written; /* bytes that the file has: what is cut back to when a piece does not fit on the disk */
    int failure;      /* the first errno; 0: all is well */
    bool is_owned;    /* the descriptor is closed with it */
    bool is_eager;    /* hand on every piece at once: somebody is watching */
    bool is_shown;    /* people read it: control characters (a scenario's texts may have some) become '?' */
    bool has_colour;  /* outlet_style works; else it does nothing */
};

/* Creates or empties `path`. False: `ret_why` is one sentence. */
bool outlet_create(struct outlet *outlet, const char *path, struct nt_why *ret_why);

/* Creates the folder `dir` if it is missing (one level), and checks that files can be created in it. */
bool outlet_make_dir(const char *dir, struct nt_why *ret_why);

/* Creates or empties the file `name` in `dir`; never outside of it: `name` is sanitised and a symbolic link
 * with that name is refused. */
bool outlet_create_in(struct outlet *outlet, const char *dir, const char *name, struct nt_why *ret_why);

/* Opens the file `name` in `dir`, made by outlet_create_in, to add to its end. */
bool outlet_append_in(struct outlet *outlet, const char *dir, const char *name, struct nt_why *ret_why);

/* Writes for people to a descriptor that is already open and stays open. */
void outlet_attach(struct outlet *outlet, int fd, const char *name, bool is_eager);

/* Keeps everything in `bytes`. */
void outlet_init_memory(struct outlet *outlet);

void outlet_write(struct outlet *outlet, const void *bytes, size_t count);
void outlet_text(struct outlet *outlet, const char *text);
void outlet_print(struct outlet *outlet, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What follows is shown in this way, if the outlet has colours. Never the only sign of anything. */
enum outlet_style { OUTLET_NORMAL, OUTLET_STRONG, OUTLET_GOOD, OUTLET_BAD, OUTLET_FAINT };
void outlet_style(struct outlet *outlet, enum outlet_style style);

/* Text that is broken at blanks, so that with `indent` columns before each line (the caller has written the
 * first ones) no line is longer than `width`; 0: not broken. Ends the line. */
void outlet_wrap(struct outlet *outlet, const char *text, size_t indent, size_t width);

/* A whole piece ends here: what there is may be handed on. */
void outlet_end_piece(struct outlet *outlet);

/* Hands on everything. False: it failed, now or earlier. */
bool outlet_flush(struct outlet *outlet);

/* One sentence on why it failed. */
void outlet_explain(const struct outlet *outlet, struct nt_why *ret_why);

/* Flushes (nothing is lost silently: look at `failure` before or use the return value), closes and frees. */
bool outlet_release(struct outlet *outlet, struct nt_why *ret_why);

/* `name` as it may stand in a folder: letters, digits, dot, dash, underscore and at-sign; the rest becomes a
 * dash, a leading dot too. Never empty. Returns `ret_name`. */
char *outlet_sanitise(const char *name, char *ret_name, size_t size);

#endif

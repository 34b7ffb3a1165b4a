/* SPDX-License-Identifier: MIT
 * Lines read plainly: without the library libedit there is no history and no completion. */
#include "cli/lines.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char lines_kind[] = "plain lines, without history and completion (built without libedit)";

struct lines {
    char *line; /* owned */
    size_t size;
};

struct lines *lines_open(lines_offer *offer, void *context)
{
    (void)offer;
    (void)context;
    struct lines *lines = calloc(1, sizeof *lines);
    assert(lines);
    return lines;
}

void lines_close(struct lines *lines)
{
    if (lines)
        free(lines->line);
    free(lines);
}

const char *lines_read(struct lines *lines, const char *prompt, bool *ret_was_interrupted)
{
    fputs(prompt, stdout);
    fflush(stdout);
    ssize_t length = getline(&lines->line, &lines->size, stdin);
    *ret_was_interrupted = length < 0 && errno == EINTR;
    clearerr(stdin);
    if (length < 0)
        return NULL;
    lines->line[strcspn(lines->line, "\n")] = '\0';
    return lines->line;
}

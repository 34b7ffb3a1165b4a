/* SPDX-License-Identifier: MIT
 * Lines edited with libedit: history with the arrow keys, completion with Tab. The only file that knows the
 * library. */
#include "cli/lines.h"

#include <assert.h>
#include <errno.h>
#include <histedit.h>
#include <stdlib.h>
#include <string.h>

#define HISTORY_LINES 1000
#define LINE_BYTES 4096

const char lines_kind[] = "lines edited with libedit";

struct lines {
    EditLine *editor;
    char *past[HISTORY_LINES]; /* owned; line n stands at n modulo the size */
    int count;                 /* lines that were ever typed */
    int at;                    /* where the library is looking */
    lines_offer *offer;
    void *context;
    const char *prompt; /* borrowed, during a read */
    char line[LINE_BYTES];
};

static struct lines *lines_of(EditLine *editor)
{
    void *lines = NULL;
    el_get(editor, EL_CLIENTDATA, &lines);
    return lines;
}

/* What the library asks of a history: H_FIRST is the newest line, H_NEXT an older one. */
static int remember(void *context, HistEvent *event, int what, ...)
{
    struct lines *lines = context;
    int at = lines->at;
    switch (what) {
    case H_FIRST:
        at = lines->count - 1;
        break;
    case H_LAST:
        at = lines->count > HISTORY_LINES ? lines->count - HISTORY_LINES : 0;
        break;
    case H_NEXT:
        at--;
        break;
    case H_PREV:
        at++;
        break;
    default:
        break;
    }
    if (at < 0 || at >= lines->count || at < lines->count - HISTORY_LINES)
        return -1;
    lines->at = at;
    event->num = at + 1;
    event->str = lines->past[at % HISTORY_LINES];
    return 0;
}

static void keep(struct lines *lines, const char *line)
{
    const char *last = lines->count ? lines->past[(lines->count - 1) % HISTORY_LINES] : NULL;
    if (!line[0] || (last && strcmp(last, line) == 0))
        return;
    char **place = &lines->past[lines->count++ % HISTORY_LINES];
    free(*place);
    *place = strdup(line);
    assert(*place);
}

static char *show_prompt(EditLine *editor)
{
    return (char *)lines_of(editor)->prompt;
}

/* How many bytes all of the words have in agreed. */
static size_t agreed_length(const char *const *words, size_t count)
{
    size_t length = strlen(words[0]);
    for (size_t i = 1; i < count; i++) {
        size_t same = 0;
        while (same < length && words[i][same] == words[0][same])
            same++;
        length = same;
    }
    return length;
}

static void show_all(const char *const *words, size_t count)
{
    fputc('\n', stdout);
    for (size_t i = 0; i < count; i++)
        printf("%s%s", i ? "  " : "", words[i]);
    fputc('\n', stdout);
    fflush(stdout);
}

/* Tab. One word fits: it is put in, with a blank; several: as far as they agree, then all are shown. */
static unsigned char complete(EditLine *editor, int key)
{
    (void)key;
    struct lines *lines = lines_of(editor);
    const LineInfo *info = el_line(editor);
    const char *words[LINES_OFFERS];
    size_t length = (size_t)(info->cursor - info->buffer), typed = 0;
    if (!lines->offer || length >= LINE_BYTES)
        return CC_ERROR;
    memcpy(lines->line, info->buffer, length);
    lines->line[length] = '\0';
    while (typed < length && info->buffer[length - 1 - typed] != ' ')
        typed++;
    size_t count = lines->offer(lines->context, lines->line, words);
    if (!count)
        return CC_ERROR;
    size_t agreed = agreed_length(words, count);
    char rest[LINE_BYTES];
    if (agreed > typed || count == 1) {
        size_t more = agreed > typed ? agreed - typed : 0;
        memcpy(rest, words[0] + typed, more);
        strcpy(rest + more, count == 1 ? " " : "");
        return el_insertstr(editor, rest) == 0 ? CC_REFRESH : CC_ERROR;
    }
    show_all(words, count);
    return CC_REDISPLAY;
}

struct lines *lines_open(lines_offer *offer, void *context)
{
    struct lines *lines = calloc(1, sizeof *lines);
    assert(lines);
    lines->offer = offer;
    lines->context = context;
    lines->prompt = "";
    lines->editor = el_init("netarium", stdin, stdout, stderr);
    if (!lines->editor) {
        lines_close(lines);
        return NULL;
    }
    el_set(lines->editor, EL_CLIENTDATA, lines);
    el_set(lines->editor, EL_PROMPT, show_prompt);
    el_set(lines->editor, EL_EDITOR, "emacs");
    el_set(lines->editor, EL_HIST, remember, lines);
    el_set(lines->editor, EL_ADDFN, "netarium-complete", "Completes a word", complete);
    el_set(lines->editor, EL_BIND, "^I", "netarium-complete", NULL);
    el_set(lines->editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_source(lines->editor, NULL); /* the person's own ~/.editrc */
    return lines;
}

void lines_close(struct lines *lines)
{
    if (!lines)
        return;
    if (lines->editor)
        el_end(lines->editor);
    for (int i = 0; i < HISTORY_LINES; i++)
        free(lines->past[i]);
    free(lines);
}

const char *lines_read(struct lines *lines, const char *prompt, bool *ret_was_interrupted)
{
    int length = 0;
    lines->prompt = prompt;
    errno = 0;
    const char *line = el_gets(lines->editor, &length);
    *ret_was_interrupted = !line && errno == EINTR;
    if (!line || length >= LINE_BYTES)
        return line ? "" : NULL;
    memcpy(lines->line, line, (size_t)length);
    lines->line[length] = '\0';
    lines->line[strcspn(lines->line, "\n")] = '\0';
    keep(lines, lines->line);
    return lines->line;
}

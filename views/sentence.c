/* SPDX-License-Identifier: MIT
 * One record as one sentence. */
#include "views/sentence.h"

#include <inttypes.h>
#include <string.h>

#include "protocols/dissect/dissect.h"
#include "sim/inspect.h"

#define SENTENCE_NAME_BYTES 40    /* longest name in braces that is looked up */
#define SENTENCE_VALUE_BYTES 1024 /* longest value shown */

/* Adds what stands for {name}; false: nothing of that name. */
static bool add_named(struct text *text, const struct run *run, const struct nt_record *record,
                      const char *name)
{
    const struct nt_kind *kind = run_kind_at(run, record->kind);
    char shown[SENTENCE_VALUE_BYTES];
    int field = inspect_field(kind, name);
    if (field >= 0) {
        inspect_show_value(run, &kind->fields[field], record->values[field], shown, sizeof shown);
        text_add(text, "%s", shown);
    } else if (strcmp(name, "node") == 0 && record->node)
        text_add(text, "%s", run_node(run, record->node)->name);
    else if (strcmp(name, "port") == 0 && record->port)
        text_add(text, "%s", run_port(run, record->port)->name);
    else if (strcmp(name, "frame") == 0)
        text_add(text, "%" PRIu64, record->frame);
    else
        return false;
    return true;
}

/* The name in the braces that `template` begins with; false: there are none. `ret_length`: braces and all. */
static bool read_braces(const char *template, char ret_name[SENTENCE_NAME_BYTES], size_t *ret_length)
{
    const char *end = *template == '{' ? strchr(template, '}') : NULL;
    size_t length = end ? (size_t)(end - template - 1) : 0;
    if (!end || length >= SENTENCE_NAME_BYTES)
        return false;
    memcpy(ret_name, template + 1, length);
    ret_name[length] = '\0';
    *ret_length = length + 2;
    return true;
}

void sentence_add(struct text *text, const struct run *run, const struct nt_record *record)
{
    const struct nt_kind *kind = run_kind_at(run, record->kind);
    const char *at = kind->sentence ? kind->sentence : kind->name;
    char name[SENTENCE_NAME_BYTES];
    size_t length;
    while (*at) {
        if (read_braces(at, name, &length) && add_named(text, run, record, name))
            at += length;
        else
            text_add_char(text, *at++);
    }
}

void sentence_add_clause(struct text *text, const struct nt_kind *kind, const char *open, const char *close)
{
    if (kind->clause)
        text_add(text, "%s%s%s", open, kind->clause, close);
}

void sentence_add_time(struct text *text, nt_time at)
{
    int64_t ns = at % NT_SECOND / NT_NANOSECOND;
    text_add(text, "%" PRId64 ".%03d %03d %03d", at / NT_SECOND, (int)(ns / 1000000), (int)(ns / 1000 % 1000),
             (int)(ns % 1000));
}

void sentence_add_place(struct text *text, const struct run *run, const struct nt_record *record)
{
    text_add(text, "%s", record->node ? run_node(run, record->node)->name : "network");
    if (record->port)
        text_add(text, ":%s", run_port(run, record->port)->name);
}

void sentence_add_frame(struct text *text, const struct nt_frame *frame, struct dissect_flows *flows)
{
    struct dissect_options options = {.has_fcs = frame->flags & NT_FRAME_SEALED, .flows = flows};
    run_frame_finish(frame);
    dissect_line(text, frame->bytes, frame->length_bytes, &options);
}

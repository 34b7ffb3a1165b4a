/* SPDX-License-Identifier: MIT
 * See brief.h. */
#include "cli/brief.h"

#include <inttypes.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/base/units.h"

#define BRIEF_BYTES 2000
#define BRIEF_PART 300 /* bytes of an expectation or a sentence that are shown */

static void add_part(struct text *line, const char *part)
{
    char shown[BRIEF_PART];
    struct text text = text_in(shown, sizeof shown);
    text_add_name(&text, part);
    text_add(line, "%s", shown);
}

static void write_line(struct outlet *out, const char *file, const char *verdict, const char *reason)
{
    front_write_name(out, file);
    outlet_print(out, ": %s: %s\n", verdict, reason);
    outlet_end_piece(out);
}

static void add_failed(struct text *line, const struct verdicts *verdicts)
{
    size_t failed = 0;
    const struct verdict *first = NULL;
    for (size_t i = 0; i < verdicts->count; i++) {
        first = first || verdicts->all[i].holds ? first : &verdicts->all[i];
        failed += !verdicts->all[i].holds;
    }
    if (!first)
        return;
    text_add(line, "%zu of %zu expectation%s; ", failed, verdicts->count, verdicts->count == 1 ? "" : "s");
    add_part(line, first->text);
    if (!first->found[0])
        return;
    text_add(line, ", found: ");
    add_part(line, first->found);
}

void brief_write_end(struct outlet *out, const char *file, enum front_status status, const struct summary *summary,
                     const char *failure)
{
    static const char *const words[] = {
        [FRONT_HOLDS] = "OK", [FRONT_FAILS] = "FAILED", [FRONT_INPUT] = "WRONG", [FRONT_SIMULATOR] = "STOPPED"};
    char storage[BRIEF_BYTES];
    struct text line = text_in(storage, sizeof storage);
    size_t count = summary->verdicts.count;
    if (status == FRONT_HOLDS) {
        text_add(&line, count ? "%zu of %zu expectation%s" : "nothing was expected", count, count, count == 1 ? "" : "s");
        text_add(&line, ", digest %016" PRIx64, run_digest(summary->run));
    } else if (status == FRONT_FAILS)
        add_failed(&line, &summary->verdicts);
    else if (status == FRONT_SIMULATOR)
        add_part(&line, failure[0] ? failure : "what was asked for could not be written");
    else {
        text_add(&line, "at ");
        units_show_seconds(run_now(summary->run), 9, &line);
        text_add(&line, " s");
    }
    write_line(out, file, status == FRONT_INTERRUPTED ? "INTERRUPTED" : words[status], storage);
}

void brief_write_mistakes(struct outlet *out, const char *file, struct error_list *errors)
{
    char storage[BRIEF_BYTES];
    struct text line = text_in(storage, sizeof storage);
    error_list_sort(errors);
    for (size_t i = 0; i < errors->count; i++) {
        const struct error_entry *entry = &errors->entries[i];
        if (entry->is_warning)
            continue;
        char sentence[BRIEF_PART];
        struct text text = text_in(sentence, sizeof sentence);
        text_add_bytes(&text, entry->text, strcspn(entry->text, "\n"));
        text_add(&line, "%zu mistake%s; ", errors->errors, errors->errors == 1 ? "" : "s");
        if (entry->line)
            text_add(&line, "%d:%d: ", entry->line, entry->column);
        if (entry->path && entry->path[0]) {
            add_part(&line, entry->path);
            text_add(&line, ": ");
        }
        add_part(&line, sentence);
        break;
    }
    write_line(out, file, "WRONG", storage);
}

/* SPDX-License-Identifier: MIT
 * The stepping terminal's `save`: the scenario's own text, with what was done as further actions.
 *
 * The file is not written anew from what was understood of it: its words, order and blanks stay, and the new
 * lines are put behind the last action, or, without any, before the closing brace. An action of a file comes
 * before all events of its instant; what was done after some of them is therefore written a picosecond later.
 * Whether the new file gives the same run is tried out, and said. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/stepper.h"
#include "sim/base/json_write.h"
#include "sim/base/text.h"
#include "sim/base/units.h"

#define MOST_BYTES ((size_t)64 << 20)

/* ---- The old text ---- */

static char *read_file(const char *file, size_t *ret_length)
{
    FILE *in = fopen(file, "rb");
    char *bytes = in ? malloc(MOST_BYTES + 1) : NULL;
    size_t length = bytes ? fread(bytes, 1, MOST_BYTES, in) : 0;
    if (in)
        fclose(in);
    if (!bytes || !length) {
        free(bytes);
        return NULL;
    }
    bytes[length] = '\0';
    *ret_length = length;
    return bytes;
}

static const char *behind_text(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        at += *at == '\\' && at[1];
    return *at ? at + 1 : at;
}

/* Where the value that begins at `at` ends; the text is known to be JSON. */
static const char *behind_value(const char *at)
{
    int depth = 0;
    for (; *at; at++) {
        if (*at == '"') {
            at = behind_text(at) - 1;
            continue;
        }
        depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
        if (depth < 0 || (depth == 0 && *at == ','))
            return at;
        if (depth == 0 && (*at == '}' || *at == ']'))
            return at + 1;
    }
    return at;
}

/* Where further actions go: before the bracket that ends them, or before the last brace. */
static const char *find_place(const char *text, bool *ret_has_list)
{
    const char *at = strchr(text, '{') + 1;
    *ret_has_list = false;
    for (;;) {
        at += strspn(at, " \t\r\n,");
        if (*at != '"')
            return at;
        bool is_actions = strncmp(at, "\"actions\"", 9) == 0;
        at = behind_text(at);
        at += strspn(at, " \t\r\n:");
        const char *end = behind_value(at);
        if (is_actions) {
            *ret_has_list = true;
            return end - 1;
        }
        at = end;
    }
}

/* ---- The new one ---- */

static void write_action(FILE *out, const struct session *session, size_t index)
{
    struct session_action action = session_action_at(session, index);
    char storage[60], *words = NULL;
    size_t length = 0;
    struct text time = text_in(storage, sizeof storage);
    units_show_seconds(action.at + (action.skip > 0), 12, &time);
    FILE *memory = open_memstream(&words, &length);
    if (!memory)
        return;
    struct json_writer json;
    json_write_init(&json, memory);
    json_write_text(&json, action.words);
    fclose(memory);
    words[strcspn(words, "\n")] = '\0';
    fprintf(out, "    { \"at\": \"%s s\", \"on\": \"%s\", \"run\": %s }", storage,
            run_node(session_run(session), action.node)->name, words);
    free(words);
}

/* Is there anything before `place` in the list or object that it ends? */
static bool has_before(const char *text, const char *place)
{
    while (place > text && strchr(" \t\r\n", place[-1]))
        place--;
    return place > text && place[-1] != '[' && place[-1] != '{';
}

static char *compose(const struct session *session, const char *text, size_t *ret_length)
{
    bool has_list;
    if (!session_action_count(session)) {
        *ret_length = strlen(text);
        return strdup(text);
    }
    const char *place = find_place(text, &has_list);
    const char *end = place;
    char *composed = NULL;
    FILE *out = open_memstream(&composed, ret_length);
    if (!out)
        return NULL;
    while (end > text && strchr(" \t\r\n", end[-1]))
        end--;
    fwrite(text, 1, (size_t)(end - text), out);
    fputs(has_before(text, place) ? ",\n" : "\n", out);
    if (!has_list)
        fputs("  \"actions\": [\n", out);
    for (size_t i = 0; i < session_action_count(session); i++) {
        write_action(out, session, i);
        fputs(i + 1 < session_action_count(session) ? ",\n" : "\n", out);
    }
    fputs(has_list ? "  " : "  ]\n", out);
    fputs(place, out);
    fclose(out);
    return composed;
}

/* ---- Is it the same run? ---- */

static void try_out(struct stepper *stepper, const char *file, const char *text, size_t length)
{
    struct error_list errors;
    error_list_init(&errors);
    struct scenario *scenario = scenario_parse(file, text, length, &stepper->front->registry, NULL, &errors);
    struct session *again = scenario ? session_new(&stepper->front->registry, scenario, NULL, &errors) : NULL;
    struct session_limits limits = stepper_limits(stepper);
    if (!again) {
        stepper_refuse(stepper, "the new file cannot be run: %s", errors.count ? errors.entries[0].text : "");
    } else {
        enum session_stop stop = session_goto(again, session_now(stepper->session), &limits);
        bool is_same = run_digest(session_run(again)) == run_digest(session_run(stepper->session));
        if (stop == SESSION_PAUSED)
            outlet_text(stepper->out, "Interrupted before it was tried out.\n");
        else if (is_same)
            outlet_text(stepper->out, "Its run is the same as this one up to now.\n");
        else
            outlet_text(
                stepper->out,
                "Its run differs from this one: something was done between two events of one instant, or\n"
                "the file was changed on the command line.\n");
    }
    session_free(again);
    scenario_free(scenario);
    error_list_release(&errors);
}

void step_command_save(struct stepper *stepper, char *words)
{
    size_t length = 0, new_length = 0;
    struct outlet file;
    struct nt_why why;
    if (!*words) {
        stepper_refuse(stepper, "expected the name of the new file: save my-own.json");
        return;
    }
    if (strcmp(words, stepper->file) == 0) {
        stepper_refuse(stepper, "%s is the file that is being stepped; choose another name", words);
        return;
    }
    char *text = read_file(stepper->file, &length);
    char *composed = text ? compose(stepper->session, text, &new_length) : NULL;
    if (!composed)
        stepper_refuse(stepper, "%s cannot be read any more", stepper->file);
    else if (!outlet_create(&file, words, &why))
        stepper_refuse(stepper, "%s", why.text);
    else {
        outlet_write(&file, composed, new_length);
        if (outlet_release(&file, &why)) {
            outlet_print(stepper->out, "%s: %s with %zu action%s more.\n", words, stepper->file,
                         session_action_count(stepper->session),
                         session_action_count(stepper->session) == 1 ? "" : "s");
            try_out(stepper, words, composed, new_length);
        } else
            stepper_refuse(stepper, "%s", why.text);
    }
    free(composed);
    free(text);
}

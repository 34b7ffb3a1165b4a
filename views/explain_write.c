/* SPDX-License-Identifier: MIT
 * Why one thing happened, and what came of it: said in sentences, and as JSON. */
#include <inttypes.h>
#include <stdio.h>

#include "sim/base/json_write.h"
#include "sim/inspect.h"
#include "views/explain.h"
#include "views/sentence.h"

#define SENTENCE_BYTES 1200
#define EXPLAIN_VERSION 1
#define STEPS_FIRST 32 /* of a long chain */
#define STEPS_LAST 8

/* ---- One sentence ---- */

static void add_frame(const struct explain *explain, uint64_t frame, struct text *text)
{
    char storage[SENTENCE_BYTES];
    struct text line = text_in(storage, sizeof storage);
    if (explain->add_frame)
        explain->add_frame(explain->context, frame, &line);
    if (line.length)
        text_add(text, " (%s)", storage);
}

void explain_add_sentence(const struct explain *explain, const struct nt_record *record, struct text *text)
{
    const struct run *run = explain->run;
    const struct nt_kind *kind = run_kind_at(run, record->kind);
    const struct nt_record *sending = history_sending(explain->history, record);
    switch (record->kind) {
    case RUN_KIND_FRAME_TX:
        sentence_add_place(text, run, record);
        text_add(text, " sends frame %" PRIu64, record->frame);
        add_frame(explain, record->frame, text);
        break;
    case RUN_KIND_FRAME_RX:
        text_add(text, "frame %" PRIu64 " arrives at ", record->frame);
        sentence_add_place(text, run, record);
        if (sending)
            text_add(text, " from %s", run_node(run, sending->node)->name);
        break;
    case RUN_KIND_APP_START:
        text_add(text, "on %s somebody types: %s", run_node(run, record->node)->name,
                 run_text(run, (uint64_t)record->values[0]));
        break;
    case RUN_KIND_FRAME_DROP:
    case RUN_KIND_FRAME_DISCARD:
        sentence_add(text, run, record);
        add_frame(explain, record->frame, text);
        break;
    default:
        sentence_add(text, run, record);
    }
    while (text->length && text->start[text->length - 1] == '\n') /* what commands print ends its lines */
        text->start[--text->length] = '\0';
    sentence_add_clause(text, kind, " [", "]");
}

/* ---- As text ---- */

static void write_step(const struct explain *explain, const struct explain_step *step, const char *before,
                       struct outlet *out, size_t width)
{
    const struct nt_record *record = history_known_at(explain->history, step->record);
    char storage[SENTENCE_BYTES + 200];
    struct text text = text_in(storage, sizeof storage);
    text_add(&text, "%s#%-5" PRIu64 " ", before, record->number);
    sentence_add_time(&text, record->at);
    text_add(&text, " s  ");
    size_t indent = text.length;
    explain_add_sentence(explain, record, &text);
    if (step->repeats)
        text_add(&text, " (and round again, %" PRIu64 " times)", step->repeats);
    outlet_write(out, storage, indent);
    outlet_wrap(out, storage + indent, indent, width);
}

/* A long chain goes through many round trips: its beginning and its end say what matters. */
static void write_steps(const struct explain *explain, const struct explain_step *steps, size_t from,
                        size_t count, struct outlet *out, size_t width)
{
    bool is_long = count > STEPS_FIRST + STEPS_LAST + 4;
    for (size_t i = from; i < count; i++) {
        if (is_long && i == STEPS_FIRST) {
            i = count - STEPS_LAST;
            outlet_print(out, "  ... %zu steps between\n", i - STEPS_FIRST);
        }
        write_step(explain, &steps[i], "  ", out, width);
    }
}

static void write_title(struct outlet *out, const char *title)
{
    outlet_style(out, OUTLET_STRONG);
    outlet_print(out, "%s\n", title);
    outlet_style(out, OUTLET_NORMAL);
}

static void write_root(const struct explain *explain, const struct explain_step *steps, size_t count,
                       struct outlet *out)
{
    const struct nt_record *root = count ? history_known_at(explain->history, steps[count - 1].record) : NULL;
    if (root && !root->cause && root->kind != RUN_KIND_APP_START)
        outlet_text(out, "  that is how the network begins, or what a node does by itself\n");
}

void explain_write(const struct explain *explain, const struct explain_story *story, struct outlet *out,
                   size_t width)
{
    write_title(out, "What happened");
    if (story->cause_count)
        write_step(explain, &story->causes[0], "  ", out, width);
    if (story->cause_count > 1)
        write_title(out, "Because");
    write_steps(explain, story->causes, 1, story->cause_count, out, width);
    write_root(explain, story->causes, story->cause_count, out);
    if (story->second_count) {
        outlet_style(out, OUTLET_STRONG);
        outlet_print(out,
                     story->is_replaced ? "It replaces frame %" PRIu64 ", which was lost\n"
                                        : "Frame %" PRIu64 " was on its way because\n",
                     story->second_frame);
        outlet_style(out, OUTLET_NORMAL);
    }
    write_steps(explain, story->second, 0, story->second_count, out, width);
    write_title(out, "What came of it");
    if (!story->consequence_count)
        outlet_text(out, "  nothing (yet)\n");
    for (size_t i = 0; i < story->consequence_count; i++)
        write_step(explain, &story->consequences[i], "  ", out, width);
    if (story->more)
        outlet_print(out, "  ... and %" PRIu64 " more\n", story->more);
    outlet_end_piece(out);
}

/* ---- As JSON ---- */

static void write_unsigned(struct json_writer *json, const char *name, uint64_t number)
{
    json_write_name(json, name);
    json_write_unsigned(json, number);
}

static void write_values(struct json_writer *json, const struct explain *explain,
                         const struct nt_record *record)
{
    const struct nt_kind *kind = run_kind_at(explain->run, record->kind);
    char shown[SENTENCE_BYTES];
    json_write_name(json, "values");
    json_write_object(json);
    for (int i = 0; i < inspect_field_count(kind); i++) {
        inspect_show_value(explain->run, &kind->fields[i], record->values[i], shown, sizeof shown);
        json_write_member_text(json, kind->fields[i].name, shown);
    }
    json_write_end(json);
}

static void write_json_step(struct json_writer *json, const struct explain *explain,
                            const struct explain_step *step)
{
    const struct nt_record *record = history_known_at(explain->history, step->record);
    const struct nt_kind *kind = run_kind_at(explain->run, record->kind);
    char storage[SENTENCE_BYTES];
    struct text text = text_in(storage, sizeof storage);
    explain_add_sentence(explain, record, &text);
    json_write_object(json);
    write_unsigned(json, "record", record->number);
    write_unsigned(json, "cause", record->cause);
    json_write_member_integer(json, "at_ps", record->at);
    json_write_member_text(json, "kind", kind->name);
    json_write_member_text(json, "node", record->node ? run_node(explain->run, record->node)->name : NULL);
    json_write_member_text(json, "port", record->port ? run_port(explain->run, record->port)->name : NULL);
    write_unsigned(json, "frame", record->frame);
    json_write_member_text(json, "sentence", storage);
    json_write_member_text(json, "clause", kind->clause);
    write_values(json, explain, record);
    write_unsigned(json, "repeats", step->repeats);
    json_write_end(json);
}

static void write_json_steps(struct json_writer *json, const char *name, const struct explain *explain,
                             const struct explain_step *steps, size_t count)
{
    json_write_name(json, name);
    json_write_list(json);
    for (size_t i = 0; i < count; i++)
        write_json_step(json, explain, &steps[i]);
    json_write_end(json);
}

void explain_write_json(const struct explain *explain, const struct explain_story *story, FILE *out)
{
    struct json_writer json;
    json_write_init(&json, out);
    json_write_object(&json);
    json_write_member_integer(&json, "netarium_explain", EXPLAIN_VERSION);
    json_write_member_text(&json, "scenario", run_scenario(explain->run)->file);
    json_write_member_text(&json, "title", run_scenario(explain->run)->title);
    if (story->cause_count) {
        json_write_name(&json, "what");
        write_json_step(&json, explain, &story->causes[0]);
    }
    write_json_steps(&json, "causes", explain, story->causes + 1,
                     story->cause_count ? story->cause_count - 1 : 0);
    json_write_member_boolean(&json, "replaces", story->is_replaced);
    write_unsigned(&json, "other_frame", story->second_frame);
    write_json_steps(&json, "other", explain, story->second, story->second_count);
    write_json_steps(&json, "consequences", explain, story->consequences, story->consequence_count);
    write_unsigned(&json, "more_consequences", story->more);
    json_write_end(&json);
}

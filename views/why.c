/* SPDX-License-Identifier: MIT
 * Why everything happened: one sentence for every frame and for every fact worth stopping at, with its
 * causes. */
#include "views/why.h"

#include <inttypes.h>

#include "sim/inspect.h"
#include "views/sentence.h"

#define WHY_FACTS 2 /* facts that a sentence names before it goes on to where it can end */
#define WHY_STEPS                                                                                            \
    4096 /* causes looked at: a timer that fires again and again goes back to itself each time */
#define WHY_SENTENCE_BYTES 1024

/* ---- Causes ---- */

/* What one cause adds to the sentence. */
enum why_part {
    WHY_SKIP, /* nothing: the next one may say more */
    WHY_FACT, /* a fact: and go on */
    WHY_LAST  /* where a sentence can end */
};

static enum why_part part_of(const struct run *run, const struct nt_record *cause)
{
    switch (cause->kind) {
    case RUN_KIND_FRAME_RX:
    case RUN_KIND_APP_START:
        return WHY_LAST;
    case RUN_KIND_FRAME_TX:
    case RUN_KIND_APP_PRINT:
    case RUN_KIND_APP_EXIT:
        return WHY_SKIP;
    default:
        return run_kind_at(run, cause->kind)->flags & NT_KIND_CHATTER ? WHY_SKIP : WHY_FACT;
    }
}

static void add_arrival(struct text *text, const struct run *run, const struct history *history,
                        const struct nt_record *cause)
{
    const struct nt_record *sending = history_sending(history, cause);
    text_add(text, "frame %" PRIu64 " arrived", cause->frame);
    if (sending)
        text_add(text, " from %s", run_node(run, sending->node)->name);
}

static void add_cause(struct text *text, const struct run *run, const struct history *history,
                      const struct nt_record *cause)
{
    if (cause->kind == RUN_KIND_FRAME_RX) {
        add_arrival(text, run, history, cause);
    } else if (cause->kind == RUN_KIND_APP_START) {
        text_add(text, "somebody typed \"%s\" on %s", run_text(run, (uint64_t)cause->values[0]),
                 run_node(run, cause->node)->name);
    } else {
        sentence_add(text, run, cause);
        sentence_add_clause(text, run_kind_at(run, cause->kind), " (", ")");
    }
}

/* A timer that fires again and again goes back to itself: that is said once. */
static bool repeats(const struct nt_record *said, const struct nt_record *cause)
{
    return said && said->kind == cause->kind && said->node == cause->node;
}

void why_add_causes(struct text *text, const struct run *run, const struct history *history,
                    const struct nt_record *record, const char *before)
{
    const struct nt_record *cause = record;
    const struct nt_record *said = record;
    enum why_part what = WHY_SKIP;
    int facts = 0;
    char storage[WHY_SENTENCE_BYTES];
    for (int steps = 0; steps < WHY_STEPS && what != WHY_LAST; steps++) {
        cause = history_at(history, cause->cause);
        if (!cause)
            return;
        what = repeats(said, cause) ? WHY_SKIP : part_of(run, cause);
        if (what == WHY_SKIP || (what == WHY_FACT && facts == WHY_FACTS))
            continue;
        struct text part = text_in(storage, sizeof storage);
        add_cause(&part, run, history, cause);
        text_add(text, "%sbecause %s", facts++ ? ", " : before, storage);
        said = cause;
    }
}

/* ---- Sentences ---- */

/* A level that says what it was before, and has lost a quarter of that or more: a window that was cut. */
static bool has_fallen(const struct nt_kind *kind, const struct nt_record *record)
{
    int before = kind->flags & NT_KIND_GAUGE ? inspect_field(kind, "old") : -1;
    return before > 0 && record->values[before] > 0 && record->values[0] <= record->values[before] / 4 * 3;
}

static bool is_worth_a_sentence(const struct why *why, const struct nt_record *record)
{
    const struct nt_kind *kind = run_kind_at(why->run, record->kind);
    if (record->kind == RUN_KIND_FRAME_TX)
        return true;
    if (record->kind == RUN_KIND_LINE && record->at == 0)
        return false; /* every line comes up at time zero */
    if (kind->flags & NT_KIND_CHATTER)
        return false;
    return kind->flags & (NT_KIND_INTERESTING | NT_KIND_DROP) || has_fallen(kind, record);
}

/* What goes before "because": a frame that ends somewhere was sent for a reason and ends for another, unless
 * the medium itself was told to end it (a cable was cut). */
static const char *turn_to_causes(const struct why *why, const struct nt_record *record)
{
    const struct nt_record *cause = history_at(&why->history, record->cause);
    bool is_drop = record->kind == RUN_KIND_FRAME_DROP || record->kind == RUN_KIND_FRAME_DISCARD;
    bool by_medium = run_node(why->run, record->node)->type->flags & NT_NODE_MEDIUM;
    if (is_drop && !(by_medium && cause && cause->node == record->node))
        return ", sent ";
    return ", ";
}

static void add_sentence(struct text *text, struct why *why, const struct nt_record *record,
                         const struct nt_frame *frame)
{
    if (record->kind == RUN_KIND_FRAME_TX && frame) {
        sentence_add_place(text, why->run, record);
        text_add(text, " sends frame %" PRIu64 ", %" PRIu32 " bytes", record->frame, frame->length_bytes);
    } else
        sentence_add(text, why->run, record);
    if (frame) {
        text_add(text, " (");
        sentence_add_frame(text, frame, NULL); /* the numbers that facts have, too */
        text_add(text, ")");
    }
    sentence_add_clause(text, run_kind_at(why->run, record->kind), " [", "]");
}

/* The nearest cause that has a sentence of its own; 0: none. */
static uint64_t find_sentence_before(const struct why *why, const struct nt_record *record)
{
    const struct nt_record *cause = history_at(&why->history, record->cause);
    for (int steps = 0; cause && steps < WHY_STEPS; steps++) {
        if (is_worth_a_sentence(why, cause))
            return cause->number;
        cause = history_at(&why->history, cause->cause);
    }
    return 0;
}

static void write_record(struct why *why, const struct nt_record *record, const struct nt_frame *frame)
{
    char storage[4 * WHY_SENTENCE_BYTES];
    struct text text = text_in(storage, sizeof storage);
    uint64_t before = find_sentence_before(why, record);
    text_add(&text, "#%-4" PRIu64 " ", record->number);
    sentence_add_time(&text, record->at);
    text_add(&text, " s  ");
    size_t indent = text.length;
    add_sentence(&text, why, record, frame);
    if (record->kind != RUN_KIND_FRAME_DISCARD)
        why_add_causes(&text, why->run, &why->history, record, turn_to_causes(why, record));
    if (before)
        text_add(&text, " <- #%" PRIu64, before);
    outlet_write(why->out, storage, indent);
    outlet_wrap(why->out, storage + indent, indent, why->width);
    outlet_end_piece(why->out);
}

static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct why *why = NT_OWNER(sink, struct why, sink);
    history_take(&why->history, record);
    if (is_worth_a_sentence(why, record))
        write_record(why, record, frame);
}

static void cut(struct run_sink *sink, uint64_t last)
{
    history_cut(&NT_OWNER(sink, struct why, sink)->history, last);
}

void why_init(struct why *why, const struct run *run, struct outlet *out, size_t width)
{
    *why = (struct why){.sink = {.take = take, .cut = cut}, .run = run, .out = out, .width = width};
    history_init(&why->history, 0);
}

void why_release(struct why *why)
{
    history_release(&why->history);
}

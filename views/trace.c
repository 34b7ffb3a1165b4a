/* SPDX-License-Identifier: MIT
 * A run as lines, in tcpdump's manner. */
#include "views/trace.h"

#include <string.h>

#include "sim/base/units.h"
#include "views/sentence.h"

#define TRACE_LINE_BYTES 1024
#define TRACE_PLACE_WIDTH 24 /* longer places push their line to the right */

static int width_of_times(nt_time last)
{
    char storage[40];
    struct text text = text_in(storage, sizeof storage);
    units_show_seconds(last < NT_NEVER ? last : 0, 9, &text);
    return (int)text.length;
}

/* Of stations' ports, and of all if records of media were asked for; a rare longer one pushes its line. */
static int width_of_places(const struct run *run, bool with_media)
{
    size_t widest = 0;
    for (uint32_t id = 1; id <= run_port_count(run); id++) {
        const struct nt_port *port = run_port(run, id);
        size_t width = strlen(port->node->name) + 1 + strlen(port->name);
        if (!with_media && port->node->type->flags & NT_NODE_MEDIUM)
            continue;
        if (width > widest && width <= TRACE_PLACE_WIDTH)
            widest = width;
    }
    return (int)widest;
}

static void write_frame(struct trace *trace, const struct nt_record *record,
                        const struct nt_frame *frame)
{
    static const char *const words[RUN_KIND_COUNT] = {[RUN_KIND_FRAME_TX] = "Out ",
                                                      [RUN_KIND_FRAME_RX] = "In  ",
                                                      [RUN_KIND_FRAME_DROP] = "Drop",
                                                      [RUN_KIND_FRAME_DISCARD] = "Discard"};
    char storage[TRACE_LINE_BYTES];
    struct text text = text_in(storage, sizeof storage);
    outlet_text(trace->out, words[record->kind]);
    if (record->kind == RUN_KIND_FRAME_DROP || record->kind == RUN_KIND_FRAME_DISCARD)
        outlet_print(trace->out, " \"%s\" ", run_text(trace->run, (uint64_t)record->values[0]));
    trace->flows.mark = record->number;
    sentence_add_frame(&text, frame, &trace->flows);
    outlet_print(trace->out, " %s\n", storage);
}

static void write_fact(const struct trace *trace, const struct nt_record *record)
{
    const struct nt_kind *kind = run_kind_at(trace->run, record->kind);
    char storage[TRACE_LINE_BYTES];
    struct text text = text_in(storage, sizeof storage);
    sentence_add(&text, trace->run, record);
    sentence_add_clause(&text, kind, " [", "]");
    outlet_print(trace->out, "%s  %s\n", kind->name, storage);
}

void trace_write(struct trace *trace, const struct nt_record *record, const struct nt_frame *frame)
{
    char time_storage[40], place_storage[200];
    struct text time = text_in(time_storage, sizeof time_storage);
    struct text place = text_in(place_storage, sizeof place_storage);
    units_show_seconds(record->at, 9, &time);
    sentence_add_place(&place, trace->run, record);
    outlet_print(trace->out, "%*s %-*s ", trace->time_width, time_storage, trace->place_width, place_storage);
    if (frame && record->kind <= RUN_KIND_FRAME_DISCARD)
        write_frame(trace, record, frame);
    else
        write_fact(trace, record);
    outlet_end_piece(trace->out);
}

static bool is_shown(const struct trace *trace, const struct nt_record *record)
{
    if (trace->filter)
        return query_take(trace->filter, record);
    return record->kind == RUN_KIND_FRAME_TX || record->kind == RUN_KIND_FRAME_DROP;
}

static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct trace *trace = NT_OWNER(sink, struct trace, sink);
    if (is_shown(trace, record))
        trace_write(trace, record, frame);
}

static void cut(struct run_sink *sink, uint64_t last)
{
    dissect_flows_cut(&NT_OWNER(sink, struct trace, sink)->flows, last);
}

void trace_init(struct trace *trace, const struct run *run, struct query *filter, struct outlet *out)
{
    *trace = (struct trace){.sink = {.take = take, .cut = cut}, .run = run, .filter = filter, .out = out};
    dissect_flows_init(&trace->flows, memory_heap());
    trace->time_width = width_of_times(run_scenario(run)->stop);
    trace->place_width = width_of_places(run, filter != NULL);
}

void trace_release(struct trace *trace)
{
    dissect_flows_release(&trace->flows);
}

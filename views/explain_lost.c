/* SPDX-License-Identifier: MIT
 * What a chain of causes does not name: the frame that was lost, and the duplicates that were counted.
 *
 * Kinds and fields are found by name; this file knows no TCP but what its records say of themselves. */
#include "views/explain_lost.h"

#include <string.h>

#include "sim/inspect.h"

#define BECAME 32 /* numbers that one frame can have on its way */

static const struct nt_record *at(const struct explain *explain, uint64_t number)
{
    return history_known_at(explain->history, number);
}

/* A field of a record by its name; false: it has none. */
static bool field_of(const struct explain *explain, const struct nt_record *record, const char *name,
                     int64_t *ret_value)
{
    int field = inspect_field(run_kind_at(explain->run, record->kind), name);
    if (field >= 0)
        *ret_value = record->values[field];
    return field >= 0;
}

static bool is_kind(const struct explain *explain, const struct nt_record *record, const char *name)
{
    return strcmp(run_kind_at(explain->run, record->kind)->name, name) == 0;
}

/* ---- The first sending ---- */

/* The frame in which this connection first sent the octet at `seq`; 0: not known. */
static uint64_t first_carrier(const struct explain *explain, const struct nt_record *again, int64_t flow,
                              int64_t seq)
{
    uint32_t tx = run_kind_named(explain->run, "tcp.tx");
    uint64_t found = 0;
    for (uint64_t number = again->number; tx && number-- > 1;) {
        const struct nt_record *record = at(explain, number);
        int64_t its_flow = 0, its_seq = 0, bytes = 0;
        if (!record)
            break;
        if (record->kind != tx || record->node != again->node || record->frame == again->frame)
            continue;
        if (field_of(explain, record, "flow", &its_flow) && its_flow == flow &&
            field_of(explain, record, "seq", &its_seq) && its_seq == seq &&
            field_of(explain, record, "bytes", &bytes) && bytes > 0)
            found = record->frame;
    }
    return found;
}

uint64_t explain_lost_frame(const struct explain *explain, const struct nt_record *record)
{
    const struct nt_kind *kind = run_kind_at(explain->run, record->kind);
    int64_t flow = 0, seq = 0;
    if (is_kind(explain, record, "tcp.retransmit") && field_of(explain, record, "flow", &flow) &&
        field_of(explain, record, "seq", &seq))
        return first_carrier(explain, record, flow, seq);
    for (int i = 0; i < inspect_field_count(kind); i++)
        if (kind->fields[i].unit == NT_UNIT_FRAME &&
            (!strcmp(kind->fields[i].name, "lost") || !strcmp(kind->fields[i].name, "original")))
            return (uint64_t)record->values[i];
    return 0;
}

/* ---- Its end ---- */

static bool is_one_of(uint64_t frame, const uint64_t *frames, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (frames[i] == frame)
            return true;
    return false;
}

/* What a record says that the frame was before: frame.tx has it, and so has a bit that was turned over. */
static uint64_t parent_of(const struct explain *explain, const struct nt_record *record)
{
    int64_t parent = 0;
    return field_of(explain, record, "parent", &parent) ? (uint64_t)parent : 0;
}

uint64_t explain_lost_end(const struct explain *explain, uint64_t frame, uint64_t before)
{
    uint64_t frames[BECAME] = {frame};
    size_t count = 1;
    for (uint64_t number = explain->history->first; number && number < before; number++) {
        const struct nt_record *record = at(explain, number);
        uint64_t parent = parent_of(explain, record);
        if (parent && is_one_of(parent, frames, count) && !is_one_of(record->frame, frames, count) &&
            count < BECAME)
            frames[count++] = record->frame;
        bool has_ended = record->kind == RUN_KIND_FRAME_DROP || record->kind == RUN_KIND_FRAME_DISCARD;
        if (has_ended && is_one_of(record->frame, frames, count))
            return number;
    }
    return 0;
}

/* ---- Counting ---- */

uint64_t explain_lost_count_before(const struct explain *explain, const struct nt_record *record)
{
    int64_t count = 0, flow = 0, other = 0, its_flow = 0;
    if (!field_of(explain, record, "count", &count) || count < 2 || !field_of(explain, record, "flow", &flow))
        return 0;
    for (uint64_t number = record->number; number-- > 1;) {
        const struct nt_record *earlier = at(explain, number);
        if (!earlier)
            return 0;
        if (earlier->kind == record->kind && earlier->node == record->node &&
            field_of(explain, earlier, "flow", &its_flow) && its_flow == flow &&
            field_of(explain, earlier, "count", &other))
            return other == count - 1 ? number : 0;
    }
    return 0;
}

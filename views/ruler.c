/* SPDX-License-Identifier: MIT
 * One TCP connection in a terminal, drawn with plain characters. See ruler.h. */
#include "views/ruler.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/inspect.h"
#include "views/ruler_parts.h"
#include "views/sentence.h"

#define LEFT 2         /* columns before the ruler */
#define LABEL 12       /* columns before the plot */
#define PLOT_ROWS 6    /* of cwnd over time */
#define REASONS 4      /* last words */
#define WIDTH_MOST 160 /* columns */

/* What a column of the ruler stands for: octets from `start` on, `scale` each, from `base`. */
struct scale {
    uint32_t base; /* sequence number of column 0 */
    int64_t octets;
    size_t width;
};

/* How far `seq` lies behind the base, round the corner of 2^32. */
static int64_t behind(const struct scale *scale, int64_t seq)
{
    return (int32_t)((uint32_t)seq - scale->base);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What may be sent: the smaller of both windows, as far as they are known. */
static int64_t window_of(const struct ruler *ruler)
{
    if (ruler->cwnd < 0 || ruler->rwnd < 0)
        return ruler->cwnd < 0 ? ruler->rwnd : ruler->cwnd;
    return least(ruler->cwnd, ruler->rwnd);
}

/* Everything that matters fits, with a little before UNA, and a column is a handy part of a segment. */
static struct scale choose_scale(const struct ruler *ruler, size_t width)
{
    int64_t sent = (uint32_t)(ruler->nxt - ruler->una), window = window_of(ruler);
    int64_t span = (sent > window ? sent : window) * 6 / 5 + 1;
    int64_t octets = span / (int64_t)width + 1;
    if (ruler->mss > 0) {
        int64_t part = ruler->mss / 8 ? ruler->mss / 8 : 1;
        while (part < octets)
            part *= 2;
        octets = part;
    }
    int64_t before = least((int64_t)width / 10 * octets,
                           (uint32_t)(ruler->una - (ruler->iss < 0 ? ruler->una : ruler->iss)));
    return (struct scale){(uint32_t)(ruler->una - before), octets, width};
}

/* ---- The ruler ---- */

/* What is in the middle of a column. */
static char state_at(const struct ruler *ruler, const struct scale *scale, int64_t at)
{
    int64_t una = behind(scale, ruler->una), nxt = behind(scale, ruler->nxt);
    int64_t edge = una + window_of(ruler), waits = ruler->unsent > 0 ? nxt + ruler->unsent : nxt;
    size_t kept = ruler->range_count < RULER_RANGES ? ruler->range_count : RULER_RANGES;
    if (at < una)
        return '=';
    for (size_t i = 0; i < kept && at < nxt; i++) {
        const struct ruler_range *range = &ruler->ranges[(ruler->range_count - 1 - i) % RULER_RANGES];
        if (behind(scale, range->start) <= at && at < behind(scale, range->end))
            return range->is_lost ? 'x' : 's';
    }
    if (at < nxt)
        return '#';
    return at < edge ? '.' : at < waits ? '-' : ' ';
}

/* Ends a line of characters behind the last that is no blank. */
static void trim(char *line, size_t length)
{
    while (length && line[length - 1] == ' ')
        length--;
    line[length] = '\0';
}

static void write_octets(const struct ruler *ruler, const struct scale *scale, struct outlet *out)
{
    char line[WIDTH_MOST + 1];
    for (size_t i = 0; i < scale->width; i++)
        line[i] = state_at(ruler, scale, (int64_t)i * scale->octets + scale->octets / 2);
    trim(line, scale->width);
    outlet_print(out, "%*s%s\n", LEFT, "", line);
}

/* "[ cwnd 14600 B ---]", from UNA on; an arrow where it goes on beyond the edge. */
static void write_bracket(const struct ruler *ruler, const struct scale *scale, const char *name,
                          int64_t octets, struct outlet *out)
{
    char line[WIDTH_MOST + 1], label[60];
    if (octets < 0)
        return;
    size_t from = (size_t)(behind(scale, ruler->una) / scale->octets);
    int64_t end = (behind(scale, ruler->una) + octets) / scale->octets;
    size_t to = end < (int64_t)scale->width ? (size_t)end : scale->width - 1;
    memset(line, ' ', scale->width);
    for (size_t i = from; i <= to; i++)
        line[i] = '-';
    line[from] = '[';
    line[to] = end < (int64_t)scale->width ? ']' : '>';
    size_t length = (size_t)snprintf(label, sizeof label, " %s %" PRId64 " B ", name, octets);
    size_t place = to > from + length ? from + 1 : to + 1;
    if (place + length > scale->width)
        place = scale->width - length;
    memcpy(line + place, label, length);
    trim(line, scale->width);
    outlet_print(out, "%*s%s\n", LEFT, "", line);
}

/* ---- Words above ---- */

static void write_head(const struct run *run, const struct ruler *ruler, struct ruler_flow flow,
                       struct outlet *out)
{
    uint32_t kind = run_kind_named(run, "tcp.recovery");
    char state[60] = "";
    if (kind && ruler->recovery >= 0)
        inspect_show_value(run, &run_kind_at(run, kind)->fields[0], ruler->recovery, state, sizeof state);
    outlet_style(out, OUTLET_STRONG);
    outlet_print(out, "%s %s", run_node(run, flow.node)->name, run_text(run, (uint64_t)flow.flow));
    outlet_style(out, OUTLET_NORMAL);
    outlet_print(out, "%s%s\n", state[0] ? "   recovery: " : "", state);
}

static void write_numbers(const struct run *run, const struct ruler *ruler, const struct scale *scale,
                          struct outlet *out)
{
    static const struct nt_field time = {"time", NT_UNIT_TIME, NULL};
    int64_t first = ruler->iss < 0 ? 0 : ruler->iss;
    char shown[60];
    outlet_print(out, "una %" PRIu32 "  nxt %" PRIu32, (uint32_t)(ruler->una - first),
                 (uint32_t)(ruler->nxt - first));
    if (ruler->flight >= 0)
        outlet_print(out, "  flight %" PRId64, ruler->flight);
    if (ruler->srtt >= 0) {
        inspect_show_value(run, &time, ruler->srtt / NT_MICROSECOND * NT_MICROSECOND, shown, sizeof shown);
        outlet_print(out, "  srtt %s", shown);
    }
    if (ruler->rto >= 0) {
        inspect_show_value(run, &time, ruler->rto / NT_MICROSECOND * NT_MICROSECOND, shown, sizeof shown);
        outlet_print(out, "  rto %s", shown);
    }
    outlet_print(out, "  (a column: %" PRId64 " B)\n", scale->octets);
}

/* ---- cwnd over time ---- */

/* The level that held at the end of column `column`: of the last sample up to there; -1: none yet. */
static const struct ruler_sample *sample_at(const struct ruler *ruler, nt_time at)
{
    const struct ruler_sample *found = NULL;
    for (size_t i = 0; i < ruler->sample_count && ruler->samples[i].at <= at; i++)
        found = &ruler->samples[i];
    return found;
}

static int64_t highest(const struct ruler *ruler)
{
    int64_t most = 1;
    for (size_t i = 0; i < ruler->sample_count; i++)
        most = ruler->samples[i].cwnd > most ? ruler->samples[i].cwnd : most;
    return most;
}

static int row_of(int64_t level, int64_t most)
{
    return level > most ? -1 : (int)((most - level) * PLOT_ROWS / (most + 1));
}

static void write_plot(const struct run *run, const struct ruler *ruler, struct outlet *out, size_t width)
{
    if (!ruler->sample_count)
        return;
    nt_time first = ruler->samples[0].at, span = run_now(run) - first;
    int64_t most = highest(ruler);
    char rows[PLOT_ROWS][WIDTH_MOST + 1];
    size_t columns = width - LABEL - 1;
    memset(rows, ' ', sizeof rows);
    for (size_t i = 0; i < columns; i++) {
        nt_time at = first + (nt_time)((__int128)span * (int64_t)(i + 1) / (int64_t)columns);
        const struct ruler_sample *sample = sample_at(ruler, at);
        int threshold = sample && sample->ssthresh > 0 ? row_of(sample->ssthresh, most) : -1;
        if (threshold >= 0)
            rows[threshold][i] = '-';
        if (sample)
            rows[row_of(sample->cwnd, most)][i] = '*';
    }
    for (int row = 0; row < PLOT_ROWS; row++) {
        trim(rows[row], columns);
        if (row == 0)
            outlet_print(out, "%*" PRId64 " B", LABEL - 3, most);
        else
            outlet_print(out, "%*s", LABEL - 1, row == 1 ? "cwnd *" : row == 2 ? "ssthresh -" : "");
        outlet_print(out, " |%s\n", rows[row]);
    }
    char from[40];
    struct text time = text_in(from, sizeof from);
    sentence_add_time(&time, first);
    outlet_print(out, "%*s +%s s to now\n", LABEL - 1, "", from);
}

/* ---- The last reasons ---- */

static void write_reasons(const struct run *run, const struct history *history, struct ruler_flow flow,
                          struct outlet *out, size_t width)
{
    uint64_t numbers[REASONS];
    int count = 0;
    for (uint64_t number = history->last; number && count < REASONS; number--) {
        const struct nt_record *record = history_at(history, number);
        if (!record)
            break;
        if (ruler_is_of(run, record, flow) && !(run_kind_at(run, record->kind)->flags & NT_KIND_CHATTER))
            numbers[count++] = number;
    }
    while (count-- > 0) {
        const struct nt_record *record = history_at(history, numbers[count]);
        char storage[1000];
        struct text text = text_in(storage, sizeof storage);
        text_add(&text, "#%" PRIu64 " ", record->number);
        sentence_add(&text, run, record);
        sentence_add_clause(&text, run_kind_at(run, record->kind), " [", "]");
        const char *flow_name = run_text(run, (uint64_t)flow.flow);
        char *name = flow_name[0] ? strstr(storage, flow_name) : NULL;
        if (name && name > storage) /* it stands above already */
            memmove(name - 1, name + strlen(flow_name), strlen(name + strlen(flow_name)) + 1);
        if (strlen(storage) > width)
            strcpy(storage + width - 3, "...");
        outlet_print(out, "%s\n", storage);
    }
}

void ruler_write(const struct run *run, const struct history *history, struct ruler_flow flow,
                 struct outlet *out, size_t width)
{
    struct ruler ruler;
    width = width > WIDTH_MOST ? WIDTH_MOST : width < 60 ? 60 : width;
    ruler_read(&ruler, run, history, flow);
    write_head(run, &ruler, flow, out);
    if (ruler.una >= 0 && ruler.nxt >= 0) {
        struct scale scale = choose_scale(&ruler, width - LEFT - 1);
        write_numbers(run, &ruler, &scale, out);
        write_octets(&ruler, &scale, out);
        write_bracket(&ruler, &scale, "cwnd", ruler.cwnd, out);
        write_bracket(&ruler, &scale, "rwnd", ruler.rwnd, out);
        outlet_print(out, "%*s= acked  # in flight  s out of order there  x lost  . may be sent  - waits\n",
                     LEFT, "");
    }
    write_plot(run, &ruler, out, width);
    write_reasons(run, history, flow, out, width);
    outlet_end_piece(out);
    free(ruler.samples);
}

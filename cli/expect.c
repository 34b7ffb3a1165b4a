/* SPDX-License-Identifier: MIT
 * The expectations of a scenario: compiled before time starts, fed while it runs, judged at the end. */
#include "cli/expect.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT_SHOWN 60 /* columns of a query that are shown around a mistake */
#define EXPECT_SHOWN_MOST 120 /* bytes of it that are shown in all */

/* Columns that the first `bytes` of `text` take: characters, not bytes. */
static size_t columns_of(const char *text, size_t bytes)
{
    size_t columns = 0;
    for (size_t i = 0; i < bytes && text[i]; i++)
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    return columns;
}

void expectations_explain(struct error_list *errors, const struct error_place *place, const char *query,
                          const struct nt_why *why, size_t column)
{
    size_t skip = column > EXPECT_SHOWN ? column - EXPECT_SHOWN / 2 : 0;
    while (skip > 0 && ((unsigned char)query[skip] & 0xc0) == 0x80)
        skip--;
    size_t left = strlen(query + skip), shown = left;
    if (left > EXPECT_SHOWN_MOST)
        for (shown = EXPECT_SHOWN_MOST; ((unsigned char)query[skip + shown] & 0xc0) == 0x80;)
            shown--;
    const char *dots = skip > 0 ? "..." : "";
    error_add(errors, place, "%s\n    %s%.*s%s\n    %*s^", why->text, dots, (int)shown, query + skip,
              shown < left ? "..." : "", (int)(strlen(dots) + columns_of(query + skip, column - skip)), "");
}

static struct query *compile(const struct run *run, const struct scenario_query *wanted,
                             struct error_list *errors)
{
    struct nt_why why;
    size_t column = 0;
    struct query *query = query_compile(run, wanted->text, &why, &column);
    struct error_place place = {.file = run_scenario(run)->file,
                                .line = wanted->place.at.line,
                                .column = wanted->place.at.column,
                                .path = wanted->place.path};
    if (place.column)
        place.column += (int)columns_of(wanted->text, column);
    if (!query)
        expectations_explain(errors, &place, wanted->text, &why, column);
    return query;
}

static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct expectations *expectations = NT_OWNER(sink, struct expectations, sink);
    (void)frame;
    for (size_t i = 0; i < expectations->count; i++)
        query_take(expectations->queries[i], record);
}

bool expectations_compile(struct expectations *expectations, const struct run *run, struct error_list *errors)
{
    const struct scenario *scenario = run_scenario(run);
    size_t before = errors->errors;
    size_t count = scenario->expect_count;
    *expectations = (struct expectations){.sink.take = take, .scenario = scenario, .count = count};
    expectations->queries = calloc(count + 1, sizeof *expectations->queries);
    expectations->verdicts = calloc(count + 1, sizeof *expectations->verdicts);
    assert(expectations->queries && expectations->verdicts);
    for (size_t i = 0; i < count; i++)
        expectations->queries[i] = compile(run, &scenario->expects[i], errors);
    for (size_t i = 0; i < scenario->break_count; i++)
        query_free(compile(run, &scenario->breaks[i], errors));
    return errors->errors == before;
}

void expectations_release(struct expectations *expectations)
{
    for (size_t i = 0; i < expectations->count; i++)
        if (expectations->queries[i])
            query_free(expectations->queries[i]);
    free(expectations->queries);
    free(expectations->verdicts);
    *expectations = (struct expectations){0};
}

void expectations_listen(struct expectations *expectations, struct run *run)
{
    bool is_needed = false;
    for (size_t i = 0; i < expectations->count; i++)
        is_needed |= query_needs_records(expectations->queries[i]);
    if (is_needed)
        run_listen(run, &expectations->sink);
}

size_t expectations_judge(struct expectations *expectations)
{
    size_t failed = 0;
    for (size_t i = 0; i < expectations->count; i++) {
        struct verdict *verdict = &expectations->verdicts[i];
        const struct scenario_query *wanted = &expectations->scenario->expects[i];
        *verdict = (struct verdict){.text = wanted->text, .line = wanted->place.at.line};
        verdict->holds = query_holds(expectations->queries[i]);
        query_explain(expectations->queries[i], verdict->found, sizeof verdict->found);
        failed += !verdict->holds;
    }
    return failed;
}

/* SPDX-License-Identifier: MIT
 * Any text at all as a query and as a filter: compiled or refused, fed, asked, explained, put back. The
 * network is the pretended one of tests/sim/stub_run.h. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/query.h"
#include "tests/sim/stub_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* One record of every kind, at every node, with numbers from the ends of their range too. */
static void feed(struct query *query)
{
    for (uint32_t kind = 1; kind <= STUB_KIND_COUNT; kind++) {
        for (uint32_t node = 0; node <= STUB_WWW; node++) {
            struct nt_record record = {
                .at = kind * NT_SECOND, .number = kind, .kind = kind, .node = node, .port = node};
            for (uint32_t i = 0; i < NT_VALUES; i++)
                record.values[i] = node == 0 ? INT64_MAX : node == 1 ? INT64_MIN : i;
            query_take(query, &record);
        }
    }
}

static void ask(struct query *query)
{
    char text[64];
    const bool holds = query_holds(query);
    query_value(query);
    query_explain(query, text, sizeof text);
    assert(memchr(text, '\0', sizeof text));
    void *state = malloc(query_state_bytes(query) + 1);
    query_state_copy(query, state);
    feed(query);
    query_state_restore(query, state);
    assert(query_holds(query) == holds);
    free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const struct run stub = {.now = 2 * NT_SECOND};
    char *text = malloc(length + 1);
    if (length)
        memcpy(text, bytes, length);
    text[length] = '\0';
    for (int as_filter = 0; as_filter <= 1; as_filter++) {
        struct nt_why why = {""};
        size_t column = SIZE_MAX;
        struct query *query = as_filter ? query_compile_filter(&stub, text, &why, &column)
                                        : query_compile(&stub, text, &why, &column);
        if (query) {
            feed(query);
            ask(query);
            query_free(query);
        } else {
            assert(column <= strlen(text));
            assert(why.text[0] && memchr(why.text, '\0', sizeof why.text));
        }
    }
    free(text);
    return 0;
}

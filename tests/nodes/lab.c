/* SPDX-License-Identifier: MIT
 * See lab.h. */
#include "tests/nodes/lab.h"

#include "nodes/builtin.h"
#include "sim/inspect.h"
#include "sim/query.h"

static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct lab *lab = NT_OWNER(sink, struct lab, sink);
    if (lab->record_count == lab->capacity) {
        lab->capacity = lab->capacity ? lab->capacity * 2 : 1024;
        lab->records = realloc(lab->records, lab->capacity * sizeof *lab->records);
        assert_non_null(lab->records);
    }
    assert_int_equal(record->number, lab->record_count + 1);
    assert_true(record->cause < record->number);
    lab->records[lab->record_count++] = *record;
}

static void cut(struct run_sink *sink, uint64_t last)
{
    NT_OWNER(sink, struct lab, sink)->record_count = last;
}

static void register_types(struct lab *lab, const struct nt_node_type *const *more)
{
    struct nt_why why;
    assert_true(registry_add(&lab->registry, &builtin_types, &why));
    for (const struct nt_node_type *const *type = more; type && *type; type++)
        assert_true(registry_add_node(&lab->registry, *type, &why));
}

struct lab *lab_new(const char *text)
{
    struct lab_options options = {0};
    return lab_new_with(text, &options);
}

struct lab *lab_new_with(const char *text, const struct lab_options *options)
{
    struct lab *lab = calloc(1, sizeof *lab);
    char *json = strdup(text);
    for (char *at = json; *at; at++)
        if (*at == '\'')
            *at = '"';
    registry_init(&lab->registry);
    error_list_init(&lab->errors);
    register_types(lab, options->types);
    struct scenario_options how = {.has_seed = options->seed != 0, .seed = options->seed};
    lab->scenario = scenario_parse("lab.json", json, strlen(json), &lab->registry, &how, &lab->errors);
    free(json);
    lab->run = run_new(&lab->registry, 0);
    bool is_built = lab->scenario && run_build(lab->run, lab->scenario, &lab->errors);
    if (!is_built && !options->may_be_wrong)
        fail_msg("%s", lab->errors.count ? lab->errors.entries[0].text : "refused");
    lab->sink = (struct run_sink){.take = take, .cut = cut};
    if (is_built && !options->is_unwatched)
        run_listen(lab->run, &lab->sink);
    return lab;
}

void lab_free(struct lab *lab)
{
    run_free(lab->run);
    scenario_free(lab->scenario);
    error_list_release(&lab->errors);
    registry_release(&lab->registry);
    free(lab->records);
    free(lab);
}

void lab_run(struct lab *lab, nt_time until)
{
    assert_int_not_equal(run_advance(lab->run, until, NULL), RUN_FAILED);
}

void lab_assert_balanced(const struct lab *lab)
{
    struct run_ledger ledger = run_ledger(lab->run);
    if (ledger.sent + ledger.copied != ledger.delivered + ledger.dropped + ledger.held)
        fail_msg("at %lld: sent %llu + copied %llu, but delivered %llu + dropped %llu + held %llu",
                 (long long)run_now(lab->run), (unsigned long long)ledger.sent,
                 (unsigned long long)ledger.copied, (unsigned long long)ledger.delivered,
                 (unsigned long long)ledger.dropped, (unsigned long long)ledger.held);
}

uint64_t lab_run_balanced(struct lab *lab, nt_time until)
{
    uint64_t before = run_event_count(lab->run);
    while (run_next_at(lab->run) <= until && run_step(lab->run) == RUN_GOES_ON)
        lab_assert_balanced(lab);
    return run_event_count(lab->run) - before;
}

int64_t lab_ask(struct lab *lab, const char *text)
{
    struct nt_why why;
    size_t column;
    struct query *query = query_compile(lab->run, text, &why, &column);
    if (!query)
        fail_msg("%s: %s", text, why.text);
    for (size_t i = 0; i < lab->record_count; i++)
        query_take(query, &lab->records[i]);
    struct query_value value = query_value(query);
    query_free(query);
    if (!value.is_known)
        fail_msg("%s is unknown", text);
    return value.number;
}

struct nt_node *lab_node(const struct lab *lab, const char *name)
{
    const struct nt_node *node = run_node_named(lab->run, name);
    if (!node)
        fail_msg("no node is called %s", name);
    return (struct nt_node *)node;
}

const struct nt_record *lab_record(const struct lab *lab, const char *kind, const char *node, size_t nth)
{
    uint32_t number = run_kind_named(lab->run, kind), where = lab_node(lab, node)->id;
    assert_true(number);
    for (size_t i = 0; i < lab->record_count; i++)
        if (lab->records[i].kind == number && lab->records[i].node == where && --nth == 0)
            return &lab->records[i];
    return NULL;
}

nt_time lab_time(const struct lab *lab, const char *kind, const char *node, size_t nth)
{
    const struct nt_record *record = lab_record(lab, kind, node, nth);
    return record ? record->at : NT_NEVER;
}

int64_t lab_cell(const struct lab *lab, const char *name, const char *table_name, uint32_t row,
                 const char *column_name)
{
    const struct nt_node *node = lab_node(lab, name);
    const struct nt_table *table = inspect_table(node, table_name);
    assert_non_null(table);
    int column = inspect_column(table, column_name);
    struct nt_cell cells[NT_COLUMNS] = {0};
    assert_true(column >= 0);
    assert_true(table->row(node, row, cells));
    return cells[column].number;
}

bool lab_has_said(const struct lab *lab, const char *words)
{
    for (size_t i = 0; i < lab->errors.count; i++)
        if (strstr(lab->errors.entries[i].text, words))
            return true;
    return false;
}

void lab_write_bus(char *text, unsigned stations, unsigned size_bytes, const char *pause, nt_time stop)
{
    size_t used = (size_t)snprintf(
        text, TEXT_SIZE,
        "{'netarium': 1, 'nodes': {'bus': {'type': 'segment', 'medium': 'custom', 'length': '914 m', "
        "'velocity': '77 %%'}");
    for (unsigned i = 0; i < stations; i++)
        used += (size_t)snprintf(text + used, TEXT_SIZE - used, ", 's%u': {'type': 'host', 'mtu': 9000}", i);
    used += (size_t)snprintf(text + used, TEXT_SIZE - used, "}, 'links': [");
    for (unsigned i = 0; i < stations; i++) {
        unsigned cluster = i % 4, within = i / 4; /* a centimetre apart */
        unsigned long place_mm = cluster * 914000ul / 3 - (cluster == 3 ? within * 10 : 0);
        place_mm += cluster == 3 ? 0 : within * 10;
        used += (size_t)snprintf(text + used, TEXT_SIZE - used,
                                 "%s{'tap': 'bus', 'of': 's%u', 'position': '%lu mm'}", i ? ", " : "", i,
                                 place_mm);
    }
    used += (size_t)snprintf(text + used, TEXT_SIZE - used, "], 'actions': [");
    for (unsigned i = 0; i < stations; i++)
        used += (size_t)snprintf(text + used, TEXT_SIZE - used,
                                 "%s{'at': '1 ms', 'on': 's%u', 'run': 'load --to s%u --size %u --pause %s'}",
                                 i ? ", " : "", i, (i + 1) % stations, size_bytes, pause);
    snprintf(text + used, TEXT_SIZE - used, "], 'stop': '%lld ps'}", (long long)stop);
}

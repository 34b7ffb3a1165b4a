/* SPDX-License-Identifier: MIT
 * W7 through the engine: one node with P events, each of which arms itself anew when it fires.
 *
 * The network is put together by hand, of one type that is made for this. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "sim/run.h"
#include "tests/bench/bench.h"
#include "tests/bench/hold.h"

/* The state of the one node. */
struct holder {
    struct hold *hold;       /* outside the world: no checkpoint is taken here */
    struct nt_event *events; /* `size` of them */
    uint64_t size;
    uint64_t left;         /* events until it is enough */
    volatile bool is_done; /* it is enough; the run looks at this between events */
};

static const struct nt_param holder_params[] = {
    {.name = "size", .kind = NT_PARAM_INTEGER, .least = 1, .most = INT64_MAX, .summary = "events that wait"},
    {0}};

static void again(struct nt_event *event)
{
    struct holder *holder = event->node->state;
    nt_arm(event, nt_now(event->node) + hold_next(holder->hold));
    if (--holder->left == 0)
        holder->is_done = true;
}

static void holder_create(struct nt_node *node, const struct nt_value *values)
{
    struct holder *holder = node->state;
    holder->size = (uint64_t)values[0].number;
    holder->hold = hold_new(holder->size);
    holder->events = nt_new(node, holder->size * sizeof *holder->events);
}

static void holder_start(struct nt_node *node)
{
    struct holder *holder = node->state;
    for (uint64_t i = 0; i < holder->size; i++) {
        nt_event_init(&holder->events[i], node, again);
        nt_arm(&holder->events[i], hold_next(holder->hold));
    }
}

static const struct nt_node_type holder_type = {.size = sizeof(struct nt_node_type),
                                                .name = "holder",
                                                .summary = "keeps a number of events waiting",
                                                .port_prefix = "eth",
                                                .state_bytes = sizeof(struct holder),
                                                .params = holder_params,
                                                .create = holder_create,
                                                .start = holder_start};

static bool hold_one(uint64_t size, uint64_t count)
{
    struct bench_result result = {.workload = "W7-engine", .size = size, .per = count};
    struct registry registry;
    struct error_list errors;
    struct nt_value value = {.is_given = true, .number = (int64_t)size};
    struct scenario_node node = {.name = "holder",
                                 .type = &holder_type,
                                 .values = {.params = holder_params, .values = &value, .count = 1},
                                 .map_x = -1,
                                 .map_y = -1};
    struct scenario scenario = {
        .file = "W7", .title = "W7", .seed = 1, .stop = NT_NEVER - 1, .nodes = &node, .node_count = 1};
    registry_init(&registry);
    error_list_init(&errors);
    clock_begin(&result);
    struct run *run = run_new(&registry, 0);
    if (!run_build(run, &scenario, &errors))
        return result_is_wrong("W7-engine", "%s", errors.entries[0].text);
    struct holder *holder = run_node(run, 1)->state;
    holder->left = count;
    run_step(run); /* time zero: the node starts */
    clock_ready(&result);
    run_advance(run, NT_NEVER, &holder->is_done);
    clock_end(&result);
    result.events = run_event_count(run) - 1;
    result_print(&result);
    free(holder->hold);
    run_free(run);
    error_list_release(&errors);
    registry_release(&registry);
    return result.events == count ||
           result_is_wrong("W7-engine", "%" PRIu64 " events happened, not %" PRIu64, result.events, count);
}

bool engine_hold_run(const struct bench_options *options)
{
    uint64_t count = hold_count(options->count, options->is_brief);
    if (options->size)
        return hold_one(options->size, count);
    bool is_right = true;
    for (int i = 0; i < HOLD_SIZES; i++)
        is_right = hold_one(hold_sizes[i], count) && is_right;
    return is_right;
}

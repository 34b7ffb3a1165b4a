/* SPDX-License-Identifier: MIT
 * Running a scenario's text as a workload: the built-in types, and those that a workload brings along. */
#include "tests/bench/run_text.h"

#include <string.h>

#include "nodes/builtin.h"
#include "sim/plugin.h"
#include "sim/run.h"

static bool register_types(struct registry *registry, const struct nt_node_type *const *extra,
                           const char *plugin)
{
    struct nt_why why;
    bool is_good = true;
    for (const struct nt_node_type *const *type = extra; *type; type++)
        is_good = is_good && registry_add_node(registry, *type, &why);
    is_good = is_good && registry_add(registry, &builtin_types, &why);
    if (is_good && plugin && !plugin_load(registry, plugin, NULL, &why))
        return result_is_wrong(plugin, "%s", why.text);
    return is_good;
}

bool run_text_workload(const char *text, const struct nt_node_type *const *extra, struct bench_result *result)
{
    struct registry registry;
    struct error_list errors;
    struct run *run = NULL;
    registry_init(&registry);
    error_list_init(&errors);
    clock_begin(result);
    bool is_built = register_types(&registry, extra, result->plugin);
    struct scenario *scenario =
        scenario_parse(result->workload, text, strlen(text), &registry, NULL, &errors);
    if (scenario) {
        run = run_new(&registry, 0);
        is_built = is_built && run_build(run, scenario, &errors);
        if (result->sink)
            run_listen(run, result->sink);
    }
    clock_ready(result);
    if (run && is_built) {
        run_advance(run, NT_NEVER, NULL);
        clock_end(result);
        result->hops = result->per = run_ledger(run).delivered;
        result->events = run_event_count(run);
        result_print(result);
        if (result->look)
            result->look(run, result);
    } else {
        result_is_wrong(result->workload, "%s", errors.count ? errors.entries[0].text : "a type was refused");
    }
    run_free(run);
    scenario_free(scenario);
    error_list_release(&errors);
    registry_release(&registry);
    return run && is_built;
}

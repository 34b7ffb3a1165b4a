/* SPDX-License-Identifier: MIT
 * netarium check: is a scenario right? Every mistake at once, with its place. */
#include <stdint.h>

#include "cli/expect.h"
#include "cli/subcommands.h"
#include "sim/scenario.h"

static const struct option check_options[] = {{{0}}};

static void write_count(struct outlet *out, size_t count, const char *noun, const char *before)
{
    outlet_print(out, "%s%zu %s%s", before, count, noun, count == 1 ? "" : "s");
}

/* "2 hosts, 1 link": how many there are of each type. */
static void write_types(struct outlet *out, const struct registry *registry, const struct scenario *scenario)
{
    const char *before = " ";
    for (size_t i = 0; i < registry->node_count; i++) {
        size_t count = 0;
        for (size_t j = 0; j < scenario->node_count; j++)
            count += scenario->nodes[j].type == registry->nodes[i];
        if (count == 0)
            continue;
        write_count(out, count, registry->nodes[i]->name, before);
        before = ", ";
    }
}

static void write_fine(struct front *front, const struct scenario *scenario)
{
    struct outlet *out = &front->out;
    front_write_name(out, scenario->file);
    outlet_text(out, ": fine:");
    write_types(out, &front->registry, scenario);
    if (scenario->action_count)
        write_count(out, scenario->action_count, "action", ", ");
    if (scenario->expect_count)
        write_count(out, scenario->expect_count, "expectation", ", ");
    outlet_text(out, "\n");
}

static bool check_network(const struct front *front, const struct scenario *scenario,
                          struct error_list *errors)
{
    struct run *run = run_new(&front->registry, 0);
    struct expectations expectations;
    bool is_right = run_build(run, scenario, errors);
    if (is_right) {
        is_right = expectations_compile(&expectations, run, errors);
        expectations_release(&expectations);
    }
    run_free(run);
    return is_right;
}

static bool check_file(struct front *front, const char *file)
{
    struct error_list errors;
    error_list_init(&errors);
    struct scenario *scenario = scenario_read(file, &front->registry, NULL, &errors);
    bool is_right = scenario && check_network(front, scenario, &errors);
    front_print_errors(front, &errors);
    if (is_right)
        write_fine(front, scenario);
    if (errors.errors || errors.warnings) {
        write_count(&front->err, errors.errors, "mistake", "");
        write_count(&front->err, errors.warnings, "warning", ", ");
        outlet_text(&front->err, " in ");
        front_write_name(&front->err, file);
        outlet_text(&front->err, "\n");
        outlet_end_piece(&front->err);
    }
    scenario_free(scenario);
    error_list_release(&errors);
    return is_right;
}

static enum front_status check_main(struct front *front, const struct options *options)
{
    enum front_status status = FRONT_HOLDS;
    for (size_t i = 0; i < options->word_count; i++)
        if (!check_file(front, options->words[i]))
            status = FRONT_INPUT;
    return status;
}

const struct subcommand check_subcommand = {
    .name = "check",
    .usage = "FILE...",
    .summary = "says everything that is wrong with scenarios, without running them",
    .options = check_options,
    .least_words = 1,
    .most_words = SIZE_MAX,
    .word_is = "a scenario file",
    .run = check_main,
    .more = "Each mistake stands on standard error with its file, line, column and place in the file.\n"
            "Exit status: 0 all files are right, 2 some are not.\n",
};

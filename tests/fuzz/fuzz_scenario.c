/* SPDX-License-Identifier: MIT
 * Any bytes at all as a scenario file: refused with words, or a scenario that holds together. What stands
 * behind a zero byte is an override, as --set gives it. The types are those of tests/sim/fake_types.h. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/param.h"
#include "sim/scenario.h"
#include "tests/sim/fake_types.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Every value can be shown, and every parameter that must be given is. */
static void check_values(const struct scenario_values *values, const struct scenario_place *owner)
{
    char path[SCENARIO_PATH_SIZE];
    for (uint32_t i = 0; values && i < values->count; i++) {
        const struct nt_param *param = &values->params[i];
        char text[100];
        param_show(param, &values->values[i], text, sizeof text);
        assert(memchr(text, '\0', sizeof text));
        assert(values->values[i].is_given || !(param->flags & NT_PARAM_REQUIRED));
        scenario_value_spot(values, owner, i, 0, path);
        assert(path[0] && memchr(path, '\0', sizeof path));
    }
}

static void check_scenario(const struct scenario *scenario)
{
    assert(scenario->stop > 0);
    for (size_t i = 0; i < scenario->node_count; i++) {
        assert(scenario->nodes[i].name && scenario->nodes[i].type);
        check_values(&scenario->nodes[i].values, &scenario->nodes[i].place);
    }
    for (size_t i = 0; i < scenario->joint_count; i++) {
        const struct scenario_joint *joint = &scenario->joints[i];
        for (int side = 0; side < 2; side++) {
            assert(joint->node[side] < scenario->node_count);
            check_values(joint->port_values[side], &joint->place);
        }
        assert(scenario->nodes[joint->node[1]].type->flags & NT_NODE_MEDIUM);
        assert(!(scenario->nodes[joint->node[0]].type->flags & NT_NODE_MEDIUM));
    }
    for (size_t i = 0; i < scenario->action_count; i++) {
        assert(scenario->actions[i].app && scenario->actions[i].node < scenario->node_count);
        assert(!i || scenario->actions[i - 1].at <= scenario->actions[i].at);
        check_values(&scenario->actions[i].values, &scenario->actions[i].place);
    }
}

static void check_errors(const struct error_list *errors)
{
    for (size_t i = 0; i < errors->count; i++) {
        char text[200];
        error_format(&errors->entries[i], text, sizeof text);
        assert(errors->entries[i].text[0] && memchr(text, '\0', sizeof text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct registry registry;
    struct error_list errors;
    struct scenario_options options = {0};
    const uint8_t *zero = length ? memchr(bytes, '\0', length) : NULL;
    size_t file_length = zero ? (size_t)(zero - bytes) : length;
    char *file = malloc(file_length ? file_length : 1); /* exactly as long as it is */
    char *set = zero ? strndup((const char *)zero + 1, length - file_length - 1) : NULL;
    assert(file);
    if (file_length)
        memcpy(file, bytes, file_length);
    if (set) {
        options.overrides = (const char *const *)&set;
        options.override_count = 1;
    }
    registry_init(&registry);
    fake_registry_fill(&registry);
    error_list_init(&errors);
    struct scenario *scenario = scenario_parse("fuzz.json", file, file_length, &registry, &options, &errors);
    free(file); /* the scenario keeps no pointer into the text */
    free(set);
    assert(!scenario == (errors.errors > 0));
    check_errors(&errors);
    if (scenario)
        check_scenario(scenario);
    scenario_free(scenario);
    error_list_release(&errors);
    registry_release(&registry);
    return 0;
}

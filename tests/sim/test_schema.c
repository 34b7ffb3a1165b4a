/* SPDX-License-Identifier: MIT
 * The schema: it is JSON, it knows every type and parameter, and its patterns take what the loader takes. */
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_types.h"
#include "sim/base/json.h"
#include "sim/base/units.h"
#include "sim/param.h"
#include "sim/schema.h"

struct schema {
    struct registry registry;
    char *bytes;
    size_t length;
    struct json_document *document;
};

static int write_schema(void **state)
{
    struct schema *schema = calloc(1, sizeof *schema);
    struct error_list errors;
    registry_init(&schema->registry);
    fake_registry_fill(&schema->registry);
    FILE *out = open_memstream(&schema->bytes, &schema->length);
    schema_write(&schema->registry, out);
    fclose(out);
    error_list_init(&errors);
    schema->document = json_parse("schema", schema->bytes, schema->length, &errors);
    error_list_release(&errors);
    *state = schema;
    return schema->document ? 0 : -1;
}

static int drop_schema(void **state)
{
    struct schema *schema = *state;
    json_free(schema->document);
    registry_release(&schema->registry);
    free(schema->bytes);
    free(schema);
    return 0;
}

/* Follows names from the root; NULL if the way ends. */
static const struct json_value *find(const struct schema *schema, const char *const *names)
{
    const struct json_value *at = json_root(schema->document);
    for (; at && *names; names++)
        at = json_member(at, *names);
    return at;
}

#define FIND(schema, ...) find(schema, (const char *const[]){__VA_ARGS__, NULL})

/* The branch for the type `name` of a definition: what stands behind "then". */
static const struct json_value *branch(const struct schema *schema, const char *definition, const char *name)
{
    const struct json_value *all = FIND(schema, "$defs", definition, "allOf");
    const struct json_value *ways = FIND(schema, "$defs", definition, "anyOf"); /* a name, or an object */
    if (ways)
        all = json_member(ways->first_child->next, "allOf");
    assert_non_null(all);
    for (const struct json_value *at = all->first_child; at; at = at->next) {
        const struct json_value *type = json_member(json_member(json_member(at, "if"), "properties"), "type");
        if (strcmp(json_member(type, "const")->text, name) == 0)
            return json_member(at, "then");
    }
    return NULL;
}

static void test_schema__names_its_draft_and_closes_the_top_level(void **state)
{
    assert_string_equal(FIND(*state, "$schema")->text, "https://json-schema.org/draft/2020-12/schema");
    assert_false(FIND(*state, "additionalProperties")->boolean);
    assert_int_equal(FIND(*state, "properties", "netarium", "const")->type, JSON_NUMBER);
    assert_int_equal(FIND(*state, "required")->child_count, 2);
    static const char *const keys[] = {"$schema",  "netarium", "title", "about",   "difficulty", "seed",
                                       "generate", "nodes",    "links", "actions", "capture",
                                       "break",    "expect",   "stop",  "note"};
    assert_int_equal(FIND(*state, "properties")->child_count, sizeof keys / sizeof *keys);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_non_null(FIND(*state, "properties", keys[i]));
}

static void check_params(const struct json_value *properties, const struct nt_param *params)
{
    for (; params && params->name; params++) {
        const struct json_value *property = json_member(properties, params->name);
        if (!property)
            fail_msg("parameter %s is missing", params->name);
        assert_string_equal(json_member(property, "description")->text, params->summary);
        if (params->default_text && params->kind != NT_PARAM_PART)
            assert_non_null(json_member(property, "default"));
    }
}

static void test_schema__knows_every_parameter_of_every_type(void **state)
{
    const struct schema *schema = *state;
    for (size_t i = 0; i < schema->registry.node_count; i++) {
        const struct nt_node_type *type = schema->registry.nodes[i];
        const struct json_value *then = branch(schema, "node", type->name);
        assert_non_null(then);
        assert_false(json_member(then, "additionalProperties")->boolean);
        check_params(json_member(then, "properties"), type->params);
        bool has_start = json_member(json_member(then, "properties"), "start");
        assert_int_equal(has_start, !!(type->flags & NT_NODE_RUNS_APPS));
    }
    for (size_t i = 0; i < schema->registry.part_count; i++) {
        const struct nt_part_type *part = schema->registry.parts[i];
        char definition[40];
        snprintf(definition, sizeof definition, "part-%s", part->category);
        check_params(json_member(branch(schema, definition, part->name), "properties"), part->params);
    }
}

static void test_schema__a_link_is_a_cable_or_a_tap(void **state)
{
    const struct schema *schema = *state;
    check_params(FIND(schema, "$defs", "link", "else", "properties"),
                 registry_node(&schema->registry, "link")->params);
    assert_non_null(FIND(schema, "$defs", "link", "then", "properties", "position"));
    assert_string_equal(FIND(schema, "$defs", "link", "if", "required")->first_child->text, "tap");
}

static void test_schema__values_keep_their_kind(void **state)
{
    const struct json_value *host = json_member(branch(*state, "node", "host"), "properties");
    const struct json_value *ttl = json_member(host, "ttl"), *forward = json_member(host, "forward");
    assert_string_equal(json_member(ttl, "type")->text, "integer");
    assert_string_equal(json_member(ttl, "minimum")->text, "1");
    assert_string_equal(json_member(ttl, "maximum")->text, "255");
    assert_string_equal(json_member(ttl, "default")->text, "64");
    assert_string_equal(json_member(forward, "type")->text, "boolean");
    assert_false(json_member(forward, "default")->boolean);
    const struct json_value *link = json_member(branch(*state, "node", "link"), "properties");
    assert_string_equal(json_member(json_member(link, "rate"), "$ref")->text, "#/$defs/rate");
    assert_int_equal(json_member(json_member(link, "medium"), "enum")->child_count, 3);
    assert_string_equal(json_member(json_member(link, "queue"), "$ref")->text, "#/$defs/part-queue");
}

/* Both sides of the fence for each quantity. */
static void test_schema__patterns_take_what_the_loader_takes(void **state)
{
    static const struct {
        const char *definition;
        enum nt_param_kind kind;
        const char *texts[16]; /* ended by NULL */
    } rows[] = {
        {"time",
         NT_PARAM_TIME,
         {"1 ps", "1ns", "2.5 us", "3 \xc2\xb5s", "4 ms", "5 s", "6 min", "1 h", "7", "8 d", "s", "1 S",
          "1..5 s", ""}},
        {"rate",
         NT_PARAM_RATE,
         {"1 bps", "1 kbps", "2 Mbps", "3 Gbps", "4 Tbps", "5 Mbit/s", "6 Gb/s", "7", "8 Mpbs", "1 Kbps",
          "1 MB"}},
        {"length", NT_PARAM_LENGTH, {"1 mm", "2 cm", "3 m", "0.4 km", "5", "6 ft", "7 ms"}},
        {"bytes", NT_PARAM_BYTES, {"1", "2 B", "3 bytes", "4 kB", "5 KiB", "6 GB", "7 kb", "8 bits"}},
        {"amount", NT_PARAM_AMOUNT, {"1 packet", "2 packets", "3 frames", "4 kB", "5", "6 m"}},
        {"percent", NT_PARAM_PERCENT, {"1 %", "0.5%", "2", "3 ppm"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        regex_t pattern;
        const struct nt_param param = {.name = "x", .kind = rows[i].kind};
        const char *source = FIND(*state, "$defs", rows[i].definition, "pattern")->text;
        assert_int_equal(regcomp(&pattern, source, REG_EXTENDED | REG_NOSUB), 0);
        for (const char *const *text = rows[i].texts; *text; text++) {
            struct nt_value value;
            struct nt_why why;
            bool is_read = param_read_text(&param, *text, false, NULL, NULL, &value, &why);
            bool matches = regexec(&pattern, *text, 0, NULL, 0) == 0;
            if (is_read != matches)
                fail_msg("%s \"%s\": the loader says %d, the schema %d", rows[i].definition, *text, is_read,
                         matches);
        }
        regfree(&pattern);
    }
}

static void test_schema__is_the_same_every_time(void **state)
{
    const struct schema *schema = *state;
    char *again;
    size_t length;
    FILE *out = open_memstream(&again, &length);
    schema_write(&schema->registry, out);
    fclose(out);
    assert_int_equal(length, schema->length);
    assert_memory_equal(again, schema->bytes, length);
    free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema__names_its_draft_and_closes_the_top_level),
        cmocka_unit_test(test_schema__knows_every_parameter_of_every_type),
        cmocka_unit_test(test_schema__a_link_is_a_cable_or_a_tap),
        cmocka_unit_test(test_schema__values_keep_their_kind),
        cmocka_unit_test(test_schema__patterns_take_what_the_loader_takes),
        cmocka_unit_test(test_schema__is_the_same_every_time),
    };
    return cmocka_run_group_tests(tests, write_schema, drop_schema);
}

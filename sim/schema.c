/* SPDX-License-Identifier: MIT
 * Writing the schema from the top down: the file, then under "$defs" quantities, nodes, links, actions and
 * parts.
 *
 * What a node may say depends on its "type": for each type there is an if/then that closes the list of its
 * keys. Parts of a category likewise. */
#include "sim/schema.h"

#include <string.h>

#include "sim/generate.h"
#include "sim/schema_params.h"

#define NAME_PATTERN "^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$"
#define END_PATTERN "^[A-Za-z0-9][A-Za-z0-9_-]*(:[^:]+)?$"

/* ---- Nodes and parts ---- */

static void write_node(struct json_writer *w, const struct registry *registry)
{
    static const char *const with_start[] = {"type", "at", "note", "start", NULL};
    static const char *const without_start[] = {"type", "at", "note", NULL};
    schema_open_object(w, "node");
    json_write_member_text(w, "type", "object");
    schema_write_required(w, "type", NULL);
    schema_open_object(w, "properties");
    schema_open_object(w, "type");
    json_write_member_text(w, "description", "what this node is");
    schema_open_list(w, "enum");
    for (size_t i = 0; i < registry->node_count; i++)
        json_write_text(w, registry->nodes[i]->name);
    json_write_end(w);
    json_write_end(w);
    schema_open_object(w, "at");
    json_write_member_text(w, "description", "its place on the map: [x, y]");
    json_write_member_text(w, "type", "array");
    schema_open_object(w, "items");
    json_write_member_text(w, "type", "integer");
    json_write_member_integer(w, "minimum", 0);
    json_write_end(w);
    json_write_member_integer(w, "minItems", 2);
    json_write_member_integer(w, "maxItems", 2);
    json_write_end(w);
    schema_write_list_of(w, "start", "text", "commands that run from time 0");
    schema_write_typed(w, "note", "string", "a remark for readers of the file");
    json_write_end(w);
    schema_open_list(w, "allOf");
    for (size_t i = 0; i < registry->node_count; i++)
        schema_write_branch(w, registry->nodes[i]->name, registry->nodes[i]->params,
                            registry->nodes[i]->flags & NT_NODE_RUNS_APPS ? with_start : without_start);
    json_write_end(w);
    json_write_end(w);
}

/* Is part `index` the first of its category? */
static bool begins_category(const struct registry *registry, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!strcmp(registry->parts[i]->category, registry->parts[index]->category))
            return false;
    return true;
}

static void write_names(struct json_writer *w, const struct registry *registry, const char *category)
{
    schema_open_list(w, "enum");
    for (size_t i = 0; i < registry->part_count; i++)
        if (!strcmp(registry->parts[i]->category, category))
            json_write_text(w, registry->parts[i]->name);
    json_write_end(w);
}

/* A name alone, or an object. */
static void write_category(struct json_writer *w, const struct registry *registry, const char *category)
{
    static const char *const own_keys[] = {"type", "note", NULL};
    char name[80];
    schema_part_name(category, name, sizeof name);
    schema_open_object(w, name);
    schema_open_list(w, "anyOf");
    json_write_object(w);
    write_names(w, registry, category);
    json_write_end(w);
    json_write_object(w);
    json_write_member_text(w, "type", "object");
    schema_open_object(w, "properties");
    schema_open_object(w, "type");
    write_names(w, registry, category);
    json_write_end(w);
    json_write_end(w);
    schema_open_list(w, "allOf");
    for (size_t i = 0; i < registry->part_count; i++)
        if (!strcmp(registry->parts[i]->category, category))
            schema_write_branch(w, registry->parts[i]->name, registry->parts[i]->params, own_keys);
    json_write_end(w);
    json_write_end(w);
    json_write_end(w);
    json_write_end(w);
}

/* ---- Links and actions ---- */

static void write_end_name(struct json_writer *w, const char *name, const char *description)
{
    schema_open_object(w, name);
    json_write_member_text(w, "type", "string");
    json_write_member_text(w, "pattern", END_PATTERN);
    json_write_member_text(w, "description", description);
    json_write_end(w);
}

static void write_cable(struct json_writer *w, const struct registry *registry)
{
    const struct nt_node_type *link = registry_node(registry, "link");
    schema_open_object(w, "properties");
    schema_open_object(w, "between");
    json_write_member_text(w, "description",
                           "the two nodes that this cable joins, each with or without a port");
    json_write_member_text(w, "type", "array");
    schema_open_object(w, "items");
    json_write_member_text(w, "type", "string");
    json_write_member_text(w, "pattern", END_PATTERN);
    json_write_end(w);
    json_write_member_integer(w, "minItems", 2);
    json_write_member_integer(w, "maxItems", 2);
    json_write_end(w);
    schema_write_typed(w, "name", "string", "what the cable is called; chosen from its ends if not given");
    schema_write_typed(w, "note", "string", "a remark for readers of the file");
    schema_write_params(w, link ? link->params : NULL);
    json_write_end(w);
    schema_write_required(w, "between", link ? link->params : NULL);
    json_write_member_boolean(w, "additionalProperties", false);
}

/* A tap takes the port parameters of its medium, whose type the schema cannot know: those of all are offered.
 */
static void write_tap(struct json_writer *w, const struct registry *registry)
{
    schema_open_object(w, "properties");
    write_end_name(w, "tap", "the medium that is tapped");
    write_end_name(w, "of", "the node that is joined to it");
    schema_write_typed(w, "note", "string", "a remark for readers of the file");
    for (size_t i = 0; i < registry->node_count; i++)
        if (registry->nodes[i]->flags & NT_NODE_MEDIUM)
            schema_write_params(w, registry->nodes[i]->port_params);
    json_write_end(w);
    schema_open_list(w, "required");
    json_write_text(w, "tap");
    json_write_text(w, "of");
    json_write_end(w);
}

static void write_link(struct json_writer *w, const struct registry *registry)
{
    schema_open_object(w, "link");
    json_write_member_text(w, "type", "object");
    schema_open_object(w, "if");
    schema_write_required(w, "tap", NULL);
    json_write_end(w);
    schema_open_object(w, "then");
    write_tap(w, registry);
    json_write_end(w);
    schema_open_object(w, "else");
    write_cable(w, registry);
    json_write_end(w);
    json_write_end(w);
}

static void write_action(struct json_writer *w)
{
    static const char *const required[] = {"at", "on", "run", NULL};
    schema_open_object(w, "action");
    json_write_member_text(w, "type", "object");
    schema_open_object(w, "properties");
    schema_open_object(w, "at");
    schema_write_reference(w, "time");
    json_write_end(w);
    schema_write_typed(w, "on", "string", "the node that does it");
    schema_write_typed(w, "run", "string", "the command, as a person would type it");
    schema_write_typed(w, "note", "string", "a remark for readers of the file");
    json_write_end(w);
    schema_write_texts(w, "required", required);
    json_write_member_boolean(w, "additionalProperties", false);
    json_write_end(w);
}

/* ---- Generators ---- */

static void write_link_parameters(struct json_writer *w, const struct registry *registry, const char *name,
                                  const char *description)
{
    const struct nt_node_type *link = registry_node(registry, "link");
    schema_open_object(w, name);
    json_write_member_text(w, "description", description);
    json_write_member_text(w, "type", "object");
    schema_open_object(w, "properties");
    schema_write_params(w, link ? link->params : NULL);
    json_write_end(w);
    json_write_member_boolean(w, "additionalProperties", false);
    json_write_end(w);
}

static void write_generator_properties(struct json_writer *w, const struct registry *registry)
{
    schema_open_object(w, "properties");
    schema_open_object(w, "type");
    json_write_member_text(w, "description", "the shape of what is made");
    schema_open_list(w, "enum");
    for (const struct graph_shape *shape = graph_shapes; shape->name; shape++)
        json_write_text(w, shape->name);
    json_write_end(w);
    json_write_end(w);
    schema_write_typed(w, "name", "string",
                       "what all names begin with: NAME-r1, NAME-h1; the type if not given");
    schema_write_typed(w, "block", "string", "where addresses come from, such as 10.1.0.0/16");
    schema_open_object(w, "routing");
    json_write_member_text(w, "description",
                           "static: routes along a tree; rip: routers find shortest paths; none: no routes");
    schema_write_texts(w, "enum", generate_routing_words);
    json_write_end(w);
    write_link_parameters(w, registry, "link", "what links between routers are like");
    write_link_parameters(w, registry, "access", "what links of hosts are like");
    write_link_parameters(w, registry, "bottleneck", "what the link in the middle is like");
    schema_write_typed(w, "note", "string", "a remark for readers of the file");
    json_write_end(w);
}

static void write_generator(struct json_writer *w, const struct registry *registry)
{
    schema_open_object(w, "generator");
    json_write_member_text(w, "type", "object");
    schema_write_required(w, "type", NULL);
    write_generator_properties(w, registry);
    schema_open_list(w, "allOf");
    for (const struct graph_shape *shape = graph_shapes; shape->name; shape++)
        schema_write_branch(w, shape->name, shape->params, generate_keys(shape));
    json_write_end(w);
    json_write_end(w);
}

/* ---- The file ---- */

static void write_top_properties(struct json_writer *w)
{
    schema_open_object(w, "properties");
    schema_write_typed(w, "$schema", "string", "where this schema is, for editors");
    schema_open_object(w, "netarium");
    json_write_member_text(w, "description", "the version of this language");
    json_write_member_integer(w, "const", 1);
    json_write_end(w);
    schema_write_typed(w, "title", "string", "what the scenario shows, in a few words");
    schema_write_typed(w, "about", "string", "what there is to see and to learn");
    schema_write_typed(w, "note", "string", "a remark for readers of the file");
    schema_open_object(w, "difficulty");
    json_write_member_text(w, "description", "how much one should know already");
    schema_write_texts(w, "enum", scenario_difficulties);
    json_write_end(w);
    schema_open_object(w, "seed");
    json_write_member_text(w, "description", "where all randomness comes from; the same seed, the same run");
    json_write_member_text(w, "type", "integer");
    json_write_member_integer(w, "minimum", 0);
    json_write_member_integer(w, "default", 1);
    json_write_end(w);
    schema_write_list_of(w, "generate", "generator", "large topologies, each made from one entry");
    schema_open_object(w, "nodes");
    json_write_member_text(w, "description", "what there is, each under its name");
    json_write_member_text(w, "type", "object");
    schema_open_object(w, "propertyNames");
    json_write_member_text(w, "pattern", NAME_PATTERN);
    json_write_end(w);
    schema_open_object(w, "additionalProperties");
    schema_write_reference(w, "node");
    json_write_end(w);
    json_write_end(w);
    schema_write_list_of(w, "links", "link", "what joins the nodes");
    schema_write_list_of(w, "actions", "action", "what is done, where and when");
    schema_write_list_of(w, "capture", "text",
                         "links or nodes whose frames a capture holds; all if not given");
    schema_write_list_of(w, "break", "text", "questions at whose first yes a window or a stepper stops");
    schema_write_list_of(w, "expect", "text", "what must hold at the end");
    schema_open_object(w, "stop");
    schema_write_reference(w, "time");
    json_write_end(w);
    json_write_end(w);
}

void schema_write(const struct registry *registry, FILE *out)
{
    static const char *const required[] = {"netarium", "stop", NULL};
    struct json_writer writer, *w = &writer;
    json_write_init(w, out);
    json_write_object(w);
    json_write_member_text(w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_write_member_text(w, "title", "Netarium scenario");
    json_write_member_text(w, "type", "object");
    schema_write_texts(w, "required", required);
    write_top_properties(w);
    json_write_member_boolean(w, "additionalProperties", false);
    schema_open_object(w, "$defs");
    schema_write_typed(w, "text", "string", "a text");
    schema_write_quantities(w);
    write_node(w, registry);
    write_link(w, registry);
    write_action(w);
    write_generator(w, registry);
    for (size_t i = 0; i < registry->part_count; i++)
        if (begins_category(registry, i))
            write_category(w, registry, registry->parts[i]->category);
    json_write_end(w);
    json_write_end(w);
}

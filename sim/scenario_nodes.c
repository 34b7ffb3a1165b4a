/* SPDX-License-Identifier: MIT
 * The section "nodes": name -> { "type": ..., the type's parameters, "at", "start", "note" }.
 *
 * In two steps: declaring gives every node its name and type, reading fills in its values once all names are
 * known. */
#include <string.h>

#include "sim/phrase.h"
#include "sim/scenario_reader.h"

static const char *const node_keys[] = {"type", "at", "start", "note", NULL};

/* ---- Declaring ---- */

static void refuse_type(struct scenario_reader *r, const struct json_value *type)
{
    const char *names[128];
    size_t count = 0;
    char hint[200];
    for (size_t i = 0; i < r->registry->node_count && count < 128; i++)
        names[count++] = r->registry->nodes[i]->name;
    phrase_hint(type->text, names, count, hint, sizeof hint);
    scenario_wrong(r, type, "no node type is called \"%.60s\"%s", type->text, hint);
}

/* The type that a node names; NULL: reported. */
static const struct nt_node_type *type_of(struct scenario_reader *r, const struct json_value *node)
{
    const struct json_value *type = json_member(node, "type");
    if (!type) {
        scenario_wrong(r, node, "a node needs a \"type\", such as \"host\"");
        return NULL;
    }
    if (!scenario_expect(r, type, JSON_STRING, "the name of a type"))
        return NULL;
    const struct nt_node_type *found = registry_node(r->registry, type->text);
    if (!found)
        refuse_type(r, type);
    return found;
}

static void declare_node(struct scenario_reader *r, const struct json_value *at)
{
    size_t index = at->index;
    struct scenario_node *node = &r->scenario->nodes[index];
    r->sources[index] = at;
    node->name = store_text(r->store, at->key, strlen(at->key));
    node->place = scenario_place_of(r, at);
    node->map_x = node->map_y = -1;
    if (!text_is_name(at->key))
        scenario_wrong_key(r, at,
                           "a name has 1 to 63 letters, digits, - or _, and begins with a letter or digit");
    scenario_add_name(r, index, node->name, at);
    if (scenario_expect(r, at, JSON_OBJECT, "an object such as { \"type\": \"host\" }"))
        node->type = type_of(r, at);
}

void scenario_declare_nodes(struct scenario_reader *r, const struct json_value *nodes)
{
    for (const struct json_value *node = nodes ? nodes->first_child : NULL; node; node = node->next)
        declare_node(r, node);
}

/* ---- Reading ---- */

/* "at": [x, y], whole numbers that are not negative. */
static void read_map_place(struct scenario_reader *r, const struct json_value *at, struct scenario_node *node)
{
    int64_t place[2] = {-1, -1};
    if (!scenario_expect(r, at, JSON_LIST, "a list of two numbers such as [120, 80]"))
        return;
    if (at->child_count != 2) {
        scenario_wrong(r, at, "expected a list of two numbers such as [120, 80], found %u", at->child_count);
        return;
    }
    const struct nt_param coordinate = {.name = "at", .kind = NT_PARAM_INTEGER, .least = 0, .most = 1000000};
    for (const struct json_value *child = at->first_child; child; child = child->next) {
        struct nt_value value = {0};
        if (!scenario_read_scalar(r, &coordinate, child, &value))
            return;
        place[child->index] = value.number;
    }
    node->map_x = (int32_t)place[0];
    node->map_y = (int32_t)place[1];
}

static void read_node(struct scenario_reader *r, size_t index)
{
    struct scenario_node *node = &r->scenario->nodes[index];
    const struct json_value *at = r->sources[index];
    if (!node->type)
        return;
    struct scenario_rules rules = {node->type->name, node->type->params, node_keys};
    scenario_read_values(r, &rules, at, &node->values);
    const struct json_value *map_place = json_member(at, "at"), *start = json_member(at, "start");
    if (map_place)
        read_map_place(r, map_place, node);
    if (start && !(node->type->flags & NT_NODE_RUNS_APPS))
        scenario_wrong_key(r, start, "%s %s runs no commands, so it has no \"start\"",
                           phrase_article(node->type->name), node->type->name);
}

void scenario_read_nodes(struct scenario_reader *r)
{
    for (size_t i = 0; i < r->own_nodes; i++)
        read_node(r, i);
}

/* SPDX-License-Identifier: MIT
 * An entry of "generate" from the file to nodes and links.
 *
 *     entry -> [read, checked here] -> graph -> numbers -> text -> tree
 *
 * A mistake is said once, at the entry that it is in, and none of its nodes are made. */
#include "sim/generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/generate_parts.h"
#include "sim/phrase.h"

#define OWN_BLOCK UINT32_C(0x0a000000) /* 10.0.0.0/8, if no block is given */
#define OWN_BLOCK_LENGTH 8

const char *const generate_routing_words[] = {"static", "rip", "none", NULL};

/* ---- Reading an entry ---- */

const char *const *generate_keys(const struct graph_shape *shape)
{
    static const char *const lan[] = {"type", "name", "access", "block", "note", NULL};
    static const char *const most[] = {"type", "name", "link", "access", "block", "routing", "note", NULL};
    static const char *const dumbbell[] = {"type",  "name",    "bottleneck", "access",
                                           "block", "routing", "note",       NULL};
    return shape->has_bottleneck ? dumbbell : shape->has_links ? most : lan;
}

/* "10.1.0.0/16": number is the first address, extra the length. */
static bool parse_block(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    unsigned a, b, c, d, length;
    int used = -1;
    int fields = sscanf(text, "%3u.%3u.%3u.%3u/%2u%n", &a, &b, &c, &d, &length, &used);
    if (fields != 5 || text[used] || strspn(text, "0123456789./") != strlen(text) || a > 255 || b > 255 ||
        c > 255 || d > 255 || length < 1 || length > 30) {
        snprintf(ret_why->text, sizeof ret_why->text,
                 "expected a block of addresses such as \"10.1.0.0/16\", found \"%.60s\"", text);
        return false;
    }
    uint32_t first = (uint32_t)a << 24 | b << 16 | c << 8 | d;
    if (first & (UINT32_MAX >> length)) {
        snprintf(ret_why->text, sizeof ret_why->text,
                 "\"%.60s\" is not the beginning of a block of this size", text);
        return false;
    }
    ret_value->number = first;
    ret_value->extra = length;
    return true;
}

static const struct nt_param block_param = {
    .name = "block", .kind = NT_PARAM_PARSED, .parse = parse_block, .summary = "where addresses come from"};
static const struct nt_param routing_param = {.name = "routing",
                                              .kind = NT_PARAM_WORD,
                                              .words = generate_routing_words,
                                              .summary = "how routers find the way"};

/* The shape that "type" names; NULL: reported. */
static const struct graph_shape *read_shape(struct scenario_reader *r, const struct json_value *at)
{
    const char *names[16];
    size_t count = 0;
    char hint[200];
    const struct json_value *type = json_member(at, "type");
    if (!type) {
        scenario_wrong(r, at, "a generator needs a \"type\", such as \"ring\"");
        return NULL;
    }
    if (!scenario_expect(r, type, JSON_STRING, "the name of a shape"))
        return NULL;
    for (const struct graph_shape *shape = graph_shapes; shape->name; shape++) {
        if (!strcmp(shape->name, type->text))
            return shape;
        names[count++] = shape->name;
    }
    phrase_hint(type->text, names, count, hint, sizeof hint);
    scenario_wrong(r, type, "no generator is called \"%.60s\"%s", type->text, hint);
    return NULL;
}

/* What all names begin with. */
static const char *read_prefix(struct scenario_reader *r, const struct generate_entry *e)
{
    const struct json_value *name = json_member(e->at, "name");
    if (!name)
        return e->shape->name;
    if (!scenario_expect(r, name, JSON_STRING, "a name"))
        return NULL;
    if (!text_is_name(name->text) || strlen(name->text) > GENERATE_NAME_MOST)
        scenario_wrong(
            r, name,
            "a generator's name has 1 to %d letters, digits, - or _, and begins with a letter or digit",
            GENERATE_NAME_MOST);
    return name->text;
}

/* Parameters of links are judged here once, not at every link that is made of them. */
static const struct json_value *read_link(struct scenario_reader *r, const struct generate_entry *e,
                                          const char *key)
{
    const struct nt_node_type *type = registry_node(r->registry, "link");
    const struct json_value *at = json_member(e->at, key);
    struct scenario_values ignored;
    if (!at || !type || !scenario_expect(r, at, JSON_OBJECT, "an object such as { \"rate\": \"1 Gbps\" }"))
        return NULL;
    struct scenario_rules rules = {type->name, type->params, NULL};
    scenario_read_values(r, &rules, at, &ignored);
    return at;
}

static void read_parameters(struct scenario_reader *r, struct generate_entry *e)
{
    struct scenario_rules rules = {e->shape->name, e->shape->params, generate_keys(e->shape)};
    struct scenario_values values;
    size_t before = r->errors->errors;
    scenario_read_values(r, &rules, e->at, &values);
    e->values = values.values;
    if (e->shape->is_even && r->errors->errors == before && e->values[0].number % 2)
        scenario_wrong(r, json_member(e->at, e->shape->params[0].name),
                       "\"%s\" is an even number, found %lld", e->shape->params[0].name,
                       (long long)e->values[0].number);
}

/* False: reported. */
static bool read_entry(struct scenario_reader *r, struct generate_entry *e)
{
    size_t before = r->errors->errors;
    if (!scenario_expect(r, e->at, JSON_OBJECT, "an object such as { \"type\": \"ring\", \"routers\": 10 }"))
        return false;
    e->shape = read_shape(r, e->at);
    if (!e->shape)
        return false;
    read_parameters(r, e);
    e->prefix = read_prefix(r, e);
    e->by_kind[GRAPH_ACCESS] = read_link(r, e, "access");
    e->by_kind[GRAPH_LINK] = read_link(r, e, "link");
    e->by_kind[GRAPH_BOTTLENECK] = read_link(r, e, "bottleneck");
    const struct json_value *routing = json_member(e->at, "routing");
    e->block_at = json_member(e->at, "block");
    if (routing)
        scenario_read_scalar(r, &routing_param, routing, &e->routing);
    if (e->block_at)
        scenario_read_scalar(r, &block_param, e->block_at, &e->block);
    return r->errors->errors == before;
}

/* ---- Names and limits ---- */

/* Is `name` one that this entry will make? */
static bool makes_name(const struct generate_entry *e, const char *name)
{
    char made[GENERATE_NAME_SIZE];
    size_t length = strlen(e->prefix);
    if (strncmp(name, e->prefix, length) != 0 || name[length] != '-' || !name[length + 1])
        return false;
    unsigned long number = strtoul(name + length + 2, NULL, 10);
    bool is_host = name[length + 1] == 'h';
    if (number < 1 || number > (is_host ? e->graph.host_count : e->graph.router_count))
        return false;
    generate_name(e, (uint32_t)number - 1 + (is_host ? e->graph.router_count : 0), made);
    return !strcmp(name, made);
}

static bool names_are_free(struct scenario_reader *r, const struct generate_entry *e)
{
    for (const struct json_value *node = e->generator->nodes->first_child; node; node = node->next) {
        if (!makes_name(e, node->key))
            continue;
        scenario_wrong(r, e->at,
                       "the name \"%.63s\" is taken: the first is in line %d; choose another \"name\"",
                       node->key, node->key_line);
        return false;
    }
    return true;
}

static bool size_is_possible(struct scenario_reader *r, const struct generate_entry *e)
{
    struct graph_size size = e->shape->size(e->values);
    uint64_t nodes = size.routers + size.hosts + e->generator->nodes->child_count;
    uint64_t links = size.edges + e->generator->links->child_count;
    if (nodes > SCENARIO_NODES_MOST)
        scenario_wrong(r, e->at, "with this %s there would be more than %d nodes", e->shape->name,
                       SCENARIO_NODES_MOST);
    else if (links > SCENARIO_LINKS_MOST)
        scenario_wrong(r, e->at, "with this %s there would be more than %d links", e->shape->name,
                       SCENARIO_LINKS_MOST);
    return nodes <= SCENARIO_NODES_MOST && links <= SCENARIO_LINKS_MOST;
}

static bool ports_suffice(struct scenario_reader *r, const struct generate_entry *e,
                          const struct nt_node_type *type)
{
    for (uint32_t vertex = 0; vertex < e->graph.router_count; vertex++) {
        uint32_t cables = e->numbers.start[vertex + 1] - e->numbers.start[vertex];
        char name[GENERATE_NAME_SIZE];
        if (cables <= type->max_ports)
            continue;
        generate_name(e, vertex, name);
        scenario_wrong(r, e->at, "%s would have %u cables, and a %s takes %u", name, cables, type->name,
                       type->max_ports);
        return false;
    }
    return true;
}

/* ---- Addresses ---- */

static uint64_t addresses_needed(const struct generate_entry *e)
{
    return e->shape->has_links ? (uint64_t)GENERATE_EDGE_ADDRESSES * e->graph.edge_count
                               : UINT64_C(1) << (32 - generate_lan_length(e));
}

/* An earlier entry's addresses among these, or NULL. */
static const struct generate_range *overlap(const struct generator *generator, struct generate_range range)
{
    for (size_t i = 0; i < generator->taken_count; i++)
        if (generator->taken[i].first < range.end && range.first < generator->taken[i].end)
            return &generator->taken[i];
    return NULL;
}

/* Where an entry's addresses lie; entries without a block share 10.0.0.0/8, one behind the other. */
static struct generate_range place_addresses(const struct generate_entry *e, uint64_t need)
{
    const struct generate_range *other;
    uint64_t step = e->shape->has_links ? GENERATE_EDGE_ADDRESSES : need;
    struct generate_range range = {OWN_BLOCK, OWN_BLOCK + need};
    if (e->block_at)
        return (struct generate_range){(uint64_t)e->block.number, (uint64_t)e->block.number + need};
    while ((other = overlap(e->generator, range))) {
        range.first = (other->end + step - 1) / step * step;
        range.end = range.first + need;
    }
    return range;
}

/* False: reported. */
static bool take_addresses(struct scenario_reader *r, struct generate_entry *e)
{
    struct generator *generator = e->generator;
    const struct json_value *at = e->block_at ? e->block_at : e->at;
    uint64_t first = e->block_at ? (uint64_t)e->block.number : OWN_BLOCK;
    uint64_t end = first + (UINT64_C(1) << (32 - (e->block_at ? e->block.extra : OWN_BLOCK_LENGTH)));
    uint64_t need = addresses_needed(e);
    struct generate_range range = place_addresses(e, need);
    if (range.end > end) {
        scenario_wrong(r, at, "this %s needs %llu addresses, and %llu are left in the block", e->shape->name,
                       (unsigned long long)need,
                       (unsigned long long)(end > range.first ? end - range.first : 0));
        return false;
    }
    if (overlap(generator, range)) {
        scenario_wrong(r, at, "an earlier generator uses addresses of this block; choose another");
        return false;
    }
    generator->taken[generator->taken_count++] = range;
    e->base = (uint32_t)range.first;
    return true;
}

/* ---- All entries ---- */

static void expand(struct generator *generator, const struct json_value *at)
{
    struct scenario_reader *r = generator->r;
    struct generate_entry entry = {.generator = generator, .at = at}, *e = &entry;
    struct store store;
    if (!read_entry(r, e) || !size_is_possible(r, e))
        return;
    const struct nt_node_type *type = registry_node(r->registry, e->shape->has_links ? "router" : "switch");
    if (!type) {
        scenario_wrong(r, at, "this program has no %s to make it of",
                       e->shape->has_links ? "router" : "switch");
        return;
    }
    store_init(&store);
    graph_draw(&e->graph, &store, e->shape, e->values);
    numbers_give(&e->numbers, &store, &e->graph);
    if (ports_suffice(r, e, type) && names_are_free(r, e) && take_addresses(r, e))
        generate_write(e);
    store_release(&store);
}

/* The section that grows, made if the file has none; NULL: it is something else, which was reported. */
static struct json_value *open_section(struct generator *generator, const struct json_value *list,
                                       const char *key, enum json_type type)
{
    struct json_value *root = json_root(generator->document), *section = json_member(root, key);
    if (section)
        return scenario_expect(generator->r, section, type, type == JSON_LIST ? "a list" : "an object")
                   ? section
                   : NULL;
    section = json_add(generator->document, root, key, type);
    section->line = section->key_line = list->line;
    section->column = section->key_column = list->column;
    return section;
}

bool generate_all(struct scenario_reader *r, struct json_document *document)
{
    const struct json_value *list = json_member(json_root(document), "generate");
    size_t before = r->errors->errors;
    if (!list)
        return true;
    if (!scenario_expect(r, list, JSON_LIST, "a list"))
        return false;
    if (list->child_count > GENERATE_ENTRIES_MOST) {
        scenario_wrong(r, list, "at most %d entries, found %u", GENERATE_ENTRIES_MOST, list->child_count);
        return false;
    }
    struct generator generator = {.r = r, .document = document};
    generator.nodes = open_section(&generator, list, "nodes", JSON_OBJECT);
    generator.links = open_section(&generator, list, "links", JSON_LIST);
    if (!generator.nodes || !generator.links)
        return false;
    r->slot_count = 16; /* no name is known yet */
    r->slots = store_alloc(&r->scratch, r->slot_count, sizeof *r->slots);
    for (const struct json_value *at = list->first_child; at; at = at->next)
        expand(&generator, at);
    return r->errors->errors == before;
}

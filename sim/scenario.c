/* SPDX-License-Identifier: MIT
 * A scenario file from bytes to a checked scenario: the top level, and the order of all else.
 *
 *     bytes -> tree -> overrides -> top level -> generators -> names of nodes and links -> their values
 *           -> ports -> actions -> queries
 *
 * The tree (sim/base/json.h) lives only while reading: what stays is copied into the scenario's own memory.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/generate.h"
#include "sim/scenario_reader.h"

#define FORMAT_VERSION 1 /* of the language: "netarium": 1 */

static const char *const top_keys[] = {"$schema",  "netarium", "title", "about",   "difficulty",
                                       "seed",     "generate", "nodes", "links",   "actions",
                                       "capture",  "break",    "expect", "stop",   "note",     NULL};

/* ---- Single values of the top level ---- */

static void read_version(struct scenario_reader *r)
{
    const struct json_value *at = json_member(r->root, "netarium");
    int64_t version;
    if (!at)
        scenario_wrong(r, r->root, "a scenario needs \"netarium\": %d, the version of its language",
                       FORMAT_VERSION);
    else if (at->type != JSON_NUMBER)
        scenario_wrong(r, at, "expected the number %d, found %s", FORMAT_VERSION, json_type_name(at->type));
    else if (!json_integer(at, &version) || version != FORMAT_VERSION)
        scenario_wrong(r, at, "this program reads version %d of the language, found %.30s", FORMAT_VERSION,
                       at->text);
}

static const char *read_text(struct scenario_reader *r, const char *key)
{
    const struct json_value *at = json_member(r->root, key);
    if (!at || !scenario_expect(r, at, JSON_STRING, "a text"))
        return NULL;
    return store_text(r->store, at->text, strlen(at->text));
}

/* The title stands in one line of what views write; with a line break in it a file could write whole lines of its own. */
static const char *read_title(struct scenario_reader *r)
{
    const char *title = read_text(r, "title");
    if (title && title[strcspn(title, "\r\n")])
        scenario_wrong(r, json_member(r->root, "title"), "a title is one line, found a line break in it");
    return title;
}

const char *const scenario_difficulties[] = {"easy", "medium", "hard", NULL};

static unsigned read_difficulty(struct scenario_reader *r)
{
    static const struct nt_param param = {
        .name = "difficulty", .kind = NT_PARAM_WORD, .words = scenario_difficulties};
    const struct json_value *at = json_member(r->root, "difficulty");
    struct nt_value value = {0};
    return at && scenario_read_scalar(r, &param, at, &value) ? 1 + (unsigned)value.number : 0;
}

static void read_seed(struct scenario_reader *r, const struct scenario_options *options)
{
    static const struct nt_param param = {
        .name = "seed", .kind = NT_PARAM_INTEGER, .least = 0, .most = INT64_MAX};
    const struct json_value *at = json_member(r->root, "seed");
    struct nt_value value = {.number = 1};
    if (at)
        scenario_read_scalar(r, &param, at, &value);
    r->scenario->seed = options && options->has_seed ? options->seed : (uint64_t)value.number;
}

/* The range of nt_time is 106 days; the last of them are left to what is under way when the run stops. */
static void read_stop(struct scenario_reader *r, const struct scenario_options *options)
{
    static const struct nt_param param = {
        .name = "stop", .kind = NT_PARAM_TIME, .least = 1, .most = INT64_C(8640000) * NT_SECOND};
    const struct json_value *at = json_member(r->root, "stop");
    struct nt_value value = {0};
    if (at)
        scenario_read_scalar(r, &param, at, &value);
    else if (!options || !options->has_stop)
        scenario_wrong(r, r->root, "a scenario needs \"stop\": the time at which it ends, such as \"6 s\"");
    r->scenario->stop = options && options->has_stop ? options->stop : value.number;
}

/* ---- Sections ---- */

/* The section `key` if it is there, of this type, and not larger than `most`; else NULL. */
static const struct json_value *section(struct scenario_reader *r, const char *key, enum json_type type,
                                        size_t most)
{
    const struct json_value *at = json_member(r->root, key);
    if (!at || !scenario_expect(r, at, type, type == JSON_LIST ? "a list" : "an object"))
        return NULL;
    if (at->child_count <= most)
        return at;
    scenario_wrong(r, at, "at most %zu entries, found %u", most, at->child_count);
    return NULL;
}

static size_t read_queries(struct scenario_reader *r, const char *key, struct scenario_query **ret_queries)
{
    const struct json_value *list = section(r, key, JSON_LIST, SCENARIO_QUERIES_MOST);
    size_t count = 0;
    *ret_queries = store_alloc(r->store, list ? list->child_count : 0, sizeof **ret_queries);
    for (const struct json_value *at = list ? list->first_child : NULL; at; at = at->next) {
        if (!scenario_expect(r, at, JSON_STRING, "a question such as \"count(frame.drop) == 0\""))
            continue;
        struct scenario_query *query = &(*ret_queries)[count++];
        query->text = store_text(r->store, at->text, strlen(at->text));
        query->place = scenario_place_inside(r, at, 0);
    }
    return count;
}

static void read_captures(struct scenario_reader *r)
{
    const struct json_value *list = section(r, "capture", JSON_LIST, SCENARIO_QUERIES_MOST);
    r->scenario->captures =
        store_alloc(r->store, list ? list->child_count : 0, sizeof *r->scenario->captures);
    for (const struct json_value *at = list ? list->first_child : NULL; at; at = at->next) {
        char hint[100];
        if (!scenario_expect(r, at, JSON_STRING, "the name of a link or node"))
            continue;
        uint32_t id = scenario_find_node(r, at->text);
        if (id) {
            r->scenario->captures[r->scenario->capture_count++] = r->names[id - 1];
            continue;
        }
        scenario_hint_node(r, at->text, hint, sizeof hint);
        scenario_wrong(r, at, "no link or node is called \"%.63s\"%s", at->text, hint);
    }
}

/* Room for all nodes and joints that the file can have. */
static void make_room(struct scenario_reader *r, const struct json_value *nodes,
                      const struct json_value *links)
{
    size_t link_count = links ? links->child_count : 0;
    r->own_nodes = nodes ? nodes->child_count : 0;
    r->name_room = r->own_nodes + link_count;
    r->scenario->nodes = store_alloc(r->store, r->name_room, sizeof *r->scenario->nodes);
    r->scenario->joints = store_alloc(r->store, link_count * 2, sizeof *r->scenario->joints);
    r->joint_sources = store_alloc(&r->scratch, link_count * 2, sizeof *r->joint_sources);
    r->sources = store_alloc(&r->scratch, r->name_room, sizeof(struct json_value *));
    r->names = store_alloc(&r->scratch, r->name_room, sizeof *r->names);
    for (r->slot_count = 16; r->slot_count < r->name_room * 2;)
        r->slot_count *= 2;
    r->slots = store_alloc(&r->scratch, r->slot_count, sizeof *r->slots);
}

/* A node that nothing is plugged into is allowed, and seldom meant. Said only of a file without mistakes:
 * where a link could not be read, the node is not to blame. */
static void warn_of_lonely_nodes(struct scenario_reader *r)
{
    bool *has_cable = store_alloc(&r->scratch, r->scenario->node_count, sizeof *has_cable);
    for (size_t i = 0; i < r->scenario->joint_count; i++)
        for (int side = 0; side < 2; side++)
            has_cable[r->scenario->joints[i].node[side]] = true;
    for (size_t i = 0; i < r->own_nodes; i++)
        if (!has_cable[i] && r->scenario->nodes[i].type->max_ports)
            scenario_warn(r, r->sources[i], "%s has no cable", r->names[i]);
}

static void read_all(struct scenario_reader *r, struct json_document *document,
                     const struct scenario_options *options)
{
    static const struct scenario_rules rules = {"scenario", NULL, top_keys};
    scenario_check_keys(r, &rules, r->root);
    read_version(r);
    r->scenario->title = read_title(r);
    r->scenario->about = read_text(r, "about");
    r->scenario->difficulty = read_difficulty(r);
    read_seed(r, options);
    read_stop(r, options);
    if (!generate_all(r, document))
        return;
    const struct json_value *nodes = section(r, "nodes", JSON_OBJECT, SCENARIO_NODES_MOST);
    const struct json_value *links = section(r, "links", JSON_LIST, SCENARIO_LINKS_MOST);
    make_room(r, nodes, links);
    scenario_declare_nodes(r, nodes);
    scenario_declare_links(r, links);
    scenario_read_nodes(r);
    scenario_read_links(r, links);
    scenario_choose_ports(r);
    scenario_read_actions(r, section(r, "actions", JSON_LIST, SCENARIO_ACTIONS_MOST));
    read_captures(r);
    r->scenario->expect_count = read_queries(r, "expect", &r->scenario->expects);
    r->scenario->break_count = read_queries(r, "break", &r->scenario->breaks);
    if (r->errors->errors == r->errors_before)
        warn_of_lonely_nodes(r);
}

/* ---- The whole ---- */

/* False: an override leads nowhere. */
static bool apply_overrides(struct json_document *document, const struct scenario_options *options,
                            struct error_list *errors)
{
    bool fine = true;
    for (size_t i = 0; options && i < options->override_count; i++) {
        const char *whole = options->overrides[i], *equals = strchr(whole, '=');
        struct error_place place = {.file = "command line"};
        char why_bytes[400], path[400];
        struct text why = text_in(why_bytes, sizeof why_bytes), name = text_in(path, sizeof path);
        if (!equals || equals == whole) {
            error_add(errors, &place, "--set %.200s: expected PATH=VALUE, such as links[0].rate=1 Mbps",
                      whole);
            fine = false;
            continue;
        }
        text_add_bytes(&name, whole, (size_t)(equals - whole));
        if (!json_override(document, path, equals + 1, &why)) {
            error_add(errors, &place, "--set %.200s: %s", whole, why_bytes);
            fine = false;
        }
    }
    return fine;
}

/* An empty scenario that owns its memory: the store lies in its own first block. */
static struct scenario *scenario_new(const char *file)
{
    struct store first;
    store_init(&first);
    struct store *store = store_alloc(&first, 1, sizeof *store);
    struct scenario *scenario = store_alloc(&first, 1, sizeof *scenario);
    *store = first;
    scenario->storage = store;
    scenario->file = store_text(store, file, strlen(file));
    return scenario;
}

void scenario_free(struct scenario *scenario)
{
    if (!scenario)
        return;
    struct store store = *(struct store *)scenario->storage;
    store_release(&store);
}

struct scenario *scenario_parse(const char *file, const char *bytes, size_t length,
                                const struct registry *registry, const struct scenario_options *options,
                                struct error_list *errors)
{
    struct scenario_reader r = {.registry = registry, .errors = errors, .errors_before = errors->errors};
    struct json_document *document = json_parse(file, bytes, length, errors);
    if (!document)
        return NULL;
    r.scenario = scenario_new(file);
    r.store = r.scenario->storage;
    store_init(&r.scratch);
    r.source = (struct scenario_source){.bytes = bytes, .length = length};
    r.root = json_root(document);
    if (apply_overrides(document, options, errors) &&
        scenario_expect(&r, r.root, JSON_OBJECT, "an object: { ... }"))
        read_all(&r, document, options);
    json_free(document);
    store_release(&r.scratch);
    error_list_sort(errors);
    if (errors->errors == r.errors_before)
        return r.scenario;
    scenario_free(r.scenario);
    return NULL;
}

struct scenario *scenario_read(const char *file, const struct registry *registry,
                               const struct scenario_options *options, struct error_list *errors)
{
    char *bytes;
    size_t length;
    if (!json_read_file(file, &bytes, &length, errors))
        return NULL;
    struct scenario *scenario = scenario_parse(file, bytes, length, registry, options, errors);
    free(bytes);
    return scenario;
}

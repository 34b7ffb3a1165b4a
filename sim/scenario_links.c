/* SPDX-License-Identifier: MIT
 * The section "links": what joins the nodes.
 *
 *     { "between": ["alice", "r:eth1"], "rate": "10 Mbps" }     a cable: a node of type "link" and two joints
 *
 *         alice eth0 =====joint===== end0 [alice-r] end1 =====joint===== eth1 r
 *
 *     { "tap": "coax", "of": "west", "position": "250 m" }      one joint between a node and a medium of the
 * file
 *
 * A cable is called as its "name" says, else "A-B", "A-B-2" and so on. Cables stand behind the file's nodes.
 */
#include <stdio.h>
#include <string.h>

#include "sim/param.h"
#include "sim/phrase.h"
#include "sim/scenario_reader.h"

#define SAME_ENDS_MOST 99 /* cables without a name between the same two nodes */
#define LINK_FORMS "an object such as { \"between\": [\"alice\", \"bob\"] }"

static const char *const cable_keys[] = {"between", "name", "note", NULL};
static const char *const tap_keys[] = {"tap", "of", "note", NULL};

/* ---- Declaring cables ---- */

static const struct json_value *cable_ends(const struct json_value *link)
{
    return link->type == JSON_OBJECT ? json_member(link, "between") : NULL;
}

static void declare_named(struct scenario_reader *r, size_t index, const struct json_value *name)
{
    if (!scenario_expect(r, name, JSON_STRING, "a name"))
        return;
    if (!text_is_name(name->text)) {
        scenario_wrong(r, name,
                       "a name has 1 to 63 letters, digits, - or _, and begins with a letter or digit");
        return;
    }
    const char *kept = store_text(r->store, name->text, strlen(name->text));
    if (scenario_add_name(r, index, kept, name))
        r->scenario->nodes[index].name = kept;
}

/* "alice-bob" for the ends "alice:eth0" and "bob"; NULL if the ends are no two texts. */
static const char *name_of_ends(struct scenario_reader *r, const struct json_value *ends)
{
    const struct json_value *a = ends->first_child, *b = a ? a->next : NULL;
    if (!b || a->type != JSON_STRING || b->type != JSON_STRING)
        return NULL;
    return store_format(r->store, "%.*s-%.*s", (int)strcspn(a->text, ":"), a->text,
                        (int)strcspn(b->text, ":"), b->text);
}

static void choose_name(struct scenario_reader *r, size_t index, const struct json_value *link)
{
    const char *plain = name_of_ends(r, json_member(link, "between"));
    if (!plain)
        return;
    const char *name = plain;
    for (int number = 2; scenario_find_node(r, name) && number <= SAME_ENDS_MOST; number++)
        name = store_format(r->store, "%s-%d", plain, number);
    if (scenario_find_node(r, name))
        scenario_wrong(r, link, "more than %d cables would be called \"%.130s\"; give this one a \"name\"",
                       SAME_ENDS_MOST, plain);
    else if (scenario_add_name(r, index, name, link))
        r->scenario->nodes[index].name = name;
}

/* Names given go before names chosen, so that a chosen one never takes what stands further down. */
void scenario_declare_links(struct scenario_reader *r, const struct json_value *links)
{
    size_t index = r->own_nodes;
    const struct nt_node_type *type = registry_node(r->registry, "link");
    for (const struct json_value *link = links ? links->first_child : NULL; link; link = link->next) {
        if (!cable_ends(link))
            continue;
        r->sources[index] = link;
        r->scenario->nodes[index].type = type;
        r->scenario->nodes[index].place = scenario_place_of(r, link);
        r->scenario->nodes[index].map_x = r->scenario->nodes[index].map_y = -1;
        const struct json_value *name = json_member(link, "name");
        if (name)
            declare_named(r, index, name);
        index++;
    }
    r->scenario->node_count = index;
    for (size_t i = r->own_nodes; i < index; i++)
        if (!json_member(r->sources[i], "name"))
            choose_name(r, i, r->sources[i]);
}

/* ---- Ends ---- */

/* One end of a cable or tap, as written: "alice" or "alice:eth0". */
struct end {
    const struct json_value *at;
    size_t node;      /* index */
    const char *port; /* NULL: not named */
};

/* Reads an end. False: reported, or its node has no type, which was reported before. */
static bool read_end(struct scenario_reader *r, const struct json_value *at, struct end *ret_end)
{
    if (!scenario_expect(r, at, JSON_STRING, "the name of a node, with or without a port: \"alice:eth0\""))
        return false;
    const char *colon = strchr(at->text, ':');
    char name[200]; /* longer than any */
    struct text before = text_in(name, sizeof name);
    text_add_bytes(&before, at->text, colon ? (size_t)(colon - at->text) : strlen(at->text));
    uint32_t id = scenario_find_node(r, name);
    if (!id) {
        char hint[100];
        scenario_hint_node(r, name, hint, sizeof hint);
        scenario_wrong(r, at, "no node is called \"%.63s\"%s", name, hint);
        return false;
    }
    *ret_end = (struct end){at, id - 1, colon ? store_text(r->store, colon + 1, strlen(colon + 1)) : NULL};
    return r->scenario->nodes[id - 1].type != NULL;
}

/* A name of a node for use in a sentence. */
static const char *name_at(const struct scenario_reader *r, size_t index)
{
    return r->scenario->nodes[index].name;
}

static bool is_medium(const struct scenario_reader *r, size_t index)
{
    return r->scenario->nodes[index].type->flags & NT_NODE_MEDIUM;
}

/* What the tap at `at` says of a port; NULL: all defaults. */
static const struct scenario_values *
read_port_values(struct scenario_reader *r, const struct nt_param *params, const struct json_value *at)
{
    struct scenario_rules rules = {"tap", params, tap_keys};
    struct scenario_values *values = store_alloc(r->store, 1, sizeof *values);
    scenario_read_values(r, &rules, at, values);
    return values;
}

static void fill_port_values(struct scenario_reader *r, struct scenario_joint *joint, int side)
{
    const struct nt_param *params = r->scenario->nodes[joint->node[side]].type->port_params;
    if (params && !joint->port_values[side])
        joint->port_values[side] = read_port_values(r, params, NULL);
}

static struct scenario_joint *add_joint(struct scenario_reader *r, const struct end *end, size_t medium,
                                        const struct json_value *medium_at)
{
    size_t index = r->scenario->joint_count++;
    struct scenario_joint *joint = &r->scenario->joints[index];
    *joint =
        (struct scenario_joint){.node = {(uint32_t)end->node, (uint32_t)medium}, .port = {end->port, NULL}};
    r->joint_sources[index] = (struct scenario_joint_sources){{end->at, medium_at}};
    return joint;
}

/* ---- Cables ---- */

/* The two ends of a cable. False: reported. */
static bool read_ends(struct scenario_reader *r, const struct json_value *between, struct end *ret_ends)
{
    if (!scenario_expect(r, between, JSON_LIST, "a list of two nodes such as [\"alice\", \"bob\"]"))
        return false;
    if (between->child_count != 2) {
        scenario_wrong(r, between, "a cable has two ends such as [\"alice\", \"bob\"], found %u",
                       between->child_count);
        return false;
    }
    bool fine = true;
    for (const struct json_value *at = between->first_child; at; at = at->next) {
        struct end *end = &ret_ends[at->index];
        bool is_read = read_end(r, at, end);
        if (is_read && is_medium(r, end->node)) {
            scenario_wrong(r, at, "%s is a %s, which needs no cable; use { \"tap\": \"%s\", \"of\": ... }",
                           name_at(r, end->node), r->scenario->nodes[end->node].type->name,
                           name_at(r, end->node));
            is_read = false;
        }
        fine = fine && is_read;
    }
    if (fine && ret_ends[0].node == ret_ends[1].node) {
        scenario_wrong(r, between, "a cable joins two nodes; both of its ends are %s",
                       name_at(r, ret_ends[0].node));
        return false;
    }
    return fine;
}

static void read_cable(struct scenario_reader *r, size_t index)
{
    static const char *const rests[] = {".between[0]", ".between[1]"};
    struct scenario_node *cable = &r->scenario->nodes[index];
    const struct json_value *at = r->sources[index], *between = json_member(at, "between");
    struct end ends[2];
    if (!cable->type) {
        scenario_wrong(r, at, "there are no cables: no node type is called \"link\"");
        return;
    }
    struct scenario_rules rules = {cable->type->name, cable->type->params, cable_keys};
    scenario_read_values(r, &rules, at, &cable->values);
    if (!read_ends(r, between, ends))
        return;
    for (int side = 0; side < 2; side++) {
        struct scenario_joint *joint = add_joint(r, &ends[side], index, ends[side].at);
        joint->place =
            (struct scenario_place){scenario_spot_of(ends[side].at), cable->place.path, rests[side]};
        fill_port_values(r, joint, 0);
        fill_port_values(r, joint, 1);
    }
}

/* ---- Taps ---- */

static bool read_tap_ends(struct scenario_reader *r, const struct json_value *at, struct end *ret_medium,
                          struct end *ret_station)
{
    const struct json_value *tap = json_member(at, "tap"), *of = json_member(at, "of");
    if (!of)
        scenario_wrong(r, at, "a tap needs \"of\": the node that it belongs to");
    bool has_medium = read_end(r, tap, ret_medium);
    bool has_station = of && read_end(r, of, ret_station);
    if (has_medium && !is_medium(r, ret_medium->node)) {
        const char *type = r->scenario->nodes[ret_medium->node].type->name;
        scenario_wrong(r, tap, "%s is %s %s and cannot be tapped; use \"between\" for a cable",
                       name_at(r, ret_medium->node), phrase_article(type), type);
        has_medium = false;
    }
    if (has_station && is_medium(r, ret_station->node)) {
        scenario_wrong(r, of, "%s is a medium itself; \"of\" names a node that shall be joined to one",
                       name_at(r, ret_station->node));
        has_station = false;
    }
    return has_medium && has_station;
}

static void read_tap(struct scenario_reader *r, const struct json_value *at)
{
    struct end medium, station;
    if (!read_tap_ends(r, at, &medium, &station))
        return;
    struct scenario_joint *joint = add_joint(r, &station, medium.node, medium.at);
    joint->port[1] = medium.port;
    joint->place = scenario_place_of(r, at);
    joint->port_values[1] = read_port_values(r, r->scenario->nodes[medium.node].type->port_params, at);
    fill_port_values(r, joint, 0);
}

void scenario_read_links(struct scenario_reader *r, const struct json_value *links)
{
    size_t index = r->own_nodes;
    for (const struct json_value *link = links ? links->first_child : NULL; link; link = link->next) {
        if (!scenario_expect(r, link, JSON_OBJECT, LINK_FORMS))
            continue;
        bool is_tap = json_member(link, "tap"), is_cable = cable_ends(link);
        if (is_tap && is_cable)
            scenario_wrong(r, link, "either \"between\" for a cable, or \"tap\" and \"of\", not both");
        else if (is_tap)
            read_tap(r, link);
        else if (is_cable)
            read_cable(r, index);
        else
            scenario_wrong(r, link, "a link needs \"between\": [A, B], or \"tap\": MEDIUM and \"of\": NODE");
        index += is_cable;
    }
}

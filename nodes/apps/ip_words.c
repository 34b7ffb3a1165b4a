/* SPDX-License-Identifier: MIT
 * See ip_words.h. Tables say what there is: objects, their verbs, and the keywords that each pair takes. */
#include "nodes/apps/ip_words.h"

#include <stdio.h>
#include <string.h>

#include "protocols/ipv4/ipv4.h"

#define MOST_PORTS 64

static const char *const objects[] = {"address", "link", "route", "neighbour", NULL};
static const char *const verbs[] = {"show", "add", "delete", "set", "get", "flush", NULL};

/* Other spellings: of a word above, at that place. */
static const struct {
    const char *spelling;
    const char *const *table;
    unsigned index;
} spellings[] = {
    {"addr", objects, IP_ADDR}, {"neighbor", objects, IP_NEIGH}, {"list", verbs, IP_SHOW},
    {"lst", verbs, IP_SHOW},    {"del", verbs, IP_DEL},
};

enum keyword {
    KEY_DEV,
    KEY_VIA,
    KEY_METRIC,
    KEY_LLADDR,
    KEY_NUD,
    KEY_UP,
    KEY_DOWN,
    KEY_MTU,
    KEY_NEXTHOP,
    KEY_WEIGHT,
    KEYWORDS
};
static const char *const keywords[] = {"dev",  "via", "metric",  "lladdr", "nud", "up",
                                       "down", "mtu", "nexthop", "weight", NULL};

/* What may follow a verb: whether a target must (2), may (1) or must not (0) stand there, and which keywords.
 */
struct form {
    enum ip_object object;
    enum ip_verb verb;
    unsigned target;
    unsigned keys;
};

#define KEY(name) (1u << KEY_##name)
static const struct form forms[] = {
    {IP_ADDR, IP_SHOW, 0, KEY(DEV)},
    {IP_ADDR, IP_ADD, 2, KEY(DEV)},
    {IP_ADDR, IP_DEL, 2, KEY(DEV)},
    {IP_ADDR, IP_FLUSH, 0, KEY(DEV)},
    {IP_LINK, IP_SHOW, 0, KEY(DEV)},
    {IP_LINK, IP_SET, 0, KEY(DEV) | KEY(UP) | KEY(DOWN) | KEY(MTU)},
    {IP_ROUTE, IP_SHOW, 0, KEY(DEV)},
    {IP_ROUTE, IP_ADD, 2, KEY(DEV) | KEY(VIA) | KEY(METRIC) | KEY(NEXTHOP) | KEY(WEIGHT)},
    {IP_ROUTE, IP_DEL, 2, KEY(DEV) | KEY(VIA)},
    {IP_ROUTE, IP_GET, 2, 0},
    {IP_NEIGH, IP_SHOW, 0, KEY(DEV)},
    {IP_NEIGH, IP_ADD, 2, KEY(DEV) | KEY(LLADDR) | KEY(NUD)},
    {IP_NEIGH, IP_DEL, 2, KEY(DEV)},
    {IP_NEIGH, IP_FLUSH, 0, KEY(DEV)},
};

/* Words being read. */
struct reading {
    const struct nt_node *node;
    const struct nt_value *words;
    uint32_t count, next;
    struct ip_request *request;
    struct text why;
};

static const struct form *form_of(enum ip_object object, enum ip_verb verb)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (forms[i].object == object && forms[i].verb == verb)
            return &forms[i];
    return NULL;
}

/* ---- Mistakes ---- */

/* "expected address, link, route or neighbour, found "ruote"; did you mean "route"?" */
static bool refuse(struct reading *r, const char *found, const char *const *known)
{
    const char *nearest = found ? text_nearest(found, known) : NULL;
    text_add(&r->why, "expected");
    for (size_t i = 0; known[i]; i++)
        text_add(&r->why, "%s %s", i == 0 ? "" : known[i + 1] ? "," : " or", known[i]);
    if (found)
        text_add(&r->why, ", found \"%.30s\"", found);
    if (nearest)
        text_add(&r->why, "; did you mean \"%s\"?", nearest);
    return false;
}

static bool refuse_dev(struct reading *r, const char *name)
{
    const char *names[MOST_PORTS + 1] = {NULL};
    for (uint32_t i = 0; i < r->node->port_count && i < MOST_PORTS; i++)
        names[i] = r->node->ports[i]->name;
    return refuse(r, name, names);
}

/* ---- Single words ---- */

static const char *take(struct reading *r)
{
    return r->next < r->count ? r->words[r->next++].text : NULL;
}

/* The place of a word in a table: whole, another spelling, or the only one that begins like it (the first, if
 * several do: `ip a` is address). */
static bool find_word(const char *word, const char *const *table, unsigned *ret_index)
{
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        if (spellings[i].table == table && strcmp(spellings[i].spelling, word) == 0) {
            *ret_index = spellings[i].index;
            return true;
        }
    for (unsigned i = 0; table[i]; i++)
        if (*word && strncmp(table[i], word, strlen(word)) == 0) {
            *ret_index = i;
            return true;
        }
    return false;
}

uint32_t ip_find_dev(const struct nt_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        if (strcmp(node->ports[i]->name, name) == 0)
            return i;
    return IP_NO_DEV;
}

static uint32_t find_dev(const struct reading *r, const char *name)
{
    return r->request->verb == IP_SHOW && strcmp(name, "lo") == 0 ? IP_LO : ip_find_dev(r->node, name);
}

/* The way that the words are about, once there was a "nexthop"; else NULL. */
static struct ip_way *way_now(struct ip_request *request)
{
    return request->way_count ? &request->ways[request->way_count - 1] : NULL;
}

static bool read_dev(struct reading *r, const char *name)
{
    struct ip_way *way = way_now(r->request);
    uint32_t dev = find_dev(r, name);
    *(way ? &way->dev : &r->request->dev) = dev;
    return dev != IP_NO_DEV || refuse_dev(r, name);
}

static bool begin_way(struct reading *r)
{
    struct ip_request *request = r->request;
    if (request->has_via || request->dev != IP_NO_DEV) {
        text_add(&r->why, "a route has either one way or several with \"nexthop\" before each");
        return false;
    }
    if (request->way_count == IP_WAYS) {
        text_add(&r->why, "a route has at most %d ways", IP_WAYS);
        return false;
    }
    request->ways[request->way_count++] = (struct ip_way){.dev = IP_NO_DEV, .weight = 1};
    return true;
}

static bool read_number(struct reading *r, const char *word, uint32_t least, uint32_t most,
                        uint32_t *ret_number)
{
    uint64_t number = 0;
    const char *at = word;
    for (; *at >= '0' && *at <= '9' && number <= most; at++)
        number = number * 10 + (uint64_t)(*at - '0');
    if (*at || at == word || number < least || number > most) {
        text_add(&r->why, "expected a number from %u to %u, found \"%.30s\"", least, most, word);
        return false;
    }
    *ret_number = (uint32_t)number;
    return true;
}

/* "10.0.3.0/24", "default", or an address alone, which is a prefix of 32 bits. */
static bool read_target(struct reading *r, const char *word)
{
    struct ip_request *request = r->request;
    request->has_target = true;
    request->target.length = strcmp(word, "default") == 0 ? 0 : 32;
    if (request->target.length == 0)
        return true;
    if (strchr(word, '/'))
        return ipv4_prefix_parse(word, &request->target, &r->why);
    return ipv4_parse(word, &request->target.address, &r->why);
}

/* ---- Keywords ---- */

static bool read_value(struct reading *r, enum keyword key, const char *value)
{
    static const char *const permanent[] = {"permanent", NULL};
    struct ip_request *request = r->request;
    struct ip_way *way = way_now(request);
    switch (key) {
    case KEY_DEV:
        return read_dev(r, value);
    case KEY_VIA:
        *(way ? &way->has_via : &request->has_via) = true;
        return ipv4_parse(value, way ? &way->via : &request->via, &r->why);
    case KEY_WEIGHT:
        if (way)
            return read_number(r, value, 1, IP_WEIGHT_MOST, &way->weight);
        text_add(&r->why, "\"weight\" belongs to one of several ways: nexthop via 10.0.2.2 weight 2");
        return false;
    case KEY_METRIC:
        return read_number(r, value, 0, UINT32_MAX, &request->metric);
    case KEY_MTU:
        return read_number(r, value, 68, 65535, &request->mtu_bytes);
    case KEY_LLADDR:
        request->has_lladdr = true;
        if (mac_parse(value, &request->lladdr))
            return true;
        text_add(&r->why, "expected an Ethernet address such as 02:00:00:00:00:01, found \"%.30s\"", value);
        return false;
    case KEY_NUD:
        return strcmp(value, "permanent") == 0 || refuse(r, value, permanent);
    default:
        return false;
    }
}

/* The keywords of a form, and "or the name of an interface" where that alone is enough. */
static bool refuse_keyword(struct reading *r, const struct form *form, const char *word)
{
    const char *known[KEYWORDS + MOST_PORTS + 1];
    unsigned count = 0;
    for (unsigned i = 0; i < KEYWORDS; i++)
        if (form->keys & 1u << i)
            known[count++] = keywords[i];
    for (uint32_t i = 0; form->target == 0 && i < r->node->port_count && i < MOST_PORTS; i++)
        known[count++] = r->node->ports[i]->name;
    known[count] = NULL;
    if (count)
        return refuse(r, word, known);
    text_add(&r->why, "expected no more words, found \"%.30s\"", word);
    return false;
}

static bool read_keyword(struct reading *r, const struct form *form, const char *word)
{
    unsigned key = 0;
    while (key < KEYWORDS && !(form->keys & 1u << key && strcmp(keywords[key], word) == 0))
        key++;
    if (key == KEYWORDS) {
        uint32_t dev = form->target == 0 ? find_dev(r, word) : IP_NO_DEV; /* `ip link show eth0` */
        if (dev == IP_NO_DEV)
            return refuse_keyword(r, form, word);
        r->request->dev = dev;
        return true;
    }
    if (key == KEY_UP || key == KEY_DOWN) {
        r->request->has_state = true;
        r->request->is_up = key == KEY_UP;
        return true;
    }
    if (key == KEY_NEXTHOP)
        return begin_way(r);
    const char *value = take(r);
    if (value)
        return read_value(r, (enum keyword)key, value);
    text_add(&r->why, "\"%s\" wants a value after it", word);
    return false;
}

/* ---- The whole ---- */

/* Does each of the ways say where it leads? */
static bool are_ways_whole(const struct ip_request *request)
{
    for (uint32_t i = 0; i < request->way_count; i++)
        if (!request->ways[i].has_via && request->ways[i].dev == IP_NO_DEV)
            return false;
    return true;
}

/* What a form needs beyond what its words say. */
static bool check_needs(struct reading *r, const struct form *form)
{
    const struct ip_request *request = r->request;
    const char *what = NULL;
    if (form->target == 2 && !request->has_target)
        what = form->object == IP_ROUTE ? "a destination such as 10.0.3.0/24 or default" : "an address";
    else if (form->object == IP_ADDR && form->verb != IP_SHOW && request->dev == IP_NO_DEV)
        what = "an interface: dev eth0";
    else if (form->object == IP_NEIGH && (form->verb == IP_ADD || form->verb == IP_DEL) &&
             request->dev == IP_NO_DEV)
        what = "an interface: dev eth0";
    else if (form->object == IP_NEIGH && form->verb == IP_ADD && !request->has_lladdr)
        what = "an Ethernet address: lladdr 02:00:00:00:00:01";
    else if (form->verb == IP_SET &&
             (request->dev == IP_NO_DEV || !(request->has_state || request->mtu_bytes)))
        what = "an interface and what to set: eth0 up, eth0 down, eth0 mtu 1400";
    else if (form->object == IP_ROUTE && form->verb == IP_ADD && !request->way_count && !request->has_via &&
             request->dev == IP_NO_DEV)
        what = "the next hop: via 10.0.0.254, or dev eth0";
    else if (!are_ways_whole(request))
        what = "via or dev after each \"nexthop\"";
    if (what)
        text_add(&r->why, "\"ip %s %s\" needs %s", objects[form->object], verbs[form->verb], what);
    return !what;
}

/* Is this word the form's target, and not a keyword? */
static bool is_target(const struct reading *r, const struct form *form)
{
    return form->target && !r->request->has_target && r->next == 2;
}

static bool read_rest(struct reading *r, const struct form *form)
{
    while (r->next < r->count) {
        bool takes_target = is_target(r, form);
        const char *word = take(r);
        if (!(takes_target ? read_target(r, word) : read_keyword(r, form, word)))
            return false;
    }
    return check_needs(r, form);
}

bool ip_read(const struct nt_node *node, const struct nt_value *words, uint32_t count,
             struct ip_request *ret_request, struct nt_why *ret_why)
{
    struct ip_request request = {.dev = IP_NO_DEV};
    struct reading r = {.node = node, .words = words, .count = count, .request = &request};
    r.why = text_in(ret_why->text, sizeof ret_why->text);
    unsigned object = 0, verb = IP_SHOW;
    const char *word = take(&r);
    if (!word || !find_word(word, objects, &object))
        return refuse(&r, word, objects);
    word = take(&r);
    if (word && !find_word(word, verbs, &verb)) {
        if (ip_find_dev(node, word) == IP_NO_DEV && strcmp(word, "dev") != 0)
            return refuse(&r, word, verbs);
        r.next--; /* `ip addr dev eth0` */
    }
    request.object = (enum ip_object)object;
    request.verb = (enum ip_verb)verb;
    const struct form *form = form_of(request.object, request.verb);
    if (!form) {
        text_add(&r.why, "\"ip %s\" has no \"%s\"", objects[object], verbs[verb]);
        return false;
    }
    if (!read_rest(&r, form))
        return false;
    *ret_request = request;
    return true;
}

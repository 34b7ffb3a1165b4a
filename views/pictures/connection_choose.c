/* SPDX-License-Identifier: MIT
 * Which connections a picture is about: "10.0.1.2", "amy", "amy, ann". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/inspect.h"
#include "views/pictures/connection.h"

#define CANDIDATES_MOST 4096 /* sides that are looked at; of more, the first ones */
#define NAMED_MOST 5         /* in a refusal */
#define WORDS 120

/* A side that sends. */
struct candidate {
    uint32_t node;
    int64_t flow;
    uint64_t sent; /* records of sending */
};

struct candidates {
    struct connection any;  /* without a side */
    struct candidate *list; /* owned */
    unsigned count;
};

static void count_sending(struct candidates *candidates, const struct nt_record *record, unsigned *last)
{
    unsigned i = *last;
    struct candidate *list = candidates->list;
    int64_t flow = record->values[CONNECTION_FLOW];
    if (i >= candidates->count || list[i].node != record->node || list[i].flow != flow)
        for (i = 0; i < candidates->count && (list[i].node != record->node || list[i].flow != flow);)
            i++;
    if (i == CANDIDATES_MOST)
        return;
    if (i == candidates->count)
        list[candidates->count++] = (struct candidate){record->node, flow, 0};
    list[i].sent++;
    *last = i;
}

static void candidates_init(struct candidates *candidates, struct session *session)
{
    unsigned last = 0;
    uint64_t known = session_known_records(session);
    *candidates = (struct candidates){.list = malloc(CANDIDATES_MOST * sizeof *candidates->list)};
    if (!candidates->list)
        abort(); /* a hundred kilobytes */
    connection_init(&candidates->any, session);
    uint32_t kind = candidates->any.kinds[CONNECTION_SENT];
    for (uint64_t n = 1; kind && n <= known; n++) {
        const struct nt_record *record = session_record(session, n);
        if (record && record->kind == kind)
            count_sending(candidates, record, &last);
    }
}

static const char *name_of(const struct candidates *candidates, const struct candidate *candidate)
{
    return run_text(candidates->any.run, (uint64_t)candidate->flow);
}

static const char *node_of(const struct candidates *candidates, const struct candidate *candidate)
{
    return run_node(candidates->any.run, candidate->node)->name;
}

/* ---- Refusing ---- */

/* How far what was asked for is from a candidate: from its name, from one of its ends, or from its node. */
static size_t distance_of(const struct candidates *candidates, const struct candidate *candidate,
                          const char *words)
{
    char first[WORDS];
    const char *name = name_of(candidates, candidate), *arrow = strstr(name, " > ");
    size_t best = text_distance(words, name), other = text_distance(words, node_of(candidates, candidate));
    best = other < best ? other : best;
    if (!arrow || (size_t)(arrow - name) >= sizeof first)
        return best;
    memcpy(first, name, (size_t)(arrow - name));
    first[arrow - name] = '\0';
    other = text_distance(words, first);
    best = other < best ? other : best;
    other = text_distance(words, arrow + 3);
    return other < best ? other : best;
}

static void name_nearest(const struct candidates *candidates, const char *words, struct text *text)
{
    const struct candidate *nearest = NULL;
    size_t least = SIZE_MAX;
    for (unsigned i = 0; i < candidates->count; i++) {
        size_t distance = distance_of(candidates, &candidates->list[i], words);
        if (distance < least) {
            least = distance;
            nearest = &candidates->list[i];
        }
    }
    if (nearest && text_is_near(words, least))
        text_add(text, "; did you mean \"%s\" of %s?", name_of(candidates, nearest),
                 node_of(candidates, nearest));
}

/* "; ann, amy (2) and 3 more send": who sends, and over how many connections. */
static void name_senders(const struct candidates *candidates, struct text *text)
{
    unsigned named = 0, senders = 0;
    for (unsigned i = 0; i < candidates->count; i++) {
        unsigned before = 0, all = 0;
        for (unsigned j = 0; j < candidates->count; j++) {
            bool is_same = candidates->list[j].node == candidates->list[i].node;
            before += is_same && j < i;
            all += is_same;
        }
        senders += before == 0;
        if (before > 0 || named == NAMED_MOST)
            continue;
        text_add(text, "%s%s", named++ ? ", " : "", node_of(candidates, &candidates->list[i]));
        if (all > 1)
            text_add(text, " (%u)", all);
    }
    if (senders > named)
        text_add(text, " and %u more", senders - named);
}

static void refuse(const struct candidates *candidates, const struct picture_wish *wish, const char *words,
                   struct nt_why *ret_why)
{
    struct text text = text_in(ret_why->text, sizeof ret_why->text);
    if (candidates->count == 0) {
        text_add(&text, "no TCP connection sends anything in this run");
        return;
    }
    if (words) {
        text_add(&text, "no TCP connection%s%s is called \"%.40s\"", wish->node ? " of " : "",
                 wish->node ? wish->node : "", words);
        name_nearest(candidates, words, &text);
    } else {
        text_add(&text, "no TCP connection of %s sends anything", wish->node);
    }
    text_add(&text, "%s there are those of ", ret_why->text[text.length - 1] == '?' ? "" : ";");
    name_senders(candidates, &text);
}

void connection_refuse(const struct picture_wish *wish, const char *words, struct nt_why *ret_why)
{
    struct candidates candidates;
    candidates_init(&candidates, wish->session);
    refuse(&candidates, wish, words, ret_why);
    free(candidates.list);
}

/* ---- Choosing ---- */

static bool is_chosen(const struct connection *connections, unsigned count,
                      const struct candidates *candidates, const struct candidate *candidate)
{
    for (unsigned i = 0; i < count; i++)
        if (connections[i].session == candidates->any.session && connections[i].node == candidate->node &&
            connections[i].flow == candidate->flow)
            return true;
    return false;
}

/* The next one: what sends most of those that answer to `words` (NULL: all) and are not chosen yet. */
static bool choose_one(struct connection *connections, unsigned count, const struct candidates *candidates,
                       const char *node, const char *words)
{
    const struct candidate *best = NULL;
    for (unsigned i = 0; i < candidates->count; i++) {
        const struct candidate *candidate = &candidates->list[i];
        bool is_asked_for = (!node || strcmp(node_of(candidates, candidate), node) == 0) &&
                            (!words || strstr(name_of(candidates, candidate), words) ||
                             strcmp(node_of(candidates, candidate), words) == 0);
        if (is_asked_for && (!best || candidate->sent > best->sent) &&
            !is_chosen(connections, count, candidates, candidate))
            best = candidate;
    }
    if (!best)
        return false;
    connections[count] = candidates->any;
    connections[count].node = best->node;
    connections[count].flow = best->flow;
    return true;
}

/* The next part between commas; false: there is none. */
static bool next_part(const char **rest, char *ret_part)
{
    *rest += strspn(*rest, ", ");
    size_t length = strcspn(*rest, ",");
    if (length == 0)
        return false;
    size_t kept = length < WORDS - 1 ? length : WORDS - 1;
    memcpy(ret_part, *rest, kept);
    while (kept > 0 && ret_part[kept - 1] == ' ')
        kept--;
    ret_part[kept] = '\0';
    *rest += length;
    return true;
}

/* Those of one session, behind the `count` that are chosen already. */
static unsigned choose_in(struct session *session, struct connection *connections, unsigned count,
                          const struct picture_wish *wish, struct nt_why *ret_why)
{
    struct candidates candidates;
    char part[WORDS];
    const char *rest = wish->flow ? wish->flow : "";
    unsigned before = count;
    candidates_init(&candidates, session);
    if (!*rest && !choose_one(connections, count++, &candidates, wish->node, NULL)) {
        refuse(&candidates, wish, NULL, ret_why);
        count = before;
    }
    while (count < CONNECTIONS_MOST && next_part(&rest, part)) {
        if (choose_one(connections, count, &candidates, wish->node, part)) {
            count++;
            continue;
        }
        if (choose_one(&(struct connection){0}, 0, &candidates, wish->node, part))
            snprintf(ret_why->text, sizeof ret_why->text, "no further TCP connection is called \"%.60s\"",
                     part);
        else
            refuse(&candidates, wish, part, ret_why);
        count = before;
        break;
    }
    free(candidates.list);
    return count - before;
}

unsigned connection_choose_all(struct connection connections[CONNECTIONS_MOST],
                               const struct picture_wish *wish, struct nt_why *ret_why)
{
    unsigned count = choose_in(wish->session, connections, 0, wish, ret_why);
    if (count > 0 && count < CONNECTIONS_MOST && wish->against) {
        struct picture_wish same = *wish;
        same.flow = wish->flow ? wish->flow : connection_name(&connections[0]);
        unsigned more = choose_in(wish->against, connections, count, &same, ret_why);
        return more ? count + more : 0;
    }
    return count;
}

bool connection_choose(struct connection *connection, const struct picture_wish *wish, struct nt_why *ret_why)
{
    struct connection connections[CONNECTIONS_MOST];
    if (connection_choose_all(connections, wish, ret_why) == 0)
        return false;
    *connection = connections[0];
    return true;
}

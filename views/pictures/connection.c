/* SPDX-License-Identifier: MIT
 * One side of a TCP connection in the records. */
#include "views/pictures/connection.h"

#include <stdio.h>
#include <string.h>

#include "sim/inspect.h"

#define FLOW 1             /* the field that every kind of TCP has second */
#define CANDIDATES_MOST 64 /* sides that are looked at; of more, the first ones */
#define NAMED_MOST 3       /* in a refusal */

static const char *const kind_names[CONNECTION_FACTS] = {[CONNECTION_CWND] = "tcp.cwnd",
                                                         [CONNECTION_SSTHRESH] = "tcp.ssthresh",
                                                         [CONNECTION_RWND] = "tcp.rwnd",
                                                         [CONNECTION_FLIGHT] = "tcp.flight",
                                                         [CONNECTION_RTT] = "tcp.rtt",
                                                         [CONNECTION_SRTT] = "tcp.srtt",
                                                         [CONNECTION_RTO] = "tcp.rto",
                                                         [CONNECTION_SENT] = "tcp.sent",
                                                         [CONNECTION_RECOVERY] = "tcp.recovery",
                                                         [CONNECTION_RETRANSMIT] = "tcp.retransmit",
                                                         [CONNECTION_TIMEOUT] = "tcp.timeout",
                                                         [CONNECTION_DUPACK] = "tcp.dupack",
                                                         [CONNECTION_SACK] = "tcp.sack",
                                                         [CONNECTION_CONNECTED] = "tcp.connected",
                                                         [CONNECTION_TX] = "tcp.tx",
                                                         [CONNECTION_RX] = "tcp.rx",
                                                         [CONNECTION_DROP] = "tcp.drop",
                                                         [CONNECTION_RCV_WND] = "tcp.rcv_wnd",
                                                         [CONNECTION_ECN] = "tcp.ecn"};

struct candidate {
    uint32_t node;
    int64_t flow;
    uint64_t sent; /* records of sending */
};

static void wire(struct connection *connection)
{
    for (unsigned i = 0; i < CONNECTION_FACTS; i++) {
        uint32_t kind = run_kind_named(connection->run, kind_names[i]);
        bool is_known = kind && inspect_field(run_kind_at(connection->run, kind), "flow") == FLOW;
        connection->kinds[i] = is_known ? kind : 0;
    }
}

static bool is_asked_for(const struct connection *connection, const struct picture_wish *wish, uint32_t node,
                         int64_t flow)
{
    return (!wish->node || strcmp(run_node(connection->run, node)->name, wish->node) == 0) &&
           (!wish->flow || strstr(run_text(connection->run, (uint64_t)flow), wish->flow));
}

static void count_sending(struct candidate *candidates, unsigned *count, const struct nt_record *record)
{
    unsigned i = 0;
    while (i < *count && (candidates[i].node != record->node || candidates[i].flow != record->values[FLOW]))
        i++;
    if (i == CANDIDATES_MOST)
        return;
    if (i == *count)
        candidates[(*count)++] = (struct candidate){record->node, record->values[FLOW], 0};
    candidates[i].sent++;
}

static void refuse(const struct connection *connection, const struct picture_wish *wish,
                   const struct candidate *candidates, unsigned count, struct nt_why *ret_why)
{
    struct text text = text_in(ret_why->text, sizeof ret_why->text);
    if (count == 0) {
        text_add(&text, "no TCP connection sends anything in this run");
        return;
    }
    text_add(&text, "no TCP connection%s%s%s%s sends anything; there %s", wish->flow ? " like " : "",
             wish->flow ? wish->flow : "", wish->node ? " of " : "", wish->node ? wish->node : "",
             count == 1 ? "is" : "are");
    for (unsigned i = 0; i < count && i < NAMED_MOST; i++)
        text_add(&text, "%s \"%s\" at %s", i ? "," : "",
                 run_text(connection->run, (uint64_t)candidates[i].flow),
                 run_node(connection->run, candidates[i].node)->name);
    if (count > NAMED_MOST)
        text_add(&text, " and %u more", count - NAMED_MOST);
}

bool connection_choose(struct connection *connection, const struct picture_wish *wish, struct nt_why *ret_why)
{
    struct candidate candidates[CANDIDATES_MOST];
    const struct candidate *best = NULL;
    unsigned count = 0;
    *connection = (struct connection){.session = wish->session, .run = session_run(wish->session)};
    wire(connection);
    uint64_t known = session_known_records(wish->session);
    for (uint64_t n = 1; connection->kinds[CONNECTION_SENT] && n <= known; n++) {
        const struct nt_record *record = session_record(wish->session, n);
        if (record && record->kind == connection->kinds[CONNECTION_SENT])
            count_sending(candidates, &count, record);
    }
    for (unsigned i = 0; i < count; i++)
        if (is_asked_for(connection, wish, candidates[i].node, candidates[i].flow) &&
            (!best || candidates[i].sent > best->sent))
            best = &candidates[i];
    if (!best) {
        refuse(connection, wish, candidates, count, ret_why);
        return false;
    }
    connection->node = best->node;
    connection->flow = best->flow;
    return true;
}

const char *connection_name(const struct connection *connection)
{
    return run_text(connection->run, (uint64_t)connection->flow);
}

/* Its tcp.connected; NULL: there is none. */
static const struct nt_record *find_connected(const struct connection *connection)
{
    uint64_t known = session_known_records(connection->session);
    for (uint64_t n = 1; n <= known; n++) {
        const struct nt_record *record = session_record(connection->session, n);
        if (record && connection_fact(connection, record) == CONNECTION_CONNECTED)
            return record;
    }
    return NULL;
}

bool connection_peer(const struct connection *connection, struct connection *ret_peer)
{
    const struct nt_record *ours = find_connected(connection);
    uint64_t known = session_known_records(connection->session);
    for (uint64_t n = 1; ours && n <= known; n++) {
        const struct nt_record *record = session_record(connection->session, n);
        if (!record || record->kind != ours->kind || record == ours)
            continue;
        if (connection_value(connection, record, "iss") == connection_value(connection, ours, "irs") &&
            connection_value(connection, record, "irs") == connection_value(connection, ours, "iss")) {
            *ret_peer = *connection;
            ret_peer->node = record->node;
            ret_peer->flow = record->values[FLOW];
            return true;
        }
    }
    return false;
}

bool connection_has_flag(const struct connection *connection, const struct nt_record *record,
                         const char *flag)
{
    const char *flags =
        run_text(connection->run, (uint64_t)connection_value(connection, record, "flags"));
    return strstr(flags, flag) && !strstr(flags, "SYN");
}

enum connection_fact connection_fact(const struct connection *connection, const struct nt_record *record)
{
    unsigned fact = 0;
    if (record->node != connection->node)
        return CONNECTION_FACTS;
    while (fact < CONNECTION_FACTS && connection->kinds[fact] != record->kind)
        fact++;
    bool is_ours = fact < CONNECTION_FACTS && record->values[FLOW] == connection->flow;
    return is_ours ? (enum connection_fact)fact : CONNECTION_FACTS;
}

int64_t connection_value(const struct connection *connection, const struct nt_record *record,
                         const char *name)
{
    int field = inspect_field(run_kind_at(connection->run, record->kind), name);
    return field >= 0 ? record->values[field] : 0;
}

void connection_visit(const struct connection *connection, nt_time until, connection_visitor each,
                      void *context)
{
    uint64_t known = session_known_records(connection->session);
    for (uint64_t n = 1; n <= known; n++) {
        const struct nt_record *record = session_record(connection->session, n);
        if (!record)
            continue;
        if (record->at > until)
            break;
        enum connection_fact fact = connection_fact(connection, record);
        if (fact != CONNECTION_FACTS)
            each(context, fact, record);
    }
}

static void widen(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct picture_wish *wish = context;
    (void)fact;
    if (wish->from == NT_NEVER)
        wish->from = record->at;
    wish->to = record->at + 1;
}

void connection_choose_span(struct picture_wish *wish)
{
    struct connection connection;
    struct nt_why why;
    if (!connection_choose(&connection, wish, &why))
        return;
    wish->from = NT_NEVER;
    connection_visit(&connection, NT_NEVER, widen, wish);
}

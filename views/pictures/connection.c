/* SPDX-License-Identifier: MIT
 * One side of a TCP connection in the records. */
#include "views/pictures/connection.h"

#include <stdio.h>
#include <string.h>

#include "sim/inspect.h"

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

void connection_init(struct connection *connection, struct session *session)
{
    *connection = (struct connection){.session = session, .run = session_run(session)};
    for (unsigned i = 0; i < CONNECTION_KINDS; i++)
        connection->facts[i] = CONNECTION_FACTS;
    for (unsigned i = 0; i < CONNECTION_FACTS; i++) {
        uint32_t kind = run_kind_named(connection->run, kind_names[i]);
        bool is_known = kind && inspect_field(run_kind_at(connection->run, kind), "flow") == CONNECTION_FLOW;
        connection->kinds[i] = is_known ? kind : 0;
        if (is_known && kind < CONNECTION_KINDS)
            connection->facts[kind] = (uint8_t)i;
    }
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
            ret_peer->flow = record->values[CONNECTION_FLOW];
            return true;
        }
    }
    return false;
}

bool connection_has_flag(const struct connection *connection, const struct nt_record *record,
                         const char *flag)
{
    const char *flags = run_text(connection->run, (uint64_t)connection_value(connection, record, "flags"));
    return strstr(flags, flag) && !strstr(flags, "SYN");
}

enum connection_fact connection_fact(const struct connection *connection, const struct nt_record *record)
{
    if (record->node != connection->node || record->values[CONNECTION_FLOW] != connection->flow ||
        record->kind >= CONNECTION_KINDS)
        return CONNECTION_FACTS;
    return (enum connection_fact)connection->facts[record->kind];
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

/* From the first record of any that is asked for to the last. */
void connection_choose_span(struct picture_wish *wish)
{
    struct connection connections[CONNECTIONS_MOST];
    struct nt_why why;
    unsigned count = connection_choose_all(connections, wish, &why);
    nt_time from = wish->from, to = wish->to;
    for (unsigned i = 0; i < count; i++) {
        wish->from = NT_NEVER;
        connection_visit(&connections[i], NT_NEVER, widen, wish);
        from = i == 0 || wish->from < from ? wish->from : from;
        to = i == 0 || wish->to > to ? wish->to : to;
    }
    wish->from = from;
    wish->to = to;
}

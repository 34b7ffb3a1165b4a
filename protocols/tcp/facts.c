/* SPDX-License-Identifier: MIT
 * What TCP tells the trace. Every kind has the connection second, as one word: ours first. */
#include "protocols/tcp/connection.h"
#include "sim/base/text.h"

const char *const tcp_reason_words[] = {"nothing is wrong",
                                        "shorter than 20 octets",
                                        "bad data offset",
                                        "bad checksum",
                                        "sent to many (RFC 9293 section 3.9.2.3)",
                                        "nobody has that port",
                                        "outside the window (RFC 9293 section 3.4)",
                                        "nothing new in it",
                                        "timestamp too old (RFC 7323 section 5.3)",
                                        "no timestamp (RFC 7323 section 3.2)",
                                        "RST not exactly at RCV.NXT (RFC 5961 section 3.2)",
                                        "RST does not acknowledge our SYN (RFC 9293 section 3.10.7.3)",
                                        "SYN on an open connection (RFC 5961 section 4.2)",
                                        "no ACK (RFC 9293 section 3.10.7.4)",
                                        "ACK far too old (RFC 5961 section 5.2)",
                                        "ACK of what was never sent (RFC 9293 section 3.10.7.4)",
                                        "neither SYN nor RST",
                                        "the queue of half-open connections is full",
                                        "the queue of connections to be accepted is full",
                                        "no good cookie (RFC 4987 section 3.6)",
                                        "nobody reads any more (RFC 1122 4.2.2.13)",
                                        "the receive buffer is full",
                                        "behind the FIN",
                                        "RST in TIME-WAIT (RFC 1337)",
                                        "nothing to do with it in this state",
                                        "the owner waits for data: TCP_DEFER_ACCEPT",
                                        NULL};

_Static_assert(sizeof tcp_reason_words / sizeof tcp_reason_words[0] == TCP_REASONS + 1, "each has its words");

static const char *const rule_words[] = {"passive open (RFC 9293 section 3.10.1)",
                                         "active open (RFC 9293 section 3.10.1)",
                                         "a SYN has arrived (RFC 9293 section 3.10.7.2)",
                                         "the SYN,ACK has arrived (RFC 9293 section 3.10.7.3)",
                                         "both have opened at once (RFC 9293 section 3.5)",
                                         "our SYN is acknowledged (RFC 9293 section 3.10.7.4)",
                                         "the cookie is good (RFC 4987 section 3.6)",
                                         "the peer has ended (RFC 9293 section 3.10.7.4)",
                                         "our FIN is acknowledged (RFC 9293 section 3.10.7.4)",
                                         "the owner has ended (RFC 9293 section 3.10.4)",
                                         "the peer has reset it (RFC 9293 section 3.10.7.4)",
                                         "the peer has refused it (RFC 9293 section 3.10.7.3)",
                                         "the owner has aborted it (RFC 9293 section 3.10.5)",
                                         "no answer for too long (RFC 9293 section 3.8.3)",
                                         "a new SYN instead of the ACK (RFC 9293 section 3.10.7.4)",
                                         "2 MSL are over (RFC 9293 section 3.10.8)",
                                         "a new connection takes its place (RFC 6191)",
                                         "nobody owns it and the peer does not end (RFC 1122 4.2.2.13)",
                                         "unread data was left behind (RFC 1122 4.2.2.13)",
                                         "data for nobody (RFC 1122 4.2.2.13)",
                                         "the network has refused it (RFC 1122 4.2.3.9)",
                                         NULL};

_Static_assert(sizeof rule_words / sizeof rule_words[0] == TCP_RULES + 1, "each has its words");

static const char *const probe_words[] = {"window", "keepalive", NULL};
static const char *const window_words[] = {"told by the peer", "shrunk by the peer", "handshake", NULL};
static const char *const queue_words[] = {"SYN queue", "accept queue", "SYN queue, cookies are sent", NULL};
static const char *const ecn_words[] = {"a router has marked it (CE)", "the sender has heard (CWR)", NULL};
static const char *const mss_words[] = {"handshake", "the path takes less (RFC 1191)",
                                        "the path may take more", "option", NULL};

#define FLOW                                                                                                 \
    {                                                                                                        \
        "flow", ENV_UNIT_TEXT, NULL                                                                          \
    }
#define PLAIN(name)                                                                                          \
    {                                                                                                        \
        name, ENV_UNIT_NONE, NULL                                                                            \
    }
#define BYTES(name)                                                                                          \
    {                                                                                                        \
        name, ENV_UNIT_BYTES, NULL                                                                           \
    }
#define TEXT(name)                                                                                           \
    {                                                                                                        \
        name, ENV_UNIT_TEXT, NULL                                                                            \
    }
#define WORD(name, words)                                                                                    \
    {                                                                                                        \
        name, ENV_UNIT_WORD, words                                                                           \
    }
#define RTO(name)                                                                                            \
    {                                                                                                        \
        name, ENV_UNIT_TIME, NULL                                                                            \
    }

#define SEGMENT BYTES("bytes"), FLOW, TEXT("flags"), PLAIN("seq"), PLAIN("ack"), PLAIN("window")
#define IS ENV_KIND_INTERESTING

/* A threshold that was never set: RFC 5681 section 3.1 calls it "arbitrarily high". */
static const char *const no_limit[] = {"infinity", NULL};

const struct env_kind tcp_kinds[TCP_FACTS] = {
    /* Of recovery and congestion control: told.h. */
    [TCP_TOLD_CWND] = {"tcp.cwnd",
                       "{node} {flow}: cwnd {old} -> {cwnd}. {rule}",
                       "RFC 5681 section 3",
                       ENV_KIND_GAUGE,
                       {{"cwnd", ENV_UNIT_BYTES, NULL},
                        FLOW,
                        {"old", ENV_UNIT_BYTES, NULL},
                        {"rule", ENV_UNIT_TEXT, NULL},
                        {"flight", ENV_UNIT_BYTES, NULL},
                        {"mss", ENV_UNIT_BYTES, NULL}}},
    [TCP_TOLD_SSTHRESH] = {"tcp.ssthresh",
                           "{node} {flow}: ssthresh {old} -> {ssthresh}, with {flight} in flight and {mss} "
                           "in a segment. {rule}",
                           "RFC 5681 section 3",
                           ENV_KIND_GAUGE | ENV_KIND_INTERESTING,
                           {{"ssthresh", ENV_UNIT_BYTES, no_limit},
                            FLOW,
                            {"old", ENV_UNIT_BYTES, no_limit},
                            {"rule", ENV_UNIT_TEXT, NULL},
                            {"flight", ENV_UNIT_BYTES, NULL},
                            {"mss", ENV_UNIT_BYTES, NULL}}},
    [TCP_TOLD_RECOVERY] = {"tcp.recovery",
                           "{node} {flow}: recovery {old} -> {state}. {rule}",
                           "RFC 5681 section 3.2",
                           ENV_KIND_GAUGE | ENV_KIND_INTERESTING,
                           {{"state", ENV_UNIT_WORD, tcp_recovery_state_words},
                            FLOW,
                            {"old", ENV_UNIT_WORD, tcp_recovery_state_words},
                            {"rule", ENV_UNIT_TEXT, NULL},
                            {"recover", ENV_UNIT_NONE, NULL},
                            {"flight", ENV_UNIT_BYTES, NULL}}},
    [TCP_TOLD_LOST] = {"tcp.lost",
                       "{node} {flow}: the segment of {bytes} at {seq} is deemed lost. {rule}",
                       "RFC 5681 section 3.2",
                       ENV_KIND_INTERESTING,
                       {{"seq", ENV_UNIT_NONE, NULL},
                        FLOW,
                        {"bytes", ENV_UNIT_BYTES, NULL},
                        {"rule", ENV_UNIT_TEXT, NULL},
                        {"age", ENV_UNIT_TIME, NULL},
                        {"resent", ENV_UNIT_NONE, NULL}}},
    [TCP_TOLD_UNDO] = {"tcp.undo",
                       "{node} {flow}: that was no loss, cwnd {old} -> {cwnd}, ssthresh {ssthresh}. {rule}",
                       "RFC 4015",
                       ENV_KIND_INTERESTING,
                       {{"cwnd", ENV_UNIT_BYTES, NULL},
                        FLOW,
                        {"old", ENV_UNIT_BYTES, NULL},
                        {"rule", ENV_UNIT_TEXT, NULL},
                        {"ssthresh", ENV_UNIT_BYTES, no_limit}}},
    [TCP_TOLD_REORDER] = {"tcp.reordering",
                          "{node} {flow}: {seq} has arrived after what was sent behind it: the network "
                          "reorders. {rule}",
                          "RFC 8985 section 6.2",
                          ENV_KIND_INTERESTING,
                          {{"seq", ENV_UNIT_NONE, NULL},
                           FLOW,
                           {"threshold", ENV_UNIT_NONE, NULL},
                           {"rule", ENV_UNIT_TEXT, NULL}}},
    [TCP_TOLD_RTT] = {"tcp.rtt",
                      "{node} {flow}: a round trip took {rtt}",
                      "RFC 6298 section 4",
                      ENV_KIND_GAUGE | ENV_KIND_CHATTER,
                      {{"rtt", ENV_UNIT_TIME, NULL}, FLOW, {"least", ENV_UNIT_TIME, NULL}}},
    [TCP_TOLD_SRTT] =
        {"tcp.srtt",
         "{node} {flow}: SRTT {old} -> {srtt} with a sample of {sample}, RTTVAR {rttvar}. {rule}",
         "RFC 6298 section 2",
         ENV_KIND_GAUGE | ENV_KIND_CHATTER,
         {{"srtt", ENV_UNIT_TIME, NULL},
          FLOW,
          {"old", ENV_UNIT_TIME, NULL},
          {"rule", ENV_UNIT_TEXT, NULL},
          {"sample", ENV_UNIT_TIME, NULL},
          {"rttvar", ENV_UNIT_TIME, NULL}}},
    [TCP_TOLD_RTO] = {"tcp.rto",
                      "{node} {flow}: RTO {old} -> {rto}. {rule}",
                      "RFC 6298",
                      ENV_KIND_GAUGE,
                      {{"rto", ENV_UNIT_TIME, NULL},
                       FLOW,
                       {"old", ENV_UNIT_TIME, NULL},
                       {"rule", ENV_UNIT_TEXT, NULL},
                       {"srtt", ENV_UNIT_TIME, NULL},
                       {"rttvar", ENV_UNIT_TIME, NULL}}},
    [TCP_TOLD_RATE] = {"tcp.delivery_rate",
                       "{node} {flow}: {bytes} were delivered in {interval}, {rate}; limited by the "
                       "application: {app_limited}",
                       "draft-cheng-iccrg-delivery-rate-estimation section 3.3",
                       ENV_KIND_GAUGE | ENV_KIND_CHATTER,
                       {{"rate", ENV_UNIT_RATE, NULL},
                        FLOW,
                        {"bytes", ENV_UNIT_BYTES, NULL},
                        {"interval", ENV_UNIT_TIME, NULL},
                        {"app_limited", ENV_UNIT_BOOL, NULL}}},

    /* Of the machine. */
    [TCP_FACT_STATE] = {"tcp.state",
                        "{node} {flow}: {old} -> {new}: {rule}",
                        "RFC 9293 section 3.3.2",
                        IS,
                        {WORD("new", tcp_state_words), FLOW, WORD("old", tcp_state_words),
                         WORD("rule", rule_words)}},
    [TCP_FACT_TX] = {"tcp.tx",
                     "{node} {flow} sends {flags} seq {seq} ack {ack} window {window}, {bytes}",
                     "RFC 9293 section 3.1",
                     ENV_KIND_CHATTER,
                     {SEGMENT}},
    [TCP_FACT_RX] = {"tcp.rx",
                     "{node} {flow} receives {flags} seq {seq} ack {ack} window {window}, {bytes}",
                     "RFC 9293 section 3.10.7",
                     ENV_KIND_CHATTER,
                     {SEGMENT}},
    [TCP_FACT_DROP] = {"tcp.drop",
                       "{node} {flow} drops {flags} seq {seq}, {bytes}: {reason}",
                       "RFC 9293 section 3.10.7",
                       ENV_KIND_DROP | IS,
                       {WORD("reason", tcp_reason_words), FLOW, TEXT("flags"), PLAIN("seq"), PLAIN("ack"),
                        BYTES("bytes")}},
    [TCP_FACT_RETRANSMIT] = {"tcp.retransmit",
                             "{node} {flow} sends {bytes} from {seq} again: {reason}",
                             "RFC 9293 section 3.8.1",
                             IS,
                             {BYTES("bytes"), FLOW, PLAIN("seq"), TEXT("reason"), PLAIN("times")}},
    [TCP_FACT_TIMEOUT] =
        {"tcp.timeout",
         "{node} {flow}: no acknowledgment of {seq} in {old}; the next timeout is {rto}, backoff {backoff}",
         "RFC 6298 (5.4) to (5.6)",
         IS,
         {RTO("rto"), FLOW, RTO("old"), PLAIN("backoff"), PLAIN("seq")}},
    [TCP_FACT_FLIGHT] = {"tcp.flight",
                         "{node} {flow} has {flight} in flight, {sacked} of them arrived out of order",
                         "RFC 5681 section 2",
                         ENV_KIND_GAUGE | ENV_KIND_CHATTER,
                         {BYTES("flight"), FLOW, BYTES("sacked"), BYTES("lost")}},
    [TCP_FACT_RWND] = {"tcp.rwnd",
                       "{node} {flow}: the peer's window is {rwnd}, was {old}: {rule}",
                       "RFC 9293 section 3.10.7.4",
                       ENV_KIND_GAUGE | ENV_KIND_CHATTER,
                       {BYTES("rwnd"), FLOW, BYTES("old"), WORD("rule", window_words)}},
    [TCP_FACT_RCV_WND] = {"tcp.rcv_wnd",
                          "{node} {flow}: our window is {rcv_wnd}, was {old}; {unread} wait to be read",
                          "RFC 9293 section 3.8.6.2.2",
                          ENV_KIND_GAUGE | ENV_KIND_CHATTER,
                          {BYTES("rcv_wnd"), FLOW, BYTES("old"), BYTES("unread")}},
    [TCP_FACT_DUPACK] = {"tcp.dupack",
                         "{node} {flow}: duplicate ACK number {count}, for {ack}",
                         "RFC 5681 section 2",
                         0,
                         {PLAIN("count"), FLOW, PLAIN("ack")}},
    [TCP_FACT_SACK] =
        {"tcp.sack",
         "{node} {flow}: the peer has {start} to {end} out of order; {sacked} in all, {ranges} ranges told",
         "RFC 2018 section 5",
         0,
         {PLAIN("ranges"), FLOW, PLAIN("start"), PLAIN("end"), BYTES("sacked"), PLAIN("ack")}},
    [TCP_FACT_CONNECTED] = {"tcp.connected",
                            "{node} {flow} is connected, {mss} in a segment, after {took}",
                            "RFC 9293 section 3.5",
                            IS,
                            {BYTES("mss"), FLOW, RTO("took"), PLAIN("iss"), PLAIN("irs")}},
    [TCP_FACT_CLOSED] = {"tcp.closed",
                         "{node} {flow} has ended: {rule}; {error}",
                         "RFC 9293 section 3.6",
                         IS,
                         {WORD("error", net_error_list), FLOW, WORD("rule", rule_words), BYTES("sent"),
                          BYTES("received")}},
    [TCP_FACT_RESET] = {"tcp.reset",
                        "{node} {flow} sends a reset, seq {seq}",
                        "RFC 9293 section 3.5.2",
                        IS,
                        {PLAIN("seq"), FLOW, PLAIN("ack"), TEXT("flags")}},
    [TCP_FACT_CHALLENGE] = {"tcp.challenge",
                            "{node} {flow} answers with a challenge ACK: {reason}",
                            "RFC 5961",
                            IS,
                            {WORD("reason", tcp_reason_words), FLOW, PLAIN("seq")}},
    [TCP_FACT_PROBE] = {"tcp.probe",
                        "{node} {flow} probes: {kind}, number {count}; the next in {wait}",
                        "RFC 9293 sections 3.8.6.1 and 3.8.4",
                        IS,
                        {PLAIN("count"), FLOW, WORD("kind", probe_words), RTO("wait")}},
    [TCP_FACT_SENT] = {"tcp.sent",
                       "{node} {flow}: SND.NXT is {nxt}, SND.UNA {una}, {unsent} wait",
                       "RFC 9293 section 3.3.1",
                       ENV_KIND_GAUGE | ENV_KIND_CHATTER,
                       {PLAIN("nxt"), FLOW, PLAIN("una"), BYTES("unsent")}},
    [TCP_FACT_LISTEN] = {"tcp.listen",
                         "{node} {flow}: full with {waiting}: {queue}",
                         "RFC 4987",
                         IS,
                         {PLAIN("waiting"), FLOW, WORD("queue", queue_words)}},
    [TCP_FACT_MSS] = {"tcp.mss",
                      "{node} {flow}: {mss} of data in a segment, was {old}: {rule}",
                      "RFC 9293 section 3.7.1",
                      ENV_KIND_GAUGE,
                      {BYTES("mss"), FLOW, BYTES("old"), WORD("rule", mss_words)}},
    [TCP_FACT_URGENT] =
        {"tcp.urgent", "{node} {flow}: urgent data up to {seq}", "RFC 6093", IS, {PLAIN("seq"), FLOW}},
    [TCP_FACT_NO_PORT] = {"tcp.no_port",
                          "{node} has no free port left between {first} and {last} for {flow}",
                          "RFC 6056 section 3.3.1",
                          IS,
                          {PLAIN("first"), FLOW, PLAIN("last")}},
    [TCP_FACT_ECN] = {"tcp.ecn",
                      "{node} {flow}: the segment at {seq}: {what}; acknowledgments say ECE from now on: {echo}",
                      "RFC 3168 section 6.1.3",
                      0,
                      {WORD("what", ecn_words), FLOW, PLAIN("seq"), {"echo", ENV_UNIT_BOOL, NULL}}},
};

/* "10.0.1.2:9"; what is open is "*", as in "*:9 > *" for a listener. */
static void add_endpoint(struct text *out, const struct net_endpoint *end)
{
    uint32_t a = net_to_ipv4(end->address).value;
    if (net_is_any(end->address))
        text_add(out, "*");
    else
        text_add(out, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
    if (end->port)
        text_add(out, ":%u", end->port);
}

uint64_t tcp_flow_text(struct env *env, const struct net_endpoint *local, const struct net_endpoint *peer)
{
    char words[80];
    struct text out = text_in(words, sizeof words);
    if (!*env->is_listening)
        return 0;
    add_endpoint(&out, local);
    text_add(&out, " > ");
    add_endpoint(&out, peer);
    return env_text(env, words);
}

/* Remembered, because every fact has it: the same text has the same number for the whole run. */
uint64_t tcp_flow(struct tcp_socket *socket)
{
    if (!*socket->tcp->env->is_listening)
        return 0;
    if (!socket->flow)
        socket->flow = tcp_flow_text(socket->tcp->env, &socket->bound.local, &socket->bound.peer);
    return socket->flow;
}

uint64_t tcp_flags_text(struct env *env, uint8_t flags)
{
    char words[TCP_FLAG_WORDS];
    if (!*env->is_listening)
        return 0;
    tcp_flags_write(flags, words);
    return env_text(env, words);
}

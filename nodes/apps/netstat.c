/* SPDX-License-Identifier: MIT
 * netstat -s: what the protocols of this machine have counted, in its words. */
#include "nodes/apps/tcp_apps.h"

#include "nodes/stack_tcp.h"

static const struct nt_param netstat_params[] = {{.name = "-s",
                                                  .kind = NT_PARAM_BOOLEAN,
                                                  .flags = NT_PARAM_REQUIRED,
                                                  .summary = "counters of each protocol"},
                                                 {0}};

/* One counter and its words; those that never moved are left out, as netstat does further down its list. */
struct line {
    uint64_t count;
    const char *words;
    bool is_always;
};

static void print_lines(struct nt_app *app, const char *head, const struct line *lines, size_t count)
{
    nt_print(app, "%s:\n", head);
    for (size_t i = 0; i < count; i++)
        if (lines[i].count || lines[i].is_always)
            nt_print(app, "    %llu %s\n", (unsigned long long)lines[i].count, lines[i].words);
}

static void print_ip(struct nt_app *app)
{
    const struct ipv4_counters *ip = &stack_of(app->node)->ip.counters;
    const struct line lines[] = {
        {ip->received, "incoming packets delivered", true}, {ip->forwarded, "forwarded", true},
        {ip->dropped, "incoming packets discarded", true},  {ip->sent, "requests sent out", true},
        {ip->refused, "outgoing packets dropped", false},   {ip->fragmented, "fragments created", false}};
    print_lines(app, "Ip", lines, sizeof lines / sizeof lines[0]);
}

static void print_tcp(struct nt_app *app)
{
    static const struct tcp_counters nothing_yet;
    const struct tcp *tcp = stack_tcp_peek(stack_of(app->node));
    const struct tcp_counters *c = tcp ? &tcp->counters : &nothing_yet;
    const struct line lines[] = {{c->active_opens, "active connection openings", true},
                                 {c->passive_opens, "passive connection openings", true},
                                 {c->failed, "failed connection attempts", true},
                                 {c->resets_received, "connection resets received", true},
                                 {c->segments_in, "segments received", true},
                                 {c->segments_out, "segments sent out", true},
                                 {c->retransmitted, "segments retransmitted", true},
                                 {c->bad_segments, "bad segments received", true},
                                 {c->resets_sent, "resets sent", true}};
    const struct line more[] = {{c->syn_cookies_sent, "SYN cookies sent", false},
                                {c->syn_cookies_good, "SYN cookies received", false},
                                {c->syn_cookies_bad, "invalid SYN cookies received", false},
                                {c->accept_overflows, "times the listen queue of a socket overflowed", false},
                                {c->syn_dropped, "SYNs to LISTEN sockets dropped", false},
                                {c->challenges, "challenge ACKs sent", false}};
    print_lines(app, "Tcp", lines, sizeof lines / sizeof lines[0]);
    print_lines(app, "TcpExt", more, sizeof more / sizeof more[0]);
}

static void print_udp(struct nt_app *app)
{
    static const struct udp_counters nothing_yet;
    const struct stack_udp *udp = stack_of(app->node)->udp;
    const struct udp_counters *c = udp ? &udp->udp.counters : &nothing_yet;
    const struct line lines[] = {{c->received, "packets received", true},
                                 {c->no_socket, "packets to unknown port received", true},
                                 {c->dropped, "packet receive errors", true},
                                 {c->sent, "packets sent", true},
                                 {c->queue_full, "receive buffer errors", true},
                                 {c->refused, "send buffer errors", true}};
    print_lines(app, "Udp", lines, sizeof lines / sizeof lines[0]);
}

static void netstat_start(struct nt_app *app)
{
    print_ip(app);
    print_tcp(app);
    print_udp(app);
    nt_app_exit(app, 0);
}

const struct nt_app_type netstat_app = {.size = sizeof(struct nt_app_type),
                                        .name = "netstat",
                                        .summary = "counters of the protocols",
                                        .params = netstat_params,
                                        .start = netstat_start};

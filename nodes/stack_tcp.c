/* SPDX-License-Identifier: MIT
 * See stack_tcp.h: making the machine, and what can be seen of it. */
#include "nodes/stack_tcp.h"

#include <stdio.h>

void stack_tcp_declare(struct nt_node *node)
{
    node_env_declare(node, tcp_kinds, TCP_FACTS);
}

struct tcp *stack_tcp(struct stack *stack)
{
    if (stack->tcp)
        return &stack->tcp->tcp;
    struct stack_tcp *made = stack->tcp = nt_new(stack->node, sizeof *made);
    node_env_init(&made->env, stack->node, "tcp", tcp_kinds, TCP_FACTS);
    tcp_init(&made->tcp, &made->env.env, stack_tcp_profile(stack->tcp_settings));
    ipv4_network_init(&made->network, &stack->ip, TCP_PROTOCOL, &made->tcp.user);
    tcp_add_layer(&made->tcp, &made->network.layer);
    stack_tcp_configure(&made->tcp, stack->tcp_settings);
    stack_tcp_congestion(stack, &made->tcp, stack_tcp_congestion_value(stack->tcp_settings));
    return &made->tcp;
}

const struct tcp *stack_tcp_peek(const struct stack *stack)
{
    return stack->tcp ? &stack->tcp->tcp : NULL;
}

/* ---- Tables ---- */

const char *const stack_tcp_state_words[] = {
    "none",   "established", "syn-sent", "syn-received", "fin-wait-1", "fin-wait-2", "time-wait",
    "closed", "close-wait",  "last-ack", "listen",       "closing",    NULL};

const char *const stack_tcp_no_limit[] = {"infinity", NULL};

static void show_connection(const struct tcp_socket *socket, struct nt_cell *cells)
{
    struct tcp_info info;
    tcp_info_of(socket, &info);
    cells[5].number = info.cwnd_bytes;
    cells[6].number = info.ssthresh_bytes;
    cells[7].number = tcp_unacked_bytes(socket) - tcp_unsent_bytes(socket);
    cells[8].number = info.snd_wnd;
    cells[9].number = info.rtt * NT_MICROSECOND;
    cells[10].number = info.rto * NT_MICROSECOND;
    cells[11].number = tcp_unsent_bytes(socket);
    cells[12].number = tcp_unread_bytes(socket);
    cells[13].number = info.total_retrans;
    snprintf(cells[14].text, sizeof cells[14].text, "%s", info.congestion ? info.congestion : "");
}

bool stack_row_tcp(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct tcp *tcp = stack_tcp_peek(stack_of(node));
    struct tcp_entry entry = {0};
    do {
        if (!tcp || !tcp_entry_next(tcp, &entry))
            return false;
    } while (index-- > 0);
    cells[0].number = net_to_ipv4(entry.local.address).value;
    cells[1].number = entry.local.port;
    cells[2].number = net_to_ipv4(entry.peer.address).value;
    cells[3].number = entry.peer.port;
    cells[4].number = entry.state;
    if (entry.socket && entry.state != TCP_LISTEN)
        show_connection(entry.socket, cells);
    snprintf(cells[15].text, sizeof cells[15].text, "%s", entry.timer ? entry.timer : "");
    return true;
}

bool stack_row_tcp_counters(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    static const struct tcp_counters nothing_yet;
    const struct tcp *tcp = stack_tcp_peek(stack_of(node));
    const struct tcp_counters *counters = tcp ? &tcp->counters : &nothing_yet;
    const uint64_t values[] = {
        counters->active_opens,     counters->passive_opens,    counters->failed,
        counters->segments_in,      counters->segments_out,     counters->retransmitted,
        counters->bad_segments,     counters->resets_sent,      counters->resets_received,
        counters->syn_dropped,      counters->accept_overflows, counters->syn_cookies_sent,
        counters->syn_cookies_good, counters->syn_cookies_bad,  counters->challenges};
    if (index > 0)
        return false;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        cells[i].number = (int64_t)values[i];
    return true;
}

/* SPDX-License-Identifier: MIT
 * The TCP part of ss: connections and listeners, and with -i the variables of each, in iproute2's words and
 * order. */
#include "nodes/apps/ss_tcp.h"

#include <stdio.h>
#include <string.h>

#include "nodes/stack_tcp.h"

/* "10.0.0.1:7", "0.0.0.0:*". */
static const char *show_end(const struct net_endpoint *end, char ret_text[32])
{
    char shown[IPV4_TEXT_SIZE];
    ipv4_format(net_to_ipv4(end->address), shown);
    if (end->port)
        snprintf(ret_text, 32, "%s:%u", shown, end->port);
    else
        snprintf(ret_text, 32, "%s:*", shown);
    return ret_text;
}

/* Microseconds as ss shows milliseconds: as few decimals as it takes. */
static void add_ms(struct text *out, uint32_t us)
{
    text_add(out, "%u", us / 1000);
    if (us % 1000 == 0)
        return;
    char decimals[4];
    snprintf(decimals, sizeof decimals, "%03u", us % 1000);
    size_t length = 3;
    while (decimals[length - 1] == '0')
        decimals[--length] = '\0';
    text_add(out, ".%s", decimals);
}

static void add_if(struct text *out, const char *word, uint64_t value)
{
    if (value)
        text_add(out, " %s:%llu", word, (unsigned long long)value);
}

/* "18.8Mbps", as ss shows rates. */
static void add_rate(struct text *out, const char *word, uint64_t bytes_per_s)
{
    if (!bytes_per_s || bytes_per_s == UINT64_MAX)
        return;
    unsigned long long tenths_of_kbps = bytes_per_s * 8 / 100;
    if (tenths_of_kbps >= 10000)
        text_add(out, " %s %llu.%lluMbps", word, tenths_of_kbps / 10000, tenths_of_kbps / 1000 % 10);
    else
        text_add(out, " %s %llu.%lluKbps", word, tenths_of_kbps / 10, tenths_of_kbps % 10);
}

static void add_options(struct text *out, const struct tcp_info *info)
{
    static const char *const words[] = {" ts", " sack", "", " ecn", " ecnseen", " fastopen"};
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (info->options & 1u << i)
            text_add(out, "%s", words[i]);
    text_add(out, " %s", info->congestion ? info->congestion : "none");
    if (info->options & 4)
        text_add(out, " wscale:%u,%u", info->snd_wscale, info->rcv_wscale);
}

static void add_times(struct text *out, const struct tcp_info *info)
{
    text_add(out, " rto:");
    add_ms(out, info->rto);
    add_if(out, "backoff", info->backoff);
    if (info->rtt) {
        text_add(out, " rtt:");
        add_ms(out, info->rtt);
        text_add(out, "/");
        add_ms(out, info->rttvar);
    }
    if (info->ato) {
        text_add(out, " ato:");
        add_ms(out, info->ato);
    }
}

static void add_sizes(struct text *out, const struct tcp_info *info)
{
    add_if(out, "mss", info->snd_mss);
    add_if(out, "pmtu", info->pmtu);
    add_if(out, "rcvmss", info->rcv_mss);
    add_if(out, "advmss", info->advmss);
    text_add(out, " cwnd:%u", info->snd_cwnd);
    if (info->snd_ssthresh < 0xffff)
        text_add(out, " ssthresh:%u", info->snd_ssthresh);
    add_if(out, "bytes_sent", info->bytes_sent);
    add_if(out, "bytes_retrans", info->bytes_retrans);
    add_if(out, "bytes_acked", info->bytes_acked);
    add_if(out, "bytes_received", info->bytes_received);
    add_if(out, "segs_out", info->segs_out);
    add_if(out, "segs_in", info->segs_in);
    add_if(out, "data_segs_out", info->data_segs_out);
    add_if(out, "data_segs_in", info->data_segs_in);
    if (info->rtt)
        add_rate(out, "send", (uint64_t)info->snd_cwnd * info->snd_mss * 1000000 / info->rtt);
}

/* "rwnd_limited:12ms(40.0%)" */
static void add_share(struct text *out, const char *word, uint64_t us, uint64_t of_us)
{
    unsigned long long tenths = us * 1000 / of_us;
    if (us)
        text_add(out, " %s:%llums(%llu.%llu%%)", word, (unsigned long long)us / 1000, tenths / 10, tenths % 10);
}

static void add_limits(struct text *out, const struct tcp_info *info)
{
    if (!info->busy_time)
        return;
    text_add(out, " busy:%llums", (unsigned long long)info->busy_time / 1000);
    add_share(out, "rwnd_limited", info->rwnd_limited, info->busy_time);
    add_share(out, "sndbuf_limited", info->sndbuf_limited, info->busy_time);
}

static void add_progress(struct text *out, const struct tcp_info *info)
{
    add_if(out, "lastsnd", info->last_data_sent);
    add_if(out, "lastrcv", info->last_data_recv);
    add_if(out, "lastack", info->last_ack_recv);
    add_rate(out, "pacing_rate", info->pacing_rate);
    add_rate(out, "delivery_rate", info->delivery_rate);
    add_if(out, "delivered", info->delivered);
    add_if(out, "delivered_ce", info->delivered_ce);
    add_limits(out, info);
    add_if(out, "unacked", info->unacked);
    if (info->retrans || info->total_retrans)
        text_add(out, " retrans:%u/%u", info->retrans, info->total_retrans);
    add_if(out, "lost", info->lost);
    add_if(out, "sacked", info->sacked);
    add_if(out, "dsack_dups", info->dsack_dups);
    add_if(out, "reordering", info->reordering != 3 ? info->reordering : 0);
    add_if(out, "reord_seen", info->reord_seen);
    if (info->rcv_rtt) {
        text_add(out, " rcv_rtt:");
        add_ms(out, info->rcv_rtt);
    }
    add_if(out, "rcv_space", info->rcv_space);
    add_if(out, "rcv_ssthresh", info->rcv_ssthresh);
    add_if(out, "notsent", info->notsent_bytes);
    if (info->min_rtt && info->min_rtt != UINT32_MAX) {
        text_add(out, " minrtt:");
        add_ms(out, info->min_rtt);
    }
    add_if(out, "rcv_ooopack", info->rcv_ooopack);
    add_if(out, "snd_wnd", info->snd_wnd);
    add_if(out, "rcv_wnd", info->rcv_wnd);
}

static void print_info(struct nt_app *app, const struct tcp_socket *socket)
{
    char storage[1200];
    struct text out = text_in(storage, sizeof storage);
    struct tcp_info info;
    tcp_info_of(socket, &info);
    add_options(&out, &info);
    add_times(&out, &info);
    add_sizes(&out, &info);
    add_progress(&out, &info);
    nt_print(app, "\t%s\n", storage);
}

static void add_timer(struct text *out, const struct tcp_entry *entry)
{
    if (!entry->timer)
        return;
    long long ms = (long long)(entry->timer_left / NT_MILLISECOND);
    if (ms >= 1000)
        text_add(out, " timer:(%s,%lld.%03llds,%u)", entry->timer, ms / 1000, ms % 1000, entry->retransmits);
    else
        text_add(out, " timer:(%s,%lldms,%u)", entry->timer, ms, entry->retransmits);
}

/* Without -a: what is connected; with -l only what listens. ss counts SYN-RECV as half a connection and shows
 * it. */
static bool is_wanted(const struct tcp_entry *entry, const struct ss_wish *wish)
{
    bool listens = entry->state == TCP_LISTEN;
    if (wish->has_all)
        return true;
    if (wish->is_listening)
        return listens;
    return !listens && entry->state != TCP_TIME_WAIT && entry->state != TCP_CLOSED;
}

void ss_tcp(struct nt_app *app, const struct ss_wish *wish, bool with_netid)
{
    const struct tcp *tcp = stack_tcp_peek(stack_of(app->node));
    struct tcp_entry entry = {0};
    while (tcp && tcp_entry_next(tcp, &entry)) {
        char local[32], peer[32], storage[80];
        struct text timer = text_in(storage, sizeof storage);
        if (!is_wanted(&entry, wish))
            continue;
        if (wish->with_timers)
            add_timer(&timer, &entry);
        nt_print(app, "%s%-10s %6u %6u %21s %21s%s\n", with_netid ? "tcp   " : "",
                 tcp_state_ss_words[entry.state], entry.receive_queue, entry.send_queue,
                 show_end(&entry.local, local), show_end(&entry.peer, peer), storage);
        if (wish->with_info && entry.socket && entry.state != TCP_LISTEN)
            print_info(app, entry.socket);
    }
}

/* SPDX-License-Identifier: MIT
 * See ping.h.
 *
 *     start --> echo 1 --> (interval) --> echo 2 ... echo count --> wait for what is still out --> summary
 *
 * An echo that comes back is matched by its sequence number; the round-trip time is simulated time, shown
 * with iputils' digits. */
#include "nodes/apps/ping.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_DATA "56"
#define IP_AND_ICMP_BYTES 28

enum {
    OPT_COUNT,
    OPT_INTERVAL,
    OPT_SIZE,
    OPT_TTL,
    OPT_WAIT,
    OPT_DEADLINE,
    OPT_QUIET,
    OPT_NUMERIC,
    OPT_PMTU,
    OPT_TOS,
    OPT_TARGET
};

static const char *const pmtu_words[] = {"dont", "want", "do", NULL};

static const struct nt_param ping_params[] = {
    {.name = "-c",
     .kind = NT_PARAM_INTEGER,
     .least = 1,
     .most = INT32_MAX,
     .summary = "echoes to send; without end if not given"},
    {.name = "-i",
     .kind = NT_PARAM_TIME,
     .default_text = "1 s",
     .least = NT_MICROSECOND,
     .most = 3600 * NT_SECOND,
     .summary = "time between echoes; a bare number is seconds"},
    {.name = "-s",
     .kind = NT_PARAM_BYTES,
     .default_text = DEFAULT_DATA,
     .most = 65507,
     .summary = "bytes of data in each echo"},
    {.name = "-t",
     .kind = NT_PARAM_INTEGER,
     .default_text = "64",
     .least = 1,
     .most = 255,
     .summary = "time to live"},
    {.name = "-W",
     .kind = NT_PARAM_TIME,
     .default_text = "10 s",
     .least = 1,
     .most = 3600 * NT_SECOND,
     .summary = "how long to wait for the last answers"},
    {.name = "-w",
     .kind = NT_PARAM_TIME,
     .least = 1,
     .most = 1000000 * NT_SECOND,
     .summary = "end after this time in any case"},
    {.name = "-q", .kind = NT_PARAM_BOOLEAN, .summary = "print the first line and the summary only"},
    {.name = "-n", .kind = NT_PARAM_BOOLEAN, .summary = "print addresses, no names"},
    {.name = "-M",
     .kind = NT_PARAM_WORD,
     .default_text = "dont",
     .words = pmtu_words,
     .summary = "path MTU discovery: do sets the don't-fragment bit"},
    {.name = "-Q",
     .kind = NT_PARAM_INTEGER,
     .default_text = "0",
     .most = 255,
     .summary = "the TOS octet: four times the DSCP, and the ECN bits; 184 is expedited forwarding"},
    {.name = "destination",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED | NT_PARAM_HOST,
     .summary = "a node's name or an address"},
    {0}};

static void ping_end(struct ping *ping);

/* "bob (10.0.0.2)" or "10.0.0.2", as iputils says it. */
static void show_target(const struct ping *ping, struct ipv4_address address, char *ret_text, size_t size)
{
    char shown[IPV4_TEXT_SIZE];
    ipv4_format(address, shown);
    bool is_named =
        !ping->is_numeric && ipv4_is_equal(address, ping->target) && strcmp(ping->name, shown) != 0;
    snprintf(ret_text, size, is_named ? "%s (%s)" : "%.0s%s", ping->name, shown);
}

/* A round-trip time with iputils' digits: 0.123, 1.23, 12.3, 123 ms. */
static void show_rtt(nt_time rtt, char *ret_text, size_t size)
{
    int64_t us = rtt / NT_MICROSECOND;
    if (us >= 100000)
        snprintf(ret_text, size, "%lld ms", (long long)(us / 1000));
    else if (us >= 10000)
        snprintf(ret_text, size, "%lld.%lld ms", (long long)(us / 1000), (long long)(us % 1000 / 100));
    else if (us >= 1000)
        snprintf(ret_text, size, "%lld.%02lld ms", (long long)(us / 1000), (long long)(us % 1000 / 10));
    else
        snprintf(ret_text, size, "%lld.%03lld ms", (long long)(us / 1000), (long long)(us % 1000));
}

static uint64_t square_root(unsigned __int128 value)
{
    uint64_t root = 0;
    for (int bit = 62; bit >= 0; bit--) {
        uint64_t larger = root | UINT64_C(1) << bit;
        if ((unsigned __int128)larger * larger <= value)
            root = larger;
    }
    return root;
}

/* ---- Sending ---- */

/* As the C library says it. */
static const char *status_words(enum ipv4_status status)
{
    switch (status) {
    case IPV4_NO_ROUTE:
        return "Network is unreachable";
    case IPV4_IS_DOWN:
        return "Network is down";
    case IPV4_NO_SOURCE:
        return "Cannot assign requested address";
    case IPV4_TOO_BIG:
        return "Message too long";
    case IPV4_FORBIDDEN:
        return "Operation not permitted";
    default:
        return "No buffer space available";
    }
}

static void echo_send(struct ping *ping)
{
    struct nt_node *node = ping->app->node;
    uint16_t sequence = (uint16_t)(ping->sent + 1);
    struct icmp_echo_request request = {.destination = ping->target,
                                        .id = ping->listener.id,
                                        .sequence = sequence,
                                        .ttl = ping->ttl,
                                        .tos = ping->tos,
                                        .dont_fragment = ping->dont_fragment,
                                        .data_bytes = ping->size_bytes};
    ping->sent++;
    ping->sent_at[sequence % PING_REMEMBERED] = nt_now(node);
    enum ipv4_status status = icmp_send_echo(stack_icmp(stack_of(node)), &request);
    ping->last_at = nt_now(node);
    if (status == IPV4_SENT)
        return;
    ping->errors++;
    ping->sent_at[sequence % PING_REMEMBERED] = NT_NEVER;
    struct ipv4_route route;
    if (ping->is_quiet)
        return;
    if (status == IPV4_TOO_BIG && ipv4_route(&stack_of(node)->ip, ping->target, &route) == IPV4_SENT)
        nt_print(ping->app, "ping: local error: message too long, mtu=%u\n", route.mtu_bytes);
    else
        nt_print(ping->app, "ping: sendmsg: %s\n", status_words(status));
}

static bool has_sent_all(const struct ping *ping)
{
    return ping->count && ping->sent >= (uint64_t)ping->count;
}

/* The clock rings: another echo, or the waiting is over. */
static void ping_fire(struct nt_event *event)
{
    struct ping *ping = NT_OWNER(event, struct ping, next);
    nt_time now = nt_now(event->node);
    if (has_sent_all(ping) || now >= ping->deadline) {
        ping_end(ping);
        return;
    }
    echo_send(ping);
    if (has_sent_all(ping) && ping->received + ping->errors >= (uint64_t)ping->count) {
        ping_end(ping);
        return;
    }
    nt_time next = now + (has_sent_all(ping) ? ping->wait : ping->interval);
    nt_arm(&ping->next, next < ping->deadline ? next : ping->deadline);
}

/* ---- What comes back ---- */

static void count_rtt(struct ping *ping, nt_time rtt)
{
    uint64_t us = (uint64_t)(rtt / NT_MICROSECOND);
    if (!ping->received || rtt < ping->rtt_min)
        ping->rtt_min = rtt;
    if (rtt > ping->rtt_max)
        ping->rtt_max = rtt;
    ping->rtt_sum += rtt;
    ping->rtt_square_sum_us2 += (unsigned __int128)us * us;
    ping->received++;
}

static void end_if_done(struct ping *ping)
{
    if (has_sent_all(ping) && ping->received + ping->errors >= (uint64_t)ping->count)
        ping_end(ping);
}

static void on_reply(struct icmp_listener *listener, const struct icmp_echo *echo)
{
    struct ping *ping = NT_OWNER(listener, struct ping, listener);
    struct nt_node *node = ping->app->node;
    nt_time *sent_at = &ping->sent_at[echo->sequence % PING_REMEMBERED];
    bool is_duplicate = *sent_at == NT_NEVER;
    nt_time rtt = is_duplicate ? 0 : nt_now(node) - *sent_at;
    char who[100], time[32] = "?";
    ping->last_at = nt_now(node);
    if (is_duplicate) {
        ping->duplicates++;
    } else {
        count_rtt(ping, rtt);
        nt_tell(node, stack_of(node)->kind_ping_rtt, NULL, echo->data.frame, rtt, echo->sequence);
    }
    *sent_at = NT_NEVER;
    if (!ping->is_quiet && nt_is_listening(node)) {
        if (!is_duplicate)
            show_rtt(rtt, time, sizeof time);
        show_target(ping, echo->from, who, sizeof who);
        nt_print(ping->app, "%zu bytes from %s: icmp_seq=%u ttl=%u time=%s%s\n", echo->message_bytes, who,
                 echo->sequence, echo->ttl, time, is_duplicate ? " (DUP!)" : "");
    }
    end_if_done(ping);
}

static void on_error(struct icmp_listener *listener, uint16_t sequence, const struct ipv4_error *error)
{
    struct ping *ping = NT_OWNER(listener, struct ping, listener);
    const char *words = icmp_error_words(error->type, error->code);
    char who[100];
    ping->errors++;
    ping->last_at = nt_now(ping->app->node);
    ping->sent_at[sequence % PING_REMEMBERED] = NT_NEVER;
    show_target(ping, error->reporter, who, sizeof who);
    char mtu[32] = "";
    if (error->type == ICMP_UNREACHABLE && error->code == ICMP_FRAGMENTATION_NEEDED)
        snprintf(mtu, sizeof mtu, " (mtu = %u)", error->rest & 0xffff);
    if (!ping->is_quiet)
        nt_print(ping->app, "From %s icmp_seq=%u %s%s\n", who, sequence, words ? words : "unknown error",
                 mtu);
    end_if_done(ping);
}

/* ---- Beginning and end ---- */

static void ping_end(struct ping *ping)
{
    uint64_t lost = ping->sent - ping->received;
    char errors[40] = "", duplicates[40] = "";
    nt_disarm(&ping->next);
    icmp_unlisten(stack_icmp(stack_of(ping->app->node)), &ping->listener);
    if (ping->duplicates)
        snprintf(duplicates, sizeof duplicates, "+%llu duplicates, ", (unsigned long long)ping->duplicates);
    if (ping->errors)
        snprintf(errors, sizeof errors, "+%llu errors, ", (unsigned long long)ping->errors);
    nt_print(ping->app, "\n--- %s ping statistics ---\n", ping->name);
    nt_print(ping->app, "%llu packets transmitted, %llu received, %s%s%llu%% packet loss, time %lldms\n",
             (unsigned long long)ping->sent, (unsigned long long)ping->received, duplicates, errors,
             (unsigned long long)(ping->sent ? lost * 100 / ping->sent : 0),
             (long long)((ping->last_at - ping->first_at) / NT_MILLISECOND));
    if (ping->received) {
        uint64_t average = (uint64_t)(ping->rtt_sum / NT_MICROSECOND) / ping->received;
        unsigned __int128 mean_square = ping->rtt_square_sum_us2 / ping->received;
        unsigned __int128 square_mean = (unsigned __int128)average * average;
        uint64_t deviation = square_root(mean_square > square_mean ? mean_square - square_mean : 0);
        uint64_t least = (uint64_t)(ping->rtt_min / NT_MICROSECOND),
                 most = (uint64_t)(ping->rtt_max / NT_MICROSECOND);
        nt_print(ping->app, "rtt min/avg/max/mdev = %llu.%03llu/%llu.%03llu/%llu.%03llu/%llu.%03llu ms\n",
                 (unsigned long long)least / 1000, (unsigned long long)least % 1000,
                 (unsigned long long)average / 1000, (unsigned long long)average % 1000,
                 (unsigned long long)most / 1000, (unsigned long long)most % 1000,
                 (unsigned long long)deviation / 1000, (unsigned long long)deviation % 1000);
    }
    nt_app_exit(ping->app, ping->received ? 0 : 1);
}

static void ping_start(struct nt_app *app)
{
    struct ping *ping = app->state;
    const struct nt_value *values = app->values;
    struct stack *stack = stack_of(app->node);
    char shown[IPV4_TEXT_SIZE];
    nt_time now = nt_now(app->node);
    ping->app = app;
    ping->older = stack->pings;
    stack->pings = ping;
    ping->name = values[OPT_TARGET].text;
    ping->count = values[OPT_COUNT].is_given ? values[OPT_COUNT].number : 0;
    ping->interval = values[OPT_INTERVAL].number;
    ping->wait = values[OPT_WAIT].number;
    ping->deadline = values[OPT_DEADLINE].is_given ? now + values[OPT_DEADLINE].number : NT_NEVER - 1;
    ping->size_bytes = (uint32_t)values[OPT_SIZE].number;
    ping->ttl = (uint8_t)values[OPT_TTL].number;
    ping->tos = (uint8_t)values[OPT_TOS].number;
    ping->is_quiet = values[OPT_QUIET].is_given;
    ping->is_numeric = values[OPT_NUMERIC].is_given;
    ping->dont_fragment = values[OPT_PMTU].number == 2;
    ping->first_at = ping->last_at = now;
    for (int i = 0; i < PING_REMEMBERED; i++)
        ping->sent_at[i] = NT_NEVER;
    if (!stack_resolve(stack, ping->name, &ping->target)) {
        nt_print(app, "ping: %s: Name or service not known\n", ping->name);
        nt_app_exit(app, 2);
        return;
    }
    ipv4_format(ping->target, shown);
    nt_print(app, "PING %s (%s) %u(%u) bytes of data.\n", ping->name, shown, ping->size_bytes,
             ping->size_bytes + IP_AND_ICMP_BYTES);
    ping->listener.reply = on_reply;
    ping->listener.error = on_error;
    icmp_listen(stack_icmp(stack), &ping->listener);
    nt_event_init(&ping->next, app->node, ping_fire);
    ping_fire(&ping->next);
}

static void ping_interrupt(struct nt_app *app)
{
    if (app->is_running)
        ping_end(app->state);
}

const struct nt_app_type ping_app = {.size = sizeof(struct nt_app_type),
                                     .state_bytes = sizeof(struct ping),
                                     .name = "ping",
                                     .summary = "sends ICMP echo requests and tells what comes back",
                                     .params = ping_params,
                                     .start = ping_start,
                                     .interrupt = ping_interrupt};

/* ---- The table ---- */

void ping_show(const struct ping *ping, struct nt_cell *cells)
{
    snprintf(cells[0].text, sizeof cells[0].text, "%s", ping->name);
    cells[1].number = (int64_t)ping->sent;
    cells[2].number = (int64_t)ping->received;
    cells[3].number = (int64_t)ping->duplicates;
    cells[4].number = (int64_t)ping->errors;
    cells[5].number = ping->rtt_min;
    cells[6].number = ping->received ? ping->rtt_sum / (nt_time)ping->received : 0;
    cells[7].number = ping->rtt_max;
    cells[8].number = ping->app->is_running;
}

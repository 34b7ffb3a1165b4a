/* SPDX-License-Identifier: MIT
 * Options of a socket, by Linux' names. Each is a row: how it is read, what it may be, and what follows when
 * it changes. */
#include "protocols/tcp/connection.h"

const char *const tcp_option_words[] = {
    "SO_REUSEADDR",     "SO_REUSEPORT",     "SO_SNDBUF",        "SO_RCVBUF",      "SO_KEEPALIVE",
    "SO_LINGER",        "SO_OOBINLINE",     "TCP_NODELAY",      "TCP_CORK",       "TCP_MAXSEG",
    "TCP_USER_TIMEOUT", "TCP_KEEPIDLE",     "TCP_KEEPINTVL",    "TCP_KEEPCNT",    "TCP_SYNCNT",
    "TCP_QUICKACK",     "TCP_WINDOW_CLAMP", "TCP_DEFER_ACCEPT", "TCP_LINGER2",    "TCP_NOTSENT_LOWAT",
    "TCP_FASTOPEN",     "IP_TOS",           "IP_TTL",           "IP_MTU_DISCOVER",  "TCP_COUNT_ONLY",
    NULL};

_Static_assert(sizeof tcp_option_words / sizeof tcp_option_words[0] == TCP_OPTS + 1, "each has its name");

#define MOST INT32_MAX
#define BUFFER_LEAST 2304 /* as Linux has it for SO_RCVBUF */

/* What may be asked for, and where it is kept: a member of tcp_choices, times so much. */
static const struct row {
    int64_t least, most;
    size_t offset;
    uint8_t bytes; /* of the member; 0: not so simple */
    int64_t scale;
} rows[TCP_OPTS] = {
#define AT(member, scale) offsetof(struct tcp_choices, member), sizeof((struct tcp_choices){0}.member), scale
    [TCP_OPT_REUSEADDR] = {0, 1, 0, 0, 0},
    [TCP_OPT_REUSEPORT] = {0, 1, 0, 0, 0},
    [TCP_OPT_SNDBUF] = {0, MOST / 2, AT(send_buffer_bytes, 2)}, /* half of it is for what octets cost */
    [TCP_OPT_RCVBUF] = {0, MOST / 2, AT(receive_buffer_bytes, 2)},
    [TCP_OPT_KEEPALIVE] = {0, 1, AT(keeps_alive, 1)},
    [TCP_OPT_LINGER] = {-1, MOST, AT(linger_seconds, 1)},
    [TCP_OPT_OOBINLINE] = {0, 1, AT(takes_urgent_inline, 1)},
    [TCP_OPT_NODELAY] = {0, 1, AT(has_no_delay, 1)},
    [TCP_OPT_CORK] = {0, 1, AT(is_corked, 1)},
    [TCP_OPT_MAXSEG] = {0, 32767, AT(mss_most, 1)},
    [TCP_OPT_USER_TIMEOUT] = {0, MOST, AT(user_timeout, ENV_MILLISECOND)},
    [TCP_OPT_KEEPIDLE] = {1, 32767, AT(keepalive_idle, ENV_SECOND)},
    [TCP_OPT_KEEPINTVL] = {1, 32767, AT(keepalive_interval, ENV_SECOND)},
    [TCP_OPT_KEEPCNT] = {1, 127, AT(keepalive_count, 1)},
    [TCP_OPT_SYNCNT] = {1, 127, AT(syn_count, 1)},
    [TCP_OPT_QUICKACK] = {0, 1, AT(has_quick_ack, 1)},
    [TCP_OPT_WINDOW_CLAMP] = {0, MOST, AT(window_clamp, 1)},
    [TCP_OPT_DEFER_ACCEPT] = {0, MOST, 0, 0, 0},
    [TCP_OPT_LINGER2] = {-1, 120, AT(fin_wait_2, ENV_SECOND)},
    [TCP_OPT_NOTSENT_LOWAT] = {0, MOST, AT(unsent_low_bytes, 1)},
    [TCP_OPT_FASTOPEN] = {0, MOST, AT(fast_open_queue, 1)},
    [TCP_OPT_TOS] = {0, 255, AT(tos, 1)},
    [TCP_OPT_TTL] = {0, 255, AT(ttl, 1)},
    [TCP_OPT_MTU_DISCOVER] = {0, 1, 0, 0, 0},
    [TCP_OPT_COUNT_ONLY] = {0, 1, AT(counts_only, 1)},
#undef AT
};

/* Members are unsigned where they are small; the signed ones have four or eight bytes. */
static int64_t member_of(const struct tcp_choices *choices, const struct row *row)
{
    const uint8_t *at = (const uint8_t *)choices + row->offset;
    if (row->bytes == 1)
        return *at;
    if (row->bytes == 2)
        return *(const uint16_t *)(const void *)at;
    return row->bytes == 4 ? *(const int32_t *)(const void *)at : *(const int64_t *)(const void *)at;
}

static void put_member(struct tcp_choices *choices, const struct row *row, int64_t value)
{
    uint8_t *at = (uint8_t *)choices + row->offset;
    if (row->bytes == 1)
        *at = (uint8_t)value;
    else if (row->bytes == 2)
        *(uint16_t *)(void *)at = (uint16_t)value;
    else if (row->bytes == 4)
        *(int32_t *)(void *)at = (int32_t)value;
    else
        *(int64_t *)(void *)at = value;
}

#define DEFER_MOST (120 * ENV_SECOND) /* the longest of the timeouts: Linux' TCP_RTO_MAX */

/* How many timeouts of a SYN,ACK, from the second on each twice as long, so many seconds are: Linux'
 * secs_to_retrans, and back. */
static uint8_t timeouts_of(const struct tcp_socket *socket, int64_t seconds)
{
    int64_t timeout = tcp_set_time_of(socket, TCP_SET_RTO_INITIAL), period = timeout;
    uint8_t count = seconds > 0;
    while (seconds > period / ENV_SECOND && count && count < UINT8_MAX) {
        timeout = 2 * timeout < DEFER_MOST ? 2 * timeout : DEFER_MOST;
        period += timeout;
        count++;
    }
    return count;
}

static int64_t seconds_of(const struct tcp_socket *socket, uint8_t timeouts)
{
    int64_t timeout = tcp_set_time_of(socket, TCP_SET_RTO_INITIAL), period = 0;
    for (; timeouts; timeouts--) {
        period += timeout;
        timeout = 2 * timeout < DEFER_MOST ? 2 * timeout : DEFER_MOST;
    }
    return period / ENV_SECOND;
}

static void put(struct tcp_socket *socket, enum tcp_option option, int64_t value)
{
    struct tcp_bound *bound = &socket->bound;
    bool is_buffer = option == TCP_OPT_SNDBUF || option == TCP_OPT_RCVBUF;
    if (option == TCP_OPT_TOS)
        value &= ~INT64_C(3); /* these two bits are congestion notification's */
    if (is_buffer && value < BUFFER_LEAST / 2)
        value = BUFFER_LEAST / 2;
    if (option == TCP_OPT_REUSEADDR)
        tcp_demux_share(bound, value, bound->reuses_port);
    else if (option == TCP_OPT_REUSEPORT)
        tcp_demux_share(bound, bound->reuses_address, value);
    else if (option == TCP_OPT_DEFER_ACCEPT)
        socket->choices.defer_timeouts = timeouts_of(socket, value);
    else if (option == TCP_OPT_MTU_DISCOVER)
        socket->choices.no_mtu_discovery = !value;
    else
        put_member(&socket->choices, &rows[option], value * rows[option].scale);
}

/* What a change means for a connection that is open. */
static void apply(struct tcp_socket *socket, enum tcp_option option)
{
    bool is_alive = socket->is_open && !socket->is_shut_down;
    if (!is_alive)
        return;
    if (option == TCP_OPT_SNDBUF)
        tcp_sender_limit(socket);
    if (option == TCP_OPT_RCVBUF || option == TCP_OPT_WINDOW_CLAMP)
        tcp_receiver_resize(socket);
    if (option == TCP_OPT_KEEPALIVE || option == TCP_OPT_KEEPIDLE)
        tcp_keepalive_arm(socket);
    if (option == TCP_OPT_MAXSEG && tcp_state_is_synchronized(socket->state))
        tcp_sender_set_mss(socket, 3);
    if (option == TCP_OPT_USER_TIMEOUT)
        tcp_timer_stop(socket, TCP_TIMER_USER_TIMEOUT); /* set again by the last step */
    if (option == TCP_OPT_QUICKACK)
        socket->rcv.is_talk = !socket->choices.has_quick_ack;
    tcp_settle_quietly(socket);
}

int tcp_set_option(struct tcp_socket *socket, enum tcp_option option, int64_t value)
{
    if (option >= TCP_OPTS || rows[option].most == 0)
        return -NET_ENOPROTOOPT;
    if (value < rows[option].least || value > rows[option].most)
        return -NET_EINVAL;
    put(socket, option, value);
    apply(socket, option);
    return 0;
}

/* What holds if nothing was asked for. */
static int64_t usual(const struct tcp_socket *socket, enum tcp_option option)
{
    static const struct {
        enum tcp_option option;
        enum tcp_setting setting;
    } settings[] = {
        {TCP_OPT_SNDBUF, TCP_SET_WMEM_DEFAULT},      {TCP_OPT_RCVBUF, TCP_SET_RMEM_DEFAULT},
        {TCP_OPT_KEEPIDLE, TCP_SET_KEEPALIVE_TIME},  {TCP_OPT_KEEPINTVL, TCP_SET_KEEPALIVE_INTERVAL},
        {TCP_OPT_KEEPCNT, TCP_SET_KEEPALIVE_PROBES}, {TCP_OPT_SYNCNT, TCP_SET_SYN_RETRIES},
        {TCP_OPT_LINGER2, TCP_SET_FIN_TIMEOUT}};
    for (unsigned i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (settings[i].option == option)
            return tcp_set_of(socket, settings[i].setting);
    return option == TCP_OPT_MAXSEG ? TCP_MSS_DEFAULT : 0;
}

/* What a connection that is open has made of it; -1: nothing. */
static int64_t in_use(const struct tcp_socket *socket, enum tcp_option option)
{
    if (!socket->is_open)
        return -1;
    if (option == TCP_OPT_SNDBUF)
        return socket->snd.limit_bytes;
    if (option == TCP_OPT_RCVBUF)
        return 2 * (int64_t)socket->rcv.space_bytes;
    if (option == TCP_OPT_MAXSEG && socket->snd.mss)
        return socket->snd.mss;
    return option == TCP_OPT_QUICKACK && socket->rcv.quick && !socket->rcv.is_talk ? 1 : -1;
}

int tcp_get_option(const struct tcp_socket *socket, enum tcp_option option, int64_t *ret_value)
{
    if (option >= TCP_OPTS || rows[option].most == 0)
        return -NET_ENOPROTOOPT;
    int64_t value = in_use(socket, option);
    if (value < 0 && rows[option].bytes) {
        int64_t chosen = member_of(&socket->choices, &rows[option]);
        value =
            chosen < 0
                ? -1
                : chosen / (option == TCP_OPT_SNDBUF || option == TCP_OPT_RCVBUF ? 1 : rows[option].scale);
        value = value ? value : usual(socket, option);
    }
    if (option == TCP_OPT_REUSEADDR)
        value = socket->bound.reuses_address;
    if (option == TCP_OPT_REUSEPORT)
        value = socket->bound.reuses_port;
    if (option == TCP_OPT_DEFER_ACCEPT)
        value = seconds_of(socket, socket->choices.defer_timeouts);
    if (option == TCP_OPT_MTU_DISCOVER)
        value = !socket->choices.no_mtu_discovery && tcp_set_of(socket, TCP_SET_MTU_DISCOVERY);
    *ret_value = value;
    return 0;
}

int tcp_set_congestion(struct tcp_socket *socket, const char *name)
{
    const struct tcp_congestion_type *type = tcp_find_congestion(socket->tcp, name);
    if (!type)
        return -NET_EINVAL;
    socket->choices.congestion = type;
    if (socket->is_open && !socket->is_shut_down)
        tcp_recovery_set_congestion(&socket->snd.recovery, type);
    return 0;
}

const char *tcp_congestion(const struct tcp_socket *socket)
{
    return socket->choices.congestion ? socket->choices.congestion->name : socket->tcp->settings.congestion;
}

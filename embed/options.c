/* SPDX-License-Identifier: MIT
 * Settings, options and variables, by the names that Linux has for them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embed/sockets.h"

/* ---- Settings of the host ---- */

#define CONGESTION "net.ipv4.tcp_congestion_control"
#define FIXED_ISN "netarium.tcp_isn" /* every connection begins there; "" for RFC 6528 */

/* Names that are no rows of TCP's table, in front of those that are. */
static const char *const own_names[] = {CONGESTION, FIXED_ISN, "net.ipv4.ip_default_ttl"};
#define OWN_NAMES (sizeof own_names / sizeof *own_names)

static bool read_number(const char *text, int64_t *ret_value)
{
    char *rest;
    *ret_value = strtoll(text, &rest, 0);
    return *text && !*rest;
}

int nt_host_set(struct nt_host *host, const char *name, const char *value)
{
    int64_t number;
    if (strcmp(name, CONGESTION) == 0)
        return tcp_set_default_congestion(&host->tcp, value);
    enum tcp_setting setting = tcp_setting_find(name);
    bool is_isn = strcmp(name, FIXED_ISN) == 0;
    bool is_ttl = strcmp(name, own_names[2]) == 0;
    if (setting == TCP_SETTINGS && !is_isn && !is_ttl)
        return -HOST_ENOENT;
    if (!read_number(value, &number))
        return -NET_EINVAL;
    if (is_isn)
        tcp_fix_isn(&host->tcp, (uint32_t)number);
    else if (!is_ttl)
        return tcp_set(&host->tcp, setting, number);
    else if (number < 1 || number > 255)
        return -NET_EINVAL;
    else
        host->ip.default_ttl = (uint8_t)number;
    return 0;
}

int nt_host_get(const struct nt_host *host, const char *name, char *ret_value, size_t size)
{
    const struct tcp_settings *settings = &host->tcp.settings;
    enum tcp_setting setting = tcp_setting_find(name);
    int length;
    if (strcmp(name, CONGESTION) == 0)
        length = snprintf(ret_value, size, "%s", settings->congestion);
    else if (strcmp(name, FIXED_ISN) == 0)
        length = snprintf(ret_value, size, "%.0" PRIu32, host->tcp.has_test_isn ? host->tcp.test_isn : 0);
    else if (strcmp(name, own_names[2]) == 0)
        length = snprintf(ret_value, size, "%d", host->ip.default_ttl);
    else if (setting != TCP_SETTINGS)
        length = snprintf(ret_value, size, "%" PRId64, tcp_setting(settings, setting));
    else
        return -HOST_ENOENT;
    return (size_t)length < size ? length : -NET_EMSGSIZE;
}

const char *nt_host_setting_name(uint32_t index)
{
    if (index < OWN_NAMES)
        return own_names[index];
    index -= OWN_NAMES;
    return index < TCP_SETTINGS ? tcp_setting_table[index].name : NULL;
}

/* ---- Options of a socket ---- */

static int find_option(struct nt_host *host, int fd, const char *name, struct tcp_socket **ret_stream)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    if (socket->kind != NT_HOST_STREAM)
        return -NET_ENOPROTOOPT;
    *ret_stream = socket->stream;
    for (int i = 0; tcp_option_words[i]; i++)
        if (strcmp(tcp_option_words[i], name) == 0)
            return i;
    return -NET_ENOPROTOOPT;
}

int nt_host_set_option(struct nt_host *host, int fd, const char *name, int64_t value)
{
    struct tcp_socket *stream;
    int option = find_option(host, fd, name, &stream);
    return option < 0 ? option : tcp_set_option(stream, (enum tcp_option)option, value);
}

int nt_host_get_option(struct nt_host *host, int fd, const char *name, int64_t *ret_value)
{
    struct tcp_socket *stream;
    int option = find_option(host, fd, name, &stream);
    return option < 0 ? option : tcp_get_option(stream, (enum tcp_option)option, ret_value);
}

int nt_host_set_option_text(struct nt_host *host, int fd, const char *name, const char *value)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    if (socket->kind != NT_HOST_STREAM || strcmp(name, "TCP_CONGESTION") != 0)
        return -NET_ENOPROTOOPT;
    return tcp_set_congestion(socket->stream, value);
}

/* ---- Variables of a connection ---- */

struct variable {
    const char *name;
    size_t offset, size;
};

#define VARIABLE(name)                                                                                       \
    {                                                                                                        \
#name, offsetof(struct tcp_info, name), sizeof((struct tcp_info *)0)->name                           \
    }

static const struct variable variables[] = {VARIABLE(state),
                                            VARIABLE(ca_state),
                                            VARIABLE(retransmits),
                                            VARIABLE(probes),
                                            VARIABLE(backoff),
                                            VARIABLE(options),
                                            VARIABLE(snd_wscale),
                                            VARIABLE(rcv_wscale),
                                            VARIABLE(rto),
                                            VARIABLE(ato),
                                            VARIABLE(snd_mss),
                                            VARIABLE(rcv_mss),
                                            VARIABLE(unacked),
                                            VARIABLE(sacked),
                                            VARIABLE(lost),
                                            VARIABLE(retrans),
                                            VARIABLE(last_data_sent),
                                            VARIABLE(last_data_recv),
                                            VARIABLE(last_ack_recv),
                                            VARIABLE(pmtu),
                                            VARIABLE(rcv_ssthresh),
                                            VARIABLE(rtt),
                                            VARIABLE(rttvar),
                                            VARIABLE(snd_ssthresh),
                                            VARIABLE(snd_cwnd),
                                            VARIABLE(advmss),
                                            VARIABLE(reordering),
                                            VARIABLE(rcv_rtt),
                                            VARIABLE(rcv_space),
                                            VARIABLE(total_retrans),
                                            VARIABLE(pacing_rate),
                                            VARIABLE(bytes_acked),
                                            VARIABLE(bytes_received),
                                            VARIABLE(segs_out),
                                            VARIABLE(segs_in),
                                            VARIABLE(notsent_bytes),
                                            VARIABLE(min_rtt),
                                            VARIABLE(data_segs_in),
                                            VARIABLE(data_segs_out),
                                            VARIABLE(delivery_rate),
                                            VARIABLE(busy_time),
                                            VARIABLE(rwnd_limited),
                                            VARIABLE(sndbuf_limited),
                                            VARIABLE(delivered),
                                            VARIABLE(delivered_ce),
                                            VARIABLE(bytes_sent),
                                            VARIABLE(bytes_retrans),
                                            VARIABLE(dsack_dups),
                                            VARIABLE(reord_seen),
                                            VARIABLE(rcv_ooopack),
                                            VARIABLE(snd_wnd),
                                            VARIABLE(rcv_wnd),
                                            VARIABLE(cwnd_bytes),
                                            VARIABLE(ssthresh_bytes)};

#define VARIABLES (sizeof variables / sizeof *variables)

static int64_t value_at(const struct tcp_info *info, const struct variable *variable)
{
    const char *place = (const char *)info + variable->offset;
    uint64_t wide;
    uint32_t word;
    if (variable->size == sizeof wide) {
        memcpy(&wide, place, sizeof wide);
        return wide > INT64_MAX ? INT64_MAX : (int64_t)wide;
    }
    if (variable->size == sizeof word) {
        memcpy(&word, place, sizeof word);
        return word;
    }
    return *(const uint8_t *)place;
}

int nt_host_info(struct nt_host *host, int fd, const char *name, int64_t *ret_value)
{
    struct host_socket *socket = host_socket_find(host, fd);
    struct tcp_info info;
    if (!socket)
        return -NET_EBADF;
    if (socket->kind != NT_HOST_STREAM)
        return -NET_EOPNOTSUPP;
    for (size_t i = 0; i < VARIABLES; i++)
        if (strcmp(variables[i].name, name) == 0) {
            tcp_info_of(socket->stream, &info);
            *ret_value = value_at(&info, &variables[i]);
            return 0;
        }
    return -HOST_ENOENT;
}

const char *nt_host_info_name(uint32_t index)
{
    return index < VARIABLES ? variables[index].name : NULL;
}

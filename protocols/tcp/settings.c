/* SPDX-License-Identifier: MIT
 * The table of settings: what each profile sets, and where it is written. */
#include "protocols/tcp/settings.h"

#include <assert.h>
#include <string.h>

const char *const tcp_profile_words[] = {"linux", "rfc", "classic", NULL};

#define MOST INT64_C(0x7fffffff)

#define ROW(setting, name, unit, least, most, linux_, rfc, classic, summary, clause)                         \
    [TCP_SET_##setting] = {name, TCP_UNIT_##unit, least, most, {linux_, rfc, classic}, summary, clause}

/* Setting, name, unit, range, what linux, rfc and classic set; then the sentence and the clause. */
const struct tcp_setting_row tcp_setting_table[TCP_SETTINGS] = {
    ROW(SACK, "net.ipv4.tcp_sack", SWITCH, 0, 1, 1, 1, 0, "tell and use what arrived out of order",
        "RFC 2018"),
    ROW(DSACK, "net.ipv4.tcp_dsack", SWITCH, 0, 1, 1, 1, 0, "tell what arrived twice", "RFC 2883"),
    ROW(TIMESTAMPS, "net.ipv4.tcp_timestamps", SWITCH, 0, 1, 1, 1, 0,
        "timestamps in every segment, once both sides agree", "RFC 7323 section 3"),
    ROW(WINDOW_SCALING, "net.ipv4.tcp_window_scaling", SWITCH, 0, 1, 1, 1, 0,
        "windows over 64 kB, once both sides agree", "RFC 7323 section 2"),
    ROW(ECN, "net.ipv4.tcp_ecn", PLAIN, 0, 2, 2, 2, 0,
        "explicit congestion notification: 0 never, 1 ask for it, 2 when asked", "RFC 3168 section 6.1.1"),
    ROW(ECN_FALLBACK, "net.ipv4.tcp_ecn_fallback", SWITCH, 0, 1, 1, 1, 1,
        "ask without ECN when a SYN that asked for it was lost", "RFC 3168 section 6.1.1.1"),
    ROW(SYN_RETRIES, "net.ipv4.tcp_syn_retries", PLAIN, 1, 127, 6, 7, 5, "how often a SYN is repeated",
        "RFC 9293 section 3.8.3"),
    ROW(SYNACK_RETRIES, "net.ipv4.tcp_synack_retries", PLAIN, 0, 127, 5, 7, 5,
        "how often a SYN,ACK is repeated", "RFC 9293 section 3.8.3"),
    ROW(RETRIES1, "net.ipv4.tcp_retries1", PLAIN, 1, 255, 3, 3, 3,
        "timeouts in a row after which the way is doubted (R1)", "RFC 9293 section 3.8.3"),
    ROW(RETRIES2, "net.ipv4.tcp_retries2", PLAIN, 0, 255, 15, 8, 12,
        "timeouts in a row after which the connection is given up (R2)", "RFC 9293 section 3.8.3"),
    ROW(ORPHAN_RETRIES, "net.ipv4.tcp_orphan_retries", PLAIN, 0, 255, 0, 8, 12,
        "the same when nobody owns it any more; 0 means 8", "RFC 9293 section 3.8.3"),
    ROW(FIN_TIMEOUT, "net.ipv4.tcp_fin_timeout", SECONDS, 0, 600, 60, 60, 60,
        "how long FIN-WAIT-2 lasts when nobody owns the socket", "RFC 1122 4.2.2.13"),
    ROW(TIME_WAIT, "tcp.time_wait", SECONDS, 0, 600, 60, 240, 60,
        "how long TIME-WAIT lasts: twice the longest life of a segment", "RFC 9293 section 3.4.2"),
    ROW(RFC1337, "net.ipv4.tcp_rfc1337", SWITCH, 0, 1, 0, 1, 0, "a reset does not end TIME-WAIT", "RFC 1337"),
    ROW(KEEPALIVE_TIME, "net.ipv4.tcp_keepalive_time", SECONDS, 1, 32767, 7200, 7200, 7200,
        "silence before the first keepalive probe", "RFC 9293 section 3.8.4"),
    ROW(KEEPALIVE_INTERVAL, "net.ipv4.tcp_keepalive_intvl", SECONDS, 1, 32767, 75, 75, 75,
        "between keepalive probes", "RFC 9293 section 3.8.4"),
    ROW(KEEPALIVE_PROBES, "net.ipv4.tcp_keepalive_probes", PLAIN, 1, 127, 9, 9, 8,
        "unanswered probes that end a connection", "RFC 9293 section 3.8.4"),
    ROW(SYNCOOKIES, "net.ipv4.tcp_syncookies", PLAIN, 0, 2, 1, 0, 0,
        "SYN cookies: 0 never, 1 when the queue is full, 2 always", "RFC 4987 section 3.6"),
    ROW(FASTOPEN, "net.ipv4.tcp_fastopen", PLAIN, 0, 7, 1, 1, 0,
        "Fast Open, where it is asked for: 1 as a client, 2 as a server, 4 data without a cookie; their sum", "RFC 7413"),
    ROW(SYN_BACKLOG, "net.ipv4.tcp_max_syn_backlog", PLAIN, 1, MOST, 4096, 4096, 8,
        "half-open connections of a listener, if its backlog is not less", "RFC 4987 section 3.2"),
    ROW(SOMAXCONN, "net.core.somaxconn", PLAIN, 1, MOST, 4096, 4096, 8, "the largest backlog", NULL),
    ROW(ABORT_ON_OVERFLOW, "net.ipv4.tcp_abort_on_overflow", SWITCH, 0, 1, 0, 0, 0,
        "reset what the backlog has no room for", NULL),
    ROW(RMEM_MIN, "net.ipv4.tcp_rmem.min", BYTES, 1, MOST, 4096, 4096, 4096, "smallest receive buffer", NULL),
    ROW(RMEM_DEFAULT, "net.ipv4.tcp_rmem.default", BYTES, 1, MOST, 131072, 131072, 131070,
        "receive buffer of a new connection", NULL),
    ROW(RMEM_MAX, "net.ipv4.tcp_rmem.max", BYTES, 1, MOST, 6291456, 6291456, 131070,
        "largest receive buffer that grows by itself", NULL),
    ROW(WMEM_MIN, "net.ipv4.tcp_wmem.min", BYTES, 1, MOST, 4096, 4096, 4096, "smallest send buffer", NULL),
    ROW(WMEM_DEFAULT, "net.ipv4.tcp_wmem.default", BYTES, 1, MOST, 16384, 65536, 65535,
        "send buffer of a new connection", NULL),
    ROW(WMEM_MAX, "net.ipv4.tcp_wmem.max", BYTES, 1, MOST, 4194304, 4194304, 65535,
        "largest send buffer that grows by itself", NULL),
    ROW(MODERATE_RCVBUF, "net.ipv4.tcp_moderate_rcvbuf", SWITCH, 0, 1, 1, 0, 0,
        "the receive buffer grows with what arrives in a round trip", NULL),
    ROW(CHALLENGE_ACK_LIMIT, "net.ipv4.tcp_challenge_ack_limit", PLAIN, 0, MOST, MOST, 10, MOST,
        "challenge ACKs of the whole machine in a second", "RFC 5961 section 7"),
    ROW(INVALID_RATELIMIT, "net.ipv4.tcp_invalid_ratelimit", MILLISECONDS, 0, 60000, 500, 0, 0,
        "least time between two answers to nonsense on a connection", "RFC 5961 section 7"),
    ROW(RTO_INITIAL, "tcp.rto_initial", MILLISECONDS, 1, 60000, 1000, 1000, 1000,
        "retransmission timeout before anything was measured", "RFC 6298 (2.1)"),
    ROW(RTO_MIN, "net.ipv4.tcp_rto_min_us", MICROSECONDS, 1, MOST, 200000, 1000000, 1000000,
        "least retransmission timeout", "RFC 6298 (2.4)"),
    ROW(RTO_MAX, "net.ipv4.tcp_rto_max_ms", MILLISECONDS, 1000, 240000, 120000, 60000, 64000,
        "largest retransmission timeout", "RFC 6298 (2.5)"),
    ROW(DELAYED_ACK_MIN, "tcp.delayed_ack_min", MILLISECONDS, 0, 500, 40, 200, 200,
        "how long an acknowledgment waits for company, at least", "RFC 9293 section 3.8.6.3"),
    ROW(DELAYED_ACK_MAX, "tcp.delayed_ack_max", MILLISECONDS, 0, 500, 200, 200, 200,
        "the same at most, where it adapts", "RFC 9293 section 3.8.6.3"),
    ROW(QUICK_ACKS, "tcp.quick_acks", SEGMENTS, 0, 255, 16, 0, 0,
        "segments at the start that are acknowledged at once", NULL),
    ROW(INITIAL_WINDOW, "tcp.initial_window", SEGMENTS, 1, 100, 10, 10, 1,
        "the initial window; 10 is also limited to 14600 bytes", "RFC 6928"),
    ROW(SLOW_START_AFTER_IDLE, "net.ipv4.tcp_slow_start_after_idle", SWITCH, 0, 1, 1, 1, 1,
        "begin slowly again after a silence", "RFC 5681 section 4.1"),
    ROW(REORDERING, "net.ipv4.tcp_reordering", SEGMENTS, 1, 127, 3, 3, 3,
        "duplicate acknowledgments that mean a loss", "RFC 5681 section 3.2"),
    ROW(MAX_REORDERING, "net.ipv4.tcp_max_reordering", SEGMENTS, 1, 10000, 300, 3, 3,
        "the most that this number grows to", "RFC 4653"),
    ROW(RECOVERY, "net.ipv4.tcp_recovery", PLAIN, 0, 7, 1, 0, 0, "1: RACK declares losses by time",
        "RFC 8985"),
    ROW(EARLY_RETRANS, "net.ipv4.tcp_early_retrans", PLAIN, 0, 4, 3, 0, 0, "3, 4: tail loss probes",
        "RFC 8985 section 7"),
    ROW(FRTO, "net.ipv4.tcp_frto", PLAIN, 0, 2, 2, 0, 0, "find out whether a timeout was spurious",
        "RFC 5682"),
    ROW(LIMITED_TRANSMIT, "tcp.limited_transmit", SWITCH, 0, 1, 1, 1, 0,
        "the first two duplicate acknowledgments let new data go", "RFC 3042"),
    ROW(PRR, "tcp.prr", SWITCH, 0, 1, 1, 0, 0, "the window shrinks in proportion during recovery",
        "RFC 6937"),
    ROW(ACK_COUNTING, "tcp.ack_counting", PLAIN, 0, 2, 2, 1, 0,
        "the window grows by acknowledgments (0), by octets (1), by octets in slow start too (2)",
        "RFC 5681 section 3.1"),
    ROW(HYSTART, "tcp.hystart", SWITCH, 0, 1, 1, 0, 0, "slow start ends when round trips grow", "RFC 9406"),
    ROW(NAGLE_MINSHALL, "tcp.nagle_minshall", SWITCH, 0, 1, 1, 0, 0,
        "only a small segment on its way holds the next small one back", "RFC 9293 section 3.7.4"),
    ROW(MTU_DISCOVERY, "tcp.mtu_discovery", SWITCH, 0, 1, 1, 1, 0, "forbid fragments and learn what fits",
        "RFC 1191"),
    ROW(MTU_EXPIRES, "net.ipv4.route.mtu_expires", SECONDS, 1, 86400, 600, 600, 600,
        "how long a smaller path MTU is believed", "RFC 1191 section 6.3"),
    ROW(BASE_MSS, "net.ipv4.tcp_base_mss", BYTES, 64, 65495, 1024, 1024, 1024,
        "where probing for a larger path begins", "RFC 4821 section 7.2"),
    ROW(MIN_SND_MSS, "net.ipv4.tcp_min_snd_mss", BYTES, 48, 65495, 48, 48, 48,
        "the least segment size that a peer is believed", NULL),
    ROW(MIN_PMTU, "net.ipv4.route.min_pmtu", BYTES, 68, 65535, 552, 68, 552,
        "the least path MTU that is believed", "RFC 1191 section 3"),
    ROW(STDURG, "net.ipv4.tcp_stdurg", SWITCH, 0, 1, 0, 1, 0,
        "the urgent pointer points to the urgent octet, not behind it", "RFC 6093 section 2.1"),
    ROW(FIRST_PORT, "net.ipv4.ip_local_port_range.first", PLAIN, 1, 65535, 49152, 49152, 1024,
        "first of the ports that are chosen for connections", "RFC 6335 section 6"),
    ROW(LAST_PORT, "net.ipv4.ip_local_port_range.last", PLAIN, 1, 65535, 65535, 65535, 5000, "last of them",
        "RFC 6335 section 6"),
};

/* net.ipv4.tcp_congestion_control. */
static const char *const congestion[TCP_PROFILES] = {"cubic", "newreno", "reno"};

void tcp_settings_init(struct tcp_settings *settings, enum tcp_profile profile)
{
    *settings = (struct tcp_settings){.profile = profile};
    strncpy(settings->congestion, congestion[profile], sizeof settings->congestion - 1);
}

void tcp_settings_release(struct tcp_settings *settings, struct env *env)
{
    env_free(env, settings->own);
    settings->own = NULL;
}

enum tcp_setting tcp_setting_find(const char *name)
{
    static const char prefix[] = "net.ipv4.";
    unsigned i = 0;
    for (; i < TCP_SETTINGS; i++) {
        const char *full = tcp_setting_table[i].name;
        bool has_prefix = strncmp(full, prefix, sizeof prefix - 1) == 0;
        if (strcmp(full, name) == 0 || (has_prefix && strcmp(full + sizeof prefix - 1, name) == 0))
            break;
    }
    return (enum tcp_setting)i;
}

bool tcp_settings_put(struct tcp_settings *settings, struct env *env, enum tcp_setting setting, int64_t value)
{
    const struct tcp_setting_row *row = &tcp_setting_table[setting];
    if (value < row->least || value > row->most)
        return false;
    if (tcp_setting(settings, setting) == value)
        return true;
    if (!settings->own) {
        settings->own = env_new(env, TCP_SETTINGS * sizeof *settings->own);
        for (unsigned i = 0; i < TCP_SETTINGS; i++)
            settings->own[i] = tcp_setting_table[i].values[settings->profile];
    }
    settings->own[setting] = value;
    return true;
}

int64_t tcp_setting_time(const struct tcp_settings *settings, enum tcp_setting setting)
{
    static const int64_t scale[] = {[TCP_UNIT_SECONDS] = ENV_SECOND,
                                    [TCP_UNIT_MILLISECONDS] = ENV_MILLISECOND,
                                    [TCP_UNIT_MICROSECONDS] = ENV_MICROSECOND};
    enum tcp_setting_unit unit = tcp_setting_table[setting].unit;
    assert(unit >= TCP_UNIT_SECONDS && unit <= TCP_UNIT_MICROSECONDS);
    return tcp_setting(settings, setting) * scale[unit];
}

/* SPDX-License-Identifier: MIT
 * What standards leave open, and what a profile makes of it.
 *
 *     rfc       the values that the standards recommend
 *     linux     what a current Linux does on the wire; the default
 *     classic   what textbooks draw: no SACK, no timestamps, an initial window of one segment
 *
 * One table (settings.c) says for each setting its name, its unit, its range, what each profile sets, one
 * sentence and the clause. Names are Linux' sysctl names where Linux has the setting; the others begin with
 * "tcp.". A machine points to a profile until somebody changes a setting, then it has a copy of its own. */
#ifndef NETARIUM_PROTOCOLS_TCP_SETTINGS_H
#define NETARIUM_PROTOCOLS_TCP_SETTINGS_H

#include "protocols/env.h"

enum tcp_profile { TCP_PROFILE_LINUX, TCP_PROFILE_RFC, TCP_PROFILE_CLASSIC, TCP_PROFILES };
extern const char *const tcp_profile_words[]; /* "linux", "rfc", "classic"; ended by NULL */

enum tcp_setting {
    TCP_SET_SACK,
    TCP_SET_DSACK,
    TCP_SET_TIMESTAMPS,
    TCP_SET_WINDOW_SCALING,
    TCP_SET_ECN, /* 0 never, 1 ask for it, 2 when asked */
    TCP_SET_ECN_FALLBACK,
    TCP_SET_SYN_RETRIES,
    TCP_SET_SYNACK_RETRIES,
    TCP_SET_RETRIES1,
    TCP_SET_RETRIES2,
    TCP_SET_ORPHAN_RETRIES,
    TCP_SET_FIN_TIMEOUT,
    TCP_SET_TIME_WAIT,
    TCP_SET_RFC1337,
    TCP_SET_KEEPALIVE_TIME,
    TCP_SET_KEEPALIVE_INTERVAL,
    TCP_SET_KEEPALIVE_PROBES,
    TCP_SET_SYNCOOKIES, /* 0 never, 1 when the queue is full, 2 always */
    TCP_SET_FASTOPEN,   /* 1 as a client, 2 as a server, 4 data without a cookie */
    TCP_SET_SYN_BACKLOG,
    TCP_SET_SOMAXCONN,
    TCP_SET_ABORT_ON_OVERFLOW,
    TCP_SET_RMEM_MIN,
    TCP_SET_RMEM_DEFAULT,
    TCP_SET_RMEM_MAX,
    TCP_SET_WMEM_MIN,
    TCP_SET_WMEM_DEFAULT,
    TCP_SET_WMEM_MAX,
    TCP_SET_MODERATE_RCVBUF,
    TCP_SET_CHALLENGE_ACK_LIMIT, /* per second for the machine */
    TCP_SET_INVALID_RATELIMIT,   /* least time between two answers to nonsense on one connection */
    TCP_SET_RTO_INITIAL,
    TCP_SET_RTO_MIN,
    TCP_SET_RTO_MAX,
    TCP_SET_DELAYED_ACK_MIN,
    TCP_SET_DELAYED_ACK_MAX,
    TCP_SET_QUICK_ACKS, /* segments at the start that are acknowledged at once */
    TCP_SET_INITIAL_WINDOW,
    TCP_SET_SLOW_START_AFTER_IDLE,
    TCP_SET_REORDERING,
    TCP_SET_MAX_REORDERING,
    TCP_SET_RECOVERY,      /* how loss is declared: see recovery.h */
    TCP_SET_EARLY_RETRANS, /* tail loss probes: 3 with RACK, 0 none */
    TCP_SET_FRTO,
    TCP_SET_LIMITED_TRANSMIT,
    TCP_SET_PRR,
    TCP_SET_ACK_COUNTING,   /* enum tcp_counting, congestion.h */
    TCP_SET_HYSTART,        /* slow start ends when round trips grow */
    TCP_SET_NAGLE_MINSHALL, /* 1: only an unacknowledged *small* segment holds a small one back */
    TCP_SET_MTU_DISCOVERY,  /* don't fragment, and obey "too big" */
    TCP_SET_MTU_EXPIRES,
    TCP_SET_BASE_MSS,
    TCP_SET_MIN_SND_MSS,
    TCP_SET_MIN_PMTU,
    TCP_SET_STDURG,
    TCP_SET_FIRST_PORT,
    TCP_SET_LAST_PORT,
    TCP_SETTINGS
};

enum tcp_setting_unit {
    TCP_UNIT_PLAIN,  /* a number */
    TCP_UNIT_SWITCH, /* 0 or 1 */
    TCP_UNIT_BYTES,
    TCP_UNIT_SECONDS,
    TCP_UNIT_MILLISECONDS,
    TCP_UNIT_MICROSECONDS,
    TCP_UNIT_SEGMENTS
};

struct tcp_setting_row {
    const char *name;
    enum tcp_setting_unit unit;
    int64_t least, most;          /* range */
    int64_t values[TCP_PROFILES]; /* what each profile sets */
    const char *summary;          /* one sentence */
    const char *clause;           /* where the standard speaks of it; NULL where none does */
};
extern const struct tcp_setting_row tcp_setting_table[TCP_SETTINGS];

#define TCP_CONGESTION_NAME 16 /* bytes, with the ending zero */

/* A column of the table, or a changed copy of one. */
struct tcp_settings {
    enum tcp_profile profile;
    int64_t *own; /* owned: all values, once one differs; NULL: as the profile has them */
    char congestion[TCP_CONGESTION_NAME]; /* net.ipv4.tcp_congestion_control */
};

void tcp_settings_init(struct tcp_settings *settings, enum tcp_profile profile);
void tcp_settings_release(struct tcp_settings *settings, struct env *env);

/* The setting of this name, or TCP_SETTINGS. Names may be given without "net.ipv4.". */
enum tcp_setting tcp_setting_find(const char *name);

/* False: the value is out of the setting's range. */
bool tcp_settings_put(struct tcp_settings *settings, struct env *env, enum tcp_setting setting,
                      int64_t value);

/* What it is now, in the unit of the table. */
static inline int64_t tcp_setting(const struct tcp_settings *settings, enum tcp_setting setting)
{
    return settings->own ? settings->own[setting] : tcp_setting_table[setting].values[settings->profile];
}

/* A setting that is a time, in picoseconds. */
int64_t tcp_setting_time(const struct tcp_settings *settings, enum tcp_setting setting);

#endif

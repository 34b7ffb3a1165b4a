/* SPDX-License-Identifier: MIT
 * Numbers that an outsider must not guess: where sequence numbers and timestamps begin, and SYN cookies.
 *
 *     ISN       = clock of 4 us + F(both endpoints, secret)                       RFC 6528 section 3
 *     timestamp = clock of 1 ms + F'(both endpoints, secret)                      RFC 7323 section 5.4
 *     cookie    = F''(both endpoints, ISN of the peer, minute, MSS) with the minute and the MSS written into
 * it RFC 4987 section 3.6
 *
 * The clock makes a later connection of the same two ends begin higher; the keyed hash makes others
 * unrelated. The secret is drawn once from the machine's own dice, so a run is the same each time, and still
 * nobody in the network knows it. */
#include "protocols/tcp/connection.h"
#include "sim/base/hash.h"

#define ISN_TICK (4 * ENV_MICROSECOND)  /* RFC 9293 section 3.4.1 */
#define COOKIE_PERIOD (60 * ENV_SECOND) /* how often cookies change */
#define COOKIE_PERIODS_VALID 2          /* this one and the one before: at least a minute */

static const uint16_t cookie_mss[] = {536, 1300, 1440, 1460}; /* what can be told in two bits; as Linux */

static uint64_t mix_endpoint(uint64_t hash, const struct net_endpoint *end)
{
    for (int i = 0; i < 16; i += 4)
        hash = mix64(hash ^ bytes_u32(end->address.bytes + i));
    return mix64(hash ^ end->port);
}

static uint64_t keyed_hash(struct tcp *tcp, const struct net_endpoint *local, const struct net_endpoint *peer,
                           uint64_t more)
{
    for (int i = 0; i < 2 && !tcp->has_secret; i++)
        tcp->secret[i] =
            (uint64_t)env_random_below(tcp->env, UINT32_MAX) << 32 | env_random_below(tcp->env, UINT32_MAX);
    tcp->has_secret = true;
    return mix_endpoint(mix_endpoint(mix64(tcp->secret[0] ^ more), local) ^ tcp->secret[1], peer);
}

struct tcp_seq tcp_isn(struct tcp *tcp, const struct net_endpoint *local, const struct net_endpoint *peer)
{
    if (tcp->has_test_isn)
        return tcp_seq_at(tcp->test_isn);
    uint32_t clock = (uint32_t)(env_now(tcp->env) / ISN_TICK);
    return tcp_seq_at(clock + (uint32_t)keyed_hash(tcp, local, peer, 1));
}

uint32_t tcp_timestamp_offset(struct tcp *tcp, const struct net_endpoint *local,
                              const struct net_endpoint *peer)
{
    return (uint32_t)keyed_hash(tcp, local, peer, 2);
}

uint64_t tcp_address_hash(struct tcp *tcp, const struct net_address *local, const struct net_address *peer)
{
    struct net_endpoint here = {*local, 0}, there = {*peer, 0};
    return keyed_hash(tcp, &here, &there, 4);
}

/* ---- Cookies: | minute, 5 bits | MSS, 2 bits | hash, 25 bits | ---- */

static uint32_t cookie_of(struct tcp *tcp, const struct tcp_arrival *arrival, struct tcp_seq irs,
                          uint32_t minute, uint32_t mss_index)
{
    uint64_t more =
        3 | (uint64_t)irs.value << 8 | (uint64_t)(minute & 0xffff) << 40 | (uint64_t)mss_index << 60;
    uint32_t hash = (uint32_t)keyed_hash(tcp, &arrival->local, &arrival->peer, more);
    return (minute & 31) << 27 | mss_index << 25 | (hash & 0x1ffffff);
}

struct tcp_seq tcp_cookie(struct tcp *tcp, const struct tcp_arrival *syn, uint16_t mss)
{
    uint32_t index = sizeof cookie_mss / sizeof cookie_mss[0] - 1;
    uint32_t minute = (uint32_t)(env_now(tcp->env) / COOKIE_PERIOD);
    while (index > 0 && cookie_mss[index] > mss)
        index--;
    return tcp_seq_at(cookie_of(tcp, syn, syn->segment.seq, minute, index));
}

bool tcp_cookie_check(struct tcp *tcp, const struct tcp_arrival *ack, uint16_t *ret_mss)
{
    uint32_t cookie = ack->segment.ack.value - 1, index = cookie >> 25 & 3;
    uint32_t minute = (uint32_t)(env_now(tcp->env) / COOKIE_PERIOD);
    for (uint32_t age = 0; age < COOKIE_PERIODS_VALID && age <= minute; age++)
        if (cookie == cookie_of(tcp, ack, tcp_seq_minus(ack->segment.seq, 1), minute - age, index)) {
            *ret_mss = cookie_mss[index];
            return true;
        }
    return false;
}

/* ---- What a cookie has no room for stands in the low bits of the SYN,ACK's timestamp, which the peer echoes.
 * As on Linux:   | clock, 26 bits | ECN | SACK | window scale of the peer, 4 bits; 15: none |           ---- */

#define CLOCK_STEP 64u
#define CLOCK_SCALE 15u
#define CLOCK_SACK 16u
#define CLOCK_ECN 32u

uint32_t tcp_cookie_clock(struct tcp *tcp, const struct tcp_arrival *syn, const struct tcp_options *agreed,
                          bool has_ecn)
{
    uint32_t now = (uint32_t)(env_now(tcp->env) / ENV_MILLISECOND);
    uint32_t clock = now / CLOCK_STEP * CLOCK_STEP + (agreed->has_scale ? agreed->scale : CLOCK_SCALE) +
                     (agreed->may_sack ? CLOCK_SACK : 0) + (has_ecn ? CLOCK_ECN : 0);
    clock -= (int32_t)(clock - now) > 0 ? CLOCK_STEP : 0; /* not ahead of the clock that comes after it */
    return clock + tcp_timestamp_offset(tcp, &syn->local, &syn->peer);
}

bool tcp_cookie_recall(struct tcp *tcp, const struct tcp_arrival *ack, struct tcp_options *options)
{
    const struct tcp_options *brought = &ack->segment.options;
    if (!brought->has_timestamp || !tcp_setting(&tcp->settings, TCP_SET_TIMESTAMPS))
        return false;
    uint32_t kept = brought->ts_echo - tcp_timestamp_offset(tcp, &ack->local, &ack->peer);
    options->has_timestamp = true;
    options->ts_value = brought->ts_value;
    options->may_sack = kept & CLOCK_SACK;
    options->has_scale = (kept & CLOCK_SCALE) != CLOCK_SCALE;
    options->scale = kept & CLOCK_SCALE;
    return kept & CLOCK_ECN && tcp_setting(&tcp->settings, TCP_SET_ECN);
}

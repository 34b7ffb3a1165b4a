/* SPDX-License-Identifier: MIT
 * Delivery rate samples. See rate.h; the names of the draft stand beside ours there. */
#include "protocols/tcp/rate.h"

void tcp_rate_init(struct tcp_rate *rate, int64_t now)
{
    *rate = (struct tcp_rate){.delivered_at = now, .first_sent_at = now};
}

void tcp_rate_sent(struct tcp_rate *rate, int64_t now, bool is_first, struct tcp_rate_mark *ret_mark)
{
    if (is_first) /* sending begins anew: silence is no part of a sample */
        rate->first_sent_at = rate->delivered_at = now;
    *ret_mark = (struct tcp_rate_mark){.delivered_bytes = rate->delivered_bytes,
                                       .delivered_at = rate->delivered_at,
                                       .first_sent_at = rate->first_sent_at,
                                       .is_app_limited = rate->app_limited_until != 0};
}

void tcp_rate_delivered(struct tcp_rate *rate, const struct tcp_rate_mark *mark, int64_t sent_at,
                        uint64_t order, uint32_t bytes, int64_t now)
{
    rate->delivered_bytes += bytes;
    rate->delivered_at = now;
    if (rate->has_latest && order < rate->latest_order)
        return;
    rate->has_latest = true;
    rate->latest = *mark;
    rate->latest_sent_at = sent_at;
    rate->latest_order = order;
    rate->first_sent_at = sent_at; /* the next sample's sending begins with this segment */
}

struct tcp_rate_sample tcp_rate_take(struct tcp_rate *rate, int64_t min_rtt)
{
    struct tcp_rate_sample sample = {0};
    if (rate->app_limited_until && rate->delivered_bytes > rate->app_limited_until)
        rate->app_limited_until = 0;
    if (!rate->has_latest)
        return sample; /* nothing new was delivered */
    rate->has_latest = false;
    sample.prior_delivered_bytes = rate->latest.delivered_bytes;
    sample.is_app_limited = rate->latest.is_app_limited;
    sample.delivered_bytes = rate->delivered_bytes - rate->latest.delivered_bytes;
    int64_t sending = rate->latest_sent_at - rate->latest.first_sent_at;
    int64_t acknowledging = rate->delivered_at - rate->latest.delivered_at;
    sample.interval = sending > acknowledging ? sending : acknowledging;
    if (sample.interval <= 0 || (min_rtt != ENV_NEVER && sample.interval < min_rtt))
        return sample; /* over less than a round trip: the mark was of a retransmission, or it is noise */
    sample.is_valid = true;
    rate->last_bytes = sample.delivered_bytes;
    rate->last_interval = sample.interval;
    return sample;
}

uint64_t tcp_rate_bps(uint64_t bytes, int64_t interval)
{
    uint64_t nanoseconds = (uint64_t)interval / 1000;
    if (!nanoseconds)
        nanoseconds = 1;
    if (bytes < UINT64_C(1) << 31)
        return bytes * 8 * UINT64_C(1000000000) / nanoseconds;
    return bytes * 8 / nanoseconds * UINT64_C(1000000000);
}

void tcp_rate_starved(struct tcp_rate *rate, uint32_t in_flight_bytes)
{
    uint64_t until = rate->delivered_bytes + in_flight_bytes;
    rate->app_limited_until = until ? until : 1;
}

/* SPDX-License-Identifier: MIT
 * How fast the network delivers: one sample for each acknowledgment.
 *
 *      sends   |--1--2--3--4--5--|            each segment remembers, when it leaves, how much had been
 * delivered and when ACKs             |--1--2--3--4--5--|   when it is delivered: so much more has arrived
 * since, in so much time
 *
 *      rate = (delivered now - delivered when the segment left) / max(time of sending, time of acknowledging)
 *
 * The longer of the two times is taken, so that neither a burst of segments nor a burst of ACKs looks like
 * speed. A sample is *application limited* if the sender had nothing to send at some time in it: then the
 * rate is what the application did, and no more than a lower bound of what the network can do.
 * draft-cheng-iccrg-delivery-rate-estimation-02, sections 3.2 and 3.3. */
#ifndef NETARIUM_PROTOCOLS_TCP_RATE_H
#define NETARIUM_PROTOCOLS_TCP_RATE_H

#include "protocols/env.h"

/* What a segment remembers of the moment when it left. */
struct tcp_rate_mark {
    uint64_t delivered_bytes; /* P.delivered */
    int64_t delivered_at;     /* P.delivered_time */
    int64_t first_sent_at;    /* P.first_sent_time: when the sample's sending began */
    bool is_app_limited;      /* P.is_app_limited */
};

/* One sample. Without `is_valid` there is no rate in it. */
struct tcp_rate_sample {
    uint64_t prior_delivered_bytes; /* delivered when the segment left that was sent last: marks rounds */
    uint64_t delivered_bytes;       /* since then */
    int64_t interval;               /* in this time */
    bool is_app_limited;
    bool is_valid;
};

struct tcp_rate {
    uint64_t delivered_bytes;   /* C.delivered: in all, by cumulative and selective acknowledgments */
    int64_t delivered_at;       /* C.delivered_time: when the last of it was */
    int64_t first_sent_at;      /* C.first_sent_time */
    uint64_t app_limited_until; /* C.app_limited: samples are until so much is delivered; 0: they are not */
    uint64_t last_bytes;        /* of the latest valid sample; 0: there was none */
    int64_t last_interval;

    /* Of the acknowledgment at hand: the mark of the delivered segment that left last. */
    struct tcp_rate_mark latest;
    int64_t latest_sent_at;
    uint64_t latest_order;
    bool has_latest;
};

void tcp_rate_init(struct tcp_rate *rate, int64_t now);

/* A segment leaves now; `is_first` if nothing is in flight. Fills its mark. */
void tcp_rate_sent(struct tcp_rate *rate, int64_t now, bool is_first, struct tcp_rate_mark *ret_mark);

/* `bytes` of a segment with this mark, which had been sent at `sent_at` as the `order`th, are delivered now.
 * Once for each octet, however it is acknowledged. */
void tcp_rate_delivered(struct tcp_rate *rate, const struct tcp_rate_mark *mark, int64_t sent_at,
                        uint64_t order, uint32_t bytes, int64_t now);

/* The acknowledgment is processed: its sample. Samples over less than `min_rtt` (ENV_NEVER: not known) are
 * not valid. */
struct tcp_rate_sample tcp_rate_take(struct tcp_rate *rate, int64_t min_rtt);

/* `bytes` in `interval`, in bits per second. Only who wants the figure pays for the division. */
uint64_t tcp_rate_bps(uint64_t bytes, int64_t interval);

/* The sender has nothing to send, though the window would allow it; `in_flight_bytes` are out. */
void tcp_rate_starved(struct tcp_rate *rate, uint32_t in_flight_bytes);

#endif

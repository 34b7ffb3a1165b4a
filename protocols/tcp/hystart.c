/* SPDX-License-Identifier: MIT
 * HyStart++. See hystart.h; the constants are those of RFC 9406 section 4.3. */
#include "protocols/tcp/hystart.h"

#include "protocols/env.h"

#define LEAST_THRESHOLD (4 * ENV_MILLISECOND)
#define MOST_THRESHOLD (16 * ENV_MILLISECOND)
#define THRESHOLD_DIVISOR 8
#define SAMPLES 8
#define CONSERVATIVE_ROUNDS 5

static void begin_round(struct tcp_hystart *h, struct tcp_seq nxt)
{
    h->round_ends = nxt;
    h->last_least = h->least;
    h->least = 0;
    h->samples = 0;
    h->has_round = true;
}

static int64_t threshold(int64_t least)
{
    int64_t part = least / THRESHOLD_DIVISOR;
    return part < LEAST_THRESHOLD ? LEAST_THRESHOLD : part > MOST_THRESHOLD ? MOST_THRESHOLD : part;
}

static void judge(struct tcp_hystart *h)
{
    if (h->samples < SAMPLES)
        return;
    if (h->conservative_least) {
        if (h->least < h->conservative_least) /* it was noise: slow start again */
            h->conservative_least = 0;
    } else if (h->last_least && h->least >= h->last_least + threshold(h->last_least)) {
        h->conservative_least = h->least;
        h->conservative_rounds = 0;
    }
}

enum tcp_hystart_says tcp_hystart_acked(struct tcp_hystart *h, struct tcp_seq una, struct tcp_seq nxt,
                                        int64_t rtt)
{
    if (!h->has_round || tcp_seq_is_up_to(h->round_ends, una)) {
        if (h->has_round && h->conservative_least && ++h->conservative_rounds == CONSERVATIVE_ROUNDS)
            return TCP_HYSTART_STOP;
        begin_round(h, nxt);
    }
    if (rtt > 0) {
        h->least = h->least && h->least < rtt ? h->least : rtt;
        h->samples += h->samples < SAMPLES;
        judge(h);
    }
    return h->conservative_least ? TCP_HYSTART_GROW_SLOWLY : TCP_HYSTART_GROW;
}

/* SPDX-License-Identifier: MIT
 * The kinds of facts about losses and windows. See told.h. */
#include "protocols/tcp/told.h"

#include "protocols/tcp/recovery.h"

const char *const tcp_recovery_state_words[] = {"open", "disorder", "cwr", "recovery", "loss", NULL};

#define FLOW                                                                                                 \
    {                                                                                                        \
        "flow", ENV_UNIT_TEXT, NULL                                                                          \
    }

const struct env_kind tcp_told_kinds[TCP_TOLDS] = {
    [TCP_TOLD_CWND] = {"tcp.cwnd",
                       "{node} {flow}: cwnd {old} -> {cwnd}. {rule}",
                       "RFC 5681 section 3",
                       ENV_KIND_GAUGE,
                       {{"cwnd", ENV_UNIT_BYTES, NULL},
                        FLOW,
                        {"old", ENV_UNIT_BYTES, NULL},
                        {"rule", ENV_UNIT_TEXT, NULL},
                        {"flight", ENV_UNIT_BYTES, NULL},
                        {"mss", ENV_UNIT_BYTES, NULL}}},
    [TCP_TOLD_SSTHRESH] = {"tcp.ssthresh",
                           "{node} {flow}: ssthresh {old} -> {ssthresh}. {rule}",
                           "RFC 5681 section 3",
                           ENV_KIND_GAUGE | ENV_KIND_INTERESTING,
                           {{"ssthresh", ENV_UNIT_BYTES, NULL},
                            FLOW,
                            {"old", ENV_UNIT_BYTES, NULL},
                            {"rule", ENV_UNIT_TEXT, NULL},
                            {"flight", ENV_UNIT_BYTES, NULL},
                            {"mss", ENV_UNIT_BYTES, NULL}}},
    [TCP_TOLD_RECOVERY] = {"tcp.recovery",
                           "{node} {flow}: recovery {old} -> {state}. {rule}",
                           "RFC 5681 section 3.2",
                           ENV_KIND_GAUGE | ENV_KIND_INTERESTING,
                           {{"state", ENV_UNIT_WORD, tcp_recovery_state_words},
                            FLOW,
                            {"old", ENV_UNIT_WORD, tcp_recovery_state_words},
                            {"rule", ENV_UNIT_TEXT, NULL},
                            {"recover", ENV_UNIT_NONE, NULL},
                            {"flight", ENV_UNIT_BYTES, NULL}}},
    [TCP_TOLD_LOST] = {"tcp.lost",
                       "{node} {flow}: the segment of {bytes} at {seq} is deemed lost. {rule}",
                       "RFC 5681 section 3.2",
                       ENV_KIND_INTERESTING,
                       {{"seq", ENV_UNIT_NONE, NULL},
                        FLOW,
                        {"bytes", ENV_UNIT_BYTES, NULL},
                        {"rule", ENV_UNIT_TEXT, NULL},
                        {"age", ENV_UNIT_TIME, NULL},
                        {"resent", ENV_UNIT_NONE, NULL}}},
    [TCP_TOLD_UNDO] = {"tcp.undo",
                       "{node} {flow}: that was no loss, cwnd {old} -> {cwnd}, ssthresh {ssthresh}. {rule}",
                       "RFC 4015",
                       ENV_KIND_INTERESTING,
                       {{"cwnd", ENV_UNIT_BYTES, NULL},
                        FLOW,
                        {"old", ENV_UNIT_BYTES, NULL},
                        {"rule", ENV_UNIT_TEXT, NULL},
                        {"ssthresh", ENV_UNIT_BYTES, NULL}}},
    [TCP_TOLD_REORDER] = {"tcp.reordering",
                          "{node} {flow}: {seq} has arrived after what was sent behind it: the network "
                          "reorders. {rule}",
                          "RFC 8985 section 6.2",
                          ENV_KIND_INTERESTING,
                          {{"seq", ENV_UNIT_NONE, NULL},
                           FLOW,
                           {"threshold", ENV_UNIT_NONE, NULL},
                           {"rule", ENV_UNIT_TEXT, NULL}}},
    [TCP_TOLD_RTT] = {"tcp.rtt",
                      "{node} {flow}: a round trip took {rtt}",
                      "RFC 6298 section 4",
                      ENV_KIND_GAUGE | ENV_KIND_CHATTER,
                      {{"rtt", ENV_UNIT_TIME, NULL}, FLOW, {"least", ENV_UNIT_TIME, NULL}}},
    [TCP_TOLD_SRTT] =
        {"tcp.srtt",
         "{node} {flow}: SRTT {old} -> {srtt} with a sample of {sample}, RTTVAR {rttvar}. {rule}",
         "RFC 6298 section 2",
         ENV_KIND_GAUGE | ENV_KIND_CHATTER,
         {{"srtt", ENV_UNIT_TIME, NULL},
          FLOW,
          {"old", ENV_UNIT_TIME, NULL},
          {"rule", ENV_UNIT_TEXT, NULL},
          {"sample", ENV_UNIT_TIME, NULL},
          {"rttvar", ENV_UNIT_TIME, NULL}}},
    [TCP_TOLD_RTO] = {"tcp.rto",
                      "{node} {flow}: RTO {old} -> {rto}. {rule}",
                      "RFC 6298",
                      ENV_KIND_GAUGE,
                      {{"rto", ENV_UNIT_TIME, NULL},
                       FLOW,
                       {"old", ENV_UNIT_TIME, NULL},
                       {"rule", ENV_UNIT_TEXT, NULL},
                       {"srtt", ENV_UNIT_TIME, NULL},
                       {"rttvar", ENV_UNIT_TIME, NULL}}},
    [TCP_TOLD_RATE] = {"tcp.delivery_rate",
                       "{node} {flow}: {bytes} were delivered in {interval}, {rate}; limited by the "
                       "application: {app_limited}",
                       "draft-cheng-iccrg-delivery-rate-estimation section 3.3",
                       ENV_KIND_GAUGE | ENV_KIND_CHATTER,
                       {{"rate", ENV_UNIT_RATE, NULL},
                        FLOW,
                        {"bytes", ENV_UNIT_BYTES, NULL},
                        {"interval", ENV_UNIT_TIME, NULL},
                        {"app_limited", ENV_UNIT_BOOL, NULL}}},
};

uint64_t tcp_tell(const struct tcp_teller *teller, enum tcp_told what, int64_t first, int64_t third,
                  int64_t fourth, int64_t fifth, int64_t sixth)
{
    if (!tcp_teller_is_heard(teller))
        return 0;
    int64_t flow = (int64_t)teller->flow(teller);
    return env_tell(teller->env, &tcp_told_kinds[what], 0, first, flow, third, fourth, fifth, sixth);
}

int64_t tcp_tell_text(const struct tcp_teller *teller, const char *words)
{
    return (int64_t)env_text(teller->env, words);
}

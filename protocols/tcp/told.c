/* SPDX-License-Identifier: MIT
 * Telling facts about losses and windows. See told.h; the kinds are in facts.c. */
#include "protocols/tcp/told.h"

#include "protocols/tcp/tcp.h"

uint64_t tcp_tell(const struct tcp_teller *teller, enum tcp_told what, int64_t first, int64_t third,
                  int64_t fourth, int64_t fifth, int64_t sixth)
{
    if (!tcp_teller_is_heard(teller))
        return 0;
    int64_t flow = (int64_t)teller->flow(teller);
    return env_tell(teller->env, &tcp_kinds[what], 0, first, flow, third, fourth, fifth, sixth);
}

int64_t tcp_tell_text(const struct tcp_teller *teller, const char *words)
{
    return (int64_t)env_text(teller->env, words);
}

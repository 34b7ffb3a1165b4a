/* SPDX-License-Identifier: MIT
 * See reassembly.h. */
#include "protocols/tcp/reassembly.h"

#include <assert.h>
#include <string.h>

#define FIRST_ROOM 8

void tcp_reassembly_init(struct tcp_reassembly *all, struct env *env)
{
    *all = (struct tcp_reassembly){.env = env};
}

void tcp_reassembly_release(struct tcp_reassembly *all)
{
    env_free(all->env, all->islands);
    *all = (struct tcp_reassembly){.env = all->env};
}

/* ---- The array ---- */

static struct tcp_range *island(const struct tcp_reassembly *all, uint32_t index)
{
    return &all->islands[all->first + index];
}

/* The first island that ends at `seq` or behind it; `count`: none does. */
static uint32_t first_reaching(const struct tcp_reassembly *all, struct tcp_seq seq)
{
    uint32_t low = 0, high = all->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (tcp_seq_is_before(island(all, middle)->end, seq))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void make_room_at_end(struct tcp_reassembly *all)
{
    if (all->first + all->count < all->room)
        return;
    struct tcp_range *old = all->islands;
    uint32_t first = all->first;
    if (all->count >= all->room / 2) {
        all->room = all->room ? all->room * 2 : FIRST_ROOM;
        all->islands = env_new(all->env, all->room * sizeof *all->islands);
    }
    if (all->count)
        memmove(all->islands, old + first, all->count * sizeof *old);
    all->first = 0;
    if (all->islands != old)
        env_free(all->env, old);
}

static void insert(struct tcp_reassembly *all, uint32_t index, struct tcp_range range)
{
    make_room_at_end(all);
    memmove(island(all, index) + 1, island(all, index), (all->count - index) * sizeof range);
    *island(all, index) = range;
    all->count++;
}

static void remove_some(struct tcp_reassembly *all, uint32_t index, uint32_t how_many)
{
    if (index == 0)
        all->first += how_many;
    else
        memmove(island(all, index), island(all, index + how_many),
                (all->count - index - how_many) * sizeof *all->islands);
    all->count -= how_many;
    if (all->count == 0)
        all->first = 0;
}

/* ---- What changed last ---- */

static void remember(struct tcp_reassembly *all, struct tcp_range changed)
{
    struct tcp_seq kept[TCP_SACK_RANGES] = {changed.start};
    uint8_t count = 1;
    for (unsigned i = 0; i < all->recent_count && count < TCP_SACK_RANGES; i++)
        if (!tcp_seq_is_within(all->recent[i], changed.start, changed.end))
            kept[count++] = all->recent[i];
    memcpy(all->recent, kept, sizeof kept);
    all->recent_count = count;
}

/* ---- In and out ---- */

uint32_t tcp_reassembly_add(struct tcp_reassembly *all, struct tcp_range range)
{
    uint32_t index = first_reaching(all, range.start), touched = 0, known = 0;
    while (index + touched < all->count && tcp_seq_is_up_to(island(all, index + touched)->start, range.end)) {
        const struct tcp_range *other = island(all, index + touched++);
        struct tcp_seq start = tcp_seq_later(other->start, range.start);
        struct tcp_seq end = tcp_seq_earlier(other->end, range.end);
        uint32_t shared = tcp_seq_is_before(start, end) ? tcp_range_bytes((struct tcp_range){start, end}) : 0;
        if (shared && !all->has_twice) { /* RFC 2883 section 4: the first such range */
            all->twice = (struct tcp_range){start, end};
            all->has_twice = true;
        }
        known += shared;
    }
    uint32_t fresh = tcp_range_bytes(range) - known;
    if (touched) {
        range.start = tcp_seq_earlier(range.start, island(all, index)->start);
        range.end = tcp_seq_later(range.end, island(all, index + touched - 1)->end);
        *island(all, index) = range;
        if (touched > 1)
            remove_some(all, index + 1, touched - 1);
    } else {
        insert(all, index, range);
    }
    all->bytes += fresh;
    remember(all, range);
    return fresh;
}

struct tcp_seq tcp_reassembly_take(struct tcp_reassembly *all, struct tcp_seq next)
{
    uint32_t passed = 0;
    while (passed < all->count && tcp_seq_is_up_to(island(all, passed)->start, next)) {
        const struct tcp_range *at = island(all, passed++);
        all->bytes -= tcp_range_bytes(*at);
        next = tcp_seq_later(next, at->end);
    }
    if (passed)
        remove_some(all, 0, passed);
    return next;
}

uint8_t tcp_reassembly_tell(struct tcp_reassembly *all, struct tcp_range *ret_ranges, uint8_t most)
{
    uint8_t count = 0, kept = 0;
    if (all->has_twice && most) {
        ret_ranges[count++] = all->twice; /* RFC 2883 section 4 */
        all->has_twice = false;
    }
    for (unsigned i = 0; i < all->recent_count; i++) {
        struct tcp_seq octet = all->recent[i];
        uint32_t index = first_reaching(all, tcp_seq_plus(octet, 1));
        if (index == all->count || tcp_seq_is_before(octet, island(all, index)->start))
            continue; /* its hole has been filled */
        all->recent[kept++] = octet;
        if (count < most)
            ret_ranges[count++] = *island(all, index);
    }
    all->recent_count = kept;
    return count;
}

/* SPDX-License-Identifier: MIT
 * See slotted.h. */
#include "tests/protocols/slotted.h"

#include <stdlib.h>

#define SLOT (512 * 100 * ENV_NANOSECOND) /* 512 bits at 10 Mb/s */
#define FRAME_BYTES 57                    /* with preamble just more than a slot: see slotted.h */

static struct slotted *cable_of(struct mac *mac)
{
    return ENV_OWNER(mac->env, struct slotted, hand.env);
}

static unsigned index_of(const struct slotted *cable, const struct mac *mac)
{
    return (unsigned)(mac - cable->macs);
}

static void on_carrier(struct mac *mac, struct mac_carrier *ret_carrier)
{
    (void)mac;
    *ret_carrier = (struct mac_carrier){false, INT64_MIN, INT64_MIN};
}

static void on_watch(struct mac *mac)
{
    (void)mac;
    fail_msg("nobody ever defers on this cable");
}

static int64_t slot_now(const struct slotted *cable)
{
    return (cable->hand.now - cable->began_at) / SLOT;
}

/* The slot of the senders is over: were they alone? */
static void resolve(struct slotted *cable)
{
    unsigned count = cable->sender_count;
    cable->sender_count = 0;
    cable->collisions += count > 1;
    for (unsigned i = 0; count > 1 && i < count; i++)
        mac_collision(cable->senders[i]);
}

static void slot_ends_fire(struct env_timer *timer)
{
    resolve(ENV_OWNER(timer, struct slotted, slot_ends));
}

/* The first of a new slot may come before the timer of the last one, at the same instant. */
static void on_begin(struct mac *mac)
{
    struct slotted *cable = cable_of(mac);
    if (cable->sender_count && slot_now(cable) != cable->slot)
        resolve(cable);
    cable->slot = slot_now(cable);
    cable->senders[cable->sender_count++] = mac;
    env_arm(&cable->hand.env, &cable->slot_ends, cable->began_at + (cable->slot + 1) * SLOT);
}

static void on_end(struct mac *mac, uint32_t bits, bool is_whole)
{
    (void)bits;
    if (is_whole)
        cable_of(mac)->attempts[index_of(cable_of(mac), mac)] = mac->attempts;
}

static void on_done(struct mac *mac, enum mac_outcome outcome)
{
    struct slotted *cable = cable_of(mac);
    int64_t slot = slot_now(cable) - 1; /* its frame ended a little later */
    if (outcome != MAC_SENT) {
        cable->given_up++;
        cable->last_given_up = index_of(cable, mac);
        return;
    }
    if (!cable->successes++) {
        cable->first_success = slot;
        cable->first_station = index_of(cable, mac);
        cable->collisions_before = cable->collisions;
    }
    cable->last_success = slot;
}

static const struct mac_ops ops = {on_carrier, on_watch, on_begin, on_end, on_done};

struct slotted *slotted_new(unsigned count, uint64_t seed)
{
    struct slotted *cable = calloc(1, sizeof *cable);
    assert_non_null(cable);
    hand_init(&cable->hand);
    cable->hand.is_listening = false;
    cable->hand.random = seed * UINT64_C(0x9e3779b97f4a7c15);
    cable->count = count;
    cable->attempt_limit = 1000;
    env_timer_init(&cable->slot_ends, slot_ends_fire);
    return cable;
}

void slotted_free(struct slotted *cable)
{
    for (unsigned i = 0; i < cable->count; i++)
        if (cable->macs[i].env)
            mac_release(&cable->macs[i]);
    env_disarm(&cable->hand.env, &cable->slot_ends);
    hand_release(&cable->hand);
    free(cable);
}

void slotted_begin(struct slotted *cable)
{
    struct mac_config config = mac_config_for(10000000);
    config.gap_bits = config.gap_part1_bits = config.jam_bits = 0;
    config.attempt_limit = cable->attempt_limit;
    env_disarm(&cable->hand.env, &cable->slot_ends);
    for (unsigned i = 0; i < cable->count; i++)
        if (cable->macs[i].env)
            mac_release(&cable->macs[i]);
    cable->sender_count = 0;
    cable->successes = cable->collisions = cable->given_up = 0;
    hand_advance(&cable->hand, SLOT);
    cable->began_at = cable->hand.now;
    for (unsigned i = 0; i < cable->count; i++)
        mac_init(&cable->macs[i], &cable->hand.env, &ops, &config);
    for (unsigned i = 0; i < cable->count; i++)
        mac_send(&cable->macs[i], FRAME_BYTES, i);
}

void slotted_step(struct slotted *cable)
{
    int64_t next = hand_next_timer(&cable->hand);
    assert_true(next != ENV_NEVER);
    hand_advance(&cable->hand, next - cable->hand.now);
}

void slotted_add(struct slotted_sum *sum, int64_t value)
{
    sum->count++;
    sum->sum += (uint64_t)value;
    sum->squares += (uint64_t)(value * value);
}

uint64_t slotted_standard_error(const struct slotted_sum *sum)
{
    unsigned __int128 n = sum->count, spread = n * sum->squares - (unsigned __int128)sum->sum * sum->sum;
    unsigned __int128 square = spread * 1000000 / (n * n) * 1000000 / n; /* in millionths, squared */
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 40; bit; bit >>= 1)
        if ((unsigned __int128)(root + bit) * (root + bit) <= square)
            root += bit;
    return root;
}

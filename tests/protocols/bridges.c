/* SPDX-License-Identifier: MIT
 * See bridges.h. */
#include "tests/protocols/bridges.h"

/* ---- Messages ---- */

static void letter_arrives(struct env_timer *timer)
{
    struct bridges_letter *letter = ENV_OWNER(timer, struct bridges_letter, timer);
    struct bridges *all = letter->all;
    const struct bridges_cable *cable = &all->cables[letter->cable];
    struct bridges_one *to = &all->one[letter->bridge];
    struct bpdu bpdu;
    if (!cable->is_cut && !cable->is_silent) {
        struct packet packet = packet_view(&letter->packet);
        assert_int_equal(bpdu_parse(packet.bytes, packet.length_bytes, &bpdu), BPDU_OK);
        if (bpdu.type == BPDU_CONFIG)
            to->heard[letter->port] = bpdu;
        stp_receive(&to->stp, letter->port, packet);
    }
    packet_give_back(&all->hand.pool, &letter->packet);
    letter->is_used = false;
}

static struct bridges_letter *free_letter(struct bridges *all)
{
    for (int i = 0; i < BRIDGES_LETTERS; i++)
        if (!all->letters[i].is_used)
            return &all->letters[i];
    fail_msg("more messages are under way than a test expects");
    return NULL;
}

static void count_sending(struct bridges_one *one, uint32_t port, const struct packet_out *packet)
{
    struct bpdu bpdu;
    int64_t now = one->all->hand.now;
    assert_int_equal(bpdu_parse(packet->bytes, packet->length_bytes, &bpdu), BPDU_OK);
    if (bpdu.type == BPDU_TCN) {
        one->tcns++;
        return;
    }
    if (one->config_at[port] >= 0 && now - one->config_at[port] < one->least_gap)
        one->least_gap = now - one->config_at[port];
    one->config_at[port] = now;
    one->configs++;
}

static void transmit(struct stp *stp, uint32_t port, struct packet_out *packet)
{
    struct bridges_one *one = ENV_OWNER(stp, struct bridges_one, stp);
    struct bridges *all = one->all;
    const struct bridges_cable *cable = &all->cables[one->cable_at[port]];
    int far = cable->bridge[0] == one->number && cable->port[0] == port ? 1 : 0;
    struct bridges_letter *letter = free_letter(all);
    count_sending(one, port, packet);
    *letter = (struct bridges_letter){.all = all,
                                      .packet = *packet,
                                      .bridge = cable->bridge[far],
                                      .port = cable->port[far],
                                      .cable = one->cable_at[port],
                                      .is_used = true};
    packet->owner = NULL;
    env_timer_init(&letter->timer, letter_arrives);
    env_arm(&all->hand.env, &letter->timer, all->hand.now + ENV_MICROSECOND);
}

static void state_changed(struct stp *stp, uint32_t port, enum stp_state state)
{
    struct bridges_one *one = ENV_OWNER(stp, struct bridges_one, stp);
    one->states[port] = state;
    one->since[port] = one->all->hand.now;
}

static void changing(struct stp *stp, bool is_changing, int64_t forward_delay)
{
    ENV_OWNER(stp, struct bridges_one, stp)->is_changing = is_changing;
    assert_int_equal(forward_delay, stp->current.forward_delay);
}

static const struct stp_ops ops = {transmit, state_changed, changing};

/* ---- Building ---- */

void bridges_init(struct bridges *all, uint32_t count)
{
    struct stp_config config = stp_config_default();
    memset(all, 0, sizeof *all);
    hand_init(&all->hand);
    all->hand.is_listening = false;
    all->count = count;
    struct env *places[BRIDGES_PORTS];
    for (int i = 0; i < BRIDGES_PORTS; i++)
        places[i] = &all->hand.env;
    for (uint32_t i = 0; i < count; i++) {
        struct bridges_one *one = &all->one[i];
        one->all = all;
        one->number = i;
        one->least_gap = ENV_NEVER;
        stp_init(&one->stp, &all->hand.env, places, BRIDGES_PORTS, &ops, &all->hand.pool, &config,
                 bridge_id_of(STP_PRIORITY_DEFAULT, mac_from_number(i + 1)));
        for (int port = 0; port < BRIDGES_PORTS; port++)
            one->cable_at[port] = one->config_at[port] = -1;
    }
}

void bridges_release(struct bridges *all)
{
    for (uint32_t i = 0; i < all->count; i++)
        stp_release(&all->one[i].stp);
    for (int i = 0; i < BRIDGES_LETTERS; i++)
        if (all->letters[i].is_used) {
            env_disarm(&all->hand.env, &all->letters[i].timer);
            packet_give_back(&all->hand.pool, &all->letters[i].packet);
        }
    hand_release(&all->hand);
}

void bridges_set_priority(struct bridges *all, uint32_t bridge, uint16_t priority)
{
    stp_set_bridge_id(&all->one[bridge].stp, bridge_id_of(priority, mac_from_number(bridge + 1)));
}

int bridges_join(struct bridges *all, uint32_t a, uint32_t b, uint32_t cost)
{
    struct bridges_cable *cable = &all->cables[all->cable_count];
    const uint32_t ends[2] = {a, b};
    assert_true(all->cable_count < BRIDGES_CABLES);
    *cable = (struct bridges_cable){.cost = cost, .is_cut = true};
    for (int side = 0; side < 2; side++) {
        struct bridges_one *one = &all->one[ends[side]];
        uint32_t port = 0;
        while (port < BRIDGES_PORTS && one->cable_at[port] >= 0)
            port++;
        assert_true(port < BRIDGES_PORTS);
        one->cable_at[port] = all->cable_count;
        cable->bridge[side] = ends[side];
        cable->port[side] = port;
    }
    return all->cable_count++;
}

void bridges_start(struct bridges *all)
{
    for (uint32_t i = 0; i < all->count; i++)
        stp_start(&all->one[i].stp);
    for (int i = 0; i < all->cable_count; i++)
        bridges_mend(all, i);
}

void bridges_cut(struct bridges *all, int number)
{
    struct bridges_cable *cable = &all->cables[number];
    cable->is_cut = true;
    for (int side = 0; side < 2; side++)
        stp_disable_port(&all->one[cable->bridge[side]].stp, cable->port[side]);
}

void bridges_mend(struct bridges *all, int number)
{
    struct bridges_cable *cable = &all->cables[number];
    cable->is_cut = false;
    for (int side = 0; side < 2; side++)
        stp_enable_port(&all->one[cable->bridge[side]].stp, cable->port[side], cable->cost);
}

/* ---- Looking ---- */

enum stp_state bridges_state(const struct bridges *all, int cable, int side)
{
    return all->one[all->cables[cable].bridge[side]].states[all->cables[cable].port[side]];
}

bool bridges_carries(const struct bridges *all, int cable)
{
    return !all->cables[cable].is_cut && bridges_state(all, cable, 0) == STP_FORWARDING &&
           bridges_state(all, cable, 1) == STP_FORWARDING;
}

static uint32_t part_of(const uint32_t *above, uint32_t bridge)
{
    while (above[bridge] != bridge)
        bridge = above[bridge];
    return bridge;
}

/* Joins what cables join; returns how many parts remain, and whether some cable joined what was joined. */
static uint32_t join_parts(const struct bridges *all, bool only_carrying, bool *ret_has_loop)
{
    uint32_t above[BRIDGES_MOST], parts = all->count;
    for (uint32_t i = 0; i < all->count; i++)
        above[i] = i;
    *ret_has_loop = false;
    for (int i = 0; i < all->cable_count; i++) {
        if (only_carrying ? !bridges_carries(all, i) : all->cables[i].is_cut)
            continue;
        uint32_t a = part_of(above, all->cables[i].bridge[0]), b = part_of(above, all->cables[i].bridge[1]);
        *ret_has_loop = *ret_has_loop || a == b;
        parts -= a != b;
        above[a] = b;
    }
    return parts;
}

bool bridges_have_loop(const struct bridges *all)
{
    bool has_loop;
    join_parts(all, true, &has_loop);
    return has_loop;
}

uint32_t bridges_parts(const struct bridges *all, bool only_carrying)
{
    bool has_loop;
    return join_parts(all, only_carrying, &has_loop);
}

/* SPDX-License-Identifier: MIT
 * Strangers among the neighbours: RIP messages from anywhere, links that come and go, time that passes, in
 * any order. The table stays in order, every entry in a legal state, and nothing is left behind.
 *
 * Input: a byte of settings; then steps of one byte what to do, one byte how much, and for a message the
 * number of its octets and those. */
#include <assert.h>
#include <stdlib.h>

#include "protocols/rip/rip.h"
#include "tests/fuzz/quiet_env.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define INTERFACES 3

struct machine {
    struct quiet_env quiet;
    struct rip rip;
};

/* Whatever we say, we understand ourselves. */
static void rip_says(struct rip *rip, const struct rip_peer *to, const uint8_t *bytes, size_t length)
{
    struct rip_message message;
    assert(to->interface < rip->interface_count);
    assert(rip_parse(bytes, length, &message) == RIP_OK);
    assert(message.count > 0);
}

static void rip_routes(struct rip *rip, const struct rip_entry *entry)
{
    assert(rip_find(rip, entry->prefix) == entry);
}

static const struct rip_ops ops = {rip_says, rip_routes, NULL};

/* What the message says is what would be written. */
static void check_codec(const uint8_t *bytes, size_t length)
{
    uint8_t again[RIP_MOST];
    struct rip_message message;
    if (rip_parse(bytes, length, &message) != RIP_OK)
        return;
    assert(rip_bytes(message.count) == length);
    rip_emit(&message, again);
    assert(memcmp(again + RIP_HEADER, bytes + RIP_HEADER, length - RIP_HEADER) == 0);
}

static void check_table(const struct rip *rip)
{
    for (uint32_t i = 0; i < rip->entry_count; i++) {
        const struct rip_entry *entry = rip->entries[i];
        assert(rip_find(rip, entry->prefix) == entry);
        assert(entry->interface < rip->interface_count);
        assert(entry->metric >= 1 && entry->metric <= RIP_INFINITY);
        assert((entry->metric == RIP_INFINITY) == (entry->state == RIP_GONE));
        assert(env_timer_is_armed(&entry->timer) == (entry->state != RIP_CONNECTED));
    }
}

/* Address .1 is ours, the others are neighbours. */
static struct ipv4_prefix link_of(uint32_t interface)
{
    return (struct ipv4_prefix){{0x0a000001u | interface << 8}, 24};
}

static size_t hear(struct machine *machine, const uint8_t *bytes, size_t length)
{
    uint32_t interface = bytes[1] % INTERFACES;
    struct rip_peer from = {interface, {link_of(interface).address.value + (bytes[1] >> 4)}, RIP_PORT};
    size_t size = bytes[2] < length - 3 ? bytes[2] : length - 3;
    uint8_t *copy = quiet_copy(bytes + 3, size);
    check_codec(copy, size);
    rip_receive(&machine->rip, &from, copy, size, 0);
    free(copy);
    return 3 + size;
}

/* Does one step. Returns how many bytes it used. */
static size_t step(struct machine *machine, const uint8_t *bytes, size_t length)
{
    switch (bytes[0] % 4) {
    case 0:
        return hear(machine, bytes, length);
    case 1:
        quiet_advance(&machine->quiet, bytes[1] * ENV_SECOND);
        return 2;
    case 2:
        rip_set_interface(&machine->rip, bytes[1] % INTERFACES, link_of(bytes[1] % INTERFACES),
                          bytes[1] & 64);
        return 2;
    default:
        rip_set_interface(&machine->rip, bytes[1] % INTERFACES, (struct ipv4_prefix){{0}, 0}, bytes[1] & 64);
        return 2;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct machine machine;
    struct rip_config config = rip_config_default();
    if (length == 0)
        return 0;
    config.horizon = (enum rip_horizon)(bytes[0] % 3);
    config.triggers = bytes[0] & 4;
    config.jitter = bytes[0] & 8 ? 0 : config.jitter;
    quiet_init(&machine.quiet);
    rip_init(&machine.rip, &machine.quiet.env, &ops, &config, INTERFACES);
    for (uint32_t i = 0; i < INTERFACES; i++)
        rip_set_interface(&machine.rip, i, link_of(i), true);
    rip_start(&machine.rip);
    for (bytes++, length--; length >= 3;) {
        size_t used = step(&machine, bytes, length);
        bytes += used;
        length -= used;
        check_table(&machine.rip);
    }
    rip_release(&machine.rip);
    quiet_release(&machine.quiet);
    return 0;
}

/* SPDX-License-Identifier: MIT
 * A stranger on the link: ARP packets, time that passes, packets to be sent, in any order. The machine stays
 * in one piece, its cache stays bounded, and nothing is left behind.
 *
 * Input: steps of one byte what to do, one byte how much, and for an arrival 28 bytes more. */
#include <assert.h>
#include <stdlib.h>

#include "protocols/arp/arp.h"
#include "tests/fuzz/quiet_env.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define ENTRIES 8

struct machine {
    struct quiet_env quiet;
    struct arp arp;
};

static void transmit(struct arp *arp, struct mac_address destination, uint16_t type,
                     struct packet_out *packet)
{
    quiet_send(&ENV_OWNER(arp, struct machine, arp)->quiet, packet);
}

static const struct arp_ops ops = {transmit, NULL, NULL};

/* What the packet says is what would be written. */
static void check_codec(const uint8_t *bytes, size_t length)
{
    uint8_t again[ARP_BYTES];
    struct arp_packet packet;
    if (arp_parse(bytes, length, &packet) != ARP_OK)
        return;
    arp_emit(&packet, again);
    assert(memcmp(again, bytes, sizeof again) == 0);
}

static void check_cache(const struct arp *arp)
{
    uint32_t count = 0;
    for (const struct arp_entry *entry = arp->oldest; entry; entry = entry->newer) {
        assert(arp_find(arp, entry->address) == entry);
        assert(entry->state == ARP_INCOMPLETE || entry->held_count == 0);
        assert(entry->held_count <= arp->config.hold_limit);
        bool is_timed =
            entry->state == ARP_INCOMPLETE || entry->state == ARP_PROBE || entry->state == ARP_REACHABLE;
        assert(env_timer_is_armed(&entry->timer) == is_timed);
        count++;
    }
    assert(count == arp->entry_count && count <= ENTRIES);
}

static void send_one(struct machine *machine, uint8_t host)
{
    struct packet_out packet = packet_make(&machine->quiet.pool, PACKET_IPV4_HEADROOM, 20);
    memset(packet.bytes, 0, 20);
    arp_send(&machine->arp, (struct ipv4_address){0x0a000000u | host}, &packet);
}

/* Does one step. Returns how many bytes it used. */
static size_t step(struct machine *machine, const uint8_t *bytes, size_t length)
{
    uint8_t *copy;
    size_t left = length - 2 < ARP_BYTES ? length - 2 : ARP_BYTES;
    struct ipv4_address address = {0x0a000000u | bytes[1]};
    switch (bytes[0] % 6) {
    case 0:
        copy = quiet_copy(bytes + 2, left);
        check_codec(copy, left);
        arp_receive(&machine->arp, (struct packet){copy, left, 0});
        free(copy);
        return 2 + left;
    case 1:
        quiet_advance(&machine->quiet, bytes[1] * (ENV_SECOND / 4));
        return 2;
    case 2:
        send_one(machine, bytes[1]);
        return 2;
    case 3:
        arp_add_permanent(&machine->arp, address, mac_from_number(bytes[1]));
        return 2;
    case 4:
        arp_delete(&machine->arp, address);
        return 2;
    default:
        arp_set_address(&machine->arp, address);
        return 2;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct machine machine;
    struct arp_config config = arp_config_default();
    config.entry_limit = ENTRIES;
    config.detects_conflicts = length > 0 && bytes[0] & 128;
    quiet_init(&machine.quiet);
    arp_init(&machine.arp, &machine.quiet.env, &ops, &machine.quiet.pool, &config,
             mac_from_number(UINT64_C(0x020000000001)));
    arp_set_address(&machine.arp, (struct ipv4_address){0x0a000001});
    while (length >= 2) {
        size_t used = step(&machine, bytes, length);
        bytes += used;
        length -= used;
        check_cache(&machine.arp);
    }
    arp_release(&machine.arp);
    quiet_release(&machine.quiet);
    return 0;
}

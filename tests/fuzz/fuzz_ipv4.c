/* SPDX-License-Identifier: MIT
 * Any bytes as a datagram that arrives at a host: dropped with a reason or delivered whole, answered at most
 * once. */
#include <assert.h>
#include <stdlib.h>

#include "protocols/icmp/icmp.h"
#include "protocols/ipv4/reassembly.h"
#include "tests/fuzz/quiet_env.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct machine {
    struct quiet_env quiet;
    struct ipv4 ip;
    struct icmp icmp;
    struct ipv4_protocol udp;
};

static void transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop,
                     struct packet_out *packet)
{
    struct ipv4_header header;
    assert(ipv4_header_parse(packet->bytes, packet->length_bytes, &header) == IPV4_OK);
    assert(header.total_bytes == packet->length_bytes);
    quiet_send(&ENV_OWNER(ip, struct machine, ip)->quiet, packet);
}

static void take(struct ipv4_protocol *protocol, const struct ipv4_arrival *arrival)
{
    const struct packet *whole = &arrival->packet, *payload = &arrival->payload;
    assert(whole->length_bytes == arrival->header.total_bytes);
    assert(payload->bytes + payload->length_bytes == whole->bytes + whole->length_bytes);
    assert(payload->bytes == whole->bytes + arrival->header.header_bytes);
}

static const struct ipv4_ops ops = {transmit};

/* A header that was read and is written again says the same. */
static void check_codec(const uint8_t *bytes, size_t length)
{
    uint8_t again[IPV4_HEADER_MAX];
    struct ipv4_header header, second;
    if (ipv4_header_parse(bytes, length, &header) != IPV4_OK)
        return;
    header.total_bytes = header.header_bytes;
    ipv4_header_emit(&header, again);
    assert(ipv4_header_parse(again, header.header_bytes, &second) == IPV4_OK);
    assert(second.source.value == header.source.value && second.fragment_bytes == header.fragment_bytes);
    assert(second.options_bytes == header.options_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct machine machine;
    struct icmp_config config = icmp_config_default();
    bool is_group = length > 0 && bytes[0] & 1;
    bool mends = length > 0 && bytes[0] & 2; /* fuzzers do not guess checksums */
    size_t size = length > 0 ? length - 1 : 0;
    uint8_t *copy = quiet_copy(bytes + (length > 0), size);
    struct ipv4_header header;
    config.answers_many = length > 0 && bytes[0] & 4;
    if (mends && ipv4_header_peek(copy, size, &header))
        ipv4_header_emit(&header, copy);
    check_codec(copy, size);
    quiet_init(&machine.quiet);
    ipv4_init(&machine.ip, &machine.quiet.env, &ops, &machine.quiet.pool, 1);
    icmp_init(&machine.icmp, &machine.quiet.env, &machine.ip, &config);
    machine.udp = (struct ipv4_protocol){.number = IPV4_PROTOCOL_UDP, .receive = take};
    ipv4_register(&machine.ip, &machine.udp);
    ipv4_set_address(&machine.ip, 0, (struct ipv4_prefix){{0x0a000001}, 24});
    ipv4_set_gateway(&machine.ip, (struct ipv4_address){0x0a0000fe});
    ipv4_receive(&machine.ip, 0, is_group, (struct packet){copy, size, 0});
    quiet_advance(&machine.quiet, ENV_SECOND);
    assert(machine.quiet.sent <= 1);
    uint32_t waiting = machine.ip.reassembly ? machine.ip.reassembly->count : 0;
    assert(machine.ip.counters.received + machine.ip.counters.dropped + waiting >= 1);
    ipv4_release(&machine.ip);
    quiet_release(&machine.quiet);
    free(copy);
    return 0;
}

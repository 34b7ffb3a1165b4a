/* SPDX-License-Identifier: MIT
 * Any datagrams, one after the other, from both sides of a NAT box with a stateful firewall. Their IP headers
 * are made right, so that what is behind them is reached; everything else is the input's.
 *
 *     1 octet: bit 0 the side, bit 1 a second passes first, bit 2 the ICMP checksum is made right
 *     1 octet: how many follow, and so on */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/firewall/firewall.h"
#include "protocols/icmp/icmp.h"
#include "protocols/nat/nat.h"
#include "sim/base/bytes.h"
#include "sim/base/sum16.h"
#include "tests/fuzz/quiet_env.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct box {
    struct quiet_env quiet;
    struct ipv4 ip;
    struct icmp icmp;
    struct nat nat;
    struct firewall firewall;
    struct conntrack conntrack;
    bool is_inside; /* what is looked at came from there */
};

static void transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop,
                     struct packet_out *packet)
{
    struct ipv4_header header;
    assert(ipv4_header_parse(packet->bytes, packet->length_bytes, &header) == IPV4_OK);
    assert(interface < 2);
    struct box *box = ENV_OWNER(ip, struct box, ip);
    if (interface == 1 && box->is_inside) /* nothing of the inside ever shows outside */
        assert(header.source.value == 0x8a4c1d07 || header.destination.value >> 28 == 0xe);
    quiet_send(&box->quiet, packet);
}

static const struct ipv4_ops ops = {transmit};

static void box_init(struct box *box)
{
    struct icmp_config icmp = icmp_config_default();
    struct nat_config config = nat_config_default();
    struct flows_config flows = flows_config_default();
    struct firewall_line line;
    char sentence[200];
    struct text why = text_in(sentence, sizeof sentence);
    config.first_port = 5000;
    config.last_port = 5007; /* soon exhausted */
    config.filtering = NAT_ADDRESS;
    flows.limit = 8;
    quiet_init(&box->quiet);
    ipv4_init(&box->ip, &box->quiet.env, &ops, &box->quiet.pool, 2);
    icmp_init(&box->icmp, &box->quiet.env, &box->ip, &icmp);
    box->ip.forwards = true;
    box->ip.sends_redirects = false;
    ipv4_set_address(&box->ip, 0, (struct ipv4_prefix){{0x0a000004}, 24});
    ipv4_set_address(&box->ip, 1, (struct ipv4_prefix){{0x8a4c1d07}, 24});
    ipv4_set_gateway(&box->ip, (struct ipv4_address){0x8a4c1d01});
    nat_init(&box->nat, &box->quiet.env, &box->ip, 1, &config);
    nat_forward(&box->nat, IPV4_PROTOCOL_TCP, 80, (struct flow_end){{0x0a000002}, 80});
    conntrack_init(&box->conntrack, &box->quiet.env, &flows);
    firewall_init(&box->firewall, &box->quiet.env, 1);
    if (firewall_read("forward ct state invalid udp dport 9 reject", &line, &why))
        firewall_add(&box->firewall, &line);
    box->firewall.conntrack = &box->conntrack;
    firewall_attach(&box->firewall, &box->ip);
}

static void box_release(struct box *box)
{
    firewall_release(&box->firewall);
    conntrack_release(&box->conntrack);
    nat_release(&box->nat);
    ipv4_release(&box->ip);
    quiet_release(&box->quiet);
}

/* The header of the datagram, made right around what the input says of it. */
static void make_right(uint8_t *datagram, size_t length, bool mends_icmp)
{
    struct ipv4_header header = {.header_bytes = 20,
                                 .total_bytes = (uint16_t)length,
                                 .id = bytes_u16(datagram + 4),
                                 .more_fragments = datagram[6] & 0x20,
                                 .fragment_bytes = (uint16_t)((datagram[7] & 0x0f) * 8),
                                 .ttl = datagram[8],
                                 .protocol = datagram[9],
                                 .source = {bytes_u32(datagram + 12)},
                                 .destination = {bytes_u32(datagram + 16)}};
    ipv4_header_emit(&header, datagram);
    if (!mends_icmp || header.protocol != IPV4_PROTOCOL_ICMP || length < 28)
        return;
    bytes_put_u16(datagram + 22, 0);
    bytes_put_u16(datagram + 22, sum16_finish(sum16_add(0, datagram + 20, length - 20)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct box box;
    box_init(&box);
    for (size_t at = 0; at + 2 <= length;) {
        uint8_t how = bytes[at];
        size_t size = bytes[at + 1];
        at += 2;
        if (size < 20 || at + size > length)
            break;
        uint8_t *datagram = quiet_copy(bytes + at, size);
        at += size;
        make_right(datagram, size, how & 4);
        if (how & 2)
            quiet_advance(&box.quiet, ENV_SECOND);
        box.is_inside = !(how & 1);
        ipv4_receive(&box.ip, how & 1, false, (struct packet){datagram, size, 0});
        free(datagram);
    }
    quiet_advance(&box.quiet, 8000 * ENV_SECOND);
    box_release(&box);
    return 0;
}

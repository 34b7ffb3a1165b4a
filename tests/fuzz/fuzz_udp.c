/* SPDX-License-Identifier: MIT
 * Any bytes as datagrams and ICMP errors that arrive at a host with four sockets, and as what their owner
 * does meanwhile.
 *
 *     first byte & 7:  0, 1  a datagram: two bytes of length, then it     2, 3  the same with its checksum
 * made right 4     an ICMP error that quotes what follows       5     the owner reads a socket 6     the
 * owner binds, connects, closes, opens     7     the owner sends */
#include <assert.h>
#include <stdlib.h>

#include "protocols/icmp/icmp.h"
#include "protocols/ipv4/network.h"
#include "protocols/udp/udp.h"
#include "tests/fuzz/quiet_env.h"

#define SOCKETS 4
#define MOST 1400

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct machine {
    struct quiet_env quiet;
    struct ipv4 ip;
    struct icmp icmp;
    struct ipv4_network network;
    struct udp udp;
    struct udp_socket sockets[SOCKETS];
};

/* What is sent is right: the checksums hold. */
static void transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop,
                     struct packet_out *packet)
{
    struct ipv4_header header;
    struct udp_header udp;
    assert(ipv4_header_parse(packet->bytes, packet->length_bytes, &header) == IPV4_OK);
    struct net_address source = net_from_ipv4(header.source), destination = net_from_ipv4(header.destination);
    if (header.protocol == IPV4_PROTOCOL_UDP && !ipv4_is_fragment(&header))
        assert(udp_parse(packet->bytes + header.header_bytes, packet->length_bytes - header.header_bytes,
                         &source, &destination, &udp) == UDP_OK);
    quiet_send(&ENV_OWNER(ip, struct machine, ip)->quiet, packet);
}

static const struct ipv4_ops ops = {transmit};

/* An owner who reads at once, and closes a socket now and then: what it was told of last. */
static void told(struct udp_socket *socket, unsigned events)
{
    struct udp_received received;
    uint8_t data[64];
    int64_t count = udp_receive(socket, data, sizeof data, &received, false);
    if (count > 0 && data[0] == 'x')
        udp_close(socket);
    if (count > 0 && data[0] == 'k')
        udp_receive(socket, data, 0, NULL, true);
}

/* A datagram of protocol `protocol` from bob to alice, or to everybody. */
static void hear(struct machine *machine, uint8_t protocol, const uint8_t *bytes, size_t length,
                 bool is_for_all)
{
    uint8_t *datagram = malloc(20 + length + 1);
    assert(datagram);
    memcpy(datagram + 20, bytes, length);
    struct ipv4_header header = {.header_bytes = 20,
                                 .total_bytes = (uint16_t)(20 + length),
                                 .ttl = 9,
                                 .protocol = protocol,
                                 .source = {0x0a000002},
                                 .destination = {is_for_all ? 0xffffffff : 0x0a000001}};
    ipv4_header_emit(&header, datagram);
    ipv4_receive(&machine->ip, 0, is_for_all, (struct packet){datagram, 20 + length, 0});
    free(datagram);
}

static void hear_udp(struct machine *machine, const uint8_t *bytes, size_t length, uint8_t how)
{
    uint8_t *copy = quiet_copy(bytes, length);
    struct net_address bob = net_from_ipv4((struct ipv4_address){0x0a000002});
    struct net_address alice = net_from_ipv4((struct ipv4_address){how & 8 ? 0xffffffff : 0x0a000001});
    if (how & 2 && length >= UDP_HEADER) {
        struct udp_header header = {bytes_u16(copy), bytes_u16(copy + 2), (uint16_t)length, 0};
        udp_emit(&header, &bob, &alice, copy);
    }
    hear(machine, IPV4_PROTOCOL_UDP, copy, length, how & 8);
    free(copy);
}

/* An error about a datagram of alice's whose first bytes are given. */
static void hear_error(struct machine *machine, const uint8_t *bytes, size_t length, uint8_t how)
{
    uint8_t message[ICMP_HEADER + 20 + MOST];
    struct ipv4_header quoted = {.header_bytes = 20,
                                 .total_bytes = (uint16_t)(20 + length),
                                 .ttl = 1,
                                 .protocol = IPV4_PROTOCOL_UDP,
                                 .source = {0x0a000001},
                                 .destination = {0x0a000002}};
    ipv4_header_emit(&quoted, message + ICMP_HEADER);
    memcpy(message + ICMP_HEADER + 20, bytes, length);
    icmp_emit(how & 8 ? ICMP_TIME_EXCEEDED : ICMP_UNREACHABLE, how >> 4, 0, 20 + length, message);
    hear(machine, IPV4_PROTOCOL_ICMP, message, ICMP_HEADER + 20 + length, false);
}

static void change(struct machine *machine, struct udp_socket *socket, const uint8_t *bytes, uint8_t how)
{
    struct net_endpoint end = {net_from_ipv4((struct ipv4_address){how & 8 ? 0 : 0x0a000001}),
                               bytes_u16(bytes)};
    socket->binding.may_share = how & 16;
    socket->wants_complaints = how & 32;
    if (how >> 6 == 0) {
        udp_bind(socket, end);
    } else if (how >> 6 == 1) {
        end.address = net_from_ipv4((struct ipv4_address){0x0a000002});
        udp_connect(socket, end);
    } else if (how >> 6 == 2) {
        udp_connect(socket, (struct net_endpoint){0});
    } else {
        udp_close(socket);
        udp_open(&machine->udp, socket, told);
    }
}

/* One thing that happens. Returns the bytes that it used. */
static size_t step(struct machine *machine, const uint8_t *bytes, size_t length)
{
    uint8_t how = bytes[0];
    struct udp_socket *socket = &machine->sockets[bytes[1] % SOCKETS];
    size_t count = bytes_u16(bytes + 1) % MOST;
    struct udp_sending to_bob = {
        .to = {net_from_ipv4((struct ipv4_address){0x0a000002}), bytes_u16(bytes + 1)}};
    struct udp_complaint complaint;
    count = count < length - 3 ? count : length - 3;
    switch (how & 7) {
    case 4:
        hear_error(machine, bytes + 3, count, how);
        return 3 + count;
    case 5:
        told(socket, 0);
        udp_take_complaint(socket, &complaint);
        return 3;
    case 6:
        change(machine, socket, bytes + 1, how);
        return 3;
    case 7:
        udp_send(socket, how & 8 ? NULL : &to_bob, "sixteen letters", how >> 4);
        return 3;
    default:
        hear_udp(machine, bytes + 3, count, how);
        return 3 + count;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct machine machine;
    struct icmp_config config = icmp_config_default();
    quiet_init(&machine.quiet);
    ipv4_init(&machine.ip, &machine.quiet.env, &ops, &machine.quiet.pool, 1);
    icmp_init(&machine.icmp, &machine.quiet.env, &machine.ip, &config);
    ipv4_set_address(&machine.ip, 0, (struct ipv4_prefix){{0x0a000001}, 24});
    udp_init(&machine.udp, &machine.quiet.env);
    ipv4_network_init(&machine.network, &machine.ip, IPV4_PROTOCOL_UDP, &machine.udp.user);
    udp_add_layer(&machine.udp, &machine.network.layer);
    for (int i = 0; i < SOCKETS; i++)
        udp_open(&machine.udp, &machine.sockets[i], told);
    while (length >= 3) {
        size_t used = step(&machine, bytes, length);
        bytes += used;
        length -= used;
    }
    for (int i = 0; i < SOCKETS; i++)
        udp_close(&machine.sockets[i]);
    udp_release(&machine.udp);
    ipv4_release(&machine.ip);
    quiet_release(&machine.quiet);
    return 0;
}

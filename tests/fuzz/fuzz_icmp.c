/* SPDX-License-Identifier: MIT
 * Any bytes as an ICMP message that arrives at a host with a running ping. The checksum is made right, so
 * that what is behind it is reached. */
#include <assert.h>
#include <stdlib.h>

#include "protocols/icmp/icmp.h"
#include "sim/base/bytes.h"
#include "tests/fuzz/quiet_env.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct machine {
    struct quiet_env quiet;
    struct ipv4 ip;
    struct icmp icmp;
    struct icmp_listener ping;
};

static void transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop,
                     struct packet_out *packet)
{
    struct icmp_message message;
    assert(icmp_parse(packet->bytes + 20, packet->length_bytes - 20, &message) == ICMP_OK);
    assert(message.type == ICMP_ECHO_REPLY); /* nothing else is ever said to a message */
    quiet_send(&ENV_OWNER(ip, struct machine, ip)->quiet, packet);
}

/* Looks at every byte that it is given. */
static void read_all(struct packet packet)
{
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < packet.length_bytes; i++)
        sum = (uint8_t)(sum + packet.bytes[i]);
}

static void take_reply(struct icmp_listener *listener, const struct icmp_echo *echo)
{
    assert(echo->message_bytes == echo->data.length_bytes + ICMP_HEADER);
    read_all(echo->data);
}

static void take_error(struct icmp_listener *listener, uint16_t sequence, const struct ipv4_error *error)
{
    assert(icmp_error_words(error->type, error->code));
    read_all(error->payload);
}

static const struct ipv4_ops ops = {transmit};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct machine machine;
    struct icmp_config config = icmp_config_default();
    if (length > 1400)
        return 0;
    uint8_t *datagram = quiet_copy(bytes, length);
    datagram = realloc(datagram, 20 + length);
    assert(datagram);
    memmove(datagram + 20, datagram, length);
    struct ipv4_header header = {.header_bytes = 20,
                                 .total_bytes = (uint16_t)(20 + length),
                                 .ttl = 9,
                                 .protocol = IPV4_PROTOCOL_ICMP,
                                 .source = {0x0a000002},
                                 .destination = {0x0a000001}};
    ipv4_header_emit(&header, datagram);
    if (length >= ICMP_HEADER)
        icmp_emit(bytes[0], bytes[1], bytes_u32(bytes + 4), length - ICMP_HEADER, datagram + 20);
    quiet_init(&machine.quiet);
    ipv4_init(&machine.ip, &machine.quiet.env, &ops, &machine.quiet.pool, 1);
    icmp_init(&machine.icmp, &machine.quiet.env, &machine.ip, &config);
    ipv4_set_address(&machine.ip, 0, (struct ipv4_prefix){{0x0a000001}, 24});
    machine.ping = (struct icmp_listener){.reply = take_reply, .error = take_error};
    icmp_listen(&machine.icmp, &machine.ping);
    assert(ipv4_receive(&machine.ip, 0, false, (struct packet){datagram, 20 + length, 0}) == IPV4_OK);
    assert(machine.quiet.sent <= 1);
    ipv4_release(&machine.ip);
    quiet_release(&machine.quiet);
    free(datagram);
    return 0;
}

/* SPDX-License-Identifier: MIT
 * See nat_lab.h. */
#include "tests/protocols/nat_lab.h"

#include <stdio.h>
#include <stdlib.h>

#include "protocols/udp/codec.h"
#include "sim/base/bytes.h"
#include "sim/base/sum16.h"

#define TCP_HEADER 20

struct flow_end lab_end(const char *text)
{
    char address[32];
    struct flow_end end = {{0}, 0};
    const char *colon = strchr(text, ':');
    snprintf(address, sizeof address, "%.*s", colon ? (int)(colon - text) : 31, text);
    assert_true(ipv4_parse(address, &end.address, NULL));
    end.port = colon ? (uint16_t)atoi(colon + 1) : 0;
    return end;
}

/* ---- What leaves ---- */

static uint64_t pseudo_sum(const struct ipv4_header *header, size_t length)
{
    uint64_t sum = sum16_add_u32(sum16_add_u32(0, header->source.value), header->destination.value);
    return sum16_add_u16(sum, header->protocol) + length;
}

/* NAT-24: every checksum, computed anew. Pieces have no transport checksum of their own. */
static void verify(const uint8_t *bytes, size_t length_bytes, bool takes_damaged)
{
    struct ipv4_header header;
    assert_int_equal(ipv4_header_parse(bytes, length_bytes, &header), IPV4_OK);
    assert_int_equal(header.total_bytes, length_bytes);
    const uint8_t *transport = bytes + header.header_bytes;
    size_t left = length_bytes - header.header_bytes;
    if (ipv4_is_fragment(&header) || takes_damaged)
        return;
    uint64_t sum = header.protocol == IPV4_PROTOCOL_ICMP ? 0 : pseudo_sum(&header, left);
    bool has_none = header.protocol == IPV4_PROTOCOL_UDP && bytes_u16(transport + 6) == 0;
    if (!has_none)
        assert_int_equal(sum16_fold(sum16_add(sum, transport, left)), 0xffff);
}

static void transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop,
                     struct packet_out *packet)
{
    struct nat_lab *lab = ENV_OWNER(ip, struct nat_lab, ip);
    verify(packet->bytes, packet->length_bytes, lab->takes_damaged);
    lab->sent_ever++;
    if (!lab->forgets) {
        if (lab->sent_count == LAB_SENT && lab->sent_taken == LAB_SENT)
            lab->sent_count = lab->sent_taken = 0;
        assert_true(lab->sent_count < LAB_SENT && packet->length_bytes <= LAB_BYTES);
        struct lab_sent *sent = &lab->sent[lab->sent_count++];
        sent->interface = interface;
        sent->length_bytes = packet->length_bytes;
        memcpy(sent->bytes, packet->bytes, packet->length_bytes);
    }
    packet_give_back(&lab->hand.pool, packet);
}

static const struct ipv4_ops lab_ops = {transmit};

/* ---- The box ---- */

static struct ipv4_prefix prefix(const char *text)
{
    struct ipv4_prefix result;
    assert_true(ipv4_prefix_parse(text, &result, NULL));
    return result;
}

void lab_init(struct nat_lab *lab, const struct nat_config *config)
{
    struct nat_config usual = nat_config_default();
    struct icmp_config icmp = icmp_config_default();
    *lab = (struct nat_lab){0};
    hand_init(&lab->hand);
    ipv4_init(&lab->ip, &lab->hand.env, &lab_ops, &lab->hand.pool, 2);
    icmp_init(&lab->icmp, &lab->hand.env, &lab->ip, &icmp);
    lab->ip.forwards = true;
    lab->ip.sends_redirects = false;
    ipv4_set_address(&lab->ip, INSIDE, prefix("10.0.0.4/24"));
    ipv4_set_address(&lab->ip, OUTSIDE, prefix("138.76.29.7/24"));
    ipv4_set_gateway(&lab->ip, lab_end("138.76.29.1").address);
    defrag_init(&lab->defrag, &lab->ip);
    nat_init(&lab->nat, &lab->hand.env, &lab->ip, OUTSIDE, config ? config : &usual);
}

void lab_release(struct nat_lab *lab)
{
    lab_expect_silence(lab);
    nat_release(&lab->nat);
    defrag_release(&lab->defrag);
    ipv4_release(&lab->ip);
    hand_release(&lab->hand);
}

/* ---- What arrives ---- */

static void put_checksum(uint8_t *at, uint64_t sum)
{
    uint16_t checksum = sum16_finish(sum);
    bytes_put_u16(at, checksum ? checksum : 0xffff);
}

static size_t build_transport(const struct lab_packet *packet, const struct ipv4_header *header,
                              uint16_t from, uint16_t to, uint8_t *bytes)
{
    size_t data = packet->data_bytes ? packet->data_bytes : 4;
    size_t size = packet->protocol == IPV4_PROTOCOL_TCP ? TCP_HEADER : UDP_HEADER;
    memset(bytes, 0, size);
    for (size_t i = 0; i < data; i++)
        bytes[size + i] = (uint8_t)("10.0.0.1 "[i % 9]);
    if (packet->protocol == IPV4_PROTOCOL_ICMP) {
        bytes[0] = from ? ICMP_ECHO_REQUEST : ICMP_ECHO_REPLY;
        bytes_put_u16(bytes + 4, from ? from : to);
        bytes_put_u16(bytes + 2, sum16_finish(sum16_add(0, bytes, size + data)));
        return size + data;
    }
    bytes_put_u16(bytes, from);
    bytes_put_u16(bytes + 2, to);
    if (packet->protocol == IPV4_PROTOCOL_UDP)
        bytes_put_u16(bytes + 4, (uint16_t)(size + data));
    if (packet->protocol == IPV4_PROTOCOL_TCP) {
        bytes[12] = TCP_HEADER / 4 << 4;
        bytes[13] = packet->tcp_flags;
    }
    uint64_t sum = sum16_add(pseudo_sum(header, size + data), bytes, size + data);
    if (!packet->has_no_checksum)
        put_checksum(bytes + (packet->protocol == IPV4_PROTOCOL_TCP ? 16 : 6), sum);
    return size + data;
}

size_t lab_build(const struct lab_packet *packet, uint8_t *ret_bytes)
{
    struct flow_end from = lab_end(packet->from), to = lab_end(packet->to);
    struct ipv4_header header = {.header_bytes = IPV4_HEADER_MIN,
                                 .ttl = packet->ttl ? packet->ttl : 64,
                                 .protocol = packet->protocol,
                                 .dont_fragment = packet->dont_fragment,
                                 .source = from.address,
                                 .destination = to.address};
    size_t bytes = build_transport(packet, &header, from.port, to.port, ret_bytes + IPV4_HEADER_MIN);
    header.total_bytes = (uint16_t)(IPV4_HEADER_MIN + bytes);
    ipv4_header_emit(&header, ret_bytes);
    return header.total_bytes;
}

void lab_hear_bytes(struct nat_lab *lab, uint32_t interface, const uint8_t *bytes, size_t length_bytes)
{
    lab->hand.cause = 0;
    lab->last_reason = ipv4_receive(&lab->ip, interface, false, (struct packet){bytes, length_bytes, 0});
    lab->hand.cause = 0;
}

void lab_hear(struct nat_lab *lab, uint32_t interface, const struct lab_packet *packet)
{
    uint8_t bytes[LAB_BYTES];
    lab_hear_bytes(lab, interface, bytes, lab_build(packet, bytes));
}

void lab_hear_error(struct nat_lab *lab, uint32_t interface, const char *reporter, const char *to,
                    uint8_t type, uint8_t code, const uint8_t *failed, size_t failed_bytes)
{
    uint8_t bytes[LAB_BYTES];
    size_t total = IPV4_HEADER_MIN + ICMP_HEADER + failed_bytes;
    struct ipv4_header header = {.header_bytes = IPV4_HEADER_MIN,
                                 .total_bytes = (uint16_t)total,
                                 .ttl = 64,
                                 .protocol = IPV4_PROTOCOL_ICMP,
                                 .source = lab_end(reporter).address,
                                 .destination = lab_end(to).address};
    memcpy(bytes + IPV4_HEADER_MIN + ICMP_HEADER, failed, failed_bytes);
    icmp_emit(type, code, 0, failed_bytes, bytes + IPV4_HEADER_MIN);
    ipv4_header_emit(&header, bytes);
    lab_hear_bytes(lab, interface, bytes, total);
}

/* ---- What was expected ---- */

static void add_end(struct text *text, struct flow_end end, bool has_port)
{
    char address[IPV4_TEXT_SIZE];
    ipv4_format(end.address, address);
    text_add(text, "%s", address);
    if (has_port)
        text_add(text, ":%u", end.port);
}

static void describe(const struct lab_sent *sent, struct text *text)
{
    struct ipv4_header header;
    assert_int_equal(ipv4_header_parse(sent->bytes, sent->length_bytes, &header), IPV4_OK);
    struct flow_view view = flow_read(sent->bytes, sent->length_bytes, &header);
    if (view.part == FLOW_ERROR) {
        text_add(text, "ICMP %u/%u ", view.icmp_type, view.icmp_code);
        add_end(text, (struct flow_end){header.source, 0}, false);
        text_add(text, " > ");
        add_end(text, (struct flow_end){header.destination, 0}, false);
        text_add(text, " about ");
    }
    if (ipv4_is_fragment(&header))
        text_add(text, "piece at %u of ", header.fragment_bytes);
    bool has_ports = !ipv4_is_fragment(&header);
    text_add(text, "%s ", flow_protocol_words[flow_protocol_index(view.key.protocol)]);
    add_end(text, view.key.from, has_ports);
    text_add(text, " > ");
    add_end(text, view.key.to, has_ports);
}

const struct lab_sent *lab_expect_at(struct nat_lab *lab, uint32_t interface, const char *line,
                                     const char *file, int number)
{
    char storage[200] = "";
    struct text found = text_in(storage, sizeof storage);
    if (lab->sent_taken == lab->sent_count)
        fail_msg("%s:%d: nothing was sent; expected %s", file, number, line);
    const struct lab_sent *sent = &lab->sent[lab->sent_taken++];
    describe(sent, &found);
    if (strcmp(found.start, line) != 0 || sent->interface != interface)
        fail_msg("%s:%d: interface %u: %s\nexpected %u: %s", file, number, sent->interface, found.start,
                 interface, line);
    return sent;
}

void lab_expect_silence_at(struct nat_lab *lab, const char *file, int number)
{
    char storage[200] = "";
    struct text found = text_in(storage, sizeof storage);
    if (lab->sent_taken == lab->sent_count)
        return;
    describe(&lab->sent[lab->sent_taken], &found);
    fail_msg("%s:%d: this was sent and not expected: %s", file, number, found.start);
}

/* SPDX-License-Identifier: MIT
 * Segments on the wire, by the tests' own hand. RFC 791, RFC 9293 3.1. */
#include "tests/script/packet.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define IP_BYTES 20
#define TCP_BYTES 20

static void put16(uint8_t *bytes, uint32_t value)
{
    bytes[0] = (uint8_t)(value >> 8);
    bytes[1] = (uint8_t)value;
}

static void put32(uint8_t *bytes, uint32_t value)
{
    put16(bytes, value >> 16);
    put16(bytes + 2, value);
}

static uint32_t get16(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

static uint32_t get32(const uint8_t *bytes)
{
    return get16(bytes) << 16 | get16(bytes + 2);
}

static uint32_t sum(uint32_t start, const uint8_t *bytes, size_t count)
{
    uint64_t total = start;
    for (size_t i = 0; i < count; i++)
        total += (uint32_t)bytes[i] << (i % 2 ? 0 : 8);
    while (total >> 16)
        total = (total & 0xffff) + (total >> 16);
    return (uint32_t)total;
}

static uint32_t pseudo(const uint8_t *ip, size_t length)
{
    return sum(6 + (uint32_t)length, ip + 12, 8);
}

/* ---- Writing ---- */

static size_t write_option(const struct script_option *option, uint8_t *to)
{
    to[0] = (uint8_t)option->kind;
    switch (option->kind) {
    case SCRIPT_EOL:
    case SCRIPT_NOP:
        return 1;
    case SCRIPT_MSS:
        to[1] = 4;
        put16(to + 2, (uint32_t)option->value[0]);
        return 4;
    case SCRIPT_WSCALE:
        to[1] = 3;
        to[2] = (uint8_t)option->value[0];
        return 3;
    case SCRIPT_SACK_OK:
        to[1] = 2;
        return 2;
    case SCRIPT_SACK:
        to[1] = (uint8_t)(2 + 8 * option->block_count);
        for (unsigned i = 0; i < option->block_count; i++) {
            put32(to + 2 + 8 * i, option->blocks[i][0]);
            put32(to + 6 + 8 * i, option->blocks[i][1]);
        }
        return to[1];
    case SCRIPT_TIMESTAMP:
        to[1] = 10;
        put32(to + 2, (uint32_t)option->value[0]);
        put32(to + 6, (uint32_t)option->value[1]);
        return 10;
    default:
        memcpy(to, option->raw, option->raw_bytes);
        return option->raw_bytes;
    }
}

static void write_ip(uint8_t *bytes, size_t length, uint8_t protocol, uint32_t source, uint32_t destination,
                     int ecn)
{
    memset(bytes, 0, IP_BYTES);
    bytes[0] = 0x45;
    bytes[1] = (uint8_t)(ecn > 0 ? ecn : 0);
    put16(bytes + 2, (uint32_t)length);
    bytes[6] = 0x40; /* DF */
    bytes[8] = 64;
    bytes[9] = protocol;
    put32(bytes + 12, source);
    put32(bytes + 16, destination);
    put16(bytes + 10, ~sum(0, bytes, IP_BYTES));
}

size_t packet_write(const struct packet_ends *ends, const struct script_segment *segment,
                    const uint8_t *payload, uint8_t *ret_bytes)
{
    uint8_t *tcp = ret_bytes + IP_BYTES;
    size_t header = TCP_BYTES;
    memset(tcp, 0, TCP_BYTES);
    for (unsigned i = 0; i < segment->option_count; i++)
        header += write_option(&segment->options[i], tcp + header);
    while (header % 4)
        tcp[header++] = SCRIPT_EOL;
    put16(tcp, ends->source_port);
    put16(tcp + 2, ends->destination_port);
    put32(tcp + 4, segment->sequence);
    put32(tcp + 8, segment->flags & SCRIPT_ACK ? (uint32_t)segment->ack : 0);
    tcp[12] = (uint8_t)(header / 4 << 4);
    tcp[13] = (uint8_t)segment->flags;
    put16(tcp + 14, (uint32_t)segment->window);
    put16(tcp + 18, segment->urgent == SCRIPT_ANY ? 0 : (uint32_t)segment->urgent);
    memcpy(tcp + header, payload, segment->length_bytes);
    size_t length = header + segment->length_bytes;
    write_ip(ret_bytes, IP_BYTES + length, 6, ends->source, ends->destination, segment->ecn);
    put16(tcp + 16, ~sum(pseudo(ret_bytes, length), tcp, length));
    if (segment->has_bad_checksum)
        tcp[17] ^= 1;
    return IP_BYTES + length;
}

size_t packet_write_icmp(uint32_t source, const struct packet_ends *quoted, const struct script_icmp *icmp,
                         uint8_t *ret_bytes)
{
    uint8_t *message = ret_bytes + IP_BYTES;
    uint8_t *tcp = message + 8 + IP_BYTES;
    memset(message, 0, 8);
    message[0] = icmp->type;
    message[1] = icmp->code;
    put32(message + 4, icmp->mtu);
    write_ip(message + 8, IP_BYTES + TCP_BYTES + icmp->quoted.length_bytes, 6, quoted->source,
             quoted->destination, 0);
    put16(tcp, quoted->source_port);
    put16(tcp + 2, quoted->destination_port);
    put32(tcp + 4, icmp->quoted.sequence);
    put16(message + 2, ~sum(0, message, 8 + IP_BYTES + 8));
    write_ip(ret_bytes, IP_BYTES + 8 + IP_BYTES + 8, 1, source, quoted->source, 0);
    return IP_BYTES + 8 + IP_BYTES + 8;
}

/* ---- Reading ---- */

static bool read_option(const uint8_t *bytes, size_t length, struct script_option *option)
{
    option->kind = bytes[0];
    if (option->kind == SCRIPT_MSS && length == 4) {
        option->value[0] = get16(bytes + 2);
    } else if (option->kind == SCRIPT_WSCALE && length == 3) {
        option->value[0] = bytes[2];
    } else if (option->kind == SCRIPT_TIMESTAMP && length == 10) {
        option->value[0] = get32(bytes + 2);
        option->value[1] = get32(bytes + 6);
    } else if (option->kind == SCRIPT_SACK && length >= 10 && length <= 34 && length % 8 == 2) {
        option->block_count = (unsigned)(length - 2) / 8;
        for (unsigned i = 0; i < option->block_count; i++) {
            option->blocks[i][0] = get32(bytes + 2 + 8 * i);
            option->blocks[i][1] = get32(bytes + 6 + 8 * i);
        }
    } else if (option->kind != SCRIPT_SACK_OK || length != 2) {
        option->kind = SCRIPT_RAW;
        memcpy(option->raw, bytes, length);
        option->raw_bytes = (unsigned)length;
    }
    return true;
}

static bool read_options(const uint8_t *at, const uint8_t *end, struct script_segment *segment)
{
    segment->has_options = true;
    while (at < end && *at != SCRIPT_EOL) {
        size_t length = *at == SCRIPT_NOP ? 1 : end - at >= 2 ? at[1] : 0;
        if (length == 0 || length > (size_t)(end - at) || segment->option_count == SCRIPT_OPTIONS ||
            (*at != SCRIPT_NOP && length < 2))
            return false;
        struct script_option *option = &segment->options[segment->option_count++];
        option->kind = SCRIPT_NOP;
        if (*at != SCRIPT_NOP)
            read_option(at, length, option);
        at += length;
    }
    for (; at < end; at++)
        if (*at != 0)
            return false; /* RFC 9293 3.1: padding is zeros */
    return true;
}

bool packet_read(const uint8_t *bytes, size_t count, struct packet_ends *ret_ends,
                 struct script_segment *ret_segment, const uint8_t **ret_payload, const char **ret_why)
{
    size_t header = count >= IP_BYTES ? (size_t)(bytes[0] & 15) * 4 : 0;
    *ret_segment = (struct script_segment){0};
    *ret_why = "it is no whole IPv4 datagram";
    if (header < IP_BYTES || bytes[0] >> 4 != 4 || get16(bytes + 2) != count || count < header)
        return false;
    *ret_why = "its IP check sum is wrong";
    if (sum(0, bytes, header) != 0xffff)
        return false;
    *ret_why = "it carries no TCP";
    if (bytes[9] != 6 || count < header + TCP_BYTES)
        return false;
    const uint8_t *tcp = bytes + header;
    size_t length = count - header;
    size_t offset = (size_t)(tcp[12] >> 4) * 4;
    *ret_why = "its data offset is wrong, or reserved bits are set";
    if (offset < TCP_BYTES || offset > length || tcp[12] & 15)
        return false;
    *ret_why = "its TCP check sum is wrong";
    if (sum(pseudo(bytes, length), tcp, length) != 0xffff)
        return false;
    *ret_ends = (struct packet_ends){get32(bytes + 12), get32(bytes + 16), (uint16_t)get16(tcp),
                                     (uint16_t)get16(tcp + 2)};
    ret_segment->ecn = bytes[1] & 3;
    ret_segment->flags = tcp[13];
    ret_segment->sequence = get32(tcp + 4);
    ret_segment->length_bytes = (uint32_t)(length - offset);
    ret_segment->end = ret_segment->sequence + ret_segment->length_bytes;
    ret_segment->ack = tcp[13] & SCRIPT_ACK ? (int64_t)get32(tcp + 8) : SCRIPT_ANY;
    ret_segment->window = get16(tcp + 14);
    ret_segment->urgent = tcp[13] & SCRIPT_URG ? (int64_t)get16(tcp + 18) : SCRIPT_ANY;
    *ret_payload = tcp + offset;
    *ret_why = "its options are malformed";
    return read_options(tcp + TCP_BYTES, tcp + offset, ret_segment);
}

/* ---- In words ---- */

struct printer {
    char *at;
    size_t left;
};

static void print(struct printer *printer, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int count = vsnprintf(printer->at, printer->left, format, list);
    va_end(list);
    size_t written = count < 0 ? 0 : (size_t)count < printer->left ? (size_t)count : printer->left - 1;
    printer->at += written;
    printer->left -= written;
}

static void print_option(struct printer *printer, const struct script_option *option)
{
    switch (option->kind) {
    case SCRIPT_NOP:
        print(printer, "nop");
        break;
    case SCRIPT_MSS:
        print(printer, "mss %lld", (long long)option->value[0]);
        break;
    case SCRIPT_WSCALE:
        print(printer, "wscale %lld", (long long)option->value[0]);
        break;
    case SCRIPT_SACK_OK:
        print(printer, "sackOK");
        break;
    case SCRIPT_TIMESTAMP:
        print(printer, "TS val %lld ecr %lld", (long long)option->value[0], (long long)option->value[1]);
        break;
    case SCRIPT_SACK:
        print(printer, "sack");
        for (unsigned i = 0; i < option->block_count; i++)
            print(printer, " %u:%u", option->blocks[i][0], option->blocks[i][1]);
        break;
    default:
        print(printer, option->kind == SCRIPT_EOL ? "eol" : "raw");
        for (unsigned i = 0; i < option->raw_bytes; i++)
            print(printer, " %02x", option->raw[i]);
    }
}

void packet_print(const struct script_segment *segment, char *ret_text, size_t size)
{
    static const char letters[] = "FSRP.UEW";
    static const char *const ecn_words[] = {"", "[ect1] ", "[ect0] ", "[ce] "};
    struct printer printer = {ret_text, size};
    print(&printer, "%s", segment->ecn >= 0 ? ecn_words[segment->ecn] : "");
    for (unsigned i = 0; i < 8; i++)
        if (segment->flags >> i & 1)
            print(&printer, "%c", letters[i]);
    if (!segment->flags)
        print(&printer, "-");
    print(&printer, " %u:%u(%u)", segment->sequence, segment->end, segment->length_bytes);
    if (segment->ack != SCRIPT_ANY)
        print(&printer, " ack %lld", (long long)segment->ack);
    if (segment->window != SCRIPT_ANY)
        print(&printer, " win %lld", (long long)segment->window);
    if (segment->urgent != SCRIPT_ANY)
        print(&printer, " urg %lld", (long long)segment->urgent);
    if (!segment->has_options)
        return;
    print(&printer, " <");
    for (unsigned i = 0; i < segment->option_count; i++) {
        print(&printer, i ? "," : "");
        print_option(&printer, &segment->options[i]);
    }
    print(&printer, ">");
}

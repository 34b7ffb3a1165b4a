/* SPDX-License-Identifier: MIT
 * The pcapng file format, as much as a capture of ours needs.
 *
 * A block is: type, total length, body, options, total length again. The length is only known at the end, so
 * a block is begun with a gap for it, and closing the block fills the gap. Clause numbers are those of the
 * draft. */
#include "views/pcapng.h"

#include <assert.h>
#include <string.h>

#define BLOCK_SECTION 0x0a0d0d0au
#define BLOCK_INTERFACE 1u
#define BLOCK_PACKET 6u
#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define LINK_TYPE_ETHERNET 1u
#define FCS_BYTES 4u

enum option_code {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_IF_NAME = 2,
    OPTION_IF_DESCRIPTION = 3,
    OPTION_SHB_APPLICATION = 4,
    OPTION_IF_SPEED = 8,
    OPTION_IF_TSRESOL = 9,
    OPTION_IF_FCSLEN = 13,
    OPTION_EPB_FLAGS = 2
};

static void put_number(uint8_t *place, uint64_t number, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        place[i] = (uint8_t)(number >> (8 * i));
}

static void write_number(struct outlet *out, uint64_t number, size_t size_bytes)
{
    uint8_t bytes[8];
    put_number(bytes, number, size_bytes);
    outlet_write(out, bytes, size_bytes);
}

static void write_padded(struct outlet *out, const void *bytes, size_t count)
{
    static const uint8_t zeros[4];
    outlet_write(out, bytes, count);
    outlet_write(out, zeros, -count & 3);
}

/* Section 3.5: code, length without padding, value. */
static void write_option(struct outlet *out, enum option_code code, const void *value, size_t count)
{
    write_number(out, code, 2);
    write_number(out, count, 2);
    write_padded(out, value, count);
}

static void write_text_option(struct outlet *out, enum option_code code, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    if (length > 0)
        write_option(out, code, text, length < UINT16_MAX ? length : UINT16_MAX);
}

static void write_number_option(struct outlet *out, enum option_code code, uint64_t number, size_t size_bytes)
{
    uint8_t bytes[8];
    put_number(bytes, number, size_bytes);
    write_option(out, code, bytes, size_bytes);
}

/* Returns where the block begins, for end_block. */
static size_t begin_block(struct outlet *out, uint32_t type)
{
    size_t start = out->length;
    write_number(out, type, 4);
    write_number(out, 0, 4);
    return start;
}

static void end_block(struct outlet *out, size_t start)
{
    write_option(out, OPTION_END, NULL, 0);
    if (out->failure)
        return;
    uint32_t total = (uint32_t)(out->length - start) + 4;
    put_number((uint8_t *)out->bytes + start + 4, total, 4);
    write_number(out, total, 4);
    outlet_end_piece(out);
}

/* Section 4.1. */
void pcapng_write_section(struct outlet *out, const char *application, const char *remark)
{
    size_t start = begin_block(out, BLOCK_SECTION);
    write_number(out, BYTE_ORDER_MAGIC, 4);
    write_number(out, 1, 2); /* version 1.0 */
    write_number(out, 0, 2);
    write_number(out, UINT64_MAX, 8); /* length of the section: not known yet */
    write_text_option(out, OPTION_COMMENT, remark);
    write_text_option(out, OPTION_SHB_APPLICATION, application);
    end_block(out, start);
}

/* Section 4.2. */
void pcapng_write_interface(struct outlet *out, const struct pcapng_interface *interface)
{
    size_t start = begin_block(out, BLOCK_INTERFACE);
    write_number(out, LINK_TYPE_ETHERNET, 2);
    write_number(out, 0, 2);
    write_number(out, 0, 4); /* no limit of length */
    write_text_option(out, OPTION_IF_NAME, interface->name);
    write_text_option(out, OPTION_IF_DESCRIPTION, interface->remark);
    if (interface->rate_bps > 0)
        write_number_option(out, OPTION_IF_SPEED, (uint64_t)interface->rate_bps, 8);
    write_number_option(out, OPTION_IF_TSRESOL, 9, 1); /* 10^-9 s */
    write_number_option(out, OPTION_IF_FCSLEN, FCS_BYTES, 1);
    end_block(out, start);
}

/* Bits 2-4 of epb_flags: 1 unicast, 2 multicast, 3 broadcast; by the destination address. */
static uint32_t reception_of(const struct pcapng_packet *packet)
{
    static const uint8_t broadcast[6] = {255, 255, 255, 255, 255, 255};
    if (packet->length_bytes < sizeof broadcast)
        return 0;
    if (memcmp(packet->bytes, broadcast, sizeof broadcast) == 0)
        return 3;
    return packet->bytes[0] & 1 ? 2 : 1;
}

static uint32_t flags_of(const struct pcapng_packet *packet)
{
    return (uint32_t)packet->direction | reception_of(packet) << 2 | FCS_BYTES << 5 |
           (uint32_t)packet->has_crc_error << 24;
}

/* Section 4.3. */
void pcapng_write_packet(struct outlet *out, const struct pcapng_packet *packet)
{
    size_t start = begin_block(out, BLOCK_PACKET);
    uint64_t nanoseconds = (uint64_t)packet->at / NT_NANOSECOND;
    assert(packet->at >= 0);
    write_number(out, packet->interface, 4);
    write_number(out, nanoseconds >> 32, 4);
    write_number(out, nanoseconds & UINT32_MAX, 4);
    write_number(out, packet->length_bytes, 4);
    write_number(out, packet->length_bytes, 4);
    write_padded(out, packet->bytes, packet->length_bytes);
    write_number_option(out, OPTION_EPB_FLAGS, flags_of(packet), 4);
    write_text_option(out, OPTION_COMMENT, packet->remark);
    end_block(out, start);
}

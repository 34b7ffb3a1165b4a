/* SPDX-License-Identifier: MIT
 * One frame, taken apart. */
#include "views/packet.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "protocols/dissect/dissect.h"

#define PACKET_FIELDS 400
#define PACKET_PLACE_WIDTH 10
#define PACKET_LINE_BYTES 16

/* "14-33", "14", "14.4" (a single bit), "14.4-7": bytes from 0, bits from the left. */
static void show_place(const struct dissect_field *field, char *ret_text, size_t size)
{
    uint32_t first = field->bit_offset / 8, last = (field->bit_offset + field->bit_length - 1) / 8;
    uint32_t bit = field->bit_offset % 8, end = (field->bit_offset + field->bit_length - 1) % 8;
    bool is_whole = field->bit_length && bit == 0 && end == 7;
    if (!field->bit_length)
        snprintf(ret_text, size, "-");
    else if (is_whole && first == last)
        snprintf(ret_text, size, "%u", first);
    else if (is_whole || first != last)
        snprintf(ret_text, size, "%u-%u", first, last);
    else if (bit == end)
        snprintf(ret_text, size, "%u.%u", first, bit);
    else
        snprintf(ret_text, size, "%u.%u-%u", first, bit, end);
}

static void write_field(const struct dissect_field *field, struct outlet *out, size_t width)
{
    char place[40], line[200]; /* a label and a value of DISSECT_VALUE_SIZE */
    show_place(field, place, sizeof place);
    bool is_protocol = field->depth == 0;
    int indent = 2 * field->depth;
    int length = snprintf(line, sizeof line, "%*s%s%s%s", indent, "", field->label,
                          field->value[0] && !is_protocol ? ": " : "", is_protocol ? "" : field->value);
    outlet_print(out, "  %-*s", PACKET_PLACE_WIDTH, place);
    outlet_style(out, is_protocol ? OUTLET_STRONG : OUTLET_NORMAL);
    if (PACKET_PLACE_WIDTH + 2 + (size_t)length > width) {
        length = (int)width - PACKET_PLACE_WIDTH - 2;
        strcpy(line + length - 3, "...");
    }
    outlet_text(out, line);
    outlet_style(out, OUTLET_FAINT);
    size_t used = PACKET_PLACE_WIDTH + 2 + (size_t)length, name = strlen(field->name);
    if (used + 2 + name <= width)
        outlet_print(out, "%*s%s", (int)(width - used - name), "", field->name);
    outlet_style(out, OUTLET_NORMAL);
    outlet_text(out, "\n");
}

/* Is the line at `at` like the one before it and the one behind it? */
static bool is_repeated(const struct packet *packet, uint32_t at)
{
    return at >= PACKET_LINE_BYTES && at + 2 * PACKET_LINE_BYTES <= packet->length_bytes &&
           memcmp(packet->bytes + at - PACKET_LINE_BYTES, packet->bytes + at, PACKET_LINE_BYTES) == 0 &&
           memcmp(packet->bytes + at, packet->bytes + at + PACKET_LINE_BYTES, PACKET_LINE_BYTES) == 0;
}

/* As hexdump does, of lines that are all the same the first and the last are shown, and a star between them. */
static void write_hex(const struct packet *packet, struct outlet *out)
{
    for (uint32_t at = 0; at < packet->length_bytes; at += PACKET_LINE_BYTES) {
        if (is_repeated(packet, at)) {
            if (!is_repeated(packet, at - PACKET_LINE_BYTES))
                outlet_text(out, "  *\n");
            continue;
        }
        char hex[3 * PACKET_LINE_BYTES + 2] = "", shown[PACKET_LINE_BYTES + 1] = "";
        size_t length = 0;
        for (uint32_t i = 0; i < PACKET_LINE_BYTES; i++) {
            bool is_there = at + i < packet->length_bytes;
            uint8_t byte = is_there ? packet->bytes[at + i] : 0;
            length += (size_t)snprintf(hex + length, sizeof hex - length, i == 8 ? "  " : " ");
            length += (size_t)snprintf(hex + length, sizeof hex - length, is_there ? "%02x" : "  ", byte);
            shown[i] = is_there ? (byte >= 0x20 && byte < 0x7f ? (char)byte : '.') : '\0';
        }
        outlet_print(out, "  %04x %s   %s\n", at, hex, shown);
    }
}

void packet_write(const struct packet *packet, struct outlet *out, size_t width)
{
    struct dissect_field fields[PACKET_FIELDS];
    struct dissect_tree tree = {.fields = fields, .limit = PACKET_FIELDS};
    struct dissect_options options = {.has_fcs = packet->has_fcs};
    dissect_tree(&tree, packet->bytes, packet->length_bytes, &options);
    outlet_print(out, "  %-*s\n", PACKET_PLACE_WIDTH, "bytes");
    for (size_t i = 0; i < tree.count; i++)
        write_field(&tree.fields[i], out, width);
    if (tree.is_cut)
        outlet_text(out, "  (there are more fields)\n");
    outlet_text(out, "\n");
    write_hex(packet, out);
    outlet_end_piece(out);
}

/* SPDX-License-Identifier: MIT
 * What our dissector says of every frame of a capture: a line for each field, for fields.py to compare.
 *
 *     frame <TAB> depth <TAB> name <TAB> first bit <TAB> bits <TAB> value
 *
 * usage: fields CAPTURE.pcapng (one of our own: little-endian, Ethernet with check sequences) */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/dissect/dissect.h"

#define FIELDS 2000
#define PACKET_BLOCK 6 /* draft-ietf-opsawg-pcapng, Enhanced Packet Block */
#define PACKET_HEAD 28 /* bytes before its packet */

static uint32_t word_at(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void show_frame(unsigned long number, const uint8_t *bytes, size_t length)
{
    static struct dissect_field fields[FIELDS];
    struct dissect_tree tree = {.fields = fields, .limit = FIELDS};
    struct dissect_options options = {.has_fcs = true};
    dissect_tree(&tree, bytes, length, &options);
    for (size_t i = 0; i < tree.count; i++)
        printf("%lu\t%d\t%s\t%u\t%u\t%s\n", number, fields[i].depth, fields[i].name,
               (unsigned)fields[i].bit_offset, (unsigned)fields[i].bit_length, fields[i].value);
}

static uint8_t *read_all(const char *file, size_t *ret_length)
{
    FILE *in = fopen(file, "rb");
    if (!in)
        return NULL;
    fseek(in, 0, SEEK_END);
    long length = ftell(in);
    rewind(in);
    uint8_t *bytes = length > 0 ? malloc((size_t)length) : NULL;
    *ret_length = bytes ? fread(bytes, 1, (size_t)length, in) : 0;
    fclose(in);
    return bytes;
}

int main(int count, char **words)
{
    size_t length = 0;
    unsigned long number = 0;
    uint8_t *bytes = count == 2 ? read_all(words[1], &length) : NULL;
    if (!bytes) {
        fprintf(stderr, "usage: fields CAPTURE.pcapng\n");
        return 2;
    }
    for (size_t at = 0; at + 12 <= length;) {
        uint32_t kind = word_at(bytes + at), total = word_at(bytes + at + 4);
        if (total < 12 || total > length - at)
            break;
        if (kind == PACKET_BLOCK && total >= PACKET_HEAD + word_at(bytes + at + 20))
            show_frame(++number, bytes + at + PACKET_HEAD, word_at(bytes + at + 20));
        at += total;
    }
    free(bytes);
    return 0;
}

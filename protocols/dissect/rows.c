/* SPDX-License-Identifier: MIT
 * Rows of the tree: from a table of fields, or one at a time. A full tree takes no more and says so. */
#include "protocols/dissect/parts.h"

#include "sim/base/bytes.h"

static uint32_t place_of(const struct dissect_view *view, uint32_t bit)
{
    return (uint32_t)((size_t)(view->bytes - view->frame) * 8) + bit;
}

/* An empty row at the end of the tree, or NULL when it is full. */
static struct dissect_field *new_field(struct dissect_tree *tree)
{
    if (tree->count >= tree->limit) {
        tree->is_cut = true;
        return NULL;
    }
    struct dissect_field *field = &tree->fields[tree->count++];
    *field = (struct dissect_field){0};
    return field;
}

static struct dissect_field *start_row(struct dissect_tree *tree, const struct dissect_view *view,
                                       const struct dissect_row *row)
{
    struct dissect_field *field = new_field(tree);
    if (field) {
        field->depth = (uint8_t)(view->depth + row->depth);
        field->name = row->name;
        field->label = row->label;
        field->bit_offset = place_of(view, row->bit);
        field->bit_length = row->bits;
    }
    return field;
}

uint32_t dissect_bits(const struct dissect_view *view, uint32_t bit, uint32_t bits)
{
    uint32_t value = 0;
    for (uint32_t i = bit; i < bit + bits; i++)
        value = value << 1 | (view->bytes[i / 8] >> (7 - i % 8) & 1u);
    return value;
}

static void show_plain(struct text *out, const struct dissect_row *row, uint32_t value)
{
    if (row->as == DISSECT_AS_FLAG)
        text_add(out, "%s", value ? "Set" : "Not set");
    else if (row->as == DISSECT_AS_HEX)
        text_add(out, "0x%0*x", (row->bits + 3) / 4, value);
    else
        text_add(out, "%u", value * (row->scale ? row->scale : 1u));
}

static void show_number(struct text *out, const struct dissect_view *view, const struct dissect_row *row)
{
    uint32_t value = dissect_bits(view, row->bit, row->bits);
    const char *word = row->word ? row->word(value) : NULL;
    if (word) {
        text_add(out, "%s (", word);
        show_plain(out, row, value);
        text_add(out, ")");
    } else {
        show_plain(out, row, value);
    }
}

static void show(struct text *out, const struct dissect_view *view, const struct dissect_row *row)
{
    const uint8_t *at = view->bytes + row->bit / 8;
    char address[MAC_TEXT_SIZE > IPV4_TEXT_SIZE ? MAC_TEXT_SIZE : IPV4_TEXT_SIZE];
    struct mac_address mac;
    switch (row->as) {
    case DISSECT_AS_MAC:
        memcpy(mac.bytes, at, MAC_BYTES);
        mac_format(mac, address);
        text_add(out, "%s", address);
        break;
    case DISSECT_AS_IPV4:
        text_add(out, "%s", dissect_ipv4_text((struct ipv4_address){bytes_u32(at)}, address));
        break;
    case DISSECT_AS_NUMBER:
    case DISSECT_AS_HEX:
    case DISSECT_AS_FLAG:
        show_number(out, view, row);
        break;
    }
}

void dissect_protocol(struct dissect_tree *tree, const struct dissect_view *view, const char *name,
                      const char *label, size_t length_bytes)
{
    struct dissect_field *field = new_field(tree);
    if (!field)
        return;
    field->depth = view->depth;
    field->name = name;
    field->label = label;
    field->bit_offset = place_of(view, 0);
    field->bit_length = (uint32_t)(length_bytes < view->length_bytes ? length_bytes : view->length_bytes) * 8;
}

bool dissect_rows(struct dissect_tree *tree, const struct dissect_view *view, const struct dissect_row *rows,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].bit + (size_t)rows[i].bits > view->length_bytes * 8) {
            dissect_malformed(tree, view, "the bytes end before the header does");
            return false;
        }
        struct dissect_field *field = start_row(tree, view, &rows[i]);
        if (!field)
            continue;
        struct text value = text_in(field->value, sizeof field->value);
        show(&value, view, &rows[i]);
    }
    return true;
}

void dissect_add(struct dissect_tree *tree, const struct dissect_view *view, const struct dissect_row *row,
                 const char *format, ...)
{
    struct dissect_field *field = start_row(tree, view, row);
    if (!field)
        return;
    struct text value = text_in(field->value, sizeof field->value);
    va_list arguments;
    va_start(arguments, format);
    text_add_list(&value, format, arguments);
    va_end(arguments);
}

void dissect_bytes(struct dissect_tree *tree, const struct dissect_view *view, const struct dissect_row *row,
                   size_t first_byte, size_t length_bytes)
{
    if (length_bytes == 0)
        return;
    struct dissect_field *field = start_row(tree, view, row);
    if (!field)
        return;
    field->bit_offset = place_of(view, (uint32_t)first_byte * 8);
    field->bit_length = (uint32_t)length_bytes * 8;
    size_t most = (sizeof field->value - 4) / 2; /* bytes that fit before "..." */
    struct text value = text_in(field->value, sizeof field->value);
    for (size_t i = 0; i < length_bytes && i < most; i++)
        text_add(&value, "%02x", view->bytes[first_byte + i]);
    if (length_bytes > most)
        text_add(&value, "...");
}

void dissect_data(struct dissect_tree *tree, const struct dissect_view *view)
{
    static const struct dissect_row data = {1, "data.data", "Data", 0, 0, DISSECT_AS_HEX, 0, NULL};
    if (view->length_bytes == 0)
        return;
    dissect_protocol(tree, view, "data", "Data", view->length_bytes);
    dissect_bytes(tree, view, &data, 0, view->length_bytes);
}

void dissect_malformed(struct dissect_tree *tree, const struct dissect_view *view, const char *what)
{
    static const struct dissect_row malformed = {
        1, "_ws.malformed", "Malformed packet", 0, 0, DISSECT_AS_NUMBER, 0, NULL};
    dissect_add(tree, view, &malformed, "%s", what);
}

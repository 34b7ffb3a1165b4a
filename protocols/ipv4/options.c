/* SPDX-License-Identifier: MIT
 * See options.h. */
#include "protocols/ipv4/options.h"

enum option { END = 0, NOTHING = 1, RECORD_ROUTE = 7, TIMESTAMP = 68, LOOSE_ROUTE = 131, STRICT_ROUTE = 137 };

/* The least pointer of an option that has one: behind what stands before the list. 0: it has none. */
static uint8_t least_pointer(uint8_t type)
{
    switch (type) {
    case RECORD_ROUTE:
    case LOOSE_ROUTE:
    case STRICT_ROUTE:
        return 4;
    case TIMESTAMP:
        return 5;
    default:
        return 0;
    }
}

enum ipv4_options ipv4_options_read(const struct ipv4_header *header, uint8_t *ret_pointer)
{
    const uint8_t *options = header->options;
    uint8_t at = 0, left = header->options_bytes;
    enum ipv4_options found = IPV4_OPTIONS_FINE;
    while (left > 0 && options[at] != END) {
        uint8_t type = options[at], least = least_pointer(type);
        uint8_t size = type == NOTHING ? 1 : left > 1 ? options[at + 1] : 0;
        bool has_bad_length = type != NOTHING && (size < 2 || size > left || (least && size < least - 1));
        if (has_bad_length || (least && options[at + 2] < least)) {
            *ret_pointer = (uint8_t)(IPV4_HEADER_MIN + at + (has_bad_length ? 1 : 2));
            return IPV4_OPTIONS_BAD;
        }
        if ((type == LOOSE_ROUTE || type == STRICT_ROUTE) && options[at + 2] <= size)
            found = IPV4_OPTIONS_ROUTED;
        at += size;
        left -= size;
    }
    return found;
}

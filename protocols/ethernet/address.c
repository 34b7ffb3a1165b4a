/* SPDX-License-Identifier: MIT
 * Ethernet addresses, read and written. IEEE 802.3 3.2.3. */
#include "protocols/ethernet/address.h"

#include "sim/base/text.h"

const struct mac_address mac_broadcast = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
const struct mac_address mac_none = {{0}};

bool mac_is_broadcast(struct mac_address a)
{
    return mac_is_equal(a, mac_broadcast);
}

bool mac_is_none(struct mac_address a)
{
    return mac_is_equal(a, mac_none);
}

uint64_t mac_to_number(struct mac_address a)
{
    uint64_t number = 0;
    for (int i = 0; i < MAC_BYTES; i++)
        number = number << 8 | a.bytes[i];
    return number;
}

struct mac_address mac_from_number(uint64_t number)
{
    struct mac_address a;
    for (int i = MAC_BYTES - 1; i >= 0; i--) {
        a.bytes[i] = (uint8_t)number;
        number >>= 8;
    }
    return a;
}

/* The value of one hexadecimal digit, or -1. */
static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool mac_parse(const char *text, struct mac_address *ret_address)
{
    struct mac_address a;
    for (int i = 0; i < MAC_BYTES; i++) {
        if (i > 0 && *text != ':' && *text != '-')
            return false;
        text += i > 0;
        int high = hex_digit(text[0]);
        int low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0)
            return false;
        a.bytes[i] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    if (*text != '\0')
        return false;
    *ret_address = a;
    return true;
}

void mac_format(struct mac_address a, char ret_text[MAC_TEXT_SIZE])
{
    struct text text = text_in(ret_text, MAC_TEXT_SIZE);
    for (int i = 0; i < MAC_BYTES; i++)
        text_add(&text, i > 0 ? ":%02x" : "%02x", a.bytes[i]);
}

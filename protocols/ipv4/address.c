/* SPDX-License-Identifier: MIT
 * IPv4 addresses and prefixes, read, written and compared. RFC 791 3.2, RFC 4632. */
#include "protocols/ipv4/address.h"

struct ipv4_address ipv4_prefix_network(struct ipv4_prefix prefix)
{
    return (struct ipv4_address){prefix.address.value & ipv4_mask(prefix.length)};
}

struct ipv4_address ipv4_prefix_broadcast(struct ipv4_prefix prefix)
{
    if (prefix.length >= 31) /* RFC 3021 2.1: two hosts, no broadcast */
        return IPV4_BROADCAST;
    return (struct ipv4_address){prefix.address.value | ~ipv4_mask(prefix.length)};
}

bool ipv4_prefix_has(struct ipv4_prefix prefix, struct ipv4_address address)
{
    return ipv4_same_subnet(prefix.address, address, prefix.length);
}

bool ipv4_same_subnet(struct ipv4_address a, struct ipv4_address b, uint8_t prefix_length)
{
    return ((a.value ^ b.value) & ipv4_mask(prefix_length)) == 0; /* RFC 1122 3.3.1.1 (b) */
}

struct mac_address ipv4_multicast_mac(struct ipv4_address group)
{
    return mac_from_number(UINT64_C(0x01005e000000) | (group.value & 0x7fffff)); /* RFC 1112 6.4 */
}

/* Reads decimal digits at `*at` up to `most` and moves behind them. False: `why` says what is wrong. */
static bool read_decimal(const char **at, unsigned most, const char *whole, unsigned *ret_number,
                         struct text *why)
{
    const char *start = *at;
    unsigned number = 0;
    while (**at >= '0' && **at <= '9') {
        number = number > 99999 ? number : number * 10 + (unsigned)(**at - '0');
        (*at)++;
    }
    int digits = (int)(*at - start);
    if (digits == 0 && *start != '\0')
        text_add(why, "'%.60s': a number is missing before '%.20s'", whole, start);
    else if (digits == 0)
        text_add(why, "'%.60s': a number is missing at the end", whole);
    else if (number > most)
        text_add(why, "'%.60s': %.*s is more than %u", whole, digits > 20 ? 20 : digits, start, most);
    else if (digits > 1 && *start == '0')
        text_add(why, "'%.60s': write %u, not %.*s", whole, number, digits > 20 ? 20 : digits, start);
    else {
        *ret_number = number;
        return true;
    }
    return false;
}

/* Reads four parts with dots between them. `whole` is the text for the sentence. */
static bool read_address(const char **at, const char *whole, struct ipv4_address *ret_address,
                         struct text *why)
{
    uint32_t value = 0;
    for (int part = 0; part < 4; part++) {
        unsigned number;
        if (part > 0 && **at != '.') {
            text_add(why, "'%.60s': an address has four numbers with dots between, this has %d", whole, part);
            return false;
        }
        *at += part > 0;
        if (!read_decimal(at, 255, whole, &number, why))
            return false;
        value = value << 8 | number;
    }
    ret_address->value = value;
    return true;
}

bool ipv4_parse(const char *text, struct ipv4_address *ret_address, struct text *why)
{
    char nowhere[1];
    struct text unsaid = text_in(nowhere, sizeof nowhere);
    struct text *say = why ? why : &unsaid;
    struct ipv4_address address;
    const char *at = text;
    if (!read_address(&at, text, &address, say))
        return false;
    if (*at != '\0') {
        text_add(say, "'%.60s': '%.20s' does not belong to an address", text, at);
        return false;
    }
    *ret_address = address;
    return true;
}

bool ipv4_prefix_parse(const char *text, struct ipv4_prefix *ret_prefix, struct text *why)
{
    char nowhere[1];
    struct text unsaid = text_in(nowhere, sizeof nowhere);
    struct text *say = why ? why : &unsaid;
    struct ipv4_address address;
    const char *at = text;
    unsigned length;
    if (!read_address(&at, text, &address, say))
        return false;
    if (*at != '\0' && *at != '/') {
        text_add(say, "'%.60s': '%.20s' does not belong to an address", text, at);
        return false;
    }
    if (*at == '\0') {
        text_add(say, "'%.60s': the length of the network part is missing, as in '%.40s/24'", text, text);
        return false;
    }
    at++;
    if (!read_decimal(&at, 32, text, &length, say))
        return false;
    if (*at != '\0') {
        text_add(say, "'%.60s': '%.20s' does not belong to a prefix", text, at);
        return false;
    }
    *ret_prefix = (struct ipv4_prefix){address, (uint8_t)length};
    return true;
}

void ipv4_format(struct ipv4_address a, char ret_text[IPV4_TEXT_SIZE])
{
    struct text text = text_in(ret_text, IPV4_TEXT_SIZE);
    text_add(&text, "%u.%u.%u.%u", a.value >> 24, a.value >> 16 & 255, a.value >> 8 & 255, a.value & 255);
}

void ipv4_prefix_format(struct ipv4_prefix prefix, char ret_text[IPV4_PREFIX_TEXT_SIZE])
{
    char address[IPV4_TEXT_SIZE];
    struct text text = text_in(ret_text, IPV4_PREFIX_TEXT_SIZE);
    ipv4_format(prefix.address, address);
    text_add(&text, "%s/%u", address, prefix.length);
}

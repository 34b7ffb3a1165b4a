/* SPDX-License-Identifier: MIT
 * See forwarding.h. */
#include "protocols/nat/forwarding.h"

#include <string.h>

#define EXAMPLE "8080 -> 10.0.0.2:80/tcp"

/* A port number at `*at`, which moves behind it. */
static bool read_port(const char **at, uint16_t *ret_port, struct text *why)
{
    uint32_t number = 0;
    const char *start = *at;
    for (; **at >= '0' && **at <= '9' && number <= 65535; (*at)++)
        number = number * 10 + (uint32_t)(**at - '0');
    if (*at == start) {
        text_add(why, "expected a port forwarding such as \"%s\", found no port at \"%.40s\"", EXAMPLE,
                 start);
        return false;
    }
    if (number == 0 || number > 65535) {
        text_add(why, "%.*s is no port; ports are 1 to 65535", (int)(*at - start), start);
        return false;
    }
    *ret_port = (uint16_t)number;
    return true;
}

static bool read_address(const char **at, struct ipv4_address *ret_address, struct text *why)
{
    char address[IPV4_TEXT_SIZE];
    size_t length = strcspn(*at, ":/ ");
    if ((*at)[length] != ':' || length >= sizeof address) {
        text_add(why, "expected an address and a port such as 10.0.0.2:80, found \"%.40s\"", *at);
        return false;
    }
    memcpy(address, *at, length);
    address[length] = '\0';
    *at += length + 1;
    return ipv4_parse(address, ret_address, why);
}

static bool read_protocol(const char *at, uint8_t *ret_protocol, struct text *why)
{
    static const char *const words[] = {"/tcp", "/udp", NULL};
    if (strcmp(at, "/tcp") == 0)
        *ret_protocol = IPV4_PROTOCOL_TCP;
    else if (strcmp(at, "/udp") == 0)
        *ret_protocol = IPV4_PROTOCOL_UDP;
    else {
        const char *nearest = text_nearest(at, words);
        text_add(why, "expected /tcp or /udp at the end, found \"%.40s\"", at);
        if (nearest)
            text_add(why, "; did you mean \"%s\"?", nearest);
        return false;
    }
    return true;
}

bool nat_forwarding_parse(const char *text, struct nat_forwarding *ret_forwarding, struct text *why)
{
    struct nat_forwarding forwarding;
    const char *at = text;
    if (!read_port(&at, &forwarding.outside_port, why))
        return false;
    at += strspn(at, " ");
    if (strncmp(at, "->", 2) != 0) {
        text_add(why, "expected -> behind the port as in \"%s\", found \"%.40s\"", EXAMPLE, at);
        return false;
    }
    at += 2 + strspn(at + 2, " ");
    if (!read_address(&at, &forwarding.inside.address, why) ||
        !read_port(&at, &forwarding.inside.port, why) || !read_protocol(at, &forwarding.protocol, why))
        return false;
    *ret_forwarding = forwarding;
    return true;
}

/* SPDX-License-Identifier: MIT
 * See follow.h. Only what the ends are is read here; what a frame says is the dissector's. */
#include "views/pictures/follow.h"

#include <stdio.h>
#include <string.h>

#define ETHERNET 14
#define IPV4_LEAST 20
#define ICMP_LEAST 8
#define FRAMES_MOST 100000 /* that are searched for what became of one */
#define ROUNDS 3           /* translations behind each other */

static uint64_t number_at(const uint8_t *bytes, unsigned count)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < count; i++)
        number = number << 8 | bytes[i];
    return number;
}

static struct follow_key ordered(enum follow_kind kind, uint8_t protocol, uint64_t one, uint64_t other)
{
    return (struct follow_key){kind, protocol, one < other ? one : other, one < other ? other : one};
}

static bool is_error(uint8_t type)
{
    return type == 3 || type == 4 || type == 5 || type == 11 || type == 12; /* RFC 1122 section 3.2.2 */
}

/* Of an IPv4 datagram; of what an ICMP error quotes, once. */
static struct follow_key key_of_ipv4(const uint8_t *bytes, size_t length, bool may_quote)
{
    struct follow_key none = {FOLLOW_NOTHING, 0, 0, 0};
    size_t header = length >= IPV4_LEAST ? (size_t)(bytes[0] & 15) * 4 : 0;
    if (header < IPV4_LEAST || length < header)
        return none;
    uint8_t protocol = bytes[9];
    uint64_t source = number_at(bytes + 12, 4) << 16, target = number_at(bytes + 16, 4) << 16;
    bool is_first = !(bytes[6] & 0x1f) && !bytes[7];
    if (may_quote && protocol == 1 && is_first && length >= header + ICMP_LEAST && is_error(bytes[header])) {
        struct follow_key quoted =
            key_of_ipv4(bytes + header + ICMP_LEAST, length - header - ICMP_LEAST, false);
        if (quoted.kind != FOLLOW_NOTHING)
            return quoted;
    }
    if (is_first && (protocol == 6 || protocol == 17) && length >= header + 4)
        return ordered(FOLLOW_PORTS, protocol, source | number_at(bytes + header, 2),
                       target | number_at(bytes + header + 2, 2));
    return ordered(FOLLOW_IP, protocol, source, target);
}

struct follow_key follow_key_of(const uint8_t *bytes, size_t length)
{
    if (length < ETHERNET)
        return (struct follow_key){FOLLOW_NOTHING, 0, 0, 0};
    unsigned type = (unsigned)number_at(bytes + 12, 2);
    if (type == 0x0800) {
        struct follow_key key = key_of_ipv4(bytes + ETHERNET, length - ETHERNET, true);
        if (key.kind != FOLLOW_NOTHING)
            return key;
    }
    if (type == 0x0806 && length >= ETHERNET + 28)
        return ordered(FOLLOW_ARP, 0, number_at(bytes + ETHERNET + 14, 4) << 16,
                       number_at(bytes + ETHERNET + 24, 4) << 16);
    return ordered(FOLLOW_ETHERNET, 0, number_at(bytes, 6), number_at(bytes + 6, 6));
}

static bool has_key(const struct follow *follow, const struct follow_key *key)
{
    for (unsigned i = 0; i < follow->count; i++) {
        const struct follow_key *known = &follow->keys[i];
        if (known->kind == key->kind && known->protocol == key->protocol && known->low == key->low &&
            known->high == key->high)
            return true;
    }
    return false;
}

bool follow_has(const struct follow *follow, const uint8_t *bytes, size_t length)
{
    struct follow_key key = follow_key_of(bytes, length);
    return has_key(follow, &key);
}

/* One of two frames that are the same thing belongs to it: so does the other. True: something was added. */
static bool join(struct follow *follow, const struct follow_key *one, const struct follow_key *other)
{
    bool has_one = has_key(follow, one), has_other = has_key(follow, other);
    if (has_one == has_other || follow->count == FOLLOW_KEYS)
        return false;
    follow->keys[follow->count++] = has_one ? *other : *one;
    return true;
}

static bool spread(struct follow *follow, struct session *session)
{
    bool has_grown = false;
    uint64_t last = session_frames(session);
    for (uint64_t id = last > FRAMES_MOST ? last - FRAMES_MOST : 1; id <= last; id++) {
        struct session_frame frame, parent;
        if (!session_frame(session, id, &frame) || !frame.parent)
            continue;
        struct follow_key key = follow_key_of(frame.bytes, frame.length_bytes);
        if (!session_frame(session, frame.parent, &parent))
            continue;
        struct follow_key before = follow_key_of(parent.bytes, parent.length_bytes);
        has_grown = join(follow, &key, &before) || has_grown;
    }
    return has_grown;
}

static void show_end(const struct follow_key *key, uint64_t end, char *ret_text, size_t size)
{
    unsigned port = (unsigned)(end & 0xffff), address = (unsigned)(end >> 16);
    if (key->kind == FOLLOW_ETHERNET)
        snprintf(ret_text, size, "%02x:%02x:%02x:%02x:%02x:%02x", (unsigned)(end >> 40 & 255),
                 (unsigned)(end >> 32 & 255), (unsigned)(end >> 24 & 255), (unsigned)(end >> 16 & 255),
                 (unsigned)(end >> 8 & 255), (unsigned)(end & 255));
    else if (key->kind == FOLLOW_PORTS)
        snprintf(ret_text, size, "%u.%u.%u.%u:%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
                 address & 255, port);
    else
        snprintf(ret_text, size, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
                 address & 255);
}

void follow_show_end(const struct follow_key *key, char *ret_text, size_t size)
{
    ret_text[0] = '\0';
    if (key->kind == FOLLOW_PORTS && key->protocol == 6)
        show_end(key, (key->low & 0xffff) > (key->high & 0xffff) ? key->low : key->high, ret_text, size);
}

bool follow_begin(struct follow *follow, struct session *session, uint64_t frame)
{
    struct session_frame found;
    char low[32], high[32];
    *follow = (struct follow){.count = 0};
    if (!session_frame(session, frame, &found))
        return false;
    struct follow_key key = follow_key_of(found.bytes, found.length_bytes);
    if (key.kind == FOLLOW_NOTHING)
        return false;
    follow->keys[follow->count++] = key;
    show_end(&key, key.low, low, sizeof low);
    show_end(&key, key.high, high, sizeof high);
    snprintf(follow->name, sizeof follow->name, "%s and %s", low, high);
    follow_show_end(&key, follow->end, sizeof follow->end);
    for (unsigned i = 0; i < ROUNDS && spread(follow, session); i++)
        ;
    return true;
}

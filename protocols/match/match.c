/* SPDX-License-Identifier: MIT
 * Reading the words for a frame, and recognising it. See match.h. */
#include "protocols/match/match.h"

#include <ctype.h>
#include <string.h>

#include "protocols/arp/codec.h"
#include "protocols/icmp/codec.h"
#include "protocols/match/layers.h"

#define NUMBER_MOST UINT64_C(1000000000000)
#define TCP_HEADER_MIN 20
enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

/* ---- What a frame is ---- */

static bool is_any(const struct layers *layers, const uint8_t *frame, uint32_t wanted)
{
    return layers->network != NULL;
}

static bool is_broadcast(const struct layers *layers, const uint8_t *frame, uint32_t wanted)
{
    static const uint8_t all[MAC_BYTES] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    return layers->network && memcmp(frame, all, MAC_BYTES) == 0;
}

/* `wanted`: an operation, or 0 for any. */
static bool is_arp(const struct layers *layers, const uint8_t *frame, uint32_t wanted)
{
    struct arp_packet packet;
    return layers->type == ETHERNET_TYPE_ARP &&
           arp_parse(layers->network, layers->network_bytes, &packet) == ARP_OK &&
           (!wanted || packet.operation == wanted);
}

static bool is_ipv4(const struct layers *layers, const uint8_t *frame, uint32_t wanted)
{
    return layers->is_ipv4;
}

#define ANY_ICMP 256

static bool is_icmp(const struct layers *layers, const uint8_t *frame, uint32_t wanted)
{
    return layers->transport && layers->ipv4.protocol == IPV4_PROTOCOL_ICMP &&
           layers->transport_bytes >= ICMP_HEADER && (wanted == ANY_ICMP || layers->transport[0] == wanted);
}

static bool is_udp(const struct layers *layers, const uint8_t *frame, uint32_t wanted)
{
    return layers->transport && layers->ipv4.protocol == IPV4_PROTOCOL_UDP && layers->transport_bytes >= 8;
}

/* What TCP segments are told apart by: RFC 9293 section 3.1. */
enum tcp_wanted { TCP_ANY, TCP_DATA, TCP_PURE_ACK, TCP_ONLY_SYN, TCP_SYN_ACK, TCP_HAS_FIN, TCP_HAS_RST };

static bool is_tcp(const struct layers *layers, const uint8_t *frame, uint32_t wanted)
{
    if (!layers->transport || layers->ipv4.protocol != IPV4_PROTOCOL_TCP ||
        layers->transport_bytes < TCP_HEADER_MIN)
        return false;
    size_t header_bytes = (layers->transport[12] >> 4) * 4u; /* data offset, RFC 9293 section 3.1 */
    if (header_bytes < TCP_HEADER_MIN || header_bytes > layers->transport_bytes)
        return false;
    uint8_t flags = layers->transport[13];
    bool has_data = layers->transport_bytes > header_bytes;
    switch ((enum tcp_wanted)wanted) {
    case TCP_DATA:
        return has_data;
    case TCP_PURE_ACK:
        return !has_data && (flags & (TCP_ACK | TCP_SYN | TCP_FIN | TCP_RST)) == TCP_ACK;
    case TCP_ONLY_SYN:
        return (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    case TCP_SYN_ACK:
        return (flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
    case TCP_HAS_FIN:
        return flags & TCP_FIN;
    case TCP_HAS_RST:
        return flags & TCP_RST;
    default:
        return true;
    }
}

static const struct {
    const char *words;
    bool (*is)(const struct layers *layers, const uint8_t *frame, uint32_t wanted);
    uint32_t wanted;
} classes[] = {{"frame", is_any, 0},
               {"broadcast frame", is_broadcast, 0},
               {"arp request", is_arp, ARP_REQUEST},
               {"arp reply", is_arp, ARP_REPLY},
               {"arp packet", is_arp, 0},
               {"ip packet", is_ipv4, 0},
               {"icmp echo request", is_icmp, ICMP_ECHO_REQUEST},
               {"icmp echo reply", is_icmp, ICMP_ECHO_REPLY},
               {"icmp message", is_icmp, ANY_ICMP},
               {"udp datagram", is_udp, 0},
               {"tcp segment", is_tcp, TCP_ANY},
               {"tcp data segment", is_tcp, TCP_DATA},
               {"tcp ack", is_tcp, TCP_PURE_ACK},
               {"tcp syn", is_tcp, TCP_ONLY_SYN},
               {"tcp syn-ack", is_tcp, TCP_SYN_ACK},
               {"tcp fin", is_tcp, TCP_HAS_FIN},
               {"tcp rst", is_tcp, TCP_HAS_RST}};

#define CLASS_COUNT (sizeof classes / sizeof *classes)

bool match_is_of_class(const struct match *match, const uint8_t *bytes, size_t length_bytes)
{
    struct layers layers;
    layers_of(bytes, length_bytes, &layers);
    return classes[match->class].is(&layers, bytes, classes[match->class].wanted);
}

/* ---- The words ---- */

/* Does `text` begin with the words of a class? Then what follows them, else NULL. */
static const char *behind_words(const char *text, const char *words)
{
    size_t length = strlen(words);
    if (strncmp(text, words, length) != 0 || (text[length] != ' ' && text[length] != '\0'))
        return NULL;
    return text + length;
}

/* The class whose words `text` begins with; the longest, since "tcp syn" is in none of the others. */
static bool find_class(const char *text, uint32_t *ret_class, const char **ret_rest)
{
    size_t longest = 0;
    for (uint32_t i = 0; i < CLASS_COUNT; i++) {
        const char *rest = behind_words(text, classes[i].words);
        if (rest && (size_t)(rest - text) > longest) {
            longest = (size_t)(rest - text);
            *ret_class = i;
            *ret_rest = rest;
        }
    }
    return longest > 0;
}

static bool read_number(const char *text, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (!isdigit((unsigned char)*text))
        return false;
    for (; isdigit((unsigned char)*text) && number <= NUMBER_MOST; text++)
        number = number * 10 + (uint64_t)(*text - '0');
    *ret_number = number;
    return !*text && number >= 1 && number <= NUMBER_MOST;
}

/* What could have been meant: all classes that begin with the same word as `text`, else all first words. */
static void add_classes(struct text *why, const char *text)
{
    size_t first = strcspn(text, " ");
    bool is_known = false;
    for (size_t i = 0; i < CLASS_COUNT && first; i++) {
        if (strncmp(classes[i].words, text, first) != 0 || classes[i].words[first] != ' ')
            continue;
        text_add(why, "%s%s", is_known ? ", " : "there are ", classes[i].words);
        is_known = true;
    }
    if (!is_known)
        text_add(why, "it begins with frame, broadcast, arp, ip, icmp, udp or tcp, as in \"arp request 1\"");
}

bool match_parse(const char *text, struct match *ret_match, struct text *why)
{
    struct match match;
    const char *rest;
    if (!find_class(text, &match.class, &rest)) {
        text_add(why, "\"%.40s\" names no frame; ", text);
        add_classes(why, text);
        return false;
    }
    if (!*rest) {
        text_add(why, "which one? Write \"%s 1\" for the first", classes[match.class].words);
        return false;
    }
    if (!read_number(rest + 1, &match.number)) {
        text_add(why, "after \"%s\" comes a number from 1, found \"%.40s\"", classes[match.class].words,
                 rest + 1);
        return false;
    }
    *ret_match = match;
    return true;
}

/* SPDX-License-Identifier: MIT
 * See codec.h. */
#include "protocols/rip/codec.h"

#include <assert.h>

#include "sim/base/bytes.h"

const char *const rip_reason_words[] = {"nothing is wrong with it",
                                        "its length is not that of a RIP message",
                                        "it is not of version 2",
                                        "it is neither a request nor a response",
                                        "it carries a password and we know of none",
                                        "we sent it ourselves",
                                        "a response must come from port 520",
                                        "its sender is no neighbour on that link",
                                        "an entry is not about IPv4",
                                        "an entry names what can be no destination",
                                        "an entry has a mask that does not fit its address",
                                        "an entry has a metric outside 1..16",
                                        NULL};

/* ---- Reading ---- */

static struct rip_rte read_rte(struct reader *reader)
{
    struct rip_rte rte = {.family = read_u16(reader)};
    rte.tag = read_u16(reader);
    rte.address.value = read_u32(reader);
    rte.mask = read_u32(reader);
    rte.next_hop.value = read_u32(reader);
    rte.metric = read_u32(reader);
    return rte;
}

enum rip_reason rip_parse(const uint8_t *bytes, size_t length_bytes, struct rip_message *ret_message)
{
    struct reader reader = reader_over(bytes, length_bytes);
    struct rip_message message = {.command = read_u8(&reader), .version = read_u8(&reader)};
    read_u16(&reader); /* "must be zero"; RFC 2453 3.9: a later version may use it, so it is not looked at */
    bool is_whole = !reader.has_failed && reader_left(&reader) % RIP_RTE == 0;
    if (!is_whole || length_bytes > RIP_MOST) /* RFC 2453 3.6: 1 to 25 entries */
        return RIP_BAD_LENGTH;
    if (message.version < RIP_VERSION) /* later ones are read as version 2 */
        return RIP_BAD_VERSION;
    if (message.command != RIP_REQUEST && message.command != RIP_RESPONSE)
        return RIP_BAD_COMMAND;
    while (reader_left(&reader) > 0)
        message.rtes[message.count++] = read_rte(&reader);
    if (message.count > 0 && message.rtes[0].family == RIP_FAMILY_AUTH)
        return RIP_AUTHENTICATED; /* RFC 2453 4.1: without a password of its own a router discards these */
    *ret_message = message;
    return RIP_OK;
}

/* Ones, then zeros: 255.255.254.0. */
static bool is_contiguous(uint32_t mask)
{
    uint32_t zeros = ~mask;
    return (zeros & (zeros + 1)) == 0;
}

static uint8_t length_of(uint32_t mask)
{
    uint8_t length = 0;
    while (length < 32 && mask >> (31 - length) & 1)
        length++;
    return length;
}

/* RFC 2453 3.9.2: "is the destination address valid; unicast; not net 0 or 127". The default route is. */
static bool is_destination(struct ipv4_address address, uint32_t mask)
{
    if (ipv4_is_any(address) && mask == 0)
        return true; /* RFC 2453 3.7 */
    return !ipv4_is_this_network(address) && !ipv4_is_loopback(address) && !ipv4_is_multicast(address) &&
           !ipv4_is_reserved(address) && !ipv4_is_limited_broadcast(address);
}

enum rip_reason rip_rte_check(const struct rip_rte *rte, struct ipv4_prefix *ret_prefix)
{
    if (rte->family != RIP_FAMILY_IPV4)
        return RIP_BAD_FAMILY;
    if (!is_destination(rte->address, rte->mask))
        return RIP_BAD_ADDRESS;
    /* Simplified: a mask of 0 beside an address means "guess it from the class" (RFC 2453 4.3); nobody does.
     */
    bool is_missing = rte->mask == 0 && !ipv4_is_any(rte->address);
    if (is_missing || !is_contiguous(rte->mask) || rte->address.value & ~rte->mask)
        return RIP_BAD_MASK;
    if (rte->metric < 1 || rte->metric > RIP_INFINITY)
        return RIP_BAD_METRIC;
    *ret_prefix = (struct ipv4_prefix){rte->address, length_of(rte->mask)};
    return RIP_OK;
}

bool rip_asks_for_all(const struct rip_message *request)
{
    return request->command == RIP_REQUEST && request->count == 1 &&
           request->rtes[0].family == RIP_FAMILY_NONE && request->rtes[0].metric == RIP_INFINITY;
}

/* ---- Writing ---- */

static void write_rte(struct writer *writer, const struct rip_rte *rte)
{
    write_u16(writer, rte->family);
    write_u16(writer, rte->tag);
    write_u32(writer, rte->address.value);
    write_u32(writer, rte->mask);
    write_u32(writer, rte->next_hop.value);
    write_u32(writer, rte->metric);
}

void rip_emit(const struct rip_message *message, uint8_t *ret_bytes)
{
    assert(message->count <= RIP_RTES);
    struct writer writer = writer_over(ret_bytes, rip_bytes(message->count));
    write_u8(&writer, message->command);
    write_u8(&writer, message->version);
    write_u16(&writer, 0); /* RFC 2453 4: must be zero */
    for (uint8_t i = 0; i < message->count; i++)
        write_rte(&writer, &message->rtes[i]);
    assert(!writer.has_failed);
}

struct rip_rte rip_rte_of(struct ipv4_prefix prefix, uint32_t metric, uint16_t tag)
{
    return (struct rip_rte){.family = RIP_FAMILY_IPV4,
                            .tag = tag,
                            .address = ipv4_prefix_network(prefix),
                            .mask = ipv4_mask(prefix.length),
                            .metric = metric};
}

struct rip_message rip_request_for_all(void)
{
    return (struct rip_message){.command = RIP_REQUEST,
                                .version = RIP_VERSION,
                                .count = 1,
                                .rtes = {{.family = RIP_FAMILY_NONE, .metric = RIP_INFINITY}}};
}

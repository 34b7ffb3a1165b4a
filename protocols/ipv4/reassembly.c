/* SPDX-License-Identifier: MIT
 * See reassembly.h. */
#include "protocols/ipv4/reassembly.h"

#include <string.h>

#include "protocols/icmp/codec.h"

#define DATAGRAM_MOST 65535
#define QUOTE_MOST (IPV4_HEADER_MAX + 8) /* of the first piece, for the complaint */
#define ROOM_LEAST 2048

/* A stretch of the payload that has come. */
struct reassembly_part {
    uint32_t from, to; /* bytes, `to` exclusive */
    struct reassembly_part *next;
};

struct reassembly_entry {
    struct reassembly *reassembly;
    struct ipv4_address source, destination;
    uint16_t id;
    uint8_t protocol;
    uint8_t *payload;              /* owned */
    uint32_t room_bytes;           /* of it */
    uint32_t total_bytes;          /* of the payload, once the last piece is there; 0: not yet known */
    struct reassembly_part *parts; /* sorted; touching ones are joined */
    bool has_first;
    struct ipv4_arrival about; /* the first piece, for a complaint */
    uint8_t quote[QUOTE_MOST]; /* its header and first octets */
    uint32_t quote_bytes;
    struct reassembly_entry *next;
    struct env_timer timer;
};

void reassembly_init(struct reassembly *reassembly, struct ipv4 *ip)
{
    *reassembly = (struct reassembly){.ip = ip};
}

static void entry_free(struct reassembly *reassembly, struct reassembly_entry *entry)
{
    struct env *env = reassembly->ip->env;
    struct reassembly_entry **link = &reassembly->first;
    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    reassembly->last = reassembly->first;
    while (reassembly->last && reassembly->last->next)
        reassembly->last = reassembly->last->next;
    env_disarm(env, &entry->timer);
    for (struct reassembly_part *part = entry->parts, *next; part; part = next) {
        next = part->next;
        env_free(env, part);
    }
    reassembly->bytes -= entry->room_bytes;
    reassembly->count--;
    env_free(env, entry->payload);
    env_free(env, entry);
}

void reassembly_release(struct reassembly *reassembly)
{
    while (reassembly->first)
        entry_free(reassembly, reassembly->first);
}

/* Time is up. RFC 1122 3.3.2: if the first piece came, its sender is told. */
static void entry_expired(struct env_timer *timer)
{
    struct reassembly_entry *entry = ENV_OWNER(timer, struct reassembly_entry, timer);
    struct reassembly *reassembly = entry->reassembly;
    struct ipv4 *ip = reassembly->ip;
    reassembly->timed_out++;
    env_because(ip->env, env_tell(ip->env, &ipv4_kinds[IPV4_REASSEMBLY_FAILED], 0, entry->source.value,
                                  entry->destination.value, entry->id, IPV4_REASSEMBLY_TIMEOUT));
    if (entry->has_first && ip->complain) {
        struct ipv4_arrival about = entry->about;
        about.packet = (struct packet){entry->quote, entry->quote_bytes, about.packet.frame};
        about.payload = packet_behind(about.packet, about.header.header_bytes);
        ip->complain(ip, &about, ICMP_TIME_EXCEEDED, ICMP_REASSEMBLY_EXCEEDED, 0);
    }
    entry_free(reassembly, entry);
}

static struct reassembly_entry *entry_find(struct reassembly *reassembly, const struct ipv4_header *header)
{
    struct reassembly_entry *entry = reassembly->first;
    while (entry && !(entry->id == header->id && entry->protocol == header->protocol &&
                      ipv4_is_equal(entry->source, header->source) &&
                      ipv4_is_equal(entry->destination, header->destination)))
        entry = entry->next;
    return entry;
}

static struct reassembly_entry *entry_new(struct reassembly *reassembly, const struct ipv4_header *header)
{
    struct env *env = reassembly->ip->env;
    struct reassembly_entry *entry = env_new(env, sizeof *entry);
    entry->reassembly = reassembly;
    entry->source = header->source;
    entry->destination = header->destination;
    entry->id = header->id;
    entry->protocol = header->protocol;
    env_timer_init(&entry->timer, entry_expired);
    env_arm(env, &entry->timer, env_now(env) + REASSEMBLY_TIMEOUT);
    if (reassembly->last)
        reassembly->last->next = entry;
    else
        reassembly->first = entry;
    reassembly->last = entry;
    reassembly->count++;
    return entry;
}

static void entry_make_room(struct reassembly_entry *entry, uint32_t bytes)
{
    struct reassembly *reassembly = entry->reassembly;
    struct env *env = reassembly->ip->env;
    if (bytes <= entry->room_bytes)
        return;
    uint32_t room = entry->room_bytes ? entry->room_bytes : ROOM_LEAST;
    while (room < bytes)
        room *= 2;
    uint8_t *payload = env_new(env, room);
    if (entry->payload)
        memcpy(payload, entry->payload, entry->room_bytes);
    env_free(env, entry->payload);
    entry->payload = payload;
    reassembly->bytes += room - entry->room_bytes;
    entry->room_bytes = room;
}

enum overlap { OVERLAP_NONE, OVERLAP_REPEATED, OVERLAP_BAD };

static enum overlap overlap_of(const struct reassembly_entry *entry, uint32_t from, uint32_t to,
                               const uint8_t *bytes)
{
    for (const struct reassembly_part *part = entry->parts; part; part = part->next) {
        if (part->to <= from || part->from >= to)
            continue;
        bool is_inside = part->from <= from && to <= part->to;
        return is_inside && memcmp(entry->payload + from, bytes, to - from) == 0 ? OVERLAP_REPEATED
                                                                                 : OVERLAP_BAD;
    }
    return OVERLAP_NONE;
}

/* Notes that [from, to) is there, joining what touches. */
static void entry_note(struct reassembly_entry *entry, uint32_t from, uint32_t to)
{
    struct env *env = entry->reassembly->ip->env;
    struct reassembly_part **link = &entry->parts;
    while (*link && (*link)->to < from)
        link = &(*link)->next;
    struct reassembly_part *part = *link;
    if (part && part->to == from) {
        part->to = to;
    } else if (part && part->from == to) {
        part->from = from;
    } else {
        struct reassembly_part *made = env_new(env, sizeof *made);
        *made = (struct reassembly_part){from, to, part};
        *link = made;
        return;
    }
    struct reassembly_part *after = part->next;
    if (after && after->from == part->to) {
        part->to = after->to;
        part->next = after->next;
        env_free(env, after);
    }
}

static bool entry_is_whole(const struct reassembly_entry *entry)
{
    const struct reassembly_part *part = entry->parts;
    return entry->total_bytes && entry->has_first && part->from == 0 && part->to == entry->total_bytes;
}

static void entry_remember_first(struct reassembly_entry *entry, const struct ipv4_arrival *piece)
{
    entry->has_first = true;
    entry->about = *piece;
    entry->quote_bytes =
        piece->packet.length_bytes < QUOTE_MOST ? (uint32_t)piece->packet.length_bytes : QUOTE_MOST;
    memcpy(entry->quote, piece->packet.bytes, entry->quote_bytes);
    entry->about.header.options = entry->about.header.options_bytes ? entry->quote + IPV4_HEADER_MIN : NULL;
}

/* The whole, with the header of the first piece. RFC 791 3.2, step (16). */
static struct packet_out entry_whole(struct reassembly_entry *entry)
{
    struct ipv4 *ip = entry->reassembly->ip;
    struct ipv4_header header = entry->about.header;
    struct packet_out whole = packet_make(ip->packets, PACKET_IPV4_HEADROOM, entry->total_bytes);
    memcpy(whole.bytes, entry->payload, entry->total_bytes);
    header.total_bytes = (uint16_t)(header.header_bytes + entry->total_bytes);
    header.more_fragments = false;
    header.fragment_bytes = 0;
    ipv4_header_emit(&header, packet_prepend(&whole, header.header_bytes));
    return whole;
}

static void make_space(struct reassembly *reassembly, const struct reassembly_entry *kept)
{
    while (reassembly->bytes > REASSEMBLY_BYTES_MOST && reassembly->first != kept) {
        struct reassembly_entry *oldest = reassembly->first;
        reassembly->evicted++;
        env_tell(reassembly->ip->env, &ipv4_kinds[IPV4_REASSEMBLY_FAILED], 0, oldest->source.value,
                 oldest->destination.value, oldest->id, IPV4_REASSEMBLY_NO_ROOM);
        entry_free(reassembly, oldest);
    }
}

/* A piece that contradicts what is there, or makes it too long, ends the whole datagram. */
static enum ipv4_reason reject(struct reassembly_entry *entry, enum ipv4_reassembly_end why)
{
    struct reassembly *reassembly = entry->reassembly;
    reassembly->overlapped += why == IPV4_REASSEMBLY_OVERLAP;
    env_tell(reassembly->ip->env, &ipv4_kinds[IPV4_REASSEMBLY_FAILED], 0, entry->source.value,
             entry->destination.value, entry->id, why);
    entry_free(reassembly, entry);
    return IPV4_BAD_FRAGMENT;
}

bool reassembly_add(struct reassembly *reassembly, const struct ipv4_arrival *piece,
                    struct packet_out *ret_whole, enum ipv4_reason *ret_reason)
{
    const struct ipv4_header *header = &piece->header;
    uint32_t from = header->fragment_bytes, to = from + (uint32_t)piece->payload.length_bytes;
    *ret_reason = IPV4_BAD_FRAGMENT;
    if (to == from || to + header->header_bytes > DATAGRAM_MOST ||
        (header->more_fragments && (to - from) % 8))
        return false; /* RFC 791 2.3; nothing may grow beyond 65 535 octets */
    struct reassembly_entry *entry = entry_find(reassembly, header);
    if (!entry)
        entry = entry_new(reassembly, header);
    bool is_beyond = entry->total_bytes &&
                     (to > entry->total_bytes || (!header->more_fragments && to != entry->total_bytes));
    enum overlap overlap = overlap_of(entry, from, to, piece->payload.bytes);
    if (overlap == OVERLAP_BAD || is_beyond) {
        *ret_reason = reject(entry, IPV4_REASSEMBLY_OVERLAP);
        return false;
    }
    *ret_reason = IPV4_OK;
    if (overlap == OVERLAP_REPEATED)
        return false;
    entry_make_room(entry, to);
    memcpy(entry->payload + from, piece->payload.bytes, to - from);
    entry_note(entry, from, to);
    if (!header->more_fragments)
        entry->total_bytes = to;
    if (from == 0)
        entry_remember_first(entry, piece);
    make_space(reassembly, entry);
    if (!entry_is_whole(entry))
        return false;
    if (entry->about.header.header_bytes + entry->total_bytes > DATAGRAM_MOST) {
        *ret_reason = reject(entry, IPV4_REASSEMBLY_TOO_LONG); /* options that the first piece alone has */
        return false;
    }
    *ret_whole = entry_whole(entry);
    reassembly->completed++;
    env_because(reassembly->ip->env,
                env_tell(reassembly->ip->env, &ipv4_kinds[IPV4_REASSEMBLED], ret_whole->frame,
                         header->source.value, header->destination.value, entry->id, entry->total_bytes));
    entry_free(reassembly, entry);
    return true;
}

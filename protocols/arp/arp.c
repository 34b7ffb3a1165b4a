/* SPDX-License-Identifier: MIT
 * The ARP machine: ask, answer, remember. The states of an entry and who may change them: see arp.h.
 *
 * From above comes arp_send; from the wire comes arp_receive, which is RFC 826's "Packet Reception" nearly
 * word for word; from the clock comes arp_entry_fire. RFC 826; RFC 1122 2.3.2. */
#include "protocols/arp/arp.h"

#include "protocols/arp/cache.h"
#include "protocols/arp/claim.h"
#include "protocols/ethernet/frame.h"

struct arp_config arp_config_default(void)
{
    return (struct arp_config){.reachable_time = 60 * ENV_SECOND,
                               .retry_time = ENV_SECOND,
                               .tries = 3,
                               .hold_limit = 3,
                               .entry_limit = 1024};
}

void arp_init(struct arp *arp, struct env *env, const struct arp_ops *ops, struct packet_pool *packets,
              const struct arp_config *config, struct mac_address mac)
{
    assert(config->hold_limit >= 1); /* RFC 1122 2.3.2.2 */
    assert(config->tries >= 1);
    assert(config->entry_limit >= 1);
    *arp = (struct arp){.env = env, .ops = ops, .packets = packets, .config = *config, .mac = mac};
}

void arp_release(struct arp *arp)
{
    arp_claim_release(arp);
    arp_cache_release(arp);
}

/* ---- Asking ---- */

void arp_send_packet(struct arp *arp, struct mac_address destination, const struct arp_packet *content,
                     uint64_t cause)
{
    uint64_t before = env_cause(arp->env);
    struct packet_out packet = packet_make(arp->packets, PACKET_LINK_HEADROOM, ARP_BYTES);
    arp_emit(content, packet.bytes);
    if (content->operation == ARP_REQUEST)
        arp->counters.requests_sent++;
    else
        arp->counters.replies_sent++;
    env_because(arp->env, cause);
    arp->ops->transmit(arp, destination, ETHERNET_TYPE_ARP, &packet);
    env_because(arp->env, before);
}

static struct ipv4_address asker_of(struct arp *arp, struct ipv4_address target)
{
    return arp->claim.next ? arp->ops->asker(arp, target) : arp->address;
}

/* Asks about an entry: everybody while it is INCOMPLETE, the station alone in PROBE (RFC 1122 2.3.2.1 (2)).
 * If the last question is less than a second old, the timer will ask instead: RFC 1122 2.3.2.1, "no more than
 * one per second per destination". */
static void ask(struct arp_entry *entry)
{
    struct arp *arp = entry->arp;
    int64_t now = env_now(arp->env);
    if (entry->has_asked && now < entry->asked_at + arp->config.retry_time) {
        env_arm(arp->env, &entry->timer, entry->asked_at + arp->config.retry_time);
        return;
    }
    struct mac_address to = entry->state == ARP_PROBE ? entry->mac : mac_broadcast;
    struct arp_packet question = {.operation = ARP_REQUEST,
                                  .sender_mac = arp->mac,
                                  .sender = asker_of(arp, entry->address),
                                  .target = entry->address};
    entry->tries++;
    entry->has_asked = true;
    entry->asked_at = now;
    env_arm(arp->env, &entry->timer, now + arp->config.retry_time);
    uint64_t told = env_tell(arp->env, &arp_kinds[ARP_REQUEST_SENT], 0, entry->address.value, entry->tries,
                             (int64_t)mac_to_number(to));
    arp_send_packet(arp, to, &question, told);
}

/* Makes a question necessary: into `state`, and ask. */
static void start_asking(struct arp_entry *entry, enum arp_state state)
{
    env_because(entry->arp->env, arp_entry_move(entry, state, ARP_BY_PACKET));
    ask(entry);
}

/* The address is known to stand for many: no question is needed. */
static bool is_group(struct ipv4_address next_hop, struct mac_address *ret_mac)
{
    if (ipv4_is_limited_broadcast(next_hop))
        *ret_mac = mac_broadcast; /* RFC 1122 3.3.6 */
    else if (ipv4_is_multicast(next_hop))
        *ret_mac = ipv4_multicast_mac(next_hop); /* RFC 1112 6.4 */
    else
        return false;
    return true;
}

/* Sends to an entry whose state says that its address may be used. */
static void send_to_known(struct arp_entry *entry, struct packet_out *packet)
{
    struct arp *arp = entry->arp;
    arp->ops->transmit(arp, entry->mac, ETHERNET_TYPE_IPV4, packet);
}

static void send_to_unknown(struct arp *arp, struct arp_entry *entry, struct ipv4_address next_hop,
                            struct packet_out *packet)
{
    if (!entry)
        entry = arp_cache_add(arp, next_hop);
    if (!entry) {
        arp_drop(arp, next_hop, packet, ARP_DROP_TABLE_FULL);
        return;
    }
    uint64_t before = env_cause(arp->env);
    env_because(arp->env, arp_entry_hold(entry, packet)); /* RFC 1122 2.3.2.2 */
    if (entry->state != ARP_INCOMPLETE)
        start_asking(entry, ARP_INCOMPLETE);
    env_because(arp->env, before);
}

bool arp_knows(struct arp *arp, struct ipv4_address next_hop, struct mac_address *ret_mac)
{
    struct arp_entry *entry = arp->latest = arp_cache_find(arp, next_hop);
    if (!entry || !(entry->state == ARP_REACHABLE || entry->state == ARP_PROBE || entry->state == ARP_PERMANENT))
        return false;
    *ret_mac = entry->mac;
    return true;
}

void arp_send(struct arp *arp, struct ipv4_address next_hop, struct packet_out *packet)
{
    struct mac_address group;
    if (is_group(next_hop, &group)) {
        arp->ops->transmit(arp, group, ETHERNET_TYPE_IPV4, packet);
        return;
    }
    struct arp_entry *entry = arp->latest = arp_cache_find(arp, next_hop);
    switch (entry ? entry->state : ARP_NONE) {
    case ARP_REACHABLE:
    case ARP_PROBE:
    case ARP_PERMANENT:
        send_to_known(entry, packet);
        break;
    case ARP_STALE: {
        uint64_t before = env_cause(arp->env);
        send_to_known(entry, packet);
        start_asking(entry, ARP_PROBE);
        env_because(arp->env, before);
        break;
    }
    case ARP_NONE:
    case ARP_INCOMPLETE:
    case ARP_FAILED:
        send_to_unknown(arp, entry, next_hop, packet);
        break;
    }
}

/* ---- Listening ---- */

/* What the packet is to an entry: which rule will have changed it. */
static enum arp_rule rule_of(const struct arp_packet *packet)
{
    if (ipv4_is_equal(packet->sender, packet->target))
        return ARP_BY_GRATUITOUS;
    return packet->operation == ARP_REPLY ? ARP_BY_REPLY : ARP_BY_REQUEST;
}

/* The station of `entry` gave a sign: it is there, and this is its address. What waits leaves. */
static void confirm(struct arp_entry *entry, struct mac_address mac, enum arp_rule rule)
{
    struct arp *arp = entry->arp;
    struct packet_out packet;
    if (entry->state == ARP_PERMANENT)
        return;
    bool is_news = entry->state != ARP_REACHABLE || !mac_is_equal(entry->mac, mac);
    entry->mac = mac;
    entry->confirmed_at = env_now(arp->env);
    if (is_news)
        env_because(arp->env, arp_entry_move(entry, ARP_REACHABLE, rule));
    env_arm(arp->env, &entry->timer,
            entry->confirmed_at + arp->config.reachable_time); /* RFC 1122 2.3.2.1 (1) */
    while (arp_entry_take_held(entry, &packet))
        send_to_known(entry, &packet);
}

/* RFC 826: "?Is the pair already in my table? update; if not, ?Am I the target? add". The second because
 * whoever asks for us is about to talk to us. */
static void merge(struct arp *arp, const struct arp_packet *packet)
{
    struct arp_entry *entry = arp_cache_find(arp, packet->sender);
    if (!entry && arp_is_own(arp, packet->target))
        entry = arp_cache_add(arp, packet->sender);
    if (entry)
        confirm(entry, packet->sender_mac, rule_of(packet));
}

/* RFC 826: "swap hardware and protocol fields, putting the local ones in the sender fields", and to the asker
 * alone. */
static void answer(struct arp *arp, const struct arp_packet *question)
{
    struct arp_packet reply = {.operation = ARP_REPLY,
                               .sender_mac = arp->mac,
                               .sender = question->target,
                               .target_mac = question->sender_mac,
                               .target = question->sender};
    uint64_t told = env_tell(arp->env, &arp_kinds[ARP_REPLY_SENT], 0, reply.sender.value,
                             (int64_t)mac_to_number(reply.sender_mac), reply.target.value);
    arp_send_packet(arp, question->sender_mac, &reply, told);
}

/* What no honest station says about itself. */
static enum arp_reason check_sender(const struct arp *arp, const struct arp_packet *packet)
{
    if (mac_is_equal(packet->sender_mac, arp->mac))
        return ARP_OWN_PACKET;
    if (mac_is_group(packet->sender_mac) || mac_is_none(packet->sender_mac))
        return ARP_BAD_SENDER;
    if (!ipv4_is_any(packet->sender) && !ipv4_is_one_host(packet->sender))
        return ARP_BAD_SENDER;
    return ARP_OK;
}

static enum arp_reason ignore(struct arp *arp, enum arp_reason reason, uint64_t frame)
{
    arp->counters.ignored++;
    env_tell(arp->env, &arp_kinds[ARP_IGNORED], frame, reason);
    return reason;
}

enum arp_reason arp_receive(struct arp *arp, struct packet received)
{
    struct arp_packet packet;
    enum arp_reason reason = arp_parse(received.bytes, received.length_bytes, &packet);
    if (reason == ARP_OK)
        reason = check_sender(arp, &packet);
    if (reason != ARP_OK)
        return ignore(arp, reason, received.frame);
    if (packet.operation == ARP_REQUEST)
        arp->counters.requests_received++;
    else
        arp->counters.replies_received++;
    if (arp_claim_is_challenged(arp, &packet, received.frame))
        return ARP_OK;
    bool asks_us = packet.operation == ARP_REQUEST &&
                   arp_is_own(arp, packet.target); /* RFC 826: only for our own addresses */
    uint64_t asked = 0;
    if (asks_us)
        asked = env_tell(arp->env, &arp_kinds[ARP_REQUEST_RECEIVED], received.frame, packet.target.value,
                         packet.sender.value, (int64_t)mac_to_number(packet.sender_mac));
    env_because(arp->env, asked);
    if (!ipv4_is_any(packet.sender)) /* RFC 5227 2.1.1: nothing can be learned from a probe */
        merge(arp, &packet);
    env_because(arp->env, asked);
    if (asks_us)
        answer(arp, &packet);
    return ARP_OK;
}

/* ---- The clock ---- */

/* Nobody answered for `entry`: what waits has nowhere to go, RFC 1812 3.3.2. The packets are taken out
 * first, because complaining about them sends others, and those may push this very entry out of a full cache.
 */
static void abandon_held(struct arp_entry *entry)
{
    struct arp *arp = entry->arp;
    struct ipv4_address address = entry->address;
    struct arp_held *waiting = arp_entry_take_all(entry);
    while (waiting) {
        struct packet_out packet = waiting->packet;
        waiting = arp_held_recycle(arp, waiting);
        if (!arp->ops->unresolved) {
            arp_drop(arp, address, &packet, ARP_DROP_UNRESOLVED);
            continue;
        }
        arp_tell_drop(arp, address, packet.frame, ARP_DROP_UNRESOLVED);
        arp->ops->unresolved(arp, address, &packet);
    }
}

static void ask_again(struct arp_entry *entry)
{
    if (entry->tries < entry->arp->config.tries) {
        ask(entry);
        return;
    }
    env_because(entry->arp->env, arp_entry_move(entry, ARP_FAILED, ARP_BY_SILENCE));
    abandon_held(entry);
}

void arp_entry_fire(struct env_timer *timer)
{
    struct arp_entry *entry = ENV_OWNER(timer, struct arp_entry, timer);
    if (entry->state == ARP_REACHABLE)
        arp_entry_move(entry, ARP_STALE, ARP_BY_TIME);
    else
        ask_again(entry);
}

/* ---- A person's commands ---- */

bool arp_add_permanent(struct arp *arp, struct ipv4_address address, struct mac_address mac)
{
    struct arp_entry *entry = arp_cache_find(arp, address);
    struct packet_out packet;
    if (!entry)
        entry = arp_cache_add(arp, address);
    if (!entry)
        return false;
    entry->mac = mac;
    entry->confirmed_at = env_now(arp->env);
    env_because(arp->env, arp_entry_move(entry, ARP_PERMANENT, ARP_BY_PERSON));
    while (arp_entry_take_held(entry, &packet))
        send_to_known(entry, &packet);
    return true;
}

bool arp_delete(struct arp *arp, struct ipv4_address address)
{
    struct arp_entry *entry = arp_cache_find(arp, address);
    if (entry)
        arp_cache_remove(entry, ARP_BY_PERSON);
    return entry != NULL;
}

void arp_flush(struct arp *arp)
{
    struct arp_entry *next;
    for (struct arp_entry *entry = arp->oldest; entry; entry = next) {
        next = entry->newer;
        if (entry->state != ARP_PERMANENT)
            arp_cache_remove(entry, ARP_BY_PERSON);
    }
}

/* SPDX-License-Identifier: MIT
 * What neighbours say: questions and answers. RFC 2453 3.9. */
#include "protocols/rip/rip_parts.h"

static void ignore(struct rip *rip, const struct rip_peer *from, struct ipv4_address destination,
                   enum rip_reason why, uint64_t frame)
{
    rip->counters.ignored++;
    env_tell(rip->env, &rip_kinds[RIP_IGNORED], frame, why, from->address.value, from->port,
             destination.value);
}

/* ---- Questions ---- */

/* RFC 2453 3.9.1: each entry gets our metric for exactly that destination, without split horizon: whoever
 * asks like this wants to know what is in our table. */
static void fill_in(const struct rip *rip, struct rip_message *message)
{
    message->command = RIP_RESPONSE;
    for (uint8_t i = 0; i < message->count; i++) {
        struct rip_rte asked = message->rtes[i];
        struct ipv4_prefix prefix;
        asked.metric = RIP_INFINITY; /* in a question it may be anything */
        const struct rip_entry *entry =
            rip_rte_check(&asked, &prefix) == RIP_OK ? rip_entry_find(rip, prefix) : NULL;
        message->rtes[i].metric = entry ? entry->metric : RIP_INFINITY;
    }
}

static void take_request(struct rip *rip, const struct rip_peer *from, struct rip_message *message,
                         uint64_t frame)
{
    bool is_for_all = rip_asks_for_all(message);
    env_because(rip->env, env_tell(rip->env, &rip_kinds[RIP_REQUEST_RX], frame, from->address.value,
                                   is_for_all ? 0 : message->count));
    if (is_for_all) {
        rip_answer(rip, from);
    } else if (message->count > 0) { /* RFC 2453 3.9.1: "if there are no entries, no response is given" */
        fill_in(rip, message);
        rip_send(rip, from, message);
    }
}

/* ---- Answers ---- */

/* RFC 2453 4.4: a next hop that is not on the link that the entry came by means the sender itself. */
static struct ipv4_address next_hop_of(const struct rip *rip, const struct rip_peer *from,
                                       const struct rip_rte *rte)
{
    struct ipv4_prefix link = rip->interfaces[from->interface].prefix;
    bool is_usable = ipv4_is_one_host(rte->next_hop) && ipv4_prefix_has(link, rte->next_hop) &&
                     !ipv4_is_equal(rte->next_hop, link.address);
    return is_usable ? rte->next_hop : from->address;
}

/* The heart of it: what one neighbour says about one destination. RFC 2453 3.9.2. */
static void take_rte(struct rip *rip, const struct rip_peer *from, const struct rip_rte *rte,
                     struct ipv4_prefix prefix)
{
    uint32_t metric = rte->metric + RIP_COST < RIP_INFINITY ? rte->metric + RIP_COST : RIP_INFINITY;
    struct rip_move move = {.state = RIP_LEARNT,
                            .metric = metric,
                            .interface = from->interface,
                            .next_hop = next_hop_of(rip, from, rte),
                            .from = from->address,
                            .tag = rte->tag};
    struct rip_entry *entry = rip_entry_find(rip, prefix);
    if (!entry || entry->state == RIP_GONE) {
        if (metric == RIP_INFINITY)
            return; /* "there is no point in adding a route which is unusable" */
        move.rule = entry ? RIP_RULE_BETTER : RIP_RULE_NEW;
        rip_entry_move(rip_entry_at(rip, prefix), &move);
        return;
    }
    bool is_own = entry->state == RIP_LEARNT && entry->interface == from->interface &&
                  ipv4_is_equal(entry->from, from->address);
    if (is_own && metric == RIP_INFINITY) {
        rip_entry_lose(entry, RIP_RULE_OWN_HOP);
    } else if (metric < entry->metric ||
               (is_own && (metric > entry->metric || !ipv4_is_equal(entry->next_hop, move.next_hop)))) {
        move.rule = is_own ? RIP_RULE_OWN_HOP : RIP_RULE_BETTER;
        rip_entry_move(entry, &move);
    } else if (is_own) {
        rip_entry_confirm(entry); /* "if the datagram is from the same router: reinitialize the timeout" */
    }
}

/* RFC 2453 3.9.2: who may tell us? */
static enum rip_reason check_sender(const struct rip *rip, const struct rip_peer *from)
{
    if (from->port != RIP_PORT)
        return RIP_BAD_PORT;
    if (!ipv4_prefix_has(rip->interfaces[from->interface].prefix, from->address))
        return RIP_NOT_A_NEIGHBOUR;
    return RIP_OK;
}

static void take_response(struct rip *rip, const struct rip_peer *from, const struct rip_message *message,
                          uint64_t frame)
{
    enum rip_reason reason = check_sender(rip, from);
    if (reason != RIP_OK) {
        ignore(rip, from, IPV4_ANY, reason, frame);
        return;
    }
    env_because(rip->env, env_tell(rip->env, &rip_kinds[RIP_UPDATE_RX], frame, from->address.value,
                                   message->count, from->interface));
    uint64_t changes = rip->counters.changes;
    for (uint8_t i = 0; i < message->count; i++) {
        struct ipv4_prefix prefix;
        reason = rip_rte_check(&message->rtes[i], &prefix);
        if (reason == RIP_OK)
            take_rte(rip, from, &message->rtes[i], prefix);
        else /* "ignore that entry and proceed to the next" */
            ignore(rip, from, message->rtes[i].address, reason, frame);
    }
    if (rip->counters.changes != changes)
        rip_trigger(rip);
}

/* ---- The door ---- */

static bool is_own_address(const struct rip *rip, struct ipv4_address address)
{
    for (uint32_t i = 0; i < rip->interface_count; i++)
        if (ipv4_is_equal(rip->interfaces[i].prefix.address, address))
            return true;
    return false;
}

void rip_receive(struct rip *rip, const struct rip_peer *from, const uint8_t *bytes, size_t length_bytes,
                 uint64_t frame)
{
    struct rip_message message;
    enum rip_reason reason = rip_parse(bytes, length_bytes, &message);
    if (reason == RIP_OK && is_own_address(rip, from->address))
        reason = RIP_OWN; /* RFC 2453 3.9.2: "it may not be one of the router's own addresses" */
    if (reason == RIP_OK && (from->interface >= rip->interface_count || !rip->is_running))
        reason = RIP_NOT_A_NEIGHBOUR;
    if (reason != RIP_OK) {
        ignore(rip, from, IPV4_ANY, reason, frame);
        return;
    }
    rip->counters.received++;
    if (message.command == RIP_REQUEST)
        take_request(rip, from, &message, frame);
    else
        take_response(rip, from, &message, frame);
}

/* SPDX-License-Identifier: MIT
 * See relay.h. */
#include "protocols/dhcp/relay.h"

#include "sim/base/bytes.h"

#define HOPS_AT 3 /* octets from the start */
#define GIADDR_AT 24
#define CIRCUIT_ID 1    /* RFC 3046 2.0 */
#define AGENT_BYTES 8   /* option 82 as it is written here */
#define MOST_BYTES 1472 /* what one Ethernet frame carries */

static void drop(struct dhcp_relay *relay, const struct dhcp_arrival *arrival, enum dhcp_relay_drop why,
                 struct mac_address client)
{
    relay->counters.dropped++;
    env_tell(relay->env, &dhcp_kinds[DHCP_NOT_RELAYED], arrival->frame, why, (int64_t)mac_to_number(client));
}

/* ---- Option 82 ---- */

/* Copies the options but 82; returns where they end, before the end option. `bytes` were parsed: they are
 * sound. */
static uint8_t *copy_options(const uint8_t *bytes, size_t length_bytes, uint8_t *ret_bytes)
{
    const uint8_t *at = bytes + DHCP_FIXED + 4, *end = bytes + length_bytes, *from = at;
    struct dhcp_option option;
    memcpy(ret_bytes, bytes, DHCP_FIXED + 4);
    uint8_t *out = ret_bytes + DHCP_FIXED + 4;
    for (; dhcp_next_option(&at, end, &option) && option.code != DHCP_END; from = at) {
        if (option.code == DHCP_AGENT || option.code == DHCP_PAD)
            continue;
        memcpy(out, from, (size_t)(at - from));
        out += at - from;
    }
    return out;
}

static size_t finish(uint8_t *start, uint8_t *out)
{
    *out++ = DHCP_END;
    size_t length_bytes = (size_t)(out - start);
    if (length_bytes >= DHCP_LEAST)
        return length_bytes;
    memset(out, 0, DHCP_LEAST - length_bytes); /* RFC 1542 2.1 */
    return DHCP_LEAST;
}

/* RFC 3046 2.1: the last option, saying by which interface it came in. */
static size_t with_agent_info(const struct dhcp_arrival *arrival, uint8_t *ret_bytes)
{
    uint8_t *out = copy_options(arrival->bytes, arrival->length_bytes, ret_bytes);
    uint8_t agent[AGENT_BYTES] = {DHCP_AGENT, AGENT_BYTES - 2, CIRCUIT_ID, 4};
    bytes_put_u32(agent + 4, arrival->interface);
    memcpy(out, agent, sizeof agent);
    return finish(ret_bytes, out + sizeof agent);
}

/* ---- From clients to servers: RFC 1542 4.1.1 ---- */

static void go_up(struct dhcp_relay *relay, const struct dhcp_arrival *arrival,
                  const struct dhcp_message *message)
{
    uint8_t bytes[MOST_BYTES + AGENT_BYTES + 1];
    size_t length_bytes = arrival->length_bytes;
    struct ipv4_address giaddr = message->giaddr;
    if (message->hops >= relay->config.most_hops) {
        drop(relay, arrival, DHCP_RELAY_HOPS_OVER, message->chaddr);
        return;
    }
    memcpy(bytes, arrival->bytes, length_bytes);
    if (ipv4_is_any(giaddr)) {
        giaddr =
            arrival->local.address; /* the first relay tells where the client is; later ones leave that */
        if (relay->config.adds_agent_info && !message->agent.length)
            length_bytes = with_agent_info(arrival, bytes);
        bytes_put_u32(bytes + GIADDR_AT, giaddr.value);
    }
    bytes[HOPS_AT] = (uint8_t)(message->hops + 1);
    for (uint32_t i = 0; i < relay->config.server_count; i++) {
        struct dhcp_sending how = {.destination = relay->config.servers[i],
                                   .source_port = DHCP_SERVER_PORT,
                                   .destination_port = DHCP_SERVER_PORT};
        relay->counters.up++;
        uint64_t before = env_cause(relay->env);
        env_because(relay->env, env_tell(relay->env, &dhcp_kinds[DHCP_RELAYED_UP], arrival->frame,
                                         message->type, (int64_t)mac_to_number(message->chaddr),
                                         how.destination.value, giaddr.value, bytes[HOPS_AT], message->xid));
        relay->ops->send(relay, &how, bytes, length_bytes);
        env_because(relay->env, before);
    }
}

/* ---- From servers to clients: RFC 1542 4.1.2 ---- */

static void go_down(struct dhcp_relay *relay, const struct dhcp_arrival *arrival,
                    const struct dhcp_message *message)
{
    uint8_t bytes[MOST_BYTES + 1];
    size_t length_bytes = arrival->length_bytes;
    struct dhcp_sending how = {.source = message->giaddr,
                               .destination = IPV4_BROADCAST,
                               .source_port = DHCP_SERVER_PORT,
                               .destination_port = DHCP_CLIENT_PORT};
    if (!relay->ops->find_interface(relay, message->giaddr, &how.interface)) {
        drop(relay, arrival, DHCP_RELAY_NOT_OURS, message->chaddr);
        return;
    }
    memcpy(bytes, arrival->bytes, length_bytes);
    if (message->agent.length && relay->config.adds_agent_info)
        length_bytes =
            finish(bytes, copy_options(arrival->bytes, arrival->length_bytes, bytes)); /* RFC 3046 2.1 */
    if (!message->wants_broadcast && message->type != DHCP_NAK) {
        how.destination = message->yiaddr;
        how.to_hardware = true;
        how.hardware = message->chaddr;
        if (!ipv4_is_any(message->ciaddr))
            how.destination = message->ciaddr;
    }
    relay->counters.down++;
    uint64_t told = env_tell(relay->env, &dhcp_kinds[DHCP_RELAYED_DOWN], arrival->frame, message->type,
                             (int64_t)mac_to_number(message->chaddr), message->yiaddr.value,
                             message->giaddr.value, message->wants_broadcast, message->xid);
    uint64_t before = env_cause(relay->env);
    env_because(relay->env, told);
    relay->ops->send(relay, &how, bytes, length_bytes);
    env_because(relay->env, before);
}

/* ---- The door ---- */

void dhcp_relay_receive(struct dhcp_relay *relay, const struct dhcp_arrival *arrival)
{
    struct dhcp_message message = {0};
    bool is_readable = arrival->length_bytes <= MOST_BYTES &&
                       dhcp_parse(arrival->bytes, arrival->length_bytes, &message) == DHCP_OK;
    if (!is_readable)
        drop(relay, arrival, DHCP_RELAY_UNREADABLE, mac_none);
    else if (message.op == DHCP_BOOTREPLY)
        go_down(relay, arrival, &message);
    else if (ipv4_is_any(arrival->local.address))
        drop(relay, arrival, DHCP_RELAY_NO_ADDRESS, message.chaddr);
    else
        go_up(relay, arrival, &message);
}

/* ---- Making one ---- */

struct dhcp_relay_config dhcp_relay_config_default(void)
{
    return (struct dhcp_relay_config){.most_hops = DHCP_RELAY_HOPS};
}

void dhcp_relay_init(struct dhcp_relay *relay, struct env *env, const struct dhcp_relay_ops *ops,
                     const struct dhcp_relay_config *config)
{
    *relay = (struct dhcp_relay){.env = env, .ops = ops, .config = *config};
}

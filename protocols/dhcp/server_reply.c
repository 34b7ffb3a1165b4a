/* SPDX-License-Identifier: MIT
 * What the server says, and where the answer goes.
 *
 *     giaddr set                   to the relay, port 67
 *     NAK                          to everybody: who is told "no" may not use the address that it has
 *     ciaddr set                   to that address
 *     B flag set                   to everybody: the client cannot hear unicast yet
 *     else                         to yiaddr, in a frame to the client's own Ethernet address
 *
 * RFC 2131 4.1; what stands in each message: 4.3.1, table 3. */
#include "protocols/dhcp/server_parts.h"

/* ---- Where to ---- */

/* The five lines above, in their order. */
static struct dhcp_sending way_to(const struct dhcp_case *about, const struct dhcp_message *reply)
{
    const struct dhcp_message *message = about->message;
    struct dhcp_sending how = {.source = about->local.address,
                               .destination = IPV4_BROADCAST,
                               .source_port = DHCP_SERVER_PORT,
                               .destination_port = DHCP_CLIENT_PORT,
                               .interface = about->interface};
    bool is_inform = message->type == DHCP_INFORM;
    if (!ipv4_is_any(message->giaddr) && !is_inform) {
        how.destination = message->giaddr;
        how.destination_port = DHCP_SERVER_PORT;
    } else if (reply->type != DHCP_NAK && !ipv4_is_any(message->ciaddr)) {
        how.destination = message->ciaddr; /* RFC 2131 4.3.5 says so of INFORM whatever the relay */
    } else if (reply->type != DHCP_NAK && !message->wants_broadcast) {
        how.destination = reply->yiaddr;
        how.to_hardware = true;
        how.hardware = message->chaddr;
    }
    return how;
}

static void send(struct dhcp_server *server, const struct dhcp_case *about, const struct dhcp_message *reply,
                 uint64_t told)
{
    uint8_t bytes[DHCP_ROOM];
    size_t length_bytes = dhcp_emit(reply, bytes);
    struct dhcp_sending how = way_to(about, reply);
    uint64_t before = env_cause(server->env);
    env_because(server->env, told);
    server->ops->send(server, &how, bytes, length_bytes);
    env_because(server->env, before);
}

/* ---- What ---- */

/* What every answer has. */
static struct dhcp_message reply_to(const struct dhcp_case *about, enum dhcp_type type)
{
    const struct dhcp_message *message = about->message;
    return (struct dhcp_message){.op = DHCP_BOOTREPLY,
                                 .xid = message->xid,
                                 .wants_broadcast = message->wants_broadcast,
                                 .giaddr = message->giaddr,
                                 .chaddr = message->chaddr,
                                 .type = type,
                                 .server_id = about->local.address, /* table 3: in all of them */
                                 .client_id = message->client_id,   /* RFC 6842 3 */
                                 .agent = message->agent};          /* RFC 3046 2.2 */
}

/* What goes with an address on this network. Of the routers those that are on it can be reached. */
static void add_settings(const struct dhcp_server *server, const struct dhcp_pool *pool,
                         struct dhcp_message *reply)
{
    const struct dhcp_server_config *config = &server->config;
    reply->mask.value = ipv4_mask(pool->network.length);
    reply->broadcast = ipv4_prefix_broadcast(pool->network);
    reply->dns = config->dns;
    memcpy(reply->domain, config->domain, sizeof reply->domain);
    for (uint8_t i = 0; i < config->routers.count; i++)
        if (ipv4_prefix_has(pool->network, config->routers.at[i]))
            reply->routers.at[reply->routers.count++] = config->routers.at[i];
}

uint32_t dhcp_lease_for(const struct dhcp_server *server, const struct dhcp_message *message)
{
    bool is_shorter = message->lease_s && message->lease_s < server->config.lease_s;
    return is_shorter ? message->lease_s : server->config.lease_s; /* RFC 2131 4.3.1 */
}

/* OFFER and ACK: the address, and for how long. */
static struct dhcp_message grant(const struct dhcp_server *server, const struct dhcp_case *about,
                                 enum dhcp_type type, struct ipv4_address address)
{
    struct dhcp_message reply = reply_to(about, type);
    reply.yiaddr = address;
    reply.ciaddr = type == DHCP_ACK ? about->message->ciaddr : IPV4_ANY; /* table 3 */
    reply.lease_s = dhcp_lease_for(server, about->message);
    if (server->config.t2_s < reply.lease_s) {
        reply.t1_s = server->config.t1_s;
        reply.t2_s = server->config.t2_s;
    }
    add_settings(server, about->pool, &reply);
    return reply;
}

static int64_t client_of(const struct dhcp_case *about)
{
    return (int64_t)mac_to_number(about->message->chaddr);
}

void dhcp_say_offer(struct dhcp_server *server, const struct dhcp_case *about, const struct dhcp_lease *lease,
                    enum dhcp_choice choice)
{
    struct dhcp_message reply = grant(server, about, DHCP_OFFER, lease->address);
    server->counters.offers++;
    uint64_t told =
        env_tell(server->env, &dhcp_kinds[DHCP_OFFERED], about->frame, lease->address.value, client_of(about),
                 choice, dhcp_after_seconds(0, reply.lease_s), reply.xid, reply.giaddr.value);
    send(server, about, &reply, told);
}

void dhcp_say_ack(struct dhcp_server *server, const struct dhcp_case *about, const struct dhcp_lease *lease)
{
    struct dhcp_message reply = grant(server, about, DHCP_ACK, lease->address);
    server->counters.acks++;
    uint64_t told =
        env_tell(server->env, &dhcp_kinds[DHCP_LEASED], about->frame, lease->address.value, client_of(about),
                 dhcp_after_seconds(0, reply.lease_s), reply.xid, reply.giaddr.value);
    send(server, about, &reply, told);
}

void dhcp_say_nak(struct dhcp_server *server, const struct dhcp_case *about, enum dhcp_refusal why)
{
    struct dhcp_message reply = reply_to(about, DHCP_NAK);
    const struct dhcp_message *message = about->message;
    struct ipv4_address address = ipv4_is_any(message->ciaddr) ? message->requested : message->ciaddr;
    if (!ipv4_is_any(message->giaddr))
        reply.wants_broadcast = true; /* RFC 2131 4.3.2: the relay must broadcast it */
    server->counters.naks++;
    uint64_t told = env_tell(server->env, &dhcp_kinds[DHCP_REFUSED], about->frame, address.value,
                             client_of(about), why, reply.xid);
    send(server, about, &reply, told);
}

void dhcp_say_inform(struct dhcp_server *server, const struct dhcp_case *about)
{
    if (ipv4_is_any(about->message->ciaddr)) { /* RFC 2131 4.4.3: who asks so has an address, and the answer goes there */
        dhcp_say_nothing(server, about, DHCP_ODD_REQUEST);
        return;
    }
    struct dhcp_message reply = reply_to(about, DHCP_ACK);
    reply.ciaddr = about->message->ciaddr;
    add_settings(server, about->pool, &reply); /* RFC 2131 4.3.5: no lease time, and yiaddr stays 0 */
    server->counters.acks++;
    uint64_t told = env_tell(server->env, &dhcp_kinds[DHCP_INFORMED], about->frame, reply.ciaddr.value,
                             client_of(about), reply.xid);
    send(server, about, &reply, told);
}

void dhcp_say_nothing(struct dhcp_server *server, const struct dhcp_case *about, enum dhcp_refusal why)
{
    server->counters.silences++;
    env_tell(server->env, &dhcp_kinds[DHCP_SILENT], about->frame, about->message->type, client_of(about), why,
             about->message->xid);
}

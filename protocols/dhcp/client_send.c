/* SPDX-License-Identifier: MIT
 * The client's messages: what stands in each, and where it goes.
 *
 *                      DISCOVER   REQUEST                                                   DECLINE RELEASE
 * INFORM REQUESTING  REBOOTING  RENEWING    REBINDING to               everybody  everybody   everybody  the
 * server  everybody  everybody  the server  everybody from, ciaddr     0          0           0          ours
 * ours       0          ours        ours 50 requested     wished     the offer   the last   -           - it
 * -           - 54 server        -          the chosen  -          -           -          who gave   who gave
 * -
 *
 * RFC 2131 4.3.6 and 4.4.1, tables 4 and 5. */
#include "protocols/dhcp/client_parts.h"

/* What we want to know: RFC 2131 3.5. */
static const uint8_t wanted[] = {
    DHCP_MASK, DHCP_BROADCAST_ADDRESS, DHCP_ROUTER, DHCP_DNS, DHCP_DOMAIN, DHCP_MTU, DHCP_T1, DHCP_T2};

/* What every message of ours says. */
static struct dhcp_message message_of(const struct dhcp_client *client, enum dhcp_type type)
{
    return (struct dhcp_message){.op = DHCP_BOOTREQUEST,
                                 .xid = client->xid,
                                 .secs = client->secs,
                                 .chaddr = client->config.mac,
                                 .type = type,
                                 .client_id = client->id}; /* RFC 2131 4.2: the same in all messages */
}

/* ... and what those say that ask for something. */
static void ask(const struct dhcp_client *client, struct dhcp_message *message)
{
    memcpy(message->asked, wanted, sizeof wanted);
    message->asked_count = sizeof wanted;
    message->max_size_bytes = client->config.max_size_bytes;
    memcpy(message->host_name, client->config.host_name, sizeof message->host_name);
}

static void send(struct dhcp_client *client, const struct dhcp_message *message,
                 struct ipv4_address destination, uint64_t told)
{
    uint8_t bytes[DHCP_ROOM];
    size_t length_bytes = dhcp_emit(message, bytes);
    struct dhcp_sending how = {.source = message->ciaddr,
                               .destination = destination,
                               .source_port = DHCP_CLIENT_PORT,
                               .destination_port = DHCP_SERVER_PORT,
                               .interface = client->config.interface};
    uint64_t before = env_cause(client->env);
    env_because(client->env, told);
    client->ops->send(client, &how, bytes, length_bytes);
    env_because(client->env, before);
}

void dhcp_send_discover(struct dhcp_client *client)
{
    int64_t secs = (env_now(client->env) - client->began_at) / ENV_SECOND;
    client->secs = secs > UINT16_MAX ? UINT16_MAX : (uint16_t)secs;
    struct dhcp_message message = message_of(client, DHCP_DISCOVER);
    ask(client, &message);
    message.wants_broadcast = true; /* RFC 2131 4.1: see client.h */
    if (client->has_grant)
        message.requested = client->grant.prefix.address; /* RFC 2131 3.5: a wish */
    uint64_t told = env_tell(client->env, &dhcp_kinds[DHCP_DISCOVER_SENT], 0, client->tries, client->xid,
                             message.requested.value, message.secs);
    send(client, &message, IPV4_BROADCAST, told);
}

void dhcp_send_request(struct dhcp_client *client)
{
    struct dhcp_message message = message_of(client, DHCP_REQUEST);
    const struct dhcp_grant *grant = &client->grant;
    bool has_address = client->state == DHCP_RENEWING || client->state == DHCP_REBINDING;
    struct ipv4_address destination = client->state == DHCP_RENEWING ? grant->server : IPV4_BROADCAST;
    ask(client, &message);
    if (has_address) {
        message.ciaddr = grant->prefix.address; /* RFC 2131 4.3.2: and neither 50 nor 54 */
    } else {
        message.requested = grant->prefix.address;
        message.wants_broadcast = true;
    }
    if (client->state == DHCP_REQUESTING)
        message.server_id = grant->server; /* RFC 2131 3.1 (3): the others know that they were not chosen */
    uint64_t told =
        env_tell(client->env, &dhcp_kinds[DHCP_REQUEST_SENT], 0, grant->prefix.address.value,
                 destination.value, message.server_id.value, client->state, client->tries, client->xid);
    send(client, &message, destination, told);
}

void dhcp_send_decline(struct dhcp_client *client)
{
    struct dhcp_message message = message_of(client, DHCP_DECLINE);
    message.secs = 0; /* RFC 2131 4.4.1, table 5 */
    message.requested = client->grant.prefix.address;
    message.server_id = client->grant.server;
    uint64_t told = env_tell(client->env, &dhcp_kinds[DHCP_DECLINE_SENT], 0, message.requested.value,
                             message.server_id.value, client->xid);
    send(client, &message, IPV4_BROADCAST, told); /* RFC 2131 4.4.4 */
}

void dhcp_send_release(struct dhcp_client *client)
{
    struct dhcp_message message = message_of(client, DHCP_RELEASE);
    message.secs = 0;
    message.ciaddr = client->grant.prefix.address;
    message.server_id = client->grant.server;
    uint64_t told = env_tell(client->env, &dhcp_kinds[DHCP_RELEASE_SENT], 0, message.ciaddr.value,
                             message.server_id.value, client->xid);
    send(client, &message, client->grant.server, told); /* RFC 2131 4.4.4: to the server alone */
}

void dhcp_send_inform(struct dhcp_client *client)
{
    struct dhcp_message message = message_of(client, DHCP_INFORM);
    ask(client, &message);
    message.ciaddr = client->grant.prefix.address; /* RFC 2131 4.4.3 */
    uint64_t told = env_tell(client->env, &dhcp_kinds[DHCP_INFORM_SENT], 0, message.ciaddr.value,
                             client->tries, client->xid);
    send(client, &message, IPV4_BROADCAST, told);
}

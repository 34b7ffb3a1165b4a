/* SPDX-License-Identifier: MIT
 * From an ACK to a grant: the network that a mask means, and the instants at which something must be done.
 * RFC 2131 4.4.5. */
#include "protocols/dhcp/client_parts.h"

/* The length of the network part that a mask says; without one, that of the address's old class. */
static uint8_t length_of(struct ipv4_address mask, struct ipv4_address address)
{
    uint8_t length = 0;
    if (ipv4_is_any(mask)) /* RFC 950 I: what was before masks */
        return address.value >> 31 == 0 ? 8 : address.value >> 30 == 2 ? 16 : 24;
    while (length < 32 && mask.value & (UINT32_C(0x80000000) >> length))
        length++;
    return length;
}

/* A time of about `share` in the lease; the fuzz of RFC 2131 4.4.5 is up to one per cent, either way. */
static int64_t about(struct env *env, int64_t since, int64_t share)
{
    return since + share / 1000 * (990 + env_random_below(env, 21));
}

/* RFC 2131 4.4.5: when to ask again. The server may say; else 1/2 and 7/8 of the lease. */
static void plan(struct dhcp_client *client, struct dhcp_grant *grant, const struct dhcp_message *ack)
{
    int64_t lease = grant->expires - grant->since;
    grant->t1 = grant->t2 = ENV_NEVER;
    if (grant->expires == ENV_NEVER)
        return;
    grant->t1 = about(client->env, grant->since, lease / 2);
    grant->t2 = about(client->env, grant->since, lease / 8 * 7);
    if (ack->t1_s && ack->t1_s < ack->t2_s && ack->t2_s < ack->lease_s) {
        grant->t1 = dhcp_after_seconds(grant->since, ack->t1_s);
        grant->t2 = dhcp_after_seconds(grant->since, ack->t2_s);
    }
}

struct dhcp_grant dhcp_grant_of(struct dhcp_client *client, const struct dhcp_message *ack)
{
    struct dhcp_grant grant = {.prefix = {ack->yiaddr, length_of(ack->mask, ack->yiaddr)},
                               .server = ack->server_id,
                               .routers = ack->routers,
                               .dns = ack->dns,
                               .mtu_bytes = ack->mtu_bytes,
                               .since = client->requested_at,
                               .expires = dhcp_after_seconds(client->requested_at, ack->lease_s)};
    memcpy(grant.domain, ack->domain, sizeof grant.domain);
    plan(client, &grant, ack);
    return grant;
}

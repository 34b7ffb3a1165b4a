/* SPDX-License-Identifier: MIT
 * Which answers the client takes: those of its own transaction, that its state expects, that are complete,
 * and from the server that it chose. Anybody on the link can send something that looks like an answer. RFC
 * 2131 4.4.1. */
#include "protocols/dhcp/client_parts.h"

static bool is_waiting_for_server(const struct dhcp_client *client)
{
    return client->state == DHCP_REQUESTING || client->state == DHCP_REBOOTING ||
           client->state == DHCP_RENEWING || client->state == DHCP_REBINDING ||
           client->state == DHCP_INFORMING;
}

/* Has a message all that its type must have? RFC 2131 4.3.1, table 3. */
static bool is_complete(const struct dhcp_client *client, const struct dhcp_message *message)
{
    bool names_server = !ipv4_is_any(message->server_id);
    if (message->type == DHCP_NAK || client->state == DHCP_INFORMING)
        return names_server;
    return names_server && ipv4_is_one_host(message->yiaddr) &&
           (message->type == DHCP_OFFER || message->lease_s);
}

/* May this message be acted upon? */
bool dhcp_is_welcome(const struct dhcp_client *client, const struct dhcp_message *message,
                     enum dhcp_ignored *ret_why)
{
    bool is_offer = message->type == DHCP_OFFER && client->state == DHCP_SELECTING;
    bool is_verdict =
        (message->type == DHCP_ACK || (message->type == DHCP_NAK && client->state != DHCP_INFORMING)) &&
        is_waiting_for_server(client);
    bool has_address = client->state == DHCP_RENEWING || client->state == DHCP_REBINDING;
    *ret_why = DHCP_FOR_OTHERS;
    if (message->op != DHCP_BOOTREPLY || message->xid != client->xid ||
        !mac_is_equal(message->chaddr, client->config.mac))
        return false;
    *ret_why = DHCP_NOT_EXPECTED; /* a second offer, for instance */
    if (!is_offer && !is_verdict)
        return false;
    *ret_why = DHCP_INCOMPLETE;
    if (!is_complete(client, message))
        return false;
    *ret_why = DHCP_NOT_CHOSEN;
    if (client->state == DHCP_REQUESTING && !ipv4_is_equal(message->server_id, client->grant.server))
        return false;
    *ret_why = DHCP_NOT_EXPECTED;
    return !(has_address && message->type == DHCP_ACK) ||
           ipv4_is_equal(message->yiaddr, client->grant.prefix.address);
}

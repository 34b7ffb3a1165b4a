/* SPDX-License-Identifier: MIT
 * What the two files of the client share. Not for outsiders. */
#ifndef NETARIUM_PROTOCOLS_DHCP_CLIENT_PARTS_H
#define NETARIUM_PROTOCOLS_DHCP_CLIENT_PARTS_H

#include "protocols/dhcp/client.h"

/* Each sends one message, as the state demands. RFC 2131 4.4, table 5. */
void dhcp_send_discover(struct dhcp_client *client);
void dhcp_send_request(struct dhcp_client *client);
void dhcp_send_decline(struct dhcp_client *client);
void dhcp_send_release(struct dhcp_client *client);
void dhcp_send_inform(struct dhcp_client *client);

/* What the ACK gives; the lease counts from client->requested_at. */
struct dhcp_grant dhcp_grant_of(struct dhcp_client *client, const struct dhcp_message *ack);

/* May this message be acted upon? False: `ret_why` says what is against it. */
bool dhcp_is_welcome(const struct dhcp_client *client, const struct dhcp_message *message,
                     enum dhcp_ignored *ret_why);

#endif

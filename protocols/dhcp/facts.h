/* SPDX-License-Identifier: MIT
 * What client, server and relay tell the trace: one table for the three, because they tell one story. */
#ifndef NETARIUM_PROTOCOLS_DHCP_FACTS_H
#define NETARIUM_PROTOCOLS_DHCP_FACTS_H

#include "protocols/env.h"

enum dhcp_fact {
    /* The client. */
    DHCP_STATE,         /* it moved from one state to another */
    DHCP_DISCOVER_SENT, /* has anybody an address for me? */
    DHCP_REQUEST_SENT,  /* I take this one; or: may I keep it? */
    DHCP_DECLINE_SENT,  /* somebody has it already */
    DHCP_RELEASE_SENT,  /* I need it no longer */
    DHCP_INFORM_SENT,   /* I have an address; what else is there to know? */
    DHCP_RECEIVED,      /* an answer for us */
    DHCP_CONFIGURED,    /* from now on the address is used */
    DHCP_LOST,          /* from now on it is not */
    DHCP_IGNORED,       /* an answer was of no use */
    /* The server. */
    DHCP_PROBED,         /* it asks whether an address is really free */
    DHCP_OFFERED,        /* it offers an address */
    DHCP_LEASED,         /* it gives an address, for some time */
    DHCP_REFUSED,        /* it says no */
    DHCP_INFORMED,       /* it tells what it was asked */
    DHCP_SILENT,         /* it does not answer */
    DHCP_LEASE_STATE,    /* one address of its book changes its state */
    DHCP_SERVER_IGNORED, /* a message cannot be read */
    /* The relay. */
    DHCP_RELAYED_UP,   /* it passes a client's message on to a server */
    DHCP_RELAYED_DOWN, /* it brings the answer back */
    DHCP_NOT_RELAYED,  /* it does neither */
    DHCP_FACTS
};
extern const struct env_kind dhcp_kinds[DHCP_FACTS];

#endif

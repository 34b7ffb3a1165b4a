/* SPDX-License-Identifier: MIT
 * A port forwarding as a person writes it: "8080 -> 10.0.0.2:80/tcp". */
#ifndef NETARIUM_PROTOCOLS_NAT_FORWARDING_H
#define NETARIUM_PROTOCOLS_NAT_FORWARDING_H

#include "protocols/conntrack/flow.h"

struct nat_forwarding {
    uint8_t protocol; /* TCP or UDP */
    uint16_t outside_port;
    struct flow_end inside;
};

/* False: `ret_forwarding` is untouched, and `why` has a plain sentence. */
bool nat_forwarding_parse(const char *text, struct nat_forwarding *ret_forwarding, struct text *why);

#endif

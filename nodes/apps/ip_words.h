/* SPDX-License-Identifier: MIT
 * The words of `ip`: what iproute2 calls things, read into one request.
 *
 *     ip  OBJECT  [VERB]  [word or keyword with its value] ...
 *     ip  route   add     10.0.3.0/24  via 10.0.2.2  dev eth1  metric 5
 *     ip  route   add     10.0.3.0/24  nexthop via 10.0.2.2 weight 2  nexthop via 10.0.4.2
 *
 * Objects and verbs may be shortened as far as they stay clear (`ip a`, `ip r`), and no verb means show.
 * Reading needs no network, only the names of the interfaces, so a mistake in a file is found before time
 * starts. */
#ifndef NETARIUM_NODES_APPS_IP_WORDS_H
#define NETARIUM_NODES_APPS_IP_WORDS_H

#include "protocols/ethernet/address.h"
#include "protocols/ipv4/address.h"
#include "sim/netarium.h"

enum ip_object { IP_ADDR, IP_LINK, IP_ROUTE, IP_NEIGH, IP_OBJECTS };
enum ip_verb { IP_SHOW, IP_ADD, IP_DEL, IP_SET, IP_GET, IP_FLUSH, IP_VERBS };

#define IP_NO_DEV UINT32_MAX   /* none was given */
#define IP_LO (UINT32_MAX - 1) /* the loopback; only to be shown */

#define IP_WAYS 32           /* of one route, at most */
#define IP_WEIGHT_MOST 256 /* of one way */

/* One of several equal ways: nexthop via 10.0.2.2 dev eth1 weight 2. */
struct ip_way {
    bool has_via;
    struct ipv4_address via;
    uint32_t dev; /* or IP_NO_DEV */
    uint32_t weight;
};

/* One command line, understood. */
struct ip_request {
    enum ip_object object;
    enum ip_verb verb;
    bool has_target;           /* an address or prefix was given */
    struct ipv4_prefix target; /* "default" is 0.0.0.0/0 */
    uint32_t dev;              /* number of the interface, IP_NO_DEV or IP_LO */
    bool has_via, has_lladdr, has_state, is_up;
    struct ipv4_address via;
    struct mac_address lladdr;
    uint32_t metric;
    uint32_t mtu_bytes; /* 0: not given */
    struct ip_way ways[IP_WAYS];
    uint32_t way_count; /* 0: no nexthop was given; else via and dev are those of the ways */
};

/* Reads the words (`count` items of a list) for `node`. False: `ret_why` says what is wrong and what was
 * perhaps meant. */
bool ip_read(const struct nt_node *node, const struct nt_value *words, uint32_t count,
             struct ip_request *ret_request, struct nt_why *ret_why);

/* The number of the interface of that name, or IP_NO_DEV. */
uint32_t ip_find_dev(const struct nt_node *node, const char *name);

#endif

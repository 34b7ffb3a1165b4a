/* SPDX-License-Identifier: MIT
 * ip: looks at and changes interfaces, addresses, routes and neighbours, in iproute2's words and with its
 * output; and its older and smaller companions arp, hostname and ss.
 *
 * Left out of the output: what has no meaning here (queue disciplines of interfaces, groups, lifetimes). */
#ifndef NETARIUM_NODES_APPS_IP_H
#define NETARIUM_NODES_APPS_IP_H

#include "nodes/apps/ip_words.h"
#include "nodes/stack.h"

extern const struct nt_app_type ip_app;
extern const struct nt_app_type arp_app;
extern const struct nt_app_type hostname_app;
extern const struct nt_app_type ss_app;

/* One object of `ip` each, in a file of its own: does what the request says, prints, returns the exit status.
 */
int ip_link(struct nt_app *app, const struct ip_request *request);
int ip_addr(struct nt_app *app, const struct ip_request *request);
int ip_route(struct nt_app *app, const struct ip_request *request);
int ip_neigh(struct nt_app *app, const struct ip_request *request);

/* "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP" and its Ethernet address: the first two
 * lines of both `ip link` and `ip addr`. */
void ip_print_link(struct nt_app *app, uint32_t dev);

/* Tells that something was changed by hand; `what` as in "address 10.0.0.1/24 of eth0 added". */
void ip_tell(struct nt_app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints what the kernel would have said ("RTNETLINK answers: File exists") and returns the status of
 * that, 2. */
int ip_fail(struct nt_app *app, const char *words);

#endif

/* SPDX-License-Identifier: MIT
 * The inside of an embedded host: the machines of protocols/, wired without the simulator. */
#ifndef NETARIUM_EMBED_HOST_H
#define NETARIUM_EMBED_HOST_H

#include "embed/dial.h"
#include "embed/netarium-host.h"
#include "embed/wire.h"
#include "protocols/arp/arp.h"
#include "protocols/icmp/icmp.h"
#include "protocols/ipv4/ipv4.h"
#include "protocols/ipv4/network.h"
#include "protocols/tcp/tcp.h"
#include "protocols/udp/udp.h"

#define HOST_FIRST_FD 3
#define HOST_LAST_FD 65535

/* Errors that only a process has; Linux's numbers. */
enum host_error { HOST_ENOENT = 2, HOST_ENOMEM = 12, HOST_EMFILE = 24 };

struct host_socket; /* sockets.c */

struct nt_host {
    struct dial dial;
    struct wire wire;
    enum nt_host_wire kind;
    uint8_t prefix_length;
    struct mac_address mac;
    struct dial_env arp_env, ip_env, icmp_env, udp_env, tcp_env;
    struct arp arp;
    struct ipv4 ip;
    struct icmp icmp;
    struct udp udp;
    struct ipv4_network udp_network;
    struct tcp tcp;
    struct ipv4_network tcp_network;
    struct host_socket **sockets; /* by number less HOST_FIRST_FD; owned */
    uint32_t socket_room;
    uint32_t lowest_free; /* no number below this is free */
    void (*told)(void *context, int64_t at, const char *kind, const char *words); /* the caller's */
    void *told_context;
};

/* Closes what is open, for nt_host_free. */
void host_sockets_release(struct nt_host *host);

/* A fact in plain words, for whoever listens. */
void host_facts_tell(struct dial *dial, const struct env_kind *kind, const int64_t *values);

#endif

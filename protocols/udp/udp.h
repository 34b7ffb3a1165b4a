/* SPDX-License-Identifier: MIT
 * The User Datagram Protocol: ports on top of IP, and the sockets that stand on them.
 *
 *     udp_send  ->  header, checksum  ->  net_layer            one send is one datagram
 *     net_layer ->  checks  ->  binding_find  ->  the socket's queue  ->  told  ->  udp_receive
 *                               nobody there: "port unreachable", unless it went to many
 *     an ICMP error  ->  the connected socket that sent the datagram: its next call says so
 *
 * There is nothing to negotiate and nothing to remember: no connection, no order, no repetition. "Connected"
 * only means that the socket knows its one peer: it hears nobody else, and it can be told about errors,
 * because an error quotes the ports and only then is it sure whose it is. RFC 768, RFC 1122 4.1.
 *
 * `told` is the last thing that the machine does with a socket in a call, so it may close any socket, its own
 * too. */
#ifndef NETARIUM_PROTOCOLS_UDP_UDP_H
#define NETARIUM_PROTOCOLS_UDP_UDP_H

#include "protocols/binding.h"
#include "protocols/net_layer.h"
#include "protocols/udp/codec.h"
#include "protocols/udp/queue.h"

#define UDP_LAYERS 2           /* families: IPv4, IPv6 */
#define UDP_QUEUE_BYTES 212992 /* default limit of a receive queue, Linux's net.core.rmem_default */
#define UDP_COMPLAINTS 16      /* complaints that a socket keeps until they are read */

/* Facts. */
enum udp_fact {
    UDP_TX,      /* a datagram leaves */
    UDP_RX,      /* a datagram is put into a socket's queue */
    UDP_DROP,    /* a datagram ends here, and why */
    UDP_REFUSED, /* a datagram could not be sent, and why */
    UDP_TOLD,    /* a socket learns of an ICMP error */
    UDP_NO_PORT, /* all ports of the dynamic range are taken */
    UDP_FACTS
};
extern const struct env_kind udp_kinds[UDP_FACTS];

/* What a socket is told. */
enum udp_event { UDP_READABLE = 1, UDP_FAILED = 2 };

/* An ICMP error about a datagram of ours, for a socket that wants them all (Linux: IP_RECVERR). */
struct udp_complaint {
    int error; /* net_error */
    uint8_t type, code;
    uint32_t rest;               /* the second word: next-hop MTU */
    struct net_address reporter; /* who says so */
    struct net_endpoint target;  /* where our datagram was to go */
    int64_t at;
};

struct udp_counters {
    uint64_t sent;       /* datagrams handed to the layer below */
    uint64_t received;   /* datagrams put into queues */
    uint64_t dropped;    /* damaged or malformed */
    uint64_t no_socket;  /* nobody listened on the port */
    uint64_t queue_full; /* the socket did not keep up */
    uint64_t refused;    /* could not be sent */
};

struct udp;

/* The caller's storage for a socket. Set the options at any time; the rest is the machine's. */
struct udp_socket {
    struct binding binding; /* its endpoints; first */
    struct udp *udp;
    void (*told)(struct udp_socket *socket, unsigned events); /* the owner's; may close the socket */
    struct net_address bound_address;                         /* what the owner bound to, while connected */
    bool has_own_port;         /* the owner asked for it by number: disconnecting keeps it */
    bool is_told;              /* a broadcast is being delivered, and this one has its copy */
    bool is_closed_to_receive; /* shutdown */
    bool is_closed_to_send;
    int error; /* pending: the next call says so; 0: none */
    struct udp_queue queue;
    struct udp_complaint *complaints; /* ring of UDP_COMPLAINTS, owned; NULL until needed */
    uint32_t complaint_first, complaint_count;
    struct udp_counters counters;

    uint8_t ttl;           /* option: 0: the default */
    uint8_t group_ttl;     /* option: for groups; 1, RFC 1112 6.1 */
    uint8_t tos;           /* option */
    bool dont_fragment;    /* option */
    bool may_broadcast;    /* option: SO_BROADCAST */
    bool wants_complaints; /* option: IP_RECVERR: soft errors too, and all kept */
};

struct udp {
    struct env *env;
    struct binding_table bindings;
    struct net_layer *layers[UDP_LAYERS]; /* borrowed */
    struct net_layer_user user;           /* how the layers know us */
    struct udp_counters counters;
};

/* Where to send, and from where. Zeros mean: as the socket is. */
struct udp_sending {
    struct net_endpoint to;    /* port 0: the connected peer */
    struct net_address source; /* an own address: reply from the one that was asked, RFC 1122 4.1.3.5 */
    uint32_t interface;        /* for broadcasts and groups: its number and 1 */
    uint8_t ttl;
};

/* Makes the machine; then each layer is added once it is made with &udp->user. */
void udp_init(struct udp *udp, struct env *env);
void udp_add_layer(struct udp *udp, struct net_layer *layer);

/* Sockets must have been closed. */
void udp_release(struct udp *udp);

/* An unbound socket in the caller's storage, with default options. */
void udp_open(struct udp *udp, struct udp_socket *socket,
              void (*told)(struct udp_socket *socket, unsigned events));

/* Gives up port, queue and complaints. The storage may be used again. */
void udp_close(struct udp_socket *socket);

/* Calls: 0 or more is success, else a negated net_error. A pending error is reported by send and receive,
 * once. */

/* Gives it a port of ours, and an address (any: all of them). Port 0 chooses one. */
int udp_bind(struct udp_socket *socket, struct net_endpoint local);

/* Fixes the peer, and the own address by the route to it. No address: undoes that. */
int udp_connect(struct udp_socket *socket, struct net_endpoint peer);

/* Sends one datagram. Returns `count`. `how` may be NULL. */
int64_t udp_send(struct udp_socket *socket, const struct udp_sending *how, const void *bytes, size_t count);

/* Takes the oldest datagram: copies at most `size` bytes of it, the rest of it is gone. Returns the bytes
 * copied; -NET_EAGAIN: there is none. `ret_received` may be NULL. `peeks`: leaves it there. */
int64_t udp_receive(struct udp_socket *socket, void *bytes, size_t size, struct udp_received *ret_received,
                    bool peeks);

/* The pending error (0: none), which is forgotten. Linux: SO_ERROR. */
int udp_take_error(struct udp_socket *socket);

/* The oldest complaint. False: there is none. */
bool udp_take_complaint(struct udp_socket *socket, struct udp_complaint *ret_complaint);

#endif

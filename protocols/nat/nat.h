/* SPDX-License-Identifier: MIT
 * Network address translation: many machines behind one address.
 *
 *      inside                     NAT box                              outside
 *      10.0.0.1:3345  ------->  binding 1: port 5001  ------->  138.76.29.7:5001 -> 128.119.40.186:80
 *      10.0.0.1:3345  <-------  binding 1             <-------  138.76.29.7:5001 <- 128.119.40.186:80
 *
 * Outwards (POSTROUTING, "srcnat") the source of a packet becomes the box's outside address and a port that
 * belongs to this end alone, its *binding* (bindings.h); inwards (PREROUTING, "dstnat") that port is the
 * binding, and the destination becomes the end inside. So it must have begun inside: from outside there is no
 * way to name a machine behind the box, unless a person has made a binding by hand (port forwarding).
 *
 * Two questions tell NAT boxes apart, and here each has three answers (RFC 4787 4.1 and 5):
 *
 *     mapping      does another remote get another port?         filtering    who may send to a binding?
 *     endpoint-independent   no                                              everybody
 *     address                another address does                            whom the inside has sent to, any
 * port address-and-port       another address or port does                    just that address and port
 *
 * The order of reading: rewrite.h (the bytes), ports.h, bindings.h, nat.c (life of a binding), outward.c,
 * inward.c, syn.c (a connection that nobody asked for).
 *
 * Hairpinning: two machines inside may talk to each other by their outside names. Then both ends are
 * rewritten, the destination on the way in, the source on the way out (RFC 4787 REQ-9). ICMP errors are
 * translated both ways, with what they quote; none of them ends or refreshes a binding (RFC 5508 REQ-6).
 *
 * What the box itself sends by its outside address has bindings too, to itself: so no two ever use one port.
 *
 * Simplified: one outside address, which is the interface's at the time, so "paired pooling" (RFC 4787 REQ-2)
 * holds by itself. The box offers no TCP service of its own outside: a SYN that fits no binding is not for
 * it. Protocols other than TCP, UDP and ICMP are not translated, and dropped. Payloads are never touched (RFC
 * 4787 REQ-10). */
#ifndef NETARIUM_PROTOCOLS_NAT_NAT_H
#define NETARIUM_PROTOCOLS_NAT_NAT_H

#include "protocols/ipv4/ipv4.h"
#include "protocols/nat/bindings.h"
#include "protocols/nat/ports.h"
#include "protocols/nat/syn.h"

#define NAT_DESTINATION_PRIORITY (-100) /* nftables: dstnat */
#define NAT_SOURCE_PRIORITY 100         /* nftables: srcnat */

/* What mapping, or filtering, depends on. */
enum nat_dependence { NAT_ENDPOINT_INDEPENDENT, NAT_ADDRESS, NAT_ADDRESS_AND_PORT };
extern const char *const nat_dependence_words[]; /* by enum nat_dependence, ended by NULL */

enum nat_fact {
    NAT_BIND,      /* a binding is made */
    NAT_UNBIND,    /* and ends */
    NAT_OUT,       /* a packet is rewritten on its way out */
    NAT_IN,        /* and in */
    NAT_ERROR_OUT, /* an ICMP error, with what it quotes */
    NAT_ERROR_IN,
    NAT_DROP,
    NAT_SYN_HELD,     /* an unsolicited SYN waits */
    NAT_SYN_ANSWERED, /* its time is over */
    NAT_FACTS
};
extern const struct env_kind nat_kinds[NAT_FACTS];

/* Why a packet ended at the box. The words are nat_reason_words. */
enum nat_reason {
    NAT_NO_PORT,      /* all ports are taken */
    NAT_NO_ROOM,      /* the table of flows is full */
    NAT_FILTERED,     /* there is a binding, and this remote may not use it */
    NAT_NO_BINDING,   /* an answer or an error about nothing that is known */
    NAT_UNREADABLE,   /* cut off, or of a protocol that is not translated */
    NAT_BAD_CHECKSUM, /* an ICMP error that was damaged: RFC 5508 REQ-3 */
    NAT_SYN_NO_ROOM   /* too many unsolicited SYNs at a time */
};
extern const char *const nat_reason_words[];

struct nat_config {
    enum nat_dependence mapping;   /* endpoint-independent: RFC 4787 REQ-1 */
    enum nat_dependence filtering; /* endpoint-independent: RFC 4787 REQ-8 */
    enum nat_assignment assignment;
    uint16_t first_port, last_port; /* the pool */
    bool hairpins;                  /* RFC 4787 REQ-9 */
    bool inbound_refreshes; /* packets from outside keep a UDP or ICMP binding alive: RFC 4787 REQ-6 allows it
                             */
    struct flows_config flows; /* timeouts */
};

struct nat_counters {
    uint64_t out, in;               /* packets translated */
    uint64_t errors_out, errors_in; /* ICMP errors translated */
    uint64_t dropped;               /* by any nat_reason */
    uint64_t exhausted;             /* of these: no port or no room */
    uint64_t filtered;              /* of these: by filtering */
};

/* A packet from inside to inside, between PREROUTING and POSTROUTING. */
struct nat_hairpin {
    bool is_set;
    uint32_t in;            /* the interface that it came in by */
    struct flow_key key;    /* after the destination was rewritten */
    struct flow_end remote; /* whom the sender means: an outside end */
};

struct nat {
    struct env *env;
    struct ipv4 *ip;
    struct nat_config config;
    uint32_t outside; /* the interface */
    struct nat_bindings bindings;
    struct flows flows;         /* between inside ends and remotes; `user` is the binding */
    struct nat_ports *ports[3]; /* owned, by flow_protocol_index - 1; made when needed */
    struct nat_hairpin hairpin;
    struct nat_syns syns;
    struct ipv4_hook_user prerouting, postrouting;
    struct nat_counters counters;
};

struct nat_config nat_config_default(void);

/* Translates what leaves by `outside`. `ip` is borrowed and must outlive this; it needs a defrag too. */
void nat_init(struct nat *nat, struct env *env, struct ipv4 *ip, uint32_t outside,
              const struct nat_config *config);
void nat_release(struct nat *nat);

/* A port forwarding: what comes to `port` outside is for `inside`. False: the port is taken. */
bool nat_forward(struct nat *nat, uint8_t protocol, uint16_t port, struct flow_end inside);

/* When the last flow of a binding expires; ENV_NEVER: never. For inspection. */
int64_t nat_binding_expires(const struct nat_binding *binding);

#endif

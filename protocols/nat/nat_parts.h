/* SPDX-License-Identifier: MIT
 * What the files of the NAT machine share among themselves: nat.c, outward.c, inward.c, syn.c. */
#ifndef NETARIUM_PROTOCOLS_NAT_PARTS_H
#define NETARIUM_PROTOCOLS_NAT_PARTS_H

#include "protocols/nat/nat.h"
#include "protocols/nat/rewrite.h"

enum ipv4_verdict nat_see_outward(struct ipv4_hook_user *user, struct ipv4_passing *passing);
enum ipv4_verdict nat_see_inward(struct ipv4_hook_user *user, struct ipv4_passing *passing);

/* The address that everybody inside borrows; 0.0.0.0: there is none yet. */
static inline struct ipv4_address nat_outside_address(const struct nat *nat)
{
    return nat->ip->interfaces[nat->outside].prefix.address;
}

/* Does the box speak for itself with this address? That, or another of its outside interface. */
static inline bool nat_is_outside(const struct nat *nat, struct ipv4_address address)
{
    struct ipv4_prefix own;
    for (uint32_t i = 0; ipv4_address_at(nat->ip, nat->outside, i, &own); i++)
        if (ipv4_is_equal(own.address, address))
            return true;
    return false;
}

/* Is this a binding of the box to itself? */
static inline bool nat_is_own(const struct nat *nat, const struct nat_binding *binding)
{
    return ipv4_is_equal(binding->inside.address, nat_outside_address(nat));
}

/* The binding for what `inside` sends to `remote`; NULL: there is none. */
struct nat_binding *nat_find(const struct nat *nat, uint8_t protocol, struct flow_end inside,
                             struct flow_end remote);

/* The same, made if there is none. NULL: all ports are taken. A new one needs a flow, or it would stay for
 * ever. */
struct nat_binding *nat_bind(struct nat *nat, uint8_t protocol, struct flow_end inside,
                             struct flow_end remote, uint64_t frame);

/* A packet of `binding` passes, outwards (from inside to the remote) or inwards. False: there is no room for
 * its flow, and the binding is gone if that was all it had. */
bool nat_note(struct nat *nat, struct nat_binding *binding, const struct flow_view *view,
              struct flow_end remote, size_t bytes, bool is_outward);

/* It ends here: counted and told. */
enum ipv4_verdict nat_drop(struct nat *nat, const struct ipv4_passing *passing, enum nat_reason why);

/* RFC 5508 REQ-3: is the checksum of an ICMP message right? */
bool nat_icmp_is_whole(const struct ipv4_passing *passing, const struct flow_view *view);

/* Tells one translation; what comes after goes back to it. */
void nat_tell(struct nat *nat, enum nat_fact fact, uint64_t frame, const struct nat_binding *binding);

#endif

/* SPDX-License-Identifier: MIT
 * DHCP on a machine with a stack: the client that keeps the address of an interface, and where the server
 * hangs its book.
 *
 *     host.c, apps/dhclient.c           somebody wants an address for eth0
 *            |
 *     dhcp.c                            one client for each interface, one socket on port 68 for all
 *        |        \
 *     dhcp_wire.c   stack.c, routes     the address is put on the interface, the gateway into the table
 *
 * The order of things: an ACK comes; stack_set_address asks the link by ARP (RFC 5227) and puts the address
 * on the interface if nobody answers; only then is the client BOUND, and the default route follows. When the
 * lease is over, the route, the address and the name go at once. */
#ifndef NETARIUM_NODES_DHCP_H
#define NETARIUM_NODES_DHCP_H

#include "nodes/dhcp_wire.h"
#include "nodes/stack.h"
#include "protocols/dhcp/client.h"
#include "protocols/dhcp/leases.h"

/* The client of one interface. */
struct dhcp_interface {
    struct stack_interface *interface; /* NULL: nobody wanted one yet */
    struct node_env env;
    struct dhcp_client client;
    uint32_t own_mtu_bytes; /* of the interface, before a server said another */
    /* Called when the client has an address (`grant`), or will not have one (NULL); a command that waits for
     * it. */
    void (*told)(struct dhcp_interface *self, const struct dhcp_grant *grant);
    void *context; /* of told */
};

/* All of DHCP on one machine. Made when first needed; lives as long as the run. */
struct dhcp_machine {
    struct dhcp_wire wire;             /* port 68 */
    struct dhcp_interface *interfaces; /* one for each of the stack's */
    struct node_env book_env;          /* of the server's book; made with it */
    struct dhcp_leases *book;          /* NULL: there was never a server */
};

/* create: declares what DHCP tells. */
void dhcp_declare(struct nt_node *node);

/* The machine's DHCP. start, or later. */
struct dhcp_machine *dhcp_machine_of(struct stack *stack);

/* From now on interface `number` gets its address by DHCP; the one that it has is taken off. `first_wait` as
 * for dhcp_client_start. 0, or a negated nt_error: port 68 is not to be had. */
int dhcp_start(struct stack *stack, uint32_t number, int64_t first_wait);

/* The client of interface `number`, with the socket open; NULL and `*ret_error`: port 68 is not to be had. */
struct dhcp_interface *dhcp_interface_open(struct stack *stack, uint32_t number, int *ret_error);

/* The book of leases, which outlives every server. Running. */
struct dhcp_leases *dhcp_book_of(struct stack *stack);

/* Tables for every stack: the clients, the leases given. */
bool dhcp_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
bool dhcp_lease_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);

/* clang-format off */
#define DHCP_TABLES \
    {.name = "dhcp", \
     .summary = "interfaces that get their address by DHCP; t1, t2 and expires are instants of the run", \
     .columns = {{"interface", NT_UNIT_TEXT}, \
                 {"state", NT_UNIT_WORD, dhcp_state_words}, \
                 {"address", NT_UNIT_IPV4}, \
                 {"prefix", NT_UNIT_NONE}, \
                 {"server", NT_UNIT_IPV4}, \
                 {"gateway", NT_UNIT_IPV4}, \
                 {"dns", NT_UNIT_IPV4}, \
                 {"lease", NT_UNIT_TIME}, \
                 {"t1", NT_UNIT_TIME}, \
                 {"t2", NT_UNIT_TIME}, \
                 {"expires", NT_UNIT_TIME}, \
                 {"declined", NT_UNIT_NONE}}, \
     .row = dhcp_row}, \
    {.name = "leases", \
     .summary = "the book of the DHCP server here: which address is whose; expires is an instant of the run", \
     .columns = {{"address", NT_UNIT_IPV4}, \
                 {"state", NT_UNIT_WORD, dhcp_lease_words}, \
                 {"mac", NT_UNIT_MAC}, \
                 {"name", NT_UNIT_TEXT}, \
                 {"since", NT_UNIT_TIME}, \
                 {"expires", NT_UNIT_TIME}}, \
     .row = dhcp_lease_row}
/* clang-format on */

#endif

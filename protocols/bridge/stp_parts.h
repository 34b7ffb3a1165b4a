/* SPDX-License-Identifier: MIT
 * The procedures of 802.1D-1998 8.6 that the files of the spanning tree share. Not for outsiders. */
#ifndef NETARIUM_PROTOCOLS_BRIDGE_STP_PARTS_H
#define NETARIUM_PROTOCOLS_BRIDGE_STP_PARTS_H

#include "protocols/bridge/stp.h"

/* ---- stp_tree.c: the election ---- */

/* Is this port what its LAN looks to for the root? */
bool stp_is_designated(const struct stp_port *port);

/* Is that news: better than what the port knows, or from the same source? 8.6.2.2. */
bool stp_supersedes(const struct stp_port *port, const struct bpdu *bpdu);

void stp_record_config(struct stp_port *port, const struct bpdu *bpdu); /* 8.6.2 */
void stp_record_timeouts(struct stp *stp, const struct bpdu *bpdu);     /* 8.6.3 */
void stp_configuration_update(struct stp *stp);                         /* 8.6.7 */
void stp_become_designated(struct stp_port *port);                      /* 8.6.10 */
void stp_port_state_selection(struct stp *stp);                         /* 8.6.11 */

/* ---- stp_port.c: states, messages, changes ---- */

/* The one place where a port changes its state. */
void stp_port_move(struct stp_port *port, enum stp_state state, enum stp_rule rule);

void stp_make_forwarding(struct stp_port *port, enum stp_rule rule); /* 8.6.12 */
void stp_make_blocking(struct stp_port *port);                       /* 8.6.13 */
void stp_transmit_config(struct stp_port *port);                     /* 8.6.1 */
void stp_config_generation(struct stp *stp);                         /* 8.6.4 */
void stp_transmit_tcn(struct stp *stp);                              /* 8.6.6 */
void stp_change_detection(struct stp *stp);                          /* 8.6.14 */
void stp_change_acknowledged(struct stp *stp);                       /* 8.6.15 */
void stp_set_changing(struct stp *stp, bool is_changing);

#endif

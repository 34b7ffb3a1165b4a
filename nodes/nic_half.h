/* SPDX-License-Identifier: MIT
 * The part of an interface that a shared line needs: a queue in front of the CSMA/CD machine. Private to
 * nodes/nic*.c. */
#ifndef NETARIUM_NODES_NIC_HALF_H
#define NETARIUM_NODES_NIC_HALF_H

#include "nodes/nic.h"

#define NIC_HALF_QUEUE 1000 /* frames that may wait, unless the cable's scenario says otherwise */

/* Made when the line first says that it is shared. */
struct nic_half *nic_half_new(struct nic *nic);

/* Takes a sealed frame: sends it when it is its turn, drops it if too many wait. */
void nic_half_send(struct nic_half *half, struct nt_frame *frame);

/* The line went up or down, or changed its rate: what waits on a dead line is dropped. */
void nic_half_line(struct nic_half *half);

uint32_t nic_half_held(const struct nic_half *half);

#endif

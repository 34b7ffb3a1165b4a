/* SPDX-License-Identifier: MIT
 * Counting whose a frame is, for nodes that come from plug-ins. The idea stands in custody.c. */
#ifndef NETARIUM_SIM_CUSTODY_H
#define NETARIUM_SIM_CUSTODY_H

#include "sim/netarium.h"

#define CUSTODY_NOTES 16 /* frames that are watched sharply within one event */

/* A frame that a node of a plug-in has at hand in the callback that is under way. */
struct custody_note {
    struct nt_frame *frame; /* NULL: it is gone */
    uint32_t references; /* when the node's own code began, or went on, to run */
    bool is_borrowed;    /* nobody gave it away: it is there until the callback returns */
};

struct custody {
    uint64_t event; /* the number of the event to which the notes belong */
    uint32_t begin; /* the first note of the innermost callback; those before it are of callbacks around it */
    uint32_t count;
    struct custody_note notes[CUSTODY_NOTES];
};

/* What nodes of plug-ins call: as `own`, where frames are concerned with a layer around it. */
void custody_api_of(const struct nt_api *own, struct nt_api *ret_api);

/* The frame is gone, though a node of a plug-in was thought to have it. */
void custody_forget(struct custody *custody, const struct nt_frame *frame);

/* Calls the node's callback of that name. */
void custody_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame);
void custody_transmit(struct nt_node *node, struct nt_port *port, struct nt_frame *frame);
void custody_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense);

#endif

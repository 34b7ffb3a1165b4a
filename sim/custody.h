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
    uint32_t queue_depth; /* disciplines of plug-ins that are at work, one within the other */
    struct custody_note notes[CUSTODY_NOTES];
};

/* A count of a frame's, more or less. At 255 it stays there: nobody can say any more. */
static inline void custody_add(uint8_t *count, int64_t by)
{
    int64_t sum = *count + by;
    if (*count != UINT8_MAX)
        *count = (uint8_t)(sum < 0 ? 0 : sum < UINT8_MAX ? sum : UINT8_MAX);
}

/* One of a frame's two counts; 0 if the frame is gone, which a sanitizer must let us see. */
uint8_t custody_count(const struct nt_frame *frame, const uint8_t *count);

/* What nodes of plug-ins call: as `own`, where frames are concerned with a layer around it. */
void custody_api_of(const struct nt_api *own, struct nt_api *ret_api);

/* The frame is gone, though a node of a plug-in was thought to have it. */
void custody_forget(struct custody *custody, const struct nt_frame *frame);

/* Calls the node's callback of that name. */
void custody_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame);
void custody_transmit(struct nt_node *node, struct nt_port *port, struct nt_frame *frame);
void custody_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense);

/* A layer around a discipline of `plugin` called `name`, in `memory` of custody_queue_bytes, which is the caller's: custody_queue.c. */
const struct nt_queue_ops *custody_queue_new(const struct nt_queue_ops *own, const struct nt_plugin *plugin,
                                             const char *name, void *memory);
size_t custody_queue_bytes(void);

/* What is inside of such a layer; `ops` if it is none. */
const struct nt_queue_ops *custody_queue_own(const struct nt_queue_ops *ops);

#endif

/* SPDX-License-Identifier: MIT
 * Which frames belong to a TCP connection: those that either of its sides sent, and what they became on their
 * way (passed on, translated, cut, duplicated). */
#ifndef NETARIUM_VIEWS_FLOW_FRAMES_H
#define NETARIUM_VIEWS_FLOW_FRAMES_H

#include "views/pictures/connection.h"

struct flow_frames {
    struct session *session; /* borrowed */
    uint8_t *is_sent;        /* by number of the frame, a bit each: sent by one of the sides; owned */
    uint64_t room;           /* numbers that `is_sent` covers */
};

/* The frames of the connections that `wish->flow` asks for. False: there is none, `ret_why` says which there
 * are. */
bool flow_frames_init(struct flow_frames *frames, const struct picture_wish *wish, struct nt_why *ret_why);
void flow_frames_release(struct flow_frames *frames);

bool flow_frames_has(const struct flow_frames *frames, uint64_t frame);

#endif

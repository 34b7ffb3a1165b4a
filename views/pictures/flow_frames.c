/* SPDX-License-Identifier: MIT
 * Which frames belong to a TCP connection. */
#include "views/pictures/flow_frames.h"

#include <stdlib.h>

#define ANCESTORS 16 /* how often a frame is made from another on its way */

static void widen(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct flow_frames *frames = context;
    if (fact == CONNECTION_TX && record->frame >= frames->room)
        frames->room = record->frame + 1;
}

static void mark(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct flow_frames *frames = context;
    if (fact == CONNECTION_TX && record->frame < frames->room)
        frames->is_sent[record->frame / 8] |= (uint8_t)(1u << record->frame % 8);
}

static void visit_all(struct flow_frames *frames, const struct connection *connections, unsigned count,
                      connection_visitor each)
{
    struct connection peer;
    for (unsigned i = 0; i < count; i++) {
        if (connections[i].session != frames->session)
            continue;
        connection_visit(&connections[i], NT_NEVER, each, frames);
        if (connection_peer(&connections[i], &peer))
            connection_visit(&peer, NT_NEVER, each, frames);
    }
}

bool flow_frames_init(struct flow_frames *frames, const struct picture_wish *wish, struct nt_why *ret_why)
{
    struct connection connections[CONNECTIONS_MOST];
    unsigned count = connection_choose_all(connections, wish, ret_why);
    *frames = (struct flow_frames){.session = wish->session};
    if (count == 0)
        return false;
    visit_all(frames, connections, count, widen);
    frames->is_sent = calloc(frames->room / 8 + 1, 1);
    if (!frames->is_sent)
        abort(); /* a bit for each frame; the records about it took hundreds of bytes */
    visit_all(frames, connections, count, mark);
    return true;
}

void flow_frames_release(struct flow_frames *frames)
{
    free(frames->is_sent);
    *frames = (struct flow_frames){0};
}

bool flow_frames_has(const struct flow_frames *frames, uint64_t frame)
{
    struct session_frame about = {.parent = frame};
    for (unsigned i = 0; i < ANCESTORS && about.parent; i++) {
        uint64_t id = about.parent;
        if (id < frames->room && frames->is_sent[id / 8] >> id % 8 & 1)
            return true;
        if (!session_frame(frames->session, id, &about))
            return false;
    }
    return false;
}

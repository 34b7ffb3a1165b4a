/* SPDX-License-Identifier: MIT
 * Raw Ethernet frames, below all protocols: for showing what a cable does. They carry the type 0x88b5, which
 * IEEE 802 sets aside for local experiments, and a counter, so that no two are alike. */
#ifndef NETARIUM_NODES_APPS_RAW_H
#define NETARIUM_NODES_APPS_RAW_H

#include "nodes/stack.h"

/* What raw frames are made of: read from the options that send-raw and load share. */
struct raw_source {
    struct nt_app *app;
    struct stack_interface *interface;
    struct mac_address to, from;
    bool is_from_random; /* a new random source address for each frame */
    uint32_t size_bytes; /* of the frame, check sequence included */
    uint64_t count;      /* frames made so far */
    struct nt_random random;
};

/* Finds the target: a node's name, an Ethernet address, or "broadcast". False: a sentence was printed. */
bool raw_init(struct raw_source *source, struct nt_app *app, const char *to, const char *from,
              int64_t size_bytes);

/* Makes and sends one frame. */
void raw_send(struct raw_source *source);

extern const struct nt_app_type send_raw_app;
extern const struct nt_app_type load_app;

#endif

/* SPDX-License-Identifier: MIT
 * One run of a small network, from its text to its end. */
#ifndef NETARIUM_CLI_PLUGIN_PLAY_H
#define NETARIUM_CLI_PLUGIN_PLAY_H

#include "cli/plugin_scene.h"
#include "sim/run.h"

struct plugin_play {
    struct scenario *scenario;
    struct run *run;
    struct error_list errors;
    struct run_sink sink;
    uint64_t told;    /* a hash of all that was told */
    bool has_crashed; /* the plug-in crashed, or the network failed: `why` says how */
    char why[300];    /* why it could not be opened, or went no further */
};

/* Builds the network, up to just before time zero. False: `why` says what is in the way. To be closed in
 * either case. */
bool plugin_play_open(struct plugin_play *play, const struct registry *registry,
                      const struct plugin_scene *scene, bool listens);
void plugin_play_close(struct plugin_play *play);

/* One event more. False: it is over, or `has_crashed`. */
bool plugin_play_step(struct plugin_play *play);

/* All events that are left. False: has_crashed. */
bool plugin_play_end(struct plugin_play *play);

#endif

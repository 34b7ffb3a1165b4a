/* SPDX-License-Identifier: MIT
 * A small network with built-in nodes, in a session: alice and bob behind a switch, with pings and a lossy
 * cable. */
#ifndef NETARIUM_TESTS_SESSION_SCENE_H
#define NETARIUM_TESTS_SESSION_SCENE_H

#include "session/session.h"

struct scene {
    struct registry registry;
    struct error_list errors;
    struct scenario *scenario;
    struct session *session;
};

/* `text` is a scenario file's. `options` may be NULL. Ends the test if anything is wrong with it. */
void scene_init(struct scene *scene, const char *text, const struct session_options *options);
void scene_release(struct scene *scene);

/* Two hosts, one cable; alice pings bob every second, four times, from 1 s on. */
extern const char scene_two_hosts[];

/* Three hosts at a switch, who ping each other all the time, with losses: about 20 000 events a second. */
extern const char scene_busy[];

uint32_t scene_node(const struct scene *scene, const char *name);

#endif

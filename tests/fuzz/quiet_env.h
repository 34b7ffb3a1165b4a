/* SPDX-License-Identifier: MIT
 * The least environment that a protocol can run in: for fuzzing machines. It listens to every fact (so that
 * every word is looked at), throws away every frame, and lets time pass when told to. */
#ifndef NETARIUM_TESTS_FUZZ_QUIET_ENV_H
#define NETARIUM_TESTS_FUZZ_QUIET_ENV_H

#include "protocols/env.h"
#include "protocols/packet.h"

#define QUIET_TIMERS 8192

struct quiet_env {
    struct env env;
    struct packet_pool pool;
    int64_t now;
    bool is_listening;
    uint32_t random;
    struct env_timer *timers[QUIET_TIMERS];
    size_t timer_count;
    size_t packets; /* neither sent nor given back */
    size_t sent;    /* frames thrown away */
};

void quiet_init(struct quiet_env *quiet);

/* Fails if packets or timers are left. */
void quiet_release(struct quiet_env *quiet);

/* Fires what is due within `duration`, at most 1000 timers. */
void quiet_advance(struct quiet_env *quiet, int64_t duration);

/* Takes a packet that was sent, and looks at all of it. */
void quiet_send(struct quiet_env *quiet, struct packet_out *packet);

/* A copy of exactly these bytes, so that a sanitizer sees the end. The caller frees it. */
uint8_t *quiet_copy(const uint8_t *bytes, size_t length_bytes);

#endif

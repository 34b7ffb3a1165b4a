/* SPDX-License-Identifier: MIT
 * A script, acted out against one embedded host. */
#ifndef NETARIUM_TESTS_SCRIPT_PLAY_H
#define NETARIUM_TESTS_SCRIPT_PLAY_H

#include "tests/script/script.h"

/* The same script is played several times: what it says must not depend on where sequence numbers begin. */
struct play_variant {
    const char *name;
    uint32_t peer_isn;    /* what the script's 0 is on the wire */
    const char *host_isn; /* where the host's numbers begin; NULL: where RFC 6528 says */
};

/* True: everything happened as the script says, and nothing else. `is_loud`: prints each fact that the host
 * tells. */
bool play(const struct script *script, const struct play_variant *variant, bool is_loud,
          struct script_failure *ret_failure);

#endif

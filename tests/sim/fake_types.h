/* SPDX-License-Identifier: MIT
 * A small registry for tests of the loader: types that look like the built-in ones on paper and do nothing.
 *
 * The loader's tests must not change when a built-in type grows a parameter, and must link without the nodes. */
#ifndef NETARIUM_TESTS_SIM_FAKE_TYPES_H
#define NETARIUM_TESTS_SIM_FAKE_TYPES_H

#include "sim/registry.h"

/* Fills an empty registry with:
 *   nodes     host, router, hub (4 ports), link, segment
 *   commands  ping, discard, send-tcp, send-raw, echo, curl; of links alone: cut, mend
 *   parts     queue: drop-tail, red; impair: drop, loss, delay-some */
void fake_registry_fill(struct registry *registry);

#endif

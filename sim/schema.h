/* SPDX-License-Identifier: MIT
 * The JSON Schema of scenario files, made from the same tables that the loader reads by.
 *
 * It gives completion and hints in editors. It knows less than the loader: whether a node exists, a port is free or a
 * command is right is for `netarium check` to say. Draft 2020-12. */
#ifndef NETARIUM_SIM_SCHEMA_H
#define NETARIUM_SIM_SCHEMA_H

#include <stdio.h>

#include "sim/registry.h"

/* Writes the schema for all types of `registry` to `out`; the same text for the same registry. */
void schema_write(const struct registry *registry, FILE *out);

#endif

/* SPDX-License-Identifier: MIT
 * arpspoof, for the list of built-in commands. */
#ifndef NETARIUM_NODES_APPS_ARPSPOOF_H
#define NETARIUM_NODES_APPS_ARPSPOOF_H

#include "sim/netarium.h"

extern const struct nt_app_type arpspoof_app;

#endif

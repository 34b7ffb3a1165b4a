/* SPDX-License-Identifier: MIT
 * What help and list say about TCP beyond its parameters: the profiles side by side, the congestion controls.
 */
#ifndef NETARIUM_CLI_HELP_TCP_H
#define NETARIUM_CLI_HELP_TCP_H

#include "cli/front.h"

/* All settings by their sysctl names, with what each profile sets. */
void help_tcp_profiles(struct outlet *out);

#endif

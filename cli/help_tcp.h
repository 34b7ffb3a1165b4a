/* SPDX-License-Identifier: MIT
 * What help and list say about TCP beyond its parameters: the profiles side by side, the congestion controls.
 */
#ifndef NETARIUM_CLI_HELP_TCP_H
#define NETARIUM_CLI_HELP_TCP_H

#include "cli/front.h"

/* All settings by their sysctl names, with what each profile sets. */
void help_tcp_profiles(struct outlet *out);

/* The congestion control called `name`, with its parameters. False: there is none. */
bool help_tcp_congestion(struct outlet *out, const char *name);

/* The congestion controls, one line each. */
void help_tcp_list(struct outlet *out, size_t indent);

#endif

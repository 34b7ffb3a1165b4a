/* SPDX-License-Identifier: MIT
 * It was built with a header of another version. */
#include "plug.h"

HUB("hub-2", .receive = repeat);
NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {
    .version = 99, .size = sizeof(struct nt_plugin), .name = "wrong-version", .summary = "broken", .nodes = nodes};

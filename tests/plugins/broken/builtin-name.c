/* SPDX-License-Identifier: MIT
 * Its type is called like one that is built in. */
#include "plug.h"

HUB("switch", .receive = repeat);
PLUGIN("builtin-name");

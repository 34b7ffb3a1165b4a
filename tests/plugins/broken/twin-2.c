/* SPDX-License-Identifier: MIT
 * The other one. */
#include "plug.h"

HUB("twin", .receive = repeat);
PLUGIN("the second");

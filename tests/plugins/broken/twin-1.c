/* SPDX-License-Identifier: MIT
 * One of two plug-ins that bring a type of the same name. */
#include "plug.h"

HUB("twin", .receive = repeat);
PLUGIN("the first");

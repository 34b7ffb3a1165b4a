/* SPDX-License-Identifier: MIT
 * Nothing is wrong with this one: what the others would be without their fault. */
#include "plug.h"

HUB("fine", .receive = repeat);
PLUGIN("fine");

/* SPDX-License-Identifier: MIT
 * What the registry looks at before it takes a type in. Only registry.c needs it. */
#ifndef NETARIUM_SIM_REGISTRY_CHECK_H
#define NETARIUM_SIM_REGISTRY_CHECK_H

#include "sim/netarium.h"

/* Each judges a table and fills `ret_type` (zeroed before) with it, completed by zeros where the table is a
 * shorter one of an earlier header. False: `ret_why` says in one sentence what is wrong with it. */
bool registry_check_node(const struct nt_node_type *type, struct nt_node_type *ret_type,
                         struct nt_why *ret_why);
bool registry_check_app(const struct nt_app_type *type, struct nt_app_type *ret_type, struct nt_why *ret_why);

/* One that `is_builtin` may leave its functions to whoever uses it. `ret_ops_bytes`: how long the category's table of functions is today; 0: a category of somebody's own. */
bool registry_check_part(const struct nt_part_type *type, bool is_builtin, struct nt_part_type *ret_type,
                         size_t *ret_ops_bytes, struct nt_why *ret_why);

#endif

/* SPDX-License-Identifier: MIT
 * The types that a scenario may use: nodes, commands and pluggable parts.
 *
 * A registry is filled by a front (the built-in types, then the plug-ins that the person asked for) before anything is
 * loaded, and only read from then on. It borrows the type tables. Order of registration is the order of listings. */
#ifndef NETARIUM_SIM_REGISTRY_H
#define NETARIUM_SIM_REGISTRY_H

#include "sim/netarium.h"

/* Which plug-in a type came with. */
struct registry_origin {
    const void *type;               /* as the registry has it */
    const struct nt_plugin *plugin; /* NULL: it was added alone */
};

struct guard; /* guard.h */

struct registry {
    const struct nt_node_type **nodes; /* owned array of borrowed tables */
    size_t node_count;
    const struct nt_app_type **apps; /* commands of every node that runs applications */
    size_t app_count;
    const struct nt_part_type **parts; /* of all categories */
    size_t part_count;
    const struct nt_plugin *builtin; /* the first that was added */
    const struct nt_plugin *current; /* private: the one that is being added */
    struct registry_origin *origins; /* one for each type */
    size_t origin_count;
    struct guard *guard; /* borrowed: who catches what crashes in a plug-in; NULL: nobody */
    void **owned; /* completed copies of tables that are shorter than today's */
    size_t owned_count;
};

void registry_init(struct registry *registry);
void registry_release(struct registry *registry);

/* Adds all types of a plug-in, or those that are built in, which come first. False: `ret_why` says in one sentence which
 * of them cannot be used and why; the registry may have some of them then, and must not be used. */
bool registry_add(struct registry *registry, const struct nt_plugin *plugin, struct nt_why *ret_why);

/* Each adds one type. False, and `ret_why` says so, if the name is taken (within its category for parts) or the table is
 * not one this simulator understands. A table that ends early (it was built with an older header) is completed by zeros. */
bool registry_add_node(struct registry *registry, const struct nt_node_type *type, struct nt_why *ret_why);
bool registry_add_app(struct registry *registry, const struct nt_app_type *type, struct nt_why *ret_why);
bool registry_add_part(struct registry *registry, const struct nt_part_type *type, struct nt_why *ret_why);

/* "; did you mean ...", or all names, for a part of `category` that is not there. Always terminated. */
void registry_hint(const struct registry *registry, const char *category, const char *name, char *ret_hint, size_t size);

/* The plug-in that brought `type` (one of the registry's own pointers); NULL: it was added alone. */
const struct nt_plugin *registry_origin(const struct registry *registry, const void *type);

/* NULL: no such type. */
const struct nt_node_type *registry_node(const struct registry *registry, const char *name);
const struct nt_app_type *registry_app(const struct registry *registry, const char *name);
const struct nt_part_type *registry_part(const struct registry *registry, const char *category, const char *name);

#endif

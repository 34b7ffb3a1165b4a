/* SPDX-License-Identifier: MIT
 * Private to schema*.c: pieces of a schema. */
#ifndef NETARIUM_SIM_SCHEMA_PARAMS_H
#define NETARIUM_SIM_SCHEMA_PARAMS_H

#include "sim/base/json_write.h"
#include "sim/netarium.h"

/* "name": { and "name": [ ; ended with json_write_end. */
void schema_open_object(struct json_writer *w, const char *name);
void schema_open_list(struct json_writer *w, const char *name);

/* "name": { "type": ..., "description": ... } */
void schema_write_typed(struct json_writer *w, const char *name, const char *type, const char *description);

/* "$ref": "#/$defs/name" */
void schema_write_reference(struct json_writer *w, const char *name);

/* "name": a list whose items are described in "$defs". */
void schema_write_list_of(struct json_writer *w, const char *name, const char *items, const char *description);

/* "name": [ texts ], which end with NULL. */
void schema_write_texts(struct json_writer *w, const char *name, const char *const *texts);

/* One member for each parameter. */
void schema_write_params(struct json_writer *w, const struct nt_param *params);

/* "required": what the loader's own key (NULL: none) and the table demand. */
void schema_write_required(struct json_writer *w, const char *own, const struct nt_param *params);

/* One item of "allOf": if "type" is `name`, then these keys and no others. */
void schema_write_branch(struct json_writer *w, const char *name, const struct nt_param *params,
                         const char *const *own_keys);

/* Under what name "$defs" describes the parts of a category. */
void schema_part_name(const char *category, char *ret_name, size_t size);

/* The members of "$defs" for quantities with units. */
void schema_write_quantities(struct json_writer *w);

#endif

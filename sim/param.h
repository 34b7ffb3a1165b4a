/* SPDX-License-Identifier: MIT
 * Reading one parameter: from text or JSON to a checked value.
 *
 * Node parameters, port parameters, parts (queues, impairments) and the options of commands are all declared in tables
 * of struct nt_param and all read here, so that ranges, units, defaults and suggestions work alike everywhere. */
#ifndef NETARIUM_SIM_PARAM_H
#define NETARIUM_SIM_PARAM_H

#include "sim/netarium.h"

/* Reads `text` as a value of `param` (not MAP, LIST, PART or PARTS). `is_option`: the laxer rules of command lines (a bare
 * number is seconds). `ret_value` borrows `text` and is not marked as given. On failure `ret_why` holds one sentence with what was expected and what was found.
 * Node names are looked up with `find_node`, which returns an id or 0; NULL: any name passes and stays text. */
bool param_read_text(const struct nt_param *param, const char *text, bool is_option,
                     uint32_t (*find_node)(void *context, const char *name), void *context,
                     struct nt_value *ret_value, struct nt_why *ret_why);

/* Number of entries of a table (0 for NULL). */
size_t param_count(const struct nt_param *params);

/* The entry called `name`, or NULL. */
const struct nt_param *param_find(const struct nt_param *params, const char *name);

/* The declared name nearest to `name`, or NULL if none is near. */
const char *param_nearest(const struct nt_param *params, const char *name);

/* What a kind is called and how one is written: "a rate", "10 Mbps". */
const char *param_kind_noun(enum nt_param_kind kind);
const char *param_kind_example(enum nt_param_kind kind);

/* Shows a value the way a person would write it, for help and reports; nothing for one that was not given and has no
 * default. Always terminated. */
void param_show(const struct nt_param *param, const struct nt_value *value, char *ret_text, size_t size);

/* Describes kind, unit, default and range in a few words: "a rate, default 1 Gbps, 1 bps to 10 Tbps". */
void param_describe(const struct nt_param *param, char *ret_text, size_t size);

#endif

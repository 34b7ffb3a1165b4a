/* SPDX-License-Identifier: MIT
 * What pictures ask of nodes: cells of their tables by name, so that nothing here knows a type's inside. */
#ifndef NETARIUM_VIEWS_FACTS_H
#define NETARIUM_VIEWS_FACTS_H

#include "sim/inspect.h"

/* The number in a cell; `missing` if there is no such table, row or column. */
int64_t facts_number(const struct nt_node *node, const char *table, uint32_t row, const char *column,
                     int64_t missing);

/* The cell as people write it; "" if there is none. */
void facts_text(const struct run *run, const struct nt_node *node, const char *table, uint32_t row,
                const char *column, char *ret_text, size_t size);

/* A cable's propagation delay and rate in the direction that leaves by its port `side`; 0 if it does not say.
 */
nt_time facts_delay(const struct nt_node *cable, unsigned side);
int64_t facts_rate(const struct nt_node *cable, unsigned side);
bool facts_is_up(const struct nt_node *cable, unsigned side);

/* Frames that wait to be sent in that direction. */
int64_t facts_waiting(const struct nt_node *cable, unsigned side);

/* The first record told after `at`, by halving; records are in the order of time. From 1 to the number known
 * and 1. */
struct session;
uint64_t facts_record_after(const struct session *session, nt_time at);

#endif

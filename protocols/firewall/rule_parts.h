/* SPDX-License-Identifier: MIT
 * What the readers of a rule share: rule.c (lines and statements), values.c (what a field is compared with).
 */
#ifndef NETARIUM_PROTOCOLS_FIREWALL_RULE_PARTS_H
#define NETARIUM_PROTOCOLS_FIREWALL_RULE_PARTS_H

#include "protocols/firewall/lexer.h"
#include "protocols/firewall/rule.h"

/* A line being read. */
struct rule_reader {
    struct lexer lexer;
    struct firewall_rule *rule;
    struct text *why;
};

/* Reads what stands behind a field: an operator perhaps, then a value or a set. Adds a match to the rule. */
bool rule_read_match(struct rule_reader *reader, const struct firewall_field *field);

/* "expected WHAT, found the word", with the nearest of `words` (may be NULL). Returns false. */
bool rule_refuse(struct rule_reader *reader, const char *what, const char *const *words);

#endif

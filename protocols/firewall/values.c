/* SPDX-License-Identifier: MIT
 * What a field is compared with: 80, http, 1024-65535, 10.0.0.0/8, { 80, 443 }, != new, < 5. */
#include <stdlib.h>
#include <string.h>

#include "protocols/firewall/rule_parts.h"

#define NAMES_MOST 16

/* The words of a table of names, for a hint. */
static void list_names(const struct firewall_name *names, const char *ret_words[NAMES_MOST + 1])
{
    size_t count = 0;
    for (; names[count].name && count < NAMES_MOST; count++)
        ret_words[count] = names[count].name;
    ret_words[count] = NULL;
}

static const struct firewall_name *names_for(enum firewall_value value)
{
    switch (value) {
    case FIREWALL_PORT:
        return firewall_services;
    case FIREWALL_PROTOCOL:
        return firewall_protocols;
    case FIREWALL_ICMP_TYPE:
        return firewall_icmp_types;
    case FIREWALL_STATE:
        return firewall_states;
    default:
        return NULL;
    }
}

static const char *noun_for(enum firewall_value value)
{
    static const char *const nouns[] = {[FIREWALL_INTERFACE] = "the name of an interface such as \"eth0\"",
                                        [FIREWALL_ADDRESS] = "an address such as 10.0.0.1 or 10.0.0.0/8",
                                        [FIREWALL_PORT] = "a port from 0 to 65535",
                                        [FIREWALL_NUMBER] = "a number from 0 to 255",
                                        [FIREWALL_PROTOCOL] = "a protocol such as tcp",
                                        [FIREWALL_ICMP_TYPE] = "an ICMP type such as echo-request",
                                        [FIREWALL_STATE] = "one of new, established, related, invalid"};
    return nouns[value];
}

static uint32_t most_for(enum firewall_value value)
{
    if (value == FIREWALL_ADDRESS)
        return UINT32_MAX;
    return value == FIREWALL_PORT ? 65535 : value == FIREWALL_STATE ? CONNTRACK_STATES - 1 : 255;
}

static bool refuse_value(struct rule_reader *reader, enum firewall_value value)
{
    const char *words[NAMES_MOST + 1];
    const struct firewall_name *names = names_for(value);
    if (names)
        list_names(names, words);
    return rule_refuse(reader, noun_for(value), names ? words : NULL);
}

/* "80" or "http", of `length` characters. */
static bool read_number(const char *word, size_t length, enum firewall_value value, uint32_t *ret_number)
{
    uint64_t number = 0;
    for (const struct firewall_name *name = names_for(value); name && name->name; name++)
        if (strlen(name->name) == length && strncmp(name->name, word, length) == 0) {
            *ret_number = name->number;
            return true;
        }
    if (value == FIREWALL_STATE || length == 0 || length > 5)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (word[i] < '0' || word[i] > '9')
            return false;
        number = number * 10 + (uint64_t)(word[i] - '0');
    }
    *ret_number = (uint32_t)number;
    return number <= most_for(value);
}

static bool read_address(const char *word, size_t length, uint32_t *ret_number)
{
    char text[IPV4_TEXT_SIZE];
    struct ipv4_address address;
    if (length >= sizeof text)
        return false;
    memcpy(text, word, length);
    text[length] = '\0';
    if (!ipv4_parse(text, &address, NULL))
        return false;
    *ret_number = address.value;
    return true;
}

static bool read_one(const char *word, size_t length, enum firewall_value value, uint32_t *ret_number)
{
    return value == FIREWALL_ADDRESS ? read_address(word, length, ret_number)
                                     : read_number(word, length, value, ret_number);
}

/* One value, one range "from-to", or a prefix. */
static bool read_range(const char *word, enum firewall_value value, struct firewall_range *ret_range)
{
    size_t length = strlen(word);
    struct ipv4_prefix prefix;
    if (value == FIREWALL_ADDRESS && strchr(word, '/')) {
        if (!ipv4_prefix_parse(word, &prefix, NULL))
            return false;
        ret_range->from = prefix.address.value & ipv4_mask(prefix.length);
        ret_range->to = prefix.address.value | ~ipv4_mask(prefix.length);
        return true;
    }
    if (read_one(word, length, value, &ret_range->from)) {
        ret_range->to = ret_range->from;
        return true;
    }
    const char *dash = strchr(word, '-');
    bool has_ranges = value == FIREWALL_ADDRESS || value == FIREWALL_PORT || value == FIREWALL_NUMBER;
    return has_ranges && dash && read_one(word, (size_t)(dash - word), value, &ret_range->from) &&
           read_one(dash + 1, strlen(dash + 1), value, &ret_range->to) && ret_range->from <= ret_range->to;
}

/* An interface is remembered by name; firewall_bind makes it a number. */
static bool read_name(struct rule_reader *reader, struct firewall_range *ret_range)
{
    struct firewall_rule *rule = reader->rule;
    size_t length = strlen(reader->lexer.word);
    bool is_name = length > 0 && length < FIREWALL_NAME_SIZE && !strchr("{},;!=<>", reader->lexer.word[0]);
    if (!is_name)
        return refuse_value(reader, FIREWALL_INTERFACE);
    if (rule->name_count == FIREWALL_NAMES) {
        text_add(reader->why, "a rule can name %d interfaces at most", FIREWALL_NAMES);
        return false;
    }
    memcpy(rule->names[rule->name_count], reader->lexer.word, length + 1);
    ret_range->from = ret_range->to = rule->name_count++;
    return true;
}

static bool add_value(struct rule_reader *reader, struct firewall_match *match)
{
    struct firewall_rule *rule = reader->rule;
    struct firewall_range range = {0, 0};
    enum firewall_value value = match->field->value;
    if (rule->range_count == FIREWALL_RANGES) {
        text_add(reader->why, "a rule can compare with %d values at most", FIREWALL_RANGES);
        return false;
    }
    if (value == FIREWALL_INTERFACE ? !read_name(reader, &range)
                                    : !read_range(reader->lexer.word, value, &range))
        return value == FIREWALL_INTERFACE ? false : refuse_value(reader, value);
    rule->ranges[rule->range_count++] = range;
    match->count++;
    lexer_next(&reader->lexer);
    return true;
}

/* { 80, 443 }, or without braces what is usually written so: established,related. */
static bool add_values(struct rule_reader *reader, struct firewall_match *match)
{
    bool has_braces = lexer_takes(&reader->lexer, "{");
    do {
        if (!add_value(reader, match))
            return false;
    } while (lexer_takes(&reader->lexer, ","));
    return !has_braces || lexer_takes(&reader->lexer, "}") ||
           rule_refuse(reader, "a comma or } in the set", NULL);
}

/* < 5 is 0..4, and so on. The value has been read as the match's only range. */
static bool apply_order(struct rule_reader *reader, const struct firewall_match *match, const char *operator)
{
    struct firewall_range *range = &reader->rule->ranges[match->first];
    uint32_t number = range->from, most = most_for(match->field->value);
    bool is_less = operator[0] == '<', is_also_equal = operator[1] == '=';
    if (match->count != 1 || range->from != range->to) {
        text_add(reader->why, "%s takes one value", operator);
        return false;
    }
    if (!is_also_equal && number == (is_less ? 0 : most)) {
        text_add(reader->why, "nothing is %s %u here", is_less ? "less than" : "more than", number);
        return false;
    }
    uint32_t step = is_also_equal ? 0 : 1;
    *range =
        is_less ? (struct firewall_range){0, number - step} : (struct firewall_range){number + step, most};
    return true;
}

bool rule_read_match(struct rule_reader *reader, const struct firewall_field *field)
{
    struct firewall_rule *rule = reader->rule;
    struct lexer *lexer = &reader->lexer;
    char operator[3] = "";
    if (rule->match_count == FIREWALL_MATCHES) {
        text_add(reader->why, "a rule can ask %d questions at most", FIREWALL_MATCHES);
        return false;
    }
    struct firewall_match *match = &rule->matches[rule->match_count++];
    *match = (struct firewall_match){.field = field, .first = rule->range_count};
    match->is_negated = lexer_takes(lexer, "!=");
    bool is_ordered = !lexer->is_quoted && (lexer->word[0] == '<' || lexer->word[0] == '>');
    bool has_order = field->value == FIREWALL_NUMBER || field->value == FIREWALL_PORT;
    if (is_ordered && !has_order)
        return rule_refuse(reader, noun_for(field->value), NULL);
    if (is_ordered) {
        memcpy(operator, lexer->word, 2);
        lexer_next(lexer);
    } else if (!match->is_negated) {
        lexer_takes(lexer, "==");
    }
    return add_values(reader, match) && (!is_ordered || apply_order(reader, match, operator));
}

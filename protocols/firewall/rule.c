/* SPDX-License-Identifier: MIT
 * See rule.h. A line is read from left to right: which chain, then one statement after the other; each
 * statement begins with a word that says what it is. What a field is compared with is read in values.c. */
#include "protocols/firewall/rule.h"

#include <stdlib.h>
#include <string.h>

#include "protocols/firewall/rule_parts.h"
#include "protocols/icmp/codec.h"

#define BURST_DEFAULT 5 /* nftables' */
#define RATE_MOST 1000000

const char *const firewall_verdict_words[] = {"continue", "accept", "drop", "reject", NULL};

static const char *const statement_words[] = {"iifname", "oifname", "ip",     "tcp",      "udp",
                                              "icmp",    "ct",      "limit",  "counter",  "log",
                                              "accept",  "drop",    "reject", "continue", NULL};

bool rule_refuse(struct rule_reader *reader, const char *what, const char *const *words)
{
    const struct lexer *lexer = &reader->lexer;
    if (lexer->has_failed)
        return false; /* told already */
    if (lexer_is_done(lexer))
        text_add(reader->why, "expected %s, found the end of the rule", what);
    else
        text_add(reader->why, "expected %s, found \"%s\"", what, lexer->word);
    const char *nearest = words && lexer->word[0] ? text_nearest(lexer->word, words) : NULL;
    if (nearest)
        text_add(reader->why, "; did you mean \"%s\"?", nearest);
    return false;
}

/* ---- Statements ---- */

/* "tcp dport": the field whose words are next. NULL: refused, or `ret_is_other`: it is no field. */
static const struct firewall_field *read_field(struct rule_reader *reader, bool *ret_is_other)
{
    const char *seconds[8] = {NULL};
    size_t count = 0;
    char first[LEXER_WORD];
    memcpy(first, reader->lexer.word, sizeof first);
    *ret_is_other = false;
    for (const struct firewall_field *field = firewall_fields; field->first; field++) {
        if (reader->lexer.is_quoted || strcmp(field->first, first) != 0)
            continue;
        if (!field->second) {
            lexer_next(&reader->lexer);
            return field;
        }
        seconds[count++] = field->second;
    }
    *ret_is_other = count == 0;
    if (count == 0)
        return NULL;
    lexer_next(&reader->lexer);
    for (const struct firewall_field *field = firewall_fields; field->first; field++)
        if (field->second && strcmp(field->first, first) == 0 && lexer_takes(&reader->lexer, field->second))
            return field;
    char storage[100];
    struct text what = text_in(storage, sizeof storage);
    for (size_t i = 0; i < count; i++)
        text_add(&what, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", seconds[i]);
    text_add(&what, " behind \"%s\"", first);
    rule_refuse(reader, what.start, seconds);
    return NULL;
}

/* "5/second": the price of one packet. */
static bool read_rate(struct rule_reader *reader, int64_t *ret_price)
{
    static const char *const units[] = {"second", "minute", "hour", "day", NULL};
    static const int64_t seconds[] = {1, 60, 3600, 86400};
    char *unit;
    long rate = strtol(reader->lexer.word, &unit, 10);
    if (rate < 1 || rate > RATE_MOST || unit[0] != '/')
        return rule_refuse(reader, "a rate such as 5/second", NULL);
    for (int i = 0; units[i]; i++)
        if (strcmp(unit + 1, units[i]) == 0) {
            *ret_price = seconds[i] * ENV_SECOND / rate;
            lexer_next(&reader->lexer);
            return true;
        }
    return rule_refuse(reader, "/second, /minute, /hour or /day behind the rate", NULL);
}

static bool read_limit(struct rule_reader *reader)
{
    struct firewall_limit *limit = &reader->rule->limit;
    long burst = BURST_DEFAULT;
    if (!lexer_takes(&reader->lexer, "rate"))
        return rule_refuse(reader, "\"rate\" behind \"limit\"", NULL);
    limit->is_over = lexer_takes(&reader->lexer, "over");
    if (!read_rate(reader, &limit->price))
        return false;
    if (lexer_takes(&reader->lexer, "burst")) {
        char *end;
        burst = strtol(reader->lexer.word, &end, 10);
        if (burst < 1 || burst > RATE_MOST || *end)
            return rule_refuse(reader, "a number of packets behind \"burst\"", NULL);
        lexer_next(&reader->lexer);
        if (!lexer_takes(&reader->lexer, "packets"))
            return rule_refuse(reader, "\"packets\" behind the burst", NULL);
    }
    limit->most = limit->saved = limit->price * (int64_t)burst;
    return true;
}

static bool read_log(struct rule_reader *reader)
{
    struct firewall_rule *rule = reader->rule;
    rule->logs = true;
    if (!lexer_takes(&reader->lexer, "prefix"))
        return true;
    if (!reader->lexer.is_quoted)
        return rule_refuse(reader, "a text in quotation marks behind \"prefix\"", NULL);
    if (strlen(reader->lexer.word) >= FIREWALL_PREFIX_SIZE) {
        text_add(reader->why, "the prefix of a log line has %d characters at most", FIREWALL_PREFIX_SIZE - 1);
        return false;
    }
    memcpy(rule->prefix, reader->lexer.word, strlen(reader->lexer.word) + 1);
    lexer_next(&reader->lexer);
    return true;
}

/* "reject with icmp port-unreachable"; alone it means just that, as in nftables. */
static bool read_reject(struct rule_reader *reader)
{
    static const struct {
        const char *word;
        uint8_t code;
    } codes[] = {{"net-unreachable", ICMP_NET_UNREACHABLE},
                 {"host-unreachable", ICMP_HOST_UNREACHABLE},
                 {"prot-unreachable", ICMP_PROTOCOL_UNREACHABLE},
                 {"port-unreachable", ICMP_PORT_UNREACHABLE},
                 {"admin-prohibited", ICMP_ADMINISTRATIVELY_PROHIBITED}};
    static const char *const words[] = {"net-unreachable",  "host-unreachable", "prot-unreachable",
                                        "port-unreachable", "admin-prohibited", NULL};
    reader->rule->verdict = FIREWALL_REJECT;
    reader->rule->icmp_code = ICMP_PORT_UNREACHABLE;
    if (!lexer_takes(&reader->lexer, "with"))
        return true;
    if (!lexer_takes(&reader->lexer, "icmp"))
        return rule_refuse(reader, "\"icmp\" behind \"reject with\"", NULL);
    lexer_takes(&reader->lexer, "type"); /* as older versions of nftables write it */
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (lexer_takes(&reader->lexer, codes[i].word)) {
            reader->rule->icmp_code = codes[i].code;
            return true;
        }
    return rule_refuse(reader, "what to reject with, such as port-unreachable", words);
}

/* The last word of a rule. False and `why` empty: it is none of these. */
static bool read_verdict(struct rule_reader *reader, bool *ret_is_verdict)
{
    *ret_is_verdict = true;
    if (lexer_takes(&reader->lexer, "reject"))
        return read_reject(reader);
    for (int i = FIREWALL_CONTINUE; i <= FIREWALL_DROP; i++)
        if (lexer_takes(&reader->lexer, firewall_verdict_words[i])) {
            reader->rule->verdict = (enum firewall_verdict)i;
            return true;
        }
    *ret_is_verdict = false;
    return true;
}

static bool read_statement(struct rule_reader *reader)
{
    bool is_other;
    const struct firewall_field *field = read_field(reader, &is_other);
    if (field)
        return rule_read_match(reader, field);
    if (!is_other)
        return false;
    if (lexer_takes(&reader->lexer, "limit"))
        return read_limit(reader);
    if (lexer_takes(&reader->lexer, "log"))
        return read_log(reader);
    if (lexer_takes(&reader->lexer, "counter"))
        return true;
    return rule_refuse(reader, "a match or a verdict", statement_words);
}

static bool read_rule(struct rule_reader *reader)
{
    bool is_verdict = false;
    uint32_t statements = 0;
    while (!lexer_is_done(&reader->lexer) && !reader->lexer.has_failed) {
        char word[LEXER_WORD];
        memcpy(word, reader->lexer.word, sizeof word);
        if (!read_verdict(reader, &is_verdict))
            return false;
        if (is_verdict) {
            if (lexer_is_done(&reader->lexer))
                return true;
            if (!reader->lexer.has_failed)
                text_add(reader->why, "nothing may follow \"%s\", found \"%s\"", word, reader->lexer.word);
            return false;
        }
        if (!read_statement(reader))
            return false;
        statements++;
    }
    if (reader->lexer.has_failed)
        return false;
    if (statements > reader->rule->match_count || reader->rule->logs)
        return true; /* it counts or logs, and the next rule decides */
    return rule_refuse(reader, "a verdict such as accept or drop", NULL);
}

/* ---- Lines ---- */

static bool read_chain(struct rule_reader *reader, enum ipv4_hook *ret_chain)
{
    for (int i = 0; i < IPV4_HOOKS; i++)
        if (lexer_takes(&reader->lexer, ipv4_hook_words[i])) {
            *ret_chain = (enum ipv4_hook)i;
            return true;
        }
    return rule_refuse(reader, "a chain: prerouting, input, forward, output or postrouting", ipv4_hook_words);
}

/* "ip filter" in front of a chain, as nftables has it. */
static bool read_table(struct rule_reader *reader)
{
    static const char *const families[] = {"ip", "inet", "bridge", NULL};
    for (int i = 0; families[i]; i++)
        if (lexer_takes(&reader->lexer, families[i])) {
            lexer_next(&reader->lexer);
            return true;
        }
    return rule_refuse(reader, "a family such as ip", families);
}

static bool read_policy(struct rule_reader *reader, enum firewall_verdict *ret_policy)
{
    static const char *const words[] = {"accept", "drop", NULL};
    if (!lexer_takes(&reader->lexer, "policy"))
        return rule_refuse(reader, "\"policy\"", NULL);
    if (lexer_takes(&reader->lexer, "accept"))
        *ret_policy = FIREWALL_ACCEPT;
    else if (lexer_takes(&reader->lexer, "drop"))
        *ret_policy = FIREWALL_DROP;
    else
        return rule_refuse(reader, "accept or drop as the policy", words);
    lexer_takes(&reader->lexer, ";");
    return true;
}

/* "{ type filter hook forward priority 0; policy drop; }": of all this the policy counts. */
static bool read_chain_block(struct rule_reader *reader, enum firewall_verdict *ret_policy)
{
    *ret_policy = FIREWALL_ACCEPT;
    while (!lexer_is_done(&reader->lexer) && strcmp(reader->lexer.word, "policy") != 0 &&
           strcmp(reader->lexer.word, "}") != 0)
        lexer_next(&reader->lexer);
    if (strcmp(reader->lexer.word, "policy") == 0 && !read_policy(reader, ret_policy))
        return false;
    return lexer_takes(&reader->lexer, "}") || rule_refuse(reader, "} at the end of the chain", NULL);
}

static bool read_end(struct rule_reader *reader)
{
    return lexer_is_done(&reader->lexer) && !reader->lexer.has_failed
               ? true
               : rule_refuse(reader, "the end of the line", NULL);
}

bool firewall_read(const char *text, struct firewall_line *ret_line, struct text *why)
{
    *ret_line = (struct firewall_line){0};
    struct rule_reader reader = {lexer_over(text, why), &ret_line->rule, why};
    bool adds = lexer_takes(&reader.lexer, "add");
    ret_line->is_policy = lexer_takes(&reader.lexer, "chain");
    if (adds && !ret_line->is_policy && !lexer_takes(&reader.lexer, "rule"))
        return rule_refuse(&reader, "\"rule\" or \"chain\" behind \"add\"", NULL);
    if (adds && !read_table(&reader))
        return false;
    if (!read_chain(&reader, &ret_line->chain))
        return false;
    if (ret_line->is_policy) {
        bool has_block = lexer_takes(&reader.lexer, "{");
        return (has_block ? read_chain_block(&reader, &ret_line->policy)
                          : read_policy(&reader, &ret_line->policy)) &&
               read_end(&reader);
    }
    ret_line->rule.text = text;
    ret_line->rule.chain = ret_line->chain;
    return read_rule(&reader);
}

bool firewall_rule_uses_state(const struct firewall_rule *rule)
{
    for (uint8_t i = 0; i < rule->match_count; i++)
        if (rule->matches[i].field->value == FIREWALL_STATE)
            return true;
    return false;
}

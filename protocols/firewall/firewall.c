/* SPDX-License-Identifier: MIT
 * See firewall.h. */
#include "protocols/firewall/firewall.h"

#include <string.h>

/* ---- The rules ---- */

void firewall_init(struct firewall *firewall, struct env *env, uint32_t room)
{
    *firewall = (struct firewall){.env = env, .room = room};
    for (int i = 0; i < IPV4_HOOKS; i++)
        firewall->chains[i].policy = FIREWALL_ACCEPT;
    firewall->rules = env_new(env, (room + 1) * sizeof *firewall->rules);
}

void firewall_release(struct firewall *firewall)
{
    if (firewall->ip)
        defrag_release(&firewall->defrag);
    env_free(firewall->env, firewall->rules);
}

void firewall_add(struct firewall *firewall, const struct firewall_line *line)
{
    struct firewall_chain *chain = &firewall->chains[line->chain];
    chain->is_used = true;
    if (line->is_policy) {
        chain->policy = line->policy;
        return;
    }
    assert(firewall->rule_count < firewall->room);
    struct firewall_rule *rule = &firewall->rules[firewall->rule_count++];
    *rule = line->rule;
    rule->number = ++chain->rule_count;
}

static bool bind_match(struct firewall_rule *rule, const struct firewall_match *match,
                       const char *const *names, struct text *why)
{
    for (uint8_t i = match->first; i < match->first + match->count; i++) {
        const char *name = rule->names[rule->ranges[i].from];
        uint32_t number = 0;
        while (names[number] && strcmp(names[number], name) != 0)
            number++;
        if (!names[number]) {
            const char *nearest = text_nearest(name, names);
            text_add(why, "there is no interface \"%s\"", name);
            if (nearest)
                text_add(why, "; did you mean \"%s\"?", nearest);
            return false;
        }
        rule->ranges[i] = (struct firewall_range){number, number};
    }
    return true;
}

bool firewall_bind(struct firewall *firewall, const char *const *names, const struct firewall_rule **ret_rule,
                   struct text *why)
{
    for (uint32_t i = 0; i < firewall->rule_count; i++) {
        struct firewall_rule *rule = &firewall->rules[i];
        for (uint8_t m = 0; m < rule->match_count; m++) {
            bool is_name = rule->matches[m].field->value == FIREWALL_INTERFACE;
            if (is_name && !bind_match(rule, &rule->matches[m], names, why)) {
                *ret_rule = rule;
                return false;
            }
        }
    }
    return true;
}

bool firewall_uses_state(const struct firewall *firewall)
{
    for (uint32_t i = 0; i < firewall->rule_count; i++)
        if (firewall_rule_uses_state(&firewall->rules[i]))
            return true;
    return false;
}

/* ---- Judging ---- */

static bool does_match(const struct firewall_rule *rule, const struct firewall_match *match,
                       const struct firewall_packet *packet)
{
    uint32_t value;
    if (!match->field->read(packet, &value))
        return false;
    for (uint8_t i = match->first; i < match->first + match->count; i++)
        if (rule->ranges[i].from <= value && value <= rule->ranges[i].to)
            return !match->is_negated;
    return match->is_negated;
}

/* Is this packet within the limit, or, where the rule wants those, over it? */
static bool does_keep(struct firewall_limit *limit, int64_t now)
{
    if (limit->price == 0)
        return true;
    int64_t since = now - limit->saved_at;
    limit->saved = limit->saved > limit->most - since ? limit->most : limit->saved + since;
    limit->saved_at = now;
    bool has_one = limit->saved >= limit->price;
    if (has_one)
        limit->saved -= limit->price;
    return has_one != limit->is_over;
}

static bool applies(struct firewall *firewall, struct firewall_rule *rule,
                    const struct firewall_packet *packet)
{
    for (uint8_t i = 0; i < rule->match_count; i++)
        if (!does_match(rule, &rule->matches[i], packet))
            return false;
    return does_keep(&rule->limit, env_now(firewall->env)); /* last: only what matches uses it up */
}

/* Field 0 of a drop is its reason: the rule itself. */
static uint64_t tell_rule(struct firewall *firewall, enum firewall_fact fact,
                          const struct firewall_rule *rule, const struct firewall_packet *packet)
{
    const struct ipv4_header *header = packet->header;
    if (!*firewall->env->is_listening)
        return 0;
    return env_tell(firewall->env, &firewall_kinds[fact], packet->frame,
                    (int64_t)env_text(firewall->env, rule->text), rule->number, rule->chain,
                    header->source.value, header->destination.value, rule->icmp_code);
}

static enum firewall_verdict apply_policy(struct firewall *firewall, enum ipv4_hook hook,
                                          const struct firewall_packet *packet)
{
    struct firewall_chain *chain = &firewall->chains[hook];
    enum firewall_fact fact =
        chain->policy == FIREWALL_DROP ? FIREWALL_TELLS_POLICY_DROP : FIREWALL_TELLS_POLICY_ACCEPT;
    chain->packets++;
    chain->bytes += packet->length_bytes;
    env_because(firewall->env, env_tell(firewall->env, &firewall_kinds[fact], packet->frame, 0, hook,
                                        packet->header->source.value, packet->header->destination.value));
    return chain->policy;
}

const struct firewall_rule *firewall_judge(struct firewall *firewall, enum ipv4_hook chain,
                                           const struct firewall_packet *packet,
                                           enum firewall_verdict *ret_verdict)
{
    static const enum firewall_fact facts[] = {[FIREWALL_ACCEPT] = FIREWALL_TELLS_ACCEPT,
                                               [FIREWALL_DROP] = FIREWALL_TELLS_DROP,
                                               [FIREWALL_REJECT] = FIREWALL_TELLS_REJECT};
    for (uint32_t i = 0; i < firewall->rule_count; i++) {
        struct firewall_rule *rule = &firewall->rules[i];
        if (rule->chain != chain || !applies(firewall, rule, packet))
            continue;
        rule->packets++;
        rule->bytes += packet->length_bytes;
        if (rule->logs)
            tell_rule(firewall, FIREWALL_TELLS_LOG, rule, packet);
        if (rule->verdict == FIREWALL_CONTINUE)
            continue;
        env_because(firewall->env, tell_rule(firewall, facts[rule->verdict], rule, packet));
        *ret_verdict = rule->verdict;
        return rule;
    }
    *ret_verdict = apply_policy(firewall, chain, packet);
    return NULL;
}

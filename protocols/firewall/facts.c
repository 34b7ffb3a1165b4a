/* SPDX-License-Identifier: MIT
 * What a firewall tells the trace: every decision, with the rule that made it. */
#include "protocols/firewall/firewall.h"

static const char *const policy_words[] = {"policy of the chain", NULL};

#define RULE_FIELDS                                                                                          \
    {                                                                                                        \
        {"text", ENV_UNIT_TEXT, NULL}, {"rule", ENV_UNIT_NONE, NULL},                                        \
            {"chain", ENV_UNIT_WORD, ipv4_hook_words}, {"source", ENV_UNIT_IPV4, NULL},                      \
        {                                                                                                    \
            "destination", ENV_UNIT_IPV4, NULL                                                               \
        }                                                                                                    \
    }

#define REJECT_FIELDS                                                                                        \
    {                                                                                                        \
        {"text", ENV_UNIT_TEXT, NULL}, {"rule", ENV_UNIT_NONE, NULL},                                        \
            {"chain", ENV_UNIT_WORD, ipv4_hook_words}, {"source", ENV_UNIT_IPV4, NULL},                      \
            {"destination", ENV_UNIT_IPV4, NULL},                                                            \
        {                                                                                                    \
            "code", ENV_UNIT_NONE, NULL                                                                      \
        }                                                                                                    \
    }

#define POLICY_FIELDS                                                                                        \
    {                                                                                                        \
        {"reason", ENV_UNIT_WORD, policy_words}, {"chain", ENV_UNIT_WORD, ipv4_hook_words},                  \
            {"source", ENV_UNIT_IPV4, NULL},                                                                 \
        {                                                                                                    \
            "destination", ENV_UNIT_IPV4, NULL                                                               \
        }                                                                                                    \
    }

const struct env_kind firewall_kinds[FIREWALL_FACTS] = {
    [FIREWALL_TELLS_ACCEPT] = {"firewall.accept", "{node} lets it pass: rule {rule} '{text}'", NULL,
                               ENV_KIND_CHATTER, RULE_FIELDS},
    [FIREWALL_TELLS_DROP] = {"firewall.drop", "{node} drops it: rule {rule} '{text}'", NULL,
                             ENV_KIND_DROP | ENV_KIND_INTERESTING, RULE_FIELDS},
    [FIREWALL_TELLS_REJECT] = {"firewall.reject", "{node} drops it and says so: rule {rule} '{text}'", NULL,
                               ENV_KIND_DROP | ENV_KIND_INTERESTING, REJECT_FIELDS},
    [FIREWALL_TELLS_LOG] = {"firewall.log", "{node} logs {source} to {destination}: rule {rule} '{text}'",
                            NULL, ENV_KIND_INTERESTING, RULE_FIELDS},
    [FIREWALL_TELLS_POLICY_ACCEPT] = {"firewall.policy_accept",
                                      "{node} lets it pass: no rule of chain {chain} speaks of it", NULL,
                                      ENV_KIND_CHATTER, POLICY_FIELDS},
    [FIREWALL_TELLS_POLICY_DROP] =
        {"firewall.policy_drop",
         "{node} drops it: no rule of chain {chain} lets it pass, and the policy is drop", NULL,
         ENV_KIND_DROP | ENV_KIND_INTERESTING, POLICY_FIELDS},
};

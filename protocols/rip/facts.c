/* SPDX-License-Identifier: MIT
 * What RIP tells the trace: one row for each of its facts, and the words in them. */
#include "protocols/rip/rip.h"

const char *const rip_rule_words[] = {
    "connected", "new", "its next hop says so", "better", "timeout", "interface down", "garbage", NULL};
const char *const rip_occasion_words[] = {"regular", "triggered", "asked", NULL};
const char *const rip_state_words[] = {"connected", "learnt", "gone", NULL};

const struct env_kind rip_kinds[RIP_FACTS] = {
    [RIP_REQUEST_TX] = {"rip.request_tx",
                        "{node} asks all routers on interface {interface} for what they know",
                        "RFC 2453 3.9.1",
                        ENV_KIND_CHATTER,
                        {{"interface", ENV_UNIT_NONE, NULL}}},
    [RIP_REQUEST_RX] = {"rip.request_rx",
                        "{node} is asked by {from} for its distances (destinations named: {entries})",
                        "RFC 2453 3.9.1",
                        ENV_KIND_CHATTER,
                        {{"from", ENV_UNIT_IPV4, NULL}, {"entries", ENV_UNIT_NONE, NULL}}},
    [RIP_UPDATE_TX] =
        {"rip.update_tx",
         "{node} tells {to} its distances by interface {interface} ({occasion}, entries: {entries})",
         "RFC 2453 3.10.2",
         ENV_KIND_CHATTER,
         {{"interface", ENV_UNIT_NONE, NULL},
          {"entries", ENV_UNIT_NONE, NULL},
          {"to", ENV_UNIT_IPV4, NULL},
          {"occasion", ENV_UNIT_WORD, rip_occasion_words}}},
    [RIP_UPDATE_RX] = {"rip.update_rx",
                       "{node} hears the distances of {from} (entries: {entries})",
                       "RFC 2453 3.9.2",
                       ENV_KIND_CHATTER,
                       {{"from", ENV_UNIT_IPV4, NULL},
                        {"entries", ENV_UNIT_NONE, NULL},
                        {"interface", ENV_UNIT_NONE, NULL}}},
    [RIP_ROUTE] =
        {"rip.route",
         "{node}: {destination}/{prefix} was {old} away and is {new} ({rule}; next hop {next_hop})",
         "RFC 2453 3.9.2",
         ENV_KIND_INTERESTING,
         {{"destination", ENV_UNIT_IPV4, NULL},
          {"prefix", ENV_UNIT_NONE, NULL},
          {"old", ENV_UNIT_NONE, NULL},
          {"new", ENV_UNIT_NONE, NULL},
          {"next_hop", ENV_UNIT_IPV4, NULL},
          {"rule", ENV_UNIT_WORD, rip_rule_words}}},
    [RIP_TIMEOUT] = {"rip.timeout",
                     "{node} has heard nothing of {destination}/{prefix} from {from} for {silence}",
                     "RFC 2453 3.8",
                     ENV_KIND_INTERESTING,
                     {{"destination", ENV_UNIT_IPV4, NULL},
                      {"prefix", ENV_UNIT_NONE, NULL},
                      {"from", ENV_UNIT_IPV4, NULL},
                      {"silence", ENV_UNIT_TIME, NULL}}},
    [RIP_TRIGGERED] = {"rip.triggered",
                       "{node} has news and tells them in {delay}",
                       "RFC 2453 3.10.1",
                       ENV_KIND_CHATTER,
                       {{"delay", ENV_UNIT_TIME, NULL}}},
    [RIP_IGNORED] = {"rip.ignored",
                     "{node} ignores what {from} says: {reason}",
                     "RFC 2453 3.9.2",
                     ENV_KIND_INTERESTING,
                     {{"reason", ENV_UNIT_WORD, rip_reason_words},
                      {"from", ENV_UNIT_IPV4, NULL},
                      {"port", ENV_UNIT_NONE, NULL},
                      {"destination", ENV_UNIT_IPV4, NULL}}},
};

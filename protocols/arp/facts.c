/* SPDX-License-Identifier: MIT
 * What ARP tells the trace: the kinds of its facts, and the words in them. */
#include "protocols/arp/arp.h"

const char *const arp_state_words[] = {"NONE",  "INCOMPLETE", "REACHABLE", "STALE",
                                       "PROBE", "FAILED",     "PERMANENT", NULL};

const char *const arp_rule_words[] = {"a packet must go there",
                                      "it answered",
                                      "it asked",
                                      "it announced itself",
                                      "no sign of it for long",
                                      "no answer to the last question",
                                      "a command said so",
                                      "the cache is full",
                                      NULL};

const char *const arp_drop_words[] = {"nobody answers for the next hop", "newer packets wait in its place",
                                      "the neighbour entry was removed", "the neighbour table is full", NULL};

const char *const arp_claim_words[] = {"NONE", "PROBING", "ANNOUNCING", "OWNED", "LOST", NULL};

/* What every change of an entry tells, in this order: see arp_entry_move. */
#define ENTRY_FIELDS                                                                                         \
    {                                                                                                        \
        {"address", ENV_UNIT_IPV4, NULL}, {"mac", ENV_UNIT_MAC, NULL},                                       \
            {"old", ENV_UNIT_WORD, arp_state_words}, {"new", ENV_UNIT_WORD, arp_state_words},                \
            {"rule", ENV_UNIT_WORD, arp_rule_words},                                                         \
    }

const struct env_kind arp_kinds[ARP_FACTS] = {
    [ARP_REQUEST_SENT] = {"arp.request_sent",
                          "{node} asks who has {target}",
                          "RFC 826",
                          0,
                          {{"target", ENV_UNIT_IPV4, NULL},
                           {"try", ENV_UNIT_NONE, NULL},
                           {"to", ENV_UNIT_MAC, NULL}}},
    [ARP_REQUEST_RECEIVED] = {"arp.request_received",
                              "{asker} asks {node} who has {target}",
                              "RFC 826",
                              0,
                              {{"target", ENV_UNIT_IPV4, NULL},
                               {"asker", ENV_UNIT_IPV4, NULL},
                               {"asker_mac", ENV_UNIT_MAC, NULL}}},
    [ARP_REPLY_SENT] = {"arp.reply_sent",
                        "{node} answers {asker}: {address} is at {mac}",
                        "RFC 826",
                        0,
                        {{"address", ENV_UNIT_IPV4, NULL},
                         {"mac", ENV_UNIT_MAC, NULL},
                         {"asker", ENV_UNIT_IPV4, NULL}}},
    [ARP_HELD] = {"arp.held",
                  "{node} keeps a packet for {target} until it is known where that is",
                  "RFC 1122 2.3.2.2",
                  0,
                  {{"target", ENV_UNIT_IPV4, NULL}, {"waiting", ENV_UNIT_FRAMES, NULL}}},
    [ARP_ASKING] = {"arp.asking", "{node} must find {address}: {old} becomes {new}, {rule}", "RFC 826", 0,
                    ENTRY_FIELDS},
    [ARP_LEARNED] = {"arp.learned", "{node} learns that {address} is at {mac}: {rule}", "RFC 826",
                     ENV_KIND_INTERESTING, ENTRY_FIELDS},
    [ARP_AGED] = {"arp.aged", "{node} no longer trusts that {address} is at {mac}: {rule}",
                  "RFC 1122 2.3.2.1", 0, ENTRY_FIELDS},
    [ARP_UNANSWERED] = {"arp.failed", "{node} gives up looking for {address}: {rule}", "RFC 1122 2.3.2.1",
                        ENV_KIND_INTERESTING, ENTRY_FIELDS},
    [ARP_FORGOTTEN] = {"arp.forgotten", "{node} forgets {address}: {rule}", "RFC 1122 2.3.2.1", 0,
                       ENTRY_FIELDS},
    [ARP_DROP] = {"arp.drop",
                  "{node} drops a packet that waited for {target}: {reason}",
                  "RFC 1122 2.3.2.2",
                  ENV_KIND_DROP | ENV_KIND_INTERESTING,
                  {{"reason", ENV_UNIT_WORD, arp_drop_words}, {"target", ENV_UNIT_IPV4, NULL}}},
    [ARP_IGNORED] = {"arp.ignored",
                     "{node} ignores an ARP packet: {reason}",
                     "RFC 826",
                     ENV_KIND_DROP,
                     {{"reason", ENV_UNIT_WORD, arp_reason_words}}},
    [ARP_PROBE_SENT] = {"arp.probe_sent",
                        "{node} asks whether anybody uses {address}",
                        "RFC 5227 2.1.1",
                        0,
                        {{"address", ENV_UNIT_IPV4, NULL}, {"try", ENV_UNIT_NONE, NULL}}},
    [ARP_ANNOUNCED] = {"arp.announced",
                       "{node} tells everybody that {address} is at {mac}",
                       "RFC 5227 2.3",
                       0,
                       {{"address", ENV_UNIT_IPV4, NULL}, {"mac", ENV_UNIT_MAC, NULL}}},
    [ARP_CONFLICT] = {"arp.conflict",
                      "{mac} uses {address}, the address of {node}",
                      "RFC 5227 2.4",
                      ENV_KIND_INTERESTING,
                      {{"address", ENV_UNIT_IPV4, NULL}, {"mac", ENV_UNIT_MAC, NULL}}},
    [ARP_CLAIM_MOVED] = {"arp.claim",
                         "the claim of {node} to {address}: {old} becomes {new}",
                         "RFC 5227",
                         ENV_KIND_INTERESTING,
                         {{"address", ENV_UNIT_IPV4, NULL},
                          {"old", ENV_UNIT_WORD, arp_claim_words},
                          {"new", ENV_UNIT_WORD, arp_claim_words}}},
};

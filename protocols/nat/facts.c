/* SPDX-License-Identifier: MIT
 * What translation tells the trace: each binding, and each packet that went through one, before and after. */
#include "protocols/nat/nat.h"

const char *const nat_reason_words[] = {"all ports are taken",
                                        "there is no room for one more flow",
                                        "nobody inside has sent anything to its sender",
                                        "it belongs to no binding",
                                        "it cannot be translated",
                                        "its ICMP checksum is wrong",
                                        "too many unsolicited SYNs wait",
                                        NULL};

#define BINDING_FIELDS                                                                                       \
    {                                                                                                        \
        {"binding", ENV_UNIT_NONE, NULL}, {"protocol", ENV_UNIT_WORD, flow_protocol_words},                  \
            {"inside", ENV_UNIT_IPV4, NULL}, {"inside_port", ENV_UNIT_NONE, NULL},                           \
            {"outside", ENV_UNIT_IPV4, NULL},                                                                \
        {                                                                                                    \
            "outside_port", ENV_UNIT_NONE, NULL                                                              \
        }                                                                                                    \
    }

const struct env_kind nat_kinds[NAT_FACTS] = {
    [NAT_BIND] =
        {"nat.bind",
         "{node} makes binding {binding}: {protocol} {inside}:{inside_port} is {outside}:{outside_port}",
         "RFC 4787 REQ-1", ENV_KIND_INTERESTING, BINDING_FIELDS},
    [NAT_UNBIND] = {"nat.unbind",
                    "{node} gives up binding {binding}: {protocol} {outside}:{outside_port} is free again",
                    "RFC 4787 REQ-5", ENV_KIND_INTERESTING, BINDING_FIELDS},
    [NAT_OUT] = {"nat.out",
                 "{node} rewrites {inside}:{inside_port} to {outside}:{outside_port}: binding {binding}",
                 "RFC 4787 REQ-1", ENV_KIND_INTERESTING, BINDING_FIELDS},
    [NAT_IN] = {"nat.in",
                "{node} rewrites {outside}:{outside_port} to {inside}:{inside_port}: binding {binding}",
                "RFC 3022 2.2", ENV_KIND_INTERESTING, BINDING_FIELDS},
    [NAT_ERROR_OUT] =
        {"nat.error_out",
         "{node} rewrites an error about {inside}:{inside_port} to {outside}:{outside_port}: binding "
         "{binding}",
         "RFC 5508 REQ-5", ENV_KIND_INTERESTING, BINDING_FIELDS},
    [NAT_ERROR_IN] =
        {"nat.error_in",
         "{node} rewrites an error about {outside}:{outside_port} to {inside}:{inside_port}: binding "
         "{binding}",
         "RFC 5508 REQ-4", ENV_KIND_INTERESTING, BINDING_FIELDS},
    [NAT_DROP] = {"nat.drop",
                  "{node} drops a packet from {source} to {destination}: {reason}",
                  "RFC 4787 REQ-8, RFC 5508 REQ-8",
                  ENV_KIND_DROP | ENV_KIND_INTERESTING,
                  {{"reason", ENV_UNIT_WORD, nat_reason_words},
                   {"source", ENV_UNIT_IPV4, NULL},
                   {"destination", ENV_UNIT_IPV4, NULL},
                   {"protocol", ENV_UNIT_WORD, flow_protocol_words}}},
    [NAT_SYN_HELD] = {"nat.syn_held",
                      "{node} lets an unsolicited SYN from {remote}:{remote_port} to port {port} wait",
                      "RFC 5382 REQ-4",
                      ENV_KIND_INTERESTING,
                      {{"remote", ENV_UNIT_IPV4, NULL},
                       {"remote_port", ENV_UNIT_NONE, NULL},
                       {"outside", ENV_UNIT_IPV4, NULL},
                       {"port", ENV_UNIT_NONE, NULL}}},
    [NAT_SYN_ANSWERED] =
        {"nat.syn_answered",
         "{node} has done with a SYN from {remote}:{remote_port} to port {port}; one went the other "
         "way: {has_crossed}",
         "RFC 5382 REQ-4",
         ENV_KIND_INTERESTING,
         {{"remote", ENV_UNIT_IPV4, NULL},
          {"remote_port", ENV_UNIT_NONE, NULL},
          {"port", ENV_UNIT_NONE, NULL},
          {"has_crossed", ENV_UNIT_BOOL, NULL}}},
};

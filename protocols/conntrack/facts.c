/* SPDX-License-Identifier: MIT
 * What connection tracking tells the trace: when a flow begins, is answered, changes and ends. Of the packets
 * in between it says nothing. */
#include "protocols/conntrack/conntrack.h"

static const char *const drop_words[] = {"there is no room for one more flow", NULL};

const struct env_kind conntrack_kinds[CONNTRACK_FACTS] = {
    [CONNTRACK_FLOW_NEW] = {"conntrack.new",
                            "{node} remembers flow {flow}: {protocol} {from}:{from_port} to {to}:{to_port}",
                            NULL,
                            0,
                            {{"flow", ENV_UNIT_NONE, NULL},
                             {"protocol", ENV_UNIT_WORD, flow_protocol_words},
                             {"from", ENV_UNIT_IPV4, NULL},
                             {"from_port", ENV_UNIT_NONE, NULL},
                             {"to", ENV_UNIT_IPV4, NULL},
                             {"to_port", ENV_UNIT_NONE, NULL}}},
    [CONNTRACK_FLOW_ANSWERED] = {"conntrack.answered",
                                 "{node} sees an answer: flow {flow} is established",
                                 NULL,
                                 0,
                                 {{"flow", ENV_UNIT_NONE, NULL}}},
    [CONNTRACK_FLOW_CLASS] = {"conntrack.tcp",
                              "flow {flow} at {node} was {old} and is {new}",
                              "RFC 9293 3.3.2",
                              0,
                              {{"flow", ENV_UNIT_NONE, NULL},
                               {"old", ENV_UNIT_WORD, flow_class_words},
                               {"new", ENV_UNIT_WORD, flow_class_words}}},
    [CONNTRACK_FLOW_END] = {"conntrack.end",
                            "{node} forgets flow {flow} after {age}: {reason}",
                            "RFC 4787 REQ-5, RFC 5382 REQ-5",
                            0,
                            {{"flow", ENV_UNIT_NONE, NULL},
                             {"reason", ENV_UNIT_WORD, flow_ending_words},
                             {"age", ENV_UNIT_TIME, NULL},
                             {"packets", ENV_UNIT_FRAMES, NULL}}},
    [CONNTRACK_DROP] = {"conntrack.drop",
                        "{node} drops a packet from {from} to {to}: {reason}, it has {limit}",
                        NULL,
                        ENV_KIND_DROP | ENV_KIND_INTERESTING,
                        {{"reason", ENV_UNIT_WORD, drop_words},
                         {"limit", ENV_UNIT_NONE, NULL},
                         {"from", ENV_UNIT_IPV4, NULL},
                         {"to", ENV_UNIT_IPV4, NULL}}},
};

/* SPDX-License-Identifier: MIT
 * What IP tells the trace: the kinds of its facts, and the words in them. Of the datagrams that go well it
 * says little and only when asked: what is inside them speaks for itself. */
#include "protocols/ipv4/ipv4.h"

const char *const ipv4_status_words[] = {
    "sent", "no route", "interface is down", "no address yet", "packet too big", "too much to ourselves",
    NULL};

const struct env_kind ipv4_kinds[IPV4_FACTS] = {
    [IPV4_TX] = {"ip.tx",
                 "{node} sends {bytes} from {source} to {destination} by way of {next_hop}",
                 "RFC 1122 3.3.1",
                 ENV_KIND_CHATTER,
                 {{"source", ENV_UNIT_IPV4, NULL},
                  {"destination", ENV_UNIT_IPV4, NULL},
                  {"next_hop", ENV_UNIT_IPV4, NULL},
                  {"bytes", ENV_UNIT_BYTES, NULL},
                  {"protocol", ENV_UNIT_NONE, NULL},
                  {"ttl", ENV_UNIT_NONE, NULL}}},
    [IPV4_RX] = {"ip.rx",
                 "{node} takes {bytes} from {source} to {destination}",
                 "RFC 1122 3.2.1",
                 ENV_KIND_CHATTER,
                 {{"source", ENV_UNIT_IPV4, NULL},
                  {"destination", ENV_UNIT_IPV4, NULL},
                  {"bytes", ENV_UNIT_BYTES, NULL},
                  {"protocol", ENV_UNIT_NONE, NULL},
                  {"ttl", ENV_UNIT_NONE, NULL}}},
    [IPV4_DROP] = {"ip.drop",
                   "{node} drops a datagram from {source} to {destination}: {reason}",
                   "RFC 1122 3.2.1",
                   ENV_KIND_DROP | ENV_KIND_INTERESTING,
                   {{"reason", ENV_UNIT_WORD, ipv4_reason_words},
                    {"source", ENV_UNIT_IPV4, NULL},
                    {"destination", ENV_UNIT_IPV4, NULL},
                    {"protocol", ENV_UNIT_NONE, NULL}}},
    [IPV4_REFUSED] = {"ip.refused",
                      "{node} cannot send {bytes} to {destination}: {reason}",
                      "RFC 1122 3.3.1",
                      ENV_KIND_INTERESTING,
                      {{"reason", ENV_UNIT_WORD, ipv4_status_words},
                       {"destination", ENV_UNIT_IPV4, NULL},
                       {"bytes", ENV_UNIT_BYTES, NULL},
                       {"protocol", ENV_UNIT_NONE, NULL}}},
};

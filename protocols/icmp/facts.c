/* SPDX-License-Identifier: MIT
 * What ICMP tells the trace, and the errors that it knows by name: in the words of ping. */
#include "protocols/icmp/icmp.h"

const char *const icmp_silence_words[] = {"nothing forbids it",
                                          "never about an ICMP error",
                                          "never about what went to many",
                                          "never about a later fragment",
                                          "its source is not one host",
                                          "too many errors lately",
                                          NULL};

/* Types and codes, in the order of icmp_error_list. */
static const uint8_t errors[][2] = {
    {0, 0}, /* not an error that we know */
    {ICMP_UNREACHABLE, ICMP_NET_UNREACHABLE},
    {ICMP_UNREACHABLE, ICMP_HOST_UNREACHABLE},
    {ICMP_UNREACHABLE, ICMP_PROTOCOL_UNREACHABLE},
    {ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE},
    {ICMP_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED},
    {ICMP_UNREACHABLE, ICMP_SOURCE_ROUTE_FAILED},
    {ICMP_UNREACHABLE, ICMP_ADMINISTRATIVELY_PROHIBITED},
    {ICMP_SOURCE_QUENCH, 0},
    {ICMP_REDIRECT, 0},
    {ICMP_REDIRECT, 1},
    {ICMP_TIME_EXCEEDED, ICMP_TTL_EXCEEDED},
    {ICMP_TIME_EXCEEDED, ICMP_REASSEMBLY_EXCEEDED},
    {ICMP_PARAMETER_PROBLEM, 0},
};

const char *const icmp_error_list[] = {"Unknown Error",
                                       "Destination Net Unreachable",
                                       "Destination Host Unreachable",
                                       "Destination Protocol Unreachable",
                                       "Destination Port Unreachable",
                                       "Frag needed and DF set",
                                       "Source Route Failed",
                                       "Packet filtered",
                                       "Source Quench",
                                       "Redirect Network",
                                       "Redirect Host",
                                       "Time to live exceeded",
                                       "Frag reassembly time exceeded",
                                       "Parameter problem",
                                       NULL};

unsigned icmp_error_index(uint8_t type, uint8_t code)
{
    for (unsigned i = 1; i < sizeof errors / sizeof errors[0]; i++)
        if (errors[i][0] == type && errors[i][1] == code)
            return i;
    return 0;
}

const char *icmp_error_words(uint8_t type, uint8_t code)
{
    return icmp_is_error(type) ? icmp_error_list[icmp_error_index(type, code)] : NULL;
}

/* What an echo tells. */
#define ECHO_FIELDS(peer)                                                                                    \
    {                                                                                                        \
        {peer, ENV_UNIT_IPV4, NULL}, {"id", ENV_UNIT_NONE, NULL}, {"seq", ENV_UNIT_NONE, NULL},              \
            {"bytes", ENV_UNIT_BYTES, NULL}, {"ttl", ENV_UNIT_NONE, NULL},                                   \
    }

/* What an error tells. */
#define ERROR_FIELDS(peer)                                                                                   \
    {                                                                                                        \
        {"what", ENV_UNIT_WORD, icmp_error_list}, {peer, ENV_UNIT_IPV4, NULL},                               \
            {"target", ENV_UNIT_IPV4, NULL}, {"type", ENV_UNIT_NONE, NULL}, {"code", ENV_UNIT_NONE, NULL},   \
            {"rest", ENV_UNIT_NONE, NULL},                                                                   \
    }

const struct env_kind icmp_kinds[ICMP_FACTS] = {
    [ICMP_ECHO_REQUEST_TX] = {"icmp.echo_request_tx",
                              "{node} asks {destination} for an echo: id {id}, seq {seq}", "RFC 792", 0,
                              ECHO_FIELDS("destination")},
    [ICMP_ECHO_REQUEST_RX] = {"icmp.echo_request_rx", "{source} asks {node} for an echo: id {id}, seq {seq}",
                              "RFC 1122 3.2.2.6", 0, ECHO_FIELDS("source")},
    [ICMP_ECHO_REPLY_TX] = {"icmp.echo_reply_tx", "{node} echoes to {destination}: id {id}, seq {seq}",
                            "RFC 1122 3.2.2.6", 0, ECHO_FIELDS("destination")},
    [ICMP_ECHO_REPLY_RX] = {"icmp.echo_reply_rx", "{node} hears the echo of {source}: id {id}, seq {seq}",
                            "RFC 792", 0, ECHO_FIELDS("source")},
    [ICMP_ERROR_TX] = {"icmp.error_tx", "{node} tells {destination} about its datagram to {target}: {what}",
                       "RFC 1122 3.2.2", ENV_KIND_INTERESTING, ERROR_FIELDS("destination")},
    [ICMP_ERROR_RX] = {"icmp.error_rx", "{node} hears from {source} about its datagram to {target}: {what}",
                       "RFC 1122 3.2.2", ENV_KIND_INTERESTING, ERROR_FIELDS("source")},
    [ICMP_SILENT] = {"icmp.silent",
                     "{node} sends no ICMP error to {destination}: {rule}",
                     "RFC 1122 3.2.2",
                     0,
                     {{"rule", ENV_UNIT_WORD, icmp_silence_words},
                      {"destination", ENV_UNIT_IPV4, NULL},
                      {"what", ENV_UNIT_WORD, icmp_error_list}}},
    [ICMP_DROP] = {"icmp.drop",
                   "{node} drops an ICMP message of {source}: {reason}",
                   "RFC 1122 3.2.2",
                   ENV_KIND_DROP,
                   {{"reason", ENV_UNIT_WORD, icmp_reason_words},
                    {"source", ENV_UNIT_IPV4, NULL},
                    {"type", ENV_UNIT_NONE, NULL}}},
};

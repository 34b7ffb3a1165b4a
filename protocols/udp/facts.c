/* SPDX-License-Identifier: MIT
 * What UDP tells the trace. Simplified: addresses of other families than IPv4 show as 0.0.0.0. */
#include "protocols/udp/udp.h"

#define ENDS                                                                                                 \
    {"source", ENV_UNIT_IPV4, NULL}, {"source_port", ENV_UNIT_NONE, NULL},                                   \
        {"destination", ENV_UNIT_IPV4, NULL},                                                                \
    {                                                                                                        \
        "destination_port", ENV_UNIT_NONE, NULL                                                              \
    }

const struct env_kind udp_kinds[UDP_FACTS] = {
    [UDP_TX] = {"udp.tx",
                "{node} sends {bytes} from port {source_port} to {destination} port {destination_port}",
                "RFC 768",
                0,
                {ENDS, {"bytes", ENV_UNIT_BYTES, NULL}}},
    [UDP_RX] = {"udp.rx",
                "{node} queues {bytes} from {source} port {source_port} for port {destination_port}",
                "RFC 768",
                0,
                {ENDS, {"bytes", ENV_UNIT_BYTES, NULL}, {"queued", ENV_UNIT_BYTES, NULL}}},
    [UDP_DROP] =
        {"udp.drop",
         "{node} drops a datagram from {source} port {source_port} to port {destination_port}: {reason}",
         "RFC 1122 4.1.3",
         ENV_KIND_DROP | ENV_KIND_INTERESTING,
         {{"reason", ENV_UNIT_WORD, udp_reason_words}, ENDS, {"bytes", ENV_UNIT_BYTES, NULL}}},
    [UDP_REFUSED] = {"udp.refused",
                     "{node} cannot send {bytes} to {destination} port {destination_port}: {error}",
                     "RFC 768",
                     ENV_KIND_INTERESTING,
                     {{"error", ENV_UNIT_WORD, net_error_list},
                      {"bytes", ENV_UNIT_BYTES, NULL},
                      {"destination", ENV_UNIT_IPV4, NULL},
                      {"destination_port", ENV_UNIT_NONE, NULL}}},
    [UDP_TOLD] =
        {"udp.error",
         "{node} tells the socket on port {port}: {error}, says {source} about a datagram to {destination}",
         "RFC 1122 4.1.3.3",
         ENV_KIND_INTERESTING,
         {{"error", ENV_UNIT_WORD, net_error_list},
          {"port", ENV_UNIT_NONE, NULL},
          {"source", ENV_UNIT_IPV4, NULL},
          {"destination", ENV_UNIT_IPV4, NULL},
          {"type", ENV_UNIT_NONE, NULL},
          {"code", ENV_UNIT_NONE, NULL}}},
    [UDP_NO_PORT] = {"udp.no_port",
                     "{node} has no free port left between {first} and {last}",
                     "RFC 6056 3.3.1",
                     ENV_KIND_INTERESTING,
                     {{"first", ENV_UNIT_NONE, NULL}, {"last", ENV_UNIT_NONE, NULL}}},
};

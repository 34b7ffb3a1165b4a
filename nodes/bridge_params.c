/* SPDX-License-Identifier: MIT
 * What a scenario may say of a bridge or a switch. */
#include "nodes/bridge_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const mode_words[] = {"store-and-forward", "cut-through", NULL};

/* Digits only, up to `most`. */
static bool read_small(const char *text, long most, int64_t *ret_number)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    long number = strtol(text, &end, 10);
    *ret_number = number;
    return !*end && number <= most;
}

static bool parse_cost(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    if (read_small(text, 65535, &ret_value->number) && ret_value->number > 0)
        return true;
    snprintf(ret_why->text, sizeof ret_why->text,
             "expected a path cost from 1 to 65535 such as \"19\", found \"%.40s\"", text);
    return false;
}

static bool parse_port_priority(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    if (read_small(text, 240, &ret_value->number) && ret_value->number % 16 == 0)
        return true;
    snprintf(ret_why->text, sizeof ret_why->text,
             "expected a multiple of 16 from 0 to 240 such as \"128\", found \"%.40s\"", text);
    return false;
}

/* The name of a port; which ones there are is known when all cables are joined. */
static bool parse_port(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    size_t prefix = strlen(BRIDGE_PORT_PREFIX);
    if (strncmp(text, BRIDGE_PORT_PREFIX, prefix) == 0 &&
        read_small(text + prefix, BRIDGE_PORTS_MOST - 1, &ret_value->number))
        return true;
    snprintf(ret_why->text, sizeof ret_why->text, "expected a port such as \"port0\", found \"%.40s\"", text);
    return false;
}

/* clang-format off */
#define PARAMS                                                                                                         \
    {.name = "mac", .kind = NT_PARAM_PARSED, .parse = nic_parse_mac,                                                   \
     .summary = "Ethernet address of the first port, which with the priority is the bridge's identifier; chosen if not given"}, \
    {.name = "stp", .kind = NT_PARAM_BOOLEAN, .default_text = "false",                                                 \
     .summary = "speak the spanning tree protocol (IEEE 802.1D-1998); without it a loop of cables melts the network"}, \
    {.name = "priority", .kind = NT_PARAM_INTEGER, .default_text = "32768", .most = 65535,                             \
     .summary = "upper part of the bridge's identifier: the lowest becomes the root"},                                 \
    {.name = "hello", .kind = NT_PARAM_TIME, .default_text = "2 s", .least = NT_SECOND, .most = 10 * NT_SECOND,        \
     .summary = "time between two messages of the root"},                                                              \
    {.name = "max-age", .kind = NT_PARAM_TIME, .default_text = "20 s", .least = 6 * NT_SECOND, .most = 40 * NT_SECOND, \
     .summary = "time after which news of the root is worth nothing"},                                                 \
    {.name = "forward-delay", .kind = NT_PARAM_TIME, .default_text = "15 s", .least = 4 * NT_SECOND,                   \
     .most = 30 * NT_SECOND, .summary = "time that a port listens, and again that it learns, before it forwards"},     \
    {.name = "port-cost", .kind = NT_PARAM_MAP, .parse = parse_cost,                                                   \
     .summary = "path costs of ports, as in { \"port0\": \"19\" }; by rate if not given"},                             \
    {.name = "port-priority", .kind = NT_PARAM_MAP, .parse = parse_port_priority,                                      \
     .summary = "priorities of ports, as in { \"port0\": \"64\" }; 128 if not given"},                                 \
    {.name = "ageing", .kind = NT_PARAM_TIME, .default_text = "300 s", .least = 10 * NT_SECOND,                        \
     .most = 1000000 * NT_SECOND, .summary = "silence after which an address is forgotten"},                           \
    {.name = "table-size", .kind = NT_PARAM_INTEGER, .default_text = "8192", .least = 1, .most = 1 << 20,              \
     .summary = "addresses that the table holds"},                                                                     \
    {.name = "overflow", .kind = NT_PARAM_WORD, .default_text = "ignore", .words = fdb_overflow_words,                 \
     .summary = "what a full table does with a new address: ignore it, or forget the one that was silent for longest"}, \
    {.name = "static", .kind = NT_PARAM_MAP, .parse = parse_port,                                                                           \
     .summary = "addresses that neither move nor age, as in { \"02:00:00:00:00:07\": \"port0\" }"},                    \
    {.name = "mode", .kind = NT_PARAM_WORD, .default_text = "store-and-forward", .words = mode_words,                  \
     .summary = "wait for the whole frame, or send it on as soon as it is known where to"},                            \
    {.name = "after", .kind = NT_PARAM_INTEGER, .default_text = "112", .least = 112, .most = 12144,                    \
     .summary = "cut-through: bits that must be in, counted from the destination address"},                            \
    {.name = "latency", .kind = NT_PARAM_TIME, .default_text = "0 s", .most = NT_SECOND,                               \
     .summary = "time that a frame spends inside, besides being received"},                                            \
    {.name = "mtu", .kind = NT_PARAM_BYTES, .default_text = "1500", .least = 46, .most = 65535,                        \
     .summary = "most bytes of data in a frame that is forwarded"}
/* clang-format on */

const struct nt_param bridge_params[] = {PARAMS, {0}};

const struct nt_param switch_params[] = {PARAMS,
                                         {.name = "ports",
                                          .kind = NT_PARAM_INTEGER,
                                          .default_text = "24",
                                          .least = 2,
                                          .most = BRIDGE_PORTS_MOST,
                                          .summary = "ports that it has"},
                                         {0}};

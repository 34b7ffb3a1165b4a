/* SPDX-License-Identifier: MIT
 * RIP messages, in tcpdump's and Wireshark's words. The format is in rip/codec.h. RFC 2453. */
#include "protocols/dissect/parts.h"

#include "protocols/rip/codec.h"
#include "sim/base/bytes.h"

static const char *command_word(uint32_t command)
{
    return command == RIP_REQUEST ? "Request" : command == RIP_RESPONSE ? "Response" : NULL;
}

static const char *version_word(uint32_t version)
{
    return version == 1 ? "RIPv1" : version == 2 ? "RIPv2" : NULL;
}

static const char *family_word(uint32_t family)
{
    return family == RIP_FAMILY_IPV4 ? "IP" : family == RIP_FAMILY_NONE ? "Unspecified" : NULL;
}

/* Only infinity needs a word. */
static const char *metric_word(uint32_t metric)
{
    return metric == RIP_INFINITY ? "unreachable" : NULL;
}

void dissect_rip_line(struct text *out, const struct dissect_view *view)
{
    if (view->length_bytes < RIP_HEADER) {
        text_add(out, "[|rip]");
        return;
    }
    const char *command = command_word(view->bytes[0]);
    text_add(out, "RIPv%u, ", view->bytes[1]);
    if (command)
        text_add(out, "%s", command);
    else
        text_add(out, "unknown command %u", view->bytes[0]);
    text_add(out, ", length: %zu", view->length_bytes);
    if (command)
        text_add(out, ", routes: %zu or less", (view->length_bytes - RIP_HEADER) / RIP_RTE);
}

/* ---- The tree ---- */

static const struct dissect_row head_rows[] = {
    {1, "rip.command", "Command", 0, 8, DISSECT_AS_NUMBER, 0, command_word},
    {1, "rip.version", "Version", 8, 8, DISSECT_AS_NUMBER, 0, version_word},
};

/* One entry; places count from its own beginning. */
#define RTE_ADDRESS 2 /* the row of the address */
static const struct dissect_row rte_rows[] = {
    {1, "rip.family", "Address Family", 0, 16, DISSECT_AS_NUMBER, 0, family_word},
    {2, "rip.route_tag", "Route Tag", 16, 16, DISSECT_AS_NUMBER, 0, NULL},
    {2, "rip.ip", "IP Address", 32, 32, DISSECT_AS_IPV4, 0, NULL},
    {2, "rip.netmask", "Netmask", 64, 32, DISSECT_AS_IPV4, 0, NULL},
    {2, "rip.next_hop", "Next Hop", 96, 32, DISSECT_AS_IPV4, 0, NULL},
    {2, "rip.metric", "Metric", 128, 32, DISSECT_AS_NUMBER, 0, metric_word},
};

/* An entry of no family asks for all routes: it has no address. RFC 2453 3.9.1. */
static bool add_rte(struct dissect_tree *tree, const struct dissect_view *rte)
{
    size_t all = sizeof rte_rows / sizeof rte_rows[0];
    if (rte->length_bytes < 2 || bytes_u16(rte->bytes) != RIP_FAMILY_NONE)
        return dissect_rows(tree, rte, rte_rows, all);
    return dissect_rows(tree, rte, rte_rows, RTE_ADDRESS) &&
           dissect_rows(tree, rte, rte_rows + RTE_ADDRESS + 1, all - RTE_ADDRESS - 1);
}

void dissect_rip_tree(struct dissect_tree *tree, const struct dissect_view *view)
{
    dissect_protocol(tree, view, "rip", "Routing Information Protocol", view->length_bytes);
    if (!dissect_rows(tree, view, head_rows, sizeof head_rows / sizeof head_rows[0]))
        return;
    struct dissect_view rte = dissect_inside(view, RIP_HEADER);
    for (size_t i = 0; i < RIP_RTES && rte.length_bytes > 0; i++) {
        if (!add_rte(tree, &rte))
            return;
        rte = dissect_inside(&rte, RIP_RTE);
    }
}

struct dissect_label dissect_rip_label(const struct dissect_view *view)
{
    struct rip_message message;
    enum rip_reason reason = rip_parse(view->bytes, view->length_bytes, &message);
    bool is_malformed = reason == RIP_BAD_LENGTH || reason == RIP_BAD_COMMAND;
    return (struct dissect_label){"RIP", is_malformed ? DISSECT_MALFORMED : DISSECT_RIP};
}

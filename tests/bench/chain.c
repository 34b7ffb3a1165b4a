/* SPDX-License-Identifier: MIT
 * W1: forwarding along a chain. host - R1 ... R8 - host, nine links of 1 Gb/s and 1 us; one flow of UDP
 * datagrams with 1400 bytes of payload, one every 13 us. What is measured is what a router does with a
 * packet: two links, ARP's cache, the routing table, a time to live and its checksum. Nobody listens, so
 * nothing but that is computed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocols/arp/codec.h"
#include "protocols/ethernet/frame.h"
#include "protocols/ipv4/header.h"
#include "sim/base/bytes.h"
#include "tests/bench/run_text.h"

#define ROUTERS 8
#define PACKETS 769230 /* ten seconds of them */
#define PAYLOAD 1400
#define PAUSE (13 * NT_MICROSECOND)
#define SOURCE UINT32_C(0x0a000002)      /* 10.0.0.2 */
#define DESTINATION UINT32_C(0x0a000902) /* 10.0.9.2 */

/* ---- The two ends: as little as a host can be ---- */

struct pump {
    struct nt_event next;
    struct mac_address router;
    uint64_t sent, heard;
};

static void pump_fire(struct nt_event *event)
{
    struct nt_node *node = event->node;
    struct pump *pump = node->state;
    uint32_t length = ETHERNET_HEADER + IPV4_HEADER_MIN + 8 + PAYLOAD;
    struct nt_frame *frame = nt_frame_new(node, 0, length);
    struct ethernet_header header = {pump->router, mac_from_number(UINT64_C(0x020000ffff01)),
                                     ETHERNET_TYPE_IPV4};
    struct ipv4_header ip = {.header_bytes = IPV4_HEADER_MIN,
                             .total_bytes = IPV4_HEADER_MIN + 8 + PAYLOAD,
                             .ttl = 64,
                             .protocol = IPV4_PROTOCOL_UDP,
                             .dont_fragment = true,
                             .source = {SOURCE},
                             .destination = {DESTINATION}};
    uint8_t *udp = frame->bytes + ETHERNET_HEADER + IPV4_HEADER_MIN;
    ethernet_emit(&header, frame->bytes);
    ipv4_header_emit(&ip, frame->bytes + ETHERNET_HEADER);
    memset(udp, 0, 8);
    bytes_put_u16(udp, 5000);
    bytes_put_u16(udp + 2, 9);
    bytes_put_u16(udp + 4, 8 + PAYLOAD);
    nt_frame_seal(node, frame);
    nt_transmit(node->ports[0], frame);
    if (++pump->sent < PACKETS)
        nt_arm(event, nt_now(node) + PAUSE);
}

static void pump_start(struct nt_node *node)
{
    struct pump *pump = node->state;
    nt_event_init(&pump->next, node, pump_fire);
    if (nt_resolve(node, "r1", pump->router.bytes, MAC_BYTES))
        nt_arm(&pump->next, NT_MILLISECOND);
}

static void pump_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    nt_frame_unref(node, frame);
}

static const struct nt_node_type pump_type = {.size = sizeof(struct nt_node_type),
                                              .name = "pump",
                                              .summary = "sends datagrams",
                                              .port_prefix = "eth",
                                              .max_ports = 1,
                                              .state_bytes = sizeof(struct pump),
                                              .start = pump_start,
                                              .receive = pump_receive};

/* Answers the one ARP question and counts the rest. */
static void drain_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct pump *drain = node->state;
    struct arp_packet question;
    if (bytes_u16(frame->bytes + 12) != ETHERNET_TYPE_ARP) {
        drain->heard++;
        nt_frame_unref(node, frame);
        return;
    }
    struct mac_address own = mac_from_number(UINT64_C(0x020000ffff02));
    if (arp_parse(frame->bytes + ETHERNET_HEADER, ARP_BYTES, &question) == ARP_OK) {
        struct nt_frame *answer = nt_frame_new(node, 0, 60);
        struct ethernet_header header = {question.sender_mac, own, ETHERNET_TYPE_ARP};
        struct arp_packet reply = {ARP_REPLY, own, {DESTINATION}, question.sender_mac, question.sender};
        memset(answer->bytes, 0, 60);
        ethernet_emit(&header, answer->bytes);
        arp_emit(&reply, answer->bytes + ETHERNET_HEADER);
        nt_frame_seal(node, answer);
        nt_transmit(port, answer);
    }
    nt_frame_unref(node, frame);
}

static const struct nt_node_type drain_type = {.size = sizeof(struct nt_node_type),
                                               .name = "drain",
                                               .summary = "receives datagrams",
                                               .port_prefix = "eth",
                                               .max_ports = 1,
                                               .state_bytes = sizeof(struct pump),
                                               .receive = drain_receive};

static const struct nt_node_type *const extra_types[] = {&pump_type, &drain_type, NULL};

/* Router i has 10.0.i.x towards the source and 10.0.(i+1).1 towards the destination. */
static int add_router(char *text, size_t size, int i)
{
    char gateway[60] = "";
    if (i < ROUTERS)
        snprintf(gateway, sizeof gateway, ", \"gateway\": \"10.0.%d.2\"", i + 1);
    return snprintf(text, size,
                    ", \"r%d\": {\"type\": \"router\", \"interfaces\": {\"eth0\": \"10.0.%d.%d/24\", "
                    "\"eth1\": \"10.0.%d.1/24\"}%s}",
                    i, i == 1 ? 0 : i, i == 1 ? 1 : 2, i + 1, gateway);
}

bool chain_run(const struct bench_options *options)
{
    static const char cable[] =
        "{\"between\": [\"%s%d%s\", \"%s%d%s\"], \"rate\": \"1 Gbps\", \"delay\": \"1 us\"}";
    char text[6000];
    size_t at = (size_t)snprintf(
        text, sizeof text, "{\"netarium\": 1, \"stop\": \"%d ms\", \"nodes\": {\"a0\": {\"type\": \"pump\"}",
        options->is_brief ? 1000 : 10100);
    for (int i = 1; i <= ROUTERS; i++)
        at += (size_t)add_router(text + at, sizeof text - at, i);
    at += (size_t)snprintf(text + at, sizeof text - at, ", \"b0\": {\"type\": \"drain\"}}, \"links\": [");
    for (int i = 0; i <= ROUTERS; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at, i ? ", " : "");
        at += (size_t)snprintf(text + at, sizeof text - at, cable, i ? "r" : "a", i, i ? ":eth1" : "",
                               i < ROUTERS ? "r" : "b", i < ROUTERS ? i + 1 : 0, i < ROUTERS ? ":eth0" : "");
    }
    snprintf(text + at, sizeof text - at, "]}");
    struct bench_result result = {.workload = "W1", .size = ROUTERS};
    if (!run_text_workload(text, extra_types, &result))
        return false;
    uint64_t least = options->is_brief ? 600000 : (uint64_t)PACKETS * (ROUTERS + 1);
    return result.hops >= least || result_is_wrong("W1", "only %" PRIu64 " hops", result.hops);
}

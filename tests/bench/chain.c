/* SPDX-License-Identifier: MIT
 * W1: forwarding along a chain. host - R1 ... R8 - host, nine links of 1 Gb/s and 1 us; one flow of UDP
 * datagrams with 1400 bytes of payload, one every 13 us (or 18 bytes, one every 747 ns). What is measured is
 * what a router does with a packet: two links, ARP's cache, the routing table, a time to live and its
 * checksum. Nobody listens, so nothing but that is computed; W1-heard is the same with somebody who looks at
 * every frame, so that the plain way is taken, records are told and check sequences are computed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocols/arp/codec.h"
#include "protocols/ethernet/frame.h"
#include "protocols/ipv4/header.h"
#include "sim/base/bytes.h"
#include "sim/run.h"
#include "tests/bench/run_text.h"

#define ROUTERS 8
#define LOST_MOST 100 /* hops that the first datagrams miss, while neighbours are asked for */
#define SOURCE UINT32_C(0x0a000002)      /* 10.0.0.2 */
#define DESTINATION UINT32_C(0x0a000902) /* 10.0.9.2 */

/* ---- The two ends: as little as a host can be ---- */

enum { PARAM_PAYLOAD, PARAM_PAUSE, PARAM_COUNT };

static const struct nt_param pump_params[] = {
    {.name = "payload", .kind = NT_PARAM_BYTES, .summary = "bytes in each datagram"},
    {.name = "pause", .kind = NT_PARAM_TIME, .summary = "from one datagram to the next"},
    {.name = "count", .kind = NT_PARAM_INTEGER, .summary = "datagrams in all"},
    {0}};

struct pump {
    uint32_t payload_bytes;
    nt_time pause;
    uint64_t count;
    struct nt_event next;
    struct mac_address router;
    uint64_t sent, heard;
};

static void pump_fire(struct nt_event *event)
{
    struct nt_node *node = event->node;
    struct pump *pump = node->state;
    uint32_t length = ETHERNET_HEADER + IPV4_HEADER_MIN + 8 + pump->payload_bytes;
    struct nt_frame *frame =
        nt_frame_new(node, 0, length < ETHERNET_MIN_UNSEALED ? ETHERNET_MIN_UNSEALED : length);
    struct ethernet_header header = {pump->router, mac_from_number(UINT64_C(0x020000ffff01)),
                                     ETHERNET_TYPE_IPV4};
    struct ipv4_header ip = {.header_bytes = IPV4_HEADER_MIN,
                             .total_bytes = (uint16_t)(IPV4_HEADER_MIN + 8 + pump->payload_bytes),
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
    bytes_put_u16(udp + 4, (uint16_t)(8 + pump->payload_bytes));
    if (length < ETHERNET_MIN_UNSEALED)
        memset(frame->bytes + length, 0, ETHERNET_MIN_UNSEALED - length);
    nt_frame_seal(node, frame);
    nt_transmit(node->ports[0], frame);
    if (++pump->sent < pump->count)
        nt_arm(event, nt_now(node) + pump->pause);
}

static void pump_create(struct nt_node *node, const struct nt_value *values)
{
    struct pump *pump = node->state;
    pump->payload_bytes = (uint32_t)values[PARAM_PAYLOAD].number;
    pump->pause = values[PARAM_PAUSE].number;
    pump->count = (uint64_t)values[PARAM_COUNT].number;
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
                                              .params = pump_params,
                                              .create = pump_create,
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

/* ---- The workload ---- */

struct flow {
    const char *name;
    int payload_bytes, pause_ns;
    int count;     /* ten seconds of datagrams; of small ones half a second */
    bool is_heard; /* somebody looks at every frame */
};

static const struct flow flows[] = {
    {"W1", 1400, 13000, 769230, false},
    {"W1-small", 18, 747, 669344, false},
    {"W1-heard", 1400, 13000, 769230, true},
};

/* Each first bit is a record, and each router makes a new check sequence, which is computed for who looks. */
static void look_at_frame(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    if (frame)
        run_frame_finish(frame);
}

static void write_text(char *text, size_t size, const struct flow *flow, int count)
{
    static const char cable[] =
        "{\"between\": [\"%s%d%s\", \"%s%d%s\"], \"rate\": \"1 Gbps\", \"delay\": \"1 us\"}";
    size_t at =
        (size_t)snprintf(text, size,
                         "{\"netarium\": 1, \"stop\": \"20 s\", \"nodes\": {\"a0\": {\"type\": \"pump\", "
                         "\"payload\": %d, \"pause\": \"%d ns\", \"count\": %d}",
                         flow->payload_bytes, flow->pause_ns, count);
    for (int i = 1; i <= ROUTERS; i++)
        at += (size_t)add_router(text + at, size - at, i);
    at += (size_t)snprintf(text + at, size - at, ", \"b0\": {\"type\": \"drain\"}}, \"links\": [");
    for (int i = 0; i <= ROUTERS; i++) {
        at += (size_t)snprintf(text + at, size - at, i ? ", " : "");
        at += (size_t)snprintf(text + at, size - at, cable, i ? "r" : "a", i, i ? ":eth1" : "",
                               i < ROUTERS ? "r" : "b", i < ROUTERS ? i + 1 : 0, i < ROUTERS ? ":eth0" : "");
    }
    snprintf(text + at, size - at, "]}");
}

bool chain_run(const struct bench_options *options)
{
    bool is_right = true;
    for (size_t i = 0; i < sizeof flows / sizeof *flows; i++) {
        char text[6000];
        struct run_sink listener = {.take = look_at_frame};
        int count = options->is_brief ? flows[i].count / 10 : flows[i].count;
        struct bench_result result = {.workload = flows[i].name,
                                      .size = (uint64_t)flows[i].payload_bytes,
                                      .sink = flows[i].is_heard ? &listener : NULL};
        if (options->size && options->size != result.size)
            continue;
        write_text(text, sizeof text, &flows[i], count);
        is_right = run_text_workload(text, extra_types, &result) && is_right;
        if (result.hops + LOST_MOST < (uint64_t)count * (ROUTERS + 1))
            is_right = result_is_wrong(result.workload, "only %" PRIu64 " hops", result.hops);
    }
    return is_right;
}

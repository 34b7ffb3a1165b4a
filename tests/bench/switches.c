/* SPDX-License-Identifier: MIT
 * W5: a switched network. Sixteen leaf switches with sixteen hosts each, one root switch; hosts at 1 Gb/s,
 * trunks at 10 Gb/s, 500 ns a cable.
 *
 * Each host sends to random others at exponential gaps with a mean of 1 ms. What it sends is as long as a UDP
 * datagram of 1000 bytes in its frame: 1042 bytes and the check sequence. The tables begin empty, so first
 * frames flood. Random numbers as workloads define them: host i has the seed 1000 + i, the table of gaps the
 * seed 7; 255 k frames and 1.09 M hops in a second. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nodes/nic.h"
#include "tests/bench/run_text.h"

#define LEAVES 16
#define HOSTS 256
#define GAPS 65536
#define FRAME_BYTES 1042
#define TEXT_BYTES 60000

/* ---- A host that talks ---- */

struct chatter {
    struct nic nic;
    struct nt_event next;
    uint64_t random;
    const nt_time *gaps; /* shared by all */
    uint64_t heard;      /* frames for it */
};

static const char gaps_key; /* names the network's table of gaps */

static struct mac_address address_of(uint32_t host)
{
    return mac_from_number(UINT64_C(0x020000010000) + host);
}

static void chatter_send(struct chatter *chatter, uint32_t to)
{
    struct nt_node *node = chatter->nic.port->node;
    struct nt_frame *frame = nt_frame_new(node, 0, FRAME_BYTES);
    struct ethernet_header header = {address_of(to), chatter->nic.mac, 0x88b5};
    ethernet_emit(&header, frame->bytes);
    memset(frame->bytes + ETHERNET_HEADER, 0, 28);
    nic_send(&chatter->nic, frame);
}

static void chatter_fire(struct nt_event *event)
{
    struct chatter *chatter = NT_OWNER(event, struct chatter, next);
    uint32_t self = event->node->ordinal - 1;
    uint32_t to = (uint32_t)((bench_random(&chatter->random) >> 32) * (HOSTS - 1) >> 32);
    chatter_send(chatter, to + (to >= self));
    nt_arm(event, nt_now(event->node) + chatter->gaps[bench_random(&chatter->random) >> 48]);
}

static void chatter_create(struct nt_node *node, const struct nt_value *values)
{
    struct chatter *chatter = node->state;
    bool is_new = false;
    nt_time *gaps = nt_shared(node, &gaps_key, GAPS * sizeof *gaps, &is_new);
    for (int i = 0; is_new && i < GAPS; i++)
        gaps[i] = (nt_time)(-(double)NT_MILLISECOND * log((i + 0.5) / GAPS));
    chatter->gaps = gaps;
    chatter->random = 1000 + node->ordinal - 1;
    nt_event_init(&chatter->next, node, chatter_fire);
}

static void chatter_check(struct nt_node *node)
{
    struct chatter *chatter = node->state;
    nic_init(&chatter->nic, node->ports[0], address_of(node->ordinal - 1), ETHERNET_MTU);
}

static void chatter_start(struct nt_node *node)
{
    struct chatter *chatter = node->state;
    nt_arm(&chatter->next, chatter->gaps[bench_random(&chatter->random) >> 48]);
}

static void chatter_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct chatter *chatter = node->state;
    struct ethernet_header header;
    if (!nic_accept(&chatter->nic, frame, &header))
        return;
    chatter->heard++;
    nt_frame_unref(node, frame);
}

static const struct nt_node_type chatter_type = {.size = sizeof(struct nt_node_type),
                                                 .name = "chatter",
                                                 .summary = "sends frames to random others",
                                                 .port_prefix = "eth",
                                                 .max_ports = 1,
                                                 .state_bytes = sizeof(struct chatter),
                                                 .create = chatter_create,
                                                 .check = chatter_check,
                                                 .start = chatter_start,
                                                 .receive = chatter_receive};

static const struct nt_node_type *const extra_types[] = {&chatter_type, NULL};

/* ---- The network ---- */

static size_t add(char *text, size_t length, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    length += (size_t)vsnprintf(text + length, TEXT_BYTES - length, format, arguments);
    va_end(arguments);
    return length;
}

static void write_network(char *text, const char *type, unsigned stop_ms)
{
    size_t length = add(text, 0, "{\"netarium\": 1, \"nodes\": {\"root\": {\"type\": \"%s\"}", type);
    for (int leaf = 0; leaf < LEAVES; leaf++)
        length = add(text, length, ", \"leaf%d\": {\"type\": \"%s\"}", leaf, type);
    for (int host = 0; host < HOSTS; host++)
        length = add(text, length, ", \"h%d\": {\"type\": \"chatter\"}", host);
    length = add(text, length, "}, \"links\": [");
    for (int leaf = 0; leaf < LEAVES; leaf++)
        length = add(text, length,
                     "%s{\"between\": [\"leaf%d\", \"root\"], \"rate\": \"10 Gbps\", \"delay\": \"500 ns\"}",
                     leaf ? ", " : "", leaf);
    for (int host = 0; host < HOSTS; host++)
        length = add(text, length,
                     ", {\"between\": [\"h%d\", \"leaf%d\"], \"rate\": \"1 Gbps\", \"delay\": \"500 ns\"}",
                     host, host / (HOSTS / LEAVES));
    add(text, length, "], \"stop\": \"%u ms\"}", stop_ms);
}

/* With switches of this type, which `plugin` brings if it is not built in (NULL: it is). */
static bool run_with(const struct bench_options *options, const char *name, const char *type,
                     const char *plugin, double *ret_ns)
{
    struct bench_result result = {.workload = name, .size = HOSTS, .plugin = plugin};
    unsigned stop_ms = options->count ? (unsigned)options->count : options->is_brief ? 100 : 1000;
    char *text = malloc(TEXT_BYTES);
    write_network(text, type, stop_ms);
    bool is_right = run_text_workload(text, extra_types, &result);
    free(text);
    uint64_t frames = (uint64_t)HOSTS * stop_ms;     /* on average one a millisecond, and 3.9 hops each */
    uint64_t flooded = (uint64_t)HOSTS * 2 * HOSTS; /* a host may be sought twice, everywhere, before it speaks */
    if (is_right && (result.hops < frames * 38 / 10 || result.hops > frames * 4 + flooded))
        return result_is_wrong(name, "%" PRIu64 " hops of about %" PRIu64 " frames", result.hops, frames);
    *ret_ns = (result.ended_s - result.ready_s) * 1e9 / (double)(result.per ? result.per : 1);
    return is_right;
}

bool switches_run(const struct bench_options *options)
{
    double ns;
    return run_with(options, "W5", "switch", NULL, &ns);
}

/* The bridge of sixty lines in place of the built-in switch. Both are run several times by turns, and the fastest of
 * each counts. */
bool plugin_run(const struct bench_options *options)
{
    double built_in = 1e9, plugged = 1e9, ns;
    bool is_right = true;
    for (int i = 0; i < (options->is_brief ? 1 : 3) && is_right; i++) {
        is_right = run_with(options, "W5", "switch", NULL, &ns);
        built_in = ns < built_in ? ns : built_in;
        is_right = is_right && run_with(options, "W5-plugin", "small-bridge", SMALL_BRIDGE, &ns);
        plugged = ns < plugged ? ns : plugged;
    }
    if (is_right)
        printf("RATIO workload=W5-plugin plugin_to_built_in=%.3f\n", plugged / built_in);
    return is_right;
}

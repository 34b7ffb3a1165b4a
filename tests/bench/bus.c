/* SPDX-License-Identifier: MIT
 * W4: 64 stations on one cable of 10 Mb/s and 5 us, each with four frames waiting for somebody else, always.
 *
 * It is CSMA/CD to the bit time: signals that travel, collisions where and when they are, jam, dice. So
 * beside the time for each frame it prints what became of the attempts. Nobody listens. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "nodes/nic.h"
#include "sim/run.h"
#include "tests/bench/run_text.h"

#define STATIONS 64
#define WAITING 4
#define TEXT_SIZE 20000

/* ---- A station without a stack ---- */

struct bus_station {
    struct nic nic;
    struct nic_waiter waiter;
    uint64_t dice;
    uint32_t length_bytes; /* of a frame without its check sequence */
    bool has_begun;
};

enum { PARAM_SIZE };

static const struct nt_param station_params[] = {
    {.name = "size", .kind = NT_PARAM_BYTES, .default_text = "1518", .summary = "bytes of a frame"}, {0}};

/* One more frame, for one of the others. */
static void station_send(struct bus_station *station)
{
    struct nt_node *node = station->nic.port->node;
    uint32_t other = (uint32_t)((bench_random(&station->dice) >> 32) * (STATIONS - 1) >> 32) + 1;
    uint32_t number = (node->ordinal - 1 + other) % STATIONS + 1;
    struct nt_frame *frame = nt_frame_new(node, 0, station->length_bytes);
    struct ethernet_header header = {mac_from_number(number), station->nic.mac, 0x88b5};
    memset(frame->bytes, 0, frame->length_bytes);
    ethernet_emit(&header, frame->bytes);
    nic_send(&station->nic, frame);
}

static void station_done(struct nic_waiter *waiter, struct nic *nic, bool is_sent)
{
    station_send(NT_OWNER(nic, struct bus_station, nic));
}

static void station_create(struct nt_node *node, const struct nt_value *values)
{
    struct bus_station *station = node->state;
    station->length_bytes = (uint32_t)values[PARAM_SIZE].number - ETHERNET_FCS;
    station->dice = 999 + node->ordinal;
    nic_declare(node);
}

static void station_check(struct nt_node *node)
{
    struct bus_station *station = node->state;
    nic_init(&station->nic, node->ports[0], mac_from_number(node->ordinal), 1500);
    station->waiter.done = station_done;
    station->nic.waiter = &station->waiter;
}

static void station_line(struct nt_node *node, struct nt_port *port)
{
    struct bus_station *station = node->state;
    nic_line(&station->nic);
    for (int i = 0; i < WAITING && !station->has_begun; i++)
        station_send(station);
    station->has_begun = true;
}

static void station_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense)
{
    nic_sense(&((struct bus_station *)node->state)->nic, sense);
}

static void station_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct ethernet_header header;
    if (nic_accept(&((struct bus_station *)node->state)->nic, frame, &header))
        nt_frame_unref(node, frame);
}

static uint64_t station_held(const struct nt_node *node)
{
    return nic_held(&((const struct bus_station *)node->state)->nic);
}

static const struct nt_node_type station_type = {.size = sizeof(struct nt_node_type),
                                                 .name = "station",
                                                 .summary = "always has four frames waiting",
                                                 .params = station_params,
                                                 .port_prefix = "eth",
                                                 .max_ports = 1,
                                                 .state_bytes = sizeof(struct bus_station),
                                                 .create = station_create,
                                                 .check = station_check,
                                                 .line = station_line,
                                                 .sense = station_sense,
                                                 .receive = station_receive,
                                                 .held = station_held};

/* ---- The workload ---- */

static void write_text(char *text, uint64_t size_bytes, uint64_t stop_ms)
{
    size_t used =
        (size_t)snprintf(text, TEXT_SIZE,
                         "{\"netarium\": 1, \"nodes\": {\"bus\": {\"type\": \"segment\", \"medium\": "
                         "\"custom\", \"velocity\": \"77 %%\", \"length\": \"1154200 mm\"}");
    for (int i = 0; i < STATIONS; i++)
        used +=
            (size_t)snprintf(text + used, TEXT_SIZE - used,
                             ", \"s%d\": {\"type\": \"station\", \"size\": \"%" PRIu64 "\"}", i, size_bytes);
    used += (size_t)snprintf(text + used, TEXT_SIZE - used, "}, \"links\": [");
    for (int i = 0; i < STATIONS; i++)
        used += (size_t)snprintf(text + used, TEXT_SIZE - used, "%s{\"tap\": \"bus\", \"of\": \"s%d\"}",
                                 i ? ", " : "", i);
    snprintf(text + used, TEXT_SIZE - used, "], \"stop\": \"%" PRIu64 " ms\"}", stop_ms);
}

/* What became of the attempts, over all stations. */
static void print_counts(const struct run *run, const struct bench_result *result)
{
    uint64_t sent = 0, collisions = 0, given_up = 0;
    for (int i = 0; i < STATIONS; i++) {
        char name[8];
        snprintf(name, sizeof name, "s%d", i);
        const struct bus_station *station = run_node_named(run, name)->state;
        const struct mac_counters *counters = &nic_mac(&station->nic)->counters;
        sent += counters->sent;
        collisions += counters->collisions;
        given_up += counters->excessive;
    }
    double seconds = (double)run_now(run) / NT_SECOND, frames = (double)sent;
    printf("       W4: %.3f Mb/s, %.0f frames/s, %.2f collided attempts a frame, %.2f %% given up, %.2f "
           "events a "
           "frame\n",
           frames * (double)result->size * 8 / seconds / 1e6, frames / seconds, (double)collisions / frames,
           (double)given_up * 100 / (frames + (double)given_up), (double)run_event_count(run) / frames);
}

bool bus_run(const struct bench_options *options)
{
    static const struct nt_node_type *const types[] = {&station_type, NULL};
    static const uint64_t sizes[] = {1518, 64};
    bool is_right = true;
    uint64_t stop_ms = options->count ? options->count : options->is_brief ? 10000 : 100000;
    for (size_t i = 0; i < 2; i++) {
        char text[TEXT_SIZE];
        struct bench_result result = {.workload = "W4", .size = sizes[i], .look = print_counts};
        if (options->size && options->size != sizes[i])
            continue;
        write_text(text, sizes[i], stop_ms);
        is_right = run_text_workload(text, types, &result) && is_right;
        if (result.hops * sizes[i] * 8 < stop_ms * 5000) /* half of 10 Mb/s: C-10 says 0.5 for 100 stations */
            is_right = result_is_wrong("W4", "only %" PRIu64 " frames", result.hops);
    }
    return is_right;
}

/* SPDX-License-Identifier: MIT
 * The pretended network of stub_run.h. */
#include "tests/sim/stub_run.h"

#include <assert.h>
#include <string.h>

static const char *const state_words[] = {"CLOSED", "SYN-SENT", "ESTABLISHED", "TIME-WAIT", NULL};
static const char *const socket_words[] = {"listening", "established", NULL};

static const struct nt_kind kinds[] = {
    [STUB_FRAME_TX] = {.name = "frame.tx",
                       .fields = {{"length", NT_UNIT_BYTES, NULL},
                                  {"air_time", NT_UNIT_TIME, NULL},
                                  {"parent", NT_UNIT_FRAME, NULL}}},
    [STUB_FRAME_RX] = {.name = "frame.rx", .fields = {{"length", NT_UNIT_BYTES, NULL}}},
    [STUB_FRAME_DROP] = {.name = "frame.drop",
                         .flags = NT_KIND_DROP,
                         .fields = {{"reason", NT_UNIT_TEXT, NULL}, {"length", NT_UNIT_BYTES, NULL}}},
    [STUB_COLLISION] = {.name = "collision"},
    [STUB_ARP_REQUEST] = {.name = "arp.request", .fields = {{"target", NT_UNIT_IPV4, NULL}}},
    [STUB_ARP_REPLY] = {.name = "arp.reply",
                        .fields = {{"target", NT_UNIT_IPV4, NULL}, {"mac", NT_UNIT_MAC, NULL}}},
    [STUB_TCP_CWND] = {.name = "tcp.cwnd",
                       .flags = NT_KIND_GAUGE,
                       .fields = {{"cwnd", NT_UNIT_BYTES, NULL}, {"flight", NT_UNIT_BYTES, NULL}}},
    [STUB_TCP_SSTHRESH] = {.name = "tcp.ssthresh",
                           .flags = NT_KIND_GAUGE,
                           .fields = {{"ssthresh", NT_UNIT_BYTES, NULL}}},
    [STUB_TCP_STATE] = {.name = "tcp.state",
                        .flags = NT_KIND_GAUGE,
                        .fields = {{"state", NT_UNIT_WORD, state_words}}},
    [STUB_TCP_RETRANSMIT] = {.name = "tcp.retransmit",
                             .fields = {{"seq", NT_UNIT_NONE, NULL}, {"by_timeout", NT_UNIT_BOOL, NULL}}},
    [STUB_QUEUE_LENGTH] = {.name = "queue.length",
                           .flags = NT_KIND_GAUGE,
                           .fields = {{"length", NT_UNIT_FRAMES, NULL}}},
    [STUB_LINK_LOSS] = {.name = "link.loss",
                        .flags = NT_KIND_GAUGE,
                        .fields = {{"share", NT_UNIT_PPM, NULL}}},
};

/* ---- Tables ---- */

static bool arp_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    static const struct {
        int64_t address, mac, waiting;
    } rows[] = {{0x0a000002, 0x020000000002, 1}, {0x0a000003, 0x020000000003, 2}};
    if (index >= 2)
        return false;
    ret_cells[0].number = rows[index].address;
    ret_cells[1].number = rows[index].mac;
    ret_cells[2].number = rows[index].waiting;
    return true;
}

static bool ping_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    if (index >= 1)
        return false;
    ret_cells[0].number = 5;
    ret_cells[1].number = 4;
    ret_cells[2].number = 1500 * NT_MICROSECOND;
    return true;
}

static bool sockets_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    static const char *const names[] = {"web", "mail", "name service"};
    if (index >= 3)
        return false;
    strcpy(ret_cells[0].text, names[index]);
    ret_cells[1].number = index != 1;
    ret_cells[2].number = 100 * (int64_t)(index + 1);
    strcpy(ret_cells[3].text, "tcp");
    ret_cells[4].number = 1;
    return true;
}

static bool empty_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    return false;
}

static const struct nt_table host_tables[] = {
    {.name = "arp",
     .columns = {{"address", NT_UNIT_IPV4, NULL},
                 {"mac", NT_UNIT_MAC, NULL},
                 {"waiting", NT_UNIT_FRAMES, NULL}},
     .row = arp_row},
    {.name = "ping",
     .columns = {{"sent", NT_UNIT_FRAMES, NULL},
                 {"received", NT_UNIT_FRAMES, NULL},
                 {"rtt", NT_UNIT_TIME, NULL}},
     .row = ping_row},
    {.name = "sockets",
     .columns = {{"name", NT_UNIT_TEXT, NULL},
                 {"state", NT_UNIT_WORD, socket_words},
                 {"queued", NT_UNIT_BYTES, NULL},
                 {"protocol", NT_UNIT_TEXT, NULL},
                 {"open", NT_UNIT_BOOL, NULL}},
     .row = sockets_row},
    {.name = "nat", .columns = {{"port", NT_UNIT_NONE, NULL}}, .row = empty_row},
    {.name = NULL},
};

static const struct nt_node_type host_type = {.name = "host", .tables = host_tables};
static const struct nt_node_type segment_type = {.name = "segment"};

/* ---- Nodes ---- */

static const struct nt_port ports[] = {
    {.name = "eth0", .id = 1, .index = 0}, {.name = "eth1", .id = 2, .index = 1},
    {.name = "eth0", .id = 3, .index = 0}, {.name = "1", .id = 4, .index = 0},
    {.name = "2", .id = 5, .index = 1},
};

static struct nt_port *const alice_ports[] = {(struct nt_port *)&ports[0], (struct nt_port *)&ports[1]};
static struct nt_port *const bob_ports[] = {(struct nt_port *)&ports[2]};
static struct nt_port *const coax_ports[] = {(struct nt_port *)&ports[3], (struct nt_port *)&ports[4]};

static const struct nt_node nodes[] = {
    [STUB_ALICE] = {.type = &host_type,
                    .name = "alice",
                    .id = STUB_ALICE,
                    .port_count = 2,
                    .ports = (struct nt_port **)alice_ports},
    [STUB_BOB] = {.type = &host_type,
                  .name = "bob",
                  .id = STUB_BOB,
                  .port_count = 1,
                  .ports = (struct nt_port **)bob_ports},
    [STUB_COAX] = {.type = &segment_type,
                   .name = "coax",
                   .id = STUB_COAX,
                   .port_count = 2,
                   .ports = (struct nt_port **)coax_ports},
    [STUB_WWW] = {.type = &host_type, .name = "www.example.com", .id = STUB_WWW},
};

#define NODE_COUNT (sizeof nodes / sizeof nodes[0] - 1)

/* ---- What sim/run.c would say ---- */

uint32_t stub_port(enum stub_node node, uint32_t index)
{
    assert(index < nodes[node].port_count);
    return nodes[node].ports[index]->id;
}

nt_time run_now(const struct run *run)
{
    return run->now;
}

uint32_t run_node_count(const struct run *run)
{
    return NODE_COUNT;
}

const struct nt_node *run_node(const struct run *run, uint32_t id)
{
    return id >= 1 && id <= NODE_COUNT ? &nodes[id] : NULL;
}

const struct nt_node *run_node_named(const struct run *run, const char *name)
{
    for (uint32_t id = 1; id <= NODE_COUNT; id++)
        if (strcmp(nodes[id].name, name) == 0)
            return &nodes[id];
    return NULL;
}

uint32_t run_kind_count(const struct run *run)
{
    return STUB_KIND_COUNT - 1;
}

const struct nt_kind *run_kind_at(const struct run *run, uint32_t kind)
{
    return kind >= 1 && kind < STUB_KIND_COUNT ? &kinds[kind] : NULL;
}

uint32_t run_kind_named(const struct run *run, const char *name)
{
    for (uint32_t kind = 1; kind < STUB_KIND_COUNT; kind++)
        if (strcmp(kinds[kind].name, name) == 0)
            return kind;
    return 0;
}

const char *run_text(const struct run *run, uint64_t text)
{
    static const char *const texts[] = {"", "queue is full", "bits were lost"};
    return text < sizeof texts / sizeof texts[0] ? texts[text] : "";
}

/* SPDX-License-Identifier: MIT
 * Any segments, calls and complaints at a host with a listener, a client and whoever knocks.
 *
 *     first byte & 7:  0 to 3  a segment that nearly fits: flags, how far from where it should be, options
 *                      4       any bytes, with a right checksum      5  an ICMP error
 *                      6       the owner calls                       7  time passes */
#include <assert.h>
#include <stdlib.h>

#include "protocols/tcp/connection.h"
#include "tests/fuzz/quiet_env.h"

#define SOCKETS 6
#define CLIENT_PORT 5000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct machine {
    struct quiet_env quiet;
    struct net_layer layer;
    struct tcp tcp;
    struct tcp_socket *sockets[SOCKETS];
    struct tcp_segment last; /* what the machine sent last: what a peer would answer */
    uint8_t cookie[TCP_COOKIE_MOST]; /* the latest of Fast Open that it sent */
    uint8_t cookie_bytes;
    bool is_fast; /* Fast Open is on */
};

static const struct net_address us = {NET_IPV4, {10, 0, 0, 1}}, them = {NET_IPV4, {10, 0, 0, 2}};

/* ---- The layer below ---- */

static int layer_route(struct net_layer *layer, const struct net_request *request,
                       struct net_route *ret_route)
{
    *ret_route = (struct net_route){.source = us, .mtu_bytes = 1500, .header_bytes = 20};
    return 0;
}

/* What is sent is right: it parses, and its options fit. */
static int layer_send(struct net_layer *layer, const struct net_request *request, struct packet_out *packet)
{
    struct machine *machine = ENV_OWNER(layer, struct machine, layer);
    assert(tcp_segment_parse(packet->bytes, packet->length_bytes, &request->source, &request->destination,
                             &machine->last) == TCP_WIRE_OK);
    assert(packet->length_bytes <= 1480);
    const struct tcp_options *options = &machine->last.options;
    if (options->cookie_bytes) {
        machine->cookie_bytes = options->cookie_bytes;
        memcpy(machine->cookie, options->cookie, options->cookie_bytes);
    }
    machine->last.data = machine->last.options.cookie = NULL;
    quiet_send(&machine->quiet, packet);
    return 0;
}

static bool layer_is_own(struct net_layer *layer, struct net_address address)
{
    return net_is_equal(address, us);
}

static void layer_unreachable(struct net_layer *layer, const struct net_arrival *arrival)
{
}

static const struct net_layer_ops layer_ops = {layer_route, layer_send, layer_is_own, layer_is_own,
                                               layer_unreachable};

/* ---- The owner ---- */

static void forget(struct machine *machine, const struct tcp_socket *socket)
{
    for (int i = 0; i < SOCKETS; i++)
        if (machine->sockets[i] == socket)
            machine->sockets[i] = NULL;
}

static void told(struct tcp_socket *socket, unsigned ready)
{
    struct machine *machine = tcp_owner(socket);
    uint8_t bytes[50];
    int64_t count = ready & TCP_READY_IN ? tcp_receive(socket, bytes, sizeof bytes, 0) : 0;
    if (count > 0 && bytes[0] == 'x') {
        forget(machine, socket);
        tcp_close(socket);
    } else if (count > 0 && bytes[0] == 's') {
        tcp_send(socket, bytes, (size_t)count, 0);
    }
}

static void open_at(struct machine *machine, int place)
{
    struct tcp_socket *socket = tcp_open(&machine->tcp, told, machine);
    machine->sockets[place] = socket;
    if (place == 0) {
        tcp_bind(socket, (struct net_endpoint){.port = 80});
        tcp_set_option(socket, TCP_OPT_FASTOPEN, machine->is_fast);
        tcp_listen(socket, 2);
    } else if (place == 1) {
        tcp_set_option(socket, TCP_OPT_REUSEADDR, 1);
        tcp_bind(socket, (struct net_endpoint){us, CLIENT_PORT});
        if (!machine->is_fast)
            tcp_connect(socket, (struct net_endpoint){them, 80});
        else
            tcp_connect_sending(socket, (struct net_endpoint){them, 80}, "sixteen octets, x", 16);
    }
}

static void call(struct machine *machine, const uint8_t *bytes)
{
    int place = bytes[0] % SOCKETS;
    struct tcp_socket *socket = machine->sockets[place];
    struct tcp_info info;
    struct tcp_entry entry = {0};
    uint8_t data[3000] = "x";
    int64_t value;
    struct tcp_socket *listener = machine->sockets[0];
    if (!socket) {
        if (place < 2 || !listener || tcp_accept(listener, told, machine, &machine->sockets[place]) != 0)
            open_at(machine, place);
        return;
    }
    switch (bytes[1] & 15) {
    case 0:
        forget(machine, socket);
        tcp_close(socket);
        break;
    case 1:
        forget(machine, socket);
        tcp_abort(socket);
        break;
    case 2:
        tcp_shutdown(socket, bytes[1] >> 4 & 1 ? TCP_SHUT_WR : TCP_SHUT_RDWR);
        break;
    case 3:
        tcp_receive(socket, data, bytes[1], bytes[1] >> 4 & 3);
        break;
    case 4:
        tcp_set_option(socket, (enum tcp_option)(bytes[1] >> 4), bytes[0] >> 3);
        tcp_get_option(socket, (enum tcp_option)(bytes[1] >> 4), &value);
        break;
    case 5:
        tcp_set_option(socket, (enum tcp_option)(16 + (bytes[1] >> 4)), bytes[0]);
        break;
    case 6:
        tcp_info_of(socket, &info);
        tcp_ready(socket);
        tcp_take_error(socket);
        while (tcp_entry_next(&machine->tcp, &entry)) {
        }
        break;
    case 7:
        if (tcp_linger(socket) == 0)
            forget(machine, socket);
        break;
    default:
        tcp_send(socket, data, (size_t)bytes[1] * 11,
                 bytes[0] & 1   ? TCP_SEND_OOB
                 : bytes[0] & 2 ? TCP_SEND_EOR
                                : 0);
    }
}

/* ---- The peer ---- */

static void deliver(struct machine *machine, uint8_t *bytes, size_t length, uint8_t tos)
{
    struct net_arrival arrival = {
        .source = them, .destination = us, .payload = {bytes, length, 0}, .ttl = 9, .tos = tos};
    uint64_t sum = net_pseudo_sum(&them, &us, TCP_PROTOCOL, length);
    bytes_put_u16(bytes + 16, 0);
    bytes_put_u16(bytes + 16, sum16_finish(sum16_add(sum, bytes, length)));
    machine->tcp.user.receive(&machine->tcp.user, &arrival);
}

/* A segment that answers what was sent last, with its numbers moved a little: [flags][port and
 * window][seq][ack][length]. */
static void hear_near(struct machine *machine, const uint8_t *bytes)
{
    struct tcp_segment segment = {.source_port = (uint16_t)(bytes[2] & 1 ? 80 : 6000 + (bytes[2] >> 5)),
                                  .destination_port = bytes[2] & 1 ? CLIENT_PORT : 80,
                                  .flags = bytes[1],
                                  .window = (uint16_t)((bytes[2] & 28) << 10)};
    segment.seq =
        tcp_seq_plus(machine->last.ack, (uint32_t)(int8_t)bytes[3] * (bytes[1] & TCP_FLAG_PSH ? 100u : 1u));
    segment.ack = tcp_seq_plus(tcp_segment_end(&machine->last), (uint32_t)(int32_t)(int8_t)bytes[4]);
    segment.urgent = bytes[4];
    segment.length_bytes = (uint32_t)(bytes[5] & 15) * 90;
    segment.options.has_mss = segment.options.may_sack = segment.options.has_scale = bytes[1] & TCP_FLAG_SYN;
    segment.options.mss = (uint16_t)(bytes[5] << 3);
    segment.options.scale = bytes[5] & 15;
    segment.options.has_timestamp = bytes[5] & 16;
    segment.options.ts_value = machine->last.options.ts_echo + (bytes[5] >> 5);
    segment.options.ts_echo = machine->last.options.ts_value;
    if (bytes[5] & 64 && !(bytes[1] & TCP_FLAG_SYN)) {
        segment.options.sack_count = 1;
        segment.options.sack[0].start = tcp_seq_minus(segment.ack, bytes[3]);
        segment.options.sack[0].end = tcp_seq_plus(segment.options.sack[0].start, bytes[4]);
    }
    if (bytes[5] & 32 && bytes[1] & TCP_FLAG_SYN) {
        segment.options.has_fast_open = true;
        segment.options.cookie = machine->cookie;
        segment.options.cookie_bytes = bytes[4] & 1 ? 0 : machine->cookie_bytes;
    }
    size_t header = tcp_segment_header_bytes(&segment), length = header + segment.length_bytes;
    uint8_t *whole = malloc(length);
    assert(whole);
    memset(whole + header, bytes[3], segment.length_bytes);
    tcp_segment_emit(&segment, &them, &us, 0, whole);
    deliver(machine, whole, length, bytes[0] >> 6);
    free(whole);
}

static void hear_any(struct machine *machine, const uint8_t *bytes, size_t length)
{
    struct net_arrival arrival = {.source = them, .destination = us, .payload = {bytes, length, 0}};
    uint8_t *copy = quiet_copy(bytes, length);
    machine->tcp.user.receive(&machine->tcp.user, &arrival);
    if (length >= TCP_HEADER)
        deliver(machine, copy, length, 0);
    free(copy);
}

static void hear_complaint(struct machine *machine, const uint8_t *bytes)
{
    uint8_t quoted[8];
    bytes_put_u16(quoted, machine->last.source_port);
    bytes_put_u16(quoted + 2, machine->last.destination_port);
    bytes_put_u32(quoted + 4, machine->last.seq.value + bytes[1]);
    struct net_failure failure = {.error = bytes[2] & 1 ? NET_EMSGSIZE : NET_ECONNREFUSED,
                                  .is_hard = bytes[2] & 2,
                                  .rest = (uint32_t)bytes[2] << 3,
                                  .source = us,
                                  .destination = them,
                                  .payload = {quoted, bytes[3] & 7 ? 8 : 4, 0}};
    machine->tcp.user.failed(&machine->tcp.user, &failure);
}

static size_t step(struct machine *machine, const uint8_t *bytes, size_t length)
{
    size_t count = bytes[1] % 80;
    switch (bytes[0] & 7) {
    case 4:
        count = count < length - 2 ? count : length - 2;
        hear_any(machine, bytes + 2, count);
        return 2 + count;
    case 5:
        hear_complaint(machine, bytes);
        return 4;
    case 6:
        call(machine, bytes + 1);
        return 3;
    case 7:
        quiet_advance(&machine->quiet, ((int64_t)bytes[1] << (bytes[0] >> 3) % 13) * ENV_MILLISECOND);
        return 2;
    default:
        hear_near(machine, bytes);
        return 6;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct machine machine;
    if (length < 1)
        return 0;
    machine = (struct machine){.last = {.source_port = 80}};
    quiet_init(&machine.quiet);
    tcp_init(&machine.tcp, &machine.quiet.env, (enum tcp_profile)(bytes[0] % TCP_PROFILES));
    if (bytes[0] & 64)
        tcp_fix_isn(&machine.tcp, UINT32_MAX - 2000);
    machine.layer = (struct net_layer){&layer_ops, NET_IPV4, &machine.quiet.pool, PACKET_IPV4_HEADROOM,
                                       &machine.tcp.user};
    tcp_add_layer(&machine.tcp, &machine.layer);
    machine.is_fast = bytes[0] & 32;
    if (machine.is_fast)
        tcp_set(&machine.tcp, TCP_SET_FASTOPEN, 7);
    open_at(&machine, 0);
    open_at(&machine, 1);
    for (bytes++, length--; length >= 6;) {
        size_t used = step(&machine, bytes, length);
        bytes += used;
        length -= used;
    }
    tcp_release(&machine.tcp);
    quiet_release(&machine.quiet);
    return 0;
}

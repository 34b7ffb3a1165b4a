/* SPDX-License-Identifier: MIT
 * See tcp_lab.h. */
#include "tests/protocols/tcp_lab.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/text.h"

/* ---- The wire ---- */

static uint32_t roll(struct tcp_lab *lab, uint32_t limit)
{
    lab->dice = lab->dice * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)lab->dice * limit >> 32);
}

static void put_on_wire(struct tcp_lab *lab, const struct lab_segment *model, const uint8_t *bytes,
                        int64_t at)
{
    struct lab_segment *segment = malloc(sizeof *segment + model->length_bytes), **link = &lab->first;
    assert_non_null(segment);
    *segment = *model;
    segment->at = at;
    memcpy(segment->bytes, bytes, model->length_bytes);
    while (*link && (*link)->at <= at)
        link = &(*link)->next;
    segment->next = *link;
    *link = segment;
    if (!lab->is_alone)
        env_arm(&lab->hand.env, &lab->timer, lab->first->at);
}

static bool is_lost(struct tcp_lab *lab, unsigned from, const struct tcp_segment *segment)
{
    if (lab->filter && !lab->filter(lab, from, segment))
        return true;
    if (from == 0 && segment->length_bytes && lab->drop_count) {
        if (lab->drop_after == 0) {
            lab->drop_count--;
            return true;
        }
        lab->drop_after--;
    }
    return roll(lab, 1000) < lab->loss;
}

static int layer_send(struct net_layer *layer, const struct net_request *request, struct packet_out *packet)
{
    struct lab_host *host = ENV_OWNER(layer, struct lab_host, layer);
    struct tcp_lab *lab = host->lab;
    unsigned from = host == &lab->hosts[1];
    struct tcp_segment segment;
    struct lab_segment model = {.from = from,
                                .tos = request->tos,
                                .dont_fragment = request->dont_fragment,
                                .length_bytes = packet->length_bytes};
    assert_int_equal(tcp_segment_parse(packet->bytes, packet->length_bytes, &request->source,
                                       &request->destination, &segment),
                     TCP_WIRE_OK);
    assert_true(packet->length_bytes + 20 <= host->mtu_bytes);
    lab->sent[from]++;
    int64_t at = lab->hand.now + lab->delay;
    if (lab->is_alone || !is_lost(lab, from, &segment)) {
        if (roll(lab, 1000) < lab->disorder)
            at += (int64_t)roll(lab, 1000) * lab->delay / 300;
        put_on_wire(lab, &model, packet->bytes, at);
        if (roll(lab, 1000) < lab->twice)
            put_on_wire(lab, &model, packet->bytes, at + (int64_t)roll(lab, 1000) * lab->delay / 200);
    } else {
        lab->lost++;
    }
    packet_give_back(&lab->hand.pool, packet);
    return 0;
}

static int layer_route(struct net_layer *layer, const struct net_request *request,
                       struct net_route *ret_route)
{
    const struct lab_host *host = ENV_OWNER(layer, struct lab_host, layer);
    uint32_t address = net_to_ipv4(request->destination).value;
    if (address >> 24 == 99)
        return -NET_ENETUNREACH;
    *ret_route = (struct net_route){.source = host->address,
                                    .mtu_bytes = host->mtu_bytes,
                                    .header_bytes = 20,
                                    .is_for_many = address == UINT32_MAX};
    return 0;
}

static bool layer_is_own(struct net_layer *layer, struct net_address address)
{
    return net_is_equal(ENV_OWNER(layer, struct lab_host, layer)->address, address);
}

static void layer_unreachable(struct net_layer *layer, const struct net_arrival *arrival)
{
    (void)layer;
    (void)arrival;
    fail_msg("TCP does not complain by ICMP");
}

static const struct net_layer_ops layer_ops = {layer_route, layer_send, layer_is_own, layer_is_own,
                                               layer_unreachable};

static void deliver(struct tcp_lab *lab, unsigned from, uint8_t tos, const uint8_t *bytes, size_t length)
{
    struct lab_host *to = &lab->hosts[!from];
    struct net_arrival arrival = {.source = lab->hosts[from].address,
                                  .destination = to->address,
                                  .payload = {bytes, length, 0},
                                  .ttl = 64,
                                  .tos = tos};
    lab->hand.cause = 0;
    to->tcp.user.receive(&to->tcp.user, &arrival);
    lab->hand.cause = 0;
}

static void arrive(struct env_timer *timer)
{
    struct tcp_lab *lab = ENV_OWNER(timer, struct tcp_lab, timer);
    struct lab_segment *segment = lab->first;
    lab->first = segment->next;
    deliver(lab, segment->from, segment->tos, segment->bytes, segment->length_bytes);
    free(segment);
    if (lab->first)
        env_arm(&lab->hand.env, &lab->timer, lab->first->at < lab->hand.now ? lab->hand.now : lab->first->at);
}

/* ---- Life ---- */

static void host_init(struct tcp_lab *lab, unsigned number, enum tcp_profile profile)
{
    struct lab_host *host = &lab->hosts[number];
    host->lab = lab;
    host->mtu_bytes = 1500;
    host->address = net_from_ipv4((struct ipv4_address){0x0a000001 + number});
    tcp_init(&host->tcp, &lab->hand.env, profile);
    host->layer =
        (struct net_layer){&layer_ops, NET_IPV4, &lab->hand.pool, PACKET_IPV4_HEADROOM, &host->tcp.user};
    tcp_add_layer(&host->tcp, &host->layer);
}

/* Where both sides' numbers begin; 0: as they like. */
static uint32_t first_number;

int lab_go_round(void **state)
{
    first_number = UINT32_MAX - 50;
    return 0;
}

void lab_init(struct tcp_lab *lab, enum tcp_profile profile)
{
    *lab = (struct tcp_lab){
        .delay = 10 * ENV_MILLISECOND, .port = LAB_PORT, .peer_port = LAB_PEER_PORT, .dice = 1};
    hand_init(&lab->hand);
    lab->hand.now = ENV_SECOND;
    env_timer_init(&lab->timer, arrive);
    lab->iss = first_number ? first_number + 20 : 0;
    for (unsigned i = 0; i < 2; i++) {
        host_init(lab, i, profile);
        if (first_number)
            tcp_fix_isn(&lab->hosts[i].tcp, first_number);
    }
}

void lab_init_alone(struct tcp_lab *lab, enum tcp_profile profile)
{
    lab_init(lab, profile);
    lab->is_alone = true;
    lab->delay = 0;
}

void lab_release(struct tcp_lab *lab)
{
    lab_ignore(lab);
    env_disarm(&lab->hand.env, &lab->timer);
    for (unsigned i = 0; i < 2; i++)
        tcp_release(&lab->hosts[i].tcp);
    hand_release(&lab->hand);
}

void lab_run(struct tcp_lab *lab, int64_t duration)
{
    hand_advance(&lab->hand, duration);
}

struct net_endpoint lab_end(const struct tcp_lab *lab, unsigned host, uint16_t port)
{
    return (struct net_endpoint){lab->hosts[host].address, port};
}

unsigned lab_ignore(struct tcp_lab *lab)
{
    unsigned count = 0;
    for (struct lab_segment *next; lab->first; count++) {
        next = lab->first->next;
        free(lab->first);
        lab->first = next;
    }
    return count;
}

/* ---- Words ---- */

static const char flag_letters[] = "FSRP.UEW"; /* from the lowest bit up */
static const char flag_order[] = "SFRPUEW.";

static uint32_t begin_of(struct tcp_lab *lab, unsigned side, struct tcp_seq seq, bool is_syn)
{
    if (!lab->has_begin[side] || is_syn) {
        lab->has_begin[side] = true;
        lab->begin[side] = seq;
    }
    return lab->begin[side].value;
}

static void write_options(struct tcp_lab *lab, struct text *out, const struct tcp_options *o)
{
    const char *between = " <";
    if (o->has_mss) {
        text_add(out, "%smss %u", between, o->mss);
        between = ",";
    }
    if (o->may_sack) {
        text_add(out, "%ssackOK", between);
        between = ",";
    }
    if (o->has_timestamp) {
        if (!lab->has_ts_begin)
            lab->ts_begin = o->ts_value;
        lab->has_ts_begin = true;
        text_add(out, "%sTS val %u ecr %u", between, o->ts_value - lab->ts_begin, o->ts_echo);
        between = ",";
    }
    if (o->has_scale) {
        text_add(out, "%swscale %u", between, o->scale);
        between = ",";
    }
    if (o->sack_count) {
        text_add(out, "%ssack", between);
        for (unsigned i = 0; i < o->sack_count; i++)
            text_add(out, " %u:%u", o->sack[i].start.value - lab->iss, o->sack[i].end.value - lab->iss);
        between = ",";
    }
    if (*between == ',')
        text_add(out, ">");
}

static void write_line(struct tcp_lab *lab, const struct tcp_segment *s, char *ret_line)
{
    struct text out = text_in(ret_line, LAB_LINE);
    uint32_t begin = begin_of(lab, 0, s->seq, s->flags & TCP_FLAG_SYN);
    for (const char *f = flag_order; *f; f++)
        if (s->flags >> (strchr(flag_letters, *f) - flag_letters) & 1)
            text_add_char(&out, *f);
    uint32_t seq = s->seq.value - begin;
    text_add(&out, " %u:%u(%u)", seq, seq + s->length_bytes, s->length_bytes);
    if (s->flags & TCP_FLAG_ACK)
        text_add(&out, " ack %u", s->ack.value - lab->iss);
    if (s->flags & TCP_FLAG_URG)
        text_add(&out, " urg %u", s->urgent);
    text_add(&out, " win %u", s->window);
    write_options(lab, &out, &s->options);
}

static bool begins_with(const char *whole, const char *part)
{
    size_t length = strlen(part);
    return strncmp(whole, part, length) == 0 && (whole[length] == 0 || whole[length] == ' ');
}

void lab_expect_at(struct tcp_lab *lab, const char *line, const char *file, int number)
{
    char found[LAB_LINE] = "nothing";
    struct lab_segment *first = lab->first;
    if (first) {
        struct tcp_segment segment;
        assert_int_equal(tcp_segment_parse(first->bytes, first->length_bytes, &lab->hosts[0].address,
                                           &lab->hosts[1].address, &segment),
                         TCP_WIRE_OK);
        write_line(lab, &segment, found);
        lab->first = first->next;
        lab->last_tos = first->tos;
        lab->port = segment.source_port;
        lab->peer_port = segment.destination_port;
        free(first);
    }
    if (!begins_with(found, line)) {
        print_error("%s:%d: expected \"%s\"\n            but sent \"%s\"\n", file, number, line, found);
        _fail(file, number);
    }
}

void lab_expect_silence_at(struct tcp_lab *lab, const char *file, int number)
{
    if (lab->first)
        lab_expect_at(lab, "nothing", file, number);
}

/* ---- What the test says ---- */

static void read_options(struct tcp_lab *lab, const char *at, struct tcp_options *o)
{
    unsigned a, b;
    const char *found;
    if ((found = strstr(at, "mss ")) && sscanf(found, "mss %u", &a) == 1) {
        o->has_mss = true;
        o->mss = (uint16_t)a;
    }
    o->may_sack = strstr(at, "sackOK") != NULL;
    if ((found = strstr(at, "wscale ")) && sscanf(found, "wscale %u", &a) == 1) {
        o->has_scale = true;
        o->scale = (uint8_t)a;
    }
    if ((found = strstr(at, "TS val ")) && sscanf(found, "TS val %u ecr %u", &a, &b) == 2) {
        o->has_timestamp = true;
        o->ts_value = a;
        o->ts_echo = b ? b + lab->ts_begin : 0;
    }
    if ((found = strstr(at, "sack "))) {
        found += 5;
        int used = 0;
        while (o->sack_count < TCP_SACK_RANGES && sscanf(found, "%u:%u%n", &a, &b, &used) == 2) {
            o->sack[o->sack_count].start = tcp_seq_plus(lab->begin[0], a);
            o->sack[o->sack_count++].end = tcp_seq_plus(lab->begin[0], b);
            found += used;
        }
    }
}

static void read_line(struct tcp_lab *lab, const char *line, struct tcp_segment *s)
{
    unsigned seq, end, length, number;
    const char *at = line;
    for (; *at && *at != ' '; at++)
        s->flags |= (uint8_t)(1u << (strchr(flag_letters, *at) - flag_letters));
    assert_int_equal(sscanf(at, " %u:%u(%u)", &seq, &end, &length), 3);
    assert_int_equal(end - seq, length);
    s->seq = tcp_seq_at(lab->iss + seq);
    s->length_bytes = length;
    const char *found = strstr(at, " ack ");
    if (found && sscanf(found, " ack %u", &number) == 1)
        s->ack = tcp_seq_plus(lab->begin[0], number);
    found = strstr(at, " win ");
    if (found && sscanf(found, " win %u", &number) == 1)
        s->window = (uint16_t)number;
    found = strstr(at, " urg ");
    if (found && sscanf(found, " urg %u", &number) == 1)
        s->urgent = (uint16_t)number;
    found = strchr(at, '<');
    if (found)
        read_options(lab, found, &s->options);
}

void lab_hear(struct tcp_lab *lab, const char *line)
{
    struct tcp_segment segment = {.source_port = lab->peer_port, .destination_port = lab->port};
    read_line(lab, line, &segment);
    size_t header = tcp_segment_header_bytes(&segment), length = header + segment.length_bytes;
    uint8_t *bytes = malloc(length);
    assert_non_null(bytes);
    for (uint32_t i = 0; i < segment.length_bytes; i++) /* octet n is n, so that tests see what they read */
        bytes[header + i] = (uint8_t)(segment.seq.value - lab->iss - 1 + i);
    uint64_t sum = sum16_add(0, bytes + header, segment.length_bytes);
    tcp_segment_emit(&segment, &lab->hosts[1].address, &lab->hosts[0].address, sum, bytes);
    deliver(lab, 1, lab->hear_tos, bytes, length);
    free(bytes);
}

void lab_complain(struct tcp_lab *lab, enum net_error error, bool is_hard, uint32_t mtu, uint32_t seq)
{
    struct tcp *tcp = &lab->hosts[0].tcp;
    uint8_t quoted[8];
    bytes_put_u16(quoted, lab->port);
    bytes_put_u16(quoted + 2, lab->peer_port);
    bytes_put_u32(quoted + 4, lab->begin[0].value + seq);
    struct net_failure failure = {.error = error,
                                  .is_hard = is_hard,
                                  .type = 3,
                                  .rest = mtu,
                                  .reporter = lab->hosts[1].address,
                                  .source = lab->hosts[0].address,
                                  .destination = lab->hosts[1].address,
                                  .payload = {quoted, sizeof quoted, 0}};
    tcp->user.failed(&tcp->user, &failure);
}

/* ---- Shortcuts ---- */

const char *lab_drop(const struct tcp_lab *lab)
{
    return hand_word(hand_fact(&lab->hand, "tcp.drop"), 0);
}

struct tcp_socket *lab_accepted(struct tcp_lab *lab, const char *options, unsigned window)
{
    struct tcp *tcp = &lab->hosts[0].tcp;
    struct tcp_socket *listener = tcp_open(tcp, NULL, NULL), *child = NULL;
    char line[LAB_LINE];
    assert_int_equal(tcp_bind(listener, lab_end(lab, 0, LAB_PORT)), 0);
    assert_int_equal(tcp_listen(listener, 5), 0);
    snprintf(line, sizeof line, "S 0:0(0) win %u <%s>", window, options ? options : "mss 1000");
    lab_hear(lab, line);
    lab_expect(lab, "S. 0:0(0) ack 1");
    const char *clock = options ? strstr(options, "TS val") : NULL;
    snprintf(line, sizeof line, ". 1:1(0) ack 1 win %u%s%s%s", window, clock ? " <" : "", clock ? clock : "",
             clock ? ">" : "");
    lab_hear(lab, line);
    assert_int_equal(tcp_accept(listener, NULL, NULL, &child), 0);
    lab_expect_silence(lab);
    tcp_close(listener);
    return child;
}

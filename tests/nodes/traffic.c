/* SPDX-License-Identifier: MIT
 * See traffic.h. */
#include "tests/nodes/traffic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nodes/builtin.h"
#include "nodes/queues/queues.h"
#include "protocols/match/layers.h"
#include "sim/base/rng.h"

#define HEADERS 34 /* Ethernet and IPv4 */

enum {
    PARAM_GAP,
    PARAM_GAPS,
    PARAM_SIZE,
    PARAM_SIZES,
    PARAM_FRAMES,
    PARAM_FROM,
    PARAM_TOS,
    PARAM_BURST,
    PARAM_PAUSE,
    PARAM_FLOWS
};
enum { CONSTANT, POISSON, MIXED };
static const char *const gap_words[] = {"constant", "poisson", NULL};
static const char *const size_words[] = {"constant", "exponential", "mixed", NULL};

static const struct nt_param traffic_params[] = {
    {.name = "gap", .kind = NT_PARAM_TIME, .most = 3600 * NT_SECOND, .summary = "between two sendings"},
    {.name = "gaps",
     .kind = NT_PARAM_WORD,
     .default_text = "constant",
     .words = gap_words,
     .summary = "their law"},
    {.name = "size",
     .kind = NT_PARAM_BYTES,
     .default_text = "980 B",
     .most = 65000,
     .summary = "with check sequence"},
    {.name = "sizes",
     .kind = NT_PARAM_WORD,
     .default_text = "constant",
     .words = size_words,
     .summary = "their law"},
    {.name = "frames",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1000000000",
     .least = 0,
     .most = 1000000000,
     .summary = "how many"},
    {.name = "from",
     .kind = NT_PARAM_TIME,
     .default_text = "1 ms",
     .most = 3600 * NT_SECOND,
     .summary = "the first"},
    {.name = "tos",
     .kind = NT_PARAM_LIST,
     .flags = NT_PARAM_NUMBERS,
     .most = 255,
     .summary = "TOS octets, in turn"},
    {.name = "burst",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1",
     .least = 1,
     .most = 100000,
     .summary = "frames at each sending"},
    {.name = "pause",
     .kind = NT_PARAM_TIME,
     .default_text = "0 s",
     .most = 3600 * NT_SECOND,
     .summary = "silence after each second"},
    {.name = "flows",
     .kind = NT_PARAM_LIST,
     .flags = NT_PARAM_NUMBERS,
     .most = 7,
     .summary = "flow of each frame, in turn"},
    {0}};

struct source {
    struct traffic_seen seen; /* first */
    const struct nt_value *values;
    struct nt_event next;
    struct rng rng;
    nt_time *sent_at; /* by number of the frame; the network's, shared */
};

static const char sent_key; /* names the times of sending, which all nodes of a network share */

static uint32_t size_of(struct source *source)
{
    int64_t size = source->values[PARAM_SIZE].number;
    if (source->values[PARAM_SIZES].number == MIXED) /* S-01: 64 bytes in 60 of 100, else 1500, on the wire */
        return rng_below(&source->rng, 100) < 60 ? 64 - 20 : 1500 - 20;
    if (source->values[PARAM_SIZES].number ==
        POISSON) { /* with 20 bytes of preamble and gap it is exponential */
        size = rng_exponential(&source->rng, (size + 20) * 1000) / 1000 - 20;
        size = size < 5 ? 5 : size > 60000 ? 60000 : size;
    }
    return (uint32_t)size;
}

/* The numbers of frames may change on the way; what stays is this one, in the last bytes before the check
 * sequence. */
static void write_number(struct nt_frame *frame, uint32_t number)
{
    uint32_t at = frame->length_bytes;
    for (int i = 0; i < 4 && at > 0; i++, number >>= 8)
        frame->bytes[--at] = (uint8_t)number;
}

static void send_one(struct nt_node *node, struct source *source)
{
    const struct nt_value *tos = &source->values[PARAM_TOS];
    uint32_t length = size_of(source) - 4, number = (uint32_t)source->seen.sent;
    struct nt_frame *frame = nt_frame_new(node, 0, length);
    memset(frame->bytes, 0, length);
    if (length >= HEADERS) {
        struct ethernet_header ethernet = {.type_or_length = ETHERNET_TYPE_IPV4};
        struct ipv4_header header = {.header_bytes = IPV4_HEADER_MIN,
                                     .total_bytes = (uint16_t)(length - ETHERNET_HEADER),
                                     .ttl = 64,
                                     .protocol = 253,
                                     .source = {0x0a000001},
                                     .destination = {0x0a000002}};
        header.tos = tos->count ? (uint8_t)tos->items[number % tos->count].number : 0;
        const struct nt_value *flows = &source->values[PARAM_FLOWS];
        header.destination.value += flows->count ? (uint32_t)flows->items[number % flows->count].number : 0;
        ethernet_emit(&ethernet, frame->bytes);
        ipv4_header_emit(&header, frame->bytes + ETHERNET_HEADER);
    }
    if (length >= 4 + HEADERS)
        write_number(frame, number);
    nt_frame_seal(node, frame);
    assert_true(frame->id < TRAFFIC_FRAMES_MOST);
    source->sent_at[frame->id] = nt_now(node);
    source->seen.sent++;
    nt_transmit(node->ports[0], frame);
}

static void next_fire(struct nt_event *event)
{
    struct nt_node *node = event->node;
    struct source *source = node->state;
    nt_time gap = source->values[PARAM_GAP].number, pause = source->values[PARAM_PAUSE].number;
    for (int64_t i = 0; i < source->values[PARAM_BURST].number; i++)
        if (source->seen.sent < (uint64_t)source->values[PARAM_FRAMES].number)
            send_one(node, source);
    if (source->seen.sent >= (uint64_t)source->values[PARAM_FRAMES].number)
        return;
    if (source->values[PARAM_GAPS].number == POISSON)
        gap = rng_exponential(&source->rng, gap);
    nt_time at = nt_now(node) + gap;
    if (pause && at % (NT_SECOND + pause) >= NT_SECOND)
        at += pause;
    nt_arm(event, at);
}

static void traffic_create(struct nt_node *node, const struct nt_value *values)
{
    struct source *source = node->state;
    struct nt_random random;
    bool is_new;
    nt_random_init(node, &random, "traffic");
    source->rng = (struct rng){random.state};
    source->values = values;
    source->sent_at = nt_shared(node, &sent_key, TRAFFIC_FRAMES_MOST * sizeof(nt_time), &is_new);
    nt_event_init(&source->next, node, next_fire);
}

static void traffic_start(struct nt_node *node)
{
    struct source *source = node->state;
    if (source->values[PARAM_GAP].is_given)
        nt_arm(&source->next, source->values[PARAM_FROM].number);
}

static void note_packet(struct traffic_seen *seen, const struct nt_frame *frame, nt_time sojourn)
{
    struct layers layers;
    struct ipv4_header header;
    layers_of(frame->bytes, frame->length_bytes - 4, &layers);
    if (!layers.is_ipv4)
        return;
    bool is_right = ipv4_header_parse(layers.network, layers.network_bytes, &header) == IPV4_OK;
    seen->marked += is_right && (header.tos & 3) == 3;
    uint32_t flow = (layers.ipv4.destination.value - 2) & 7;
    seen->flow_bytes[flow] += frame->length_bytes;
    if (sojourn > seen->flow_slowest[flow])
        seen->flow_slowest[flow] = sojourn;
    if (seen->received <= 64)
        seen->tos[seen->received - 1] = layers.ipv4.tos;
    if (frame->length_bytes < HEADERS + 8)
        return;
    uint64_t number = 0;
    for (uint32_t i = 8; i > 4; i--)
        number = number << 8 | frame->bytes[frame->length_bytes - i];
    seen->overtaken += number < seen->latest;
    if (number > seen->latest)
        seen->latest = number;
}

static void traffic_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct source *source = node->state;
    struct traffic_seen *seen = &source->seen;
    seen->received++;
    bool is_intact = nt_frame_is_intact(node, frame);
    seen->damaged += !is_intact;
    seen->undetected += is_intact && (frame->flags & NT_FRAME_DAMAGED);
    uint64_t id = frame->id < TRAFFIC_FRAMES_MOST && source->sent_at[frame->id] ? frame->id : frame->parent;
    nt_time sojourn = id < TRAFFIC_FRAMES_MOST ? nt_now(node) - source->sent_at[id] : 0;
    seen->sojourn += sojourn;
    if (!is_intact) {
        nt_discard(port, frame, "bad frame check sequence");
        return;
    }
    note_packet(seen, frame, sojourn);
    nt_frame_unref(node, frame);
}

const struct nt_node_type traffic_type = {.size = sizeof(struct nt_node_type),
                                          .name = "traffic",
                                          .summary = "sends and receives frames",
                                          .params = traffic_params,
                                          .port_prefix = "eth",
                                          .max_ports = 1,
                                          .state_bytes = sizeof(struct source),
                                          .create = traffic_create,
                                          .start = traffic_start,
                                          .receive = traffic_receive};

/* ---- A run ---- */

static void fill_registry(struct registry *registry)
{
    struct nt_why why;
    registry_init(registry);
    assert_true(registry_add(registry, &builtin_types, &why));
    assert_true(registry_add_node(registry, &traffic_type, &why));
}

void traffic_init(struct traffic *traffic, const char *text)
{
    struct error_list errors;
    struct nt_why why;
    static struct nt_part_type plain_tail; /* another type to the link, since it has another address */
    error_list_init(&errors);
    fill_registry(&traffic->registry);
    plain_tail = drop_tail_part;
    plain_tail.name = "plain-tail";
    assert_true(registry_add_part(&traffic->registry, &plain_tail, &why));
    traffic->scenario = scenario_parse("test.json", text, strlen(text), &traffic->registry, NULL, &errors);
    traffic->run = run_new(&traffic->registry, 0);
    if (!traffic->scenario || !run_build(traffic->run, traffic->scenario, &errors))
        fail_msg("%s: %s", errors.count ? errors.entries[0].text : "?", text);
    error_list_release(&errors);
}

void traffic_line(struct traffic *traffic, const char *source, const char *link, const char *stop)
{
    char text[2000];
    snprintf(text, sizeof text,
             "{\"netarium\": 1, \"seed\": 5, \"stop\": \"%s\", \"nodes\": {"
             "\"a\": {\"type\": \"traffic\", %s}, \"b\": {\"type\": \"traffic\"}},"
             "\"links\": [{\"between\": [\"a\", \"b\"], \"name\": \"l\", \"rate\": \"10 Mbps\", "
             "\"delay\": \"0 s\"%s}]}",
             stop, source, link);
    traffic_init(traffic, text);
}

void traffic_assert_near(const char *what, double found, double expected, double tolerance)
{
    double ratio = found / expected;
    if (ratio < 1 - tolerance || ratio > 1 + tolerance)
        fail_msg("%s: found %g, expected %g within %g %%", what, found, expected, tolerance * 100);
    if (getenv("SHOW_FIGURES"))
        printf("    %s: found %g, expected %g, off by %.2f %%\n", what, found, expected, (ratio - 1) * 100);
}

void traffic_release(struct traffic *traffic)
{
    run_free(traffic->run);
    scenario_free(traffic->scenario);
    registry_release(&traffic->registry);
}

void traffic_run(struct traffic *traffic)
{
    enum run_status status = run_advance(traffic->run, NT_NEVER, NULL);
    assert_int_equal(status, RUN_IS_OVER);
    struct run_ledger ledger = run_ledger(traffic->run);
    assert_int_equal(ledger.sent + ledger.copied, ledger.delivered + ledger.dropped + ledger.held);
}

const struct traffic_seen *traffic_seen(const struct traffic *traffic, const char *node)
{
    return run_node_named(traffic->run, node)->state;
}

int64_t traffic_cell(const struct traffic *traffic, const char *node, const char *table, const char *column,
                     uint32_t row)
{
    const struct nt_node *found = run_node_named(traffic->run, node);
    for (const struct nt_table *t = found->type->tables; t && t->name; t++)
        for (int i = 0; !strcmp(t->name, table) && i < NT_COLUMNS && t->columns[i].name; i++) {
            struct nt_cell cells[NT_COLUMNS] = {0};
            if (!strcmp(t->columns[i].name, column) && t->row(found, row, cells))
                return cells[i].number;
        }
    fail_msg("%s has no %s.%s in row %u", node, table, column, row);
    return -1;
}

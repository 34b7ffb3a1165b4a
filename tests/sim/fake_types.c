/* SPDX-License-Identifier: MIT
 * The tables of the fake types: read them beside a test to know what is allowed. */
#include "fake_types.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Four numbers with dots, and a length behind a slash if `has_length`. */
static bool parse_quad(const char *text, bool has_length, struct nt_value *ret_value, struct nt_why *ret_why)
{
    unsigned a, b, c, d, length = 32;
    int used = -1;
    if (has_length)
        sscanf(text, "%3u.%3u.%3u.%3u/%2u%n", &a, &b, &c, &d, &length, &used);
    else
        sscanf(text, "%3u.%3u.%3u.%3u%n", &a, &b, &c, &d, &used);
    if (used < 0 || text[used] || a > 255 || b > 255 || c > 255 || d > 255 || length > 32) {
        snprintf(ret_why->text, sizeof ret_why->text,
                 "expected an address such as \"10.0.0.1%s\"; found \"%.60s\"", has_length ? "/24" : "",
                 text);
        return false;
    }
    ret_value->number = (int64_t)((uint64_t)a << 24 | b << 16 | c << 8 | d);
    ret_value->extra = length;
    return true;
}

static bool parse_address(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    return parse_quad(text, false, ret_value, ret_why);
}

static bool parse_prefix(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    return parse_quad(text, true, ret_value, ret_why);
}

static const char *const media[] = {"copper", "fibre", "radio", NULL};
static const char *const coax_types[] = {"10BASE5", "10BASE2", NULL};
static const char *const queue_category[] = {"queue", NULL};
static const char *const impair_category[] = {"impair", NULL};
static const char *const congestion_controls[] = {"reno", "cubic", NULL};

static const struct nt_param host_params[] = {
    {.name = "address", .kind = NT_PARAM_PARSED, .parse = parse_prefix, .summary = "its IPv4 address"},
    {.name = "gateway", .kind = NT_PARAM_PARSED, .parse = parse_address, .summary = "its default router"},
    {.name = "mtu",
     .kind = NT_PARAM_BYTES,
     .default_text = "1500",
     .least = 68,
     .most = 65535,
     .summary = "the MTU"},
    {.name = "ttl",
     .kind = NT_PARAM_INTEGER,
     .default_text = "64",
     .least = 1,
     .most = 255,
     .summary = "hops"},
    {.name = "forward", .kind = NT_PARAM_BOOLEAN, .default_text = "false", .summary = "passes packets on"},
    {.name = "resolver", .kind = NT_PARAM_NODE, .summary = "whom it asks for names"},
    {.name = "search", .kind = NT_PARAM_LIST, .summary = "domains to try"},
    {.name = "servers", .kind = NT_PARAM_LIST, .parse = parse_address, .summary = "addresses of servers"},
    {0}};

static const struct nt_param router_params[] = {{.name = "interfaces",
                                                 .kind = NT_PARAM_MAP,
                                                 .flags = NT_PARAM_REQUIRED,
                                                 .parse = parse_prefix,
                                                 .summary = "the address of each port"},
                                                {0}};

static const struct nt_param link_params[] = {
    {.name = "rate",
     .kind = NT_PARAM_RATE,
     .flags = NT_PARAM_SETTABLE,
     .default_text = "1 Gbps",
     .least = 1,
     .most = INT64_C(10000000000000),
     .summary = "bits per second"},
    {.name = "delay", .kind = NT_PARAM_TIME, .summary = "from end to end; else as the length says"},
    {.name = "length", .kind = NT_PARAM_LENGTH, .default_text = "1 m", .summary = "how long the cable is"},
    {.name = "medium",
     .kind = NT_PARAM_WORD,
     .words = media,
     .default_text = "copper",
     .summary = "of what it is made"},
    {.name = "loss",
     .kind = NT_PARAM_PERCENT,
     .default_text = "0 %",
     .least = 0,
     .most = 1000000,
     .summary = "lost"},
    {.name = "queue",
     .kind = NT_PARAM_PART,
     .words = queue_category,
     .default_text = "drop-tail",
     .summary = "what waits at each end"},
    {.name = "impair", .kind = NT_PARAM_PARTS, .words = impair_category, .summary = "what goes wrong"},
    {0}};

static const struct nt_param segment_params[] = {
    {.name = "medium", .kind = NT_PARAM_WORD, .words = coax_types, .summary = "what the coax is made of"},
    {.name = "length",
     .kind = NT_PARAM_LENGTH,
     .flags = NT_PARAM_REQUIRED,
     .summary = "how long the coax is"},
    {0}};

static const struct nt_param tap_params[] = {
    {.name = "position", .kind = NT_PARAM_LENGTH, .default_text = "0 m", .summary = "where the tap is"}, {0}};

static void start_nothing(struct nt_app *app)
{
}

static const struct nt_app_type link_commands[] = {
    {.size = sizeof(struct nt_app_type), .name = "cut", .summary = "cuts it", .start = start_nothing},
    {.size = sizeof(struct nt_app_type), .name = "mend", .summary = "mends it", .start = start_nothing},
    {0}};

static void set(struct nt_node *node, uint32_t param, const struct nt_value *value)
{
}

static const struct nt_node_type node_types[] = {{.size = sizeof(struct nt_node_type),
                                                  .flags = NT_NODE_RUNS_APPS,
                                                  .name = "host",
                                                  .summary = "a host",
                                                  .params = host_params,
                                                  .port_prefix = "eth",
                                                  .max_ports = 2},
                                                 {.size = sizeof(struct nt_node_type),
                                                  .flags = NT_NODE_RUNS_APPS,
                                                  .name = "router",
                                                  .summary = "a router",
                                                  .params = router_params,
                                                  .port_prefix = "eth",
                                                  .max_ports = 16},
                                                 {.size = sizeof(struct nt_node_type),
                                                  .name = "hub",
                                                  .summary = "a hub",
                                                  .port_prefix = "p",
                                                  .max_ports = 4},
                                                 {.size = sizeof(struct nt_node_type),
                                                  .flags = NT_NODE_MEDIUM,
                                                  .name = "link",
                                                  .summary = "a cable",
                                                  .params = link_params,
                                                  .port_prefix = "end",
                                                  .max_ports = 2,
                                                  .commands = link_commands,
                                                  .set = set},
                                                 {.size = sizeof(struct nt_node_type),
                                                  .flags = NT_NODE_MEDIUM,
                                                  .name = "segment",
                                                  .summary = "a shared coax",
                                                  .params = segment_params,
                                                  .port_params = tap_params,
                                                  .port_prefix = "tap",
                                                  .max_ports = 100}};

static const struct nt_param ping_params[] = {
    {.name = "-c", .kind = NT_PARAM_INTEGER, .least = 1, .most = 65535, .summary = "how many echoes"},
    {.name = "-i", .kind = NT_PARAM_TIME, .default_text = "1", .summary = "time between them"},
    {.name = "-q", .kind = NT_PARAM_BOOLEAN, .summary = "only the summary"},
    {.name = "target",
     .kind = NT_PARAM_NODE,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,
     .summary = "whom to ask"},
    {0}};

static const struct nt_param send_params[] = {
    {.name = "target",
     .kind = NT_PARAM_NODE,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,
     .summary = "whom to send to"},
    {.name = "--bytes", .kind = NT_PARAM_BYTES, .default_text = "1000", .summary = "how much"},
    {.name = "--cc", .kind = NT_PARAM_WORD, .words = congestion_controls, .summary = "congestion control"},
    {0}};

static const struct nt_param raw_params[] = {
    {.name = "--to", .kind = NT_PARAM_NODE, .flags = NT_PARAM_REQUIRED, .summary = "whom to send to"},
    {.name = "--size",
     .kind = NT_PARAM_BYTES,
     .default_text = "64",
     .least = 64,
     .most = 1518,
     .summary = "of the frame"},
    {0}};

static const struct nt_param echo_params[] = {
    {.name = "-n", .kind = NT_PARAM_BOOLEAN, .summary = "no line end"},
    {.name = "words",
     .kind = NT_PARAM_LIST,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REST,
     .summary = "to print"},
    {0}};

static const struct nt_param curl_params[] = {
    {.name = "-H", .kind = NT_PARAM_LIST, .summary = "a header line"},
    {.name = "--dns", .kind = NT_PARAM_LIST, .parse = parse_address, .summary = "addresses to ask"},
    {.name = "url",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,
     .summary = "what to get"},
    {0}};

static const struct nt_param call_params[] = {
    {.name = "host",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED | NT_PARAM_HOST,
     .summary = "whom to call"},
    {0}};

static const struct nt_app_type apps[] = {
    {.size = sizeof(struct nt_app_type),
     .name = "ping",
     .summary = "asks",
     .params = ping_params,
     .start = start_nothing},
    {.size = sizeof(struct nt_app_type), .name = "discard", .summary = "throws away", .start = start_nothing},
    {.size = sizeof(struct nt_app_type),
     .name = "send-tcp",
     .summary = "sends",
     .params = send_params,
     .start = start_nothing},
    {.size = sizeof(struct nt_app_type),
     .name = "send-raw",
     .summary = "sends one frame",
     .params = raw_params,
     .start = start_nothing},
    {.size = sizeof(struct nt_app_type),
     .name = "echo",
     .summary = "prints",
     .params = echo_params,
     .start = start_nothing},
    {.size = sizeof(struct nt_app_type),
     .name = "curl",
     .summary = "gets",
     .params = curl_params,
     .start = start_nothing},
    {.size = sizeof(struct nt_app_type),
     .name = "call",
     .summary = "calls by name",
     .params = call_params,
     .start = start_nothing}};

static const struct nt_param drop_tail_params[] = {{.name = "limit",
                                                    .kind = NT_PARAM_AMOUNT,
                                                    .default_text = "64 packets",
                                                    .least = 1,
                                                    .most = 1000000,
                                                    .summary = "room"},
                                                   {0}};

static const struct nt_param red_params[] = {
    {.name = "limit", .kind = NT_PARAM_AMOUNT, .default_text = "64 packets", .summary = "room"},
    {.name = "probability",
     .kind = NT_PARAM_PERCENT,
     .default_text = "2 %",
     .summary = "at the upper threshold"},
    {0}};

static const struct nt_param drop_params[] = {
    {.name = "drop", .kind = NT_PARAM_TEXT, .flags = NT_PARAM_REQUIRED, .summary = "which frame"},
    {.name = "toward", .kind = NT_PARAM_NODE, .summary = "only in this direction"},
    {0}};

static const struct nt_param loss_params[] = {
    {.name = "loss",
     .kind = NT_PARAM_PERCENT,
     .flags = NT_PARAM_REQUIRED,
     .least = 0,
     .most = 1000000,
     .summary = "how many"},
    {.name = "toward", .kind = NT_PARAM_NODE, .summary = "only in this direction"},
    {0}};

static const struct nt_param delay_params[] = {
    {.name = "by", .kind = NT_PARAM_TIME, .flags = NT_PARAM_REQUIRED, .summary = "how much later"}, {0}};

/* The scenarios of these tests are read, not run. */
static void take_nothing(struct nt_queue *queue, const struct nt_value *values)
{
    (void)queue;
    (void)values;
}

static const char *refuse_all(struct nt_queue *queue, const struct nt_queued *arrival)
{
    (void)queue;
    (void)arrival;
    return "full";
}

static bool give_none(struct nt_queue *queue, struct nt_queued *ret_next)
{
    (void)queue;
    (void)ret_next;
    return false;
}

static void impair_nothing(struct nt_impair *impair, const struct nt_value *values)
{
    (void)impair;
    (void)values;
}

static void change_nothing(struct nt_impair *impair, struct nt_impaired *frame)
{
    (void)impair;
    (void)frame;
}

static const struct nt_queue_ops queue_ops = {.size = sizeof(struct nt_queue_ops),
                                              .init = take_nothing,
                                              .enqueue = refuse_all,
                                              .dequeue = give_none,
                                              .evict = give_none};
static const struct nt_impair_ops impair_ops = {
    .size = sizeof(struct nt_impair_ops), .init = impair_nothing, .apply = change_nothing};

static const struct nt_part_type parts[] = {{.size = sizeof(struct nt_part_type),
                                             .category = "queue",
                                             .ops = &queue_ops,
                                             .name = "drop-tail",
                                             .summary = "plain",
                                             .params = drop_tail_params},
                                            {.size = sizeof(struct nt_part_type),
                                             .category = "queue",
                                             .ops = &queue_ops,
                                             .name = "red",
                                             .summary = "random",
                                             .params = red_params},
                                            {.size = sizeof(struct nt_part_type),
                                             .category = "impair",
                                             .ops = &impair_ops,
                                             .name = "drop",
                                             .summary = "one frame",
                                             .params = drop_params},
                                            {.size = sizeof(struct nt_part_type),
                                             .category = "impair",
                                             .ops = &impair_ops,
                                             .name = "loss",
                                             .summary = "some frames",
                                             .params = loss_params},
                                            {.size = sizeof(struct nt_part_type),
                                             .category = "impair",
                                             .ops = &impair_ops,
                                             .name = "delay-some",
                                             .summary = "late",
                                             .params = delay_params}};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

void fake_registry_fill(struct registry *registry)
{
    struct nt_why why;
    bool fine = true;
    for (size_t i = 0; i < COUNT(node_types); i++)
        fine = fine && registry_add_node(registry, &node_types[i], &why);
    for (size_t i = 0; i < COUNT(apps); i++)
        fine = fine && registry_add_app(registry, &apps[i], &why);
    for (size_t i = 0; i < COUNT(parts); i++)
        fine = fine && registry_add_part(registry, &parts[i], &why);
    if (!fine)
        fprintf(stderr, "%s\n", why.text);
    assert(fine);
}

/* SPDX-License-Identifier: MIT
 * W2 and W3: TCP through routers.
 *
 *     W2    N hosts - r1 ---- 100 Mb/s, 8 ms ---- r2 - N hosts      one stream each, 60 s; the queue holds
 * one round trip's worth, and the streams fill it W3    host - router - host, 10 Gb/s, 25 us a link one
 * stream of a gigabyte, nothing lost
 *
 * What came out is checked by hops: each segment crosses three links (W2) or two, and so does each
 * acknowledgment. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/bench.h"
#include "tests/bench/run_text.h"

#define TEXT_BYTES 120000
#define FLOWS_MOST 100
#define SECONDS 60
#define TCP "\"tcp\": {\"send-buffer\": \"%s\", \"receive-buffer\": \"%s\", \"congestion\": \"%s\"}"

static const struct nt_node_type *const extra_types[] = {NULL};

/* Text that is being put together. */
struct words {
    char *start;
    size_t length;
};

static void add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct words *words, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    words->length +=
        (size_t)vsnprintf(words->start + words->length, TEXT_BYTES - words->length, format, list);
    va_end(list);
}

/* ---- W2 ---- */

static void add_hosts(struct words *words, int flows, const char *congestion)
{
    for (int i = 1; i <= flows; i++)
        add(words,
            "\"a%d\": {\"type\": \"host\", \"address\": \"10.1.%d.2/24\", \"gateway\": \"10.1.%d.1\", " TCP
            "},"
            "\"b%d\": {\"type\": \"host\", \"address\": \"10.2.%d.2/24\", \"gateway\": \"10.2.%d.1\", " TCP
            ", \"start\": [\"discard\"]},",
            i, i, i, "4 MB", "4 MB", congestion, i, i, i, "4 MB", "4 MB", congestion);
}

static void add_router(struct words *words, int number, int flows)
{
    add(words, "\"r%d\": {\"type\": \"router\", \"gateway\": \"10.0.0.%d\", \"interfaces\": {", number,
        3 - number);
    for (int i = 1; i <= flows; i++)
        add(words, "\"eth%d\": \"10.%d.%d.1/24\", ", i, number, i);
    add(words, "\"eth0\": \"10.0.0.%d/24\"}}%s", number, number == 1 ? ", " : "}");
}

static void write_dumbbell(struct words *words, int flows, const char *congestion, unsigned seconds)
{
    add(words, "{\"netarium\": 1, \"nodes\": {");
    add_hosts(words, flows, congestion);
    add_router(words, 1, flows);
    add_router(words, 2, flows);
    add(words,
        ", \"links\": [{\"between\": [\"r1:eth0\", \"r2:eth0\"], \"rate\": \"100 Mbps\", \"delay\": \"8 ms\","
        " \"queue\": {\"type\": \"drop-tail\", \"limit\": \"250 kB\"}}");
    for (int i = 1; i <= flows; i++)
        add(words,
            ", {\"between\": [\"a%d\", \"r1:eth%d\"], \"rate\": \"1 Gbps\", \"delay\": \"1 ms\", \"queue\": "
            "{\"type\": \"drop-tail\", \"limit\": \"100000 packets\"}}"
            ", {\"between\": [\"b%d\", \"r2:eth%d\"], \"rate\": \"1 Gbps\", \"delay\": \"1 ms\"}",
            i, i, i, i);
    add(words, "], \"actions\": [");
    for (int i = 1; i <= flows; i++)
        add(words, "%s{\"at\": \"%d ms\", \"on\": \"a%d\", \"run\": \"send-tcp b%d\"}", i > 1 ? ", " : "",
            10 * i, i, i);
    add(words, "], \"stop\": \"%u s\"}", seconds);
}

static bool run_dumbbell(const struct bench_options *options, int flows, const char *congestion)
{
    char name[40];
    unsigned seconds = options->is_brief ? SECONDS / 10 : SECONDS;
    struct words words = {malloc(TEXT_BYTES), 0};
    snprintf(name, sizeof name, "W2-%s", congestion);
    struct bench_result result = {.workload = name, .size = (uint64_t)flows};
    write_dumbbell(&words, flows, congestion, seconds);
    bool is_right = run_text_workload(words.start, extra_types, &result);
    free(words.start);
    /* A full line carries 8231 segments of 1518 bytes, with preamble and gap 1538 and a bit, each second. */
    uint64_t least = (uint64_t)(seconds - 1) * 8100 * 3 * 14 / 10;
    return is_right &&
           (result.hops >= least ||
            result_is_wrong(name, "%" PRIu64 " hops, not %" PRIu64 " at least", result.hops, least));
}

bool dumbbell_run(const struct bench_options *options)
{
    static const int numbers[] = {1, 10, FLOWS_MOST};
    static const char *const controls[] = {"newreno", "cubic"};
    bool is_right = true;
    for (unsigned c = 0; c < 2; c++)
        for (unsigned i = 0; i < 3; i++)
            if (!options->size || options->size == (uint64_t)numbers[i])
                is_right &= run_dumbbell(options, numbers[i], controls[c]);
    return is_right;
}

/* ---- W3 ---- */

static bool run_fast_flow(const struct bench_options *options, unsigned mtu, uint64_t bytes)
{
    char text[2000];
    uint64_t segment = mtu - 52; /* headers, and timestamps */
    bytes = options->is_brief ? bytes / 10 : bytes;
    struct bench_result result = {
        .workload = mtu > 1500 ? "W3-jumbo" : "W3", .size = segment, .app_bytes = bytes};
    snprintf(text, sizeof text,
             "{\"netarium\": 1, \"nodes\": {"
             "\"a\": {\"type\": \"host\", \"mtu\": %u, \"address\": \"10.0.1.2/24\", \"gateway\": "
             "\"10.0.1.1\", " TCP "},"
             "\"r\": {\"type\": \"router\", \"mtu\": %u, \"interfaces\": {\"eth0\": \"10.0.1.1/24\", "
             "\"eth1\": \"10.0.2.1/24\"}},"
             "\"b\": {\"type\": \"host\", \"mtu\": %u, \"address\": \"10.0.2.2/24\", \"gateway\": "
             "\"10.0.2.1\", " TCP ", \"start\": [\"discard\"]}},"
             "\"links\": [{\"between\": [\"a\", \"r:eth0\"], \"rate\": \"10 Gbps\", \"delay\": \"25 us\"},"
             "{\"between\": [\"r:eth1\", \"b\"], \"rate\": \"10 Gbps\", \"delay\": \"25 us\"}],"
             "\"actions\": [{\"at\": \"1 ms\", \"on\": \"a\", \"run\": \"send-tcp b --bytes %" PRIu64
             "B\"}], \"stop\": \"30 s\"}",
             mtu, "250 kB", "250 kB", "newreno", mtu, mtu, "250 kB", "250 kB", "newreno", bytes);
    if (!run_text_workload(text, extra_types, &result))
        return false;
    double seconds = result.ended_s - result.ready_s;
    printf("        %.3f s of the processor for each gigabyte, %.2f hops for each segment\n",
           seconds * 1e9 / (double)bytes, (double)result.hops / ((double)bytes / (double)segment));
    uint64_t least = bytes / segment * 2;
    return result.hops >= least ||
           result_is_wrong(result.workload, "%" PRIu64 " hops, not %" PRIu64 " at least", result.hops, least);
}

bool fast_flow_run(const struct bench_options *options)
{
    bool is_right = run_fast_flow(options, 1500, UINT64_C(1000000000));
    return run_fast_flow(options, 9000, UINT64_C(4000000000)) && is_right;
}

/* SPDX-License-Identifier: MIT
 * W6: a fat tree of k pods, and every host sends to another one as fast as it can.
 *
 *      core             k^2/4 routers, in k/2 groups; group a joins aggregation router a of every pod
 *      pod   aggregation k/2      each is joined to every edge router of its pod
 *            edge        k/2      each has k/2 hosts
 *
 * All links have 10 Gb/s, 1 us and queues of 150 000 bytes. Host i of edge e in pod p is 10.p.e.(i+2). Routes
 * are static: upwards all ways are equal and each flow takes one of them by a hash; downwards there is one way.
 * So a hop is a look-up by longest prefix in a table of a few to a dozen routes, and going up a hash. Who sends to
 * whom is a permutation (Fisher-Yates, xorshift64*, seed 1); TCP is NewReno with a least timeout of 1 ms. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/text.h"
#include "tests/bench/run_text.h"

#define TEXT_SIZE (16u << 20)
#define HOSTS_MOST 1024

static const struct nt_node_type *const no_types[] = {NULL};

/* ---- Nodes: addresses between routers are 10.200+.x.y/30, by the number of the cable ---- */

struct tree {
    unsigned k, half;
    struct text text;
};

/* The two ends of cable number n: 172.16.0.0/12 in pieces of four addresses. */
static void add_end(struct text *text, unsigned cable, unsigned end)
{
    unsigned at = cable * 4 + end;
    text_add(text, "172.%u.%u.%u", 16 + (at >> 16), at >> 8 & 255, at & 255);
}

static unsigned cable_up(const struct tree *t, unsigned pod, unsigned edge, unsigned aggregation)
{
    return (pod * t->half + edge) * t->half + aggregation;
}

static unsigned cable_core(const struct tree *t, unsigned pod, unsigned aggregation, unsigned core)
{
    return t->k * t->half * t->half + (pod * t->half + aggregation) * t->half + core;
}

static void add_hosts(struct tree *t)
{
    for (unsigned pod = 0; pod < t->k; pod++)
        for (unsigned edge = 0; edge < t->half; edge++)
            for (unsigned i = 0; i < t->half; i++)
                text_add(&t->text,
                         "\"h%u-%u-%u\": {\"type\": \"host\", \"address\": \"10.%u.%u.%u/28\", \"gateway\": "
                         "\"10.%u.%u.%u\", "
                         "\"tcp\": {\"congestion\": \"newreno\", \"min-rto\": \"1 ms\", \"send-buffer\": \"1 "
                         "MB\", "
                         "\"receive-buffer\": \"1 MB\"}},\n",
                         pod, edge, i, pod, edge, i * 16 + 2, pod, edge, i * 16 + 1);
}

static void add_edge(struct tree *t, unsigned pod, unsigned edge)
{
    text_add(&t->text, "\"e%u-%u\": {\"type\": \"router\", \"interfaces\": {", pod, edge);
    for (unsigned i = 0; i < t->half; i++)
        text_add(&t->text, "\"eth%u\": \"10.%u.%u.%u/28\", ", i, pod, edge, i * 16 + 1);
    for (unsigned a = 0; a < t->half; a++) {
        text_add(&t->text, "%s\"eth%u\": \"", a ? ", " : "", t->half + a);
        add_end(&t->text, cable_up(t, pod, edge, a), 1);
        text_add(&t->text, "/30\"");
    }
    text_add(&t->text, "}, \"routes\": [");
    text_add(&t->text, "\"10.0.0.0/8");
    for (unsigned a = 0; a < t->half; a++) {
        text_add(&t->text, " nexthop via ");
        add_end(&t->text, cable_up(t, pod, edge, a), 2);
    }
    text_add(&t->text, "\"]},\n");
}

static void add_aggregation(struct tree *t, unsigned pod, unsigned a)
{
    text_add(&t->text, "\"a%u-%u\": {\"type\": \"router\", \"interfaces\": {", pod, a);
    for (unsigned i = 0; i < t->k; i++) {
        text_add(&t->text, "%s\"eth%u\": \"", i ? ", " : "", i);
        if (i < t->half)
            add_end(&t->text, cable_up(t, pod, i, a), 2);
        else
            add_end(&t->text, cable_core(t, pod, a, i - t->half), 1);
        text_add(&t->text, "/30\"");
    }
    text_add(&t->text, "}, \"routes\": [");
    for (unsigned edge = 0; edge < t->half; edge++) {
        text_add(&t->text, "%s\"10.%u.%u.0/24 via ", edge ? ", " : "", pod, edge);
        add_end(&t->text, cable_up(t, pod, edge, a), 1);
        text_add(&t->text, "\"");
    }
    text_add(&t->text, ", \"10.0.0.0/8");
    for (unsigned core = 0; core < t->half; core++) {
        text_add(&t->text, " nexthop via ");
        add_end(&t->text, cable_core(t, pod, a, core), 2);
    }
    text_add(&t->text, "\"]},\n");
}

static void add_core(struct tree *t, unsigned a, unsigned core)
{
    bool is_last = a == t->half - 1 && core == t->half - 1;
    text_add(&t->text, "\"c%u-%u\": {\"type\": \"router\", \"interfaces\": {", a, core);
    for (unsigned pod = 0; pod < t->k; pod++) {
        text_add(&t->text, "%s\"eth%u\": \"", pod ? ", " : "", pod);
        add_end(&t->text, cable_core(t, pod, a, core), 2);
        text_add(&t->text, "/30\"");
    }
    text_add(&t->text, "}, \"routes\": [");
    for (unsigned pod = 0; pod < t->k; pod++) {
        text_add(&t->text, "%s\"10.%u.0.0/16 via ", pod ? ", " : "", pod);
        add_end(&t->text, cable_core(t, pod, a, core), 1);
        text_add(&t->text, "\"");
    }
    text_add(&t->text, "]}%s\n", is_last ? "" : ",");
}

/* ---- Links and flows ---- */

#define LINK                                                                                                 \
    "\"rate\": \"10 Gbps\", \"delay\": \"1 us\", \"queue\": {\"type\": \"drop-tail\", \"limit\": \"150000 "  \
    "bytes\"}}"

static void add_links(struct tree *t)
{
    const char *between = "";
    for (unsigned pod = 0; pod < t->k; pod++)
        for (unsigned e = 0; e < t->half; e++)
            for (unsigned i = 0; i < t->half; i++) {
                text_add(&t->text, "%s{\"between\": [\"h%u-%u-%u\", \"e%u-%u:eth%u\"], " LINK, between, pod,
                         e, i, pod, e, i);
                text_add(&t->text, ",\n{\"between\": [\"e%u-%u:eth%u\", \"a%u-%u:eth%u\"], " LINK, pod, e,
                         t->half + i, pod, i, e);
                text_add(&t->text, ",\n{\"between\": [\"a%u-%u:eth%u\", \"c%u-%u:eth%u\"], " LINK, pod, e,
                         t->half + i, e, i, pod);
                between = ",\n";
            }
}

static void add_host_name(struct tree *t, unsigned host)
{
    text_add(&t->text, "h%u-%u-%u", host / (t->half * t->half), host / t->half % t->half, host % t->half);
}

static unsigned below(uint64_t *state, unsigned limit)
{
    return (unsigned)((bench_random(state) >> 32) * limit >> 32);
}

static void add_flows(struct tree *t)
{
    unsigned count = t->k * t->half * t->half, to[HOSTS_MOST];
    uint64_t dice = 1;
    for (unsigned i = 0; i < count; i++)
        to[i] = i;
    for (unsigned i = count - 1; i > 0; i--) {
        unsigned other = below(&dice, i + 1), kept = to[i];
        to[i] = to[other];
        to[other] = kept;
    }
    for (unsigned i = 0; i < count; i++) {
        unsigned next = (i + 1) % count, kept = to[i];
        if (kept == i) {
            to[i] = to[next];
            to[next] = kept;
        }
    }
    for (unsigned i = 0; i < count; i++) {
        text_add(&t->text, "%s{\"at\": \"0 s\", \"on\": \"", i ? ",\n" : "");
        add_host_name(t, i);
        text_add(&t->text, "\", \"run\": \"discard\"},\n{\"at\": \"%u us\", \"on\": \"",
                 below(&dice, 100) + 1);
        add_host_name(t, i);
        text_add(&t->text, "\", \"run\": \"send-tcp ");
        add_host_name(t, to[i]);
        text_add(&t->text, "\"}");
    }
}

static void write_tree(struct tree *t, unsigned microseconds)
{
    text_add(&t->text, "{\"netarium\": 1, \"stop\": \"%u us\", \"nodes\": {\n", microseconds);
    add_hosts(t);
    for (unsigned pod = 0; pod < t->k; pod++)
        for (unsigned i = 0; i < t->half; i++) {
            add_edge(t, pod, i);
            add_aggregation(t, pod, i);
        }
    for (unsigned a = 0; a < t->half; a++)
        for (unsigned core = 0; core < t->half; core++)
            add_core(t, a, core);
    text_add(&t->text, "},\n\"links\": [");
    add_links(t);
    text_add(&t->text, "],\n\"actions\": [");
    add_flows(t);
    text_add(&t->text, "]}");
}

bool fat_tree_run(const struct bench_options *options)
{
    static const struct {
        unsigned k, microseconds;
        uint64_t least_hops;
    } trees[] = {{8, 5000, 1000000}, {16, 1000, 1000000}};
    bool is_right = true;
    char *storage = malloc(TEXT_SIZE);
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
        struct tree tree = {trees[i].k, trees[i].k / 2, text_in(storage, TEXT_SIZE)};
        struct bench_result result = {.workload = "W6", .size = trees[i].k};
        if (options->size && options->size != result.size)
            continue;
        write_tree(&tree, options->is_brief ? trees[i].microseconds / 5 : trees[i].microseconds);
        is_right = !tree.text.is_cut && run_text_workload(storage, no_types, &result) && is_right;
        if (result.hops < trees[i].least_hops / (options->is_brief ? 20 : 1))
            is_right = result_is_wrong(result.workload, "only %" PRIu64 " hops", result.hops);
    }
    free(storage);
    return is_right;
}

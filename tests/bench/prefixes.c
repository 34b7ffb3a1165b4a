/* SPDX-License-Identifier: MIT
 * LPM: a million prefixes, and how long one look-up takes. Lengths are spread as in a provider's table: most
 * are 24 bits long. The addresses looked up are random, so each walk is through cold memory: the worst that a
 * router can meet. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "protocols/ipv4/lpm.h"
#include "tests/bench/bench.h"

#define PREFIXES 1000000
#define LOOKUPS 5000000

/* An environment that has memory and nothing else. */
static void *memory_new(struct env *env, size_t size_bytes)
{
    return calloc(1, size_bytes);
}

static void memory_free(struct env *env, void *memory)
{
    free(memory);
}

static const struct env_ops memory_ops = {.memory_new = memory_new, .memory_free = memory_free};

/* Of 16 prefixes 9 have 24 bits, 4 have 20 to 23, 2 have 16 to 19, and one has 25 to 32. */
static uint8_t random_length(uint64_t draw)
{
    unsigned kind = draw & 15;
    if (kind < 9)
        return 24;
    if (kind < 13)
        return (uint8_t)(20 + (draw >> 4 & 3));
    return (uint8_t)(kind < 15 ? 16 + (draw >> 4 & 3) : 25 + (draw >> 4 & 7));
}

bool prefixes_run(const struct bench_options *options)
{
    struct env env = {.ops = &memory_ops};
    struct lpm lpm;
    uint64_t random = 42, found = 0;
    uint64_t wanted = options->size ? options->size : options->is_brief ? PREFIXES / 10 : PREFIXES;
    struct bench_result result = {.workload = "LPM", .size = wanted};
    clock_begin(&result);
    lpm_init(&lpm, &env);
    while (lpm.prefix_count < wanted) {
        uint64_t draw = bench_random(&random);
        lpm_insert(&lpm, (struct ipv4_prefix){{(uint32_t)(draw >> 32)}, random_length(draw)},
                   (uint32_t)(draw & 0xffff));
    }
    clock_ready(&result);
    for (uint64_t i = 0; i < LOOKUPS; i++)
        found += lpm_lookup(&lpm, (struct ipv4_address){(uint32_t)(bench_random(&random) >> 32)}) != LPM_NONE;
    clock_end(&result);
    result.events = result.per = LOOKUPS;
    result_print(&result);
    printf("        %" PRIu64 " bytes for each prefix, %" PRIu64 " of %d look-ups found one\n",
           lpm_bytes(&lpm) / wanted, found, LOOKUPS);
    lpm_release(&lpm);
    return found > 0 || result_is_wrong("LPM", "no look-up found anything");
}

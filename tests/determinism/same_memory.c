/* SPDX-License-Identifier: MIT
 * same_memory SCENARIO SECONDS: turned back, a run leaves the same memory behind, byte by byte, whatever the stack held before.
 *
 * Before each event the stack is filled with something else. A byte that comes from there (a variable that was not set, a
 * hidden byte between two members of a struct) then differs from one time to the next, and the first such is printed with
 * what is around it. Exit status: 0 the same, 1 not, 2 the scenario cannot be run. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nodes/builtin.h"
#include "sim/network.h"
#include "sim/scenario.h"

#define ROUNDS 4
#define STACK_BYTES 20000

static unsigned soil_the_stack(unsigned number)
{
    volatile unsigned char soil[STACK_BYTES];
    for (unsigned i = 0; i < STACK_BYTES; i++)
        soil[i] = (unsigned char)(number * 37 + i);
    return soil[number % STACK_BYTES];
}

/* The whole memory of the network; owned by the caller. */
static unsigned char *memory_of(struct run *run, size_t *ret_bytes)
{
    run_state_digest(run); /* the queue sorts itself when it is asked */
    size_t pages = world_used_bytes(run->world) / WORLD_PAGE_BYTES;
    unsigned char *bytes = malloc((pages + 1) * WORLD_PAGE_BYTES);
    for (size_t i = 0; bytes && i < pages; i++)
        world_page_read(run->world, i, bytes + i * WORLD_PAGE_BYTES);
    *ret_bytes = bytes ? pages * WORLD_PAGE_BYTES : 0;
    return bytes;
}

static void to_the_end(struct run *run, unsigned number)
{
    do
        soil_the_stack(number++);
    while (run_step(run) == RUN_GOES_ON);
    run_advance(run, NT_NEVER, NULL);
}

static void show(const unsigned char *bytes, size_t at)
{
    size_t from = at > 32 ? at - at % 8 - 24 : 0;
    for (size_t i = 0; i < 48; i++)
        printf("%s%02x", i % 8 ? "" : "  ", bytes[from + i]);
    printf("\n");
}

static bool is_same(struct run *run, const unsigned char *first, size_t count, unsigned round)
{
    size_t again, at = 0;
    unsigned char *bytes = memory_of(run, &again);
    while (at < count && at < again && first[at] == bytes[at])
        at++;
    bool is_the_same = again == count && at == count;
    if (!is_the_same) {
        printf("turned back %u times, byte %zu of the memory is another one:\n", round, at);
        show(first, at);
        show(bytes, at);
    }
    free(bytes);
    return is_the_same;
}

static bool try_it(struct run *run, nt_time middle)
{
    size_t count;
    bool is_good = true;
    run_advance(run, middle, NULL);
    struct checkpoint *checkpoint = run_save(run);
    to_the_end(run, 0);
    unsigned char *first = memory_of(run, &count);
    for (unsigned round = 1; round <= ROUNDS && is_good; round++) {
        run_restore(run, checkpoint);
        to_the_end(run, round);
        is_good = is_same(run, first, count, round);
    }
    checkpoint_free(checkpoint);
    free(first);
    return is_good;
}

int main(int count, char **words)
{
    struct registry registry;
    struct error_list errors;
    struct nt_why why;
    int status = 2;
    registry_init(&registry);
    error_list_init(&errors);
    registry_add(&registry, &builtin_types, &why);
    struct scenario *scenario = count == 3 ? scenario_read(words[1], &registry, NULL, &errors) : NULL;
    struct run *run = scenario ? run_new(&registry, 0) : NULL;
    if (run && run_build(run, scenario, &errors))
        status = try_it(run, (nt_time)(strtod(words[2], NULL) * (double)NT_SECOND)) ? 0 : 1;
    run_free(run);
    scenario_free(scenario);
    error_list_release(&errors);
    registry_release(&registry);
    return status;
}

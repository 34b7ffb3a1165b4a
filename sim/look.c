/* SPDX-License-Identifier: MIT
 * Looking at a run without touching it: its counts, its nodes, its kinds of records, its ledger. */
#include <string.h>

#include "sim/network.h"

nt_time run_now(const struct run *run)
{
    return run->network->clock.now;
}

uint64_t run_digest(const struct run *run)
{
    return run->network->digest;
}

/* The queue sorts itself when it is asked for what is next; asking first makes it the same however we came. */
uint64_t run_state_digest(const struct run *run)
{
    event_next_at(run->network);
    return world_digest(run->world);
}

uint64_t run_event_count(const struct run *run)
{
    return run->network->events;
}

uint64_t run_record_count(const struct run *run)
{
    return run->network->records;
}

uint64_t run_frame_count(const struct run *run)
{
    return run->network->frames;
}

size_t run_memory_bytes(const struct run *run)
{
    return world_used_bytes(run->world);
}

uint64_t run_allocation_count(const struct run *run)
{
    return world_allocation_count(run->world);
}

const char *run_failure(const struct run *run)
{
    return run->failure;
}

const struct scenario *run_scenario(const struct run *run)
{
    return run->scenario;
}

uint32_t run_node_count(const struct run *run)
{
    return run->network->node_count;
}

const struct nt_node *run_node(const struct run *run, uint32_t id)
{
    return id >= 1 && id <= run->network->node_count ? &run->network->nodes[id - 1]->node : NULL;
}

const struct nt_node *run_node_named(const struct run *run, const char *name)
{
    return run_node(run, node_named(run->network, name));
}

uint32_t run_port_count(const struct run *run)
{
    return run->network->port_count;
}

const struct nt_port *run_port(const struct run *run, uint32_t id)
{
    return id >= 1 && id <= run->network->port_count ? run->network->ports[id - 1] : NULL;
}

uint32_t run_app_count(const struct run *run)
{
    return run->network->app_count;
}

const struct nt_app *run_app(const struct run *run, uint32_t id)
{
    return id >= 1 && id <= run->network->app_count ? &run->network->apps[id - 1]->app : NULL;
}

uint32_t run_kind_count(const struct run *run)
{
    return run->network->kind_count;
}

const struct nt_kind *run_kind_at(const struct run *run, uint32_t kind)
{
    return kind >= 1 && kind <= run->network->kind_count ? run->network->kinds[kind] : NULL;
}

uint32_t run_kind_named(const struct run *run, const char *name)
{
    for (uint32_t kind = 1; kind <= run->network->kind_count; kind++)
        if (strcmp(run->network->kinds[kind]->name, name) == 0)
            return kind;
    return 0;
}

const char *run_text(const struct run *run, uint64_t text)
{
    return text_store_text(&run->texts, text);
}

struct run_ledger run_ledger(const struct run *run)
{
    struct run_ledger ledger = run->network->ledger;
    ledger.held = run->network->late;
    for (uint32_t i = 0; i < run->network->node_count; i++) {
        const struct nt_node *node = &run->network->nodes[i]->node;
        if (node->type->held)
            ledger.held += node->type->held(node);
    }
    return ledger;
}

size_t run_reasons(const struct run *run, struct run_reason *ret_reasons, size_t size)
{
    const struct network *network = run->network;
    for (uint32_t i = 0; i < network->reason_count && i < size; i++)
        ret_reasons[i] = (struct run_reason){network->reasons[i].text, network->reasons[i].count,
                                             network->reasons[i].is_discard};
    return network->reason_count;
}

void run_frame_finish(const struct nt_frame *frame)
{
    frame_finish((struct nt_frame *)frame);
}

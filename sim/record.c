/* SPDX-License-Identifier: MIT
 * Records: one fact each, numbered, with the fact that caused it.
 *
 * The network numbers them (the number is state, it goes back with a checkpoint); the sinks, outside, get
 * each one as it happens. Texts that records refer to are kept by the run, each once, and cut back together
 * with the records. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/network.h"

static const struct nt_kind own_kinds[RUN_KIND_COUNT] = {
    [RUN_KIND_FRAME_TX] = {"frame.tx",
                           "{node} sends frame {frame} of {length} at {port}, for {air_time}",
                           NULL,
                           0,
                           {{"length", NT_UNIT_BYTES},
                            {"air_time", NT_UNIT_TIME},
                            {"parent", NT_UNIT_FRAME}}},
    [RUN_KIND_FRAME_RX] = {"frame.rx",
                           "{node} has received frame {frame} of {length} at {port}",
                           NULL,
                           0,
                           {{"length", NT_UNIT_BYTES}}},
    [RUN_KIND_FRAME_DROP] = {"frame.drop",
                             "frame {frame} of {length} is dropped at {node} {port}: {reason}",
                             NULL,
                             NT_KIND_DROP | NT_KIND_INTERESTING,
                             {{"reason", NT_UNIT_TEXT}, {"length", NT_UNIT_BYTES}}},
    [RUN_KIND_FRAME_DISCARD] = {"frame.discard",
                                "{node} has no use for frame {frame} of {length}: {reason}",
                                NULL,
                                NT_KIND_DROP,
                                {{"reason", NT_UNIT_TEXT}, {"length", NT_UNIT_BYTES}}},
    [RUN_KIND_LINE] = {"line",
                       "the line at {node} {port}: up {up}, {rate}, half duplex {half}",
                       NULL,
                       NT_KIND_INTERESTING | NT_KIND_GAUGE,
                       {{"up", NT_UNIT_BOOL}, {"rate", NT_UNIT_RATE}, {"half", NT_UNIT_BOOL}}},
    [RUN_KIND_APP_START] = {"app.start",
                            "on {node} somebody types: {command}",
                            NULL,
                            NT_KIND_INTERESTING,
                            {{"command", NT_UNIT_TEXT}}},
    [RUN_KIND_APP_PRINT] = {"app.print", "{node} prints: {text}", NULL, 0, {{"text", NT_UNIT_TEXT}}},
    [RUN_KIND_APP_EXIT] = {"app.exit",
                           "on {node} the command {command} ends with status {status}",
                           NULL,
                           0,
                           {{"status", NT_UNIT_NONE}, {"command", NT_UNIT_TEXT}}},
};

void record_declare_own(struct network *network)
{
    for (uint32_t kind = 1; kind < RUN_KIND_COUNT; kind++)
        record_kind(network, &own_kinds[kind]);
}

/* Where the number of the kind called `name` stands in the hash table, or would. */
static uint16_t *kind_place(struct network *network, const char *name)
{
    uint32_t place = (uint32_t)fnv1a64(name, strlen(name)) % NETWORK_KIND_PLACES;
    while (network->kind_places[place] && strcmp(network->kinds[network->kind_places[place]]->name, name) != 0)
        place = (place + 1) % NETWORK_KIND_PLACES;
    return &network->kind_places[place];
}

uint32_t record_kind(struct network *network, const struct nt_kind *kind)
{
    uint16_t *number = kind_place(network, kind->name);
    if (*number)
        return *number;
    assert(network->kind_count + 1 < NETWORK_KINDS);
    network->kinds[++network->kind_count] = kind;
    *number = (uint16_t)network->kind_count;
    return *number;
}

uint64_t record_tell(struct network *network, const struct nt_record *record, const struct nt_frame *frame)
{
    struct nt_record numbered = *record;
    numbered.number = ++network->records;
    for (struct run_sink *sink = network->run->sinks; sink; sink = sink->next)
        sink->take(sink, &numbered, frame);
    return numbered.number;
}

uint64_t record_text(struct network *network, const char *text)
{
    struct run *run = network->run;
    uint64_t known = text_store_find(&run->texts, text);
    return known ? known : text_store_add(&run->texts, text);
}

void record_cut(struct run *run, uint64_t last, size_t texts)
{
    text_store_cut(&run->texts, texts);
    for (struct run_sink *sink = run->sinks; sink; sink = sink->next)
        if (sink->cut)
            sink->cut(sink, last);
}

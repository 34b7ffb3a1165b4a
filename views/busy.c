/* SPDX-License-Identifier: MIT
 * How busy each direction of each cable is, as tables. */
#include "views/busy.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/inspect.h"
#include "sim/scenario.h"

#define PARTS 200

/* The delay of the direction that begins at `port`; -1: this is no cable between two. */
static nt_time delay_of(const struct nt_port *port)
{
    struct nt_cell cells[NT_COLUMNS] = {0};
    const struct nt_node *cable = port->node;
    const struct nt_table *table = inspect_table(cable, "link");
    int column = table ? inspect_column(table, "delay") : -1;
    uint32_t side = cable->ports[0] == port ? 0 : 1;
    return column >= 0 && inspect_row(cable, table, side, cells) ? cells[column].number : -1;
}

static void add(struct busy *busy, uint32_t port, nt_time from, nt_time to)
{
    if (!busy->parts[port])
        busy->parts[port] = calloc(busy->part_count, sizeof *busy->parts[port]);
    assert(busy->parts[port]);
    while (from < to && from / busy->part < busy->part_count) {
        nt_time end = (from / busy->part + 1) * busy->part;
        end = end < to ? end : to;
        busy->parts[port][from / busy->part] += end - from;
        from = end;
    }
}

static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct busy *busy = NT_OWNER(sink, struct busy, sink);
    const struct nt_port *station =
        record->kind == RUN_KIND_FRAME_TX && busy->air_time >= 0 ? run_port(busy->run, record->port) : NULL;
    const struct nt_port *port = station ? station->peer : NULL;
    (void)frame;
    nt_time delay = port && port->node->port_count == 2 ? delay_of(port) : -1;
    if (delay >= 0)
        add(busy, port->id, record->at, record->at + record->values[busy->air_time] - delay);
}

/* 1, 2 or 5 and zeros. */
static nt_time round_part(nt_time rough)
{
    nt_time part = 1;
    for (unsigned i = 0; part < rough; i++)
        part = i % 3 == 1 ? part / 2 * 5 : part * 2;
    return part;
}

void busy_init(struct busy *busy, const struct run *run, const char *dir)
{
    nt_time stop = run_scenario(run)->stop;
    *busy = (struct busy){.sink.take = take, .run = run, .dir = strdup(dir)};
    busy->part = round_part(stop / PARTS);
    busy->part_count = (uint32_t)(stop / busy->part) + 1;
    busy->port_count = run_port_count(run);
    busy->parts = calloc(busy->port_count + 1, sizeof *busy->parts);
    busy->air_time = inspect_field(run_kind_at(run, RUN_KIND_FRAME_TX), "air_time");
    assert(busy->dir && busy->parts);
}

static bool write_table(const struct busy *busy, uint32_t id, struct nt_why *ret_why)
{
    struct outlet file;
    char wanted[200], name[200];
    const struct nt_port *port = run_port(busy->run, id);
    nt_time end = run_now(busy->run);
    snprintf(wanted, sizeof wanted, "utilisation@%.60s-%.60s.csv", port->node->name, port->name);
    outlet_sanitise(wanted, name, sizeof name);
    if (!outlet_create_in(&file, busy->dir, name, ret_why))
        return false;
    outlet_text(&file, "time_s,utilisation_ppm\n");
    for (uint32_t i = 0; i < busy->part_count && busy->part * i < end; i++) {
        nt_time until = busy->part * (i + 1) < end ? busy->part * (i + 1) : end,
                length = until - busy->part * i;
        nt_time used = busy->parts[id][i] < length ? busy->parts[id][i] : length;
        outlet_print(&file, "%" PRId64 ".%012" PRId64 ",%" PRId64 "\n", until / NT_SECOND, until % NT_SECOND,
                     (int64_t)((__int128)used * 1000000 / length));
    }
    return outlet_release(&file, ret_why);
}

bool busy_close(struct busy *busy, struct nt_why *ret_why)
{
    bool is_whole = true;
    for (uint32_t id = 1; id <= busy->port_count; id++) {
        struct nt_why why;
        if (busy->parts[id] && !write_table(busy, id, &why)) {
            *ret_why = is_whole ? why : *ret_why;
            is_whole = false;
        }
        free(busy->parts[id]);
    }
    free(busy->parts);
    free(busy->dir);
    *busy = (struct busy){0};
    return is_whole;
}

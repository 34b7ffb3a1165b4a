/* SPDX-License-Identifier: MIT
 * A run as a capture: one pcapng file with an interface for every port of every station.
 *
 * A packet is written when the next one comes, so that what its receiver says of it at the same instant ("bad
 * header checksum") can still become its comment. Blocks therefore stand in the order of the records, which
 * is strict in time. */
#include "views/capture.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "views/sentence.h"

#define CAPTURE_RECENT_RECORDS 4096 /* how far back a frame's cause is looked for */

/* ---- Which ports ---- */

static bool is_named(const struct scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->capture_count; i++)
        if (strcmp(scenario->captures[i], name) == 0)
            return true;
    return scenario->capture_count == 0;
}

static bool is_captured(const struct run *run, const struct nt_port *port)
{
    const struct scenario *scenario = run_scenario(run);
    if (port->node->type->flags & NT_NODE_MEDIUM)
        return false;
    return is_named(scenario, port->node->name) || (port->peer && is_named(scenario, port->peer->node->name));
}

static void choose_ports(struct capture *capture)
{
    uint32_t count = run_port_count(capture->run);
    uint32_t interfaces = 0;
    capture->interface_of = calloc(count + 1, sizeof *capture->interface_of);
    assert(capture->interface_of);
    for (uint32_t id = 1; id <= count; id++)
        if (is_captured(capture->run, run_port(capture->run, id)))
            capture->interface_of[id] = ++interfaces;
}

static void write_interfaces(struct capture *capture)
{
    char name[160];
    for (uint32_t id = 1; id <= run_port_count(capture->run); id++) {
        const struct nt_port *port = run_port(capture->run, id);
        if (!capture->interface_of[id])
            continue;
        snprintf(name, sizeof name, "%s:%s", port->node->name, port->name);
        pcapng_write_interface(&capture->out,
                               &(struct pcapng_interface){.name = name, .rate_bps = port->rate_bps});
    }
    capture->has_interfaces = true;
}

/* The station's port that a record is about: a medium speaks of its own port, the capture of the neighbour's.
 */
static const struct nt_port *station_port(const struct run *run, const struct nt_record *record)
{
    const struct nt_port *port = record->port ? run_port(run, record->port) : NULL;
    if (port && (port->node->type->flags & NT_NODE_MEDIUM))
        return port->peer;
    return port;
}

/* ---- Packets ---- */

static void write_pending(struct capture *capture)
{
    if (!capture->has_pending)
        return;
    capture->pending.bytes = capture->bytes;
    capture->pending.remark = capture->remark_storage;
    pcapng_write_packet(&capture->out, &capture->pending);
    capture->has_pending = false;
}

/* A frame that dies after it was sent dies on its way in; one that never left, on its way out. */
static enum pcapng_direction direction_of(const struct capture *capture, const struct nt_record *record)
{
    const struct nt_record *sending = history_sending(&capture->recent, record);
    if (record->kind == RUN_KIND_FRAME_RX)
        return PCAPNG_INBOUND;
    if (record->kind == RUN_KIND_FRAME_DROP && sending && sending->frame == record->frame)
        return PCAPNG_INBOUND;
    return PCAPNG_OUTBOUND;
}

static void hold(struct capture *capture, const struct nt_record *record, const struct nt_frame *frame,
                 uint32_t interface)
{
    if (frame->length_bytes > capture->bytes_size) {
        capture->bytes_size = frame->length_bytes;
        capture->bytes = realloc(capture->bytes, capture->bytes_size);
        assert(capture->bytes);
    }
    run_frame_finish(frame);
    memcpy(capture->bytes, frame->bytes, frame->length_bytes);
    capture->pending = (struct pcapng_packet){
        .interface = interface,
        .at = record->at,
        .length_bytes = frame->length_bytes,
        .direction = direction_of(capture, record),
        .has_crc_error = record->kind == RUN_KIND_FRAME_RX && (frame->flags & NT_FRAME_DAMAGED),
    };
    capture->pending_frame = record->frame;
    capture->remark = text_in(capture->remark_storage, sizeof capture->remark_storage);
    capture->has_pending = true;
}

/* Why a frame was sent, if that is worth stopping at. */
static void remark_on_cause(struct capture *capture, const struct nt_record *record)
{
    const struct nt_record *cause = history_at(&capture->recent, record->cause);
    const struct nt_kind *kind = cause ? run_kind_at(capture->run, cause->kind) : NULL;
    if (!kind || cause->kind < RUN_KIND_COUNT || !(kind->flags & NT_KIND_INTERESTING))
        return;
    sentence_add(&capture->remark, capture->run, cause);
    sentence_add_clause(&capture->remark, kind, " (", ")");
}

static const char *reason_of(const struct capture *capture, const struct nt_record *record)
{
    return run_text(capture->run, (uint64_t)record->values[0]);
}

static void take_frame(struct capture *capture, const struct nt_record *record, const struct nt_frame *frame)
{
    const struct nt_port *port = station_port(capture->run, record);
    uint32_t interface = port ? capture->interface_of[port->id] : 0;
    if (!interface)
        return;
    write_pending(capture);
    if (!capture->has_interfaces)
        write_interfaces(capture);
    hold(capture, record, frame, interface - 1);
    if (record->kind == RUN_KIND_FRAME_DROP)
        text_add(&capture->remark, "dropped at %s: %s", run_node(capture->run, record->node)->name,
                 reason_of(capture, record));
    else if (record->kind == RUN_KIND_FRAME_TX)
        remark_on_cause(capture, record);
}

/* The arrival is still pending: the reason becomes its comment. */
static void take_discard(struct capture *capture, const struct nt_record *record)
{
    const struct nt_kind *kind = run_kind_at(capture->run, record->kind);
    const struct nt_port *port = station_port(capture->run, record);
    if (capture->has_pending && port && !(kind->flags & NT_KIND_CHATTER) &&
        capture->pending_frame == record->frame && capture->pending.at == record->at &&
        capture->pending.interface + 1 == capture->interface_of[port->id])
        text_add(&capture->remark, "%sdiscarded by %s: %s", capture->remark.length ? "; " : "",
                 port->node->name, reason_of(capture, record));
}

static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct capture *capture = NT_OWNER(sink, struct capture, sink);
    bool is_on_wire = record->kind == RUN_KIND_FRAME_TX || record->kind == RUN_KIND_FRAME_RX ||
                      record->kind == RUN_KIND_FRAME_DROP;
    if (is_on_wire && frame)
        take_frame(capture, record, frame);
    else if (record->kind == RUN_KIND_FRAME_DISCARD)
        take_discard(capture, record);
    history_take(&capture->recent, record);
}

/* ---- The file ---- */

/* "scenarios/01-two-hosts.json" -> "01-two-hosts.pcapng" */
static void name_file(const char *scenario_file, char *ret_name, size_t size)
{
    const char *slash = strrchr(scenario_file, '/');
    const char *base = slash ? slash + 1 : scenario_file;
    const char *dot = strrchr(base, '.');
    size_t length = dot && dot > base ? (size_t)(dot - base) : strlen(base);
    snprintf(ret_name, size, "%.*s.pcapng", (int)(length < 150 ? length : 150), base);
}

bool capture_open(struct capture *capture, const struct run *run, const char *dir, struct nt_why *ret_why)
{
    const struct scenario *scenario = run_scenario(run);
    char text[512];
    *capture = (struct capture){.sink.take = take, .run = run};
    name_file(scenario->file, text, sizeof text);
    if (!outlet_make_dir(dir, ret_why) || !outlet_create_in(&capture->out, dir, text, ret_why))
        return false;
    history_init(&capture->recent, CAPTURE_RECENT_RECORDS);
    choose_ports(capture);
    snprintf(text, sizeof text, "%.400s, seed %" PRIu64, scenario->title ? scenario->title : scenario->file,
             scenario->seed);
    pcapng_write_section(&capture->out, "Netarium", text);
    outlet_flush(&capture->out);
    if (!capture->out.failure)
        return true;
    outlet_explain(&capture->out, ret_why);
    capture_close(capture, &(struct nt_why){0});
    return false;
}

bool capture_close(struct capture *capture, struct nt_why *ret_why)
{
    write_pending(capture);
    if (!capture->has_interfaces)
        write_interfaces(capture);
    bool is_whole = outlet_release(&capture->out, ret_why);
    history_release(&capture->recent);
    free(capture->interface_of);
    free(capture->bytes);
    *capture = (struct capture){0};
    return is_whole;
}

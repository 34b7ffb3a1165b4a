/* SPDX-License-Identifier: MIT
 * What the commands on the hosts print, as it would look on their terminals. */
#include "views/console.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct console_speaker {
    struct outlet line; /* what it has printed since its last line's end; in memory */
    bool is_running;    /* begun, and not ended */
    uint32_t ordinal;   /* which command of its node this is among those that run, from 1 */
};

static struct console_speaker *speaker_of(struct console *console, uint32_t app)
{
    assert(app > 0);
    if (app > console->speaker_count) {
        console->speakers = realloc(console->speakers, app * sizeof *console->speakers);
        assert(console->speakers);
        for (size_t i = console->speaker_count; i < app; i++) {
            console->speakers[i] = (struct console_speaker){0};
            outlet_init_memory(&console->speakers[i].line);
        }
        console->speaker_count = app;
    }
    return &console->speakers[app - 1];
}

/* The lowest number that no running command of the same node has. */
static uint32_t free_ordinal(const struct console *console, const struct nt_node *node)
{
    uint32_t ordinal = 1;
    bool is_taken = true;
    while (is_taken) {
        is_taken = false;
        for (size_t i = 0; i < console->speaker_count && !is_taken; i++)
            is_taken = console->speakers[i].is_running && console->speakers[i].ordinal == ordinal &&
                       run_app(console->run, (uint32_t)i + 1)->node == node;
        ordinal += is_taken;
    }
    return ordinal;
}

static void print_name(struct console *console, uint32_t app)
{
    const struct console_speaker *speaker = speaker_of(console, app);
    outlet_text(console->out, run_app(console->run, app)->node->name);
    if (speaker->ordinal > 1)
        outlet_print(console->out, "[%" PRIu32 "]", speaker->ordinal);
}

static void print_line(struct console *console, uint32_t app, const char *line, size_t length)
{
    if (console->running_count > 1) {
        print_name(console, app);
        outlet_text(console->out, length > 0 ? ": " : ":");
    }
    outlet_write(console->out, line, length);
    outlet_text(console->out, "\n");
    outlet_end_piece(console->out);
}

/* Shows all whole lines of what has gathered and keeps the rest. */
static void print_whole_lines(struct console *console, uint32_t app)
{
    struct outlet *line = &speaker_of(console, app)->line;
    const char *at = line->bytes;
    const char *end;
    while ((end = strchr(at, '\n'))) {
        print_line(console, app, at, (size_t)(end - at));
        at = end + 1;
    }
    line->length = strlen(at);
    memmove(line->bytes, at, line->length + 1);
}

static void end_line(struct console *console, uint32_t app)
{
    struct outlet *line = &speaker_of(console, app)->line;
    if (line->length > 0)
        print_line(console, app, line->bytes, line->length);
    line->length = 0;
    line->bytes[0] = '\0';
}

static void begin_app(struct console *console, const struct nt_record *record)
{
    struct console_speaker *speaker = speaker_of(console, record->app);
    speaker->ordinal = free_ordinal(console, run_app(console->run, record->app)->node);
    speaker->is_running = true;
    console->running_count++;
    print_name(console, record->app);
    outlet_print(console->out, "$ %s\n", run_text(console->run, (uint64_t)record->values[0]));
    outlet_end_piece(console->out);
}

static void end_app(struct console *console, const struct nt_record *record)
{
    struct console_speaker *speaker = speaker_of(console, record->app);
    end_line(console, record->app);
    console->running_count -= speaker->is_running;
    speaker->is_running = false;
}

static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct console *console = NT_OWNER(sink, struct console, sink);
    (void)frame;
    if (record->app == 0)
        return;
    if (record->kind == RUN_KIND_APP_START)
        begin_app(console, record);
    else if (record->kind == RUN_KIND_APP_PRINT) {
        outlet_text(&speaker_of(console, record->app)->line,
                    run_text(console->run, (uint64_t)record->values[0]));
        print_whole_lines(console, record->app);
    } else if (record->kind == RUN_KIND_APP_EXIT)
        end_app(console, record);
}

void console_init(struct console *console, const struct run *run, struct outlet *out)
{
    *console = (struct console){.sink.take = take, .run = run, .out = out};
}

void console_release(struct console *console)
{
    for (size_t i = 0; i < console->speaker_count; i++) {
        end_line(console, (uint32_t)i + 1);
        outlet_release(&console->speakers[i].line, &(struct nt_why){0});
    }
    free(console->speakers);
    *console = (struct console){0};
}

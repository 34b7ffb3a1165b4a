/* SPDX-License-Identifier: MIT
 * The stepping terminal: from a line to a command, and how a place in time is shown. */
#include "cli/stepper.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/inspect.h"
#include "views/sentence.h"

#define LINE_BYTES 4096
#define RECORDS_SHOWN 40 /* of one event */
#define CARETS_FROM 60   /* columns of a query that are shown around a mistake */

static void command_help(struct stepper *stepper, char *words);

static void command_quit(struct stepper *stepper, char *words)
{
    (void)words;
    stepper->is_over = true;
}

const struct stepper_command stepper_commands[] = {
    {"step", "[N] [event|frame|record|ack|rtt]", "goes on by N events (or other things); 1 if not said",
     STEPPER_UNITS, step_command_step},
    {"back", "[N] [event|frame|record|ack|rtt]", "goes back by as much", STEPPER_UNITS, step_command_back},
    {"next", "[N]", "goes on to the next thing worth stopping at", STEPPER_NOTHING, step_command_next},
    {"previous", "[N]", "goes back to the one before", STEPPER_NOTHING, step_command_previous},
    {"until", "QUERY", "goes on until QUERY begins to hold, or selects a record", STEPPER_QUERY,
     step_command_until},
    {"continue", "[TIME]", "goes on to a breakpoint, to TIME or to the end", STEPPER_NOTHING,
     step_command_continue},
    {"goto", "TIME|start|end|#RECORD|frame N|event N|QUERY", "goes there, forward or back", STEPPER_QUERY,
     step_command_goto},
    {"break", "[QUERY]", "stops whoever goes on when QUERY begins to hold; alone: lists them", STEPPER_QUERY,
     step_command_break},
    {"delete", "N", "takes breakpoint N away", STEPPER_NOTHING, step_command_delete},
    {"why", "[#RECORD|frame N]", "tells why it happened, and what came of it", STEPPER_NOTHING,
     step_command_why},
    {"show", "[NODE [TABLE]]", "shows nodes, a node's tables, a table", STEPPER_TABLES, step_command_show},
    {"frame", "N", "takes a frame apart: layers, fields, bytes", STEPPER_NOTHING, step_command_frame},
    {"frames", "", "lists the frames that are on their way", STEPPER_NOTHING, step_command_frames},
    {"records", "[N] [FILTER]", "lists the last N records, or those that FILTER selects", STEPPER_QUERY,
     step_command_records},
    {"print", "QUERY", "shows the value of QUERY now", STEPPER_QUERY, step_command_print},
    {"watch", "[QUERY]", "shows its value after every move; alone: all of them", STEPPER_QUERY,
     step_command_watch},
    {"unwatch", "N", "no longer", STEPPER_NOTHING, step_command_unwatch},
    {"tcp", "[NODE] [on|off]", "draws a TCP connection: octets, windows, cwnd; on: after every move",
     STEPPER_NODES, step_command_tcp},
    {"info", "", "where we are, and what there is", STEPPER_NOTHING, step_command_info},
    {"on", "NODE COMMAND", "types COMMAND on NODE: on alice ping -c 1 bob", STEPPER_COMMANDS,
     step_command_on},
    {"cut", "LINK", "cuts a cable", STEPPER_LINKS, step_command_cut},
    {"mend", "LINK", "joins it again", STEPPER_LINKS, step_command_mend},
    {"drop", "FRAME [toward NODE]", "lets a frame be lost before it arrives", STEPPER_NOTHING,
     step_command_drop},
    {"duplicate", "FRAME [toward NODE]", "lets it arrive twice", STEPPER_NOTHING, step_command_duplicate},
    {"corrupt", "FRAME [BIT]", "turns over one of its bits", STEPPER_NOTHING, step_command_corrupt},
    {"delay", "FRAME TIME", "lets it arrive later", STEPPER_NOTHING, step_command_delay},
    {"set", "NODE PARAMETER VALUE", "changes a parameter that may change", STEPPER_NODES, step_command_set},
    {"actions", "", "lists what you did, with its times", STEPPER_NOTHING, step_command_actions},
    {"undo", "[N]", "takes action N (the last) back, as if it had never been", STEPPER_NOTHING,
     step_command_undo},
    {"redo", "", "does again what was taken back last", STEPPER_NOTHING, step_command_redo},
    {"fork", "[NAME]", "keeps this future; change something and diff", STEPPER_NOTHING, step_command_fork},
    {"diff", "[NAME]", "compares with the future that was kept", STEPPER_NOTHING, step_command_diff},
    {"switch", "[NAME]", "goes to the other future", STEPPER_NOTHING, step_command_switch},
    {"save", "FILE", "writes a scenario with what you did as its actions", STEPPER_NOTHING,
     step_command_save},
    {"help", "[COMMAND]", "says this", STEPPER_HELP, command_help},
    {"quit", "", "ends", STEPPER_NOTHING, command_quit},
    {0}};

/* ---- Words ---- */

char *stepper_word(char **words)
{
    char *start = *words + strspn(*words, " \t");
    if (!*start)
        return NULL;
    char *end = start + strcspn(start, " \t");
    *words = *end ? end + 1 : end;
    *end = '\0';
    return start;
}

bool stepper_number(const char *word, uint64_t *ret_number)
{
    word += *word == '#';
    char *end;
    if (!isdigit((unsigned char)*word))
        return false;
    errno = 0;
    *ret_number = strtoull(word, &end, 10);
    return *end == '\0' && errno == 0;
}

void stepper_refuse(struct stepper *stepper, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    outlet_style(stepper->out, OUTLET_BAD);
    outlet_print(stepper->out, "%s\n", text);
    outlet_style(stepper->out, OUTLET_NORMAL);
    stepper->has_refused = true;
}

void stepper_refuse_query(struct stepper *stepper, const char *query, const struct nt_why *why, size_t column)
{
    size_t skip = column > CARETS_FROM ? column - CARETS_FROM / 2 : 0, columns = 0;
    while (skip > 0 && ((unsigned char)query[skip] & 0xc0) == 0x80)
        skip--;
    for (size_t i = skip; i < column && query[i]; i++)
        columns += ((unsigned char)query[i] & 0xc0) != 0x80;
    stepper_refuse(stepper, "%s\n    %s%.120s\n    %*s^", why->text, skip ? "..." : "", query + skip,
                   (int)(columns + (skip ? 3 : 0)), "");
}

const struct nt_node *stepper_node(struct stepper *stepper, const char *name)
{
    const struct run *run = session_run(stepper->session);
    if (!name) {
        stepper_refuse(stepper, "expected a node, found nothing; show lists them");
        return NULL;
    }
    const struct nt_node *node = run_node_named(run, name);
    if (node)
        return node;
    uint32_t count = run_node_count(run);
    const char **names = calloc(count + 1, sizeof *names);
    for (uint32_t id = 1; names && id <= count; id++)
        names[id - 1] = run_node(run, id)->name;
    const char *nearest = names ? text_nearest(name, names) : NULL;
    stepper_refuse(stepper, "there is no node %s%s%s%s", name, nearest ? "; did you mean " : "",
                   nearest ? nearest : "", nearest ? "?" : "");
    free(names);
    return NULL;
}

struct session_limits stepper_limits(struct stepper *stepper)
{
    return (struct session_limits){.is_interrupted = stepper->front->is_interrupted};
}

/* ---- A line ---- */

static const struct stepper_command *find_command(const char *name)
{
    size_t length = strlen(name);
    if (strcmp(name, "exit") == 0) /* as shells say it */
        name = "quit";
    for (const struct stepper_command *command = stepper_commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    for (const struct stepper_command *command = stepper_commands; command->name; command++)
        if (strncmp(command->name, name, length) == 0)
            return command;
    return NULL;
}

/* Is it what a node is called, or a command that some node knows? Then "on" was forgotten. */
static bool refuse_without_on(struct stepper *stepper, const char *name, const char *words)
{
    const struct run *run = session_run(stepper->session);
    const struct registry *registry = &stepper->front->registry;
    bool is_node = run_node_named(run, name), is_command = false;
    for (size_t i = 0; i < registry->app_count; i++)
        is_command |= strcmp(registry->apps[i]->name, name) == 0;
    if (is_node)
        stepper_refuse(stepper, "%s is a node; on %s %s types a command there", name, name, *words ? words : "COMMAND");
    else if (is_command)
        stepper_refuse(stepper, "%s is a command of nodes; write where: on NODE %s%s%s", name, name, *words ? " " : "",
                       words);
    return is_node || is_command;
}

static void refuse_command(struct stepper *stepper, const char *name)
{
    const char *names[64] = {NULL};
    for (size_t i = 0; stepper_commands[i].name && i < 63; i++)
        names[i] = stepper_commands[i].name;
    const char *nearest = text_nearest(name, names);
    if (nearest)
        stepper_refuse(stepper, "there is no command %s; did you mean %s?", name, nearest);
    else
        stepper_refuse(stepper, "there is no command %s; help lists them", name);
}

void stepper_line(struct stepper *stepper, const char *line)
{
    char copy[LINE_BYTES];
    if (strlen(line) >= sizeof copy) {
        stepper_refuse(stepper, "a line has at most %d bytes", LINE_BYTES - 1);
        return;
    }
    strcpy(copy, line);
    char *words = copy;
    char *name = stepper_word(&words);
    if (!name || name[0] == '#')
        return;
    const struct stepper_command *command = find_command(name);
    words += strspn(words, " \t");
    for (size_t length = strlen(words); length && isspace((unsigned char)words[length - 1]);)
        words[--length] = '\0';
    if (command)
        command->run(stepper, words);
    else if (!refuse_without_on(stepper, name, words))
        refuse_command(stepper, name);
    outlet_end_piece(stepper->out);
}

void stepper_show_item(struct stepper *stepper, const char *name, const char *text, size_t indent)
{
    outlet_style(stepper->out, OUTLET_STRONG);
    outlet_print(stepper->out, "  %-*s", (int)indent - 2, name);
    outlet_style(stepper->out, OUTLET_NORMAL);
    if (strlen(name) + 3 > indent)
        outlet_print(stepper->out, "\n%*s", (int)indent, "");
    outlet_wrap(stepper->out, text, indent, stepper->front->width);
}

static void command_help(struct stepper *stepper, char *words)
{
    const char *name = stepper_word(&words);
    const struct stepper_command *wanted = name ? find_command(name) : NULL;
    if (name && !wanted) {
        refuse_command(stepper, name);
        return;
    }
    for (const struct stepper_command *command = stepper_commands; command->name; command++) {
        char usage[100];
        snprintf(usage, sizeof usage, "%s %s", command->name, command->usage);
        if (!wanted || command == wanted)
            stepper_show_item(stepper, usage, command->summary, 26);
    }
    if (!wanted)
        outlet_text(stepper->out,
                    "Commands may be cut short: s, b, n, u. Times are 1.5s, 20ms, 300us. A QUERY is as in\n"
                    "docs/queries.md: count(frame.drop) == 1, or a kind of record: arp.request_sent.\n");
}

/* ---- Where we are ---- */

static void add_frame(struct stepper *stepper, uint64_t frame, struct text *text)
{
    char storage[1000];
    struct text line = text_in(storage, sizeof storage);
    session_frame_line(stepper->session, frame, &line);
    if (line.length)
        text_add(text, ": %s", storage);
}

/* What a record says, short: the time and the number stand before it. */
static void add_words(struct stepper *stepper, const struct nt_record *record, struct text *text)
{
    const struct run *run = session_run(stepper->session);
    static const char *const moves[RUN_KIND_COUNT] = {
        [RUN_KIND_FRAME_TX] = "sends", [RUN_KIND_FRAME_RX] = "gets", [RUN_KIND_FRAME_DROP] = "drops"};
    if (record->kind < RUN_KIND_COUNT && moves[record->kind]) {
        sentence_add_place(text, run, record);
        text_add(text, " %s frame %" PRIu64, moves[record->kind], record->frame);
        if (record->kind == RUN_KIND_FRAME_DROP)
            text_add(text, " (%s)", run_text(run, (uint64_t)record->values[0]));
        add_frame(stepper, record->frame, text);
    } else if (record->kind == RUN_KIND_APP_PRINT)
        text_add(text, "%s: %s", run_node(run, record->node)->name,
                 run_text(run, (uint64_t)record->values[0]));
    else {
        sentence_add(text, run, record);
        sentence_add_clause(text, run_kind_at(run, record->kind), " [", "]");
    }
    while (text->length && isspace((unsigned char)text->start[text->length - 1]))
        text->start[--text->length] = '\0';
}

void stepper_show_record(struct stepper *stepper, const struct nt_record *record, bool with_time)
{
    char storage[1500];
    struct text text = text_in(storage, sizeof storage);
    text_add(&text, "  #%-5" PRIu64 " ", record->number);
    if (with_time) {
        units_show_seconds(record->at, 9, &text);
        text_add(&text, "  ");
    }
    size_t indent = text.length;
    add_words(stepper, record, &text);
    outlet_write(stepper->out, storage, indent);
    outlet_wrap(stepper->out, storage + indent, indent, stepper->front->width);
}

static bool is_shown(const struct run *run, const struct nt_record *record)
{
    return !(run_kind_at(run, record->kind)->flags & NT_KIND_CHATTER) &&
           !(record->kind == RUN_KIND_LINE && record->at == 0);
}

/* What the last event has told, and what a person did after it. */
static void show_event(struct stepper *stepper)
{
    struct session *session = stepper->session;
    uint64_t event = session_event(session), last = session_records(session);
    uint64_t first = event ? session_told_by(session, event - 1) + 1 : 1;
    uint64_t shown = 0, left = 0;
    bool is_past = last && session_record(session, last)->at < session_now(session);
    for (uint64_t number = first; number <= last; number++) {
        const struct nt_record *record = session_record(session, number);
        if (!is_shown(session_run(session), record))
            continue;
        if (shown == 0 && is_past)
            outlet_text(stepper->out, "  Nothing happens at this instant. The last that did:\n");
        if (shown++ < RECORDS_SHOWN)
            stepper_show_record(stepper, record, record->at < session_now(session));
        else
            left++;
    }
    if (left)
        outlet_print(stepper->out, "  ... and %" PRIu64 " more records; records shows them\n", left);
    if (!shown)
        outlet_text(stepper->out, "  (this event tells nothing)\n");
}

static void show_watches(struct stepper *stepper)
{
    char value[300];
    struct nt_why why;
    size_t column;
    for (size_t i = 0; i < stepper->watch_count; i++)
        if (session_ask(stepper->session, stepper->watches[i], value, sizeof value, &why, &column))
            outlet_print(stepper->out, "  %zu: %s\n", i + 1, value);
}

static void show_break(struct stepper *stepper)
{
    unsigned hit = session_break_hit(stepper->session);
    outlet_print(stepper->out, "Breakpoint %u", hit);
    for (size_t i = 0; i < session_break_count(stepper->session); i++) {
        struct session_break one = session_break_at(stepper->session, i);
        if (one.number == hit)
            outlet_print(stepper->out, ": %s", one.text);
    }
    outlet_text(stepper->out, "\n");
}

static void show_stop(struct stepper *stepper, enum session_stop stop)
{
    switch (stop) {
    case SESSION_START:
        outlet_text(stepper->out, "This is time zero; there is nothing before it.\n");
        break;
    case SESSION_END:
        outlet_text(stepper->out, "This is the end; nothing happens after it.\n");
        break;
    case SESSION_BREAK:
        show_break(stepper);
        break;
    case SESSION_PAUSED:
        outlet_text(stepper->out, "Interrupted.\n");
        break;
    case SESSION_FAILED:
        stepper_refuse(stepper, "The network cannot go on: %s. Everything up to here can be looked at.",
                       session_failure(stepper->session));
        break;
    case SESSION_THERE:
    case SESSION_REFUSED:
        break;
    }
}

void stepper_show_place(struct stepper *stepper, enum session_stop stop, uint64_t event_before)
{
    char storage[40];
    struct text time = text_in(storage, sizeof storage);
    uint64_t event = session_event(stepper->session);
    units_show_seconds(session_now(stepper->session), 12, &time);
    outlet_style(stepper->out, OUTLET_STRONG);
    outlet_print(stepper->out, "%s s, event %" PRIu64, storage, event);
    outlet_style(stepper->out, OUTLET_NORMAL);
    if (event > event_before + 1)
        outlet_print(stepper->out, ", %" PRIu64 " further on", event - event_before);
    else if (event < event_before)
        outlet_print(stepper->out, ", %" PRIu64 " back", event_before - event);
    outlet_text(stepper->out, "\n");
    stepper->subject = session_cause_of_stop(stepper->session);
    if (event && (event != event_before || stop == SESSION_THERE))
        show_event(stepper);
    show_watches(stepper);
    if (stepper->draws_tcp)
        step_draw_tcp(stepper);
    show_stop(stepper, stop);
}

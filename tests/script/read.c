/* SPDX-License-Identifier: MIT
 * From a script's text to its events: a line at a time, a word at a time. */
#include "tests/script/script.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *at; /* what is left of the line */
    unsigned line;
    struct script_failure *failure;
};

static bool fail(struct reader *reader, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(reader->failure->text, sizeof reader->failure->text, format, list);
    va_end(list);
    reader->failure->line = reader->line;
    return false;
}

/* ---- Words ---- */

static void skip_blanks(struct reader *reader)
{
    while (isspace((unsigned char)*reader->at))
        reader->at++;
}

static bool take(struct reader *reader, const char *word)
{
    skip_blanks(reader);
    size_t length = strlen(word);
    if (strncmp(reader->at, word, length) != 0)
        return false;
    if (isalnum((unsigned char)word[length - 1]) &&
        (isalnum((unsigned char)reader->at[length]) || reader->at[length] == '_'))
        return false;
    reader->at += length;
    return true;
}

static bool expect(struct reader *reader, const char *word)
{
    return take(reader, word) || fail(reader, "expected '%s' before '%s'", word, reader->at);
}

static bool read_number(struct reader *reader, int64_t *ret_value)
{
    skip_blanks(reader);
    if (*reader->at == '*') {
        reader->at++;
        *ret_value = SCRIPT_ANY;
        return true;
    }
    char *end;
    *ret_value = strtoll(reader->at, &end, 0);
    if (end == reader->at)
        return fail(reader, "expected a number before '%s'", reader->at);
    reader->at = end;
    return true;
}

static bool read_u32(struct reader *reader, uint32_t *ret_value)
{
    int64_t value = 0;
    if (!read_number(reader, &value))
        return false;
    *ret_value = (uint32_t)value;
    return true;
}

/* Seconds, with up to twelve places: exact, since fractions of two would not be. */
static bool read_time(struct reader *reader, int64_t *ret_time)
{
    int64_t time = 0;
    int64_t unit = INT64_C(1000000000000);
    bool has_digits = false;
    for (; isdigit((unsigned char)*reader->at); reader->at++, has_digits = true)
        time = time * 10 + (*reader->at - '0');
    time *= unit;
    if (*reader->at == '.')
        for (reader->at++; isdigit((unsigned char)*reader->at); reader->at++, has_digits = true) {
            unit /= 10;
            time += (*reader->at - '0') * unit;
        }
    *ret_time = time;
    return has_digits || fail(reader, "expected a time before '%s'", reader->at);
}

static bool read_word(struct reader *reader, const char *extra, char ret_word[SCRIPT_WORD])
{
    size_t length = 0;
    skip_blanks(reader);
    while (*reader->at && (isalnum((unsigned char)*reader->at) || strchr(extra, *reader->at))) {
        if (length == SCRIPT_WORD - 1)
            return fail(reader, "a word of more than %d letters", SCRIPT_WORD - 1);
        ret_word[length++] = *reader->at++;
    }
    ret_word[length] = '\0';
    return length > 0 || fail(reader, "expected a word before '%s'", reader->at);
}

/* ---- Segments ---- */

static const struct {
    char letter;
    unsigned flag;
} flag_letters[] = {{'F', SCRIPT_FIN}, {'S', SCRIPT_SYN}, {'R', SCRIPT_RST}, {'P', SCRIPT_PSH},
                    {'.', SCRIPT_ACK}, {'U', SCRIPT_URG}, {'E', SCRIPT_ECE}, {'W', SCRIPT_CWR}};

static bool read_flags(struct reader *reader, struct script_segment *segment)
{
    skip_blanks(reader);
    if (*reader->at == '-') { /* none at all */
        reader->at++;
        return true;
    }
    for (; *reader->at && !isspace((unsigned char)*reader->at); reader->at++) {
        unsigned i = 0;
        while (i < sizeof flag_letters / sizeof *flag_letters && flag_letters[i].letter != *reader->at)
            i++;
        if (*reader->at == '?')
            segment->ignores_push = true;
        else if (i == sizeof flag_letters / sizeof *flag_letters)
            return fail(reader, "'%c' is no flag; they are FSRP.UEW", *reader->at);
        else
            segment->flags |= flag_letters[i].flag;
    }
    return true;
}

static bool read_blocks(struct reader *reader, struct script_option *option)
{
    skip_blanks(reader);
    while (isdigit((unsigned char)*reader->at)) {
        if (option->block_count == SCRIPT_BLOCKS)
            return fail(reader, "more than %d blocks", SCRIPT_BLOCKS);
        uint32_t *block = option->blocks[option->block_count++];
        if (!read_u32(reader, &block[0]) || !expect(reader, ":") || !read_u32(reader, &block[1]))
            return false;
        skip_blanks(reader);
    }
    return true;
}

static bool read_raw(struct reader *reader, struct script_option *option)
{
    unsigned value;
    int count;
    skip_blanks(reader);
    while (isxdigit((unsigned char)*reader->at) && sscanf(reader->at, "%2x%n", &value, &count) == 1) {
        if (option->raw_bytes == sizeof option->raw)
            return fail(reader, "more than 40 bytes of options");
        option->raw[option->raw_bytes++] = (uint8_t)value;
        reader->at += count;
        skip_blanks(reader);
    }
    return true;
}

static bool read_option(struct reader *reader, struct script_option *option)
{
    static const struct {
        const char *word;
        int kind;
        unsigned values;
    } kinds[] = {{"nop", SCRIPT_NOP, 0},       {"eol", SCRIPT_EOL, 0},        {"mss", SCRIPT_MSS, 1},
                 {"wscale", SCRIPT_WSCALE, 1}, {"sackOK", SCRIPT_SACK_OK, 0}, {"sack", SCRIPT_SACK, 0},
                 {"TS", SCRIPT_TIMESTAMP, 2},  {"raw", SCRIPT_RAW, 0}};
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!take(reader, kinds[i].word))
            continue;
        option->kind = kinds[i].kind;
        if (option->kind == SCRIPT_SACK)
            return read_blocks(reader, option);
        if (option->kind == SCRIPT_RAW)
            return read_raw(reader, option);
        take(reader, "val");
        if (kinds[i].values > 0 && !read_number(reader, &option->value[0]))
            return false;
        take(reader, "ecr");
        return kinds[i].values < 2 || read_number(reader, &option->value[1]);
    }
    return fail(reader,
                "expected an option before '%s'; they are mss, wscale, sackOK, sack, TS, nop, eol, raw",
                reader->at);
}

static bool read_options(struct reader *reader, struct script_segment *segment)
{
    segment->has_options = true;
    if (take(reader, ">"))
        return true;
    do {
        if (segment->option_count == SCRIPT_OPTIONS)
            return fail(reader, "more than %d options", SCRIPT_OPTIONS);
        if (!read_option(reader, &segment->options[segment->option_count++]))
            return false;
    } while (take(reader, ","));
    return expect(reader, ">");
}

static bool read_range(struct reader *reader, struct script_segment *segment)
{
    return read_u32(reader, &segment->sequence) && expect(reader, ":") && read_u32(reader, &segment->end) &&
           expect(reader, "(") && read_u32(reader, &segment->length_bytes) && expect(reader, ")");
}

/* [ect0] port 5000 P. 1:1001(1000) ack 1 win 500 urg 3 <nop,nop,TS val 1 ecr 2> */
static bool read_segment(struct reader *reader, struct script_segment *segment)
{
    static const char *const ecn_words[] = {"[noecn]", "[ect1]", "[ect0]", "[ce]"};
    int64_t port = 0;
    segment->ecn = -1;
    segment->ack = segment->window = segment->urgent = SCRIPT_ANY;
    for (int i = 0; i < 4; i++)
        if (take(reader, ecn_words[i]))
            segment->ecn = i;
    if (take(reader, "port") && !read_number(reader, &port))
        return false;
    segment->peer_port = (uint16_t)port;
    if (!read_flags(reader, segment) || !read_range(reader, segment))
        return false;
    if (take(reader, "ack") && !read_number(reader, &segment->ack))
        return false;
    if (take(reader, "win") && !read_number(reader, &segment->window))
        return false;
    if (take(reader, "urg") && !read_number(reader, &segment->urgent))
        return false;
    if (take(reader, "<") && !read_options(reader, segment))
        return false;
    segment->has_bad_checksum = take(reader, "damaged");
    return true;
}

/* icmp unreachable frag_needed mtu 1200 [1:1461(1460)] */
static bool read_icmp(struct reader *reader, struct script_icmp *icmp)
{
    static const struct {
        const char *words;
        uint8_t type, code;
    } kinds[] = {
        {"unreachable net", 3, 0},  {"unreachable host", 3, 1},        {"unreachable protocol", 3, 2},
        {"unreachable port", 3, 3}, {"unreachable frag_needed", 3, 4}, {"unreachable admin", 3, 13},
        {"source_quench", 4, 0},    {"time_exceeded", 11, 0},          {"parameter_problem", 12, 0}};
    int64_t mtu = 0;
    unsigned i = 0;
    while (i < sizeof kinds / sizeof *kinds && !take(reader, kinds[i].words))
        i++;
    if (i == sizeof kinds / sizeof *kinds)
        return fail(reader, "'%s' is no ICMP error that is known here", reader->at);
    icmp->type = kinds[i].type;
    icmp->code = kinds[i].code;
    if (take(reader, "mtu") && !read_number(reader, &mtu))
        return false;
    icmp->mtu = (uint32_t)mtu;
    icmp->quoted.flags = SCRIPT_ACK;
    return expect(reader, "[") && read_range(reader, &icmp->quoted) && expect(reader, "]");
}

/* ---- Calls and statements ---- */

static bool read_argument(struct reader *reader, char ret_word[SCRIPT_WORD])
{
    size_t length = 0;
    int depth = 0;
    skip_blanks(reader);
    for (; *reader->at && (depth > 0 || (*reader->at != ',' && *reader->at != ')')); reader->at++) {
        depth += *reader->at == '[' || *reader->at == '{';
        depth -= *reader->at == ']' || *reader->at == '}';
        if (strchr("[]{} ", *reader->at))
            continue;
        if (length == SCRIPT_WORD - 1)
            return fail(reader, "an argument of more than %d letters", SCRIPT_WORD - 1);
        ret_word[length++] = *reader->at;
    }
    ret_word[length] = '\0';
    return true;
}

static bool read_call(struct reader *reader, struct script_call *call)
{
    if (!read_word(reader, "_", call->name) || !expect(reader, "("))
        return false;
    while (!take(reader, ")")) {
        if (call->argument_count == SCRIPT_ARGUMENTS)
            return fail(reader, "more than %d arguments", SCRIPT_ARGUMENTS);
        if (!read_argument(reader, call->arguments[call->argument_count++]))
            return false;
        if (!take(reader, ",") && *reader->at != ')')
            return fail(reader, "expected ',' or ')' before '%s'", reader->at);
    }
    if (!expect(reader, "="))
        return false;
    skip_blanks(reader);
    if (isalpha((unsigned char)*reader->at)) /* readiness: IN|OUT */
        return read_word(reader, "|", call->error);
    if (!read_number(reader, &call->result))
        return false;
    skip_blanks(reader);
    return call->result != -1 || !*reader->at || read_word(reader, "", call->error);
}

static bool read_assertion(struct reader *reader, struct script_assert *assertion)
{
    int64_t fd;
    if (!read_word(reader, "_", assertion->name) || !expect(reader, "(") || !read_number(reader, &fd) ||
        !expect(reader, ")"))
        return false;
    static const char *const relations[] = {"==", "!=", "<=", ">=", "<", ">"};
    assertion->fd = (int)fd;
    for (unsigned i = 0; i < sizeof relations / sizeof *relations; i++)
        if (take(reader, relations[i])) {
            strcpy(assertion->relation, relations[i]);
            return read_number(reader, &assertion->value);
        }
    return fail(reader, "expected == != < <= > or >= before '%s'", reader->at);
}

/* ---- Lines ---- */

static bool read_when(struct reader *reader, struct script_event *event)
{
    if (take(reader, "*")) {
        event->is_relative = true;
        event->latest = INT64_MAX;
        return true;
    }
    event->is_relative = take(reader, "+");
    if (!read_time(reader, &event->earliest))
        return false;
    event->latest = event->earliest;
    if (!take(reader, "~"))
        return true;
    take(reader, "+");
    return read_time(reader, &event->latest);
}

static bool read_event(struct reader *reader, struct script_event *event)
{
    event->line = reader->line;
    if (!read_when(reader, event))
        return false;
    if (take(reader, "<")) {
        event->kind = take(reader, "icmp") ? SCRIPT_ICMP : SCRIPT_ARRIVES;
        return event->kind == SCRIPT_ICMP ? read_icmp(reader, &event->icmp)
                                          : read_segment(reader, &event->segment);
    }
    if (take(reader, ">")) {
        event->kind = SCRIPT_SENT;
        return read_segment(reader, &event->segment);
    }
    event->kind = take(reader, "assert") ? SCRIPT_ASSERT : SCRIPT_CALL;
    return event->kind == SCRIPT_ASSERT ? read_assertion(reader, &event->assertion)
                                        : read_call(reader, &event->call);
}

static bool read_setting(struct reader *reader, struct script_setting *setting)
{
    setting->line = reader->line;
    if (take(reader, "sysctl")) {
        if (!read_word(reader, "._", setting->name) || !expect(reader, "="))
            return false;
        return read_word(reader, "._-", setting->value);
    }
    return read_word(reader, "_", setting->name) && read_word(reader, "._-/", setting->value);
}

static bool read_line(struct reader *reader, struct script *script)
{
    skip_blanks(reader);
    if (!*reader->at)
        return true;
    bool is_event = strchr("+*.0123456789", *reader->at) != NULL;
    if (is_event) {
        script->events = realloc(script->events, (script->event_count + 1) * sizeof *script->events);
        struct script_event *event = &script->events[script->event_count++];
        memset(event, 0, sizeof *event);
        if (!read_event(reader, event))
            return false;
    } else {
        script->settings = realloc(script->settings, (script->setting_count + 1) * sizeof *script->settings);
        struct script_setting *setting = &script->settings[script->setting_count++];
        memset(setting, 0, sizeof *setting);
        if (!read_setting(reader, setting))
            return false;
    }
    skip_blanks(reader);
    return !*reader->at || fail(reader, "'%s' is left over", reader->at);
}

void script_release(struct script *script)
{
    free(script->settings);
    free(script->events);
    *script = (struct script){0};
}

bool script_read(const char *text, struct script *ret_script, struct script_failure *ret_failure)
{
    struct script script = {0};
    struct reader reader = {.failure = ret_failure};
    char line[1024];
    while (*text) {
        size_t length = strcspn(text, "\n");
        size_t kept = length < sizeof line - 1 ? length : sizeof line - 1;
        memcpy(line, text, kept);
        line[kept] = '\0';
        char *comment = strstr(line, "//");
        if (comment)
            *comment = '\0';
        reader.at = line;
        reader.line++;
        if (!read_line(&reader, &script)) {
            script_release(&script);
            return false;
        }
        text += length + (text[length] == '\n');
    }
    *ret_script = script;
    return true;
}

/* SPDX-License-Identifier: MIT
 * See json_write.h. */
#include "sim/base/json_write.h"

#include <assert.h>
#include <string.h>

#include "sim/base/text.h"

void json_write_init(struct json_writer *writer, FILE *out)
{
    *writer = (struct json_writer){.out = out};
}

static void new_line(struct json_writer *writer)
{
    fputc('\n', writer->out);
    for (int i = 0; i < writer->depth; i++)
        fputs("  ", writer->out);
}

/* Before a name, or a value without one: the comma and the new line. */
static void next_member(struct json_writer *writer)
{
    if (writer->depth == 0)
        return;
    if (writer->has_members[writer->depth - 1])
        fputc(',', writer->out);
    writer->has_members[writer->depth - 1] = true;
    new_line(writer);
}

static void begin_value(struct json_writer *writer)
{
    if (!writer->is_named)
        next_member(writer);
    writer->is_named = false;
}

static void open_container(struct json_writer *writer, bool is_list)
{
    begin_value(writer);
    assert(writer->depth < JSON_WRITE_DEPTH);
    writer->is_list[writer->depth] = is_list;
    writer->has_members[writer->depth] = false;
    writer->depth++;
    fputc(is_list ? '[' : '{', writer->out);
}

void json_write_object(struct json_writer *writer)
{
    open_container(writer, false);
}

void json_write_list(struct json_writer *writer)
{
    open_container(writer, true);
}

void json_write_end(struct json_writer *writer)
{
    assert(writer->depth > 0);
    writer->depth--;
    if (writer->has_members[writer->depth])
        new_line(writer);
    fputc(writer->is_list[writer->depth] ? ']' : '}', writer->out);
    if (writer->depth == 0)
        fputc('\n', writer->out);
}

static void write_escaped(FILE *out, const char *text)
{
    size_t left = strlen(text), bad = 0;
    fputc('"', out);
    while (left) {
        size_t good = text_utf8_check(text, left, &bad) ? left : bad;
        for (size_t i = 0; i < good; i++) {
            unsigned char c = (unsigned char)text[i];
            if (c == '"' || c == '\\')
                fprintf(out, "\\%c", c);
            else if (c == '\n')
                fputs("\\n", out);
            else if (c < 0x20)
                fprintf(out, "\\u%04x", c);
            else
                fputc(c, out);
        }
        text += good;
        left -= good;
        if (left) {
            fputs("\xef\xbf\xbd", out);
            text++;
            left--;
        }
    }
    fputc('"', out);
}

void json_write_name(struct json_writer *writer, const char *name)
{
    next_member(writer);
    write_escaped(writer->out, name);
    fputs(": ", writer->out);
    writer->is_named = true;
}

void json_write_text(struct json_writer *writer, const char *text)
{
    begin_value(writer);
    if (text)
        write_escaped(writer->out, text);
    else
        fputs("null", writer->out);
}

void json_write_integer(struct json_writer *writer, int64_t number)
{
    begin_value(writer);
    fprintf(writer->out, "%lld", (long long)number);
}

void json_write_unsigned(struct json_writer *writer, uint64_t number)
{
    begin_value(writer);
    fprintf(writer->out, "%llu", (unsigned long long)number);
}

void json_write_boolean(struct json_writer *writer, bool is_true)
{
    begin_value(writer);
    fputs(is_true ? "true" : "false", writer->out);
}

void json_write_member_text(struct json_writer *writer, const char *name, const char *text)
{
    json_write_name(writer, name);
    json_write_text(writer, text);
}

void json_write_member_integer(struct json_writer *writer, const char *name, int64_t number)
{
    json_write_name(writer, name);
    json_write_integer(writer, number);
}

void json_write_member_boolean(struct json_writer *writer, const char *name, bool is_true)
{
    json_write_name(writer, name);
    json_write_boolean(writer, is_true);
}

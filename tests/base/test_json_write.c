/* SPDX-License-Identifier: MIT
 * What is written is indented, escaped, and reads back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/json.h"
#include "sim/base/json_write.h"

/* The file as text, which the caller frees. */
static char *finish(FILE *out, char **text)
{
    assert_int_equal(fclose(out), 0);
    return *text;
}

static void test_json_write__indents_and_separates(void **state)
{
    char *text = NULL;
    size_t size;
    struct json_writer writer;
    FILE *out = open_memstream(&text, &size);
    json_write_init(&writer, out);
    json_write_object(&writer);
    json_write_member_text(&writer, "name", "alice");
    json_write_member_integer(&writer, "least", INT64_MIN);
    json_write_member_boolean(&writer, "is_up", true);
    json_write_name(&writer, "ports");
    json_write_list(&writer);
    json_write_unsigned(&writer, UINT64_MAX);
    json_write_boolean(&writer, false);
    json_write_text(&writer, NULL);
    json_write_end(&writer);
    json_write_name(&writer, "nothing");
    json_write_object(&writer);
    json_write_end(&writer);
    json_write_end(&writer);
    assert_string_equal(finish(out, &text), "{\n"
                                            "  \"name\": \"alice\",\n"
                                            "  \"least\": -9223372036854775808,\n"
                                            "  \"is_up\": true,\n"
                                            "  \"ports\": [\n"
                                            "    18446744073709551615,\n"
                                            "    false,\n"
                                            "    null\n"
                                            "  ],\n"
                                            "  \"nothing\": {}\n"
                                            "}\n");
    free(text);
}

static void test_json_write__every_text_reads_back(void **state)
{
    static const struct {
        const char *written, *read; /* NULL: the same */
    } rows[] = {
        {"", NULL},
        {"plain", NULL},
        {"\"quoted\" \\ /", NULL},
        {"tab\t line\n bell\a \x1f", NULL},
        {"\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", NULL},
        {"bad \xff byte", "bad \xef\xbf\xbd byte"},
        {"cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = NULL;
        size_t size;
        struct json_writer writer;
        struct error_list errors;
        FILE *out = open_memstream(&text, &size);
        json_write_init(&writer, out);
        json_write_list(&writer);
        json_write_text(&writer, rows[i].written);
        json_write_end(&writer);
        finish(out, &text);
        error_list_init(&errors);
        struct json_document *document = json_parse("written", text, size, &errors);
        assert_non_null(document);
        assert_string_equal(json_root(document)->first_child->text,
                            rows[i].read ? rows[i].read : rows[i].written);
        json_free(document);
        error_list_release(&errors);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_write__indents_and_separates),
        cmocka_unit_test(test_json_write__every_text_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

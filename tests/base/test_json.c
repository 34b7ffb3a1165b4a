/* SPDX-License-Identifier: MIT
 * JSON is read strictly, with places; what is wrong is said in a sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/json.h"

#define ROWS(table) (sizeof(table) / sizeof(table)[0])
#define A_VALUE "expected a value: a text in double quotes, a number, true, false, {...} or [...], found "
#define A_NUMBER "expected a number such as 10, -1 or 0.5, found "

/* Parses text that is right. */
static struct json_document *parse(const char *text)
{
    struct error_list errors;
    error_list_init(&errors);
    struct json_document *document = json_parse("a.json", text, strlen(text), &errors);
    if (!document)
        fail_msg("%s: %s", text, errors.entries[0].text);
    assert_int_equal(errors.count, 0);
    error_list_release(&errors);
    return document;
}

/* Parses text with exactly one mistake, which is shown as `expected`. */
static void check_refused(const char *bytes, size_t length, const char *expected)
{
    struct error_list errors;
    error_list_init(&errors);
    if (json_parse("a.json", bytes, length, &errors))
        fail_msg("taken: %s", bytes);
    char shown[400];
    error_format(&errors.entries[0], shown, sizeof shown);
    if (errors.errors != 1 || strcmp(shown, expected) != 0)
        fail_msg("%s\n  said     %s\n  expected %s\n  (%zu errors)", bytes, shown, expected, errors.errors);
    error_list_release(&errors);
}

static void test_json__mistakes_are_said_with_their_places(void **state)
{
    static const struct {
        const char *text;
        const char *shown;
    } rows[] = {
        {"", "a.json:1:1: the file is empty; a scenario begins with {"},
        {" \n\t", "a.json:1:1: the file is empty; a scenario begins with {"},
        {"{", "a.json:1:2: expected a name in double quotes, found the end of the file"},
        {"[1", "a.json:1:3: expected ',' or ']' after this value, found the end of the file"},
        {"{\"a\" 1}", "a.json:1:6: expected ':' after this name, found '1'"},
        {"{\"a\": }", "a.json:1:7: " A_VALUE "'}'"},
        {"{a: 1}", "a.json:1:2: expected a name in double quotes, found 'a'"},
        {"{'a': 1}",
         "a.json:1:2: expected a name in double quotes, found ''a''; JSON wants \"double quotes\""},
        {"{\"a\": 1\n \"rate\": 2}", "a.json:2:2: expected ',' or '}' after this value, found \"rate\""},
        {"{\"a\": 10 Mbps}", "a.json:1:10: expected ',' or '}' after this value, found 'Mbps'"},
        {"{\"a\": 10ms}",
         "a.json:1:7: expected a number, or a quantity in quotes such as \"10 ms\", found '10ms'"},
        {"[1}", "a.json:1:3: expected ',' or ']' after this value, found '}'"},
        {"{\"a\": 1,\n\n}", "a.json:1:8: a comma before '}' has nothing after it; take it away"},
        {"[1, 2,]", "a.json:1:6: a comma before ']' has nothing after it; take it away"},
        {"[1,, 2]", "a.json:1:4: " A_VALUE "','"},
        {"// no\n{}", "a.json:1:1: " A_VALUE "'//'; JSON has no comments, use \"note\": \"...\""},
        {"{ # no\n}", "a.json:1:3: expected a name in double quotes, found '#'; JSON has no comments, use "
                      "\"note\": \"...\""},
        {"{} x", "a.json:1:4: expected the end of the file after the last '}', found 'x'"},
        {"01", "a.json:1:1: " A_NUMBER "'01'"},
        {"1.", "a.json:1:1: " A_NUMBER "'1.'"},
        {"-", "a.json:1:1: " A_NUMBER "'-'"},
        {"1e+", "a.json:1:1: " A_NUMBER "'1e+'"},
        {".5", "a.json:1:1: " A_VALUE "'.5'"},
        {"+1", "a.json:1:1: " A_VALUE "'+1'"},
        {"True", "a.json:1:1: " A_VALUE "'True'"},
        {"[NaN]", "a.json:1:2: " A_VALUE "'NaN'"},
        {"[1234567890123456789012345678901234567890123456789012345678901234]",
         "a.json:1:2: expected a number of at most 63 characters, found '123456789012345678901234'"},
        {"{\"a\": \"b}\n", "a.json:1:7: this text has no closing quote on its line"},
        {"\"b", "a.json:1:1: this text has no closing quote"},
        {"\"a\tb\"", "a.json:1:3: a text cannot contain a control character; write it as \\u00.."},
        {"\"\\x\"",
         "a.json:1:2: after a backslash JSON knows \" \\ / b f n r t and u with four hexadecimal digits"},
        {"\"\\u12\"",
         "a.json:1:2: after a backslash JSON knows \" \\ / b f n r t and u with four hexadecimal digits"},
        {"\"\\ud800\"", "a.json:1:2: half of a surrogate pair is not a character"},
        {"\"\\udc00\\ud800\"", "a.json:1:2: half of a surrogate pair is not a character"},
        {"\"\\u0000\"", "a.json:1:2: a text cannot contain the character \\u0000"},
        {"{\n\"caf\xe9\": 1}", "a.json:2:5: the byte 0xe9 is not UTF-8; save the file as UTF-8"},
        {"{\"a\": 1,\n \"a\": 2}", "a.json:2:2: the name \"a\" is used twice; first on line 1"},
        {"{\"n\": [{\"a\": 1, \"\\u0061\": 2}]}",
         "a.json:1:17: n[0]: the name \"a\" is used twice; first on line 1"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check_refused(rows[i].text, strlen(rows[i].text), rows[i].shown);
}

static void test_json__columns_count_characters_not_bytes(void **state)
{
    static const char text[] = "{\"\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80\": 1 2}";
    check_refused(text, strlen(text), "a.json:1:11: expected ',' or '}' after this value, found '2'");
}

static void test_json__a_zero_byte_is_no_end(void **state)
{
    check_refused("1\0", 2,
                  "a.json:1:2: expected the end of the file after the last '}', found the byte 0x00");
    check_refused("[1\0]", 4, "a.json:1:3: expected ',' or ']' after this value, found the byte 0x00");
    check_refused("\"\0\"", 3, "a.json:1:2: a text cannot contain a control character; write it as \\u00..");
}

/* A text that says `open`, `count` times, then `close` as often. */
static char *repeated(char open, char close, size_t count)
{
    char *text = malloc(2 * count + 1);
    assert_non_null(text);
    memset(text, open, count);
    memset(text + count, close, count);
    text[2 * count] = '\0';
    return text;
}

static void test_json__nests_to_64_and_no_deeper(void **state)
{
    char *text = repeated('[', ']', JSON_DEPTH_MOST);
    json_free(parse(text));
    free(text);
    text = repeated('[', ']', JSON_DEPTH_MOST + 1);
    check_refused(text, strlen(text), "a.json:1:65: more than 64 objects and lists inside each other");
    free(text);
}

static void test_json__ten_million_brackets_are_refused_at_once(void **state)
{
    char *text = repeated('[', ']', 10000000);
    check_refused(text, strlen(text), "a.json:1:65: more than 64 objects and lists inside each other");
    free(text);
}

/* A list of `count` ones, all on one line. */
static char *list_of(size_t count)
{
    char *text = malloc(2 * count + 2);
    assert_non_null(text);
    text[0] = '[';
    for (size_t i = 0; i < count; i++)
        memcpy(text + 1 + 2 * i, "1,", 2);
    memcpy(text + 2 * count, "]", 2);
    return text;
}

static void test_json__one_long_line_costs_no_more_than_many_short_ones(void **state)
{
    /* Counting every column from the start of the line took minutes here; now it is a moment. */
    char *text = list_of(500000);
    struct json_document *document = parse(text);
    assert_int_equal(json_root(document)->child_count, 500000);
    assert_int_equal(json_root(document)->last_child->column, 1000000);
    json_free(document);
    free(text);
}

static void test_json__a_million_values_are_enough(void **state)
{
    char *text = list_of(JSON_VALUES_MOST);
    check_refused(text, strlen(text), "a.json:1:1: there are more than 1 000 000 values in this file");
    free(text);
}

static void test_json__values_know_what_and_where_they_are(void **state)
{
    struct json_document *document =
        parse("\xef\xbb\xbf{\n  \"a\": [1.50, \"x\\n\\ud83d\\ude00\"],\n\t\"b\": {\"c\": true},\n"
              "  \"d\": null, \"e\": false\n}\n");
    static const struct {
        const char *path; /* walked below by first_child and next */
        enum json_type type;
        int line, column;
        const char *text;
    } rows[] = {
        {"a", JSON_LIST, 2, 8, NULL},
        {"a[0]", JSON_NUMBER, 2, 9, "1.50"},
        {"a[1]", JSON_STRING, 2, 15, "x\n\xf0\x9f\x98\x80"},
        {"b", JSON_OBJECT, 3, 7, NULL},
        {"b.c", JSON_BOOLEAN, 3, 13, NULL},
        {"d", JSON_NULL, 4, 8, NULL},
        {"e", JSON_BOOLEAN, 4, 19, NULL},
    };
    const struct json_value *value = json_root(document)->first_child;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char storage[40];
        struct text path = text_in(storage, sizeof storage);
        json_path(value, &path);
        assert_string_equal(storage, rows[i].path);
        if (value->type != rows[i].type || value->line != rows[i].line || value->column != rows[i].column)
            fail_msg("%s: %s at %d:%d", storage, json_type_name(value->type), value->line, value->column);
        if (rows[i].text)
            assert_string_equal(value->text, rows[i].text);
        const struct json_value *up = value;
        while (!up->next && up->parent)
            up = up->parent;
        value = value->first_child ? value->first_child : up->next;
    }
    assert_null(value);
    const struct json_value *b = json_member(json_root(document), "b");
    assert_int_equal(b->key_line, 3);
    assert_int_equal(b->key_column, 2);
    assert_true(b->first_child->boolean);
    assert_null(json_member(json_root(document), "c"));
    json_free(document);
}

static void test_json__integers_are_exact_or_none(void **state)
{
    static const struct {
        const char *text;
        bool is_integer;
        int64_t number;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"1e3", true, 1000},
        {"1.50e1", true, 15},
        {"10e-1", true, 1},
        {"2.00", true, 2},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"9007199254740993", true, INT64_C(9007199254740993)}, /* no double holds it */
        {"1.5", false, 0},
        {"1e-1", false, 0},
        {"1e19", false, 0},
        {"0e999999", true, 0},
        {"1e4294967296", false, 0}, /* 2^32: an exponent that would vanish in 32 bits */
        {"10e99999999999999999999", false, 0},
        {"1e-99999999999999999999", false, 0},
        {"\"1\"", false, 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json_document *document = parse(rows[i].text);
        int64_t number = 4711;
        bool is_integer = json_integer(json_root(document), &number);
        if (is_integer != rows[i].is_integer || number != (is_integer ? rows[i].number : 4711))
            fail_msg("%s: %d, %lld", rows[i].text, is_integer, (long long)number);
        json_free(document);
    }
}

static void test_json__override_changes_one_value(void **state)
{
    static const struct {
        const char *path, *text;
        enum json_type type;
        const char *shown; /* text of the value afterwards */
    } rows[] = {
        {"nodes.alice.rate", "10 Mbps", JSON_STRING, "10 Mbps"},
        {"links[1]", "7", JSON_NUMBER, "7"},
        {"seed", "42", JSON_NUMBER, "42"},
        {"nodes.alice.new", "\"x\"", JSON_STRING, "x"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json_document *document =
            parse("{\"nodes\": {\"alice\": {\"rate\": \"1 bps\"}}, \"links\": [1, 2]}");
        char storage[200];
        struct text why = text_in(storage, sizeof storage);
        if (!json_override(document, rows[i].path, rows[i].text, &why))
            fail_msg("%s: %s", rows[i].path, storage);
        struct json_value *value = json_root(document);
        for (const char *at = rows[i].path; *at;) { /* names and [1] are all there is */
            char name[20] = "";
            size_t length = strcspn(at, ".[");
            memcpy(name, at, length);
            value = *at == '[' ? value->last_child : json_member(value, name);
            at += *at == '[' ? 3 : (int)length;
            at += *at == '.';
        }
        assert_int_equal(value->type, rows[i].type);
        assert_string_equal(value->text, rows[i].shown);
        json_free(document);
    }
}

static void test_json__override_says_where_a_path_is_lost(void **state)
{
    static const struct {
        const char *path;
        const char *why;
    } rows[] = {
        {"nodes.alcie.rate", "\"nodes.alcie.rate\" leads nowhere: there is no \"alcie\" in \"nodes\"; did you mean \"alice\"?"},
        {"links[2]", "\"links[2]\" leads nowhere: \"links\" has 2 entries, the last is \"links[1]\""},
        {"links[99999999999999999999]",
         "\"links[99999999999999999999]\" leads nowhere: \"links\" has 2 entries, the last is \"links[1]\""},
        {"empty[0]", "\"empty[0]\" leads nowhere: \"empty\" has no entries"},
        {"one[1]", "\"one[1]\" leads nowhere: \"one\" has 1 entry, \"one[0]\""},
        {"link[0].rate", "\"link[0].rate\" leads nowhere: there is no \"link\"; did you mean \"links\"?"},
        {"links.0.rate", "\"links.0.rate\" leads nowhere: \"links\" is a list; did you mean \"links[0]\"?"},
        {"nodes.alice.rate.x", "\"nodes.alice.rate.x\" leads nowhere: \"nodes.alice.rate\" is a number, nothing is inside it"},
        {"nodes[0]", "\"nodes[0]\" leads nowhere: \"nodes\" is an object; write a name, as in nodes.NAME"},
        {"links.a", "\"links.a\" leads nowhere: \"links\" is a list; write a number, as in links[0]"},
        {"links[x]", "\"links[x]\" is not a path; expected one such as nodes.alice.address or links[0].rate"},
        {"nodes.", "\"nodes.\" is not a path; expected one such as nodes.alice.address or links[0].rate"},
    };
    struct json_document *document = parse("{\"nodes\": {\"alice\": {\"rate\": 1}}, \"links\": [1, 2], \"one\": [1], \"empty\": []}");
    for (size_t i = 0; i < ROWS(rows); i++) {
        char storage[200];
        struct text why = text_in(storage, sizeof storage);
        assert_false(json_override(document, rows[i].path, "1", &why));
        assert_string_equal(storage, rows[i].why);
    }
    json_free(document);
}

static void test_json__paths_show_the_beginning_of_a_long_key(void **state)
{
    struct { const char *key, *path; } rows[] = {
        {"%080d", "%080d"},
        {"%081d", "%080d..."},
        {"%079d\xc3\xbc", "%079d..."}, /* never half of a character */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char key[120], wanted[120], source[200], storage[400];
        snprintf(key, sizeof key, rows[i].key, 0);
        snprintf(wanted, sizeof wanted, rows[i].path, 0);
        snprintf(source, sizeof source, "{\"%s\": 1}", key);
        struct json_document *document = parse(source);
        struct text path = text_in(storage, sizeof storage);
        json_path(json_root(document)->first_child, &path);
        assert_string_equal(storage, wanted);
        json_free(document);
    }
}

static void check_unreadable(const char *file, const char *expected)
{
    struct error_list errors;
    error_list_init(&errors);
    char *bytes;
    size_t length;
    assert_false(json_read_file(file, &bytes, &length, &errors));
    assert_int_equal(errors.errors, 1);
    assert_string_equal(errors.entries[0].text, expected);
    error_list_release(&errors);
}

static void test_json__files_are_read_whole_or_refused_plainly(void **state)
{
    char folder[] = "/tmp/netarium-json-XXXXXX", file[60];
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/a.json", folder);
    check_unreadable(file, "there is no such file");
    char other[60];
    static const char *const there[] = {"40-one-loss.json", "41-many-losses.json", "notes.txt"};
    for (size_t i = 0; i < ROWS(there); i++) {
        snprintf(other, sizeof other, "%s/%s", folder, there[i]);
        fclose(fopen(other, "wb"));
    }
    static const struct { const char *asked, *meant; } near[] = {
        {"40-one-los.json", "40-one-loss.json"}, {"41", "41-many-losses.json"}, {"40-one-loss", "40-one-loss.json"},
        {"4", NULL}, {"notes", NULL}};
    for (size_t i = 0; i < ROWS(near); i++) {
        char said[200] = "there is no such file";
        if (near[i].meant)
            snprintf(said, sizeof said, "there is no such file; did you mean \"%s/%s\"?", folder, near[i].meant);
        snprintf(other, sizeof other, "%s/%s", folder, near[i].asked);
        check_unreadable(other, said);
    }
    for (size_t i = 0; i < ROWS(there); i++) {
        snprintf(other, sizeof other, "%s/%s", folder, there[i]);
        unlink(other);
    }
    check_unreadable(folder, "this is a directory; expected a scenario file such as scenario.json");
    assert_int_equal(mkfifo(file, 0600), 0);
    check_unreadable(file, "this is a pipe, and nobody writes into it; expected a scenario file such as scenario.json");
    unlink(file);
    FILE *out = fopen(file, "wb");
    assert_non_null(out);
    fwrite("{}\0\n", 1, 4, out);
    fclose(out);
    struct error_list errors;
    error_list_init(&errors);
    char *bytes;
    size_t length;
    assert_true(json_read_file(file, &bytes, &length, &errors));
    assert_int_equal(length, 4);
    assert_memory_equal(bytes, "{}\0\n", 5);
    free(bytes);
    error_list_release(&errors);
    unlink(file);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json__mistakes_are_said_with_their_places),
        cmocka_unit_test(test_json__columns_count_characters_not_bytes),
        cmocka_unit_test(test_json__a_zero_byte_is_no_end),
        cmocka_unit_test(test_json__nests_to_64_and_no_deeper),
        cmocka_unit_test(test_json__ten_million_brackets_are_refused_at_once),
        cmocka_unit_test(test_json__one_long_line_costs_no_more_than_many_short_ones),
        cmocka_unit_test(test_json__a_million_values_are_enough),
        cmocka_unit_test(test_json__values_know_what_and_where_they_are),
        cmocka_unit_test(test_json__integers_are_exact_or_none),
        cmocka_unit_test(test_json__override_changes_one_value),
        cmocka_unit_test(test_json__override_says_where_a_path_is_lost),
        cmocka_unit_test(test_json__paths_show_the_beginning_of_a_long_key),
        cmocka_unit_test(test_json__files_are_read_whole_or_refused_plainly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * Files that are wrong, and files that want to do harm: all are refused, with a place, in little time.
 *
 * The exact words are judged in tests/broken with the real types; here the types are fake, and what counts is
 * that no file passes, and that every mistake points into its file. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_types.h"
#include "sim/base/json.h"
#include "sim/scenario.h"

#define FIRST_OF_NETWORK 90 /* from this number on files are right by themselves; the whole network is not */

static int open_registry(void **state)
{
    struct registry *registry = malloc(sizeof *registry);
    registry_init(registry);
    fake_registry_fill(registry);
    *state = registry;
    return 0;
}

static int close_registry(void **state)
{
    registry_release(*state);
    free(*state);
    return 0;
}

static int count_lines(const char *file)
{
    struct error_list errors;
    char *bytes;
    size_t length;
    int lines = 1;
    error_list_init(&errors);
    if (!json_read_file(file, &bytes, &length, &errors))
        fail_msg("%s cannot be read", file);
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    free(bytes);
    error_list_release(&errors);
    return lines;
}

static void check_file(const struct registry *registry, const char *file)
{
    struct error_list errors;
    error_list_init(&errors);
    struct scenario *scenario = scenario_read(file, registry, NULL, &errors);
    if (scenario || !errors.errors)
        fail_msg("%s is taken for right", file);
    int lines = count_lines(file), line = 0;
    for (size_t i = 0; i < errors.count; i++) {
        const struct error_entry *entry = &errors.entries[i];
        if (entry->line < 1 || entry->line > lines || entry->column < 1 || !entry->text[0])
            fail_msg("%s: \"%s\" has no place in it", file, entry->text);
        if (entry->line < line)
            fail_msg("%s: the mistakes are not sorted by place", file);
        line = entry->line;
    }
    error_list_release(&errors);
}

static void test_broken__every_file_is_refused_with_places_in_order(void **state)
{
    DIR *folder = opendir(BROKEN_DIR);
    size_t count = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char file[600];
        size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 5, ".json") != 0)
            continue;
        if (strtol(entry->d_name, NULL, 10) >= FIRST_OF_NETWORK)
            continue;
        snprintf(file, sizeof file, "%s/%s", BROKEN_DIR, entry->d_name);
        check_file(*state, file);
        count++;
    }
    closedir(folder);
    assert_true(count >= 45);
}

/* Reads `head`, `count` times `piece`, `tail`; returns how many mistakes there are. The first is in
 * `ret_first`. */
static size_t read_repeated(const struct registry *registry, const char *head, const char *piece,
                            size_t count, const char *tail, char *ret_first, size_t size)
{
    size_t step = strlen(piece);
    char *text = malloc(strlen(head) + step * count + strlen(tail) + 1), *end = text;
    struct error_list errors;
    end = stpcpy(end, head);
    for (size_t i = 0; i < count; i++, end += step)
        memcpy(end, piece, step);
    end = stpcpy(end, tail);
    error_list_init(&errors);
    scenario_free(scenario_parse("bomb.json", text, (size_t)(end - text), registry, NULL, &errors));
    ret_first[0] = '\0';
    if (errors.count)
        error_format(&errors.entries[0], ret_first, size);
    size_t mistakes = errors.errors;
    error_list_release(&errors);
    free(text);
    return mistakes;
}

static void test_broken__a_nesting_bomb_is_refused(void **state)
{
    static const char *const pieces[] = {"[", "{\"a\":"};
    for (size_t i = 0; i < 2; i++) {
        char first[400];
        assert_int_equal(read_repeated(*state, "", pieces[i], 2000000, "", first, sizeof first), 1);
        assert_non_null(strstr(first, "64"));
    }
}

static void test_broken__a_flood_of_mistakes_is_counted_and_cut(void **state)
{
    char first[400];
    size_t mistakes = read_repeated(*state, "{ \"netarium\": 1, \"stop\": \"1 s\", \"links\": [ 0",
                                    ", { \"between\": [\"a\", \"b\"] }", 20000, " ] }", first, sizeof first);
    assert_true(mistakes > 40000); /* no node is called "a", nor "b", and names run out */
    assert_true(first[0]);
}

static void test_broken__sections_are_limited(void **state)
{
    char first[400];
    size_t mistakes = read_repeated(*state, "{\"netarium\":1,\"stop\":\"1 s\",\"expect\":[\"a\"", ",\"a\"",
                                    10000, "]}", first, sizeof first);
    assert_string_equal(first, "bomb.json:1:37: expect: at most 10000 entries, found 10001");
    assert_int_equal(mistakes, 1);
}

static void test_broken__a_long_command_is_refused(void **state)
{
    char first[400];
    read_repeated(
        *state,
        "{ \"netarium\": 1, \"stop\": \"1 s\", \"nodes\": { \"a\": { \"type\": \"host\", \"start\": [\"echo",
        " x", 100000, "\"] } } }", first, sizeof first);
    assert_string_equal(first, "bomb.json:1:78: nodes.a.start[0]: a command has at most 8192 bytes");
}

static void test_broken__a_long_word_is_cut_in_the_message(void **state)
{
    char first[2000];
    read_repeated(*state, "{ \"netarium\": 1, \"stop\": \"1 s\", \"", "x", 1000000, "\": 1 }", first,
                  sizeof first);
    assert_true(strlen(first) < 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_broken__every_file_is_refused_with_places_in_order),
        cmocka_unit_test(test_broken__a_nesting_bomb_is_refused),
        cmocka_unit_test(test_broken__a_flood_of_mistakes_is_counted_and_cut),
        cmocka_unit_test(test_broken__sections_are_limited),
        cmocka_unit_test(test_broken__a_long_command_is_refused),
        cmocka_unit_test(test_broken__a_long_word_is_cut_in_the_message),
    };
    return cmocka_run_group_tests(tests, open_registry, close_registry);
}

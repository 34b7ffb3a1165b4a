/* SPDX-License-Identifier: MIT
 * Commands: from a typed line to an application and its values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_types.h"
#include "sim/command.h"
#include "sim/param.h"

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

static uint32_t find_node(void *context, const char *name)
{
    return strcmp(name, "bob") == 0 ? 2 : 0;
}

static struct command read_command(const struct registry *registry, const char *type, const char *words)
{
    struct command command;
    struct nt_why why;
    size_t column;
    if (!command_read(registry, registry_node(registry, type), words, find_node, NULL, &command, &why,
                      &column))
        fail_msg("%s: %s", words, why.text);
    return command;
}

static const struct nt_value *value_of(const struct command *command, const char *param)
{
    const struct nt_param *found = param_find(command->app->params, param);
    assert_non_null(found);
    return &command->values[found - command->app->params];
}

static void test_command__options_and_words_come_in_any_order(void **state)
{
    static const char *const lines[] = {"ping -c 4 bob",      "ping bob -c 4",       "ping -c=4 bob",
                                        "  ping\t-c  4 bob ", "ping '-c' \"4\" bob", "ping -c 4 -- bob"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct command command = read_command(*state, "host", lines[i]);
        assert_string_equal(command.app->name, "ping");
        assert_int_equal(command.count, 4);
        assert_int_equal(value_of(&command, "-c")->number, 4);
        assert_true(value_of(&command, "-c")->is_given);
        assert_int_equal(value_of(&command, "target")->number, 2);
        assert_string_equal(value_of(&command, "target")->text, "bob");
        command_release(&command);
    }
}

static void test_command__what_is_not_said_has_its_default(void **state)
{
    struct command command = read_command(*state, "host", "ping bob");
    assert_false(value_of(&command, "-i")->is_given);
    assert_int_equal(value_of(&command, "-i")->number, NT_SECOND);
    assert_false(value_of(&command, "-c")->is_given);
    assert_int_equal(value_of(&command, "-c")->number, 0);
    assert_false(value_of(&command, "-q")->number);
    command_release(&command);
}

static void test_command__a_switch_has_no_value(void **state)
{
    struct command command = read_command(*state, "host", "ping -q bob");
    assert_int_equal(value_of(&command, "-q")->number, 1);
    command_release(&command);
}

static void test_command__a_bare_time_is_seconds(void **state)
{
    struct command command = read_command(*state, "host", "ping -i 0.2 bob");
    assert_int_equal(value_of(&command, "-i")->number, 200 * NT_MILLISECOND);
    command_release(&command);
}

static void test_command__the_rest_is_a_list(void **state)
{
    struct command command = read_command(*state, "host", "echo -n one 'two  three' -x -n");
    const struct nt_value *words = value_of(&command, "words");
    assert_int_equal(value_of(&command, "-n")->number, 1);
    assert_int_equal(words->count, 4);
    assert_string_equal(words->items[1].text, "two  three");
    assert_string_equal(words->items[3].text, "-n");
    assert_string_equal(words->text, "one 'two  three' -x -n");
    command_release(&command);
    command = read_command(*state, "host", "echo -x -n");
    assert_int_equal(value_of(&command, "words")->count, 2); /* -x is no option of echo, so the rest begins */
    command_release(&command);
}

static void test_command__a_list_option_may_come_again(void **state)
{
    struct command command =
        read_command(*state, "host", "curl -H 'A: 1' --dns 10.0.0.1 -H B --dns=10.0.0.2 http://x/ -H C");
    assert_int_equal(value_of(&command, "-H")->count, 3);
    assert_string_equal(value_of(&command, "-H")->items[0].text, "A: 1");
    assert_string_equal(value_of(&command, "-H")->items[2].text, "C");
    assert_int_equal(value_of(&command, "--dns")->items[1].number, 0x0a000002);
    command_release(&command);
}

static void test_command__a_type_has_commands_of_its_own(void **state)
{
    struct command command = read_command(*state, "link", "cut");
    assert_string_equal(command.app->name, "cut");
    assert_int_equal(command.count, 0);
    command_release(&command);
}

static void test_command__columns_say_where_values_stand(void **state)
{
    struct command command = read_command(*state, "host", "ping -c 4  bob");
    assert_int_equal(command.columns[0], 8);
    assert_int_equal(command.columns[1], 14); /* -i was not said: the end */
    assert_int_equal(command.columns[3], 11);
    command_release(&command);
}

struct row {
    const char *type;
    const char *words;
    size_t column;
    const char *sentence;
};

static const struct row mistakes[] = {
    {"host", "", 0, "expected a command such as \"ping\", found nothing"},
    {"host", "   ", 0, "expected a command such as \"ping\", found nothing"},
    {"host", " pnig bob", 1, "a host knows no command \"pnig\"; did you mean \"ping\"?"},
    {"host", "cut", 0,
     "a host knows no command \"cut\"; known: ping, discard, send-tcp, send-raw, echo, curl, call"},
    {"link", "ping bob", 0, "a link knows no command \"ping\"; known: cut, mend"},
    {"hub", "ping bob", 0, "a hub knows no commands"},
    {"host", "ping", 4, "ping needs \"target\": whom to ask"},
    {"host", "ping -c", 5, "\"-c\" wants a value after it: a whole number from 1 to 65535"},
    {"host", "ping -c bob", 8, "-c: expected a whole number, found \"bob\""},
    {"host", "ping -c 0 bob", 8, "-c: expected a whole number from 1 to 65535, found 0"},
    {"host", "ping -c 1 -c 2 bob", 13, "\"-c\" is given twice"},
    {"host", "ping -z bob", 5, "ping has no option \"-z\"; known: -c, -i, -q"},
    {"host", "ping -qq bob", 5, "\"-q\" is given twice"}, /* switches may stand together */
    {"host", "ping -qz bob", 5, "ping has no option \"-qz\"; did you mean \"-q\"?"},
    {"host", "ping -q=1 bob", 5, "\"-q\" is a switch and takes no value"},
    {"host", "ping bbo", 5, "target: no node is called \"bbo\""},
    {"host", "ping bob bob", 9, "ping takes no more words; found \"bob\""},
    {"host", "ping -- -c", 8, "target: no node is called \"-c\""},
    {"host", "ping 'bob", 5, "a quote is opened here and never closed"},
    {"host", "send-tcp bob --byets 5", 13, "send-tcp has no option \"--byets\"; did you mean \"--bytes\"?"},
    {"host", "send-tcp bob --bytes=5kg", 13,
     "--bytes: expected a number of bytes such as \"64 kB\", found \"5kg\"; did you mean \"kB\"?"},
    {"host", "send-tcp bob --cc vegas", 18, "--cc: expected reno or cubic, found \"vegas\""},
    {"host", "curl --dns here http://x/", 11,
     "--dns: expected an address such as \"10.0.0.1\"; found \"here\""},
    {"host", "discard -x", 8, "discard has no options; found \"-x\""},
    {"host", "discard 5", 8, "discard takes no more words; found \"5\""},
    {"host", "discard -5", 8, "discard takes no more words; found \"-5\""},
};

static void test_command__a_mistake_has_a_sentence_and_a_column(void **state)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const struct row *row = &mistakes[i];
        struct command command = {.count = 77};
        struct nt_why why = {""};
        size_t column = 999;
        bool fine = command_read(*state, registry_node(*state, row->type), row->words, find_node, NULL,
                                 &command, &why, &column);
        if (fine || strcmp(why.text, row->sentence) != 0 || column != row->column)
            fail_msg("\"%s\": %s, column %zu", row->words, fine ? "should not be read" : why.text, column);
        assert_int_equal(command.count, 77); /* outputs are untouched */
    }
}

static void test_command__length_and_words_are_limited(void **state)
{
    char line[9000];
    struct command command;
    struct nt_why why;
    size_t column;
    const struct nt_node_type *host = registry_node(*state, "host");
    strcpy(line, "echo");
    for (size_t i = 4; i < 1000; i += 2)
        memcpy(line + i, " x", 3);
    assert_false(command_read(*state, host, line, NULL, NULL, &command, &why, &column));
    assert_string_equal(why.text, "a command has at most 256 words");
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    assert_false(command_read(*state, host, line, NULL, NULL, &command, &why, &column));
    assert_string_equal(why.text, "a command has at most 8192 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command__options_and_words_come_in_any_order),
        cmocka_unit_test(test_command__what_is_not_said_has_its_default),
        cmocka_unit_test(test_command__a_switch_has_no_value),
        cmocka_unit_test(test_command__a_bare_time_is_seconds),
        cmocka_unit_test(test_command__the_rest_is_a_list),
        cmocka_unit_test(test_command__a_list_option_may_come_again),
        cmocka_unit_test(test_command__a_type_has_commands_of_its_own),
        cmocka_unit_test(test_command__columns_say_where_values_stand),
        cmocka_unit_test(test_command__a_mistake_has_a_sentence_and_a_column),
        cmocka_unit_test(test_command__length_and_words_are_limited),
    };
    return cmocka_run_group_tests(tests, open_registry, close_registry);
}

/* SPDX-License-Identifier: MIT
 * Tables found and values shown, on a network that only pretends (stub_run.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/inspect.h"
#include "tests/sim/stub_run.h"

#define ROWS(table) (sizeof(table) / sizeof(table)[0])

static const struct run stub = {.now = 0};

static const char *const colours[] = {"red", "green", NULL};

static void test_inspect__shows_values_as_people_write_them(void **state)
{
    static const struct {
        enum nt_unit unit;
        int64_t value;
        const char *shown;
    } rows[] = {
        {NT_UNIT_NONE, -42, "-42"},
        {NT_UNIT_NONE, INT64_MIN, "-9223372036854775808"},
        {NT_UNIT_BYTES, 1518, "1518 B"},
        {NT_UNIT_BITS, 512, "512 bits"},
        {NT_UNIT_TIME, 1500 * NT_MILLISECOND, "1.5 s"},
        {NT_UNIT_TIME, 51200 * NT_NANOSECOND, "51.2 us"},
        {NT_UNIT_TIME, 0, "0 s"},
        {NT_UNIT_RATE, 10000000, "10 Mbps"},
        {NT_UNIT_FRAMES, 64, "64"},
        {NT_UNIT_PPM, 20000, "2 %"},
        {NT_UNIT_PPM, 1, "0.0001 %"},
        {NT_UNIT_MM, 500000, "500 m"},
        {NT_UNIT_MAC, 0x0200000000ff, "02:00:00:00:00:ff"},
        {NT_UNIT_MAC, 0xffffffffffff, "ff:ff:ff:ff:ff:ff"},
        {NT_UNIT_IPV4, 0x0a000001, "10.0.0.1"},
        {NT_UNIT_IPV4, 0xffffffff, "255.255.255.255"},
        {NT_UNIT_HEX, 0x1f, "0x1f"},
        {NT_UNIT_BOOL, 0, "no"},
        {NT_UNIT_BOOL, 1, "yes"},
        {NT_UNIT_WORD, 1, "green"},
        {NT_UNIT_WORD, 2, "2"},
        {NT_UNIT_WORD, -1, "-1"},
        {NT_UNIT_FRAME, 17, "17"},
        {NT_UNIT_RECORD, 18, "18"},
        {NT_UNIT_TEXT, STUB_TEXT_FULL, "queue is full"},
        {NT_UNIT_TEXT, 0, ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct nt_field field = {"value", rows[i].unit, colours};
        char shown[64];
        inspect_show_value(&stub, &field, rows[i].value, shown, sizeof shown);
        if (strcmp(shown, rows[i].shown) != 0)
            fail_msg("unit %d of %lld: \"%s\", expected \"%s\"", (int)rows[i].unit, (long long)rows[i].value,
                     shown, rows[i].shown);
    }
}

static void test_inspect__shows_the_number_of_a_word_that_nobody_named(void **state)
{
    const struct nt_field field = {"value", NT_UNIT_WORD, NULL};
    char shown[16];
    inspect_show_value(&stub, &field, 3, shown, sizeof shown);
    assert_string_equal(shown, "3");
}

static void test_inspect__shows_cells_with_their_own_text(void **state)
{
    const struct nt_field text = {"name", NT_UNIT_TEXT, NULL}, address = {"address", NT_UNIT_IPV4, NULL};
    const struct nt_cell cell = {.number = 0x0a000002, .text = "web"};
    char shown[64];
    inspect_show_cell(&stub, &text, &cell, shown, sizeof shown);
    assert_string_equal(shown, "web");
    inspect_show_cell(&stub, &address, &cell, shown, sizeof shown);
    assert_string_equal(shown, "10.0.0.2");
}

static void test_inspect__cuts_what_does_not_fit(void **state)
{
    const struct nt_field field = {"mac", NT_UNIT_MAC, NULL};
    for (size_t size = 1; size < 20; size++) {
        char *shown = malloc(size); /* the sanitizer watches its end */
        inspect_show_value(&stub, &field, 0x020000000001, shown, size);
        assert_memory_equal(shown, "02:00:00:00:00:01", strlen(shown));
        assert_int_equal(strlen(shown), size > 17 ? 17 : size - 1);
        free(shown);
    }
}

static void test_inspect__finds_tables_and_columns_by_name(void **state)
{
    const struct nt_node *alice = run_node_named(&stub, "alice"), *coax = run_node_named(&stub, "coax");
    const struct nt_table *arp = inspect_table(alice, "arp");
    assert_int_equal(inspect_table_count(alice), 4);
    assert_int_equal(inspect_table_count(coax), 0);
    assert_non_null(arp);
    assert_null(inspect_table(alice, "ar"));
    assert_null(inspect_table(coax, "arp"));
    assert_int_equal(inspect_column_count(arp), 3);
    assert_int_equal(inspect_column(arp, "waiting"), 2);
    assert_int_equal(inspect_column(arp, "wait"), -1);
}

static void test_inspect__finds_fields_by_name(void **state)
{
    const struct nt_kind *tx = run_kind_at(&stub, STUB_FRAME_TX);
    assert_int_equal(inspect_field_count(tx), 3);
    assert_int_equal(inspect_field_count(run_kind_at(&stub, STUB_COLLISION)), 0);
    assert_int_equal(inspect_field(tx, "air_time"), 1);
    assert_int_equal(inspect_field(tx, "air"), -1);
}

static void test_inspect__knows_the_nearest_name(void **state)
{
    const struct nt_node *alice = run_node_named(&stub, "alice");
    const struct nt_table *ping = inspect_table(alice, "ping");
    assert_string_equal(inspect_table_nearest(alice, "pong"), "ping");
    assert_null(inspect_table_nearest(alice, "gibberish"));
    assert_string_equal(inspect_column_nearest(ping, "recieved"), "received");
    assert_null(inspect_column_nearest(ping, "gibberish"));
    assert_string_equal(inspect_field_nearest(run_kind_at(&stub, STUB_FRAME_TX), "lenght"), "length");
    assert_null(inspect_field_nearest(run_kind_at(&stub, STUB_COLLISION), "length"));
}

static void test_inspect__counts_rows(void **state)
{
    const struct nt_node *alice = run_node_named(&stub, "alice");
    assert_int_equal(inspect_row_count(alice, inspect_table(alice, "sockets")), 3);
    assert_int_equal(inspect_row_count(alice, inspect_table(alice, "nat")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inspect__shows_values_as_people_write_them),
        cmocka_unit_test(test_inspect__shows_the_number_of_a_word_that_nobody_named),
        cmocka_unit_test(test_inspect__shows_cells_with_their_own_text),
        cmocka_unit_test(test_inspect__cuts_what_does_not_fit),
        cmocka_unit_test(test_inspect__finds_tables_and_columns_by_name),
        cmocka_unit_test(test_inspect__finds_fields_by_name),
        cmocka_unit_test(test_inspect__knows_the_nearest_name),
        cmocka_unit_test(test_inspect__counts_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

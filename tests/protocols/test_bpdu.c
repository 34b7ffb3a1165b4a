/* SPDX-License-Identifier: MIT
 * Bridge protocol data units, read and written. IEEE 802.1D-1998 9.2, 9.3. */
#include "protocols/bridge/bpdu.h"
#include "tests/protocols/hand_env.h"

#define CONFIG "424203 0000 00 00 81 1000 020000000001 00000013 8000 020000000002 8003 0100 1400 0200 0f00"

static enum bpdu_reason parse(const char *hex, struct bpdu *ret_bpdu)
{
    uint8_t bytes[100];
    return bpdu_parse(bytes, hand_bytes(hex, bytes, sizeof bytes), ret_bpdu);
}

/* BR-12 */
static void test_bpdu__a_configuration_message_is_read_br12(void **state)
{
    struct bpdu bpdu;
    assert_int_equal(parse(CONFIG, &bpdu), BPDU_OK);
    assert_int_equal(bpdu.type, BPDU_CONFIG);
    assert_true(bpdu.topology_change && bpdu.topology_change_ack);
    assert_int_equal(bridge_id_priority(bpdu.root), 4096);
    assert_int_equal(bridge_id_address(bpdu.root), UINT64_C(0x020000000001));
    assert_int_equal(bpdu.root_path_cost, 19);
    assert_int_equal(bpdu.bridge.value, UINT64_C(0x8000020000000002));
    assert_int_equal(bpdu.port, 0x8003);
    assert_int_equal(bpdu.message_age, ENV_SECOND);
    assert_int_equal(bpdu.max_age, 20 * ENV_SECOND);
    assert_int_equal(bpdu.hello_time, 2 * ENV_SECOND);
    assert_int_equal(bpdu.forward_delay, 15 * ENV_SECOND);
}

static void test_bpdu__what_is_written_is_what_was_read(void **state)
{
    static const char *const messages[] = {CONFIG, "424203 0000 00 80"};
    for (size_t i = 0; i < 2; i++) {
        uint8_t bytes[100], again[BPDU_MOST];
        struct bpdu bpdu;
        size_t length = hand_bytes(messages[i], bytes, sizeof bytes);
        assert_int_equal(bpdu_parse(bytes, length, &bpdu), BPDU_OK);
        assert_int_equal(bpdu_bytes(&bpdu), length);
        bpdu_emit(&bpdu, again);
        assert_memory_equal(again, bytes, length);
    }
}

static void test_bpdu__padding_and_later_versions_are_read_over(void **state)
{
    struct bpdu bpdu;
    assert_int_equal(parse("424203 0000 00 80 000000000000", &bpdu), BPDU_OK);
    assert_int_equal(bpdu.type, BPDU_TCN);
    assert_int_equal(parse("424203 0000 02 80", &bpdu), BPDU_OK);
}

/* 9.3.3 */
static void test_bpdu__what_is_of_no_use_is_refused_with_the_reason(void **state)
{
    static const struct {
        const char *hex;
        enum bpdu_reason reason;
    } rows[] = {
        {"", BPDU_NOT_LLC},
        {"4242", BPDU_NOT_LLC},
        {"aaaa03 0000 00 80", BPDU_NOT_LLC},
        {"424303 0000 00 80", BPDU_NOT_LLC},
        {"4242f3 0000 00 80", BPDU_NOT_LLC},
        {"424203", BPDU_SHORT},
        {"424203 0000 00", BPDU_SHORT},
        {"424203 0001 00 80", BPDU_PROTOCOL},
        {"424203 0000 02 02 00", BPDU_UNKNOWN_TYPE},
        {"424203 0000 00 00 00 1000", BPDU_SHORT},
        {"424203 0000 00 00 81 1000 020000000001 00000013 8000 020000000002 8003 0100 1400 0200 0f",
         BPDU_SHORT},
        {"424203 0000 00 00 81 1000 020000000001 00000013 8000 020000000002 8003 1400 1400 0200 0f00",
         BPDU_TOO_OLD},
    };
    struct bpdu untouched = {.type = BPDU_TCN, .port = 99};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bpdu bpdu = untouched;
        enum bpdu_reason reason = parse(rows[i].hex, &bpdu);
        if (reason != rows[i].reason || bpdu.port != 99)
            fail_msg("row %zu (%s): %s", i, rows[i].hex, bpdu_reason_words[reason]);
    }
}

static void test_bpdu__times_are_256ths_of_a_second_and_end_at_the_last_that_fits(void **state)
{
    struct bpdu bpdu = {.type = BPDU_CONFIG,
                        .message_age = ENV_SECOND / 256 * 3 + 1,
                        .max_age = 1000 * ENV_SECOND,
                        .hello_time = ENV_SECOND / 2};
    uint8_t bytes[BPDU_MOST];
    bpdu_emit(&bpdu, bytes);
    assert_int_equal(bpdu_parse(bytes, sizeof bytes, &bpdu), BPDU_OK);
    assert_int_equal(bpdu.message_age, ENV_SECOND / 256 * 3);
    assert_int_equal(bpdu.max_age, 65535 * (ENV_SECOND / 256));
    assert_int_equal(bpdu.hello_time, ENV_SECOND / 2);
}

static void test_bpdu__an_identifier_is_priority_and_address(void **state)
{
    char text[BRIDGE_ID_TEXT_SIZE];
    struct bridge_id low = bridge_id_of(4096, mac_from_number(0xffff)),
                     high = bridge_id_of(32768, mac_from_number(1));
    assert_true(low.value < high.value); /* the priority decides first */
    bridge_id_format(high, text);
    assert_string_equal(text, "8000.00:00:00:00:00:01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bpdu__a_configuration_message_is_read_br12),
        cmocka_unit_test(test_bpdu__what_is_written_is_what_was_read),
        cmocka_unit_test(test_bpdu__padding_and_later_versions_are_read_over),
        cmocka_unit_test(test_bpdu__what_is_of_no_use_is_refused_with_the_reason),
        cmocka_unit_test(test_bpdu__times_are_256ths_of_a_second_and_end_at_the_last_that_fits),
        cmocka_unit_test(test_bpdu__an_identifier_is_priority_and_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

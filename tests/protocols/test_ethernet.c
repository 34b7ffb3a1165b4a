/* SPDX-License-Identifier: MIT
 * Ethernet addresses and headers; packets that grow to the left. Checklist ETH-1, ETH-2, ETH-3. */
#include "tests/protocols/hand_env.h"

static void test_mac__is_read_only_when_it_is_six_pairs_of_digits(void **state)
{
    static const struct {
        const char *text;
        bool is_right;
        uint64_t number;
    } rows[] = {
        {"02:00:00:00:00:01", true, UINT64_C(0x020000000001)},
        {"FF-ff-Ff-fF-00-9a", true, UINT64_C(0xffffffff009a)},
        {"", false, 0},
        {"02:00:00:00:00", false, 0},
        {"02:00:00:00:00:01:02", false, 0},
        {"02:00:00:00:00:1", false, 0},
        {"02:00:00:00:00:0g", false, 0},
        {"02.00.00.00.00.01", false, 0},
        {" 02:00:00:00:00:01", false, 0},
        {"02:00:00:00:00:01 ", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mac_address address = mac_from_number(7);
        bool is_right = mac_parse(rows[i].text, &address);
        uint64_t expected = rows[i].is_right ? rows[i].number : 7;
        if (is_right != rows[i].is_right || mac_to_number(address) != expected)
            fail_msg("row %zu: \"%s\"", i, rows[i].text);
    }
}

static void test_mac__is_written_as_it_is_read(void **state)
{
    char text[MAC_TEXT_SIZE];
    mac_format(mac_from_number(UINT64_C(0x0200a1b2c3d4)), text);
    assert_string_equal(text, "02:00:a1:b2:c3:d4");
}

static void test_mac__knows_groups_by_the_first_bit_on_the_wire(void **state)
{
    assert_false(mac_is_group(mac_from_number(UINT64_C(0x020000000001))));
    assert_true(mac_is_group(mac_from_number(UINT64_C(0x01005e000001))));
    assert_true(mac_is_group(mac_broadcast));
    assert_true(mac_is_broadcast(mac_broadcast));
    assert_true(mac_is_none(mac_none));
}

/* ETH-2. */
static void test_ethernet__tells_lengths_from_types(void **state)
{
    static const struct {
        uint16_t value;
        enum ethernet_meaning meaning;
    } rows[] = {
        {0, ETHERNET_IS_LENGTH},       {1500, ETHERNET_IS_LENGTH}, {1501, ETHERNET_IS_UNDEFINED},
        {1535, ETHERNET_IS_UNDEFINED}, {1536, ETHERNET_IS_TYPE},   {0x0800, ETHERNET_IS_TYPE},
        {0xffff, ETHERNET_IS_TYPE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ethernet_meaning(rows[i].value) != rows[i].meaning)
            fail_msg("row %zu: %u", i, rows[i].value);
}

/* ETH-2, IEEE 802.3 3.4 (a): a length says how much there is, unless the frame was padded to its least size. */
static void test_ethernet__knows_lengths_that_cannot_be(void **state)
{
    static const struct {
        uint16_t value;
        size_t data_bytes;
        bool fits;
    } rows[] = {
        {46, 46, true},  {38, 46, true},      {0, 46, true},      {47, 46, false}, {47, 47, true},     {46, 47, false},
        {48, 47, false}, {1500, 1500, true},  {1499, 1500, false}, {1501, 46, true}, {0x0800, 46, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ethernet_length_fits(rows[i].value, rows[i].data_bytes) != rows[i].fits)
            fail_msg("row %zu: %u in %zu", i, rows[i].value, rows[i].data_bytes);
}

/* ETH-3: 46 octets of data at least, 60 with the header. */
static void test_ethernet__pads_to_sixty_octets(void **state)
{
    assert_int_equal(ethernet_pad_bytes(ETHERNET_HEADER + 1), 45);
    assert_int_equal(ethernet_pad_bytes(59), 1);
    assert_int_equal(ethernet_pad_bytes(60), 0);
    assert_int_equal(ethernet_pad_bytes(1514), 0);
}

/* ETH-1: 672 bit times for the smallest frame. */
static void test_ethernet__occupies_the_wire_with_preamble_and_gap(void **state)
{
    assert_int_equal(ethernet_wire_bytes(ETHERNET_MIN) * 8, 672);
    assert_int_equal(10000000 / (ethernet_wire_bytes(ETHERNET_MIN) * 8), 14880);
}

static void test_ethernet__header_survives_a_round_trip(void **state)
{
    uint8_t bytes[ETHERNET_HEADER];
    struct ethernet_header out = {mac_from_number(2), mac_from_number(1), ETHERNET_TYPE_ARP}, in;
    ethernet_emit(&out, bytes);
    struct reader reader = reader_over(bytes, sizeof bytes);
    assert_true(ethernet_parse(&reader, &in));
    assert_true(mac_is_equal(in.destination, out.destination));
    assert_true(mac_is_equal(in.source, out.source));
    assert_int_equal(in.type_or_length, ETHERNET_TYPE_ARP);
    assert_int_equal(reader_left(&reader), 0);
}

static void test_ethernet__refuses_a_short_header(void **state)
{
    uint8_t bytes[ETHERNET_HEADER] = {0};
    struct ethernet_header header;
    for (size_t length = 0; length < ETHERNET_HEADER; length++) {
        struct reader reader = reader_over(bytes, length);
        assert_false(ethernet_parse(&reader, &header));
    }
}

static void test_packet__grows_to_the_left_without_moving_its_payload(void **state)
{
    struct hand_env hand;
    hand_init(&hand);
    struct packet_out packet = packet_make(&hand.pool, PACKET_IPV4_HEADROOM, 5);
    uint8_t *payload = packet.bytes;
    memcpy(payload, "hello", 5);
    memset(packet_prepend(&packet, 20), 1, 20);
    memset(packet_prepend(&packet, 14), 2, 14);
    assert_ptr_equal(packet.bytes, payload - 34);
    assert_int_equal(packet.length_bytes, 39);
    assert_int_equal(packet.headroom_bytes, PACKET_IPV4_HEADROOM - 34);
    assert_memory_equal(payload, "hello", 5);
    packet_strip(&packet, 14);
    assert_int_equal(packet.bytes[0], 1);
    struct packet view = packet_behind(packet_view(&packet), 20);
    assert_ptr_equal(view.bytes, payload);
    assert_int_equal(view.length_bytes, 5);
    packet_give_back(&hand.pool, &packet);
    hand_release(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mac__is_read_only_when_it_is_six_pairs_of_digits),
        cmocka_unit_test(test_mac__is_written_as_it_is_read),
        cmocka_unit_test(test_mac__knows_groups_by_the_first_bit_on_the_wire),
        cmocka_unit_test(test_ethernet__tells_lengths_from_types),
        cmocka_unit_test(test_ethernet__knows_lengths_that_cannot_be),
        cmocka_unit_test(test_ethernet__pads_to_sixty_octets),
        cmocka_unit_test(test_ethernet__occupies_the_wire_with_preamble_and_gap),
        cmocka_unit_test(test_ethernet__header_survives_a_round_trip),
        cmocka_unit_test(test_ethernet__refuses_a_short_header),
        cmocka_unit_test(test_packet__grows_to_the_left_without_moving_its_payload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

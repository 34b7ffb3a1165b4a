/* SPDX-License-Identifier: MIT
 * IPv4 addresses, prefixes and headers. Checklist IP-1, IP-2, IP-3, IP-23. */
#include "protocols/ipv4/header.h"
#include "sim/base/bytes.h"
#include "sim/base/sum16.h"
#include "tests/protocols/hand_env.h"

static void test_prefix__is_read_or_refused_with_a_sentence(void **state)
{
    static const struct {
        const char *text;
        const char *why; /* NULL: it is right */
        uint32_t address;
        unsigned length;
    } rows[] = {
        {"10.0.0.1/24", NULL, 0x0a000001, 24},
        {"0.0.0.0/0", NULL, 0, 0},
        {"255.255.255.255/32", NULL, 0xffffffff, 32},
        {"10.0.0.300/24", "'10.0.0.300/24': 300 is more than 255", 0, 0},
        {"10.0.0.1/33", "'10.0.0.1/33': 33 is more than 32", 0, 0},
        {"10.0.0/24", "'10.0.0/24': an address has four numbers with dots between, this has 3", 0, 0},
        {"10.0.0.1.5/24", "'10.0.0.1.5/24': '.5/24' does not belong to an address", 0, 0},
        {"10.0.0.1", "'10.0.0.1': the length of the network part is missing, as in '10.0.0.1/24'", 0, 0},
        {"10.0.0.1/", "'10.0.0.1/': a number is missing at the end", 0, 0},
        {"10..0.1/24", "'10..0.1/24': a number is missing before '.0.1/24'", 0, 0},
        {"10.0.0.01/24", "'10.0.0.01/24': write 1, not 01", 0, 0},
        {"10.0.0.1/24 ", "'10.0.0.1/24 ': ' ' does not belong to a prefix", 0, 0},
        {"alice", "'alice': a number is missing before 'alice'", 0, 0},
        {"", "'': a number is missing at the end", 0, 0},
        {"10.0.0.99999999999999999999/24",
         "'10.0.0.99999999999999999999/24': 99999999999999999999 is more than 255", 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char sentence[200];
        struct text why = text_in(sentence, sizeof sentence);
        struct ipv4_prefix prefix = {{7}, 7};
        bool is_right = ipv4_prefix_parse(rows[i].text, &prefix, &why);
        if (is_right != !rows[i].why || (!is_right && strcmp(sentence, rows[i].why) != 0))
            fail_msg("row %zu: \"%s\" gives %d and \"%s\"", i, rows[i].text, is_right, sentence);
        assert_int_equal(prefix.address.value, is_right ? rows[i].address : 7);
        assert_int_equal(prefix.length, is_right ? rows[i].length : 7);
        assert_int_equal(ipv4_prefix_parse(rows[i].text, &prefix, NULL), is_right);
    }
}

static void test_address__is_read_or_refused_with_a_sentence(void **state)
{
    char sentence[200];
    struct text why = text_in(sentence, sizeof sentence);
    struct ipv4_address address;
    assert_true(ipv4_parse("192.0.2.17", &address, &why));
    assert_int_equal(address.value, 0xc0000211);
    assert_false(ipv4_parse("192.0.2.17/24", &address, &why));
    assert_string_equal(sentence, "'192.0.2.17/24': '/24' does not belong to an address");
    assert_int_equal(address.value, 0xc0000211);
}

static void test_address__is_written_as_it_is_read(void **state)
{
    char text[IPV4_TEXT_SIZE], prefix[IPV4_PREFIX_TEXT_SIZE];
    ipv4_format(IPV4_BROADCAST, text);
    assert_string_equal(text, "255.255.255.255");
    ipv4_prefix_format((struct ipv4_prefix){IPV4_BROADCAST, 32}, prefix);
    assert_string_equal(prefix, "255.255.255.255/32");
    ipv4_prefix_format((struct ipv4_prefix){{0x0a000001}, 8}, prefix);
    assert_string_equal(prefix, "10.0.0.1/8");
}

static void test_prefix__knows_its_network_and_broadcast(void **state)
{
    static const struct {
        uint8_t length;
        uint32_t mask, network, broadcast;
    } rows[] = {
        {0, 0, 0, 0xffffffff},
        {8, 0xff000000, 0x0a000000, 0x0affffff},
        {24, 0xffffff00, 0x0a010200, 0x0a0102ff},
        {30, 0xfffffffc, 0x0a010204, 0x0a010207},
        {31, 0xfffffffe, 0x0a010206, 0xffffffff}, /* RFC 3021: no broadcast of its own */
        {32, 0xffffffff, 0x0a010206, 0xffffffff},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipv4_prefix prefix = {{0x0a010206}, rows[i].length};
        if (ipv4_mask(prefix.length) != rows[i].mask ||
            ipv4_prefix_network(prefix).value != rows[i].network ||
            ipv4_prefix_broadcast(prefix).value != rows[i].broadcast)
            fail_msg("row %zu: /%u", i, prefix.length);
        assert_true(ipv4_prefix_has(prefix, prefix.address));
    }
    assert_true(ipv4_same_subnet((struct ipv4_address){0x0a000001}, (struct ipv4_address){0x0a0000fe}, 24));
    assert_false(ipv4_same_subnet((struct ipv4_address){0x0a000001}, (struct ipv4_address){0x0a0001fe}, 24));
}

static void test_address__knows_whether_it_can_be_one_host(void **state)
{
    static const struct {
        uint32_t value;
        bool is_one_host;
    } rows[] = {
        {0x0a000001, true},  {0xc0000201, true},  {0x00000000, false},
        {0x00000001, false}, {0x7f000001, false}, {0xe0000001, false},
        {0xefffffff, false}, {0xf0000000, false}, {0xffffffff, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ipv4_is_one_host((struct ipv4_address){rows[i].value}) != rows[i].is_one_host)
            fail_msg("row %zu: %08x", i, rows[i].value);
}

/* IP-23: 01-00-5E and the low 23 bits. */
static void test_address__maps_groups_to_ethernet_groups(void **state)
{
    assert_int_equal(mac_to_number(ipv4_multicast_mac((struct ipv4_address){0xe0000001})), 0x01005e000001);
    assert_int_equal(mac_to_number(ipv4_multicast_mac((struct ipv4_address){0xef8a0b0c})), 0x01005e0a0b0c);
}

/* A header whose checksum is known: UDP from 192.168.0.1 to 192.168.0.199. */
static const char good[] = "45000073 00004000 4011b861 c0a80001 c0a800c7";

static void test_header__is_read_field_by_field(void **state)
{
    uint8_t bytes[0x73] = {0};
    struct ipv4_header h;
    hand_bytes(good, bytes, sizeof bytes);
    assert_int_equal(ipv4_header_parse(bytes, sizeof bytes, &h), IPV4_OK);
    assert_int_equal(h.header_bytes, 20);
    assert_int_equal(h.total_bytes, 0x73);
    assert_int_equal(h.id, 0);
    assert_true(h.dont_fragment);
    assert_false(h.more_fragments);
    assert_false(ipv4_is_fragment(&h));
    assert_int_equal(h.ttl, 64);
    assert_int_equal(h.protocol, IPV4_PROTOCOL_UDP);
    assert_int_equal(h.checksum, 0xb861);
    assert_int_equal(h.source.value, 0xc0a80001);
    assert_int_equal(h.destination.value, 0xc0a800c7);
    assert_null(h.options);
}

static void test_header__is_emitted_with_the_known_checksum(void **state)
{
    uint8_t expected[20], bytes[20];
    hand_bytes(good, expected, sizeof expected);
    struct ipv4_header h = {.header_bytes = 20,
                            .total_bytes = 0x73,
                            .dont_fragment = true,
                            .ttl = 64,
                            .protocol = 17,
                            .source = {0xc0a80001},
                            .destination = {0xc0a800c7}};
    ipv4_header_emit(&h, bytes);
    assert_memory_equal(bytes, expected, sizeof bytes);
}

/* Changes one byte of a good header; the checksum is mended unless it is what is tested. IP-1, IP-2, IP-3. */
static void test_header__is_refused_with_the_first_reason(void **state)
{
    static const struct {
        const char *what;
        size_t length;
        unsigned place;
        uint8_t value;
        bool mends;
        enum ipv4_reason reason;
    } rows[] = {
        {"whole", 0x73, 0, 0x45, true, IPV4_OK},
        {"with link padding", 0x80, 0, 0x45, true, IPV4_OK},
        {"nothing at all", 0, 0, 0x45, true, IPV4_TRUNCATED},
        {"19 bytes", 19, 0, 0x45, true, IPV4_TRUNCATED},
        {"version 5", 0x73, 0, 0x55, true, IPV4_BAD_VERSION},
        {"version 6", 0x73, 0, 0x65, true, IPV4_BAD_VERSION},
        {"IHL 4", 0x73, 0, 0x44, true, IPV4_BAD_HEADER_LENGTH},
        {"IHL 15, 40 bytes", 40, 0, 0x4f, true, IPV4_BAD_HEADER_LENGTH},
        {"one bit", 0x73, 8, 0x41, false, IPV4_BAD_CHECKSUM},
        {"total length 19", 0x73, 3, 19, true, IPV4_BAD_TOTAL_LENGTH},
        {"one byte missing", 0x72, 3, 0x73, true, IPV4_BAD_TOTAL_LENGTH},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[0x80] = {0};
        struct ipv4_header h;
        hand_bytes(good, bytes, sizeof bytes);
        bytes[rows[i].place] = rows[i].value;
        if (rows[i].mends) {
            bytes_put_u16(bytes + 10, 0);
            bytes_put_u16(bytes + 10, sum16_finish(sum16_add(0, bytes, (bytes[0] & 15u) * 4u)));
        }
        enum ipv4_reason reason = ipv4_header_parse(bytes, rows[i].length, &h);
        if (reason != rows[i].reason)
            fail_msg("row %zu, %s: %s", i, rows[i].what, ipv4_reason_words[reason]);
    }
}

static void test_header__keeps_options_and_fragment_fields(void **state)
{
    uint8_t bytes[IPV4_HEADER_MAX + 8] = {0};
    static const uint8_t record_route[7] = {7, 7, 4, 0, 0, 0, 0};
    struct ipv4_header in, out = {.header_bytes = ipv4_header_size(7),
                                  .tos = 0xb9,
                                  .total_bytes = 36,
                                  .id = 0xbeef,
                                  .more_fragments = true,
                                  .fragment_bytes = 1480,
                                  .ttl = 1,
                                  .protocol = 1,
                                  .source = {1u << 24 | 1},
                                  .destination = {2},
                                  .options = record_route,
                                  .options_bytes = 7};
    assert_int_equal(out.header_bytes, 28);
    ipv4_header_emit(&out, bytes);
    assert_int_equal(ipv4_header_parse(bytes, 36, &in), IPV4_OK);
    assert_int_equal(in.header_bytes, 28);
    assert_int_equal(in.tos, 0xb9);
    assert_int_equal(in.id, 0xbeef);
    assert_true(in.more_fragments);
    assert_false(in.dont_fragment);
    assert_int_equal(in.fragment_bytes, 1480);
    assert_true(ipv4_is_fragment(&in));
    assert_int_equal(in.options_bytes, 8);
    assert_memory_equal(in.options, "\7\7\4\0\0\0\0\0", 8);
}

static void test_header__can_be_peeked_at_in_a_short_quote(void **state)
{
    uint8_t bytes[28] = {0};
    struct ipv4_header h;
    hand_bytes(good, bytes, sizeof bytes);
    bytes[10] ^= 1; /* a quote's checksum is nobody's business */
    assert_true(ipv4_header_peek(bytes, sizeof bytes, &h));
    assert_int_equal(h.total_bytes, 0x73);
    assert_false(ipv4_header_peek(bytes, 19, &h));
    bytes[0] = 0x60;
    assert_false(ipv4_header_peek(bytes, sizeof bytes, &h));
}

static void test_header__has_a_word_for_every_reason(void **state)
{
    for (int reason = IPV4_OK; reason <= IPV4_SOURCE_ROUTED; reason++)
        assert_non_null(ipv4_reason_words[reason]);
    assert_null(ipv4_reason_words[IPV4_SOURCE_ROUTED + 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefix__is_read_or_refused_with_a_sentence),
        cmocka_unit_test(test_address__is_read_or_refused_with_a_sentence),
        cmocka_unit_test(test_address__is_written_as_it_is_read),
        cmocka_unit_test(test_prefix__knows_its_network_and_broadcast),
        cmocka_unit_test(test_address__knows_whether_it_can_be_one_host),
        cmocka_unit_test(test_address__maps_groups_to_ethernet_groups),
        cmocka_unit_test(test_header__is_read_field_by_field),
        cmocka_unit_test(test_header__is_emitted_with_the_known_checksum),
        cmocka_unit_test(test_header__is_refused_with_the_first_reason),
        cmocka_unit_test(test_header__keeps_options_and_fragment_fields),
        cmocka_unit_test(test_header__can_be_peeked_at_in_a_short_quote),
        cmocka_unit_test(test_header__has_a_word_for_every_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

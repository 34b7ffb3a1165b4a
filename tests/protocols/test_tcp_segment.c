/* SPDX-License-Identifier: MIT
 * Sequence numbers, segments and options byte by byte, streams, islands, settings. Checklist TCP-1 to TCP-4,
 * TCP-45, TCP-76. */
#include "sim/base/sum16.h"
#include "tests/protocols/tcp_lab.h"

static const struct net_address alice = {NET_IPV4, {10, 0, 0, 1}}, bob = {NET_IPV4, {10, 0, 0, 2}};

/* ---- Numbers: RFC 9293 section 3.4 ---- */

static void test_seq__compares_around_the_end(void **state)
{
    static const struct {
        uint32_t a, b;
        bool is_before;
    } rows[] = {{1, 2, true},
                {2, 1, false},
                {5, 5, false},
                {UINT32_MAX, 0, true},
                {0, UINT32_MAX, false},
                {UINT32_MAX - 10, 1000, true},
                {0x7fffffff, 0x80000000, true},
                {0, 0x7fffffff, true},
                {0, 0x80000001, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (tcp_seq_is_before(tcp_seq_at(rows[i].a), tcp_seq_at(rows[i].b)) != rows[i].is_before)
            fail_msg("row %zu", i);
    assert_true(tcp_seq_is_within(tcp_seq_at(2), tcp_seq_at(UINT32_MAX), tcp_seq_at(3)));
    assert_false(tcp_seq_is_within(tcp_seq_at(3), tcp_seq_at(UINT32_MAX), tcp_seq_at(3)));
    assert_int_equal(tcp_seq_distance(tcp_seq_at(UINT32_MAX), tcp_seq_at(4)), 5);
}

/* ---- Segments ---- */

static enum tcp_wire parse(const uint8_t *bytes, size_t length, struct tcp_segment *segment)
{
    return tcp_segment_parse(bytes, length, &alice, &bob, segment);
}

static size_t syn_of_linux(uint8_t *ret_bytes)
{
    struct tcp_segment syn = {.source_port = 0x1234,
                              .destination_port = 80,
                              .seq = {0x11223344},
                              .flags = TCP_FLAG_SYN,
                              .window = 64240,
                              .options = {.has_mss = true,
                                          .mss = 1460,
                                          .may_sack = true,
                                          .has_timestamp = true,
                                          .ts_value = 0xa1a2a3a4,
                                          .has_scale = true,
                                          .scale = 7}};
    tcp_segment_emit(&syn, &alice, &bob, 0, ret_bytes);
    return tcp_segment_header_bytes(&syn);
}

static void test_segment__looks_as_on_linux(void **state)
{
    uint8_t bytes[60], expected[60];
    size_t length = hand_bytes("1234 0050 11223344 00000000 a002 faf0 0000 0000"
                               "020405b4 0402 080a a1a2a3a4 00000000 01 030307",
                               expected, sizeof expected);
    assert_int_equal(syn_of_linux(bytes), length);
    memcpy(expected + 16, bytes + 16, 2); /* the checksum is judged by parsing */
    assert_memory_equal(bytes, expected, length);
    struct tcp_segment segment;
    assert_int_equal(parse(bytes, length, &segment), TCP_WIRE_OK);
    assert_int_equal(segment.options.ts_value, 0xa1a2a3a4);
    assert_int_equal(segment.options.scale, 7);
    assert_int_equal(tcp_segment_length(&segment), 1);
}

/* TCP-1: every bit counts. */
static void test_segment__with_any_bit_turned_is_refused(void **state)
{
    uint8_t bytes[60];
    struct tcp_segment segment;
    size_t length = syn_of_linux(bytes);
    for (size_t bit = 0; bit < length * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_not_equal(parse(bytes, length, &segment), TCP_WIRE_OK);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(tcp_segment_parse(bytes, length, &bob, &bob, &segment), TCP_WIRE_BAD_CHECKSUM);
}

static void make_right(uint8_t *bytes, size_t length)
{
    bytes_put_u16(bytes + 16, 0);
    bytes_put_u16(bytes + 16,
                  sum16_finish(sum16_add(net_pseudo_sum(&alice, &bob, TCP_PROTOCOL, length), bytes, length)));
}

/* The sender's sum of the data is taken in place of the data, and of nothing else. */
static void test_segment__with_a_known_tail_is_judged_by_its_sum(void **state)
{
    uint8_t bytes[60 + 7] = {0};
    struct tcp_segment segment;
    size_t header = syn_of_linux(bytes), length = header + 7;
    for (size_t i = header; i < length; i++)
        bytes[i] = (uint8_t)(37 * i);
    make_right(bytes, length);
    struct packet packet = {bytes, length, 0, 7, sum16_fold(sum16_add(0, bytes + header, 7))};
    assert_int_equal(tcp_segment_take(&packet, &alice, &bob, &segment), TCP_WIRE_OK);
    assert_int_equal(segment.length_bytes, 7);
    packet.tail_sum ^= 1; /* this bit stands for the data's */
    assert_int_equal(tcp_segment_take(&packet, &alice, &bob, &segment), TCP_WIRE_BAD_CHECKSUM);
    packet.tail_sum ^= 1;
    bytes[4] ^= 1; /* in front of the tail every bit counts */
    assert_int_equal(tcp_segment_take(&packet, &alice, &bob, &segment), TCP_WIRE_BAD_CHECKSUM);
    bytes[4] ^= 1;
    packet.tail_bytes = 6; /* its words would be others: all is summed */
    assert_int_equal(tcp_segment_take(&packet, &alice, &bob, &segment), TCP_WIRE_OK);
    bytes[length - 1] ^= 1;
    assert_int_equal(tcp_segment_take(&packet, &alice, &bob, &segment), TCP_WIRE_BAD_CHECKSUM);
}

/* TCP-3. */
static void test_segment__with_a_wrong_offset_is_refused(void **state)
{
    uint8_t bytes[60];
    struct tcp_segment segment;
    size_t length = syn_of_linux(bytes);
    for (unsigned offset = 0; offset < 16; offset++) {
        bytes[12] = (uint8_t)(offset << 4);
        make_right(bytes, length);
        bool is_right = offset >= 5 && offset * 4 <= length;
        assert_int_equal(parse(bytes, length, &segment), is_right ? TCP_WIRE_OK : TCP_WIRE_BAD_OFFSET);
    }
    for (size_t cut = 0; cut < 20; cut++)
        assert_int_equal(parse(bytes, cut, &segment), TCP_WIRE_TRUNCATED);
}

/* TCP-4. */
static void test_segment__with_reserved_bits_is_taken_without_them(void **state)
{
    uint8_t bytes[60];
    struct tcp_segment segment;
    size_t length = syn_of_linux(bytes);
    assert_int_equal(bytes[12] & 15, 0);
    bytes[12] |= 15;
    make_right(bytes, length);
    assert_int_equal(parse(bytes, length, &segment), TCP_WIRE_OK);
    assert_int_equal(segment.flags, TCP_FLAG_SYN);
}

/* TCP-2: unknown options are skipped, lies end the list. */
static void test_options__that_lie_do_no_harm(void **state)
{
    static const struct {
        const char *hex;
        bool has_mss, may_sack;
    } rows[] = {{"fd04aaaa 02040101", true, false},  /* unknown, by its length */
                {"fd00 02040101", false, false},     /* length 0 */
                {"fd01 02040101", false, false},     /* length 1 */
                {"0402 fd99 02040101", false, true}, /* past the end */
                {"00 02040101", false, false},       /* behind the end of the list */
                {"01 01 02040101", true, false},
                {"0203aa 0402", false, true}, /* MSS of a wrong length */
                {"02", false, false},
                {"05 08 0000000000 0402", false, false},
                {"05 02 0402", false, true},
                {"0b06 00000000 0402", false, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[40];
        struct tcp_options options;
        tcp_options_parse(bytes, hand_bytes(rows[i].hex, bytes, sizeof bytes), &options);
        if (options.has_mss != rows[i].has_mss || options.may_sack != rows[i].may_sack)
            fail_msg("%s: MSS %d, SACK %d", rows[i].hex, options.has_mss, options.may_sack);
    }
}

static void test_options__of_all_sorts_come_back_as_they_were(void **state)
{
    static const uint8_t cookie[TCP_COOKIE_MOST] = {1, 2, 3, 4, 5, 6, 7, 8};
    for (unsigned i = 0; i < 16 * 5 * 4; i++) {
        struct tcp_options options = {.has_mss = i & 1,
                                      .may_sack = i & 2,
                                      .has_timestamp = i & 4,
                                      .has_scale = i & 8},
                           back;
        options.mss = options.has_mss ? 1234 : 0;
        options.scale = options.has_scale ? 9 : 0;
        options.ts_value = options.has_timestamp ? 77 : 0;
        options.ts_echo = options.has_timestamp ? 88 : 0;
        options.has_fast_open = i / 80;
        options.cookie_bytes = (uint8_t[]){0, 0, 4, 8}[i / 80];
        options.cookie = cookie;
        options.sack_count = (uint8_t)(i / 16 % 5);
        for (unsigned k = 0; k < options.sack_count; k++)
            options.sack[k] = (struct tcp_range){tcp_seq_at(k * 100), tcp_seq_at(k * 100 + 50)};
        size_t length = tcp_options_bytes(&options);
        uint8_t bytes[80];
        if (length > TCP_OPTIONS_MOST)
            continue;
        assert_int_equal(length % 4, 0);
        tcp_options_emit(&options, bytes);
        tcp_options_parse(bytes, length, &back);
        if (options.has_fast_open)
            assert_memory_equal(back.cookie, cookie, back.cookie_bytes);
        back.cookie = options.cookie; /* it points into the list */
        assert_memory_equal(&back, &options, sizeof back);
    }
}

/* RFC 7413 section 2: 4 to 16 octets, an even number; none asks for one. */
static void test_options__of_fast_open_have_a_cookie_of_a_right_length(void **state)
{
    for (unsigned length = 2; length <= 24; length++) {
        uint8_t bytes[24] = {34, (uint8_t)length};
        struct tcp_options options;
        tcp_options_parse(bytes, length, &options);
        assert_int_equal(options.has_fast_open, length == 2 || (length % 2 == 0 && length >= 6 && length <= 18));
        assert_int_equal(options.cookie_bytes, options.has_fast_open ? length - 2 : 0);
    }
}

/* ---- Streams and sums ---- */

static void test_stream__gives_back_what_stands_where(void **state)
{
    struct hand_env hand;
    struct tcp_chunk_pool pool;
    struct tcp_stream stream;
    static uint8_t model[100000], out[100000];
    uint32_t dice = 7, front = 0;
    hand_init(&hand);
    tcp_chunk_pool_init(&pool, &hand.env);
    tcp_stream_init(&stream, &pool);
    for (unsigned turn = 0; turn < 3000; turn++) {
        dice = dice * 1664525u + 1013904223u;
        uint32_t offset = (dice >> 8) % 20000, count = (dice >> 4) % 3000;
        if (front + offset + count > sizeof model)
            break;
        for (uint32_t i = 0; i < count; i++)
            model[front + offset + i] = (uint8_t)(dice + i * 3);
        tcp_stream_write(&stream, offset, model + front + offset, count);
        uint64_t sum = tcp_stream_copy(&stream, offset, out, count, false);
        assert_memory_equal(out, model + front + offset, count);
        assert_int_equal(sum16_fold(sum), sum16_fold(sum16_add(0, out, count)));
        if (turn % 5 == 0) {
            tcp_stream_advance(&stream, count / 8);
            front += count / 8;
        }
    }
    size_t blocks = hand.memory_ever;
    tcp_stream_release(&stream);
    for (unsigned i = 0; i < 5; i++) { /* chunks come from the pool again */
        tcp_stream_write(&stream, 0, model, 4000);
        tcp_stream_rest(&stream);
    }
    assert_true(hand.memory_ever <= blocks + 1);
    tcp_stream_release(&stream);
    tcp_chunk_pool_release(&pool);
    hand_release(&hand);
}

/* Against an oracle of single octets; numbers go round meanwhile. */
static void test_islands__are_what_has_come(void **state)
{
    enum { SPACE = 400 };
    struct hand_env hand;
    struct tcp_reassembly all;
    uint32_t dice = 3, base = UINT32_MAX - 1000, next = 0;
    bool has[SPACE + 100];
    hand_init(&hand);
    tcp_reassembly_init(&all, &hand.env);
    memset(has, 0, sizeof has);
    for (unsigned turn = 0; turn < 20000; turn++) {
        dice = dice * 1664525u + 1013904223u;
        uint32_t start = next + 1 + (dice >> 8) % 60, count = 1 + (dice >> 20) % 20, fresh = 0, bytes = 0;
        for (uint32_t i = start; i < start + count; i++) {
            fresh += !has[i % (SPACE + 100)];
            has[i % (SPACE + 100)] = true;
        }
        struct tcp_range range = {tcp_seq_at(base + start), tcp_seq_at(base + start + count)};
        assert_int_equal(tcp_reassembly_add(&all, range), fresh);
        if (dice >> 28 == 0) { /* the octet at `next` comes */
            has[next % (SPACE + 100)] = true;
            struct tcp_seq end = tcp_reassembly_take(&all, tcp_seq_at(base + next + 1));
            while (has[next % (SPACE + 100)])
                has[next++ % (SPACE + 100)] = false;
            assert_int_equal(end.value, base + next);
        }
        for (uint32_t i = next; i < next + SPACE; i++)
            bytes += has[i % (SPACE + 100)];
        assert_int_equal(all.bytes, bytes);
        struct tcp_range told[4];
        uint8_t ranges = tcp_reassembly_tell(&all, told, 4);
        for (uint8_t i = 0; i < ranges; i++)
            for (struct tcp_seq at = told[i].start; !tcp_seq_is_equal(at, told[i].end);
                 at = tcp_seq_plus(at, 1))
                if (!(i == 0 && tcp_seq_is_before(at, tcp_seq_at(base + next))))
                    assert_true(has[(at.value - base) % (SPACE + 100)]);
    }
    tcp_reassembly_release(&all);
    hand_release(&hand);
}

/* ---- Settings ---- */

static void test_settings__have_names_ranges_and_clauses(void **state)
{
    for (unsigned i = 0; i < TCP_SETTINGS; i++) {
        const struct tcp_setting_row *row = &tcp_setting_table[i];
        if (!row->name || !row->summary || tcp_setting_find(row->name) != (enum tcp_setting)i)
            fail_msg("setting %u", i);
        for (unsigned profile = 0; profile < TCP_PROFILES; profile++)
            if (row->values[profile] < row->least || row->values[profile] > row->most)
                fail_msg("%s of %s", row->name, tcp_profile_words[profile]);
    }
    assert_int_equal(tcp_setting_find("tcp_sack"), TCP_SET_SACK);
    assert_int_equal(tcp_setting_find("tcp_sacks"), TCP_SETTINGS);
}

static void test_states__have_no_other_arrows(void **state)
{
    unsigned arrows = 0;
    for (enum tcp_state from = TCP_ESTABLISHED; from < TCP_STATES; from++)
        for (enum tcp_state to = TCP_ESTABLISHED; to < TCP_STATES; to++)
            arrows += to != TCP_CLOSED && tcp_state_may_follow(from, to);
    assert_int_equal(arrows, 16); /* RFC 9293 figure 5, without those to CLOSED */
    assert_false(tcp_state_may_follow(TCP_ESTABLISHED, TCP_TIME_WAIT));
    assert_false(tcp_state_may_follow(TCP_CLOSED, TCP_CLOSED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seq__compares_around_the_end),
        cmocka_unit_test(test_segment__looks_as_on_linux),
        cmocka_unit_test(test_segment__with_any_bit_turned_is_refused),
        cmocka_unit_test(test_segment__with_a_known_tail_is_judged_by_its_sum),
        cmocka_unit_test(test_segment__with_a_wrong_offset_is_refused),
        cmocka_unit_test(test_segment__with_reserved_bits_is_taken_without_them),
        cmocka_unit_test(test_options__that_lie_do_no_harm),
        cmocka_unit_test(test_options__of_all_sorts_come_back_as_they_were),
        cmocka_unit_test(test_options__of_fast_open_have_a_cookie_of_a_right_length),
        cmocka_unit_test(test_stream__gives_back_what_stands_where),
        cmocka_unit_test(test_islands__are_what_has_come),
        cmocka_unit_test(test_settings__have_names_ranges_and_clauses),
        cmocka_unit_test(test_states__have_no_other_arrows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

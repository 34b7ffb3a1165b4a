/* SPDX-License-Identifier: MIT
 * See options.h. RFC 9293 section 3.2: every length is checked before it is believed. */
#include "protocols/tcp/options.h"

#include "sim/base/bytes.h"
#include "sim/base/sum16.h"

#define PADDED_TIMESTAMP 0x0101080au /* no-operation twice, then a timestamp's kind and length */

/* ---- Reading ---- */

static void read_sack(struct reader option, struct tcp_options *options)
{
    while (reader_left(&option) >= 8 && options->sack_count < TCP_SACK_RANGES) {
        struct tcp_range *range = &options->sack[options->sack_count++];
        range->start = tcp_seq_at(read_u32(&option));
        range->end = tcp_seq_at(read_u32(&option));
    }
}

/* One option with a length: what is behind its first two octets. One whose length is not its kind's is
 * skipped. */
static void read_option(enum tcp_option_kind kind, struct reader option, struct tcp_options *options)
{
    size_t length = reader_left(&option);
    if (kind == TCP_OPTION_MSS && length == 2) {
        options->has_mss = true;
        options->mss = read_u16(&option);
    } else if (kind == TCP_OPTION_SCALE && length == 1) {
        options->has_scale = true;
        options->scale = read_u8(&option);
        if (options->scale > TCP_SCALE_MOST) /* RFC 7323 section 2.3 */
            options->scale = TCP_SCALE_MOST;
    } else if (kind == TCP_OPTION_SACK_OK && length == 0) {
        options->may_sack = true;
    } else if (kind == TCP_OPTION_TIMESTAMP && length == 8) {
        options->has_timestamp = true;
        options->ts_value = read_u32(&option);
        options->ts_echo = read_u32(&option);
    } else if (kind == TCP_OPTION_SACK && length % 8 == 0) {
        read_sack(option, options);
    } else if (kind == TCP_OPTION_FAST_OPEN && length % 2 == 0 && length != 2 && length <= TCP_COOKIE_MOST) {
        options->has_fast_open = true;
        options->cookie_bytes = (uint8_t)length;
        options->cookie = read_bytes(&option, length);
    }
}

void tcp_options_parse(const uint8_t *bytes, size_t length_bytes, struct tcp_options *ret_options)
{
    struct reader list = reader_over(bytes, length_bytes);
    *ret_options = (struct tcp_options){0};
    if (length_bytes == TCP_TIMESTAMP_BYTES && bytes_u32(bytes) == PADDED_TIMESTAMP) {
        ret_options->has_timestamp = true; /* the list of nearly every segment: RFC 7323 appendix A */
        ret_options->ts_value = bytes_u32(bytes + 4);
        ret_options->ts_echo = bytes_u32(bytes + 8);
        return;
    }
    while (reader_left(&list) > 0) {
        uint8_t kind = read_u8(&list);
        if (kind == TCP_OPTION_END)
            return;
        if (kind == TCP_OPTION_NOP)
            continue;
        uint8_t length = read_u8(&list);
        if (length < 2 || length - 2u > reader_left(&list)) /* RFC 9293 MUST-7: 0, 1, or beyond the end */
            return;
        const uint8_t *inside = read_bytes(&list, length - 2u);
        if (inside)
            read_option((enum tcp_option_kind)kind, reader_over(inside, length - 2u), ret_options);
    }
}

/* ---- Writing ---- */

size_t tcp_options_bytes(const struct tcp_options *options)
{
    size_t bytes = options->has_mss ? 4 : 0;
    bytes += options->has_timestamp ? TCP_TIMESTAMP_BYTES : 0;
    bytes += options->may_sack && !options->has_timestamp ? 4 : 0; /* else it takes the timestamps' padding */
    bytes += options->has_scale ? 4 : 0;
    bytes += options->has_fast_open ? (2u + options->cookie_bytes + 3) / 4 * 4 : 0;
    bytes += options->sack_count ? 4 + 8u * options->sack_count : 0;
    return bytes;
}

static void write_padding(struct writer *out)
{
    write_u8(out, TCP_OPTION_NOP);
    write_u8(out, TCP_OPTION_NOP);
}

static void write_sack_ok(struct writer *out)
{
    write_u8(out, TCP_OPTION_SACK_OK);
    write_u8(out, 2);
}

static void write_cookie(struct writer *out, const struct tcp_options *options)
{
    write_u8(out, TCP_OPTION_FAST_OPEN);
    write_u8(out, (uint8_t)(2 + options->cookie_bytes));
    for (unsigned i = 0; i < options->cookie_bytes; i++)
        write_u8(out, options->cookie[i]);
    if (options->cookie_bytes % 4 != 2)
        write_padding(out);
}

/* What nearly every segment has. */
static bool is_timestamp_only(const struct tcp_options *options)
{
    return options->has_timestamp &&
           !(options->has_mss | options->may_sack | options->has_scale | options->has_fast_open |
             options->sack_count);
}

uint64_t tcp_options_sum(const struct tcp_options *options, const uint8_t *bytes)
{
    if (!is_timestamp_only(options))
        return sum16_add(0, bytes, tcp_options_bytes(options));
    uint64_t sum = sum16_add_u32(0, PADDED_TIMESTAMP);
    sum = sum16_add_u32(sum, options->ts_value);
    return sum16_add_u32(sum, options->ts_echo);
}

void tcp_options_emit(const struct tcp_options *options, uint8_t *ret_bytes)
{
    struct writer out = writer_over(ret_bytes, tcp_options_bytes(options));
    if (is_timestamp_only(options)) {
        bytes_put_u32(ret_bytes, PADDED_TIMESTAMP);
        bytes_put_u32(ret_bytes + 4, options->ts_value);
        bytes_put_u32(ret_bytes + 8, options->ts_echo);
        return;
    }
    if (options->has_mss) {
        write_u8(&out, TCP_OPTION_MSS);
        write_u8(&out, 4);
        write_u16(&out, options->mss);
    }
    if (options->may_sack || options->has_timestamp)
        (options->may_sack && options->has_timestamp ? write_sack_ok : write_padding)(&out);
    if (options->has_timestamp) {
        write_u8(&out, TCP_OPTION_TIMESTAMP);
        write_u8(&out, 10);
        write_u32(&out, options->ts_value);
        write_u32(&out, options->ts_echo);
    } else if (options->may_sack) {
        write_sack_ok(&out);
    }
    if (options->has_scale) {
        write_u8(&out, TCP_OPTION_NOP);
        write_u8(&out, TCP_OPTION_SCALE);
        write_u8(&out, 3);
        write_u8(&out, options->scale);
    }
    if (options->has_fast_open)
        write_cookie(&out, options);
    if (options->sack_count) {
        write_padding(&out);
        write_u8(&out, TCP_OPTION_SACK);
        write_u8(&out, (uint8_t)(2 + 8 * options->sack_count));
        for (unsigned i = 0; i < options->sack_count; i++) {
            write_u32(&out, options->sack[i].start.value);
            write_u32(&out, options->sack[i].end.value);
        }
    }
}

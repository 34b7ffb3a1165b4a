/* SPDX-License-Identifier: MIT
 * Bytes to words: the line, the tree and the label. The lines are tcpdump's, the names are Wireshark's. */
#include "protocols/dissect/dissect.h"
#include "sim/base/crc32.h"
#include "sim/base/text.h"
#include "tests/protocols/hand_env.h"

#define LINE_SIZE 300
#define FIELDS 200

#define LINK "020000000002 020000000001 "
#define PAD18 "000000000000000000000000000000000000"
#define REQUEST "0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"
#define REPLY "0001 0800 06 04 0002 020000000002 0a000002 020000000001 0a000001"
#define IP(total, fragment, protocol)                                                                        \
    "45 00 " total " 0001 " fragment " 40 " protocol " 0000 0a000001 0a000002 "
#define QUOTED_UDP "4500 0024 0001 0000 3f 11 0000 0a000001 0a000002 9c40 0009 0010 0000 "

static const struct {
    const char *hex;
    const char *line;
    const char *label;
    enum dissect_kind kind;
} rows[] = {
    {"", "[|ether]", "BAD", DISSECT_MALFORMED},
    {"0200000000020200000000010", "[|ether]", "BAD", DISSECT_MALFORMED},
    {"ffffffffffff 020000000001 0806" REQUEST PAD18, "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46",
     "ARP", DISSECT_ARP_REQUEST},
    {LINK "0806" REQUEST, "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28", "ARP",
     DISSECT_ARP_REQUEST},
    {LINK "0806" REPLY PAD18, "ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 46", "ARP",
     DISSECT_ARP_REPLY},
    {LINK "0806 0001 0800 06 04 0001 020000000001 0a000001 020000000002 0a000002",
     "ARP, Request who-has 10.0.0.2 (02:00:00:00:00:02) tell 10.0.0.1, length 28", "ARP",
     DISSECT_ARP_REQUEST},
    {LINK "0806 0001 0800 06 04 0009 020000000001 0a000001 020000000002 0a000002",
     "ARP, Unknown (9), length 28", "ARP", DISSECT_MALFORMED},
    {LINK "0806 0006 86dd 08 10 0001 020000000001 0a000001 020000000002 0a000002",
     "ARP, Unknown Hardware (6) (len 8), Unknown Protocol (0x86dd) (len 16), length 28", "ARP",
     DISSECT_MALFORMED},
    {LINK "0806 0001 0800 06", "ARP, [|arp]", "ARP", DISSECT_MALFORMED},
    {LINK "0800" IP("001c", "0000", "01") "0800 f7fd 0001 0001",
     "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 1, length 8", "ICM", DISSECT_ICMP_ECHO_REQUEST},
    {LINK "0800" IP("001c", "4000", "01") "0000 0000 0102 0304" PAD18,
     "IP 10.0.0.1 > 10.0.0.2: ICMP echo reply, id 258, seq 772, length 8", "ICM", DISSECT_ICMP_ECHO_REPLY},
    {LINK "0800" IP("0038", "0000", "01") "0303 0000 00000000" QUOTED_UDP,
     "IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.2 udp port 9 unreachable, length 36", "ICM", DISSECT_ICMP_ERROR},
    {LINK "0800" IP("0038", "0000", "01") "0302 0000 00000000" QUOTED_UDP,
     "IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.2 protocol 17 unreachable, length 36", "ICM", DISSECT_ICMP_ERROR},
    {LINK "0800" IP("0038", "0000", "01") "0301 0000 00000000" QUOTED_UDP,
     "IP 10.0.0.1 > 10.0.0.2: ICMP host 10.0.0.2 unreachable, length 36", "ICM", DISSECT_ICMP_ERROR},
    {LINK "0800" IP("0038", "0000", "01") "0304 0000 00000578" QUOTED_UDP,
     "IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.2 unreachable - need to frag (mtu 1400), length 36", "ICM",
     DISSECT_ICMP_ERROR},
    {LINK "0800" IP("0038", "0000", "01") "030b 0000 00000000" QUOTED_UDP,
     "IP 10.0.0.1 > 10.0.0.2: ICMP #11 10.0.0.2 unreachable, length 36", "ICM", DISSECT_ICMP_ERROR},
    {LINK "0800" IP("0038", "0000", "01") "0b00 0000 00000000" QUOTED_UDP,
     "IP 10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 36", "ICM", DISSECT_ICMP_ERROR},
    {LINK "0800" IP("0038", "0000", "01") "0501 0000 0a0000fe" QUOTED_UDP,
     "IP 10.0.0.1 > 10.0.0.2: ICMP redirect 10.0.0.2 to host 10.0.0.254, length 36", "ICM",
     DISSECT_ICMP_ERROR},
    {LINK "0800" IP("0038", "0000", "01") "0c00 0000 14000000" QUOTED_UDP,
     "IP 10.0.0.1 > 10.0.0.2: ICMP parameter problem - octet 20, length 36", "ICM", DISSECT_ICMP_ERROR},
    {LINK "0800" IP("001c", "0000", "01") "2a00 0000 00000000",
     "IP 10.0.0.1 > 10.0.0.2: ICMP type-#42, length 8", "ICM", DISSECT_ICMP_OTHER},
    {LINK "0800" IP("0018", "0000", "01") "0800 0000", "IP 10.0.0.1 > 10.0.0.2: ICMP [|icmp]", "ICM",
     DISSECT_MALFORMED},
    {LINK "0800" IP("001c", "0000", "01") "0303 0000 00000000",
     "IP 10.0.0.1 > 10.0.0.2: ICMP [|icmp], length 8", "ICM", DISSECT_ICMP_ERROR},
    {LINK "0800" IP("0021", "0000", "11") "c000 0007 000d e7f7 68656c6c6f" PAD18,
     "IP 10.0.0.1.49152 > 10.0.0.2.7: UDP, length 5", "UDP", DISSECT_UDP},
    {LINK "0800" IP("001c", "0000", "11") "c000 0007 0008 0000",
     "IP 10.0.0.1.49152 > 10.0.0.2.7: UDP, length 0", "UDP", DISSECT_UDP},
    {LINK "0800" IP("001c", "0000", "11") "c000 0007 0009 0000",
     "IP 10.0.0.1.49152 > 10.0.0.2.7: UDP, bad length 1 > 0", "UDP", DISSECT_UDP},
    {LINK "0800" IP("001c", "0000", "11") "c000 0007 0007 0000",
     "IP 10.0.0.1.49152 > 10.0.0.2.7: truncated-udplength 7", "UDP", DISSECT_MALFORMED},
    {LINK "0800" IP("001b", "0000", "11") "c000 0007 0008 00", "IP 10.0.0.1 > 10.0.0.2: [|udp]", "UDP",
     DISSECT_MALFORMED},
    {LINK "0800" IP("0020", "0000", "fd") "0102030405060708090a0b0c",
     "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 12", "IP4", DISSECT_IPV4},
    {LINK "0800" IP("0020", "20b9", "01") "0102030405060708090a0b0c", "IP 10.0.0.1 > 10.0.0.2: icmp", "FRG",
     DISSECT_IPV4},
    {LINK "0800" IP("0020", "0000", "01") "0800 0000 0001 0001",
     "IP truncated-ip - 4 bytes missing! 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 1, length 12",
     "ICM", DISSECT_ICMP_ECHO_REQUEST},
    {LINK "0800 4500 0014", "IP [|ip]", "BAD", DISSECT_MALFORMED},
    {LINK "0800 44"
          "00 0014 0001 0000 40 01 0000 0a000001 0a000002",
     "IP bad-hlen 16", "BAD", DISSECT_MALFORMED},
    {LINK "0800 4f"
          "00 0014 0001 0000 40 01 0000 0a000001 0a000002",
     "IP [|ip]", "BAD", DISSECT_MALFORMED},
    {LINK "0800 45"
          "00 0010 0001 0000 40 01 0000 0a000001 0a000002",
     "IP bad-len 16", "ICM", DISSECT_MALFORMED},
    {LINK "0800 65"
          "00 0014 0001 0000 40 01 0000 0a000001 0a000002",
     "IP wrong version 6", "BAD", DISSECT_MALFORMED},
    {LINK "88b5 0102", "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype Unknown (0x88b5), length 16", "ETH",
     DISSECT_OTHER},
    {LINK "0026 424203", "[|stp]", "STP", DISSECT_MALFORMED},
    {LINK "0026 424203 0000 00 00 00 1000020000000001 00000004 8000020000000002 8003 0100 1400 0200 0f00 "
          "0000000000000000",
     "STP 802.1d, Config, Flags [none], bridge-id 8000.02:00:00:00:00:02.8003, length 35", "STP",
     DISSECT_STP},
    {LINK "0026 424203 0000 00 00 81 1000020000000001 00000000 1000020000000001 8001 0000 1400 0200 0f00",
     "STP 802.1d, Config, Flags [Topology change, Topology change ACK], bridge-id "
     "1000.02:00:00:00:00:01.8001, length 35",
     "STP", DISSECT_STP},
    {LINK "0007 424203 0000 00 80 00000000", "STP 802.1d, Topology Change", "STP", DISSECT_STP},
    {LINK "0026 424203 0000 00 00 81 1000", "STP 802.1d, Config [|stp]", "STP", DISSECT_MALFORMED},
    {LINK "0007 424203 0000 02 02 00000000", "STP 802.1w, Unknown BPDU Type (0x02), length 4", "STP",
     DISSECT_STP},
    {LINK "0007 424203 0001 00 80", "unknown STP version, length 4", "STP", DISSECT_STP},
    {LINK "0003 060603", "02:00:00:00:00:01 > 02:00:00:00:00:02, 802.3, length 3", "ETH", DISSECT_OTHER},
};

static size_t bytes_of(const char *hex, uint8_t ret_bytes[200])
{
    char even[500];
    size_t digits = 0;
    for (; *hex; hex++)
        if (*hex != ' ')
            even[digits++] = *hex;
    even[digits / 2 * 2] = '\0'; /* half a byte at the end is none */
    return hand_bytes(even, ret_bytes, 200);
}

static void test_dissect__line_is_in_tcpdumps_words(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[200];
        char line[LINE_SIZE];
        struct text text = text_in(line, sizeof line);
        dissect_line(&text, bytes, bytes_of(rows[i].hex, bytes), &(struct dissect_options){0});
        if (strcmp(line, rows[i].line) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, line, rows[i].line);
    }
}

static void test_dissect__label_is_three_letters_and_a_kind(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[200];
        struct dissect_label label =
            dissect_label(bytes, bytes_of(rows[i].hex, bytes), &(struct dissect_options){0});
        if (strcmp(label.text, rows[i].label) != 0 || label.kind != rows[i].kind)
            fail_msg("row %zu (%s): %s, %s", i, rows[i].line, label.text, dissect_kind_words[label.kind]);
    }
}

static void test_dissect__line_shows_addresses_when_asked(void **state)
{
    uint8_t bytes[200];
    char line[LINE_SIZE];
    struct text text = text_in(line, sizeof line);
    dissect_line(&text, bytes, bytes_of(LINK "0806" REQUEST PAD18, bytes),
                 &(struct dissect_options){.with_link = true});
    assert_string_equal(line, "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype ARP (0x0806), length 60: "
                              "Request who-has 10.0.0.2 tell 10.0.0.1, length 46");
}

static void test_dissect__check_sequence_is_not_counted(void **state)
{
    uint8_t bytes[200];
    char line[LINE_SIZE];
    struct text text = text_in(line, sizeof line);
    size_t length = bytes_of(LINK "0806" REQUEST PAD18 "00000000", bytes);
    dissect_line(&text, bytes, length, &(struct dissect_options){.has_fcs = true});
    assert_string_equal(line, "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46");
}

static void test_dissect__line_never_overflows(void **state)
{
    uint8_t bytes[200];
    char line[20];
    struct text text = text_in(line, sizeof line);
    dissect_line(&text, bytes, bytes_of(rows[2].hex, bytes), &(struct dissect_options){0});
    assert_string_equal(line, "ARP, Request who-ha");
    assert_true(text.is_cut);
}

/* ---- The tree ---- */

/* A tree as text: a line per field, "depth name=value @bit+bits". */
static void tree_text(const char *hex, bool has_fcs, char *ret_text, size_t size)
{
    static struct dissect_field fields[FIELDS];
    struct dissect_tree tree = {.fields = fields, .limit = FIELDS};
    uint8_t bytes[200];
    size_t length = bytes_of(hex, bytes);
    if (has_fcs) {
        uint32_t fcs = crc32_of(bytes, length);
        for (int i = 0; i < 4; i++)
            bytes[length++] = (uint8_t)(fcs >> 8 * i);
    }
    dissect_tree(&tree, bytes, length, &(struct dissect_options){.has_fcs = has_fcs});
    struct text text = text_in(ret_text, size);
    for (size_t i = 0; i < tree.count; i++) {
        const struct dissect_field *f = &fields[i];
        text_add(&text, "%u %s=%s @%u+%u\n", f->depth, f->name, f->value, f->bit_offset, f->bit_length);
        assert_true(f->bit_offset + f->bit_length <= length * 8);
    }
    assert_false(tree.is_cut);
}

static void assert_tree(const char *hex, bool has_fcs, const char *expected)
{
    char found[8000];
    tree_text(hex, has_fcs, found, sizeof found);
    assert_string_equal(found, expected);
}

static void test_dissect__tree_of_arp_has_every_field_in_its_place(void **state)
{
    assert_tree(LINK "0806" REQUEST PAD18, true,
                "0 eth= @0+112\n"
                "1 eth.dst=02:00:00:00:00:02 @0+48\n"
                "1 eth.src=02:00:00:00:00:01 @48+48\n"
                "1 eth.type=ARP (0x0806) @96+16\n"
                "1 eth.padding=000000000000000000000000000000000000 @336+144\n"
                "1 eth.fcs=0x800f4eb4 @480+32\n"
                "1 eth.fcs.status=Good @480+0\n"
                "0 arp= @112+224\n"
                "1 arp.hw.type=Ethernet (1) @112+16\n"
                "1 arp.proto.type=IPv4 (0x0800) @128+16\n"
                "1 arp.hw.size=6 @144+8\n"
                "1 arp.proto.size=4 @152+8\n"
                "1 arp.opcode=request (1) @160+16\n"
                "1 arp.src.hw_mac=02:00:00:00:00:01 @176+48\n"
                "1 arp.src.proto_ipv4=10.0.0.1 @224+32\n"
                "1 arp.dst.hw_mac=00:00:00:00:00:00 @256+48\n"
                "1 arp.dst.proto_ipv4=10.0.0.2 @304+32\n");
}

static void test_dissect__tree_of_an_echo_goes_down_to_the_bits(void **state)
{
    assert_tree(LINK "0800 45 02 001e 0001 4000 40 01 26da 0a000001 0a000002 0800 969b 0001 0001 6162", false,
                "0 eth= @0+112\n"
                "1 eth.dst=02:00:00:00:00:02 @0+48\n"
                "1 eth.src=02:00:00:00:00:01 @48+48\n"
                "1 eth.type=IPv4 (0x0800) @96+16\n"
                "0 ip= @112+160\n"
                "1 ip.version=4 @112+4\n"
                "1 ip.hdr_len=20 @116+4\n"
                "1 ip.dsfield=0x02 @120+8\n"
                "2 ip.dsfield.dscp=0 @120+6\n"
                "2 ip.dsfield.ecn=2 @126+2\n"
                "1 ip.len=30 @128+16\n"
                "1 ip.id=0x0001 @144+16\n"
                "1 ip.flags=0x2 @160+3\n"
                "2 ip.flags.rb=Not set @160+1\n"
                "2 ip.flags.df=Set @161+1\n"
                "2 ip.flags.mf=Not set @162+1\n"
                "1 ip.frag_offset=0 @163+13\n"
                "1 ip.ttl=64 @176+8\n"
                "1 ip.proto=ICMP (1) @184+8\n"
                "1 ip.checksum=0x26da @192+16\n"
                "1 ip.checksum.status=Good @192+0\n"
                "1 ip.src=10.0.0.1 @208+32\n"
                "1 ip.dst=10.0.0.2 @240+32\n"
                "0 icmp= @272+80\n"
                "1 icmp.type=Echo (ping) request (8) @272+8\n"
                "1 icmp.code=0 @280+8\n"
                "1 icmp.checksum=0x969b @288+16\n"
                "1 icmp.checksum.status=Good @288+0\n"
                "1 icmp.ident=1 @304+16\n"
                "1 icmp.seq=1 @320+16\n"
                "1 data= @336+16\n"
                "2 data.data=6162 @336+16\n");
}

static bool tree_has(const char *hex, const char *row)
{
    char found[8000];
    tree_text(hex, false, found, sizeof found);
    return strstr(found, row) != NULL;
}

static void test_dissect__tree_shows_the_quote_of_an_error(void **state)
{
    const char *hex = LINK "0800" IP("0038", "0000", "01") "0304 0000 00000578" QUOTED_UDP;
    assert_true(tree_has(hex, "1 icmp.mtu=1400 @320+16\n"));
    assert_true(tree_has(hex, "1 ip= @336+160\n"));
    assert_true(tree_has(hex, "2 ip.dst=10.0.0.2 @464+32\n"));
    assert_true(tree_has(hex, "3 ip.flags.df=Not set"));
    assert_true(tree_has(hex, "1 udp= @496+64\n"));
    assert_true(tree_has(hex, "2 udp.dstport=9 @512+16\n"));
    assert_true(tree_has(hex, "1 icmp.checksum.status=Bad"));
}

static void test_dissect__tree_judges_the_checksum_of_udp(void **state)
{
    const char *hex = LINK "0800" IP("0021", "0000", "11") "c000 0007 000d e7f7 68656c6c6f" PAD18;
    assert_true(tree_has(hex, "0 udp= @272+64\n1 udp.srcport=49152 @272+16\n1 udp.dstport=7 @288+16\n"));
    assert_true(tree_has(hex, "1 udp.length=13 @304+16\n1 udp.checksum=0xe7f7 @320+16\n"));
    assert_true(tree_has(hex, "1 udp.checksum.status=Good @320+0\n"));
    assert_true(tree_has(hex, "0 echo= @336+40\n1 echo.data=68656c6c6f @336+40\n")); /* RFC 862 */
    assert_true(tree_has(LINK "0800" IP("0021", "0000", "11") "c000 1388 000d d676 68656c6c6f" PAD18,
                         "0 data= @336+40\n"));
    assert_true(tree_has(LINK "0800" IP("0021", "0000", "11") "c000 0007 000d e7f8 68656c6c6f",
                         "1 udp.checksum.status=Bad"));
    assert_true(tree_has(LINK "0800" IP("001c", "0000", "11") "c000 0007 0008 0000",
                         "1 udp.checksum.status=Not present"));
}

static void test_dissect__tree_says_where_bytes_are_missing(void **state)
{
    assert_true(tree_has(LINK "0806 0001 0800 06", "1 _ws.malformed=the bytes end before the header does"));
    assert_true(tree_has(LINK "0800 4500", "_ws.malformed"));
    assert_true(tree_has(LINK "0800 65"
                              "00 0014 0001 0000 40 01 0000 0a000001 0a000002",
                         "_ws.malformed"));
    assert_true(tree_has("0200", "_ws.malformed"));
    assert_true(tree_has(LINK "0800" IP("001c", "0000", "01") "0800", "_ws.malformed"));
    assert_true(tree_has(LINK "88b5 0102", "0 data= @112+16\n"));
    assert_true(tree_has(LINK "0003 424203 0000", "1 eth.len=3 @96+16\n1 eth.padding=0000 @136+16\n"));
    assert_true(tree_has(LINK "0003 424203 0000", "_ws.malformed"));
}

/* IEEE 802.1D 9.3.1, under Wireshark's names. */
static void test_dissect__tree_shows_what_bridges_say(void **state)
{
    const char *hex =
        LINK "0026 424203 0000 00 00 01 1000020000000001 00000004 8000020000000002 8003 0180 1400 0200 0f00";
    assert_true(tree_has(hex, "1 llc.dsap=Spanning Tree BPDU (0x42) @112+8\n"));
    assert_true(tree_has(hex, "1 stp.type=Configuration (0x00) @160+8\n"));
    assert_true(tree_has(hex, "2 stp.flags.tc=Set @175+1\n"));
    assert_true(tree_has(hex, "1 stp.root.prio=4096 @176+4\n1 stp.root.ext=0 @180+12\n"));
    assert_true(tree_has(hex, "1 stp.root.cost=4 @240+32\n"));
    assert_true(tree_has(hex, "1 stp.bridge.hw=02:00:00:00:00:02 @288+48\n"));
    assert_true(tree_has(hex, "1 stp.port=0x8003 @336+16\n"));
    assert_true(tree_has(hex, "1 stp.msg_age=1.500 @352+16\n1 stp.max_age=20 @368+16\n"));
    assert_true(tree_has(LINK "0007 060603 01020304", "0 llc= @112+24\n"));
}

/* A stranger's errors may quote errors that quote errors: it ends somewhere. */
static void test_dissect__tree_has_a_bottom(void **state)
{
    static uint8_t bytes[14 + 28 * 40];
    static struct dissect_field fields[2000];
    struct dissect_tree tree = {.fields = fields, .limit = 2000};
    uint8_t one[28];
    hand_bytes("4500 ffff 0000 0000 40 01 0000 0a000001 0a000002 0300 0000 00000000", one, sizeof one);
    bytes[12] = 8;
    for (int i = 0; i < 40; i++)
        memcpy(bytes + 14 + 28 * i, one, 28);
    dissect_tree(&tree, bytes, sizeof bytes, &(struct dissect_options){0});
    assert_in_range(tree.count, 50, 400);
    assert_string_equal(fields[tree.count - 1].name, "data.data");
}

static void test_dissect__tree_takes_no_more_than_there_is_room_for(void **state)
{
    struct dissect_field fields[5];
    struct dissect_tree tree = {.fields = fields, .limit = 5};
    uint8_t bytes[200];
    dissect_tree(&tree, bytes, bytes_of(LINK "0806" REQUEST, bytes), &(struct dissect_options){0});
    assert_int_equal(tree.count, 5);
    assert_true(tree.is_cut);
}

static void test_dissect__datagram_without_a_frame_has_a_line_too(void **state)
{
    uint8_t bytes[200];
    char line[LINE_SIZE];
    struct text text = text_in(line, sizeof line);
    dissect_line_ipv4(&text, bytes, bytes_of(IP("001c", "0000", "01") "0800 0000 0001 0002", bytes));
    assert_string_equal(line, "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 2, length 8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dissect__line_is_in_tcpdumps_words),
        cmocka_unit_test(test_dissect__label_is_three_letters_and_a_kind),
        cmocka_unit_test(test_dissect__line_shows_addresses_when_asked),
        cmocka_unit_test(test_dissect__check_sequence_is_not_counted),
        cmocka_unit_test(test_dissect__line_never_overflows),
        cmocka_unit_test(test_dissect__tree_of_arp_has_every_field_in_its_place),
        cmocka_unit_test(test_dissect__tree_of_an_echo_goes_down_to_the_bits),
        cmocka_unit_test(test_dissect__tree_shows_the_quote_of_an_error),
        cmocka_unit_test(test_dissect__tree_judges_the_checksum_of_udp),
        cmocka_unit_test(test_dissect__tree_says_where_bytes_are_missing),
        cmocka_unit_test(test_dissect__tree_shows_what_bridges_say),
        cmocka_unit_test(test_dissect__tree_has_a_bottom),
        cmocka_unit_test(test_dissect__tree_takes_no_more_than_there_is_room_for),
        cmocka_unit_test(test_dissect__datagram_without_a_frame_has_a_line_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

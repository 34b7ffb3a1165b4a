/* SPDX-License-Identifier: MIT
 * The applications on TCP, on whole networks: that all arrives, and what they say of it. */
#include "tests/nodes/lab.h"

#define PAIR(link, actions, stop)                                                                            \
    "{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '10.0.0.1/24'},"                         \
    " 'bob': {'type': 'host', 'address': '10.0.0.2/24'}},"                                                   \
    " 'links': [{'between': ['alice', 'bob'], 'name': 'cable'" link "}],"                                    \
    " 'actions': [" actions "], 'stop': '" stop "'}"
#define DO(at, on, run) "{'at': '" at "', 'on': '" on "', 'run': '" run "'}"
#define SLOW ", 'rate': '10 Mbps', 'delay': '5 ms'"

/* Has the node printed a line with these words? */
static bool has_printed(const struct lab *lab, const char *node, const char *words)
{
    const struct nt_record *record;
    for (size_t i = 1; (record = lab_record(lab, "app.print", node, i)); i++)
        if (strstr(run_text(lab->run, (uint64_t)record->values[0]), words))
            return true;
    return false;
}

static void assert_printed(const struct lab *lab, const char *node, const char *words)
{
    const struct nt_record *record;
    if (has_printed(lab, node, words))
        return;
    for (size_t i = 1; (record = lab_record(lab, "app.print", node, i)); i++)
        print_message("%s", run_text(lab->run, (uint64_t)record->values[0]));
    fail_msg("%s has not printed \"%s\"", node, words);
}

static void test_tcp_apps__send_and_discard_count_the_same(void **state)
{
    struct lab *lab = lab_new(
        PAIR(SLOW, DO("0 s", "bob", "discard") "," DO("1 s", "alice", "send-tcp bob --bytes 100kB"), "10 s"));
    lab_run_balanced(lab, 10 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "sum(app.received at bob)"), 100000);
    assert_int_equal(lab_ask(lab, "sum(app.sent at alice)"), 100000);
    assert_int_equal(lab_ask(lab, "bob.traffic.bytes"), 100000);
    assert_int_equal(lab_ask(lab, "count(tcp.retransmit)"), 0);
    assert_int_equal(lab_ask(lab, "max(app.transfer)"), 100000);
    assert_int_equal(lab_ask(lab, "count(bob.tcp where state == established)"), 0);
    assert_printed(lab, "alice", "100000 bytes to bob port 9 in ");
    assert_printed(lab, "alice", "0 segments sent again");
    lab_free(lab);
}

static void test_tcp_apps__send_says_when_nobody_listens(void **state)
{
    struct lab *lab = lab_new(PAIR(SLOW, DO("1 s", "alice", "send-tcp bob --bytes 1kB"), "5 s"));
    lab_run(lab, 5 * NT_SECOND);
    assert_printed(lab, "alice", "send-tcp: bob port 9: Connection refused");
    lab_free(lab);
}

static void test_tcp_apps__send_for_a_time_ends_in_time(void **state)
{
    struct lab *lab = lab_new(PAIR(
        SLOW, DO("0 s", "bob", "discard") "," DO("1 s", "alice", "send-tcp bob --for 2s --cc reno"), "10 s"));
    lab_run(lab, 10 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(app.transfer at alice)"), 1);
    assert_int_equal(lab_ask(lab, "sum(app.received at bob) == max(app.transfer at alice)"), 1);
    assert_true(lab_ask(lab, "sum(app.received at bob)") > 2000000); /* 10 Mb/s, with queue and headers */
    lab_free(lab);
}

static void test_tcp_apps__discard_may_be_slow(void **state)
{
    struct lab *lab = lab_new(PAIR(SLOW,
                                   DO("0 s", "bob", "discard --buffer 4kB --pause 10ms --read 1000") "," DO(
                                       "1 s", "alice", "send-tcp bob --bytes 100kB"),
                                   "10 s"));
    lab_run(lab, 10 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "sum(app.received at bob)"), 100000);
    assert_true(lab_ask(lab, "max(app.transfer.took at alice)") >
                980 * NT_MILLISECOND); /* 100 pieces of 10 ms */
    lab_free(lab);
}

static void test_tcp_apps__echo_gives_back_what_nc_sends(void **state)
{
    struct lab *lab = lab_new(
        PAIR(SLOW, DO("0 s", "bob", "tcp-echo") "," DO("1 s", "alice", "nc bob 7 --send \\\"hello world\\\""),
             "5 s"));
    lab_run(lab, 5 * NT_SECOND);
    assert_printed(lab, "alice", "hello world\n");
    assert_int_equal(lab_ask(lab, "sum(app.received at alice)"), 12);
    lab_free(lab);
}

static void test_tcp_apps__nc_talks_to_nc(void **state)
{
    struct lab *lab = lab_new(
        PAIR(SLOW, DO("0 s", "bob", "nc -l 23 --send welcome") "," DO("1 s", "alice", "nc bob 23 --send hi"),
             "5 s"));
    lab_run(lab, 5 * NT_SECOND);
    assert_printed(lab, "alice", "welcome\n");
    assert_printed(lab, "bob", "hi\n");
    lab_free(lab);
}

static void test_tcp_apps__request_waits_for_whole_answers(void **state)
{
    struct lab *lab =
        lab_new(PAIR(SLOW,
                     DO("0 s", "bob", "respond --think 50ms") "," DO(
                         "1 s", "alice", "request --size 100 --reply 20kB --count 5 --think 10ms bob"),
                     "5 s"));
    lab_run(lab, 5 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(app.reply at alice)"), 5);
    assert_int_equal(lab_ask(lab, "sum(app.received at alice)"), 100000);
    assert_int_equal(lab_ask(lab, "sum(app.received at bob)"), 500);
    assert_true(lab_ask(lab, "min(app.reply at alice)") >
                76 * NT_MILLISECOND); /* 50, 10 there and back, 16 to send */
    assert_printed(lab, "alice", "5 rounds, 100 bytes asked and 20000 answered by each host, 0 failed");
    lab_free(lab);
}

static void test_tcp_apps__request_may_connect_each_time(void **state)
{
    struct lab *lab = lab_new(
        PAIR(SLOW, DO("0 s", "bob", "respond") "," DO("1 s", "alice", "request --new --count 3 bob"), "5 s"));
    lab_run(lab, 5 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(app.reply at alice)"), 3);
    assert_int_equal(lab_ask(lab, "count(tcp.connected at alice)"), 3);
    assert_int_equal(lab_ask(lab, "count(alice.tcp where state == 'time-wait')"), 3);
    lab_free(lab);
}

static void test_tcp_apps__iperf_reports_each_interval(void **state)
{
    struct lab *lab = lab_new(
        PAIR(SLOW, DO("0 s", "bob", "iperf -s") "," DO("1 s", "alice", "iperf -c bob -t 2 -P 2"), "10 s"));
    lab_run(lab, 10 * NT_SECOND);
    assert_printed(lab, "alice", "[ ID] Interval           Transfer     Bitrate         Retr  Cwnd");
    assert_printed(lab, "alice", "[  5]     0.00-1.00 sec");
    assert_printed(lab, "alice", "[SUM]");
    assert_printed(lab, "alice", "sender");
    assert_printed(lab, "bob", "receiver");
    lab_free(lab);
}

static void test_tcp_apps__ss_and_netstat_show_a_connection(void **state)
{
    struct lab *lab = lab_new(PAIR(
        SLOW,
        DO("0 s", "bob", "discard") "," DO("1 s", "alice", "send-tcp bob --for 2s") "," DO(
            "2 s", "alice", "ss -ti") "," DO("2 s", "bob", "ss -tan") "," DO("5 s", "alice", "netstat -s"),
        "6 s"));
    lab_run(lab, 6 * NT_SECOND);
    assert_printed(lab, "alice", "ESTAB");
    assert_printed(lab, "alice", "\t ts sack cubic wscale:7,7 rto:");
    assert_printed(lab, "alice", " cwnd:");
    assert_printed(lab, "bob", "LISTEN");
    assert_printed(lab, "alice", "    1 active connection openings\n");
    lab_free(lab);
}

static void test_tcp_apps__forged_segments_reach_their_target(void **state)
{
    struct lab *lab = lab_new(
        PAIR(SLOW,
             DO("0 s", "bob", "discard") "," DO("0 s", "alice", "ping -c 1 bob") "," DO(
                 "1 s", "alice",
                 "syn-flood bob --port 9 --count 5") "," DO("1 s", "alice",
                                                            "rst-inject bob --from 10.0.0.9 --count 3"),
             "3 s"));
    lab_run(lab, 3 * NT_SECOND);
    assert_printed(lab, "alice", "5 forged segments sent");
    assert_int_equal(lab_ask(lab, "bob.tcp_counters.segments_in"), 8);
    assert_int_equal(lab_ask(lab, "count(tcp.drop at bob where reason == 'bad checksum')"), 0);
    lab_free(lab);
}

/* A Poisson process: of 2000 exponential gaps 1 - 1/e are under the mean, +- 3 %, and their sum is 2 s +-
 * 0.13. */
static void test_tcp_apps__a_flood_at_random_keeps_its_rate_and_no_beat(void **state)
{
    struct lab *lab = lab_new(
        PAIR("", DO("1 s", "alice", "syn-flood bob --port 9 --rate 1000 --count 2001 --random"), "9 s"));
    int short_gaps = 0;
    nt_time before = 0, first = 0;
    lab_run(lab, 9 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(frame.tx at alice where length == 64)"), 2002); /* and one ARP */
    for (size_t i = 0; i < 2001; i++) {
        nt_time now = lab_time(lab, "ip.tx", "alice", i + 1);
        first = i ? first : now;
        short_gaps += i && now - before < NT_MILLISECOND;
        before = now;
    }
    assert_in_range(short_gaps, 1200, 1330);
    assert_in_range(before - first, 1870 * NT_MILLISECOND, 2130 * NT_MILLISECOND);
    lab_free(lab);
}

/* RFC 5382 REQ-1 and REQ-2; the box lets in only what belongs to a connection from inside. */
static void test_tcp_apps__connections_pass_a_nat_with_a_firewall(void **state)
{
    struct lab *lab = lab_new(
        "{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '192.168.0.2/24', 'gateway': "
        "'192.168.0.1'},"
        " 'box': {'type': 'nat', 'outside': 'eth1',"
        " 'interfaces': {'eth0': '192.168.0.1/24', 'eth1': '203.0.113.1/24'},"
        " 'firewall': ['chain forward policy drop', 'forward ct state established,related accept',"
        " 'forward iifname eth0 ct state new accept']},"
        " 'bob': {'type': 'host', 'address': '203.0.113.9/24', 'gateway': '203.0.113.1', 'start': "
        "['discard']}},"
        " 'links': [{'between': ['alice', 'box:eth0']}, {'between': ['box:eth1', 'bob'], 'rate': '10 Mbps'}],"
        " 'actions': [" DO("1 s", "alice", "send-tcp bob --bytes 100kB") "," DO(
            "1 s", "bob", "nc 192.168.0.2 9") "], 'stop': '300 s'}");
    lab_run(lab, 10 * NT_SECOND);
    assert_printed(lab, "alice", "100000 bytes to bob port 9 in ");
    assert_int_equal(lab_ask(lab, "sum(app.received at bob)"), 100000);
    assert_int_equal(lab_ask(lab, "count(tcp.retransmit at alice)"), 0);
    assert_int_equal(lab_ask(lab, "count(tcp.connected at bob)"), 1); /* nobody comes in from outside */
    lab_free(lab);
}

/* RFC 1191: a router that cannot pass on a segment says so, and TCP makes smaller ones. */
static void test_tcp_apps__too_big_is_heard(void **state)
{
    struct lab *lab = lab_new(
        "{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '10.0.1.2/24', 'gateway': "
        "'10.0.1.1'},"
        " 'r': {'type': 'router', 'mtu': 1000, 'interfaces': {'eth0': '10.0.1.1/24', 'eth1': '10.0.2.1/24'}},"
        " 'bob': {'type': 'host', 'address': '10.0.2.9/24', 'gateway': '10.0.2.1', 'start': ['discard']}},"
        " 'links': [{'between': ['alice', 'r:eth0']}, {'between': ['r:eth1', 'bob'], 'rate': '10 Mbps'}],"
        " 'actions': [" DO("1 s", "alice", "send-tcp bob --bytes 100kB") "], 'stop': '10 s'}");
    lab_run(lab, 10 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "sum(app.received at bob)"), 100000);
    assert_int_equal(lab_ask(lab, "min(tcp.mss at alice)"), 1000 - 20 - 32);
    assert_int_equal(lab_ask(lab, "count(tcp.timeout at alice)"), 0);
    lab_free(lab);
}

static void test_tcp_apps__settings_of_the_file_rule(void **state)
{
    struct lab *lab = lab_new(
        "{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '10.0.0.1/24',"
        " 'tcp': {'profile': 'classic', 'congestion': 'tahoe', 'isn': 1000, 'sysctl': {'tcp_retries2': 3}}},"
        " 'bob': {'type': 'host', 'address': '10.0.0.2/24', 'start': ['discard']}},"
        " 'links': [{'between': ['alice', 'bob'], 'rate': '10 Mbps'}],"
        " 'actions': [" DO("1 s", "alice", "send-tcp bob --for 1s") "," DO("1.5 s", "alice",
                                                                           "ss -ti") "], 'stop': '4 s'}");
    lab_run(lab, 4 * NT_SECOND);
    assert_printed(lab, "alice", " tahoe ");
    assert_int_equal(lab_ask(lab, "min(tcp.connected.iss at alice)"), 1000);
    assert_int_equal(lab_ask(lab, "max(tcp.connected.mss at alice)"), 1460); /* no timestamps */
    lab_free(lab);
}

/* Routers and NAT boxes end connections too, with settings of their own. */
static void test_tcp_apps__settings_rule_on_routers_and_nats(void **state)
{
    struct lab *lab = lab_new(
        "{'netarium': 1, 'nodes': {"
        " 'r': {'type': 'router', 'tcp': {'isn': 1000, 'sack': false}, 'start': ['discard'],"
        " 'interfaces': {'eth0': '10.0.1.1/24'}},"
        " 'box': {'type': 'nat', 'tcp': {'isn': 2000}, 'outside': 'eth0',"
        " 'interfaces': {'eth0': '10.0.1.2/24', 'eth1': '192.168.0.1/24'}},"
        " 'alice': {'type': 'host', 'address': '192.168.0.2/24', 'gateway': '192.168.0.1'}},"
        " 'links': [{'between': ['r:eth0', 'box:eth0']}, {'between': ['box:eth1', 'alice']}],"
        " 'actions': [" DO("1 s", "box", "send-tcp 10.0.1.1 --bytes 10kB") "], 'stop': '4 s'}");
    lab_run(lab, 4 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "sum(app.received at r)"), 10000);
    assert_int_equal(lab_ask(lab, "min(tcp.connected.iss at r)"), 1000);
    assert_int_equal(lab_ask(lab, "min(tcp.connected.iss at box)"), 2000);
    lab_free(lab);
}

static void test_tcp_apps__settings_that_cannot_be_are_refused(void **state)
{
    static const struct {
        const char *settings, *words;
    } rows[] = {{"'congestion': 'rein'", "no congestion control is called \"rein\""},
                {"'congestion': {'type': 'cubic', 'beta': 1000}", "expected a whole number from 100 to 999"},
                {"'congestion': {'type': 'reno', 'beta': 1}", "a reno has no \"beta\""},
                {"'sysctl': {'tcp_sak': 1}", "there is no setting \"tcp_sak\"; did you mean tcp_sack"},
                {"'sysctl': {'tcp_sack': 7}", "net.ipv4.tcp_sack is a number from 0 to 1, not 7"},
                {"'profil': 'rfc'", "did you mean \"profile\""},
                {"'ecn': 'maybe'", "maybe"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'tcp': {%s}}}, 'stop': '1 s'}",
                 rows[i].settings);
        struct lab *lab = lab_new_with(text, &(struct lab_options){.may_be_wrong = true});
        if (!lab_has_said(lab, rows[i].words))
            fail_msg("%s: nobody says \"%s\"", rows[i].settings, rows[i].words);
        lab_free(lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcp_apps__send_and_discard_count_the_same),
        cmocka_unit_test(test_tcp_apps__send_says_when_nobody_listens),
        cmocka_unit_test(test_tcp_apps__send_for_a_time_ends_in_time),
        cmocka_unit_test(test_tcp_apps__discard_may_be_slow),
        cmocka_unit_test(test_tcp_apps__echo_gives_back_what_nc_sends),
        cmocka_unit_test(test_tcp_apps__nc_talks_to_nc),
        cmocka_unit_test(test_tcp_apps__request_waits_for_whole_answers),
        cmocka_unit_test(test_tcp_apps__request_may_connect_each_time),
        cmocka_unit_test(test_tcp_apps__iperf_reports_each_interval),
        cmocka_unit_test(test_tcp_apps__ss_and_netstat_show_a_connection),
        cmocka_unit_test(test_tcp_apps__forged_segments_reach_their_target),
        cmocka_unit_test(test_tcp_apps__a_flood_at_random_keeps_its_rate_and_no_beat),
        cmocka_unit_test(test_tcp_apps__connections_pass_a_nat_with_a_firewall),
        cmocka_unit_test(test_tcp_apps__too_big_is_heard),
        cmocka_unit_test(test_tcp_apps__settings_of_the_file_rule),
        cmocka_unit_test(test_tcp_apps__settings_rule_on_routers_and_nats),
        cmocka_unit_test(test_tcp_apps__settings_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

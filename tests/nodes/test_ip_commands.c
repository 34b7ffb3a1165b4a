/* SPDX-License-Identifier: MIT
 * ip, arp, ss, hostname and traceroute: what they print, what they change, and what is said of words that
 * make no sense. */
#include "tests/nodes/lab.h"

/* alice - r1 - r2 - bob, and commands on alice. Each cable takes 1 ms, and 0.8 us for each byte with 26
 * around a datagram: a probe of 60 bytes 68.8 us, the ICMP error about it (88) 91.2 us, an ARP packet 57.6
 * us. So a hop and back is 2.160 ms, and 2.1152 ms for ARP where it is not known yet. */
#define SLOW ", 'rate': '10 Mbps', 'delay': '1 ms'"
#define CHAIN(commands)                                                                                      \
    "{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '10.0.1.2/24', 'gateway': '10.0.1.1'},"  \
    " 'r1': {'type': 'router', 'interfaces': {'eth0': '10.0.1.1/24', 'eth1': '10.0.12.1/24'},"               \
    "        'routes': ['10.0.2.0/24 via 10.0.12.2']},"                                                      \
    " 'r2': {'type': 'router', 'interfaces': {'eth0': '10.0.12.2/24', 'eth1': '10.0.2.1/24'},"               \
    "        'routes': ['10.0.1.0/24 via 10.0.12.1']},"                                                      \
    " 'bob': {'type': 'host', 'address': '10.0.2.2/24', 'gateway': '10.0.2.1'}},"                            \
    " 'links': [{'between': ['alice', 'r1:eth0']" SLOW "}, {'between': ['r1:eth1', 'r2:eth0']" SLOW "},"     \
    "           {'between': ['r2:eth1', 'bob']" SLOW "}],"                                                   \
    " 'actions': [" commands "], 'stop': '60 s'}"
#define DO(at, run) "{'at': '" at " s', 'on': 'alice', 'run': '" run "'}"

/* Everything that alice printed. */
static const char *printed(const struct lab *lab)
{
    static char text[20000];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 1; lab_record(lab, "app.print", "alice", i); i++) {
        const struct nt_record *record = lab_record(lab, "app.print", "alice", i);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s",
                                 run_text(lab->run, (uint64_t)record->values[0]));
    }
    return text;
}

static void assert_prints(const char *text, const char *expected)
{
    struct lab *lab = lab_new(text);
    lab_run_balanced(lab, 60 * NT_SECOND);
    if (strcmp(printed(lab), expected) != 0)
        fail_msg("printed:\n%s\nexpected:\n%s", printed(lab), expected);
    lab_free(lab);
}

static void test_ip__shows_interfaces_addresses_and_routes(void **state)
{
    assert_prints(CHAIN(DO("1", "ip link show dev eth0") "," DO("2", "ip a") "," DO("3", "ip r") "," DO(
                      "4", "hostname")),
                  "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP\n"
                  "    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n"
                  "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN\n"
                  "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
                  "    inet 127.0.0.1/8 scope host lo\n"
                  "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP\n"
                  "    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n"
                  "    inet 10.0.1.2/24 brd 10.0.1.255 scope global eth0\n"
                  "default via 10.0.1.1 dev eth0\n"
                  "10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.2\n"
                  "alice\n");
}

static void test_ip__asks_the_table_for_a_route(void **state)
{
    assert_prints(CHAIN(DO("1", "ip route get 10.0.2.2") "," DO("2", "ip route get 10.0.1.9") "," DO(
                      "3", "ip route get 10.0.1.2") "," DO("4", "ip route get 10.0.1.255")),
                  "10.0.2.2 via 10.0.1.1 dev eth0 src 10.0.1.2\n"
                  "10.0.1.9 dev eth0 src 10.0.1.2\n"
                  "local 10.0.1.2 dev lo src 10.0.1.2\n"
                  "broadcast 10.0.1.255 dev eth0 src 10.0.1.2\n");
}

static void test_ip__adds_equal_ways(void **state)
{
    assert_prints(CHAIN(DO("1", "ip route add 10.7.0.0/16 nexthop via 10.0.1.1 weight 2 nexthop dev eth0") "," DO(
                      "2", "ip route add 10.7.0.0/16 nexthop via 10.0.1.1") "," DO(
                      "3", "ip route add 10.8.0.0/16 nexthop via 10.0.1.1 nexthop via 10.9.9.9") "," DO(
                      "4", "ip route show") "," DO("5", "ip route del 10.7.0.0/16") "," DO("6", "ip route show")),
                  "RTNETLINK answers: File exists\n"
                  "Error: Nexthop has invalid gateway.\n"
                  "default via 10.0.1.1 dev eth0\n"
                  "10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.2\n"
                  "10.7.0.0/16\n"
                  "\tnexthop via 10.0.1.1 dev eth0 weight 2\n"
                  "\tnexthop dev eth0 weight 1\n"
                  "default via 10.0.1.1 dev eth0\n"
                  "10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.2\n");
}

static void test_ip__adds_and_removes_routes(void **state)
{
    assert_prints(
        CHAIN(DO("1", "ip route add 10.7.0.0/16 via 10.0.1.1 metric 5") "," DO(
            "2",
            "ip route add 10.7.0.0/16 "
            "via 10.0.1.1 metric 5") "," DO("3",
                                            "ip route add 10.8.0.0/16 via 10.9.9.9") "," DO("4",
                                                                                            "ip route add "
                                                                                            "10.8.0.1/16 dev "
                                                                                            "eth0") "," DO("5",
                                                                                                           "i"
                                                                                                           "p"
                                                                                                           " "
                                                                                                           "r"
                                                                                                           "o"
                                                                                                           "u"
                                                                                                           "t"
                                                                                                           "e") "," DO("6",
                                                                                                                       "ip route del "
                                                                                                                       "10.7.0.0/16") "," DO("7",
                                                                                                                                             "ip"
                                                                                                                                             " r"
                                                                                                                                             "ou"
                                                                                                                                             "te"
                                                                                                                                             " d"
                                                                                                                                             "el"
                                                                                                                                             " 1"
                                                                                                                                             "0."
                                                                                                                                             "7."
                                                                                                                                             "0."
                                                                                                                                             "0/"
                                                                                                                                             "1"
                                                                                                                                             "6") "," DO("8",
                                                                                                                                                         "ip route del default") "," DO("9",
                                                                                                                                                                                        "ip route get 10.0.2.2")),
        "RTNETLINK answers: File exists\n"
        "Error: Nexthop has invalid gateway.\n"
        "Error: Invalid prefix for given prefix length.\n"
        "default via 10.0.1.1 dev eth0\n"
        "10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.2\n"
        "10.7.0.0/16 via 10.0.1.1 dev eth0 metric 5\n"
        "RTNETLINK answers: No such process\n"
        "RTNETLINK answers: Network is unreachable\n");
}

static void test_ip__keeps_neighbours_by_hand(void **state)
{
    assert_prints(
        CHAIN(DO("1", "ip neigh add 10.0.1.9 lladdr 02:00:00:00:00:99 dev eth0 nud permanent") "," DO(
            "2",
            "ip "
            "nei"
            "gh") "," DO("3",
                         "arp -n") "," DO("4",
                                          "ip neigh del 10.0.1.9 dev eth0") "," DO("5",
                                                                                   "ip neigh del 10.0.1.9 "
                                                                                   "dev "
                                                                                   "eth0") "," DO("6",
                                                                                                  "ip "
                                                                                                  "neigh")),
        "10.0.1.9 dev eth0 lladdr 02:00:00:00:00:99 PERMANENT\n"
        "Address                  HWtype  HWaddress           Flags Mask            Iface\n"
        "10.0.1.9                 ether   02:00:00:00:00:99   CM                    eth0\n"
        "RTNETLINK answers: No such file or directory\n");
}

/* An interface that is down sends nothing; when it is up again all is as before. */
static void test_ip__takes_an_interface_down_and_up(void **state)
{
    struct lab *lab = lab_new(CHAIN(DO("1", "ip link set eth0 down") "," DO("2", "ping -c 1 -W 1 bob") "," DO(
        "4", "ip link set eth0 up") "," DO("5", "ping -c 1 bob")));
    lab_run_balanced(lab, 60 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(alice.ping where received == 1)"), 1);
    assert_int_equal(lab_ask(lab, "count(ip.change at alice)"), 2);
    assert_int_equal(lab_ask(lab, "count(ip.refused at alice)"), 1);
    lab_free(lab);
}

/* Another address: the network goes with the last one, and what was sent to the old one is nobody's. */
static void test_ip__changes_the_address(void **state)
{
    static const char commands[] =
        CHAIN(DO("2", "ip addr del 10.0.1.3/24 dev eth0") "," DO("3", "ip addr del 10.0.1.2/24 dev eth0")
              "," DO("4", "ip r") "," DO("5", "ip addr add 10.0.1.77/24 dev eth0")
              "," DO("6", "ip addr add 10.0.1.77/24 dev eth0")
              "," DO("7", "ping -q -n -c 1 bob") "," DO("20", "ip route get 10.0.1.1"));
    assert_prints(commands,
                  "RTNETLINK answers: Cannot assign requested address\n"
                  "RTNETLINK answers: File exists\n"
                  "PING bob (10.0.2.2) 56(84) bytes of data.\n"
                  "\n--- bob ping statistics ---\n"
                  "1 packets transmitted, 1 received, 0% packet loss, time 12ms\n"
                  "rtt min/avg/max/mdev = 12.873/12.873/12.873/0.000 ms\n"
                  "10.0.1.1 dev eth0 src 10.0.1.77\n");
}

static void test_ss__shows_the_sockets_that_are_open(void **state)
{
    assert_prints(CHAIN(DO("1", "udp-echo") "," DO("2", "ss -u -a") "," DO("3", "ss")),
                  "State      Recv-Q Send-Q    Local Address:Port     Peer Address:Port\n"
                  "UNCONN          0      0             0.0.0.0:7             0.0.0.0:*\n"
                  "Netid State      Recv-Q Send-Q    Local Address:Port     Peer Address:Port\n");
}

/* Mistakes are found before time starts, each with the nearest word. */
static void test_ip__explains_words_that_make_no_sense(void **state)
{
    static const struct {
        const char *words, *said;
    } rows[] = {
        {"ip ruote", "found \"ruote\"; did you mean \"route\"?"},
        {"ip addr shwo", "found \"shwo\"; did you mean \"show\"?"},
        {"ip addr add 10.0.0.1/24", "needs an interface"},
        {"ip addr add 10.0.0.400/24 dev eth0", "400 is more than 255"},
        {"ip addr add 10.0.0.1/24 dev eht0", "did you mean \"eth0\"?"},
        {"ip link set eth0", "what to set"},
        {"ip link set eth0 mtu 20", "expected a number from 68 to 65535"},
        {"ip link set lo down", "expected dev, up, down, mtu or eth0, found \"lo\""},
        {"ip route add default", "needs the next hop"},
        {"ip route add", "needs a destination"},
        {"ip route add default vai 10.0.0.1", "did you mean \"via\"?"},
        {"ip route add default via", "\"via\" wants a value"},
        {"ip route add default nexthop", "via or dev after each"},
        {"ip route add default via 10.0.1.1 nexthop via 10.0.1.1", "either one way or several"},
        {"ip route add default nexthop via 10.0.1.1 weight 0", "expected a number from 1 to 256"},
        {"ip route add default via 10.0.1.1 weight 2", "belongs to one of several ways"},
        {"ip neigh set", "has no \"set\""},
        {"ip neigh add 10.0.0.9 dev eth0", "needs an Ethernet address"},
        {"ip neigh add 10.0.0.9 dev eth0 lladdr 02:00", "expected an Ethernet address"},
        {"traceroute -f 9 -m 3 bob", "is more than the last"},
        {"udp-send bob --count 4 --bytes 8", "one of them is enough"},
        {"cbr bob --size 0", "never add up to a rate"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[3000];
        snprintf(text, sizeof text, CHAIN(DO("1", "%s")), rows[i].words);
        struct lab *lab = lab_new_with(text, &(struct lab_options){.may_be_wrong = true});
        if (!lab_has_said(lab, rows[i].said))
            fail_msg("\"%s\": %s", rows[i].words,
                     lab->errors.count ? lab->errors.entries[0].text : "no mistake");
        lab_free(lab);
    }
}

/* ---- traceroute ---- */

static void test_traceroute__names_each_router(void **state)
{
    struct lab *lab = lab_new(CHAIN(DO("1", "ping -c 1 bob") "," DO("2", "traceroute -n bob")));
    lab_run_balanced(lab, 60 * NT_SECOND);
    const char *text = strstr(printed(lab), "traceroute to");
    assert_non_null(text);
    assert_string_equal(text, "traceroute to bob (10.0.2.2), 30 hops max, 60 byte packets\n"
                              " 1  10.0.1.1  2.160 ms  2.160 ms  2.160 ms\n"
                              " 2  10.0.12.2  4.320 ms  4.320 ms  4.320 ms\n"
                              " 3  10.0.2.2  6.480 ms  6.480 ms  6.480 ms\n");
    assert_int_equal(lab_ask(lab, "count(udp.tx at alice)"), 9);
    lab_free(lab);
}

/* One host away: the first probe is the last. UDP and ICMP see the same. */
static void test_traceroute__ends_at_the_target(void **state)
{
    assert_prints(
        CHAIN(DO("1", "ping -c 1 -q r1") "," DO("3", "traceroute -q 1 r1") "," DO(
            "4", "traceroute -q 1 -I "
                 "r1") "," DO("5", "traceroute -f 2 -m 2 -q 2 -n 10.0.2.9") "," DO("9", "traceroute nobody")),
        "PING r1 (10.0.1.1) 56(84) bytes of data.\n"
        "\n--- r1 ping statistics ---\n"
        "1 packets transmitted, 1 received, 0% packet loss, time 4ms\n"
        "rtt min/avg/max/mdev = 4.291/4.291/4.291/0.000 ms\n"
        "traceroute to r1 (10.0.1.1), 30 hops max, 60 byte packets\n"
        " 1  r1 (10.0.1.1)  2.160 ms\n"
        "traceroute to r1 (10.0.1.1), 30 hops max, 60 byte packets\n"
        " 1  r1 (10.0.1.1)  2.137 ms\n"
        "traceroute to 10.0.2.9 (10.0.2.9), 2 hops max, 60 byte packets\n"
        " 2  10.0.12.2  6.435 ms  4.320 ms\n"
        "nobody: Name or service not known\n");
}

/* Nobody answers: stars. Somebody says that there is no such host: !H. */
static void test_traceroute__marks_what_does_not_answer(void **state)
{
    struct lab *lab = lab_new(CHAIN(DO("1", "traceroute -n -w 1 -m 1 -q 2 10.0.1.200") "," DO(
        "20", "traceroute -n -q 1 10.0.2.9") "," DO("40", "traceroute -n -q 1 10.99.0.1")));
    lab_run_balanced(lab, 60 * NT_SECOND);
    assert_non_null(strstr(printed(lab), " 1  * *\n"));
    assert_non_null(strstr(printed(lab), " ms !H\n"));
    assert_non_null(strstr(printed(lab), " ms !N\n"));
    lab_free(lab);
}

/* ICMP-8, RFC 1812 4.3.2.8: errors are limited, and the limit can be set; ICMP-3, RFC 1122 3.2.2.6: so can whether pings for
 * everybody are answered. */
static void test_icmp__behaves_as_it_is_told(void **state)
{
    static const char text[] =
        "{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '10.0.0.1/24'},"
        " 'bob': {'type': 'host', 'address': '10.0.0.2/24'%s}}, 'links': [{'between': ['alice', 'bob']}], 'actions': ["
        "{'at': '1 s', 'on': 'alice', 'run': 'udp-send bob --count 200 --interval 0.001 --wait 0.1'},"
        "{'at': '5 s', 'on': 'alice', 'run': 'ping -c 1 10.0.0.255'}], 'stop': '10 s'}";
    static const struct {
        const char *parameters;
        int64_t errors, echoes;
    } rows[] = {{"", 200, 0},
                {", 'icmp-rate': 1, 'answer-broadcasts': true", 50, 1},
                {", 'icmp-rate': 100", 69, 0}, /* the burst of 50, and 19.9 in the 199 ms from the first to the last */
                {", 'icmp-rate': 0", 200, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char scenario[1000];
        snprintf(scenario, sizeof scenario, text, rows[i].parameters);
        struct lab *lab = lab_new(scenario);
        lab_run_balanced(lab, 10 * NT_SECOND);
        int64_t errors = lab_ask(lab, "count(icmp.error_tx at bob)"), echoes = lab_ask(lab, "alice.ping.received");
        if (errors != rows[i].errors || echoes != rows[i].echoes)
            fail_msg("row %zu: %lld errors, %lld echoes", i, (long long)errors, (long long)echoes);
        lab_free(lab);
    }
}

/* A router that says nothing answers pings, and goes on saying nothing. */
static void test_traceroute__passes_a_silent_router(void **state)
{
    struct lab *lab = lab_new("{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '10.0.1.2/24', 'gateway': '10.0.1.1'},"
                              " 'bob': {'type': 'host', 'address': '10.0.2.2/24', 'gateway': '10.0.2.1'},"
                              " 'r': {'type': 'router', 'silent': true, 'interfaces': {'eth0': '10.0.1.1/24', 'eth1': '10.0.2.1/24'}}},"
                              " 'links': [{'between': ['alice', 'r:eth0']}, {'between': ['bob', 'r:eth1']}], 'actions': ["
                              "{'at': '1 s', 'on': 'alice', 'run': 'ping -c 1 10.0.1.1'},"
                              "{'at': '5 s', 'on': 'alice', 'run': 'traceroute -n -q 1 -w 1 10.0.2.2'}], 'stop': '20 s'}");
    lab_run_balanced(lab, 20 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "alice.ping.received"), 1);
    assert_int_equal(lab_ask(lab, "count(icmp.error_tx at r)"), 0);
    assert_int_equal(lab_ask(lab, "count(icmp.error_tx at bob)"), 1);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ip__shows_interfaces_addresses_and_routes),
        cmocka_unit_test(test_ip__asks_the_table_for_a_route),
        cmocka_unit_test(test_ip__adds_equal_ways),
        cmocka_unit_test(test_ip__adds_and_removes_routes),
        cmocka_unit_test(test_ip__keeps_neighbours_by_hand),
        cmocka_unit_test(test_ip__takes_an_interface_down_and_up),
        cmocka_unit_test(test_ip__changes_the_address),
        cmocka_unit_test(test_ss__shows_the_sockets_that_are_open),
        cmocka_unit_test(test_ip__explains_words_that_make_no_sense),
        cmocka_unit_test(test_traceroute__names_each_router),
        cmocka_unit_test(test_traceroute__ends_at_the_target),
        cmocka_unit_test(test_traceroute__marks_what_does_not_answer),
        cmocka_unit_test(test_traceroute__passes_a_silent_router),
        cmocka_unit_test(test_icmp__behaves_as_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * Several addresses on one interface: from the file and by command, what is shown of them, who speaks, who
 * answers, and what goes when one goes. RFC 1122 3.3.4; Linux's words and rules. */
#include "tests/nodes/lab.h"

#define NETWORK(alice, actions)                                                                              \
    "{'netarium': 1, 'nodes': {'alice': {'type': 'host', " alice "},"                                        \
    " 'r': {'type': 'router', 'interfaces': {'eth0': ['10.0.1.1/24', '172.16.0.1/16'],"                      \
    "       'eth1': '10.0.2.1/24'}},"                                                                        \
    " 'bob': {'type': 'host', 'address': '10.0.2.2/24', 'gateway': '10.0.2.1'}},"                            \
    " 'links': [{'between': ['alice', 'r:eth0']}, {'between': ['r:eth1', 'bob']}],"                          \
    " 'actions': [" actions "], 'stop': '60 s'}"
#define THREE "'address': ['10.0.1.2/24', '10.0.1.7/24', '172.16.0.2/16'], 'gateway': '10.0.1.1'"
#define DO(at, on, run) "{'at': '" at " s', 'on': '" on "', 'run': '" run "'}"

#define LINK                                                                                                 \
    "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP\n"                                         \
    "    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n"
#define INET(address, broadcast) "    inet " address " brd " broadcast " scope global eth0\n"
#define SECOND(address, broadcast) "    inet " address " brd " broadcast " scope global secondary eth0\n"

static void assert_prints(const char *scenario, const char *expected)
{
    char text[4000] = "";
    size_t used = 0;
    struct lab *lab = lab_new(scenario);
    const struct nt_record *record;
    lab_run_balanced(lab, 60 * NT_SECOND);
    for (size_t i = 1; (record = lab_record(lab, "app.print", "alice", i)); i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s",
                                 run_text(lab->run, (uint64_t)record->values[0]));
    if (strcmp(text, expected) != 0)
        fail_msg("printed:\n%s\nexpected:\n%s", text, expected);
    lab_free(lab);
}

/* Those of one network behind the first of it are secondary, and stand at the end. */
static void test_addresses__are_listed_as_iproute2_does(void **state)
{
    assert_prints(NETWORK(THREE, DO("1", "alice", "ip addr show eth0") "," DO("2", "alice", "ip route")),
                  LINK INET("10.0.1.2/24", "10.0.1.255") INET("172.16.0.2/16", "172.16.255.255")
                      SECOND("10.0.1.7/24", "10.0.1.255")
                  "default via 10.0.1.1 dev eth0\n"
                  "10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.2\n"
                  "172.16.0.0/16 dev eth0 proto kernel scope link src 172.16.0.2\n");
}

/* RFC 1122 3.3.4.3: the address whose network has the next hop. */
static void test_addresses__the_one_of_the_next_hops_network_speaks(void **state)
{
    assert_prints(NETWORK(THREE, DO("1", "alice", "ip route get 10.0.2.2") "," DO(
                                     "2", "alice", "ip route get 172.16.0.1") "," DO(
                                     "3", "alice", "ip route get 10.0.1.255") "," DO(
                                     "4", "alice", "ip route get 10.0.1.7")),
                  "10.0.2.2 via 10.0.1.1 dev eth0 src 10.0.1.2\n"
                  "172.16.0.1 dev eth0 src 172.16.0.2\n"
                  "broadcast 10.0.1.255 dev eth0 src 10.0.1.2\n"
                  "local 10.0.1.7 dev lo src 10.0.1.7\n");
}

/* RFC 826, RFC 1122 3.2.2.6: each is answered for, and the answer comes from the one that was asked. */
static void test_addresses__are_all_answered_for(void **state)
{
    struct lab *lab = lab_new(NETWORK(THREE, DO("1", "bob", "ping -c 1 10.0.1.2") "," DO(
                                                 "2", "bob", "ping -c 1 10.0.1.7") "," DO(
                                                 "3", "bob", "ping -c 1 172.16.0.2") "," DO(
                                                 "4", "alice", "ping -c 1 172.16.0.1")));
    lab_run_balanced(lab, 60 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(bob.ping where received == 1)"), 3);
    assert_int_equal(lab_ask(lab, "count(alice.ping where received == 1)"), 1);
    assert_int_equal(lab_ask(lab, "count(arp.reply_sent at alice)"), 3);
    lab_free(lab);
}

static void test_addresses__come_and_go_by_command(void **state)
{
    assert_prints(NETWORK("'address': '10.0.1.2/24'",
                          DO("1", "alice", "ip addr add 10.0.1.7/24 dev eth0") "," DO(
                              "2", "alice", "ip addr add 10.0.1.7/24 dev eth0") "," DO(
                              "3", "alice", "ip addr add 172.16.0.2/16 dev eth0") "," DO(
                              "4", "alice", "ip addr del 10.0.1.7/16 dev eth0") "," DO(
                              "5", "alice", "ip addr del 10.0.1.7/24 dev eth0") "," DO(
                              "6", "alice", "ip addr show eth0") "," DO(
                              "7", "alice", "ip addr flush dev eth0") "," DO("8", "alice", "ip addr show eth0")),
                  "RTNETLINK answers: File exists\n"
                  "RTNETLINK answers: Cannot assign requested address\n" LINK INET("10.0.1.2/24", "10.0.1.255")
                      INET("172.16.0.2/16", "172.16.255.255") LINK);
}

/* As on Linux with promote_secondaries off. The other network stays, with its routes. */
static void test_addresses__secondary_ones_go_with_the_first(void **state)
{
    assert_prints(NETWORK(THREE, DO("1", "alice", "ip addr del 10.0.1.2/24 dev eth0") "," DO(
                                     "2", "alice", "ip addr show eth0") "," DO("3", "alice", "ip r") "," DO(
                                     "4", "alice", "ping -q -n -c 1 172.16.0.1")),
                  LINK INET("172.16.0.2/16", "172.16.255.255")
                  "default via 10.0.1.1 dev eth0\n"
                  "172.16.0.0/16 dev eth0 proto kernel scope link src 172.16.0.2\n"
                  "PING 172.16.0.1 (172.16.0.1) 56(84) bytes of data.\n"
                  "\n--- 172.16.0.1 ping statistics ---\n"
                  "1 packets transmitted, 1 received, 0% packet loss, time 0ms\n"
                  "rtt min/avg/max/mdev = 0.003/0.003/0.003/0.000 ms\n");
}

/* RFC 5227: the one that somebody has is not used, the others are. */
static void test_addresses__are_each_asked_for_before_they_are_used(void **state)
{
    assert_prints(NETWORK("'address': ['10.0.1.2/24', '10.0.1.1/24', '10.0.1.8/24'], 'detect-conflicts': true",
                          DO("20", "alice", "ip addr show eth0")),
                  LINK INET("10.0.1.2/24", "10.0.1.255") SECOND("10.0.1.8/24", "10.0.1.255"));
}

/* A lease comes and goes without taking with it what a person has added. */
static void test_addresses__added_by_hand_stay_beside_a_lease(void **state)
{
    assert_prints("{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': 'dhcp'},"
                  " 'server': {'type': 'host', 'address': '10.0.1.1/24',"
                  "            'start': ['dhcpd --pool 10.0.1.100-10.0.1.101 --probe 0s']}},"
                  " 'links': [{'between': ['alice', 'server']}], 'actions': ["
                  DO("1", "alice", "ip addr add 172.16.0.9/24 dev eth0") ","
                  DO("40", "alice", "ip addr show eth0") "," DO("41", "alice", "dhclient -x") ","
                  DO("42", "alice", "ip addr show eth0") "], 'stop': '60 s'}",
                  LINK INET("10.0.1.100/24", "10.0.1.255") INET("172.16.0.9/24", "172.16.0.255") LINK INET(
                      "172.16.0.9/24", "172.16.0.255"));
}

/* A NAT box lends its first outside address; with the others it speaks for itself. */
static void test_addresses__of_a_nat_box_answer_outside(void **state)
{
    assert_prints("{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '203.0.113.9/24'},"
                  " 'home': {'type': 'nat', 'outside': 'eth1', 'interfaces': {"
                  "          'eth0': ['192.168.1.1/24', '192.168.2.1/24'],"
                  "          'eth1': ['203.0.113.1/24', '203.0.113.2/24']}},"
                  " 'bob': {'type': 'host', 'address': '192.168.2.2/24', 'gateway': '192.168.2.1',"
                  "         'start': ['udp-send alice --port 7 --count 1']}},"
                  " 'links': [{'between': ['home:eth0', 'bob']}, {'between': ['home:eth1', 'alice']}],"
                  " 'actions': [" DO("1", "alice", "ping -q -c 1 203.0.113.2") ","
                  DO("2", "alice", "ip neigh") "," DO("3", "alice", "udp-send 203.0.113.2 --port 9 --count 1")
                  "], 'stop': '9 s'}",
                  "PING 203.0.113.2 (203.0.113.2) 56(84) bytes of data.\n"
                  "\n--- 203.0.113.2 ping statistics ---\n"
                  "1 packets transmitted, 1 received, 0% packet loss, time 0ms\n"
                  "rtt min/avg/max/mdev = 0.003/0.003/0.003/0.000 ms\n"
                  "203.0.113.1 dev eth0 lladdr 02:00:00:00:00:03 REACHABLE\n"
                  "203.0.113.2 dev eth0 lladdr 02:00:00:00:00:03 REACHABLE\n"
                  "udp-send: 203.0.113.2 port 9: Connection refused\n"
                  "1 datagram sent, 64 bytes; 0 came back; 1 error\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses__are_listed_as_iproute2_does),
        cmocka_unit_test(test_addresses__the_one_of_the_next_hops_network_speaks),
        cmocka_unit_test(test_addresses__are_all_answered_for),
        cmocka_unit_test(test_addresses__come_and_go_by_command),
        cmocka_unit_test(test_addresses__secondary_ones_go_with_the_first),
        cmocka_unit_test(test_addresses__are_each_asked_for_before_they_are_used),
        cmocka_unit_test(test_addresses__added_by_hand_stay_beside_a_lease),
        cmocka_unit_test(test_addresses__of_a_nat_box_answer_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * The firewall at work: who matches what, in which order, what is counted and what is told; at IP's hooks and
 * with connection tracking. */
#include <stdio.h>

#include "protocols/firewall/firewall.h"
#include "tests/protocols/nat_lab.h"

#define UDP IPV4_PROTOCOL_UDP
#define TCP IPV4_PROTOCOL_TCP
#define ICMP IPV4_PROTOCOL_ICMP

static struct hand_env hand;
static struct firewall firewall;
static struct conntrack conntrack;
static const char *const interfaces[] = {"eth0", "eth1", NULL};

static int set_up(void **state)
{
    struct flows_config config = flows_config_default();
    hand_init(&hand);
    firewall_init(&firewall, &hand.env, 10);
    conntrack_init(&conntrack, &hand.env, &config);
    return 0;
}

static int tear_down(void **state)
{
    firewall_release(&firewall);
    conntrack_release(&conntrack);
    hand_release(&hand);
    return 0;
}

static void add(const char *text)
{
    char storage[200];
    struct text why = text_in(storage, sizeof storage);
    struct firewall_line line;
    const struct firewall_rule *rule;
    if (!firewall_read(text, &line, &why))
        fail_msg("%s: %s", text, why.start);
    firewall_add(&firewall, &line);
    if (line.is_policy || line.rule.name_count == 0)
        return;
    if (!firewall_bind(&firewall, interfaces, &rule, &why))
        fail_msg("%s: %s", text, why.start);
}

static enum firewall_verdict judge(enum ipv4_hook chain, const struct lab_packet *packet)
{
    uint8_t bytes[LAB_BYTES];
    struct ipv4_header header;
    enum firewall_verdict verdict;
    size_t length = lab_build(packet, bytes);
    assert_int_equal(ipv4_header_parse(bytes, length, &header), IPV4_OK);
    struct firewall_packet seen = {.bytes = bytes,
                                   .length_bytes = length,
                                   .header = &header,
                                   .in = 0,
                                   .out = 1,
                                   .view = flow_read(bytes, length, &header),
                                   .conntrack = &conntrack};
    firewall_judge(&firewall, chain, &seen, &verdict);
    if (verdict == FIREWALL_ACCEPT)
        conntrack_take(&conntrack, &seen.view, length, 0);
    return verdict;
}

/* Every field, hit and missed. The packet comes in by eth0 and leaves by eth1. */
static void test_firewall__matches_fields(void **state)
{
    static const struct lab_packet web = {
        .from = "10.0.0.1:4000", .to = "192.0.2.1:80", .protocol = TCP, .tcp_flags = FLOW_SYN, .ttl = 10};
    static const struct lab_packet name = {.from = "10.0.0.1:4000", .to = "192.0.2.1:53", .protocol = UDP};
    static const struct lab_packet ping = {.from = "10.0.0.1:7", .to = "192.0.2.1", .protocol = ICMP};
    static const struct {
        const char *match;
        bool web, name, ping;
    } rows[] = {
        {"iifname \"eth0\"", true, true, true},
        {"iifname eth1", false, false, false},
        {"oifname { eth0, eth1 }", true, true, true},
        {"oifname != eth1", false, false, false},
        {"ip saddr 10.0.0.0/8", true, true, true},
        {"ip saddr != 10.0.0.0/8", false, false, false},
        {"ip daddr 192.0.2.0-192.0.2.9", true, true, true},
        {"ip daddr { 1.1.1.1, 192.0.2.1 }", true, true, true},
        {"ip protocol tcp", true, false, false},
        {"ip protocol != tcp", false, true, true},
        {"ip ttl < 11", true, false, false},
        {"ip ttl 10", true, false, false},
        {"ip ttl >= 64", false, true, true},
        {"tcp dport 80", true, false, false},
        {"tcp dport { 22, 80-90 }", true, false, false},
        {"tcp dport != 80", false, false, false}, /* and it must be TCP */
        {"tcp sport > 1023", true, false, false},
        {"udp dport domain", false, true, false},
        {"udp sport 4000", false, true, false},
        {"icmp type echo-request", false, false, true},
        {"icmp type != echo-request", false, false, false},
        {"icmp type { echo-reply, 8 }", false, false, true},
        {"ct state new", true, true, true},
        {"ct state != new", false, false, false},
        {"ct state invalid,related", false, false, false},
        {"tcp dport 80 ip saddr 10.0.0.1", true, false, false},
        {"tcp dport 80 ip saddr 10.0.0.2", false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[120];
        snprintf(text, sizeof text, "forward %s drop", rows[i].match);
        tear_down(NULL);
        set_up(NULL);
        add(text);
        bool drops_web = judge(IPV4_FORWARD, &web) == FIREWALL_DROP;
        tear_down(NULL);
        set_up(NULL);
        add(text);
        bool drops_name = judge(IPV4_FORWARD, &name) == FIREWALL_DROP;
        bool drops_ping = judge(IPV4_FORWARD, &ping) == FIREWALL_DROP;
        if (drops_web != rows[i].web || drops_name != rows[i].name || drops_ping != rows[i].ping)
            fail_msg("%s: tcp %d, udp %d, icmp %d", text, drops_web, drops_name, drops_ping);
    }
}

static const struct lab_packet syn = {
    .from = "10.0.0.1:4000", .to = "192.0.2.1:80", .protocol = TCP, .tcp_flags = FLOW_SYN};

/* The first verdict decides; then the policy. Chains know nothing of each other. */
static void test_firewall__asks_from_top_to_bottom(void **state)
{
    add("chain forward policy drop");
    add("forward tcp dport 80 counter");
    add("forward tcp dport 80 accept");
    add("forward tcp dport 80 drop");
    add("input drop");
    assert_int_equal(judge(IPV4_FORWARD, &syn), FIREWALL_ACCEPT);
    assert_int_equal(judge(IPV4_INPUT, &syn), FIREWALL_DROP);
    assert_int_equal(judge(IPV4_OUTPUT, &syn), FIREWALL_ACCEPT);
    struct lab_packet other = {
        .from = "10.0.0.1:4000", .to = "192.0.2.1:81", .protocol = TCP, .tcp_flags = FLOW_SYN};
    assert_int_equal(judge(IPV4_FORWARD, &other), FIREWALL_DROP);
    assert_int_equal(firewall.rules[0].packets, 1);
    assert_int_equal(firewall.rules[1].packets, 1);
    assert_int_equal(firewall.rules[1].bytes, 44);
    assert_int_equal(firewall.rules[2].packets, 0);
    assert_int_equal(firewall.chains[IPV4_FORWARD].packets, 1);
}

/* Every decision is a fact that names the rule. */
static void test_firewall__says_which_rule_it_was(void **state)
{
    add("chain input policy drop");
    add("forward ct state established,related accept");
    add("forward tcp dport 443 accept");
    add("forward ip saddr 10.0.0.0/8 log drop");
    judge(IPV4_FORWARD, &syn);
    const struct hand_fact *fact = hand_fact(&hand, "firewall.drop");
    assert_int_equal(fact->values[1], 3);
    assert_string_equal(hand_word(fact, 2), "forward");
    assert_int_equal(hand_fact(&hand, "firewall.log")->values[1], 3);
    judge(IPV4_INPUT, &syn);
    assert_string_equal(hand_word(hand_fact(&hand, "firewall.policy_drop"), 1), "input");
}

/* The usual three lines: the inside may speak first, the outside may answer. */
static void test_firewall__lets_in_only_answers(void **state)
{
    add("chain forward policy drop");
    add("forward ct state established,related accept");
    add("forward ip saddr 10.0.0.0/8 ct state new accept");
    struct lab_packet answer = {
        .from = "192.0.2.1:80", .to = "10.0.0.1:4000", .protocol = TCP, .tcp_flags = FLOW_SYN | FLOW_ACK};
    assert_int_equal(judge(IPV4_FORWARD, &answer), FIREWALL_DROP);
    assert_int_equal(judge(IPV4_FORWARD, &syn), FIREWALL_ACCEPT);
    assert_int_equal(judge(IPV4_FORWARD, &answer), FIREWALL_ACCEPT);
    struct lab_packet stranger = {
        .from = "192.0.2.9:80", .to = "10.0.0.1:4000", .protocol = TCP, .tcp_flags = FLOW_SYN};
    assert_int_equal(judge(IPV4_FORWARD, &stranger), FIREWALL_DROP);
}

/* A bucket of five that fills with five a second. */
static void test_firewall__limits_rates(void **state)
{
    add("input limit rate 5/second burst 3 packets accept");
    add("chain input policy drop");
    for (int i = 0; i < 5; i++)
        assert_int_equal(judge(IPV4_INPUT, &syn), i < 3 ? FIREWALL_ACCEPT : FIREWALL_DROP);
    hand_advance(&hand, 200 * ENV_MILLISECOND - 1);
    assert_int_equal(judge(IPV4_INPUT, &syn), FIREWALL_DROP);
    hand_advance(&hand, 1);
    assert_int_equal(judge(IPV4_INPUT, &syn), FIREWALL_ACCEPT);
    assert_int_equal(judge(IPV4_INPUT, &syn), FIREWALL_DROP);
    hand_advance(&hand, 1000 * ENV_SECOND);
    for (int i = 0; i < 5; i++)
        assert_int_equal(judge(IPV4_INPUT, &syn), i < 3 ? FIREWALL_ACCEPT : FIREWALL_DROP);
}

static void test_firewall__names_an_interface_that_is_not_there(void **state)
{
    char storage[200] = "";
    struct text why = text_in(storage, sizeof storage);
    struct firewall_line line;
    const struct firewall_rule *rule;
    add("forward iifname eth0 accept");
    assert_true(firewall_read("forward oifname { eth1, ehh0 } drop", &line, &why));
    firewall_add(&firewall, &line);
    tear_down(NULL);
    set_up(NULL);
    firewall_add(&firewall, &line);
    assert_false(firewall_bind(&firewall, interfaces, &rule, &why));
    assert_string_equal(why.start, "there is no interface \"ehh0\"; did you mean \"eth0\"?");
    assert_string_equal(rule->text, "forward oifname { eth1, ehh0 } drop");
}

/* ---- At IP's hooks ---- */

/* A router with these lines between two networks; what is rejected is said to its sender, what is dropped is
 * not. */
static void test_firewall__rejects_with_the_code_that_the_rule_names(void **state)
{
    static struct nat_lab lab;
    lab_init(&lab, NULL);
    add("forward tcp dport 23 drop");
    add("forward udp dport 53 reject");
    add("forward udp dport 54 reject with icmp admin-prohibited");
    firewall_attach(&firewall, &lab.ip);
    lab_hear(&lab, INSIDE, &(struct lab_packet){.from = "10.0.0.1:9", .to = "10.0.0.8:23", .protocol = TCP});
    lab_expect_silence(&lab);
    lab_hear(&lab, INSIDE, &(struct lab_packet){.from = "10.0.0.1:9", .to = "10.0.0.8:53", .protocol = UDP});
    lab_expect(&lab, INSIDE, "ICMP 3/3 10.0.0.4 > 10.0.0.1 about UDP 10.0.0.1:9 > 10.0.0.8:53");
    lab_hear(&lab, INSIDE, &(struct lab_packet){.from = "10.0.0.1:9", .to = "10.0.0.8:54", .protocol = UDP});
    lab_expect(&lab, INSIDE, "ICMP 3/13 10.0.0.4 > 10.0.0.1 about UDP 10.0.0.1:9 > 10.0.0.8:54");
    lab_hear(&lab, INSIDE, &(struct lab_packet){.from = "10.0.0.1:9", .to = "10.0.0.8:55", .protocol = UDP});
    lab_expect(&lab, INSIDE, "UDP 10.0.0.1:9 > 10.0.0.8:55");
    lab_release(&lab);
}

static unsigned passed_on;

static void count_transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop, struct packet_out *packet)
{
    passed_on++;
    packet_give_back(ip->packets, packet);
}

/* IP-12, RFC 1858 and 3128: a SYN cut so small that no piece shows both ports and flags is judged as the SYN that it is. */
static void test_firewall__is_not_fooled_by_tiny_pieces(void **state)
{
    static const struct ipv4_ops ops = {count_transmit};
    static const char *const targets[] = {"172.16.0.2:23", "172.16.0.2:24"};
    static const size_t cuts[] = {0, 8, 16, 24};
    struct ipv4 ip;
    ipv4_init(&ip, &hand.env, &ops, &hand.pool, 2);
    ipv4_set_address(&ip, 0, (struct ipv4_prefix){{0x0a000004}, 24});
    ipv4_set_address(&ip, 1, (struct ipv4_prefix){{0xac100001}, 24});
    ip.forwards = true;
    add("forward tcp dport 23 drop");
    firewall_attach(&firewall, &ip);
    for (size_t i = 0; i < 2; i++) {
        uint8_t whole[LAB_BYTES], bytes[LAB_BYTES];
        struct ipv4_header header;
        struct lab_packet first = {.from = "10.0.0.1:9", .to = targets[i], .protocol = TCP, .tcp_flags = FLOW_SYN};
        assert_int_equal(lab_build(&first, whole), 44);
        assert_int_equal(ipv4_header_parse(whole, 44, &header), IPV4_OK);
        for (size_t k = 0; k < 3; k++) {
            header.id = (uint16_t)(7 + i);
            header.fragment_bytes = (uint16_t)cuts[k];
            header.more_fragments = k < 2;
            header.total_bytes = (uint16_t)(20 + cuts[k + 1] - cuts[k]);
            ipv4_header_emit(&header, bytes);
            memcpy(bytes + 20, whole + 20 + cuts[k], cuts[k + 1] - cuts[k]);
            assert_int_equal(passed_on, 0);
            assert_int_equal(ipv4_receive(&ip, 0, false, (struct packet){bytes, header.total_bytes, 0}), IPV4_OK);
        }
        assert_int_equal(passed_on, i);
    }
    ipv4_release(&ip);
}

/* Behind NAT a flow has the inside's addresses in both directions: an answer is established before it is
 * seen. */
static void test_firewall__sees_the_inside_of_a_nat_box(void **state)
{
    static struct nat_lab lab;
    struct flows_config config = flows_config_default();
    static struct conntrack tracker;
    lab_init(&lab, NULL);
    conntrack_init(&tracker, &lab.hand.env, &config);
    add("chain forward policy drop");
    add("forward iifname eth0 accept");
    add("forward ct state established,related accept");
    firewall.conntrack = &tracker;
    firewall_attach(&firewall, &lab.ip);
    lab_hear(&lab, OUTSIDE,
             &(struct lab_packet){.from = "192.0.2.1:53", .to = "10.0.0.1:9", .protocol = UDP});
    lab_expect_silence(&lab);
    lab_hear(&lab, INSIDE,
             &(struct lab_packet){.from = "10.0.0.1:4001", .to = "192.0.2.1:53", .protocol = UDP});
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:1025 > 192.0.2.1:53");
    lab_hear(&lab, OUTSIDE,
             &(struct lab_packet){.from = "192.0.2.1:53", .to = "138.76.29.7:1025", .protocol = UDP});
    lab_expect(&lab, INSIDE, "UDP 192.0.2.1:53 > 10.0.0.1:4001");
    conntrack_release(&tracker);
    lab_release(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_firewall__matches_fields),
        TEST(test_firewall__asks_from_top_to_bottom),
        TEST(test_firewall__says_which_rule_it_was),
        TEST(test_firewall__lets_in_only_answers),
        TEST(test_firewall__limits_rates),
        TEST(test_firewall__names_an_interface_that_is_not_there),
        TEST(test_firewall__rejects_with_the_code_that_the_rule_names),
        TEST(test_firewall__is_not_fooled_by_tiny_pieces),
        TEST(test_firewall__sees_the_inside_of_a_nat_box),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

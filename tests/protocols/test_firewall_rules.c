/* SPDX-License-Identifier: MIT
 * The language of firewall rules: what is understood, and what is said of the rest. */
#include "protocols/firewall/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void test_firewall_rules__are_understood(void **state)
{
    static const struct {
        const char *text;
        enum ipv4_hook chain;
        enum firewall_verdict verdict;
        unsigned matches, ranges;
    } rows[] = {
        {"forward accept", IPV4_FORWARD, FIREWALL_ACCEPT, 0, 0},
        {"forward ct state established,related accept", IPV4_FORWARD, FIREWALL_ACCEPT, 1, 2},
        {"forward ct state { established, related } accept", IPV4_FORWARD, FIREWALL_ACCEPT, 1, 2},
        {"forward tcp dport { 80, 443 } accept", IPV4_FORWARD, FIREWALL_ACCEPT, 1, 2},
        {"forward tcp dport {http,https,8000-8080} accept", IPV4_FORWARD, FIREWALL_ACCEPT, 1, 3},
        {"forward tcp sport 22 tcp dport != 1024-65535 drop", IPV4_FORWARD, FIREWALL_DROP, 2, 2},
        {"input icmp type echo-request limit rate 5/second accept", IPV4_INPUT, FIREWALL_ACCEPT, 1, 1},
        {"input limit rate over 10/minute burst 20 packets drop", IPV4_INPUT, FIREWALL_DROP, 0, 0},
        {"forward ip saddr 10.0.0.0/8 log drop", IPV4_FORWARD, FIREWALL_DROP, 1, 1},
        {"forward ip daddr 10.0.0.1-10.0.0.9 counter accept", IPV4_FORWARD, FIREWALL_ACCEPT, 1, 1},
        {"output udp dport domain reject with icmp port-unreachable", IPV4_OUTPUT, FIREWALL_REJECT, 1, 1},
        {"output udp dport 53 reject with icmp type host-unreachable", IPV4_OUTPUT, FIREWALL_REJECT, 1, 1},
        {"output reject", IPV4_OUTPUT, FIREWALL_REJECT, 0, 0},
        {"prerouting iifname \"eth0\" ip protocol { tcp, udp, 47 } accept", IPV4_PREROUTING, FIREWALL_ACCEPT,
         2, 4},
        {"postrouting oifname != { eth0, eth1 } ip ttl < 5 drop", IPV4_POSTROUTING, FIREWALL_DROP, 2, 3},
        {"forward ip ttl >= 64 continue", IPV4_FORWARD, FIREWALL_CONTINUE, 1, 1},
        {"forward counter", IPV4_FORWARD, FIREWALL_CONTINUE, 0, 0},
        {"forward log prefix \"look here: \"", IPV4_FORWARD, FIREWALL_CONTINUE, 0, 0},
        {"add rule ip filter forward iifname \"eth0\" tcp dport 80 ct state established,related accept",
         IPV4_FORWARD, FIREWALL_ACCEPT, 3, 4},
        {"add rule inet mine input tcp dport == ssh accept", IPV4_INPUT, FIREWALL_ACCEPT, 1, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char storage[200] = "";
        struct text why = text_in(storage, sizeof storage);
        struct firewall_line line;
        bool is_right = firewall_read(rows[i].text, &line, &why);
        if (!is_right || line.is_policy || line.chain != rows[i].chain ||
            line.rule.verdict != rows[i].verdict || line.rule.match_count != rows[i].matches ||
            line.rule.range_count != rows[i].ranges)
            fail_msg("\"%s\": %s", rows[i].text, is_right ? "read as something else" : why.start);
    }
}

static void test_firewall_rules__can_be_policies(void **state)
{
    static const struct {
        const char *text;
        enum ipv4_hook chain;
        enum firewall_verdict policy;
    } rows[] = {
        {"chain forward policy drop", IPV4_FORWARD, FIREWALL_DROP},
        {"chain input policy accept;", IPV4_INPUT, FIREWALL_ACCEPT},
        {"add chain ip filter output { type filter hook output priority 0; policy drop; }", IPV4_OUTPUT,
         FIREWALL_DROP},
        {"add chain ip filter output { type filter hook output priority 0; }", IPV4_OUTPUT, FIREWALL_ACCEPT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char storage[200] = "";
        struct text why = text_in(storage, sizeof storage);
        struct firewall_line line;
        if (!firewall_read(rows[i].text, &line, &why))
            fail_msg("\"%s\": %s", rows[i].text, why.start);
        assert_true(line.is_policy);
        assert_int_equal(line.chain, rows[i].chain);
        assert_int_equal(line.policy, rows[i].policy);
    }
}

#define CHAINS "a chain: prerouting, input, forward, output or postrouting"

static void test_firewall_rules__are_refused_in_plain_words(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "expected " CHAINS ", found the end of the rule"},
        {"fooward accept", "expected " CHAINS ", found \"fooward\"; did you mean \"forward\"?"},
        {"add forward accept", "expected \"rule\" or \"chain\" behind \"add\", found \"forward\""},
        {"add rule ipp filter forward accept",
         "expected a family such as ip, found \"ipp\"; did you mean \"ip\"?"},
        {"chain forward policy", "expected accept or drop as the policy, found the end of the rule"},
        {"chain forward drop", "expected \"policy\", found \"drop\""},
        {"chain forward policy dorp",
         "expected accept or drop as the policy, found \"dorp\"; did you mean \"drop\"?"},
        {"forward", "expected a verdict such as accept or drop, found the end of the rule"},
        {"forward tcp dport 80", "expected a verdict such as accept or drop, found the end of the rule"},
        {"forward acept", "expected a match or a verdict, found \"acept\"; did you mean \"accept\"?"},
        {"forward accept drop", "nothing may follow \"accept\", found \"drop\""},
        {"forward tcp dprot 80 accept",
         "expected sport or dport behind \"tcp\", found \"dprot\"; did you mean \"dport\"?"},
        {"forward ip dport 80 accept",
         "expected saddr, daddr, protocol or ttl behind \"ip\", found \"dport\""},
        {"forward tcp dport 80000 accept", "expected a port from 0 to 65535, found \"80000\""},
        {"forward tcp dport htttp accept",
         "expected a port from 0 to 65535, found \"htttp\"; did you mean \"http\"?"},
        {"forward tcp dport 90-80 accept", "expected a port from 0 to 65535, found \"90-80\""},
        {"forward tcp dport { 80, } accept", "expected a port from 0 to 65535, found \"}\""},
        {"forward tcp dport { 80 accept", "expected a comma or } in the set, found \"accept\""},
        {"forward ip saddr 10.0.0.0/33 drop",
         "expected an address such as 10.0.0.1 or 10.0.0.0/8, found \"10.0.0.0/33\""},
        {"forward ip saddr < 10.0.0.1 drop",
         "expected an address such as 10.0.0.1 or 10.0.0.0/8, found \"<\""},
        {"forward ip protocol tpc drop",
         "expected a protocol such as tcp, found \"tpc\"; did you mean \"tcp\"?"},
        {"forward ip ttl < 0 drop", "nothing is less than 0 here"},
        {"forward ip ttl > 255 drop", "nothing is more than 255 here"},
        {"forward ip ttl < 3-5 drop", "< takes one value"},
        {"forward icmp type echo-rquest accept",
         "expected an ICMP type such as echo-request, found \"echo-rquest\"; did you mean \"echo-request\"?"},
        {"forward ct state establshed accept", "expected one of new, established, related, invalid, found "
                                               "\"establshed\"; did you mean \"established\"?"},
        {"forward limit 5/second accept", "expected \"rate\" behind \"limit\", found \"5/second\""},
        {"forward limit rate 5 accept", "expected a rate such as 5/second, found \"5\""},
        {"forward limit rate 5/fortnight accept",
         "expected /second, /minute, /hour or /day behind the rate, found \"5/fortnight\""},
        {"forward limit rate 5/second burst x packets accept",
         "expected a number of packets behind \"burst\", found \"x\""},
        {"forward limit rate 5/second burst 5 accept",
         "expected \"packets\" behind the burst, found \"accept\""},
        {"forward reject with tcp reset", "expected \"icmp\" behind \"reject with\", found \"tcp\""},
        {"forward reject with icmp port-unrechable",
         "expected what to reject with, such as port-unreachable, found \"port-unrechable\"; did you mean "
         "\"port-unreachable\"?"},
        {"forward log prefix hello drop",
         "expected a text in quotation marks behind \"prefix\", found \"hello\""},
        {"forward iifname { } accept", "expected the name of an interface such as \"eth0\", found \"}\""},
        {"forward iifname \"eth0 accept", "the quotation mark before eth0 accept is never closed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char storage[200] = "";
        struct text why = text_in(storage, sizeof storage);
        struct firewall_line line;
        assert_false(firewall_read(rows[i].text, &line, &why));
        if (strcmp(why.start, rows[i].why) != 0)
            fail_msg("\"%s\"\nfound    %s\nexpected %s", rows[i].text, why.start, rows[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_firewall_rules__are_understood),
        cmocka_unit_test(test_firewall_rules__can_be_policies),
        cmocka_unit_test(test_firewall_rules__are_refused_in_plain_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

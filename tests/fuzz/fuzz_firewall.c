/* SPDX-License-Identifier: MIT
 * Any text as lines of a firewall; what is understood then judges packets. What is not must be told why. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/firewall/firewall.h"
#include "tests/fuzz/quiet_env.h"

#define LINES 16

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const interfaces[] = {"eth0", "eth1", NULL};

/* A datagram of each protocol, told apart by its last byte. */
static void judge(struct firewall *firewall, uint8_t protocol)
{
    uint8_t bytes[48] = {0};
    enum firewall_verdict verdict;
    struct ipv4_header header = {.header_bytes = 20,
                                 .total_bytes = sizeof bytes,
                                 .ttl = 9,
                                 .protocol = protocol,
                                 .source = {0x0a000001},
                                 .destination = {0xc0000201}};
    ipv4_header_emit(&header, bytes);
    bytes[20] = 8;
    for (int chain = 0; chain < IPV4_HOOKS; chain++) {
        struct firewall_packet packet = {.bytes = bytes,
                                         .length_bytes = sizeof bytes,
                                         .header = &header,
                                         .in = 0,
                                         .out = 1,
                                         .view = flow_read(bytes, sizeof bytes, &header),
                                         .conntrack = firewall->conntrack};
        const struct firewall_rule *rule = firewall_judge(firewall, (enum ipv4_hook)chain, &packet, &verdict);
        assert(verdict != FIREWALL_CONTINUE);
        assert(!rule || rule->verdict == verdict);
    }
}

static void read_line(struct firewall *firewall, const char *text)
{
    char sentence[200] = "";
    struct text why = text_in(sentence, sizeof sentence);
    struct firewall_line line;
    if (firewall_read(text, &line, &why))
        firewall_add(firewall, &line);
    else
        assert(why.length > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct quiet_env quiet;
    static struct firewall firewall;
    static struct conntrack conntrack;
    struct flows_config config = flows_config_default();
    const struct firewall_rule *rule;
    char sentence[200];
    struct text why = text_in(sentence, sizeof sentence);
    if (length > 4000)
        return 0;
    char *text = malloc(length + 1);
    assert(text);
    if (length > 0)
        memcpy(text, bytes, length);
    text[length] = '\0';
    quiet_init(&quiet);
    firewall_init(&firewall, &quiet.env, LINES);
    conntrack_init(&conntrack, &quiet.env, &config);
    char *at = text;
    for (int i = 0; i < LINES && at; i++) {
        char *end = strchr(at, '\n');
        if (end)
            *end = '\0';
        read_line(&firewall, at);
        at = end ? end + 1 : NULL;
    }
    firewall.conntrack = &conntrack;
    if (firewall_bind(&firewall, interfaces, &rule, &why))
        for (unsigned protocol = 0; protocol < 256; protocol += protocol == 1 ? 5 : protocol == 6 ? 11 : 1)
            judge(&firewall, (uint8_t)protocol);
    else
        assert(why.length > 0);
    firewall_release(&firewall);
    conntrack_release(&conntrack);
    quiet_release(&quiet);
    free(text);
    return 0;
}

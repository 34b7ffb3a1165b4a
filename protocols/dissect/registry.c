/* SPDX-License-Identifier: MIT
 * Who can read what: one row per protocol. A new protocol is a file beside this one, its functions in
 * parts.h, and a row. */
#include "protocols/dissect/parts.h"

#include "protocols/bridge/bpdu.h"
#include "protocols/dhcp/codec.h"
#include "protocols/ethernet/frame.h"
#include "protocols/rip/codec.h"

#define ECHO_PORT 7 /* RFC 862 */

static const struct dissector dissectors[] = {
    {DISSECT_BY_ETHERNET_TYPE, ETHERNET_TYPE_ARP, false, dissect_arp_line, dissect_arp_tree,
     dissect_arp_label, dissect_arp_extent},
    {DISSECT_BY_ETHERNET_TYPE, ETHERNET_TYPE_IPV4, false, dissect_ipv4_line, dissect_ipv4_tree,
     dissect_ipv4_label, dissect_ipv4_extent},
    {DISSECT_BY_LLC_SAP, BPDU_LLC_SAP, false, dissect_stp_line, dissect_stp_tree, dissect_stp_label, NULL},
    {DISSECT_BY_IPV4_PROTOCOL, IPV4_PROTOCOL_ICMP, false, dissect_icmp_line, dissect_icmp_tree,
     dissect_icmp_label, NULL},
    {DISSECT_BY_IPV4_PROTOCOL, IPV4_PROTOCOL_UDP, true, dissect_udp_line, dissect_udp_tree, dissect_udp_label,
     NULL},
    {DISSECT_BY_IPV4_PROTOCOL, IPV4_PROTOCOL_TCP, true, dissect_tcp_line, dissect_tcp_tree, dissect_tcp_label,
     NULL},
    {DISSECT_BY_UDP_PORT, ECHO_PORT, false, dissect_echo_line, dissect_echo_tree, dissect_echo_label, NULL},
    {DISSECT_BY_UDP_PORT, RIP_PORT, false, dissect_rip_line, dissect_rip_tree, dissect_rip_label, NULL},
    {DISSECT_BY_UDP_PORT, DHCP_SERVER_PORT, false, dissect_dhcp_line, dissect_dhcp_tree, dissect_dhcp_label,
     NULL},
    {DISSECT_BY_UDP_PORT, DHCP_CLIENT_PORT, false, dissect_dhcp_line, dissect_dhcp_tree, dissect_dhcp_label,
     NULL},
};

const struct dissector *dissect_find(enum dissect_by by, uint16_t key)
{
    for (size_t i = 0; i < sizeof dissectors / sizeof dissectors[0]; i++)
        if (dissectors[i].by == by && dissectors[i].key == key)
            return &dissectors[i];
    return NULL;
}

const char *const dissect_kind_words[] = {
    "other",      "malformed", "ARP request", "ARP reply", "IPv4",    "ICMP echo request", "ICMP echo reply",
    "ICMP error", "ICMP",      "UDP",         "TCP SYN",   "TCP FIN", "TCP RST",           "TCP data",
    "TCP ACK",    "STP",       "RIP",         "DHCP",      NULL};

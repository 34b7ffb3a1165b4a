/* SPDX-License-Identifier: MIT
 * See fields.h. */
#include "protocols/firewall/fields.h"

static bool read_in(const struct firewall_packet *packet, uint32_t *ret_value)
{
    *ret_value = packet->in;
    return packet->in != IPV4_NO_INTERFACE;
}

static bool read_out(const struct firewall_packet *packet, uint32_t *ret_value)
{
    *ret_value = packet->out;
    return packet->out != IPV4_NO_INTERFACE;
}

static bool read_source(const struct firewall_packet *packet, uint32_t *ret_value)
{
    *ret_value = packet->header->source.value;
    return true;
}

static bool read_destination(const struct firewall_packet *packet, uint32_t *ret_value)
{
    *ret_value = packet->header->destination.value;
    return true;
}

static bool read_protocol(const struct firewall_packet *packet, uint32_t *ret_value)
{
    *ret_value = packet->header->protocol;
    return true;
}

static bool read_ttl(const struct firewall_packet *packet, uint32_t *ret_value)
{
    *ret_value = packet->header->ttl;
    return true;
}

/* A port of the packet itself, not of one that it quotes. */
static bool read_port(const struct firewall_packet *packet, uint8_t protocol, bool is_source,
                      uint32_t *ret_value)
{
    const struct flow_view *view = &packet->view;
    if (view->part != FLOW_REQUEST || view->key.protocol != protocol)
        return false;
    *ret_value = is_source ? view->key.from.port : view->key.to.port;
    return true;
}

static bool read_tcp_source(const struct firewall_packet *packet, uint32_t *ret_value)
{
    return read_port(packet, IPV4_PROTOCOL_TCP, true, ret_value);
}

static bool read_tcp_destination(const struct firewall_packet *packet, uint32_t *ret_value)
{
    return read_port(packet, IPV4_PROTOCOL_TCP, false, ret_value);
}

static bool read_udp_source(const struct firewall_packet *packet, uint32_t *ret_value)
{
    return read_port(packet, IPV4_PROTOCOL_UDP, true, ret_value);
}

static bool read_udp_destination(const struct firewall_packet *packet, uint32_t *ret_value)
{
    return read_port(packet, IPV4_PROTOCOL_UDP, false, ret_value);
}

static bool read_icmp_type(const struct firewall_packet *packet, uint32_t *ret_value)
{
    const struct ipv4_header *header = packet->header;
    if (header->protocol != IPV4_PROTOCOL_ICMP || header->fragment_bytes > 0 ||
        packet->length_bytes <= header->header_bytes)
        return false;
    *ret_value = packet->bytes[header->header_bytes];
    return true;
}

static bool read_state(const struct firewall_packet *packet, uint32_t *ret_value)
{
    if (!packet->conntrack)
        return false;
    *ret_value = conntrack_state(packet->conntrack, &packet->view);
    return true;
}

const struct firewall_field firewall_fields[] = {{"iifname", NULL, FIREWALL_INTERFACE, read_in},
                                                 {"oifname", NULL, FIREWALL_INTERFACE, read_out},
                                                 {"ip", "saddr", FIREWALL_ADDRESS, read_source},
                                                 {"ip", "daddr", FIREWALL_ADDRESS, read_destination},
                                                 {"ip", "protocol", FIREWALL_PROTOCOL, read_protocol},
                                                 {"ip", "ttl", FIREWALL_NUMBER, read_ttl},
                                                 {"tcp", "sport", FIREWALL_PORT, read_tcp_source},
                                                 {"tcp", "dport", FIREWALL_PORT, read_tcp_destination},
                                                 {"udp", "sport", FIREWALL_PORT, read_udp_source},
                                                 {"udp", "dport", FIREWALL_PORT, read_udp_destination},
                                                 {"icmp", "type", FIREWALL_ICMP_TYPE, read_icmp_type},
                                                 {"ct", "state", FIREWALL_STATE, read_state},
                                                 {0}};

/* ---- Names for numbers ---- */

const struct firewall_name firewall_services[] = {
    {"ftp", 21},    {"ssh", 22},    {"telnet", 23}, {"smtp", 25}, {"domain", 53},
    {"bootps", 67}, {"bootpc", 68}, {"http", 80},   {"ntp", 123}, {"snmp", 161},
    {"https", 443}, {"route", 520}, {"echo", 7},    {0}};

const struct firewall_name firewall_protocols[] = {
    {"icmp", IPV4_PROTOCOL_ICMP}, {"tcp", IPV4_PROTOCOL_TCP}, {"udp", IPV4_PROTOCOL_UDP}, {0}};

const struct firewall_name firewall_icmp_types[] = {
    {"echo-reply", 0},           {"destination-unreachable", 3},
    {"source-quench", 4},        {"redirect", 5},
    {"echo-request", 8},         {"router-advertisement", 9},
    {"router-solicitation", 10}, {"time-exceeded", 11},
    {"parameter-problem", 12},   {"timestamp-request", 13},
    {"timestamp-reply", 14},     {0}};

const struct firewall_name firewall_states[] = {{"new", CONNTRACK_NEW},
                                                {"established", CONNTRACK_ESTABLISHED},
                                                {"related", CONNTRACK_RELATED},
                                                {"invalid", CONNTRACK_INVALID},
                                                {0}};

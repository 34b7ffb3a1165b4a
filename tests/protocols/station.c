/* SPDX-License-Identifier: MIT
 * A station for tests, wired as a host is. */
#include "tests/protocols/station.h"

#include "protocols/arp/codec.h"

static void ip_transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop,
                        struct packet_out *packet)
{
    struct station *station = ENV_OWNER(ip, struct station, ip);
    assert_int_equal(interface, 0);
    arp_send(&station->arp, next_hop, packet);
}

static void arp_transmit(struct arp *arp, struct mac_address destination, uint16_t type,
                         struct packet_out *packet)
{
    struct station *station = ENV_OWNER(arp, struct station, arp);
    hand_send(&station->hand, destination, arp->mac, type, packet);
}

static void arp_unresolved(struct arp *arp, struct ipv4_address next_hop, struct packet_out *packet)
{
    struct station *station = ENV_OWNER(arp, struct station, arp);
    ipv4_undeliverable(&station->ip, 0, packet);
}

static void arp_claimed(struct arp *arp, struct ipv4_address address, bool is_ours)
{
    struct station *station = ENV_OWNER(arp, struct station, arp);
    *(is_ours ? &station->claims_won : &station->claims_lost) += 1;
}

static struct ipv4_address arp_asker(struct arp *arp, struct ipv4_address target)
{
    return ipv4_source_on(&ENV_OWNER(arp, struct station, arp)->ip, 0, target);
}

static const struct ipv4_ops ip_ops = {ip_transmit};
static const struct arp_ops arp_ops = {arp_transmit, arp_unresolved, arp_claimed, arp_asker};

void station_init(struct station *station, const struct arp_config *arp, const struct icmp_config *icmp)
{
    struct arp_config usual_arp = arp_config_default();
    struct icmp_config usual_icmp = icmp_config_default();
    struct hand_env *hand = &station->hand;
    *station = (struct station){0};
    hand_init(hand);
    arp_init(&station->arp, &hand->env, &arp_ops, &hand->pool, arp ? arp : &usual_arp, ALICE_MAC);
    ipv4_init(&station->ip, &hand->env, &ip_ops, &hand->pool, 1);
    icmp_init(&station->icmp, &hand->env, &station->ip, icmp ? icmp : &usual_icmp);
    ipv4_set_address(&station->ip, 0, (struct ipv4_prefix){ALICE, 24});
    ipv4_set_gateway(&station->ip, GATEWAY);
    arp_set_address(&station->arp, ALICE);
}

void station_release(struct station *station)
{
    arp_release(&station->arp);
    ipv4_release(&station->ip);
    hand_release(&station->hand);
}

void station_hear(struct station *station, struct mac_address destination, uint16_t type,
                  const uint8_t *bytes, size_t length_bytes)
{
    struct packet packet = {bytes, length_bytes, 0};
    station->hand.cause = 0;
    if (type == ETHERNET_TYPE_ARP)
        arp_receive(&station->arp, packet);
    else
        station->last_reason = ipv4_receive(&station->ip, 0, mac_is_group(destination), packet);
    station->hand.cause = 0;
}

void station_hear_request(struct station *station, struct mac_address mac, struct ipv4_address sender,
                          struct ipv4_address target)
{
    uint8_t bytes[ARP_BYTES];
    struct arp_packet packet = {ARP_REQUEST, mac, sender, mac_none, target};
    arp_emit(&packet, bytes);
    station_hear(station, mac_broadcast, ETHERNET_TYPE_ARP, bytes, sizeof bytes);
}

void station_hear_reply(struct station *station, struct mac_address mac, struct ipv4_address sender)
{
    uint8_t bytes[ARP_BYTES];
    struct arp_packet packet = {ARP_REPLY, mac, sender, ALICE_MAC, ALICE};
    arp_emit(&packet, bytes);
    station_hear(station, ALICE_MAC, ETHERNET_TYPE_ARP, bytes, sizeof bytes);
}

void station_hear_datagram(struct station *station, struct ipv4_header header, const uint8_t *payload,
                           size_t payload_bytes)
{
    uint8_t bytes[2000];
    header.header_bytes = ipv4_header_size(header.options_bytes);
    header.total_bytes = (uint16_t)(header.header_bytes + payload_bytes);
    header.ttl = header.ttl ? header.ttl : 64;
    assert_true(header.total_bytes <= sizeof bytes);
    ipv4_header_emit(&header, bytes);
    if (payload_bytes > 0)
        memcpy(bytes + header.header_bytes, payload, payload_bytes);
    station_hear(station, ALICE_MAC, ETHERNET_TYPE_IPV4, bytes, header.total_bytes);
}

enum ipv4_status station_send(struct station *station, struct ipv4_address destination, size_t bytes)
{
    struct ipv4_request request = {.destination = destination, .protocol = 253};
    struct packet_out packet = packet_make(&station->hand.pool, PACKET_IPV4_HEADROOM, bytes);
    memset(packet.bytes, 0x55, bytes);
    enum ipv4_status status = ipv4_send(&station->ip, &request, &packet);
    station->hand.cause = 0;
    return status;
}

void station_introduce_bob(struct station *station)
{
    arp_add_permanent(&station->arp, BOB, BOB_MAC);
    station->hand.cause = 0;
}

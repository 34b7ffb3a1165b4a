/* SPDX-License-Identifier: MIT
 * One host, its wire and its time. */
#include "embed/host.h"

#include <stdlib.h>
#include <string.h>

#include "protocols/ethernet/frame.h"

#define MTU_LEAST 68 /* RFC 791 3.2: what every module must forward */
#define MTU_MOST 65535
#define INTERFACE 0

static const int error_invalid = -NET_EINVAL;

/* ---- Downwards ---- */

static struct nt_host *host_of_ip(struct ipv4 *ip)
{
    return ENV_OWNER(ip, struct nt_host, ip);
}

static void ip_transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop,
                        struct packet_out *packet)
{
    struct nt_host *host = host_of_ip(ip);
    (void)interface;
    if (host->kind == NT_HOST_FRAMES)
        arp_send(&host->arp, next_hop, packet);
    else
        wire_put(&host->wire, packet, host->dial.now);
}

static const struct ipv4_ops ip_ops = {ip_transmit};

static void arp_transmit(struct arp *arp, struct mac_address destination, uint16_t type,
                         struct packet_out *packet)
{
    struct nt_host *host = ENV_OWNER(arp, struct nt_host, arp);
    struct ethernet_header header = {destination, host->mac, type};
    ethernet_prepend(packet, &header);
    wire_put(&host->wire, packet, host->dial.now);
}

static void arp_unresolved(struct arp *arp, struct ipv4_address next_hop, struct packet_out *packet)
{
    (void)next_hop;
    ipv4_undeliverable(&ENV_OWNER(arp, struct nt_host, arp)->ip, INTERFACE, packet);
}

static const struct arp_ops arp_ops = {arp_transmit, arp_unresolved, NULL};

/* ---- Upwards ---- */

static void frame_arrives(struct nt_host *host, struct packet frame)
{
    struct reader reader = reader_over(frame.bytes, frame.length_bytes);
    struct ethernet_header header;
    if (!ethernet_parse(&reader, &header))
        return;
    bool is_group = mac_is_group(header.destination);
    struct packet payload = packet_behind(frame, ETHERNET_HEADER);
    if (!is_group && !mac_is_equal(header.destination, host->mac))
        return;
    if (header.type_or_length == ETHERNET_TYPE_ARP)
        arp_receive(&host->arp, payload);
    else if (header.type_or_length == ETHERNET_TYPE_IPV4)
        ipv4_receive(&host->ip, INTERFACE, is_group, payload);
}

int nt_host_inject(struct nt_host *host, const void *bytes, size_t count)
{
    struct packet packet = {bytes, count, 0};
    if (count > MTU_MOST + (host->kind == NT_HOST_FRAMES ? ETHERNET_HEADER : 0u))
        return error_invalid;
    if (host->kind == NT_HOST_FRAMES)
        frame_arrives(host, packet);
    else
        ipv4_receive(&host->ip, INTERFACE, false, packet);
    return 0;
}

int nt_host_take(struct nt_host *host, void *bytes, size_t size, int64_t *ret_at)
{
    const struct wire_sent *sent = wire_oldest(&host->wire);
    if (!sent)
        return -NET_EAGAIN;
    size_t length = sent->packet.length_bytes;
    size_t padding = host->kind == NT_HOST_FRAMES ? ethernet_pad_bytes(length) : 0;
    if (length + padding > size)
        return -NET_EMSGSIZE;
    memcpy(bytes, sent->packet.bytes, length);
    memset((uint8_t *)bytes + length, 0, padding);
    if (ret_at)
        *ret_at = sent->at;
    wire_take(&host->wire);
    return (int)(length + padding);
}

/* ---- Time ---- */

int64_t nt_host_now(const struct nt_host *host)
{
    return host->dial.now;
}

int64_t nt_host_deadline(const struct nt_host *host)
{
    return dial_deadline(&host->dial);
}

int nt_host_run_until(struct nt_host *host, int64_t at)
{
    if (at < host->dial.now)
        return error_invalid;
    dial_run_until(&host->dial, at);
    return 0;
}

void nt_host_listen_to(struct nt_host *host,
                       void (*told)(void *context, int64_t at, const char *kind, const char *words),
                       void *context)
{
    host->told = told;
    host->told_context = context;
    host->dial.told = told ? host_facts_tell : NULL;
    host->dial.is_listening = told != NULL;
}

/* ---- Opening and closing ---- */

/* What the caller wants, understood. */
struct plan {
    struct ipv4_prefix prefix;
    struct ipv4_address gateway;
    enum tcp_profile profile;
    uint32_t mtu_bytes;
    struct mac_address mac;
};

static struct mac_address read_mac(const uint8_t bytes[6])
{
    uint64_t number = 0;
    for (unsigned i = 0; i < 6; i++)
        number = number << 8 | bytes[i];
    return mac_from_number(number);
}

static bool read_profile(const char *word, enum tcp_profile *ret_profile)
{
    for (unsigned i = 0; tcp_profile_words[i]; i++)
        if (strcmp(word, tcp_profile_words[i]) == 0) {
            *ret_profile = (enum tcp_profile)i;
            return true;
        }
    return false;
}

static bool understand(const struct nt_host_options *options, struct plan *ret_plan)
{
    static const uint8_t none[6];
    struct plan plan = {.mtu_bytes = options->mtu ? options->mtu : ETHERNET_MTU,
                        .profile = TCP_PROFILE_LINUX};
    if (options->size != sizeof *options || !options->address ||
        !ipv4_prefix_parse(options->address, &plan.prefix, NULL))
        return false;
    if (options->gateway && !ipv4_parse(options->gateway, &plan.gateway, NULL))
        return false;
    if (options->profile && !read_profile(options->profile, &plan.profile))
        return false;
    plan.mac = memcmp(options->mac, none, sizeof none) == 0 ? mac_from_number(UINT64_C(0x020000000001))
                                                            : read_mac(options->mac);
    *ret_plan = plan;
    return ipv4_is_one_host(plan.prefix.address) && plan.mtu_bytes >= MTU_LEAST && plan.mtu_bytes <= MTU_MOST;
}

static void set_ways(struct nt_host *host, const struct plan *plan)
{
    struct route everywhere = {.interface = INTERFACE, .source = ROUTE_STATIC};
    host->ip.interfaces[INTERFACE].mtu_bytes = plan->mtu_bytes;
    ipv4_set_address(&host->ip, INTERFACE, plan->prefix);
    if (!ipv4_is_any(plan->gateway))
        ipv4_set_gateway(&host->ip, plan->gateway);
    else if (host->kind == NT_HOST_DATAGRAMS)
        routes_add(&host->ip.routes, &everywhere);
    if (host->kind == NT_HOST_FRAMES)
        arp_set_address(&host->arp, plan->prefix.address);
}

static void wire_up(struct nt_host *host, const struct plan *plan, uint64_t seed)
{
    struct arp_config arp_config = arp_config_default();
    struct icmp_config icmp_config = icmp_config_default();
    dial_init(&host->dial);
    wire_init(&host->wire);
    dial_env_init(&host->arp_env, &host->dial, seed, "arp");
    dial_env_init(&host->ip_env, &host->dial, seed, "ipv4");
    dial_env_init(&host->icmp_env, &host->dial, seed, "icmp");
    dial_env_init(&host->udp_env, &host->dial, seed, "udp");
    dial_env_init(&host->tcp_env, &host->dial, seed, "tcp");
    arp_init(&host->arp, &host->arp_env.env, &arp_ops, &host->wire.pool, &arp_config, plan->mac);
    ipv4_init(&host->ip, &host->ip_env.env, &ip_ops, &host->wire.pool, 1);
    icmp_init(&host->icmp, &host->icmp_env.env, &host->ip, &icmp_config);
    udp_init(&host->udp, &host->udp_env.env);
    ipv4_network_init(&host->udp_network, &host->ip, IPV4_PROTOCOL_UDP, &host->udp.user);
    udp_add_layer(&host->udp, &host->udp_network.layer);
    tcp_init(&host->tcp, &host->tcp_env.env, plan->profile);
    ipv4_network_init(&host->tcp_network, &host->ip, IPV4_PROTOCOL_TCP, &host->tcp.user);
    tcp_add_layer(&host->tcp, &host->tcp_network.layer);
}

int nt_host_open(const struct nt_host_options *options, struct nt_host **ret_host)
{
    struct plan plan;
    if (!understand(options, &plan))
        return error_invalid;
    struct nt_host *host = calloc(1, sizeof *host);
    if (!host)
        return -HOST_ENOMEM;
    host->kind = options->wire;
    host->mac = plan.mac;
    wire_up(host, &plan, options->seed);
    set_ways(host, &plan);
    *ret_host = host;
    return 0;
}

void nt_host_free(struct nt_host *host)
{
    if (!host)
        return;
    nt_host_listen_to(host, NULL, NULL);
    host_sockets_release(host);
    tcp_release(&host->tcp);
    udp_release(&host->udp);
    arp_release(&host->arp);
    ipv4_release(&host->ip);
    wire_release(&host->wire);
    dial_release(&host->dial);
    free(host);
}

/* SPDX-License-Identifier: MIT
 * See dhcp_lab.h. */
#include "tests/protocols/dhcp_lab.h"

static void keep(struct lab *lab, const struct dhcp_sending *how, const uint8_t *bytes, size_t length_bytes)
{
    assert_true(lab->sent_count < LAB_KEPT);
    struct lab_sent *sent = &lab->sent[lab->sent_count++];
    *sent = (struct lab_sent){.how = *how, .length_bytes = length_bytes, .at = lab->hand.now};
    assert_int_equal(dhcp_parse(bytes, length_bytes, &sent->message), DHCP_OK);
    assert_true(length_bytes >= DHCP_LEAST);
}

static void client_send(struct dhcp_client *client, const struct dhcp_sending *how, const uint8_t *bytes,
                        size_t length_bytes)
{
    keep(ENV_OWNER(client, struct lab, client), how, bytes, length_bytes);
}

static void client_check(struct dhcp_client *client, struct ipv4_prefix prefix)
{
    struct lab *lab = ENV_OWNER(client, struct lab, client);
    lab->checks++;
    if (!lab->answers_late)
        dhcp_client_checked(client, !lab->is_conflict);
}

static void client_configure(struct dhcp_client *client, const struct dhcp_grant *grant)
{
    struct lab *lab = ENV_OWNER(client, struct lab, client);
    if (grant)
        lab->grant = *grant;
    lab->configured += grant != NULL;
    lab->lost += grant == NULL;
}

static void client_informed(struct dhcp_client *client, const struct dhcp_grant *grant)
{
    struct lab *lab = ENV_OWNER(client, struct lab, client);
    lab->informed += grant != NULL;
    if (grant)
        lab->grant = *grant;
}

static const struct dhcp_client_ops client_ops = {client_send, client_check, client_configure,
                                                  client_informed};

static void server_send(struct dhcp_server *server, const struct dhcp_sending *how, const uint8_t *bytes,
                        size_t length_bytes)
{
    keep(ENV_OWNER(server, struct lab, server), how, bytes, length_bytes);
}

static void server_probe(struct dhcp_server *server, struct ipv4_address address)
{
    ENV_OWNER(server, struct lab, server)->probed = address;
}

static const struct dhcp_server_ops server_ops = {server_send, server_probe};

static void relay_send(struct dhcp_relay *relay, const struct dhcp_sending *how, const uint8_t *bytes,
                       size_t length_bytes)
{
    keep(ENV_OWNER(relay, struct lab, relay), how, bytes, length_bytes);
}

/* Interface 0 is 10.0.0.1, interface 1 is 10.1.0.1. */
static bool relay_find(struct dhcp_relay *relay, struct ipv4_address address, uint32_t *ret_interface)
{
    *ret_interface = ipv4_is_equal(address, IP(10, 1, 0, 1));
    return *ret_interface == 1 || ipv4_is_equal(address, IP(10, 0, 0, 1));
}

static const struct dhcp_relay_ops relay_ops = {relay_send, relay_find};

void lab_init(struct lab *lab)
{
    memset(lab, 0, sizeof *lab);
    hand_init(&lab->hand);
    struct env *env = &lab->hand.env;
    struct dhcp_client_config client = dhcp_client_config_default(ALICE_MAC);
    strcpy(client.host_name, "alice");
    dhcp_client_init(&lab->client, env, &client_ops, &client);
    static const struct dhcp_pool pools[] = {
        {.network = {{0x0a000000}, 24}, .first = {0x0a000064}, .last = {0x0a000066}},
        {.network = {{0x0a010000}, 24}, .first = {0x0a010064}, .last = {0x0a010064}}};
    static const struct dhcp_reservation reserved[] = {{{{2, 0, 0, 0, 0, 0xf1}}, {0x0a00000f}}};
    dhcp_leases_init(&lab->book, env);
    dhcp_leases_set_pools(&lab->book, pools, 2, reserved, 1);
    struct dhcp_server_config server = dhcp_server_config_default();
    server.probe_time = 0;
    server.routers = (struct dhcp_addresses){2, {GATEWAY_IP, IP(10, 1, 0, 254)}};
    server.dns = (struct dhcp_addresses){1, {IP(10, 0, 0, 53)}};
    dhcp_server_init(&lab->server, env, &server_ops, &lab->book, &server);
    struct dhcp_relay_config relay = dhcp_relay_config_default();
    relay.servers[0] = IP(10, 9, 0, 2);
    relay.server_count = 1;
    dhcp_relay_init(&lab->relay, env, &relay_ops, &relay);
}

void lab_release(struct lab *lab)
{
    dhcp_client_release(&lab->client);
    dhcp_server_release(&lab->server);
    dhcp_leases_release(&lab->book);
    hand_release(&lab->hand);
}

const struct lab_sent *lab_expect(struct lab *lab, enum dhcp_type type)
{
    if (lab->taken == lab->sent_count)
        fail_msg("nothing was sent; %s was expected", dhcp_type_words[type]);
    const struct lab_sent *sent = &lab->sent[lab->taken++];
    if (sent->message.type != type)
        fail_msg("%s was sent; %s was expected", dhcp_type_words[sent->message.type], dhcp_type_words[type]);
    if (lab->taken == lab->sent_count && lab->sent_count > LAB_KEPT / 2) {
        lab->sent[0] = *sent; /* begin anew */
        sent = &lab->sent[0];
        lab->sent_count = lab->taken = 1;
    }
    return sent;
}

void lab_expect_silence(struct lab *lab)
{
    if (lab->taken < lab->sent_count)
        fail_msg("%s was sent; silence was expected", dhcp_type_words[lab->sent[lab->taken].message.type]);
}

void lab_client_hears(struct lab *lab, const struct dhcp_message *message)
{
    uint8_t bytes[DHCP_ROOM];
    size_t length_bytes = dhcp_emit(message, bytes);
    dhcp_client_receive(&lab->client, bytes, length_bytes, 0);
}

static void server_hears(struct lab *lab, const struct dhcp_message *message, bool was_broadcast)
{
    uint8_t bytes[DHCP_ROOM];
    struct dhcp_arrival arrival = {.bytes = bytes,
                                   .length_bytes = dhcp_emit(message, bytes),
                                   .was_broadcast = was_broadcast,
                                   .local = {SERVER_IP, 24}};
    dhcp_server_receive(&lab->server, &arrival);
}

void lab_server_hears(struct lab *lab, const struct dhcp_message *message)
{
    server_hears(lab, message, true);
}

void lab_server_hears_unicast(struct lab *lab, const struct dhcp_message *message)
{
    server_hears(lab, message, false);
}

void lab_relay_hears(struct lab *lab, const struct dhcp_message *message, uint32_t interface)
{
    uint8_t bytes[DHCP_ROOM];
    struct dhcp_arrival arrival = {.bytes = bytes,
                                   .length_bytes = dhcp_emit(message, bytes),
                                   .was_broadcast = true,
                                   .interface = interface,
                                   .local = {interface ? IP(10, 1, 0, 1) : SERVER_IP, 24}};
    dhcp_relay_receive(&lab->relay, &arrival);
}

struct dhcp_message lab_answer(const struct lab *lab, enum dhcp_type type)
{
    return (struct dhcp_message){.op = DHCP_BOOTREPLY,
                                 .xid = lab->client.xid,
                                 .chaddr = ALICE_MAC,
                                 .yiaddr = type == DHCP_NAK ? IPV4_ANY : IP(10, 0, 0, 100),
                                 .type = type,
                                 .server_id = SERVER_IP,
                                 .lease_s = type == DHCP_NAK ? 0 : 1000,
                                 .mask = {0xffffff00},
                                 .routers = {1, {GATEWAY_IP}}};
}

struct dhcp_message lab_request(enum dhcp_type type, struct mac_address mac, uint32_t xid)
{
    return (struct dhcp_message){
        .op = DHCP_BOOTREQUEST, .xid = xid, .chaddr = mac, .type = type, .wants_broadcast = true};
}

void lab_bind(struct lab *lab)
{
    dhcp_client_start(&lab->client, 0);
    hand_advance(&lab->hand, 0);
    lab_expect(lab, DHCP_DISCOVER);
    struct dhcp_message offer = lab_answer(lab, DHCP_OFFER);
    lab_client_hears(lab, &offer);
    lab_expect(lab, DHCP_REQUEST);
    struct dhcp_message ack = lab_answer(lab, DHCP_ACK);
    lab_client_hears(lab, &ack);
    assert_int_equal(lab->client.state, DHCP_BOUND);
}

struct ipv4_address lab_lease(struct lab *lab, struct mac_address mac)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, mac, 1);
    lab_server_hears(lab, &discover);
    const struct lab_sent *offer = lab_expect(lab, DHCP_OFFER);
    struct dhcp_message request = lab_request(DHCP_REQUEST, mac, 1);
    request.requested = offer->message.yiaddr;
    request.server_id = offer->message.server_id;
    lab_server_hears(lab, &request);
    const struct lab_sent *ack = lab_expect(lab, DHCP_ACK);
    assert_int_equal(ack->message.yiaddr.value, request.requested.value);
    return ack->message.yiaddr;
}

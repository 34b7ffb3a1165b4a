/* SPDX-License-Identifier: MIT
 * Leases never overlap: ten thousand clients that come, crash, come back, release and lose messages, two
 * servers that are restarted, pools that are too small; at no time is one address in use by two. Checklist
 * DHCP-18.
 *
 * In every round a new network of 40 stations lives for ten minutes. Messages are late by up to 50 ms, in no
 * order, and one in five is lost. The link's own check for conflicts always says "nobody has it": what keeps
 * addresses apart here is the leases alone. */
#include "tests/protocols/hand_env.h"

#include <stdlib.h>

#include "protocols/dhcp/client.h"
#include "protocols/dhcp/server.h"

#define ROUNDS 250
#define STATIONS 40
#define SERVERS 2
#define POOL 16 /* addresses of each server */
#define ROUND_TIME (600 * ENV_SECOND) /* five leases */
#define ON_THE_WAY 512

struct world;

struct station {
    struct world *world;
    struct dhcp_client client;
    struct ipv4_address address; /* in use; 0.0.0.0: none */
};

struct server {
    struct world *world;
    struct dhcp_leases book;
    struct dhcp_server server;
    struct ipv4_address address;
};

struct letter {
    struct world *world;
    bool is_used;
    struct dhcp_sending how;
    uint8_t bytes[DHCP_ROOM];
    size_t length_bytes;
    struct env_timer timer;
};

struct world {
    struct hand_env hand;
    struct station stations[STATIONS];
    struct server servers[SERVERS];
    struct letter letters[ON_THE_WAY];
    struct env_timer mischief;
    uint64_t dice;
    size_t configured, lost_letters, crashes;
};

static struct world world;

static uint32_t roll(uint32_t sides)
{
    world.dice = world.dice * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(world.dice >> 33) % sides;
}

/* ---- The network ---- */

static void arrive_at_station(const struct letter *letter)
{
    for (int i = 0; i < STATIONS; i++) /* everybody hears a broadcast */
        dhcp_client_receive(&world.stations[i].client, letter->bytes, letter->length_bytes, 0);
}

static void arrive_at_server(const struct letter *letter, struct server *server)
{
    bool is_broadcast = ipv4_is_limited_broadcast(letter->how.destination);
    struct dhcp_arrival arrival = {.bytes = letter->bytes,
                                   .length_bytes = letter->length_bytes,
                                   .was_broadcast = is_broadcast,
                                   .local = {server->address, 24}};
    if (is_broadcast || ipv4_is_equal(letter->how.destination, server->address))
        dhcp_server_receive(&server->server, &arrival);
}

static void arrive(struct env_timer *timer)
{
    struct letter *letter = ENV_OWNER(timer, struct letter, timer);
    if (letter->how.destination_port == DHCP_CLIENT_PORT)
        arrive_at_station(letter);
    for (int i = 0; letter->how.destination_port == DHCP_SERVER_PORT && i < SERVERS; i++)
        arrive_at_server(letter, &world.servers[i]);
    letter->is_used = false;
}

static void post(const struct dhcp_sending *how, const uint8_t *bytes, size_t length_bytes)
{
    struct letter *letter = world.letters;
    if (roll(5) == 0) {
        world.lost_letters++;
        return;
    }
    while (letter->is_used)
        letter++;
    assert_true(letter < world.letters + ON_THE_WAY);
    letter->is_used = true;
    letter->how = *how;
    letter->length_bytes = length_bytes;
    memcpy(letter->bytes, bytes, length_bytes);
    env_arm(&world.hand.env, &letter->timer, world.hand.now + (1 + roll(50)) * ENV_MILLISECOND);
}

/* ---- Stations ---- */

static void client_send(struct dhcp_client *client, const struct dhcp_sending *how, const uint8_t *bytes,
                        size_t length_bytes)
{
    post(how, bytes, length_bytes);
}

static void client_check(struct dhcp_client *client, struct ipv4_prefix prefix)
{
    dhcp_client_checked(client, true);
}

/* The property. */
static void client_configure(struct dhcp_client *client, const struct dhcp_grant *grant)
{
    struct station *station = ENV_OWNER(client, struct station, client);
    station->address = grant ? grant->prefix.address : IPV4_ANY;
    world.configured += grant != NULL;
    for (int i = 0; grant && i < STATIONS; i++) {
        const struct station *other = &world.stations[i];
        if (other != station && ipv4_is_equal(other->address, station->address))
            fail_msg("10.0.0.%u is in use by stations %d and %d", station->address.value & 255, i,
                     (int)(station - world.stations));
    }
}

static void client_informed(struct dhcp_client *client, const struct dhcp_grant *grant)
{
}

static const struct dhcp_client_ops client_ops = {client_send, client_check, client_configure,
                                                  client_informed};

static void station_init(struct station *station)
{
    uint32_t number = (uint32_t)(station - world.stations);
    struct dhcp_client_config config = dhcp_client_config_default(mac_from_number(0x020000000000 + number));
    config.sends_id = number % 2;
    station->world = &world;
    station->address = IPV4_ANY;
    dhcp_client_init(&station->client, &world.hand.env, &client_ops, &config);
}

/* ---- Servers ---- */

static void server_send(struct dhcp_server *server, const struct dhcp_sending *how, const uint8_t *bytes,
                        size_t length_bytes)
{
    post(how, bytes, length_bytes);
}

static void server_probe(struct dhcp_server *server, struct ipv4_address address)
{
    if (roll(20) == 0)
        dhcp_server_answered(server, address);
}

static const struct dhcp_server_ops server_ops = {server_send, server_probe};

static void server_start(struct server *server)
{
    struct dhcp_server_config config = dhcp_server_config_default();
    config.lease_s = 120;
    config.offer_time = 10 * ENV_SECOND;
    config.probe_time = roll(2) ? ENV_SECOND / 2 : 0;
    dhcp_server_init(&server->server, &world.hand.env, &server_ops, &server->book, &config);
}

/* ---- What goes wrong ---- */

static void cause_mischief(struct env_timer *timer)
{
    struct station *station = &world.stations[roll(STATIONS)];
    struct server *server = &world.servers[roll(SERVERS)];
    switch (roll(8)) {
    case 0: /* the power fails: nothing is said, nothing is remembered */
        world.crashes++;
        dhcp_client_release(&station->client);
        station_init(station);
        break;
    case 1: /* switched off properly: the lease is remembered */
        dhcp_client_stop(&station->client);
        break;
    case 2:
        dhcp_client_give_back(&station->client);
        break;
    case 3: /* the server is restarted; its book is on disk */
        dhcp_server_release(&server->server);
        server_start(server);
        break;
    default:
        dhcp_client_start(&station->client, roll(2) ? 10 * ENV_SECOND : 0);
    }
    env_arm(&world.hand.env, timer, world.hand.now + roll(4000) * ENV_MILLISECOND);
}

static void round_init(uint64_t seed)
{
    size_t configured = world.configured, lost_letters = world.lost_letters, crashes = world.crashes;
    world = (struct world){
        .dice = seed, .configured = configured, .lost_letters = lost_letters, .crashes = crashes};
    hand_init(&world.hand);
    world.hand.is_listening = false;
    world.hand.random = seed * 7919 + 1;
    for (int i = 0; i < ON_THE_WAY; i++)
        env_timer_init(&world.letters[i].timer, arrive);
    for (uint32_t i = 0; i < SERVERS; i++) {
        struct server *server = &world.servers[i];
        uint32_t first = 0x0a000064 + i * POOL;
        struct dhcp_pool pool = {{{0x0a000000}, 24}, {first}, {first + POOL - 1}, 0};
        server->world = &world;
        server->address.value = 0x0a000001 + i;
        dhcp_leases_init(&server->book, &world.hand.env);
        dhcp_leases_set_pools(&server->book, &pool, 1, NULL, 0);
        server_start(server);
    }
    for (int i = 0; i < STATIONS; i++)
        station_init(&world.stations[i]);
    env_timer_init(&world.mischief, cause_mischief);
    env_arm(&world.hand.env, &world.mischief, 0);
}

static void round_release(void)
{
    env_disarm(&world.hand.env, &world.mischief);
    for (int i = 0; i < ON_THE_WAY; i++)
        env_disarm(&world.hand.env, &world.letters[i].timer);
    for (int i = 0; i < STATIONS; i++)
        dhcp_client_release(&world.stations[i].client);
    for (int i = 0; i < SERVERS; i++)
        dhcp_leases_release(&world.servers[i].book);
    hand_release(&world.hand);
}

static void test_many__no_address_is_held_by_two(void **state)
{
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        round_init(seed);
        hand_advance(&world.hand, ROUND_TIME);
        round_release();
    }
    print_message("%d clients, %zu leases, %zu letters lost, %zu crashes\n", ROUNDS * STATIONS,
                  world.configured, world.lost_letters, world.crashes);
    assert_true(world.configured > ROUNDS * STATIONS); /* it did happen */
    assert_true(world.crashes > ROUNDS && world.lost_letters > ROUNDS * STATIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_many__no_address_is_held_by_two)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * A stranger's datagrams on ports 67 and 68: parser, client, server, book and relay stay in one piece.
 *
 * Input: steps of one byte what to do and one how; for a message, two more for its length, and the message.
 * What was parsed and written is parsed the same again. */
#include <assert.h>
#include <stdlib.h>

#include "protocols/dhcp/client.h"
#include "protocols/dhcp/relay.h"
#include "protocols/dhcp/server.h"
#include "sim/base/bytes.h"
#include "tests/fuzz/quiet_env.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct machine {
    struct quiet_env quiet;
    struct dhcp_client client;
    struct dhcp_leases book;
    struct dhcp_server server;
    struct dhcp_relay relay;
};

/* ---- What the machines ask for ---- */

/* Everything that is sent can be read. */
static void look(const uint8_t *bytes, size_t length_bytes)
{
    struct dhcp_message message;
    assert(length_bytes >= DHCP_LEAST);
    assert(dhcp_parse(bytes, length_bytes, &message) == DHCP_OK);
}

static void client_send(struct dhcp_client *client, const struct dhcp_sending *how, const uint8_t *bytes,
                        size_t length_bytes)
{
    look(bytes, length_bytes);
}

static void client_check(struct dhcp_client *client, struct ipv4_prefix prefix)
{
    assert(prefix.length <= 32);
    dhcp_client_checked(client, prefix.address.value % 4 != 0);
}

static void client_configure(struct dhcp_client *client, const struct dhcp_grant *grant)
{
    assert(!grant || ipv4_is_one_host(grant->prefix.address));
}

static const struct dhcp_client_ops client_ops = {client_send, client_check, client_configure,
                                                  client_configure};

static void server_send(struct dhcp_server *server, const struct dhcp_sending *how, const uint8_t *bytes,
                        size_t length_bytes)
{
    look(bytes, length_bytes);
}

static void server_probe(struct dhcp_server *server, struct ipv4_address address)
{
    if (address.value % 3 == 0)
        dhcp_server_answered(server, address);
}

static const struct dhcp_server_ops server_ops = {server_send, server_probe};

static void relay_send(struct dhcp_relay *relay, const struct dhcp_sending *how, const uint8_t *bytes,
                       size_t length_bytes)
{
    assert(length_bytes > DHCP_FIXED);
}

static bool relay_find(struct dhcp_relay *relay, struct ipv4_address address, uint32_t *ret_interface)
{
    *ret_interface = 1;
    return address.value % 2;
}

static const struct dhcp_relay_ops relay_ops = {relay_send, relay_find};

/* ---- What must be true ---- */

static void check_codec(const uint8_t *bytes, size_t length)
{
    uint8_t first[DHCP_ROOM], second[DHCP_ROOM];
    struct dhcp_message message, again;
    if (dhcp_parse(bytes, length, &message) != DHCP_OK)
        return;
    size_t written = dhcp_emit(&message, first);
    assert(dhcp_parse(first, written, &again) == DHCP_OK);
    assert(dhcp_emit(&again, second) == written && memcmp(first, second, written) == 0);
}

static void check_book(const struct dhcp_leases *book)
{
    uint32_t count = 0;
    for (const struct dhcp_lease *lease = book->oldest; lease; lease = lease->newer) {
        assert(dhcp_leases_find(book, lease->address) == lease);
        assert((lease->state == DHCP_PROBING) == (lease->pending != NULL));
        assert((lease->state == DHCP_FREE) ==
               (lease->expires == ENV_NEVER && !env_timer_is_armed(&lease->timer)));
        count++;
    }
    assert(count == book->count && count <= 9);
}

/* ---- Steps ---- */

static void hear(struct machine *machine, uint8_t what, const uint8_t *bytes, size_t length)
{
    uint8_t *copy = quiet_copy(bytes, length);
    struct dhcp_arrival arrival = {.bytes = copy,
                                   .length_bytes = length,
                                   .was_broadcast = what & 16,
                                   .interface = 1,
                                   .local = {{0x0a000001}, 24}};
    check_codec(copy, length);
    if (length >= 8 && what & 32) /* a stranger who can listen knows the transaction */
        bytes_put_u32(copy + 4, machine->client.xid);
    switch (what & 3) {
    case 0:
        dhcp_server_receive(&machine->server, &arrival);
        break;
    case 1:
        dhcp_relay_receive(&machine->relay, &arrival);
        break;
    default:
        dhcp_client_receive(&machine->client, copy, length, 0);
    }
    free(copy);
}

/* Does one step. Returns how many bytes it used. */
static size_t step(struct machine *machine, const uint8_t *bytes, size_t length)
{
    size_t size = length >= 4 ? bytes_u16(bytes + 2) % 1000 : 0;
    switch (bytes[0] % 8) {
    case 0:
        quiet_advance(&machine->quiet, bytes[1] * 4 * ENV_SECOND);
        return 2;
    case 1:
        dhcp_client_start(&machine->client, bytes[1] % 2 ? 10 * ENV_SECOND : 0);
        return 2;
    case 2:
        dhcp_client_stop(&machine->client);
        return 2;
    case 3:
        dhcp_client_give_back(&machine->client);
        return 2;
    case 4:
        dhcp_client_inform(&machine->client, (struct ipv4_address){0x0a000000u | bytes[1]});
        return 2;
    case 5:
        dhcp_client_checked(&machine->client, bytes[1] % 2);
        return 2;
    default:
        if (length < 4)
            return length;
        size = size < length - 4 ? size : length - 4;
        hear(machine, bytes[1], bytes + 4, size);
        return 4 + size;
    }
}

static void machine_init(struct machine *machine)
{
    struct dhcp_client_config client = dhcp_client_config_default(mac_from_number(UINT64_C(0x020000000001)));
    struct dhcp_server_config server = dhcp_server_config_default();
    struct dhcp_relay_config relay = dhcp_relay_config_default();
    struct dhcp_pool pool = {{{0x0a000000}, 24}, {0x0a000064}, {0x0a00006b}, 0};
    struct dhcp_reservation reserved = {{{2, 0, 0, 0, 0, 1}}, {0x0a000009}};
    struct env *env = &machine->quiet.env;
    quiet_init(&machine->quiet);
    dhcp_client_init(&machine->client, env, &client_ops, &client);
    dhcp_leases_init(&machine->book, env);
    dhcp_leases_set_pools(&machine->book, &pool, 1, &reserved, 1);
    dhcp_server_init(&machine->server, env, &server_ops, &machine->book, &server);
    relay.servers[0].value = 0x0a090002;
    relay.server_count = 1;
    relay.adds_agent_info = true;
    dhcp_relay_init(&machine->relay, env, &relay_ops, &relay);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct machine machine;
    machine_init(&machine);
    while (length >= 2) {
        size_t used = step(&machine, bytes, length);
        bytes += used;
        length -= used;
        check_book(&machine.book);
    }
    dhcp_client_release(&machine.client);
    dhcp_server_release(&machine.server);
    dhcp_leases_release(&machine.book);
    quiet_release(&machine.quiet);
    return 0;
}

/* SPDX-License-Identifier: MIT
 * See dhcpd.h. The server of protocols/dhcp/server.h, with a socket on port 67 and the words of a command
 * line.
 *
 *     dhcpd --pool 10.0.0.100-10.0.0.200 --lease 600s --router 10.0.0.1
 *     dhcpd --pool 10.1.0.100-10.1.0.200/24 ...          a network behind a relay: its length must be said
 *
 * The book of leases is the machine's: a dhcpd that is stopped and started again finds it. */
#include "nodes/apps/dhcpd.h"

#include <stdio.h>
#include <string.h>

#include "nodes/dhcp.h"
#include "protocols/dhcp/server.h"

#define MOST_POOL_ADDRESSES 65536

struct dhcpd {
    struct nt_app *app;
    struct node_env env;
    struct dhcp_wire wire;
    struct dhcp_server server;
    struct icmp_listener probes; /* echoes of addresses that should be free */
    uint16_t probe_count;
};

enum { OPT_POOL, OPT_LEASE, OPT_ROUTER, OPT_DNS, OPT_DOMAIN, OPT_FIXED, OPT_PROBE };

/* ---- Words ---- */

/* "10.0.0.100-10.0.0.200" or the same with "/24": number: the first, extra: the last, and above it the
 * length. */
static bool parse_pool(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    char first_text[IPV4_TEXT_SIZE];
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    const char *dash = strchr(text, '-');
    struct ipv4_address first;
    struct ipv4_prefix last;
    char last_text[IPV4_PREFIX_TEXT_SIZE];
    if (!dash || dash - text >= IPV4_TEXT_SIZE || strlen(dash + 1) >= sizeof last_text) {
        text_add(&why, "expected two addresses such as 10.0.0.100-10.0.0.200, found '%.60s'", text);
        return false;
    }
    snprintf(first_text, sizeof first_text, "%.*s", (int)(dash - text), text);
    bool has_length = strchr(dash + 1, '/');
    if (!ipv4_parse(first_text, &first, &why) ||
        !(has_length ? ipv4_prefix_parse(dash + 1, &last, &why) : ipv4_parse(dash + 1, &last.address, &why)))
        return false;
    if (first.value > last.address.value || last.address.value - first.value >= MOST_POOL_ADDRESSES) {
        text_add(&why, "'%.60s': the last address must follow the first, with at most %d between them", text,
                 MOST_POOL_ADDRESSES);
        return false;
    }
    ret_value->number = first.value;
    ret_value->extra = (int64_t)(has_length ? last.length : 0) << 32 | last.address.value;
    return true;
}

/* "02:00:00:00:00:07=10.0.0.7": number: the Ethernet address, extra: the IP address. */
static bool parse_fixed(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    char mac_text[MAC_TEXT_SIZE];
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    const char *equals = strchr(text, '=');
    struct mac_address mac;
    struct ipv4_address address;
    if (!equals || equals - text >= MAC_TEXT_SIZE) {
        text_add(&why, "expected an assignment such as 02:00:00:00:00:07=10.0.0.7, found '%.60s'", text);
        return false;
    }
    snprintf(mac_text, sizeof mac_text, "%.*s", (int)(equals - text), text);
    if (!mac_parse(mac_text, &mac)) {
        text_add(&why, "'%s' is not an Ethernet address", mac_text);
        return false;
    }
    if (!ipv4_parse(equals + 1, &address, &why))
        return false;
    ret_value->number = (int64_t)mac_to_number(mac);
    ret_value->extra = address.value;
    return true;
}

static const struct nt_param dhcpd_params[] = {
    {.name = "--pool",
     .kind = NT_PARAM_LIST,
     .flags = NT_PARAM_REQUIRED,
     .parse = parse_pool,
     .summary =
         "addresses to give, such as 10.0.0.100-10.0.0.200; with /24 behind it for a network behind a relay; "
         "again for each further network"},
    {.name = "--lease",
     .kind = NT_PARAM_TIME,
     .default_text = "600 s",
     .least = NT_SECOND,
     .most = 4000000 * NT_SECOND,
     .summary = "for how long an address is given, at most"},
    {.name = "--router",
     .kind = NT_PARAM_LIST,
     .summary = "the gateway that clients are told, a node's name or an address; of several those on the "
                "client's network"},
    {.name = "--dns",
     .kind = NT_PARAM_LIST,
     .summary = "a name server that clients are told; again for more"},
    {.name = "--domain", .kind = NT_PARAM_TEXT, .summary = "the domain that clients are told"},
    {.name = "--fixed",
     .kind = NT_PARAM_LIST,
     .parse = parse_fixed,
     .summary = "an address kept for one station, such as 02:00:00:00:00:07=10.0.0.7; again for more"},
    {.name = "--probe",
     .kind = NT_PARAM_TIME,
     .default_text = "1 s",
     .most = 60 * NT_SECOND,
     .summary = "how long to wait for an echo before a new address is offered; 0 s: do not ask"},
    {0}};

/* ---- What the server asks for ---- */

static void server_send(struct dhcp_server *server, const struct dhcp_sending *how, const uint8_t *bytes,
                        size_t length_bytes)
{
    dhcp_wire_send(&NT_OWNER(server, struct dhcpd, server)->wire, how, bytes, length_bytes);
}

static void server_probe(struct dhcp_server *server, struct ipv4_address address)
{
    struct dhcpd *self = NT_OWNER(server, struct dhcpd, server);
    struct icmp_echo_request request = {
        .destination = address, .id = self->probes.id, .sequence = ++self->probe_count, .data_bytes = 56};
    icmp_send_echo(stack_icmp(self->wire.stack), &request);
}

static const struct dhcp_server_ops server_ops = {server_send, server_probe};

static void on_echo(struct icmp_listener *listener, const struct icmp_echo *echo)
{
    dhcp_server_answered(&NT_OWNER(listener, struct dhcpd, probes)->server, echo->from);
}

static void arrived(struct dhcp_wire *wire, const struct dhcp_arrival *arrival)
{
    dhcp_server_receive(&NT_OWNER(wire, struct dhcpd, wire)->server, arrival);
}

/* ---- Beginning ---- */

/* Of what network is this pool? As was said, else as the interface says that is on it. */
static bool find_network(const struct stack *stack, const struct nt_value *item, struct dhcp_pool *ret_pool)
{
    struct ipv4_address first = {(uint32_t)item->number}, last = {(uint32_t)(item->extra & UINT32_MAX)};
    struct ipv4_prefix network = {first, (uint8_t)(item->extra >> 32)};
    struct ipv4_prefix own;
    for (uint32_t i = 0; i < stack->interface_count; i++)
        for (uint32_t j = 0; network.length == 0 && ipv4_address_at(&stack->ip, i, j, &own); j++)
            if (ipv4_prefix_has(own, first))
                network.length = own.length;
    network.address = ipv4_prefix_network(network);
    *ret_pool = (struct dhcp_pool){network, first, last, 0};
    return network.length > 0 && ipv4_prefix_has(network, last);
}

/* Names and addresses, as many as a message carries. False: `*ret_bad` is none. */
static bool resolve(struct stack *stack, const struct nt_value *list, struct dhcp_addresses *ret_addresses,
                    const char **ret_bad)
{
    for (uint32_t i = 0; i < list->count && i < DHCP_ADDRESSES; i++) {
        *ret_bad = list->items[i].text;
        if (!stack_resolve(stack, *ret_bad, &ret_addresses->at[i]))
            return false;
        ret_addresses->count++;
    }
    return true;
}

static bool configure(struct dhcpd *self, struct stack *stack, struct dhcp_server_config *ret_config)
{
    const struct nt_value *values = self->app->values;
    const char *bad = NULL;
    ret_config->lease_s = (uint32_t)(values[OPT_LEASE].number / NT_SECOND);
    ret_config->probe_time = values[OPT_PROBE].number;
    if (values[OPT_DOMAIN].is_given)
        snprintf(ret_config->domain, sizeof ret_config->domain, "%s", values[OPT_DOMAIN].text);
    if (resolve(stack, &values[OPT_ROUTER], &ret_config->routers, &bad) &&
        resolve(stack, &values[OPT_DNS], &ret_config->dns, &bad))
        return true;
    nt_print(self->app, "dhcpd: %s: Name or service not known\n", bad);
    return false;
}

/* Gives the book its pools and reservations. */
static bool fill_book(struct dhcpd *self, struct stack *stack, struct dhcp_leases *book)
{
    const struct nt_value *pools = &self->app->values[OPT_POOL], *fixed = &self->app->values[OPT_FIXED];
    struct dhcp_pool *all = nt_new(self->app->node, pools->count * sizeof *all);
    struct dhcp_reservation *kept = nt_new(self->app->node, (fixed->count + 1) * sizeof *kept);
    bool is_fine = true;
    for (uint32_t i = 0; i < pools->count && is_fine; i++) {
        is_fine = find_network(stack, &pools->items[i], &all[i]);
        if (!is_fine)
            nt_print(self->app,
                     "dhcpd: the pool %s is on no network of this machine; say its length, as in %s/24\n",
                     pools->items[i].text, pools->items[i].text);
    }
    for (uint32_t i = 0; i < fixed->count; i++)
        kept[i] = (struct dhcp_reservation){mac_from_number((uint64_t)fixed->items[i].number),
                                            {(uint32_t)fixed->items[i].extra}};
    if (is_fine)
        dhcp_leases_set_pools(book, all, pools->count, kept, fixed->count);
    nt_free(self->app->node, all);
    nt_free(self->app->node, kept);
    return is_fine;
}

static void dhcpd_start(struct nt_app *app)
{
    struct dhcpd *self = app->state;
    struct stack *stack = stack_of(app->node);
    struct dhcp_server_config config = dhcp_server_config_default();
    struct dhcp_leases *book = dhcp_book_of(stack);
    self->app = app;
    self->wire.arrived = arrived;
    int error = dhcp_wire_open(&self->wire, app->node, app, DHCP_SERVER_PORT);
    if (error)
        nt_print(app, "dhcpd: port %d: %s\n", DHCP_SERVER_PORT, app->node->sockets->error_words(error));
    if (error || !configure(self, stack, &config) || !fill_book(self, stack, book)) {
        nt_app_exit(app, 2);
        return;
    }
    node_env_init(&self->env, app->node, "dhcpd", dhcp_kinds, DHCP_FACTS);
    dhcp_server_init(&self->server, &self->env.env, &server_ops, book, &config);
    self->probes.reply = on_echo;
    icmp_listen(stack_icmp(stack), &self->probes);
}

static void dhcpd_interrupt(struct nt_app *app)
{
    struct dhcpd *self = app->state;
    const struct dhcp_server_counters *counters = &self->server.counters;
    if (!app->is_running)
        return;
    dhcp_server_release(&self->server);
    icmp_unlisten(stack_icmp(self->wire.stack), &self->probes);
    dhcp_wire_close(&self->wire);
    nt_print(app, "%llu offers, %llu agreed, %llu refused, %llu left without an answer\n",
             (unsigned long long)counters->offers, (unsigned long long)counters->acks,
             (unsigned long long)counters->naks, (unsigned long long)counters->silences);
    nt_app_exit(app, 0);
}

const struct nt_app_type dhcpd_app = {.size = sizeof(struct nt_app_type),
                                      .state_bytes = sizeof(struct dhcpd),
                                      .name = "dhcpd",
                                      .summary = "gives addresses to who asks, by DHCP",
                                      .params = dhcpd_params,
                                      .start = dhcpd_start,
                                      .interrupt = dhcpd_interrupt};

/* SPDX-License-Identifier: MIT
 * See rip_lab.h. */
#include "tests/protocols/rip_lab.h"

#include <stdlib.h>

struct rip_config lab_rounds(enum rip_horizon horizon)
{
    struct rip_config config = rip_config_default();
    config.jitter = 0;
    config.triggers = false;
    config.horizon = horizon;
    return config;
}

/* ---- What the machines ask for ---- */

static struct lab_router *router_of(struct rip *rip)
{
    return ENV_OWNER(rip, struct lab_router, rip);
}

static void lab_send(struct rip *rip, const struct rip_peer *to, const uint8_t *bytes, size_t length_bytes)
{
    struct lab_router *router = router_of(rip);
    struct lab *lab = router->lab;
    const struct lab_port *port = &router->ports[to->interface];
    assert_int_equal(rip_parse(bytes, length_bytes, &router->last), RIP_OK);
    router->last_to = *to;
    router->said++;
    if (port->peer < 0)
        return;
    assert_true(lab->letter_count < LAB_LETTERS);
    struct lab_letter *letter = &lab->letters[lab->letter_count++];
    letter->to = port->peer;
    letter->from = (struct rip_peer){port->peer_port, port->prefix.address, RIP_PORT};
    letter->length_bytes = length_bytes;
    memcpy(letter->bytes, bytes, length_bytes);
}

static void lab_route(struct rip *rip, const struct rip_entry *entry)
{
    assert_ptr_equal(rip_find(rip, entry->prefix), entry);
    router_of(rip)->routes++;
}

static void lab_announce(struct rip *rip)
{
    router_of(rip)->announced++;
}

static const struct rip_ops lab_ops = {lab_send, lab_route, lab_announce};

static void deliver(struct lab *lab)
{
    for (size_t i = 0; i < lab->letter_count; i++) {
        struct lab_letter letter = lab->letters[i];
        rip_receive(&lab->routers[letter.to].rip, &letter.from, letter.bytes, letter.length_bytes, 0);
        hand_advance(&lab->hand, 0); /* triggered updates leave in the instant of the change */
    }
    lab->letter_count = 0;
}

/* ---- Building ---- */

void lab_init(struct lab *lab, int router_count)
{
    *lab = (struct lab){.router_count = router_count};
    hand_init(&lab->hand);
    lab->letters = calloc(LAB_LETTERS, sizeof *lab->letters);
}

void lab_release(struct lab *lab)
{
    for (int r = 0; r < lab->router_count; r++)
        rip_release(&lab->routers[r].rip);
    hand_release(&lab->hand);
    free(lab->letters);
}

static void plug(struct lab *lab, int r, int peer, uint32_t peer_port, struct ipv4_prefix network)
{
    struct lab_router *router = &lab->routers[r];
    assert_true(router->port_count < LAB_PORTS);
    network.address.value += (uint32_t)r + 1;
    router->ports[router->port_count++] = (struct lab_port){peer, peer_port, network};
}

struct ipv4_prefix lab_join(struct lab *lab, int a, int b)
{
    struct ipv4_prefix network = {{0x0a000000u | (uint32_t)lab->network_count++ << 8}, 24};
    uint32_t port_a = lab->routers[a].port_count;
    plug(lab, a, b, b < 0 ? 0 : lab->routers[b].port_count, network);
    if (b >= 0)
        plug(lab, b, a, port_a, network);
    return network;
}

void lab_build(struct lab *lab, const struct rip_config *config)
{
    for (int r = 0; r < lab->router_count; r++) {
        struct lab_router *router = &lab->routers[r];
        router->lab = lab;
        rip_init(&router->rip, &lab->hand.env, &lab_ops, config, router->port_count);
        for (uint32_t i = 0; i < router->port_count; i++)
            rip_set_interface(&router->rip, i, router->ports[i].prefix, true);
    }
}

/* ---- Running ---- */

void lab_start(struct lab *lab, int r)
{
    rip_start(&lab->routers[r].rip);
    deliver(lab);
}

void lab_set_up(struct lab *lab, struct ipv4_prefix network, bool is_up)
{
    for (int r = 0; r < lab->router_count; r++) {
        struct lab_router *router = &lab->routers[r];
        for (uint32_t i = 0; i < router->port_count; i++)
            if (ipv4_prefix_has(router->ports[i].prefix, network.address))
                rip_set_interface(&router->rip, i, router->ports[i].prefix, is_up);
    }
    hand_advance(&lab->hand, 0);
    deliver(lab);
}

void lab_run(struct lab *lab, int seconds)
{
    for (int second = 0; second < seconds; second++) {
        hand_forget(&lab->hand);
        hand_advance(&lab->hand, ENV_SECOND);
        deliver(lab);
    }
}

uint32_t lab_metric(const struct lab *lab, int r, struct ipv4_prefix network)
{
    const struct rip_entry *entry = rip_find(&lab->routers[r].rip, network);
    return entry ? entry->metric : RIP_INFINITY;
}

int lab_way(const struct lab *lab, int r, struct ipv4_prefix network)
{
    const struct rip_entry *entry = rip_find(&lab->routers[r].rip, network);
    return entry && entry->state == RIP_LEARNT ? lab->routers[r].ports[entry->interface].peer : -1;
}

/* SPDX-License-Identifier: MIT
 * A stranger who speaks the spanning tree protocol: BPDUs, lines that come and go, time that passes, in any
 * order. The codec gives back what it read, the machine stays in one piece, and nothing is left behind.
 *
 * Input: steps of one byte what to do, one byte where or how much, and for an arrival 38 bytes more. */
#include <assert.h>
#include <stdlib.h>

#include "protocols/bridge/stp.h"
#include "tests/fuzz/quiet_env.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define PORTS 4

struct machine {
    struct quiet_env quiet;
    struct env *places[PORTS];
    struct stp stp;
};

static void transmit(struct stp *stp, uint32_t port, struct packet_out *packet)
{
    struct bpdu bpdu;
    assert(port < PORTS);
    assert(bpdu_parse(packet->bytes, packet->length_bytes, &bpdu) == BPDU_OK); /* we understand ourselves */
    quiet_send(&ENV_OWNER(stp, struct machine, stp)->quiet, packet);
}

static void state_changed(struct stp *stp, uint32_t port, enum stp_state state)
{
    assert(stp->ports[port].state == state);
}

static void changing(struct stp *stp, bool is_changing, int64_t forward_delay)
{
    assert(stp->is_changing == is_changing);
}

static const struct stp_ops ops = {transmit, state_changed, changing};

/* What the message says is what would be written; flags that nobody knows are lost. */
static void check_codec(const uint8_t *bytes, size_t length)
{
    uint8_t again[BPDU_MOST];
    struct bpdu bpdu;
    if (bpdu_parse(bytes, length, &bpdu) != BPDU_OK)
        return;
    bpdu_emit(&bpdu, again);
    assert(memcmp(again, bytes, BPDU_LLC_BYTES) == 0);
    if (bpdu.type == BPDU_CONFIG)
        assert(memcmp(again + 8, bytes + 8, BPDU_MOST - 8) == 0);
}

/* One root port at most; timers only where they belong. */
static void check_machine(const struct stp *stp)
{
    assert(stp_is_root(stp) == (stp->root_port == STP_NO_PORT));
    assert(stp->root.value <= stp->bridge_id.value);
    for (uint32_t i = 0; i < PORTS; i++) {
        const struct stp_port *port = &stp->ports[i];
        bool is_on_the_way = port->state == STP_LISTENING || port->state == STP_LEARNING;
        assert(env_timer_is_armed(&port->forward_delay) == is_on_the_way);
        assert((port->role == STP_ROLE_ROOT) == (i == stp->root_port));
        assert(port->role != STP_ROLE_ALTERNATE || port->state == STP_BLOCKING);
        assert((port->role == STP_ROLE_DISABLED) == (port->state == STP_DISABLED));
        char why[64];
        stp_port_explain(stp, i, why, sizeof why);
    }
}

/* Does one step. Returns how many bytes it used. */
static size_t step(struct machine *machine, const uint8_t *bytes, size_t length)
{
    size_t left = length - 2 < BPDU_MOST ? length - 2 : BPDU_MOST;
    uint32_t port = bytes[1] % PORTS;
    uint8_t *copy;
    switch (bytes[0] % 5) {
    case 0:
        copy = quiet_copy(bytes + 2, left);
        check_codec(copy, left);
        stp_receive(&machine->stp, port, (struct packet){copy, left, 0});
        free(copy);
        return 2 + left;
    case 1:
        quiet_advance(&machine->quiet, bytes[1] * (ENV_SECOND / 4));
        return 2;
    case 2:
        stp_enable_port(&machine->stp, port, 1u + bytes[1]);
        return 2;
    case 3:
        stp_disable_port(&machine->stp, port);
        return 2;
    default:
        stp_set_bridge_id(&machine->stp, bridge_id_of((uint16_t)(bytes[1] << 8), mac_from_number(7)));
        return 2;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct machine machine;
    struct stp_config config = stp_config_default();
    quiet_init(&machine.quiet);
    for (int i = 0; i < PORTS; i++)
        machine.places[i] = &machine.quiet.env;
    stp_init(&machine.stp, &machine.quiet.env, machine.places, PORTS, &ops, &machine.quiet.pool, &config,
             bridge_id_of(STP_PRIORITY_DEFAULT, mac_from_number(7)));
    stp_start(&machine.stp);
    for (uint32_t i = 0; i + 1 < PORTS; i++)
        stp_enable_port(&machine.stp, i, 4);
    while (length >= 2) {
        size_t used = step(&machine, bytes, length);
        bytes += used;
        length -= used;
        check_machine(&machine.stp);
    }
    stp_release(&machine.stp);
    quiet_release(&machine.quiet);
    return 0;
}

/* SPDX-License-Identifier: MIT
 * arpspoof: tells a station again and again that somebody else's address is here. Options as in dsniff.
 *
 * ARP believes whoever answers (RFC 826 has no notion of a liar), so what the target sends to that address
 * comes here from now on. A host that forwards passes it on, and nobody notices but the clock; one that does
 * not swallows it. */
#include "nodes/apps/arpspoof.h"

#include "nodes/stack.h"

#define ARPSPOOF_PAUSE (2 * NT_SECOND) /* dsniff's: sooner than a cache forgets */

struct arpspoof {
    struct nt_app *app;
    struct stack_interface *interface;
    struct nt_event next;
    struct ipv4_address target, claimed;
    struct mac_address target_mac;
    bool is_for_one; /* a target was given */
    uint64_t sent;
};

enum { OPT_TARGET, OPT_HOST };

static const struct nt_param arpspoof_params[] = {
    {.name = "-t", .kind = NT_PARAM_TEXT, .summary = "whom to tell it; everybody if not given"},
    {.name = "host",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,
     .summary = "whose address is claimed"},
    {0}};

static void arpspoof_fire(struct nt_event *event)
{
    struct arpspoof *spoof = NT_OWNER(event, struct arpspoof, next);
    struct nt_node *node = event->node;
    struct nic *nic = &spoof->interface->nic;
    struct nt_frame *frame = nt_frame_new(node, 0, ETHERNET_HEADER + ARP_BYTES);
    struct ethernet_header header = {spoof->target_mac, nic->mac, ETHERNET_TYPE_ARP};
    struct arp_packet lie = {ARP_REPLY, nic->mac, spoof->claimed, spoof->target_mac, spoof->target};
    ethernet_emit(&header, frame->bytes);
    arp_emit(&lie, frame->bytes + ETHERNET_HEADER);
    spoof->sent++;
    nic_send(nic, frame);
    nt_arm(event, nt_now(node) + ARPSPOOF_PAUSE);
}

static void arpspoof_start(struct nt_app *app)
{
    struct arpspoof *spoof = app->state;
    struct stack *stack = stack_of(app->node);
    const struct nt_value *target = &app->values[OPT_TARGET];
    *spoof = (struct arpspoof){.app = app, .target_mac = mac_broadcast, .is_for_one = target->is_given};
    bool is_known =
        stack->interface_count && stack_resolve(stack, app->values[OPT_HOST].text, &spoof->claimed);
    if (is_known && target->is_given)
        is_known = stack_resolve(stack, target->text, &spoof->target) &&
                   nt_resolve(app->node, target->text, spoof->target_mac.bytes, MAC_BYTES);
    if (!is_known) {
        nt_print(app, "arpspoof: the target and the host must be nodes with addresses\n");
        nt_app_exit(app, 2);
        return;
    }
    spoof->interface = &stack->interfaces[0];
    nt_event_init(&spoof->next, app->node, arpspoof_fire);
    arpspoof_fire(&spoof->next);
}

static void arpspoof_interrupt(struct nt_app *app)
{
    struct arpspoof *spoof = app->state;
    nt_disarm(&spoof->next);
    nt_print(app, "%llu lies told\n", (unsigned long long)spoof->sent);
    if (app->is_running)
        nt_app_exit(app, 0);
}

const struct nt_app_type arpspoof_app = {.size = sizeof(struct nt_app_type),
                                         .state_bytes = sizeof(struct arpspoof),
                                         .name = "arpspoof",
                                         .summary = "claims somebody else's IP address by forged ARP replies",
                                         .params = arpspoof_params,
                                         .start = arpspoof_start,
                                         .interrupt = arpspoof_interrupt};

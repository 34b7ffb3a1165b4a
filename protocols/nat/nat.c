/* SPDX-License-Identifier: MIT
 * The life of a binding: from nat_bind, which finds it a port, to flow_ended, which takes it back when its
 * last flow is over. The idea is in nat.h. */
#include "protocols/nat/nat.h"

#include "protocols/icmp/codec.h"
#include "protocols/nat/nat_parts.h"
#include "sim/base/sum16.h"

const char *const nat_dependence_words[] = {"endpoint-independent", "address", "address-and-port", NULL};

static const struct flow_end any_end = {{0}, 0};

struct nat_config nat_config_default(void)
{
    return (struct nat_config){.mapping = NAT_ENDPOINT_INDEPENDENT,   /* RFC 4787 REQ-1 */
                               .filtering = NAT_ENDPOINT_INDEPENDENT, /* RFC 4787 REQ-8 */
                               .assignment = NAT_SEQUENTIAL,
                               .first_port = NAT_PORTS_FIRST,
                               .last_port = NAT_PORTS_LAST,
                               .hairpins = true, /* RFC 4787 REQ-9 */
                               .flows = flows_config_default()};
}

/* ---- Ports ---- */

static struct nat_ports *ports_for(struct nat *nat, uint8_t protocol)
{
    unsigned index = flow_protocol_index(protocol);
    assert(index > 0);
    struct nat_ports **ports = &nat->ports[index - 1];
    if (!*ports) {
        *ports = env_new(nat->env, sizeof **ports);
        nat_ports_init(*ports, nat->config.first_port, nat->config.last_port, protocol == IPV4_PROTOCOL_ICMP);
    }
    return *ports;
}

/* A port for `inside`. The box itself keeps its own if it can: the program that uses it was told its number.
 */
static uint16_t choose_port(struct nat *nat, uint8_t protocol, struct flow_end inside)
{
    struct nat_ports *ports = ports_for(nat, protocol);
    bool is_own = ipv4_is_equal(inside.address, nat_outside_address(nat));
    if (is_own && nat_ports_claim(ports, inside.port))
        return inside.port;
    return nat_ports_take(ports, inside.port, nat->config.assignment);
}

/* ---- Bindings ---- */

/* As much of `remote` as a mapping depends on: RFC 4787 4.1. */
static struct flow_end mapped_remote(const struct nat *nat, struct flow_end remote)
{
    if (nat->config.mapping == NAT_ENDPOINT_INDEPENDENT)
        return any_end;
    if (nat->config.mapping == NAT_ADDRESS)
        remote.port = 0;
    return remote;
}

struct nat_binding *nat_find(const struct nat *nat, uint8_t protocol, struct flow_end inside,
                             struct flow_end remote)
{
    enum flow_way way;
    struct flow_key key = {inside, remote, protocol};
    const struct flow *flow = flows_find(&nat->flows, &key, &way);
    if (flow) /* an answer leaves by the binding that the question came in by */
        return flow->user;
    struct nat_binding *binding = nat_bindings_inside(&nat->bindings, protocol, inside, any_end);
    if (binding) /* the only one with this mapping, or made by a person */
        return binding;
    return nat_bindings_inside(&nat->bindings, protocol, inside, mapped_remote(nat, remote));
}

static uint64_t tell_binding(struct nat *nat, enum nat_fact fact, uint64_t frame,
                             const struct nat_binding *binding)
{
    return env_tell(nat->env, &nat_kinds[fact], frame, binding->number,
                    flow_protocol_index(binding->protocol), binding->inside.address.value,
                    binding->inside.port, nat_outside_address(nat).value, binding->outside_port);
}

void nat_tell(struct nat *nat, enum nat_fact fact, uint64_t frame, const struct nat_binding *binding)
{
    env_because(nat->env, tell_binding(nat, fact, frame, binding));
}

struct nat_binding *nat_bind(struct nat *nat, uint8_t protocol, struct flow_end inside,
                             struct flow_end remote, uint64_t frame)
{
    struct nat_binding *binding = nat_find(nat, protocol, inside, remote);
    if (binding)
        return binding;
    uint16_t port = choose_port(nat, protocol, inside);
    if (!port)
        return NULL;
    binding = nat_bindings_add(&nat->bindings, protocol, inside, mapped_remote(nat, remote), port);
    tell_binding(nat, NAT_BIND, frame, binding);
    return binding;
}

static void unbind_if_idle(struct nat *nat, struct nat_binding *binding)
{
    if (binding->is_static || !list_is_empty(&binding->flows))
        return;
    tell_binding(nat, NAT_UNBIND, 0, binding);
    nat_ports_give_back(ports_for(nat, binding->protocol), binding->outside_port);
    nat_bindings_remove(&nat->bindings, binding);
}

static void flow_ended(struct flows *flows, struct flow *flow, enum flow_ending why)
{
    struct nat *nat = ENV_OWNER(flows, struct nat, flows);
    list_remove(&flow->mates);
    unbind_if_idle(nat, flow->user);
}

bool nat_note(struct nat *nat, struct nat_binding *binding, const struct flow_view *view,
              struct flow_end remote, size_t bytes, bool is_outward)
{
    enum flow_way way = FLOW_THERE;
    bool is_tcp = binding->protocol == IPV4_PROTOCOL_TCP;
    struct flow_key key = {binding->inside, remote, binding->protocol};
    if (!is_outward)
        key = flow_key_back(key);
    binding->packets[is_outward ? FLOW_THERE : FLOW_BACK]++;
    struct flow *flow = flows_find(&nat->flows, &key, &way);
    if (!flow && !is_outward && !is_tcp && !binding->is_static)
        return true; /* a stranger keeps nothing alive: RFC 4787 12 */
    if (!flow) {
        flow = flows_add(&nat->flows, &key);
        if (!flow) {
            unbind_if_idle(nat, binding);
            return false;
        }
        flow->user = binding;
        list_add_last(&binding->flows, &flow->mates);
    }
    bool refreshes =
        is_outward || is_tcp || binding->is_static || nat->config.inbound_refreshes; /* RFC 4787 REQ-6 */
    flows_note(&nat->flows, flow, way, view->tcp_flags, bytes, refreshes);
    return true;
}

int64_t nat_binding_expires(const struct nat_binding *binding)
{
    int64_t latest = 0;
    if (binding->is_static)
        return ENV_NEVER;
    for (const struct list_link *link = binding->flows.head.next; link != &binding->flows.head;
         link = link->next) {
        const struct flow *flow = LIST_OWNER(link, struct flow, mates);
        if (flow->expires > latest)
            latest = flow->expires;
    }
    return latest;
}

bool nat_forward(struct nat *nat, uint8_t protocol, uint16_t port, struct flow_end inside)
{
    if (!nat_ports_claim(ports_for(nat, protocol), port))
        return false;
    struct nat_binding *binding = nat_bindings_add(&nat->bindings, protocol, inside, any_end, port);
    binding->is_static = true;
    return true;
}

/* ---- Packets that end here ---- */

/* RFC 5508 REQ-8: who wanted to begin something and could not is told so. */
static void complain(struct nat *nat, const struct ipv4_passing *passing)
{
    struct packet view = packet_view(passing->packet);
    struct ipv4_arrival about = {.header = *passing->header,
                                 .packet = view,
                                 .payload = packet_behind(view, passing->header->header_bytes),
                                 .interface = passing->in};
    if (nat->ip->complain && passing->in != IPV4_NO_INTERFACE)
        nat->ip->complain(nat->ip, &about, ICMP_UNREACHABLE, ICMP_ADMINISTRATIVELY_PROHIBITED, 0);
}

enum ipv4_verdict nat_drop(struct nat *nat, const struct ipv4_passing *passing, enum nat_reason why)
{
    const struct ipv4_header *header = passing->header;
    bool is_exhausted = why == NAT_NO_PORT || why == NAT_NO_ROOM;
    nat->counters.dropped++;
    nat->counters.exhausted += is_exhausted;
    nat->counters.filtered += why == NAT_FILTERED;
    env_because(nat->env,
                env_tell(nat->env, &nat_kinds[NAT_DROP], passing->packet->frame, why, header->source.value,
                         header->destination.value, flow_protocol_index(header->protocol)));
    if (is_exhausted)
        complain(nat, passing);
    return IPV4_STOP;
}

bool nat_icmp_is_whole(const struct ipv4_passing *passing, const struct flow_view *view)
{
    const struct packet_out *packet = passing->packet;
    return sum16_fold(sum16_add(0, packet->bytes + view->transport,
                                packet->length_bytes - view->transport)) == 0xffff;
}

/* ---- Making one ---- */

void nat_init(struct nat *nat, struct env *env, struct ipv4 *ip, uint32_t outside,
              const struct nat_config *config)
{
    *nat = (struct nat){.env = env,
                        .ip = ip,
                        .config = *config,
                        .outside = outside,
                        .prerouting = {.priority = NAT_DESTINATION_PRIORITY, .see = nat_see_inward},
                        .postrouting = {.priority = NAT_SOURCE_PRIORITY, .see = nat_see_outward}};
    nat_bindings_init(&nat->bindings, env);
    flows_init(&nat->flows, env, &config->flows, flow_ended);
    nat_syns_init(nat);
    ipv4_hook_add(ip, IPV4_PREROUTING, &nat->prerouting);
    ipv4_hook_add(ip, IPV4_POSTROUTING, &nat->postrouting);
}

void nat_release(struct nat *nat)
{
    nat_syns_release(nat);
    flows_release(&nat->flows);
    nat_bindings_release(&nat->bindings);
    for (size_t i = 0; i < sizeof nat->ports / sizeof *nat->ports; i++)
        env_free(nat->env, nat->ports[i]);
}

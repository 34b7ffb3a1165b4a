/* SPDX-License-Identifier: MIT
 * See server.h: one function for each message that a client can send. */
#include "protocols/dhcp/server_parts.h"

#define OFFER_TIME (60 * ENV_SECOND)

/* ---- DISCOVER: RFC 2131 4.3.1 ---- */

static void offer(struct dhcp_server *server, const struct dhcp_case *about, struct dhcp_lease *lease,
                  enum dhcp_choice choice)
{
    dhcp_leases_hold(lease, DHCP_OFFERED_TO, env_now(server->env) + server->config.offer_time);
    dhcp_say_offer(server, about, lease, choice);
}

/* RFC 2131 2.2: before an address is given anew, somebody may be using it without having asked us. */
static void probe(struct dhcp_server *server, const struct dhcp_case *about, struct dhcp_lease *lease,
                  enum dhcp_choice choice)
{
    struct dhcp_pending *pending = env_new(server->env, sizeof *pending);
    *pending = (struct dhcp_pending){*about->message, about->interface, about->local, about->frame, choice};
    dhcp_leases_hold(lease, DHCP_PROBING, env_now(server->env) + server->config.probe_time);
    lease->pending = pending;
    env_tell(server->env, &dhcp_kinds[DHCP_PROBED], 0, lease->address.value,
             (int64_t)mac_to_number(lease->mac), server->config.probe_time);
    server->ops->probe(server, lease->address);
}

static void on_discover(struct dhcp_server *server, const struct dhcp_case *about)
{
    enum dhcp_choice choice;
    struct dhcp_lease *lease = dhcp_leases_choose(server->book, about->pool, about->message, &choice);
    bool may_probe = server->config.probe_time > 0 && server->ops->probe;
    if (!lease)
        dhcp_say_nothing(server, about, DHCP_POOL_EMPTY); /* RFC 2131 4.3.1 */
    else if (lease->state == DHCP_PROBING)
        dhcp_say_nothing(server, about, DHCP_STILL_PROBING);
    else if (lease->state == DHCP_FREE && may_probe)
        probe(server, about, lease, choice);
    else
        offer(server, about, lease, choice);
}

static struct dhcp_case case_of(const struct dhcp_server *server, const struct dhcp_pending *pending)
{
    struct dhcp_case about = {.message = &pending->message,
                              .local = pending->local,
                              .interface = pending->interface,
                              .frame = pending->frame,
                              .was_broadcast = true};
    struct ipv4_address giaddr = pending->message.giaddr;
    about.pool = dhcp_leases_pool(server->book, ipv4_is_any(giaddr) ? about.local.address : giaddr);
    return about;
}

static void on_unanswered(struct dhcp_leases *book, struct dhcp_lease *lease)
{
    struct dhcp_server *server = book->server;
    struct dhcp_pending pending = *lease->pending;
    struct dhcp_case about = case_of(server, &pending);
    if (about.pool)
        offer(server, &about, lease, pending.choice);
    else /* the pools are others by now */
        dhcp_leases_free(lease, DHCP_LEASE_BY_NO_REQUEST);
}

void dhcp_server_answered(struct dhcp_server *server, struct ipv4_address address)
{
    struct dhcp_lease *lease = dhcp_leases_find(server->book, address);
    if (!lease || lease->state != DHCP_PROBING)
        return;
    struct dhcp_pending pending = *lease->pending;
    struct dhcp_case about = case_of(server, &pending);
    dhcp_leases_quarantine(lease, DHCP_LEASE_BY_ANSWER);
    if (about.pool)
        on_discover(server, &about); /* another address, then */
}

/* ---- REQUEST: RFC 2131 4.3.2 ---- */

static void bind(struct dhcp_server *server, const struct dhcp_case *about, struct dhcp_lease *lease,
                 enum dhcp_lease_rule rule)
{
    int64_t until = dhcp_after_seconds(env_now(server->env), dhcp_lease_for(server, about->message));
    dhcp_leases_bind(lease, until, rule);
    dhcp_say_ack(server, about, lease);
}

/* The client chose among offers. */
static void on_selecting(struct dhcp_server *server, const struct dhcp_case *about)
{
    struct dhcp_octets key = dhcp_key_of(about->message);
    struct dhcp_lease *its = dhcp_leases_of(server->book, &key, about->pool);
    struct dhcp_lease *lease = dhcp_leases_find(server->book, about->message->requested);
    if (!ipv4_is_equal(about->message->server_id, about->local.address)) {
        if (its && (its->state == DHCP_OFFERED_TO || its->state == DHCP_PROBING))
            dhcp_leases_free(its, DHCP_LEASE_BY_OTHER); /* RFC 2131 3.1 (4): the offer is taken back */
        dhcp_say_nothing(server, about, DHCP_ANOTHER_SERVER);
    } else if (!lease || !dhcp_is_same_key(&lease->key, &key)) {
        dhcp_say_nak(server, about, lease ? DHCP_TAKEN : DHCP_NOT_OFFERED);
    } else if (lease->state == DHCP_QUARANTINED || lease->state == DHCP_PROBING) {
        dhcp_say_nak(server, about, DHCP_NOT_OFFERED);
    } else {
        bind(server, about, lease, DHCP_LEASE_BY_REQUEST);
    }
}

/* The client remembers an address. */
static void on_init_reboot(struct dhcp_server *server, const struct dhcp_case *about)
{
    struct ipv4_address wanted = about->message->requested;
    struct dhcp_octets key = dhcp_key_of(about->message);
    struct dhcp_lease *its = dhcp_leases_of(server->book, &key, about->pool);
    if (!ipv4_prefix_has(about->pool->network, wanted))
        dhcp_say_nak(server, about, DHCP_WRONG_NETWORK);
    else if (!its)
        dhcp_say_nothing(server, about, DHCP_UNKNOWN_CLIENT); /* "the server MUST remain silent" */
    else if (!ipv4_is_equal(its->address, wanted))
        dhcp_say_nak(server, about, DHCP_NOT_OFFERED);
    else
        bind(server, about, its, DHCP_LEASE_BY_REQUEST);
}

/* The client uses an address and wants to go on: RENEWING or REBINDING. */
static void on_keeping(struct dhcp_server *server, const struct dhcp_case *about)
{
    struct ipv4_address used = about->message->ciaddr;
    struct dhcp_octets key = dhcp_key_of(about->message);
    struct dhcp_lease *lease = dhcp_leases_find(server->book, used);
    bool is_its = lease && dhcp_is_same_key(&lease->key, &key);
    if (!ipv4_prefix_has(about->pool->network, used))
        dhcp_say_nak(server, about, DHCP_WRONG_NETWORK);
    else if (is_its && lease->state != DHCP_QUARANTINED)
        bind(server, about, lease, DHCP_LEASE_BY_RENEWAL);
    else if (lease)
        dhcp_say_nak(server, about, DHCP_TAKEN);
    else
        dhcp_say_nothing(server, about, DHCP_UNKNOWN_CLIENT);
}

static void on_request(struct dhcp_server *server, const struct dhcp_case *about)
{
    const struct dhcp_message *message = about->message;
    if (!ipv4_is_any(message->ciaddr))
        on_keeping(server, about);
    else if (ipv4_is_any(message->requested))
        dhcp_say_nothing(server, about, DHCP_ODD_REQUEST);
    else if (!ipv4_is_any(message->server_id))
        on_selecting(server, about);
    else
        on_init_reboot(server, about);
}

/* ---- DECLINE and RELEASE: RFC 2131 4.3.3, 4.3.4 ---- */

static void on_decline(struct dhcp_server *server, const struct dhcp_case *about)
{
    struct dhcp_octets key = dhcp_key_of(about->message);
    struct dhcp_lease *lease = dhcp_leases_find(server->book, about->message->requested);
    if (!ipv4_is_equal(about->message->server_id, about->local.address))
        dhcp_say_nothing(server, about, DHCP_ANOTHER_SERVER);
    else if (!lease || !dhcp_is_same_key(&lease->key, &key))
        dhcp_say_nothing(server, about, DHCP_NOT_ITS_OWN);
    else
        dhcp_leases_quarantine(lease, DHCP_LEASE_BY_DECLINE);
}

static void on_release(struct dhcp_server *server, const struct dhcp_case *about)
{
    struct dhcp_octets key = dhcp_key_of(about->message);
    struct dhcp_lease *lease = dhcp_leases_find(server->book, about->message->ciaddr);
    if (!lease || !dhcp_is_same_key(&lease->key, &key) || lease->state != DHCP_BOUND_TO)
        dhcp_say_nothing(server, about, DHCP_NOT_ITS_OWN);
    else
        dhcp_leases_free(lease, DHCP_LEASE_BY_RELEASE); /* RFC 2131 4.3.4: whose it was is remembered */
}

/* ---- The door ---- */

/* Where is the client? What a relay says counts most; who renews by unicast may be anywhere, and tells by its
 * address. */
static struct dhcp_pool *pool_of(const struct dhcp_server *server, const struct dhcp_case *about)
{
    const struct dhcp_message *message = about->message;
    if (!ipv4_is_any(message->giaddr)) /* RFC 2131 4.3.1 */
        return dhcp_leases_pool(server->book, message->giaddr);
    if (!about->was_broadcast && !ipv4_is_any(message->ciaddr))
        return dhcp_leases_pool(server->book, message->ciaddr);
    return dhcp_leases_pool(server->book, about->local.address);
}

static void answer(struct dhcp_server *server, const struct dhcp_case *about)
{
    switch (about->message->type) {
    case DHCP_DISCOVER:
        on_discover(server, about);
        return;
    case DHCP_REQUEST:
        on_request(server, about);
        return;
    case DHCP_DECLINE:
        on_decline(server, about);
        return;
    case DHCP_RELEASE:
        on_release(server, about);
        return;
    case DHCP_INFORM:
        dhcp_say_inform(server, about);
        return;
    default: /* a server's own words, said by a client */
        dhcp_say_nothing(server, about, DHCP_ODD_REQUEST);
    }
}

void dhcp_server_receive(struct dhcp_server *server, const struct dhcp_arrival *arrival)
{
    struct dhcp_message message;
    enum dhcp_reason reason = dhcp_parse(arrival->bytes, arrival->length_bytes, &message);
    if (reason == DHCP_OK && message.op != DHCP_BOOTREQUEST)
        reason = DHCP_BAD_OP;
    if (reason != DHCP_OK) {
        env_tell(server->env, &dhcp_kinds[DHCP_SERVER_IGNORED], arrival->frame, reason);
        return;
    }
    struct dhcp_case about = {&message,       arrival->local,         arrival->interface,
                              arrival->frame, arrival->was_broadcast, NULL};
    about.pool = pool_of(server, &about);
    if (about.pool)
        answer(server, &about);
    else
        dhcp_say_nothing(server, &about, DHCP_NO_POOL);
}

/* ---- Making one ---- */

struct dhcp_server_config dhcp_server_config_default(void)
{
    return (struct dhcp_server_config){.lease_s = 600, .offer_time = OFFER_TIME, .probe_time = ENV_SECOND};
}

void dhcp_server_init(struct dhcp_server *server, struct env *env, const struct dhcp_server_ops *ops,
                      struct dhcp_leases *book, const struct dhcp_server_config *config)
{
    *server = (struct dhcp_server){.env = env, .ops = ops, .book = book, .config = *config};
    book->server = server;
    book->unanswered = on_unanswered;
}

void dhcp_server_release(struct dhcp_server *server)
{
    server->book->server = NULL;
}

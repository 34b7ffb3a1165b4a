/* SPDX-License-Identifier: MIT
 * See client.h: the states, and what moves between them. */
#include "protocols/dhcp/client_parts.h"

#include <assert.h>

#define BACKOFF_FIRST 4                /* seconds; RFC 2131 4.1 */
#define BACKOFF_MOST 64                /* likewise */
#define REQUEST_TRIES 4                /* RFC 2131 3.1 (5): four times, about a minute in all */
#define RENEW_LEAST (60 * ENV_SECOND)  /* RFC 2131 4.4.5: between two questions while renewing */
#define FIRST_WAIT_LEAST ENV_SECOND    /* RFC 2131 4.4.1 */
#define DECLINE_WAIT (10 * ENV_SECOND) /* RFC 2131 3.1 (5): against loops of DECLINE */
#define RESTART_WAIT ENV_SECOND        /* against loops of NAK */

/* ---- The one place where the state changes ---- */

#define TO(state) (1u << (state))

/* Which states may follow each; STOPPED may follow all. */
static const uint16_t legal[DHCP_STATES] = {
    [DHCP_STOPPED] = TO(DHCP_INIT) | TO(DHCP_INIT_REBOOT) | TO(DHCP_INFORMING),
    [DHCP_INIT] = TO(DHCP_SELECTING),
    [DHCP_SELECTING] = TO(DHCP_REQUESTING),
    [DHCP_REQUESTING] = TO(DHCP_CHECKING) | TO(DHCP_INIT),
    [DHCP_CHECKING] = TO(DHCP_BOUND) | TO(DHCP_INIT),
    [DHCP_BOUND] = TO(DHCP_RENEWING) | TO(DHCP_INIT),
    [DHCP_RENEWING] = TO(DHCP_BOUND) | TO(DHCP_REBINDING) | TO(DHCP_INIT),
    [DHCP_REBINDING] = TO(DHCP_BOUND) | TO(DHCP_INIT),
    [DHCP_INIT_REBOOT] = TO(DHCP_REBOOTING),
    [DHCP_REBOOTING] = TO(DHCP_CHECKING) | TO(DHCP_INIT),
};

/* What follows from the move goes back to its record. */
static void move(struct dhcp_client *client, enum dhcp_state state, enum dhcp_rule rule)
{
    enum dhcp_state old = client->state;
    assert(state == DHCP_STOPPED || legal[old] & TO(state));
    client->state = state;
    client->tries = 0;
    env_disarm(client->env, &client->timer);
    env_because(client->env, env_tell(client->env, &dhcp_kinds[DHCP_STATE], 0, old, state, rule));
}

/* ---- Times ---- */

/* A random time between the two, in steps of a microsecond. */
static int64_t random_between(struct env *env, int64_t least, int64_t most)
{
    return least + env_random_below(env, (uint32_t)((most - least) / ENV_MICROSECOND) + 1) * ENV_MICROSECOND;
}

static void wake_after(struct dhcp_client *client, int64_t wait)
{
    env_arm(client->env, &client->timer, env_now(client->env) + wait);
}

/* RFC 2131 4.1: 4, 8, 16, 32, 64 s, each more or less by up to a second, so that stations that were switched
 * on together do not speak together for ever. */
static void wake_after_backoff(struct dhcp_client *client)
{
    int64_t seconds = client->tries <= 5 ? BACKOFF_FIRST << (client->tries - 1) : BACKOFF_MOST;
    wake_after(client, random_between(client->env, (seconds - 1) * ENV_SECOND, (seconds + 1) * ENV_SECOND));
}

static uint32_t choose_xid(struct env *env)
{
    return env_random_below(env, 0x10000) << 16 | env_random_below(env, 0x10000); /* RFC 2131 4.1 */
}

static int64_t first_wait(struct dhcp_client *client)
{
    return client->first_wait > FIRST_WAIT_LEAST
               ? random_between(client->env, FIRST_WAIT_LEAST, client->first_wait)
               : client->first_wait;
}

/* ---- Losing what we had ---- */

/* RFC 2131 4.4.5: all use of the address stops at once. */
static void lose(struct dhcp_client *client, enum dhcp_rule rule)
{
    if (!client->is_configured)
        return;
    client->is_configured = false;
    env_because(client->env,
                env_tell(client->env, &dhcp_kinds[DHCP_LOST], 0, client->grant.prefix.address.value, rule));
    client->ops->configure(client, NULL);
}

/* Begins anew, after `least` at the earliest. */
static void restart(struct dhcp_client *client, enum dhcp_rule rule, int64_t least)
{
    lose(client, rule);
    move(client, DHCP_INIT, rule);
    int64_t wait = first_wait(client);
    client->xid = choose_xid(client->env);
    client->began_at = env_now(client->env);
    wake_after(client, wait > least ? wait : least);
}

/* ---- Getting an address ---- */

static void renew(struct dhcp_client *client, enum dhcp_rule rule);

void dhcp_client_start(struct dhcp_client *client, int64_t wait)
{
    if (client->state == DHCP_BOUND)
        renew(client, DHCP_BY_PERSON);
    if (client->state != DHCP_STOPPED)
        return;
    client->first_wait = wait;
    if (client->has_grant && client->grant.expires > env_now(client->env)) {
        move(client, DHCP_INIT_REBOOT, DHCP_BY_MEMORY); /* RFC 2131 3.2 */
        client->xid = choose_xid(client->env);
        client->began_at = env_now(client->env);
        wake_after(client, first_wait(client)); /* RFC 2131 4.4.2 begins like 4.4.1 */
    } else {
        restart(client, DHCP_BY_PERSON, 0);
    }
}

/* INIT, SELECTING: another DISCOVER. There is no last one. */
static void discover(struct dhcp_client *client)
{
    if (client->state == DHCP_INIT)
        move(client, DHCP_SELECTING, DHCP_BY_WAIT);
    client->tries++;
    dhcp_send_discover(client);
    wake_after_backoff(client);
}

/* REQUESTING, REBOOTING: the question, and then again. */
static void request_again(struct dhcp_client *client)
{
    if (client->tries == REQUEST_TRIES) {
        restart(client, DHCP_BY_SILENCE, RESTART_WAIT); /* RFC 2131 3.1 (5) */
        return;
    }
    if (client->tries++ == 0)
        client->requested_at =
            env_now(client->env); /* an ACK may answer the first: the lease counts from there */
    dhcp_send_request(client);
    wake_after_backoff(client);
}

/* SELECTING: the first offer wins. RFC 2131 3.1 (3). */
static void take_offer(struct dhcp_client *client, const struct dhcp_message *offer)
{
    client->grant = (struct dhcp_grant){.prefix.address = offer->yiaddr, .server = offer->server_id};
    client->has_grant = true;
    move(client, DHCP_REQUESTING, DHCP_BY_OFFER);
    request_again(client);
}

static void reboot(struct dhcp_client *client)
{
    move(client, DHCP_REBOOTING, DHCP_BY_WAIT);
    request_again(client);
}

/* ---- What a server gave ---- */

static int64_t length_from(const struct dhcp_grant *grant, int64_t time)
{
    return time == ENV_NEVER ? ENV_NEVER : time - grant->since;
}

/* BOUND, for the first time or again. */
static void bind(struct dhcp_client *client, enum dhcp_rule rule)
{
    const struct dhcp_grant *grant = &client->grant;
    int64_t now = env_now(client->env);
    if (grant->expires <= now) { /* checking took longer than the lease */
        client->is_configured = true;
        restart(client, DHCP_BY_EXPIRY, RESTART_WAIT);
        return;
    }
    move(client, DHCP_BOUND, rule);
    client->is_configured = true;
    struct ipv4_address gateway = grant->routers.count ? grant->routers.at[0] : IPV4_ANY;
    env_because(client->env,
                env_tell(client->env, &dhcp_kinds[DHCP_CONFIGURED], 0, grant->prefix.address.value,
                         grant->server.value, gateway.value, length_from(grant, grant->expires),
                         length_from(grant, grant->t1), length_from(grant, grant->t2)));
    client->ops->configure(client, grant);
    if (grant->t1 != ENV_NEVER)
        env_arm(client->env, &client->timer, grant->t1 > now ? grant->t1 : now);
}

static void take_ack(struct dhcp_client *client, const struct dhcp_message *ack)
{
    bool was_informing = client->state == DHCP_INFORMING;
    struct ipv4_prefix own = client->grant.prefix;
    client->grant = dhcp_grant_of(client, ack);
    if (was_informing) {
        client->grant.prefix = own;
        client->has_grant = false;
        move(client, DHCP_STOPPED, DHCP_BY_ACK);
        client->ops->informed(client, &client->grant);
        return;
    }
    client->has_grant = true;
    if (client->state == DHCP_RENEWING || client->state == DHCP_REBINDING) {
        bind(client, DHCP_BY_ACK);
        return;
    }
    move(client, DHCP_CHECKING, DHCP_BY_ACK);
    client->ops->check(client, client->grant.prefix); /* RFC 2131 3.1 (5), 4.4.1 */
}

static void take_nak(struct dhcp_client *client)
{
    restart(client, DHCP_BY_NAK, RESTART_WAIT);
    client->has_grant = false; /* RFC 2131 3.1 (5): not even as a wish */
}

void dhcp_client_checked(struct dhcp_client *client, bool is_ours)
{
    bool has_address =
        client->state == DHCP_BOUND || client->state == DHCP_RENEWING || client->state == DHCP_REBINDING;
    if (client->state != DHCP_CHECKING && !has_address)
        return;
    if (is_ours) {
        if (client->state == DHCP_CHECKING)
            bind(client, DHCP_BY_NOBODY);
        return;
    }
    client->conflicts++;
    lose(client, DHCP_BY_CONFLICT);
    dhcp_send_decline(client); /* RFC 2131 3.1 (5) */
    client->has_grant = false;
    restart(client, DHCP_BY_CONFLICT, DECLINE_WAIT);
}

/* ---- Keeping it ---- */

/* Another question, with a transaction of its own, so that it is known which one an ACK answers. Then again
 * after half of the time that is left, but not sooner than in 60 s: RFC 2131 4.4.5. */
static void ask_to_keep(struct dhcp_client *client, int64_t until)
{
    int64_t now = env_now(client->env), half = (until - now) / 2;
    client->tries++;
    client->xid = choose_xid(client->env);
    client->requested_at = now;
    dhcp_send_request(client);
    int64_t next = now + (half > RENEW_LEAST ? half : RENEW_LEAST);
    env_arm(client->env, &client->timer, next < until ? next : until);
}

static void rebind_again(struct dhcp_client *client)
{
    if (env_now(client->env) >= client->grant.expires)
        restart(client, DHCP_BY_EXPIRY, RESTART_WAIT);
    else
        ask_to_keep(client, client->grant.expires);
}

static void renew_again(struct dhcp_client *client)
{
    if (env_now(client->env) < client->grant.t2) {
        ask_to_keep(client, client->grant.t2);
        return;
    }
    move(client, DHCP_REBINDING, DHCP_BY_T2);
    rebind_again(client);
}

static void renew(struct dhcp_client *client, enum dhcp_rule rule)
{
    move(client, DHCP_RENEWING, rule);
    client->began_at = env_now(client->env);
    client->secs = 0;
    renew_again(client);
}

static void renew_at_t1(struct dhcp_client *client)
{
    renew(client, DHCP_BY_T1);
}

/* ---- Without a lease ---- */

static void inform_again(struct dhcp_client *client)
{
    if (client->tries == REQUEST_TRIES) {
        move(client, DHCP_STOPPED, DHCP_BY_SILENCE);
        client->ops->informed(client, NULL);
        return;
    }
    client->tries++;
    dhcp_send_inform(client);
    wake_after_backoff(client);
}

void dhcp_client_inform(struct dhcp_client *client, struct ipv4_address address)
{
    if (client->state != DHCP_STOPPED)
        return;
    client->grant = (struct dhcp_grant){.prefix.address = address};
    client->has_grant = false;
    client->xid = choose_xid(client->env);
    client->secs = 0;
    client->requested_at = env_now(client->env);
    move(client, DHCP_INFORMING, DHCP_BY_PERSON);
    inform_again(client);
}

void dhcp_client_stop(struct dhcp_client *client)
{
    if (client->state == DHCP_STOPPED)
        return;
    lose(client, DHCP_BY_PERSON);
    move(client, DHCP_STOPPED, DHCP_BY_PERSON);
}

void dhcp_client_give_back(struct dhcp_client *client)
{
    if (client->is_configured) {
        client->xid = choose_xid(client->env);
        dhcp_send_release(client); /* RFC 2131 4.4.6; while the address is still there to be sent from */
    }
    client->grant.expires = env_now(client->env); /* not ours any more, but to be wished for */
    dhcp_client_stop(client);
}

/* ---- The clock, and what arrives ---- */

static void fire(struct env_timer *timer)
{
    static void (*const next[DHCP_STATES])(struct dhcp_client *) = {
        [DHCP_INIT] = discover,      [DHCP_SELECTING] = discover,      [DHCP_REQUESTING] = request_again,
        [DHCP_BOUND] = renew_at_t1,  [DHCP_RENEWING] = renew_again,    [DHCP_REBINDING] = rebind_again,
        [DHCP_INIT_REBOOT] = reboot, [DHCP_REBOOTING] = request_again, [DHCP_INFORMING] = inform_again};
    struct dhcp_client *client = ENV_OWNER(timer, struct dhcp_client, timer);
    next[client->state](client);
}

void dhcp_client_receive(struct dhcp_client *client, const uint8_t *bytes, size_t length_bytes,
                         uint64_t frame)
{
    struct dhcp_message message = {0};
    enum dhcp_ignored why = DHCP_UNREADABLE;
    if (dhcp_parse(bytes, length_bytes, &message) != DHCP_OK || !dhcp_is_welcome(client, &message, &why)) {
        env_tell(client->env, &dhcp_kinds[DHCP_IGNORED], frame, message.type, why, message.server_id.value,
                 message.xid);
        return;
    }
    env_because(client->env, env_tell(client->env, &dhcp_kinds[DHCP_RECEIVED], frame, message.type,
                                      message.server_id.value, message.yiaddr.value,
                                      dhcp_after_seconds(0, message.lease_s), message.xid));
    if (message.type == DHCP_OFFER)
        take_offer(client, &message);
    else if (message.type == DHCP_ACK)
        take_ack(client, &message);
    else
        take_nak(client);
}

/* ---- Making one ---- */

struct dhcp_client_config dhcp_client_config_default(struct mac_address mac)
{
    return (struct dhcp_client_config){.mac = mac, .sends_id = true, .max_size_bytes = 1472};
}

void dhcp_client_init(struct dhcp_client *client, struct env *env, const struct dhcp_client_ops *ops,
                      const struct dhcp_client_config *config)
{
    *client = (struct dhcp_client){.env = env, .ops = ops, .config = *config};
    if (config->sends_id)
        client->id = dhcp_id_for(config->mac, config->interface);
    env_timer_init(&client->timer, fire);
}

void dhcp_client_release(struct dhcp_client *client)
{
    env_disarm(client->env, &client->timer);
}

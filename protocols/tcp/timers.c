/* SPDX-License-Identifier: MIT
 * See timers.h: one timer wakes the connection, and whichever deadlines have come are met, in the order of
 * the list. */
#include "protocols/tcp/timers.h"

#include "protocols/tcp/connection.h"

/* What is done when a deadline comes. */
static void recovery_due(struct tcp_socket *socket)
{
    struct tcp_recovery *recovery = &socket->snd.recovery;
    if (tcp_recovery_expire(recovery) ||
        socket->timers.at[TCP_TIMER_RETRANSMIT] <= tcp_now(socket)) /* or both at once: this one goes first */
        tcp_timer_set(socket, TCP_TIMER_RETRANSMIT, tcp_now(socket) + recovery->rtt.rto);
}

static void fin_wait_2_due(struct tcp_socket *socket)
{
    tcp_end(socket, TCP_RULE_ORPHAN, 0);
}

/* tcp_linger sees that the time has come. */
static void linger_due(struct tcp_socket *socket)
{
    tcp_note(socket, TCP_READY_HUP);
}

static void (*const actions[TCP_TIMERS])(struct tcp_socket *socket) = {
    [TCP_TIMER_RETRANSMIT] = tcp_retransmit_timeout, [TCP_TIMER_RECOVERY] = recovery_due,
    [TCP_TIMER_PERSIST] = tcp_persist_timeout,       [TCP_TIMER_DELAYED_ACK] = tcp_ack_timeout,
    [TCP_TIMER_KEEPALIVE] = tcp_keepalive_timeout,   [TCP_TIMER_FIN_WAIT_2] = fin_wait_2_due,
    [TCP_TIMER_LINGER] = linger_due,                 [TCP_TIMER_USER_TIMEOUT] = tcp_user_timeout};

static int64_t earliest(const struct tcp_timers *timers)
{
    int64_t at = ENV_NEVER;
    for (unsigned i = 0; i < TCP_TIMERS; i++)
        at = timers->at[i] < at ? timers->at[i] : at;
    return at;
}

static void wake(struct env_timer *timer)
{
    struct tcp_socket *socket = ENV_OWNER(timer, struct tcp_socket, timers.wake);
    struct tcp_timers *timers = &socket->timers;
    struct env *env = socket->tcp->env;
    bool was_due = false;
    for (unsigned i = 0; i < TCP_TIMERS; i++)
        if (timers->at[i] <= env_now(env)) {
            timers->at[i] = ENV_NEVER;
            env_because(env, timers->cause[i]);
            actions[i](socket);
            was_due = true;
        }
    int64_t at = earliest(timers);
    if (at != ENV_NEVER && !(env_timer_is_armed(&timers->wake) && timers->wake.at <= at))
        env_arm(env, &timers->wake, at);
    if (was_due)
        tcp_settle(socket);
    else if (at == ENV_NEVER)
        tcp_socket_rest(socket);
}

void tcp_timers_init(struct tcp_socket *socket)
{
    env_timer_init(&socket->timers.wake, wake);
    for (unsigned i = 0; i < TCP_TIMERS; i++)
        socket->timers.at[i] = ENV_NEVER;
}

void tcp_timers_release(struct tcp_socket *socket)
{
    env_disarm(socket->tcp->env, &socket->timers.wake);
    for (unsigned i = 0; i < TCP_TIMERS; i++)
        socket->timers.at[i] = ENV_NEVER;
}

void tcp_timer_set(struct tcp_socket *socket, enum tcp_timer timer, int64_t at)
{
    struct tcp_timers *timers = &socket->timers;
    int64_t now = tcp_now(socket);
    at = at < now ? now : at;
    timers->at[timer] = at;
    timers->cause[timer] = env_cause(socket->tcp->env);
    if (!env_timer_is_armed(&timers->wake) || at < timers->wake.at)
        env_arm(socket->tcp->env, &timers->wake, at);
}

void tcp_timer_stop(struct tcp_socket *socket, enum tcp_timer timer)
{
    socket->timers.at[timer] = ENV_NEVER;
}

bool tcp_timer_is_set(const struct tcp_socket *socket, enum tcp_timer timer)
{
    return socket->timers.at[timer] != ENV_NEVER;
}

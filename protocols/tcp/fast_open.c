/* SPDX-License-Identifier: MIT
 * Fast Open: data in the SYN, and an answer before the handshake is complete. RFC 7413.
 *
 *      first    SYN, "a cookie, please" -->            later    SYN, cookie, data -->
 *               <-- SYN,ACK, cookie                             <-- SYN,ACK of SYN and data
 *               ACK -->                                         <-- the answer
 *                                                               ACK -->
 *
 * A SYN can be sent in anybody's name, so a server must not work for one. The cookie is a keyed hash of the client's address:
 * who has it has once been reached there. The client keeps it by server; it is used only where the owner asks for
 * it (tcp_connect_sending), since a SYN may arrive twice and its data then twice as well.
 *
 * A child that is opened so is `is_fast` while it is in SYN-RECEIVED: it sends and is read like an open one. Whatever
 * does not fit, a cookie that is wrong, too many such children, a SYN that was lost, ends in the usual handshake. */
#include <string.h>

#include "protocols/tcp/connection.h"

#define CLIENT 1         /* the bits of net.ipv4.tcp_fastopen */
#define SERVER 2
#define WITHOUT_COOKIE 4 /* a client sends data though it has none */
#define COOKIE_BYTES 8
#define JAR 32 /* servers whose cookies are kept */

struct tcp_jar {
    uint32_t count, next;
    struct {
        struct net_address server;
        uint16_t mss; /* its option: how much may stand in the next SYN */
        uint8_t bytes;
        uint8_t cookie[TCP_COOKIE_MOST];
    } cookies[JAR];
};

static bool has(const struct tcp *tcp, unsigned bit)
{
    return tcp_setting(&tcp->settings, TCP_SET_FASTOPEN) & bit;
}

/* Place in the jar; its count: none. */
static uint32_t find(const struct tcp_jar *jar, struct net_address server)
{
    uint32_t i = 0;
    while (i < jar->count && !net_is_equal(jar->cookies[i].server, server))
        i++;
    return i;
}

void tcp_jar_release(struct tcp *tcp)
{
    env_free(tcp->env, tcp->jar);
    tcp->jar = NULL;
}

/* ---- The client ---- */

bool tcp_fast_open_may_ask(const struct tcp *tcp)
{
    return has(tcp, CLIENT);
}

/* Before the first SYN: the cookie, and how many of `count` octets may go along. RFC 7413 section 4.2.1. */
uint32_t tcp_fast_open_begin(struct tcp_socket *socket, uint32_t count)
{
    const struct tcp_jar *jar = socket->tcp->jar;
    struct tcp_fast *fast = &socket->fast;
    uint32_t place = jar ? find(jar, socket->bound.peer.address) : 0;
    bool is_known = jar && place < jar->count;
    uint32_t mss = is_known ? jar->cookies[place].mss : TCP_MSS_DEFAULT, own = socket->rcv.mss_told;
    fast->asks = true;
    fast->cookie_bytes = is_known ? jar->cookies[place].bytes : 0;
    if (is_known)
        memcpy(fast->cookie, jar->cookies[place].cookie, fast->cookie_bytes);
    if (!is_known && !has(socket->tcp, WITHOUT_COOKIE))
        return 0;
    struct tcp_options options = {0};
    tcp_syn_options(socket, TCP_FLAG_SYN, &options);
    mss = (mss < own ? mss : own) - (uint32_t)tcp_options_bytes(&options);
    return count < mss ? count : mss;
}

static void keep_cookie(struct tcp_socket *socket, const struct tcp_options *options)
{
    struct tcp *tcp = socket->tcp;
    if (!options->has_fast_open || !options->cookie_bytes || !socket->fast.asks)
        return;
    if (!tcp->jar)
        tcp->jar = env_new(tcp->env, sizeof *tcp->jar);
    struct tcp_jar *jar = tcp->jar;
    uint32_t place = find(jar, socket->bound.peer.address);
    if (place == jar->count) { /* a new one, or in the place of the oldest */
        place = jar->count < JAR ? jar->count++ : jar->next;
        jar->next = (place + 1) % JAR;
    }
    jar->cookies[place].server = socket->bound.peer.address;
    jar->cookies[place].mss = options->has_mss ? options->mss : TCP_MSS_DEFAULT;
    jar->cookies[place].bytes = options->cookie_bytes;
    memcpy(jar->cookies[place].cookie, options->cookie, options->cookie_bytes);
}

/* The SYN,ACK has come: what of the SYN's data has it taken? The rest goes again as if it had never been sent. RFC
 * 7413 section 4.2.1, step 3. */
void tcp_fast_open_answered(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    struct tcp_sender *snd = &socket->snd;
    uint32_t taken = arrival->segment.ack.value - snd->iss.value - 1, sent = socket->fast.sent_bytes;
    keep_cookie(socket, &arrival->segment.options);
    tcp_stream_advance(&snd->buffer, taken);
    snd->base = tcp_seq_plus(snd->base, taken);
    socket->octets_acked += taken;
    socket->fast.had_data = taken > 0;
    snd->nxt = arrival->segment.ack;
    if (taken < sent) {
        tcp_tell_fact(socket, TCP_FACT_RETRANSMIT, 0, sent - taken, snd->nxt.value,
                      (int64_t)env_text(socket->tcp->env, "the SYN's data was not taken, RFC 7413 section 4.2.1"), 1);
        socket->octets_resent += sent - taken;
        snd->recovery.resent_total++;
    }
    socket->fast.sent_bytes = 0;
}

/* ---- The server ---- */

static void make_cookie(struct tcp *tcp, const struct tcp_arrival *syn, uint8_t ret_cookie[COOKIE_BYTES])
{
    uint64_t hash = tcp_address_hash(tcp, &syn->local.address, &syn->peer.address);
    bytes_put_u32(ret_cookie, (uint32_t)(hash >> 32));
    bytes_put_u32(ret_cookie + 4, (uint32_t)hash);
}

static bool is_server(const struct tcp_socket *listener, const struct tcp_options *options)
{
    return has(listener->tcp, SERVER) && listener->choices.fast_open_queue && options->has_fast_open;
}

/* How many children of this port are fast and not complete: RFC 7413 section 5.1 limits them. */
static uint32_t pending(const struct tcp_socket *listener)
{
    uint32_t count = 0;
    const struct list_link *head = &listener->tcp->sockets.head;
    for (const struct list_link *at = head->next; at != head; at = at->next) {
        const struct tcp_socket *socket = LIST_OWNER(at, struct tcp_socket, link);
        count += socket->is_fast && socket->bound.local.port == listener->bound.local.port;
    }
    return count;
}

bool tcp_fast_open_accepts(const struct tcp_socket *listener, const struct tcp_arrival *syn)
{
    const struct tcp_options *options = &syn->segment.options;
    uint8_t right[COOKIE_BYTES];
    if (!is_server(listener, options) || options->cookie_bytes != COOKIE_BYTES)
        return false;
    make_cookie(listener->tcp, syn, right);
    return memcmp(right, options->cookie, COOKIE_BYTES) == 0 && pending(listener) < listener->choices.fast_open_queue;
}

/* Who has none, or a wrong one, gets one with the SYN,ACK. RFC 7413 section 4.1.2. */
void tcp_fast_open_offer(struct tcp_socket *child, const struct tcp_arrival *syn)
{
    if (child->is_fast || !is_server(child, &syn->segment.options))
        return;
    child->fast.asks = true;
    child->fast.cookie_bytes = COOKIE_BYTES;
    make_cookie(child->tcp, syn, child->fast.cookie);
}

/* The connection is open for its owner before it is for the peer: what the SYN brought is there to be read. */
void tcp_fast_open_take(struct tcp_socket *child, const struct tcp_arrival *syn)
{
    struct tcp_arrival rest = *syn;
    rest.segment.seq = tcp_seq_plus(rest.segment.seq, 1);
    rest.segment.flags &= (uint8_t) ~(TCP_FLAG_SYN | TCP_FLAG_FIN); /* the FIN comes again: Simplified */
    tcp_sender_open(child, false);
    tcp_receiver_open(child);
    if (rest.segment.length_bytes) {
        child->data_in++;
        tcp_receiver_take(child, &rest);
        child->rcv.adv = tcp_seq_plus(child->rcv.nxt, child->rcv.wnd);
        child->fast.had_data = true;
    }
    tcp_child_is_ready(child);
}

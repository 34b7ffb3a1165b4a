/* SPDX-License-Identifier: MIT
 * The Transmission Control Protocol: a stream of octets each way, complete and in order, over a network that
 * loses, doubles and shuffles. RFC 9293.
 *
 *     tcp_send     ->  send buffer  ->  sender  ->  segments  ->  net_layer
 *     net_layer    ->  checks  ->  which socket?  ->  eight steps  ->  receiver  ->  receive buffer  ->
 * tcp_receive nobody: a reset
 *
 * This header is what others see: the machine of one host, and its sockets. README.md says which file answers
 * which question about the inside.
 *
 * A socket's memory is the machine's, since a connection outlives its owner's interest in it: after
 * tcp_close the pointer is gone, and the machine ends the connection in peace by itself. Calls never block
 * and return 0 or more for success, else a negated net_error, as Linux has them for sockets that do not
 * block.
 *
 * `told` is called with the bits that have just become true (enum tcp_ready). It is the last thing that the
 * machine does with a socket in a call, so it may send, receive and close, any socket, its own too. It is
 * never called from inside a call of the owner's. */
#ifndef NETARIUM_PROTOCOLS_TCP_TCP_H
#define NETARIUM_PROTOCOLS_TCP_TCP_H

#include "protocols/net_layer.h"
#include "protocols/tcp/demux.h"
#include "protocols/tcp/segment.h"
#include "protocols/tcp/settings.h"
#include "protocols/tcp/state.h"
#include "protocols/tcp/stream.h"
#include "protocols/tcp/told.h"

#define TCP_LAYERS 2 /* families: IPv4, IPv6 */

struct tcp_socket;          /* connection.h */
struct tcp_congestion_type; /* congestion.h */

/* What has become, or is, true of a socket; the values of Linux' poll. */
enum tcp_ready {
    TCP_READY_IN = 0x0001,  /* tcp_receive has something to say: data, the end, or an error; tcp_accept has */
    TCP_READY_PRI = 0x0002, /* urgent data */
    TCP_READY_OUT = 0x0004, /* tcp_send would take something */
    TCP_READY_ERR = 0x0008, /* an error is pending */
    TCP_READY_HUP = 0x0010, /* both directions have ended */
    TCP_READY_RDHUP = 0x2000 /* the peer's direction has ended */
};

typedef void tcp_told(struct tcp_socket *socket, unsigned ready);

enum tcp_send_flag {
    TCP_SEND_OOB = 0x1,    /* the last octet is urgent: MSG_OOB */
    TCP_SEND_EOR = 0x80,   /* nothing is ever joined to these octets in one segment: MSG_EOR */
    TCP_SEND_MORE = 0x8000 /* more follows at once, do not send a small segment: MSG_MORE */
};

enum tcp_receive_flag {
    TCP_RECEIVE_OOB = 0x1, /* the urgent octet: MSG_OOB */
    TCP_RECEIVE_PEEK = 0x2 /* leave it there: MSG_PEEK */
};

enum tcp_shutdown { TCP_SHUT_RD, TCP_SHUT_WR, TCP_SHUT_RDWR };

/* Options by Linux' names; tcp_option_words has them ("SO_REUSEADDR"), in this order, ended by NULL. Booleans
 * are 0 and 1; times in Linux' units. */
enum tcp_option {
    TCP_OPT_REUSEADDR,
    TCP_OPT_REUSEPORT,
    TCP_OPT_SNDBUF, /* bytes, as asked; the buffer is twice that, as on Linux, and reads back so */
    TCP_OPT_RCVBUF, /* likewise */
    TCP_OPT_KEEPALIVE,
    TCP_OPT_LINGER, /* seconds that tcp_linger waits; -1: off; 0: closing resets */
    TCP_OPT_OOBINLINE,
    TCP_OPT_NODELAY,
    TCP_OPT_CORK,
    TCP_OPT_MAXSEG,
    TCP_OPT_USER_TIMEOUT, /* milliseconds; RFC 5482 */
    TCP_OPT_KEEPIDLE,     /* seconds */
    TCP_OPT_KEEPINTVL,    /* seconds */
    TCP_OPT_KEEPCNT,
    TCP_OPT_SYNCNT,
    TCP_OPT_QUICKACK,
    TCP_OPT_WINDOW_CLAMP,
    TCP_OPT_DEFER_ACCEPT, /* seconds */
    TCP_OPT_LINGER2,      /* seconds */
    TCP_OPT_NOTSENT_LOWAT,
    TCP_OPT_FASTOPEN,     /* of a listener: how many may be open before their handshake is complete */
    TCP_OPT_TOS,          /* IP_TOS */
    TCP_OPT_TTL,          /* IP_TTL; 0: the default */
    TCP_OPT_MTU_DISCOVER, /* 0 never, 1 by route and answers */
    TCP_OPT_COUNT_ONLY,   /* not on Linux: what arrives is counted and not kept, tcp_receive gets no bytes */
    TCP_OPTS
};
extern const char *const tcp_option_words[];

/* The variables of a connection under the names of Linux' struct tcp_info; units are Linux' (times in
 * microseconds unless the name has ms). */
struct tcp_info {
    uint8_t state;       /* enum tcp_state */
    uint8_t ca_state;    /* 0 open, 1 disorder, 2 CWR, 3 recovery, 4 loss */
    uint8_t retransmits; /* timeouts in a row */
    uint8_t probes;      /* window or keepalive probes without an answer */
    uint8_t backoff;     /* doublings of the timeout */
    uint8_t options;     /* 1 timestamps, 2 SACK, 4 window scale, 8 ECN, 16 ECN seen, 32 data in the SYN */
    uint8_t snd_wscale, rcv_wscale;
    uint32_t rto, ato; /* microseconds */
    uint32_t snd_mss, rcv_mss;
    uint32_t unacked, sacked, lost, retrans;                /* segments */
    uint32_t last_data_sent, last_data_recv, last_ack_recv; /* milliseconds ago */
    uint32_t pmtu, rcv_ssthresh;
    uint32_t rtt, rttvar;            /* microseconds */
    uint32_t snd_ssthresh, snd_cwnd; /* segments */
    uint32_t advmss, reordering;
    uint32_t rcv_rtt, rcv_space;
    uint32_t total_retrans;
    uint64_t pacing_rate; /* bytes per second; UINT64_MAX: not paced */
    uint64_t bytes_acked, bytes_received;
    uint32_t segs_out, segs_in;
    uint32_t notsent_bytes;
    uint32_t min_rtt; /* microseconds; UINT32_MAX: none yet */
    uint32_t data_segs_in, data_segs_out;
    uint64_t delivery_rate;                           /* bytes per second */
    uint64_t busy_time, rwnd_limited, sndbuf_limited; /* microseconds */
    uint32_t delivered, delivered_ce;                 /* segments */
    uint64_t bytes_sent, bytes_retrans;
    uint32_t dsack_dups, reord_seen, rcv_ooopack;
    uint32_t snd_wnd, rcv_wnd;           /* bytes */
    uint32_t cwnd_bytes, ssthresh_bytes; /* not on Linux: what the congestion control really holds */
    const char *congestion;              /* its name */
};

/* What the machine counts, for netstat -s. */
struct tcp_counters {
    uint64_t active_opens, passive_opens, failed, resets_received, resets_sent;
    uint64_t segments_in, segments_out, retransmitted, bad_segments;
    uint64_t syn_cookies_sent, syn_cookies_good, syn_cookies_bad;
    uint64_t syn_dropped, accept_overflows, challenges, time_waits;
};

/* TCP on one host. */
struct tcp {
    struct env *env;
    struct tcp_settings settings;
    struct net_layer *layers[TCP_LAYERS]; /* borrowed */
    struct net_layer_user user;           /* how the layers know us */
    struct tcp_demux demux;               /* who has which port */
    struct list time_waits;               /* what is left of connections */
    struct list sockets;                  /* all, in the order of opening */
    struct tcp_chunk_pool chunks;         /* storage of streams that nobody uses now */
    uint64_t secret[2];                   /* for sequence numbers and cookies; drawn when first needed */
    bool has_secret;
    struct tcp_jar *jar;     /* cookies of servers: fast_open.c; NULL: none */
    uint32_t challenge_left; /* challenge ACKs left in this second */
    int64_t challenge_until; /* when it ends */
    uint32_t test_isn;       /* with `has_test_isn`: every connection begins there */
    bool has_test_isn;
    struct tcp_counters counters;

    /* Congestion controls that are not in congestion.h, or differ here from what they are there. NULL: none. */
    const struct tcp_congestion_type *(*find_congestion)(struct env *env, const char *name);
};

/* Makes the machine; then each layer is added once it is made with &tcp->user. */
void tcp_init(struct tcp *tcp, struct env *env, enum tcp_profile profile);
void tcp_add_layer(struct tcp *tcp, struct net_layer *layer);

/* Ends everything without a word to anybody: sockets and connections are gone. */
void tcp_release(struct tcp *tcp);

/* Changes one setting for connections to come. -NET_EINVAL: out of range, no such congestion control. */
int tcp_set(struct tcp *tcp, enum tcp_setting setting, int64_t value);
int tcp_set_default_congestion(struct tcp *tcp, const char *name);

/* The congestion control of this name on this machine; NULL: there is none. */
const struct tcp_congestion_type *tcp_find_congestion(struct tcp *tcp, const char *name);

/* From now on every connection of this machine begins at sequence number `isn`: for tests and for tables in
 * lessons. RFC 9293 section 3.4.1 says why real ones must not. */
void tcp_fix_isn(struct tcp *tcp, uint32_t isn);

/* ---- Sockets ---- */

/* A new socket. `told` may be NULL: nobody is told. `owner` is the caller's word about it. */
struct tcp_socket *tcp_open(struct tcp *tcp, tcp_told *told, void *owner);
void *tcp_owner(const struct tcp_socket *socket);
void tcp_set_owner(struct tcp_socket *socket, tcp_told *told, void *owner);

/* Gives it a port of ours, and an address (any: all of them). Port 0 chooses one. */
int tcp_bind(struct tcp_socket *socket, struct net_endpoint local);

/* Waits for connections: at most `backlog` that nobody has accepted. An unbound socket gets a port. */
int tcp_listen(struct tcp_socket *socket, int backlog);

/* The oldest connection that is waiting. -NET_EAGAIN: none is. */
int tcp_accept(struct tcp_socket *listener, tcp_told *told, void *owner, struct tcp_socket **ret_socket);

/* Begins the handshake: -NET_EINPROGRESS, and READY_OUT comes when it is done. No address: abandons. */
int tcp_connect(struct tcp_socket *socket, struct net_endpoint peer);

/* The same with data in the SYN, Linux' MSG_FASTOPEN: RFC 7413. Returns how many octets go with it. -NET_EINPROGRESS: there
 * is no cookie for this peer yet, so none; one is asked for. -NET_EOPNOTSUPP: net.ipv4.tcp_fastopen has it off. */
int64_t tcp_connect_sending(struct tcp_socket *socket, struct net_endpoint peer, const void *bytes, size_t count);

/* Takes as many of the `count` octets as there is room for; returns how many, or -NET_EAGAIN: none. Bytes
 * NULL: zeros. -NET_EPIPE: we have ended. */
int64_t tcp_send(struct tcp_socket *socket, const void *bytes, size_t count, unsigned flags);

/* Copies at most `size` octets that have arrived; `bytes` NULL: they are only counted. 0: the peer has ended;
 * -NET_EAGAIN: nothing yet. */
int64_t tcp_receive(struct tcp_socket *socket, void *bytes, size_t size, unsigned flags);

int tcp_shutdown(struct tcp_socket *socket, enum tcp_shutdown how);

/* The owner has lost interest: the pointer is gone. Unread data: a reset, else FIN when all is sent. RFC 1122
 * 4.2.2.13, RFC 9293 section 3.6.1. */
void tcp_close(struct tcp_socket *socket);

/* The same as Linux' close() waits with SO_LINGER, in steps: ends our direction, and is -NET_EAGAIN as long as
 * what was sent, FIN included, is not acknowledged and the time is not over; then it closes, and is 0. */
int tcp_linger(struct tcp_socket *socket);

/* Ends it at once with a reset: RFC 9293 section 3.10.5. The pointer is gone. */
void tcp_abort(struct tcp_socket *socket);

/* What is true now, enum tcp_ready. */
unsigned tcp_ready(const struct tcp_socket *socket);

/* The pending error (0: none), which is forgotten. Linux: SO_ERROR. */
int tcp_take_error(struct tcp_socket *socket);

int tcp_set_option(struct tcp_socket *socket, enum tcp_option option, int64_t value);
int tcp_get_option(const struct tcp_socket *socket, enum tcp_option option, int64_t *ret_value);

/* TCP_CONGESTION. -NET_ENOENT is not among our errors: an unknown name is -NET_EINVAL. */
int tcp_set_congestion(struct tcp_socket *socket, const char *name);
const char *tcp_congestion(const struct tcp_socket *socket);

enum tcp_state tcp_state(const struct tcp_socket *socket);
struct net_endpoint tcp_local(const struct tcp_socket *socket);
struct net_endpoint tcp_peer(const struct tcp_socket *socket);
struct tcp *tcp_machine(const struct tcp_socket *socket);

uint32_t tcp_unread_bytes(const struct tcp_socket *socket);  /* FIONREAD; of a listener: how many wait */
uint32_t tcp_unacked_bytes(const struct tcp_socket *socket); /* SIOCOUTQ: sent or not, not acknowledged */
uint32_t tcp_unsent_bytes(const struct tcp_socket *socket);  /* SIOCOUTQNSD */
bool tcp_is_at_mark(const struct tcp_socket *socket);        /* SIOCATMARK: the urgent octet is next */

void tcp_info_of(const struct tcp_socket *socket, struct tcp_info *ret_info);

/* ---- For ss ---- */

/* One line: a socket, or what is left of one that is closed. */
struct tcp_entry {
    struct tcp_socket *socket; /* NULL: TIME-WAIT */
    struct net_endpoint local, peer;
    enum tcp_state state;
    uint32_t receive_queue, send_queue; /* of a listener: waiting connections, backlog */
    const char *timer;                  /* "on", "keepalive", "timewait", "persist" or NULL */
    int64_t timer_left;                 /* picoseconds */
    unsigned retransmits;               /* behind the timer, as ss has it */
    const void *place;                  /* where the walk stands */
};

/* The next one; begin with a zeroed entry. False: that was the last. Nothing may change meanwhile. */
bool tcp_entry_next(const struct tcp *tcp, struct tcp_entry *entry);

/* ---- Facts ---- */

/* The first ones are those of recovery and congestion control: told.h. */
enum tcp_fact {
    TCP_FACT_STATE = TCP_TOLDS, /* tcp.state: from one state to another */
    TCP_FACT_TX,                /* tcp.tx: a segment leaves */
    TCP_FACT_RX,                /* tcp.rx: a segment has arrived */
    TCP_FACT_DROP,              /* tcp.drop: a segment ends here, and why */
    TCP_FACT_RETRANSMIT,        /* tcp.retransmit: octets leave once more */
    TCP_FACT_TIMEOUT,           /* tcp.timeout: no acknowledgment in time */
    TCP_FACT_FLIGHT,            /* tcp.flight, a gauge: octets sent and not acknowledged */
    TCP_FACT_RWND,              /* tcp.rwnd, a gauge: the peer's window */
    TCP_FACT_RCV_WND,           /* tcp.rcv_wnd, a gauge: ours */
    TCP_FACT_DUPACK,            /* tcp.dupack: a duplicate acknowledgment */
    TCP_FACT_SACK,              /* tcp.sack: the peer tells what it has out of order */
    TCP_FACT_CONNECTED,         /* tcp.connected: the handshake is complete */
    TCP_FACT_CLOSED,            /* tcp.closed: a connection has ended */
    TCP_FACT_RESET,             /* tcp.reset: one is sent, or obeyed */
    TCP_FACT_CHALLENGE,         /* tcp.challenge: a challenge ACK */
    TCP_FACT_PROBE,             /* tcp.probe: of a window, or whether the peer lives */
    TCP_FACT_SENT,              /* tcp.sent, a gauge: where the sender stands */
    TCP_FACT_LISTEN,            /* tcp.listen: a queue of a listener is full */
    TCP_FACT_MSS,               /* tcp.mss, a gauge: data in a full segment */
    TCP_FACT_URGENT,            /* tcp.urgent: urgent data is announced */
    TCP_FACT_NO_PORT,           /* tcp.no_port: all ports are taken */
    TCP_FACT_ECN,               /* tcp.ecn: a marked segment, or the answer to our echo, has arrived */
    TCP_FACTS
};

extern const struct env_kind tcp_kinds[TCP_FACTS];

#endif

/* SPDX-License-Identifier: MIT
 * What the machine knows of one socket. Not for outsiders.
 *
 *      struct tcp_socket --+-- bound        its endpoints, in the tables (demux.h)
 *                          +-- choices      what its owner has asked for
 *                          +-- listener     if it listens: who has knocked (listen.c)
 *                          +-- snd          the sender:   what goes out (sender.c), and
 *                          |     '-- recovery   what is lost, and how much may be in flight (recovery.h)
 *                          +-- rcv          the receiver: what comes in (receiver.c)
 *                          '-- timers       (timers.c)
 *
 * Whatever happens to a socket, a segment, a timer, a call, ends in tcp_settle: it sends what may be sent,
 * acknowledges what should be, tells the owner what has become true, and frees what nobody needs any more.
 * Until then no pointer goes stale. */
#ifndef NETARIUM_PROTOCOLS_TCP_CONNECTION_H
#define NETARIUM_PROTOCOLS_TCP_CONNECTION_H

#include "protocols/tcp/reassembly.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/tcp.h"
#include "protocols/tcp/timers.h"

/* What the owner has asked for; a listener's children inherit it. Zero: as the settings say. */
struct tcp_choices {
    int64_t send_buffer_bytes, receive_buffer_bytes; /* SO_SNDBUF, SO_RCVBUF, doubled */
    int64_t user_timeout;                            /* picoseconds */
    int64_t keepalive_idle, keepalive_interval;      /* picoseconds */
    int64_t fin_wait_2;                              /* picoseconds; -1: not at all. TCP_LINGER2 */
    int32_t linger_seconds;                          /* -1: off */
    uint32_t window_clamp;
    uint32_t unsent_low_bytes; /* TCP_NOTSENT_LOWAT */
    uint32_t fast_open_queue;  /* TCP_FASTOPEN; 0: off */
    uint16_t mss_most;         /* TCP_MAXSEG */
    uint8_t keepalive_count, syn_count;
    uint8_t defer_timeouts; /* TCP_DEFER_ACCEPT: for so many of a SYN,ACK one waits for data; 0: it is not set */
    uint8_t tos, ttl;
    bool no_mtu_discovery; /* IP_MTU_DISCOVER was set to never */
    bool keeps_alive, takes_urgent_inline, has_no_delay, is_corked, counts_only, has_quick_ack;
    const struct tcp_congestion_type *congestion; /* NULL: the machine's */
};

/* Connections that have knocked on a listener. */
struct tcp_listener {
    uint32_t backlog;
    struct list half_open; /* in SYN-RECEIVED, through `waiting` */
    struct list ready;     /* to be accepted, the oldest first */
    uint32_t half_open_count, ready_count;
};

/* What holds a sender back. */
enum tcp_limit { TCP_LIMIT_IDLE, TCP_LIMIT_BUSY, TCP_LIMIT_RWND, TCP_LIMIT_SNDBUF, TCP_LIMITS };

/* ---- The sender: RFC 9293 section 3.3.1, figure 3 ----
 *
 *      una              nxt                     end
 *       |  unacknowledged | not sent yet         |  FIN, if `has_ended`
 *       |<------------------ buffer ------------>|
 */
struct tcp_sender {
    struct tcp_stream buffer;
    struct tcp_seq base; /* of the buffer's front: una, but for SYN and FIN */
    struct tcp_seq end;  /* behind the last octet that the owner gave */
    struct tcp_seq iss, una, nxt;
    struct tcp_seq wl1, wl2;     /* the segment that told the window last */
    struct tcp_seq small_end;    /* end of the last small segment: Minshall */
    struct tcp_seq pushed;       /* where PSH was set last */
    struct tcp_seq urgent;       /* behind the last urgent octet: SND.UP */
    struct tcp_seq *record_ends; /* MSG_EOR: owned ring of segment ends; NULL: none */
    uint32_t record_room, record_first, record_count;
    uint32_t wnd, wnd_most;   /* the peer's window now, and the largest ever */
    uint32_t limit_bytes;     /* of the buffer */
    uint32_t pmtu_bytes;      /* what the way takes */
    int64_t pmtu_until;       /* after that a larger one is tried; 0: it is what the interface takes */
    uint16_t mss_peer;        /* the peer's option */
    uint16_t mss;             /* data in a full segment: what the way takes, less headers and options */
    uint8_t scale;            /* of the peer's window */
    uint8_t probes;           /* window probes without an answer, in a row */
    uint8_t probe_backoff;    /* doublings of the time between them */
    uint8_t syn_sent;         /* SYNs, or SYN,ACKs, sent */
    uint8_t syn_held;         /* and held back when it was time, for the peer has the first: TCP_DEFER_ACCEPT */
    bool has_ended;           /* the owner will give no more: FIN stands at `end` */
    bool has_urgent;          /* `urgent` is ahead of una */
    bool holds_tail;          /* in a call of the owner's: more follows at once */
    bool is_probe_out;        /* an octet beyond the window was sent, to see what is said */
    bool wants_room;          /* the owner was refused; tell it when there is room */
    bool uses_ecn;            /* both ends do */
    bool asked_ecn;           /* our SYN did */
    bool was_idle_told;       /* the recovery knows of this silence */
    int soft_error;           /* what the network said lately; the reason, should we give up */
    int64_t last_sent_at;     /* data */
    int64_t syn_at;           /* the first SYN, or SYN,ACK */
    int64_t last_heard_at;    /* anything */
    int64_t syn_took;         /* TCP_DEFER_ACCEPT: until the first ACK of our SYN,ACK came; 0: it was repeated */
    int64_t first_timeout_at; /* of the timeouts in a row; ENV_NEVER: none */
    enum tcp_limit limit;               /* what holds it back now: limits.c */
    int64_t limit_since;
    int64_t limited[TCP_LIMITS];        /* for how long, until then */
    struct tcp_recovery recovery;
};

/* ---- The receiver: RFC 9293 section 3.3.1, figure 4 ----
 *
 *      read             nxt             adv
 *       |  to be read    |  may come     |  may not
 *       |<----- buffer: islands too ---->|
 */
struct tcp_receiver {
    struct tcp_stream buffer; /* its front is `read` */
    struct tcp_seq irs, nxt;
    struct tcp_seq read;   /* the next octet for the owner */
    struct tcp_seq adv;    /* the right edge that the peer was told */
    struct tcp_seq acked;  /* the ACK number that was sent last: RCV.WUP, Last.ACK.sent */
    struct tcp_seq fin;    /* number of the peer's FIN, with `has_fin` */
    struct tcp_seq urgent; /* the urgent octet, with `urgent_state` */
    struct tcp_reassembly islands;
    uint32_t wnd;           /* what was advertised last */
    uint32_t space_bytes;   /* of the buffer */
    uint32_t trusted_bytes; /* the most that is advertised now: Linux' rcv_ssthresh */
    uint32_t ts_recent;     /* RFC 7323 section 4.3 */
    int64_t ts_recent_at;
    int64_t last_data_at;
    int64_t ack_wait;                        /* how long an acknowledgment waits for company: Linux' ato */
    int64_t answered_nonsense_at;            /* when a challenge or duplicate ACK was sent: rate limits */
    uint16_t mss;                            /* what the peer's segments seem to hold at most */
    uint16_t mss_told;                       /* our own option */
    uint8_t scale;                           /* of our window */
    uint8_t quick;                           /* ACKs to be sent at once */
    uint8_t urgent_state;                    /* enum tcp_urgent_state */
    uint8_t keepalive_probes;                /* without an answer */
    bool has_sack, has_timestamp, has_scale; /* agreed upon */
    bool has_fin;                            /* the peer's FIN has arrived, perhaps ahead of its time */
    bool has_ended;                          /* it has been taken: nothing comes any more */
    bool saw_ect;                            /* a segment came that could have been marked */
    bool is_ack_due;                         /* something is to be acknowledged */
    bool is_ack_urgent;                      /* at once */
    bool is_talk;           /* data goes both ways: acknowledgments ride on it. Linux' pingpong */
    bool owes_ece;          /* a mark was seen; until the peer's CWR. RFC 3168 section 6.1.3 */
    bool is_shut;           /* the owner wants nothing more */
    bool was_pushed;        /* the last data came with PSH */
    uint32_t arrived_early; /* segments out of order, ever */
    uint64_t octets;        /* received in order, ever */
    /* How fast the owner reads: for the buffer's growth. right_sizing.c */
    int64_t round_at;
    int64_t rtt_eight;         /* eight round trips as the receiver sees them; 0: not known */
    int64_t window_at;         /* when the window was told of which `window_end` is the end; 0: none */
    struct tcp_seq window_end;
    uint32_t rtt_echo;         /* the echo that was measured last */
    struct tcp_seq round_read;
    uint32_t round_space;
};

/* Of a SYN, or a SYN,ACK, with Fast Open. fast_open.c */
struct tcp_fast {
    bool asks;           /* the option is there: with a cookie, or for one */
    bool had_data;       /* data in the SYN was taken */
    uint8_t cookie_bytes;
    uint8_t cookie[TCP_COOKIE_MOST];
    uint32_t sent_bytes; /* data in our SYN */
};

enum tcp_urgent_state { TCP_URGENT_NONE, TCP_URGENT_AHEAD, TCP_URGENT_HERE, TCP_URGENT_TAKEN };

struct tcp_socket {
    struct tcp *tcp;
    struct tcp_bound bound;
    struct list_link link;     /* among all of the machine */
    struct list_link waiting;  /* in its listener's half_open or ready */
    struct tcp_socket *parent; /* the listener that it waits in; NULL: none, or accepted */
    tcp_told *told;            /* NULL: nobody */
    void *owner;
    struct net_layer *layer;       /* of its family; NULL until connected */
    struct tcp_teller teller;      /* how its parts tell facts */
    struct tcp_listener *listener; /* owned */
    struct tcp_time_wait *remains; /* what took its place in TIME-WAIT, while it has an owner */
    struct tcp_choices choices;
    struct tcp_sender snd;
    struct tcp_receiver rcv;
    struct tcp_timers timers;
    struct tcp_fast fast;
    enum tcp_state state;
    int error;          /* pending, as a net_error; 0: none */
    unsigned ready_now; /* to be told */
    bool has_owner;     /* tcp_close has not been called */
    bool is_open;       /* the parts that need memory are made */
    bool is_shut_down;  /* released: only tcp_settle may still look at it */
    bool was_passive;   /* a listener's child */
    bool is_deferred;   /* TCP_DEFER_ACCEPT: the last step of the handshake waits for data */
    bool is_fast;       /* SYN-RECEIVED with a good cookie: it is used before its handshake is complete */
    bool is_ready;      /* its handshake is complete: it waits to be accepted */
    int64_t linger_until; /* tcp_linger waits until then; 0: it does not */
    uint64_t flow;      /* number of the text that names it in facts; 0: not asked for yet */
    uint32_t ts_offset; /* where our timestamps begin */
    uint64_t octets_sent, octets_acked, segments_in, segments_out, data_in, data_out, octets_resent;
};

/* ---- connection.c: life, death, and the one place where a state changes ---- */

struct tcp_socket *tcp_socket_new(struct tcp *tcp);

/* Makes sender, receiver and timers, for a connection that begins. */
void tcp_socket_begin(struct tcp_socket *socket, struct net_layer *layer);

/* The one function that changes the state. `rule` is a row of tcp_rules: why. */
enum tcp_rule {
    TCP_RULE_OPEN_PASSIVE,
    TCP_RULE_OPEN_ACTIVE,
    TCP_RULE_SYN_ARRIVED,
    TCP_RULE_SYN_ACK_ARRIVED,
    TCP_RULE_SYN_CROSSED,
    TCP_RULE_SYN_ACKED,
    TCP_RULE_COOKIE,
    TCP_RULE_FIN_ARRIVED,
    TCP_RULE_FIN_ACKED,
    TCP_RULE_CLOSED,
    TCP_RULE_RESET,
    TCP_RULE_REFUSED,
    TCP_RULE_ABORTED,
    TCP_RULE_GAVE_UP,
    TCP_RULE_SYN_AGAIN,
    TCP_RULE_TIME_WAIT_OVER,
    TCP_RULE_TIME_WAIT_REUSED,
    TCP_RULE_ORPHAN,
    TCP_RULE_UNREAD,
    TCP_RULE_NOBODY_READS,
    TCP_RULE_NETWORK,
    TCP_RULES
};
void tcp_enter(struct tcp_socket *socket, enum tcp_state state, enum tcp_rule rule);

/* The end: CLOSED, with `error` for the owner (0: in peace). Everything that needs memory is given back. */
void tcp_end(struct tcp_socket *socket, enum tcp_rule rule, int error);

/* The last step of everything: see above. The socket may be gone afterwards. */
void tcp_settle(struct tcp_socket *socket);

/* The same at the end of a call of the owner's, who sees what became of it and is not told. */
void tcp_settle_quietly(struct tcp_socket *socket);

/* Gives back what needs memory, and the place in the tables. What has arrived may still be read. */
void tcp_socket_let_go(struct tcp_socket *socket);

/* It has fallen idle: what it does not need now is given back. */
void tcp_socket_rest(struct tcp_socket *socket);

/* Undoes a connection: the socket may be used again. */
int tcp_disconnect(struct tcp_socket *socket);

/* Frees a socket that is closed and that nobody owns; tcp_settle calls it. */
void tcp_socket_free(struct tcp_socket *socket);

/* Something has become true that the owner wants to know. */
static inline void tcp_note(struct tcp_socket *socket, unsigned ready)
{
    socket->ready_now |= ready;
}

static inline struct tcp_socket *tcp_socket_of(struct tcp_bound *bound)
{
    return ENV_OWNER(bound, struct tcp_socket, bound);
}

static inline int64_t tcp_now(const struct tcp_socket *socket)
{
    return env_now(socket->tcp->env);
}

static inline int64_t tcp_set_of(const struct tcp_socket *socket, enum tcp_setting setting)
{
    return tcp_setting(&socket->tcp->settings, setting);
}

static inline int64_t tcp_set_time_of(const struct tcp_socket *socket, enum tcp_setting setting)
{
    return tcp_setting_time(&socket->tcp->settings, setting);
}

/* The layer below that carries the family of `address`, or NULL. */
struct net_layer *tcp_layer_for(const struct tcp *tcp, const struct net_address *address);

/* ---- arrival.c: RFC 9293 section 3.10.7 ---- */

/* Why a segment went no further, or only so far. The words are tcp_reason_words. */
enum tcp_reason {
    TCP_TRUNCATED = 1, /* 1 to 3 are enum tcp_wire */
    TCP_BAD_OFFSET,
    TCP_BAD_CHECKSUM,
    TCP_FOR_MANY,
    TCP_NO_SOCKET,
    TCP_OUTSIDE_WINDOW,
    TCP_DUPLICATE,
    TCP_OLD_TIMESTAMP,
    TCP_NO_TIMESTAMP,
    TCP_RST_NOT_EXACT,
    TCP_RST_WITHOUT_ACK,
    TCP_SYN_IN_WINDOW,
    TCP_NO_ACK,
    TCP_ACK_TOO_OLD,
    TCP_ACK_TOO_NEW,
    TCP_NO_SYN,
    TCP_SYN_QUEUE_FULL,
    TCP_ACCEPT_QUEUE_FULL,
    TCP_BAD_COOKIE,
    TCP_NOBODY_READS,
    TCP_BUFFER_FULL,
    TCP_BEHIND_FIN,
    TCP_RST_IN_TIME_WAIT,
    TCP_STATE_IGNORES,
    TCP_DEFERRED,
    TCP_REASONS
};
extern const char *const tcp_reason_words[]; /* ended by NULL */

struct tcp_arrival {
    struct tcp_segment segment;
    struct net_endpoint local, peer;
    const struct net_arrival *net; /* how it came */
    uint32_t window;               /* scaled */
    uint64_t flow;                 /* number of the text that names it; 0 when nobody listens */
    bool is_marked;                /* congestion experienced, on its way */
    bool is_trimmed;               /* octets that we had already were cut off its front */
};

void tcp_receive_segment(struct net_layer_user *user, const struct net_arrival *arrival);
void tcp_arrive(struct tcp_socket *socket, struct tcp_arrival *arrival);
void tcp_arrive_rest(struct tcp_socket *socket, struct tcp_arrival *arrival); /* from the sixth step on */
void tcp_drop(struct tcp *tcp, const struct tcp_arrival *arrival, enum tcp_reason reason);

/* ---- facts.c ---- */

/* The number of "10.0.1.2:49152 > 10.0.2.2:9", for a fact; 0 when nobody listens. */
uint64_t tcp_flow_text(struct env *env, const struct net_endpoint *local, const struct net_endpoint *peer);
uint64_t tcp_flow(struct tcp_socket *socket);
uint64_t tcp_flags_text(struct env *env, uint8_t flags);

/* Tells a fact of which `first` is the first value; the flow stands second. */
#define tcp_tell_fact(socket, fact, frame, first, ...)                                                       \
    env_tell((socket)->tcp->env, &tcp_kinds[fact], frame, (int64_t)(first), (int64_t)tcp_flow(socket),       \
             __VA_ARGS__)

/* ---- handshake.c ---- */

void tcp_syn_sent_arrive(struct tcp_socket *socket, struct tcp_arrival *arrival);
void tcp_open_passive(struct tcp_socket *child, const struct tcp_arrival *syn);
void tcp_open_from_cookie(struct tcp_socket *child, struct tcp_arrival *ack, uint16_t mss);

/* The first SYN. With `is_fast` some of the octets go along: returns how many. */
uint32_t tcp_open_active(struct tcp_socket *socket, bool is_fast, const void *bytes, uint32_t count);
void tcp_send_syn(struct tcp_socket *socket);    /* or SYN,ACK, by the state; also again */
void tcp_learn_options(struct tcp_socket *socket, const struct tcp_options *options);
bool tcp_agrees_on_ecn(const struct tcp_socket *socket, uint8_t flags); /* those of the peer's SYN */
void tcp_establish(struct tcp_socket *socket, const struct tcp_arrival *arrival, enum tcp_rule rule);
void tcp_syn_timeout(struct tcp_socket *socket);
bool tcp_defers(struct tcp_socket *child, const struct tcp_arrival *arrival); /* its owner waits for data */

/* ---- fast_open.c: RFC 7413 ---- */

bool tcp_fast_open_may_ask(const struct tcp *tcp);
uint32_t tcp_fast_open_begin(struct tcp_socket *socket, uint32_t count);
void tcp_fast_open_answered(struct tcp_socket *socket, const struct tcp_arrival *arrival);
bool tcp_fast_open_accepts(const struct tcp_socket *listener, const struct tcp_arrival *syn);
void tcp_fast_open_offer(struct tcp_socket *child, const struct tcp_arrival *syn);
void tcp_fast_open_take(struct tcp_socket *child, const struct tcp_arrival *syn);
void tcp_jar_release(struct tcp *tcp);
uint64_t tcp_address_hash(struct tcp *tcp, const struct net_address *local, const struct net_address *peer); /* isn.c */

/* Does it send and receive? A fast one does before its handshake is complete. */
static inline bool tcp_is_usable(const struct tcp_socket *socket)
{
    return tcp_state_is_synchronized(socket->state) || socket->is_fast;
}

/* ---- listen.c ---- */

void tcp_listener_open(struct tcp_socket *socket);
struct tcp_socket *tcp_listener_take(struct tcp_socket *listener); /* NULL: nobody is ready */
void tcp_listen_arrive(struct tcp_socket *listener, struct tcp_arrival *arrival);
void tcp_listener_close(struct tcp_socket *listener);
void tcp_listener_forget(struct tcp_socket *listener); /* and all who wait, without a word */
bool tcp_listener_has_room(const struct tcp_socket *listener);
void tcp_child_is_ready(struct tcp_socket *child); /* the handshake is complete */
void tcp_child_leaves(struct tcp_socket *child);   /* it waits no more */

/* ---- time_wait.c ---- */

void tcp_time_wait_begin(struct tcp_socket *socket);
/* True: it is gone, and the segment is for a listener. */
bool tcp_time_wait_arrive(struct tcp *tcp, struct tcp_bound *bound, struct tcp_arrival *arrival);
bool tcp_time_wait_next(const struct tcp *tcp, struct tcp_entry *entry);
void tcp_time_wait_forget_owner(struct tcp_socket *socket);
void tcp_time_wait_end_all(struct tcp *tcp);

/* ---- close.c ---- */

void tcp_take_fin(struct tcp_socket *socket); /* the peer's FIN is next in order */
void tcp_fin_was_acked(struct tcp_socket *socket);

/* ---- output.c: making segments ---- */

/* Sends `bytes` octets of the buffer from `seq` on with these flags; ACK, window and options are filled in.
 */
void tcp_transmit(struct tcp_socket *socket, struct tcp_seq seq, uint32_t bytes, unsigned flags);
void tcp_send_ack(struct tcp_socket *socket);
void tcp_send_reset(struct tcp_socket *socket);
void tcp_send_probe(struct tcp_socket *socket); /* an old octet's number and nothing else: "are you there?" */

/* The options of a SYN, or of a SYN,ACK, by the flags. */
void tcp_syn_options(const struct tcp_socket *socket, unsigned flags, struct tcp_options *options);

/* The largest segment that we can take from `peer`: our own MSS option. RFC 9293 section 3.7.1, RFC 6691. */
uint16_t tcp_mss_to_tell(const struct tcp_socket *socket, const struct net_endpoint *peer);

/* Answers a segment that belongs to nobody, or to a connection that must not exist: RFC 9293
 * section 3.10.7.1. */
void tcp_refuse(struct tcp *tcp, const struct tcp_arrival *arrival);

/* A segment from no socket: for TIME-WAIT, cookies and resets. `ret` is what is filled and sent. */
void tcp_transmit_bare(struct tcp *tcp, const struct net_endpoint *local, const struct net_endpoint *peer,
                       const struct tcp_segment *segment, uint8_t tos, uint8_t ttl);

/* Our clock for timestamps, milliseconds, beginning somewhere for each connection: RFC 7323 section 5.4. */
uint32_t tcp_timestamp(const struct tcp_socket *socket);

/* ---- sender.c ---- */

void tcp_sender_open(struct tcp_socket *socket, bool was_syn_lost); /* the handshake is complete */
void tcp_sender_push(struct tcp_socket *socket); /* sends what may be sent */
void tcp_sender_acked(struct tcp_socket *socket, const struct tcp_arrival *arrival);
void tcp_sender_window(struct tcp_socket *socket, const struct tcp_arrival *arrival);
uint32_t tcp_sender_room(const struct tcp_socket *socket);
bool tcp_sender_is_writable(const struct tcp_socket *socket);
void tcp_sender_set_mss(struct tcp_socket *socket,
                        int rule);                         /* by what the way takes; the rule for tcp.mss */
void tcp_sender_limit(struct tcp_socket *socket);          /* how much the buffer holds at first */
void tcp_sender_force(struct tcp_socket *socket);          /* sends what the window takes, however small */
bool tcp_sender_has_more(const struct tcp_socket *socket); /* something has not been sent yet */
void tcp_sender_arm(struct tcp_socket *socket);            /* the timers that sending needs */

/* ---- receiver.c ---- */

void tcp_receiver_open(struct tcp_socket *socket);
uint32_t tcp_receiver_first_window(struct tcp_socket *socket, bool has_heard); /* of the peer's options */
uint16_t tcp_receiver_window(struct tcp_socket *socket,
                             bool is_syn); /* for the header of a segment that leaves now */
void tcp_receiver_take(struct tcp_socket *socket, struct tcp_arrival *arrival);
void tcp_receiver_was_read(struct tcp_socket *socket, uint32_t bytes);
void tcp_receiver_saw_twice(struct tcp_socket *socket, const struct tcp_arrival *arrival); /* all of it */
void tcp_receiver_resize(struct tcp_socket *socket);                                       /* SO_RCVBUF */
uint32_t tcp_receiver_unread(const struct tcp_socket *socket);

/* ---- right_sizing.c: how large the buffer should be ---- */

void tcp_right_size_echo(struct tcp_socket *socket, const struct tcp_arrival *arrival); /* data has come */
void tcp_right_size_arrived(struct tcp_socket *socket);                                 /* in order */
void tcp_right_size_read(struct tcp_socket *socket);

/* ---- limits.c: what holds the sender back ---- */

void tcp_limit_look(struct tcp_socket *socket);
void tcp_limit_end(struct tcp_socket *socket);
int64_t tcp_limited_by(const struct tcp_socket *socket, enum tcp_limit limit); /* for how long, picoseconds */

/* ---- delayed_ack.c ---- */

void tcp_ack_data_arrived(struct tcp_socket *socket, const struct tcp_arrival *arrival);
void tcp_ack_now(struct tcp_socket *socket);
void tcp_ack_quickly(struct tcp_socket *socket, unsigned how_many);
void tcp_ack_decide(struct tcp_socket *socket); /* now, later or not */
void tcp_ack_was_sent(struct tcp_socket *socket);
void tcp_ack_data_sent(struct tcp_socket *socket);
void tcp_ack_timeout(struct tcp_socket *socket);

/* ---- timestamps.c, challenge.c, ecn.c, urgent.c, pmtu.c, isn.c, retransmit.c, keepalive.c ---- */

bool tcp_paws_accepts(struct tcp_socket *socket, const struct tcp_arrival *arrival);

/* How long ago our clock showed what the peer echoes. False: there is no echo, or it cannot be true. */
bool tcp_echo_age(const struct tcp_socket *socket, const struct tcp_options *options, int64_t *ret_age);
void tcp_timestamp_learn(struct tcp_socket *socket, const struct tcp_arrival *arrival);
void tcp_challenge(struct tcp_socket *socket, const struct tcp_arrival *arrival, enum tcp_reason reason);
bool tcp_may_answer_nonsense(struct tcp_socket *socket);
void tcp_ecn_arrived(struct tcp_socket *socket, const struct tcp_arrival *arrival);
bool tcp_urgent_is_here(const struct tcp_socket *socket); /* the urgent octet has arrived */
int64_t tcp_urgent_read(struct tcp_socket *socket, uint8_t *ret_octet, bool peeks);
uint32_t tcp_urgent_limit(const struct tcp_socket *socket, uint32_t bytes); /* reading stops at the mark */
void tcp_urgent_step_over(struct tcp_socket *socket);
void tcp_path_may_have_grown(struct tcp_socket *socket);
void tcp_urgent_arrived(struct tcp_socket *socket, const struct tcp_arrival *arrival);
void tcp_failed(struct net_layer_user *user, const struct net_failure *failure);
struct tcp_seq tcp_isn(struct tcp *tcp, const struct net_endpoint *local, const struct net_endpoint *peer);
uint32_t tcp_timestamp_offset(struct tcp *tcp, const struct net_endpoint *local,
                              const struct net_endpoint *peer);
struct tcp_seq tcp_cookie(struct tcp *tcp, const struct tcp_arrival *syn, uint16_t mss);
bool tcp_cookie_check(struct tcp *tcp, const struct tcp_arrival *ack, uint16_t *ret_mss);

/* The timestamp of a cookie's SYN,ACK, which keeps what was agreed on; and what it kept: true, ECN too. */
uint32_t tcp_cookie_clock(struct tcp *tcp, const struct tcp_arrival *syn, const struct tcp_options *agreed,
                          bool has_ecn);
bool tcp_cookie_recall(struct tcp *tcp, const struct tcp_arrival *ack, struct tcp_options *options);
void tcp_retransmit_timeout(struct tcp_socket *socket);
void tcp_send_probe_of_window(struct tcp_socket *socket);
void tcp_persist_timeout(struct tcp_socket *socket);
int64_t tcp_probe_wait(const struct tcp_socket *socket);
void tcp_user_timeout(struct tcp_socket *socket);
void tcp_keepalive_timeout(struct tcp_socket *socket);
void tcp_keepalive_arm(struct tcp_socket *socket);

#endif

/* SPDX-License-Identifier: MIT
 * One host with one network interface and its whole protocol stack, in virtual time, for programs of your
 * own.
 *
 *        your program                     the host
 *     nt_host_inject  ---- packet ---->  ethernet/ARP, IPv4, ICMP, UDP, TCP
 *     nt_host_take    <--- packet -----        |
 *     nt_host_send, nt_host_recv  <---->    sockets
 *     nt_host_run_until ---- time ---->     timers
 *
 * Nothing happens by itself. The host has a clock that only you turn: ask nt_host_deadline when something is
 * due, turn the clock with nt_host_run_until, put in what arrives, take out what was sent, each with its
 * time. No call ever blocks. The same calls in the same order give the same packets, to the last bit, on
 * every machine. Hosts share nothing, so that each may live in a thread of its own.
 *
 * Calls return 0 or more on success, and a negated errno value, as Linux numbers them, if not: -11 is EAGAIN
 * (nothing now, later perhaps), -115 EINPROGRESS (a connection is being opened), -22 EINVAL (the call makes
 * no sense here).
 *
 *     struct nt_host_options options = {.size = sizeof options, .address = "10.0.0.1/24"};
 *     struct nt_host *host;
 *     if (nt_host_open(&options, &host) < 0)
 *         ...
 *     int fd = nt_host_socket(host, NT_HOST_STREAM);
 *     nt_host_connect(host, fd, &(struct nt_host_endpoint){.address = {10, 0, 0, 2}, .port = 80});
 *     uint8_t packet[2048];
 *     int64_t at;
 *     int length = nt_host_take(host, packet, sizeof packet, &at);     the SYN, as an IPv4 datagram
 *
 * Times are picoseconds since the host was opened. embed/example.c is a whole program. */
#ifndef NETARIUM_HOST_H
#define NETARIUM_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NT_HOST_NEVER INT64_MAX
#define NT_HOST_SECOND INT64_C(1000000000000)
#define NT_HOST_MILLISECOND INT64_C(1000000000)
#define NT_HOST_MICROSECOND INT64_C(1000000)

struct nt_host;

/* What goes in and comes out. */
enum nt_host_wire {
    NT_HOST_DATAGRAMS, /* IPv4 datagrams, as on a TUN device: no Ethernet, no ARP */
    NT_HOST_FRAMES /* Ethernet frames without check sequence, as on a TAP device: ARP finds the neighbours */
};

/* What a host is like. Zeros mean the usual. Strings are borrowed for the call. */
struct nt_host_options {
    size_t size;         /* sizeof(struct nt_host_options) */
    const char *address; /* "10.0.0.1/24"; needed */
    const char *gateway; /* "10.0.0.254"; NULL: with datagrams everybody is on the link, with frames none */
    const char *profile; /* of TCP: "linux" (the usual), "rfc", "classic" */
    enum nt_host_wire wire; /* NT_HOST_DATAGRAMS */
    uint32_t mtu;           /* largest datagram, 68 to 65535 bytes; 0: 1500 */
    uint64_t seed;          /* of the host's dice: ports, initial sequence numbers; 0 is a seed like others */
    uint8_t mac[6];         /* with frames; zeros: 02:00:00:00:00:01 */
};

/* Opens a host. On failure `*ret_host` is untouched: -EINVAL, or -ENOMEM. */
int nt_host_open(const struct nt_host_options *options, struct nt_host **ret_host);

/* Closes it and all that it has. NULL is harmless. Nothing is sent any more. */
void nt_host_free(struct nt_host *host);

/* ---- Time ---- */

/* What time it is there. It begins at 0. */
int64_t nt_host_now(const struct nt_host *host);

/* When the next timer is due, NT_HOST_NEVER if none is. Not before now. */
int64_t nt_host_deadline(const struct nt_host *host);

/* Lets time pass until `at`, which is not before now: all timers that are due until then, that instant
 * included, do their work. -EINVAL: time does not go back. */
int nt_host_run_until(struct nt_host *host, int64_t at);

/* ---- The wire ---- */

/* `bytes` arrive now: a datagram or a frame, as the host was opened. They are copied if they are needed for
 * longer. -EINVAL: more than 65 535 bytes (and an Ethernet header). Whatever else they contain is the
 * network's business and no error. */
int nt_host_inject(struct nt_host *host, const void *bytes, size_t count);

/* Takes the oldest packet that was sent and not yet taken: its length, and when it was sent (may be NULL).
 * -EAGAIN: there is none. -EMSGSIZE: it has more than `size` bytes, and stays. A host keeps at most 65 536
 * packets; what it sends while nobody takes them is lost, like on a wire that is cut. */
int nt_host_take(struct nt_host *host, void *bytes, size_t size, int64_t *ret_at);

/* ---- Settings ---- */

/* Sets a value by its name, as sysctl does: "net.ipv4.tcp_sack" "0". Connections that exist keep what they
 * agreed on. "netarium.tcp_isn" lets every connection begin at that sequence number. -ENOENT: no such name;
 * -EINVAL: no such value. */
int nt_host_set(struct nt_host *host, const char *name, const char *value);

/* Writes the value, ended by a zero, and returns its length. -ENOENT; -EMSGSIZE. */
int nt_host_get(const struct nt_host *host, const char *name, char *ret_value, size_t size);

/* The name of setting `index`, from 0; NULL behind the last. */
const char *nt_host_setting_name(uint32_t index);

/* ---- Sockets: small numbers, from 3, as a process has them ---- */

enum nt_host_kind { NT_HOST_STREAM = 1, NT_HOST_DATAGRAM = 2 };

/* An IPv4 address and a port in host order. Zeros: any. */
struct nt_host_endpoint {
    uint8_t address[4];
    uint16_t port;
};

/* For send and recv; Linux's numbers. */
enum nt_host_flag {
    NT_HOST_OOB = 0x01,   /* the last byte is urgent */
    NT_HOST_PEEK = 0x02,  /* look, and leave it there */
    NT_HOST_EOR = 0x80,   /* the last segment of this ends here: what follows starts a new one */
    NT_HOST_MORE = 0x8000 /* more is to come: wait for a full segment */
};

/* What a socket can do now. */
enum nt_host_ready {
    NT_HOST_IN = 0x001,    /* recv or accept would give something, an end included */
    NT_HOST_OUT = 0x004,   /* send would take something */
    NT_HOST_ERR = 0x008,   /* an error waits */
    NT_HOST_HUP = 0x010,   /* both directions have ended */
    NT_HOST_RDHUP = 0x2000 /* the peer will send nothing more */
};

/* Which directions to shut down. */
enum nt_host_direction { NT_HOST_SHUT_RD = 0, NT_HOST_SHUT_WR = 1, NT_HOST_SHUT_RDWR = 2 };

int nt_host_socket(struct nt_host *host, enum nt_host_kind kind);
int nt_host_bind(struct nt_host *host, int fd, const struct nt_host_endpoint *local);
int nt_host_listen(struct nt_host *host, int fd, int backlog);

/* A new socket for the oldest connection that waits. `ret_peer` may be NULL. */
int nt_host_accept(struct nt_host *host, int fd, struct nt_host_endpoint *ret_peer);

/* -EINPROGRESS: the SYN is on its way; readiness and nt_host_error tell how it went. */
int nt_host_connect(struct nt_host *host, int fd, const struct nt_host_endpoint *peer);

/* sendto() with MSG_FASTOPEN: the same with `bytes` in the SYN if a cookie of this server is known. Returns how many went
 * along; -EINPROGRESS: none, a cookie is asked for; -EOPNOTSUPP: net.ipv4.tcp_fastopen has it off. RFC 7413. */
int64_t nt_host_connect_sending(struct nt_host *host, int fd, const struct nt_host_endpoint *peer, const void *bytes,
                                size_t count);

/* connect() with AF_UNSPEC: a datagram socket forgets its peer; a stream is reset, and may listen or connect
 * again. */
int nt_host_disconnect(struct nt_host *host, int fd);

/* Sends as much of it as there is room for, and returns how much that was. */
int64_t nt_host_send(struct nt_host *host, int fd, const void *bytes, size_t count, unsigned flags);

/* 0 is the end of the stream. */
int64_t nt_host_recv(struct nt_host *host, int fd, void *bytes, size_t size, unsigned flags);

/* For datagram sockets. `ret_from` may be NULL. */
int64_t nt_host_sendto(struct nt_host *host, int fd, const void *bytes, size_t count,
                       const struct nt_host_endpoint *to);
int64_t nt_host_recvfrom(struct nt_host *host, int fd, void *bytes, size_t size,
                         struct nt_host_endpoint *ret_from);

int nt_host_shutdown(struct nt_host *host, int fd, enum nt_host_direction direction);

/* The number is free again at once; the connection ends in its own time, with a reset if SO_LINGER says 0. */
int nt_host_close(struct nt_host *host, int fd);

/* A close that waits as Linux' does with SO_LINGER, in steps: the first call ends our direction, and each is
 * -EAGAIN until all that was sent is acknowledged, or the seconds are over (nt_host_deadline knows when). Then
 * it is 0 as close() is in either case, and the number is free. Without SO_LINGER it is nt_host_close. */
int nt_host_linger(struct nt_host *host, int fd);

/* Own and far end; either may be NULL. */
int nt_host_names(struct nt_host *host, int fd, struct nt_host_endpoint *ret_local,
                  struct nt_host_endpoint *ret_peer);

/* The bits of enum nt_host_ready. */
int nt_host_ready(struct nt_host *host, int fd);

/* The error that waits, as a positive number, and it is forgotten; 0: none. Linux: SO_ERROR. */
int nt_host_error(struct nt_host *host, int fd);

/* Options by Linux's names, level and name in one: "SO_REUSEADDR", "TCP_NODELAY", "IP_TOS". What Linux takes
 * a structure for has its parts as names: "SO_LINGER" is the seconds, -1 for off. -ENOPROTOOPT: there is no
 * such option. */
int nt_host_set_option(struct nt_host *host, int fd, const char *name, int64_t value);
int nt_host_get_option(struct nt_host *host, int fd, const char *name, int64_t *ret_value);

/* "TCP_CONGESTION", whose value is a word. */
int nt_host_set_option_text(struct nt_host *host, int fd, const char *name, const char *value);

/* Bytes that have arrived and were not read (SIOCINQ); that were sent and are not acknowledged, those that
 * wait to be sent included (SIOCOUTQ). */
int64_t nt_host_unread(struct nt_host *host, int fd);
int64_t nt_host_unacknowledged(struct nt_host *host, int fd);

/* A variable of a connection, by its name in Linux's struct tcp_info without the prefix: "snd_cwnd", "rto".
 * Times are microseconds as there, windows segments. -ENOENT: no such name. */
int nt_host_info(struct nt_host *host, int fd, const char *name, int64_t *ret_value);

/* The name of variable `index`, from 0; NULL behind the last. */
const char *nt_host_info_name(uint32_t index);

/* ---- What it thinks ---- */

/* Calls `told` for each fact that the stack tells from now on (NULL: no more): its kind ("tcp.cwnd"), and
 * what it carries in words ("old 14480, new 7240"), both borrowed for the call. It must not call the host. */
void nt_host_listen_to(struct nt_host *host,
                       void (*told)(void *context, int64_t at, const char *kind, const char *words),
                       void *context);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: MIT
 * What can go wrong with a socket: the numbers that Linux has for it, so that people know them.
 *
 * They are written out here because a run must be the same on every machine, and machines disagree about
 * errno. Calls return them negated: 0 or more is success, -NET_ECONNREFUSED is "Connection refused". */
#ifndef NETARIUM_PROTOCOLS_NET_ERROR_H
#define NETARIUM_PROTOCOLS_NET_ERROR_H

enum net_error {
    NET_EPERM = 1,            /* a rule of this machine said no */
    NET_EBADF = 9,            /* the socket cannot be used like that */
    NET_EAGAIN = 11,          /* nothing to do now; later perhaps */
    NET_EACCES = 13,          /* broadcast without having asked for it */
    NET_EINVAL = 22,          /* the call makes no sense here */
    NET_EPIPE = 32,           /* sending after the end was announced */
    NET_ENONET = 64,          /* the far host is cut off */
    NET_EPROTO = 71,          /* a router did not understand the header */
    NET_EDESTADDRREQ = 89,    /* to whom? */
    NET_EMSGSIZE = 90,        /* larger than can be sent in one piece */
    NET_EPROTOTYPE = 91,      /* no such kind of socket for this */
    NET_ENOPROTOOPT = 92,     /* no such option; nobody there speaks this protocol */
    NET_EPROTONOSUPPORT = 93, /* nobody here speaks this protocol */
    NET_EOPNOTSUPP = 95,      /* this kind of socket cannot do that */
    NET_EAFNOSUPPORT = 97,    /* no such family of addresses here */
    NET_EADDRINUSE = 98,      /* the port is somebody else's */
    NET_EADDRNOTAVAIL = 99,   /* the address is not ours; no port is left */
    NET_ENETDOWN = 100,       /* the interface is down */
    NET_ENETUNREACH = 101,    /* no route */
    NET_ECONNABORTED = 103,   /* the connection ended before it was accepted */
    NET_ECONNRESET = 104,     /* the far end gave up the connection */
    NET_ENOBUFS = 105,        /* a queue on this machine is full */
    NET_EISCONN = 106,        /* it is connected already */
    NET_ENOTCONN = 107,       /* it is not connected */
    NET_ETIMEDOUT = 110,      /* no answer for too long */
    NET_ECONNREFUSED = 111,   /* nobody listens on that port */
    NET_EHOSTDOWN = 112,      /* the far host is down */
    NET_EHOSTUNREACH = 113,   /* no way to the host */
    NET_EALREADY = 114,       /* it is being connected already */
    NET_EINPROGRESS = 115     /* it is being connected now */
};

/* "Connection refused" and the like, in the words of the C library; "Unknown error" for other numbers. Takes
 * the number or its negation. */
const char *net_error_words(int error);

/* The same for facts: all words, ended by NULL, and the place of an error among them. */
extern const char *const net_error_list[];
unsigned net_error_index(int error);

#endif

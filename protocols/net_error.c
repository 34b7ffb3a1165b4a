/* SPDX-License-Identifier: MIT
 * Words for errors, as the C library on Linux has them. */
#include "protocols/net_error.h"

#include <stddef.h>

/* The numbers, in the order of net_error_list. */
static const int numbers[] = {0,
                              NET_EPERM,
                              NET_EBADF,
                              NET_EAGAIN,
                              NET_EACCES,
                              NET_EINVAL,
                              NET_EPIPE,
                              NET_ENONET,
                              NET_EPROTO,
                              NET_EDESTADDRREQ,
                              NET_EMSGSIZE,
                              NET_EPROTOTYPE,
                              NET_ENOPROTOOPT,
                              NET_EPROTONOSUPPORT,
                              NET_EOPNOTSUPP,
                              NET_EAFNOSUPPORT,
                              NET_EADDRINUSE,
                              NET_EADDRNOTAVAIL,
                              NET_ENETDOWN,
                              NET_ENETUNREACH,
                              NET_ECONNABORTED,
                              NET_ECONNRESET,
                              NET_ENOBUFS,
                              NET_EISCONN,
                              NET_ENOTCONN,
                              NET_ETIMEDOUT,
                              NET_ECONNREFUSED,
                              NET_EHOSTDOWN,
                              NET_EHOSTUNREACH,
                              NET_EALREADY,
                              NET_EINPROGRESS};

const char *const net_error_list[] = {"Success",
                                      "Operation not permitted",
                                      "Bad file descriptor",
                                      "Resource temporarily unavailable",
                                      "Permission denied",
                                      "Invalid argument",
                                      "Broken pipe",
                                      "Machine is not on the network",
                                      "Protocol error",
                                      "Destination address required",
                                      "Message too long",
                                      "Protocol wrong type for socket",
                                      "Protocol not available",
                                      "Protocol not supported",
                                      "Operation not supported",
                                      "Address family not supported by protocol",
                                      "Address already in use",
                                      "Cannot assign requested address",
                                      "Network is down",
                                      "Network is unreachable",
                                      "Software caused connection abort",
                                      "Connection reset by peer",
                                      "No buffer space available",
                                      "Transport endpoint is already connected",
                                      "Transport endpoint is not connected",
                                      "Connection timed out",
                                      "Connection refused",
                                      "Host is down",
                                      "No route to host",
                                      "Operation already in progress",
                                      "Operation now in progress",
                                      "Unknown error",
                                      NULL};

_Static_assert(sizeof net_error_list / sizeof net_error_list[0] == sizeof numbers / sizeof numbers[0] + 2,
               "each number has its words");

unsigned net_error_index(int error)
{
    int number = error < 0 ? -error : error;
    unsigned index = 0;
    while (index < sizeof numbers / sizeof numbers[0] && numbers[index] != number)
        index++;
    return index;
}

const char *net_error_words(int error)
{
    return net_error_list[net_error_index(error)];
}

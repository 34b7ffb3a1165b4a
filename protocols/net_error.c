/* SPDX-License-Identifier: MIT
 * Words for errors, as the C library on Linux has them. */
#include "protocols/net_error.h"

#include <stddef.h>

static const struct {
    int error;
    const char *words;
} table[] = {
    {0, "Success"},
    {NET_EPERM, "Operation not permitted"},
    {NET_EBADF, "Bad file descriptor"},
    {NET_EAGAIN, "Resource temporarily unavailable"},
    {NET_EACCES, "Permission denied"},
    {NET_EINVAL, "Invalid argument"},
    {NET_EPIPE, "Broken pipe"},
    {NET_ENONET, "Machine is not on the network"},
    {NET_EPROTO, "Protocol error"},
    {NET_EDESTADDRREQ, "Destination address required"},
    {NET_EMSGSIZE, "Message too long"},
    {NET_EPROTOTYPE, "Protocol wrong type for socket"},
    {NET_ENOPROTOOPT, "Protocol not available"},
    {NET_EPROTONOSUPPORT, "Protocol not supported"},
    {NET_EOPNOTSUPP, "Operation not supported"},
    {NET_EAFNOSUPPORT, "Address family not supported by protocol"},
    {NET_EADDRINUSE, "Address already in use"},
    {NET_EADDRNOTAVAIL, "Cannot assign requested address"},
    {NET_ENETDOWN, "Network is down"},
    {NET_ENETUNREACH, "Network is unreachable"},
    {NET_ECONNABORTED, "Software caused connection abort"},
    {NET_ECONNRESET, "Connection reset by peer"},
    {NET_ENOBUFS, "No buffer space available"},
    {NET_EISCONN, "Transport endpoint is already connected"},
    {NET_ENOTCONN, "Transport endpoint is not connected"},
    {NET_ETIMEDOUT, "Connection timed out"},
    {NET_ECONNREFUSED, "Connection refused"},
    {NET_EHOSTDOWN, "Host is down"},
    {NET_EHOSTUNREACH, "No route to host"},
    {NET_EALREADY, "Operation already in progress"},
    {NET_EINPROGRESS, "Operation now in progress"},
};

const char *net_error_words(int error)
{
    int number = error < 0 ? -error : error;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].error == number)
            return table[i].words;
    return "Unknown error";
}

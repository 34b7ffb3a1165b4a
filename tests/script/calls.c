/* SPDX-License-Identifier: MIT
 * The application's side of a script. */
#include "tests/script/calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_BYTES (1 << 20)

/* What stands in a script for a number, and the number. Linux's. */
struct word {
    const char *name;
    int64_t value;
};

static const struct word errors[] = {
    {"EPERM", 1},          {"EBADF", 9},          {"EAGAIN", 11},       {"EINVAL", 22},
    {"EPIPE", 32},         {"EMSGSIZE", 90},      {"ENOPROTOOPT", 92},  {"EOPNOTSUPP", 95},
    {"EADDRINUSE", 98},    {"EADDRNOTAVAIL", 99}, {"ENETUNREACH", 101}, {"ECONNABORTED", 103},
    {"ECONNRESET", 104},   {"EISCONN", 106},      {"ENOTCONN", 107},    {"ETIMEDOUT", 110},
    {"ECONNREFUSED", 111}, {"EHOSTUNREACH", 113}, {"EALREADY", 114},    {"EINPROGRESS", 115},
    {"EACCES", 13},        {"ENOENT", 2},         {"ENOTSOCK", 88},     {NULL, 0}};

static const struct word words[] = {{"SOCK_STREAM", NT_HOST_STREAM},
                                    {"SOCK_DGRAM", NT_HOST_DATAGRAM},
                                    {"SHUT_RD", NT_HOST_SHUT_RD},
                                    {"SHUT_WR", NT_HOST_SHUT_WR},
                                    {"SHUT_RDWR", NT_HOST_SHUT_RDWR},
                                    {"MSG_OOB", NT_HOST_OOB},
                                    {"MSG_PEEK", NT_HOST_PEEK},
                                    {"MSG_EOR", NT_HOST_EOR},
                                    {"MSG_MORE", NT_HOST_MORE},
                                    {"IN", NT_HOST_IN},
                                    {"OUT", NT_HOST_OUT},
                                    {"ERR", NT_HOST_ERR},
                                    {"HUP", NT_HOST_HUP},
                                    {"RDHUP", NT_HOST_RDHUP},
                                    {"NONE", 0},
                                    {NULL, 0}};

static int64_t find_word(const struct word *list, const char *name, size_t length)
{
    for (; list->name; list++)
        if (strlen(list->name) == length && strncmp(list->name, name, length) == 0)
            return list->value;
    return strtoll(name, NULL, 0);
}

/* "IN|OUT", "MSG_PEEK", "5"; "..." and nothing are 0. */
static int64_t number(const char *text)
{
    int64_t value = 0;
    while (*text) {
        size_t length = strcspn(text, "|");
        value |= find_word(words, text, length);
        text += length + (text[length] == '|');
    }
    return value;
}

static struct nt_host_endpoint endpoint(const char *port, uint8_t last)
{
    int64_t given = number(port);
    return (struct nt_host_endpoint){{10, 0, 0, last}, (uint16_t)(given ? given : CALLS_PORT)};
}

/* ---- One function for each call. What they return is what the host returned. ---- */

struct made {
    struct calls *calls;
    const struct script_call *call;
    int fd;
    const char *wrong; /* something else is wrong; NULL: nothing */
};

static int64_t call_socket(struct made *made)
{
    return nt_host_socket(made->calls->host, (enum nt_host_kind)number(made->call->arguments[1]));
}

/* bind(3, ..., ...), bind(3, 9000), bind(3, any, 9000) */
static int64_t call_bind(struct made *made)
{
    bool is_any = strcmp(made->call->arguments[1], "any") == 0;
    struct nt_host_endpoint local = endpoint(made->call->arguments[is_any ? 2 : 1], 1);
    if (is_any)
        memset(local.address, 0, sizeof local.address);
    return nt_host_bind(made->calls->host, made->fd, &local);
}

static int64_t call_listen(struct made *made)
{
    return nt_host_listen(made->calls->host, made->fd, (int)number(made->call->arguments[1]));
}

static int64_t call_accept(struct made *made)
{
    return nt_host_accept(made->calls->host, made->fd, NULL);
}

static int64_t call_connect(struct made *made)
{
    if (strcmp(made->call->arguments[1], "AF_UNSPEC") == 0)
        return nt_host_disconnect(made->calls->host, made->fd);
    struct nt_host_endpoint peer = endpoint(made->call->arguments[1], 2);
    return nt_host_connect(made->calls->host, made->fd, &peer);
}

static uint8_t *buffer_of(size_t *size, const char *argument)
{
    int64_t wanted = number(argument);
    *size = wanted > 0 && wanted < BUFFER_BYTES ? (size_t)wanted : 0;
    return malloc(*size + 1);
}

/* write(3, ..., 1000), send(3, ..., 1000, MSG_MORE) */
static int64_t call_send(struct made *made)
{
    size_t size;
    uint8_t *bytes = buffer_of(&size, made->call->arguments[2]);
    uint32_t *written = &made->calls->written[made->fd];
    for (size_t i = 0; i < size; i++)
        bytes[i] = calls_pattern(*written + 1 + (uint32_t)i);
    int64_t count =
        nt_host_send(made->calls->host, made->fd, bytes, size, (unsigned)number(made->call->arguments[3]));
    *written += count > 0 ? (uint32_t)count : 0;
    free(bytes);
    return count;
}

/* sendto(3, ..., 1000, MSG_FASTOPEN, ..., ...) */
static int64_t call_sendto(struct made *made)
{
    size_t size;
    uint8_t *bytes = buffer_of(&size, made->call->arguments[2]);
    struct nt_host_endpoint peer = endpoint(made->call->arguments[4], 2);
    for (size_t i = 0; i < size; i++)
        bytes[i] = calls_pattern(1 + (uint32_t)i);
    int64_t count = nt_host_connect_sending(made->calls->host, made->fd, &peer, bytes, size);
    made->calls->written[made->fd] = count > 0 ? (uint32_t)count : 0;
    free(bytes);
    return count;
}

static int64_t call_recv(struct made *made)
{
    size_t size;
    uint8_t *bytes = buffer_of(&size, made->call->arguments[2]);
    unsigned flags = (unsigned)number(made->call->arguments[3]);
    uint32_t *read = &made->calls->read[made->fd];
    int64_t count = nt_host_recv(made->calls->host, made->fd, bytes, size, flags);
    for (int64_t i = 0; i < count && !(flags & NT_HOST_OOB); i++)
        if (bytes[i] != calls_pattern(*read + 1 + (uint32_t)i))
            made->wrong = "the bytes that were read are not those of this place in the stream";
    *read += count > 0 && !(flags & (NT_HOST_PEEK | NT_HOST_OOB)) ? (uint32_t)count : 0;
    free(bytes);
    return count;
}

static int64_t call_shutdown(struct made *made)
{
    return nt_host_shutdown(made->calls->host, made->fd,
                            (enum nt_host_direction)number(made->call->arguments[1]));
}

static int64_t call_close(struct made *made)
{
    made->calls->written[made->fd] = 0;
    made->calls->read[made->fd] = 0;
    return nt_host_close(made->calls->host, made->fd);
}

/* linger(3): a close that waits, in steps. */
static int64_t call_linger(struct made *made)
{
    made->calls->written[made->fd] = 0;
    made->calls->read[made->fd] = 0;
    return nt_host_linger(made->calls->host, made->fd);
}

/* setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4); of SO_LINGER {onoff=1, linger=0} */
static int64_t call_setsockopt(struct made *made)
{
    const char *name = made->call->arguments[2];
    const char *value = made->call->arguments[3];
    if (strcmp(name, "TCP_CONGESTION") == 0)
        return nt_host_set_option_text(made->calls->host, made->fd, name, value);
    int on, wait;
    if (sscanf(value, "onoff=%d,linger=%d", &on, &wait) == 2)
        return nt_host_set_option(made->calls->host, made->fd, name, on ? wait : -1);
    return nt_host_set_option(made->calls->host, made->fd, name, number(value));
}

static int64_t call_getsockopt(struct made *made)
{
    int64_t value = 0;
    const char *name = made->call->arguments[2];
    int error =
        strcmp(name, "SO_ERROR") == 0 ? 0 : nt_host_get_option(made->calls->host, made->fd, name, &value);
    if (strcmp(name, "SO_ERROR") == 0)
        value = nt_host_error(made->calls->host, made->fd);
    const char *written = made->call->arguments[3];
    int64_t expected = find_word(errors, written, strlen(written));
    if (error == 0 && value != expected)
        made->wrong = "the option has another value";
    return error;
}

static int64_t call_ready(struct made *made)
{
    return nt_host_ready(made->calls->host, made->fd);
}

static const struct {
    const char *name;
    int64_t (*make)(struct made *made);
} calls_known[] = {{"socket", call_socket},
                   {"bind", call_bind},
                   {"listen", call_listen},
                   {"accept", call_accept},
                   {"connect", call_connect},
                   {"write", call_send},
                   {"send", call_send},
                   {"sendto", call_sendto},
                   {"read", call_recv},
                   {"recv", call_recv},
                   {"shutdown", call_shutdown},
                   {"close", call_close},
                   {"linger", call_linger},
                   {"setsockopt", call_setsockopt},
                   {"getsockopt", call_getsockopt},
                   {"ready", call_ready}};

static const char *error_name(int64_t result)
{
    for (const struct word *error = errors; error->name; error++)
        if (error->value == -result)
            return error->name;
    return "";
}

bool calls_make(struct calls *calls, const struct script_call *call, char *ret_why, size_t size)
{
    struct made made = {.calls = calls, .call = call, .fd = (int)number(call->arguments[0])};
    int64_t expected = call->result;
    if (call->error[0])
        expected =
            call->result == -1 ? -find_word(errors, call->error, strlen(call->error)) : number(call->error);
    for (unsigned i = 0; i < sizeof calls_known / sizeof *calls_known; i++) {
        if (strcmp(calls_known[i].name, call->name) != 0)
            continue;
        if (made.fd < 0 || made.fd >= CALLS_SOCKETS)
            made.fd = 0;
        int64_t result = calls_known[i].make(&made);
        if (result != expected)
            snprintf(ret_why, size, "expected %s to return %lld %s, but it returned %lld %s", call->name,
                     (long long)expected, error_name(expected), (long long)result, error_name(result));
        else if (made.wrong)
            snprintf(ret_why, size, "%s: %s", call->name, made.wrong);
        return result == expected && !made.wrong;
    }
    snprintf(ret_why, size, "there is no call '%s'", call->name);
    return false;
}

bool calls_variable(struct calls *calls, int fd, const char *name, int64_t *ret_value)
{
    if (strcmp(name, "unread") == 0)
        *ret_value = nt_host_unread(calls->host, fd);
    else if (strcmp(name, "unacknowledged") == 0)
        *ret_value = nt_host_unacknowledged(calls->host, fd);
    else if (strcmp(name, "so_error") == 0)
        *ret_value = nt_host_error(calls->host, fd);
    else
        return nt_host_info(calls->host, fd, name, ret_value) == 0;
    return *ret_value >= 0;
}

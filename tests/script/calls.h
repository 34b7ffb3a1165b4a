/* SPDX-License-Identifier: MIT
 * The application's side of a script: its calls, with what they must return.
 *
 * What is written is a pattern that tells its place in the stream, so that every byte that arrives anywhere
 * can be checked. */
#ifndef NETARIUM_TESTS_SCRIPT_CALLS_H
#define NETARIUM_TESTS_SCRIPT_CALLS_H

#include "embed/netarium-host.h"
#include "tests/script/script.h"

#define CALLS_PORT 8080 /* of either end, if the script does not say */
#define CALLS_SOCKETS 4096
#define CALLS_EAGAIN 11

struct calls {
    struct nt_host *host;
    uint32_t written[CALLS_SOCKETS]; /* bytes of the stream so far, by socket */
    uint32_t read[CALLS_SOCKETS];
};

/* The byte at this relative sequence number; the first of a stream has 1. */
static inline uint8_t calls_pattern(uint32_t sequence)
{
    return (uint8_t)(sequence * 31 + (sequence >> 8) * 7);
}

/* Makes a call. False: it did not return what the script says; the reason is in `ret_why`. */
bool calls_make(struct calls *calls, const struct script_call *call, char *ret_why, size_t size);

/* A variable of a connection: those of tcp_info, and "unread", "unacknowledged", "so_error". */
bool calls_variable(struct calls *calls, int fd, const char *name, int64_t *ret_value);

#endif

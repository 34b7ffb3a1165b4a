/* SPDX-License-Identifier: MIT
 * Two hosts in virtual time, and a sentence that goes from one to the other over TCP.
 *
 *     cc example.c $(pkg-config --cflags --libs netarium-host) -o example && ./example
 *
 * The program is the wire: what one host sends is handed to the other ten milliseconds later. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "netarium-host.h"

#define DELAY (10 * NT_HOST_MILLISECOND)

/* Hands over what `from` has sent. One packet at a time: the later one is sent after the earlier one has
 * arrived. */
static bool carry(struct nt_host *from, struct nt_host *to)
{
    uint8_t packet[2048];
    int64_t at;
    int length = nt_host_take(from, packet, sizeof packet, &at);
    if (length < 0)
        return false;
    if (at + DELAY > nt_host_now(to)) {
        nt_host_run_until(from, at + DELAY);
        nt_host_run_until(to, at + DELAY);
    }
    printf("%8.3f ms  %d bytes %s\n", (double)nt_host_now(to) / 1e9, length, "cross the wire");
    nt_host_inject(to, packet, (size_t)length);
    return true;
}

int main(void)
{
    struct nt_host_options alice = {.size = sizeof alice, .address = "10.0.0.1/24", .seed = 1};
    struct nt_host_options bob = {.size = sizeof bob, .address = "10.0.0.2/24", .seed = 2};
    struct nt_host *client, *server;
    if (nt_host_open(&alice, &client) < 0 || nt_host_open(&bob, &server) < 0)
        return 1;

    struct nt_host_endpoint place = {{10, 0, 0, 2}, 7};
    int listener = nt_host_socket(server, NT_HOST_STREAM);
    nt_host_bind(server, listener, &place);
    nt_host_listen(server, listener, 1);

    int fd = nt_host_socket(client, NT_HOST_STREAM);
    nt_host_connect(client, fd, &place); /* -EINPROGRESS: the SYN is on its way */
    while (carry(client, server) || carry(server, client))
        ;
    int accepted = nt_host_accept(server, listener, NULL);

    static const char words[] = "Mr. Watson, come here, I want to see you.";
    nt_host_send(client, fd, words, sizeof words - 1, 0);
    while (carry(client, server) || carry(server, client))
        ;
    char heard[100] = "";
    int64_t count = nt_host_recv(server, accepted, heard, sizeof heard - 1, 0);
    int64_t rtt = 0;
    nt_host_info(client, fd, "rtt", &rtt);
    printf("%" PRId64 " bytes arrived: %s\nround trip: %" PRId64 " us\n", count, heard, rtt);

    nt_host_free(client);
    nt_host_free(server);
    return strcmp(heard, words) != 0;
}

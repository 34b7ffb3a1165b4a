/* SPDX-License-Identifier: MIT
 * Thousands of conversations over bad wires: bytes arrive once, in order and unchanged, or the connection
 * says that it failed.
 *
 *     swarm --seeds N [--first S] [--loud]
 *
 * A seed decides everything: the wire's faults, the two profiles, the congestion control, the sizes of
 * buffers, how much is sent in each direction and in which pieces, who closes when, and where sequence
 * numbers begin. A conversation must be over within its patience of virtual time: nothing may hang. Whatever
 * fails is told with its seed, which is then played alone. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/swarm/wire.h"

#define PATIENCE (INT64_C(7200) * NT_HOST_SECOND) /* more than the longest series of repetitions */
#define STEPS_MOST 4000000                        /* against going round at one instant */
#define AGAIN (-11)

/* One end of the conversation. */
struct end {
    struct nt_host *host;
    int listener, fd; /* -1: none */
    uint32_t to_send, sent, received;
    uint32_t expected; /* bytes that the other end sends */
    bool has_shut, has_seen_end, has_failed, is_slow;
};

struct talk {
    uint64_t seed;
    struct rng rng;
    struct end ends[2];
    struct bad_wire wire;
    int64_t now;
    const char *wrong; /* NULL: nothing yet */
};

static uint8_t pattern(uint64_t seed, unsigned from, uint32_t place)
{
    uint64_t mixed = (seed + from * 77 + place) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint8_t)(mixed >> 56);
}

static uint32_t pick(struct talk *talk, uint32_t limit)
{
    return (uint32_t)rng_below(&talk->rng, limit);
}

/* ---- What a seed decides ---- */

static struct wire_faults draw_faults(struct talk *talk)
{
    static const uint32_t rates[] = {0, 0, 20, 125, 1250, 12500};
    struct wire_faults faults = {.delay = (int64_t)(1 + pick(talk, 100)) * NT_HOST_MILLISECOND};
    faults.jitter = faults.delay * pick(talk, 3) + NT_HOST_MICROSECOND;
    faults.loss_ppm = pick(talk, 3) ? pick(talk, 150000) : 0;
    faults.reorder_ppm = pick(talk, 3) ? pick(talk, 300000) : 0;
    faults.duplicate_ppm = pick(talk, 3) ? pick(talk, 100000) : 0;
    faults.damage_ppm = pick(talk, 3) ? pick(talk, 50000) : 0;
    faults.rate_bytes = rates[pick(talk, 6)];
    faults.queue_bytes = 1500 + pick(talk, 60000);
    return faults;
}

static void set(struct nt_host *host, const char *name, uint32_t value)
{
    char text[16];
    snprintf(text, sizeof text, "%" PRIu32, value);
    nt_host_set(host, name, text);
}

static void open_end(struct talk *talk, unsigned number)
{
    static const char *const profiles[] = {"linux", "linux", "rfc", "classic"};
    static const char *const controls[] = {"reno", "newreno", "cubic", "tahoe", "none"};
    static const uint32_t isns[] = {0, 0xfffff000u, 0x7ffff000u, 0xffffffffu};
    struct nt_host_options options = {.size = sizeof options,
                                      .address = number ? "10.0.0.2/24" : "10.0.0.1/24",
                                      .profile = profiles[pick(talk, 4)],
                                      .mtu = pick(talk, 4) ? 1500 : 300 + pick(talk, 1200),
                                      .seed = talk->seed * 2 + number};
    struct end *end = &talk->ends[number];
    end->listener = end->fd = -1;
    if (nt_host_open(&options, &end->host) < 0)
        talk->wrong = "a host could not be opened";
    nt_host_set(end->host, "net.ipv4.tcp_congestion_control", controls[pick(talk, 5)]);
    set(end->host, "net.ipv4.tcp_sack", pick(talk, 4) != 0);
    set(end->host, "net.ipv4.tcp_timestamps", pick(talk, 3) != 0);
    set(end->host, "net.ipv4.tcp_window_scaling", pick(talk, 4) != 0);
    set(end->host, "net.ipv4.tcp_ecn", pick(talk, 2));
    uint32_t isn = isns[pick(talk, 4)];
    if (isn)
        set(end->host, "netarium.tcp_isn", isn);
}

static void draw_talk(struct talk *talk)
{
    static const uint32_t amounts[] = {0, 1, 100, 3000, 40000, 300000};
    struct wire_faults faults = draw_faults(talk);
    for (unsigned i = 0; i < 2; i++)
        open_end(talk, i);
    bad_wire_init(&talk->wire, talk->seed, &faults, talk->ends[0].host, talk->ends[1].host);
    for (unsigned i = 0; i < 2; i++) {
        uint32_t most = amounts[pick(talk, faults.rate_bytes == 20 ? 5 : 6)];
        talk->ends[i].to_send = most ? 1 + pick(talk, most) : 0;
        talk->ends[1 - i].expected = talk->ends[i].to_send;
        talk->ends[i].is_slow = pick(talk, 4) == 0;
    }
}

static void draw_options(struct talk *talk, struct end *end)
{
    if (pick(talk, 3) == 0)
        nt_host_set_option(end->host, end->fd, "SO_SNDBUF", 1000 + pick(talk, 20000));
    if (pick(talk, 3) == 0)
        nt_host_set_option(end->host, end->fd, "SO_RCVBUF", 1000 + pick(talk, 20000));
    if (pick(talk, 3) == 0)
        nt_host_set_option(end->host, end->fd, "TCP_NODELAY", 1);
}

static void begin(struct talk *talk)
{
    struct end *client = &talk->ends[0], *server = &talk->ends[1];
    struct nt_host_endpoint place = {{10, 0, 0, 2}, 80};
    server->listener = nt_host_socket(server->host, NT_HOST_STREAM);
    client->fd = nt_host_socket(client->host, NT_HOST_STREAM);
    if (pick(talk, 2))
        draw_options(talk, client);
    if (nt_host_bind(server->host, server->listener, &place) < 0 ||
        nt_host_listen(server->host, server->listener, 4) < 0)
        talk->wrong = "nobody could listen";
    int error = nt_host_connect(client->host, client->fd, &place);
    if (error < 0 && error != -115)
        talk->wrong = "connect was refused at once";
}

/* ---- What the applications do, whenever something may have become possible ---- */

static void try_accept(struct talk *talk, struct end *end)
{
    if (end->listener < 0 || end->fd >= 0)
        return;
    int fd = nt_host_accept(end->host, end->listener, NULL);
    if (fd < 0)
        return;
    end->fd = fd;
    if (pick(talk, 2))
        draw_options(talk, end);
}

static void try_send(struct talk *talk, unsigned number)
{
    struct end *end = &talk->ends[number];
    uint8_t bytes[5000];
    while (end->sent < end->to_send) {
        uint32_t count = 1 + pick(talk, sizeof bytes);
        count = count < end->to_send - end->sent ? count : end->to_send - end->sent;
        for (uint32_t i = 0; i < count; i++)
            bytes[i] = pattern(talk->seed, number, end->sent + i);
        int64_t taken = nt_host_send(end->host, end->fd, bytes, count, pick(talk, 8) == 0 ? NT_HOST_MORE : 0);
        if (taken == AGAIN)
            return;
        if (taken < 0) {
            end->has_failed = true;
            return;
        }
        end->sent += (uint32_t)taken;
    }
    if (!end->has_shut) {
        end->has_shut = true;
        if (nt_host_shutdown(end->host, end->fd, NT_HOST_SHUT_WR) < 0)
            end->has_failed = true;
    }
}

static void try_receive(struct talk *talk, unsigned number)
{
    struct end *end = &talk->ends[number];
    uint8_t bytes[5000];
    unsigned reads = 0;
    while (!end->has_seen_end && !(end->is_slow && reads++ >= 1)) {
        int64_t count = nt_host_recv(end->host, end->fd, bytes, 1 + pick(talk, sizeof bytes), 0);
        if (count == AGAIN)
            return;
        end->has_failed |= count < 0;
        end->has_seen_end |= count <= 0;
        for (int64_t i = 0; i < count; i++)
            if (bytes[i] != pattern(talk->seed, 1 - number, end->received + (uint32_t)i))
                talk->wrong = "a byte arrived changed, twice, or in the wrong place";
        end->received += count > 0 ? (uint32_t)count : 0;
        if (end->received > end->expected)
            talk->wrong = "more arrived than was sent";
    }
}

static void applications_run(struct talk *talk)
{
    for (unsigned i = 0; i < 2; i++) {
        struct end *end = &talk->ends[i];
        try_accept(talk, end);
        if (end->fd < 0 || end->has_failed)
            continue;
        if (nt_host_ready(end->host, end->fd) & NT_HOST_OUT)
            try_send(talk, i);
        try_receive(talk, i);
        if (end->has_failed || nt_host_ready(end->host, end->fd) & NT_HOST_ERR)
            end->has_failed = true;
    }
}

static bool is_over(const struct talk *talk)
{
    bool is_clean = true, has_failed = false;
    for (unsigned i = 0; i < 2; i++) {
        is_clean &= talk->ends[i].has_seen_end && talk->ends[i].has_shut;
        has_failed |= talk->ends[i].has_failed;
    }
    return is_clean || has_failed;
}

/* ---- The course of it ---- */

static int64_t next_instant(const struct talk *talk)
{
    int64_t next = bad_wire_next(&talk->wire);
    for (unsigned i = 0; i < 2; i++) {
        int64_t due = nt_host_deadline(talk->ends[i].host);
        next = due < next ? due : next;
        /* A slow reader comes back in a while. */
        if (talk->ends[i].is_slow && talk->ends[i].fd >= 0 && !talk->ends[i].has_seen_end &&
            nt_host_ready(talk->ends[i].host, talk->ends[i].fd) & NT_HOST_IN &&
            talk->now + NT_HOST_SECOND / 50 < next)
            next = talk->now + NT_HOST_SECOND / 50;
    }
    return next;
}

static void converse(struct talk *talk)
{
    for (uint32_t steps = 0; !talk->wrong; steps++) {
        applications_run(talk);
        bad_wire_collect(&talk->wire);
        if (is_over(talk))
            return;
        int64_t next = next_instant(talk);
        if (next == NT_HOST_NEVER)
            talk->wrong = "it hangs: nothing is due, and it is not over";
        else if (next > PATIENCE)
            talk->wrong = "it hangs: it took more than two hours";
        else if (steps == STEPS_MOST)
            talk->wrong = "it hangs: there is no end of events";
        else {
            talk->now = next;
            for (unsigned i = 0; i < 2; i++)
                nt_host_run_until(talk->ends[i].host, next);
            bad_wire_deliver(&talk->wire, next);
        }
    }
}

static void judge(struct talk *talk)
{
    bool has_failed = talk->ends[0].has_failed || talk->ends[1].has_failed;
    for (unsigned i = 0; i < 2 && !talk->wrong && !has_failed; i++)
        if (talk->ends[i].received != talk->ends[i].expected)
            talk->wrong = "the end came, and bytes are missing";
    const struct wire_faults *faults = &talk->wire.faults;
    bool is_good_wire = faults->loss_ppm < 50000 && faults->damage_ppm < 10000 && !faults->rate_bytes;
    if (!talk->wrong && has_failed && is_good_wire)
        talk->wrong = "it gave up on a wire that is not that bad";
}

static void say(void *context, int64_t at, const char *kind, const char *words)
{
    printf("%14.6f %s %-16s %s\n", (double)at / 1e12, (const char *)context, kind, words);
}

/* True: all is well. `ret_failed`: the connection said that it failed. */
static bool play(uint64_t seed, bool is_loud, bool *ret_failed)
{
    struct talk *talk = calloc(1, sizeof *talk);
    talk->seed = seed;
    talk->rng = rng_seeded(seed, "talk");
    draw_talk(talk);
    if (is_loud) {
        nt_host_listen_to(talk->ends[0].host, say, "client");
        nt_host_listen_to(talk->ends[1].host, say, "server");
    }
    begin(talk);
    converse(talk);
    judge(talk);
    if (talk->wrong)
        printf(
            "seed %" PRIu64 ": %s (at %.3f s; sent %u and %u, received %u of %u and %u of %u; wire: %" PRIu64
            " packets, %" PRIu64 " lost, %" PRIu64 " damaged, %" PRIu64 " twice, %" PRIu64 " late)\n",
            seed, talk->wrong, (double)talk->now / 1e12, talk->ends[0].sent, talk->ends[1].sent,
            talk->ends[0].received, talk->ends[0].expected, talk->ends[1].received, talk->ends[1].expected,
            talk->wire.sent, talk->wire.lost, talk->wire.damaged, talk->wire.repeated, talk->wire.reordered);
    bool is_right = !talk->wrong;
    *ret_failed = talk->ends[0].has_failed || talk->ends[1].has_failed;
    for (unsigned i = 0; i < 2; i++)
        nt_host_free(talk->ends[i].host);
    bad_wire_release(&talk->wire);
    free(talk);
    return is_right;
}

int main(int count, char **arguments)
{
    uint64_t seeds = 100, first = 1, wrong = 0, failed = 0;
    bool is_loud = false;
    for (int i = 1; i < count; i++) {
        is_loud |= strcmp(arguments[i], "--loud") == 0;
        if (i + 1 < count && strcmp(arguments[i], "--seeds") == 0)
            seeds = strtoull(arguments[++i], NULL, 10);
        else if (i + 1 < count && strcmp(arguments[i], "--first") == 0)
            first = strtoull(arguments[++i], NULL, 10);
    }
    const char *budget = getenv("NETARIUM_BUDGET");
    seeds *= budget && atoi(budget) > 1 ? (uint64_t)atoi(budget) : 1;
    for (uint64_t seed = first; seed < first + seeds; seed++) {
        bool has_failed;
        wrong += !play(seed, is_loud, &has_failed);
        failed += has_failed;
    }
    printf("%" PRIu64 " conversations, %" PRIu64 " gave up, %" PRIu64 " went wrong\n", seeds, failed, wrong);
    return wrong > 0;
}

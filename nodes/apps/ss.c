/* SPDX-License-Identifier: MIT
 * ss: the open sockets, with its words; and hostname, which has only one. */
#include "nodes/apps/ip.h"

#include <stdio.h>

#include "nodes/apps/ss_tcp.h"
#include "nodes/sockets.h"

enum { OPT_UDP, OPT_TCP, OPT_ALL, OPT_LISTENING, OPT_NUMERIC, OPT_INFO, OPT_TIMERS };

static const struct nt_param ss_params[] = {
    {.name = "-u", .kind = NT_PARAM_BOOLEAN, .summary = "UDP sockets only"},
    {.name = "-t", .kind = NT_PARAM_BOOLEAN, .summary = "TCP sockets only"},
    {.name = "-a", .kind = NT_PARAM_BOOLEAN, .summary = "those without a peer too"},
    {.name = "-l", .kind = NT_PARAM_BOOLEAN, .summary = "only those without a peer"},
    {.name = "-n", .kind = NT_PARAM_BOOLEAN, .summary = "print numbers, no names; it never prints names"},
    {.name = "-i", .kind = NT_PARAM_BOOLEAN, .summary = "the variables of each TCP connection"},
    {.name = "-o", .kind = NT_PARAM_BOOLEAN, .summary = "the timer of each TCP connection"},
    {0}};

/* "10.0.0.1:7", "0.0.0.0:7", "0.0.0.0:*". */
static void show_end(int64_t address, int64_t port, char *ret_text, size_t size)
{
    char shown[IPV4_TEXT_SIZE];
    ipv4_format((struct ipv4_address){(uint32_t)address}, shown);
    if (port)
        snprintf(ret_text, size, "%s:%u", shown, (unsigned)port);
    else
        snprintf(ret_text, size, "%s:*", shown);
}

static void print_udp(struct nt_app *app, const struct ss_wish *wish, bool with_netid)
{
    struct nt_cell cells[NT_COLUMNS];
    for (uint32_t i = 0; socket_row(app->node, i, cells); i++) {
        char local[32], peer[32];
        bool is_connected = cells[1].number != 0;
        if (cells[0].number != NT_SOCKET_DATAGRAM || (!wish->has_all && is_connected == wish->is_listening))
            continue;
        show_end(cells[2].number, cells[3].number, local, sizeof local);
        show_end(cells[4].number, cells[5].number, peer, sizeof peer);
        nt_print(app, "%s%-10s %6lld %6d %21s %21s\n", with_netid ? "udp   " : "",
                 is_connected ? "ESTAB" : "UNCONN", (long long)cells[6].number, 0, local, peer);
    }
}

static void ss_start(struct nt_app *app)
{
    const struct nt_value *values = app->values;
    struct ss_wish wish = {values[OPT_ALL].is_given, values[OPT_LISTENING].is_given,
                           values[OPT_INFO].is_given, values[OPT_TIMERS].is_given};
    bool with_udp = values[OPT_UDP].is_given || !values[OPT_TCP].is_given;
    bool with_tcp = values[OPT_TCP].is_given || !values[OPT_UDP].is_given;
    bool with_netid = with_udp && with_tcp;
    nt_print(app, "%s%-10s %6s %6s %21s %21s\n", with_netid ? "Netid " : "", "State", "Recv-Q", "Send-Q",
             "Local Address:Port", "Peer Address:Port");
    if (with_udp)
        print_udp(app, &wish, with_netid);
    if (with_tcp)
        ss_tcp(app, &wish, with_netid);
    nt_app_exit(app, 0);
}

const struct nt_app_type ss_app = {.size = sizeof(struct nt_app_type),
                                   .name = "ss",
                                   .summary = "shows the open sockets",
                                   .params = ss_params,
                                   .start = ss_start};

static void hostname_start(struct nt_app *app)
{
    nt_print(app, "%s\n", app->node->name);
    nt_app_exit(app, 0);
}

const struct nt_app_type hostname_app = {.size = sizeof(struct nt_app_type),
                                         .name = "hostname",
                                         .summary = "prints the name of the machine",
                                         .start = hostname_start};

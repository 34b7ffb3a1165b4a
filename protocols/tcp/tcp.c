/* SPDX-License-Identifier: MIT
 * The machine of one host: made, set up, released. */
#include "protocols/tcp/connection.h"

void tcp_init(struct tcp *tcp, struct env *env, enum tcp_profile profile)
{
    *tcp = (struct tcp){.env = env, .user = {tcp_receive_segment, tcp_failed}};
    tcp_settings_init(&tcp->settings, profile);
    tcp_demux_init(&tcp->demux, env);
    tcp_chunk_pool_init(&tcp->chunks, env);
    list_init(&tcp->sockets);
    list_init(&tcp->time_waits);
}

void tcp_add_layer(struct tcp *tcp, struct net_layer *layer)
{
    struct net_layer **place = tcp->layers;
    while (*place)
        place++;
    assert(place < tcp->layers + TCP_LAYERS);
    *place = layer;
}

void tcp_release(struct tcp *tcp)
{
    while (!list_is_empty(&tcp->sockets)) {
        struct tcp_socket *socket = LIST_OWNER(tcp->sockets.head.next, struct tcp_socket, link);
        while (socket->parent) /* children go with their listener */
            socket = socket->parent;
        tcp_time_wait_forget_owner(socket);
        if (socket->listener)
            tcp_listener_forget(socket);
        socket->state = TCP_CLOSED;
        tcp_socket_free(socket);
    }
    tcp_time_wait_end_all(tcp);
    tcp_demux_release(&tcp->demux);
    tcp_chunk_pool_release(&tcp->chunks);
    tcp_jar_release(tcp);
    tcp_settings_release(&tcp->settings, tcp->env);
}

int tcp_set(struct tcp *tcp, enum tcp_setting setting, int64_t value)
{
    return tcp_settings_put(&tcp->settings, tcp->env, setting, value) ? 0 : -NET_EINVAL;
}

const struct tcp_congestion_type *tcp_find_congestion(struct tcp *tcp, const char *name)
{
    const struct tcp_congestion_type *type =
        tcp->find_congestion ? tcp->find_congestion(tcp->env, name) : NULL;
    return type ? type : tcp_congestion_find(name);
}

int tcp_set_default_congestion(struct tcp *tcp, const char *name)
{
    const struct tcp_congestion_type *type = tcp_find_congestion(tcp, name);
    if (!type || strlen(type->name) >= sizeof tcp->settings.congestion)
        return -NET_EINVAL;
    strcpy(tcp->settings.congestion, type->name);
    return 0;
}

void tcp_fix_isn(struct tcp *tcp, uint32_t isn)
{
    tcp->test_isn = isn;
    tcp->has_test_isn = true;
}

/* SPDX-License-Identifier: MIT
 * See builtin.h. The order is the order of listings: what a beginner needs first comes first. */
#include "nodes/builtin.h"

#include "nodes/apps/arpspoof.h"
#include "nodes/apps/dhclient.h"
#include "nodes/apps/dhcpd.h"
#include "nodes/apps/ip.h"
#include "nodes/apps/ping.h"
#include "nodes/apps/raw.h"
#include "nodes/apps/tcp_apps.h"
#include "nodes/apps/traceroute.h"
#include "nodes/apps/udp_server.h"
#include "nodes/apps/udp_source.h"
#include "nodes/bridge.h"
#include "nodes/bridge_firewall.h"
#include "nodes/host.h"
#include "nodes/hub.h"
#include "nodes/impair/box.h"
#include "nodes/impair/impairs.h"
#include "nodes/link.h"
#include "nodes/nat.h"
#include "nodes/queues/queues.h"
#include "nodes/router.h"
#include "nodes/segment.h"
#include "nodes/stack_tcp.h"

static const struct nt_node_type *const node_types[] = {&host_type, &router_type,  &nat_type,
                                                        &hub_type,  &bridge_type,  &switch_type,
                                                        &firewall_type, &link_type, &segment_type, &impair_type, NULL};
static const struct nt_app_type *const app_types[] = {
    &ping_app,     &traceroute_app, &send_raw_app, &load_app,     &arpspoof_app,
    &udp_send_app, &udp_echo_app,   &udp_sink_app, &cbr_app,      &poisson_app,
    &send_tcp_app, &discard_app, &tcp_echo_app, &request_app, &respond_app, &iperf_app, &on_off_app, &nc_app,
    &syn_flood_app, &rst_inject_app, &hijack_app, &netstat_app,
    &ip_app,       &arp_app,        &ss_app,       &hostname_app, &dhclient_app, &dhcpd_app, &dhcp_relay_app, NULL};
static const struct nt_part_type *const part_types[] = {&drop_tail_part,  &priority_part,
                                                        &red_part,        &codel_part, &fq_codel_part,
                                                        &loss_part,       &burst_loss_part,
                                                        &nth_part,        &drop_part,
                                                        &bit_errors_part, &duplicate_part,
                                                        &delay_part,      &jitter_part,
                                                        &reorder_part,    &tcp_settings_part,
                                                        &cubic_part,      &newreno_part, &reno_part,
                                                        &tahoe_part,      &none_part, NULL};

const struct nt_plugin builtin_types = {.version = NT_PLUGIN_VERSION,
                                        .size = sizeof(struct nt_plugin),
                                        .name = "netarium",
                                        .summary = "what is built in",
                                        .nodes = node_types,
                                        .apps = app_types,
                                        .parts = part_types};

/* SPDX-License-Identifier: MIT
 * See stage.h. */
#include "tests/views/stage.h"

#include <stdlib.h>
#include <string.h>

/* ---- Alice and bob ---- */

static const struct nt_kind ask_kind = {.name = "arp.request",
                                        .sentence = "{node} asks who has {target}",
                                        .clause = "RFC 826",
                                        .fields = {{"target", NT_UNIT_IPV4}}};
static const struct nt_kind answer_kind = {.name = "arp.reply",
                                           .sentence = "{node} answers that {target} is at {mac}",
                                           .clause = "RFC 826",
                                           .flags = NT_KIND_INTERESTING,
                                           .fields = {{"target", NT_UNIT_IPV4}, {"mac", NT_UNIT_MAC}}};
static const struct nt_kind level_kind = {.name = "play.level",
                                          .sentence = "{node} is at level {level}, {nothing}",
                                          .flags = NT_KIND_GAUGE,
                                          .fields = {{"level", NT_UNIT_FRAMES}, {"mood", NT_UNIT_TEXT}}};

struct player {
    uint32_t ask, answer, level;
    uint32_t heard;
    struct nt_event step;
    struct nt_app *app;
    int steps;
};

/* An ARP request (1) or reply (2) between 10.0.0.1 at 02:..:01 and 10.0.0.2 at 02:..:02. */
static void send_arp(struct nt_node *node, uint8_t operation)
{
    static const uint8_t start[] = {0x08, 0x06, 0, 1, 8, 0, 6, 4, 0};
    struct nt_frame *frame = nt_frame_new(node, 0, 60);
    uint8_t *bytes = frame->bytes;
    uint8_t me = (uint8_t)node->id, you = (uint8_t)(3 - node->id);
    memset(bytes, 0, 60);
    memset(bytes, operation == 1 ? 0xff : 0, 6);
    if (operation == 2)
        memcpy(bytes, (const uint8_t[]){2, 0, 0, 0, 0, you}, 6);
    memcpy(bytes + 6, (const uint8_t[]){2, 0, 0, 0, 0, me}, 6);
    memcpy(bytes + 12, start, sizeof start);
    bytes[21] = operation;
    memcpy(bytes + 22, (const uint8_t[]){2, 0, 0, 0, 0, me, 10, 0, 0, me}, 10);
    if (operation == 2)
        memcpy(bytes + 32, (const uint8_t[]){2, 0, 0, 0, 0, you}, 6);
    memcpy(bytes + 38, (const uint8_t[]){10, 0, 0, you}, 4);
    nt_frame_seal(node, frame);
    nt_transmit(node->ports[0], frame);
}

static void step_fire(struct nt_event *event)
{
    struct nt_node *node = event->node;
    struct player *player = node->state;
    if (player->steps < 3) {
        nt_because(node, nt_tell(node, player->ask, NULL, 0, 0x0a000002));
        send_arp(node, 1);
        player->steps++;
        nt_arm(event, nt_now(node) + NT_MILLISECOND);
        return;
    }
    nt_tell(node, player->level, NULL, 0, player->steps, (int64_t)nt_text(node, "good, \"very\""));
    nt_print(player->app, "done\n");
    nt_app_exit(player->app, 0);
}

static void player_create(struct nt_node *node, const struct nt_value *values)
{
    struct player *player = node->state;
    player->ask = nt_kind(node, &ask_kind);
    player->answer = nt_kind(node, &answer_kind);
    player->level = nt_kind(node, &level_kind);
    nt_event_init(&player->step, node, step_fire);
}

static void player_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct player *player = node->state;
    player->heard++;
    if (node->id == STAGE_BOB && player->heard == 2) {
        nt_discard(port, frame, "it makes no sense");
        return;
    }
    if (node->id == STAGE_BOB) {
        nt_because(node, nt_tell(node, player->answer, NULL, frame->id, 0x0a000002, INT64_C(0x020000000002)));
        send_arp(node, 2);
    }
    nt_frame_unref(node, frame);
}

static bool interfaces_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    strcpy(cells[0].text, "eth0");
    cells[1].number = 0x0a000000 + node->id;
    cells[2].number = 24;
    cells[3].number = 1;
    return index == 0;
}

static const struct nt_table player_tables[] = {{.name = "interfaces",
                                                 .columns = {{"name", NT_UNIT_TEXT},
                                                             {"address", NT_UNIT_IPV4},
                                                             {"prefix", NT_UNIT_NONE},
                                                             {"up", NT_UNIT_BOOL}},
                                                 .row = interfaces_row},
                                                {0}};

static const struct nt_node_type player_type = {.size = sizeof(struct nt_node_type),
                                                .flags = NT_NODE_RUNS_APPS,
                                                .name = "player",
                                                .port_prefix = "eth",
                                                .max_ports = 1,
                                                .state_bytes = sizeof(struct player),
                                                .tables = player_tables,
                                                .create = player_create,
                                                .receive = player_receive};

static void play_start(struct nt_app *app)
{
    struct player *player = app->node->state;
    player->app = app;
    nt_print(app, "PLAY ");
    nt_print(app, "bob\n");
    step_fire(&player->step);
}

static const struct nt_app_type play_type = {
    .size = sizeof(struct nt_app_type), .name = "play", .start = play_start};

/* ---- The cable ---- */

struct cable {
    struct nt_event arrival; /* never more than one frame on the way */
    struct nt_frame *frame;
    struct nt_port *to;
    uint64_t sent; /* record of its transmission */
};

static void arrival_fire(struct nt_event *event)
{
    struct cable *cable = NT_OWNER(event, struct cable, arrival);
    struct nt_frame *frame = cable->frame;
    cable->frame = NULL;
    nt_deliver(cable->to, frame, cable->sent);
}

static void cable_start(struct nt_node *node)
{
    struct cable *cable = node->state;
    nt_event_init(&cable->arrival, node, arrival_fire);
    for (uint32_t i = 0; i < node->port_count; i++)
        nt_port_line(node->ports[i], true, false, 10000000);
}

static void cable_transmit(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct cable *cable = node->state;
    if (frame->id == 3) {
        nt_drop(port, frame, "the queue is full");
        return;
    }
    cable->sent = nt_tell_tx(port, frame, nt_cause(node), 10 * NT_MICROSECOND);
    cable->frame = frame;
    cable->to = node->ports[1 - port->index];
    nt_arm(&cable->arrival, nt_now(node) + 10 * NT_MICROSECOND);
}

static uint64_t cable_held(const struct nt_node *node)
{
    return ((const struct cable *)node->state)->frame != NULL;
}

static const struct nt_node_type cable_type = {.size = sizeof(struct nt_node_type),
                                               .flags = NT_NODE_MEDIUM,
                                               .name = "cable",
                                               .port_prefix = "end",
                                               .max_ports = 2,
                                               .state_bytes = sizeof(struct cable),
                                               .start = cable_start,
                                               .transmit = cable_transmit,
                                               .held = cable_held};

/* ---- The stage ---- */

void stage_init(struct stage *stage, const char *capture)
{
    struct error_list errors;
    *stage = (struct stage){.nodes = {{.name = "alice", .type = &player_type},
                                      {.name = "bob", .type = &player_type},
                                      {.name = "cable", .type = &cable_type}},
                            .joints = {{.node = {0, 2}}, {.node = {2, 1}}},
                            .action = {.at = NT_SECOND, .node = 0, .app = &play_type, .words = "play bob"},
                            .captures = {capture}};
    stage->scenario = (struct scenario){.file = "plays/stage.json",
                                        .title = "A play",
                                        .seed = 1,
                                        .stop = 2 * NT_SECOND,
                                        .nodes = stage->nodes,
                                        .node_count = 3,
                                        .joints = stage->joints,
                                        .joint_count = 2,
                                        .actions = &stage->action,
                                        .action_count = 1,
                                        .captures = stage->captures,
                                        .capture_count = capture != NULL};
    registry_init(&stage->registry);
    error_list_init(&errors);
    stage->run = run_new(&stage->registry, (size_t)1 << 24);
    if (!run_build(stage->run, &stage->scenario, &errors))
        abort();
    error_list_release(&errors);
}

void stage_play(struct stage *stage)
{
    if (run_advance(stage->run, NT_NEVER, NULL) != RUN_IS_OVER)
        abort();
}

void stage_release(struct stage *stage)
{
    run_free(stage->run);
    registry_release(&stage->registry);
}

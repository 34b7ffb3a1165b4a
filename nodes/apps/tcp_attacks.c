/* SPDX-License-Identifier: MIT
 * Attacks that need no answer: their sender sees nothing of the connection.
 *
 *     syn-flood    opens connections from addresses that nobody has, and never goes on: RFC 4987
 *     rst-inject   guesses: a reset that falls into the window ends a connection between two others, unless
 * the receiver asks back: RFC 5961 section 3
 *
 * Both send forged segments at a fixed pace, the flood also at random. For networks of one's own, such as
 * this one. */
#include "nodes/apps/forge.h"
#include "nodes/apps/tcp_apps.h"

struct attack {
    struct nt_app *app;
    struct ipv4_address target, claimed; /* whom it hits; who it says it is, or its network */
    uint16_t port, claimed_port;
    uint8_t claimed_length; /* of the network that addresses are drawn from */
    struct nt_event next;
    struct nt_random random;
    int64_t left, sent;
    nt_time gap;
    bool is_random;     /* gaps are exponential around theirs */
    struct tcp_seq seq; /* rst-inject: the next guess */
    uint32_t step;
    void (*shoot)(struct attack *attack);
};

/* ---- Both ---- */

static void finish(struct attack *attack)
{
    nt_disarm(&attack->next);
    nt_print(attack->app, "%lld forged segment%s sent\n", (long long)attack->sent,
             attack->sent == 1 ? "" : "s");
    nt_app_exit(attack->app, 0);
}

static nt_time next_gap(struct attack *attack)
{
    return attack->is_random ? nt_random_exponential(attack->app->node, &attack->random, attack->gap)
                             : attack->gap;
}

static void attack_fire(struct nt_event *event)
{
    struct attack *attack = NT_OWNER(event, struct attack, next);
    attack->shoot(attack);
    attack->sent++;
    if (--attack->left == 0)
        finish(attack);
    else
        nt_arm(event, nt_now(event->node) + next_gap(attack));
}

static void attack_interrupt(struct nt_app *app)
{
    if (app->is_running)
        finish(app->state);
}

static bool find(struct attack *attack, const char *name, struct ipv4_address *ret_address)
{
    if (stack_resolve(stack_of(attack->app->node), name, ret_address))
        return true;
    nt_print(attack->app, "%s: %s: Name or service not known\n", attack->app->type->name, name);
    nt_app_exit(attack->app, 1);
    return false;
}

/* The rows that both begin with. */
enum { OPT_TARGET, OPT_PORT, OPT_RATE, OPT_COUNT, OPT_FROM, OPT_OWN };
/* clang-format off */
#define ATTACK_PARAMS(default_rate, default_count) \
    {.name = "target", .kind = NT_PARAM_TEXT, .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED | NT_PARAM_HOST, \
     .summary = "a node's name or an address"}, \
    {.name = "--port", .kind = NT_PARAM_INTEGER, .default_text = "80", .least = 1, .most = 65535, \
     .summary = "port there"}, \
    {.name = "--rate", .kind = NT_PARAM_INTEGER, .default_text = default_rate, .least = 1, .most = 1000000000, \
     .summary = "segments per second"}, \
    {.name = "--count", .kind = NT_PARAM_INTEGER, .default_text = default_count, .least = 1, .most = INT32_MAX, \
     .summary = "segments to send"}
/* clang-format on */

static void begin(struct attack *attack, struct nt_app *app, void (*shoot)(struct attack *attack))
{
    const struct nt_value *values = app->values;
    attack->app = app;
    attack->port = (uint16_t)values[OPT_PORT].number;
    attack->left = values[OPT_COUNT].number;
    attack->gap = NT_SECOND / values[OPT_RATE].number;
    attack->shoot = shoot;
    nt_random_init(app->node, &attack->random, app->words);
    nt_event_init(&attack->next, app->node, attack_fire);
    if (find(attack, values[OPT_TARGET].text, &attack->target))
        attack_fire(&attack->next);
}

/* ---- syn-flood ---- */

enum { OPT_RANDOM = OPT_OWN };

static uint32_t draw(struct attack *attack, uint32_t limit)
{
    return nt_random_below(attack->app->node, &attack->random, limit);
}

static void shoot_syn(struct attack *attack)
{
    uint32_t hosts = attack->claimed_length < 32 ? (UINT32_C(1) << (32 - attack->claimed_length)) - 1 : 0;
    struct ipv4_address source = {attack->claimed.value + (hosts > 1 ? 1 + draw(attack, hosts - 1) : 0)};
    struct tcp_segment syn = {.source_port = (uint16_t)(1024 + draw(attack, 64512)),
                              .destination_port = attack->port,
                              .seq = tcp_seq_at(draw(attack, UINT32_MAX)),
                              .flags = TCP_FLAG_SYN,
                              .window = 65535,
                              .options = {.has_mss = true, .mss = 1460}};
    forge_send(stack_of(attack->app->node), source, attack->target, &syn);
}

static bool parse_network(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    struct ipv4_prefix prefix;
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    if (!ipv4_prefix_parse(text, &prefix, &why))
        return false;
    ret_value->number = ipv4_prefix_network(prefix).value;
    ret_value->extra = prefix.length;
    return true;
}

static const struct nt_param flood_params[] = {
    ATTACK_PARAMS("1000", "1000"),
    {.name = "--from",
     .kind = NT_PARAM_PARSED,
     .parse = parse_network,
     .default_text = "203.0.113.0/24",
     .summary = "the network that it says it is in; each segment has another address of it"},
    {.name = "--random",
     .kind = NT_PARAM_BOOLEAN,
     .summary = "gaps at random, as if of many who know nothing of each other: a Poisson process"},
    {0}};

static void flood_start(struct nt_app *app)
{
    struct attack *attack = app->state;
    attack->claimed.value = (uint32_t)app->values[OPT_FROM].number;
    attack->claimed_length = (uint8_t)app->values[OPT_FROM].extra;
    attack->is_random = app->values[OPT_RANDOM].is_given;
    begin(attack, app, shoot_syn);
}

const struct nt_app_type syn_flood_app = {
    .size = sizeof(struct nt_app_type),
    .state_bytes = sizeof(struct attack),
    .name = "syn-flood",
    .summary = "begins connections from forged addresses and never completes them",
    .params = flood_params,
    .start = flood_start,
    .interrupt = attack_interrupt};

/* ---- rst-inject ---- */

enum { OPT_FROM_PORT = OPT_OWN, OPT_SEQ, OPT_STEP };

static void shoot_reset(struct attack *attack)
{
    struct tcp_segment reset = {.source_port = attack->claimed_port,
                                .destination_port = attack->port,
                                .seq = attack->seq,
                                .flags = TCP_FLAG_RST};
    forge_send(stack_of(attack->app->node), attack->claimed, attack->target, &reset);
    attack->seq = tcp_seq_plus(attack->seq, attack->step);
}

static const struct nt_param inject_params[] = {
    ATTACK_PARAMS("10000", "1"),
    {.name = "--from", .kind = NT_PARAM_TEXT, .flags = NT_PARAM_REQUIRED, .summary = "who it says it is"},
    {.name = "--from-port",
     .kind = NT_PARAM_INTEGER,
     .default_text = "80",
     .least = 1,
     .most = 65535,
     .summary = "port there"},
    {.name = "--seq",
     .kind = NT_PARAM_INTEGER,
     .default_text = "0",
     .most = UINT32_MAX,
     .summary = "the first guess"},
    {.name = "--step",
     .kind = NT_PARAM_INTEGER,
     .default_text = "65535",
     .most = UINT32_MAX,
     .summary = "from one guess to the next: a window is hit by one guess in it"},
    {0}};

static void inject_start(struct nt_app *app)
{
    struct attack *attack = app->state;
    attack->app = app;
    attack->claimed_port = (uint16_t)app->values[OPT_FROM_PORT].number;
    attack->seq = tcp_seq_at((uint32_t)app->values[OPT_SEQ].number);
    attack->step = (uint32_t)app->values[OPT_STEP].number;
    if (find(attack, app->values[OPT_FROM].text, &attack->claimed))
        begin(attack, app, shoot_reset);
}

const struct nt_app_type rst_inject_app = {
    .size = sizeof(struct nt_app_type),
    .state_bytes = sizeof(struct attack),
    .name = "rst-inject",
    .summary = "sends resets in somebody else's name, with guessed sequence numbers",
    .params = inject_params,
    .start = inject_start,
    .interrupt = attack_interrupt};

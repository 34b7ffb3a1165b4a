/* SPDX-License-Identifier: MIT
 * A medium with a physics of its own: IP datagrams on avian carriers, RFC 1149, with the quality of service of RFC 2549.
 *
 *     west loft    (o>  (o>  (o>            one pigeon, one scroll
 *                 //\  //\  //\   ------------------------------------>   east loft
 *                  at home: 3     <- - - - - - - home again, light - - -
 *
 * A frame is written on a scroll and taped to a leg; then the pigeon flies `distance` at a speed that is its own, so that the faster
 * overtake the slower. Hawks take some. Who has delivered rests, and flies home without a scroll. When no pigeon is at home the
 * frames wait, the urgent ones in front (RFC 2549 calls that the pecking order). A scroll has an end: what is longer stays here. */
#include <netarium.h>

#include <string.h>

struct bird {
    struct nt_event event; /* what it does next */
    struct loft *home;
    struct nt_frame *frame; /* on its leg; NULL: it flies home, or sits there */
    uint64_t cause;         /* the record of its take-off */
    struct bird *next;      /* at home: the next one */
    bool is_doomed;         /* a hawk has seen it */
    bool was_away;          /* it is on its way home */
};

struct scroll {
    struct nt_frame *frame;
    uint64_t cause;
    bool is_urgent;
    struct scroll *next;
};

struct loft {
    struct nt_port *port;     /* whose frames come in here */
    struct nt_port *far_port; /* where they go */
    struct bird *at_home;     /* in the order of coming */
    struct scroll *waiting;   /* urgent ones first */
    uint32_t waiting_count, home_count, away_count, loaded_count;
    uint64_t delivered, eaten;
};

struct pigeons {
    struct loft lofts[2];
    struct nt_random dice;
    nt_time flight, writing, rest; /* of an average pigeon */
    uint32_t hawks_ppm, pigeon_count, scroll_bytes, row_most;
    uint32_t kind_up, kind_hawk, kind_home;
};

enum { PARAM_DISTANCE, PARAM_SPEED, PARAM_PIGEONS, PARAM_HAWKS, PARAM_WRITING, PARAM_REST, PARAM_SCROLL, PARAM_ROW };
static const struct nt_param params[] = {
    {.name = "distance", .kind = NT_PARAM_LENGTH, .default_text = "5 km", .least = 1000, .most = 2000000000, .summary = "from loft to loft"},
    {.name = "speed", .kind = NT_PARAM_INTEGER, .default_text = "80", .least = 1, .most = 200, .summary = "of an average pigeon, in km/h"},
    {.name = "pigeons", .kind = NT_PARAM_INTEGER, .default_text = "4", .least = 1, .most = 1000, .summary = "in each loft"},
    {.name = "hawks", .kind = NT_PARAM_PERCENT, .default_text = "0 %", .most = 1000000, .summary = "of the flights that end in one"},
    {.name = "writing", .kind = NT_PARAM_TIME, .default_text = "1 s", .most = 3600 * NT_SECOND, .summary = "time until a scroll is on a leg"},
    {.name = "rest", .kind = NT_PARAM_TIME, .default_text = "60 s", .most = 86400 * NT_SECOND, .summary = "before a pigeon flies home"},
    {.name = "scroll", .kind = NT_PARAM_BYTES, .default_text = "256 B", .least = 64, .most = 65535, .summary = "bytes for which there is room on one"},
    {.name = "queue", .kind = NT_PARAM_INTEGER, .default_text = "20", .least = 1, .most = 10000, .summary = "frames that wait for a pigeon"},
    {0}};

static const struct nt_kind up_kind = {
    .name = "pigeon.up", .sentence = "a pigeon leaves {node} with frame {of}, for {flight}", .clause = "RFC 1149", .flags = NT_KIND_INTERESTING,
    .fields = {{.name = "of", .unit = NT_UNIT_FRAME}, {.name = "flight", .unit = NT_UNIT_TIME}}};
static const struct nt_kind hawk_kind = {.name = "pigeon.eaten", .sentence = "a hawk takes the pigeon with frame {of}", .flags = NT_KIND_INTERESTING,
                                         .fields = {{.name = "of", .unit = NT_UNIT_FRAME}}};
static const struct nt_kind home_kind = {.name = "pigeon.home", .sentence = "a pigeon is home again; {at_home} are there",
                                         .flags = NT_KIND_GAUGE, .fields = {{.name = "at_home", .unit = NT_UNIT_NONE}}};

/* ---- Flying ---- */

/* An average pigeon takes `flight`; this one, today, up to a tenth more or less. */
static nt_time flight_of(struct nt_node *node)
{
    struct pigeons *pigeons = node->state;
    return pigeons->flight / 1000 * (900 + nt_random_below(node, &pigeons->dice, 201));
}

static void take_off(struct nt_node *node, struct loft *loft, struct scroll *scroll)
{
    struct pigeons *pigeons = node->state;
    struct bird *bird = loft->at_home;
    nt_time flight = pigeons->writing + flight_of(node);
    loft->at_home = bird->next;
    loft->home_count--;
    loft->away_count++;
    loft->loaded_count++;
    bird->frame = scroll->frame;
    bird->is_doomed = nt_random_below(node, &pigeons->dice, 1000000) < pigeons->hawks_ppm;
    nt_because(node, scroll->cause);
    nt_because(node, nt_tell(node, pigeons->kind_up, loft->port, bird->frame->id, (int64_t)bird->frame->id, flight));
    bird->cause = nt_tell_tx(loft->port, bird->frame, nt_cause(node), flight);
    nt_arm(&bird->event, nt_now(node) + (bird->is_doomed ? flight / 2 : flight));
    nt_free(node, scroll);
}

static void next_scroll(struct nt_node *node, struct loft *loft)
{
    struct scroll *scroll = loft->waiting;
    if (!scroll || !loft->at_home)
        return;
    loft->waiting = scroll->next;
    loft->waiting_count--;
    take_off(node, loft, scroll);
}

static void come_home(struct nt_node *node, struct bird *bird)
{
    struct pigeons *pigeons = node->state;
    struct loft *loft = bird->home;
    struct bird **end = &loft->at_home;
    while (*end)
        end = &(*end)->next;
    *end = bird;
    bird->next = NULL;
    bird->was_away = false;
    loft->home_count++;
    loft->away_count--;
    nt_tell(node, pigeons->kind_home, loft->port, 0, loft->home_count);
    next_scroll(node, loft);
}

static void be_eaten(struct nt_node *node, struct bird *bird)
{
    struct pigeons *pigeons = node->state;
    bird->home->eaten++;
    bird->home->away_count--;
    bird->home->loaded_count--;
    nt_because(node, nt_tell(node, pigeons->kind_hawk, bird->home->port, bird->frame->id, (int64_t)bird->frame->id));
    nt_drop(bird->home->port, bird->frame, "a hawk was faster");
    bird->frame = NULL; /* there is one pigeon less from now on */
}

static void bird_fire(struct nt_event *event)
{
    struct bird *bird = NT_OWNER(event, struct bird, event);
    struct nt_node *node = event->node;
    struct pigeons *pigeons = node->state;
    struct nt_frame *frame = bird->frame;
    if (bird->was_away) {
        come_home(node, bird);
    } else if (bird->is_doomed) {
        be_eaten(node, bird);
    } else {
        bird->frame = NULL;
        bird->was_away = true;
        bird->home->delivered++;
        bird->home->loaded_count--;
        nt_arm(event, nt_now(node) + pigeons->rest + flight_of(node));
        nt_deliver(bird->home->far_port, frame, bird->cause);
    }
}

/* ---- The medium ---- */

/* RFC 2549: the precedence of the datagram decides who flies first. */
static bool is_urgent(const struct nt_frame *frame)
{
    bool is_ipv4 = frame->length_bytes > 16 && frame->bytes[12] == 0x08 && frame->bytes[13] == 0x00;
    return is_ipv4 && frame->bytes[15] >= 0xa0; /* class selector 5 and more */
}

static void transmit(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct pigeons *pigeons = node->state;
    struct loft *loft = &pigeons->lofts[port->index];
    if (frame->length_bytes > pigeons->scroll_bytes) {
        nt_drop(port, frame, "there is no room for it on a scroll");
        return;
    }
    if (loft->waiting_count >= pigeons->row_most) {
        nt_drop(port, frame, "all pigeons are away");
        return;
    }
    struct scroll *scroll = nt_new(node, sizeof *scroll);
    *scroll = (struct scroll){.frame = frame, .cause = nt_cause(node), .is_urgent = is_urgent(frame)};
    struct scroll **place = &loft->waiting;
    while (*place && (!scroll->is_urgent || (*place)->is_urgent))
        place = &(*place)->next;
    scroll->next = *place;
    *place = scroll;
    loft->waiting_count++;
    next_scroll(node, loft);
}

static void create(struct nt_node *node, const struct nt_value *values)
{
    struct pigeons *pigeons = node->state;
    int64_t metres_per_hour = values[PARAM_SPEED].number * 1000;
    pigeons->flight = values[PARAM_DISTANCE].number * 3600 / metres_per_hour * (NT_SECOND / 1000); /* mm, so ms */
    pigeons->pigeon_count = (uint32_t)values[PARAM_PIGEONS].number;
    pigeons->hawks_ppm = (uint32_t)values[PARAM_HAWKS].number;
    pigeons->writing = values[PARAM_WRITING].number;
    pigeons->rest = values[PARAM_REST].number;
    pigeons->scroll_bytes = (uint32_t)values[PARAM_SCROLL].number;
    pigeons->row_most = (uint32_t)values[PARAM_ROW].number;
    pigeons->kind_up = nt_kind(node, &up_kind);
    pigeons->kind_hawk = nt_kind(node, &hawk_kind);
    pigeons->kind_home = nt_kind(node, &home_kind);
    nt_random_init(node, &pigeons->dice, "weather");
}

static void start(struct nt_node *node)
{
    struct pigeons *pigeons = node->state;
    for (uint32_t i = 0; i < 2; i++) {
        struct loft *loft = &pigeons->lofts[i];
        *loft = (struct loft){.port = node->ports[i], .far_port = node->ports[1 - i], .home_count = pigeons->pigeon_count};
        for (uint32_t number = 0; number < pigeons->pigeon_count; number++) {
            struct bird *bird = nt_new(node, sizeof *bird);
            nt_event_init(&bird->event, node, bird_fire);
            bird->home = loft;
            bird->next = loft->at_home;
            loft->at_home = bird;
        }
        nt_port_line(node->ports[i], true, false, 8 * pigeons->scroll_bytes); /* about one scroll a second */
    }
}

static uint64_t held(const struct nt_node *node)
{
    const struct pigeons *pigeons = node->state;
    uint64_t count = 0;
    for (int i = 0; i < 2; i++)
        count += pigeons->lofts[i].waiting_count + pigeons->lofts[i].loaded_count;
    return count;
}

/* ---- What can be seen ---- */

static bool row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct pigeons *pigeons = node->state;
    if (index > 1 || index >= node->port_count)
        return false;
    const struct loft *loft = &pigeons->lofts[index];
    const struct nt_port *peer = node->ports[index]->peer;
    strncpy(cells[0].text, peer ? peer->node->name : "", sizeof cells[0].text - 1);
    cells[1].number = loft->home_count;
    cells[2].number = loft->away_count;
    cells[3].number = loft->waiting_count;
    cells[4].number = (int64_t)loft->delivered;
    cells[5].number = (int64_t)loft->eaten;
    return true;
}

static const struct nt_table tables[] = {{.name = "lofts",
                                          .summary = "pigeons at home and away, frames that wait for one, and what became of the others",
                                          .columns = {{.name = "loft", .unit = NT_UNIT_TEXT},
                                                      {.name = "at_home", .unit = NT_UNIT_NONE},
                                                      {.name = "away", .unit = NT_UNIT_NONE},
                                                      {.name = "waiting", .unit = NT_UNIT_FRAMES},
                                                      {.name = "delivered", .unit = NT_UNIT_FRAMES},
                                                      {.name = "eaten", .unit = NT_UNIT_NONE}},
                                          .row = row},
                                         {0}};
static const struct nt_node_type type = {.size = sizeof type,
                                         .flags = NT_NODE_MEDIUM,
                                         .name = "pigeons",
                                         .summary = "IP over avian carriers, between two lofts: RFC 1149",
                                         .params = params,
                                         .port_prefix = "loft",
                                         .max_ports = 2,
                                         .least_ports = 2,
                                         .state_bytes = sizeof(struct pigeons),
                                         .tables = tables,
                                         .create = create,
                                         .start = start,
                                         .transmit = transmit,
                                         .held = held};
static const struct nt_node_type *const nodes[] = {&type, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {NT_PLUGIN_BEGIN, .name = "pigeons", .summary = "carrier pigeons", .nodes = nodes};

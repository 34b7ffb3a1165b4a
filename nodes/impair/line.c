/* SPDX-License-Identifier: MIT
 * See line.h. Frames held back stand in a heap: the one that is due first on top, of equals the one that came
 * first. One event is pending for each line, however many wait. */
#include "nodes/impair/line.h"

#include <stdio.h>
#include <string.h>

#include "nodes/impair/impairs.h"

#define IMPAIRMENTS_MOST 64 /* on one medium */

/* A frame held back. */
struct held {
    nt_time due;
    uint64_t order; /* among those due at one instant */
    struct nt_frame *frame;
    uint64_t cause; /* the record that it goes back to */
};

struct impair_line {
    struct nt_node *node;
    struct nt_port *from, *to;
    struct nt_impair *impairs; /* of this direction, in the order of the file */
    const char **names;        /* of their types */
    uint32_t count;
    struct held *heap;
    uint32_t held, capacity;
    uint64_t order; /* the last given */
    struct nt_event due;
    uint64_t dropped, damaged, duplicated, delayed; /* counts for the table */
    uint32_t kinds[IMPAIR_KINDS];
    int64_t loss;            /* parts per million that are lost before all else: see impair_line_set_loss */
    struct nt_random chance; /* of that */
    bool has_chance;         /* the stream has begun */
};

const struct nt_kind impair_kinds[IMPAIR_KINDS + 1] = {
    [IMPAIR_DROPS] = {.name = "impair.drop",
                      .sentence = "{node} loses frame {frame}: {by}",
                      .fields = {{"by", NT_UNIT_TEXT}, {"length", NT_UNIT_BYTES}}},
    [IMPAIR_DUPLICATES] = {.name = "impair.duplicate",
                           .sentence = "{node} carries frame {parent} once more, as frame {frame}: {by}",
                           .flags = NT_KIND_INTERESTING,
                           .fields = {{"by", NT_UNIT_TEXT}, {"parent", NT_UNIT_FRAME}}},
    [IMPAIR_DELAYS] = {.name = "impair.delay",
                       .sentence = "{node} holds frame {frame} back for {extra}: {by}",
                       .flags = NT_KIND_CHATTER,
                       .fields = {{"extra", NT_UNIT_TIME}, {"by", NT_UNIT_TEXT}}},
    [IMPAIR_FLIPS] = {.name = "impair.flip",
                      .sentence =
                          "noise on {node} turns {bits} of frame {parent} over, the first is bit {first}, "
                          "the last bit {last}: it is frame {frame} now",
                      .flags = NT_KIND_INTERESTING,
                      .fields = {{"bits", NT_UNIT_BITS},
                                 {"first", NT_UNIT_NONE},
                                 {"last", NT_UNIT_NONE},
                                 {"parent", NT_UNIT_FRAME}}}};

/* ---- On to the neighbour, or nowhere ---- */

/* Boxes that stand between two cables have received the frame and send it anew; a medium still carries it. */
static bool is_medium(const struct impair_line *line)
{
    return line->node->type->flags & NT_NODE_MEDIUM;
}

static void end(struct impair_line *line, struct nt_frame *frame, const char *reason)
{
    if (is_medium(line))
        nt_drop(line->from, frame, reason);
    else
        nt_discard(line->from, frame, reason);
}

static void hand_on(struct impair_line *line, struct nt_frame *frame)
{
    if (is_medium(line))
        nt_deliver(line->to, frame, nt_cause(line->node));
    else
        nt_transmit(line->to, frame);
}

/* ---- Held back ---- */

static bool is_sooner(const struct held *a, const struct held *b)
{
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void swap(struct held *a, struct held *b)
{
    struct held kept = *a;
    *a = *b;
    *b = kept;
}

static void heap_grow(struct impair_line *line)
{
    uint32_t capacity = line->capacity ? line->capacity * 2 : 8;
    struct held *heap = nt_new(line->node, capacity * sizeof *heap);
    if (line->held)
        memcpy(heap, line->heap, line->held * sizeof *heap);
    nt_free(line->node, line->heap);
    line->heap = heap;
    line->capacity = capacity;
}

static void hold(struct impair_line *line, struct nt_frame *frame, nt_time due)
{
    if (line->held == line->capacity)
        heap_grow(line);
    uint32_t at = line->held++;
    line->heap[at] = (struct held){due, ++line->order, frame, nt_cause(line->node)};
    for (; at && is_sooner(&line->heap[at], &line->heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&line->heap[at], &line->heap[(at - 1) / 2]);
    if (at == 0)
        nt_arm(&line->due, due);
}

static struct held take_first(struct impair_line *line)
{
    struct held first = line->heap[0];
    uint32_t at = 0, next;
    line->heap[0] = line->heap[--line->held];
    while ((next = 2 * at + 1) < line->held) {
        if (next + 1 < line->held && is_sooner(&line->heap[next + 1], &line->heap[next]))
            next++;
        if (!is_sooner(&line->heap[next], &line->heap[at]))
            break;
        swap(&line->heap[next], &line->heap[at]);
        at = next;
    }
    return first;
}

static void due_fire(struct nt_event *event)
{
    struct impair_line *line = NT_OWNER(event, struct impair_line, due);
    struct held first = take_first(line);
    if (line->held)
        nt_arm(event, line->heap[0].due);
    nt_because(line->node, first.cause);
    hand_on(line, first.frame);
}

uint32_t impair_line_held(const struct impair_line *line)
{
    return line ? line->held : 0;
}

void impair_line_clear(struct impair_line *line, const char *reason)
{
    if (!line)
        return;
    nt_disarm(&line->due);
    while (line->held)
        end(line, take_first(line).frame, reason);
}

/* ---- Passing through ---- */

/* From here on what happens to the frame goes back to this fact. */
static void tell(struct impair_line *line, enum impair_kind kind, const struct nt_frame *frame, int64_t first,
                 int64_t second)
{
    nt_because(line->node, nt_tell(line->node, line->kinds[kind], line->from, frame->id, first, second));
}

static void lose(struct impair_line *line, const struct nt_impaired *it, const char *by)
{
    line->dropped++;
    tell(line, IMPAIR_DROPS, it->frame, (int64_t)nt_text(line->node, by), it->frame->length_bytes);
    end(line, it->frame, it->drop);
}

static void leave(struct impair_line *line, const struct nt_impaired *it)
{
    if (it->arrives > nt_now(line->node))
        hold(line, it->frame, it->arrives);
    else
        hand_on(line, it->frame);
}

static void pass(struct impair_line *line, struct nt_impaired it, uint32_t next);

/* The frame goes on, and after it its copies, each to a fate of its own. */
static void pass_copies(struct impair_line *line, struct nt_impaired it, uint32_t by)
{
    uint32_t copies = it.copies;
    uint64_t cause = nt_cause(line->node);
    struct nt_frame *pattern = nt_frame_ref(it.frame);
    if (is_medium(line))
        nt_copied(line->from, copies);
    line->duplicated += copies;
    it.copies = 0;
    pass(line, it, by + 1);
    it.is_copy = true;
    for (uint32_t i = 0; i < copies; i++) {
        nt_because(line->node, cause);
        it.frame = impair_own(line->node, nt_frame_ref(pattern));
        tell(line, IMPAIR_DUPLICATES, it.frame, (int64_t)nt_text(line->node, line->names[by]),
             (int64_t)it.frame->parent);
        pass(line, it, by + 1);
    }
    nt_frame_unref(line->node, pattern);
}

static void pass(struct impair_line *line, struct nt_impaired it, uint32_t next)
{
    for (uint32_t i = next; i < line->count; i++) {
        nt_time before = it.arrives;
        uint64_t identity = it.frame->id;
        line->impairs[i].ops->apply(&line->impairs[i], &it);
        line->damaged += it.frame->id != identity;
        if (it.drop) {
            lose(line, &it, line->names[i]);
            return;
        }
        if (it.arrives > before) {
            line->delayed++;
            tell(line, IMPAIR_DELAYS, it.frame, it.arrives - before,
                 (int64_t)nt_text(line->node, line->names[i]));
        }
        if (it.copies) {
            pass_copies(line, it, i);
            return;
        }
    }
    leave(line, &it);
}

void impair_line_take(struct impair_line *line, struct nt_frame *frame, uint64_t cause)
{
    struct nt_impaired it = {.frame = frame, .arrives = nt_now(line->node)};
    nt_because(line->node, cause);
    if (line->loss && nt_random_below(line->node, &line->chance, 1000000) < line->loss) {
        it.drop = "lost at random";
        lose(line, &it, "loss");
        return;
    }
    pass(line, it, 0);
}

struct nt_frame *impair_own(struct nt_node *node, struct nt_frame *frame)
{
    uint8_t check[4];
    uint32_t flags = frame->flags;
    if (!(flags & NT_FRAME_SEALED))
        return nt_frame_writable(node, frame);
    nt_frame_finish(node, frame); /* the check sequence is that of the bytes as they were sent */
    memcpy(check, frame->bytes + frame->length_bytes - sizeof check, sizeof check);
    frame = nt_frame_writable(node, frame);
    nt_frame_seal(node, frame);
    memcpy(frame->bytes + frame->length_bytes - sizeof check, check, sizeof check);
    frame->flags = (frame->flags & ~(uint32_t)NT_FRAME_FCS_PENDING) | (flags & NT_FRAME_DAMAGED);
    return frame;
}

/* ---- Loading ---- */

/* Who is at the other end of what is plugged in here: a cable is looked through. */
static const struct nt_node *neighbour_of(const struct nt_port *port)
{
    const struct nt_port *peer = port->peer;
    bool is_cable = (peer->node->type->flags & NT_NODE_MEDIUM) && peer->node->port_count == 2;
    return is_cable ? peer->node->ports[1 - peer->index]->peer->node : peer->node;
}

/* The node that an item of the list is toward, by its id; 0: both directions. */
static int64_t toward_of(const struct nt_value *item)
{
    for (uint32_t i = 0; item->part && i < item->count; i++)
        if (strcmp(item->part->params[i].name, "toward") == 0 && item->items[i].is_given)
            return item->items[i].number;
    return 0;
}

static const char *name_toward(const struct nt_value *item)
{
    for (uint32_t i = 0; i < item->count; i++)
        if (strcmp(item->part->params[i].name, "toward") == 0)
            return item->items[i].text;
    return "";
}

void impair_check(struct nt_node *node, const struct nt_value *list)
{
    const struct nt_node *a = neighbour_of(node->ports[0]), *b = neighbour_of(node->ports[1]);
    bool is_cable = node->type->flags & NT_NODE_MEDIUM;
    if (list->count > IMPAIRMENTS_MOST)
        nt_refuse(node, "impair", "%u impairments are too many; the most is %d", list->count,
                  IMPAIRMENTS_MOST);
    for (uint32_t i = 0; i < list->count; i++) {
        int64_t toward = toward_of(&list->items[i]);
        if (toward && toward != a->id && toward != b->id)
            nt_refuse(node, "impair", "\"toward\" names %s, which is not at %s; there are %s and %s",
                      name_toward(&list->items[i]), is_cable ? "this link" : node->name, a->name, b->name);
    }
}

/* How many impairments before this one have its type: part of its stream's name. */
static uint32_t number_among_likes(const struct nt_value *list, uint32_t index)
{
    uint32_t number = 0;
    for (uint32_t i = 0; i < index; i++)
        number += list->items[i].part == list->items[index].part;
    return number;
}

static void add_impairment(struct impair_line *line, const struct nt_value *list, uint32_t index)
{
    const struct nt_value *item = &list->items[index];
    struct nt_impair *impair = &line->impairs[line->count];
    char stream[100];
    line->names[line->count++] = item->part->name;
    *impair = (struct nt_impair){.ops = item->part->ops,
                                 .node = line->node,
                                 .port = line->from,
                                 .state = nt_new(line->node, item->part->state_bytes + 1)};
    snprintf(stream, sizeof stream, "impair/%s/%u/%u", item->part->name, number_among_likes(list, index),
             line->from->index);
    nt_random_init(line->node, &impair->random, stream);
    impair->ops->init(impair, item->items);
}

/* A line without impairments, so far. */
static struct impair_line *line_new(struct nt_port *from, struct nt_port *to)
{
    struct nt_node *node = from->node;
    struct impair_line *line = nt_new(node, sizeof *line);
    *line = (struct impair_line){.node = node, .from = from, .to = to};
    nt_event_init(&line->due, node, due_fire);
    for (int kind = 0; kind < IMPAIR_KINDS; kind++)
        line->kinds[kind] = nt_kind(node, &impair_kinds[kind]);
    return line;
}

struct impair_line *impair_line_new(struct nt_port *from, struct nt_port *to, const struct nt_value *list)
{
    struct nt_node *node = from->node;
    struct impair_line *line = NULL;
    for (uint32_t i = 0; i < list->count && i < IMPAIRMENTS_MOST; i++) {
        int64_t toward = toward_of(&list->items[i]);
        if (!list->items[i].part || (toward && toward != neighbour_of(to)->id))
            continue;
        if (!line) {
            line = line_new(from, to);
            line->impairs = nt_new(node, list->count * sizeof *line->impairs);
            line->names = nt_new(node, list->count * sizeof *line->names);
        }
        add_impairment(line, list, i);
    }
    return line;
}

/* ---- While it runs ---- */

struct impair_line *impair_line_set_loss(struct impair_line *line, struct nt_port *from, struct nt_port *to,
                                         int64_t loss_ppm)
{
    if (!line && loss_ppm == 0)
        return NULL;
    if (!line)
        line = line_new(from, to);
    if (!line->has_chance) {
        char stream[40];
        snprintf(stream, sizeof stream, "loss/%u", from->index);
        nt_random_init(line->node, &line->chance, stream);
        line->has_chance = true;
    }
    line->loss = loss_ppm;
    return line;
}

/* ---- What can be seen ---- */

void impair_line_row(const struct impair_line *line, struct nt_cell *ret_cells)
{
    ret_cells[2].number = (int64_t)line->dropped;
    ret_cells[3].number = (int64_t)line->damaged;
    ret_cells[4].number = (int64_t)line->duplicated;
    ret_cells[5].number = (int64_t)line->delayed;
    ret_cells[6].number = line->held;
}

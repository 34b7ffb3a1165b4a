/* SPDX-License-Identifier: MIT
 * Where things stand: as far apart as they are in cables.
 *
 *     distances by breadth     ->  a first placing by the distances   ->  every station moves to where its
 * distances to all (cables between any two)     to four landmarks                      others fit best, again
 * and again
 *
 * The *stress* is the sum, over all pairs, of (distance drawn - distance in cables)^2 / distance^2. Moving
 * one place at a time to the weighted mean of where its partners would have it never makes the stress larger
 * (majorisation). A chain becomes a line, a ring a circle, a star a star. Then the plan is turned so that its
 * longest direction lies flat, and mirrored so that the first node stands at the left. Rounds and arithmetic
 * are fixed, so the places are too. */
#include "views/pictures/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "views/pictures/layout_large.h"

#define CROWD 60              /* a network in layers of more stations is drawn so */
#define PARTS_MOST 4          /* that are not joined, and are placed one by one */
#define PARTS_GAP 0.35        /* between two, of their height */
#define PART_ASPECT_LEAST 0.5 /* width by height that a part gets */
#define ROW_ASPECT 2.4        /* what is wider by that is a row */
#define FAR 1 /* two parts that are not joined: so much further than the widest part is wide */

struct layout {
    struct plan *plan;
    uint32_t count;
    uint16_t *distance; /* count by count, in cables; owned */
    double *x, *y;      /* owned */
};

static uint16_t *distances_of(const struct layout *layout, uint32_t from)
{
    return layout->distance + (size_t)from * layout->count;
}

/* ---- Distances in cables ---- */

/* Neighbours of each place: `first[i]` to `first[i + 1]` in `list`. */
struct neighbours {
    uint32_t *first, *list;
};

static void find_neighbours(const struct layout *layout, struct neighbours *ret)
{
    const struct plan *plan = layout->plan;
    ret->first = calloc(layout->count + 2, sizeof *ret->first);
    ret->list = calloc(plan->edge_count * 2 + 1, sizeof *ret->list);
    for (uint32_t i = 0; i < plan->edge_count; i++)
        if (plan->edges[i].from < layout->count && plan->edges[i].to < layout->count) {
            ret->first[plan->edges[i].from + 2]++;
            ret->first[plan->edges[i].to + 2]++;
        }
    for (uint32_t i = 2; i <= layout->count + 1; i++)
        ret->first[i] += ret->first[i - 1];
    for (uint32_t i = 0; i < plan->edge_count; i++) {
        uint32_t from = plan->edges[i].from, to = plan->edges[i].to;
        if (from >= layout->count || to >= layout->count)
            continue;
        ret->list[ret->first[from + 1]++] = to;
        ret->list[ret->first[to + 1]++] = from;
    }
}

static void measure_from(struct layout *layout, const struct neighbours *neighbours, uint32_t start,
                         uint32_t *queue)
{
    uint16_t *distance = distances_of(layout, start);
    uint32_t head = 0, tail = 0;
    memset(distance, 0xff, layout->count * sizeof *distance);
    distance[start] = 0;
    queue[tail++] = start;
    while (head < tail) {
        uint32_t place = queue[head++];
        for (uint32_t i = neighbours->first[place]; i < neighbours->first[place + 1]; i++)
            if (distance[neighbours->list[i]] == UINT16_MAX) {
                distance[neighbours->list[i]] = (uint16_t)(distance[place] + 1);
                queue[tail++] = neighbours->list[i];
            }
    }
}

static void measure(struct layout *layout)
{
    struct neighbours neighbours;
    uint32_t *queue = calloc(layout->count + 1, sizeof *queue);
    uint16_t widest = 1;
    size_t all = (size_t)layout->count * layout->count;
    find_neighbours(layout, &neighbours);
    for (uint32_t i = 0; i < layout->count; i++)
        measure_from(layout, &neighbours, i, queue);
    for (size_t i = 0; i < all; i++)
        if (layout->distance[i] != UINT16_MAX && layout->distance[i] > widest)
            widest = layout->distance[i];
    for (size_t i = 0; i < all; i++)
        if (layout->distance[i] == UINT16_MAX)
            layout->distance[i] = (uint16_t)(widest + FAR);
    free(neighbours.first);
    free(neighbours.list);
    free(queue);
}

/* ---- The first placing ---- */

static uint32_t farthest_from(const struct layout *layout, uint32_t place)
{
    const uint16_t *distance = distances_of(layout, place);
    uint32_t best = place;
    for (uint32_t i = 0; i < layout->count; i++)
        if (distance[i] > distance[best])
            best = i;
    return best;
}

/* As far as possible from both: what gives the plan its height. */
static uint32_t farthest_from_both(const struct layout *layout, uint32_t a, uint32_t b)
{
    uint32_t best = 0;
    int most = -1;
    for (uint32_t i = 0; i < layout->count; i++) {
        int da = distances_of(layout, a)[i], db = distances_of(layout, b)[i];
        int worth = da + db - abs(da - db);
        if (worth > most) {
            most = worth;
            best = i;
        }
    }
    return best;
}

static void place_first(struct layout *layout)
{
    uint32_t left = farthest_from(layout, farthest_from(layout, 0));
    uint32_t right = farthest_from(layout, left);
    uint32_t top = farthest_from_both(layout, left, right);
    uint32_t bottom = farthest_from(layout, top);
    for (uint32_t i = 0; i < layout->count; i++) {
        /* The small additions keep places apart that the landmarks cannot tell from each other. */
        double turn = (double)(i % 7) * 0.13 - 0.39, shift = (double)(i % 5) * 0.11 - 0.22;
        layout->x[i] = (distances_of(layout, left)[i] - distances_of(layout, right)[i]) * 0.5 + shift * 0.3;
        layout->y[i] = (distances_of(layout, top)[i] - distances_of(layout, bottom)[i]) * 0.5 + turn;
    }
}

/* ---- Less stress ---- */

static double move_one(struct layout *layout, uint32_t place)
{
    const uint16_t *distance = distances_of(layout, place);
    double x = 0, y = 0, weights = 0;
    for (uint32_t i = 0; i < layout->count; i++) {
        if (i == place)
            continue;
        double dx = layout->x[place] - layout->x[i], dy = layout->y[place] - layout->y[i];
        double drawn = sqrt(dx * dx + dy * dy);
        double wanted = distance[i], weight = 1 / (wanted * wanted);
        double stretch = drawn > 1e-9 ? wanted / drawn : 0;
        x += weight * (layout->x[i] + dx * stretch);
        y += weight * (layout->y[i] + dy * stretch);
        weights += weight;
    }
    if (weights <= 0)
        return 0;
    x /= weights;
    y /= weights;
    double moved = fabs(x - layout->x[place]) + fabs(y - layout->y[place]);
    layout->x[place] = x;
    layout->y[place] = y;
    return moved;
}

static void relax(struct layout *layout)
{
    unsigned rounds = layout->count > 150 ? 80 : 300;
    for (unsigned round = 0; round < rounds; round++) {
        double moved = 0;
        for (uint32_t i = 0; i < layout->count; i++)
            moved += move_one(layout, i);
        if (moved < 1e-4 * layout->count)
            break;
    }
}

/* ---- The finished plan ---- */

static void centre(struct layout *layout)
{
    double x = 0, y = 0;
    for (uint32_t i = 0; i < layout->count; i++) {
        x += layout->x[i] / layout->count;
        y += layout->y[i] / layout->count;
    }
    for (uint32_t i = 0; i < layout->count; i++) {
        layout->x[i] -= x;
        layout->y[i] -= y;
    }
}

/* Turns the direction in which the places are spread most into the horizontal; the first node at the left. */
static void turn(struct layout *layout)
{
    double xx = 0, yy = 0, xy = 0;
    for (uint32_t i = 0; i < layout->count; i++) {
        xx += layout->x[i] * layout->x[i];
        yy += layout->y[i] * layout->y[i];
        xy += layout->x[i] * layout->y[i];
    }
    double angle = fabs(xy) > 1e-9 || xx > yy ? 0.5 * atan2(2 * xy, xx - yy) : acos(-1) / 2;
    double c = cos(angle), s = sin(angle);
    for (uint32_t i = 0; i < layout->count; i++) {
        double x = layout->x[i] * c + layout->y[i] * s;
        layout->y[i] = layout->y[i] * c - layout->x[i] * s;
        layout->x[i] = x;
    }
    double left = 0, top = 0;
    for (uint32_t i = 0; i < layout->count; i++) {
        left += layout->x[i] * ((double)layout->count / 2 - i);
        top += layout->y[i] * ((double)layout->count / 2 - i);
    }
    for (uint32_t i = 0; i < layout->count; i++) {
        layout->x[i] *= left > 1e-6 ? -1 : 1;
        layout->y[i] *= top > 1e-6 ? -1 : 1;
    }
}

/* To 0..1 in both directions. A plan that is nearly a line becomes one. */
static void fit(struct layout *layout)
{
    double least[2] = {INFINITY, INFINITY}, most[2] = {-INFINITY, -INFINITY};
    for (uint32_t i = 0; i < layout->count; i++) {
        least[0] = fmin(least[0], layout->x[i]);
        most[0] = fmax(most[0], layout->x[i]);
        least[1] = fmin(least[1], layout->y[i]);
        most[1] = fmax(most[1], layout->y[i]);
    }
    double width = most[0] - least[0], height = most[1] - least[1];
    bool is_line = height < 0.12 * width || height < 0.3;
    layout->plan->aspect = is_line || height <= 0 ? 0 : width / height;
    for (uint32_t i = 0; i < layout->count; i++) {
        struct plan_place *place = &layout->plan->places[i];
        place->x = width > 1e-9 ? (layout->x[i] - least[0]) / width : 0.5;
        place->y = is_line ? 0.5 : (layout->y[i] - least[1]) / height;
    }
}

/* Stations of a bus stand along it in the order of their taps; far too many, in rows. */
static void place_in_rows(struct plan *plan)
{
    uint32_t columns = (uint32_t)ceil(sqrt(plan->place_count * 2.0));
    uint32_t rows = (plan->place_count + columns - 1) / columns;
    for (uint32_t i = 0; i < plan->place_count; i++) {
        plan->places[i].x = columns > 1 ? (double)(i % columns) / (columns - 1) : 0.5;
        plan->places[i].y = rows > 1 ? (double)(i / columns) / (rows - 1) : 0.5;
    }
    plan->aspect = 2;
}

/* ---- Parts that are not joined ---- */

/* One part as a plan of its own. */
struct part {
    struct plan plan;
    uint32_t *places; /* of each of its places, the whole plan's; owned */
};

/* Numbers the parts in the order of their first places; returns how many there are. */
static uint32_t number_parts(const struct plan *plan, uint32_t *ret_part)
{
    uint32_t parts = 0;
    for (uint32_t i = 0; i < plan->place_count; i++)
        ret_part[i] = i;
    for (bool has_changed = true; has_changed;) { /* each takes the lowest number that it is joined to */
        has_changed = false;
        for (uint32_t i = 0; i < plan->edge_count; i++) {
            uint32_t *from = &ret_part[plan->edges[i].from], *to = &ret_part[plan->edges[i].to];
            uint32_t lowest = *from < *to ? *from : *to;
            has_changed |= *from != *to;
            *from = *to = lowest;
        }
    }
    for (uint32_t i = 0; i < plan->place_count; i++)
        ret_part[i] = ret_part[i] == i ? parts++ : ret_part[ret_part[i]];
    return parts;
}

static void part_init(struct part *part, const struct plan *plan, const uint32_t *parts, uint32_t number)
{
    uint32_t *index = calloc(plan->place_count + 1, sizeof *index);
    *part = (struct part){.places = calloc(plan->place_count + 1, sizeof *part->places)};
    part->plan.places = calloc(plan->place_count + 1, sizeof *part->plan.places);
    part->plan.edges = calloc(plan->edge_count + 1, sizeof *part->plan.edges);
    for (uint32_t i = 0; i < plan->place_count; i++)
        if (parts[i] == number) {
            index[i] = part->plan.place_count;
            part->places[part->plan.place_count++] = i;
        }
    for (uint32_t i = 0; i < plan->edge_count; i++)
        if (parts[plan->edges[i].from] == number)
            part->plan.edges[part->plan.edge_count++] =
                (struct plan_edge){.from = index[plan->edges[i].from], .to = index[plan->edges[i].to]};
    free(index);
}

/* Rows below each other, or, if some part is no row, plans beside each other. */
static void join_parts(struct plan *plan, const struct part *parts, uint32_t count)
{
    double all = 0, at = 0;
    bool are_rows = true;
    for (uint32_t p = 0; p < count; p++) {
        double aspect = parts[p].plan.aspect;
        are_rows &= aspect == 0 || aspect > ROW_ASPECT;
        all += fmin(fmax(aspect, PART_ASPECT_LEAST), 1 / PART_ASPECT_LEAST) + (p ? PARTS_GAP : 0);
    }
    for (uint32_t p = 0; p < count; p++) {
        double wide = fmin(fmax(parts[p].plan.aspect, PART_ASPECT_LEAST), 1 / PART_ASPECT_LEAST);
        for (uint32_t i = 0; i < parts[p].plan.place_count; i++) {
            const struct plan_place *inner = &parts[p].plan.places[i];
            struct plan_place *place = &plan->places[parts[p].places[i]];
            place->x = are_rows ? inner->x : (at + inner->x * wide) / all;
            place->y = are_rows ? (p + 0.5 + (inner->y - 0.5) * 0.5) / count : inner->y;
            place->part = p;
        }
        at += wide + PARTS_GAP;
    }
    plan->aspect = are_rows ? ROW_ASPECT : all;
}

/* Few parts are placed one by one. False: it is one, or they are many. */
static bool place_parts(struct plan *plan)
{
    uint32_t *numbers = calloc(plan->place_count + 1, sizeof *numbers);
    uint32_t count = number_parts(plan, numbers);
    struct part parts[PARTS_MOST];
    bool are_few = count > 1 && count <= PARTS_MOST;
    for (uint32_t p = 0; are_few && p < count; p++) {
        part_init(&parts[p], plan, numbers, p);
        layout_places(&parts[p].plan);
    }
    if (are_few)
        join_parts(plan, parts, count);
    for (uint32_t p = 0; are_few && p < count; p++) {
        plan_release(&parts[p].plan);
        free(parts[p].places);
    }
    free(numbers);
    return are_few;
}

void layout_places(struct plan *plan)
{
    struct layout layout = {.plan = plan, .count = plan->place_count};
    if (layout.count == 0)
        return;
    if (layout.count > PLAN_STATIONS && !plan->bus) {
        if (layout.count > PLAN_LARGE)
            place_in_rows(plan);
        else
            layout_large(plan);
        return;
    }
    if (!plan->bus && (place_parts(plan) || (layout.count > CROWD && layout_folded_layers(plan))))
        return;
    layout.distance = malloc((size_t)layout.count * layout.count * sizeof *layout.distance);
    layout.x = calloc(layout.count, sizeof *layout.x);
    layout.y = calloc(layout.count, sizeof *layout.y);
    measure(&layout);
    place_first(&layout);
    relax(&layout);
    centre(&layout);
    turn(&layout);
    fit(&layout);
    free(layout.distance);
    free(layout.x);
    free(layout.y);
}

/* SPDX-License-Identifier: MIT
 * Networks in layers: trees, fat trees, leaf and spine.
 *
 *      o   o   o   o         2   core
 *     / \ / \ / \ / \
 *    o   o   o   o   o       1   edge
 *    |   |   |   |   |
 *   x8  x8  x8  x8  x8       0   hosts
 *
 * A station's layer is how many cables it is from the nearest leaf. The network is in layers if every cable
 * joins two neighbouring ones. Within a layer each stands over the middle of those below it and under the
 * middle of those above it, as well as that goes (barycentres, Sugiyama, Tagawa and Toda 1981). A wide layer
 * has several lines, in turn. */
#include "views/pictures/layout_large.h"

#include <stdlib.h>
#include <string.h>

#define LAYERS_LEAST 3
#define LAYERS_MOST 12
#define LINE_MOST 72     /* stations beside each other */
#define LINES_MOST 16    /* of one layer: a wider network is none in layers */
#define SWEEPS 8         /* up and down, each */
#define BETWEEN_LAYERS 3 /* lines */

struct layers {
    struct graph *graph;
    uint16_t *layer;    /* of each; owned, like the next two */
    double *at;         /* its place across, 0 to 1 */
    struct rank *order; /* all, layer by layer */
    uint32_t first[LAYERS_MOST + 1];
    unsigned count;
};

struct rank {
    uint32_t index;
    double wanted;
};

/* From all leaves at once. */
static void measure(struct layers *layers)
{
    const struct graph *graph = layers->graph;
    uint32_t *queue = calloc(graph->count + 1, sizeof *queue), head = 0, tail = 0;
    memset(layers->layer, 0xff, graph->count * sizeof *layers->layer);
    for (uint32_t i = 0; i < graph->count; i++)
        if (graph->first[i + 1] - graph->first[i] == 1) {
            layers->layer[i] = 0;
            queue[tail++] = i;
        }
    while (head < tail) {
        uint32_t place = queue[head++];
        for (uint32_t i = graph->first[place]; i < graph->first[place + 1]; i++)
            if (layers->layer[graph->list[i]] == UINT16_MAX) {
                layers->layer[graph->list[i]] = (uint16_t)(layers->layer[place] + 1);
                queue[tail++] = graph->list[i];
            }
    }
    free(queue);
}

static bool is_in_layers(struct layers *layers)
{
    const struct graph *graph = layers->graph;
    uint32_t sizes[LAYERS_MOST] = {0};
    for (uint32_t i = 0; i < graph->count; i++) {
        if (layers->layer[i] >= LAYERS_MOST || ++sizes[layers->layer[i]] > LINE_MOST * LINES_MOST)
            return false;
        layers->count = layers->layer[i] + 1u > layers->count ? layers->layer[i] + 1u : layers->count;
        for (uint32_t j = graph->first[i]; j < graph->first[i + 1]; j++)
            if (layers->layer[graph->list[j]] == layers->layer[i])
                return false;
    }
    for (unsigned i = 0; i < layers->count; i++)
        layers->first[i + 1] = layers->first[i] + sizes[i];
    return layers->count >= LAYERS_LEAST;
}

/* ---- Order within a layer ---- */

static int by_wish(const void *a, const void *b)
{
    const struct rank *one = a, *two = b;
    if (one->wanted != two->wanted)
        return one->wanted < two->wanted ? -1 : 1;
    return one->index < two->index ? -1 : one->index > two->index;
}

static void number_layer(struct layers *layers, unsigned layer)
{
    uint32_t from = layers->first[layer], to = layers->first[layer + 1];
    for (uint32_t i = from; i < to; i++)
        layers->at[layers->order[i].index] = (i - from + 0.5) / (to - from);
}

/* By the middle of the neighbours in the layer `other`; who has none there stays. */
static void sort_layer(struct layers *layers, unsigned layer, unsigned other)
{
    const struct graph *graph = layers->graph;
    for (uint32_t i = layers->first[layer]; i < layers->first[layer + 1]; i++) {
        struct rank *rank = &layers->order[i];
        double sum = 0;
        uint32_t count = 0;
        for (uint32_t j = graph->first[rank->index]; j < graph->first[rank->index + 1]; j++)
            if (layers->layer[graph->list[j]] == other) {
                sum += layers->at[graph->list[j]];
                count++;
            }
        rank->wanted = count ? sum / count : layers->at[rank->index];
    }
    qsort(layers->order + layers->first[layer], layers->first[layer + 1] - layers->first[layer],
          sizeof *layers->order, by_wish);
    number_layer(layers, layer);
}

static void order_layers(struct layers *layers)
{
    uint32_t next[LAYERS_MOST];
    memcpy(next, layers->first, sizeof next);
    for (uint32_t i = 0; i < layers->graph->count; i++)
        layers->order[next[layers->layer[i]]++].index = i;
    for (unsigned layer = 0; layer < layers->count; layer++)
        number_layer(layers, layer);
    for (unsigned sweep = 0; sweep < SWEEPS; sweep++) {
        for (unsigned layer = layers->count - 1; layer-- > 0;)
            sort_layer(layers, layer, layer + 1);
        for (unsigned layer = 1; layer < layers->count; layer++)
            sort_layer(layers, layer, layer - 1);
    }
}

/* ---- Places ---- */

static unsigned lines_of(const struct layers *layers, unsigned layer)
{
    uint32_t size = layers->first[layer + 1] - layers->first[layer];
    return (size + LINE_MOST - 1) / LINE_MOST;
}

static void place_layers(struct layers *layers)
{
    struct plan *plan = layers->graph->plan;
    unsigned lines = 0, line = 0, widest = 1;
    for (unsigned layer = 0; layer < layers->count; layer++)
        lines += lines_of(layers, layer) + (layer ? BETWEEN_LAYERS : 0);
    for (unsigned layer = 0; layer < layers->count; layer++) {
        unsigned own = lines_of(layers, layer);
        uint32_t size = layers->first[layer + 1] - layers->first[layer];
        widest = (size + own - 1) / own > widest ? (size + own - 1) / own : widest;
        for (uint32_t i = 0; i < size; i++) {
            uint32_t index = layers->order[layers->first[layer] + i].index;
            struct plan_place *place = &plan->places[layers->graph->places[index]];
            place->x = layers->at[index];
            place->y = lines > 1 ? 1 - (double)(line + i % own) / (lines - 1) : 0.5;
            place->level = (int)layer;
        }
        line += own + BETWEEN_LAYERS;
    }
    plan->level_count = layers->count;
    plan->apart_x = 1.0 / widest;
    plan->apart_y = lines > 1 ? 1.0 / (lines - 1) : 1;
    plan->aspect = 0;
}

bool layout_layers(struct graph *graph)
{
    struct layers layers = {.graph = graph};
    layers.layer = calloc(graph->count + 1, sizeof *layers.layer);
    layers.at = calloc(graph->count + 1, sizeof *layers.at);
    layers.order = calloc(graph->count + 1, sizeof *layers.order);
    measure(&layers);
    bool is_right = is_in_layers(&layers);
    if (is_right) {
        order_layers(&layers);
        place_layers(&layers);
    }
    free(layers.layer);
    free(layers.at);
    free(layers.order);
    return is_right;
}

/* SPDX-License-Identifier: MIT
 * See lpm.h. */
#include "protocols/ipv4/lpm.h"

#include <string.h>

#define STRIDE 6

/* The six bits of an address that a node at `depth` looks at; beyond the 32nd they are zero. */
static unsigned bits_at(uint32_t address, unsigned depth)
{
    unsigned shift = depth * STRIDE;
    return (unsigned)(((uint64_t)address << 32) << shift >> (64 - STRIDE));
}

/* Where a prefix of `length` bits (0 to 5) with these leading bits stands among a node's prefixes. */
static unsigned place_of(unsigned bits, unsigned length)
{
    return (1u << length) - 1 + (bits >> (STRIDE - length));
}

/* Ones in a word. Written out, because not every machine that this is built for has an instruction for it,
 * and a call costs more. */
static inline unsigned ones(uint64_t word)
{
    word -= word >> 1 & UINT64_C(0x5555555555555555);
    word = (word & UINT64_C(0x3333333333333333)) + (word >> 2 & UINT64_C(0x3333333333333333));
    word = (word + (word >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (unsigned)(word * UINT64_C(0x0101010101010101) >> 56);
}

static inline unsigned ones_before(uint64_t word, unsigned bit)
{
    return ones(word & ((UINT64_C(1) << bit) - 1));
}

/* All places whose prefixes cover these six bits: one for each length. */
static uint64_t covering(unsigned bits)
{
    return UINT64_C(1) << place_of(bits, 0) | UINT64_C(1) << place_of(bits, 1) |
           UINT64_C(1) << place_of(bits, 2) | UINT64_C(1) << place_of(bits, 3) |
           UINT64_C(1) << place_of(bits, 4) | UINT64_C(1) << place_of(bits, 5);
}

uint32_t lpm_lookup(const struct lpm *lpm, struct ipv4_address address)
{
    const struct lpm_node *node = &lpm->root, *best = NULL;
    uint64_t best_matches = 0;
    for (unsigned depth = 0;; depth++) {
        unsigned bits = bits_at(address.value, depth);
        uint64_t matches = node->prefixes & covering(bits);
        if (matches) {
            best = node;
            best_matches = matches;
        }
        if (!(node->children >> bits & 1))
            break;
        node = &node->child[ones_before(node->children, bits)];
    }
    if (!best)
        return LPM_NONE;
    unsigned longest =
        63u - (unsigned)__builtin_clzll(best_matches); /* longer prefixes stand at higher places */
    return best->value[ones_before(best->prefixes, longest)];
}

/* ---- Rows: arrays that are exactly as long as they need to be ---- */

/* Makes room for (or closes) one element at `place` in a row of `count`. Returns the new row. */
static void *row_changed(struct lpm *lpm, void *row, unsigned count, unsigned place, int change, size_t size)
{
    char *made = count + (unsigned)change ? env_new(lpm->env, (count + (unsigned)change) * size) : NULL;
    const char *old = row;
    if (place && made)
        memcpy(made, old, place * size);
    if (change > 0 && count > place)
        memcpy(made + (place + 1) * size, old + place * size, (count - place) * size);
    if (change < 0 && count > place + 1)
        memcpy(made + place * size, old + (place + 1) * size, (count - place - 1) * size);
    env_free(lpm->env, row);
    return made;
}

static struct lpm_node *child_made(struct lpm *lpm, struct lpm_node *node, unsigned bits)
{
    unsigned place = ones_before(node->children, bits);
    if (!(node->children >> bits & 1)) {
        unsigned count = ones(node->children);
        node->child = row_changed(lpm, node->child, count, place, 1, sizeof *node->child);
        node->children |= UINT64_C(1) << bits;
        lpm->node_count++;
    }
    return &node->child[place];
}

/* ---- The table ---- */

void lpm_init(struct lpm *lpm, struct env *env)
{
    *lpm = (struct lpm){.env = env, .node_count = 1};
}

static void node_release(struct lpm *lpm, struct lpm_node *node)
{
    unsigned count = ones(node->children);
    for (unsigned i = 0; i < count; i++)
        node_release(lpm, &node->child[i]);
    env_free(lpm->env, node->child);
    env_free(lpm->env, node->value);
    *node = (struct lpm_node){0};
}

void lpm_release(struct lpm *lpm)
{
    node_release(lpm, &lpm->root);
    lpm->prefix_count = 0;
    lpm->node_count = 1;
}

uint32_t lpm_insert(struct lpm *lpm, struct ipv4_prefix prefix, uint32_t value)
{
    uint32_t address = ipv4_prefix_network(prefix).value;
    struct lpm_node *node = &lpm->root;
    unsigned depth = 0;
    for (; (depth + 1) * STRIDE <= prefix.length; depth++)
        node = child_made(lpm, node, bits_at(address, depth));
    unsigned bit = place_of(bits_at(address, depth), prefix.length - depth * STRIDE);
    unsigned place = ones_before(node->prefixes, bit);
    if (node->prefixes >> bit & 1) {
        uint32_t old = node->value[place];
        node->value[place] = value;
        return old;
    }
    unsigned count = ones(node->prefixes);
    node->value = row_changed(lpm, node->value, count, place, 1, sizeof *node->value);
    node->prefixes |= UINT64_C(1) << bit;
    node->value[place] = value;
    lpm->prefix_count++;
    return LPM_NONE;
}

uint32_t lpm_exact(const struct lpm *lpm, struct ipv4_prefix prefix)
{
    uint32_t address = ipv4_prefix_network(prefix).value;
    const struct lpm_node *node = &lpm->root;
    unsigned depth = 0;
    for (; (depth + 1) * STRIDE <= prefix.length; depth++) {
        unsigned bits = bits_at(address, depth);
        if (!(node->children >> bits & 1))
            return LPM_NONE;
        node = &node->child[ones_before(node->children, bits)];
    }
    unsigned bit = place_of(bits_at(address, depth), prefix.length - depth * STRIDE);
    return node->prefixes >> bit & 1 ? node->value[ones_before(node->prefixes, bit)] : LPM_NONE;
}

/* Takes the prefix out below `node`; a child that is empty then goes too. */
static void remove_below(struct lpm *lpm, struct lpm_node *node, uint32_t address, unsigned length,
                         unsigned depth)
{
    unsigned bits = bits_at(address, depth);
    if ((depth + 1) * STRIDE > length) {
        unsigned bit = place_of(bits, length - depth * STRIDE), count = ones(node->prefixes);
        node->value =
            row_changed(lpm, node->value, count, ones_before(node->prefixes, bit), -1, sizeof *node->value);
        node->prefixes &= ~(UINT64_C(1) << bit);
        return;
    }
    unsigned place = ones_before(node->children, bits), count = ones(node->children);
    struct lpm_node *child = &node->child[place];
    remove_below(lpm, child, address, length, depth + 1);
    if (child->prefixes || child->children)
        return;
    node->child = row_changed(lpm, node->child, count, place, -1, sizeof *node->child);
    node->children &= ~(UINT64_C(1) << bits);
    lpm->node_count--;
}

uint32_t lpm_remove(struct lpm *lpm, struct ipv4_prefix prefix)
{
    uint32_t old = lpm_exact(lpm, prefix);
    if (old == LPM_NONE)
        return LPM_NONE;
    remove_below(lpm, &lpm->root, ipv4_prefix_network(prefix).value, prefix.length, 0);
    lpm->prefix_count--;
    return old;
}

uint64_t lpm_bytes(const struct lpm *lpm)
{
    return lpm->node_count * sizeof(struct lpm_node) + lpm->prefix_count * sizeof(uint32_t);
}

/* SPDX-License-Identifier: MIT
 * Longest prefix match against a list that is searched from end to end, and the two textbook tables W-14 and
 * W-15. */
#include <stdlib.h>

#include "protocols/ipv4/lpm.h"
#include "tests/protocols/hand_env.h"

#define MOST 3000

struct entry {
    struct ipv4_prefix prefix;
    uint32_t value;
};

struct oracle {
    struct entry entries[MOST];
    size_t length;
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static struct ipv4_prefix prefix_of(const char *text)
{
    struct ipv4_prefix prefix = {{0}, 0};
    assert_true(ipv4_prefix_parse(text, &prefix, NULL));
    return prefix;
}

static struct ipv4_address address_of(const char *text)
{
    struct ipv4_address address = {0};
    assert_true(ipv4_parse(text, &address, NULL));
    return address;
}

static uint32_t oracle_lookup(const struct oracle *oracle, struct ipv4_address address)
{
    uint32_t value = LPM_NONE;
    int longest = -1;
    for (size_t i = 0; i < oracle->length; i++) {
        const struct entry *entry = &oracle->entries[i];
        if (ipv4_prefix_has(entry->prefix, address) && entry->prefix.length > longest) {
            longest = entry->prefix.length;
            value = entry->value;
        }
    }
    return value;
}

static struct entry *oracle_find(struct oracle *oracle, struct ipv4_prefix prefix)
{
    for (size_t i = 0; i < oracle->length; i++)
        if (oracle->entries[i].prefix.length == prefix.length &&
            ipv4_prefix_network(oracle->entries[i].prefix).value == ipv4_prefix_network(prefix).value)
            return &oracle->entries[i];
    return NULL;
}

/* Prefixes that nest and crowd: a few leading bytes, all lengths. */
static struct ipv4_prefix random_prefix(uint64_t *random)
{
    uint64_t draw = next_random(random);
    uint32_t address = (uint32_t)draw;
    if (draw >> 60 < 10)
        address = (address & 0x00ffffff) | ((uint32_t)(draw >> 40 & 3) << 24);
    return (struct ipv4_prefix){{address}, (uint8_t)((draw >> 32) % 33)};
}

static void test_lpm__agrees_with_a_list_searched_from_end_to_end(void **state)
{
    struct hand_env hand;
    struct lpm lpm;
    struct oracle *oracle = calloc(1, sizeof *oracle);
    uint64_t random = 11;
    hand_init(&hand);
    lpm_init(&lpm, &hand.env);
    for (uint32_t round = 0; round < 12000; round++) {
        struct ipv4_prefix prefix = random_prefix(&random);
        struct entry *known = oracle_find(oracle, prefix);
        if (round % 3 == 2 && oracle->length) {
            struct entry *victim = known ? known : &oracle->entries[next_random(&random) % oracle->length];
            assert_int_equal(lpm_remove(&lpm, victim->prefix), victim->value);
            *victim = oracle->entries[--oracle->length];
        } else if (oracle->length < MOST) {
            uint32_t old = lpm_insert(&lpm, prefix, round);
            assert_int_equal(old, known ? known->value : LPM_NONE);
            if (!known)
                known = &oracle->entries[oracle->length++];
            *known = (struct entry){prefix, round};
        }
        for (int i = 0; i < 4; i++) {
            struct ipv4_address address = random_prefix(&random).address;
            assert_int_equal(lpm_lookup(&lpm, address), oracle_lookup(oracle, address));
        }
        assert_int_equal(lpm.prefix_count, oracle->length);
    }
    while (oracle->length) {
        struct entry *last = &oracle->entries[--oracle->length];
        assert_int_equal(lpm_exact(&lpm, last->prefix), last->value);
        assert_int_equal(lpm_remove(&lpm, last->prefix), last->value);
    }
    assert_int_equal(lpm.node_count, 1);
    lpm_release(&lpm);
    hand_release(&hand);
    free(oracle);
}

static void test_lpm__the_textbook_table_of_w14(void **state)
{
    struct hand_env hand;
    struct lpm lpm;
    hand_init(&hand);
    lpm_init(&lpm, &hand.env);
    lpm_insert(&lpm, prefix_of("200.23.16.0/21"), 0);
    lpm_insert(&lpm, prefix_of("200.23.24.0/24"), 1);
    lpm_insert(&lpm, prefix_of("200.23.24.0/21"), 2);
    lpm_insert(&lpm, prefix_of("0.0.0.0/0"), 3);
    static const struct {
        const char *address;
        uint32_t interface;
    } rows[] = {{"200.23.22.161", 0}, {"200.23.24.170", 1}, {"200.23.31.5", 2}, {"200.23.32.1", 3}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(lpm_lookup(&lpm, address_of(rows[i].address)), rows[i].interface);
    lpm_release(&lpm);
    hand_release(&hand);
}

static void test_lpm__the_subnets_of_w15(void **state)
{
    struct hand_env hand;
    struct lpm lpm;
    hand_init(&hand);
    lpm_init(&lpm, &hand.env);
    lpm_insert(&lpm, prefix_of("128.96.34.0/25"), 0);
    lpm_insert(&lpm, prefix_of("128.96.34.128/25"), 1);
    lpm_insert(&lpm, prefix_of("128.96.33.0/24"), 2);
    assert_int_equal(lpm_lookup(&lpm, address_of("128.96.34.139")), 1);
    assert_int_equal(lpm_lookup(&lpm, address_of("128.96.34.1")), 0);
    assert_int_equal(lpm_lookup(&lpm, address_of("128.96.35.1")), LPM_NONE);
    lpm_release(&lpm);
    hand_release(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lpm__agrees_with_a_list_searched_from_end_to_end),
        cmocka_unit_test(test_lpm__the_textbook_table_of_w14),
        cmocka_unit_test(test_lpm__the_subnets_of_w15),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

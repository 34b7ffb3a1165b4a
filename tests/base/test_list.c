/* SPDX-License-Identifier: MIT
 * The embedded list against an array that does the same things slowly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/list.h"
#include "sim/base/rng.h"

enum { ITEMS = 20 };

struct item {
    int number;
    struct list_link link;
};

struct fixture {
    struct list list;
    struct item items[ITEMS];
    int order[ITEMS]; /* the oracle: numbers of the items, in order */
    int count;
};

static void fixture_init(struct fixture *f)
{
    list_init(&f->list);
    f->count = 0;
    for (int i = 0; i < ITEMS; i++) {
        f->items[i].number = i;
        list_link_init(&f->items[i].link);
    }
}

static void oracle_insert(struct fixture *f, int place, int number)
{
    memmove(&f->order[place + 1], &f->order[place], (size_t)(f->count - place) * sizeof(int));
    f->order[place] = number;
    f->count++;
}

static void oracle_remove(struct fixture *f, int number)
{
    int place = 0;
    while (f->order[place] != number)
        place++;
    f->count--;
    memmove(&f->order[place], &f->order[place + 1], (size_t)(f->count - place) * sizeof(int));
}

static void check(const struct fixture *f)
{
    int seen = 0;
    const struct list_link *link = f->list.head.next;
    for (; link != &f->list.head; link = link->next) {
        assert_true(seen < f->count);
        assert_int_equal(LIST_OWNER(link, struct item, link)->number, f->order[seen++]);
        assert_ptr_equal(link->prev->next, link);
    }
    assert_int_equal(seen, f->count);
    assert_int_equal(list_is_empty(&f->list), f->count == 0);
}

static void test_list__is_born_empty(void **state)
{
    struct fixture f;
    fixture_init(&f);
    check(&f);
    assert_false(list_link_is_joined(&f.items[0].link));
}

static void test_list__removing_twice_is_harmless(void **state)
{
    struct fixture f;
    fixture_init(&f);
    list_add_last(&f.list, &f.items[0].link);
    list_remove(&f.items[0].link);
    list_remove(&f.items[0].link);
    check(&f);
}

static void test_list__does_what_the_array_does(void **state)
{
    struct fixture f;
    fixture_init(&f);
    struct rng rng = rng_seeded(1, "list");
    for (int step = 0; step < 20000; step++) {
        struct item *item = &f.items[rng_below(&rng, ITEMS)];
        if (list_link_is_joined(&item->link)) {
            list_remove(&item->link);
            oracle_remove(&f, item->number);
        } else if (rng_below(&rng, 2)) {
            list_add_first(&f.list, &item->link);
            oracle_insert(&f, 0, item->number);
        } else {
            list_add_last(&f.list, &item->link);
            oracle_insert(&f, f.count, item->number);
        }
        check(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list__is_born_empty),
        cmocka_unit_test(test_list__removing_twice_is_harmless),
        cmocka_unit_test(test_list__does_what_the_array_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

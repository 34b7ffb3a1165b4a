/* SPDX-License-Identifier: MIT
 * The map against an array that is searched from its beginning, also when memory is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/map.h"
#include "sim/base/rng.h"

enum { KEYS = 60 };

/* Memory that counts its bytes and refuses from the `refuse_after`th request on. */
struct counted {
    size_t bytes;     /* given out now */
    int refuse_after; /* requests still granted; -1: all */
};

static void *counted_resize(void *context, void *old, size_t old_bytes, size_t new_bytes)
{
    struct counted *counted = context;
    if (new_bytes > old_bytes && counted->refuse_after == 0)
        return NULL;
    if (new_bytes > old_bytes && counted->refuse_after > 0)
        counted->refuse_after--;
    struct memory heap = memory_heap();
    void *result = heap.resize(heap.context, old, old_bytes, new_bytes);
    counted->bytes = counted->bytes - old_bytes + new_bytes;
    return result;
}

struct naive {
    char keys[KEYS][16];
    void *values[KEYS];
    int count;
};

static int naive_find(const struct naive *naive, const char *key)
{
    for (int i = 0; i < naive->count; i++)
        if (strcmp(naive->keys[i], key) == 0)
            return i;
    return -1;
}

static void naive_set(struct naive *naive, const char *key, void *value)
{
    int place = naive_find(naive, key);
    if (place < 0) {
        place = naive->count++;
        snprintf(naive->keys[place], sizeof naive->keys[place], "%s", key);
    }
    naive->values[place] = value;
}

static bool naive_remove(struct naive *naive, const char *key)
{
    int place = naive_find(naive, key);
    if (place < 0)
        return false;
    naive->count--;
    size_t behind = (size_t)(naive->count - place);
    memmove(naive->keys[place], naive->keys[place + 1], behind * sizeof naive->keys[0]);
    memmove(&naive->values[place], &naive->values[place + 1], behind * sizeof naive->values[0]);
    return true;
}

static void check_same(const struct map *map, const struct naive *naive)
{
    int place = 0;
    assert_int_equal(map->count, naive->count);
    for (const struct map_entry *e = map_next(map, NULL); e; e = map_next(map, e), place++) {
        assert_string_equal(e->key, naive->keys[place]);
        assert_ptr_equal(e->value, naive->values[place]);
        assert_ptr_equal(map_get(map, e->key), e->value);
    }
    assert_int_equal(place, naive->count);
}

static void test_map__is_born_empty(void **state)
{
    struct map map;
    map_init(&map, memory_heap());
    assert_null(map_get(&map, "alice"));
    assert_null(map_next(&map, NULL));
    assert_false(map_remove(&map, "alice"));
    map_release(&map);
}

static void test_map__copies_its_keys(void **state)
{
    int value;
    char key[] = "alice";
    struct map map;
    map_init(&map, memory_heap());
    assert_true(map_set(&map, key, &value));
    key[0] = 'A';
    assert_ptr_equal(map_get(&map, "alice"), &value);
    assert_null(map_get(&map, key));
    map_release(&map);
}

static void test_map__does_what_the_array_does_and_gives_all_back(void **state)
{
    static int values[10];
    struct counted counted = {0, -1};
    struct naive naive = {.count = 0};
    struct rng rng = rng_seeded(1, "map");
    struct map map;
    map_init(&map, (struct memory){counted_resize, &counted});
    for (int step = 0; step < 30000; step++) {
        char key[16];
        snprintf(key, sizeof key, "n%d", (int)rng_below(&rng, KEYS));
        if (rng_below(&rng, 2)) {
            int *value = &values[rng_below(&rng, 10)];
            assert_true(map_set(&map, key, value));
            naive_set(&naive, key, value);
        } else {
            assert_int_equal(map_remove(&map, key), naive_remove(&naive, key));
        }
        if (step % 16 == 0)
            check_same(&map, &naive);
    }
    assert_true(map.capacity <= 4 * KEYS); /* holes are reused, not piled up */
    map_release(&map);
    assert_int_equal(counted.bytes, 0);
}

static void test_map__can_be_emptied_while_it_is_walked(void **state)
{
    int value;
    struct map map;
    map_init(&map, memory_heap());
    for (int i = 0; i < KEYS; i++) {
        char key[16];
        snprintf(key, sizeof key, "n%d", i);
        assert_true(map_set(&map, key, &value));
    }
    for (const struct map_entry *e = map_next(&map, NULL); e; e = map_next(&map, e))
        assert_true(map_remove(&map, e->key));
    assert_int_equal(map.count, 0);
    map_release(&map);
}

static void test_map__is_as_it_was_when_memory_is_refused(void **state)
{
    int value;
    for (int granted = 0; granted < 40; granted++) {
        struct counted counted = {0, granted};
        struct map map;
        map_init(&map, (struct memory){counted_resize, &counted});
        size_t kept = 0;
        bool was_refused = false;
        for (int i = 0; i < KEYS && !was_refused; i++) {
            char key[16];
            snprintf(key, sizeof key, "n%d", i);
            was_refused = !map_set(&map, key, &value);
            kept += !was_refused;
            assert_int_equal(map_get(&map, key) != NULL, !was_refused);
        }
        assert_true(was_refused);
        assert_int_equal(map.count, kept);
        map_release(&map);
        assert_int_equal(counted.bytes, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map__is_born_empty),
        cmocka_unit_test(test_map__copies_its_keys),
        cmocka_unit_test(test_map__does_what_the_array_does_and_gives_all_back),
        cmocka_unit_test(test_map__can_be_emptied_while_it_is_walked),
        cmocka_unit_test(test_map__is_as_it_was_when_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * One side of a TCP connection in the records, and what the other side has got. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/session/scene.h"
#include "views/pictures/received.h"

/* alice sends 30 000 octets to bob, and the sixth segment of data is lost. */
static const char one_is_lost[] =
    "{\"netarium\": 1, \"nodes\": {"
    " \"alice\": {\"type\": \"host\", \"address\": \"10.0.0.1/24\"},"
    " \"bob\": {\"type\": \"host\", \"address\": \"10.0.0.2/24\", \"start\": [\"discard\"]}},"
    " \"links\": [{\"between\": [\"alice\", \"bob\"], \"rate\": \"10 Mbps\", \"delay\": \"10 ms\","
    "  \"impair\": [{\"drop\": \"tcp data segment 6\", \"toward\": \"bob\"}]}],"
    " \"actions\": [{\"at\": \"1 s\", \"on\": \"alice\", \"run\": \"send-tcp bob --bytes 30000\"}],"
    " \"stop\": \"5 s\"}";

struct pair {
    struct scene scene;
    struct picture_wish wish;
    struct connection alice;
};

static void pair_init(struct pair *pair)
{
    struct nt_why why;
    scene_init(&pair->scene, one_is_lost, NULL);
    session_goto(pair->scene.session, NT_NEVER, NULL);
    pair->wish = (struct picture_wish){.session = pair->scene.session};
    assert_true(connection_choose(&pair->alice, &pair->wish, &why));
}

static int64_t first_number(const struct pair *pair)
{
    for (uint64_t n = 1; n <= session_known_records(pair->scene.session); n++) {
        const struct nt_record *record = session_record(pair->scene.session, n);
        if (connection_fact(&pair->alice, record) == CONNECTION_CONNECTED)
            return connection_value(&pair->alice, record, "iss");
    }
    fail();
    return 0;
}

static void test_connection__has_another_side_which_has_this_one(void **state)
{
    struct pair pair;
    struct connection bob, alice;
    (void)state;
    pair_init(&pair);
    assert_int_equal(pair.alice.node, scene_node(&pair.scene, "alice"));
    assert_true(connection_peer(&pair.alice, &bob));
    assert_int_equal(bob.node, scene_node(&pair.scene, "bob"));
    assert_true(connection_peer(&bob, &alice));
    assert_int_equal(alice.node, pair.alice.node);
    assert_int_equal(alice.flow, pair.alice.flow);
    scene_release(&pair.scene);
}

/* RFC 9293 section 3.4: what is behind a hole is kept, and the hole is not acknowledged. */
static void test_received__a_hole_stays_until_it_is_filled(void **state)
{
    struct pair pair;
    struct received received;
    bool had_hole = false;
    (void)state;
    pair_init(&pair);
    int64_t iss = first_number(&pair);
    for (nt_time at = NT_SECOND; at < 2 * NT_SECOND; at += NT_MILLISECOND) {
        assert_true(received_read(&received, &pair.alice, iss, at));
        if (received.range_count == 0)
            continue;
        had_hole = true;
        assert_int_equal(received.nxt, 5 * 1448);
        assert_int_equal(received.range_count, 1);
        assert_int_equal(received.ranges[0][0], 6 * 1448);
        assert_true(received.ranges[0][1] > received.ranges[0][0]);
    }
    assert_true(had_hole);
    assert_int_equal(received.range_count, 0);
    assert_int_equal(received.nxt, 30000);
    assert_true(received.edge > received.nxt);
    scene_release(&pair.scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_connection__has_another_side_which_has_this_one),
        cmocka_unit_test(test_received__a_hole_stays_until_it_is_filled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

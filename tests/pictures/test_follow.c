/* SPDX-License-Identifier: MIT
 * Which frames belong to one conversation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/session/scene.h"
#include "views/pictures/follow.h"

/* alice and ann, behind a NAT, both talk to a server. */
static const char behind_nat[] =
    "{\"netarium\": 1, \"nodes\": {"
    " \"alice\": {\"type\": \"host\", \"address\": \"10.0.0.1/24\", \"gateway\": \"10.0.0.4\"},"
    " \"ann\": {\"type\": \"host\", \"address\": \"10.0.0.2/24\", \"gateway\": \"10.0.0.4\"},"
    " \"sw\": {\"type\": \"switch\"},"
    " \"home\": {\"type\": \"nat\", \"outside\": \"eth1\","
    "  \"interfaces\": {\"eth0\": \"10.0.0.4/24\", \"eth1\": \"192.0.2.1/24\"}},"
    " \"server\": {\"type\": \"host\", \"address\": \"192.0.2.9/24\", \"start\": [\"discard\"]}},"
    " \"links\": [{\"between\": [\"alice\", \"sw\"]}, {\"between\": [\"ann\", \"sw\"]},"
    "  {\"between\": [\"sw\", \"home:eth0\"]}, {\"between\": [\"home:eth1\", \"server\"]}],"
    " \"actions\": [{\"at\": \"1 s\", \"on\": \"alice\", \"run\": \"send-tcp server --bytes 5000\"},"
    "  {\"at\": \"1 s\", \"on\": \"ann\", \"run\": \"send-tcp server --bytes 5000\"},"
    "  {\"at\": \"2 s\", \"on\": \"ann\", \"run\": \"ping -c 1 server\"}],"
    " \"stop\": \"5 s\"}";

/* An IPv4 datagram in a frame: 20 octets, then `payload`. */
static size_t compose(uint8_t *frame, uint8_t protocol, uint8_t from, uint8_t to, const uint8_t *payload,
                      size_t length)
{
    memset(frame, 0, 34);
    frame[12] = 8;
    frame[14] = 0x45;
    frame[23] = protocol;
    frame[26] = frame[30] = 10;
    frame[29] = from;
    frame[33] = to;
    memcpy(frame + 34, payload, length);
    return 34 + length;
}

static void assert_same(struct follow_key one, struct follow_key other)
{
    assert_int_equal(one.kind, other.kind);
    assert_int_equal(one.protocol, other.protocol);
    assert_int_equal(one.low, other.low);
    assert_int_equal(one.high, other.high);
}

static void test_follow__both_directions_are_one(void **state)
{
    uint8_t there[60], back[60];
    size_t length = compose(there, 6, 1, 2, (const uint8_t[]){0xc0, 0, 0, 80}, 4);
    compose(back, 6, 2, 1, (const uint8_t[]){0, 80, 0xc0, 0}, 4);
    struct follow_key key = follow_key_of(there, length);
    assert_int_equal(key.kind, FOLLOW_PORTS);
    assert_same(key, follow_key_of(back, length));
    compose(back, 6, 2, 1, (const uint8_t[]){0, 81, 0xc0, 0}, 4);
    assert_true(follow_key_of(back, length).low != key.low || follow_key_of(back, length).high != key.high);
}

static void test_follow__an_error_belongs_to_what_it_is_about(void **state)
{
    uint8_t there[60], error[120], message[8 + 24] = {3, 3};
    size_t length = compose(there, 17, 1, 2, (const uint8_t[]){0xc0, 0, 0, 80}, 4);
    memcpy(message + 8, there + 14, 24);
    size_t whole = compose(error, 1, 2, 1, message, sizeof message);
    assert_same(follow_key_of(there, length), follow_key_of(error, whole));
    error[34] = 8; /* an echo quotes nothing */
    assert_int_equal(follow_key_of(error, whole).kind, FOLLOW_IP);
}

static void test_follow__what_is_cut_short_is_harmless(void **state)
{
    uint8_t frame[60];
    size_t length = compose(frame, 6, 1, 2, (const uint8_t[]){0xc0, 0, 0, 80}, 4);
    for (size_t i = 0; i <= length; i++)
        follow_key_of(frame, i);
    assert_int_equal(follow_key_of(frame, 13).kind, FOLLOW_NOTHING);
    frame[14] = 0x4f; /* a header of 60 octets that are not there */
    assert_int_equal(follow_key_of(frame, length).kind, FOLLOW_ETHERNET);
}

/* The first frame that `node` sends whose kind of ends is this; 0: none. */
static uint64_t frame_of(struct scene *scene, const char *node, enum follow_kind kind, uint8_t protocol)
{
    for (uint64_t n = 1; n <= session_known_records(scene->session); n++) {
        const struct nt_record *record = session_record(scene->session, n);
        struct session_frame frame;
        if (record->kind != RUN_KIND_FRAME_TX || record->node != scene_node(scene, node) ||
            !session_frame(scene->session, record->frame, &frame))
            continue;
        struct follow_key key = follow_key_of(frame.bytes, frame.length_bytes);
        if (key.kind == kind && key.protocol == protocol)
            return record->frame;
    }
    return 0;
}

static void test_follow__a_conversation_goes_on_behind_a_nat(void **state)
{
    struct scene scene;
    struct follow follow;
    struct session_frame frame;
    unsigned followed = 0, others = 0;
    scene_init(&scene, behind_nat, NULL);
    session_goto(scene.session, NT_NEVER, NULL);
    uint64_t first = frame_of(&scene, "alice", FOLLOW_PORTS, 6);
    assert_true(follow_begin(&follow, scene.session, first));
    assert_int_equal(follow.count, 2); /* inside, and outside */
    assert_memory_equal(follow.end, "10.0.0.1:", 9);
    for (uint64_t id = 1; id <= session_frames(scene.session); id++) {
        if (!session_frame(scene.session, id, &frame) ||
            follow_key_of(frame.bytes, frame.length_bytes).kind != FOLLOW_PORTS)
            continue;
        if (follow_has(&follow, frame.bytes, frame.length_bytes))
            followed++;
        else
            others++;
    }
    assert_int_equal(followed, others); /* ann does the same as alice */
    assert_true(session_frame(scene.session, frame_of(&scene, "server", FOLLOW_PORTS, 6), &frame));
    assert_false(follow_begin(&follow, scene.session, UINT64_MAX));
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_follow__both_directions_are_one),
        cmocka_unit_test(test_follow__an_error_belongs_to_what_it_is_about),
        cmocka_unit_test(test_follow__what_is_cut_short_is_harmless),
        cmocka_unit_test(test_follow__a_conversation_goes_on_behind_a_nat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

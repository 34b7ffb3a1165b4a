/* SPDX-License-Identifier: MIT
 * The story of a retransmission, and the picture of a connection, from records alone: a node that only
 * pretends to speak TCP tells what a TCP would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "nodes/builtin.h"
#include "session/session.h"
#include "views/ruler.h"

/* ---- The pretender ---- */

#define FLOW                                                                                                 \
    {                                                                                                        \
        "flow", NT_UNIT_TEXT                                                                                 \
    }

enum { CONNECTED, SENT, CWND, SSTHRESH, RWND, TX, DUPACK, SACK, LOST, RETRANSMIT, KINDS };

static const struct nt_kind kinds[] = {
    [CONNECTED] = {"tcp.connected",
                   "{node} {flow} is connected",
                   "RFC 9293 section 3.5",
                   NT_KIND_INTERESTING,
                   {{"mss", NT_UNIT_BYTES}, FLOW, {"took", NT_UNIT_TIME}, {"iss"}}},
    [SENT] = {"tcp.sent",
              "{node} {flow}",
              NULL,
              NT_KIND_GAUGE | NT_KIND_CHATTER,
              {{"nxt"}, FLOW, {"una"}, {"unsent", NT_UNIT_BYTES}}},
    [CWND] = {"tcp.cwnd",
              "{node} {flow}: cwnd {old} -> {cwnd}. {rule}",
              "RFC 5681 section 3",
              NT_KIND_GAUGE,
              {{"cwnd", NT_UNIT_BYTES}, FLOW, {"old", NT_UNIT_BYTES}, {"rule", NT_UNIT_TEXT}}},
    [SSTHRESH] = {"tcp.ssthresh",
                  "{node} {flow}: ssthresh {ssthresh}",
                  "RFC 5681 section 3",
                  NT_KIND_GAUGE | NT_KIND_INTERESTING,
                  {{"ssthresh", NT_UNIT_BYTES}, FLOW}},
    [RWND] =
        {"tcp.rwnd", "{node} {flow}", NULL, NT_KIND_GAUGE | NT_KIND_CHATTER, {{"rwnd", NT_UNIT_BYTES}, FLOW}},
    [TX] = {"tcp.tx",
            "{node} {flow} sends",
            NULL,
            NT_KIND_CHATTER,
            {{"bytes", NT_UNIT_BYTES}, FLOW, {"flags", NT_UNIT_TEXT}, {"seq"}, {"ack"}}},
    [DUPACK] = {"tcp.dupack",
                "{node} {flow}: duplicate ACK number {count}, for {ack}",
                "RFC 5681 section 2",
                NT_KIND_INTERESTING,
                {{"count"}, FLOW, {"ack"}}},
    [SACK] = {"tcp.sack",
              "{node} {flow}: {start} to {end}",
              NULL,
              NT_KIND_INTERESTING,
              {{"ranges"}, FLOW, {"start"}, {"end"}}},
    [LOST] = {"tcp.lost",
              "{node} {flow}: the segment of {bytes} at {seq} is deemed lost",
              "RFC 5681 section 3.2",
              NT_KIND_INTERESTING,
              {{"seq"}, FLOW, {"bytes", NT_UNIT_BYTES}}},
    [RETRANSMIT] = {"tcp.retransmit",
                    "{node} {flow} sends {bytes} from {seq} again: {reason}",
                    "RFC 9293 section 3.8.1",
                    NT_KIND_INTERESTING,
                    {{"bytes", NT_UNIT_BYTES}, FLOW, {"seq"}, {"reason", NT_UNIT_TEXT}}},
    [KINDS] = {0}};

struct pretender {
    struct nt_event next;
    int step;
};

static uint64_t say(struct nt_node *node, int kind, uint64_t frame, int64_t first, int64_t third,
                    int64_t fourth)
{
    int64_t flow = (int64_t)nt_text(node, "10.0.0.1:5000 > 10.0.0.2:9");
    return nt_tell(node, nt_kind(node, &kinds[kind]), NULL, frame, first, flow, third, fourth);
}

/* A frame that nobody will want, as the segment at `seq`. */
static void send(struct nt_node *node, int64_t seq)
{
    struct nt_frame *frame = nt_frame_new(node, 0, 1000);
    memset(frame->bytes, 0, frame->length_bytes);
    nt_because(node, say(node, TX, frame->id, 1000, (int64_t)nt_text(node, "ACK"), seq));
    nt_frame_seal(node, frame);
    nt_transmit(node->ports[0], frame);
}

static void windows(struct nt_node *node, int64_t una, int64_t nxt, int64_t cwnd, const char *rule)
{
    say(node, SENT, 0, nxt, una, 4000);
    say(node, CWND, 0, cwnd, cwnd - 1000, (int64_t)nt_text(node, rule));
}

static void next_fire(struct nt_event *event)
{
    struct pretender *pretender = NT_OWNER(event, struct pretender, next);
    struct nt_node *node = event->node;
    int step = pretender->step++;
    if (step == 0) {
        say(node, CONNECTED, 0, 1000, 0, 5000);
        say(node, RWND, 0, 12000, 0, 0);
        for (int64_t i = 0; i < 4; i++)
            send(node, 5001 + i * 1000);
        windows(node, 5001, 9001, 4000, "initial window");
    } else if (step <= 3) {
        say(node, SACK, 0, 1, 6001, 6001 + step * 1000);
        nt_because(node, say(node, DUPACK, 0, step, 5001, 0));
        windows(node, 5001, 9001 + step * 1000, 4000 + step * 1000, "limited transmit");
    }
    if (step == 3) {
        nt_because(node, say(node, LOST, 0, 5001, 1000, 0));
        say(node, SSTHRESH, 0, 2000, 0, 0);
        windows(node, 5001, 12001, 3000, "half of what was in flight");
        nt_because(node, say(node, RETRANSMIT, 0, 1000, 5001, (int64_t)nt_text(node, "fast retransmit")));
        send(node, 5001);
        return;
    }
    nt_arm(event, nt_now(node) + 10 * NT_MILLISECOND);
}

static void pretender_create(struct nt_node *node, const struct nt_value *values)
{
    struct pretender *pretender = node->state;
    nt_event_init(&pretender->next, node, next_fire);
    for (int kind = 0; kind < KINDS; kind++)
        nt_kind(node, &kinds[kind]);
}

static void pretender_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    nt_discard(port, frame, "it only pretends");
}

static void send_start(struct nt_app *app)
{
    struct pretender *pretender = app->node->state;
    next_fire(&pretender->next);
}

static const struct nt_app_type commands[] = {
    {.size = sizeof(struct nt_app_type), .name = "send-tcp", .start = send_start}, {0}};

static const struct nt_node_type pretender_type = {.size = sizeof(struct nt_node_type),
                                                   .name = "pretender",
                                                   .port_prefix = "eth",
                                                   .max_ports = 1,
                                                   .state_bytes = sizeof(struct pretender),
                                                   .commands = commands,
                                                   .create = pretender_create,
                                                   .receive = pretender_receive};

/* ---- The scene ---- */

static const char text[] = "{\"netarium\": 1, \"nodes\": {\"client\": {\"type\": \"pretender\"},"
                           "             \"server\": {\"type\": \"pretender\"}},"
                           " \"links\": [{\"between\": [\"client\", \"server\"], \"rate\": \"10 Mbps\"}],"
                           " \"actions\": [{\"at\": \"1 s\", \"on\": \"client\", \"run\": \"send-tcp\"}],"
                           " \"stop\": \"2 s\"}";

struct play {
    struct registry registry;
    struct error_list errors;
    struct scenario *scenario;
    struct session *session;
};

static int set_up(void **state)
{
    static struct play play;
    struct nt_why why;
    error_list_init(&play.errors);
    registry_init(&play.registry);
    registry_add_node(&play.registry, &pretender_type, &why);
    registry_add(&play.registry, &builtin_types, &why);
    play.scenario = scenario_parse("play.json", text, strlen(text), &play.registry, NULL, &play.errors);
    play.session = session_new(&play.registry, play.scenario, NULL, &play.errors);
    *state = &play;
    return play.session ? 0 : 1;
}

static int tear_down(void **state)
{
    struct play *play = *state;
    session_free(play->session);
    scenario_free(play->scenario);
    error_list_release(&play->errors);
    registry_release(&play->registry);
    return 0;
}

static const char *kind_at(const struct session *session, const struct explain_step *steps, size_t index)
{
    return run_kind_at(session_run(session), session_record(session, steps[index].record)->kind)->name;
}

/* To where the first frame has left, and drops it. */
static void lose_the_first(struct session *session)
{
    struct nt_why why;
    assert_int_equal(session_step(session, SESSION_FRAME, 1, NULL), SESSION_THERE);
    assert_true(session_command(session, session_medium_of(session, 1), "drop 1", &why));
    assert_int_equal(session_goto(session, NT_NEVER, NULL), SESSION_END);
}

static void test_story__of_a_fast_retransmission_leads_to_the_lost_frame(void **state)
{
    struct play *play = *state;
    static struct explain_story story;
    lose_the_first(play->session);
    struct explain explain = session_explain(play->session);
    uint64_t last = session_frames(play->session); /* the retransmission */
    explain_record(&explain, explain_frame_record(session_history(play->session), last), &story);
    static const char *const causes[] = {"frame.tx",   "tcp.retransmit", "tcp.lost", "tcp.dupack",
                                         "tcp.dupack", "tcp.dupack",     "app.start"};
    assert_int_equal(story.cause_count, 7);
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(kind_at(play->session, story.causes, i), causes[i]);
    assert_true(story.is_replaced);
    assert_int_equal(story.second_frame, 1);
    assert_int_equal(story.second_count, 2);
    assert_string_equal(kind_at(play->session, story.second, 0), "frame.drop");
    assert_string_equal(kind_at(play->session, story.second, 1), "app.start");
}

static void test_story__without_a_loss_replaces_nothing_that_was_lost(void **state)
{
    struct play *play = *state;
    static struct explain_story story;
    session_goto(play->session, NT_NEVER, NULL);
    struct explain explain = session_explain(play->session);
    explain_record(&explain, explain_frame_record(session_history(play->session), 2), &story);
    assert_false(story.is_replaced);
    assert_int_equal(story.second_count, 0);
    assert_int_equal(story.cause_count, 2);
    assert_int_equal(story.consequence_count, 2); /* it arrives, and is of no use */
}

static void test_story__as_text_says_what_was_lost_and_who_dropped_it(void **state)
{
    struct play *play = *state;
    static struct explain_story story;
    struct outlet out;
    lose_the_first(play->session);
    struct explain explain = session_explain(play->session);
    explain_record(&explain,
                   explain_frame_record(session_history(play->session), session_frames(play->session)),
                   &story);
    outlet_init_memory(&out);
    explain_write(&explain, &story, &out, 80);
    static const char *const words[] = {"duplicate ACK number 3, for 5001 [RFC 5681 section 2]",
                                        "It replaces frame 1, which was lost", "dropped by hand",
                                        "somebody types: drop 1", "on client somebody types: send-tcp"};
    char flat[20000];
    size_t length = 0;
    for (const char *at = out.bytes; *at && length + 1 < sizeof flat; at++) /* lines are broken at blanks */
        if (!(*at == ' ' && length && flat[length - 1] == ' ') && *at != '\n')
            flat[length++] = *at;
        else if (*at == '\n' && length && flat[length - 1] != ' ')
            flat[length++] = ' ';
    flat[length] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strstr(flat, words[i]))
            fail_msg("\"%s\" is not in:\n%s", words[i], out.bytes);
    outlet_release(&out, &(struct nt_why){0});
}

static void test_ruler__draws_octets_windows_and_reasons(void **state)
{
    struct play *play = *state;
    struct ruler_flow flow;
    struct outlet out;
    const struct run *run = session_run(play->session);
    assert_false(ruler_find(run, session_history(play->session), 0, &flow));
    session_goto(play->session, 1100 * NT_MILLISECOND, NULL);
    assert_true(ruler_find(run, session_history(play->session), 0, &flow));
    outlet_init_memory(&out);
    ruler_write(run, session_history(play->session), flow, &out, 80);
    static const char wanted[] =
        "client 10.0.0.1:5000 > 10.0.0.2:9\n"
        "una 1  nxt 7001  (a column: 125 B)\n"
        "  xxxxxxxxssssssssssssssssssssssss########################---------------------\n"
        "  [ cwnd 3000 B ----------]\n"
        "  [ rwnd 12000 B ------------------------------------------------------------->\n"
        "  = acked  # in flight  s out of order there  x lost  . may be sent  - waits\n"
        "     7000 B |             *******\n"
        "     cwnd * |      *******\n"
        " ssthresh - |******\n"
        "            |                    ***********************************************\n"
        "            |                    -----------------------------------------------\n"
        "            |\n"
        "            +1.000 000 000 s to now\n"
        "#46 client: the segment of 1000 B at 5001 is deemed lost [RFC 5681 section 3.2]\n"
        "#47 client: ssthresh 2000 B [RFC 5681 section 3]\n"
        "#49 client: cwnd 2000 B -> 3000 B. half of what was in flight [RFC 5681 secti...\n"
        "#50 client sends 1000 B from 5001 again: fast retransmit [RFC 9293 section 3....\n";
    if (strcmp(out.bytes, wanted) != 0) {
        fputs(out.bytes, stderr);
        fail();
    }
    outlet_release(&out, &(struct nt_why){0});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_story__of_a_fast_retransmission_leads_to_the_lost_frame, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_story__without_a_loss_replaces_nothing_that_was_lost, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_story__as_text_says_what_was_lost_and_who_dropped_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_ruler__draws_octets_windows_and_reasons, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

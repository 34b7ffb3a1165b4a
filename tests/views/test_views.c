/* SPDX-License-Identifier: MIT
 * What the views of text make of the play in stage.h, word for word. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tests/views/stage.h"
#include "views/console.h"
#include "views/junit.h"
#include "views/report.h"
#include "views/summary.h"
#include "views/trace.h"
#include "views/why.h"

struct scene {
    struct stage stage;
    struct outlet out;
};

static int set_up(void **state)
{
    static struct scene scene;
    stage_init(&scene.stage, NULL);
    outlet_init_memory(&scene.out);
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    stage_release(&scene->stage);
    outlet_release(&scene->out, &(struct nt_why){0});
    return 0;
}

static struct verdict verdicts[] = {
    {.text = "count(frame.drop) == 0", .line = 14, .holds = false, .found = "left side 1, right side 0"},
    {.text = "\"a\" < 'b' & c", .line = 15, .holds = true}};

static void test_trace__frames_sent_and_dropped_in_tcpdumps_manner(void **state)
{
    struct scene *scene = *state;
    struct trace trace;
    trace_init(&trace, scene->stage.run, NULL, &scene->out);
    run_listen(scene->stage.run, &trace.sink);
    stage_play(&scene->stage);
    assert_string_equal(
        scene->out.bytes,
        "1.000000000 alice:eth0 Out  ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46\n"
        "1.000010000 bob:eth0   Out  ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 46\n"
        "1.001000000 cable:end0 Drop \"the queue is full\"  ARP, Request who-has 10.0.0.2 tell 10.0.0.1, "
        "length 46\n"
        "1.002000000 alice:eth0 Out  ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46\n");
    trace_release(&trace);
}

/* A listener that shows every record: what --trace does when its query selects everything. */
struct everything {
    struct run_sink sink;
    struct trace trace;
};

static void show_everything(struct run_sink *sink, const struct nt_record *record,
                            const struct nt_frame *frame)
{
    struct everything *everything = NT_OWNER(sink, struct everything, sink);
    if (record->at > 0)
        trace_write(&everything->trace, record, frame);
}

static void test_trace__any_record_as_kind_and_sentence(void **state)
{
    struct scene *scene = *state;
    struct everything everything = {.sink.take = show_everything};
    trace_init(&everything.trace, scene->stage.run, NULL, &scene->out);
    run_listen(scene->stage.run, &everything.sink);
    stage_play(&scene->stage);
    static const char *const lines[] = {
        "1.000000000 alice      app.start  on alice somebody types: play bob\n",
        "1.000000000 alice      arp.request  alice asks who has 10.0.0.2 [RFC 826]\n",
        "1.000010000 bob:eth0   In   ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46\n",
        "1.002010000 bob:eth0   Discard \"it makes no sense\"  ARP, Request",
        /* a word in braces that is no field stays */
        "1.003000000 alice      play.level  alice is at level 3, {nothing}\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (!strstr(scene->out.bytes, lines[i]))
            fail_msg("missing: %sin:\n%s", lines[i], scene->out.bytes);
    trace_release(&everything.trace);
}

static void test_why__every_frame_with_its_reason_down_to_the_command(void **state)
{
    struct scene *scene = *state;
    struct why why;
    why_init(&why, scene->stage.run, &scene->out, 0);
    run_listen(scene->stage.run, &why.sink);
    stage_play(&scene->stage);
    why_release(&why);
    assert_string_equal(scene->out.bytes, "#3    1.000 000 000 s  on alice somebody types: play bob\n"
                                          "#7    1.000 000 000 s  alice:eth0 sends frame 1, 64 bytes (ARP, "
                                          "Request who-has 10.0.0.2 tell 10.0.0.1, "
                                          "length 46), because alice asks who has 10.0.0.2 (RFC 826), "
                                          "because somebody typed \"play bob\" on alice "
                                          "<- #3\n"
                                          "#9    1.000 010 000 s  bob answers that 10.0.0.2 is at "
                                          "02:00:00:00:00:02 [RFC 826], because frame 1 arrived "
                                          "from alice <- #7\n"
                                          "#10   1.000 010 000 s  bob:eth0 sends frame 2, 64 bytes (ARP, "
                                          "Reply 10.0.0.2 is-at 02:00:00:00:00:02, "
                                          "length 46), because bob answers that 10.0.0.2 is at "
                                          "02:00:00:00:00:02 (RFC 826), because frame 1 arrived "
                                          "from alice <- #9\n"
                                          "#13   1.001 000 000 s  frame 3 of 64 B is dropped at cable end0: "
                                          "the queue is full (ARP, Request who-has "
                                          "10.0.0.2 tell 10.0.0.1, length 46), sent because alice asks who "
                                          "has 10.0.0.2 (RFC 826), because somebody "
                                          "typed \"play bob\" on alice <- #3\n"
                                          "#15   1.002 000 000 s  alice:eth0 sends frame 4, 64 bytes (ARP, "
                                          "Request who-has 10.0.0.2 tell 10.0.0.1, "
                                          "length 46), because alice asks who has 10.0.0.2 (RFC 826), "
                                          "because somebody typed \"play bob\" on alice "
                                          "<- #3\n"
                                          "#17   1.002 010 000 s  bob has no use for frame 4 of 64 B: it "
                                          "makes no sense (ARP, Request who-has 10.0.0.2 "
                                          "tell 10.0.0.1, length 46) <- #15\n");
}

static void test_why__sentences_are_broken_at_the_width(void **state)
{
    struct scene *scene = *state;
    struct why why;
    why_init(&why, scene->stage.run, &scene->out, 80);
    run_listen(scene->stage.run, &why.sink);
    stage_play(&scene->stage);
    why_release(&why);
    for (const char *line = scene->out.bytes; *line; line += strcspn(line, "\n") + 1)
        if (strcspn(line, "\n") > 80)
            fail_msg("wider than 80: %.*s", (int)strcspn(line, "\n"), line);
}

static void test_console__shows_commands_as_on_a_terminal(void **state)
{
    struct scene *scene = *state;
    struct console console;
    console_init(&console, scene->stage.run, &scene->out);
    run_listen(scene->stage.run, &console.sink);
    stage_play(&scene->stage);
    console_release(&console);
    assert_string_equal(scene->out.bytes, "alice$ play bob\nPLAY bob\ndone\n");
}

static void test_summary__one_screen(void **state)
{
    struct scene *scene = *state;
    stage_play(&scene->stage);
    struct summary summary = {.run = scene->stage.run, .verdicts = {verdicts, 2}};
    summary_write(&summary, &scene->out);
    char *digest = strstr(scene->out.bytes, "digest     ");
    assert_non_null(digest);
    assert_int_equal(strlen(digest), strlen("digest     0123456789abcdef\n"));
    *digest = '\0';
    assert_string_equal(scene->out.bytes, "A play\n"
                                          "simulated 2 s, seed 1, 8 events, 4 frames\n"
                                          "\n"
                                          "node   type    address          sent  received  dropped\n"
                                          "alice  player  10.0.0.1/24         3         1        0\n"
                                          "bob    player  10.0.0.2/24         1         2        0\n"
                                          "cable  cable   -                   4         3        1\n"
                                          "\n"
                                          "ledger     sent 4 = delivered 3 + dropped 1 + held 0\n"
                                          "dropped    1  the queue is full\n"
                                          "discarded  1  it makes no sense\n"
                                          "expected   FAILED  count(frame.drop) == 0\n"
                                          "                   found: left side 1, right side 0\n"
                                          "           OK      \"a\" < 'b' & c\n");
}

static void test_summary__says_when_a_person_ended_the_run(void **state)
{
    struct scene *scene = *state;
    run_advance(scene->stage.run, NT_SECOND + 500 * NT_MICROSECOND, NULL);
    struct summary summary = {.run = scene->stage.run, .was_interrupted = true};
    summary_write(&summary, &scene->out);
    assert_non_null(strstr(scene->out.bytes, "interrupted at 1.0005 s, seed 1"));
}

static void test_junit__escapes_and_counts(void **state)
{
    struct scene *scene = *state;
    stage_play(&scene->stage);
    junit_write(scene->stage.run, &(struct verdicts){verdicts, 2}, "out of <memory>", &scene->out);
    static const char *const pieces[] = {
        "<testsuite tests=\"3\" failures=\"1\" errors=\"1\" time=\"2.000000\" name=\"A play\">",
        "<testcase name=\"count(frame.drop) == 0\" classname=\"plays/stage.json\">",
        "<failure type=\"expectation\" message=\"left side 1, right side 0\">plays/stage.json:14: ",
        "<testcase name=\"&quot;a&quot; &lt; &apos;b&apos; &amp; c\" classname=\"plays/stage.json\"/>",
        "<error message=\"out of &lt;memory&gt;\"/>",
    };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        if (!strstr(scene->out.bytes, pieces[i]))
            fail_msg("missing: %s\nin:\n%s", pieces[i], scene->out.bytes);
}

static void test_report__holds_what_the_format_promises(void **state)
{
    struct scene *scene = *state;
    struct report report;
    report_init(&report, scene->stage.run);
    run_listen(scene->stage.run, &report.sink);
    stage_play(&scene->stage);
    report_write(&report, &(struct verdicts){verdicts, 2}, NULL, &scene->out);
    report_release(&report);
    static const char *const pieces[] = {
        "\"netarium_report\": 1",
        "\"scenario\": \"plays/stage.json\"",
        "\"now_ps\": 2000000000000",
        "\"failure\": null",
        "\"holds\": false",
        "\"reason\": \"the queue is full\"",
        "\"printed\": \"PLAY bob\\ndone\\n\"",
        "\"joined_to\": \"cable:end0\"",
        "\"address\": \"10.0.0.2\"",
        "\"up\": true",
    };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        if (!strstr(scene->out.bytes, pieces[i]))
            fail_msg("missing: %s\nin:\n%s", pieces[i], scene->out.bytes);
}

static void test_views__watching_does_not_change_the_digest(void **state)
{
    struct scene *scene = *state;
    struct stage unwatched;
    struct why why;
    why_init(&why, scene->stage.run, &scene->out, 0);
    run_listen(scene->stage.run, &why.sink);
    stage_play(&scene->stage);
    why_release(&why);
    stage_init(&unwatched, NULL);
    stage_play(&unwatched);
    assert_int_equal(run_digest(scene->stage.run), run_digest(unwatched.run));
    stage_release(&unwatched);
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(test_trace__frames_sent_and_dropped_in_tcpdumps_manner),
        SCENE(test_trace__any_record_as_kind_and_sentence),
        SCENE(test_why__every_frame_with_its_reason_down_to_the_command),
        SCENE(test_why__sentences_are_broken_at_the_width),
        SCENE(test_console__shows_commands_as_on_a_terminal),
        SCENE(test_summary__one_screen),
        SCENE(test_summary__says_when_a_person_ended_the_run),
        SCENE(test_junit__escapes_and_counts),
        SCENE(test_report__holds_what_the_format_promises),
        SCENE(test_views__watching_does_not_change_the_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

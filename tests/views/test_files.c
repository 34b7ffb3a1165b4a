/* SPDX-License-Identifier: MIT
 * What the views that write files make of the play in stage.h, and how outlets behave when the world does
 * not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/views/stage.h"
#include "views/capture.h"
#include "views/csv.h"

struct folder {
    char path[64];
    char file[128];
};

static int set_up(void **state)
{
    static struct folder folder;
    snprintf(folder.path, sizeof folder.path, "/tmp/netarium-test-XXXXXX");
    *state = &folder;
    return mkdtemp(folder.path) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct folder *folder = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder->path);
    return system(command);
}

static const char *in(struct folder *folder, const char *name)
{
    snprintf(folder->file, sizeof folder->file, "%s/%s", folder->path, name);
    return folder->file;
}

/* The whole file; to be freed. */
static uint8_t *contents(const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = calloc(1, 65536);
    assert_non_null(file);
    *ret_length = fread(bytes, 1, 65535, file);
    fclose(file);
    return bytes;
}

/* ---- Captures ---- */

static uint32_t number_at(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

struct count {
    int sections, interfaces, packets;
    uint64_t last_ns;
};

/* Walks over the blocks; each must say its length twice, and time must not go back. */
static struct count count_blocks(const uint8_t *bytes, size_t length)
{
    struct count count = {0};
    for (size_t at = 0; at < length;) {
        uint32_t type = number_at(bytes + at), total = number_at(bytes + at + 4);
        assert_true(total >= 12 && total % 4 == 0 && at + total <= length);
        assert_int_equal(number_at(bytes + at + total - 4), total);
        count.sections += type == 0x0a0d0d0a;
        count.interfaces += type == 1;
        count.packets += type == 6;
        if (type == 6) {
            uint64_t ns = (uint64_t)number_at(bytes + at + 12) << 32 | number_at(bytes + at + 16);
            assert_true(ns >= count.last_ns);
            count.last_ns = ns;
        }
        at += total;
    }
    return count;
}

static struct count capture_play(struct folder *folder, const char *only)
{
    struct stage stage;
    struct capture capture;
    struct nt_why why;
    size_t length;
    stage_init(&stage, only);
    assert_true(capture_open(&capture, stage.run, in(folder, "out"), &why));
    run_listen(stage.run, &capture.sink);
    stage_play(&stage);
    assert_true(capture_close(&capture, &why));
    stage_release(&stage);
    uint8_t *bytes = contents(in(folder, "out/stage.pcapng"), &length);
    struct count count = count_blocks(bytes, length);
    free(bytes);
    return count;
}

static void test_capture__an_interface_per_port_and_each_frame_at_both_ends(void **state)
{
    struct count count = capture_play(*state, NULL);
    assert_int_equal(count.sections, 1);
    assert_int_equal(count.interfaces, 2);
    assert_int_equal(count.packets, 3 + 3 + 1); /* sent, arrived, dropped */
    assert_int_equal(count.last_ns, 1002010000);
}

static void test_capture__only_what_the_scenario_names(void **state)
{
    struct count bob = capture_play(*state, "bob");
    assert_int_equal(bob.interfaces, 1);
    assert_int_equal(bob.packets, 3);
    struct count cable = capture_play(*state, "cable");
    assert_int_equal(cable.interfaces, 2);
    assert_int_equal(cable.packets, 7);
}

static void test_capture__is_readable_when_nothing_was_sent(void **state)
{
    struct folder *folder = *state;
    struct stage stage;
    struct capture capture;
    struct nt_why why;
    size_t length;
    stage_init(&stage, NULL);
    assert_true(capture_open(&capture, stage.run, folder->path, &why));
    uint8_t *bytes = contents(in(folder, "stage.pcapng"), &length);
    assert_int_equal(count_blocks(bytes, length).sections, 1); /* already before time zero */
    free(bytes);
    assert_true(capture_close(&capture, &why));
    bytes = contents(in(folder, "stage.pcapng"), &length);
    assert_int_equal(count_blocks(bytes, length).interfaces, 2);
    free(bytes);
    stage_release(&stage);
}

/* ---- Tables ---- */

static void test_csv__a_file_for_each_gauge_and_place(void **state)
{
    struct folder *folder = *state;
    struct stage stage;
    struct csv csv;
    struct nt_why why;
    size_t length;
    stage_init(&stage, NULL);
    assert_true(csv_open(&csv, stage.run, NULL, in(folder, "csv"), &why));
    run_listen(stage.run, &csv.sink);
    stage_play(&stage);
    assert_true(csv_close(&csv, &why));
    stage_release(&stage);
    uint8_t *bytes = contents(in(folder, "csv/play.level@alice.csv"), &length);
    assert_string_equal(bytes, "time_s,level,mood\n1.003000000000,3,\"good, \"\"very\"\"\"\n");
    free(bytes);
    bytes = contents(in(folder, "csv/line@bob-eth0.csv"), &length);
    assert_string_equal(bytes, "time_s,up,rate,half\n0.000000000000,1,10000000,0\n");
    free(bytes);
}

/* ---- Outlets ---- */

static void test_outlet__names_stay_in_their_folder(void **state)
{
    static const char *const rows[][2] = {{"plain-name_1.csv", "plain-name_1.csv"},
                                          {"../../etc/passwd", "-.-..-etc-passwd"},
                                          {"", "-"},
                                          {".hidden", "-hidden"},
                                          {"a/b\\c:d*e", "a-b-c-d-e"},
                                          {"tcp.cwnd@a", "tcp.cwnd@a"}};
    char name[64];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(outlet_sanitise(rows[i][0], name, sizeof name), rows[i][1]);
}

static void test_outlet__does_not_follow_a_link_out_of_the_folder(void **state)
{
    struct folder *folder = *state;
    struct outlet outlet;
    struct nt_why why;
    assert_int_equal(symlink("/tmp/netarium-elsewhere", in(folder, "trap")), 0);
    assert_false(outlet_create_in(&outlet, folder->path, "trap", &why));
    assert_non_null(strstr(why.text, "cannot create"));
    assert_int_equal(access("/tmp/netarium-elsewhere", F_OK), -1);
}

static void test_outlet__says_what_cannot_be(void **state)
{
    struct folder *folder = *state;
    struct outlet outlet;
    struct nt_why why;
    assert_false(outlet_create(&outlet, folder->path, &why));
    assert_non_null(strstr(why.text, "Is a directory"));
    assert_false(outlet_make_dir("/proc/netarium", &why));
    assert_non_null(strstr(why.text, "cannot create the folder /proc/netarium: "));
    assert_true(outlet_create(&outlet, in(folder, "file"), &why));
    assert_true(outlet_release(&outlet, &why));
    assert_false(outlet_make_dir(in(folder, "file"), &why));
    assert_non_null(strstr(why.text, "Not a directory"));
}

static void test_outlet__keeps_the_first_failure(void **state)
{
    struct outlet outlet;
    struct nt_why why;
    (void)state;
    if (!outlet_create(&outlet, "/dev/full", &why))
        skip();
    outlet_text(&outlet, "hello");
    assert_false(outlet_flush(&outlet));
    assert_int_equal(outlet.failure, ENOSPC);
    outlet_text(&outlet, "more");
    assert_false(outlet_release(&outlet, &why));
    assert_string_equal(why.text, "cannot write to /dev/full: No space left on device");
}

static void test_outlet__shows_no_control_characters(void **state)
{
    struct folder *folder = *state;
    struct outlet outlet;
    size_t length;
    int fd = open(in(folder, "shown"), O_WRONLY | O_CREAT, 0600);
    outlet_attach(&outlet, fd, "a terminal", false);
    outlet_print(&outlet, "a\033[2Jb\rc\td\n%s",
                 "\xc2\x9b"
                 "1m\x7f gr\xc3\xbc\xc3\x9f\n");
    assert_true(outlet_release(&outlet, &(struct nt_why){0}));
    close(fd);
    uint8_t *bytes = contents(in(folder, "shown"), &length);
    assert_string_equal(bytes, "a?[2Jb?c\td\n??1m? gr\xc3\xbc\xc3\x9f\n");
    free(bytes);
}

static void test_outlet__breaks_lines_at_blanks(void **state)
{
    struct outlet outlet;
    (void)state;
    outlet_init_memory(&outlet);
    outlet_text(&outlet, ">>> ");
    outlet_wrap(&outlet, "one two three four five averyveryverylongwordindeed x", 4, 24);
    assert_string_equal(outlet.bytes,
                        ">>> one two three four\n    five\n    averyveryverylongwordindeed\n    x\n");
    outlet_release(&outlet, &(struct nt_why){0});
}

#define FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER(test_capture__an_interface_per_port_and_each_frame_at_both_ends),
        FOLDER(test_capture__only_what_the_scenario_names),
        FOLDER(test_capture__is_readable_when_nothing_was_sent),
        FOLDER(test_csv__a_file_for_each_gauge_and_place),
        FOLDER(test_outlet__names_stay_in_their_folder),
        FOLDER(test_outlet__does_not_follow_a_link_out_of_the_folder),
        FOLDER(test_outlet__says_what_cannot_be),
        FOLDER(test_outlet__keeps_the_first_failure),
        FOLDER(test_outlet__shows_no_control_characters),
        FOLDER(test_outlet__breaks_lines_at_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * Random half-duplex networks of segments, hubs and links whose cables are cut and mended while frames are on
 * them: the ledger holds after every event, watching changes nothing, and a run can go back into the middle
 * of a collision. */
#include "tests/nodes/lab.h"

#define STOP (30 * NT_MILLISECOND)

/* The text of a network, by the dice. */
struct writer {
    char *text;
    size_t used;
    uint64_t dice;
};

static unsigned throw(struct writer * writer, unsigned sides)
{
    writer->dice = writer->dice * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)((writer->dice >> 33) % sides);
}

static void __attribute__((format(printf, 2, 3))) write(struct writer *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    writer->used +=
        (size_t)vsnprintf(writer->text + writer->used, TEXT_SIZE - writer->used, format, arguments);
    va_end(arguments);
    assert_true(writer->used < TEXT_SIZE);
}

/* A tree: cable i joins to hub i - 1 (if there is one), and has a hub of its own or only stations. */
static void write_cables(struct writer *writer, unsigned hubs, unsigned stations, bool is_coax)
{
    const char *between = "";
    for (unsigned i = 1; i < hubs; i++, between = ", ")
        write(writer,
              "%s{'between': ['h%u', 'h%u'], 'name': 'trunk%u', 'rate': '10 Mbps', 'length': '%u m', "
              "'duplex': 'half'}",
              between, throw(writer, i), i, i, 1 + throw(writer, 3000));
    for (unsigned i = 0; i < stations; i++, between = ", ") {
        if (is_coax && i % 2)
            write(writer, "%s{'tap': 'coax', 'of': 's%u'}", between, i);
        else
            write(writer,
                  "%s{'between': ['s%u', 'h%u'], 'name': 'link%u', 'rate': '10 Mbps', 'length': '%u m', "
                  "'duplex': 'half'}",
                  between, i, throw(writer, hubs), i, 1 + throw(writer, 500));
    }
    if (is_coax)
        write(writer, "%s{'tap': 'coax', 'of': 'h0'}", between);
}

static void write_actions(struct writer *writer, unsigned stations, bool is_coax)
{
    for (unsigned i = 0; i < stations; i++) {
        unsigned to = (i + 1 + throw(writer, stations - 1)) % stations;
        unsigned size = 64 + throw(writer, 1455), pause = throw(writer, 3) ? throw(writer, 900) : 0;
        write(writer, "{'at': '%u us', 'on': 's%u', 'run': 'load --to %s%u --size %u --pause %uus'}, ",
              throw(writer, 500), i, throw(writer, 8) ? "s" : "02:00:00:00:99:0", throw(writer, 8) ? to : 1,
              size, pause);
    }
    for (unsigned i = 0; i < 12; i++) {
        unsigned which = throw(writer, stations), at = 500 + throw(writer, 25000);
        char cable[16];
        snprintf(cable, sizeof cable, is_coax && which % 2 ? "coax" : "link%u", which);
        write(writer,
              "{'at': '%u us', 'on': '%s', 'run': 'cut'}, {'at': '%u us', 'on': '%s', 'run': 'mend'}, ", at,
              cable, at + throw(writer, 2000), cable);
    }
    write(writer,
          "{'at': '1 us', 'on': 's0', 'run': 'send-raw --to broadcast --count 20 --interval 0.0007'}");
}

static void write_network(char *text, uint64_t seed)
{
    struct writer writer = {text, 0, seed * UINT64_C(0x9e3779b97f4a7c15)};
    unsigned hubs = 1 + throw(&writer, 4), stations = 3 + throw(&writer, 7);
    bool is_coax = throw(&writer, 2);
    write(&writer, "{'netarium': 1, 'seed': %u, 'nodes': {", (unsigned)seed);
    for (unsigned i = 0; i < hubs; i++)
        write(&writer, "'h%u': {'type': 'hub'}, ", i);
    if (is_coax)
        write(&writer, "'coax': {'type': 'segment', 'medium': 'custom', 'length': '%u m'}, ",
              100 + throw(&writer, 8000));
    for (unsigned i = 0; i < stations; i++)
        write(&writer, "%s's%u': {'type': 'host'}", i ? ", " : "", i);
    write(&writer, "}, 'links': [");
    write_cables(&writer, hubs, stations, is_coax);
    write(&writer, "], 'actions': [");
    write_actions(&writer, stations, is_coax);
    write(&writer, "], 'stop': '%lld ps'}", (long long)STOP);
}

static unsigned networks(void)
{
    const char *budget = getenv("NETARIUM_BUDGET");
    return budget ? 1000 : 40;
}

static void test_half__the_ledger_holds_after_every_event(void **state)
{
    static char text[TEXT_SIZE];
    uint64_t collisions = 0, dropped = 0, delivered = 0;
    for (uint64_t seed = 1; seed <= networks(); seed++) {
        struct lab_options options = {.is_unwatched = true};
        write_network(text, seed);
        struct lab *lab = lab_new_with(text, &options);
        assert_true(lab_run_balanced(lab, STOP) > 100);
        collisions += (uint64_t)lab_cell(lab, "h0", "hub", 0, "collisions");
        dropped += run_ledger(lab->run).dropped;
        delivered += run_ledger(lab->run).delivered;
        lab_free(lab);
    }
    assert_true(collisions > 100 && dropped > 100 && delivered > 1000);
}

static uint64_t digest_of(const char *text, bool is_watched)
{
    struct lab_options options = {.is_unwatched = !is_watched};
    struct lab *lab = lab_new_with(text, &options);
    lab_run(lab, STOP);
    uint64_t digest = run_digest(lab->run);
    lab_free(lab);
    return digest;
}

static void test_half__watching_changes_nothing(void **state)
{
    static char text[TEXT_SIZE];
    for (uint64_t seed = 1; seed <= networks() / 2; seed++) {
        write_network(text, seed);
        uint64_t watched = digest_of(text, true);
        if (watched != digest_of(text, false) || watched != digest_of(text, true))
            fail_msg("network %llu", (unsigned long long)seed);
    }
}

/* From the middle of a collision: the run that follows is the same, record by record. */
static void check_going_back(const char *text, uint64_t seed)
{
    struct lab *lab = lab_new(text);
    uint32_t collision = run_kind_named(lab->run, "mac.collision");
    size_t seen = 0;
    while (run_now(lab->run) < STOP / 2 && run_step(lab->run) == RUN_GOES_ON && seen < 20 + seed)
        seen += lab->record_count && lab->records[lab->record_count - 1].kind == collision;
    struct checkpoint *checkpoint = run_save(lab->run);
    lab_run(lab, STOP);
    uint64_t digest = run_digest(lab->run);
    size_t count = lab->record_count;
    struct nt_record *records = malloc(count * sizeof *records);
    memcpy(records, lab->records, count * sizeof *records);
    for (int i = 0; i < 2; i++) {
        run_restore(lab->run, checkpoint);
        lab_assert_balanced(lab);
        lab_run(lab, STOP);
        assert_int_equal(run_digest(lab->run), digest);
        assert_int_equal(lab->record_count, count);
        assert_memory_equal(lab->records, records, count * sizeof *records);
    }
    free(records);
    checkpoint_free(checkpoint);
    lab_free(lab);
}

static void test_half__a_run_can_go_back_into_the_middle_of_a_collision(void **state)
{
    static char text[TEXT_SIZE];
    for (uint64_t seed = 1; seed <= networks() / 4; seed++) {
        write_network(text, seed);
        check_going_back(text, seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_half__the_ledger_holds_after_every_event),
        cmocka_unit_test(test_half__watching_changes_nothing),
        cmocka_unit_test(test_half__a_run_can_go_back_into_the_middle_of_a_collision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * What an interface takes from the wire and what it leaves there: ETH-2 to ETH-7 of the checklist, at a host and at a
 * switch. The frames come from a station that sends whatever bytes it is told to. */
#include "protocols/ethernet/frame.h"
#include "tests/nodes/lab.h"

#define HOST UINT64_C(0x020000000001)
#define OTHER UINT64_C(0x020000000077)
#define BRIDGES UINT64_C(0x0180c2000000) /* where bridges talk to each other */
#define RAW 0x88b5 /* the type that hosts count and leave alone */

static const struct sent {
    uint64_t destination;
    uint16_t type;
    uint32_t size_bytes; /* with check sequence */
    int64_t misfits, filtered, discards; /* of the host, when it has come */
} rows[] = {
    {HOST, RAW, 64, 0, 0, 0},
    {HOST, RAW, 1518, 0, 0, 0},
    {HOST, RAW, 63, 1, 0, 1},   /* ETH-5: a fragment */
    {HOST, RAW, 18, 1, 0, 1},   /* a header, and nothing else */
    {HOST, RAW, 5, 1, 0, 1},    /* not even that */
    {HOST, RAW, 1519, 1, 0, 1}, /* ETH-6 */
    {HOST, RAW, 9000, 1, 0, 1},
    {OTHER, RAW, 64, 0, 1, 0}, /* ETH-7: somebody else's */
    {UINT64_C(0xffffffffffff), RAW, 64, 0, 0, 0},
    {UINT64_C(0x01005e000001), RAW, 64, 0, 0, 0}, /* a group */
    {HOST, 0x0600, 64, 0, 0, 1},                 /* ETH-2: the first type; nobody speaks it */
    {HOST, 0x05ff, 64, 0, 0, 1},                 /* neither length nor type */
    {HOST, 1501, 64, 0, 0, 1},
    {HOST, 1500, 1518, 0, 0, 1}, /* a length: for LLC, which hosts have not */
    {HOST, 46, 64, 0, 0, 1},
    {BRIDGES, 38, 64, 0, 0, 1},
    {BRIDGES, 100, 64, 0, 0, 1}, /* a length that is more than there is */
    {HOST, ETHERNET_TYPE_PAUSE, 64, 0, 0, 1}, /* ETH-20 is left out: not obeyed */
};
#define ROWS (sizeof rows / sizeof *rows)

/* ---- A station that sends the rows, one each 10 ms ---- */

struct babbler {
    struct nt_event next;
    size_t row;
};

static void babbler_fire(struct nt_event *event)
{
    struct babbler *babbler = event->node->state;
    const struct sent *row = &rows[babbler->row++];
    uint8_t bytes[9000] = {0};
    struct ethernet_header header = {mac_from_number(row->destination), mac_from_number(OTHER + 1), row->type};
    ethernet_emit(&header, bytes);
    struct nt_frame *frame = nt_frame_new(event->node, 0, row->size_bytes - ETHERNET_FCS);
    memcpy(frame->bytes, bytes, frame->length_bytes);
    nt_frame_seal(event->node, frame);
    nt_transmit(event->node->ports[0], frame);
    if (babbler->row < ROWS)
        nt_arm(event, nt_now(event->node) + 10 * NT_MILLISECOND);
}

static void babbler_start(struct nt_node *node)
{
    struct babbler *babbler = node->state;
    nt_event_init(&babbler->next, node, babbler_fire);
    nt_arm(&babbler->next, 10 * NT_MILLISECOND);
}

static void babbler_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    nt_frame_unref(node, frame);
}

static const struct nt_node_type babbler_type = {.size = sizeof(struct nt_node_type),
                                                 .name = "babbler",
                                                 .port_prefix = "eth",
                                                 .max_ports = 1,
                                                 .state_bytes = sizeof(struct babbler),
                                                 .start = babbler_start,
                                                 .receive = babbler_receive};

static struct lab *lab_of(const char *text)
{
    static const struct nt_node_type *const types[] = {&babbler_type, NULL};
    struct lab_options options = {.types = types};
    return lab_new_with(text, &options);
}

/* ---- The tests ---- */

static void test_nic__takes_what_is_whole_and_for_it(void **state)
{
    struct lab *lab = lab_of("{'netarium': 1, 'nodes': {'b': {'type': 'babbler'},"
                             " 'h': {'type': 'host', 'mac': '02:00:00:00:00:01'}},"
                             " 'links': [{'between': ['b', 'h'], 'rate': '10 Mbps'}], 'stop': '10 s'}");
    int64_t misfits = 0, filtered = 0, discards = 0;
    for (size_t i = 0; i < ROWS; i++) {
        lab_run(lab, (nt_time)(i + 1) * 10 * NT_MILLISECOND + 9 * NT_MILLISECOND);
        misfits += rows[i].misfits;
        filtered += rows[i].filtered;
        discards += rows[i].discards;
        if (lab_cell(lab, "h", "interfaces", 0, "misfits") != misfits ||
            lab_cell(lab, "h", "interfaces", 0, "filtered") != filtered ||
            lab_ask(lab, "count(frame.discard at h)") != discards)
            fail_msg("row %zu: %u bytes of type %04x", i, rows[i].size_bytes, rows[i].type);
    }
    assert_int_equal(lab_ask(lab, "count(frame.rx at h)"), ROWS); /* they all arrived; ending is another matter */
    assert_int_equal(lab_ask(lab, "count(frame.tx at h)"), 0);    /* and nothing was answered */
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* ETH-5, ETH-6: a switch sends on neither fragments nor giants; types are not its affair. */
static void test_nic__of_a_switch_judges_sizes_alone(void **state)
{
    struct lab *lab = lab_of("{'netarium': 1, 'nodes': {'b': {'type': 'babbler'}, 'sw': {'type': 'switch'},"
                             " 'h': {'type': 'host', 'mac': '02:00:00:00:00:01'}},"
                             " 'links': [{'between': ['b', 'sw'], 'rate': '10 Mbps'},"
                             " {'between': ['sw', 'h'], 'rate': '10 Mbps'}], 'stop': '10 s'}");
    int64_t misfits = 0, reserved = 0;
    for (size_t i = 0; i < ROWS; i++) {
        misfits += rows[i].misfits;
        reserved += rows[i].destination == BRIDGES;
    }
    lab_run(lab, NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(frame.discard at sw)"), misfits + reserved);
    assert_int_equal(lab_ask(lab, "count(frame.rx at h)"), (int64_t)ROWS - misfits - reserved);
    assert_int_equal(lab_cell(lab, "h", "interfaces", 0, "misfits"), 0);
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* IEEE 802.3 3.4 (a): of the two that are addressed to bridges, the spanning tree gets to see the one whose length is right. */
static void test_nic__of_a_bridge_believes_no_wrong_length(void **state)
{
    struct lab *lab = lab_of("{'netarium': 1, 'nodes': {'b': {'type': 'babbler'}, 'sw': {'type': 'bridge', 'stp': true},"
                             " 'h': {'type': 'host', 'mac': '02:00:00:00:00:01'}},"
                             " 'links': [{'between': ['b', 'sw'], 'rate': '10 Mbps'},"
                             " {'between': ['sw', 'h'], 'rate': '10 Mbps'}], 'stop': '10 s'}");
    lab_run(lab, NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(stp.ignored at sw)"), 1); /* there is nothing in it */
    assert_int_equal(lab_ask(lab, "count(frame.discard at sw where reason == \"its length is not what it says\")"), 1);
    lab_free(lab);
}

/* ETH-4: with a wrong check sequence it ends here, counted; without, it is taken. */
static void test_nic__counts_and_drops_what_is_damaged(void **state)
{
    struct lab *lab = lab_new("{'netarium': 1, 'nodes': {'A': {'type': 'host'}, 'B': {'type': 'host'}},"
                              " 'links': [{'between': ['A', 'B'], 'rate': '100 Mbps',"
                              " 'impair': [{'type': 'bit-errors', 'ber': '2e-4'}]}],"
                              " 'actions': [{'at': '1 s', 'on': 'A',"
                              " 'run': 'send-raw --to B --size 500 --count 200 --interval 0.01'}], 'stop': '5 s'}");
    lab_run(lab, 5 * NT_SECOND);
    int64_t damaged = lab_cell(lab, "B", "interfaces", 0, "damaged");
    assert_true(damaged > 20 && damaged < 180);
    assert_int_equal(lab_ask(lab, "count(frame.discard at B)"), damaged);
    assert_int_equal(lab_ask(lab, "count(frame.rx at B)"), 200);
    lab_assert_balanced(lab);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nic__takes_what_is_whole_and_for_it),
        cmocka_unit_test(test_nic__of_a_switch_judges_sizes_alone),
        cmocka_unit_test(test_nic__of_a_bridge_believes_no_wrong_length),
        cmocka_unit_test(test_nic__counts_and_drops_what_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

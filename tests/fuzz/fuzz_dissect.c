/* SPDX-License-Identifier: MIT
 * Any bytes as a captured frame: a line, a label and a tree whose fields all lie inside it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/dissect/dissect.h"
#include "protocols/dissect/flows.h"
#include "sim/base/text.h"
#include "tests/fuzz/quiet_env.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define FIELDS 300

static void check_tree(const uint8_t *bytes, size_t length, const struct dissect_options *options,
                       size_t limit)
{
    static struct dissect_field fields[FIELDS];
    struct dissect_tree tree = {.fields = fields, .limit = limit};
    dissect_tree(&tree, bytes, length, options);
    assert(tree.count <= limit);
    for (size_t i = 0; i < tree.count; i++) {
        const struct dissect_field *field = &fields[i];
        assert(field->name && field->label);
        assert(memchr(field->value, '\0', sizeof field->value));
        assert((size_t)field->bit_offset + field->bit_length <= length * 8);
        assert(i == 0 ? field->depth == 0 : field->depth <= fields[i - 1].depth + 2);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    uint8_t *copy = quiet_copy(bytes, length);
    struct dissect_flows flows;
    dissect_flows_init(&flows, memory_heap());
    for (int which = 0; which < 8; which++) {
        char line[120];
        struct text text = text_in(line, sizeof line);
        struct dissect_options options = {
            .has_fcs = which & 1, .with_link = which & 2, .flows = which & 4 ? &flows : NULL};
        dissect_line(&text, copy, length, &options);
        assert(text.length > 0 && memchr(line, '\0', sizeof line));
        struct dissect_label label = dissect_label(copy, length, &options);
        assert(strlen(label.text) == 3 && dissect_kind_words[label.kind]);
        check_tree(copy, length, &options, which == 3 ? 7 : FIELDS);
    }
    char line[120];
    struct text text = text_in(line, sizeof line);
    dissect_line_ipv4(&text, copy, length);
    dissect_flows_release(&flows);
    free(copy);
    return 0;
}

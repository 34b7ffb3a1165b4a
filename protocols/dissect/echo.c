/* SPDX-License-Identifier: MIT
 * The echo service: whatever is said to it comes back. RFC 862.
 */
#include "protocols/dissect/parts.h"

void dissect_echo_line(struct text *out, const struct dissect_view *view)
{
    text_add(out, "UDP, length %zu", view->length_bytes); /* as tcpdump has it */
}

void dissect_echo_tree(struct dissect_tree *tree, const struct dissect_view *view)
{
    static const struct dissect_row data = {1, "echo.data", "Echo data", 0, 0, DISSECT_AS_HEX, 0, NULL};
    dissect_protocol(tree, view, "echo", "Echo", view->length_bytes);
    dissect_bytes(tree, view, &data, 0, view->length_bytes);
}

struct dissect_label dissect_echo_label(const struct dissect_view *view)
{
    (void)view;
    return (struct dissect_label){"UDP", DISSECT_UDP};
}

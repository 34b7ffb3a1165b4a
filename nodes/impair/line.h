/* SPDX-License-Identifier: MIT
 * All impairments of one direction of a medium, in their order, and the frames that they hold back.
 *
 *      the medium --> impair_line_take --> loss --> bit errors --> jitter --> [ held back ] --> neighbour
 *                                            |          |
 *                                          dropped   another frame of the same length
 *
 * Frames come here when their last bit has run through the medium: so a lost one has used the line like any
 * other, as on a real cable. A medium whose file asks for no impairment has no such line and pays one test.
 */
#ifndef NETARIUM_NODES_IMPAIR_LINE_H
#define NETARIUM_NODES_IMPAIR_LINE_H

#include "sim/netarium.h"

struct impair_line;

/* Loading, when ports are joined: refuses what `list` (a value of NT_PARAM_PARTS) asks for and the ports of
 * `node`, a medium of two ports, cannot give. Once for each medium. */
void impair_check(struct nt_node *node, const struct nt_value *list);

/* The impairments of `list` for frames that come in at `from` and leave at `to`, ports of one medium. NULL:
 * none are for this direction. Belongs to the network. */
struct impair_line *impair_line_new(struct nt_port *from, struct nt_port *to, const struct nt_value *list);

/* From now on so many parts of a million are lost before anything else happens to them. `line` may be NULL, and is made if it
 * is needed: the direction's line from now on is what is returned. */
struct impair_line *impair_line_set_loss(struct impair_line *line, struct nt_port *from, struct nt_port *to,
                                         int64_t loss_ppm);

/* A frame has come through, sent by the record `cause`. Takes its reference. */
void impair_line_take(struct impair_line *line, struct nt_frame *frame, uint64_t cause);

/* Frames held back; none if `line` is NULL. */
uint32_t impair_line_held(const struct impair_line *line);

/* All that are held back end here; `line` may be NULL. */
void impair_line_clear(struct impair_line *line, const char *reason);

/* A row of a medium's table "impair", about the line: dropped, damaged, duplicated, delayed from cells[2] on;
 * the caller names the ends in cells[0] and cells[1]. */
void impair_line_row(const struct impair_line *line, struct nt_cell *ret_cells);

#endif

/* SPDX-License-Identifier: MIT
 * What request and respond say to each other: a question says how long itself and its answer are.
 *
 *      | "ntr1" | bytes of the question | bytes of the answer | number |  zeros ...      at least 16 bytes
 *      0        4                       8                     12
 */
#ifndef NETARIUM_NODES_APPS_ROUNDS_H
#define NETARIUM_NODES_APPS_ROUNDS_H

#define ROUND_HEADER 16      /* bytes */
#define ROUND_MOST (1 << 30) /* bytes of a question or an answer */

static const unsigned char round_mark[4] = {'n', 't', 'r', '1'};

#endif

/* SPDX-License-Identifier: MIT
 * The fast half of crc32.c, for machines that multiply polynomials. Not for outsiders. */
#ifndef NETARIUM_BASE_CRC32_FOLD_H
#define NETARIUM_BASE_CRC32_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRC32_FOLD_LEAST 64 /* fewer bytes are not worth it */

/* Can this machine do it? */
bool crc32_can_fold(void);

/* Folds as many of the `length` bytes (at least CRC32_FOLD_LEAST) as are a multiple of 16 onto 16: a register that
 * begins with 0 is after these what one that begins with `state` is after those. Returns how many were folded. */
size_t crc32_fold(uint32_t state, const uint8_t *bytes, size_t length, uint8_t ret_rest[16]);

#endif

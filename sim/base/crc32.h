/* SPDX-License-Identifier: MIT
 * CRC-32 as IEEE 802.3 3.2.9 defines it for the frame check sequence: polynomial 0x04C11DB7, bits reflected,
 * start and end complemented. The check value of "123456789" is 0xCBF43926. */
#ifndef NETARIUM_BASE_CRC32_H
#define NETARIUM_BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The CRC of `length` bytes. On the wire its least significant byte comes first. */
uint32_t crc32_of(const uint8_t *bytes, size_t length);

/* The same in pieces: start with 0, pass each result on. */
uint32_t crc32_update(uint32_t crc, const uint8_t *bytes, size_t length);

#endif

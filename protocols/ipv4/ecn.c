/* SPDX-License-Identifier: MIT
 * Marking congestion in an IPv4 header. See ecn.h. */
#include "protocols/ipv4/ecn.h"

#include "sim/base/bytes.h"
#include "sim/base/sum16.h"

#define CHECKSUM_AT 10 /* bytes from the start of the header */

void ipv4_mark_congestion(uint8_t *header)
{
    uint16_t old_word = bytes_u16(header);
    header[1] |= IPV4_CE;               /* RFC 3168 section 5 */
    bytes_put_u16(header + CHECKSUM_AT, /* RFC 1624 equation 3 */
                  sum16_update(bytes_u16(header + CHECKSUM_AT), old_word, bytes_u16(header)));
}

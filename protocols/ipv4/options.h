/* SPDX-License-Identifier: MIT
 * The options of a header that came in, as far as they concern where it goes.
 *
 *     type   0 end, 1 nothing: one octet       any other:  type | length | length - 2 octets
 *     7 record route, 131 and 137 source routes:           type | length | pointer | addresses ...
 *     68 timestamps:                                       type | length | pointer | overflow, flag | ...
 *
 * A pointer counts octets from the option's type, which is 1; beyond the length it says that the list is used up. A source
 * route that is not used up means that we are a stop on the way and not the end of it. Simplified: nothing is recorded. RFC
 * 791 3.1; RFC 1122 3.2.1.8 and 3.2.2.5; RFC 1812 4.3.3.5 and 5.2.4.1. */
#ifndef NETARIUM_PROTOCOLS_IPV4_OPTIONS_H
#define NETARIUM_PROTOCOLS_IPV4_OPTIONS_H

#include "protocols/ipv4/header.h"

enum ipv4_options {
    IPV4_OPTIONS_FINE,  /* nothing here that anybody has to care about; unknown ones are such: RFC 1122 3.2.1.8 */
    IPV4_OPTIONS_BAD,   /* one has an impossible length or pointer */
    IPV4_OPTIONS_ROUTED /* a source route leads on from here */
};

/* Reads the options of `header`. If they are bad, `ret_pointer` is the octet of the header that is wrong, as an ICMP
 * parameter problem names it: RFC 792. */
enum ipv4_options ipv4_options_read(const struct ipv4_header *header, uint8_t *ret_pointer);

#endif

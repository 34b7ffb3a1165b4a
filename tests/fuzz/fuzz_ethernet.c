/* SPDX-License-Identifier: MIT
 * Any bytes as a frame, and as the text of an address: what is read is what would be written. */
#include <assert.h>
#include <stdlib.h>

#include "protocols/ethernet/frame.h"
#include "protocols/ipv4/address.h"
#include "tests/fuzz/quiet_env.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_frame(const uint8_t *bytes, size_t length)
{
    struct reader reader = reader_over(bytes, length);
    struct ethernet_header header;
    uint8_t again[ETHERNET_HEADER];
    if (!ethernet_parse(&reader, &header)) {
        assert(length < ETHERNET_HEADER);
        return;
    }
    assert(reader_left(&reader) == length - ETHERNET_HEADER);
    ethernet_emit(&header, again);
    assert(memcmp(again, bytes, sizeof again) == 0);
    assert(length + ethernet_pad_bytes(length) >= ETHERNET_MIN_UNSEALED);
}

static void check_text(const char *text)
{
    char written[MAC_TEXT_SIZE], shown[IPV4_PREFIX_TEXT_SIZE], sentence[200];
    struct text why = text_in(sentence, sizeof sentence);
    struct mac_address mac, mac_again;
    struct ipv4_prefix prefix, prefix_again;
    if (mac_parse(text, &mac)) {
        mac_format(mac, written);
        assert(mac_parse(written, &mac_again) && mac_is_equal(mac, mac_again));
    }
    if (ipv4_prefix_parse(text, &prefix, &why)) {
        ipv4_prefix_format(prefix, shown);
        assert(ipv4_prefix_parse(shown, &prefix_again, NULL));
        assert(strcmp(shown, text) == 0); /* there is one way to write a prefix */
    } else {
        assert(why.length > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    uint8_t *copy = quiet_copy(bytes, length);
    check_frame(copy, length);
    free(copy);
    char *text = malloc(length + 1);
    assert(text);
    if (length > 0)
        memcpy(text, bytes, length);
    text[length] = '\0';
    check_text(text);
    free(text);
    return 0;
}

/* SPDX-License-Identifier: MIT
 * Any words for a frame, and any frame: nothing is read beyond its end, and what is found lies inside.
 *
 * Input: words up to a newline, then the frame. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/match/layers.h"
#include "protocols/match/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_layers(const uint8_t *frame, size_t length)
{
    struct layers layers;
    layers_of(frame, length, &layers);
    if (!layers.network)
        return;
    assert(layers.network + layers.network_bytes == frame + length && layers.priority < 8);
    assert(!layers.transport ||
           (layers.is_ipv4 && layers.transport + layers.transport_bytes <= frame + length));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char words[80] = "", sentence[200];
    struct text why = text_in(sentence, sizeof sentence);
    struct match match;
    const uint8_t *newline = length ? memchr(bytes, '\n', length) : NULL;
    size_t letters = newline ? (size_t)(newline - bytes) : length;
    size_t frame_bytes = newline ? length - letters - 1 : 0;
    memcpy(words, bytes, letters < sizeof words ? letters : sizeof words - 1);
    uint8_t *frame = malloc(frame_bytes + 1); /* its own block, so that a step beyond is seen */
    assert(frame);
    memcpy(frame, bytes + length - frame_bytes, frame_bytes);
    check_layers(frame, frame_bytes);
    if (match_parse(words, &match, &why))
        match_is_of_class(&match, frame, frame_bytes);
    else
        assert(sentence[0] && match_parse("frame 1", &match, &why));
    free(frame);
    return 0;
}

/* SPDX-License-Identifier: MIT
 * The turns of phrase behind phrase.h. */
#include "sim/phrase.h"

#include <stdint.h>
#include <string.h>

#include "sim/base/text.h"

#define LISTED_MOST 12     /* names that are listed when none is near */
#define COMPARED_MOST 2000 /* names that are looked at: a stranger's file may have a million */

const char *phrase_article(const char *noun)
{
    return *noun && strchr("aeiouAEIOU", *noun) ? "an" : "a";
}

const char *phrase_nearest(const char *word, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < count && i < COMPARED_MOST; i++) {
        size_t distance = text_distance(word, names[i]);
        if (distance < best_distance) {
            best = names[i];
            best_distance = distance;
        }
    }
    return best && text_is_near(word, best_distance) ? best : NULL;
}

void phrase_hint(const char *word, const char *const *names, size_t count, char *ret_text, size_t size)
{
    struct text text = text_in(ret_text, size);
    const char *nearest = phrase_nearest(word, names, count);
    if (nearest)
        text_add(&text, "; did you mean \"%s\"?", nearest);
    else
        for (size_t i = 0; i < count && count <= LISTED_MOST; i++)
            text_add(&text, "%s%s", i ? ", " : "; known: ", names[i]);
}

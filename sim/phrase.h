/* SPDX-License-Identifier: MIT
 * Turns of phrase that all messages to a person share: articles, and the hint at what was perhaps meant. */
#ifndef NETARIUM_SIM_PHRASE_H
#define NETARIUM_SIM_PHRASE_H

#include <stddef.h>

/* "a" or "an", as `noun` asks for. */
const char *phrase_article(const char *noun);

/* The name nearest to `word`, or NULL if none of the `count` names is near. */
const char *phrase_nearest(const char *word, const char *const *names, size_t count);

/* Writes what follows "there is no such thing": `; did you mean "bob"?`, or, if none is near and the list is short,
 * `; known: alice, bob`, else nothing. Always terminated. */
void phrase_hint(const char *word, const char *const *names, size_t count, char *ret_text, size_t size);

#endif

/* SPDX-License-Identifier: MIT
 * The words of a rule, one after the other: words, numbers, "quoted", and the signs { } , ; != == < > <= >=.
 */
#ifndef NETARIUM_PROTOCOLS_FIREWALL_LEXER_H
#define NETARIUM_PROTOCOLS_FIREWALL_LEXER_H

#include "sim/base/text.h"

#define LEXER_WORD 64 /* a longer word is a mistake */

struct lexer {
    const char *at;        /* behind the present word */
    char word[LEXER_WORD]; /* the present one; "" at the end */
    bool is_quoted;        /* it stood in quotes: it is no keyword */
    bool has_failed;       /* a word too long, or a quote without an end; told in `why` */
    struct text *why;      /* borrowed */
};

/* The first word of `text`. */
struct lexer lexer_over(const char *text, struct text *why);

/* On to the next word. */
void lexer_next(struct lexer *lexer);

/* Is the present word this one? If so, on to the next. */
bool lexer_takes(struct lexer *lexer, const char *word);

static inline bool lexer_is_done(const struct lexer *lexer)
{
    return !lexer->word[0] && !lexer->is_quoted;
}

#endif

/* SPDX-License-Identifier: MIT
 * See lexer.h. */
#include "protocols/firewall/lexer.h"

#include <string.h>

#define BLANKS " \t\r\n"
#define SIGNS "{},;!=<>\""

static void take(struct lexer *lexer, size_t length)
{
    if (length >= LEXER_WORD) {
        lexer->has_failed = true;
        text_add(lexer->why, "\"%.20s...\" is longer than any word of a rule", lexer->at);
        length = 0;
        lexer->at += strlen(lexer->at);
    }
    memcpy(lexer->word, lexer->at, length);
    lexer->word[length] = '\0';
    lexer->at += length;
}

static void take_quoted(struct lexer *lexer)
{
    const char *end = strchr(lexer->at + 1, '"');
    if (!end) {
        lexer->has_failed = true;
        text_add(lexer->why, "the quotation mark before %.40s is never closed", lexer->at + 1);
        lexer->at += strlen(lexer->at);
        return;
    }
    lexer->is_quoted = true;
    lexer->at++;
    take(lexer, (size_t)(end - lexer->at));
    lexer->at = lexer->has_failed ? lexer->at : end + 1;
}

void lexer_next(struct lexer *lexer)
{
    lexer->word[0] = '\0';
    lexer->is_quoted = false;
    lexer->at += strspn(lexer->at, BLANKS);
    if (!*lexer->at || lexer->has_failed)
        return;
    if (*lexer->at == '"')
        take_quoted(lexer);
    else if (strchr("!=<>", *lexer->at))
        take(lexer, lexer->at[1] == '=' ? 2 : 1);
    else if (strchr(SIGNS, *lexer->at))
        take(lexer, 1);
    else
        take(lexer, strcspn(lexer->at, BLANKS SIGNS));
}

struct lexer lexer_over(const char *text, struct text *why)
{
    struct lexer lexer = {.at = text, .why = why};
    lexer_next(&lexer);
    return lexer;
}

bool lexer_takes(struct lexer *lexer, const char *word)
{
    if (lexer->is_quoted || strcmp(lexer->word, word) != 0)
        return false;
    lexer_next(lexer);
    return true;
}

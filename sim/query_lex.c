/* SPDX-License-Identifier: MIT
 * From text to tokens: the words, numbers and signs of the query language.
 *
 * Three things are less plain than they look. A number takes its unit along, directly after it or after a
 * blank: `500 kB` is one token. A name may hold dots and dashes (`tcp.cwnd`, `fat-tree`), if more of the name
 * follows them; so a minus between two names wants blanks. And what reads as a whole IPv4 or Ethernet address
 * is a number, not a name. */
#include "sim/query_parts.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/units.h"

#define QUANTITY_BYTES 64 /* longest number with its unit */

struct sign {
    const char *text;
    enum query_sign sign;
};

/* Of two that begin alike the longer stands first. */
static const struct sign signs[] = {
    {"&&", QUERY_SIGN_AND},     {"||", QUERY_SIGN_OR},      {"==", QUERY_SIGN_EQUAL},
    {"!=", QUERY_SIGN_UNEQUAL}, {"<=", QUERY_SIGN_AT_MOST}, {">=", QUERY_SIGN_AT_LEAST},
    {"<", QUERY_SIGN_BELOW},    {">", QUERY_SIGN_ABOVE},    {"!", QUERY_SIGN_NOT},
    {"+", QUERY_SIGN_PLUS},     {"-", QUERY_SIGN_MINUS},    {"*", QUERY_SIGN_TIMES},
    {"/", QUERY_SIGN_OVER},     {"(", QUERY_SIGN_OPEN},     {")", QUERY_SIGN_CLOSE},
    {"[", QUERY_SIGN_KEY},      {"]", QUERY_SIGN_KEY_END},  {".", QUERY_SIGN_DOT},
    {":", QUERY_SIGN_COLON},
};

static const struct sign words[] = {
    {"and", QUERY_SIGN_AND}, {"or", QUERY_SIGN_OR},       {"not", QUERY_SIGN_NOT}, {"at", QUERY_SIGN_AT},
    {"on", QUERY_SIGN_AT},   {"where", QUERY_SIGN_WHERE}, {"now", QUERY_SIGN_NOW},
};

#define SIGN_COUNT (sizeof signs / sizeof signs[0])
#define WORD_COUNT (sizeof words / sizeof words[0])

static const enum nt_unit class_units[UNITS_CLASSES] = {
    [UNITS_TIME] = NT_UNIT_TIME,   [UNITS_RATE] = NT_UNIT_RATE,  [UNITS_LENGTH] = NT_UNIT_MM,
    [UNITS_BYTES] = NT_UNIT_BYTES, [UNITS_COUNT] = NT_UNIT_NONE, [UNITS_PERCENT] = NT_UNIT_PPM,
};

static bool lex_address(const struct query *query, struct query_token *token);
static bool lex_number(struct query *query, struct query_token *token);
static bool lex_text(struct query *query, struct query_token *token);
static bool lex_sign(struct query *query, struct query_token *token);
static void name_or_word(const struct query *query, struct query_token *token);

/* ---- Characters; independent of the locale ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_name_part(char c)
{
    return is_letter(c) || is_digit(c);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int hex_digit(char c)
{
    const char *const digits = "0123456789abcdef";
    const char lower = c >= 'A' && c <= 'F' ? (char)(c + 'a' - 'A') : c;
    const char *place = lower ? strchr(digits, lower) : NULL;
    return place ? (int)(place - digits) : -1;
}

/* ---- Tokens ---- */

static uint32_t skip_blanks(const struct query *query, uint32_t at)
{
    while (is_blank(query->text[at]))
        at++;
    return at;
}

bool query_lex(struct query *query, uint32_t start, struct query_token *ret_token)
{
    start = skip_blanks(query, start);
    *ret_token = (struct query_token){.sign = QUERY_SIGN_END, .span = {start, 0}, .end = start};
    const char c = query->text[start];
    if (c == '\0')
        return true;
    if (c == '"' || c == '\'')
        return lex_text(query, ret_token);
    if (is_name_part(c) && lex_address(query, ret_token))
        return true;
    if (is_digit(c))
        return lex_number(query, ret_token);
    if (!is_letter(c))
        return lex_sign(query, ret_token);
    query_lex_name(query, start, ret_token);
    name_or_word(query, ret_token);
    return true;
}

bool query_lex_name(const struct query *query, uint32_t start, struct query_token *ret_token)
{
    const char *text = query->text;
    start = skip_blanks(query, start);
    uint32_t end = start;
    while (is_name_part(text[end])) {
        end++;
        const uint32_t joint = (uint32_t)strspn(text + end, "-");
        if (is_name_part(text[end + joint]))
            end += joint;
        else if (text[end] == '.' && is_name_part(text[end + 1]))
            end++;
    }
    *ret_token = (struct query_token){.sign = QUERY_SIGN_NAME, .span = {start, end - start}, .end = end};
    return end > start;
}

static void name_or_word(const struct query *query, struct query_token *token)
{
    const struct query_span span = token->span;
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (strlen(words[i].text) == span.length_bytes &&
            memcmp(words[i].text, query->text + span.start, span.length_bytes) == 0)
            token->sign = words[i].sign;
}

/* ---- Addresses ---- */

static bool read_ipv4(const char *text, int64_t *ret_number)
{
    int64_t number = 0;
    for (int group = 0; group < 4; group++) {
        int value = 0, digits = 0;
        for (; is_digit(*text) && digits < 3; digits++)
            value = value * 10 + (*text++ - '0');
        if (digits == 0 || value > 255 || *text != (group < 3 ? '.' : '\0'))
            return false;
        number = number << 8 | value;
        text += group < 3;
    }
    *ret_number = number;
    return true;
}

static bool read_mac(const char *text, int64_t *ret_number)
{
    int64_t number = 0;
    for (int group = 0; group < 6; group++, text += 3) {
        const int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0 || text[2] != (group < 5 ? ':' : '\0'))
            return false;
        number = number << 8 | (high << 4 | low);
    }
    *ret_number = number;
    return true;
}

bool query_lex_address(const char *text, int64_t *ret_number, enum nt_unit *ret_unit)
{
    *ret_unit = strchr(text, ':') ? NT_UNIT_MAC : NT_UNIT_IPV4;
    return *ret_unit == NT_UNIT_MAC ? read_mac(text, ret_number) : read_ipv4(text, ret_number);
}

static bool lex_address(const struct query *query, struct query_token *token)
{
    const uint32_t start = token->span.start;
    char address[sizeof "02:00:00:00:00:01"];
    uint32_t end = start;
    while (is_name_part(query->text[end]) ||
           ((query->text[end] == '.' || query->text[end] == ':') && is_name_part(query->text[end + 1])))
        end++;
    const struct query_span span = {start, end - start};
    if (!query_span_copy(query, span, address, sizeof address) ||
        !query_lex_address(address, &token->number, &token->unit))
        return false;
    token->sign = QUERY_SIGN_NUMBER;
    token->span = span;
    token->end = end;
    return true;
}

/* ---- Numbers ---- */

static uint32_t skip_digits(const struct query *query, uint32_t at)
{
    while (is_digit(query->text[at]))
        at++;
    if (query->text[at] != '.' || !is_digit(query->text[at + 1]))
        return at;
    at++;
    while (is_digit(query->text[at]))
        at++;
    return at;
}

/* Where the unit after a number ends; the same place if what stands there is none: "%", "kB", "Mbit/s". */
static uint32_t skip_unit(const struct query *query, uint32_t at)
{
    const char *text = query->text;
    struct query_token word;
    if (text[at] == '%')
        return at + 1;
    uint32_t end = at;
    while (is_letter(text[at]) && is_name_part(text[end]))
        end++;
    word = (struct query_token){.sign = QUERY_SIGN_NAME, .span = {at, end - at}};
    name_or_word(query, &word);
    if (end == at || word.sign != QUERY_SIGN_NAME)
        return at;
    return text[end] == '/' && text[end + 1] == 's' && !is_name_part(text[end + 2]) ? end + 2 : end;
}

static bool lex_number(struct query *query, struct query_token *token)
{
    const uint32_t start = token->span.start;
    const uint32_t number_end = skip_digits(query, start);
    const uint32_t unit_start = skip_blanks(query, number_end);
    const uint32_t unit_end = skip_unit(query, unit_start);
    const bool has_unit = unit_end > unit_start;
    char quantity[QUANTITY_BYTES], reason[sizeof query->why.text];
    struct text text = text_in(quantity, sizeof quantity), why = text_in(reason, sizeof reason);
    enum units_class class = UNITS_COUNT;
    size_t used = 0;
    text_add_bytes(&text, query->text + start, number_end - start);
    text_add(&text, " %.*s", (int)(unit_end - unit_start), query->text + unit_start);
    if (text.is_cut)
        return query_fail(query, start, "a number with its unit has fewer than %d characters",
                          QUANTITY_BYTES);
    if (!units_read_any(quantity, &class, &token->number, &used, &why))
        return query_fail(query, start, "%s", reason);
    if (has_unit && used < text.length)
        return query_fail(query, unit_start, "no unit is called \"%s\"", quantity + (number_end - start) + 1);
    token->sign = QUERY_SIGN_NUMBER;
    token->end = has_unit ? unit_end : number_end;
    token->span = (struct query_span){start, token->end - start};
    token->unit = has_unit && class == UNITS_COUNT ? NT_UNIT_FRAMES : class_units[class];
    return true;
}

/* ---- Texts and signs ---- */

/* From quote to the same quote; nothing inside is special, so a text with one kind of quote stands in the
 * other. */
static bool lex_text(struct query *query, struct query_token *token)
{
    const uint32_t start = token->span.start;
    const char *end = strchr(query->text + start + 1, query->text[start]);
    if (!end)
        return query_fail(query, start, "the text that begins here has no closing quote");
    token->sign = QUERY_SIGN_TEXT;
    token->end = (uint32_t)(end - query->text) + 1;
    token->span = (struct query_span){start + 1, token->end - start - 2};
    return true;
}

static bool lex_sign(struct query *query, struct query_token *token)
{
    const char *text = query->text + token->span.start;
    for (size_t i = 0; i < SIGN_COUNT; i++) {
        const uint32_t length = (uint32_t)strlen(signs[i].text);
        if (strncmp(text, signs[i].text, length) == 0) {
            token->sign = signs[i].sign;
            token->span.length_bytes = length;
            token->end = token->span.start + length;
            return true;
        }
    }
    if (*text == '=' || *text == '&' || *text == '|')
        return query_fail(query, token->span.start, "write \"%c%c\"", *text, *text);
    if (*text > ' ' && *text <= '~')
        return query_fail(query, token->span.start, "a query has no use for \"%c\"", *text);
    return query_fail(query, token->span.start, "a query has no use for the character with code %d", *text);
}

/* SPDX-License-Identifier: MIT
 * One table of units serves reading, showing and suggesting. */
#include "sim/base/units.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct unit {
    const char *name;
    enum units_class which;
    int64_t factor; /* in the class's own unit */
    bool is_shown;  /* used when showing, largest first */
};

/* Within a class from small to large. */
static const struct unit units[] = {
    {"ps", UNITS_TIME, 1, true},
    {"ns", UNITS_TIME, 1000, true},
    {"us", UNITS_TIME, 1000000, true},
    {"\xc2\xb5s", UNITS_TIME, 1000000, false},
    {"ms", UNITS_TIME, 1000000000, true},
    {"s", UNITS_TIME, INT64_C(1000000000000), true},
    {"min", UNITS_TIME, INT64_C(60000000000000), false},
    {"h", UNITS_TIME, INT64_C(3600000000000000), false},
    {"bps", UNITS_RATE, 1, true},
    {"bit/s", UNITS_RATE, 1, false},
    {"kbps", UNITS_RATE, 1000, true},
    {"kbit/s", UNITS_RATE, 1000, false},
    {"Mbps", UNITS_RATE, 1000000, true},
    {"Mbit/s", UNITS_RATE, 1000000, false},
    {"Mb/s", UNITS_RATE, 1000000, false},
    {"Gbps", UNITS_RATE, 1000000000, true},
    {"Gbit/s", UNITS_RATE, 1000000000, false},
    {"Gb/s", UNITS_RATE, 1000000000, false},
    {"Tbps", UNITS_RATE, INT64_C(1000000000000), true},
    {"Tbit/s", UNITS_RATE, INT64_C(1000000000000), false},
    {"mm", UNITS_LENGTH, 1, true},
    {"cm", UNITS_LENGTH, 10, false},
    {"m", UNITS_LENGTH, 1000, true},
    {"km", UNITS_LENGTH, 1000000, true},
    {"B", UNITS_BYTES, 1, true},
    {"byte", UNITS_BYTES, 1, false},
    {"bytes", UNITS_BYTES, 1, false},
    {"kB", UNITS_BYTES, 1000, true},
    {"KiB", UNITS_BYTES, 1024, false},
    {"MB", UNITS_BYTES, 1000000, true},
    {"MiB", UNITS_BYTES, 1048576, false},
    {"GB", UNITS_BYTES, 1000000000, true},
    {"GiB", UNITS_BYTES, 1073741824, false},
    {"packet", UNITS_COUNT, 1, false},
    {"packets", UNITS_COUNT, 1, false},
    {"frame", UNITS_COUNT, 1, false},
    {"frames", UNITS_COUNT, 1, false},
    {"%", UNITS_PERCENT, 10000, true},
};

#define UNIT_COUNT (sizeof units / sizeof *units)

static const struct {
    const char *noun;    /* "a time" */
    const char *example; /* "1.5 s" */
} classes[UNITS_CLASSES] = {
    [UNITS_TIME] = {"a time", "1.5 s"},       [UNITS_RATE] = {"a rate", "10 Mbps"},
    [UNITS_LENGTH] = {"a length", "500 m"},   [UNITS_BYTES] = {"a number of bytes", "64 kB"},
    [UNITS_COUNT] = {"a whole number", "64"}, [UNITS_PERCENT] = {"a percentage", "2 %"},
};

/* A decimal number: digits / 10^decimals. */
struct decimal {
    unsigned __int128 digits;
    int decimals;
    bool is_negative;
};

#define DIGITS_MOST 30 /* more significant digits than this are not a sensible quantity */

/* Reads the digits at `*at`. False: there are none, or too many. */
static bool read_decimal(const char **at, struct decimal *ret)
{
    const char *p = *at;
    int count = 0;
    *ret = (struct decimal){0, 0, false};
    if (*p == '-' || *p == '+')
        ret->is_negative = *p++ == '-';
    bool has_point = false;
    for (;; p++) {
        if (*p == '.' && !has_point && p[1] >= '0' && p[1] <= '9') {
            has_point = true;
            continue;
        }
        if (*p < '0' || *p > '9')
            break;
        ret->digits = ret->digits * 10 + (unsigned)(*p - '0');
        ret->decimals += has_point;
        if (++count > DIGITS_MOST)
            return false;
    }
    *at = p;
    return count > 0;
}

/* digits / 10^decimals * factor, rounded half away from zero; false: out of range. */
static bool decimal_times(const struct decimal *decimal, int64_t factor, int64_t *ret_value)
{
    unsigned __int128 divisor = 1;
    for (int i = 0; i < decimal->decimals; i++)
        divisor *= 10;
    if (decimal->digits > ((unsigned __int128)-1 >> 1) / (unsigned __int128)factor)
        return false;
    unsigned __int128 value = (decimal->digits * (unsigned __int128)factor + divisor / 2) / divisor;
    if (value > INT64_MAX)
        return false;
    *ret_value = decimal->is_negative ? -(int64_t)value : (int64_t)value;
    return true;
}

static const char *after_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

static bool ends_unit(char c)
{
    return c == '\0' || strchr(" \t()<>=!&|,+-*", c) != NULL;
}

static const struct unit *find_unit(const char *name, size_t length)
{
    for (size_t i = 0; i < UNIT_COUNT; i++)
        if (strlen(units[i].name) == length && strncmp(units[i].name, name, length) == 0)
            return &units[i];
    return NULL;
}

/* The unit of the wanted class (any class: UNITS_CLASSES) that is written nearest to `name`. */
static const char *nearest_unit(enum units_class wanted, const char *name)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        if (wanted != UNITS_CLASSES && units[i].which != wanted)
            continue;
        size_t distance = text_distance(name, units[i].name);
        if (distance < best_distance) {
            best = units[i].name;
            best_distance = distance;
        }
    }
    return best && text_is_near(name, best_distance) ? best : NULL;
}

static bool say_expected(enum units_class wanted, const char *text, const char *found, struct text *why)
{
    text_add(why, "expected %s such as \"%s\", found \"%.60s\"%s", classes[wanted].noun,
             classes[wanted].example, text, found);
    return false;
}

/* What people write who know other programs: "10 Mbit", "1G", "5 msec", "500k", "2 hours". A first letter is a
 * power of ten, the rest one of these words for the class. */
static const char *habitual_unit(enum units_class wanted, const char *name)
{
    static const struct {
        enum units_class which;
        const char *powers; /* letters that may stand before a word */
        const char *words;  /* each between blanks, in lower case; "." stands for none */
        const char *unit;   /* what is meant, without the letter */
    } habits[] = {
        {UNITS_TIME, "pnum", " sec secs second seconds ", "s"}, {UNITS_TIME, "", " m mins minute minutes ", "min"},
        {UNITS_TIME, "", " hr hrs hour hours ", "h"},           {UNITS_RATE, "kMGT", " . b bit bits b/s bits/s ", "bps"},
        {UNITS_BYTES, "kMG", " . b ", "B"},                     {UNITS_LENGTH, "mck", " metre metres meter meters ", "m"},
    };
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
        for (int with_power = 0; with_power < 2 && habits[i].which == wanted; with_power++) {
            char letter = with_power ? (char)(name[0] == 'K' ? 'k' : name[0]) : '\0';
            char word[40], meant[16];
            if (with_power && (!letter || !strchr(habits[i].powers, letter)))
                break;
            snprintf(word, sizeof word, " %s ", name[with_power] ? name + with_power : ".");
            for (char *c = word; *c; c++)
                *c = (char)tolower((unsigned char)*c);
            snprintf(meant, sizeof meant, "%.*s%s", with_power, &letter, habits[i].unit);
            const struct unit *unit = strstr(habits[i].words, word) ? find_unit(meant, strlen(meant)) : NULL;
            if (unit)
                return unit->name;
        }
    }
    return NULL;
}

static bool say_unknown_unit(enum units_class wanted, const char *text, const char *name, struct text *why)
{
    say_expected(wanted, text, "", why);
    if (name[0] == ',') {
        text_add(why, "; a point, not a comma, stands before decimals");
        return false;
    }
    const char *near = habitual_unit(wanted, name);
    near = near ? near : nearest_unit(wanted, name);
    if (near)
        text_add(why, "; did you mean \"%s\"?", near);
    return false;
}

bool units_read(enum units_class wanted, const char *text, const char *bare, int64_t *ret_value,
                struct text *why)
{
    struct decimal decimal;
    const char *at = after_blanks(text);
    if (!read_decimal(&at, &decimal))
        return say_expected(wanted, text, "", why);
    at = after_blanks(at);
    char name[24] = "";
    size_t length = strlen(at);
    while (length && (at[length - 1] == ' ' || at[length - 1] == '\t'))
        length--;
    if (length >= sizeof name)
        return say_expected(wanted, text, "", why);
    memcpy(name, at, length);
    int64_t factor = 1;
    if (length || wanted != UNITS_COUNT) {
        if (!length && !*bare)
            return say_expected(wanted, text, " (without a unit)", why);
        const struct unit *unit = length ? find_unit(name, length) : find_unit(bare, strlen(bare));
        if (!unit)
            return say_unknown_unit(wanted, text, name, why);
        if (unit->which != wanted) {
            say_expected(wanted, text, "", why);
            text_add(why, ", which is %s", classes[unit->which].noun);
            return false;
        }
        factor = unit->factor;
    }
    if (wanted == UNITS_COUNT && decimal.decimals)
        return say_expected(wanted, text, "", why);
    if (!decimal_times(&decimal, factor, ret_value)) {
        text_add(why, "\"%.60s\" is too large to count with", text);
        return false;
    }
    return true;
}

bool units_read_any(const char *text, enum units_class *ret_class, int64_t *ret_value, size_t *ret_used,
                    struct text *why)
{
    struct decimal decimal;
    const char *at = text;
    if (!read_decimal(&at, &decimal)) {
        text_add(why, "expected a number of at most %d digits", DIGITS_MOST);
        return false;
    }
    const char *name = after_blanks(at);
    size_t length = 0;
    while (!ends_unit(name[length]))
        length++;
    const struct unit *unit = length ? find_unit(name, length) : NULL;
    bool is_glued = name == at && length;
    if (!unit && is_glued) {
        text_add(why, "no unit is called \"%.*s\"", (int)(length > 20 ? 20 : length), name);
        return false;
    }
    *ret_class = unit ? unit->which : UNITS_COUNT;
    *ret_used = (size_t)((unit ? name + length : at) - text);
    if ((!unit || unit->which == UNITS_COUNT) && decimal.decimals) {
        text_add(why, "a number without a unit is a whole number");
        return false;
    }
    if (!decimal_times(&decimal, unit ? unit->factor : 1, ret_value)) {
        text_add(why, "the number is too large to count with");
        return false;
    }
    return true;
}

/* Adds |value| / factor with as many decimals as are needed, at most 6; false: more would be needed. */
static bool add_exact(struct text *text, uint64_t value, uint64_t factor, int decimals_most, const char *name)
{
    uint64_t whole = value / factor, rest = value % factor;
    char decimals[16];
    int count = 0;
    while (rest && count < decimals_most) {
        unsigned __int128 next = (unsigned __int128)rest * 10;
        decimals[count++] = (char)('0' + (int)(next / factor));
        rest = (uint64_t)(next % factor);
    }
    if (rest)
        return false;
    text_add(text, count ? "%llu.%.*s %s" : "%llu%.*s %s", (unsigned long long)whole, count, decimals, name);
    return true;
}

void units_show(enum units_class which, int64_t value, struct text *text)
{
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (value < 0)
        text_add_char(text, '-');
    if (which == UNITS_COUNT) {
        text_add(text, "%llu", (unsigned long long)magnitude);
        return;
    }
    const struct unit *smallest = NULL;
    for (size_t i = UNIT_COUNT; i-- > 0;) {
        const struct unit *unit = &units[i];
        if (unit->which != which || !unit->is_shown)
            continue;
        smallest = unit;
        if (magnitude >= (uint64_t)unit->factor &&
            add_exact(text, magnitude, (uint64_t)unit->factor, which == UNITS_TIME ? 12 : 6, unit->name))
            return;
    }
    if (magnitude == 0 && (which == UNITS_TIME || which == UNITS_LENGTH))
        text_add(text, which == UNITS_TIME ? "0 s" : "0 m");
    else
        add_exact(text, magnitude, (uint64_t)smallest->factor, 12, smallest->name);
}

void units_show_seconds(int64_t picoseconds, int decimals, struct text *text)
{
    uint64_t magnitude = picoseconds < 0 ? 0 - (uint64_t)picoseconds : (uint64_t)picoseconds;
    uint64_t second = UINT64_C(1000000000000), rest = magnitude % second;
    for (int i = decimals; i < 12; i++)
        rest /= 10;
    text_add(text, picoseconds < 0 ? "-%llu" : "%llu", (unsigned long long)(magnitude / second));
    if (decimals > 0)
        text_add(text, ".%0*llu", decimals, (unsigned long long)rest);
}

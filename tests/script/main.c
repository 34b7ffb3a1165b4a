/* SPDX-License-Identifier: MIT
 * Plays scripts: `script FILE...`, with `--loud` to hear what the host thinks. Exit status: 0 all went as
 * written, 1 not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/script/play.h"

/* What a script says does not depend on where the numbers begin: also not where they wrap, or change sign. */
static const struct play_variant variants[] = {{"numbers from zero", 0, NULL},
                                               {"the peer's numbers wrap", 0xfffffc00u, NULL},
                                               {"the host's numbers wrap", 0x1000u, "0xfffffc00"},
                                               {"both change sign", 0x7ffffc00u, "0x7ffffc00"}};

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t length = 0, room = 0;
    while (file && !feof(file)) {
        if (length + 4096 > room)
            text = realloc(text, (room = room * 2 + 8192) + 1);
        length += fread(text + length, 1, 4096, file);
    }
    if (file)
        fclose(file);
    if (text)
        text[length] = '\0';
    return text;
}

static bool play_file(const char *path, bool is_loud)
{
    struct script script;
    struct script_failure failure = {0};
    char *text = read_file(path);
    if (!text) {
        printf("%s: cannot be read\n", path);
        return false;
    }
    bool is_right = script_read(text, &script, &failure);
    free(text);
    if (!is_right) {
        printf("%s:%u: %s\n", path, failure.line, failure.text);
        return false;
    }
    for (size_t i = 0; is_right && i < sizeof variants / sizeof *variants; i++) {
        is_right = play(&script, &variants[i], is_loud && i == 0, &failure);
        if (!is_right)
            printf("%s:%u: %s\n            (%s)\n", path, failure.line, failure.text, variants[i].name);
    }
    script_release(&script);
    return is_right;
}

int main(int count, char **arguments)
{
    bool is_loud = count > 1 && strcmp(arguments[1], "--loud") == 0;
    int played = 0, failed = 0;
    for (int i = is_loud ? 2 : 1; i < count; i++, played++)
        failed += !play_file(arguments[i], is_loud);
    printf("%d scripts, %d failed\n", played, failed);
    return failed > 0 || played == 0;
}

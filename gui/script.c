/* SPDX-License-Identifier: MIT
 * A person at the window, as a file. */
#include "gui/script.h"

#include <string.h>

static unsigned take_mod(const char **at, const char *name, unsigned mod)
{
    size_t length = strlen(name);
    if (strncmp(*at, name, length) != 0 || !(*at)[length])
        return 0;
    *at += length;
    return mod;
}

static void read_key(const char *at, struct screen_event *event)
{
    event->kind = SCREEN_KEY;
    event->mods |= take_mod(&at, "Ctrl+", SCREEN_CTRL);
    event->mods |= take_mod(&at, "Alt+", SCREEN_ALT);
    event->mods |= take_mod(&at, "Shift+", SCREEN_SHIFT);
    snprintf(event->text, sizeof event->text, "%s", at);
}

/* A press that was not yet released: the next step releases it. */
static bool read_mouse(const char *word, const char *rest, struct script_step *step)
{
    struct screen_event *event = &step->event;
    if (sscanf(rest, "%lf %lf", &event->x, &event->y) != 2)
        return false;
    event->clicks = strcmp(word, "double") == 0 ? 2 : 1;
    event->button = strcmp(word, "right") == 0 ? 3 : 1;
    event->kind = strcmp(word, "hover") == 0 || strcmp(word, "move") == 0 ? SCREEN_MOVE
                  : strcmp(word, "release") == 0                          ? SCREEN_RELEASE
                                                                          : SCREEN_PRESS;
    return true;
}

static bool read_line(const char *word, const char *rest, struct script_step *step)
{
    static const char *const mouse_words[] = {"click", "double", "right", "hover", "press", "move", "release"};
    for (unsigned i = 0; i < sizeof mouse_words / sizeof *mouse_words; i++)
        if (strcmp(word, mouse_words[i]) == 0)
            return read_mouse(word, rest, step);
    if (strcmp(word, "key") == 0 && *rest) {
        read_key(rest, &step->event);
    } else if (strcmp(word, "type") == 0) {
        step->event.kind = SCREEN_TYPED;
        snprintf(step->event.text, sizeof step->event.text, "%s", rest);
    } else if (strcmp(word, "wait") == 0) {
        step->kind = SCRIPT_WAIT;
        return sscanf(rest, "%u", &step->wait_ms) == 1 && step->wait_ms <= 600000;
    } else if (strcmp(word, "shot") == 0 && *rest) {
        step->kind = SCRIPT_SHOT;
        snprintf(step->event.text, sizeof step->event.text, "%s", rest);
    } else if (strcmp(word, "compare") == 0) {
        step->kind = SCRIPT_COMPARE;
    } else if (strcmp(word, "pace") == 0) {
        step->kind = SCRIPT_PACE;
    } else if (strcmp(word, "digest") == 0) {
        step->kind = SCRIPT_DIGEST;
    } else {
        return false;
    }
    return true;
}

enum script_result script_next(FILE *file, unsigned *line, struct script_step *ret_step, char *ret_why,
                               size_t size)
{
    char text[400], word[20] = "";
    while (fgets(text, sizeof text, file)) {
        ++*line;
        text[strcspn(text, "\r\n")] = '\0';
        if (text[0] == '#' || text[strspn(text, " \t")] == '\0')
            continue;
        const char *rest = strchr(text, ' ');
        sscanf(text, "%19s", word);
        memset(ret_step, 0, sizeof *ret_step);
        if (read_line(word, rest ? rest + 1 : "", ret_step))
            return SCRIPT_STEP;
        snprintf(ret_why, size,
                 "\"%.100s\" is no step; there are key, type, click, double, right, press, move, release, hover, "
                 "wait, shot, compare, pace, digest",
                 text);
        return SCRIPT_WRONG;
    }
    return SCRIPT_END;
}

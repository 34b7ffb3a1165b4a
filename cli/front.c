/* SPDX-License-Identifier: MIT
 * What all subcommands share: the two streams, the types that are built in, the signals, how a mistake is
 * said. */
#include "cli/front.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "nodes/builtin.h"
#include "sim/base/text.h"
#include "sim/plugin.h"

#define FRONT_WIDTH 80
#define FRONT_TEXT_WIDTH 100 /* what people like to read at most */
#define FRONT_LEAST_WIDTH 20
#define FRONT_MOST_WIDTH 500

/* Columns to write for: what the person says, else what the terminal says, else 80. */
static size_t find_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size = {0};
    long width = columns ? strtol(columns, NULL, 10) : 0;
    if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        width = FRONT_WIDTH;
    if (width < FRONT_LEAST_WIDTH)
        width = FRONT_LEAST_WIDTH;
    return width > FRONT_MOST_WIDTH ? FRONT_MOST_WIDTH : (size_t)width;
}

/* https://no-color.org: any value that is not empty. */
static bool wants_colour(bool is_terminal)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return is_terminal && !(no_colour && no_colour[0]) && terminal && strcmp(terminal, "dumb") != 0;
}

bool front_init(struct front *front, volatile bool *is_paused, volatile bool *is_interrupted)
{
    struct nt_why why;
    *front = (struct front){.is_paused = is_paused, .is_interrupted = is_interrupted};
    front->out_is_terminal = isatty(STDOUT_FILENO);
    front->err_is_terminal = isatty(STDERR_FILENO);
    front->in_is_terminal = isatty(STDIN_FILENO);
    front->width = find_width();
    outlet_attach(&front->out, STDOUT_FILENO, "standard output", false);
    outlet_attach(&front->err, STDERR_FILENO, "standard error", true);
    front->out.has_colour = wants_colour(front->out_is_terminal);
    front->err.has_colour = wants_colour(front->err_is_terminal);
    registry_init(&front->registry);
    if (registry_add(&front->registry, &builtin_types, &why))
        return true;
    front_say(front, "%s", why.text);
    return false;
}

bool front_load_plugins(struct front *front, int *count, char **arguments)
{
    struct nt_why why;
    size_t loaded = 0;
    int kept = 0;
    bool is_over = false;
    for (int i = 0; i < *count; i++) {
        const char *word = arguments[i], *file = NULL;
        is_over = is_over || strcmp(word, "--") == 0;
        if (!is_over && strncmp(word, "--plugin=", 9) == 0)
            file = word + 9;
        else if (!is_over && strcmp(word, "--plugin") == 0)
            file = i + 1 < *count ? arguments[++i] : "";
        if (!file) {
            arguments[kept++] = arguments[i];
            continue;
        }
        bool has_room = loaded + 1 < FRONT_PLUGINS;
        if (!*file || !has_room) {
            front_say(front,
                      *file ? "there is room for %d plug-ins" : "--plugin needs a value: a shared object",
                      FRONT_PLUGINS - 1);
            return false;
        }
        if (!plugin_load(&front->registry, file, NULL, &why)) {
            front_say(front, "%s", why.text);
            return false;
        }
        front->plugins[loaded++] = file;
    }
    *count = kept;
    return true;
}

enum front_status front_release(struct front *front, enum front_status status)
{
    struct nt_why why;
    if (!outlet_flush(&front->out)) {
        outlet_explain(&front->out, &why);
        bool has_reader_left = front->out.failure == EPIPE;
        if (!has_reader_left)
            front_say(front, "%s", why.text);
        status = has_reader_left ? FRONT_CLOSED : FRONT_SIMULATOR;
    }
    outlet_release(&front->out, &why);
    outlet_release(&front->err, &why);
    registry_release(&front->registry);
    return status;
}

void front_say(struct front *front, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    outlet_flush(&front->out);
    outlet_print(&front->err, "netarium: %s\n", text);
    outlet_end_piece(&front->err);
}

void front_print_item(struct outlet *out, const char *name, const char *text, size_t indent)
{
    outlet_style(out, OUTLET_STRONG);
    outlet_print(out, "  %-*s", (int)indent - 2, name);
    outlet_style(out, OUTLET_NORMAL);
    if (strlen(name) + 3 > indent)
        outlet_print(out, "\n%*s", (int)indent, "");
    outlet_wrap(out, text, indent, FRONT_TEXT_WIDTH);
}

void front_write_name(struct outlet *out, const char *name)
{
    char shown[1000];
    struct text text = text_in(shown, sizeof shown);
    text_add_name(&text, name);
    outlet_text(out, shown);
}

void front_print_errors(struct front *front, struct error_list *errors)
{
    error_list_sort(errors);
    outlet_flush(&front->out);
    for (size_t i = 0; i < errors->count; i++) {
        size_t size = error_format(&errors->entries[i], NULL, 0) + 1;
        char *text = malloc(size);
        if (!text)
            return;
        error_format(&errors->entries[i], text, size);
        outlet_print(&front->err, "%s\n", text);
        free(text);
    }
    size_t left = errors->errors + errors->warnings - errors->count;
    if (left > 0)
        outlet_print(&front->err, "and %zu more\n", left);
    outlet_end_piece(&front->err);
}

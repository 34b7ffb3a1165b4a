/* SPDX-License-Identifier: MIT
 * What the window remembers of a person. */
#include "gui/settings.h"

#include <stdio.h>
#include <string.h>

#include "gui/screen.h"

static void file_path(char *ret_path, size_t size)
{
    char folder[400];
    screen_settings_folder(folder, sizeof folder);
    snprintf(ret_path, size, *folder ? "%swindow" : "%s", folder);
}

static double between(double value, double least, double most)
{
    return value >= least && value <= most ? value : (least + most) / 2;
}

static void read_line(struct app *app, const char *line)
{
    double a, b, c;
    char word[40];
    if (sscanf(line, "split %lf %lf %lf", &a, &b, &c) == 3) {
        app->split_x = between(a, 0.12, 0.88);
        app->split_y[0] = between(b, 0.12, 0.88);
        app->split_y[1] = between(c, 0.12, 0.88);
    } else if (sscanf(line, "panel %lf %39s", &a, word) == 2 && a >= 1 && a <= APP_CELLS) {
        app_set_view(app, (unsigned)a - 1, word);
    } else if (sscanf(line, "theme %39s", word) == 1 && theme_find(word)) {
        app->theme = theme_find(word);
    } else if (strncmp(line, "recent ", 7) == 0 && line[7] && app->recent_count < APP_RECENT) {
        snprintf(app->recent[app->recent_count++], sizeof app->recent[0], "%.511s", line + 7);
    }
}

void settings_read(struct app *app)
{
    char path[500], line[600];
    file_path(path, sizeof path);
    FILE *file = *path ? fopen(path, "r") : NULL;
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = '\0';
        read_line(app, line);
    }
    if (file)
        fclose(file);
}

void settings_write(const struct app *app)
{
    char path[500];
    file_path(path, sizeof path);
    FILE *file = *path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "split %.3f %.3f %.3f\ntheme %s\n", app->split_x, app->split_y[0], app->split_y[1],
            app->theme->name);
    for (unsigned i = 0; i < APP_CELLS; i++)
        if (app->cells[i].wish)
            fprintf(file, "panel %u %s\n", i + 1, app->cells[i].wish);
    for (unsigned i = 0; i < app->recent_count; i++)
        fprintf(file, "recent %s\n", app->recent[i]);
    fclose(file);
}

void settings_opened(struct app *app, const char *path)
{
    unsigned place = 0;
    while (place < app->recent_count && strcmp(app->recent[place], path) != 0)
        place++;
    if (place == app->recent_count && app->recent_count < APP_RECENT)
        app->recent_count++;
    place = place < APP_RECENT ? place : APP_RECENT - 1;
    memmove(app->recent[1], app->recent[0], place * sizeof app->recent[0]);
    snprintf(app->recent[0], sizeof app->recent[0], "%s", path);
}

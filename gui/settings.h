/* SPDX-License-Identifier: MIT
 * What the window remembers of a person: how it was laid out, and which files were open. A small text file
 * where the platform keeps such things; a folder that cannot be written is no mistake, then nothing is
 * remembered. */
#ifndef NETARIUM_GUI_SETTINGS_H
#define NETARIUM_GUI_SETTINGS_H

#include "gui/app.h"

/* Reads it, if it is there. What makes no sense in it is passed over. */
void settings_read(struct app *app);
void settings_write(const struct app *app);

/* This file was opened: it is the first of the recent ones. */
void settings_opened(struct app *app, const char *path);

#endif

/* SPDX-License-Identifier: MIT
 * A whole file into memory, or one plain sentence about why not. */
#include "sim/base/json.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/text.h"

#define NEAR_BYTES 1000
#define NEAR_FILES 10000 /* of a folder that are looked at */

static bool read_all(FILE *in, char **ret_bytes, size_t *ret_length, const char **ret_why)
{
    size_t room = 65536, length = 0;
    char *bytes = malloc(room + 1);
    assert(bytes);
    for (;;) {
        length += fread(bytes + length, 1, room - length, in);
        if (length < room)
            break;
        if (length > JSON_BYTES_MOST) {
            *ret_why = "the file is larger than 64 MiB";
            free(bytes);
            return false;
        }
        room *= 2;
        bytes = realloc(bytes, room + 1);
        assert(bytes);
    }
    if (ferror(in)) {
        *ret_why = "the file cannot be read to its end";
        free(bytes);
        return false;
    }
    bytes[length] = '\0';
    *ret_bytes = bytes;
    *ret_length = length;
    return true;
}

/* The file of the same folder whose name is nearest, or the only one whose name begins like this one. */
static bool find_near(const char *file, char ret_near[NEAR_BYTES])
{
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    int folder = (int)(name - file);
    char path[NEAR_BYTES];
    struct text near = text_in(ret_near, NEAR_BYTES);
    size_t best = SIZE_MAX, longer = 0, left = NEAR_FILES;
    snprintf(path, sizeof path, "%.*s", folder, file);
    DIR *dir = folder < NEAR_BYTES ? opendir(folder ? path : ".") : NULL;
    if (!dir || !*name) {
        if (dir)
            closedir(dir);
        return false;
    }
    for (struct dirent *entry; left-- && (entry = readdir(dir));) {
        size_t length = strlen(entry->d_name), distance = text_distance(name, entry->d_name);
        bool is_longer = strncmp(name, entry->d_name, strlen(name)) == 0;
        if (length < 5 || strcmp(entry->d_name + length - 5, ".json") != 0)
            continue;
        longer += is_longer;
        bool is_near = text_is_near(name, distance) && distance < best;
        if (!is_near && !(is_longer && best == SIZE_MAX))
            continue;
        best = is_near ? distance : best;
        near = text_in(ret_near, NEAR_BYTES);
        text_add(&near, "%s", path);
        text_add_name(&near, entry->d_name);
    }
    closedir(dir);
    return best < SIZE_MAX || longer == 1;
}

/* A pipe that nobody writes into would keep whoever opens it waiting for ever; opened this way it is empty. */
static FILE *open_file(const char *file)
{
    int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    FILE *in = fd < 0 ? NULL : fdopen(fd, "rb");
    if (fd >= 0 && !in)
        close(fd);
    if (in)
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    return in;
}

bool json_read_file(const char *file, char **ret_bytes, size_t *ret_length, struct error_list *errors)
{
    struct error_place place = {.file = file};
    struct stat facts;
    if (stat(file, &facts) != 0) {
        char near[NEAR_BYTES];
        if (errno != ENOENT)
            error_add(errors, &place, "the file cannot be read: %s", strerror(errno));
        else if (find_near(file, near))
            error_add(errors, &place, "there is no such file; did you mean \"%s\"?", near);
        else
            error_add(errors, &place, "there is no such file");
        return false;
    }
    if (S_ISDIR(facts.st_mode)) {
        error_add(errors, &place, "this is a directory; expected a scenario file such as scenario.json");
        return false;
    }
    FILE *in = open_file(file);
    if (!in) {
        error_add(errors, &place, "the file cannot be read: %s", strerror(errno));
        return false;
    }
    const char *why = NULL;
    bool is_read = read_all(in, ret_bytes, ret_length, &why);
    fclose(in);
    if (is_read && !*ret_length && S_ISFIFO(facts.st_mode)) {
        free(*ret_bytes);
        is_read = false;
        why = "this is a pipe, and nobody writes into it; expected a scenario file such as scenario.json";
    }
    if (!is_read)
        error_add(errors, &place, "%s", why);
    return is_read;
}

/* SPDX-License-Identifier: MIT
 * A whole file into memory, or one plain sentence about why not. */
#include "sim/base/json.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
        error_add(errors, &place, errno == ENOENT ? "there is no such file" : "the file cannot be read: %s",
                  strerror(errno));
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

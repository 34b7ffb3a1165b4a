/* SPDX-License-Identifier: MIT
 * Where a view's words go: a file, a terminal, or memory.
 *
 * This is the only file of the views that touches the outside world, and it touches nothing but descriptors.
 */
#include "views/outlet.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUTLET_LEAST_BYTES 256
#define OUTLET_PIECE_BYTES 65536 /* handed on when so much has gathered */

static bool refuse(struct nt_why *ret_why, const char *verb, const char *name, int failure)
{
    snprintf(ret_why->text, sizeof ret_why->text, "cannot %s %.120s: %s", verb, name, strerror(failure));
    return false;
}

static void begin(struct outlet *outlet, int fd, const char *name)
{
    *outlet = (struct outlet){.fd = fd, .name = strdup(name), .capacity = OUTLET_LEAST_BYTES};
    outlet->bytes = malloc(outlet->capacity);
    assert(outlet->name && outlet->bytes);
    outlet->bytes[0] = '\0';
}

static bool open_at(struct outlet *outlet, int dir_fd, const char *file, int flags, const char *shown,
                    struct nt_why *ret_why)
{
    int fd = openat(dir_fd, file, O_WRONLY | O_CLOEXEC | flags, 0666);
    if (fd < 0)
        return refuse(ret_why, flags & O_CREAT ? "create" : "write to", shown, errno);
    struct stat found;
    begin(outlet, fd, shown);
    outlet->is_owned = true;
    outlet->written = fstat(fd, &found) == 0 ? (uint64_t)found.st_size : 0;
    return true;
}

static bool open_in(struct outlet *outlet, const char *dir, const char *name, int flags,
                    struct nt_why *ret_why)
{
    char safe[200];
    char shown[512];
    int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd < 0)
        return refuse(ret_why, "write into", dir, errno);
    outlet_sanitise(name, safe, sizeof safe);
    snprintf(shown, sizeof shown, "%s/%s", dir, safe);
    bool is_open = open_at(outlet, dir_fd, safe, flags | O_NOFOLLOW, shown, ret_why);
    close(dir_fd);
    return is_open;
}

bool outlet_create(struct outlet *outlet, const char *path, struct nt_why *ret_why)
{
    return open_at(outlet, AT_FDCWD, path, O_CREAT | O_TRUNC, path, ret_why);
}

bool outlet_make_dir(const char *dir, struct nt_why *ret_why)
{
    struct stat found;
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return refuse(ret_why, "create the folder", dir, errno);
    if (stat(dir, &found) != 0)
        return refuse(ret_why, "use", dir, errno);
    if (!S_ISDIR(found.st_mode))
        return refuse(ret_why, "write into", dir, ENOTDIR);
    if (access(dir, W_OK | X_OK) != 0)
        return refuse(ret_why, "write into", dir, errno);
    return true;
}

bool outlet_create_in(struct outlet *outlet, const char *dir, const char *name, struct nt_why *ret_why)
{
    return open_in(outlet, dir, name, O_CREAT | O_TRUNC, ret_why);
}

bool outlet_append_in(struct outlet *outlet, const char *dir, const char *name, struct nt_why *ret_why)
{
    return open_in(outlet, dir, name, O_APPEND, ret_why);
}

void outlet_attach(struct outlet *outlet, int fd, const char *name, bool is_eager)
{
    begin(outlet, fd, name);
    outlet->is_eager = is_eager;
    outlet->is_shown = true;
}

void outlet_init_memory(struct outlet *outlet)
{
    begin(outlet, -1, "memory");
}

/* Room for `count` more bytes and the terminator. */
static void make_room(struct outlet *outlet, size_t count)
{
    if (outlet->length + count + 1 <= outlet->capacity)
        return;
    while (outlet->length + count + 1 > outlet->capacity)
        outlet->capacity *= 2;
    outlet->bytes = realloc(outlet->bytes, outlet->capacity);
    assert(outlet->bytes);
}

/* U+202A to U+202E and U+2066 to U+2069 make a terminal write from right to left. */
static bool turns_around(const unsigned char *bytes, size_t count)
{
    return count >= 3 && bytes[0] == 0xe2 &&
           ((bytes[1] == 0x80 && bytes[2] >= 0xaa && bytes[2] <= 0xae) ||
            (bytes[1] == 0x81 && bytes[2] >= 0xa6 && bytes[2] <= 0xa9));
}

/* Control characters would move a terminal's cursor or worse: C0 but for line ends and tabs, DEL, and C1 in
 * UTF-8; what turns the direction of writing around could show a verdict that is not there. */
static void hide_controls(char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool is_c1 = c == 0xc2 && i + 1 < count && ((unsigned char)bytes[i + 1] & 0xe0) == 0x80;
        if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
            bytes[i] = '?';
        if (is_c1)
            memset(bytes + i, '?', 2);
        if (turns_around((const unsigned char *)bytes + i, count - i))
            memset(bytes + i, '?', 3);
    }
}

static void keep(struct outlet *outlet, size_t count)
{
    if (outlet->is_shown)
        hide_controls(outlet->bytes + outlet->length, count);
    outlet->length += count;
    outlet->bytes[outlet->length] = '\0';
}

void outlet_write(struct outlet *outlet, const void *bytes, size_t count)
{
    if (outlet->failure || count == 0)
        return;
    make_room(outlet, count);
    memcpy(outlet->bytes + outlet->length, bytes, count);
    keep(outlet, count);
}

void outlet_text(struct outlet *outlet, const char *text)
{
    outlet_write(outlet, text, strlen(text));
}

void outlet_print(struct outlet *outlet, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0 && !outlet->failure) {
        make_room(outlet, (size_t)length);
        vsnprintf(outlet->bytes + outlet->length, (size_t)length + 1, format, again);
        keep(outlet, (size_t)length);
    }
    va_end(again);
}

void outlet_style(struct outlet *outlet, enum outlet_style style)
{
    static const char *const codes[] = {[OUTLET_NORMAL] = "\033[0m",
                                        [OUTLET_STRONG] = "\033[1m",
                                        [OUTLET_GOOD] = "\033[32m",
                                        [OUTLET_BAD] = "\033[1;31m",
                                        [OUTLET_FAINT] = "\033[2m"};
    if (!outlet->has_colour)
        return;
    bool was_shown = outlet->is_shown;
    outlet->is_shown = false;
    outlet_text(outlet, codes[style]);
    outlet->is_shown = was_shown;
}

/* How much of `text` stands on a line of `room` columns: up to the last blank that fits, else a whole word.
 */
static size_t fit(const char *text, size_t room)
{
    size_t length = strcspn(text, "\n");
    size_t end = room;
    if (length <= room)
        return length;
    while (end > 0 && (text[end] != ' ' || text[end + 1] == '#')) /* "<- #12" stays together */
        end--;
    return end > 0 ? end : strcspn(text, " \n");
}

void outlet_wrap(struct outlet *outlet, const char *text, size_t indent, size_t width)
{
    size_t room = width > indent + 20 ? width - indent : 20;
    while (width > 0) {
        size_t count = fit(text, room);
        outlet_write(outlet, text, count);
        text += count;
        if (!*text)
            break;
        text++;
        outlet_print(outlet, "\n%*s", (int)indent, "");
    }
    if (width == 0)
        outlet_text(outlet, text);
    outlet_text(outlet, "\n");
}

void outlet_end_piece(struct outlet *outlet)
{
    if (outlet->fd >= 0 && (outlet->is_eager || outlet->length >= OUTLET_PIECE_BYTES))
        outlet_flush(outlet);
}

/* Keeps the first failure, and takes back the part of a piece that did fit, so that the file stays readable.
 */
static void fail(struct outlet *outlet, int failure)
{
    struct stat found;
    outlet->failure = failure;
    if (outlet->is_owned && fstat(outlet->fd, &found) == 0 && S_ISREG(found.st_mode) &&
        ftruncate(outlet->fd, (off_t)outlet->written) != 0)
        outlet->failure = errno;
}

bool outlet_flush(struct outlet *outlet)
{
    size_t done = 0;
    if (outlet->fd < 0)
        return true;
    while (done < outlet->length && !outlet->failure) {
        ssize_t count = write(outlet->fd, outlet->bytes + done, outlet->length - done);
        if (count >= 0)
            done += (size_t)count;
        else if (errno != EINTR)
            fail(outlet, errno);
    }
    if (!outlet->failure)
        outlet->written += outlet->length;
    outlet->length = 0;
    outlet->bytes[0] = '\0';
    return outlet->failure == 0;
}

void outlet_explain(const struct outlet *outlet, struct nt_why *ret_why)
{
    refuse(ret_why, "write to", outlet->name, outlet->failure);
}

bool outlet_release(struct outlet *outlet, struct nt_why *ret_why)
{
    bool is_well = outlet_flush(outlet);
    if (outlet->is_owned && close(outlet->fd) != 0 && is_well) {
        outlet->failure = errno;
        is_well = false;
    }
    if (!is_well)
        outlet_explain(outlet, ret_why);
    free(outlet->name);
    free(outlet->bytes);
    *outlet = (struct outlet){.fd = -1};
    return is_well;
}

char *outlet_sanitise(const char *name, char *ret_name, size_t size)
{
    size_t length = 0;
    for (; *name && length + 1 < size; name++) {
        bool is_plain = isalnum((unsigned char)*name) || strchr("-_@", *name) || (*name == '.' && length > 0);
        ret_name[length++] = is_plain ? *name : '-';
    }
    if (length == 0 && size > 1)
        ret_name[length++] = '-';
    ret_name[length] = '\0';
    return ret_name;
}

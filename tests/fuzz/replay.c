/* SPDX-License-Identifier: MIT
 * Feeds every file of the given folders to a fuzz target, once: finds of the fuzzer stay found without it. */
#include <assert.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* False: the file cannot be read. */
static bool replay_file(const char *path, size_t size_bytes)
{
    uint8_t *bytes = malloc(size_bytes ? size_bytes : 1);
    assert(bytes);
    FILE *in = fopen(path, "rb");
    bool is_read = in && fread(bytes, 1, size_bytes, in) == size_bytes;
    if (in)
        fclose(in);
    if (is_read)
        LLVMFuzzerTestOneInput(bytes, size_bytes);
    else
        fprintf(stderr, "%s cannot be read\n", path);
    free(bytes);
    return is_read;
}

/* How many files were replayed; -1: something could not be read. */
static int replay_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    if (!entries) {
        fprintf(stderr, "%s is not a folder that can be read\n", folder);
        return -1;
    }
    int count = 0;
    for (const struct dirent *entry; count >= 0 && (entry = readdir(entries));) {
        char path[4096];
        struct stat facts;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &facts) == 0 && S_ISREG(facts.st_mode))
            count = replay_file(path, (size_t)facts.st_size) ? count + 1 : -1;
    }
    closedir(entries);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int count = replay_folder(argv[i]);
        if (count < 0)
            return 1;
        total += count;
    }
    printf("%d files replayed\n", total);
    return total > 0 ? 0 : 1; /* a replay of nothing is a mistake in the build */
}

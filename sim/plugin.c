/* SPDX-License-Identifier: MIT
 * Types from a shared object. */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "sim/plugin.h"

#include <dlfcn.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/guard.h"

#define HEAD 20 /* of an ELF header: up to and with the machine */

static bool refuse(struct nt_why *ret_why, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(ret_why->text, sizeof ret_why->text, format, list);
    va_end(list);
    return false;
}

static bool read_head(const char *path, unsigned char *ret_head)
{
    FILE *file = fopen(path, "rb");
    size_t count = file ? fread(ret_head, 1, HEAD, file) : 0;
    if (file)
        fclose(file);
    return count == HEAD;
}

/* Is it a shared object, and for this machine? The loader's own words for the contrary are hard to read. */
static bool check_head(const char *path, struct nt_why *ret_why)
{
    unsigned char head[HEAD], own[HEAD];
    FILE *file = fopen(path, "rb");
    if (!file)
        return refuse(ret_why, "%.120s: there is no such file, or it cannot be read", path);
    fclose(file);
    if (!read_head(path, head) || memcmp(head, "\177ELF", 4) != 0 || head[16] != 3)
        return refuse(ret_why, "%.120s: this is no shared object; expected one built with cc -shared -fPIC",
                      path);
    bool is_known = read_head("/proc/self/exe", own);
    if (is_known && (head[4] != own[4] || head[18] != own[18] || head[19] != own[19]))
        return refuse(ret_why, "%.120s: this shared object is for another machine", path);
    return true;
}

/* Members that every plug-in must have; what is behind them may be missing in one of an older header. */
#define LEAST offsetof(struct nt_plugin, api_size)

static bool check_plugin(const struct nt_plugin *plugin, const char *path, struct nt_why *ret_why)
{
    if (plugin->version != NT_PLUGIN_VERSION)
        return refuse(
            ret_why,
            "%.120s: it was built for version %u of the contract, and this is version %u; build it again",
            path, (unsigned)plugin->version, NT_PLUGIN_VERSION);
    if (plugin->size < LEAST)
        return refuse(ret_why,
                      "%.120s: its struct nt_plugin has %u bytes, and %zu are needed; build it again", path,
                      (unsigned)plugin->size, LEAST);
    if (!plugin->name || !plugin->name[0])
        return refuse(ret_why, "%.120s: its netarium_plugin has no name", path);
    if (!plugin->nodes && !plugin->apps && !plugin->parts)
        return refuse(ret_why, "%.120s: the plug-in \"%.40s\" brings no types along", path, plugin->name);
    if (NT_HAS(plugin, api_size) && plugin->api_size > sizeof(struct nt_api))
        return refuse(ret_why, "%.120s: the plug-in \"%.40s\" was built for a newer Netarium than this one",
                      path, plugin->name);
    return true;
}

/* ---- Where its code is ---- */

struct place {
    uintptr_t inside;     /* an address in the object */
    uintptr_t begin, end; /* of what was mapped of it */
};

static int look_at_object(struct dl_phdr_info *object, size_t size, void *context)
{
    struct place *place = context;
    uintptr_t begin = UINTPTR_MAX, end = 0;
    (void)size;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t at = object->dlpi_addr + part->p_vaddr;
        if (part->p_type != PT_LOAD)
            continue;
        begin = at < begin ? at : begin;
        end = at + part->p_memsz > end ? at + part->p_memsz : end;
    }
    if (place->inside < begin || place->inside >= end)
        return 0;
    place->begin = begin;
    place->end = end;
    return 1;
}

static void watch(struct guard *guard, const struct nt_plugin *plugin, const char *path)
{
    struct place place = {.inside = (uintptr_t)plugin};
    if (guard && dl_iterate_phdr(look_at_object, &place))
        guard_add(guard, plugin, path, place.begin, place.end);
}

bool plugin_load(struct registry *registry, const char *path, const struct nt_plugin **ret_plugin,
                 struct nt_why *ret_why)
{
    struct nt_why why;
    char place[600];
    /* Without a slash it would be looked for in the system's folders. */
    snprintf(place, sizeof place, strchr(path, '/') ? "%s" : "./%s", path);
    if (!check_head(place, ret_why))
        return false;
    void *object = dlopen(place, RTLD_NOW | RTLD_LOCAL);
    if (!object)
        return refuse(ret_why, "%.190s", dlerror());
    const struct nt_plugin *plugin = dlsym(object, "netarium_plugin");
    if (!plugin)
        return refuse(ret_why,
                      "%.100s: this shared object is no plug-in: it exports no symbol netarium_plugin", path);
    if (!check_plugin(plugin, path, ret_why))
        return false;
    watch(registry->guard, plugin, path);
    if (!registry_add(registry, plugin, &why))
        return refuse(ret_why, "%.60s: %.130s", path, why.text);
    if (ret_plugin)
        *ret_plugin = plugin;
    return true;
}

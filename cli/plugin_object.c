/* SPDX-License-Identifier: MIT
 * See plugin_object.h. The file is ELF of 64 bits; nothing else is read. It was loaded before it comes here,
 * so its maker is trusted; still every place in it is checked against its size. */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "cli/plugin_object.h"

#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MOST_BYTES ((size_t)64 << 20)

/* ---- The file ---- */

static void read_file(struct plugin_object *object, const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t room = 0, count = 1;
    while (file && count > 0 && object->size_bytes < FILE_MOST_BYTES) {
        if (object->size_bytes == room) {
            room = room ? 2 * room : 65536;
            unsigned char *larger = realloc(object->file, room);
            if (!larger)
                break;
            object->file = larger;
        }
        count = fread(object->file + object->size_bytes, 1, room - object->size_bytes, file);
        object->size_bytes += count;
    }
    if (file)
        fclose(file);
}

/* `size` bytes at `offset` of the file, copied; false: the file is shorter. */
static bool take_bytes(const struct plugin_object *object, uint64_t offset, void *ret_bytes, size_t size)
{
    if (offset > object->size_bytes || size > object->size_bytes - offset)
        return false;
    memcpy(ret_bytes, object->file + offset, size);
    return true;
}

static bool take_header(const struct plugin_object *object, Elf64_Ehdr *ret_header)
{
    return object->file && take_bytes(object, 0, ret_header, sizeof *ret_header) &&
           memcmp(ret_header->e_ident, ELFMAG, SELFMAG) == 0 && ret_header->e_ident[EI_CLASS] == ELFCLASS64 &&
           ret_header->e_shentsize == sizeof(Elf64_Shdr);
}

static bool take_section(const struct plugin_object *object, const Elf64_Ehdr *header, uint64_t number,
                         Elf64_Shdr *ret_section)
{
    return number < header->e_shnum && header->e_shoff <= object->size_bytes &&
           take_bytes(object, header->e_shoff + number * sizeof *ret_section, ret_section,
                      sizeof *ret_section);
}

/* The name at `offset` of a section of names; NULL: it is not there, or not terminated. */
static const char *name_at(const struct plugin_object *object, const Elf64_Shdr *names, uint32_t offset)
{
    if (names->sh_offset > object->size_bytes || names->sh_size > object->size_bytes - names->sh_offset ||
        offset >= names->sh_size)
        return NULL;
    const char *name = (const char *)object->file + names->sh_offset + offset;
    return memchr(name, '\0', names->sh_size - offset) ? name : NULL;
}

/* Calls `look` with each symbol of the tables of this type until it returns true. False: there is no such
 * table. */
static bool each_symbol(const struct plugin_object *object, uint32_t type,
                        bool (*look)(void *context, const Elf64_Sym *symbol, const char *name), void *context)
{
    Elf64_Ehdr header;
    Elf64_Shdr section, names;
    Elf64_Sym symbol;
    bool is_there = false;
    for (uint64_t i = 0; take_header(object, &header) && take_section(object, &header, i, &section); i++) {
        if (section.sh_type != type || !take_section(object, &header, section.sh_link, &names))
            continue;
        is_there = true;
        for (uint64_t at = 0; at + sizeof symbol <= section.sh_size; at += sizeof symbol) {
            if (!take_bytes(object, section.sh_offset + at, &symbol, sizeof symbol))
                break;
            const char *name = name_at(object, &names, symbol.st_name);
            if (name && name[0] && look(context, &symbol, name))
                return true;
        }
    }
    return is_there;
}

struct wants {
    void (*take)(void *context, const char *name);
    void *context;
};

static bool look_at_wanted(void *context, const Elf64_Sym *symbol, const char *name)
{
    const struct wants *wants = context;
    if (symbol->st_shndx == SHN_UNDEF)
        wants->take(wants->context, name);
    return false;
}

bool plugin_object_wants(const struct plugin_object *object, void (*take)(void *context, const char *name),
                         void *context)
{
    struct wants wants = {take, context};
    return each_symbol(object, SHT_DYNSYM, look_at_wanted, &wants);
}

/* ---- Memory ---- */

static bool holds(const struct dl_phdr_info *info, const void *inside)
{
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t begin = info->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && (uintptr_t)inside >= begin &&
            (uintptr_t)inside - begin < part->p_memsz)
            return true;
    }
    return false;
}

/* What of [begin, end) is closed after loading: the tables of addresses. It stands at the beginning. */
static uintptr_t open_from(const struct dl_phdr_info *info, uintptr_t begin, uintptr_t end)
{
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t closed = info->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_GNU_RELRO && closed >= begin && closed + part->p_memsz <= end)
            return closed + part->p_memsz;
    }
    return begin;
}

struct search {
    struct plugin_object *object;
    const void *inside;
};

static int look_at_loaded(struct dl_phdr_info *info, size_t size, void *context)
{
    struct search *search = context;
    struct plugin_object *object = search->object;
    (void)size;
    if (!holds(info, search->inside))
        return 0;
    object->is_found = true;
    object->base = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum && object->piece_count < PLUGIN_OBJECT_PIECES; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t begin = info->dlpi_addr + part->p_vaddr, end = begin + part->p_memsz;
        if (part->p_type == PT_LOAD && end > object->end)
            object->end = end;
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_W))
            continue;
        begin = open_from(info, begin, end);
        struct plugin_object_piece *piece = &object->pieces[object->piece_count++];
        *piece =
            (struct plugin_object_piece){(const unsigned char *)begin, end - begin, malloc(end - begin + 1)};
        if (piece->copy)
            memcpy(piece->copy, piece->begin, piece->size_bytes);
    }
    return 1;
}

void plugin_object_init(struct plugin_object *object, const char *path, const void *inside)
{
    struct search search = {object, inside};
    *object = (struct plugin_object){0};
    read_file(object, path);
    dl_iterate_phdr(look_at_loaded, &search);
}

void plugin_object_release(struct plugin_object *object)
{
    for (size_t i = 0; i < object->piece_count; i++)
        free(object->pieces[i].copy);
    free(object->file);
}

bool plugin_object_holds(const struct plugin_object *object, const void *address)
{
    return object->is_found && (uintptr_t)address >= object->base && (uintptr_t)address < object->end;
}

struct changed {
    uintptr_t address; /* within the object */
    char *name;
    size_t size;
};

static bool look_at_variable(void *context, const Elf64_Sym *symbol, const char *name)
{
    struct changed *changed = context;
    if (ELF64_ST_TYPE(symbol->st_info) != STT_OBJECT || changed->address < symbol->st_value ||
        changed->address - symbol->st_value >= symbol->st_size)
        return false;
    snprintf(changed->name, changed->size, "\"%s\"", name);
    return true;
}

bool plugin_object_changed(const struct plugin_object *object, char *ret_name, size_t size)
{
    for (size_t i = 0; i < object->piece_count; i++) {
        const struct plugin_object_piece *piece = &object->pieces[i];
        for (size_t at = 0; piece->copy && at < piece->size_bytes; at++) {
            if (piece->begin[at] == piece->copy[at])
                continue;
            struct changed changed = {(uintptr_t)piece->begin + at - object->base, ret_name, size};
            snprintf(ret_name, size, "without a name");
            each_symbol(object, SHT_SYMTAB, look_at_variable, &changed);
            return true;
        }
    }
    return false;
}

/* SPDX-License-Identifier: MIT
 * Catching a crash in a plug-in. The face is guard.h; which callback it was is found in guard_name.c. */
#include "sim/guard.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unwind.h>

#define FRAMES_MOST 500000 /* of a stack that are looked at */

static const int caught[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/* ---- Watching ---- */

bool guard_watch_signals(struct guard *guard, void (*handler)(int signal))
{
    stack_t stack = {.ss_sp = guard->stack, .ss_size = sizeof guard->stack};
    if (sigaltstack(&stack, NULL) != 0)
        return false;
    for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++) {
        /* Not blocked meanwhile: the handler leaves by longjmp, and the next crash must be seen too. */
        struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK | SA_NODEFER};
        if (sigaction(caught[i], &action, NULL) != 0)
            return false;
    }
    return true;
}

void guard_add(struct guard *guard, const struct nt_plugin *plugin, const char *path, uintptr_t begin,
               uintptr_t end)
{
    if (guard->object_count >= GUARD_OBJECTS)
        return;
    struct guard_object *object = &guard->objects[guard->object_count++];
    const char *slash = strrchr(path, '/');
    *object = (struct guard_object){.plugin = plugin, .begin = begin, .end = end};
    snprintf(object->file, sizeof object->file, "%s", slash ? slash + 1 : path);
}

/* ---- Whose code is on the stack? ---- */

struct search {
    const struct guard *guard;
    struct guard_crash *crash;
    uint32_t frames;
};

/* From the innermost frame outwards: the first that is a plug-in's says whose crash it is; the last of the same
 * one, before the simulator's own, is what the simulator had called. */
static _Unwind_Reason_Code look_at_frame(struct _Unwind_Context *context, void *data)
{
    struct search *search = data;
    struct guard_crash *crash = search->crash;
    uintptr_t address = _Unwind_GetIP(context);
    const struct guard_object *found = NULL;
    if (++search->frames > FRAMES_MOST)
        return _URC_END_OF_STACK;
    for (uint32_t i = 0; i < search->guard->object_count && !found; i++) {
        const struct guard_object *object = &search->guard->objects[i];
        if (address >= object->begin && address < object->end)
            found = object;
    }
    if (!crash->object && found) {
        crash->object = found;
        crash->address = address;
    }
    if (crash->object && found != crash->object)
        return _URC_END_OF_STACK;
    if (found)
        crash->function = _Unwind_GetRegionStart(context);
    return _URC_NO_REASON;
}

void guard_caught(struct guard *guard, int number, char *ret_sentence, size_t size)
{
    struct search search = {.guard = guard, .crash = &guard->crash};
    char what[200];
    ret_sentence[0] = '\0';
    guard->crash = (struct guard_crash){.signal = number};
    _Unwind_Backtrace(look_at_frame, &search);
    if (!guard->crash.object) {
        signal(number, SIG_DFL);
        return;
    }
    if (guard->current)
        longjmp(guard->current->place, 1);
    guard_describe(&guard->crash, 0, NULL, what, sizeof what);
    snprintf(ret_sentence, size, "the plug-in \"%.40s\" crashed: %s", guard->crash.object->plugin->name, what);
}

void guard_accuse(struct guard *guard, const char *fault)
{
    if (!guard || !guard->current)
        return;
    struct search search = {.guard = guard, .crash = &guard->crash};
    guard->crash = (struct guard_crash){.signal = 0};
    snprintf(guard->crash.fault, sizeof guard->crash.fault, "%s", fault);
    _Unwind_Backtrace(look_at_frame, &search);
    if (guard->crash.object)
        longjmp(guard->current->place, 1);
}

const struct guard_crash *guard_take(struct guard *guard, struct guard_crash *ret_crash)
{
    if (!guard || !guard->crash.object)
        return NULL;
    *ret_crash = guard->crash;
    guard->crash.object = NULL;
    return ret_crash;
}

/* SPDX-License-Identifier: MIT
 * See plugin_play.h. */
#include "cli/plugin_play.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/inspect.h"

#define STACK_BYTES 65536

static void mix(struct plugin_play *play, uint64_t value)
{
    play->told = mix64(play->told ^ value) + 1;
}

/* Numbers of texts say nothing: the texts do. */
static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct plugin_play *play = NT_OWNER(sink, struct plugin_play, sink);
    const struct nt_kind *kind = run_kind_at(play->run, record->kind);
    (void)frame;
    mix(play, (uint64_t)record->at);
    mix(play, record->kind | (uint64_t)record->node << 32);
    mix(play, record->frame ^ record->cause << 20);
    for (int i = 0; i < inspect_field_count(kind); i++) {
        const char *text =
            kind->fields[i].unit == NT_UNIT_TEXT ? run_text(play->run, (uint64_t)record->values[i]) : NULL;
        mix(play, text ? fnv1a64(text, strlen(text)) : (uint64_t)record->values[i]);
    }
}

static void first_error(struct plugin_play *play)
{
    snprintf(play->why, sizeof play->why, "it cannot be read");
    for (size_t i = 0; i < play->errors.count; i++) {
        if (play->errors.entries[i].is_warning)
            continue;
        snprintf(play->why, sizeof play->why, "%s", play->errors.entries[i].text);
        return;
    }
}

bool plugin_play_open(struct plugin_play *play, const struct registry *registry,
                      const struct plugin_scene *scene, bool listens)
{
    *play = (struct plugin_play){.sink.take = take};
    error_list_init(&play->errors);
    play->scenario = scene->file ? scenario_read(scene->file, registry, NULL, &play->errors)
                                 : scenario_parse(scene->what, scene->text, strlen(scene->text), registry,
                                                  NULL, &play->errors);
    if (!play->scenario) {
        first_error(play);
        return false;
    }
    play->run = run_new(registry, 0);
    if (!run_build(play->run, play->scenario, &play->errors)) {
        first_error(play);
        play->has_crashed = run_failure(play->run)[0] != '\0';
        return false;
    }
    if (listens)
        run_listen(play->run, &play->sink);
    return true;
}

void plugin_play_close(struct plugin_play *play)
{
    run_free(play->run);
    scenario_free(play->scenario);
    error_list_release(&play->errors);
}

/* Padding between members is whatever lay on the stack, and copies of it get into the network's memory. It
 * means nothing; but that memory is compared byte by byte, so every event begins with the same stack. */
static void __attribute__((noinline)) clear_stack(void)
{
    unsigned char room[STACK_BYTES];
    memset(room, 0, sizeof room);
    __asm__ volatile("" : : "r"(room) : "memory"); /* it looks unused, and is not */
}

bool plugin_play_step(struct plugin_play *play)
{
    clear_stack();
    enum run_status status = run_step(play->run);
    if (status == RUN_FAILED) {
        play->has_crashed = true;
        snprintf(play->why, sizeof play->why, "%s", run_failure(play->run));
    }
    return status == RUN_GOES_ON;
}

bool plugin_play_end(struct plugin_play *play)
{
    while (plugin_play_step(play)) {
    }
    return !play->has_crashed;
}

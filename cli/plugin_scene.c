/* SPDX-License-Identifier: MIT
 * See plugin_scene.h. What is tried of each:
 *
 *     a node       three hosts around it; pings, a datagram to everybody's queue, a cable that is cut and
 * mended a medium     two or three hosts at it; pings a command    started on a host, with a second host that
 * runs the other commands of the plug-in a queue      a line that is too slow, with a flood; it is cut while
 * frames wait impairments  a line with pings and a flood congestion   a transfer over a line with a short
 * queue, which drops, is cut, and comes back
 *
 * Parameters that must be given get the least value that they allow. */
#include "cli/plugin_scene.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/param.h"

#define HOSTS_MOST 3

static const char *const host_names[HOSTS_MOST] = {"ann", "bob", "cat"};

/* ---- Parameters ---- */

/* The least that `param` allows, as a person would write it; false: nobody but a person can say it. */
static bool least_of(const struct nt_param *param, char *ret_text, size_t size)
{
    struct nt_value value = {.is_given = true, .number = param->least, .items = NULL};
    switch (param->kind) {
    case NT_PARAM_NODE:
        snprintf(ret_text, size, "%s", host_names[1]);
        return true;
    case NT_PARAM_TEXT:
        snprintf(ret_text, size, "text");
        return true;
    case NT_PARAM_BOOLEAN:
        snprintf(ret_text, size, "true");
        return true;
    case NT_PARAM_WORD:
        snprintf(ret_text, size, "%s", param->words[0]);
        return true;
    case NT_PARAM_PARSED:
    case NT_PARAM_MAP:
    case NT_PARAM_LIST:
    case NT_PARAM_PART:
    case NT_PARAM_PARTS:
        return false;
    default:
        param_show(param, &value, ret_text, size);
        return ret_text[0] != '\0';
    }
}

static bool cannot_say(struct plugin_scene *scene, const struct nt_param *param)
{
    snprintf(scene->untried, sizeof scene->untried,
             "%s: only a person can say its parameter \"%s\"; --scenario gives a network", scene->what,
             param->name);
    return false;
}

/* The parameters that must be given, as members of an object; each with a comma before it. */
static bool add_members(struct plugin_scene *scene, struct text *text, const struct nt_param *params)
{
    char value[200];
    for (; params && params->name; params++) {
        if (!(params->flags & NT_PARAM_REQUIRED))
            continue;
        if (!least_of(params, value, sizeof value))
            return cannot_say(scene, params);
        bool is_bare = params->kind == NT_PARAM_INTEGER || params->kind == NT_PARAM_BOOLEAN;
        text_add(text, is_bare ? ", \"%s\": %s" : ", \"%s\": \"%s\"", params->name, value);
    }
    return true;
}

/* On a command line a value is one word. */
static void close_up(char *value)
{
    char *to = value;
    for (const char *from = value; *from; from++)
        if (*from != ' ')
            *to++ = *from;
    *to = '\0';
}

/* The same as words of a command. */
static bool add_words(struct plugin_scene *scene, struct text *text, const struct nt_param *params)
{
    char value[200];
    for (; params && params->name; params++) {
        if (!(params->flags & NT_PARAM_REQUIRED))
            continue;
        if (!least_of(params, value, sizeof value))
            return cannot_say(scene, params);
        close_up(value);
        bool is_word = params->flags & NT_PARAM_POSITIONAL;
        text_add(text, " %s%s%s", is_word ? "" : params->name, is_word ? "" : " ", value);
    }
    return true;
}

/* ---- Networks ---- */

static void begin(struct text *text, uint32_t hosts)
{
    text_add(text, "{ \"netarium\": 1, \"stop\": \"6 s\", \"nodes\": {");
    for (uint32_t i = 0; i < hosts; i++)
        text_add(text, "%s\n  \"%s\": { \"type\": \"host\", \"address\": \"10.9.0.%u/24\" }", i ? "," : "",
                 host_names[i], i + 1);
}

static void end(struct text *text, const char *actions)
{
    text_add(text, " ],\n \"actions\": [%s ] }", actions);
}

/* Every parameter that may be set is set, to its default or to the least that it allows. */
static void add_sets(struct text *text, const struct nt_param *params)
{
    char value[200];
    for (; params && params->name; params++) {
        if (!(params->flags & NT_PARAM_SETTABLE))
            continue;
        snprintf(value, sizeof value, "%s", params->default_text ? params->default_text : "");
        if (!value[0] && !least_of(params, value, sizeof value))
            continue;
        close_up(value);
        text_add(text, ",\n  { \"at\": \"1.3 s\", \"on\": \"it\", \"run\": \"set %s %s\" }", params->name,
                 value);
    }
}

/* Every command that only this type knows is run, late, since it may be an end. */
static bool add_commands(struct plugin_scene *scene, struct text *text, const struct nt_app_type *commands)
{
    for (; commands && commands->name; commands++) {
        text_add(text, ",\n  { \"at\": \"4.8 s\", \"on\": \"it\", \"run\": \"%s", commands->name);
        if (!add_words(scene, text, commands->params))
            return false;
        text_add(text, "\" }");
    }
    return true;
}

static bool compose_node(struct plugin_scene *scene, struct text *text, const struct nt_node_type *type)
{
    bool is_medium = type->flags & NT_NODE_MEDIUM;
    uint32_t hosts = type->max_ports < HOSTS_MOST ? type->max_ports : HOSTS_MOST;
    begin(text, hosts);
    text_add(text, "%s\n  \"it\": { \"type\": \"%s\"", hosts ? "," : "", type->name);
    if (!add_members(scene, text, type->params))
        return false;
    text_add(text, " } },\n \"links\": [");
    for (uint32_t i = 0; i < hosts; i++) {
        text_add(text,
                 is_medium ? "%s\n  { \"tap\": \"it\", \"of\": \"%s\""
                           : "%s\n  { \"between\": [\"%s\", \"it\"], \"rate\": \"100 Mbps\"",
                 i ? "," : "", host_names[i]);
        if (!add_members(scene, text, type->port_params))
            return false;
        text_add(text, " }");
    }
    text_add(text, " ],\n \"actions\": [");
    if (hosts < 2)
        text_add(text, "\n  { \"at\": \"1 s\", \"on\": \"it\", \"run\": \"drop 1\" }");
    else
        text_add(text, "\n  { \"at\": \"1 s\", \"on\": \"ann\", \"run\": \"ping -c 5 -i 0.2 bob\" },"
                       "\n  { \"at\": \"3 s\", \"on\": \"bob\", \"run\": \"ping -c 20 -i 0.001 ann\" }");
    if (hosts == 1)
        text_add(text, ",\n  { \"at\": \"1 s\", \"on\": \"ann\", \"run\": \"ping -c 3 10.9.0.9\" }");
    if (!is_medium && hosts > 1)
        text_add(text, ",\n  { \"at\": \"3.01 s\", \"on\": \"ann-it\", \"run\": \"cut\" },"
                       "\n  { \"at\": \"4 s\", \"on\": \"ann-it\", \"run\": \"mend\" },"
                       "\n  { \"at\": \"4.5 s\", \"on\": \"ann\", \"run\": \"ping -c 2 -i 0.2 bob\" }");
    add_sets(text, type->params);
    bool is_composed = add_commands(scene, text, type->commands);
    text_add(text, " ] }");
    return is_composed;
}

static bool needs_words(const struct nt_param *params)
{
    for (; params && params->name; params++)
        if (params->flags & NT_PARAM_REQUIRED)
            return true;
    return false;
}

static bool compose_app(struct plugin_scene *scene, struct text *text, const struct nt_app_type *type,
                        const struct nt_plugin *plugin)
{
    char words[1000];
    struct text command = text_in(words, sizeof words);
    begin(text, 2);
    text_add(text, " },\n \"links\": [\n  { \"between\": [\"ann\", \"bob\"], \"rate\": \"10 Mbps\" } ],\n "
                   "\"actions\": [");
    for (size_t i = 0; plugin->apps[i]; i++)
        if (strcmp(plugin->apps[i]->name, type->name) != 0 && !needs_words(plugin->apps[i]->params))
            text_add(text, "\n  { \"at\": \"0 s\", \"on\": \"bob\", \"run\": \"%s\" },",
                     plugin->apps[i]->name);
    if (!add_words(scene, &command, type->params))
        return false;
    text_add(text, "\n  { \"at\": \"1 s\", \"on\": \"ann\", \"run\": \"%s%s\" } ] }", type->name, words);
    return true;
}

static bool compose_part(struct plugin_scene *scene, struct text *text, const struct nt_part_type *type)
{
    char words[1000];
    struct text members = text_in(words, sizeof words);
    bool is_congestion = strcmp(type->category, "congestion") == 0,
         is_queue = strcmp(type->category, "queue") == 0;
    if (!is_congestion && !is_queue && strcmp(type->category, "impair") != 0) {
        snprintf(scene->untried, sizeof scene->untried, "%s: no small network knows what a %.40s is for",
                 scene->what, type->category);
        return false;
    }
    if (!add_members(scene, &members, type->params))
        return false;
    text_add(text, "{ \"netarium\": 1, \"stop\": \"6 s\", \"nodes\": {\n  \"ann\": { \"type\": \"host\", "
                   "\"address\": \"10.9.0.1/24\"");
    if (is_congestion)
        text_add(text, ", \"tcp\": { \"congestion\": { \"type\": \"%s\"%s } }", type->name, words);
    text_add(text, " },\n  \"it\": { \"type\": \"switch\" },\n  \"bob\": { \"type\": \"host\", \"address\": "
                   "\"10.9.0.2/24\" } },\n \"links\": ["
                   "\n  { \"between\": [\"ann\", \"it\"], \"rate\": \"100 Mbps\" },"
                   "\n  { \"between\": [\"it\", \"bob\"], \"name\": \"slow\", \"rate\": \"2 Mbps\", "
                   "\"delay\": \"5 ms\"");
    if (is_queue)
        text_add(text, ", \"queue\": { \"type\": \"%s\"%s }", type->name, words);
    else if (is_congestion)
        text_add(text, ", \"queue\": { \"type\": \"drop-tail\", \"limit\": \"10 packets\" }");
    else
        text_add(text, ", \"impair\": [ { \"type\": \"%s\"%s } ]", type->name, words);
    text_add(text, " }");
    if (is_congestion)
        end(text, "\n  { \"at\": \"0 s\", \"on\": \"bob\", \"run\": \"discard\" },"
                  "\n  { \"at\": \"100 ms\", \"on\": \"ann\", \"run\": \"send-tcp bob --bytes 600kB\" },"
                  "\n  { \"at\": \"1.5 s\", \"on\": \"slow\", \"run\": \"cut\" },"
                  "\n  { \"at\": \"2 s\", \"on\": \"slow\", \"run\": \"mend\" },"
                  "\n  { \"at\": \"5 s\", \"on\": \"ann\", \"run\": \"send-tcp bob --bytes 50kB\" }");
    else
        end(text, "\n  { \"at\": \"0 s\", \"on\": \"bob\", \"run\": \"udp-sink\" },"
                  "\n  { \"at\": \"1 s\", \"on\": \"ann\", \"run\": \"udp-send bob --port 9 --size 1000 "
                  "--count 400 --interval 2ms\" },"
                  "\n  { \"at\": \"1.5 s\", \"on\": \"slow\", \"run\": \"cut\" },"
                  "\n  { \"at\": \"1.7 s\", \"on\": \"slow\", \"run\": \"mend\" },"
                  "\n  { \"at\": \"3 s\", \"on\": \"ann\", \"run\": \"ping -c 3 -i 0.2 bob\" }");
    return true;
}

/* The next scene, or NULL if there is no room. */
static struct plugin_scene *next(struct plugin_scene *scenes, size_t *count, const char *what,
                                 const char *name, struct text *ret_text)
{
    if (*count + 1 >= PLUGIN_SCENES)
        return NULL;
    struct plugin_scene *scene = &scenes[(*count)++];
    *scene = (struct plugin_scene){.file = NULL};
    snprintf(scene->what, sizeof scene->what, "%s \"%.40s\"", what, name);
    *ret_text = text_in(scene->text, sizeof scene->text);
    return scene;
}

size_t plugin_scene_make(const struct registry *registry, const struct nt_plugin *plugin, const char *file,
                         struct plugin_scene *ret_scenes)
{
    size_t count = 0;
    struct text text;
    struct plugin_scene *scene;
    for (size_t i = 0; i < registry->node_count; i++)
        if (registry_origin(registry, registry->nodes[i]) == plugin &&
            (scene = next(ret_scenes, &count, "node type", registry->nodes[i]->name, &text)))
            compose_node(scene, &text, registry->nodes[i]);
    for (size_t i = 0; i < registry->app_count; i++)
        if (registry_origin(registry, registry->apps[i]) == plugin &&
            (scene = next(ret_scenes, &count, "command", registry->apps[i]->name, &text)))
            compose_app(scene, &text, registry->apps[i], plugin);
    for (size_t i = 0; i < registry->part_count; i++)
        if (registry_origin(registry, registry->parts[i]) == plugin &&
            (scene = next(ret_scenes, &count, registry->parts[i]->category, registry->parts[i]->name, &text)))
            compose_part(scene, &text, registry->parts[i]);
    if (file) {
        scene = &ret_scenes[count++];
        *scene = (struct plugin_scene){.file = file};
        snprintf(scene->what, sizeof scene->what, "%.90s", file);
    }
    return count;
}

/* SPDX-License-Identifier: MIT
 * See scene.h. */
#include "tests/session/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nodes/builtin.h"

const char scene_two_hosts[] =
    "{\"netarium\": 1, \"title\": \"Two hosts\","
    " \"nodes\": {\"alice\": {\"type\": \"host\", \"address\": \"10.0.0.1/24\"},"
    "             \"bob\": {\"type\": \"host\", \"address\": \"10.0.0.2/24\"}},"
    " \"links\": [{\"between\": [\"alice\", \"bob\"], \"rate\": \"10 Mbps\", \"length\": \"100 m\"}],"
    " \"actions\": [{\"at\": \"1 s\", \"on\": \"alice\", \"run\": \"ping -c 4 bob\"}],"
    " \"stop\": \"6 s\"}";

const char scene_busy[] =
    "{\"netarium\": 1, \"title\": \"Busy\", \"seed\": 7,"
    " \"nodes\": {\"ann\": {\"type\": \"host\", \"address\": \"10.0.0.1/24\"},"
    "             \"bob\": {\"type\": \"host\", \"address\": \"10.0.0.2/24\"},"
    "             \"cay\": {\"type\": \"host\", \"address\": \"10.0.0.3/24\"},"
    "             \"sw\": {\"type\": \"switch\"}},"
    " \"links\": [{\"between\": [\"ann\", \"sw\"]}, {\"between\": [\"bob\", \"sw\"], \"name\": \"lossy\","
    "              \"impair\": [{\"type\": \"loss\", \"loss\": \"2 %\"}]},"
    "             {\"between\": [\"cay\", \"sw\"], \"rate\": \"10 Mbps\"}],"
    " \"actions\": [{\"at\": \"1 ms\", \"on\": \"ann\", \"run\": \"ping -q -i 0.001 bob\"},"
    "               {\"at\": \"1.3 ms\", \"on\": \"bob\", \"run\": \"ping -q -i 0.0007 -s 900 cay\"},"
    "               {\"at\": \"2 ms\", \"on\": \"cay\", \"run\": \"ping -q -i 0.003 ann\"}],"
    " \"stop\": \"100 s\"}";

static void give_up(const struct scene *scene)
{
    for (size_t i = 0; i < scene->errors.count; i++)
        fprintf(stderr, "%s\n", scene->errors.entries[i].text);
    abort();
}

void scene_init(struct scene *scene, const char *text, const struct session_options *options)
{
    struct nt_why why;
    error_list_init(&scene->errors);
    registry_init(&scene->registry);
    registry_add(&scene->registry, &builtin_types, &why);
    scene->scenario =
        scenario_parse("scene.json", text, strlen(text), &scene->registry, NULL, &scene->errors);
    if (!scene->scenario)
        give_up(scene);
    scene->session = session_new(&scene->registry, scene->scenario, options, &scene->errors);
    if (!scene->session)
        give_up(scene);
}

void scene_release(struct scene *scene)
{
    session_free(scene->session);
    scenario_free(scene->scenario);
    error_list_release(&scene->errors);
    registry_release(&scene->registry);
}

uint32_t scene_node(const struct scene *scene, const char *name)
{
    return run_node_named(session_run(scene->session), name)->id;
}

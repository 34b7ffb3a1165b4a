/* SPDX-License-Identifier: MIT
 * netarium draw: a picture of a run as a file.
 *
 *     read and check the file  ->  may the picture be written?  ->  run to the end, so that the future is
 * known
 *     ->  go (back) to the instant  ->  draw  ->  write */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/draw_report.h"
#include "cli/subcommands.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/phrase.h"
#include "sim/scenario.h"
#include "views/canvas/raster.h"
#include "views/canvas/svg.h"
#include "views/pictures/picture.h"

#define REPORT "report"

enum draw_option {
    DRAW_VIEW,
    DRAW_AT,
    DRAW_SPAN,
    DRAW_SIZE,
    DRAW_SCALE,
    DRAW_THEME,
    DRAW_NODE,
    DRAW_FLOW,
    DRAW_AGAINST,
    DRAW_BETWEEN,
    DRAW_FRAME,
    DRAW_OUTPUT,
    DRAW_UNTIL,
    DRAW_SEED,
    DRAW_SET
};

static const struct option draw_options[] = {
    [DRAW_VIEW] = {{"--view", NT_PARAM_TEXT, .summary = "what to draw; see below"}, "NAME"},
    [DRAW_AT] = {{"--at", NT_PARAM_TIME, .summary = "the instant; the middle of what happens if not given"},
                 "T"},
    [DRAW_SPAN] = {{"--span", NT_PARAM_TEXT, .summary = "from when to when, as in 0s..20ms"}, "A..B"},
    [DRAW_SIZE] = {{"--size", NT_PARAM_TEXT, .summary = "pixels at scale 1; 1200x700 if not given"}, "WxH"},
    [DRAW_SCALE] = {{"--scale", NT_PARAM_INTEGER, .least = 1, .most = 8, .summary = "so many times as large"},
                    "N"},
    [DRAW_THEME] = {{"--theme", NT_PARAM_WORD, .words = theme_names, .summary = "light, dark or print"},
                    "NAME"},
    [DRAW_NODE] = {{"--node", NT_PARAM_TEXT, .summary = "the node that it is about"}, "NAME"},
    [DRAW_FLOW] = {{"--flow", NT_PARAM_TEXT,
                    .summary = "the connection that it is about: a part of its name, or the node that "
                               "sends; several are laid over each other"},
                   "WORDS",
                   OPTION_REPEATS},
    [DRAW_AGAINST] = {{"--against", NT_PARAM_TEXT,
                       .summary =
                           "lay the connection of a second run over it, with another value of the file"},
                      "PATH=VALUE",
                      OPTION_REPEATS},
    [DRAW_BETWEEN] = {{"--between", NT_PARAM_TEXT, .summary = "the columns of a ladder, as in alice,r,bob"},
                      "NAMES"},
    [DRAW_FRAME] = {{"--frame", NT_PARAM_INTEGER, .least = 1, .most = INT64_MAX,
                     .summary = "the frame that it is about"},
                    "N"},
    [DRAW_OUTPUT] = {{"-o", NT_PARAM_TEXT, .summary = "where to: a name that ends in .svg, .png or .pdf"},
                     "FILE"},
    [DRAW_UNTIL] = {{"--until", NT_PARAM_TIME, .summary = "stop at this instant, whatever the file says"},
                    "T"},
    [DRAW_SEED] = {{"--seed", NT_PARAM_INTEGER, .most = INT64_MAX,
                    .summary = "dice for this run, instead of the file's"},
                   "N"},
    [DRAW_SET] = {{"--set", NT_PARAM_TEXT,
                   .summary = "change one value of the file, as in links[0].rate=1Mbps"},
                  "PATH=VALUE",
                  OPTION_REPEATS},
    {{0}}};

/* What the command line asks for, understood. */
struct plan_of_drawing {
    const struct picture_type *type; /* NULL: the report */
    double width, height;
    const char *path, *ending;
    bool has_span;
    nt_time from, to;
    char flow[400];    /* what --flow says, between commas */
    char against[200]; /* what --against says, likewise */
};

/* ---- Before the run: everything that can be wrong ---- */

static bool read_view(struct front *front, const char *name, struct plan_of_drawing *plan)
{
    plan->type = name ? picture_find(name) : NULL;
    if (plan->type || (name && strcmp(name, REPORT) == 0))
        return true;
    const char *nearest = name ? picture_nearest(name) : NULL;
    if (!name)
        front_say(front, "draw needs --view; netarium help draw shows which there are");
    else if (nearest)
        front_say(front, "there is no view \"%s\"; did you mean \"%s\"?", name, nearest);
    else
        front_say(front, "there is no view \"%s\"; netarium help draw shows which there are", name);
    return false;
}

static bool read_size(struct front *front, const char *text, struct plan_of_drawing *plan)
{
    int width, height;
    char rest;
    plan->width = 1200;
    plan->height = 700;
    if (!text)
        return true;
    bool is_read = sscanf(text, "%dx%d%c", &width, &height, &rest) == 2;
    if (!is_read || width < 200 || height < 120 || width > 8000 || height > 8000) {
        front_say(front,
                  "--size is two numbers of pixels, as in 1200x700, from 200x120 to 8000x8000, not \"%s\"",
                  text);
        return false;
    }
    plan->width = width;
    plan->height = height;
    return true;
}

static bool read_span(struct front *front, const char *text, struct plan_of_drawing *plan)
{
    char first[64];
    const char *dots = text ? strstr(text, "..") : NULL;
    if (!text)
        return true;
    bool is_read = dots && (size_t)(dots - text) < sizeof first;
    if (is_read) {
        snprintf(first, sizeof first, "%.*s", (int)(dots - text), text);
        is_read = units_read(UNITS_TIME, first, "s", &plan->from, NULL) &&
                  units_read(UNITS_TIME, dots + 2, "s", &plan->to, NULL);
    }
    if (!is_read || plan->from >= plan->to) {
        front_say(front, "--span is two times, the first the earlier, as in 0s..20ms, not \"%s\"", text);
        return false;
    }
    plan->has_span = true;
    return true;
}

static bool read_output(struct front *front, const char *path, const char *view, struct plan_of_drawing *plan)
{
    static const char *const endings[] = {".svg", ".png", ".pdf", ".html"};
    bool is_report = view && strcmp(view, REPORT) == 0;
    plan->path = path;
    const char *dot = path ? strrchr(path, '.') : NULL;
    for (unsigned i = is_report ? 2 : 0; dot && i < (is_report ? 4 : 3); i++)
        if (strcmp(dot, endings[i]) == 0)
            plan->ending = endings[i];
    bool needs_cairo =
        plan->ending && (strcmp(plan->ending, ".png") == 0 || strcmp(plan->ending, ".pdf") == 0);
    const char *ways = is_report ? ".pdf or .html" : ".svg, .png or .pdf";
    if (!path)
        front_say(front, "draw needs -o FILE: a name that ends in %s", ways);
    else if (!plan->ending)
        front_say(front, "\"%s\" must end in %s, so that it is known what to write", path, ways);
    else if (needs_cairo && !raster_is_built())
        front_say(front, "this build draws %s only; %s needs a build with cairo", is_report ? "HTML" : "SVG",
                  plan->ending);
    else
        return true;
    return false;
}

/* What this view does not heed is refused, so that nobody waits for what will not come. */
static bool check_heeded(struct front *front, const struct option_value *values,
                         const struct plan_of_drawing *plan)
{
    static const struct {
        enum draw_option option;
        unsigned takes;
    } needs[] = {{DRAW_NODE, PICTURE_TAKES_NODE},       {DRAW_FLOW, PICTURE_TAKES_FLOW},
                 {DRAW_BETWEEN, PICTURE_TAKES_BETWEEN}, {DRAW_FRAME, PICTURE_TAKES_FRAME},
                 {DRAW_AGAINST, PICTURE_TAKES_AGAINST}, {DRAW_SPAN, PICTURE_TAKES_SPAN}};
    for (unsigned i = 0; i < sizeof needs / sizeof *needs; i++) {
        char others[120];
        struct text text = text_in(others, sizeof others);
        unsigned takes = plan->type ? plan->type->takes : 0; /* a report heeds none of them */
        if (!values[needs[i].option].is_given || takes & needs[i].takes)
            continue;
        for (const struct picture_type *type = picture_types; type->name; type++)
            if (type->takes & needs[i].takes)
                text_add(&text, "%s%s", text.length ? ", " : "", type->name);
        front_say(front, "--view %s does not heed %s; these do: %s", values[DRAW_VIEW].value.text,
                  draw_options[needs[i].option].param.name, others);
        return false;
    }
    static const enum draw_option of_pictures[] = {DRAW_AT, DRAW_SIZE, DRAW_SCALE};
    for (unsigned i = 0; !plan->type && i < sizeof of_pictures / sizeof *of_pictures; i++)
        if (values[of_pictures[i]].is_given) {
            front_say(front, "--view " REPORT " does not heed %s: it shows all of the run on pages of one size",
                      draw_options[of_pictures[i]].param.name);
            return false;
        }
    return true;
}

/* All that an option was given, between commas. */
static void join(const struct option_value *value, char *ret_text, size_t size)
{
    struct text text = text_in(ret_text, size);
    for (size_t i = 0; i < value->count; i++)
        text_add(&text, "%s%s", i ? "," : "", value->texts[i]);
}

/* Opened before the run, so that a folder that cannot be written is said at once; what may be in the file
 * stays there until there is something to write. */
static FILE *open_output(struct front *front, const char *path, bool *ret_is_new)
{
    FILE *older = fopen(path, "rb");
    FILE *file = fopen(path, "ab");
    *ret_is_new = !older;
    if (older)
        fclose(older);
    if (!file)
        front_say(front, "%s cannot be written: %s", path, strerror(errno));
    return file;
}

/* ---- The run, and the picture ---- */

/* To the end, then back to the instant. False: it cannot be, which was said. */
static bool go_there(struct front *front, const struct options *options, struct session *session,
                     struct picture_wish *wish, const struct plan_of_drawing *plan)
{
    struct session_limits limits = {.is_interrupted = front->is_interrupted};
    char covered[64], wanted[64];
    const struct option_value *at = &options->values[DRAW_AT];
    if (wish->against && session_goto(wish->against, NT_NEVER, &limits) == SESSION_PAUSED)
        return false;
    enum session_stop stop = session_goto(session, NT_NEVER, &limits);
    nt_time end = session_now(session);
    if (stop == SESSION_PAUSED)
        return false;
    if (stop == SESSION_FAILED)
        front_say(front, "%s", session_failure(session));
    nt_time latest = plan->has_span ? plan->from : at->is_given ? at->value.number : 0;
    if (latest > end) {
        picture_time(covered, sizeof covered, end, NT_NANOSECOND);
        picture_time(wanted, sizeof wanted, latest, NT_NANOSECOND);
        front_say(front, "the run covers 0 s to %s; there is nothing at %s", covered, wanted);
        return false;
    }
    if (plan->has_span && plan->to > end) {
        picture_time(covered, sizeof covered, end, NT_NANOSECOND);
        front_say(front, "the run covers 0 s to %s; the picture ends there", covered);
    }
    wish->from = plan->has_span ? plan->from : 0;
    wish->to = plan->has_span && plan->to < end ? plan->to : end > 0 ? end : 1;
    if (at->is_given)
        session_goto(session, at->value.number, &limits);
    if (!plan->has_span && plan->type->choose_span)
        plan->type->choose_span(wish);
    bool has_instant = !(plan->type->takes & PICTURE_TAKES_SPAN) &&
                       !wish->frame; /* a frame is looked for in all of the run */
    if (!at->is_given && has_instant && session_records(session) > 1)
        session_goto_record(session, picture_middle(session), &limits);
    else if (!at->is_given)
        session_goto(session, wish->to, &limits);
    if (wish->against && session_goto(wish->against, session_now(session), &limits) == SESSION_PAUSED)
        return false;
    return true;
}

static bool write_picture(FILE *file, const struct canvas *canvas, const char *ending, double scale,
                          const char *title)
{
    draw_begin_file(file);
    if (strcmp(ending, ".png") == 0)
        return raster_write_png(file, canvas, scale);
    if (strcmp(ending, ".pdf") == 0)
        return raster_write_pdf(file, &canvas, 1, scale, title);
    svg_write(file, canvas, scale, title);
    return true;
}

static bool names_a_node(struct front *front, const struct run *run, const char *name)
{
    if (!name || run_node_named(run, name))
        return true;
    const char **names = calloc(run_node_count(run) + 1, sizeof *names);
    for (uint32_t id = 1; id <= run_node_count(run); id++)
        names[id - 1] = run_node(run, id)->name;
    char hint[200];
    phrase_hint(name, names, run_node_count(run), hint, sizeof hint);
    front_say(front, "there is no node called \"%s\"%s", name, hint);
    free(names);
    return false;
}

static enum front_status draw_session(struct front *front, const struct options *options,
                                      struct session *session, struct session *against,
                                      const struct plan_of_drawing *plan)
{
    const struct option_value *values = options->values;
    struct picture_wish wish = {
        .session = session,
        .width = plan->width,
        .height = plan->height,
        .theme = theme_find(values[DRAW_THEME].is_given ? values[DRAW_THEME].value.text : "light"),
        .node = values[DRAW_NODE].value.text,
        .flow = *plan->flow ? plan->flow : NULL,
        .against = against,
        .against_is = plan->against,
        .between = values[DRAW_BETWEEN].value.text,
        .frame = (uint64_t)values[DRAW_FRAME].value.number};
    double scale = values[DRAW_SCALE].is_given ? (double)values[DRAW_SCALE].value.number : 1;
    struct nt_why why = {"there is nothing to draw"};
    struct canvas canvas;
    if (!names_a_node(front, session_run(session), wish.node))
        return FRONT_INPUT;
    bool is_new;
    FILE *file = open_output(front, plan->path, &is_new);
    if (!file)
        return FRONT_INPUT;
    enum front_status status = FRONT_INPUT;
    canvas_init(&canvas, plan->width, plan->height);
    if (!plan->type) {
        status = draw_report(front, session, file, strcmp(plan->ending, ".html") == 0, wish.theme);
    } else if (go_there(front, options, session, &wish, plan)) {
        const char *title = run_scenario(session_run(session))->title;
        if (!plan->type->draw(&wish, &canvas, &why))
            front_say(front, "%s", why.text);
        else if (write_picture(file, &canvas, plan->ending, scale, title ? title : plan->type->name))
            status = FRONT_HOLDS;
    }
    bool is_whole = !ferror(file);
    is_whole &= fclose(file) == 0;
    canvas_release(&canvas);
    if (status == FRONT_HOLDS && !is_whole) {
        front_say(front, "%s could not be written whole: %s", plan->path, strerror(errno));
        status = FRONT_SIMULATOR;
    }
    if (status != FRONT_HOLDS && is_new)
        remove(plan->path);
    return *front->is_interrupted ? FRONT_INTERRUPTED : status;
}

/* A scenario and its session; NULL: what is wrong was said. */
struct built {
    struct scenario *scenario;
    struct session *session;
};

/* `more`: values that are other than in the file, besides those of --set; NULL: none. */
static bool build(struct front *front, const struct options *options, const struct option_value *more,
                  struct built *ret_built)
{
    const struct option_value *values = options->values;
    struct error_list errors;
    size_t count = values[DRAW_SET].count + (more ? more->count : 0);
    const char **overrides = calloc(count + 1, sizeof *overrides);
    for (size_t i = 0; i < count; i++)
        overrides[i] =
            i < values[DRAW_SET].count ? values[DRAW_SET].texts[i] : more->texts[i - values[DRAW_SET].count];
    struct scenario_options wanted = {.overrides = overrides,
                                      .override_count = count,
                                      .has_seed = values[DRAW_SEED].is_given,
                                      .seed = (uint64_t)values[DRAW_SEED].value.number,
                                      .has_stop = values[DRAW_UNTIL].is_given,
                                      .stop = values[DRAW_UNTIL].value.number};
    error_list_init(&errors);
    ret_built->scenario = scenario_read(options->words[0], &front->registry, &wanted, &errors);
    ret_built->session =
        ret_built->scenario ? session_new(&front->registry, ret_built->scenario, NULL, &errors) : NULL;
    front_print_errors(front, &errors);
    error_list_release(&errors);
    free(overrides);
    return ret_built->session;
}

static enum front_status draw_main(struct front *front, const struct options *options)
{
    const struct option_value *values = options->values;
    struct plan_of_drawing plan = {0};
    struct built built = {0}, against = {0};
    enum front_status status = FRONT_INPUT;
    bool is_right = read_view(front, values[DRAW_VIEW].value.text, &plan);
    is_right &= read_size(front, values[DRAW_SIZE].value.text, &plan);
    is_right &= read_span(front, values[DRAW_SPAN].value.text, &plan);
    is_right &= read_output(front, values[DRAW_OUTPUT].value.text, values[DRAW_VIEW].value.text, &plan);
    if (!is_right || !check_heeded(front, values, &plan))
        return FRONT_INPUT;
    join(&values[DRAW_FLOW], plan.flow, sizeof plan.flow);
    join(&values[DRAW_AGAINST], plan.against, sizeof plan.against);
    if (build(front, options, NULL, &built) &&
        (!values[DRAW_AGAINST].is_given || build(front, options, &values[DRAW_AGAINST], &against)))
        status = draw_session(front, options, built.session, against.session, &plan);
    session_free(against.session);
    scenario_free(against.scenario);
    session_free(built.session);
    scenario_free(built.scenario);
    return status;
}

const struct subcommand draw_subcommand = {
    .name = "draw",
    .usage = "FILE --view NAME -o PICTURE",
    .summary = "draws a picture of a run: a map, a ladder, a shared cable ...",
    .options = draw_options,
    .least_words = 1,
    .most_words = 1,
    .word_is = "a scenario file",
    .can_be_interrupted = true,
    .run = draw_main,
    .more = "Views:\n"
            "  map       the network: its nodes and cables, and every frame on its way, to scale\n"
            "  ladder    who sent what to whom, time going down\n"
            "  segment   a shared cable: place across, time down, every signal and collision\n"
            "  tcp       a TCP connection: its bytes as a ruler, its windows, its round trips\n"
            "  sequence  a TCP connection's bytes over time: sent, sent again, acknowledged\n"
            "  queue     frames that wait for a cable: how many, how long, and which were dropped\n"
            "  utilisation  how busy each cable is\n"
            "  state     what state everything is in: connections, ports, clients\n"
            "  tables    the tables of a node\n"
            "  packet    one frame taken apart: layers, fields, bytes\n"
            "  report    all of it on a few pages, as .pdf or .html\n"
            "\n"
            "Several connections (--flow ann,amy), or one in two runs (--against PATH=VALUE), are laid over\n"
            "each other by tcp and sequence. The run goes to its end first, so that what lies behind the\n"
            "instant can be drawn faded.\n",
};

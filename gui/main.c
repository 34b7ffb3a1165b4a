/* SPDX-License-Identifier: MIT
 * netarium-gui: opens a window, and hands on what comes from it.
 *
 *     netarium-gui [FILE] [--script KEYS] [--shot PICTURE.png] [--size WxH] [--scale S] [--theme NAME]
 * [--big] [--scenarios FOLDER]
 *
 * The loop: what was typed or clicked changes the state (keys.c, mouse.c); time passes for a few milliseconds
 * (moving.c); the state is drawn as a list (stage.c); if the list is another one than before, its pixels are
 * made and shown. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gui/app.h"
#include "gui/screen.h"
#include "gui/script.h"
#include "gui/settings.h"
#include "sim/guard.h"
#include "sim/plugin.h"
#include "views/canvas/raster.h"
#include "views/canvas/svg.h"

#define FRAME_MS 16
#define SHADES 40    /* of 256: long lines are smoothed otherwise where the part that is drawn begins elsewhere */
#define LOOK_MS 1000 /* between two looks at the file on disk */

#define PLUGINS 16

struct options {
    const char *file, *script, *shot, *theme, *folder;
    const char *plugins[PLUGINS];
    unsigned plugin_count;
    int width, height;
    double scale;
    bool is_big;
};

/* How long a person is kept waiting: for what a key does, a slice of time, a drawing. */
enum { PACE_KEYS, PACE_TIME, PACE_DRAWING, PACES };

struct pace {
    uint64_t count, sum_ms, longest_ms;
};

struct window {
    struct app app;
    struct screen *screen;
    struct canvas shown; /* what is on the screen */
    uint64_t hash;                       /* of where everything is, or of a page that is drawn whole */
    uint64_t region_hashes[APP_REGIONS]; /* of what each region shows on the screen */
    uint64_t regions_drawn;              /* alone, so far */
    struct canvas_box overlay;           /* where it is on the screen; width 0: nowhere */
    uint64_t overlay_hash;
    bool is_full; /* it takes the whole screen */
    struct pace pace[PACES];
    uint64_t looked_at;
};

/* What signals find; the only mutable data outside of functions here. */
static struct guard guard;

static void on_crash(int number)
{
    char sentence[300];
    guard_caught(&guard, number, sentence, sizeof sentence);
    if (!sentence[0]) {
        raise(number);
        return;
    }
    fprintf(stderr, "netarium-gui: %s\n", sentence);
    _exit(3);
}

/* ---- Options ---- */

static int refuse(const char *sentence, const char *word)
{
    fprintf(stderr, "netarium-gui: ");
    fprintf(stderr, sentence, word);
    fputc('\n', stderr);
    return 2;
}

/* 0: read; else the exit status. */
static int read_option(struct options *options, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **place;
    } texts[] = {{"--script", &options->script},
                 {"--shot", &options->shot},
                 {"--theme", &options->theme},
                 {"--scenarios", &options->folder}};
    if (!value)
        return refuse("%s needs a value", name);
    if (strcmp(name, "--plugin") == 0 && options->plugin_count < PLUGINS) {
        options->plugins[options->plugin_count++] = value;
        return 0;
    }
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].name, name) == 0) {
            *texts[i].place = value;
            return 0;
        }
    if (strcmp(name, "--size") == 0 && sscanf(value, "%dx%d", &options->width, &options->height) == 2 &&
        options->width >= 320 && options->height >= 200 && options->width <= 8000 && options->height <= 8000)
        return 0;
    if (strcmp(name, "--scale") == 0 && sscanf(value, "%lf", &options->scale) == 1 && options->scale >= 0.5 &&
        options->scale <= 8)
        return 0;
    return refuse("%s means nothing here; see netarium-gui --help", name);
}

static void print_help(void)
{
    puts("usage: netarium-gui [FILE] [options]\n\n"
         "  --scenarios FOLDER  what the start page offers\n"
         "  --size WxH          how large the window is, 1280x760 if not given\n"
         "  --scale S           everything so many times as large, 0.5 to 8\n"
         "  --theme NAME        light, dark or print\n"
         "  --plugin FILE.so    types of nodes and commands from a shared object; may be repeated\n"
         "  --big               for the back row, as F11 does\n"
         "  --script FILE       types and clicks what the file says, then ends: see gui/README.md\n"
         "  --shot FILE.png     with --script: the last picture\n\n"
         "F1 in the window shows all keys.");
}

static int read_options(struct options *options, int count, char **words)
{
    *options = (struct options){.width = 1280, .height = 760};
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--help") == 0) {
            print_help();
            return -1;
        }
        if (strcmp(words[i], "--big") == 0) {
            options->is_big = true;
        } else if (strncmp(words[i], "--", 2) == 0) {
            int status = read_option(options, words[i], i + 1 < count ? words[i + 1] : NULL);
            if (status)
                return status;
            i++;
        } else {
            options->file = words[i];
        }
    }
    if (options->theme && !theme_find(options->theme))
        return refuse("there is no theme \"%s\"; there are light, dark and print", options->theme);
    return 0;
}

/* The folder of scenarios: here, beside the program's build folder, or where they were installed. */
static const char *find_folder(const char *program, char *path, size_t size)
{
    static const char *const places[] = {"scenarios", "%s/../../scenarios", "%s/../share/netarium/scenarios"};
    char self[400];
    struct stat about;
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(length > 0 ? self : strcpy(self, program), '/');
    if (slash)
        *slash = '\0';
    for (unsigned i = 0; i < 3; i++) {
        snprintf(path, size, places[i], self);
        if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
            return path;
    }
    return NULL;
}

/* ---- Drawing ---- */

static double scale_of(const struct window *window)
{
    return screen_scale(window->screen) * (window->app.is_big ? 1.35 : 1);
}

/* Where everything is: as long as this is the same, a region can be drawn alone. */
static uint64_t hash_of_layout(const struct app *app, int width, int height)
{
    uint64_t hash = (uint64_t)width << 32 ^ (uint64_t)height << 8 ^ (app->is_big ? 1 : 0);
    for (const char *letter = app->theme->name; *letter; letter++)
        hash = hash * 31 + (unsigned char)*letter;
    for (unsigned i = 0; i < app->region_count; i++) {
        const struct canvas_box *box = &app->regions[i].box;
        hash = hash * 1000003 + (uint64_t)box->x;
        hash = hash * 1000003 + (uint64_t)box->y;
        hash = hash * 1000003 + (uint64_t)box->width;
        hash = hash * 1000003 + (uint64_t)box->height;
    }
    return hash;
}

/* The pixels in `box`, from a list in the window's coordinates. */
static void draw_box(struct window *window, const struct canvas *list, const struct canvas_box *box, double scale)
{
    int width, height, stride;
    uint8_t *pixels = screen_pixels(window->screen, &width, &height, &stride);
    int left = (int)floor(box->x * scale), top = (int)floor(box->y * scale);
    int right = (int)ceil((box->x + box->width) * scale), lower = (int)ceil((box->y + box->height) * scale);
    left = left < 0 ? 0 : left;
    top = top < 0 ? 0 : top;
    right = right > width ? width : right;
    lower = lower > height ? height : lower;
    if (left >= right || top >= lower)
        return;
    raster_draw_part(list, scale, &(struct raster_part){left, top, right, lower},
                     window->app.theme->colors[THEME_BACK], pixels, width, height, stride);
    screen_touch(window->screen, left, top, right - left, lower - top);
}

static void draw_region(struct window *window, const struct app_region *region, double scale)
{
    struct canvas placed;
    canvas_init(&placed, window->app.width, window->app.height);
    canvas_append(&placed, region->x, region->y, &region->part);
    draw_box(window, &placed, &region->box, scale);
    canvas_release(&placed);
}

/* What lies over the regions is drawn again when it, or any of them, has changed; so is where it was. */
static void draw_changed(struct window *window, double scale)
{
    const struct app_region *overlay = &window->app.overlay;
    bool is_changed = overlay->hash != window->overlay_hash;
    for (unsigned i = 0; i < window->app.region_count; i++)
        if (window->app.regions[i].hash != window->region_hashes[i]) {
            draw_region(window, &window->app.regions[i], scale);
            window->regions_drawn++;
            is_changed = true;
        }
    if (is_changed && window->overlay.width > 0)
        draw_box(window, &window->shown, &window->overlay, scale);
    if (is_changed && overlay->box.width > 0)
        draw_box(window, &window->shown, &overlay->box, scale);
}

static void draw(struct window *window)
{
    int width, height, stride;
    uint8_t *pixels = screen_pixels(window->screen, &width, &height, &stride);
    double scale = scale_of(window);
    window->app.width = width / scale;
    window->app.height = height / scale;
    canvas_clear(&window->shown, window->app.width, window->app.height);
    stage_draw(&window->app, &window->shown);
    const struct app *app = &window->app;
    uint64_t layout = hash_of_layout(app, width, height);
    uint64_t hash = app->region_count ? layout : canvas_hash(&window->shown) ^ layout;
    if (hash != window->hash) {
        window->hash = hash;
        raster_draw(&window->shown, scale, 0, 0, pixels, width, height, stride);
        screen_touch(window->screen, 0, 0, width, height);
    } else {
        draw_changed(window, scale);
    }
    for (unsigned i = 0; i < app->region_count; i++)
        window->region_hashes[i] = app->regions[i].hash;
    window->overlay = app->overlay.box;
    window->overlay_hash = app->overlay.hash;
    screen_show(window->screen);
}

static void draw_fresh(struct window *window)
{
    window->app.wants_fresh = true;
    draw(window);
    window->app.wants_fresh = false;
}

/* Is what the regions have become, one by one, what a drawing from nothing would be? */
static bool is_as_whole(struct window *window)
{
    int width, height, stride;
    draw_fresh(window);
    const uint8_t *pixels = screen_pixels(window->screen, &width, &height, &stride);
    uint8_t *fresh = calloc((size_t)height, (size_t)stride);
    bool is_same = fresh && raster_draw(&window->shown, scale_of(window), 0, 0, fresh, width, height, stride);
    size_t at = 0, bytes = (size_t)height * (size_t)stride;
    while (is_same && at < bytes && abs(pixels[at] - fresh[at]) <= SHADES)
        at++;
    is_same = is_same && at == bytes;
    free(fresh);
    if (is_same)
        printf("as from nothing, %llu regions drawn alone\n", (unsigned long long)window->regions_drawn);
    else
        fprintf(stderr, "netarium-gui: what is shown differs from a drawing from nothing at %zu %zu\n",
                at % (size_t)stride / 4, at / (size_t)stride);
    return is_same;
}

static bool shoot(struct window *window, const char *path)
{
    draw_fresh(window);
    FILE *file = fopen(path, "wb");
    const char *ending = strrchr(path, '.');
    bool is_written = file != NULL;
    if (file && ending && strcmp(ending, ".svg") == 0)
        svg_write(file, &window->shown, scale_of(window), "Netarium");
    else
        is_written = file && raster_write_png(file, &window->shown, scale_of(window));
    is_written = is_written && !ferror(file);
    if (file && fclose(file) != 0)
        is_written = false;
    if (!is_written)
        refuse("%s cannot be written", path);
    return is_written;
}

/* P: netarium-0001.png, the first that is not there yet, in this folder. */
static void save_picture(struct window *window)
{
    char path[40];
    struct stat about;
    window->app.wants_picture = false;
    for (unsigned number = 1; number < 10000; number++) {
        snprintf(path, sizeof path, "netarium-%04u.png", number);
        if (stat(path, &about) != 0)
            break;
    }
    app_say(&window->app, shoot(window, path) ? "Saved as %s." : "%s cannot be written here.", path);
}

/* ---- Events ---- */

static void take(struct window *window, const struct screen_event *event)
{
    struct app *app = &window->app;
    double factor = app->is_big ? 1 / 1.35 : 1;
    switch (event->kind) {
    case SCREEN_QUIT:
        app->has_ended = true;
        break;
    case SCREEN_KEY:
        keys_press(app, event->text, event->mods);
        break;
    case SCREEN_TYPED:
        keys_type(app, event->text);
        break;
    case SCREEN_PRESS:
        mouse_press(app, &window->shown, event->x * factor, event->y * factor, event->button,
                    event->clicks);
        break;
    case SCREEN_RELEASE:
        mouse_release(app);
        break;
    case SCREEN_MOVE:
        mouse_move(app, event->x * factor, event->y * factor);
        break;
    case SCREEN_WHEEL:
        mouse_wheel(app, event->amount, event->mods);
        break;
    case SCREEN_DROP:
        app_open(app, event->text);
        break;
    default:
        break;
    }
}

/* ---- By hand, and by script ---- */

static void live(struct window *window)
{
    while (!window->app.has_ended) {
        struct screen_event event;
        bool is_busy = window->app.is_playing || window->app.wanted[0] || window->app.journey_count;
        int wait = is_busy ? 1 : FRAME_MS * 4;
        uint64_t clock = 0;
        bool is_resized = false;
        while ((!clock || screen_clock() - clock < FRAME_MS) &&
               screen_next(window->screen, wait, &event) != SCREEN_NOTHING) {
            clock = clock ? clock : screen_clock();
            take(window, &event);
            is_resized |= event.kind == SCREEN_RESIZE;
            wait = 0;
        }
        clock = screen_clock();
        moving_tick(&window->app, clock);
        if (window->app.is_big != window->is_full) {
            window->is_full = window->app.is_big;
            screen_set_full(window->screen, window->is_full);
        }
        if (clock - window->looked_at > LOOK_MS) {
            window->looked_at = clock;
            app_reload_if_changed(&window->app);
        }
        if (is_resized || !journey_holds_picture(&window->app, clock))
            draw(window);
        if (window->app.wants_picture)
            save_picture(window);
        uint64_t spent = screen_clock() - clock;
        if (window->app.is_playing && spent < FRAME_MS)
            usleep((useconds_t)(FRAME_MS - spent) * 1000);
    }
}

/* ---- By script ---- */

static void note(struct pace *pace, uint64_t since)
{
    uint64_t spent = screen_clock() - since;
    pace->count++;
    pace->sum_ms += spent;
    pace->longest_ms = spent > pace->longest_ms ? spent : pace->longest_ms;
}

static void timed_draw(struct window *window)
{
    uint64_t start = screen_clock();
    draw(window);
    note(&window->pace[PACE_DRAWING], start);
}

static void timed_take(struct window *window, const struct screen_event *event)
{
    uint64_t start = screen_clock();
    take(window, event);
    note(&window->pace[PACE_KEYS], start);
}

static void timed_tick(struct window *window)
{
    uint64_t start = screen_clock();
    moving_tick(&window->app, start);
    note(&window->pace[PACE_TIME], start);
}

static void print_pace(struct window *window)
{
    static const char *const names[PACES] = {"keys", "time", "drawing"};
    for (unsigned i = 0; i < PACES; i++) {
        const struct pace *pace = &window->pace[i];
        printf("%-8s %6llu times, in the mean %5.1f ms, the longest %llu ms\n", names[i],
               (unsigned long long)pace->count, pace->count ? (double)pace->sum_ms / (double)pace->count : 0,
               (unsigned long long)pace->longest_ms);
        window->pace[i] = (struct pace){0};
    }
}

static void wait_script(struct window *window, unsigned wait_ms)
{
    for (unsigned passed = 0; passed < wait_ms; passed += FRAME_MS) {
        window->app.clock = screen_clock() - FRAME_MS;
        timed_tick(window);
        timed_draw(window);
    }
}

/* The same, with events from a file and a clock that the file turns. */
static bool play_script(struct window *window, FILE *file)
{
    struct script_step step;
    unsigned line = 0;
    char why[200];
    while (!window->app.has_ended) {
        enum script_result result = script_next(file, &line, &step, why, sizeof why);
        if (result == SCRIPT_END)
            break;
        if (result == SCRIPT_WRONG) {
            fprintf(stderr, "netarium-gui: line %u of the script: %s\n", line, why);
            return false;
        }
        while (window->app.wanted[0] || window->app.journey_count) /* a person would wait */
            timed_tick(window);
        timed_draw(window); /* what a click hits is what was seen */
        if (step.kind == SCRIPT_EVENT)
            timed_take(window, &step.event);
        else if (step.kind == SCRIPT_COMPARE && !is_as_whole(window))
            return false;
        else if (step.kind == SCRIPT_SHOT && !shoot(window, step.event.text))
            return false;
        else if (step.kind == SCRIPT_WAIT)
            wait_script(window, step.wait_ms);
        else if (step.kind == SCRIPT_PACE)
            print_pace(window);
        else if (step.kind == SCRIPT_DIGEST && window->app.session)
            printf("digest %016llx\n", (unsigned long long)run_digest(session_run(window->app.session)));
    }
    return true;
}

static int run(struct window *window, const struct options *options)
{
    if (options->file)
        app_open(&window->app, options->file);
    if (!options->script) {
        live(window);
        return 0;
    }
    FILE *file = fopen(options->script, "r");
    if (!file)
        return refuse("%s cannot be read", options->script);
    bool is_right = play_script(window, file);
    fclose(file);
    if (fflush(stdout) != 0) {
        refuse("what was asked for could not be written", NULL);
        return 3;
    }
    if (is_right && options->shot)
        is_right = shoot(window, options->shot);
    return is_right ? 0 : 2;
}

static bool load_plugins(struct window *window, const struct options *options)
{
    struct nt_why why;
    window->app.registry->guard = options->plugin_count ? &guard : NULL;
    if (options->plugin_count)
        guard_watch_signals(&guard, on_crash);
    for (unsigned i = 0; i < options->plugin_count; i++)
        if (!plugin_load(window->app.registry, options->plugins[i], NULL, &why)) {
            refuse("%s", why.text);
            return false;
        }
    return true;
}

int main(int count, char **words)
{
    struct options options;
    char why[300], folder[512];
    int status = read_options(&options, count, words);
    if (status)
        return status < 0 ? 0 : status;
    struct window *window = calloc(1, sizeof *window);
    struct screen_wish wish = {"Netarium", options.width, options.height, options.scale};
    window->screen = screen_open(&wish, why, sizeof why);
    if (!window->screen) {
        fprintf(stderr, "netarium-gui: %s. netarium step and netarium draw show the same without a window.\n",
                why);
        free(window);
        return 2;
    }
    canvas_init(&window->shown, options.width, options.height);
    app_init(&window->app, options.folder ? options.folder : find_folder(words[0], folder, sizeof folder));
    window->app.is_big = options.is_big;
    bool is_loaded = load_plugins(window, &options);
    settings_read(&window->app);
    if (options.theme)
        window->app.theme = theme_find(options.theme);
    status = is_loaded ? run(window, &options) : 2;
    settings_write(&window->app);
    app_release(&window->app);
    canvas_release(&window->shown);
    screen_close(window->screen);
    free(window);
    return status;
}

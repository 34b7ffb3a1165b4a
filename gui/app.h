/* SPDX-License-Identifier: MIT
 * The window's state: which run is open, where its time stands, what is selected, what is shown where.
 *
 * The window decides nothing about the network: all of that is the session's. It decides when to move time,
 * and what to look at.
 *
 *     main.c     the loop:  events -> keys.c, mouse.c -> app;  clock -> moving.c -> session;  app -> stage.c
 * -> pixels */
#ifndef NETARIUM_GUI_APP_H
#define NETARIUM_GUI_APP_H

#include "gui/journey.h"
#include "gui/menu.h"
#include "gui/ticks.h"
#include "session/session.h"
#include "views/pictures/plan.h"
#include "views/canvas/canvas.h"
#include "views/canvas/theme.h"
#include "views/pictures/picture.h"

#define APP_CELLS 4
#define APP_LINE 200 /* letters of a line that is typed */
#define APP_MESSAGE 300
#define APP_CARDS 128
#define APP_RECENT 3 /* files that were open last */

enum app_page {
    PAGE_START, /* cards of scenarios */
    PAGE_RUN,   /* a run */
    PAGE_ERROR  /* a file that cannot be run, and why */
};

/* A scenario on the start page. */
#define CARD_SPOTS 48 /* stations in a card's picture; a network with more has its number there */

struct app_card {
    char path[512];
    char title[120];
    char idea[240]; /* the first sentence of its "about" */
    unsigned difficulty; /* as in struct scenario */
    unsigned stations;   /* how many there are */

    /* Its picture, made when the card is first seen: where the stations stand, 0 to 1, and what is joined. */
    bool is_drawn;
    unsigned spot_count, line_count;
    struct {
        float x, y;
        enum theme_color accent;
        bool is_host;
    } spots[CARD_SPOTS];
    struct {
        unsigned char from, to;
    } lines[2 * CARD_SPOTS];
};

/* One of the four places that show something. */
struct app_cell {
    const char *content; /* a picture's name, or one of the window's own: see contents.c */
    const char *wish;    /* the one that a person has put here; NULL: what the run suggests */
    struct canvas_box box;
    struct canvas shown; /* what it shows; owned */
    uint64_t key;        /* of all that this depends on */
    uint64_t drawn_at;   /* milliseconds of ours ... */
    uint64_t cost;       /* ... and how many it took */
};

/* A part of the run page that is drawn anew only when something in it has changed. */
struct app_region {
    struct canvas_box box; /* in the window */
    double x, y;           /* where the part's own corner lies in the window */
    struct canvas part;    /* owned; what it shows now */
    uint64_t hash;         /* of that */
};

#define APP_REGIONS 6 /* the four cells, the bar, what is below the cells */

struct app {
    struct registry *registry; /* owned */
    const char *folder;        /* where scenarios are; NULL: none were found */
    enum app_page page;
    bool has_ended; /* the window is to be closed */
    uint64_t changes;  /* of the past or the future, so far: by commands, by other runs */
    bool wants_fresh;  /* the next drawing spares nothing */

    struct app_card cards[APP_CARDS];
    unsigned card_count, card; /* the chosen one */
    double card_scroll;
    char recent[APP_RECENT][512];
    unsigned recent_count;

    /* A run. */
    char path[512];
    int64_t file_time;         /* when the file was last changed, as the system says */
    struct error_list *errors; /* of a file that cannot be run; owned */
    struct scenario *scenario;
    struct session *session;
    struct plan plan; /* of its network, made when it is drawn first; no places: not yet */
    nt_time end;   /* the last instant that is known */
    nt_time shown; /* what the scrubber shows: a little more than what anything was told of */

    /* Time. */
    bool is_playing;
    nt_time speed;          /* simulated picoseconds in a second of ours */
    nt_time play_to;        /* where playing stops; NT_NEVER: nowhere */
    uint64_t clock;         /* of ours, when time last moved, milliseconds */
    nt_time skipped;        /* how much silence was just skipped */
    uint64_t skipped_until; /* until when that is said, milliseconds of ours */

    struct journey journeys[JOURNEYS]; /* on the way, and waiting */
    unsigned journey_count;

    /* What is chosen. */
    uint64_t record, frame; /* 0: none */
    uint32_t node;          /* 0: none */
    char line[APP_LINE];    /* being typed */
    bool is_typing;         /* letters go there */
    bool is_until;          /* what is typed is a query to run until, not a command */
    char wanted[APP_LINE];  /* the query that is being run until, slice by slice; "": none is */

    char message[APP_MESSAGE];
    uint64_t message_until;

    /* How it looks. */
    struct app_cell cells[APP_CELLS];
    int largest; /* the cell that is to be alone on the screen; -1: all four */
    int alone;   /* the cell that is, also because there is no room for four */
    int beside;  /* the cell beside the first, if there is room for two; -1: there is for four */
    unsigned second; /* the cell other than the first that was asked for last */
    double split_x, split_y[2];
    int drags; /* what the mouse holds: see mouse.c */
    const struct theme *theme;
    bool is_big, has_help;
    bool has_chatter;     /* what keeps the network going is shown too: spanning tree, routing */
    struct follow follow; /* the conversation that is followed */
    bool is_following;
    char flow[60];        /* an end of the connection that was chosen last, for panels of one; "": none was */
    unsigned lens;        /* the layer that is looked at, 1 to 5; 0: all */
    bool wants_picture;   /* P: saved after the next drawing */
    double width, height; /* of the window, in units */
    double mouse_x, mouse_y;
    struct canvas_box track; /* of the scrubber */
    struct ticks ticks;      /* above it */
    struct app_region regions[APP_REGIONS]; /* of what stage_draw has drawn last */
    unsigned region_count;                  /* 0: a page that is drawn whole */
    struct app_region overlay;              /* what lies over them, in the window's coordinates; width 0: nothing */
    struct menu menu;
    unsigned focus; /* the panel that keys are about */
    bool has_focus; /* which is shown once a key was about it */
    bool has_mouse; /* it has been seen */
    char hover[APP_MESSAGE]; /* what lies under the mouse, in words */
    double hover_x, hover_y; /* where the mouse came upon it */
};

/* A window that shows nothing yet. `folder` is borrowed. */
void app_init(struct app *app, const char *folder);
void app_release(struct app *app);

/* Opens a scenario: the run page, or the page with its errors. */
void app_open(struct app *app, const char *path);

/* The run is known as far as it was looked ahead: panels and speed are chosen. */
void app_looked_ahead(struct app *app);

/* Back to the start page. */
void app_close_run(struct app *app);

/* The file was changed by somebody: it is read again. */
void app_reload_if_changed(struct app *app);

/* One line at the bottom, for a few seconds. */
void app_say(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Chooses what a tag means. */
void app_choose(struct app *app, const struct canvas_tag *tag);

/* The record, and the frame and the connection that it is about. */
void app_choose_record(struct app *app, uint64_t record);

/* Enter: what was typed is a command for the chosen node, or a query. */
void app_enter(struct app *app);

/* The past or the future is another one: nothing that was drawn of them holds. */
void app_changed(struct app *app);

/* Types `words` on a node, as a person would, and says what came of it. */
void app_command(struct app *app, uint32_t node, const char *words);

/* Panel `cell` shows this from now on, in later runs too; "": what the run suggests. */
void app_set_view(struct app *app, unsigned cell, const char *name);

/* A place for the edge between two panels, within bounds. */
double app_split(double part);

/* ---- pick.c: choosing without the mouse ---- */

void pick_panel(struct app *app, bool is_back);
void pick_alone(struct app *app);
void pick_view(struct app *app);
void pick_menu(struct app *app);
void pick_resize(struct app *app, double x, double y);
void pick_node(struct app *app, bool is_back);
void pick_frame(struct app *app, bool is_back);
void pick_record(struct app *app, bool is_back);
void pick_go_there(struct app *app);

/* ---- moving.c: time ---- */

void moving_play(struct app *app, bool is_playing);
void moving_step(struct app *app, enum session_unit unit, bool is_back);
void moving_look_at_latest(struct app *app); /* chooses what was told last */
void moving_say_stop(struct app *app, enum session_stop stop);
void moving_goto(struct app *app, nt_time at);

/* By one round trip of the chosen connection; if none is known, to the next frame's begin or end. */
void moving_round_trip(struct app *app, bool is_back);
void moving_faster(struct app *app, int steps);

/* Runs until `app->wanted` holds, a slice in each tick. */
void moving_run_until(struct app *app);

/* A slice of a few milliseconds, if it is playing or running until something. True: something moved. */
bool moving_tick(struct app *app, uint64_t clock);

/* "1 s = 20 us". */
void moving_show_speed(const struct app *app, char *ret_text, size_t size);

/* ---- keys.c ---- */

struct key_row {
    const char *key;      /* "Right", "Shift+Right" */
    const char *sentence; /* what it does */
    void (*press)(struct app *app);
};
extern const struct key_row key_rows[];

/* True: the key meant something. */
bool keys_press(struct app *app, const char *name, unsigned mods);
void keys_type(struct app *app, const char *letters);

/* ---- start.c ---- */

void start_read_cards(struct app *app);

/* card.c: what it says, and how it looks. */
void card_read(const struct app *app, struct app_card *card);
void card_draw(struct app *app, struct canvas *canvas, unsigned number, struct canvas_box box);
void start_draw(struct app *app, struct canvas *canvas);

/* ---- stage.c: everything on one list ---- */

/* Draws the whole window. */
void stage_draw(struct app *app, struct canvas *canvas);

/* ---- contents.c: what a cell shows ---- */

void contents_draw(struct app *app, const struct app_cell *cell, struct canvas *canvas);
bool contents_exists(const char *name);
const char *contents_name(unsigned index);     /* NULL: there are no more */
const char *contents_sentence(unsigned index); /* what it shows */
void because_draw(struct app *app, struct canvas *canvas, double width, double height);
void terminal_draw(struct app *app, struct canvas *canvas, double width, double height);

/* ---- overlay.c: what lies over the panels ---- */

void overlay_draw(struct app *app, struct canvas *canvas);

/* ---- chrome.c ---- */

void chrome_draw_bar(struct app *app, struct canvas *canvas);
void chrome_draw_scrubber(struct app *app, struct canvas *canvas, struct canvas_box box);
void chrome_draw_help(struct app *app, struct canvas *canvas);
void chrome_draw_caption(struct app *app, struct canvas *canvas, struct canvas_box box);

/* What controls are called in tags of kind CANVAS_TAG_CONTROL. */
enum app_control {
    CONTROL_HOME = 1,
    CONTROL_BACK,
    CONTROL_PLAY,
    CONTROL_FORWARD,
    CONTROL_END,
    CONTROL_SLOWER,
    CONTROL_FASTER,
    CONTROL_START_PAGE,
    CONTROL_TRACK,
    CONTROL_HELP,
    CONTROL_RECENT = 900, /* and its number */
    CONTROL_CARD = 1000,  /* and the card's number */
    CONTROL_CELL = 2000,  /* and the cell's number: its title */
    CONTROL_VIEWS = 2100, /* and the cell's number: what it can show */
    CONTROL_MENU = 3000   /* and the row's number */
};

void app_control(struct app *app, unsigned control);

/* ---- mouse.c ---- */

/* `button`: 1 the left one, 3 the right one. */
void mouse_press(struct app *app, const struct canvas *shown, double x, double y, int button, int clicks);
void mouse_move(struct app *app, double x, double y);
void mouse_release(struct app *app);
void mouse_wheel(struct app *app, double amount, unsigned mods);

#endif

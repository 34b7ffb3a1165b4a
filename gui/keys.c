/* SPDX-License-Identifier: MIT
 * What each key does: one table, from which the help page is made too. F4 to F8 as in Qtenv. */
#include <stdio.h>
#include <string.h>

#include "gui/app.h"
#include "gui/screen.h"

static void play_or_pause(struct app *app)
{
    moving_play(app, !app->is_playing && !app->wanted[0] && !app->journey_count);
}

static void event_forward(struct app *app)
{
    moving_step(app, SESSION_RECORD, false);
}

static void event_back(struct app *app)
{
    moving_step(app, SESSION_RECORD, true);
}

static void interesting_forward(struct app *app)
{
    moving_step(app, SESSION_INTERESTING, false);
}

static void interesting_back(struct app *app)
{
    moving_step(app, SESSION_INTERESTING, true);
}

static void round_trip_forward(struct app *app)
{
    moving_round_trip(app, false);
}

static void round_trip_back(struct app *app)
{
    moving_round_trip(app, true);
}

static void to_beginning(struct app *app)
{
    app->is_playing = false;
    moving_goto(app, 0);
}

static void to_end(struct app *app)
{
    app->is_playing = false;
    moving_goto(app, app->end);
}

static void faster(struct app *app)
{
    moving_faster(app, 1);
}

static void slower(struct app *app)
{
    moving_faster(app, -1);
}

static void run_until(struct app *app)
{
    app->is_typing = app->is_until = true;
    app->line[0] = '\0';
    app_say(app, "Run until: a query such as frame.drop, first(tcp.retransmit) or 20 ms, then Enter");
}

static void show_in(struct app *app, const char *content, unsigned cell)
{
    app->cells[cell].content = content;
    app->second = cell > 0 ? cell : app->second;
}

static void put(struct app *app, const char *content, unsigned cell)
{
    if (contents_exists(content))
        show_in(app, content, cell);
    else
        app_say(app, "This build has no picture \"%s\".", content);
}

static void show_ladder(struct app *app)
{
    put(app, "ladder", 1);
}

static void show_windows(struct app *app)
{
    put(app, "tcp", 2);
}

static void show_tables(struct app *app)
{
    put(app, "tables", 2);
}

static void show_segment(struct app *app)
{
    put(app, "segment", 2);
}

static void show_packet(struct app *app)
{
    put(app, "packet", 1);
}

static void show_because(struct app *app)
{
    put(app, "because", 3);
}

static void show_terminal(struct app *app)
{
    put(app, "terminal", 3);
    app->is_typing = true;
    app->is_until = false;
}

static void next_theme(struct app *app)
{
    unsigned i = 0;
    while (theme_names[i] && strcmp(theme_names[i], app->theme->name) != 0)
        i++;
    app->theme = theme_find(theme_names[i] && theme_names[i + 1] ? theme_names[i + 1] : theme_names[0]);
}

static void big(struct app *app)
{
    app->is_big = !app->is_big;
}

static void help(struct app *app)
{
    app->has_help = !app->has_help;
}

static void next_panel(struct app *app)
{
    pick_panel(app, false);
}

static void panel_before(struct app *app)
{
    pick_panel(app, true);
}

static void edge_left(struct app *app)
{
    pick_resize(app, -0.02, 0);
}

static void edge_right(struct app *app)
{
    pick_resize(app, 0.02, 0);
}

static void edge_up(struct app *app)
{
    pick_resize(app, 0, -0.02);
}

static void edge_down(struct app *app)
{
    pick_resize(app, 0, 0.02);
}

static void next_node(struct app *app)
{
    pick_node(app, false);
}

static void node_before(struct app *app)
{
    pick_node(app, true);
}

static void next_frame(struct app *app)
{
    pick_frame(app, false);
}

static void frame_before(struct app *app)
{
    pick_frame(app, true);
}

static void next_record(struct app *app)
{
    pick_record(app, false);
}

static void record_before(struct app *app)
{
    pick_record(app, true);
}

static const struct session_limits one_slice = {.events = 500};

static void undo(struct app *app)
{
    size_t count = app->session ? session_action_count(app->session) : 0;
    nt_time now = app->session ? session_now(app->session) : 0;
    if (journey_is_busy(app))
        return;
    if (count == 0) {
        app_say(app, "There is nothing to undo.");
        return;
    }
    struct session_action action = session_action_at(app->session, count - 1);
    char words[160];
    snprintf(words, sizeof words, "%s", action.words);
    app_changed(app);
    if (session_undo(app->session, count - 1, &one_slice) == SESSION_PAUSED)
        moving_goto(app, now);
    app_say(app, "As if \"%s\" had never been (Ctrl+Y: again).", words);
}

static void redo(struct app *app)
{
    nt_time now = app->session ? session_now(app->session) : 0;
    if (journey_is_busy(app))
        return;
    enum session_stop stop = app->session ? session_redo(app->session, &one_slice) : SESSION_REFUSED;
    app_changed(app);
    if (stop == SESSION_PAUSED)
        moving_goto(app, now);
    app_say(app, stop == SESSION_REFUSED ? "There is nothing to do again." : "Done again, at its time.");
}

static void cut_or_mend(struct app *app)
{
    const struct nt_node *node =
        app->session && app->node ? run_node(session_run(app->session), app->node) : NULL;
    const struct nt_port *port = node && node->port_count ? node->ports[0] : NULL;
    app_command(app, app->node, port && port->peer && port->peer->is_up ? "cut" : "mend");
}

static void drop_frame(struct app *app)
{
    char words[60];
    uint32_t medium = app->session && app->frame ? session_medium_of(app->session, app->frame) : 0;
    snprintf(words, sizeof words, "drop %llu", (unsigned long long)app->frame);
    app_command(app, medium, words);
}

static void leave(struct app *app)
{
    if (app->menu.is_open)
        app->menu.is_open = false;
    else if (app->has_help)
        app->has_help = false;
    else if (app->journey_count > 0)
        journey_stop(app);
    else if (app->wanted[0])
        app->wanted[0] = '\0';
    else if (app->is_typing)
        app->is_typing = app->is_until = false;
    else if (app->largest >= 0)
        app->largest = -1;
    else if (app->page != PAGE_START)
        app_close_run(app);
}

static void reload(struct app *app)
{
    char path[512];
    snprintf(path, sizeof path, "%s", app->path);
    if (*path)
        app_open(app, path);
}

static void set_lens(struct app *app, unsigned lens)
{
    static const char *const layers[] = {"All layers.",
                                         "Layer 1 and 2 alone: Ethernet, ARP, spanning tree.",
                                         "Layer 3 alone: IP and ICMP.",
                                         "Layer 4 alone: TCP and UDP.",
                                         "TCP alone.",
                                         "What applications say, alone."};
    app->lens = lens;
    app_say(app, "%s", layers[lens]);
}

static void lens_0(struct app *app)
{
    set_lens(app, 0);
}

static void lens_1(struct app *app)
{
    set_lens(app, 1);
}

static void lens_2(struct app *app)
{
    set_lens(app, 2);
}

static void lens_3(struct app *app)
{
    set_lens(app, 3);
}

static void lens_4(struct app *app)
{
    set_lens(app, 4);
}

static void lens_5(struct app *app)
{
    set_lens(app, 5);
}

static void chatter(struct app *app)
{
    app->has_chatter = !app->has_chatter;
    app_say(app, app->has_chatter ? "Background is shown: spanning tree, routing."
                                  : "Background is folded away: spanning tree, routing.");
}

static void follow(struct app *app)
{
    if (app->is_following) {
        app->is_following = false;
        app_say(app, "All conversations again.");
    } else if (!app->session || !app->frame || !follow_begin(&app->follow, app->session, app->frame)) {
        app_say(app, "Choose a frame first: click on it, and F follows its conversation.");
    } else {
        app->is_following = true;
        app_say(app, "Following %s: the others are faint. F ends it.", app->follow.name);
    }
}

static void save_picture(struct app *app)
{
    app->wants_picture = true;
}

static void quit(struct app *app)
{
    app->has_ended = true;
}

const struct key_row key_rows[] = {{"Space", "play or pause", play_or_pause},
                                   {"Right", "one step forward", event_forward},
                                   {"Left", "one step back", event_back},
                                   {"Shift+Right", "to the next interesting record", interesting_forward},
                                   {"Shift+Left", "to the interesting record before", interesting_back},
                                   {"Ctrl+Right", "one round trip forward", round_trip_forward},
                                   {"Ctrl+Left", "one round trip back", round_trip_back},
                                   {"Home", "to the beginning", to_beginning},
                                   {"End", "to the end of what is known", to_end},
                                   {"+", "faster", faster},
                                   {"-", "slower", slower},
                                   {"B", "run until a query holds", run_until},
                                   {"A", "the next node or cable; Shift: before", next_node},
                                   {"E", "the next frame on its way; Shift: before", next_frame},
                                   {"Down", "the next record; Up: before", next_record},
                                   {"Return", "to the chosen record's instant", pick_go_there},
                                   {"M", "what can be done to what is chosen", pick_menu},
                                   {"X", "cut the chosen cable, or mend it", cut_or_mend},
                                   {"D", "drop the chosen frame", drop_frame},
                                   {"Ctrl+Z", "undo the last intervention", undo},
                                   {"Ctrl+Y", "do it again", redo},
                                   {"L", "ladder", show_ladder},
                                   {"W", "TCP windows", show_windows},
                                   {"T", "tables", show_tables},
                                   {"S", "the shared cable", show_segment},
                                   {"I", "inside the chosen frame", show_packet},
                                   {"R", "reasons", show_because},
                                   {"C", "a terminal on the chosen node", show_terminal},
                                   {"Tab", "the next panel; Shift: before", next_panel},
                                   {"V", "what this panel shows", pick_view},
                                   {"Z", "this panel alone, or all", pick_alone},
                                   {"Alt+Right", "panel wider; Alt and other arrows", edge_right},
                                   {"0", "all layers; 1 to 5 one of them", lens_0},
                                   {"F", "follow the chosen frame's conversation, or no more", follow},
                                   {"N", "background too, or not", chatter},
                                   {"P", "save a picture", save_picture},
                                   {"F11", "for the back row: larger, with a caption", big},
                                   {"Ctrl+T", "light, dark, print", next_theme},
                                   {"Ctrl+R", "read the file again", reload},
                                   {"Escape", "back", leave},
                                   {"F1", "all keys", help},
                                   {"Ctrl+Q", "close the window", quit},
                                   {"Alt+Left", NULL, edge_left},
                                   {"Alt+Up", NULL, edge_up},
                                   {"Alt+Down", NULL, edge_down},
                                   {"Shift+Tab", NULL, panel_before},
                                   {"Shift+A", NULL, node_before},
                                   {"Shift+E", NULL, frame_before},
                                   {"Up", NULL, record_before},
                                   {"Ctrl+Shift+Z", NULL, redo},
                                   {"1", NULL, lens_1},
                                   {"2", NULL, lens_2},
                                   {"3", NULL, lens_3},
                                   {"4", NULL, lens_4},
                                   {"5", NULL, lens_5},
                                   {"F4", NULL, event_forward},
                                   {"F5", NULL, play_or_pause},
                                   {"F6", NULL, faster},
                                   {"F7", NULL, to_end},
                                   {"F8", NULL, play_or_pause},
                                   {"H", NULL, help},
                                   {"=", NULL, faster},
                                   {"Shift+=", NULL, faster},
                                   {"Keypad +", NULL, faster},
                                   {"Keypad -", NULL, slower},
                                   {NULL, NULL, NULL}};

/* On the start page arrows choose a card. */
static bool press_on_start(struct app *app, const char *key)
{
    static const struct {
        const char *key;
        int step;
    } moves[] = {{"Right", 1}, {"Left", -1}, {"Down", 3}, {"Up", -3}};
    for (unsigned i = 0; i < 4; i++)
        if (strcmp(moves[i].key, key) == 0) {
            int card = (int)app->card + moves[i].step;
            app->card = card < 0                       ? 0
                        : card >= (int)app->card_count ? app->card_count - (app->card_count > 0)
                                                       : (unsigned)card;
            return true;
        }
    if (strcmp(key, "Return") == 0 && app->card < app->card_count) {
        app_open(app, app->cards[app->card].path);
        return true;
    }
    return false;
}

static bool press_while_typing(struct app *app, const char *key)
{
    size_t length = strlen(app->line);
    if (strcmp(key, "Return") == 0)
        app_enter(app);
    else if (strcmp(key, "Backspace") == 0 && length > 0) {
        while (length > 0 && ((unsigned char)app->line[--length] & 0xc0) == 0x80)
            ;
        app->line[length] = '\0';
    } else if (strcmp(key, "Escape") == 0)
        leave(app);
    else
        return false;
    return true;
}

bool keys_press(struct app *app, const char *name, unsigned mods)
{
    char key[80];
    snprintf(key, sizeof key, "%s%s%s%s", mods & SCREEN_CTRL ? "Ctrl+" : "", mods & SCREEN_ALT ? "Alt+" : "",
             mods & SCREEN_SHIFT ? "Shift+" : "", name);
    journey_settle(app);
    if (menu_key(app, key))
        return true;
    if (app->page == PAGE_START && !app->has_help && press_on_start(app, key))
        return true;
    if (app->is_typing && press_while_typing(app, key))
        return true;
    if (app->is_typing && !(mods & SCREEN_CTRL) && name[0] && (!name[1] || strcmp(name, "Space") == 0))
        return false; /* a letter: it comes as text */
    for (const struct key_row *row = key_rows; row->key; row++)
        if (strcmp(row->key, key) == 0) {
            row->press(app);
            return true;
        }
    return false;
}

void keys_type(struct app *app, const char *letters)
{
    size_t length = strlen(app->line), more = strlen(letters);
    if (app->is_typing && length + more < sizeof app->line)
        memcpy(app->line + length, letters, more + 1);
}

/* SPDX-License-Identifier: MIT
 * The stepping terminal: what it holds, and its commands.
 *
 * A command is a row of a table: its name, what may stand behind it, one sentence, what it does. Commands may
 * be cut short as long as they stay alone ("st" is step, "s" too: the first row in the table's order wins).
 */
#ifndef NETARIUM_CLI_STEPPER_H
#define NETARIUM_CLI_STEPPER_H

#include "cli/front.h"
#include "session/session.h"

#define STEPPER_WATCHES 16
#define STEPPER_FORKS 8

struct stepper_fork {
    char name[32];
    struct session *session; /* owned */
};

struct stepper {
    struct front *front;            /* borrowed */
    struct outlet *out;             /* borrowed: where all words go */
    struct session *session;        /* owned: the one that is stepped */
    const char *file;               /* the scenario's */
    bool has_overrides;             /* --set or --seed changed the file's values */
    uint64_t subject;               /* the record that `why` without a number is about; 0: the latest */
    char *watches[STEPPER_WATCHES]; /* owned: queries shown after every move */
    size_t watch_count;
    struct stepper_fork forks[STEPPER_FORKS];
    size_t fork_count;
    bool draws_tcp;    /* after every move */
    uint32_t tcp_node; /* whose connection; 0: any */
    bool is_over;      /* quit was said */
    bool has_refused;  /* some command could not be done */
};

/* What a word of a command may be completed with. */
enum stepper_words {
    STEPPER_NOTHING,
    STEPPER_UNITS,
    STEPPER_NODES,    /* then whatever comes behind is the node's: tables or commands */
    STEPPER_TABLES,   /* a node, then one of its tables */
    STEPPER_COMMANDS, /* a node, then one of its commands */
    STEPPER_LINKS,    /* a node that stands between others */
    STEPPER_QUERY,    /* kinds of records */
    STEPPER_HELP      /* a command of this terminal */
};

struct stepper_command {
    const char *name, *usage, *summary;
    enum stepper_words words;
    void (*run)(struct stepper *stepper,
                char *words); /* `words`: what stands behind the name, may be cut up */
};

/* All commands, ended by one without a name. */
extern const struct stepper_command stepper_commands[];

/* Does one line. */
void stepper_line(struct stepper *stepper, const char *line);

/* Says what went wrong; the session stays usable. */
void stepper_refuse(struct stepper *stepper, const char *format, ...) __attribute__((format(printf, 2, 3)));
void stepper_refuse_query(struct stepper *stepper, const char *query, const struct nt_why *why,
                          size_t column);

/* Cuts the next word off `*words`; NULL: there is none. */
char *stepper_word(char **words);

/* A number, perhaps with # before it. False: it is none. */
bool stepper_number(const char *word, uint64_t *ret_number);

/* The node called `name`; NULL: it was refused, with a suggestion. */
const struct nt_node *stepper_node(struct stepper *stepper, const char *name);

/* Limits that end a long move at Ctrl-C. */
struct session_limits stepper_limits(struct stepper *stepper);

/* After a move: where we are, what the last event told, what is watched. */
void stepper_show_place(struct stepper *stepper, enum session_stop stop, uint64_t event_before);

/* One record as an item of a list: "  #12   alice:eth0 sends ...". */
void stepper_show_record(struct stepper *stepper, const struct nt_record *record, bool with_time);

/* "  name    text", broken to the terminal's width, the text from column `indent` on. */
void stepper_show_item(struct stepper *stepper, const char *name, const char *text, size_t indent);

/* For completion: words that could stand at the end of `line`. See lines.h. */
size_t stepper_offer(void *context, const char *line, const char **ret_words);

/* step_move.c */
void step_command_step(struct stepper *stepper, char *words);
void step_command_back(struct stepper *stepper, char *words);
void step_command_next(struct stepper *stepper, char *words);
void step_command_previous(struct stepper *stepper, char *words);
void step_command_until(struct stepper *stepper, char *words);
void step_command_continue(struct stepper *stepper, char *words);
void step_command_goto(struct stepper *stepper, char *words);
void step_command_break(struct stepper *stepper, char *words);
void step_command_delete(struct stepper *stepper, char *words);

/* step_look.c */
void step_command_info(struct stepper *stepper, char *words);
void step_command_why(struct stepper *stepper, char *words);
void step_command_show(struct stepper *stepper, char *words);
void step_command_frame(struct stepper *stepper, char *words);
void step_command_frames(struct stepper *stepper, char *words);
void step_command_records(struct stepper *stepper, char *words);
void step_command_tcp(struct stepper *stepper, char *words);
bool step_draw_tcp(struct stepper *stepper); /* false: there is no connection yet */
void step_command_watch(struct stepper *stepper, char *words);
void step_command_unwatch(struct stepper *stepper, char *words);
void step_command_print(struct stepper *stepper, char *words);

/* step_act.c */
void step_command_on(struct stepper *stepper, char *words);
void step_command_cut(struct stepper *stepper, char *words);
void step_command_mend(struct stepper *stepper, char *words);
void step_command_drop(struct stepper *stepper, char *words);
void step_command_duplicate(struct stepper *stepper, char *words);
void step_command_corrupt(struct stepper *stepper, char *words);
void step_command_delay(struct stepper *stepper, char *words);
void step_command_set(struct stepper *stepper, char *words);
void step_command_actions(struct stepper *stepper, char *words);
void step_command_undo(struct stepper *stepper, char *words);
void step_command_redo(struct stepper *stepper, char *words);

/* step_fork.c */
void step_command_fork(struct stepper *stepper, char *words);
void step_command_diff(struct stepper *stepper, char *words);
void step_command_switch(struct stepper *stepper, char *words);

/* step_save.c */
void step_command_save(struct stepper *stepper, char *words);

#endif

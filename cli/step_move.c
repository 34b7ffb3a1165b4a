/* SPDX-License-Identifier: MIT
 * The stepping terminal's commands that move time. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/stepper.h"
#include "sim/base/text.h"
#include "sim/base/units.h"

/* By the names that a person uses for them. */
static const char *const unit_words[] = {
    [SESSION_EVENT] = "event",   [SESSION_FRAME] = "frame", [SESSION_INTERESTING] = "interesting",
    [SESSION_RECORD] = "record", [SESSION_ACK] = "ack",     [SESSION_ACK + 1] = NULL};

static bool read_unit(struct stepper *stepper, char *word, enum session_unit *ret_unit)
{
    size_t length = strlen(word);
    if (length > 1 && word[length - 1] == 's')
        length--; /* 5 frames */
    for (int unit = 0; unit_words[unit]; unit++)
        if (strncmp(unit_words[unit], word, length) == 0) {
            *ret_unit = (enum session_unit)unit;
            return true;
        }
    stepper_refuse(stepper, "there is no unit %s; there are event, frame, interesting, record, ack, rtt",
                   word);
    return false;
}

/* "3 frames", "frames", "3". */
static bool read_count(struct stepper *stepper, char *words, enum session_unit *unit, uint64_t *ret_count)
{
    char *word = stepper_word(&words);
    *ret_count = 1;
    if (word && stepper_number(word, ret_count))
        word = stepper_word(&words);
    if (word && word[0] == '-') {
        stepper_refuse(stepper, "expected a whole number, found %s; step goes on, back goes back", word);
        return false;
    }
    if (word && !read_unit(stepper, word, unit))
        return false;
    word = stepper_word(&words);
    if (word)
        stepper_refuse(stepper, "there is a word too many: %s", word);
    return !word;
}

/* "rtt", "3 rtt", "rtt client": by round trips, as that node knows them. False: the words mean something
 * else. */
static bool move_by_round_trips(struct stepper *stepper, const char *words, bool is_back)
{
    char copy[200], *at = copy;
    uint64_t count = 1, before = session_event(stepper->session);
    struct session_limits limits = stepper_limits(stepper);
    snprintf(copy, sizeof copy, "%s", words);
    char *word = stepper_word(&at);
    if (word && stepper_number(word, &count))
        word = stepper_word(&at);
    if (!word || (strcmp(word, "rtt") != 0 && strcmp(word, "rtts") != 0))
        return false;
    char *name = stepper_word(&at);
    const struct nt_node *node = name ? stepper_node(stepper, name) : NULL;
    if (name && !node)
        return true;
    nt_time rtt = session_round_trip(stepper->session, node ? node->id : 0);
    if (!rtt || count > 1000000) {
        stepper_refuse(stepper, "no round trip is known yet");
        return true;
    }
    nt_time way = rtt * (nt_time)count, now = session_now(stepper->session);
    stepper_show_place(stepper, session_goto(stepper->session, is_back ? now - way : now + way, &limits),
                       before);
    return true;
}

static void move(struct stepper *stepper, char *words, enum session_unit unit, bool is_back)
{
    if (move_by_round_trips(stepper, words, is_back))
        return;
    uint64_t count, before = session_event(stepper->session);
    struct session_limits limits = stepper_limits(stepper);
    if (!read_count(stepper, words, &unit, &count))
        return;
    enum session_stop stop = is_back ? session_back(stepper->session, unit, count, &limits)
                                     : session_step(stepper->session, unit, count, &limits);
    stepper_show_place(stepper, stop, before);
}

void step_command_step(struct stepper *stepper, char *words)
{
    move(stepper, words, SESSION_EVENT, false);
}

void step_command_back(struct stepper *stepper, char *words)
{
    move(stepper, words, SESSION_EVENT, true);
}

void step_command_next(struct stepper *stepper, char *words)
{
    move(stepper, words, SESSION_INTERESTING, false);
}

void step_command_previous(struct stepper *stepper, char *words)
{
    move(stepper, words, SESSION_INTERESTING, true);
}

/* "1.5s", "1.5 s", "20ms". */
static bool read_time(const char *words, nt_time *ret_time)
{
    char storage[200];
    struct text why = text_in(storage, sizeof storage);
    return units_read(UNITS_TIME, words, "", ret_time, &why);
}

/* Is this meant as a time, and is none? Refuses it. */
static bool refuse_time(struct stepper *stepper, const char *words)
{
    nt_time at;
    size_t digits = strspn(words, "0123456789"), length = strspn(words, "0123456789.,: ");
    bool is_meant = digits > 0 && length > digits && !words[length + strspn(words + length, "mnupsi")];
    if (!is_meant || read_time(words, &at))
        return false;
    stepper_refuse(stepper, "%s is no time; write it as in 1.5s or 20ms", words);
    return true;
}

static bool refuse_past(struct stepper *stepper, nt_time at, const char *words)
{
    if (at >= session_now(stepper->session))
        return false;
    stepper_refuse(stepper, "%s lies in the past; goto goes there", words);
    return true;
}

void step_command_until(struct stepper *stepper, char *words)
{
    nt_time at;
    struct nt_why why;
    size_t column = 0;
    uint64_t before = session_event(stepper->session);
    struct session_limits limits = stepper_limits(stepper);
    if (!*words) {
        stepper_refuse(
            stepper, "until what? write a query, such as until count(frame.drop) == 1, or a kind of record");
        return;
    }
    if (refuse_time(stepper, words) || (read_time(words, &at) && refuse_past(stepper, at, words)))
        return;
    enum session_stop stop = session_until(stepper->session, words, &limits, &why, &column);
    if (stop == SESSION_REFUSED)
        stepper_refuse_query(stepper, words, &why, column);
    else
        stepper_show_place(stepper, stop, before);
}

void step_command_continue(struct stepper *stepper, char *words)
{
    nt_time at = NT_NEVER;
    uint64_t before = session_event(stepper->session);
    struct session_limits limits = stepper_limits(stepper);
    if (*words && !read_time(words, &at)) {
        stepper_refuse(stepper, "%s is no time; write it as in 1.5s or 20ms", words);
        return;
    }
    if (refuse_past(stepper, at, words))
        return;
    stepper_show_place(stepper, session_play(stepper->session, at, &limits), before);
}

/* ---- Going to a place ---- */

/* What was looked for until the end of the run is not there: back to where we were. */
static enum session_stop refuse_place(struct stepper *stepper, const char *what, uint64_t number, uint64_t last,
                                      uint64_t event, nt_time at)
{
    session_goto_event(stepper->session, event, NULL);
    if (session_now(stepper->session) < at)
        session_goto(stepper->session, at, NULL);
    stepper_refuse(stepper, "there is no %s%" PRIu64 " in this run; the last is %" PRIu64, what, number, last);
    return SESSION_REFUSED;
}

static enum session_stop goto_record(struct stepper *stepper, uint64_t number)
{
    struct session *session = stepper->session;
    struct session_limits limits = stepper_limits(stepper);
    uint64_t event = session_event(session);
    nt_time at = session_now(session);
    if (!number)
        return SESSION_START;
    enum session_stop stop = session_goto_record(session, number, &limits);
    if (stop == SESSION_END && number > session_known_records(session))
        return refuse_place(stepper, "record #", number, session_known_records(session), event, at);
    return stop;
}

static enum session_stop goto_event(struct stepper *stepper, uint64_t number)
{
    struct session *session = stepper->session;
    struct session_limits limits = stepper_limits(stepper);
    uint64_t event = session_event(session);
    nt_time at = session_now(session);
    enum session_stop stop = session_goto_event(session, number, &limits);
    if (stop == SESSION_END && number > session_known_events(session))
        return refuse_place(stepper, "event ", number, session_known_events(session), event, at);
    return stop;
}

/* To where a frame was first told of. */
static enum session_stop goto_frame(struct stepper *stepper, uint64_t id)
{
    struct session *session = stepper->session;
    struct session_limits limits = stepper_limits(stepper);
    enum session_stop stop = SESSION_THERE;
    uint64_t event = session_event(session), last = 0;
    nt_time at = session_now(session);
    for (uint64_t number = 1; stop == SESSION_THERE; number++) {
        if (number > session_known_records(session))
            stop = session_goto_record(session, number, &limits);
        const struct nt_record *record = session_record(session, number);
        if (record && record->frame == id && record->kind < RUN_KIND_COUNT)
            return goto_record(stepper, number);
        if (record && record->frame > last)
            last = record->frame;
    }
    return stop == SESSION_END ? refuse_place(stepper, "frame ", id, last, event, at) : stop;
}

static enum session_stop goto_query(struct stepper *stepper, const char *words)
{
    struct nt_why why;
    size_t column = 0;
    struct session_limits limits = stepper_limits(stepper);
    enum session_stop stop = session_goto_first(stepper->session, words, &limits, &why, &column);
    if (stop == SESSION_REFUSED)
        stepper_refuse_query(stepper, words, &why, column);
    if (stop == SESSION_END) {
        stepper_refuse(stepper, "that is never so in this run");
        stop = SESSION_REFUSED;
    }
    return stop;
}

static enum session_stop goto_words(struct stepper *stepper, char *words)
{
    struct session_limits limits = stepper_limits(stepper);
    uint64_t number;
    nt_time at;
    if (strcmp(words, "end") == 0)
        return session_goto(stepper->session, NT_NEVER, &limits);
    if (strcmp(words, "start") == 0)
        return session_goto_event(stepper->session, 0, &limits);
    if (words[0] == '#' && stepper_number(words, &number))
        return goto_record(stepper, number);
    if (strncmp(words, "record ", 7) == 0 && stepper_number(words + 7, &number))
        return goto_record(stepper, number);
    if (strncmp(words, "frame ", 6) == 0 && stepper_number(words + 6, &number))
        return goto_frame(stepper, number);
    if (strncmp(words, "event ", 6) == 0 && stepper_number(words + 6, &number))
        return goto_event(stepper, number);
    if (words[0] == '#' || strcmp(words, "record") == 0 || strcmp(words, "frame") == 0 || strcmp(words, "event") == 0) {
        stepper_refuse(stepper, "expected a number behind %s, as in %s", words[0] == '#' ? "#" : words,
                       words[0] == 'f' ? "goto frame 3" : words[0] == 'e' ? "goto event 12" : "goto #12");
        return SESSION_REFUSED;
    }
    if (refuse_time(stepper, words))
        return SESSION_REFUSED;
    if (words[0] == '-')
        return session_goto(stepper->session, -1, &limits);
    if (read_time(words, &at))
        return session_goto(stepper->session, at, &limits);
    if (stepper_number(words, &number)) {
        stepper_refuse(stepper, "%s of what? write %ss for a time, #%s for a record, event %s", words, words,
                       words, words);
        return SESSION_REFUSED;
    }
    return goto_query(stepper, words);
}

void step_command_goto(struct stepper *stepper, char *words)
{
    uint64_t before = session_event(stepper->session);
    if (!*words) {
        stepper_refuse(stepper,
                       "where to? write a time (1.5s), start, end, #RECORD, frame N, event N or a query");
        return;
    }
    enum session_stop stop = goto_words(stepper, words);
    if (stop != SESSION_REFUSED)
        stepper_show_place(stepper, stop, before);
}

/* ---- Breakpoints ---- */

static void list_breaks(struct stepper *stepper)
{
    size_t count = session_break_count(stepper->session);
    if (!count)
        outlet_text(stepper->out, "There are no breakpoints.\n");
    for (size_t i = 0; i < count; i++) {
        struct session_break one = session_break_at(stepper->session, i);
        outlet_print(stepper->out, "  %u: %s (stopped %" PRIu64 " time%s)\n", one.number, one.text, one.hits,
                     one.hits == 1 ? "" : "s");
    }
}

void step_command_break(struct stepper *stepper, char *words)
{
    struct nt_why why;
    size_t column = 0;
    if (!*words) {
        list_breaks(stepper);
        return;
    }
    unsigned number = session_break_add(stepper->session, words, &why, &column);
    if (number)
        outlet_print(stepper->out, "Breakpoint %u: %s\n", number, words);
    else
        stepper_refuse_query(stepper, words, &why, column);
}

void step_command_delete(struct stepper *stepper, char *words)
{
    uint64_t number;
    if (!*words)
        stepper_refuse(stepper, "delete which? write its number; break lists them");
    else if (!stepper_number(words, &number) || !session_break_remove(stepper->session, (unsigned)number))
        stepper_refuse(stepper, "there is no breakpoint %s; break lists them", words);
}

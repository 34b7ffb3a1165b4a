/* SPDX-License-Identifier: MIT
 * What a person did to the network, remembered with its place in time and done again whenever time passes it.
 *
 * The place is an instant and a number of events of that instant. After the past was changed there may be
 * fewer events there: then it is done before the first event that comes later. */
#include <assert.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "session/parts.h"

const struct session_deed *session_deed_due(const struct session *session, nt_time next_at)
{
    if (session->done == session->deed_count)
        return NULL;
    const struct session_deed *deed = &session->deeds[session->done];
    uint64_t happened = run_now(session->run) == deed->at ? session->at_instant : 0;
    return deed->at < next_at || (deed->at == next_at && happened >= deed->skip) ? deed : NULL;
}

static void set_refusal(struct session_deed *deed, const char *text)
{
    free(deed->refusal);
    deed->refusal = text ? strdup(text) : NULL;
}

/* Doing it has ended the network. The present is put back to before it, and from now on it is passed over. */
static void pass_over(struct session *session, struct session_deed *deed)
{
    struct session_place here = session_place(session);
    set_refusal(deed, run_failure(session->run));
    deed->is_skipped = true;
    session_mark_restore(session, session_mark_before(session, here));
    session_travel(session, here, NULL);
}

void session_deed_next(struct session *session)
{
    struct session_deed *deed = &session->deeds[session->done++];
    struct nt_why why;
    if (deed->is_skipped)
        return;
    bool is_done = run_command(session->run, deed->node, deed->words, &why);
    set_refusal(deed, is_done ? NULL : why.text);
    if (run_failure(session->run)[0])
        pass_over(session, deed);
}

static void deed_release(struct session_deed *deed)
{
    free(deed->words);
    free(deed->refusal);
}

/* What was taken back cannot be done again once something else was done. */
static void forget_undone(struct session *session)
{
    for (size_t i = 0; i < session->undone_count; i++)
        deed_release(&session->undone[i].deed);
    session->undone_count = 0;
}

void session_deed_release(struct session *session)
{
    for (size_t i = 0; i < session->deed_count; i++)
        deed_release(&session->deeds[i]);
    free(session->deeds);
    forget_undone(session);
    free(session->undone);
}

static void remove_deed(struct session *session, size_t index)
{
    session->deed_count--;
    memmove(&session->deeds[index], &session->deeds[index + 1],
            (session->deed_count - index) * sizeof *session->deeds);
}

static void insert_deed(struct session *session, size_t index, const struct session_deed *deed)
{
    session->deeds = session_grown(session->deeds, session->deed_count + 1, &session->deed_capacity,
                                   sizeof *session->deeds);
    memmove(&session->deeds[index + 1], &session->deeds[index],
            (session->deed_count - index) * sizeof *session->deeds);
    session->deeds[index] = *deed;
    session->deed_count++;
}

bool session_command_is_right(struct session *session, uint32_t node, const char *words, struct nt_why *ret_why)
{
    return run_command_is_right(session->run, node, words, ret_why);
}

bool session_command(struct session *session, uint32_t node, const char *words, struct nt_why *ret_why)
{
    struct session_deed deed = {run_now(session->run), session->at_instant, node, NULL, NULL, false};
    size_t index = session->done;
    if (!run_command_is_right(session->run, node, words, ret_why))
        return false;
    deed.words = strdup(words);
    assert(deed.words);
    session_forget_future(session);
    run_next_at(session->run); /* as it is asked when the deed is done again: see run_state_digest */
    insert_deed(session, index, &deed);
    session_deed_next(session);
    const struct session_deed *done = &session->deeds[index];
    bool is_refused = done->refusal; /* it has ended the network */
    if (is_refused) {
        snprintf(ret_why->text, sizeof ret_why->text, "%s", done->refusal);
        session->done = index;
        deed_release(&session->deeds[index]);
        remove_deed(session, index);
    } else {
        forget_undone(session);
    }
    session_forget_future(session);
    return !is_refused;
}

size_t session_action_count(const struct session *session)
{
    return session->deed_count;
}

struct session_action session_action_at(const struct session *session, size_t index)
{
    const struct session_deed *deed = &session->deeds[index];
    return (struct session_action){deed->at,     deed->skip, deed->node, deed->words, index < session->done,
                                   deed->refusal};
}

enum session_stop session_undo(struct session *session, size_t index, const struct session_limits *limits)
{
    nt_time now = run_now(session->run);
    if (index >= session->deed_count)
        return SESSION_REFUSED;
    if (index < session->done) {
        size_t mark = session->mark_count - 1;
        while (mark > 0 && session->marks[mark].done > index)
            mark--;
        session_mark_restore(session, &session->marks[mark]);
    }
    session->undone = session_grown(session->undone, session->undone_count + 1, &session->undone_capacity,
                                    sizeof *session->undone);
    session->undone[session->undone_count++] = (struct session_undone){session->deeds[index], index};
    remove_deed(session, index);
    session_forget_future(session);
    return session_goto(session, now, limits);
}

/* Does the mark stand before the place of the deed, which is to become number `index`? */
static bool is_before(const struct session_mark *mark, const struct session_deed *deed, size_t index)
{
    bool is_sooner = mark->place.now != deed->at ? mark->place.now < deed->at : mark->at_instant < deed->skip;
    return mark->done <= index && is_sooner;
}

enum session_stop session_redo(struct session *session, const struct session_limits *limits)
{
    nt_time now = run_now(session->run);
    if (session->undone_count == 0)
        return SESSION_REFUSED;
    struct session_undone again = session->undone[--session->undone_count];
    if (again.deed.at <= now) {
        size_t mark = session->mark_count - 1;
        while (mark > 0 && !is_before(&session->marks[mark], &again.deed, again.index))
            mark--;
        session_mark_restore(session, &session->marks[mark]);
    }
    insert_deed(session, again.index, &again.deed);
    session_forget_future(session);
    return session_goto(session, now, limits);
}

size_t session_undone_count(const struct session *session)
{
    return session->undone_count;
}

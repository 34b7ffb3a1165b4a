/* SPDX-License-Identifier: MIT
 * netarium draw --view report. */
#include "cli/draw_report.h"

#include <sys/stat.h>
#include <unistd.h>

#include "cli/expect.h"
#include "views/pictures/handout.h"

void draw_begin_file(FILE *file)
{
    struct stat about;
    if (fstat(fileno(file), &about) == 0 && S_ISREG(about.st_mode) && ftruncate(fileno(file), 0) != 0)
        clearerr(file); /* what cannot be emptied is written behind; the stream tells if that fails, too */
}

/* As if they had listened: the session has kept what was told. */
static void feed(struct expectations *expectations, const struct session *session)
{
    for (uint64_t number = 1; number <= session_records(session); number++)
        for (size_t i = 0; i < expectations->count; i++)
            query_take(expectations->queries[i], session_record(session, number));
}

enum front_status draw_report(struct front *front, struct session *session, FILE *file, bool is_html,
                              const struct theme *theme)
{
    struct expectations expectations;
    struct error_list errors;
    struct session_limits limits = {.is_interrupted = front->is_interrupted};
    enum front_status status = FRONT_INPUT;
    error_list_init(&errors);
    bool is_right = expectations_compile(&expectations, session_run(session), &errors);
    front_print_errors(front, &errors);
    if (is_right && session_goto(session, NT_NEVER, &limits) != SESSION_PAUSED) {
        feed(&expectations, session);
        expectations_judge(&expectations);
        struct handout_wish wish = {session, theme, {expectations.verdicts, expectations.count}};
        status = FRONT_HOLDS;
        draw_begin_file(file);
        if (is_html)
            handout_write_html(file, &wish);
        else if (!handout_write_pdf(file, &wish))
            status = FRONT_SIMULATOR;
    }
    expectations_release(&expectations);
    error_list_release(&errors);
    return status;
}

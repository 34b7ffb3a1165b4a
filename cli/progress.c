/* SPDX-License-Identifier: MIT
 * How far a long run has come, on one line of a terminal that is rewritten in place. */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define PROGRESS_INTERVAL_US 200000
#define PROGRESS_PATIENCE_S 1 /* runs that are over sooner show nothing */

static void set_timer(long interval_us)
{
    struct itimerval timer = {.it_interval.tv_usec = interval_us, .it_value.tv_usec = interval_us};
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* Straight to the terminal: the outlet for people would not let the control characters pass. */
static void put(const char *text)
{
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        return; /* a terminal that went away misses nothing */
}

static int64_t seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)(now.tv_sec - start->tv_sec);
}

void progress_start(struct progress *progress, struct front *front)
{
    *progress = (struct progress){.front = front};
    clock_gettime(CLOCK_MONOTONIC, &progress->started);
    set_timer(PROGRESS_INTERVAL_US);
}

void progress_show(struct progress *progress, const struct run *run)
{
    nt_time stop = run_scenario(run)->stop;
    nt_time now = run_now(run);
    int64_t seconds = seconds_since(&progress->started);
    char line[200];
    if (!progress->front->err_is_terminal || seconds < PROGRESS_PATIENCE_S)
        return;
    int length = snprintf(line, sizeof line, "%" PRId64 ".%03" PRId64 " s", now / NT_SECOND,
                          now % NT_SECOND / NT_MILLISECOND);
    if (stop > 0 && stop < NT_NEVER)
        length +=
            snprintf(line + length, sizeof line - (size_t)length, ", %d %% of %" PRId64 ".%03" PRId64 " s",
                     (int)((__int128)now * 100 / stop), stop / NT_SECOND, stop % NT_SECOND / NT_MILLISECOND);
    snprintf(line + length, sizeof line - (size_t)length, ", %" PRIu64 " events, running for %" PRId64 " s",
             run_event_count(run), seconds);
    if (progress->front->width < sizeof line)
        line[progress->front->width - 1] = '\0';
    put("\r\033[K");
    put(line);
    progress->is_shown = true;
}

void progress_hide(struct progress *progress)
{
    if (progress->is_shown)
        put("\r\033[K");
    progress->is_shown = false;
}

void progress_stop(struct progress *progress)
{
    set_timer(0);
    progress_hide(progress);
}

/* SPDX-License-Identifier: MIT
 * The expectations of a run as JUnit XML, which continuous integration systems and graders read. */
#include "views/junit.h"

#include <inttypes.h>
#include <string.h>

/* Text as it may stand in XML 1.0: the five special characters named, and control characters, which even by
 * name are forbidden there, as '?'. */
static void write_text(struct outlet *out, const char *text)
{
    static const struct {
        char character;
        const char *name;
    } special[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}};
    for (; *text; text++) {
        const char *name = (unsigned char)*text < ' ' && *text != '\n' && *text != '\t' ? "?" : NULL;
        for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
            if (*text == special[i].character)
                name = special[i].name;
        outlet_write(out, name ? name : text, name ? strlen(name) : 1);
    }
}

static void write_attribute(struct outlet *out, const char *name, const char *text)
{
    outlet_print(out, " %s=\"", name);
    write_text(out, text);
    outlet_text(out, "\"");
}

static size_t count_failed(const struct verdicts *verdicts)
{
    size_t count = 0;
    for (size_t i = 0; i < verdicts->count; i++)
        count += !verdicts->all[i].holds;
    return count;
}

static void write_case(struct outlet *out, const char *file, const struct verdict *verdict)
{
    outlet_text(out, "    <testcase");
    write_attribute(out, "name", verdict->text);
    write_attribute(out, "classname", file);
    if (verdict->holds) {
        outlet_text(out, "/>\n");
        return;
    }
    outlet_text(out, ">\n      <failure type=\"expectation\"");
    write_attribute(out, "message", verdict->found);
    outlet_text(out, ">");
    write_text(out, file);
    outlet_print(out, ":%d: ", verdict->line);
    write_text(out, verdict->text);
    outlet_text(out, "</failure>\n    </testcase>\n");
}

void junit_write(const struct run *run, const struct verdicts *verdicts, const char *failure,
                 struct outlet *out)
{
    const struct scenario *scenario = run_scenario(run);
    nt_time now = run_now(run);
    outlet_print(out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                 "  <testsuite tests=\"%zu\" failures=\"%zu\" errors=\"%d\" time=\"%" PRId64 ".%06" PRId64
                 "\"",
                 verdicts->count + (failure != NULL), count_failed(verdicts), failure != NULL,
                 now / NT_SECOND, now % NT_SECOND / NT_MICROSECOND);
    write_attribute(out, "name", scenario->title ? scenario->title : scenario->file);
    outlet_print(out,
                 ">\n    <properties>\n      <property name=\"seed\" value=\"%" PRIu64 "\"/>\n"
                 "      <property name=\"digest\" value=\"%016" PRIx64 "\"/>\n    </properties>\n",
                 scenario->seed, run_digest(run));
    for (size_t i = 0; i < verdicts->count; i++)
        write_case(out, scenario->file, &verdicts->all[i]);
    if (failure) {
        outlet_text(out, "    <testcase name=\"the run\"");
        write_attribute(out, "classname", scenario->file);
        outlet_text(out, ">\n      <error");
        write_attribute(out, "message", failure);
        outlet_text(out, "/>\n    </testcase>\n");
    }
    outlet_text(out, "  </testsuite>\n</testsuites>\n");
}

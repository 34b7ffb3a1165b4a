/* SPDX-License-Identifier: MIT
 * What the stack tells, for whoever listens: "old 14480, new 7240, rule 3rd duplicate ACK". */
#include "embed/host.h"

#include <inttypes.h>

#include "sim/base/text.h"

#define FACT_BYTES 600

static void add_value(struct text *text, const struct dial *dial, const struct env_field *field,
                      int64_t value)
{
    switch (field->unit) {
    case ENV_UNIT_TIME:
        text_add(text, "%" PRId64 ".%03d us", value / ENV_MICROSECOND,
                 (int)(value % ENV_MICROSECOND / ENV_NANOSECOND));
        break;
    case ENV_UNIT_IPV4:
        text_add(text, "%u.%u.%u.%u", (unsigned)(value >> 24 & 255), (unsigned)(value >> 16 & 255),
                 (unsigned)(value >> 8 & 255), (unsigned)(value & 255));
        break;
    case ENV_UNIT_MAC:
    case ENV_UNIT_HEX:
        text_add(text, "0x%" PRIx64, (uint64_t)value);
        break;
    case ENV_UNIT_BOOL:
        text_add(text, value ? "yes" : "no");
        break;
    case ENV_UNIT_WORD:
        text_add(text, "%s", field->words[value]);
        break;
    case ENV_UNIT_TEXT:
        text_add(text, "%s", dial_text(dial, (uint64_t)value));
        break;
    default:
        text_add(text, "%" PRId64, value);
    }
}

void host_facts_tell(struct dial *dial, const struct env_kind *kind, const int64_t *values)
{
    struct nt_host *host = ENV_OWNER(dial, struct nt_host, dial);
    char storage[FACT_BYTES];
    struct text text = text_in(storage, sizeof storage);
    for (unsigned i = 0; i < ENV_VALUES && kind->fields[i].name; i++) {
        text_add(&text, "%s%s ", i ? ", " : "", kind->fields[i].name);
        add_value(&text, dial, &kind->fields[i], values[i]);
    }
    if (kind->clause)
        text_add(&text, " (%s)", kind->clause);
    host->told(host->told_context, dial->now, kind->name, storage);
}

/* SPDX-License-Identifier: MIT
 * What pictures ask of nodes. */
#include "sim/inspect.h"
#include "views/pictures/facts.h"

#include "session/session.h"

/* The cell in `cells`; -1: there is none. */
static int find_cell(const struct nt_node *node, const char *name, uint32_t row, const char *column,
                     struct nt_cell *cells, const struct nt_table **ret_table)
{
    const struct nt_table *table = inspect_table(node, name);
    int place = table ? inspect_column(table, column) : -1;
    *ret_table = table;
    return place >= 0 && inspect_row(node, table, row, cells) ? place : -1;
}

int64_t facts_number(const struct nt_node *node, const char *table, uint32_t row, const char *column,
                     int64_t missing)
{
    struct nt_cell cells[NT_COLUMNS] = {0};
    const struct nt_table *found;
    int place = find_cell(node, table, row, column, cells, &found);
    return place >= 0 ? cells[place].number : missing;
}

void facts_text(const struct run *run, const struct nt_node *node, const char *table, uint32_t row,
                const char *column, char *ret_text, size_t size)
{
    struct nt_cell cells[NT_COLUMNS] = {0};
    const struct nt_table *found;
    int place = find_cell(node, table, row, column, cells, &found);
    ret_text[0] = '\0';
    if (place >= 0)
        inspect_show_cell(run, &found->columns[place], &cells[place], ret_text, size);
}

nt_time facts_delay(const struct nt_node *cable, unsigned side)
{
    return facts_number(cable, "link", side, "delay", 0);
}

int64_t facts_rate(const struct nt_node *cable, unsigned side)
{
    return facts_number(cable, "link", side, "rate", 0);
}

bool facts_is_up(const struct nt_node *cable, unsigned side)
{
    return facts_number(cable, "link", side, "up", 1) != 0;
}

int64_t facts_waiting(const struct nt_node *cable, unsigned side)
{
    return facts_number(cable, "link", side, "waiting", 0);
}

uint64_t facts_record_after(const struct session *session, nt_time at)
{
    uint64_t low = 1, high = session_known_records(session) + 1;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        const struct nt_record *record = session_record(session, middle);
        if (record && record->at > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* SPDX-License-Identifier: MIT
 * The tables of a node at the instant, one beside the other as far as there is room: those first that decide about frames.
 * Rows that have to do with the chosen frame stand out. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/inspect.h"
#include "views/pictures/drawings.h"
#include "views/pictures/matching.h"

#define ROW 18.0
#define HEAD 44.0  /* name and column names */
#define APART 30.0 /* between two tables */
#define COLUMN_APART 18.0
#define ROWS_LOOKED_AT 60 /* for the widths */
#define CELL_SIZE 80
#define TABLES_MOST 64

struct sheet {
    const struct nt_table *table;
    double widths[NT_COLUMNS], width;
    int columns, left_out;
    uint32_t rows;
};

struct tables_chart {
    const struct picture_wish *wish;
    struct canvas *canvas;
    const struct run *run;
    const struct nt_node *node;
    struct canvas_box room;
    double x, y, shelf; /* where the next one goes; how high this row of tables is */
    struct matching matching; /* the chosen frame's ends; nothing: none is chosen */
    struct matching sent;     /* the same when it leaves the node, which may translate before it looks for a route */
};

static bool is_number(enum nt_unit unit)
{
    return unit <= NT_UNIT_MM || unit == NT_UNIT_FRAME || unit == NT_UNIT_RECORD;
}

/* As everywhere, but times with four digits: a picture is no protocol. */
static void show(const struct tables_chart *chart, const struct nt_field *column, const struct nt_cell *cell,
                 char *ret_text)
{
    nt_time length = cell->number < 0 ? -cell->number : cell->number;
    inspect_show_cell(chart->run, column, cell, ret_text, CELL_SIZE);
    if (column->unit == NT_UNIT_TIME && strlen(ret_text) > 8)
        picture_time(ret_text, CELL_SIZE, cell->number, length / 2000 + 1);
}

static void measure(const struct tables_chart *chart, const struct nt_table *table, struct sheet *sheet)
{
    struct nt_cell cells[NT_COLUMNS] = {0};
    char text[CELL_SIZE];
    *sheet = (struct sheet){.table = table, .rows = inspect_row_count(chart->node, table)};
    int columns = inspect_column_count(table);
    for (int i = 0; i < columns; i++)
        sheet->widths[i] = canvas_text_width(CANVAS_SANS, PICTURE_SMALL, table->columns[i].name);
    for (uint32_t row = 0; row < sheet->rows && row < ROWS_LOOKED_AT && inspect_row(chart->node, table, row, cells);
         row++)
        for (int i = 0; i < columns; i++) {
            show(chart, &table->columns[i], &cells[i], text);
            sheet->widths[i] = fmax(sheet->widths[i], canvas_text_width(CANVAS_SANS, PICTURE_TEXT, text));
        }
    while (sheet->columns < columns && sheet->width + sheet->widths[sheet->columns] <= chart->room.width) {
        sheet->widths[sheet->columns] = ceil(fmin(sheet->widths[sheet->columns], 260));
        sheet->width += sheet->widths[sheet->columns++] + COLUMN_APART;
    }
    sheet->left_out = columns - sheet->columns;
    sheet->width =
        fmax(sheet->width - COLUMN_APART, canvas_text_width(CANVAS_BOLD, PICTURE_NAME, table->name));
}

static void draw_cell(const struct tables_chart *chart, double x, double y, double width, bool is_right,
                      double size, struct color color, const char *text)
{
    double taken = canvas_text_width(CANVAS_SANS, size, text);
    canvas_text_in(chart->canvas, is_right && taken < width ? x + width - taken : x, y, width + 1,
                   CANVAS_SANS, size, color, text);
}

/* A ground and a pointer. */
static void mark_row(const struct tables_chart *chart, const struct sheet *sheet, double y)
{
    struct canvas_point pointer[] = {{chart->x - 11, y - 9}, {chart->x - 4, y - 5}, {chart->x - 11, y - 1}};
    canvas_rect(chart->canvas, (struct canvas_box){chart->x - 3, y - 13, sheet->width + 6, ROW - 1}, 3,
                &(struct canvas_paint){.fill = picture_color(chart->wish, theme_soft(THEME_CARE))});
    canvas_polyline(chart->canvas, pointer, 3, true,
                    &(struct canvas_paint){.fill = picture_color(chart->wish, THEME_CARE)});
}

static void draw_rows(const struct tables_chart *chart, const struct sheet *sheet, uint32_t rows)
{
    struct nt_cell cells[NT_COLUMNS] = {0};
    char text[CELL_SIZE];
    uint32_t route = matching_route(&chart->sent, chart->node, sheet->table);
    for (uint32_t row = 0; row < rows && inspect_row(chart->node, sheet->table, row, cells); row++) {
        double x = chart->x, y = chart->y + HEAD + ROW * row + 14;
        if (matching_row(&chart->matching, sheet->table, row, cells, route))
            mark_row(chart, sheet, y);
        for (int i = 0; i < sheet->columns; i++) {
            show(chart, &sheet->table->columns[i], &cells[i], text);
            draw_cell(chart, x, y, sheet->widths[i], is_number(sheet->table->columns[i].unit), PICTURE_TEXT,
                      picture_color(chart->wish, THEME_TEXT), text);
            x += sheet->widths[i] + COLUMN_APART;
        }
        canvas_line(chart->canvas, chart->x, y + 4.5, chart->x + sheet->width, y + 4.5,
                    picture_color(chart->wish, THEME_GRID), 1, CANVAS_SOLID);
    }
}

static void draw_sheet(const struct tables_chart *chart, const struct sheet *sheet, uint32_t rows)
{
    struct color muted = picture_color(chart->wish, THEME_MUTED);
    char more[80] = "";
    double x = chart->x, name = canvas_text_width(CANVAS_BOLD, PICTURE_NAME, sheet->table->name);
    canvas_text(chart->canvas, x, chart->y + 14, CANVAS_BOLD, PICTURE_NAME, CANVAS_START,
                picture_color(chart->wish, THEME_TEXT), sheet->table->name);
    if (rows < sheet->rows)
        snprintf(more, sizeof more, "%" PRIu32 " of %" PRIu32 " rows", rows, sheet->rows);
    else if (sheet->left_out > 0)
        snprintf(more, sizeof more, "and %d more columns", sheet->left_out);
    const char *words = *more ? more : sheet->table->summary;
    if (name + 14 + 60 < sheet->width)
        canvas_text_in(chart->canvas, x + name + 14, chart->y + 14, sheet->width - name - 14, CANVAS_SANS,
                       PICTURE_SMALL, muted, words);
    for (int i = 0; i < sheet->columns; i++) {
        draw_cell(chart, x, chart->y + 34, sheet->widths[i], is_number(sheet->table->columns[i].unit),
                  PICTURE_SMALL, muted, sheet->table->columns[i].name);
        x += sheet->widths[i] + COLUMN_APART;
    }
    canvas_line(chart->canvas, chart->x, chart->y + 40.5, chart->x + sheet->width, chart->y + 40.5,
                picture_color(chart->wish, THEME_EDGE), 1, CANVAS_SOLID);
    draw_rows(chart, sheet, rows);
}

/* Beside the last one, or below. False: there is no room for a single row. */
static bool place(struct tables_chart *chart, const struct sheet *sheet)
{
    double bottom = chart->room.y + chart->room.height - 20;
    if (chart->x > chart->room.x && chart->x + sheet->width > chart->room.x + chart->room.width) {
        chart->x = chart->room.x;
        chart->y += chart->shelf + 14;
        chart->shelf = 0;
    }
    if (chart->y + HEAD + ROW > bottom)
        return false;
    uint32_t rows = (uint32_t)((bottom - chart->y - HEAD) / ROW);
    rows = rows < sheet->rows ? rows : sheet->rows;
    draw_sheet(chart, sheet, rows);
    chart->x += sheet->width + APART;
    chart->shelf = fmax(chart->shelf, HEAD + ROW * rows);
    return true;
}

/* The node that was asked for, or the first that runs commands, or the first. */
static const struct nt_node *choose_node(const struct picture_wish *wish, const struct run *run)
{
    if (wish->node)
        return run_node_named(run, wish->node);
    for (uint32_t id = 1; id <= run_node_count(run); id++)
        if (run_node(run, id)->type->flags & NT_NODE_RUNS_APPS)
            return run_node(run, id);
    return run_node(run, 1);
}

/* What decides about frames comes first, then the rest as the type has it. Returns how many there are. */
static size_t choose_order(const struct nt_node *node, const struct nt_table **ret_order)
{
    static const char *const first[] = {"bindings", "routes", "arp", "leases", NULL};
    size_t count = inspect_table_count(node), placed = 0;
    count = count < TABLES_MOST ? count : TABLES_MOST;
    for (unsigned rank = 0; first[rank]; rank++)
        for (size_t i = 0; i < count; i++)
            if (strcmp(node->type->tables[i].name, first[rank]) == 0)
                ret_order[placed++] = &node->type->tables[i];
    for (size_t i = 0; i < count; i++) {
        bool is_placed = false;
        for (unsigned rank = 0; first[rank]; rank++)
            is_placed |= strcmp(node->type->tables[i].name, first[rank]) == 0;
        if (!is_placed)
            ret_order[placed++] = &node->type->tables[i];
    }
    return placed;
}

static void draw_all(struct tables_chart *chart)
{
    char empty[300], hidden[300], line[640];
    struct text none = text_in(empty, sizeof empty), more = text_in(hidden, sizeof hidden);
    const struct nt_table *order[TABLES_MOST];
    size_t count = choose_order(chart->node, order);
    for (size_t i = 0; i < count; i++) {
        struct sheet sheet;
        measure(chart, order[i], &sheet);
        struct text *text = sheet.rows == 0 ? &none : place(chart, &sheet) ? NULL : &more;
        if (text)
            text_add(text, "%s%s", text->length ? ", " : "", sheet.table->name);
    }
    snprintf(line, sizeof line, "%s%s%s%s%s", more.length ? "no room for " : "", hidden,
             more.length && none.length ? " \xc2\xb7 " : "", none.length ? "empty: " : "", empty);
    canvas_text_in(chart->canvas, chart->room.x, chart->room.y + chart->room.height, chart->room.width,
                   CANVAS_SANS, PICTURE_SMALL, picture_color(chart->wish, THEME_MUTED), line);
}

/* The ends of the chosen frame, as it came and as it leaves. */
static void choose_frame(struct tables_chart *chart)
{
    struct session *session = chart->wish->session;
    struct session_frame frame;
    if (!chart->wish->frame || !session_frame(session, chart->wish->frame, &frame))
        return;
    chart->matching = chart->sent = matching_of(frame.bytes, frame.length_bytes);
    uint64_t child = session_child(session, chart->wish->frame);
    if (!child || !session_frame(session, child, &frame))
        return;
    const struct nt_record *record = session_record(session, frame.record);
    if (record && record->node == chart->node->id)
        chart->sent = matching_of(frame.bytes, frame.length_bytes);
}

bool tables_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why)
{
    struct tables_chart chart = {.wish = wish, .canvas = canvas, .run = session_run(wish->session)};
    char title[160], now[40], remark[100];
    chart.node = choose_node(wish, chart.run);
    if (!chart.node || inspect_table_count(chart.node) == 0) {
        snprintf(ret_why->text, sizeof ret_why->text, "%s has no tables",
                 chart.node ? chart.node->name : "nothing here");
        return false;
    }
    picture_time(now, sizeof now, session_now(wish->session), NT_NANOSECOND);
    snprintf(title, sizeof title, "%s, a %s", chart.node->name, chart.node->type->name);
    choose_frame(&chart);
    if (chart.matching.has_mac) {
        snprintf(remark, sizeof remark, "rows for frame %" PRIu64 " marked \xc2\xb7 at %s", wish->frame, now);
    } else {
        snprintf(remark, sizeof remark, "at %s", now);
    }
    chart.room = picture_panel(wish, canvas, title, remark);
    chart.x = chart.room.x;
    chart.y = chart.room.y + 4;
    draw_all(&chart);
    return true;
}

/* SPDX-License-Identifier: MIT
 * See help_tcp.h. All of it comes from the tables by which the protocol works. */
#include "cli/help_tcp.h"

#include <inttypes.h>
#include <stdio.h>

#include "protocols/tcp/settings.h"

#define NAME_WIDTH 37
#define VALUE_WIDTH 11

/* "200 ms", "10 segments", "yes"; "no limit" for the largest number that there can be. */
static void show_value(const struct tcp_setting_row *row, int64_t value, char *ret_text, size_t size)
{
    static const char *const units[] = {[TCP_UNIT_BYTES] = " B",
                                        [TCP_UNIT_SECONDS] = " s",
                                        [TCP_UNIT_MILLISECONDS] = " ms",
                                        [TCP_UNIT_MICROSECONDS] = " us",
                                        [TCP_UNIT_SEGMENTS] = " seg"};
    const char *unit = row->unit < sizeof units / sizeof units[0] ? units[row->unit] : NULL;
    if (row->unit == TCP_UNIT_SWITCH)
        snprintf(ret_text, size, "%s", value ? "1 (yes)" : "0 (no)");
    else if (value == INT32_MAX)
        snprintf(ret_text, size, "no limit");
    else
        snprintf(ret_text, size, "%" PRId64 "%s", value, unit ? unit : "");
}

static void write_setting(struct outlet *out, const struct tcp_setting_row *row)
{
    outlet_print(out, "  %-*s", NAME_WIDTH, row->name);
    for (int i = 0; i < TCP_PROFILES; i++) {
        char text[40];
        show_value(row, row->values[i], text, sizeof text);
        outlet_print(out, " %*s", VALUE_WIDTH, text);
    }
    outlet_print(out, "  %s%s%s%s\n", row->summary, row->clause ? " [" : "", row->clause ? row->clause : "",
                 row->clause ? "]" : "");
}

void help_tcp_profiles(struct outlet *out)
{
    outlet_text(out, "\nAll settings, for \"sysctl\", and what each profile sets\n");
    outlet_print(out, "  %-*s", NAME_WIDTH, "");
    for (int i = 0; i < TCP_PROFILES; i++)
        outlet_print(out, " %*s", VALUE_WIDTH, tcp_profile_words[i]);
    outlet_text(out, "\n");
    outlet_print(out, "  %-*s", NAME_WIDTH, "net.ipv4.tcp_congestion_control");
    for (int i = 0; i < TCP_PROFILES; i++) {
        struct tcp_settings settings;
        tcp_settings_init(&settings, (enum tcp_profile)i);
        outlet_print(out, " %*s", VALUE_WIDTH, settings.congestion);
    }
    outlet_text(out, "  \"congestion\"; netarium list congestion\n");
    for (int i = 0; i < TCP_SETTINGS; i++)
        write_setting(out, &tcp_setting_table[i]);
}

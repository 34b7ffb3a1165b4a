/* SPDX-License-Identifier: MIT
 * The settings of a machine's TCP in a scenario file: plain words for what lessons are about, and all others
 * by the names that sysctl has for them. What they mean is in protocols/tcp/settings.h. */
#include "nodes/stack_tcp.h"

#include <string.h>

const char *const stack_tcp_category[] = {"settings", "set of settings", NULL};

static const char *const ecn_words[] = {"never", "ask", "answer", NULL};

/* Of the parameters below, those that are more than one setting; the others follow. */
enum { PARAM_PROFILE, PARAM_CONGESTION, PARAM_SYSCTL, PARAM_ISN };

#define SWITCH(word, text)                                                                                   \
    {                                                                                                        \
        .name = word, .kind = NT_PARAM_BOOLEAN, .summary = text                                              \
    }
#define TIME(word, most_, text)                                                                              \
    {                                                                                                        \
        .name = word, .kind = NT_PARAM_TIME, .most = most_, .summary = text                                  \
    }
#define NUMBER(word, least_, most_, text)                                                                    \
    {                                                                                                        \
        .name = word, .kind = NT_PARAM_INTEGER, .least = least_, .most = most_, .summary = text              \
    }
#define BUFFER(word, text)                                                                                   \
    {                                                                                                        \
        .name = word, .kind = NT_PARAM_BYTES, .least = 1, .most = 1 << 30, .summary = text                   \
    }

static const struct nt_param settings_params[] = {
    {.name = "profile",
     .kind = NT_PARAM_WORD,
     .default_text = "linux",
     .words = tcp_profile_words,
     .summary =
         "linux: what it does on the wire; rfc: what standards recommend; classic: what textbooks draw"},
    {.name = "congestion",
     .kind = NT_PARAM_PART,
     .words = stack_tcp_congestion_category,
     .summary = "the congestion control of new connections; netarium list congestion has them"},
    {.name = "sysctl",
     .kind = NT_PARAM_MAP,
     .flags = NT_PARAM_NUMBERS,
     .most = INT32_MAX,
     .summary = "any setting by its name: {\"net.ipv4.tcp_retries2\": 3}; netarium help tcp has them all"},
    NUMBER("isn", 0, UINT32_MAX, "every connection begins at this sequence number, which real ones must not"),
    BUFFER("send-buffer", "bytes that may wait to be sent and acknowledged; it grows no more by itself"),
    BUFFER("receive-buffer", "bytes that may wait to be read; it grows no more by itself"),
    TIME("delayed-ack", 500 * NT_MILLISECOND, "how long an acknowledgment waits for company"),
    SWITCH("sack", "tell and use what arrived out of order"),
    SWITCH("timestamps", "timestamps in every segment"),
    SWITCH("window-scaling", "windows over 64 kB"),
    {.name = "ecn", .kind = NT_PARAM_WORD, .words = ecn_words, .summary = "explicit congestion notification"},
    NUMBER("initial-window", 1, 100, "segments that may be sent at once at the start"),
    NUMBER("reordering", 1, 127, "duplicate acknowledgments that mean a loss"),
    SWITCH("limited-transmit", "the first two duplicate acknowledgments let new data go"),
    SWITCH("rack", "losses are declared by time, not by counting"),
    SWITCH("prr", "the window shrinks in proportion during recovery"),
    NUMBER("tail-loss-probes", 0, 4, "3 and 4: repeat the last segment before the timeout does; 0: no"),
    SWITCH("frto", "find out whether a timeout was spurious"),
    TIME("initial-rto", 60 * NT_SECOND, "retransmission timeout before anything was measured"),
    TIME("min-rto", 60 * NT_SECOND, "least retransmission timeout"),
    TIME("max-rto", 240 * NT_SECOND, "largest retransmission timeout"),
    SWITCH("slow-start-after-idle", "begin slowly again after a silence"),
    NUMBER("quick-acks", 0, 255, "segments at the start that are acknowledged at once"),
    NUMBER("syn-retries", 1, 127, "how often a SYN is repeated"),
    NUMBER("syn-cookies", 0, 2, "0: never; 1: when the queue is full; 2: always"),
    NUMBER("syn-backlog", 1, INT32_MAX, "half-open connections that a listener remembers"),
    TIME("time-wait", 600 * NT_SECOND, "how long a connection is remembered after its end"),
    NUMBER("first-port", 1, 65535, "first of the ports that are chosen for connections"),
    NUMBER("last-port", 1, 65535, "last of them"),
    {0}};

/* The setting behind each plain word. */
static const struct {
    const char *word;
    enum tcp_setting settings[3]; /* all of them get the value; TCP_SETTINGS ends it early */
    int64_t fixed;                /* 1 and more: another setting that is put to 0 with it, and its number */
} words[] = {
    {"send-buffer", {TCP_SET_WMEM_DEFAULT, TCP_SET_WMEM_MAX, TCP_SETTINGS}, 0},
    {"receive-buffer", {TCP_SET_RMEM_DEFAULT, TCP_SET_RMEM_MAX, TCP_SETTINGS}, TCP_SET_MODERATE_RCVBUF},
    {"delayed-ack", {TCP_SET_DELAYED_ACK_MIN, TCP_SET_DELAYED_ACK_MAX, TCP_SETTINGS}, 0},
    {"sack", {TCP_SET_SACK, TCP_SETTINGS}, 0},
    {"timestamps", {TCP_SET_TIMESTAMPS, TCP_SETTINGS}, 0},
    {"window-scaling", {TCP_SET_WINDOW_SCALING, TCP_SETTINGS}, 0},
    {"ecn", {TCP_SET_ECN, TCP_SETTINGS}, 0},
    {"initial-window", {TCP_SET_INITIAL_WINDOW, TCP_SETTINGS}, 0},
    {"reordering", {TCP_SET_REORDERING, TCP_SETTINGS}, 0},
    {"limited-transmit", {TCP_SET_LIMITED_TRANSMIT, TCP_SETTINGS}, 0},
    {"rack", {TCP_SET_RECOVERY, TCP_SETTINGS}, 0},
    {"prr", {TCP_SET_PRR, TCP_SETTINGS}, 0},
    {"tail-loss-probes", {TCP_SET_EARLY_RETRANS, TCP_SETTINGS}, 0},
    {"frto", {TCP_SET_FRTO, TCP_SETTINGS}, 0},
    {"initial-rto", {TCP_SET_RTO_INITIAL, TCP_SETTINGS}, 0},
    {"min-rto", {TCP_SET_RTO_MIN, TCP_SETTINGS}, 0},
    {"max-rto", {TCP_SET_RTO_MAX, TCP_SETTINGS}, 0},
    {"slow-start-after-idle", {TCP_SET_SLOW_START_AFTER_IDLE, TCP_SETTINGS}, 0},
    {"quick-acks", {TCP_SET_QUICK_ACKS, TCP_SETTINGS}, 0},
    {"syn-retries", {TCP_SET_SYN_RETRIES, TCP_SETTINGS}, 0},
    {"syn-cookies", {TCP_SET_SYNCOOKIES, TCP_SETTINGS}, 0},
    {"syn-backlog", {TCP_SET_SYN_BACKLOG, TCP_SETTINGS}, 0},
    {"time-wait", {TCP_SET_TIME_WAIT, TCP_SETTINGS}, 0},
    {"first-port", {TCP_SET_FIRST_PORT, TCP_SETTINGS}, 0},
    {"last-port", {TCP_SET_LAST_PORT, TCP_SETTINGS}, 0},
};

const struct nt_part_type tcp_settings_part = {.size = sizeof(struct nt_part_type),
                                               .category = "settings",
                                               .name = "tcp",
                                               .summary = "how a machine's TCP behaves: \"tcp\" of a host, a router or a NAT",
                                               .params = settings_params};

/* ---- Judging ---- */

/* The name that may be meant, with or without "net.ipv4." as it was typed; NULL: none is near. */
static const char *nearest_setting(const char *word)
{
    static const char prefix[] = "net.ipv4.";
    size_t skip = strncmp(word, "net.", 4) ? sizeof prefix - 1 : 0;
    const char *names[TCP_SETTINGS + 1] = {NULL};
    for (int i = 0; i < TCP_SETTINGS; i++) {
        const char *name = tcp_setting_table[i].name;
        names[i] = strncmp(name, prefix, sizeof prefix - 1) ? name : name + skip;
    }
    return text_nearest(word, names);
}

static void check_sysctl(struct stack *stack, const struct nt_value *item)
{
    enum tcp_setting setting = tcp_setting_find(item->key);
    if (setting == TCP_SETTINGS) {
        const char *nearest = nearest_setting(item->key);
        nt_refuse(stack->node, "tcp", "there is no setting \"%.60s\"; %s%s", item->key,
                  nearest ? "did you mean " : "netarium help tcp has them all", nearest ? nearest : "");
        return;
    }
    const struct tcp_setting_row *row = &tcp_setting_table[setting];
    if (item->number < row->least || item->number > row->most)
        nt_refuse(stack->node, "tcp", "%s is a number from %lld to %lld, not %lld", row->name,
                  (long long)row->least, (long long)row->most, (long long)item->number);
}

/* In the unit of the table. */
static int64_t in_unit_of(enum tcp_setting setting, const struct nt_param *param, int64_t number)
{
    static const int64_t scale[] = {[TCP_UNIT_SECONDS] = NT_SECOND,
                                    [TCP_UNIT_MILLISECONDS] = NT_MILLISECOND,
                                    [TCP_UNIT_MICROSECONDS] = NT_MICROSECOND};
    return param->kind == NT_PARAM_TIME ? number / scale[tcp_setting_table[setting].unit] : number;
}

static size_t param_named(const char *word)
{
    size_t i = 0;
    while (settings_params[i].name && strcmp(settings_params[i].name, word) != 0)
        i++;
    return i;
}

void stack_tcp_settings(struct stack *stack, const struct nt_value *value)
{
    stack->tcp_settings = value;
    const struct nt_value *sysctl = &value->items[PARAM_SYSCTL];
    for (uint32_t i = 0; i < sysctl->count; i++)
        check_sysctl(stack, &sysctl->items[i]);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t index = param_named(words[i].word);
        enum tcp_setting setting = words[i].settings[0];
        const struct tcp_setting_row *row = &tcp_setting_table[setting];
        int64_t number = in_unit_of(setting, &settings_params[index], value->items[index].number);
        if (value->items[index].is_given && (number < row->least || number > row->most))
            nt_refuse(stack->node, "tcp", "\"%s\" (%s) cannot be %s", words[i].word, row->name,
                      value->items[index].text ? value->items[index].text : "that");
    }
}

/* ---- Putting them in ---- */

enum tcp_profile stack_tcp_profile(const struct nt_value *value)
{
    return value ? (enum tcp_profile)value->items[PARAM_PROFILE].number : TCP_PROFILE_LINUX;
}

const struct nt_value *stack_tcp_congestion_value(const struct nt_value *value)
{
    return value && value->items[PARAM_CONGESTION].is_given ? &value->items[PARAM_CONGESTION] : NULL;
}

static void put_word(struct tcp *tcp, size_t word, int64_t number, const struct nt_param *param)
{
    for (size_t i = 0; words[word].settings[i] != TCP_SETTINGS; i++) {
        enum tcp_setting setting = words[word].settings[i];
        tcp_set(tcp, setting, in_unit_of(setting, param, number));
    }
    if (words[word].fixed)
        tcp_set(tcp, (enum tcp_setting)words[word].fixed, 0);
}

void stack_tcp_configure(struct tcp *tcp, const struct nt_value *value)
{
    if (!value)
        return;
    const struct nt_value *sysctl = &value->items[PARAM_SYSCTL];
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t index = param_named(words[i].word);
        if (value->items[index].is_given)
            put_word(tcp, i, value->items[index].number, &settings_params[index]);
    }
    for (uint32_t i = 0; i < sysctl->count; i++)
        tcp_set(tcp, tcp_setting_find(sysctl->items[i].key), sysctl->items[i].number);
    if (value->items[PARAM_ISN].is_given)
        tcp_fix_isn(tcp, (uint32_t)value->items[PARAM_ISN].number);
}

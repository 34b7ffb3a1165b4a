/* SPDX-License-Identifier: MIT
 * DHCP messages, in tcpdump's and Wireshark's words. The format is in dhcp/codec.h; here even broken ones are
 * shown, as far as they go. RFC 2131 2, RFC 2132.
 *
 * Simplified: options in `file` and `sname` are not taken apart. */
#include "protocols/dissect/parts.h"

#include "protocols/dhcp/codec.h"
#include "sim/base/bytes.h"

#define COOKIE_BYTES 4

/* ---- The line ---- */

static const char *op_word(uint32_t op)
{
    return op == DHCP_BOOTREQUEST ? "Boot Request" : op == DHCP_BOOTREPLY ? "Boot Reply" : NULL;
}

void dissect_dhcp_line(struct text *out, const struct dissect_view *view)
{
    const uint8_t *b = view->bytes;
    if (view->length_bytes < DHCP_FIXED) {
        text_add(out, "[|bootp]");
        return;
    }
    if (b[0] == DHCP_BOOTREQUEST || b[0] == DHCP_BOOTREPLY)
        text_add(out, "BOOTP/DHCP, %s", b[0] == DHCP_BOOTREQUEST ? "Request" : "Reply");
    else
        text_add(out, "BOOTP/DHCP, unknown (0x%02x)", b[0]);
    if (b[0] == DHCP_BOOTREQUEST && bytes_u16(b + 1) == 0x0106) {
        char mac[MAC_TEXT_SIZE];
        struct mac_address address;
        memcpy(address.bytes, b + 28, MAC_BYTES);
        mac_format(address, mac);
        text_add(out, " from %s", mac);
    }
    text_add(out, ", length %zu", view->length_bytes);
}

/* ---- The tree: fixed fields ---- */

static const char *hardware_word(uint32_t type)
{
    return type == 1 ? "Ethernet" : NULL;
}

static const struct dissect_row head_rows[] = {
    {1, "dhcp.type", "Message type", 0, 8, DISSECT_AS_NUMBER, 0, op_word},
    {1, "dhcp.hw.type", "Hardware type", 8, 8, DISSECT_AS_HEX, 0, hardware_word},
    {1, "dhcp.hw.len", "Hardware address length", 16, 8, DISSECT_AS_NUMBER, 0, NULL},
    {1, "dhcp.hops", "Hops", 24, 8, DISSECT_AS_NUMBER, 0, NULL},
    {1, "dhcp.id", "Transaction ID", 32, 32, DISSECT_AS_HEX, 0, NULL},
    {1, "dhcp.secs", "Seconds elapsed", 64, 16, DISSECT_AS_NUMBER, 0, NULL},
    {1, "dhcp.flags", "Bootp flags", 80, 16, DISSECT_AS_HEX, 0, NULL},
    {2, "dhcp.flags.bc", "Broadcast flag", 80, 1, DISSECT_AS_FLAG, 0, NULL},
    {2, "dhcp.flags.reserved", "Reserved flags", 81, 15, DISSECT_AS_HEX, 0, NULL},
    {1, "dhcp.ip.client", "Client IP address", 96, 32, DISSECT_AS_IPV4, 0, NULL},
    {1, "dhcp.ip.your", "Your (client) IP address", 128, 32, DISSECT_AS_IPV4, 0, NULL},
    {1, "dhcp.ip.server", "Next server IP address", 160, 32, DISSECT_AS_IPV4, 0, NULL},
    {1, "dhcp.ip.relay", "Relay agent IP address", 192, 32, DISSECT_AS_IPV4, 0, NULL},
    {1, "dhcp.hw.mac_addr", "Client MAC address", 224, 48, DISSECT_AS_MAC, 0, NULL},
};
static const struct dissect_row padding_row = {
    1, "dhcp.hw.addr_padding", "Client hardware address padding", 272, 80, DISSECT_AS_HEX, 0, NULL};
static const struct dissect_row server_row = {1, "dhcp.server", "Server host name", 352, 0, DISSECT_AS_HEX,
                                              0, NULL};
static const struct dissect_row file_row = {1, "dhcp.file", "Boot file name", 864, 0, DISSECT_AS_HEX,
                                            0, NULL};
static const struct dissect_row cookie_row = {1, "dhcp.cookie", "Magic cookie", 1888, 32, DISSECT_AS_HEX,
                                              0, NULL};

/* A name in a field of `size` octets. */
static void add_field(struct dissect_tree *tree, const struct dissect_view *view,
                      const struct dissect_row *row, size_t size)
{
    struct dissect_row whole = *row;
    whole.bits = 0; /* longer than a row can say */
    const uint8_t *at = view->bytes + row->bit / 8;
    if (*at == 0)
        dissect_add(tree, view, &whole, "not given");
    else
        dissect_bytes(tree, view, row, row->bit / 8, size);
}

/* ---- The tree: options ---- */

static const char *type_word(uint32_t type)
{
    static const char *const words[] = {NULL,  "Discover", "Offer",   "Request", "Decline",
                                        "ACK", "NAK",      "Release", "Inform"};
    return type < sizeof words / sizeof words[0] ? words[type] : NULL;
}

enum shown { SHOWN_NUMBER, SHOWN_SECONDS, SHOWN_ADDRESSES, SHOWN_NAME, SHOWN_CODES, SHOWN_BYTES };

static const struct option_row {
    uint8_t code;
    enum shown shown;
    const char *label; /* of the option */
    const char *name;  /* of its value, Wireshark's; its label is that of the option */
} options[] = {
    {DHCP_MASK, SHOWN_ADDRESSES, "Subnet Mask", "dhcp.option.subnet_mask"},
    {DHCP_ROUTER, SHOWN_ADDRESSES, "Router", "dhcp.option.router"},
    {DHCP_DNS, SHOWN_ADDRESSES, "Domain Name Server", "dhcp.option.domain_name_server"},
    {DHCP_HOST_NAME, SHOWN_NAME, "Host Name", "dhcp.option.hostname"},
    {DHCP_DOMAIN, SHOWN_NAME, "Domain Name", "dhcp.option.domain_name"},
    {DHCP_MTU, SHOWN_NUMBER, "Interface MTU", "dhcp.option.interface_mtu"},
    {DHCP_BROADCAST_ADDRESS, SHOWN_ADDRESSES, "Broadcast Address", "dhcp.option.broadcast_address"},
    {DHCP_REQUESTED, SHOWN_ADDRESSES, "Requested IP Address", "dhcp.option.requested_ip_address"},
    {DHCP_LEASE_TIME, SHOWN_SECONDS, "IP Address Lease Time", "dhcp.option.ip_address_lease_time"},
    {DHCP_OVERLOAD, SHOWN_NUMBER, "Option Overload", "dhcp.option.option_overload"},
    {DHCP_TYPE, SHOWN_NUMBER, "DHCP Message Type", "dhcp.option.dhcp"},
    {DHCP_SERVER_ID, SHOWN_ADDRESSES, "DHCP Server Identifier", "dhcp.option.dhcp_server_id"},
    {DHCP_PARAMETERS, SHOWN_CODES, "Parameter Request List", "dhcp.option.request_list_item"},
    {DHCP_MAX_SIZE, SHOWN_NUMBER, "Maximum DHCP Message Size", "dhcp.option.dhcp_max_message_size"},
    {DHCP_T1, SHOWN_SECONDS, "Renewal Time Value", "dhcp.option.renewal_time_value"},
    {DHCP_T2, SHOWN_SECONDS, "Rebinding Time Value", "dhcp.option.rebinding_time_value"},
    {DHCP_CLIENT_ID, SHOWN_BYTES, "Client identifier", "dhcp.client_id"},
    {DHCP_AGENT, SHOWN_BYTES, "Agent Information Option", "dhcp.option.value"},
};
static const struct option_row unknown_option = {0, SHOWN_BYTES, "Unknown", "dhcp.option.value"};

static const struct option_row *find_option(uint8_t code)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (options[i].code == code)
            return &options[i];
    return &unknown_option;
}

static uint32_t number_of(const struct dhcp_option *option)
{
    uint32_t value = 0;
    for (uint8_t i = 0; i < option->length; i++)
        value = value << 8 | option->value[i];
    return value;
}

/* A value with as many numbers as fit, each in a row of its own. */
static void add_list(struct dissect_tree *tree, const struct dissect_view *view,
                     const struct option_row *described, const struct dhcp_option *option, size_t each)
{
    for (size_t i = 0; i + each <= option->length; i += each) {
        size_t at = (size_t)(option->value - view->bytes) + i;
        char address[IPV4_TEXT_SIZE];
        struct dissect_row row = {2,
                                  described->name,
                                  described->label,
                                  (uint32_t)(at * 8),
                                  (uint8_t)(each * 8),
                                  DISSECT_AS_NUMBER,
                                  0,
                                  NULL};
        if (each == 4)
            dissect_add(tree, view, &row, "%s",
                        dissect_ipv4_text((struct ipv4_address){bytes_u32(option->value + i)}, address));
        else
            dissect_add(tree, view, &row, "%s (%u)", find_option(option->value[i])->label, option->value[i]);
    }
}

static void add_name(struct dissect_tree *tree, const struct dissect_view *view,
                     const struct dissect_row *row, const struct dhcp_option *option)
{
    char name[DISSECT_VALUE_SIZE];
    size_t length = 0;
    for (; length < option->length && length < sizeof name - 1; length++) {
        uint8_t c = option->value[length];
        name[length] = (char)(c >= ' ' && c < 0x7f ? c : '.');
    }
    name[length] = '\0';
    dissect_add(tree, view, row, "%s", name);
}

/* A client identifier of RFC 4361 is 255, four octets for the interface, and a DUID: here of the kind that is
 * a link-layer address (RFC 8415 11.4). False: it is of another kind. */
static bool add_client_id(struct dissect_tree *tree, const struct dissect_view *view,
                          const struct dhcp_option *option)
{
    static const struct dissect_row rows[] = {
        {2, "dhcp.client_id.duid_type", "DUID Type", 40, 16, DISSECT_AS_NUMBER, 0, NULL},
        {2, "dhcp.client_id.duid_ll_hw_type", "Hardware type", 56, 16, DISSECT_AS_NUMBER, 0, NULL},
        {2, "dhcp.client_id.link_layer_address", "Link layer address", 72, 48, DISSECT_AS_MAC, 0, NULL},
    };
    static const struct dissect_row interface = {2, "dhcp.client_id.iaid", "IAID", 8,
                                                 0, DISSECT_AS_HEX,        0,      NULL};
    if (option->length != 15 || option->value[0] != 255 || bytes_u16(option->value + 5) != 3)
        return false;
    struct dissect_view inside = dissect_inside(view, (size_t)(option->value - view->bytes));
    dissect_bytes(tree, &inside, &interface, 1, 4);
    return dissect_rows(tree, &inside, rows, sizeof rows / sizeof rows[0]);
}

static void add_value(struct dissect_tree *tree, const struct dissect_view *view,
                      const struct option_row *described, const struct dhcp_option *option)
{
    size_t at = (size_t)(option->value - view->bytes);
    bool is_number = option->length > 0 && option->length <= 4;
    struct dissect_row row = {2,
                              described->name,
                              described->label,
                              (uint32_t)(at * 8),
                              (uint8_t)(option->length <= 4 ? option->length * 8 : 0),
                              DISSECT_AS_NUMBER,
                              0,
                              NULL};
    const char *word = option->code == DHCP_TYPE ? type_word(number_of(option)) : NULL;
    if (option->code == DHCP_CLIENT_ID && add_client_id(tree, view, option))
        return;
    if (described->shown == SHOWN_ADDRESSES)
        add_list(tree, view, described, option, 4);
    else if (described->shown == SHOWN_CODES)
        add_list(tree, view, described, option, 1);
    else if (described->shown == SHOWN_NAME)
        add_name(tree, view, &row, option);
    else if (described->shown == SHOWN_BYTES || !is_number)
        dissect_bytes(tree, view, &row, at, option->length);
    else if (word)
        dissect_add(tree, view, &row, "%s (%u)", word, number_of(option));
    else
        dissect_add(tree, view, &row, described->shown == SHOWN_SECONDS ? "%u s" : "%u", number_of(option));
}

static void add_option(struct dissect_tree *tree, const struct dissect_view *view,
                       const struct dhcp_option *option)
{
    const struct option_row *described = find_option(option->code);
    uint32_t at = (uint32_t)(option->value - view->bytes - 2);
    struct dissect_row code = {1, "dhcp.option.type", "Option", at * 8, 8, DISSECT_AS_NUMBER, 0, NULL};
    struct dissect_row length = {2, "dhcp.option.length", "Length", at * 8 + 8,
                                 8, DISSECT_AS_NUMBER,    0,        NULL};
    dissect_add(tree, view, &code, "(%u) %s", option->code, described->label);
    dissect_add(tree, view, &length, "%u", option->length);
    add_value(tree, view, described, option);
}

static void add_end(struct dissect_tree *tree, const struct dissect_view *view, uint32_t bit)
{
    struct dissect_row type = {1, "dhcp.option.type", "Option", bit, 8, DISSECT_AS_NUMBER, 0, NULL};
    struct dissect_row end = {2, "dhcp.option.end", "Option End", bit, 8, DISSECT_AS_NUMBER, 0, NULL};
    dissect_add(tree, view, &type, "(%u) End", DHCP_END);
    dissect_add(tree, view, &end, "%u", DHCP_END);
}

static void add_options(struct dissect_tree *tree, const struct dissect_view *view)
{
    const uint8_t *at = view->bytes + DHCP_FIXED + COOKIE_BYTES, *end = view->bytes + view->length_bytes;
    struct dhcp_option option = {0};
    while (option.code != DHCP_END && dhcp_next_option(&at, end, &option)) {
        if (option.code == DHCP_END)
            add_end(tree, view, (uint32_t)(at - 1 - view->bytes) * 8);
        else if (option.code != DHCP_PAD)
            add_option(tree, view, &option);
    }
    struct dissect_row rest = {1, "dhcp.option.padding", "Padding", (uint32_t)(at - view->bytes) * 8,
                               0, DISSECT_AS_HEX,        0,         NULL};
    if (option.code == DHCP_END)
        dissect_bytes(tree, view, &rest, (size_t)(at - view->bytes), (size_t)(end - at));
    else if (at != end)
        dissect_malformed(tree, view, "an option runs over the end");
}

void dissect_dhcp_tree(struct dissect_tree *tree, const struct dissect_view *view)
{
    dissect_protocol(tree, view, "dhcp", "Dynamic Host Configuration Protocol", view->length_bytes);
    if (!dissect_rows(tree, view, head_rows, sizeof head_rows / sizeof head_rows[0]))
        return;
    if (view->length_bytes < DHCP_FIXED) {
        dissect_malformed(tree, view, "the bytes end before the header does");
        return;
    }
    dissect_bytes(tree, view, &padding_row, 34, 10);
    add_field(tree, view, &server_row, 64);
    add_field(tree, view, &file_row, 128);
    if (view->length_bytes < DHCP_FIXED + COOKIE_BYTES)
        return;
    if (bytes_u32(view->bytes + DHCP_FIXED) != DHCP_COOKIE) { /* BOOTP: what is there is the vendor's */
        dissect_bytes(tree, view, &cookie_row, DHCP_FIXED, view->length_bytes - DHCP_FIXED);
        return;
    }
    dissect_add(tree, view, &cookie_row, "DHCP");
    add_options(tree, view);
}

/* ---- The label ---- */

struct dissect_label dissect_dhcp_label(const struct dissect_view *view)
{
    struct dissect_label label = {"DHC", DISSECT_DHCP};
    if (view->length_bytes < DHCP_FIXED)
        label.kind = DISSECT_MALFORMED;
    return label;
}

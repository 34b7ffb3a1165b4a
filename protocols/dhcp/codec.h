/* SPDX-License-Identifier: MIT
 * DHCP messages: the BOOTP form of old, with a list of options behind it.
 *
 *      octets  1  1     1    1    | 4   | 2    2     | 4      4      4      4      | 16     64    128  | 4
 * ... op htype hlen hops | xid | secs flags | ciaddr yiaddr siaddr giaddr | chaddr sname file | cookie
 * options
 *              '---------------------------- 236 octets, RFC 951 -------------------------------------'
 *
 *     ciaddr  the client's address, if it has one that it can use      yiaddr  "your address": what it is
 * given siaddr  where to boot from, not used here                        giaddr  the relay that it came
 * through
 *
 * An option is a code, a length and a value. Code 0 is padding, 255 the end; unknown ones are skipped. When
 * there is no room, the options go on in `file` and `sname` (option 52 says so), and a long value is cut into
 * several options of one code: so a value is first *gathered* from all places, then read. Writing needs
 * neither: what we say is short.
 *
 * A message here holds what the machines of this folder use; a zero means that the option is not there.
 *
 * Standards: RFC 2131 2 (format), RFC 2132 (options), RFC 1542 2.1 (300 octets), RFC 3396 (long options), RFC
 * 3046 (option 82). */
#ifndef NETARIUM_PROTOCOLS_DHCP_CODEC_H
#define NETARIUM_PROTOCOLS_DHCP_CODEC_H

#include "protocols/ethernet/address.h"
#include "protocols/ipv4/address.h"

#define DHCP_SERVER_PORT 67 /* RFC 2131 4.1 */
#define DHCP_CLIENT_PORT 68
#define DHCP_FIXED 236           /* octets before the cookie */
#define DHCP_COOKIE 0x63825363u  /* 99.130.83.99, RFC 2131 3 */
#define DHCP_LEAST 300           /* RFC 1542 2.1: the least that is sent */
#define DHCP_ROOM 1200           /* any message of ours fits */
#define DHCP_FOREVER 0xffffffffu /* a lease without an end, RFC 2131 3.3 */
#define DHCP_MOST_HOPS 16        /* RFC 1542 4.1.1 */

#define DHCP_ADDRESSES 4   /* routers, or name servers, that a message carries */
#define DHCP_NAME_SIZE 65  /* a name and its end */
#define DHCP_ID_MOST 255   /* octets of a client identifier */
#define DHCP_ASKED_MOST 32 /* options that a client asks for */

/* Option codes, RFC 2132; 82: RFC 3046. */
enum dhcp_code {
    DHCP_PAD = 0,
    DHCP_MASK = 1,
    DHCP_ROUTER = 3,
    DHCP_DNS = 6,
    DHCP_HOST_NAME = 12,
    DHCP_DOMAIN = 15,
    DHCP_MTU = 26,
    DHCP_BROADCAST_ADDRESS = 28,
    DHCP_REQUESTED = 50,
    DHCP_LEASE_TIME = 51,
    DHCP_OVERLOAD = 52,
    DHCP_TYPE = 53,
    DHCP_SERVER_ID = 54,
    DHCP_PARAMETERS = 55,
    DHCP_MAX_SIZE = 57,
    DHCP_T1 = 58,
    DHCP_T2 = 59,
    DHCP_CLIENT_ID = 61,
    DHCP_AGENT = 82,
    DHCP_END = 255
};

enum dhcp_op { DHCP_BOOTREQUEST = 1, DHCP_BOOTREPLY = 2 };

/* Option 53, RFC 2132 9.6. The words are dhcp_type_words. */
enum dhcp_type {
    DHCP_NO_TYPE,
    DHCP_DISCOVER,
    DHCP_OFFER,
    DHCP_REQUEST,
    DHCP_DECLINE,
    DHCP_ACK,
    DHCP_NAK,
    DHCP_RELEASE,
    DHCP_INFORM
};
extern const char *const dhcp_type_words[]; /* by enum dhcp_type, ended by NULL */

/* Why a message is of no use. The words are dhcp_reason_words. */
enum dhcp_reason {
    DHCP_OK,
    DHCP_SHORT,       /* octets are missing */
    DHCP_BAD_OP,      /* neither a request nor a reply */
    DHCP_NO_ETHERNET, /* for another kind of hardware */
    DHCP_NO_COOKIE,   /* BOOTP, or something else */
    DHCP_BAD_OPTIONS, /* an option says that it is longer than there is room */
    DHCP_BAD_VALUE,   /* an option has a length that it cannot have */
    DHCP_UNKNOWN_TYPE /* option 53 is missing or unknown */
};
extern const char *const dhcp_reason_words[]; /* by enum dhcp_reason, ended by NULL */

/* A few octets that are compared and given back, never understood. */
struct dhcp_octets {
    uint8_t length; /* 0: none */
    uint8_t bytes[DHCP_ID_MOST];
};

struct dhcp_addresses {
    uint8_t count; /* 0: none */
    struct ipv4_address at[DHCP_ADDRESSES];
};

struct dhcp_message {
    uint8_t op;                 /* enum dhcp_op */
    uint8_t hops;               /* relays passed */
    bool wants_broadcast;       /* the B flag: "I cannot hear unicast yet" */
    uint16_t secs;              /* since the client began */
    uint32_t xid;               /* by which a client knows its answers */
    struct ipv4_address ciaddr; /* the client's own, in use */
    struct ipv4_address yiaddr; /* what the client is given */
    struct ipv4_address siaddr; /* not used */
    struct ipv4_address giaddr; /* the relay */
    struct mac_address chaddr;  /* the client's Ethernet address */

    enum dhcp_type type;            /* 53 */
    struct ipv4_address requested;  /* 50 */
    struct ipv4_address server_id;  /* 54 */
    struct ipv4_address mask;       /* 1 */
    struct ipv4_address broadcast;  /* 28 */
    struct dhcp_addresses routers;  /* 3 */
    struct dhcp_addresses dns;      /* 6 */
    uint32_t lease_s, t1_s, t2_s;   /* 51, 58, 59: seconds */
    uint16_t mtu_bytes;             /* 26 */
    uint16_t max_size_bytes;        /* 57: the largest message that the client takes */
    char host_name[DHCP_NAME_SIZE]; /* 12 */
    char domain[DHCP_NAME_SIZE];    /* 15 */
    uint8_t asked_count;            /* 55: options that the client wants to know */
    uint8_t asked[DHCP_ASKED_MOST]; /* ... their codes */
    struct dhcp_octets client_id;   /* 61 */
    struct dhcp_octets agent;       /* 82: what a relay put in */
};

/* Reads `length_bytes` of UDP payload. Any answer but DHCP_OK leaves `ret_message` untouched. */
enum dhcp_reason dhcp_parse(const uint8_t *bytes, size_t length_bytes, struct dhcp_message *ret_message);

/* Writes a message, DHCP_LEAST octets at least, into DHCP_ROOM octets. Returns how many. */
size_t dhcp_emit(const struct dhcp_message *message, uint8_t ret_bytes[DHCP_ROOM]);

/* One option as it stands in the octets. */
struct dhcp_option {
    uint8_t code;
    uint8_t length;       /* of its value; 0 for padding and the end */
    const uint8_t *value; /* borrowed */
};

/* The next option at `*at`, which is moved behind it. False: `end` is reached (then *at == end), or the
 * option runs over it (then not). DHCP_END is given like any other; what stands behind it is the caller's
 * business. */
bool dhcp_next_option(const uint8_t **at, const uint8_t *end, struct dhcp_option *ret_option);

/* Gathers the value of `code` from all its places into `size` octets. Returns its length; -1: it does not
 * fit, or the options are broken. 0: it is not there, or empty. RFC 3396 5. */
int dhcp_gather(const uint8_t *bytes, size_t length_bytes, uint8_t code, uint8_t *ret_value, size_t size);

/* The instant `seconds` after `since`; ENV_NEVER for a lease without an end, and for what a clock cannot say.
 */
int64_t dhcp_after_seconds(int64_t since, uint32_t seconds);

/* The identifier by which a server knows this client: option 61 if it is there, else hardware type and
 * address. RFC 2131 4.2. */
struct dhcp_octets dhcp_key_of(const struct dhcp_message *message);
bool dhcp_is_same_key(const struct dhcp_octets *a, const struct dhcp_octets *b);

/* The identifier that a client with this Ethernet address gives itself: type 255, the interface's number, and
 * a DUID made of the address. RFC 4361 6.1, RFC 8415 11.4. */
struct dhcp_octets dhcp_id_for(struct mac_address mac, uint32_t interface);

#endif

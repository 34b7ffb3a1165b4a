/* SPDX-License-Identifier: MIT
 * What DHCP tells the trace: the kinds of its facts, and the words in them. */
#include "protocols/dhcp/facts.h"

#include "protocols/dhcp/client.h"
#include "protocols/dhcp/relay.h"
#include "protocols/dhcp/server.h"

const char *const dhcp_state_words[] = {"STOPPED",     "INIT",      "SELECTING", "REQUESTING",
                                        "CHECKING",    "BOUND",     "RENEWING",  "REBINDING",
                                        "INIT-REBOOT", "REBOOTING", "INFORMING", NULL};
const char *const dhcp_rule_words[] = {"it was told to",
                                       "its last lease has not ended",
                                       "the first wait is over",
                                       "an offer came, and the first one is taken",
                                       "a server agreed",
                                       "a server refused",
                                       "nobody answered",
                                       "nobody else uses the address",
                                       "somebody else uses the address",
                                       "half of the lease is over",
                                       "seven eighths of the lease are over",
                                       "the lease has ended",
                                       NULL};
const char *const dhcp_ignored_words[] = {"it belongs to another transaction or station",
                                          "it does not expect one now",
                                          "it did not take that server's offer",
                                          "something that must be in it is missing",
                                          "it cannot be read",
                                          NULL};
const char *const dhcp_lease_words[] = {"FREE", "PROBING", "OFFERED", "BOUND", "QUARANTINED", NULL};
const char *const dhcp_lease_rule_words[] = {"an offer is wanted",
                                             "the client takes it",
                                             "the client prolongs it",
                                             "the client took another offer",
                                             "the client never took it",
                                             "nobody prolonged it",
                                             "the client gave it back",
                                             "the client found somebody else with it",
                                             "somebody answered from there",
                                             "it was left alone for long enough",
                                             NULL};
const char *const dhcp_choice_words[] = {"it is reserved for this station",
                                         "this client has it",
                                         "this client had it before",
                                         "this client asks for it, and it is free",
                                         "it was never given to anybody",
                                         "of the free ones it was given back first",
                                         NULL};
const char *const dhcp_refusal_words[] = {"no address is left in the pool",
                                          "it has no pool for that network",
                                          "the address does not belong to the client's network",
                                          "it has not offered that address to this client",
                                          "the address is another client's",
                                          "the client chose another server",
                                          "it knows nothing of this client",
                                          "the address is not this client's",
                                          "it is still asking whether the address is free",
                                          "the message fits no state of a client",
                                          NULL};
const char *const dhcp_relay_words[] = {"it cannot be read", "it has passed too many relays",
                                        "there is no address to put in it", "the answer is for another relay",
                                        NULL};

#define MESSAGE                                                                                              \
    {                                                                                                        \
        "message", ENV_UNIT_WORD, dhcp_type_words                                                            \
    }
#define CLIENT                                                                                               \
    {                                                                                                        \
        "client", ENV_UNIT_MAC, NULL                                                                         \
    }
#define ADDRESS                                                                                              \
    {                                                                                                        \
        "address", ENV_UNIT_IPV4, NULL                                                                       \
    }
#define SERVER                                                                                               \
    {                                                                                                        \
        "server", ENV_UNIT_IPV4, NULL                                                                        \
    }
#define XID                                                                                                  \
    {                                                                                                        \
        "xid", ENV_UNIT_HEX, NULL                                                                            \
    }

const struct env_kind dhcp_kinds[DHCP_FACTS] = {
    [DHCP_STATE] = {"dhcp.state",
                    "{node}: {old} becomes {new}, {rule}",
                    "RFC 2131 4.4",
                    ENV_KIND_INTERESTING,
                    {{"old", ENV_UNIT_WORD, dhcp_state_words},
                     {"new", ENV_UNIT_WORD, dhcp_state_words},
                     {"rule", ENV_UNIT_WORD, dhcp_rule_words}}},
    [DHCP_DISCOVER_SENT] =
        {"dhcp.discover",
         "{node} asks everybody for an address: DISCOVER, try {try}",
         "RFC 2131 4.4.1",
         0,
         {{"try", ENV_UNIT_NONE, NULL}, XID, {"wished", ENV_UNIT_IPV4, NULL}, {"secs", ENV_UNIT_NONE, NULL}}},
    [DHCP_REQUEST_SENT] = {"dhcp.request",
                           "{node} asks {to} for {address}: REQUEST in state {state}, try {try}",
                           "RFC 2131 4.3.2",
                           0,
                           {ADDRESS,
                            {"to", ENV_UNIT_IPV4, NULL},
                            SERVER,
                            {"state", ENV_UNIT_WORD, dhcp_state_words},
                            {"try", ENV_UNIT_NONE, NULL},
                            XID}},
    [DHCP_DECLINE_SENT] = {"dhcp.decline",
                           "{node} tells {server} that somebody else uses {address}: DECLINE",
                           "RFC 2131 4.4.4",
                           ENV_KIND_INTERESTING,
                           {ADDRESS, SERVER, XID}},
    [DHCP_RELEASE_SENT] = {"dhcp.release",
                           "{node} gives {address} back to {server}: RELEASE",
                           "RFC 2131 4.4.6",
                           0,
                           {ADDRESS, SERVER, XID}},
    [DHCP_INFORM_SENT] = {"dhcp.inform",
                          "{node}, at {address}, asks what else there is to know: INFORM, try {try}",
                          "RFC 2131 4.4.3",
                          0,
                          {ADDRESS, {"try", ENV_UNIT_NONE, NULL}, XID}},
    [DHCP_RECEIVED] = {"dhcp.received",
                       "{node} hears from {server}: {message} of {address} for {lease}",
                       "RFC 2131 4.4.1",
                       0,
                       {MESSAGE, SERVER, ADDRESS, {"lease", ENV_UNIT_TIME, NULL}, XID}},
    [DHCP_CONFIGURED] =
        {"dhcp.configured",
         "{node} uses {address} for {lease}, gateway {gateway}, as {server} said; it asks again after {t1}",
         "RFC 2131 4.4.5",
         ENV_KIND_INTERESTING,
         {ADDRESS,
          SERVER,
          {"gateway", ENV_UNIT_IPV4, NULL},
          {"lease", ENV_UNIT_TIME, NULL},
          {"t1", ENV_UNIT_TIME, NULL},
          {"t2", ENV_UNIT_TIME, NULL}}},
    [DHCP_LOST] = {"dhcp.lost",
                   "{node} stops using {address}: {rule}",
                   "RFC 2131 4.4.5",
                   ENV_KIND_INTERESTING,
                   {ADDRESS, {"rule", ENV_UNIT_WORD, dhcp_rule_words}}},
    [DHCP_IGNORED] = {"dhcp.ignored",
                      "{node} leaves a message of {server} alone, {message}: {reason}",
                      "RFC 2131 4.4.1",
                      ENV_KIND_CHATTER,
                      {MESSAGE, {"reason", ENV_UNIT_WORD, dhcp_ignored_words}, SERVER, XID}},
    [DHCP_PROBED] =
        {"dhcp.probe",
         "{node} asks for {wait} whether anybody uses {address} before it offers that to {client}",
         "RFC 2131 2.2",
         0,
         {ADDRESS, CLIENT, {"wait", ENV_UNIT_TIME, NULL}}},
    [DHCP_OFFERED] = {"dhcp.offer",
                      "{node} offers {address} to {client} for {lease}, because {rule}",
                      "RFC 2131 4.3.1",
                      0,
                      {ADDRESS,
                       CLIENT,
                       {"rule", ENV_UNIT_WORD, dhcp_choice_words},
                       {"lease", ENV_UNIT_TIME, NULL},
                       XID,
                       {"relay", ENV_UNIT_IPV4, NULL}}},
    [DHCP_LEASED] = {"dhcp.ack",
                     "{node} agrees: {address} is {client}'s for {lease}",
                     "RFC 2131 4.3.2",
                     ENV_KIND_INTERESTING,
                     {ADDRESS, CLIENT, {"lease", ENV_UNIT_TIME, NULL}, XID, {"relay", ENV_UNIT_IPV4, NULL}}},
    [DHCP_REFUSED] = {"dhcp.nak",
                      "{node} refuses {address} to {client}: {reason}",
                      "RFC 2131 4.3.2",
                      ENV_KIND_INTERESTING,
                      {ADDRESS, CLIENT, {"reason", ENV_UNIT_WORD, dhcp_refusal_words}, XID}},
    [DHCP_INFORMED] = {"dhcp.informed",
                       "{node} tells {client}, at {address}, what goes with an address here",
                       "RFC 2131 4.3.5",
                       0,
                       {ADDRESS, CLIENT, XID}},
    [DHCP_SILENT] = {"dhcp.silent",
                     "{node} does not answer the {message} of {client}: {reason}",
                     "RFC 2131 4.3",
                     ENV_KIND_INTERESTING,
                     {MESSAGE, CLIENT, {"reason", ENV_UNIT_WORD, dhcp_refusal_words}, XID}},
    [DHCP_LEASE_STATE] = {"dhcp.lease",
                          "{node}: {address} for {client}, {old} becomes {new}: {rule}",
                          "RFC 2131 4.3",
                          0,
                          {ADDRESS,
                           CLIENT,
                           {"old", ENV_UNIT_WORD, dhcp_lease_words},
                           {"new", ENV_UNIT_WORD, dhcp_lease_words},
                           {"rule", ENV_UNIT_WORD, dhcp_lease_rule_words},
                           {"lease", ENV_UNIT_TIME, NULL}}},
    [DHCP_SERVER_IGNORED] = {"dhcp.unreadable",
                             "{node} leaves a message alone: {reason}",
                             "RFC 2131 2",
                             0,
                             {{"reason", ENV_UNIT_WORD, dhcp_reason_words}}},
    [DHCP_RELAYED_UP] =
        {"dhcp.relay_up",
         "{node} passes the {message} of {client} on to {server} and signs it with {relay}",
         "RFC 1542 4.1.1",
         0,
         {MESSAGE, CLIENT, SERVER, {"relay", ENV_UNIT_IPV4, NULL}, {"hops", ENV_UNIT_NONE, NULL}, XID}},
    [DHCP_RELAYED_DOWN] =
        {"dhcp.relay_down",
         "{node} brings the {message} of {address} back to {client}",
         "RFC 1542 4.1.2",
         0,
         {MESSAGE, CLIENT, ADDRESS, {"relay", ENV_UNIT_IPV4, NULL}, {"broadcast", ENV_UNIT_BOOL, NULL}, XID}},
    [DHCP_NOT_RELAYED] = {"dhcp.relay_drop",
                          "{node} does not pass the message of {client} on: {reason}",
                          "RFC 1542 4.1",
                          ENV_KIND_INTERESTING,
                          {{"reason", ENV_UNIT_WORD, dhcp_relay_words}, CLIENT}},
};

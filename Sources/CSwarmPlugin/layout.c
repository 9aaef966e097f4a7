/* SPDX-License-Identifier: Apache-2.0 */
/* Holds the layout of the interface still: a change that would break plugins does not compile. Structs grow only at
 * their ends, and then a line is added here for each field. */
#include "swarm_plugin.h"

#include <assert.h>

#if UINTPTR_MAX == UINT64_MAX

static_assert(sizeof(swarm_option) == 48, "swarm_option");
static_assert(offsetof(swarm_option, key) == 8, "swarm_option.key");
static_assert(offsetof(swarm_option, minimum) == 32, "swarm_option.minimum");

static_assert(sizeof(swarm_option_value) == 40, "swarm_option_value");
static_assert(offsetof(swarm_option_value, integer) == 16, "swarm_option_value.integer");

static_assert(sizeof(swarm_host) == 40, "swarm_host");
static_assert(offsetof(swarm_host, context) == 8, "swarm_host.context");
static_assert(offsetof(swarm_host, log) == 24, "swarm_host.log");
static_assert(offsetof(swarm_host, secure_random) == 32, "swarm_host.secure_random");

static_assert(sizeof(swarm_torrent) == 24, "swarm_torrent");

static_assert(sizeof(swarm_picker_peer) == 48, "swarm_picker_peer");
static_assert(offsetof(swarm_picker_peer, words) == 8, "swarm_picker_peer.words");
static_assert(offsetof(swarm_picker_peer, now) == 32, "swarm_picker_peer.now");
static_assert(offsetof(swarm_picker_peer, summary) == 40, "swarm_picker_peer.summary");

static_assert(sizeof(swarm_picker) == 88, "swarm_picker");
static_assert(offsetof(swarm_picker, create) == 8, "swarm_picker.create");
static_assert(offsetof(swarm_picker, pick) == 80, "swarm_picker.pick");

static_assert(sizeof(swarm_choke_peer) == 56, "swarm_choke_peer");
static_assert(offsetof(swarm_choke_peer, down_rate) == 24, "swarm_choke_peer.down_rate");

static_assert(sizeof(swarm_choke_round) == 40, "swarm_choke_round");
static_assert(offsetof(swarm_choke_round, peers) == 24, "swarm_choke_round.peers");

static_assert(sizeof(swarm_choker) == 40, "swarm_choker");
static_assert(offsetof(swarm_choker, round) == 24, "swarm_choker.round");

static_assert(sizeof(swarm_link_host) == 56, "swarm_link_host");
static_assert(offsetof(swarm_link_host, context) == 8, "swarm_link_host.context");
static_assert(offsetof(swarm_link_host, find_torrent) == 48, "swarm_link_host.find_torrent");

static_assert(sizeof(swarm_link) == 40, "swarm_link");
static_assert(offsetof(swarm_link, info_hash) == 24, "swarm_link.info_hash");
static_assert(offsetof(swarm_link, now) == 32, "swarm_link.now");

static_assert(sizeof(swarm_route) == 12, "swarm_route");

static_assert(sizeof(swarm_transport) == 104, "swarm_transport");
static_assert(offsetof(swarm_transport, create) == 8, "swarm_transport.create");
static_assert(offsetof(swarm_transport, received) == 48, "swarm_transport.received");
static_assert(offsetof(swarm_transport, close) == 96, "swarm_transport.close");

static_assert(sizeof(swarm_plugin) == 72, "swarm_plugin");
static_assert(offsetof(swarm_plugin, name) == 16, "swarm_plugin.name");
static_assert(offsetof(swarm_plugin, picker) == 48, "swarm_plugin.picker");
static_assert(offsetof(swarm_plugin, transport) == 64, "swarm_plugin.transport");

#endif

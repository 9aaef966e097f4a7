/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swarm_transport.h: how peers' bytes travel. Since 1.1. Included by swarm_plugin.h, which has the rules.
 */
#ifndef SWARM_TRANSPORT_H
#define SWARM_TRANSPORT_H

#include "swarm_host.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A transport turns what travels between two machines into the plain bytes that two peers exchange, and back. It is an
 * engine without sockets: bytes or datagrams go in, bytes, datagrams and one deadline come out; the host owns every
 * descriptor and the clock. One instance serves one connection with one peer.
 *
 * An instance is made on the thread where a connection begins, and may be moved to another thread, once, when its
 * torrent is known. As everywhere, calls to one instance never overlap. The functions of swarm_link_host may be called
 * only from inside a call of the host to that instance; they never call the instance back.
 */

/* What carries a transport. */
typedef uint32_t swarm_carrier;
#define SWARM_CARRIER_STREAM 1u   /* an ordered, reliable stream of bytes: TCP, or another transport's plain bytes */
#define SWARM_CARRIER_DATAGRAM 2u /* UDP datagrams between two addresses: they get lost, doubled and out of order */

/* Who began the connection. */
#define SWARM_ROLE_INITIATOR 0u /* we did */
#define SWARM_ROLE_RESPONDER 1u /* the peer did */

/* The operator's word on encryption. */
#define SWARM_ENCRYPTION_DISABLED 0u /* never */
#define SWARM_ENCRYPTION_ALLOWED 1u  /* where the peer wants it */
#define SWARM_ENCRYPTION_REQUIRED 2u /* always: no payload in the clear, unless an option of the plugin's own allows it */

/* States of a connection, told by swarm_link_host.changed(). */
#define SWARM_LINK_OPEN 1u     /* plain bytes may flow both ways from now on */
#define SWARM_LINK_BYPASSED 2u /* stream carriers only: from now on the carrier's bytes are the plain bytes. Whatever was
                                * received is delivered before; nothing but destroy() is called afterwards */
#define SWARM_LINK_ENDED 3u    /* the peer ended the connection in order: everything it sent was delivered */
#define SWARM_LINK_FAILED 4u   /* it cannot go on: `reason` says why in a few words */

/* The bytes of a torrent's info-hash, and of the name that a transport gives it. */
#define SWARM_HASH_LENGTH 20u

/* What the host does for one connection. Valid from create() until destroy() has returned. */
typedef struct swarm_link_host {
    uint32_t struct_size;
    uint32_t reserved; /* 0 */
    /* To be passed back to the functions below. */
    void *context;
    /* Plain bytes from the peer, in order. Not kept after the call: they may lie in the memory that received() was
     * given. At most as many as set_window() allows, where the carrier is datagrams. */
    void (*deliver)(void *context, const uint8_t *bytes, size_t count);
    /* Sends: on a stream the next bytes, on datagrams one datagram. Not kept after the call. Sending the very memory
     * that write() was given costs no copy. */
    void (*transmit)(void *context, const uint8_t *bytes, size_t count);
    /* The connection's state is now `state`, one of SWARM_LINK_...; `reason` is a few words of UTF-8 without line end,
     * not kept after the call, NULL with any state but SWARM_LINK_FAILED. */
    void (*changed)(void *context, uint32_t state, const char *reason);
    /* write() took less than it was given before, and takes more now. */
    void (*writable)(void *context);
    /* Looks up a torrent by the name that torrent_name() gives it: writes its info-hash and returns 1, or returns 0 when
     * no such torrent takes connections. For a responder, which learns the torrent from the peer: it must be called
     * before changed(SWARM_LINK_OPEN) by a transport that has torrent_name(). */
    uint32_t (*find_torrent)(void *context, const uint8_t *name, uint8_t *info_hash);
} swarm_link_host;

/* The connection that an instance works for. */
typedef struct swarm_link {
    uint32_t struct_size;
    /* SWARM_ROLE_... */
    uint32_t role;
    /* SWARM_ENCRYPTION_... */
    uint32_t encryption;
    /* Datagrams: the key under which the host passes datagrams to this instance, see swarm_transport.route(). For an
     * initiator the host has chosen it, below 65536, so that the instance may tell it to the peer. */
    uint32_t key;
    /* Datagrams: payload of the largest datagram that the network's first hop takes. */
    uint32_t maximum_datagram;
    /* Datagrams: whether the peer's address is IPv6. */
    uint32_t is_ipv6;
    /* SWARM_HASH_LENGTH bytes: the torrent, for an initiator; NULL for a responder. Valid during create() only. */
    const uint8_t *info_hash;
    /* The time now. */
    int64_t now;
} swarm_link;

/* Which connection a datagram belongs to. Filled in by the plugin. */
typedef struct swarm_route {
    /* Set by the host. */
    uint32_t struct_size;
    /* Together with the peer's address it names the connection. */
    uint32_t key;
    /* 1 when a connection may be made for this datagram if there is none of that key; it gets that key. */
    uint32_t opens;
} swarm_route;

/* A transport's functions. None may be NULL unless it says so. */
typedef struct swarm_transport {
    uint32_t struct_size;
    /* SWARM_CARRIER_... */
    swarm_carrier carrier;

    /* Makes an instance for a connection. An initiator may transmit at once. The rest as in swarm_picker.create;
     * `link_host` is valid until destroy() has returned. */
    void *(*create)(const swarm_host *host, const swarm_link_host *link_host, const swarm_link *link,
                    const swarm_option_value *values, size_t value_count);
    /* As swarm_picker.destroy. Transmits nothing. */
    void (*destroy)(void *instance);

    /* Datagrams only, else NULL. Belongs to no instance and may be called from any thread: tells where a datagram
     * belongs. Returns 0 when it is none of this transport's, else 1. */
    uint32_t (*route)(const uint8_t *datagram, size_t count, swarm_route *route);
    /* Streams only; NULL where the transport does not name the torrent, so that the peers' own handshake does. Belongs
     * to no instance: writes the SWARM_HASH_LENGTH bytes by which the transport's initiators name a torrent. */
    void (*torrent_name)(const uint8_t *info_hash, uint8_t *name);
    /* Streams only, else NULL. Belongs to no instance. Whether the first bytes that a peer sent, `count` of them, can be
     * the beginning of this transport: 1 yes, 0 no. Asked of the transports in the operator's order; the bytes are then
     * given to received(). */
    uint32_t (*recognizes)(const uint8_t *bytes, size_t count);

    /* What came: on a stream any number of bytes, on datagrams one datagram. It may be changed in place. */
    void (*received)(void *instance, uint8_t *bytes, size_t count, int64_t now);
    /* Plain bytes for the peer, only while open: takes the first of them, and returns how many. A stream transport takes
     * them all, and may change them in place; one over datagrams leaves them as they are. */
    size_t (*write)(void *instance, uint8_t *bytes, size_t count, int64_t now);
    /* A run of calls is over, and the host is about to wait: what waited for more (acknowledgements, a datagram that is
     * not full) is to be transmitted now unless it pays to wait until the deadline. May be NULL. */
    void (*settle)(void *instance, int64_t now);
    /* When timer() wants to be called; INT64_MAX for never. Asked after each run of calls. */
    int64_t (*deadline)(void *instance);
    void (*timer)(void *instance, int64_t now);
    /* Datagrams only, else NULL: the host takes at most `count` more plain bytes, until it says so again. */
    void (*set_window)(void *instance, size_t count, int64_t now);
    /* We end the connection in order: what was written is still to reach the peer. The host goes on to call the instance
     * until it changes to ENDED or FAILED, or patience is over. May be NULL: then nothing is left to be done. */
    void (*close)(void *instance, int64_t now);
} swarm_transport;

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swarm_choker.h: which peers are served. Included by swarm_plugin.h, which has the rules.
 */
#ifndef SWARM_CHOKER_H
#define SWARM_CHOKER_H

#include "swarm_host.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Flags of a peer. */
#define SWARM_PEER_INTERESTED 1u /* it wants something from us */
#define SWARM_PEER_UNCHOKED 2u   /* it may ask us now */
#define SWARM_PEER_SNUBBED 4u    /* we want something from it, and it has sent nothing for a minute */
#define SWARM_PEER_SEED 8u       /* it has every piece */
#define SWARM_PEER_NEWCOMER 16u  /* it joined less than three rounds ago */

/* What a choker sees of one peer. */
typedef struct swarm_choke_peer {
    uint32_t struct_size;
    /* Its place among the connected peers of the torrent; used again by another after it has left. */
    uint32_t slot;
    /* Its number among all peers that ever joined the torrent; never used again. */
    uint64_t serial;
    /* SWARM_PEER_... */
    uint32_t flags;
    uint32_t reserved; /* 0 */
    /* Payload from it to us, and from us to it, bytes a second over about the last round. */
    uint64_t down_rate;
    uint64_t up_rate;
    /* When it joined. */
    int64_t joined_at;
    /* When it was last unchoked; INT64_MIN when it never was. */
    int64_t unchoked_at;
} swarm_choke_peer;

/* What the round is for. */
#define SWARM_MODE_DOWNLOADING 0u /* we still want pieces: reciprocate */
#define SWARM_MODE_SEEDING 1u     /* we want nothing */

/* One round: the connected peers, in no order. */
typedef struct swarm_choke_round {
    uint32_t struct_size;
    /* SWARM_MODE_... */
    uint32_t mode;
    /* How many interested peers may be unchoked. */
    uint32_t slots;
    uint32_t peer_count;
    /* Bytes from one element of `peers` to the next; see swarm_choke_round_peer(). */
    uint32_t peer_stride;
    uint32_t reserved; /* 0 */
    const swarm_choke_peer *peers;
    /* The time now. */
    int64_t now;
} swarm_choke_round;

/* The element `index` of a round's peers, 0 ... peer_count - 1. */
static inline const swarm_choke_peer *swarm_choke_round_peer(const swarm_choke_round *round, uint32_t index)
{
    const void *element = (const char *)round->peers + (size_t)index * round->peer_stride;
    return (const swarm_choke_peer *)element;
}

/* A choker's functions. None may be NULL unless it says so. All but create() and destroy() are called on the torrent's
 * thread. */
typedef struct swarm_choker {
    uint32_t struct_size;
    uint32_t reserved; /* 0 */

    /* As swarm_picker.create. */
    void *(*create)(const swarm_host *host, const swarm_torrent *torrent, const swarm_option_value *values,
                    size_t value_count);
    /* As swarm_picker.destroy. */
    void (*destroy)(void *instance);

    /* Decides who may ask us until the next round: sets unchoked[i] to 1 for each peer i that may; all peer_count elements
     * are 0 at first, and nothing but 0 and 1 may be written. At most round->slots interested peers may be chosen; others
     * may be chosen freely and take no slot. `round`, its peers and `unchoked` are valid during the call only. Called every
     * 10 s, and in between when a slot became free, at most once a second: keep time by round->now. When a peer becomes
     * interested while a slot is free the host unchokes it at once by itself, until the next round. A round may be without
     * peers. */
    void (*round)(void *instance, const swarm_choke_round *round, uint8_t *unchoked);

    /* Chooses which of the holders of a piece is asked for it: returns an index into holders->peers. Called when a piece
     * is begun that several could be asked for now: peers[0] is the one that it would be asked of otherwise, the others,
     * in no order, have it as well, let us ask, and are at work on no other piece. May be NULL: then it stays with
     * peers[0]. `holders` is valid during the call only. A host of 1.0 does not call it. */
    uint32_t (*choose_holder)(void *instance, uint32_t piece, const swarm_choke_round *holders);
} swarm_choker;

#ifdef __cplusplus
}
#endif

#endif

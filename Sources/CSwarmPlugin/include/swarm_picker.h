/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swarm_picker.h: which piece is fetched next. Included by swarm_plugin.h, which has the rules.
 */
#ifndef SWARM_PICKER_H
#define SWARM_PICKER_H

#include "swarm_host.h"

#ifdef __cplusplus
extern "C" {
#endif

/* States of a piece. Only wanted pieces may be picked. */
#define SWARM_PIECE_WANTED 0u    /* missing, and nobody fetches it */
#define SWARM_PIECE_IN_FLIGHT 1u /* being fetched, hashed or written */
#define SWARM_PIECE_HAVE 2u      /* verified and stored */
#define SWARM_PIECE_UNWANTED 3u  /* missing, and the operator does not want it */

/* Priorities of pieces, 1 ... 7. A piece of higher priority is to be picked before any of lower priority. */
#define SWARM_PRIORITY_LOWEST 1u
#define SWARM_PRIORITY_NORMAL 4u
#define SWARM_PRIORITY_HIGHEST 7u

/* The peer that a piece is picked for. */
typedef struct swarm_picker_peer {
    uint32_t struct_size;
    /* Its place among the connected peers of the torrent; used again by another after it has left. */
    uint32_t slot;
    /* The pieces it has, as words: (piece_count + 63) / 64 of them. */
    const uint64_t *words;
    uint32_t word_count;
    /* Number of pieces it has. */
    uint32_t have_count;
    /* Payload that comes from it, bytes a second. */
    uint64_t down_rate;
    /* The time now. */
    int64_t now;
    /* Since 1.1. Which of the words are not 0: word i in bit (i % 64) of summary[i / 64]. So the pieces of a peer that has
     * few are found without a look at every word. May be NULL. */
    const uint64_t *summary;
} swarm_picker_peer;

/* Asks the processor for memory that will be looked at soon, without waiting for it; whatever the address, nothing else
 * happens. What many peers have of many pieces is in no cache: where a few candidates are asked for before the first is looked
 * at, the waits for them run side by side. */
static inline void swarm_prefetch(const void *address)
{
#if defined(__GNUC__)
    __builtin_prefetch(address);
#else
    (void)address;
#endif
}

/* Flags of a picker. */
/* Since 1.2. What a peer or tracker suggests (BEP 6) may be fetched before this picker is asked: pieces come in no order that
 * matters, and what others lack is what it wants, too. Suggestions that would break an order of its own do not reach a picker
 * without this flag. A host of 1.1 or older does not look at it. */
#define SWARM_PICKER_FOLLOWS_SUGGESTIONS 1u

/* A picker's functions. None may be NULL unless it says so. All but create() and destroy() are called on the torrent's
 * thread: from the instance's creation on, while the torrent takes part in its swarm. Only pick() answers; the others tell,
 * and must be quick all the same: they come with every message of a peer. */
typedef struct swarm_picker {
    uint32_t struct_size;
    /* SWARM_PICKER_..., each a bit; 0 for none. */
    uint32_t flags;

    /* Makes an instance for a torrent: when the torrent starts, and when this picker is chosen for one that runs. At
     * first every piece is wanted, of normal priority, and nobody has it; the calls that tell the rest follow at once.
     * `values` has one element for each element of swarm_plugin.options, in the same order, and is valid during this call
     * only, as is `torrent`; `host` until destroy() has returned. Returns what is passed as `instance` from then on, or
     * NULL when it cannot work for this torrent (say why through host->log): another picker takes its place. */
    void *(*create)(const swarm_host *host, const swarm_torrent *torrent, const swarm_option_value *values,
                    size_t value_count);
    /* Ends an instance and frees what it holds: when the torrent stops, another picker was chosen, or the plugin was turned
     * off. Nothing is called on it afterwards. */
    void (*destroy)(void *instance);

    /* One connected peer more, or less, has this piece. The first follows each HAVE message. */
    void (*piece_gained)(void *instance, uint32_t piece);
    void (*piece_lost)(void *instance, uint32_t piece);
    /* One connected peer more, or less, has each of the `set_count` pieces (at least 1) that are set in `words`, which are
     * valid during the call only; `word_count` is (piece_count + 63) / 64. Called when a peer's pieces become known at
     * once, and when it leaves. A peer that has all is best kept as a single counter. */
    void (*pieces_gained)(void *instance, const uint64_t *words, size_t word_count, uint32_t set_count);
    void (*pieces_lost)(void *instance, const uint64_t *words, size_t word_count, uint32_t set_count);
    /* What a tracker counted: counts[i] holders of piece first + i in the whole swarm, connected or not, instead of what
     * was told of these pieces before; first + count is at most piece_count. `counts` is valid during the call only. Called
     * after an announce, every few minutes at most, where a tracker tells; never where it does not. May be NULL. A host of
     * 1.0 does not call it. */
    void (*set_tracker_counts)(void *instance, uint32_t first, const uint32_t *counts, size_t count);

    /* A piece's priority, 1 ... 7, is now `priority`. Called when the operator changes it, whatever the piece's state. */
    void (*set_priority)(void *instance, uint32_t piece, uint32_t priority);
    /* A piece's state is now `state`, one of SWARM_PIECE_... A picked piece is not in flight until this says so, and one
     * that failed its hash or was given up is wanted again. */
    void (*set_state)(void *instance, uint32_t piece, uint32_t state);

    /* Chooses what to fetch from a peer: writes up to `maximum` (at least 1) different piece numbers to `pieces`, the best
     * first, and returns how many. Each must be wanted and one that the peer has. 0 when there is none; the host then does
     * not ask again for this peer until something has changed. Fewer than there are is allowed. `peer`, with its words, and
     * `pieces` are valid during the call only. Called once for each piece fetched, when a peer that may be asked has nothing
     * left to send, so that the cost should not grow with the number of pieces. */
    uint32_t (*pick)(void *instance, const swarm_picker_peer *peer, uint32_t maximum, uint32_t *pieces);
} swarm_picker;

#ifdef __cplusplus
}
#endif

#endif

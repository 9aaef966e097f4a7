/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swarm_plugin.h: the interface between swarmd and its loadable strategies.
 *
 * A plugin is a shared object that exports exactly one symbol, swarm_plugin_entry(), and needs nothing but libc. It is
 * loaded once, with RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE, and never unloaded. It describes itself by a swarm_plugin;
 * the host then makes one instance of it for each torrent that uses it.
 *
 * C11; also C++11 and later. Integers have fixed widths, strings are UTF-8 and end with a NUL.
 *
 * RULES FOR PLUGINS
 *  - Calls are synchronous. A call must return soon (microseconds), must not block, sleep, take locks that other
 *    threads hold for long, do I/O, or unwind (no C++ exception, no longjmp) into the host.
 *  - All calls to one instance come from one thread at a time, never two at once and never from inside another call to
 *    it. Different instances may be called from different threads at the same time: an instance shares no mutable
 *    memory with another. An instance may be created and destroyed on another thread than it is called on.
 *  - A pointer given to a plugin is valid during that call only, unless this file says otherwise. What a plugin gives
 *    to the host (swarm_plugin and all that it points to) must stay valid and unchanged for ever.
 *  - The host never passes NULL where this file does not allow it, nor a piece number outside the torrent.
 *  - The host checks every answer. A wrong answer is not used; a plugin that gives several is turned off, and a
 *    built-in strategy takes its place.
 *  - Randomness comes from swarm_host.seed and time from the arguments, so that a run can be replayed.
 *
 * VERSIONS
 *  - swarm_plugin.abi_major says which interface a plugin was written for. The host loads it only when it is its own.
 *  - Within a major version a struct only grows at its end, and the minor version rises. Every struct begins with
 *    struct_size, set by whoever fills it in to the sizeof that it was compiled with. A field past struct_size
 *    does not exist; a function pointer past struct_size, or NULL where that is allowed, is not called.
 *  - So a plugin of an older minor version loads in a newer host, and one of a newer minor version in an older host, as
 *    long as it looks at swarm_host.abi_minor before it counts on what came later.
 *  - Arrays of structs have a stride of the struct_size of their first element, or the stride that is given beside
 *    them: never of your own sizeof. swarm_choke_round_peer() does that.
 *
 * UNITS: bytes; bytes a second; nanoseconds of a monotonic clock whose beginning means nothing.
 *
 * WORDS: a set of pieces is an array of 64-bit words: piece i is bit (i % 64) of word (i / 64), least significant bit
 * first. Bits past the last piece are 0.
 */
#ifndef SWARM_PLUGIN_H
#define SWARM_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this file. */
#define SWARM_ABI_MAJOR 1u
#define SWARM_ABI_MINOR 0u

/* Whether the struct of the given type that `pointer` points to has `field`: its maker may have known an older minor
 * version. Usage: SWARM_HAS_FIELD(swarm_host, host, log). */
#define SWARM_HAS_FIELD(type, pointer, field) \
    ((size_t)(pointer)->struct_size >= offsetof(type, field) + sizeof((pointer)->field))

#if defined(__GNUC__)
#define SWARM_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define SWARM_PLUGIN_EXPORT
#endif

/* What a plugin decides. */
typedef uint32_t swarm_plugin_kind;
#define SWARM_KIND_PICKER 1u    /* which piece to fetch next from a peer */
#define SWARM_KIND_CHOKER 2u    /* which peers are served */
#define SWARM_KIND_TRANSPORT 3u /* how peers' bytes travel; reserved, its functions come with a later minor version */

/* ------------------------------------------------------------------------------------------------- options */

/* Types of options. */
typedef uint32_t swarm_option_type;
#define SWARM_OPTION_BOOLEAN 1u /* "true" or "false" */
#define SWARM_OPTION_INTEGER 2u /* decimal, 64 bits, signed */
#define SWARM_OPTION_NUMBER 3u  /* decimal fraction */
#define SWARM_OPTION_TEXT 4u    /* any text */

/* An option that an operator may set for the plugin. Filled in by the plugin. */
typedef struct swarm_option {
    uint32_t struct_size;
    swarm_option_type type;
    /* Lower-case letters, digits and '-', begins with a letter, at most 32 bytes. */
    const char *key;
    /* Its value when the operator sets none, written as an operator would. */
    const char *default_value;
    /* One line for people. */
    const char *help;
    /* Limits of an integer or number, both included; none when both are 0. */
    int64_t minimum;
    int64_t maximum;
} swarm_option;

/* The value of one option. Filled in by the host: of the right type and within its limits. */
typedef struct swarm_option_value {
    uint32_t struct_size;
    swarm_option_type type;
    const char *key;
    int64_t integer;  /* of an integer; 0 or 1 of a boolean */
    double number;    /* of a number or integer */
    const char *text; /* as written; never NULL */
} swarm_option_value;

/* ------------------------------------------------------------------------------------------------- the host */

/* Severities of log lines. */
#define SWARM_LOG_DEBUG 0u
#define SWARM_LOG_INFO 1u
#define SWARM_LOG_WARNING 2u
#define SWARM_LOG_ERROR 3u

/* What the host offers to one instance. Valid from create() until destroy() has returned. */
typedef struct swarm_host {
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor;
    /* To be passed back to the functions below. */
    void *context;
    /* Seeds this instance's random generator. Equal seeds and equal calls must give equal answers. */
    uint64_t seed;
    /* Writes one line to the daemon's log, at one of the severities above: `length` bytes of UTF-8, not kept after
     * the call. Only from inside a call of the host to this instance. Not for every decision: for what an operator
     * must know. */
    void (*log)(void *context, uint32_t severity, const char *message, size_t length);
} swarm_host;

/* The torrent that an instance works for. */
typedef struct swarm_torrent {
    uint32_t struct_size;
    /* Pieces are numbered 0 ... piece_count - 1. */
    uint32_t piece_count;
    /* Bytes in every piece but the last. */
    uint64_t piece_length;
    /* Bytes of the whole payload. */
    uint64_t total_length;
} swarm_torrent;

/* -------------------------------------------------------------------------------------------------- pickers */

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
} swarm_picker_peer;

/* A picker's functions. None may be NULL unless it says so. */
typedef struct swarm_picker {
    uint32_t struct_size;
    uint32_t reserved; /* 0 */

    /* Makes an instance for a torrent. At first every piece is wanted, of normal priority, and nobody has it; the
     * calls that tell the rest follow at once. `values` has one element for each element of swarm_plugin.options, in
     * the same order, and is valid during this call only; `host` until destroy() has returned. Returns what is
     * passed as `instance` from then on, or NULL when it cannot work for this torrent (say why through host->log). */
    void *(*create)(const swarm_host *host, const swarm_torrent *torrent, const swarm_option_value *values,
                    size_t value_count);
    /* Ends an instance; nothing is called on it afterwards. */
    void (*destroy)(void *instance);

    /* One connected peer more, or less, has this piece. */
    void (*piece_gained)(void *instance, uint32_t piece);
    void (*piece_lost)(void *instance, uint32_t piece);
    /* One connected peer more, or less, has each of the `set_count` pieces that are set in `words`. Called when a
     * peer's pieces become known at once, and when it leaves. A peer that has all is best kept as a single counter. */
    void (*pieces_gained)(void *instance, const uint64_t *words, size_t word_count, uint32_t set_count);
    void (*pieces_lost)(void *instance, const uint64_t *words, size_t word_count, uint32_t set_count);
    /* What a tracker counted: counts[i] holders of piece first + i in the whole swarm, connected or not, instead of
     * what was told before. May be NULL. A host of 1.0 does not call it. */
    void (*set_tracker_counts)(void *instance, uint32_t first, const uint32_t *counts, size_t count);

    /* A piece's priority, 1 ... 7, is now `priority`. */
    void (*set_priority)(void *instance, uint32_t piece, uint32_t priority);
    /* A piece's state is now `state`, one of SWARM_PIECE_... A picked piece is not in flight until this says so. */
    void (*set_state)(void *instance, uint32_t piece, uint32_t state);

    /* Chooses what to fetch from a peer: writes up to `maximum` (at least 1) different piece numbers to `pieces`,
     * the best first, and returns how many. Each must be wanted and one that the peer has. 0 when there is none; the
     * host then does not ask again for this peer until something has changed. Fewer than there are is allowed. The
     * cost should not grow with the number of pieces: it is called once for each piece fetched. */
    uint32_t (*pick)(void *instance, const swarm_picker_peer *peer, uint32_t maximum, uint32_t *pieces);
} swarm_picker;

/* -------------------------------------------------------------------------------------------------- chokers */

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

/* A choker's functions. None may be NULL unless it says so. */
typedef struct swarm_choker {
    uint32_t struct_size;
    uint32_t reserved; /* 0 */

    /* As swarm_picker.create. */
    void *(*create)(const swarm_host *host, const swarm_torrent *torrent, const swarm_option_value *values,
                    size_t value_count);
    /* As swarm_picker.destroy. */
    void (*destroy)(void *instance);

    /* Decides who may ask us until the next round: sets unchoked[i] to 1 for each peer i that may; all peer_count
     * elements are 0 at first. At most round->slots interested peers may be chosen; others may be chosen freely and
     * take no slot. Called every 10 s, and in between when a slot became free, at most once a second: keep time by
     * round->now. When a peer becomes interested while a slot is free the host unchokes it at once by itself, until
     * the next round. */
    void (*round)(void *instance, const swarm_choke_round *round, uint8_t *unchoked);

    /* Chooses which of the holders of a piece is asked for it: returns an index into holders->peers. May be NULL.
     * Reserved: a host of 1.0 does not call it. */
    uint32_t (*choose_holder)(void *instance, uint32_t piece, const swarm_choke_round *holders);
} swarm_choker;

/* ----------------------------------------------------------------------------------------------- transports */

/* A transport's functions, to be defined by a later minor version. */
typedef struct swarm_transport swarm_transport;

/* ----------------------------------------------------------------------------------------------- the plugin */

/* A plugin's description of itself. */
typedef struct swarm_plugin {
    uint32_t struct_size;
    /* SWARM_ABI_MAJOR and SWARM_ABI_MINOR of the header it was compiled with. */
    uint16_t abi_major;
    uint16_t abi_minor;
    swarm_plugin_kind kind;
    uint32_t option_count;
    /* How operators call it: lower-case letters, digits and '-', begins with a letter, at most 32 bytes. */
    const char *name;
    /* Its own version, for people. */
    const char *version;
    /* What it does, one line, for people. */
    const char *summary;
    /* `option_count` elements, each as large as its struct_size says; NULL when there are none. At most 64. */
    const swarm_option *options;
    /* The functions of its kind; the other two are NULL. */
    const swarm_picker *picker;
    const swarm_choker *choker;
    const swarm_transport *transport;
} swarm_plugin;

/* The one symbol that a plugin exports. Called once after loading, on any thread, with the host's SWARM_ABI_MAJOR.
 * Returns the description, or NULL when the plugin cannot work with that version. Must not start threads or allocate
 * much: plugins are also loaded only to be listed. */
SWARM_PLUGIN_EXPORT const swarm_plugin *swarm_plugin_entry(uint32_t host_abi_major);

#ifdef __cplusplus
}
#endif

#endif

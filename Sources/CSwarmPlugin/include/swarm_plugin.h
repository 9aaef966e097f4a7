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
 *    threads hold for long, do I/O, or unwind (no C++ exception, no longjmp) into the host. A call that computes for more
 *    than 10 ms (10 ms and 1 us for each piece where the host only tells something), or that waits in one that takes longer
 *    than that, is a fault; one that was only kept from the processor by a busy machine is none. A transport's calls may
 *    take 20 ns more for each byte that they are given, and 100 ms until the connection is open. A call that does not return at all holds a thread up: the host
 *    tells of it after 10 s, and does not load the file again once it was ended and started anew.
 *  - All calls to one instance come from one thread at a time, never two at once and never from inside another call to
 *    it. Different instances may be called from different threads at the same time: an instance shares no mutable
 *    memory with another. An instance may be created and destroyed on another thread than it is called on.
 *  - A pointer given to a plugin is valid during that call only, unless this file says otherwise. What a plugin gives
 *    to the host (swarm_plugin and all that it points to) must stay valid and unchanged for ever.
 *  - The host never passes NULL where this file does not allow it, nor a piece number outside the torrent.
 *  - The host checks every answer. A wrong answer is a fault and is not used: a built-in strategy decides instead. After 8
 *    faults, each within 10000 decisions of the one before, the plugin is turned off: its instances are destroyed at their
 *    next call, and built-in strategies take their place until the host starts again. A wrong answer of a transport ends
 *    its connection; one that is turned off gets no more connections, and keeps those it has.
 *  - Before a file is loaded for the first time, the host may load it and call swarm_plugin_entry() in a process of its
 *    own. A plugin that crashes or hangs there, or ends that process, is refused.
 *  - Randomness comes from swarm_host.seed and time from the arguments, so that a run can be replayed.
 *
 * VERSIONS
 *  - swarm_plugin.abi_major says which interface a plugin was written for. The host loads it only when it is its own.
 *  - Within a major version a struct only grows at its end, and the minor version rises. Every struct begins with
 *    struct_size, set by whoever fills it in to the sizeof that it was compiled with. A field past struct_size
 *    does not exist; a function pointer past struct_size, or NULL where that is allowed, is not called.
 *  - So a plugin of an older minor version loads in a newer host, and one of a newer minor version in an older host, as
 *    long as it looks at swarm_host.abi_minor before it counts on what came later.
 *  - A host refuses a plugin whose swarm_plugin or table of functions is shorter than the first minor version that had it:
 *    with 8-byte pointers 72 bytes for swarm_plugin, 88 for swarm_picker, 40 for swarm_choker (1.0), 104 for
 *    swarm_transport (1.1). It reads no more of a longer one than it knows.
 *  - A plugin of another major version is refused with one line in the log that names both versions.
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

#include "swarm_choker.h"
#include "swarm_host.h"
#include "swarm_picker.h"
#include "swarm_transport.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SWARM_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define SWARM_PLUGIN_EXPORT
#endif

/* What a plugin decides. */
typedef uint32_t swarm_plugin_kind;
#define SWARM_KIND_PICKER 1u    /* which piece to fetch next from a peer */
#define SWARM_KIND_CHOKER 2u    /* which peers are served */
#define SWARM_KIND_TRANSPORT 3u /* how peers' bytes travel; since 1.1 */

/* A plugin's description of itself. Filled in by the plugin; read once after loading, and valid for ever. Text is one line
 * of UTF-8 of less than 1024 bytes. */
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
    /* The functions of its kind; the other two are NULL. `transport` is read from plugins of 1.1 and later. */
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

// SPDX-License-Identifier: Apache-2.0

#ifndef SWARM_CLINUX_CALLS_H
#define SWARM_CLINUX_CALLS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

/// What one thread is calling, for other threads to look at. Costs the thread two stores a call. Marks are never freed: that
/// of a thread that has ended is given to a new one.
struct clinux_call_mark {
    /// The number of the call going on, and in its lower 16 bits whom it is made to; 0 between calls.
    uint64_t call;
    uint64_t count;
    /// The kernel's number of the thread; 0 when it has ended.
    int32_t thread;
    struct clinux_call_mark *next;
};

extern _Thread_local struct clinux_call_mark *clinux_own_call_mark;
struct clinux_call_mark *clinux_call_mark_make(void);

/// The calling thread begins a call to `owner`, 1 to 65,535. Returns what `clinux_call_end` is to be given.
static inline uint64_t clinux_call_begin(uint16_t owner) {
    struct clinux_call_mark *mark = clinux_own_call_mark;
    if (!mark) mark = clinux_call_mark_make();
    uint64_t outer = mark->call;
    mark->count++;
    __atomic_store_n(&mark->call, mark->count << 16 | owner, __ATOMIC_RELAXED);
    return outer;
}

/// The call that the calling thread began last is over.
static inline void clinux_call_end(uint64_t outer) {
    __atomic_store_n(&clinux_own_call_mark->call, outer, __ATOMIC_RELAXED);
}

/// Writes the calls that go on in all threads, up to `room` of them, and the threads they go on in. Returns how many.
size_t clinux_calls(uint64_t *calls, int32_t *threads, size_t room);

#if defined(__cplusplus)
}
#endif

#endif

// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

_Thread_local struct clinux_call_mark *clinux_own_call_mark;

static struct clinux_call_mark *marks;
/// For threads that come when there is no memory: nobody looks at it.
static _Thread_local struct clinux_call_mark unseen;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void thread_ended(void *own) {
    struct clinux_call_mark *mark = own;
    __atomic_store_n(&mark->call, 0, __ATOMIC_RELAXED);
    clinux_own_call_mark = &unseen;
    __atomic_store_n(&mark->thread, 0, __ATOMIC_RELEASE);
}

static void make_key(void) { pthread_key_create(&key, thread_ended); }

static struct clinux_call_mark *take_free(int32_t thread) {
    for (struct clinux_call_mark *mark = __atomic_load_n(&marks, __ATOMIC_ACQUIRE); mark; mark = mark->next) {
        int32_t nobody = 0;
        if (__atomic_compare_exchange_n(&mark->thread, &nobody, thread, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return mark;
    }
    return NULL;
}

struct clinux_call_mark *clinux_call_mark_make(void) {
    int32_t thread = gettid();
    pthread_once(&once, make_key);
    struct clinux_call_mark *mark = take_free(thread);
    if (!mark && (mark = calloc(1, sizeof *mark))) {
        mark->thread = thread;
        mark->next = __atomic_load_n(&marks, __ATOMIC_ACQUIRE);
        while (!__atomic_compare_exchange_n(&marks, &mark->next, mark, 1, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE)) {}
    }
    if (mark) pthread_setspecific(key, mark);
    clinux_own_call_mark = mark ? mark : &unseen;
    return clinux_own_call_mark;
}

size_t clinux_calls(uint64_t *calls, int32_t *threads, size_t room) {
    size_t found = 0;
    for (struct clinux_call_mark *mark = __atomic_load_n(&marks, __ATOMIC_ACQUIRE); mark && found < room;
         mark = mark->next) {
        uint64_t call = __atomic_load_n(&mark->call, __ATOMIC_RELAXED);
        int32_t thread = __atomic_load_n(&mark->thread, __ATOMIC_RELAXED);
        if (call == 0 || thread == 0) continue;
        calls[found] = call;
        threads[found++] = thread;
    }
    return found;
}

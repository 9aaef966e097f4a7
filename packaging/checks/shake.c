// SPDX-License-Identifier: Apache-2.0
// Loaded before a test program (LD_PRELOAD), it makes an unlucky machine of this one: now and then a system call or a task of
// Swift's waits before it goes on, so that what usually comes first comes last. `make shake` builds and uses it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define SWIFTCALL __attribute__((swiftcall))

typedef SWIFTCALL void (*enqueue)(void *job);
typedef SWIFTCALL void (*enqueue_hook)(void *job, enqueue original);
typedef SWIFTCALL void (*enqueue_later)(uint64_t nanoseconds, void *job);

enum { CALLS_OF_1000 = 5, LONGEST_CALL_US = 200000, TASKS_OF_1000 = 30, LONGEST_TASK_US = 100000 };

static _Atomic uint64_t state;
static enqueue_later later;

// SplitMix64: threads may draw from it at once.
static uint64_t draw(void) {
    uint64_t value = atomic_fetch_add(&state, 0x9E3779B97F4A7C15u) + 0x9E3779B97F4A7C15u;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

// The nanoseconds to wait, mostly 0.
static uint64_t pause_of(unsigned of_1000, unsigned longest_us) {
    const uint64_t drawn = draw();
    return drawn % 1000 < of_1000 ? (drawn >> 20) % longest_us * 1000 : 0;
}

static void hold(void) {
    const uint64_t wait = pause_of(CALLS_OF_1000, LONGEST_CALL_US);
    if (wait > 0) nanosleep(&(struct timespec){ .tv_nsec = (long)wait }, NULL);
}

static SWIFTCALL void shaken(void *job, enqueue original) {
    const uint64_t wait = pause_of(TASKS_OF_1000, LONGEST_TASK_US);
    if (wait > 0) later(wait, job); else original(job);
}

__attribute__((constructor)) static void begin(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    state = (uint64_t)now.tv_nsec << 20 ^ (uint64_t)getpid();
    enqueue_hook *hook = (enqueue_hook *)dlsym(RTLD_DEFAULT, "swift_task_enqueueGlobal_hook");
    later = (enqueue_later)dlsym(RTLD_DEFAULT, "swift_task_enqueueGlobalWithDelay");
    if (hook && later) *hook = shaken;
}

#define SHAKE(result, name, parameters, arguments)                              \
    result name parameters {                                                    \
        static result (*_Atomic real) parameters;                               \
        if (!real) real = (result (*) parameters)dlsym(RTLD_NEXT, #name);       \
        hold();                                                                 \
        return real arguments;                                                  \
    }

SHAKE(ssize_t, read, (int fd, void *to, size_t size), (fd, to, size))
SHAKE(ssize_t, write, (int fd, const void *from, size_t size), (fd, from, size))
SHAKE(ssize_t, readv, (int fd, const struct iovec *to, int count), (fd, to, count))
SHAKE(ssize_t, writev, (int fd, const struct iovec *from, int count), (fd, from, count))
SHAKE(ssize_t, pread, (int fd, void *to, size_t size, off_t at), (fd, to, size, at))
SHAKE(ssize_t, pwrite, (int fd, const void *from, size_t size, off_t at), (fd, from, size, at))
SHAKE(int, fsync, (int fd), (fd))
SHAKE(ssize_t, recv, (int fd, void *to, size_t size, int flags), (fd, to, size, flags))
SHAKE(ssize_t, send, (int fd, const void *from, size_t size, int flags), (fd, from, size, flags))
SHAKE(ssize_t, recvmsg, (int fd, struct msghdr *to, int flags), (fd, to, flags))
SHAKE(ssize_t, sendmsg, (int fd, const struct msghdr *from, int flags), (fd, from, flags))
SHAKE(int, recvmmsg, (int fd, struct mmsghdr *to, unsigned count, int flags, struct timespec *wait), (fd, to, count, flags, wait))
SHAKE(int, sendmmsg, (int fd, struct mmsghdr *from, unsigned count, int flags), (fd, from, count, flags))
SHAKE(int, accept4, (int fd, struct sockaddr *from, socklen_t *size, int flags), (fd, from, size, flags))
SHAKE(int, connect, (int fd, const struct sockaddr *to, socklen_t size), (fd, to, size))
SHAKE(int, epoll_ctl, (int fd, int change, int of, struct epoll_event *event), (fd, change, of, event))
SHAKE(int, epoll_wait, (int fd, struct epoll_event *events, int count, int wait), (fd, events, count, wait))

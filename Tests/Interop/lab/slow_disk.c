/* SPDX-License-Identifier: Apache-2.0
 *
 * A slow disk, for LD_PRELOAD: whatever a program does with files below SLOW_DISK takes SLOW_DISK_MS longer, and waits
 * while the file SLOW_DISK_GATE exists; the first that waits makes SLOW_DISK_GATE.held. What the page cache would answer
 * at once (RWF_NOWAIT) it does not.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_slow(int fd)
{
    const char *folder = getenv("SLOW_DISK");
    char link[64], path[PATH_MAX];
    if (!folder || fd < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    return length > 0 && (size_t)length >= strlen(folder) && memcmp(path, folder, strlen(folder)) == 0;
}

static void suffer(void)
{
    int saved = errno;
    const char *gate = getenv("SLOW_DISK_GATE"), *delay = getenv("SLOW_DISK_MS");
    if (delay) usleep((useconds_t)atoi(delay) * 1000);
    if (gate) {
        char held[PATH_MAX];
        snprintf(held, sizeof held, "%s.held", gate);
        while (access(gate, F_OK) == 0) {
            int mark = open(held, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
            if (mark >= 0) close(mark);
            usleep(2000);
        }
    }
    errno = saved;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t pread(int fd, void *buffer, size_t count, off_t offset)
{
    REAL(pread);
    if (is_slow(fd)) suffer();
    return real(fd, buffer, count, offset);
}

ssize_t pwrite(int fd, const void *buffer, size_t count, off_t offset)
{
    REAL(pwrite);
    if (is_slow(fd)) suffer();
    return real(fd, buffer, count, offset);
}

ssize_t preadv64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
{
    REAL(preadv64v2);
    if (is_slow(fd)) {
        if (flags & RWF_NOWAIT) {
            errno = EAGAIN;
            return -1;
        }
        suffer();
    }
    return real(fd, parts, count, offset, flags);
}

int fdatasync(int fd)
{
    REAL(fdatasync);
    if (is_slow(fd)) suffer();
    return real(fd);
}

int fsync(int fd)
{
    REAL(fsync);
    if (is_slow(fd)) suffer();
    return real(fd);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length)
{
    REAL(fallocate64);
    if (is_slow(fd)) suffer();
    return real(fd, mode, offset, length);
}

int ftruncate(int fd, off_t length)
{
    REAL(ftruncate);
    if (is_slow(fd)) suffer();
    return real(fd, length);
}

/* Both names of one call: glibc gives a program the one that its files' size asks for. */
#define SLOW_OPEN(name)                                                                                                \
    int name(int folder, const char *path, int flags, ...)                                                             \
    {                                                                                                                  \
        REAL(name);                                                                                                    \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;                                        \
        va_end(more);                                                                                                  \
        int fd = real(folder, path, flags, mode);                                                                      \
        if (is_slow(fd)) suffer();                                                                                     \
        return fd;                                                                                                     \
    }

SLOW_OPEN(openat64)
SLOW_OPEN(openat)

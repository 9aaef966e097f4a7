// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

/// Turns the libc convention into this target's.
static int answer(int result) { return result < 0 ? -errno : result; }

int clinux_open_folder(const char *path) { return answer(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)); }

int clinux_walk_beneath(int root, const char *path, int flags, mode_t mode) {
    int folder = root;
    while (1) {
        size_t length = strcspn(path, "/");
        char component[NAME_MAX + 1];
        int result = 0;
        if (length == 0) result = -EINVAL;
        if (length > NAME_MAX) result = -ENAMETOOLONG;
        if (result == 0) {
            memcpy(component, path, length);
            component[length] = 0;
            if (strcmp(component, "..") == 0) result = -EXDEV;
        }
        int last = path[length] == 0;
        if (result == 0) {
            int how = last ? flags | O_CLOEXEC | O_NOFOLLOW : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
            result = answer(openat(folder, component, how, last ? mode : 0));
            // A link that is in the place of a folder shows as ENOTDIR.
            char byte;
            if (result == -ENOTDIR && readlinkat(folder, component, &byte, 1) >= 0) result = -ELOOP;
        }
        if (folder != root) close(folder);
        if (last || result < 0) return result;
        folder = result;
        path += length + 1;
    }
}

int clinux_open_beneath(int root, const char *path, int flags, mode_t mode) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (uint64_t)(flags | O_CLOEXEC | O_NOFOLLOW);
    how.mode = flags & O_CREAT ? mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    for (int attempt = 0; attempt < 3; attempt++) {
        long result = syscall(SYS_openat2, root, path, &how, sizeof how);
        if (result >= 0) return (int)result;
        // Something was renamed meanwhile: the kernel asks to try again.
        if (errno == EAGAIN || errno == EINTR) continue;
        // A sandbox answers EPERM for calls it does not know; a real EPERM comes again from the walk.
        if (errno == ENOSYS || errno == EPERM || errno == EINVAL) break;
        return -errno;
    }
    return clinux_walk_beneath(root, path, flags, mode);
}

int clinux_open_folder_beneath(int root, const char *path) {
    return clinux_open_beneath(root, path, O_PATH | O_DIRECTORY, 0);
}

int64_t clinux_seek_data(int fd, int64_t offset) {
    off_t found = lseek(fd, offset, SEEK_DATA);
    if (found >= 0) return found;
    return errno == EINVAL || errno == EOPNOTSUPP ? offset : -errno;
}

int64_t clinux_seek_hole(int fd, int64_t offset) {
    off_t found = lseek(fd, offset, SEEK_HOLE);
    return found >= 0 ? found : -errno;
}

int clinux_reserve(int fd, int64_t offset, int64_t length) {
    return answer(fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, length));
}

int clinux_punch_hole(int fd, int64_t offset, int64_t length) {
    return answer(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length));
}

ssize_t clinux_read_cached(int fd, void *bytes, size_t length, int64_t offset) {
    struct iovec piece = {bytes, length};
    ssize_t count = preadv2(fd, &piece, 1, offset, RWF_NOWAIT);
    return count < 0 ? -errno : count;
}

int clinux_is_in_memory(int fd) {
    struct statfs figures;
    if (fstatfs(fd, &figures) != 0) return -errno;
    return figures.f_type == TMPFS_MAGIC || figures.f_type == RAMFS_MAGIC;
}

int clinux_start_writeback(int fd, int64_t offset, int64_t length) {
    return answer(sync_file_range(fd, offset, length, SYNC_FILE_RANGE_WRITE));
}

int clinux_read_ahead(int fd, int64_t offset, int64_t length) {
    return -posix_fadvise(fd, offset, length, POSIX_FADV_WILLNEED);
}

int clinux_rename_no_replace(int from_folder, const char *from, int to_folder, const char *to) {
    return answer(renameat2(from_folder, from, to_folder, to, RENAME_NOREPLACE));
}

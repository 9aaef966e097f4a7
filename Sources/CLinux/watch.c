// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinuxWatch.h"

#include <errno.h>
#include <stdint.h>
#include <sys/inotify.h>

// A file is whole when its writer closes it, or when it is moved in; and the folder itself may go away.
static const uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

int clinux_watch_open(void) {
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int clinux_watch_folder(int fd, const char *path) {
    int folder = inotify_add_watch(fd, path, events);
    return folder < 0 ? -errno : folder;
}

void clinux_watch_drop(int fd, int folder) { inotify_rm_watch(fd, folder); }

int clinux_watch_next(const void *bytes, size_t count, size_t *place, int *folder, const char **name) {
    if (*place > count || count - *place < sizeof(struct inotify_event)) return 0;
    const struct inotify_event *event = (const void *)((const char *)bytes + *place);
    size_t length = sizeof *event + event->len;
    if (length > count - *place) return 0;
    *place += length;
    *folder = event->wd;
    *name = event->len > 0 && event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO) ? event->name : NULL;
    return 1;
}

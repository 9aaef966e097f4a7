// SPDX-License-Identifier: Apache-2.0

#ifndef SWARM_CLINUX_WATCH_H
#define SWARM_CLINUX_WATCH_H

#include <stddef.h>

#if defined(__cplusplus)
extern "C" {
#endif

/// A descriptor that tells of files in folders (inotify(7)); reading it does not wait. A negative errno on failure.
int clinux_watch_open(void);

/// Has `fd` tell of a folder, from now on. Returns the folder's number, the same for the same folder again; or a negative
/// errno.
int clinux_watch_folder(int fd, const char *path);

/// Has `fd` tell of a folder no more.
void clinux_watch_drop(int fd, int folder);

/// The next event of `count` bytes that were read from such a descriptor, aligned as for a 64-bit number; `*place` begins
/// at 0. Returns 1 with the number of the folder (-1 where events were lost) and the name of a file in it that has just
/// been written to its end or moved in, NULL for anything else; 0 when there are no more.
int clinux_watch_next(const void *bytes, size_t count, size_t *place, int *folder, const char **name);

#if defined(__cplusplus)
}
#endif

#endif

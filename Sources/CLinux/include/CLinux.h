// SPDX-License-Identifier: Apache-2.0

#ifndef SWARM_CLINUX_H
#define SWARM_CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "CLinuxCalls.h"
#include "CLinuxCommand.h"
#include "CLinuxDatagrams.h"
#include "CLinuxMulticast.h"
#include "CLinuxStreams.h"
#include "CLinuxWatch.h"

// Linux calls that Swift cannot reach without _GNU_SOURCE, which is defined in this target's .c files only.
// Unless it says otherwise a function returns 0 or a count on success and a negative errno on failure; errno itself
// carries no meaning after a call. Nothing here keeps state.

#if defined(__cplusplus)
extern "C" {
#endif

/// Who connected the other end of a Unix socket (SO_PEERCRED). Any of the results may be NULL.
int clinux_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid);

/// 1 when the user `uid` is a member of `group` by primary or supplementary membership, 0 when not or when there is no
/// such user or group.
int clinux_user_in_group(uid_t uid, const char *group);

/// Names the calling thread, for top and gdb; cut to 15 bytes.
int clinux_set_thread_name(const char *name);

/// Raises the soft limit of open files to the hard one. Returns the limit now in force, at most INT_MAX.
int clinux_raise_open_file_limit(void);

/// Gives free heap pages back to the kernel (malloc_trim).
void clinux_trim_heap(void);

/// Opens `path` (relative, no "..") below the directory `root` and follows no symbolic link in any component: openat2
/// with RESOLVE_BENEATH|RESOLVE_NO_SYMLINKS where the kernel allows it, else one O_NOFOLLOW openat a component.
/// O_CLOEXEC is added. Returns a descriptor, or -ELOOP where a link is in the way.
int clinux_open_beneath(int root, const char *path, int flags, mode_t mode);

/// As `clinux_open_beneath`, but always walks: for tests, and for kernels and sandboxes without openat2.
int clinux_walk_beneath(int root, const char *path, int flags, mode_t mode);

/// Opens a directory as a starting point for the two calls above (O_PATH|O_DIRECTORY|O_CLOEXEC; links are followed).
int clinux_open_folder(const char *path);

/// Opens the folder `path` below `root` as a starting point in turn, links followed nowhere.
int clinux_open_folder_beneath(int root, const char *path);

/// Offset of the first byte of data at or after `offset`; -ENXIO when only a hole, or nothing, follows.
/// File systems without holes answer `offset`.
int64_t clinux_seek_data(int fd, int64_t offset);

/// Offset of the first hole at or after `offset` (the end of the file counts as one).
int64_t clinux_seek_hole(int fd, int64_t offset);

/// Reserves space for a range without changing the file's length (FALLOC_FL_KEEP_SIZE).
int clinux_reserve(int fd, int64_t offset, int64_t length);

/// Frees the space of a range, which then reads as zeros (FALLOC_FL_PUNCH_HOLE).
int clinux_punch_hole(int fd, int64_t offset, int64_t length);

/// Reads what the page cache holds already: -EAGAIN when the read would have to wait, -EOPNOTSUPP where that cannot be told.
ssize_t clinux_read_cached(int fd, void *bytes, size_t length, int64_t offset);

/// 1 when the file lies in a file system that is memory itself (tmpfs, ramfs), so that reading it waits for no disk; else 0.
int clinux_is_in_memory(int fd);

/// Starts writing a range back to disk and does not wait. No durability: that is fdatasync's.
int clinux_start_writeback(int fd, int64_t offset, int64_t length);

/// Asks the kernel to read a range into the page cache and does not wait.
int clinux_read_ahead(int fd, int64_t offset, int64_t length);

/// Renames, and fails with -EEXIST rather than replace something.
int clinux_rename_no_replace(int from_folder, const char *from, int to_folder, const char *to);

/// What the calling thread has used so far: nanoseconds of the processor, how often it waited of its own accord, and how
/// often for a page that had to be read from disk.
int clinux_thread_usage(int64_t *processor, int64_t *waits, int64_t *page_reads);

/// Starts `program` with `arguments` (the last one NULL), apart from this process: nothing is open in it but descriptor
/// 3, the writing end of a pipe, no signal is blocked or ignored, and the service manager is not known to it. Returns its
/// process number; `*output` is the pipe's reading end, to be closed by the caller.
pid_t clinux_spawn_apart(const char *program, const char *const *arguments, int *output);

/// Waits at most `milliseconds` for bytes on `fd` or its end: 1 when there is something, 0 when not.
int clinux_wait_readable(int fd, int milliseconds);

/// How the child `pid` ended: its exit code, or 256 more than the signal that ended it. One that goes on after
/// `milliseconds` is killed, and the answer is -ETIMEDOUT.
int clinux_reap(pid_t pid, int milliseconds);

/// From now on this process leaves no core dump, and it ends after `seconds`.
void clinux_live_briefly(unsigned seconds);

/// Asks for socket buffers of so many bytes both ways; the kernel gives as much of it as it allows.
int clinux_tune_datagram_socket(int fd, int buffer_size);

/// Bytes of the largest IP packet that goes to an address undivided, as far as the routing table knows.
int clinux_path_mtu(const void *address, socklen_t length);

/// Sends `count` bytes to an address (NULL and 0 where the socket is connected) as datagrams of `segment` bytes each, the
/// last with the rest, and does not wait. One call to the kernel carries up to 64 of them; `*offload` tells whether the
/// kernel may divide them (UDP_SEGMENT) and becomes 0 where it turns out that it cannot. Returns the bytes sent, whole
/// datagrams, which are fewer where the socket takes no more; or a negative errno when none were.
ssize_t clinux_send_datagrams(int fd, const void *address, socklen_t length, const void *bytes, size_t count,
                              uint16_t segment, int *offload);

#if defined(__cplusplus)
}
#endif

#endif

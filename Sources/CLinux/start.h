// SPDX-License-Identifier: Apache-2.0
// What starting a program of the user's and one of ours have in common. Not part of what Swift sees.
#ifndef CLINUX_START_H
#define CLINUX_START_H

#include <spawn.h>
#include <sys/types.h>

/// A pipe whose writing end lies at `lowest` or above, so that no descriptor that a child is given overwrites it before it is
/// used. `flags` are for the reading end. Returns 0 or an errno; then both ends are -1.
int clinux_pipe_above(int lowest, int flags, int *reading, int *writing);

/// Starts a program with no signal blocked and none ignored, and with `flags` of posix_spawn besides. Destroys `actions`.
/// Returns 0 or an errno.
int clinux_start(pid_t *pid, const char *program, posix_spawn_file_actions_t *actions, short flags,
                 const char *const *arguments, const char *const *environment);

/// Waits for a child that has ended or will at once. Returns its exit status, 256 and its signal, or a negative errno.
int clinux_await(pid_t pid);

/// The same number for a status of waitpid(2).
int clinux_outcome(int status);

#endif

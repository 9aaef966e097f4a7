// SPDX-License-Identifier: Apache-2.0

#ifndef SWARM_CLINUX_COMMAND_H
#define SWARM_CLINUX_COMMAND_H

#include <sys/types.h>

#if defined(__cplusplus)
extern "C" {
#endif

/// Starts `program` with `arguments` and `environment` (the last of each NULL) in a session of its own, in /, with nothing
/// open but /dev/null to read from and a pipe to print to; no signal is blocked or ignored. Returns its process number;
/// `*output` is the pipe's reading end, which does not wait, to be closed by the caller.
pid_t clinux_command_start(const char *program, const char *const *arguments, const char *const *environment,
                           int *output);

/// 1 when the command has ended, 0 when it goes on. It stays to be waited for.
int clinux_command_has_ended(pid_t pid);

/// Ends the command, when it has not ended, and what it has left running in its session. Waits for it and returns its exit
/// code, or 256 more than the signal that ended it.
int clinux_command_end(pid_t pid);

#if defined(__cplusplus)
}
#endif

#endif

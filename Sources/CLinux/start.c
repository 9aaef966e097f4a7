// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int clinux_pipe_above(int lowest, int flags, int *reading, int *writing) {
    int ends[2];
    *reading = *writing = -1;
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    int moved = fcntl(ends[1], F_DUPFD_CLOEXEC, lowest);
    int code = moved < 0 || fcntl(ends[0], F_SETFL, flags) != 0 ? errno : 0;
    close(ends[1]);
    if (code != 0) {
        if (moved >= 0) close(moved);
        close(ends[0]);
        return code;
    }
    *reading = ends[0];
    *writing = moved;
    return 0;
}

int clinux_start(pid_t *pid, const char *program, posix_spawn_file_actions_t *actions, short flags,
                 const char *const *arguments, const char *const *environment) {
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | flags);
    int code = posix_spawn(pid, program, actions, &attributes, (char *const *)arguments, (char *const *)environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(actions);
    return code;
}

int clinux_await(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -errno;
    return clinux_outcome(status);
}

int clinux_outcome(int status) { return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status); }

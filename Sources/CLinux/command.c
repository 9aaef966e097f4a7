// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinuxCommand.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

static int start(pid_t *pid, const char *program, const char *const *arguments, const char *const *environment,
                 int output) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(&actions, "/");
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    int code = posix_spawn(pid, program, &actions, &attributes, (char *const *)arguments, (char *const *)environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

pid_t clinux_command_start(const char *program, const char *const *arguments, const char *const *environment,
                           int *output) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -errno;
    // Above the descriptors that the child is given, so that none of them is overwritten before it is used.
    int writing = fcntl(ends[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int code = writing < 0 ? errno : 0;
    close(ends[1]);
    // The command's own end waits, as programs expect of what they print to.
    if (code == 0 && fcntl(writing, F_SETFL, 0) != 0) code = errno;
    pid_t pid = -1;
    if (code == 0) code = start(&pid, program, arguments, environment, writing);
    if (writing >= 0) close(writing);
    if (code != 0) {
        close(ends[0]);
        return -code;
    }
    *output = ends[0];
    return pid;
}

int clinux_command_has_ended(pid_t pid) {
    siginfo_t info;
    info.si_pid = 0;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        if (errno != EINTR) return 1;
    return info.si_pid == pid;
}

int clinux_command_end(pid_t pid) {
    int status;
    // Its number is its session's as long as it has not been waited for, so nobody else is hit.
    kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -errno;
    return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}

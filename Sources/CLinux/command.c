// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinuxCommand.h"
#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int start(pid_t *pid, const char *program, const char *const *arguments, const char *const *environment,
                 int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(&actions, "/");
    return clinux_start(pid, program, &actions, POSIX_SPAWN_SETSID, arguments, environment);
}

pid_t clinux_command_start(const char *program, const char *const *arguments, const char *const *environment,
                           int *output) {
    int reading, writing;
    // The command's own end waits, as programs expect of what they print to.
    int code = clinux_pipe_above(STDERR_FILENO + 1, O_NONBLOCK, &reading, &writing);
    if (code != 0) return -code;
    pid_t pid = -1;
    code = start(&pid, program, arguments, environment, writing);
    close(writing);
    if (code != 0) {
        close(reading);
        return -code;
    }
    *output = reading;
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
    // Its number is its session's as long as it has not been waited for, so nobody else is hit.
    kill(-pid, SIGKILL);
    return clinux_await(pid);
}

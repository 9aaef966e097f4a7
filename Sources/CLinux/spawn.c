// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"
#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { RESULT_DESCRIPTOR = 3 };

int clinux_thread_usage(int64_t *processor, int64_t *waits, int64_t *page_reads) {
    struct timespec used;
    struct rusage usage;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) != 0 || getrusage(RUSAGE_THREAD, &usage) != 0) return -errno;
    *processor = (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
    *waits = usage.ru_nvcsw;
    *page_reads = usage.ru_majflt;
    return 0;
}

// The service manager's own variables: the child is not the service.
static int is_manager_variable(const char *variable) {
    static const char *const names[] = {"NOTIFY_SOCKET=", "LISTEN_", "WATCHDOG_", "INVOCATION_ID=", "JOURNAL_STREAM=",
                                        "SWIFT_BACKTRACE="};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(variable, names[i], strlen(names[i])) == 0) return 1;
    return 0;
}

static char **child_environment(void) {
    size_t count = 0;
    while (environ[count]) count++;
    char **copy = calloc(count + 2, sizeof *copy);
    if (!copy) return NULL;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!is_manager_variable(environ[i])) copy[kept++] = environ[i];
    // A crash is expected there, and nobody wants to read its backtrace.
    copy[kept] = "SWIFT_BACKTRACE=enable=no";
    return copy;
}

static int spawn(pid_t *pid, const char *program, const char *const *arguments, char **surroundings, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, RESULT_DESCRIPTOR);
    for (int fd = 0; fd < RESULT_DESCRIPTOR; fd++)
        posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, RESULT_DESCRIPTOR + 1);
    return clinux_start(pid, program, &actions, 0, arguments, (const char *const *)surroundings);
}

pid_t clinux_spawn_apart(const char *program, const char *const *arguments, int *output) {
    int reading, writing;
    int code = clinux_pipe_above(RESULT_DESCRIPTOR + 1, 0, &reading, &writing);
    if (code != 0) return -code;
    char **surroundings = child_environment();
    pid_t pid = -1;
    code = surroundings ? spawn(&pid, program, arguments, surroundings, writing) : ENOMEM;
    free(surroundings);
    close(writing);
    if (code != 0) {
        close(reading);
        return -code;
    }
    *output = reading;
    return pid;
}

int clinux_wait_readable(int fd, int milliseconds) {
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    int count;
    do count = poll(&waiting, 1, milliseconds);
    while (count < 0 && errno == EINTR);
    return count > 0;
}

int clinux_reap(pid_t pid, int milliseconds) {
    const struct timespec pause = {0, 1000000};
    int status;
    for (int waited = 0; waited < milliseconds; waited++) {
        pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == pid) return clinux_outcome(status);
        if (ended < 0 && errno != EINTR) return -errno;
        nanosleep(&pause, NULL);
    }
    kill(pid, SIGKILL);
    int ended = clinux_await(pid);
    return ended < 0 ? ended : -ETIMEDOUT;
}

void clinux_live_briefly(unsigned seconds) {
    prctl(PR_SET_DUMPABLE, 0);
    alarm(seconds);
}

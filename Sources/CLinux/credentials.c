// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int clinux_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid) {
    struct ucred who;
    socklen_t length = sizeof who;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) != 0) return -errno;
    if (length != sizeof who) return -EINVAL;
    if (pid) *pid = who.pid;
    if (uid) *uid = who.uid;
    if (gid) *gid = who.gid;
    return 0;
}

/// Looks a group up by name, growing the buffer as far as a large directory may need. 0 when found.
static int find_group(const char *name, gid_t *gid) {
    for (size_t size = 4096; size <= 16u << 20; size *= 4) {
        char *space = malloc(size);
        if (!space) return -ENOMEM;
        struct group entry, *found = NULL;
        int code = getgrnam_r(name, &entry, space, size, &found);
        if (code == 0 && found) *gid = entry.gr_gid;
        free(space);
        if (code == ERANGE) continue;
        if (code != 0) return -code;
        return found ? 0 : -ENOENT;
    }
    return -ERANGE;
}

/// 1 when the user, whose entry is given, is in `gid`.
static int listed(const char *user, gid_t primary, gid_t gid) {
    if (primary == gid) return 1;
    for (int capacity = 64; capacity <= 65536 * 2; capacity *= 4) {
        gid_t *groups = malloc(sizeof(gid_t) * (size_t)capacity);
        if (!groups) return -ENOMEM;
        int count = capacity;
        int code = getgrouplist(user, primary, groups, &count);
        int member = 0;
        for (int index = 0; code >= 0 && index < count; index++)
            if (groups[index] == gid) member = 1;
        free(groups);
        if (code >= 0) return member;
    }
    return -ERANGE;
}

int clinux_user_in_group(uid_t uid, const char *group) {
    gid_t gid;
    int code = find_group(group, &gid);
    if (code != 0) return code == -ENOENT ? 0 : code;
    for (size_t size = 4096; size <= 16u << 20; size *= 4) {
        char *space = malloc(size);
        if (!space) return -ENOMEM;
        struct passwd entry, *found = NULL;
        int failure = getpwuid_r(uid, &entry, space, size, &found);
        int member = failure == 0 && found ? listed(entry.pw_name, entry.pw_gid, gid) : 0;
        free(space);
        if (failure == ERANGE) continue;
        return failure != 0 && failure != ENOENT ? -failure : member;
    }
    return -ERANGE;
}

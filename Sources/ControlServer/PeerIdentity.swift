// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// What the kernel says about the process that connected: taken when it connected, and not forgeable.
package struct PeerIdentity: Hashable, Sendable {
    /// The user's number.
    package let uid: UInt32
    /// The number of the primary group.
    package let gid: UInt32
    /// The process; 0 when it lives in another process namespace.
    package let pid: Int32
    /// The numbers of the supplementary groups.
    package let groups: [UInt32]

    /// The most supplementary groups that the kernel knows (NGROUPS_MAX).
    private static let mostGroups = 65_536
    /// SO_PEERGROUPS, which Glibc's headers show under _GNU_SOURCE only.
    private static let peerGroupsOption: Int32 = 59

    /// Takes the parts as they are.
    package init(uid: UInt32, gid: UInt32, pid: Int32, groups: [UInt32] = []) {
        self.uid = uid
        self.gid = gid
        self.pid = pid
        self.groups = groups
    }

    /// Asks the kernel about the other end of a connected Unix socket; nil when it cannot tell.
    init?(descriptor: Int32) {
        var pid: pid_t = 0
        var uid: uid_t = 0
        var gid: gid_t = 0
        guard clinux_peer_credentials(descriptor, &pid, &uid, &gid) == 0 else { return nil }
        self.init(uid: uid, gid: gid, pid: pid, groups: Self.groups(descriptor))
    }

    private static func groups(_ descriptor: Int32) -> [UInt32] {
        var groups = [UInt32](repeating: 0, count: 64)
        while true {
            var size = socklen_t(groups.count * MemoryLayout<UInt32>.stride)
            if getsockopt(descriptor, SOL_SOCKET, Self.peerGroupsOption, &groups, &size) == 0 {
                return Array(groups.prefix(Int(size) / MemoryLayout<UInt32>.stride))
            }
            let needed = Int(size) / MemoryLayout<UInt32>.stride
            guard errno == ERANGE, needed > groups.count, needed <= Self.mostGroups else { return [] }
            groups = [UInt32](repeating: 0, count: needed)
        }
    }
}

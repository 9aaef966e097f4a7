// SPDX-License-Identifier: Apache-2.0

package import ControlWire
import Glibc

/// Decides what a caller may do: root, the daemon's own user and members of one group may change things; everybody
/// else may look if the configuration says so.
package struct AccessPolicy: Hashable, Sendable {
    /// The user that the daemon runs as.
    package let daemonUser: UInt32
    /// The group whose members may change things.
    package let groupName: String
    /// The group's number; nil when there is no such group on this machine.
    package let groupNumber: UInt32?
    /// Whether those who may not change things may look.
    package let othersMayRead: Bool

    /// Takes the parts as they are.
    package init(daemonUser: UInt32, groupName: String, groupNumber: UInt32?, othersMayRead: Bool) {
        self.daemonUser = daemonUser
        self.groupName = groupName
        self.groupNumber = groupNumber
        self.othersMayRead = othersMayRead
    }

    /// The policy of this process: its own user, and the group looked up in the system's database.
    package init(groupName: String, othersMayRead: Bool) {
        self.init(
            daemonUser: geteuid(), groupName: groupName, groupNumber: Self.number(ofGroup: groupName),
            othersMayRead: othersMayRead)
    }

    /// What a process that connected may do.
    package func caller(_ peer: PeerIdentity) -> Caller {
        let member = self.groupNumber.map { peer.gid == $0 || peer.groups.contains($0) } ?? false
        let mayChange = peer.uid == 0 || peer.uid == self.daemonUser || member
        return Caller(
            uid: peer.uid, gid: peer.gid, pid: peer.pid, mayChange: mayChange,
            mayRead: mayChange || self.othersMayRead)
    }

    /// The error for a caller who may not use a method; nil when they may.
    package func refusal(of access: ControlAccess, to caller: Caller) -> ControlError? {
        switch access {
        case .read where caller.mayRead: nil
        case .change where caller.mayChange: nil
        case .read, .change: ControlError(.permission, self.words(for: access, caller))
        }
    }

    private func words(for access: ControlAccess, _ caller: Caller) -> String {
        let what = access == .change ? "change anything" : "look"
        let start = "user \(caller.uid) may not \(what) here"
        guard self.groupNumber != nil else {
            return "\(start), and the group \(self.groupName) that might does not exist; "
                + "create it with `sudo groupadd --system \(self.groupName)`, then `sudo systemctl reload swarmd`"
        }
        return "\(start); members of the group \(self.groupName) may: "
            + "`sudo usermod -aG \(self.groupName) $USER`, then log in again"
    }

    private static func number(ofGroup name: String) -> UInt32? {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var space = [CChar](repeating: 0, count: 64 << 10)
        guard getgrnam_r(name, &entry, &space, space.count, &found) == 0, found != nil else { return nil }
        return entry.gr_gid
    }
}

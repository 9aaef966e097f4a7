// SPDX-License-Identifier: Apache-2.0

/// Who is at the other end of a connection, as the kernel says, and what they may do.
package struct Caller: Hashable, Sendable {
    /// The user's number.
    package let uid: UInt32
    /// The number of the user's primary group.
    package let gid: UInt32
    /// The process that connected; 0 when it lives in another process namespace.
    package let pid: Int32
    /// Whether methods that change things are open to them.
    package let mayChange: Bool
    /// Whether methods that look are open to them.
    package let mayRead: Bool

    /// Takes the parts as they are.
    package init(uid: UInt32, gid: UInt32, pid: Int32, mayChange: Bool, mayRead: Bool) {
        self.uid = uid
        self.gid = gid
        self.pid = pid
        self.mayChange = mayChange
        self.mayRead = mayRead
    }
}

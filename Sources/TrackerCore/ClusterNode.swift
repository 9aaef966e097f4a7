// SPDX-License-Identifier: Apache-2.0

/// One tracker of several that share their torrents.
package struct ClusterNode: Hashable, Sendable {
    /// Its name, another one than that of any other node.
    package let name: String
    /// Where peers reach it, over HTTP and UDP alike: `host:port`.
    package let authority: String
    /// Stands for the name when owners are drawn.
    let mark: UInt64

    /// Takes name and address as they are.
    package init(name: String, authority: String) {
        self.name = name
        self.authority = authority
        // FNV-1a: the same on every node and in every version.
        self.mark = name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A Unix socket that somebody else has made and listens already.
package struct ListeningSocket: Hashable, Sendable {
    /// Its descriptor; whoever serves it owns it.
    package let descriptor: Int32
    /// Where it is in the file system; nil for one without a path.
    package let path: String?
}

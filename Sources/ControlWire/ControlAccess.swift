// SPDX-License-Identifier: Apache-2.0

/// What a method does to the daemon, and so what its caller must be allowed to do.
package enum ControlAccess: String, Codable, Sendable {
    /// Looks only.
    case read
    /// Changes torrents, files or settings.
    case change
}

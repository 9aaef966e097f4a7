// SPDX-License-Identifier: Apache-2.0

/// What a web seed of a torrent is doing.
package enum WebSeedState: String, Codable, Sendable {
    /// It is being fetched from.
    case active
    /// Nothing is asked of it now.
    case idle
    /// It failed and is asked again later.
    case waiting
    /// It is not asked any more.
    case dropped
}

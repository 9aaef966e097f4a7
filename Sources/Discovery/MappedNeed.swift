// SPDX-License-Identifier: Apache-2.0

/// What a torrent needs of a piece map.
package enum MappedNeed: Hashable, Sendable {
    /// It downloads: its pieces are reported, and it is told how many have which.
    case download
    /// It has everything and serves somebody: it is told what nobody has.
    case source
    /// Nothing.
    case nothing
}

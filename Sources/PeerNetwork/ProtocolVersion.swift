// SPDX-License-Identifier: Apache-2.0

/// Which of a hybrid torrent's two swarms a peer was found in: whoever is in one need not know the torrent by its name in the
/// other (BEP 52, "upgrade path").
enum ProtocolVersion: UInt8, Hashable, Sendable, BitwiseCopyable {
    /// That of the v1 name, or of the only name there is.
    case v1
    /// That of the v2 name.
    case v2

    /// The other one.
    var other: ProtocolVersion { self == .v1 ? .v2 : .v1 }
}

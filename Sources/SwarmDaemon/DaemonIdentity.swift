// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Who this daemon is.
package struct DaemonIdentity: Sendable {
    /// The version of the programs.
    package static let version = "0.1.0"
    /// Our letters and version in peer ids (BEP 20).
    static let peerIDPrefix = "-SM0100-"

    /// Our name in handshakes and announces, new at each start.
    let peerID: PeerID
    /// When this run began, in seconds since 1970.
    let started: Int64
    /// Where peers reach us, with real ports.
    var listen: [PeerEndpoint] = []

    init() {
        var random = SplitMix64(seed: UInt64.random(in: 0...UInt64.max))
        self.peerID = PeerID(prefix: Self.peerIDPrefix, random: &random)
        self.started = WallClock.now()
    }
}

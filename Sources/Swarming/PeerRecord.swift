// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What the machine knows of one connected peer, its pieces aside.
struct PeerRecord: BitwiseCopyable {
    let serial: UInt64
    let joinedAt: Instant
    var isActive = true
    var chokesUs = true
    var isInterested = false
    var isUnchoked = false
    /// Pieces it has.
    var haveCount: Int32 = 0
    /// The open entry its next blocks come from, or -1.
    var current: Int32 = -1
    /// Blocks asked of it that have neither come nor been lost.
    var outstanding: Int32 = 0
    /// `Swarm.pickGeneration` when the picker last had nothing for it.
    var nothingAt: UInt32 = 0
    var hashFailures: UInt16 = 0
    var lastBlockAt: Instant
    /// When it was last asked for something while nothing was outstanding.
    var busySince: Instant
    var unchokedAt: Instant?
    /// Bytes a second from us to it, as told to the last choke round.
    var upRate = 0.0
    var meter: RateMeter

    init(serial: UInt64, at now: Instant) {
        self.serial = serial
        self.joinedAt = now
        self.lastBlockAt = now
        self.busySince = now
        self.meter = RateMeter(at: now)
    }
}

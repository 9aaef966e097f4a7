// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Mixing for the indexes of peers: cheap, and with a seed nobody outside can aim at one bucket.
enum PeerHash {
    static func mix(_ value: UInt64) -> UInt32 {
        var value = value &+ 0x9e37_79b9_7f4a_7c15
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return UInt32(truncatingIfNeeded: value >> 32)
    }

    /// Folds a peer id and the announce's key into the four bytes by which the two addresses of one peer find each
    /// other.
    static func identity(_ peerID: PeerID, key: UInt32?, seed: UInt64) -> UInt32 {
        self.fold(peerID.value, seed: seed ^ UInt64(key ?? 0))
    }

    static func torrent(_ infoHash: InfoHash, seed: UInt64) -> UInt32 {
        self.fold(infoHash.digest, seed: seed)
    }

    private static func fold(_ bytes: Bytes20, seed: UInt64) -> UInt32 {
        let words = bytes.words
        var state = (seed ^ words.high) &* 0x9e37_79b9_7f4a_7c15
        state = (state ^ state >> 32 ^ words.middle) &* 0xbf58_476d_1ce4_e5b9
        state = (state ^ state >> 29 ^ UInt64(words.low)) &* 0x94d0_49bb_1331_11eb
        return self.mix(state ^ state >> 31)
    }
}

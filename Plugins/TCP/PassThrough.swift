// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import SwarmPluginKit

/// TCP as it is: it gives way to the carrier's bytes before the first has come, so that nothing is copied or changed.
final class PassThrough: Transport {
    /// Nil where bytes must not travel in the clear.
    static func make(_ setup: LinkSetup) -> Transport? {
        setup.encryption == SWARM_ENCRYPTION_REQUIRED ? nil : PassThrough(setup)
    }

    override init(_ setup: LinkSetup) {
        super.init(setup)
        self.link.bypassed()
    }

    /// Whether bytes are, or can become, the beginning of the peers' handshake: 19 and the protocol's name (BEP 3).
    static func mayBegin(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let preamble: StaticString = "\u{13}BitTorrent protocol"
        for index in 0..<min(bytes.count, preamble.utf8CodeUnitCount) where bytes[index] != preamble.utf8Start[index] {
            return false
        }
        return true
    }
}

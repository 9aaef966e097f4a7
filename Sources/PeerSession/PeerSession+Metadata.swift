// SPDX-License-Identifier: Apache-2.0

import PeerWire
package import SwarmModel

/// A session may begin before its torrent's metadata are known: with a geometry of no pieces (BEP 9).
extension PeerSession {
    /// Our number for messages of the metadata exchange.
    package static let metadataID: UInt8 = 2
    /// Our number for messages of the peer exchange.
    package static let exchangeID: UInt8 = 3
    /// Our number for the message that takes a HAVE back.
    package static let dontHaveID: UInt8 = 4
    /// The greatest of our numbers for extension messages.
    static let greatestExtensionID = Self.dontHaveID

    /// Whether it is known how many pieces there are.
    package var isSized: Bool { self.configuration.geometry.pieceCount > 0 }

    /// The peer's number for an extension's message; nil when it does not read it.
    package func remoteNumber(of name: String) -> UInt8? {
        self.extendedHandshake?.messages[name].flatMap { $0 == 0 ? nil : $0 }
    }

    /// Sends a message of an extension. Whether the peer reads it.
    @discardableResult
    package mutating func sendExtended(_ name: String, payload: some Collection<UInt8>) -> Bool {
        guard self.phase == .established, self.usesExtensions, let id = self.remoteNumber(of: name) else {
            return false
        }
        MessageWriter.extended(id, payload: payload, into: &self.output)
        return true
    }

    /// The owner found a message of an extension wanting, and this is what it costs.
    package mutating func judge(_ code: PeerViolation.Code) -> PeerViolation {
        let isTooMuch = self.faults.spend(code.cost ?? 0, at: self.now)
        let violation = PeerViolation(code, endsConnection: code.cost == nil || isTooMuch)
        if violation.endsConnection {
            self.ending = code
            self.close()
        }
        return violation
    }

    /// The metadata are known now: what the peer said of its pieces counts from here on, it is told of `have`, and that it
    /// can have the metadata from us. Only of a session that is not sized; `geometry` has pieces, `have` is of its size.
    package mutating func adopt(
        _ geometry: TorrentGeometry, have: Bitfield, metadataSize: Int?, at now: Instant, into events: inout [PeerEvent]
    ) {
        precondition(!self.isSized && geometry.pieceCount > 0, "a session is sized once")
        precondition(have.count == geometry.pieceCount, "a bitfield of another torrent")
        self.now = max(self.now, now)
        self.configuration.geometry = geometry
        self.configuration.metadataSize = metadataSize
        self.parser.setPieceCount(geometry.pieceCount)
        self.allowedFastPieces.removeAll { !geometry.contains($0) }
        let isGreeted = self.phase == .established
        self.have = isGreeted ? Bitfield(count: have.count) : have
        let pieces = self.unsizedPieces.bitfield(count: have.count)
        self.unsizedPieces = UnsizedPieces()
        self.remotePieces = pieces ?? Bitfield(count: have.count)
        guard pieces != nil else { return self.violate(.spareBits, into: &events) }
        guard isGreeted else { return }
        if self.usesExtensions {
            var handshake = self.laterExtendedHandshake
            handshake.metadataSize = metadataSize
            MessageWriter.extended(0, payload: handshake.encoded, into: &self.output)
        }
        have.forEachSet { self.announceHave($0) }
    }
}

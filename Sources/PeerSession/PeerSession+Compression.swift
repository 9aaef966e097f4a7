// SPDX-License-Identifier: Apache-2.0

package import Deflate
import PeerWire
import SwarmModel

extension PeerSession {
    /// Our number for the message that carries a compressed block.
    package static let deflateID: UInt8 = 1

    /// Tells the peer whether we read compressed blocks; before the handshake it is only remembered. Those under way are
    /// still read after a no.
    package mutating func setAcceptsCompressed(_ accepts: Bool) {
        guard accepts != self.acceptsCompressed else { return }
        self.acceptsCompressed = accepts
        if accepts { self.hasOfferedDeflate = true }
        guard self.phase == .established, self.usesExtensions else { return }
        MessageWriter.extended(0, payload: self.laterExtendedHandshake.encoded, into: &self.output)
    }

    /// Tells the peer how long blocks may be that it asks for from now on, in bytes; before the handshake it is only
    /// remembered. Longer ones that it has asked for are still served.
    package mutating func setAcceptedBlockLength(_ length: UInt32) {
        guard length != self.acceptedBlockLength else { return }
        self.acceptedBlockLength = length
        guard self.phase == .established, self.usesExtensions else { return }
        var handshake = self.laterExtendedHandshake
        handshake.blockLimit = length
        MessageWriter.extended(0, payload: handshake.encoded, into: &self.output)
    }

    /// The compressed block of a `compressedBlock` event cannot be inflated: the session ends over it.
    package mutating func inflateFailed(_ error: InflateError) -> PeerViolation {
        let violation = PeerViolation(.badCompression(CompressionFault(error)), endsConnection: true)
        _ = self.faults.spend(0, at: self.now)
        self.ending = violation.code
        self.close()
        return violation
    }

    /// A compressed block has come whole.
    mutating func receiveCompressed(into events: inout [PeerEvent]) {
        self.greeting = .over
        guard self.hasOfferedDeflate else { return self.violate(.notNegotiated, into: &events) }
        guard let message = CompressedBlock(parsing: self.parser.body.span.bytes) else {
            return self.violate(.malformedCompressedBlock, into: &events)
        }
        guard self.beginAnswer(message.block, into: &events), let request = self.pipeline.incoming else {
            self.discardedBytes &+= UInt64(message.count)
            return
        }
        let offset = self.extensionBytes.count
        self.extensionBytes.append(contentsOf: self.parser.body[CompressedBlock.headLength...])
        events.append(
            .compressedBlock(
                message.block, offset: UInt32(truncatingIfNeeded: offset),
                count: UInt32(truncatingIfNeeded: message.count)))
        request.forEachWanted { part in
            self.downloadMeter.add(Int(part.length))
            self.receivePart(endingAt: UInt32(truncatingIfNeeded: part.end), of: request, into: &events)
        }
        self.pipeline.end()
    }
}

// SPDX-License-Identifier: Apache-2.0

import PeerWire
import SwarmModel

extension PeerSession {
    /// The peer's handshake has come: judges it and sends the rest of our greeting.
    mutating func receiveHandshake(into events: inout [PeerEvent]) {
        guard let handshake = self.parser.handshake else { return }
        guard handshake.infoHash == self.configuration.infoHash else {
            return self.violate(.wrongInfoHash, into: &events)
        }
        guard handshake.peerID != self.configuration.localID else { return self.violate(.ownPeerID, into: &events) }
        self.start(at: self.now)
        self.remotePeerID = handshake.peerID
        self.usesFast = self.configuration.supportsFast && handshake.supportsFast
        self.usesExtensions = self.configuration.supportsExtensions && handshake.supportsExtensions
        self.phase = .established
        self.writeGreeting()
        // After the pieces, which must come first.
        if let port = self.configuration.nodePort, handshake.supportsDHT {
            MessageWriter.port(port, into: &self.output)
        }
        events.append(.handshakeCompleted)
    }

    private mutating func writeGreeting() {
        if self.usesExtensions {
            MessageWriter.extended(0, payload: self.ownExtendedHandshake.encoded, into: &self.output)
        }
        if self.usesFast, self.have.isEmpty {
            MessageWriter.haveNone(into: &self.output)
        } else if self.usesFast, self.have.isFull {
            MessageWriter.haveAll(into: &self.output)
        } else if !self.have.isEmpty {
            MessageWriter.bitfield(self.have, into: &self.output)
        }
        if !self.isChoking { MessageWriter.unchoke(into: &self.output) }
        if self.isInterested { MessageWriter.interested(into: &self.output) }
    }

    private var ownExtendedHandshake: ExtendedHandshake {
        var handshake = ExtendedHandshake()
        handshake.clientName = self.configuration.clientName
        // The peer knows the port that it dialled.
        handshake.listenPort = self.configuration.role == .outbound ? self.configuration.listenPort : nil
        handshake.requestLimit = self.configuration.acceptedRequestLimit
        handshake.metadataSize = self.configuration.metadataSize
        handshake.receiverAddress = self.configuration.externalAddressOfPeer
        handshake.isUploadOnly = self.configuration.isUploadOnly ? true : nil
        handshake.blockLimit =
            self.configuration.acceptedBlockLength > TorrentGeometry.blockLength
            ? self.configuration.acceptedBlockLength : nil
        if self.acceptsCompressed { handshake.messages[ExtendedHandshake.deflateName] = Self.deflateID }
        return handshake
    }

    /// An extension message has come whole.
    mutating func receiveExtended(_ id: UInt8, into events: inout [PeerEvent]) {
        guard self.usesExtensions else { return self.violate(.notNegotiated, into: &events) }
        guard id != 0 else { return self.receiveExtendedHandshake(into: &events) }
        guard id != Self.deflateID else { return self.receiveCompressed(into: &events) }
        let body = self.parser.body
        let offset = self.extensionBytes.count
        self.extensionBytes.append(contentsOf: body)
        events.append(
            .extensionMessage(
                id: id, offset: UInt32(truncatingIfNeeded: offset), count: UInt32(truncatingIfNeeded: body.count)))
    }

    private mutating func receiveExtendedHandshake(into events: inout [PeerEvent]) {
        let body = self.parser.body
        guard body.count <= Self.extendedHandshakeLimit, let handshake = try? ExtendedHandshake(parsing: body) else {
            return self.violate(.badExtendedHandshake, into: &events)
        }
        if var known = self.extendedHandshake {
            known.merge(handshake)
            self.extendedHandshake = known
        } else {
            self.extendedHandshake = handshake
        }
        if let limit = handshake.requestLimit { self.remoteRequestLimit = min(limit, Self.greatestRequestLimit) }
        if let limit = handshake.blockLimit {
            // As many whole blocks, and a power of two of them.
            let blocks = max(1, min(limit, WireLimits.blockLength) / TorrentGeometry.blockLength)
            self.remoteRequestUnit = 1 << (UInt32.bitWidth - 1 - blocks.leadingZeroBitCount)
        }
        self.remoteDeflateID = self.extendedHandshake?.messages[ExtendedHandshake.deflateName]
        events.append(.extendedHandshakeReceived)
    }
}

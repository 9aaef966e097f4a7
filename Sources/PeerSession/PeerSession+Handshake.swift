// SPDX-License-Identifier: Apache-2.0

import PeerWire
import SwarmModel

extension PeerSession {
    /// The peer's handshake has come: judges it and sends the rest of our greeting.
    mutating func receiveHandshake(into events: inout [PeerEvent]) {
        guard let handshake = self.parser.handshake else { return }
        guard handshake.infoHash == self.configuration.infoHash || handshake.infoHash == self.configuration.otherHash
        else {
            return self.violate(.wrongInfoHash, into: &events)
        }
        guard handshake.peerID != self.configuration.localID else { return self.violate(.ownPeerID, into: &events) }
        self.start(at: self.now)
        self.remotePeerID = handshake.peerID
        self.usesFast = self.configuration.supportsFast && handshake.supportsFast
        self.usesExtensions = self.configuration.supportsExtensions && handshake.supportsExtensions
        // Who answers has the last word on the name (BEP 52, "upgrade path").
        let name = self.configuration.role == .inbound ? self.spokenHash : handshake.infoHash
        self.usesV2 = name == self.configuration.v2Hash
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
            self.acceptedBlockLength > TorrentGeometry.blockLength ? self.acceptedBlockLength : nil
        self.nameMessages(in: &handshake)
        return handshake
    }

    /// One that changes something after the first. It names all messages again: libtorrent takes those that it does not name
    /// for given up.
    var laterExtendedHandshake: ExtendedHandshake {
        var handshake = ExtendedHandshake()
        self.nameMessages(in: &handshake)
        return handshake
    }

    private func nameMessages(in handshake: inout ExtendedHandshake) {
        if self.acceptsCompressed {
            handshake.messages[ExtendedHandshake.deflateName] = Self.deflateID
        } else if self.hasOfferedDeflate {
            handshake.messages[ExtendedHandshake.deflateName] = 0
        }
        handshake.messages[ExtendedHandshake.metadataName] = Self.metadataID
        handshake.messages[ExtendedHandshake.dontHaveName] = Self.dontHaveID
        if self.configuration.exchangesPeers {
            handshake.messages[ExtendedHandshake.exchangeName] = Self.exchangeID
        }
    }

    /// Tells the peer whether we ask for nothing any more (BEP 21); before the handshake it is only remembered.
    package mutating func setUploadOnly(_ isUploadOnly: Bool) {
        guard self.configuration.isUploadOnly != isUploadOnly else { return }
        self.configuration.isUploadOnly = isUploadOnly
        guard self.phase == .established, self.usesExtensions else { return }
        var handshake = self.laterExtendedHandshake
        handshake.isUploadOnly = isUploadOnly
        MessageWriter.extended(0, payload: handshake.encoded, into: &self.output)
    }

    /// An extension message has come whole.
    mutating func receiveExtended(_ id: UInt8, into events: inout [PeerEvent]) {
        guard self.usesExtensions else { return self.violate(.notNegotiated, into: &events) }
        guard id != 0 else { return self.receiveExtendedHandshake(into: &events) }
        guard id != Self.deflateID else { return self.receiveCompressed(into: &events) }
        guard id != Self.dontHaveID else { return self.receiveDontHave(into: &events) }
        guard id != Self.exchangeID || self.configuration.exchangesPeers else {
            return self.violate(.notNegotiated, into: &events)
        }
        let body = self.parser.body
        guard id != Self.metadataID || body.count <= WireLimits.metadataMessageLength else {
            return self.violate(.malformedMetadata, into: &events)
        }
        let offset = self.extensionBytes.count
        self.extensionBytes.append(contentsOf: body)
        events.append(
            .extensionMessage(
                id: id, offset: UInt32(truncatingIfNeeded: offset), count: UInt32(truncatingIfNeeded: body.count)))
    }

    /// The peer has a piece no more (BEP 54).
    private mutating func receiveDontHave(into events: inout [PeerEvent]) {
        let body = self.parser.body
        guard body.count == 4 else { return self.violate(.malformedExtension, into: &events) }
        let piece = PieceIndex(body.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        guard self.isSized else { return }
        guard self.configuration.geometry.contains(piece) else {
            return self.violate(.malformedExtension, into: &events)
        }
        if self.remotePieces.remove(piece) { events.append(.piecesReplaced) }
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

// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension PeerStreamParser {
    /// Reads the head at `offset`: a whole message, or the beginning of one that carries a body; nil when that body is
    /// gathered first. Answers `needMore` and changes nothing while the head is incomplete. At most
    /// `WireLimits.headLength` bytes are looked at.
    @inline(__always)
    mutating func decode(_ bytes: RawSpan, at offset: Int, consumed: inout Int) -> PeerMessage? {
        let available = bytes.byteCount - offset
        guard available >= 4 else { return .needMore }
        let length = Self.number(bytes, at: offset)
        guard length > 0 else {
            consumed = 4
            return .keepAlive
        }
        guard available >= 5 else { return .needMore }
        let id = bytes.unsafeLoad(fromByteOffset: offset + 4, as: UInt8.self)
        switch id {
        case MessageID.piece:
            guard length > 9, length - 9 <= WireLimits.blockLength else { return self.fail(.blockLength) }
            guard available >= 13 else { return .needMore }
            consumed = 13
            self.remaining = length - 9
            self.phase = .payload
            return .block(Self.block(bytes, at: offset, length: length - 9))
        case MessageID.request, MessageID.cancel, MessageID.reject:
            guard length == 13 else { return self.fail(.wrongLength) }
            guard available >= 17 else { return .needMore }
            consumed = 17
            let block = Self.block(bytes, at: offset, length: Self.number(bytes, at: offset + 13))
            guard id != MessageID.request else { return .request(block) }
            return id == MessageID.cancel ? .cancel(block) : .reject(block)
        case MessageID.have, MessageID.suggest, MessageID.allowedFast:
            guard length == 5 else { return self.fail(.wrongLength) }
            guard available >= 9 else { return .needMore }
            consumed = 9
            return self.pieceMessage(id, piece: Self.number(bytes, at: offset + 5))
        case MessageID.choke, MessageID.unchoke, MessageID.interested, MessageID.notInterested, MessageID.haveAll,
            MessageID.haveNone:
            guard length == 1 else { return self.fail(.wrongLength) }
            consumed = 5
            return Self.plainMessage(id)
        case MessageID.port:
            guard length == 3 else { return self.fail(.wrongLength) }
            guard available >= 7 else { return .needMore }
            consumed = 7
            return .port(UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset + 5, as: UInt16.self)))
        case MessageID.bitfield:
            guard self.acceptsBitfield(ofBytes: length - 1) else { return self.fail(.bitfieldLength) }
            consumed = 5
            self.beginBody(.bitfield, length: length - 1)
            return nil
        case MessageID.extended:
            return self.extendedHead(bytes, at: offset, length: length, consumed: &consumed)
        case MessageID.hashRequest, MessageID.hashes, MessageID.hashReject:
            return self.hashHead(id, length: length, consumed: &consumed)
        default:
            guard length <= WireLimits.unknownMessageLength else { return self.fail(.unknownLength) }
            consumed = 5
            self.remaining = length - 1
            self.phase = .skip
            return .ignored(id)
        }
    }

    @inline(__always)
    private mutating func pieceMessage(_ id: UInt8, piece: UInt32) -> PeerMessage {
        guard piece < self.pieceLimit else { return self.fail(.pieceOutOfRange) }
        if id == MessageID.have { return .have(PieceIndex(piece)) }
        return id == MessageID.suggest ? .suggest(PieceIndex(piece)) : .allowedFast(PieceIndex(piece))
    }

    /// Begins an extension message: one for an identifier that was given out is gathered, any other is skipped.
    private mutating func extendedHead(
        _ bytes: RawSpan, at offset: Int, length: UInt32, consumed: inout Int
    ) -> PeerMessage? {
        guard length >= 2 else { return self.fail(.wrongLength) }
        guard length <= WireLimits.extensionMessageLength else { return self.fail(.extensionLength) }
        guard bytes.byteCount - offset >= 6 else { return .needMore }
        consumed = 6
        self.extensionID = bytes.unsafeLoad(fromByteOffset: offset + 5, as: UInt8.self)
        guard self.extensionID <= self.extensionLimit else {
            self.remaining = length - 2
            self.phase = .skip
            return .ignored(MessageID.extended)
        }
        self.beginBody(.extended, length: length - 2)
        return nil
    }

    /// Begins a message about a hash tree (BEP 52).
    private mutating func hashHead(_ id: UInt8, length: UInt32, consumed: inout Int) -> PeerMessage? {
        let body = length - 1
        let head = UInt32(HashRange.encodedLength)
        if id == MessageID.hashes {
            guard body > head, body <= WireLimits.hashesLength,
                (body - head).isMultiple(of: UInt32(HashRange.hashLength))
            else { return self.fail(.hashesLength) }
        } else if body != head {
            return self.fail(.wrongLength)
        }
        consumed = 5
        self.beginBody(
            id == MessageID.hashes ? .hashes : id == MessageID.hashRequest ? .hashRequest : .hashReject, length: body)
        return nil
    }

    private static func plainMessage(_ id: UInt8) -> PeerMessage {
        switch id {
        case MessageID.choke: .choke
        case MessageID.unchoke: .unchoke
        case MessageID.interested: .interested
        case MessageID.notInterested: .notInterested
        case MessageID.haveAll: .haveAll
        default: .haveNone
        }
    }

    @inline(__always)
    private static func number(_ bytes: RawSpan, at offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    private static func block(_ bytes: RawSpan, at offset: Int, length: UInt32) -> BlockRange {
        BlockRange(
            piece: PieceIndex(Self.number(bytes, at: offset + 5)), begin: Self.number(bytes, at: offset + 9),
            length: length)
    }
}

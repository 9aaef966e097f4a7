// SPDX-License-Identifier: Apache-2.0

/// Reads one direction of a peer connection (BEP 3, 6, 10) from spans of any size, one message a call.
///
/// Nothing is allocated per message: heads that arrive in parts wait in line, block payload is named and never kept,
/// bitfields, extension messages and hashes gather in `body`, which grows with what has come and never by what was declared.
package struct PeerStreamParser: Sendable {
    enum Phase: UInt8, BitwiseCopyable {
        case handshake
        case head
        case payload
        case blockEnd
        case bitfield
        case extended
        case hashRequest
        case hashes
        case hashReject
        case skip
        case failed
    }

    typealias Head = InlineArray<17, UInt8>

    /// The peer's handshake, once `PeerMessage.handshake` was given.
    package private(set) var handshake: Handshake?
    /// The bytes of the bitfield, extension or hash message just given, without head; good until the next call.
    package private(set) var body: [UInt8] = []

    /// Pieces of the torrent; nil until that is known.
    private(set) var pieceCount: UInt32?
    let extensionLimit: UInt8
    var phase: Phase
    var remaining: UInt32 = 0
    var extensionID: UInt8 = 0
    var fault = WireFault.notBitTorrent
    private var head = Head(repeating: 0)
    private var headCount = 0

    /// A parser at the first byte of a connection, or of the messages after the handshake. Extension messages with
    /// identifiers above `extensionLimit` are skipped: pass the highest one that was advertised, 0 if none was. Where the
    /// number of pieces is not known (nil), any is believed up to a limit.
    package init(pieceCount: Int?, extensionLimit: UInt8 = 0, expectsHandshake: Bool = true) {
        precondition(pieceCount.map { $0 >= 0 && $0 <= Int(UInt32.max) } ?? true, "\(pieceCount ?? 0) pieces")
        self.pieceCount = pieceCount.map { UInt32($0) }
        self.extensionLimit = extensionLimit
        self.phase = expectsHandshake ? .handshake : .head
    }

    /// Says how many pieces there are, once that is known. What was read before is the owner's to check.
    package mutating func setPieceCount(_ pieceCount: Int) {
        precondition(pieceCount >= 0 && pieceCount <= Int(UInt32.max), "\(pieceCount) pieces")
        self.pieceCount = UInt32(pieceCount)
    }

    /// Pieces have smaller numbers than this.
    var pieceLimit: UInt32 { self.pieceCount ?? WireLimits.unsizedBitfieldLength * 8 }

    /// Whether a bitfield may have so many bytes.
    func acceptsBitfield(ofBytes length: UInt32) -> Bool {
        guard let pieceCount else { return length <= WireLimits.unsizedBitfieldLength }
        return length == pieceCount / 8 + (pieceCount % 8 == 0 ? 0 : 1)
    }

    /// Reads on from `cursor`, moves it behind what was used and tells what was found. Call until it answers
    /// `needMore` or `fault`; then pass the next span with a cursor of 0.
    package mutating func next(in bytes: RawSpan, at cursor: inout Int) -> PeerMessage {
        switch self.phase {
        case .head:
            guard self.headCount == 0 else { return self.continueHead(in: bytes, at: &cursor) }
            var consumed = 0
            let message = self.decode(bytes, at: cursor, consumed: &consumed)
            if case .needMore = message { return self.keepHead(in: bytes, at: &cursor) }
            cursor += consumed
            return message ?? self.next(in: bytes, at: &cursor)
        case .payload:
            let count = min(self.remaining, UInt32(clamping: bytes.byteCount - cursor))
            guard count > 0 else { return .needMore }
            let offset = UInt32(truncatingIfNeeded: cursor)
            cursor += Int(count)
            self.remaining -= count
            if self.remaining == 0 { self.phase = .blockEnd }
            return .payload(offset: offset, count: count)
        case .blockEnd:
            self.phase = .head
            return .blockEnd
        case .bitfield: return self.gatherBody(of: .bitfield, bytes, at: &cursor)
        case .extended: return self.gatherBody(of: .extended(self.extensionID), bytes, at: &cursor)
        case .hashRequest: return self.gatherBody(of: .hashRequest, bytes, at: &cursor)
        case .hashes: return self.gatherBody(of: .hashes, bytes, at: &cursor)
        case .hashReject: return self.gatherBody(of: .hashReject, bytes, at: &cursor)
        case .skip:
            let count = min(self.remaining, UInt32(clamping: bytes.byteCount - cursor))
            cursor += Int(count)
            self.remaining -= count
            guard self.remaining == 0 else { return .needMore }
            self.phase = .head
            return self.next(in: bytes, at: &cursor)
        case .handshake: return self.gatherHandshake(bytes, at: &cursor)
        case .failed: return .fault(self.fault)
        }
    }

    /// Ends the reading for good.
    mutating func fail(_ fault: WireFault) -> PeerMessage {
        self.phase = .failed
        self.fault = fault
        return .fault(fault)
    }

    /// Starts a body of `length` bytes.
    mutating func beginBody(_ phase: Phase, length: UInt32) {
        // Memory of a long one is kept for others that are.
        if self.body.capacity > max(WireLimits.keptBodyCapacity, 4 * Int(length)) {
            self.body = []
        } else {
            self.body.removeAll(keepingCapacity: true)
        }
        self.remaining = length
        self.phase = phase
    }

    /// Keeps the first part of a head whose rest is still to come.
    private mutating func keepHead(in bytes: RawSpan, at cursor: inout Int) -> PeerMessage {
        while cursor < bytes.byteCount, self.headCount < WireLimits.headLength {
            self.head[self.headCount] = bytes.unsafeLoad(fromByteOffset: cursor, as: UInt8.self)
            self.headCount += 1
            cursor += 1
        }
        return .needMore
    }

    /// Completes a kept head: fills it up from the input, decodes it, and gives back what the message did not need.
    private mutating func continueHead(in bytes: RawSpan, at cursor: inout Int) -> PeerMessage {
        let kept = self.headCount
        let start = cursor
        var head = self.head
        var count = kept
        while cursor < bytes.byteCount, count < WireLimits.headLength {
            head[count] = bytes.unsafeLoad(fromByteOffset: cursor, as: UInt8.self)
            count += 1
            cursor += 1
        }
        var consumed = 0
        let message = self.decode(head.span.bytes.extracting(0..<count), at: 0, consumed: &consumed)
        if case .needMore = message {
            self.head = head
            self.headCount = count
            return .needMore
        }
        self.headCount = 0
        cursor = start + max(0, consumed - kept)
        return message ?? self.next(in: bytes, at: &cursor)
    }

    private mutating func gatherBody(
        of message: PeerMessage, _ bytes: RawSpan, at cursor: inout Int
    ) -> PeerMessage {
        guard self.gather(bytes, at: &cursor) else { return .needMore }
        self.phase = .head
        return message
    }

    /// Moves input into `body`; whether it is complete.
    private mutating func gather(_ bytes: RawSpan, at cursor: inout Int) -> Bool {
        let count = min(Int(self.remaining), bytes.byteCount - cursor)
        bytes.extracting(cursor..<cursor + count).withUnsafeBytes { self.body.append(contentsOf: $0) }
        cursor += count
        self.remaining -= UInt32(count)
        return self.remaining == 0
    }

    private mutating func gatherHandshake(_ bytes: RawSpan, at cursor: inout Int) -> PeerMessage {
        self.remaining = UInt32(Handshake.length - self.body.count)
        let isComplete = self.gather(bytes, at: &cursor)
        guard Handshake.mayBegin(self.body) else { return self.fail(.notBitTorrent) }
        guard isComplete else { return .needMore }
        guard let handshake = Handshake(self.body) else { return self.fail(.notBitTorrent) }
        self.handshake = handshake
        self.phase = .head
        return .handshake
    }
}

// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel

/// A session under test with a clock of its own and a scripted peer. What happened is kept in a form that does not
/// depend on how the peer's bytes were cut.
struct Conversation {
    enum Happening: Equatable {
        case event(PeerEvent)
        case payload(PieceIndex, begin: UInt32, [UInt8])
    }

    static let geometry = Self.known(TorrentGeometry(totalLength: 40 * 65_536 - 1_000, pieceLength: 65_536))
    static let infoHash = Self.known(InfoHash(bytes: 0..<20))
    static let localID = Self.known(PeerID(bytes: "-SM0100-abcdefghijkl".utf8))
    static let remoteID = Self.known(PeerID(bytes: "-TR4060-abcdefghijkl".utf8))

    /// A value made from a constant that is known to be well-formed.
    static func known<Value>(_ value: Value?) -> Value {
        guard let value else { preconditionFailure("a constant of the tests is malformed") }
        return value
    }

    var session: PeerSession
    var now = Instant(nanoseconds: 1_000_000_000)
    var happenings: [Happening] = []
    private var events: [PeerEvent] = []

    init(
        role: PeerSession.Role = .outbound, have: [Int] = [], geometry: TorrentGeometry = Self.geometry,
        configure: (inout PeerSession.Configuration) -> Void = { _ in }
    ) {
        var configuration = PeerSession.Configuration(
            role: role, infoHash: Self.infoHash, localID: Self.localID, geometry: geometry)
        configure(&configuration)
        var pieces = Bitfield(count: geometry.pieceCount)
        for piece in have { pieces.insert(PieceIndex(piece)) }
        self.session = PeerSession(configuration, have: pieces, at: self.now)
    }

    /// A conversation past the handshakes, its greeting thrown away.
    static func established(
        fast: Bool = true, extensions: Bool = false, have: [Int] = [], geometry: TorrentGeometry = Self.geometry,
        configure: (inout PeerSession.Configuration) -> Void = { _ in }
    ) -> Conversation {
        var conversation = Conversation(have: have, geometry: geometry, configure: configure)
        conversation.session.start(at: conversation.now)
        conversation.feed(Self.handshake(fast: fast, extensions: extensions))
        conversation.session.clearOutput()
        conversation.happenings = []
        return conversation
    }

    static func handshake(fast: Bool = true, extensions: Bool = false) -> [UInt8] {
        Handshake(infoHash: Self.infoHash, peerID: Self.remoteID, supportsFast: fast, supportsExtensions: extensions)
            .encoded
    }

    /// The `index`-th block of the torrent.
    static func block(_ index: Int, geometry: TorrentGeometry = Self.geometry) -> BlockRange {
        let perPiece = Int(geometry.pieceLength / TorrentGeometry.blockLength)
        return geometry.block(index % perPiece, of: PieceIndex(index / perPiece))
    }

    static func payload(of block: BlockRange) -> [UInt8] {
        (0..<block.length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ block.begin >> 8 &+ block.piece.rawValue) }
    }

    static func piece(_ block: BlockRange) -> [UInt8] {
        var bytes: [UInt8] = []
        MessageWriter.piece(block, into: &bytes)
        return bytes + Self.payload(of: block)
    }

    static func bytes(_ write: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        write(&bytes)
        return bytes
    }

    mutating func feed(_ bytes: [UInt8]) {
        self.session.receive(bytes.span.bytes, at: self.now, into: &self.events)
        self.absorb(bytes)
    }

    mutating func feed(_ write: (inout [UInt8]) -> Void) { self.feed(Self.bytes(write)) }

    mutating func wait(_ interval: Interval) {
        self.now = self.now + interval
        self.session.timerFired(at: self.now, into: &self.events)
        self.absorb([])
    }

    mutating func unchoke() { self.feed { MessageWriter.unchoke(into: &$0) } }

    mutating func request(_ block: BlockRange) { self.session.request(block, at: self.now) }

    /// Everything that happened since the last call.
    mutating func takeHappenings() -> [Happening] {
        defer { self.happenings = [] }
        return self.happenings
    }

    /// The events since the last call, payload left out.
    mutating func takeEvents() -> [PeerEvent] {
        self.takeHappenings().compactMap { happening in
            guard case .event(let event) = happening else { return nil }
            return event
        }
    }

    /// The messages in our output, which is taken; bodies are left out.
    mutating func takeMessages() -> [PeerMessage] {
        var output: [UInt8] = []
        self.session.takeOutput(into: &output)
        let isFirst = output.starts(with: Handshake.preamble)
        var parser = PeerStreamParser(pieceCount: self.session.remotePieces.count, expectsHandshake: isFirst)
        var messages: [PeerMessage] = []
        var cursor = 0
        while true {
            let message = parser.next(in: output.span.bytes, at: &cursor)
            if message == .needMore { return messages }
            messages.append(message)
            if case .fault = message { return messages }
        }
    }

    var lastViolation: PeerViolation? {
        for happening in self.happenings.reversed() {
            if case .event(.violation(let violation)) = happening { return violation }
        }
        return nil
    }

    private mutating func absorb(_ input: [UInt8]) {
        for event in self.events {
            guard case .payload(let piece, let begin, let offset, let count) = event else {
                self.happenings.append(.event(event))
                continue
            }
            let bytes = Array(input[Int(offset)..<Int(offset + count)])
            if case .payload(piece, let first, let known) = self.happenings.last,
                Int(first) + known.count == Int(begin)
            {
                self.happenings[self.happenings.count - 1] = .payload(piece, begin: first, known + bytes)
            } else {
                self.happenings.append(.payload(piece, begin: begin, bytes))
            }
        }
        self.events.removeAll(keepingCapacity: true)
    }
}

// SPDX-License-Identifier: Apache-2.0

package import PeerWire
package import SwarmModel

/// One peer connection as a value: handshake, interest, choking, the request pipeline, the upload queue, faults.
///
/// Inputs are calls with the time passed in; what happened comes as `PeerEvent`s in a queue that the owner reuses, what
/// is to be sent gathers in `output`. Block payload passes by without a copy: events say where in the input it lies.
/// Nothing is allocated per message or block once the buffers have grown to their working size, and all of them are
/// bounded. One order is the owner's business: drain `output` before writing the next PIECE message of its own, and
/// stop reading while the connection takes no writes.
package struct PeerSession {
    enum Phase: UInt8, BitwiseCopyable {
        case created
        case handshaking
        case established
        case closed
    }

    enum Greeting: UInt8, BitwiseCopyable {
        case expected
        case over
    }

    /// The handshake must be complete after this long, unless configured otherwise.
    package static let handshakePatience = Interval.seconds(10)
    /// A keep-alive is sent when nothing was for this long; peers wait two minutes (BEP 3).
    package static let keepAliveInterval = Interval.seconds(100)
    /// A peer that has sent nothing for this long is gone.
    package static let silencePatience = Interval.seconds(180)
    /// Outstanding blocks are given up when none has come for this long, unless configured otherwise.
    package static let blockPatience = Interval.seconds(60)
    /// A peer that serves us and yet rejects this many blocks in a row is left alone for `rejectPause`.
    package static let rejectPatience = 16
    /// How long nothing is asked of a peer that only rejects.
    package static let rejectPause = Interval.seconds(1)
    /// What a peer keeps waiting when it does not say (BEP 10 `reqq`).
    package static let defaultRequestLimit = 250
    /// The most that is believed of `reqq`.
    package static let greatestRequestLimit = 1 << 16
    /// Allowed-fast pieces that are remembered (BEP 6).
    package static let allowedFastLimit = 64
    /// The longest extension handshake that is read, in bytes.
    package static let extendedHandshakeLimit = 64 << 10

    /// As given; with the geometry that became known since.
    package internal(set) var configuration: Configuration
    /// Bytes to be sent, in order. Drained with `takeOutput(into:)`, or read here and then given to `clearOutput()`.
    package internal(set) var output: [UInt8] = []
    /// What the peer has.
    package internal(set) var remotePieces: Bitfield
    /// The peer's id, once the handshakes are done.
    package internal(set) var remotePeerID: PeerID?
    /// What the peer said of itself (BEP 10), later messages merged into earlier ones.
    package internal(set) var extendedHandshake: ExtendedHandshake?
    /// Payloads of the extension messages of the last `receive`, as their events say.
    package internal(set) var extensionBytes: [UInt8] = []
    /// The port of the peer's DHT node, if it told (BEP 5).
    package internal(set) var remoteDHTPort: UInt16?
    /// Pieces that the peer sends us even while it chokes us (BEP 6).
    package internal(set) var allowedFastPieces: [PieceIndex] = []
    /// Whether BEP 6 was agreed on.
    package internal(set) var usesFast = false
    /// Whether BEP 10 was agreed on.
    package internal(set) var usesExtensions = false
    /// Whether the torrent's v2 name was agreed on, so that hashes of its trees may be asked for (BEP 52).
    package internal(set) var usesV2 = false
    /// The peer's number for compressed blocks; nil when it does not read them.
    package internal(set) var remoteDeflateID: UInt8?
    /// Whether the peer answers no requests of ours.
    package internal(set) var isChokedByPeer = true
    /// Whether the peer wants something of ours.
    package internal(set) var isPeerInterested = false
    /// Whether we answer no requests of the peer.
    package internal(set) var isChoking = true
    /// Whether we have told the peer that it has something we want.
    package internal(set) var isInterested = false
    /// Whether the peer owes us blocks and has sent none for `blockPatience`. Ends with the next block.
    package internal(set) var isSnubbed = false
    /// Payload of blocks that were asked for: rate and total. `bytesPerSecond(at:)` reads it.
    package var downloadMeter: RateMeter
    /// Payload of blocks that `blockSent` told of: rate and total.
    package var uploadMeter: RateMeter
    /// Payload bytes that came and were dropped: given up before, or never asked for.
    package internal(set) var discardedBytes: UInt64 = 0

    /// The violation that ended the session; nil while it lasts, and after `close`.
    package internal(set) var ending: PeerViolation.Code?

    var phase = Phase.created
    var greeting = Greeting.expected
    var have: Bitfield
    /// What the peer has, while it is not known how many pieces there are.
    var unsizedPieces = UnsizedPieces()
    var parser: PeerStreamParser
    var pipeline = RequestPipeline()
    var window: RequestWindow
    var uploads = Ring<BlockRange>()
    var faults: FaultBudget
    var incomingOffset: UInt32 = 0
    var requestsWhileChoked = 0
    /// Pieces that the peer may ask for although we choke it (BEP 6), and how many blocks of them it may have yet.
    var grantedPieces: [PieceIndex] = []
    var grantedBlocks = 0
    /// Requests that came and no CANCEL came for.
    var cancellableRequests = 0
    /// Rejections since the last block.
    var rejectsInRow = 0
    /// Nothing is asked before.
    var restsUntil: Instant
    var remoteRequestLimit = Self.defaultRequestLimit
    /// Blocks that may be asked of the peer at once.
    var remoteRequestUnit = 1
    var acceptsCompressed: Bool
    /// The longest block that the peer may ask for.
    var acceptedBlockLength: UInt32
    /// Compressed blocks may come, because we have said once that we read them.
    var hasOfferedDeflate: Bool
    var now: Instant
    var startedAt: Instant
    var lastReceived: Instant
    var lastSent: Instant
    /// A keep-alive was sent.
    var hasKeptAlive = false
    var lastProgress: Instant

    /// A session that has said nothing yet. `have` is what we have, of the torrent's size; keep it current with
    /// `announceHave`. Of a torrent without pieces the metadata are not known yet: see `adopt`.
    package init(_ configuration: Configuration, have: Bitfield, at now: Instant) {
        precondition(have.count == configuration.geometry.pieceCount, "a bitfield of another torrent")
        self.configuration = configuration
        self.have = have
        self.remotePieces = Bitfield(count: have.count)
        self.parser = PeerStreamParser(
            pieceCount: have.count > 0 ? have.count : nil, extensionLimit: Self.greatestExtensionID)
        self.acceptsCompressed = configuration.acceptsCompressed
        self.acceptedBlockLength = configuration.acceptedBlockLength
        self.hasOfferedDeflate = configuration.acceptsCompressed
        self.window = RequestWindow(at: now)
        self.faults = FaultBudget(at: now)
        self.downloadMeter = RateMeter(at: now)
        self.uploadMeter = RateMeter(at: now)
        self.now = now
        self.startedAt = now
        self.lastReceived = now
        self.lastSent = now
        self.lastProgress = now
        self.restsUntil = now
    }

    /// Whether both handshakes are done and the session has not ended.
    package var isEstablished: Bool { self.phase == .established }
    /// Whether the session has ended, by a violation or by `close`.
    package var isClosed: Bool { self.phase == .closed }
    /// Whether the peer has every piece.
    package var remoteIsSeed: Bool { self.isSized ? self.remotePieces.isFull : self.unsizedPieces.hasAll }
    /// Whether the peer said that it asks for nothing (BEP 21), or has every piece.
    package var remoteIsUploadOnly: Bool { self.remoteIsSeed || self.extendedHandshake?.isUploadOnly == true }
    /// Whether the peer has not yet said which extensions it has.
    package var extendedHandshakeIsAwaited: Bool { self.extendedHandshake == nil }
    /// The port at which the peer listens, if it told (BEP 10).
    package var remoteListenPort: UInt16? { self.extendedHandshake?.listenPort }
    /// The peer's client: as it calls itself, else as its id says (BEP 20).
    package var remoteClient: String? {
        self.extendedHandshake?.clientName ?? self.remotePeerID.flatMap(ClientName.of)
    }
    /// Violations so far, forgiven ones included.
    package var faultCount: Int { self.faults.faultCount }

    /// Sends our handshake; the rest of our greeting follows the peer's. To be called once, when connected.
    package mutating func start(at now: Instant) {
        guard self.phase == .created else { return }
        self.now = now
        self.phase = .handshaking
        self.startedAt = now
        self.lastReceived = now
        Handshake(
            infoHash: self.spokenHash, peerID: self.configuration.localID,
            supportsFast: self.configuration.supportsFast, supportsExtensions: self.configuration.supportsExtensions,
            supportsDHT: self.configuration.nodePort != nil, supportsV2: self.configuration.v2Hash != nil
        ).encode(into: &self.output)
    }

    /// The name in our handshake.
    var spokenHash: InfoHash { self.configuration.spokenHash ?? self.configuration.infoHash }

    /// Ends the session: nothing more is read or written. Outstanding blocks stay for `dropOutstanding`.
    package mutating func close() {
        self.phase = .closed
        self.output.removeAll(keepingCapacity: true)
        self.uploads.removeAll()
    }

    /// Whether there is something to send.
    package var hasOutput: Bool { !self.output.isEmpty }

    /// Moves what is to be sent to the end of `buffer`; both keep their capacity.
    package mutating func takeOutput(into buffer: inout [UInt8]) {
        guard self.hasOutput else { return }
        buffer.append(contentsOf: self.output)
        self.clearOutput()
    }

    /// Forgets `output` after it was sent; keeps its capacity unless it was a burst.
    package mutating func clearOutput() {
        self.lastSent = self.now
        if self.output.capacity > WireLimits.keptBodyCapacity, self.output.count < WireLimits.keptBodyCapacity / 4 {
            self.output = []
        } else {
            self.output.removeAll(keepingCapacity: true)
        }
    }

    /// Records a violation, and ends the session if it is severe or the budget is spent.
    mutating func violate(_ code: PeerViolation.Code, into events: inout [PeerEvent]) {
        var endsConnection = true
        let isTooMuch = self.faults.spend(code.cost ?? 0, at: self.now)
        if code.cost != nil { endsConnection = isTooMuch }
        events.append(.violation(PeerViolation(code, endsConnection: endsConnection)))
        guard endsConnection else { return }
        self.ending = code
        self.close()
    }
}

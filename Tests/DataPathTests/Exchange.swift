// SPDX-License-Identifier: Apache-2.0

import CAllocations
import Logging
import PeerSession
import PeerWire
import StrategyHost
import SwarmModel
import Swarming

/// A seed and a peer that fetches from it, machine to machine: real sessions, real swarms, real strategies, and in the place
/// of sockets and files buffers that are used again. Counts how often memory is asked for on the way of a block.
final class Exchange {
    /// How often memory was asked for in each part of the way.
    struct Counts {
        /// From a free place in the window to the request that lies ready: the pick, the blocks, the message.
        var requesting = 0
        /// From the request's bytes to the block that lies ready to be sent.
        var serving = 0
        /// From the block's bytes to the piece's buffer, and to the swarm that knows of it.
        var receiving = 0
        /// What comes once a piece: it is verified, and told.
        var completing = 0
        /// Blocks and pieces.
        var blocks = 0
        var pieces = 0
    }

    static let geometry = TorrentGeometry(totalLength: 4096 << 18, pieceLength: 1 << 18)

    private var source: Swarm
    private var fetcher: Swarm
    private var sourceSession: PeerSession
    private var fetcherSession: PeerSession
    private var now = Instant(nanoseconds: 0)
    private var events: [PeerEvent] = []
    private var blocks: [BlockRange] = []
    private var cancels: [BlockCancel] = []
    private var wire: [UInt8] = []
    private var completed: [PieceIndex] = []
    private let payload = [UInt8](repeating: 7, count: Int(TorrentGeometry.blockLength))
    private var piece = [UInt8](repeating: 0, count: 1 << 18)
    private(set) var counts = Counts()

    init(picker: String, host: StrategyHost, geometry: TorrentGeometry) throws {
        let now = self.now
        func swarm(isComplete: Bool) throws -> Swarm {
            Swarm(
                geometry: geometry, have: Bitfield(count: geometry.pieceCount, filled: isComplete),
                configuration: SwarmConfiguration(),
                picker: try host.makePicker(named: picker, for: geometry, seed: 3),
                choker: try host.makeChoker(named: "tit-for-tat", for: geometry, seed: 3), random: SplitMix64(seed: 3),
                at: now)
        }
        func session(_ role: PeerSession.Role, _ swarm: Swarm, _ letter: UInt8) -> PeerSession {
            var random = SplitMix64(seed: UInt64(letter))
            let configuration = PeerSession.Configuration(
                role: role, infoHash: InfoHash(Bytes20(high: 1, middle: 2, low: 3)),
                localID: PeerID(prefix: "-SM0000-", random: &random), geometry: geometry)
            return PeerSession(configuration, have: swarm.have, at: now)
        }
        self.source = try swarm(isComplete: true)
        self.fetcher = try swarm(isComplete: false)
        self.sourceSession = session(.inbound, self.source, 1)
        self.fetcherSession = session(.outbound, self.fetcher, 2)
        self.events.reserveCapacity(4096)
        self.blocks.reserveCapacity(4096)
        self.cancels.reserveCapacity(64)
        self.completed.reserveCapacity(64)
        self.wire.reserveCapacity(64 << 20)
        self.meet()
    }

    /// Handshakes, interest, a slot.
    private func meet() {
        self.fetcherSession.start(at: self.now)
        self.sourceSession.start(at: self.now)
        self.source.peerJoined(0, at: self.now)
        self.fetcher.peerJoined(0, at: self.now)
        self.fetcher.peerHasPieces(0, Bitfield(count: self.fetcher.geometry.pieceCount, filled: true))
        for _ in 0..<4 {
            self.deliverToSource()
            self.deliverToFetcher()
        }
        self.fetcherSession.setInterested(true)
        self.sourceSession.setChoking(false)
        self.fetcher.peerUnchokedUs(0)
        self.deliverToSource()
        self.deliverToFetcher()
    }

    /// Lets so many blocks through, or all that there are.
    func run(blocks count: Int) {
        let end = self.counts.blocks + count
        while self.counts.blocks < end, !self.fetcher.isComplete {
            let before = self.counts.blocks
            self.now = self.now + .milliseconds(5)
            self.counts.requesting += self.counted { self.request() }
            self.counts.serving += self.counted { self.serve() }
            self.counts.receiving += self.counted { self.deliverToFetcher() }
            self.counts.completing += self.counted { self.complete() }
            guard self.counts.blocks > before else { return }
        }
    }

    func forgetCounts() { self.counts = Counts() }

    /// Every element, in order. Without optimisation a `for` loop over an array asks for memory for each of them.
    private static func forEach<Element>(_ elements: [Element], _ body: (Element) -> Void) {
        elements.withUnsafeBufferPointer { elements in
            var index = 0
            while index < elements.count {
                body(elements[index])
                index += 1
            }
        }
    }

    private func counted(_ body: () -> Void) -> Int {
        let before = callocations_of_thread()
        body()
        return Int(callocations_of_thread() - before)
    }

    private func request() {
        guard self.fetcherSession.wantsRequests else { return }
        self.blocks.removeAll(keepingCapacity: true)
        self.fetcher.nextBlocks(
            for: 0, limit: self.fetcherSession.requestRoom, at: self.now, into: &self.blocks)
        Self.forEach(self.blocks) { self.fetcherSession.request($0, at: self.now) }
    }

    private func serve() {
        self.deliverToSource()
        while let block = self.sourceSession.popUpload() {
            self.sourceSession.takeOutput(into: &self.wire)
            MessageWriter.piece(block, into: &self.wire)
            self.wire.append(contentsOf: self.payload)
            self.sourceSession.blockSent(block)
        }
    }

    private func deliverToSource() {
        self.wire.removeAll(keepingCapacity: true)
        self.fetcherSession.takeOutput(into: &self.wire)
        self.sourceSession.receive(self.wire.span.bytes, at: self.now, into: &self.events)
        self.events.removeAll(keepingCapacity: true)
        self.wire.removeAll(keepingCapacity: true)
    }

    private func deliverToFetcher() {
        self.sourceSession.takeOutput(into: &self.wire)
        self.fetcherSession.receive(self.wire.span.bytes, at: self.now, into: &self.events)
        Self.forEach(self.events) { self.handle($0) }
        self.events.removeAll(keepingCapacity: true)
        self.wire.removeAll(keepingCapacity: true)
    }

    private func handle(_ event: PeerEvent) {
        switch event {
        case .payload(_, let begin, let offset, let count):
            self.wire.withUnsafeBytes { wire in
                self.piece.withUnsafeMutableBytes { piece in
                    piece[Int(begin)..<Int(begin + count)].copyBytes(from: wire[Int(offset)..<Int(offset + count)])
                }
            }
        case .blockReceived(let block):
            self.counts.blocks += 1
            if self.fetcher.blockReceived(from: 0, block, at: self.now, cancels: &self.cancels) == .completesPiece {
                self.completed.append(block.piece)
            }
        default: break
        }
    }

    private func complete() {
        Self.forEach(self.completed) { piece in
            self.counts.pieces += 1
            self.fetcher.pieceVerified(piece, at: self.now)
            self.fetcherSession.announceHave(piece)
        }
        self.completed.removeAll(keepingCapacity: true)
    }
}

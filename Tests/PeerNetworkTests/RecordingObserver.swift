// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import PeerNetwork
import PieceStore
import SwarmModel

/// Keeps what it is told, and lets tests wait for it.
final class RecordingObserver: TorrentObserver {
    struct State: Sendable {
        var durable: Bitfield?
        var isCompleted = false
        var suspensions: [StorageError] = []
        var resumptions = 0
        var hashFailures: [PieceIndex] = []
        var contradictions: [PieceIndex] = []
        var bans: [PeerEndpoint] = []
        var droppedWebSeeds: [String] = []
        var metadata: [UInt8]?
        var layers: [[UInt8]: [UInt8]]?
    }

    private let box = NIOLockedValueBox(State())
    private let changes: AsyncStream<State>
    private let continuation: AsyncStream<State>.Continuation

    init() {
        (self.changes, self.continuation) = AsyncStream.makeStream()
    }

    var state: State { self.box.withLockedValue { $0 } }

    /// Returns the first state that satisfies `condition`.
    @discardableResult
    func wait(until condition: @Sendable (State) -> Bool) async -> State {
        if condition(self.state) { return self.state }
        for await state in self.changes where condition(state) { return state }
        return self.state
    }

    func torrent(_ infoHash: InfoHash, hasDurably pieces: Bitfield) { self.change { $0.durable = pieces } }
    func torrentCompleted(_ infoHash: InfoHash) { self.change { $0.isCompleted = true } }
    func torrent(_ infoHash: InfoHash, gotMetadata metadata: [UInt8]) { self.change { $0.metadata = metadata } }
    func torrent(_ infoHash: InfoHash, gotPieceLayers layers: [[UInt8]: [UInt8]]) {
        self.change { $0.layers = layers }
    }
    func torrent(_ infoHash: InfoHash, suspendedBy error: StorageError) { self.change { $0.suspensions.append(error) } }
    func torrentResumed(_ infoHash: InfoHash) { self.change { $0.resumptions += 1 } }
    func torrent(_ infoHash: InfoHash, hashFailedFor piece: PieceIndex, culprits: [PeerEndpoint]) {
        self.change { $0.hashFailures.append(piece) }
    }
    func torrent(_ infoHash: InfoHash, contradictsItselfIn piece: PieceIndex) {
        self.change { $0.contradictions.append(piece) }
    }
    func torrent(_ infoHash: InfoHash, droppedWebSeed url: String, reason: String) {
        self.change { $0.droppedWebSeeds.append(reason) }
    }
    func torrent(_ infoHash: InfoHash, banned peer: PeerEndpoint, reason: String) {
        self.change { $0.bans.append(peer) }
    }

    private func change(_ body: (inout State) -> Void) {
        let state = self.box.withLockedValue { state in
            body(&state)
            return state
        }
        self.continuation.yield(state)
    }
}

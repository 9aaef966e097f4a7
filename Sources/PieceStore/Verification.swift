// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization

/// A verification that is going on: reads chosen pieces from disk and compares their hashes, on all of the store's
/// threads, in small units behind everything prompt.
package final class Verification: Sendable {
    /// Bytes of payload in one unit: what a peer's read may have to wait for.
    static let unitLength = 4 << 20

    private struct State {
        var valid: Bitfield
        var done = 0
        var error: StorageError?
        var contradiction: PieceIndex?
    }

    private let storage: TorrentStorage
    private let pieces: [PieceIndex]
    private let state: Mutex<State>
    private let isCancelled = Atomic<Bool>(false)
    private let isReporting = Atomic<Bool>(false)
    private let progress: @Sendable (_ done: Int, _ total: Int) -> Void
    private let then: @Sendable (VerificationOutcome) -> Void
    private let completions: CompletionQueue

    init(
        _ storage: TorrentStorage, _ wanted: Bitfield?, completions: CompletionQueue,
        progress: @escaping @Sendable (Int, Int) -> Void, then: @escaping @Sendable (VerificationOutcome) -> Void
    ) {
        let count = storage.geometry.pieceCount
        precondition(wanted.map { $0.count == count } ?? true, "a bitfield of another torrent")
        self.storage = storage
        var pieces: [PieceIndex] = []
        pieces.reserveCapacity(wanted?.setCount ?? count)
        (wanted ?? Bitfield(count: count, filled: true)).forEachSet { pieces.append($0) }
        self.pieces = pieces
        self.state = Mutex(State(valid: Bitfield(count: count)))
        self.completions = completions
        self.progress = progress
        self.then = then
    }

    /// Stops soon; `then` is still called, with what was found so far.
    package func cancel() { self.isCancelled.store(true, ordering: .relaxed) }

    func start() {
        // Files may have been replaced behind our back: that is what a verification is for.
        self.storage.store.openFiles.removeAll(of: self.storage.number)
        let perUnit = max(1, Self.unitLength / Int(self.storage.geometry.pieceLength))
        let units = ParallelUnits(
            count: (self.pieces.count + perUnit - 1) / perUnit, runners: self.storage.store.parallelism,
            enqueue: { self.storage.enqueue(.bulk, $0) },
            unit: { self.verify(self.pieces[$0 * perUnit..<min($0 * perUnit + perUnit, self.pieces.count)]) },
            end: { self.finish() })
        units.start()
    }

    /// Does one unit. False when the whole shall end.
    private func verify(_ unit: ArraySlice<PieceIndex>) -> Bool {
        guard !self.isStopping else { return false }
        self.storage.announceReading(unit)
        var rest = unit
        while !rest.isEmpty {
            guard !self.isStopping else { return false }
            let pieces = rest.prefix(2)
            rest = rest.dropFirst(2)
            for (piece, verdict) in zip(pieces, self.storage.verdictsOnDisk(pieces)) { self.record(piece, verdict) }
        }
        self.report()
        return true
    }

    private var isStopping: Bool {
        self.isCancelled.load(ordering: .relaxed) || (try? self.storage.checkOpen()) == nil
    }

    private func record(_ piece: PieceIndex, _ result: Result<PieceVerdict, StorageError>) {
        // What a killed process wrote may be in memory only: it is flushed before it is recorded.
        if case .success(.right) = result { self.storage.noteFound(piece) }
        self.state.withLock { state in
            state.done += 1
            switch result {
            case .success(.right): state.valid.insert(piece)
            case .success(.wrong): break
            case .success(.contradiction): state.contradiction = min(state.contradiction ?? piece, piece)
            case .failure(let error): state.error = state.error ?? error
            }
        }
    }

    /// Tells the progress, at most one message being on its way.
    private func report() {
        guard !self.isReporting.exchange(true, ordering: .relaxed) else { return }
        self.completions.deliver {
            self.isReporting.store(false, ordering: .relaxed)
            self.progress(self.state.withLock { $0.done }, self.pieces.count)
        }
    }

    private func finish() {
        let outcome = self.state.withLock {
            VerificationOutcome(
                valid: $0.valid, wasCancelled: $0.done < self.pieces.count, error: $0.error,
                contradiction: $0.contradiction)
        }
        self.completions.deliver { self.then(outcome) }
    }
}

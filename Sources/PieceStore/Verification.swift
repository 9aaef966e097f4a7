// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization

/// A verification that is going on: reads chosen pieces from disk and compares their hashes, on all of the store's
/// threads, in small units behind everything prompt.
package final class Verification: Sendable {
    /// Bytes of payload in one unit: what a peer's read may have to wait for.
    private static let unitLength = 4 << 20

    private struct State {
        var nextUnit = 0
        var running = 0
        var valid: Bitfield
        var done = 0
        var error: StorageError?
    }

    private let storage: TorrentStorage
    /// Pieces of each unit: neighbours.
    private let units: [Range<Int>]
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
        let perUnit = max(1, Self.unitLength / Int(storage.geometry.pieceLength))
        self.units = stride(from: 0, to: pieces.count, by: perUnit).map { $0..<min($0 + perUnit, pieces.count) }
        self.state = Mutex(State(valid: Bitfield(count: count)))
        self.completions = completions
        self.progress = progress
        self.then = then
    }

    /// Stops soon; `then` is still called, with what was found so far.
    package func cancel() { self.isCancelled.store(true, ordering: .relaxed) }

    /// Queues as many runners as there are threads; each does a unit and queues itself again at the end, so that
    /// verifications of several torrents take turns.
    func start() {
        // Files may have been replaced behind our back: that is what a verification is for.
        self.storage.store.openFiles.removeAll(of: self.storage.number)
        let runners = max(1, min(self.storage.store.parallelism, self.units.count))
        self.state.withLock { $0.running = runners }
        for _ in 0..<runners { self.step() }
    }

    private func step() {
        self.storage.enqueue(.bulk) { if self.runUnit() { self.step() } else { self.endRunner() } }
    }

    /// Does one unit. False when there is none left.
    private func runUnit() -> Bool {
        guard !self.isCancelled.load(ordering: .relaxed), !self.isStorageClosed else { return false }
        let unit = self.state.withLock { state -> Range<Int>? in
            guard state.nextUnit < self.units.count else { return nil }
            defer { state.nextUnit += 1 }
            return self.units[state.nextUnit]
        }
        guard let unit else { return false }
        self.storage.announceReading(self.pieces[unit])
        for piece in self.pieces[unit] {
            guard !self.isCancelled.load(ordering: .relaxed) else { return false }
            self.record(piece, Result { () throws(StorageError) in try self.storage.isValidOnDisk(piece) })
        }
        self.report()
        return true
    }

    private var isStorageClosed: Bool { (try? self.storage.checkOpen()) == nil }

    private func record(_ piece: PieceIndex, _ result: Result<Bool, StorageError>) {
        self.state.withLock { state in
            state.done += 1
            switch result {
            case .success(true): state.valid.insert(piece)
            case .success(false): break
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

    private func endRunner() {
        let outcome = self.state.withLock { state -> VerificationOutcome? in
            state.running -= 1
            guard state.running == 0 else { return nil }
            return VerificationOutcome(
                valid: state.valid, wasCancelled: state.done < self.pieces.count, error: state.error)
        }
        if let outcome { self.completions.deliver { self.then(outcome) } }
    }
}

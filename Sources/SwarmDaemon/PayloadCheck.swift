// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PieceStore
import SwarmModel

/// Hashes pieces of one torrent in turns with other torrents: after so many bytes whoever waits goes on first, so that a
/// small torrent is checked soon however many large ones are.
struct PayloadCheck: Sendable {
    let storage: TorrentStorage
    let turns: TurnQueue
    let progress: JobProgress
    /// Bytes of a turn.
    var turnLength = 64 << 20

    /// What there is of `wanted` on disk; what was found so far when the task is cancelled. Throws what the disk does, and
    /// `CancellationError` when nothing was looked at.
    func run(_ wanted: Bitfield, on loop: any EventLoop) async throws -> VerificationOutcome {
        var pieces: [PieceIndex] = []
        wanted.forEachSet { pieces.append($0) }
        let total = pieces.count
        let perTurn = max(1, self.turnLength / Int(self.storage.geometry.pieceLength))
        var valid = Bitfield(count: wanted.count)
        var contradiction: PieceIndex?
        func outcome(wasCancelled: Bool) -> VerificationOutcome {
            VerificationOutcome(valid: valid, wasCancelled: wasCancelled, contradiction: contradiction)
        }
        var turn = try await self.takeTurn()
        defer { turn.end() }
        for start in stride(from: 0, to: total, by: perTurn) {
            if start > 0, self.turns.counts.waiting > 0 {
                self.progress.isWaiting = true
                turn.end()
                do {
                    turn = try await self.takeTurn(again: true)
                } catch {
                    return outcome(wasCancelled: true)
                }
            }
            let portion = pieces[start..<min(start + perTurn, total)]
            let found = try await self.verify(portion, of: wanted.count, on: loop) {
                self.note($0 + start, total)
            }
            valid.formUnion(found.valid)
            contradiction = contradiction ?? found.contradiction
            if found.wasCancelled { return outcome(wasCancelled: true) }
        }
        return outcome(wasCancelled: false)
    }

    private func takeTurn(again: Bool = false) async throws(CancellationError) -> TurnQueue.Turn {
        self.progress.isWaiting = true
        defer { self.progress.isWaiting = false }
        return try await self.turns.take(again: again)
    }

    private func verify(
        _ portion: ArraySlice<PieceIndex>, of count: Int, on loop: any EventLoop,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws -> VerificationOutcome {
        var wanted = Bitfield(count: count)
        for piece in portion { wanted.insert(piece) }
        return try await self.storage.verify(wanted, on: loop) { done, _ in progress(done) }
    }

    private func note(_ done: Int, _ total: Int) {
        let length = UInt64(self.storage.geometry.pieceLength)
        self.progress.set(done: UInt64(done) * length, total: UInt64(total) * length)
    }
}

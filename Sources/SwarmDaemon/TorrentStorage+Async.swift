// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PieceStore
import SwarmModel
import Synchronization

/// The directory waits for storage jobs as for anything else; block traffic never comes this way.
extension TorrentStorage {
    func prepare(on loop: any EventLoop) async throws {
        try await withCheckedThrowingContinuation { continuation in
            self.prepare(on: loop) { continuation.resume(with: $0) }
        }
    }

    func settle(_ remembered: String?, _ have: Bitfield, accepting: Bool = false, on loop: any EventLoop) async throws
        -> String
    {
        try await withCheckedThrowingContinuation { continuation in
            self.settle(remembered, have, accepting: accepting, on: loop) { continuation.resume(with: $0) }
        }
    }

    func quickCheck(_ have: Bitfield, on loop: any EventLoop) async throws -> Bitfield {
        try await withCheckedThrowingContinuation { continuation in
            self.quickCheck(have, on: loop) { continuation.resume(with: $0) }
        }
    }

    func synchronise(on loop: any EventLoop) async throws {
        try await withCheckedThrowingContinuation { continuation in
            self.synchronise(on: loop) { continuation.resume(with: $0) }
        }
    }

    func moveData(
        to target: String, resuming: Bool, on loop: any EventLoop, _ progress: JobProgress
    ) async throws(PayloadMove.Failure) {
        let result = await withCheckedContinuation { continuation in
            self.moveData(to: target, resuming: resuming, on: loop) { done, total in
                progress.set(done: done, total: total)
                return !progress.isCancelled
            } then: {
                continuation.resume(returning: $0)
            }
        }
        try result.get()
    }

    func removeData(on loop: any EventLoop) async throws {
        try await withCheckedThrowingContinuation { continuation in
            self.removeData(on: loop) { continuation.resume(with: $0) }
        }
    }

    /// What there is of `wanted` on disk; what was found so far when the task is cancelled. Throws what the disk does.
    func verify(
        _ wanted: Bitfield, on loop: any EventLoop, progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> VerificationOutcome {
        let running = Mutex<Verification?>(nil)
        return try await withTaskCancellationHandler {
            let outcome = await withCheckedContinuation { continuation in
                let verification = self.verify(wanted, on: loop, progress: progress) {
                    continuation.resume(returning: $0)
                }
                running.withLock { $0 = verification }
                if Task.isCancelled { verification.cancel() }
            }
            if let error = outcome.error { throw error }
            return outcome
        } onCancel: {
            running.withLock { $0?.cancel() }
        }
    }
}

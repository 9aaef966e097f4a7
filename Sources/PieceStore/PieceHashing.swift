// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// Hashes complete pieces on the store's threads, two at a time where they come fast.
///
/// A pair costs little more than a single one (`PairedSHA1`). So a piece that follows its forerunner closely waits for the
/// next one, of whichever torrent; one that comes at leisure is hashed at once, and none waits longer than `patience`.
final class PieceHashing: Sendable {
    /// A whole piece, and whom to tell its digest, on a store thread.
    struct Job: Sendable {
        let buffer: PieceBuffer
        let then: @Sendable (PieceDigest) -> Void
    }

    /// How close pieces must follow each other to be brought together.
    static let patience = TimeAmount.milliseconds(8)

    private struct State {
        var waiting: Job?
        /// Counts those that had to wait, so that a deadline that comes late does not hurry the next one.
        var ticket = 0
        var lastArrival: NIODeadline?
    }

    /// What an arrival leads to.
    private enum Decision {
        case run([Job])
        case wait(ticket: Int)
    }

    private let queue: JobQueue
    private let statistics: StoreStatistics
    private let state = Mutex(State())

    init(queue: JobQueue, statistics: StoreStatistics) {
        self.queue = queue
        self.statistics = statistics
    }

    /// Takes a piece. `loop` keeps the deadline should it have to wait.
    func submit(_ job: Job, on loop: any EventLoop) {
        switch self.decide(job, now: .now()) {
        case .run(let jobs): self.run(jobs)
        case .wait(let ticket): loop.scheduleTask(in: Self.patience) { self.expire(ticket) }
        }
    }

    private func decide(_ job: Job, now: NIODeadline) -> Decision {
        guard PairedSHA1.isAvailable else { return .run([job]) }
        return self.state.withLock { state in
            let isClose = state.lastArrival.map { now - $0 < Self.patience } ?? false
            state.lastArrival = now
            if let other = state.waiting.take() { return .run([other, job]) }
            guard isClose else { return .run([job]) }
            state.waiting = job
            state.ticket += 1
            return .wait(ticket: state.ticket)
        }
    }

    private func expire(_ ticket: Int) {
        let job = self.state.withLock { $0.ticket == ticket ? $0.waiting.take() : nil }
        if let job { self.run([job]) }
    }

    private func run(_ jobs: [Job]) {
        if jobs.count == 2, jobs[0].buffer.length == jobs[1].buffer.length {
            self.queue.submit(.prompt) { self.hash(jobs[0], jobs[1]) }
        } else {
            for job in jobs { self.queue.submit(.prompt) { self.hash(job) } }
        }
    }

    private func hash(_ job: Job) {
        self.statistics.hashed.add(job.buffer.length, ordering: .relaxed)
        job.then(job.buffer.withUnsafeBytes { PieceDigest(of: $0) })
    }

    private func hash(_ first: Job, _ second: Job) {
        self.statistics.hashed.add(first.buffer.length + second.buffer.length, ordering: .relaxed)
        let digests = first.buffer.withUnsafeBytes { one in
            second.buffer.withUnsafeBytes { two in PairedSHA1().finalize(one, two) }
        }
        first.then(digests.first)
        second.then(digests.second)
    }
}

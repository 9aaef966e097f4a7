// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel

/// Long operations that were asked for over the control socket: how far each is, and how it ended.
package actor JobBoard {
    /// Ended jobs that are remembered.
    static let remembered = 200
    /// Jobs that may run at once; one more is refused.
    static let runningLimit = 64

    private var jobs: [Int: JobStatus] = [:]
    private(set) var tasks: [Int: Task<Void, Never>] = [:]
    private var progress: [Int: JobProgress] = [:]
    private var order: [Int] = []
    private var nextNumber = 1

    /// An empty board.
    package init() {}

    /// Starts `body` as a job. What it throws becomes the job's error; the status it returns names the torrent.
    func start(
        _ kind: JobKind, name: String?,
        _ body: @escaping @Sendable (JobProgress) async throws -> TorrentReference?
    ) throws(ControlError) -> JobReference {
        guard self.tasks.count < Self.runningLimit else {
            throw ControlError(.busy, "\(Self.runningLimit) long operations are running; wait for one to end")
        }
        let number = self.nextNumber
        self.nextNumber += 1
        let progress = JobProgress()
        self.jobs[number] = JobStatus(job: number, kind: kind, state: .running, done: 0, total: 0, name: name)
        self.progress[number] = progress
        self.order.append(number)
        self.tasks[number] = Task {
            do {
                self.finish(number, .done, torrent: try await body(progress), error: nil)
            } catch is CancellationError {
                self.finish(
                    number, .cancelled, torrent: nil, error: ControlError(.cancelled, "the operation was cancelled"))
            } catch {
                self.finish(number, .failed, torrent: nil, error: ControlError(describing: error))
            }
        }
        return JobReference(job: number)
    }

    /// How far a job is. Throws `notFound` for a number that was never given or is forgotten.
    func status(_ number: Int) throws(ControlError) -> JobStatus {
        guard var status = self.jobs[number] else {
            throw ControlError(.notFound, "there is no job \(number); ended jobs are forgotten after a while")
        }
        if let progress = self.progress[number] {
            status.done = progress.done
            status.total = progress.total
            status.good = progress.found?.good
            status.lost = progress.found?.lost
        }
        return status
    }

    /// Asks a job to stop; one that has ended stays as it is.
    func cancel(_ number: Int) throws(ControlError) -> JobStatus {
        self.tasks[number]?.cancel()
        return try self.status(number)
    }

    /// Asks every job to stop and waits until all have.
    func cancelAll() async {
        let tasks = Array(self.tasks.values)
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    private func finish(_ number: Int, _ state: JobState, torrent: TorrentReference?, error: ControlError?) {
        guard var status = try? self.status(number) else { return }
        status.state = state
        status.error = error
        if let torrent {
            status.infoHash = torrent.infoHash
            status.name = torrent.name
        }
        self.jobs[number] = status
        self.tasks[number] = nil
        self.progress[number] = nil
        while self.order.count - self.tasks.count > Self.remembered, let oldest = self.order.first,
            self.tasks[oldest] == nil
        {
            self.order.removeFirst()
            self.jobs[oldest] = nil
        }
    }
}

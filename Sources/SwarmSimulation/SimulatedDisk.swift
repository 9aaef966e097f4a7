// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A node's disk: jobs in order, one at a time.
struct SimulatedDisk {
    enum Job {
        /// Hash a piece and write it; `isFalse` when it will not match.
        case write(PieceIndex, isFalse: Bool)
        /// Read a block that the peer in the connection waits for.
        case read(BlockRange, SimulatedConnection)
    }

    var profile: DiskProfile
    private(set) var usedBytes: UInt64 = 0
    private var jobs = Queue<Job>()

    init(_ profile: DiskProfile) {
        self.profile = profile
    }

    /// Adds a job. Whether the disk was idle, so that its end is to be waited for.
    mutating func add(_ job: Job) -> Bool {
        self.jobs.append(job)
        return self.jobs.count == 1
    }

    /// The oldest job is done.
    mutating func finish() -> Job? { self.jobs.popFirst() }

    /// How long the oldest job takes; nil when there is none.
    func time(in geometry: TorrentGeometry) -> Interval? {
        switch self.jobs.first {
        case .write(let piece, _): self.time(of: geometry.length(of: piece), at: self.profile.writeRate)
        case .read(let block, _): self.time(of: block.length, at: self.profile.readRate ?? .infinity)
        case nil: nil
        }
    }

    /// Whether so many bytes more fit.
    func hasRoom(for bytes: UInt32) -> Bool {
        self.usedBytes <= self.profile.capacity && self.profile.capacity - self.usedBytes >= UInt64(bytes)
    }

    /// Keeps so many bytes more; whether they fit.
    mutating func store(_ bytes: UInt32) -> Bool {
        guard self.hasRoom(for: bytes) else { return false }
        self.usedBytes += UInt64(bytes)
        return true
    }

    private func time(of bytes: UInt32, at rate: Double) -> Interval {
        self.profile.latency + Interval(nanoseconds: Int64(Double(bytes) / rate * 1e9))
    }
}

// SPDX-License-Identifier: Apache-2.0

package import ControlWire

/// Whether `--wait` has something to wait for yet.
package enum WaitVerdict: Equatable, Sendable {
    /// Not complete, but it may become so.
    case waiting
    /// Complete.
    case complete
    /// It will not become so by itself, and why.
    case failed(String)

    /// Judges a torrent.
    package init(_ torrent: TorrentSummary) {
        switch torrent.state {
        case .seeding: self = .complete
        case .paused where torrent.size > 0 && torrent.progress >= 1: self = .complete
        case .suspended: self = .failed(torrent.error ?? "the torrent is suspended")
        case .checking, .metadata, .downloading, .paused, .queued:
            self = torrent.error.map(WaitVerdict.failed) ?? .waiting
        }
    }

    /// Judges a job.
    package init(_ job: JobStatus) {
        switch job.state {
        case .running: self = .waiting
        case .done: self = .complete
        case .failed: self = .failed(job.error?.message ?? "the operation failed")
        case .cancelled: self = .failed("the operation was cancelled")
        }
    }
}

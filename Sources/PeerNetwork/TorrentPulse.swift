// SPDX-License-Identifier: Apache-2.0

/// What sums over very many torrents need of each: without a string, so that a copy costs no counting of references.
package struct TorrentPulse: Sendable {
    /// What it is doing.
    package let phase: TorrentPhase
    /// Connections past their handshake.
    package let peers: Int
    /// Bytes a second, payload.
    package let downloadRate: Double
    /// Bytes a second, payload.
    package let uploadRate: Double
    /// Payload bytes received since the daemon started.
    package let downloaded: UInt64
    /// Payload bytes sent since the daemon started.
    package let uploaded: UInt64

    /// Takes the figures as they are.
    package init(phase: TorrentPhase, peers: Int, downloadRate: Double, uploadRate: Double) {
        self.phase = phase
        self.peers = peers
        self.downloadRate = downloadRate
        self.uploadRate = uploadRate
        self.downloaded = 0
        self.uploaded = 0
    }

    init(_ status: borrowing TorrentStatus) {
        self.phase = status.phase
        self.peers = status.peers
        self.downloadRate = status.downloadRate
        self.uploadRate = status.uploadRate
        self.downloaded = status.downloaded
        self.uploaded = status.uploaded
    }
}

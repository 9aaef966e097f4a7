// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

/// What is wanted may change while a torrent runs.
extension TorrentLoop {
    /// Takes in how much each piece matters; empty for all alike. What has come stays, what is under way is finished.
    func prioritise(_ priorities: [UInt8]) {
        guard self.phase != .metadata else { return }
        for index in 0..<self.geometry.pieceCount {
            let priority = index < priorities.count ? PiecePriority(priorities[index]) : .normal
            self.swarm.setPriority(PieceIndex(index), priority)
        }
        let now = self.now
        if self.phase == .downloading, self.swarm.isFinished {
            self.completed(at: now)
        } else if self.phase == .seeding, !self.swarm.isFinished {
            self.phase = .downloading
            self.wake()
            self.tellUploadOnly()
        }
        for connection in Array(self.connections.values) {
            self.updateInterest(in: connection, at: now)
            self.flush(connection)
        }
        self.askIdlePeers(at: now)
        self.dial(at: now)
        self.publish(at: now)
    }

    /// Tells all peers whether we want anything yet (BEP 21).
    func tellUploadOnly() {
        for connection in self.connections.values {
            connection.session.setUploadOnly(self.isFinished && self.superSeed == nil)
        }
    }
}

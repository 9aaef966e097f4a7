// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import SwarmModel
import Swarming

/// What is wanted may change while a torrent runs.
extension TorrentLoop {
    /// Pieces that are looked at in one turn of the loop. Each that changes costs two calls of the picker.
    private static let piecesPerTurn = 8_192

    /// Takes in how much each piece matters; empty for all alike. What has come stays, what is under way is finished. A large
    /// torrent takes several turns of the loop, so that nothing else waits for it; another change meanwhile begins anew.
    func prioritise(_ priorities: [UInt8]) {
        guard self.phase != .metadata else { return }
        let isUnderWay = self.selecting != nil
        self.selecting = (priorities, 0)
        if !isUnderWay { self.selectSome() }
    }

    private func selectSome() {
        guard let (priorities, first) = self.selecting else { return }
        guard self.phase != .stopped else {
            self.selecting = nil
            return
        }
        let end = min(first + Self.piecesPerTurn, self.geometry.pieceCount)
        if first < end {
            self.swarm.setPriorities(
                from: PieceIndex(first),
                (first..<end).map { $0 < priorities.count ? PiecePriority(priorities[$0]) : .normal })
        }
        guard end < self.geometry.pieceCount else {
            self.selecting = nil
            return self.finishSelecting()
        }
        self.selecting = (priorities, end)
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.loop.execute { bound.value.selectSome() }
    }

    private func finishSelecting() {
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

// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PieceStore
import SwarmModel
import Swarming

/// Finds out who sent the wrong blocks of a piece that came from several and has no hash tree, by comparing it with what it
/// is in the end.
extension TorrentLoop {
    /// Who sent each block of a complete piece.
    func senders(of piece: PieceIndex) -> [SuspectPiece.Sender?] {
        self.swarm.senders(of: piece).map { slot in
            guard let slot else { return nil }
            if let peer = self.peers[slot] { return .peer(peer.endpoint) }
            return self.webSeed(at: slot).map { .webSeed($0.url) }
        }
    }

    /// One of these has sent something wrong.
    func suspect(_ senders: [SuspectPiece.Sender?], of piece: PieceIndex, _ buffer: PieceBuffer) {
        guard senders.contains(where: { $0 != nil }) else { return }
        guard self.suspects[piece] != nil || self.suspects.count < SuspectPiece.pieceLimit else { return }
        let number = self.suspects[piece]?.attempts.count ?? 0
        guard number < SuspectPiece.attemptLimit else { return }
        self.suspects[piece, default: SuspectPiece()].attempts.append(
            SuspectPiece.Attempt(number: number, senders: senders))
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.storage.blockHashes(of: buffer, on: self.loop) { leaves in
            bound.value.suspects[piece]?.attempts[number].leaves = leaves
            bound.value.compare(piece)
        }
    }

    /// A piece is here, and right.
    func clearUp(_ piece: PieceIndex, right buffer: PieceBuffer) {
        guard !self.suspects.isEmpty, self.suspects[piece] != nil else { return }
        self.suspects[piece]?.right = buffer
        self.compare(piece)
    }

    private func compare(_ piece: PieceIndex) {
        guard let suspect = self.suspects[piece], let right = suspect.right,
            suspect.attempts.allSatisfy({ $0.leaves != nil })
        else { return }
        self.suspects[piece] = nil
        for attempt in suspect.attempts {
            let bound = NIOLoopBound((torrent: self, senders: attempt.senders), eventLoop: self.loop)
            self.storage.wrongBlocks(
                of: right, leaves: attempt.leaves ?? [], length: right.length, on: self.loop
            ) { blocks in
                let (torrent, senders) = bound.value
                torrent.blame(Set(blocks.compactMap { $0 < senders.count ? senders[$0] : nil }), for: piece)
            }
        }
    }

    private func blame(_ culprits: Set<SuspectPiece.Sender>, for piece: PieceIndex) {
        guard self.phase != .stopped else { return }
        let now = self.now
        for culprit in culprits {
            switch culprit {
            case .peer(let endpoint):
                guard self.services.bans.blame(endpoint.address, points: BanList.limit, at: now) else { continue }
                self.ban(endpoint, reason: "sent blocks of piece \(piece) that are not what the piece turned out to be")
            case .webSeed(let url):
                guard let seed = self.webSeeds.first(where: { $0.url == url }), seed.standing.dropReason == nil else {
                    continue
                }
                self.drop(
                    seed, because: "it sent blocks of piece \(piece) that are not what it turned out to be", at: now)
            }
        }
    }
}

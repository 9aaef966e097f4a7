// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import PieceStore
import SwarmModel
import Swarming

/// Finds out which blocks of a wrong piece are wrong, holds their senders responsible and nobody else, and has them alone
/// fetched again (BEP 52).
extension TorrentLoop {
    /// Pieces that are tried at a time; their buffers are held for it.
    private static let trialLimit = 16

    /// A piece did not match its hash.
    func hashFailed(_ piece: PieceIndex, _ buffer: PieceBuffer, at now: Instant) {
        guard self.hashTrees.source != nil, self.trials.count < Self.trialLimit,
            self.geometry.blockCount(of: piece) > 1,
            self.nextWitness(of: piece, after: []) != nil
        else { return self.pieceFailed(piece, buffer, at: now) }
        self.hashTrees.use(at: now) { trees in self.tryPiece(piece, buffer, trees, at: now) }
    }

    private func tryPiece(_ piece: PieceIndex, _ buffer: PieceBuffer, _ trees: HashTrees?, at now: Instant) {
        guard self.phase != .stopped, self.trials[piece] == nil, self.swarm.openEntry(of: piece) != nil else { return }
        let ranges = trees?.leafRanges(of: piece) ?? []
        guard !ranges.isEmpty, let target = trees?.target(of: piece) else {
            return self.pieceFailed(piece, buffer, at: now)
        }
        let senders = self.swarm.senders(of: piece).map { $0.flatMap { self.peers[$0]?.endpoint } }
        self.trials[piece] = PieceTrial(
            piece: piece, buffer: buffer, senders: senders, hash: target.hash, length: target.length, ranges: ranges,
            leaves: ranges.map { _ in nil }, askedAt: now)
        self.wake()
        self.callWitnesses(for: piece, at: now)
    }

    /// Asks the next peers for the hashes that are missing; gives the piece up when there are none and none may answer.
    private func callWitnesses(for piece: PieceIndex, at now: Instant) {
        guard var trial = self.trials[piece], !trial.isProved else { return }
        for _ in 0..<PieceTrial.witnesses where trial.asked.count < PieceTrial.witnessLimit {
            guard let slot = self.nextWitness(of: piece, after: trial.asked), let connection = self.peers[slot] else {
                break
            }
            trial.askedAt = now
            trial.asked.append(slot)
            trial.awaited.append(slot)
            for (range, leaves) in zip(trial.ranges, trial.leaves) where leaves == nil {
                if self.questions.count >= PieceTrial.questionLimit { self.questions.removeFirst() }
                self.questions.append(PieceTrial.Question(witness: slot, range: range, piece: piece))
                connection.session.requestHashes(range)
            }
            self.flush(connection)
        }
        self.trials[piece] = trial
        guard trial.awaited.isEmpty || now - trial.askedAt >= PieceTrial.patience else { return }
        self.trials[piece] = nil
        self.pieceFailed(piece, trial.buffer, at: now)
    }

    /// A peer that has the piece and reads hash requests: rather one that had no hand in it. Never the only one who had.
    private func nextWitness(of piece: PieceIndex, after asked: [PeerSlot]) -> PeerSlot? {
        let senders = Set(self.swarm.senders(of: piece))
        let able = self.peers.indices.filter { slot in
            guard let connection = self.peers[slot], !connection.isClosed, connection.session.usesV2 else {
                return false
            }
            return connection.session.remotePieces[piece] && !asked.contains(slot)
                && !self.swarm.isSoleSender(slot, of: piece)
        }
        return able.first { !senders.contains($0) } ?? able.first
    }

    /// Hashes came; whether they were asked for a trial, perhaps one that is over.
    func leavesReceived(
        _ range: HashRange, _ hashes: [UInt8], from connection: PeerConnection, at now: Instant
    ) -> Bool {
        guard let question = self.takeQuestion(range, to: connection) else { return false }
        guard let trial = self.trials[question.piece], !trial.isProved else { return true }
        let bound = NIOLoopBound((self, connection), eventLoop: self.loop)
        self.services.store.compute(on: self.loop) {
            HashProof.leads(range, hashes, to: trial.hash)
        } then: { isRight in
            let (torrent, connection) = bound.value
            torrent.judgeLeaves(question, hashes, isRight: isRight, from: connection)
        }
        return true
    }

    /// Hashes were refused; whether they were asked for a trial.
    func leavesRejected(_ range: HashRange, by connection: PeerConnection, at now: Instant) -> Bool {
        guard let question = self.takeQuestion(range, to: connection) else { return false }
        self.dismiss(question.witness, of: question.piece, at: now)
        return true
    }

    /// Goes on with the trials whose witnesses say nothing or are gone.
    func reviewTrials(at now: Instant) {
        for trial in Array(self.trials.values) {
            guard trial.awaited.isEmpty || now - trial.askedAt >= PieceTrial.patience else { continue }
            self.callWitnesses(for: trial.piece, at: now)
        }
    }

    /// A peer is gone: its number may be another's soon. The next review asks others.
    func witnessLeft(_ slot: PeerSlot) {
        self.questions.removeAll { $0.witness == slot }
        for piece in self.trials.keys {
            self.trials[piece]?.awaited.removeAll { $0 == slot }
            // Whoever comes under this number has not been asked.
            self.trials[piece]?.asked.removeAll { $0 == slot }
        }
    }

    private func takeQuestion(_ range: HashRange, to connection: PeerConnection) -> PieceTrial.Question? {
        guard range.layer == 0, let slot = connection.slot,
            let place = self.questions.firstIndex(where: { $0.witness == slot && $0.range == range })
        else { return nil }
        return self.questions.remove(at: place)
    }

    /// A witness is of no use for a piece.
    private func dismiss(_ witness: PeerSlot, of piece: PieceIndex, at now: Instant) {
        self.trials[piece]?.awaited.removeAll { $0 == witness }
        guard self.trials[piece]?.awaited.isEmpty == true else { return }
        self.callWitnesses(for: piece, at: now)
    }

    private func judgeLeaves(
        _ question: PieceTrial.Question, _ hashes: [UInt8], isRight: Bool, from connection: PeerConnection
    ) {
        let (piece, range, now) = (question.piece, question.range, self.now)
        if !isRight { self.punish(connection, for: connection.session.judge(.wrongHashes), at: now) }
        guard self.phase != .stopped, let trial = self.trials[piece], !trial.isProved else { return }
        guard isRight, let index = trial.ranges.firstIndex(of: range) else {
            return self.dismiss(question.witness, of: piece, at: now)
        }
        self.trials[piece]?.leaves[index] = Array(hashes.prefix(Int(range.count) * HashRange.hashLength))
        guard let proved = self.trials[piece], proved.isProved else { return }
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        let leaves = proved.leaves.flatMap { $0 ?? [] }
        self.storage.wrongBlocks(of: trial.buffer, leaves: leaves, length: trial.length, on: self.loop) { blocks in
            bound.value.convict(piece, blocks)
        }
    }

    /// It is known which blocks are wrong.
    private func convict(_ piece: PieceIndex, _ blocks: [Int]) {
        guard self.phase != .stopped, let trial = self.trials.removeValue(forKey: piece) else { return }
        let now = self.now
        // What is not hashed by block is padding: then the whole piece must be fetched anew.
        guard let entry = self.swarm.openEntry(of: piece), self.swarm.blocksFailed(blocks, of: piece) else {
            return self.pieceFailed(piece, trial.buffer, at: now)
        }
        while self.buffers.count <= entry { self.buffers.append(nil) }
        self.buffers[entry] = trial.buffer
        self.arriving += 1
        self.hashFailures += 1
        self.compressedIfAny?.remove(piece)
        for block in blocks { self.wasted += UInt64(self.geometry.block(block, of: piece).length) }
        let culprits = Set(blocks.compactMap { $0 < trial.senders.count ? trial.senders[$0] : nil })
        self.observer.torrent(self.infoHash, hashFailedFor: piece, culprits: Array(culprits))
        for culprit in culprits where self.services.bans.blame(culprit.address, points: BanList.limit, at: now) {
            self.ban(culprit, reason: "sent blocks that do not match the hashes of piece \(piece)")
        }
        self.askIdlePeersSoon()
    }
}

// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import PieceStore
import SwarmModel
import Swarming

extension TorrentLoop {
    /// Copies payload to its place; drops it when it is not wanted there any more (an endgame duplicate).
    func store(
        _ bytes: UnsafeRawBufferPointer, in piece: PieceIndex, at begin: UInt32, from slot: Int?
    ) {
        self.downloadMeter.add(bytes.count)
        self.traffic.received += UInt64(bytes.count)
        self.traffic.receivedWire += UInt64(bytes.count)
        let block = self.geometry.block(Int(begin / TorrentGeometry.blockLength), of: piece)
        guard let slot else { return self.wasted += UInt64(bytes.count) }
        switch self.swarm.place(of: block, from: slot, isFirst: begin == block.begin) {
        case .buffer(let entry):
            guard entry < self.buffers.count, let buffer = self.buffers[entry] else { break }
            return buffer.copy(from: bytes, at: Int(begin))
        case .aside:
            if begin == block.begin { self.asides[slot] = AsideBlock(block) }
            if self.asides[slot]?.append(bytes, of: block, at: begin) == true { return }
        case .nowhere: break
        }
        self.wasted += UInt64(bytes.count)
    }

    /// Whether the bytes of a block that is through are in the buffer, all from `slot`. A copy that was kept aside is put there.
    private func settle(_ block: BlockRange, from slot: Int) -> Bool {
        let aside = self.asides.isEmpty ? nil : self.asides.removeValue(forKey: slot)
        guard !self.swarm.isWriter(slot, of: block) else { return true }
        guard let entry = self.swarm.acceptsPayload(slot, block) else {
            self.wasted += UInt64(aside?.bytes.count ?? 0)
            // The swarm says what it is.
            return true
        }
        guard let aside, aside.block == block, aside.isWhole, entry < self.buffers.count,
            let buffer = self.buffers[entry], self.swarm.claim(block, for: slot)
        else { return false }
        aside.bytes.withUnsafeBytes { buffer.copy(from: $0, at: Int(block.begin)) }
        return true
    }

    /// A whole block is here.
    func blockReceived(_ block: BlockRange, from slot: Int?, at now: Instant) {
        guard let slot else { return }
        guard self.settle(block, from: slot) else {
            // Its beginning was not wanted yet.
            self.swarm.blockLost(from: slot, block)
            self.hasFreedBlocks = true
            return
        }
        self.cancels.removeAll(keepingCapacity: true)
        switch self.swarm.blockReceived(from: slot, block, at: now, cancels: &self.cancels) {
        case .accepted, .duplicate, .unwanted: break
        case .completesPiece: self.finish(block.piece)
        }
        for cancel in self.cancels {
            guard let other = self.peers[cancel.slot] else { continue }
            other.session.cancel(cancel.block)
            self.flush(other)
        }
    }

    /// Hands a complete piece to the store, which hashes and writes it.
    private func finish(_ piece: PieceIndex) {
        guard let entry = self.swarm.openEntry(of: piece), let buffer = self.buffers[entry] else { return }
        self.buffers[entry] = nil
        self.arriving -= 1
        self.write(piece, buffer)
    }

    func write(_ piece: PieceIndex, _ buffer: PieceBuffer) {
        self.writing += 1
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.storage.complete(piece, buffer, on: self.loop) { piece, outcome in
            bound.value.finished(piece, buffer, outcome)
        }
    }

    private func finished(_ piece: PieceIndex, _ buffer: PieceBuffer, _ outcome: PieceOutcome) {
        self.writing -= 1
        guard self.phase != .stopped else { return self.finishedLate(piece, outcome) }
        let now = self.now
        switch outcome {
        case .stored:
            self.stored(piece, at: now)
            self.clearUp(piece, right: buffer)
        case .hashMismatch: self.hashFailed(piece, buffer, at: now)
        // Not opened again: no peer could send what is right.
        case .contradiction: self.observer.torrent(self.infoHash, contradictsItselfIn: piece)
        case .failed(let error):
            self.unwritten.append((piece, buffer))
            if self.trial == piece { self.trial = nil }
            self.suspend(because: error, at: now)
        }
        self.askIdlePeersSoon()
    }

    /// The torrent was stopped while the piece was being written: it counts all the same.
    private func finishedLate(_ piece: PieceIndex, _ outcome: PieceOutcome) {
        if outcome == .stored {
            self.swarm.pieceVerified(piece, at: self.now)
            self.unsynchronised.append(piece)
        }
        self.finishStopping()
    }

    private func stored(_ piece: PieceIndex, at now: Instant) {
        self.swarm.pieceVerified(piece, at: now)
        self.unsynchronised.append(piece)
        if self.synchroniseAt == nil { self.synchroniseAt = now + self.services.limits.current.syncInterval }
        if self.trial == piece { self.recovered(at: now) }
        for connection in Array(self.connections.values) {
            connection.session.announceHave(piece)
            self.updateInterest(in: connection, at: now)
        }
        // Half a selection says nothing.
        if self.swarm.isFinished, self.phase == .downloading, self.selecting == nil { self.completed(at: now) }
    }

    func completed(at now: Instant) {
        self.phase = .seeding
        self.asides = [:]
        self.restWebSeeds()
        self.tellUploadOnly()
        self.publish(at: now)
        self.observer.torrentCompleted(self.infoHash)
        self.synchronise()
    }

    /// A piece did not match its hash, and nobody can tell which of its blocks is wrong.
    func pieceFailed(_ piece: PieceIndex, _ buffer: PieceBuffer, at now: Instant) {
        self.hashFailures += 1
        self.compressedIfAny?.remove(piece)
        self.wasted += UInt64(self.geometry.length(of: piece))
        let senders = self.senders(of: piece)
        let failure = self.swarm.pieceFailed(piece)
        if failure.culprit == nil { self.suspect(senders, of: piece, buffer) }
        let contributors = failure.contributors.compactMap { self.peers[$0] }
        let webSeed = failure.culprit.flatMap { self.webSeed(at: $0) }
        self.observer.torrent(self.infoHash, hashFailedFor: piece, culprits: contributors.map(\.endpoint))
        if let webSeed {
            return self.drop(webSeed, because: "it sent data that does not match the hash of piece \(piece)", at: now)
        }
        // Only who sent the whole piece is surely to blame; Swarm fetches the next copy from one peer alone, so that a
        // second failure has a culprit.
        guard let culprit = failure.culprit.flatMap({ self.peers[$0] }),
            self.services.bans.blame(culprit.endpoint.address, points: BanList.limit, at: now)
        else { return }
        self.ban(culprit.endpoint, reason: "sent data that does not match the hash of piece \(piece)")
    }
}

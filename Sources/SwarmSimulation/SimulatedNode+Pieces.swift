// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

extension SimulatedNode {
    /// Notes whether payload that is wanted is nonsense; counts it as wasted when it is not wanted any more.
    func store(
        _ count: Int, in piece: PieceIndex, at begin: UInt32, isFalse: Bool, from connection: SimulatedConnection
    ) {
        let block = self.geometry.block(Int(begin / TorrentGeometry.blockLength), of: piece)
        guard let slot = connection.slot, self.swarm.acceptsPayload(slot, block) != nil else {
            self.outcome.wasted += UInt64(count)
            return
        }
        if isFalse { self.falsePieces.insert(piece) }
    }

    /// A whole block is here.
    func blockReceived(_ block: BlockRange, from connection: SimulatedConnection) {
        guard let slot = connection.slot else { return }
        self.cancels.removeAll(keepingCapacity: true)
        switch self.swarm.blockReceived(from: slot, block, at: self.now, cancels: &self.cancels) {
        case .accepted, .duplicate, .unwanted: break
        case .completesPiece: self.write(block.piece, isFalse: self.falsePieces.remove(block.piece))
        }
        for cancel in self.cancels {
            guard let other = self.peers[cancel.slot] else { continue }
            other.session.cancel(cancel.block)
            self.flush(other)
        }
    }

    /// Hands a complete piece to the disk, which hashes and writes it.
    func write(_ piece: PieceIndex, isFalse: Bool) {
        if self.disk.add(.write(piece, isFalse: isFalse)) { self.awaitDisk() }
    }

    /// The disk's oldest job takes its time from now on.
    func awaitDisk() {
        guard let time = self.disk.time(in: self.geometry) else { return }
        self.simulation.schedule(.diskDone(node: Int32(self.index)), in: time)
    }

    /// The disk has done a job.
    func diskDone() {
        guard let job = self.disk.finish() else { return }
        self.awaitDisk()
        guard self.isPresent, !self.isSilent else { return }
        switch job {
        case .write(let piece, let isFalse): self.written(piece, isFalse: isFalse)
        case .read(let block, let connection):
            connection.readBlock = block
            connection.awaitsRead = false
            self.serve(connection)
            self.flush(connection)
        }
    }

    private func written(_ piece: PieceIndex, isFalse: Bool) {
        if isFalse {
            self.hashFailed(piece)
        } else if self.disk.store(self.geometry.length(of: piece)) {
            self.stored(piece)
        } else {
            self.unwritten.append((piece, isFalse))
            if self.trial == piece { self.trial = nil }
            self.suspend()
        }
        self.askIdlePeersSoon()
    }

    private func stored(_ piece: PieceIndex) {
        self.swarm.pieceVerified(piece, at: self.now)
        self.outcome.pieceTimes[piece.offset] = self.now
        if self.trial == piece { self.recovered() }
        for connection in self.connections {
            connection.session.announceHave(piece)
            self.updateInterest(in: connection)
        }
        guard self.swarm.isComplete else { return }
        self.phase = .seeding
        self.outcome.completedAt = self.now
        self.simulation.nodeCompleted(self)
    }

    private func hashFailed(_ piece: PieceIndex) {
        self.outcome.hashFailures += 1
        self.outcome.wasted += UInt64(self.geometry.length(of: piece))
        let failure = self.swarm.pieceFailed(piece)
        guard let culprit = failure.culprit.flatMap({ self.peers[$0] }) else { return }
        self.blame(culprit.remote, points: Self.banLimit)
    }
}

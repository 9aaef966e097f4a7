// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Swarming

extension SimulatedNode {
    /// Sends queued blocks while the pipe takes them and they are at hand.
    func serve(_ connection: SimulatedConnection) {
        guard !connection.isClosed, !self.isSilent, !self.withholds, !connection.awaitsRead else { return }
        while connection.outgoing.isWritable, let block = connection.session.peekUpload() {
            guard self.isAtHand(block, for: connection) else {
                connection.awaitsRead = true
                return
            }
            _ = connection.session.popUpload()
            var bytes: [UInt8] = []
            connection.session.takeOutput(into: &bytes)
            MessageWriter.piece(block, into: &bytes)
            connection.session.blockSent(block)
            let segment = Segment(bytes: bytes, payload: Int(block.length), isFalse: self.lies())
            self.simulation.write(segment, to: connection.outgoing)
        }
    }

    /// Writes what the session has to say.
    func flush(_ connection: SimulatedConnection) {
        guard !connection.isClosed, !self.isSilent, connection.session.hasOutput else { return }
        var bytes: [UInt8] = []
        connection.session.takeOutput(into: &bytes)
        self.simulation.write(Segment(bytes: bytes), to: connection.outgoing)
    }

    /// A segment has left the uplink: there may be room for a block more.
    func sent(_ segment: Segment, to connection: SimulatedConnection) {
        if segment.payload > 0 { self.countUpload(segment.payload) }
        self.serve(connection)
        self.flush(connection)
    }

    private func countUpload(_ count: Int) {
        self.outcome.uploaded += UInt64(count)
        if !self.swarm.isComplete { self.outcome.uploadedBefore += UInt64(count) }
        guard case .afterCopies(let copies) = self.profile.departure else { return }
        if Double(self.outcome.uploaded) >= copies * Double(self.geometry.totalLength) {
            self.simulation.schedule(.leave(node: Int32(self.index)), in: .zero)
        }
    }

    /// Whether the bytes need not be read first; if they do, that begins.
    private func isAtHand(_ block: BlockRange, for connection: SimulatedConnection) -> Bool {
        guard self.disk.profile.readRate != nil, connection.readBlock != block else { return true }
        if self.disk.add(.read(block, connection)) { self.awaitDisk() }
        return false
    }

    private func lies() -> Bool {
        guard case .liar(let share) = self.profile.behaviour else { return false }
        return Double(self.random.next(below: 1 << 32)) < share * Double(UInt64(1) << 32)
    }
}

// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

extension SimulatedNode {
    /// Dials at once at most.
    private static let dialsAtOnce = 16
    /// Points at which a node is refused.
    static let banLimit = 10
    /// A node whose connection has ended is left alone for so long.
    private static let dialPause = Interval.seconds(15)
    /// Time between two questions to the tracker while connections are few.
    private static let announceInterval = Interval.seconds(30)

    /// Asks the tracker for nodes and dials them, while there is room and reason to.
    func dial() {
        let target = max(1, self.profile.connectionLimit / 2)
        guard !self.swarm.isComplete || self.connections.isEmpty, self.now >= self.nextAnnounce,
            self.connections.count + self.dialCount < target
        else { return }
        self.nextAnnounce = self.now + Self.announceInterval
        var room = min(target - self.connections.count - self.dialCount, Self.dialsAtOnce * 4)
        for other in self.simulation.announce(self.index, wanted: self.profile.connectionLimit) where room > 0 {
            guard self.mayDial(other), !self.simulation.areLinked(self.index, other) else { continue }
            self.dialCount += 1
            room -= 1
            self.simulation.dial(from: self.index, to: other)
        }
    }

    /// Whether it takes a call.
    func accepts(_ other: Int) -> Bool {
        self.isPresent && !self.isSilent && !self.refuses(other)
            && self.connections.count + self.dialCount < self.profile.connectionLimit
    }

    /// Whether it has found the node out.
    func refuses(_ other: Int) -> Bool { other < self.faults.count && self.faults[other] >= Self.banLimit }

    private func mayDial(_ other: Int) -> Bool {
        !self.refuses(other) && (other >= self.dialAfter.count || self.dialAfter[other] <= self.now)
    }

    /// A dial has been answered, or has failed.
    func dialEnded() { self.dialCount -= 1 }

    /// A connection with the node begins, or is about to.
    func link(_ other: Int) { self.linked.append(other) }

    /// It has ended.
    func unlink(_ other: Int) { self.linked.removeAll { $0 == other } }

    /// A connection begins.
    func connected(to remote: Int, _ role: PeerSession.Role, through pipe: Pipe) -> SimulatedConnection {
        var settings = PeerSession.Configuration(
            role: role, infoHash: self.simulation.infoHash, localID: self.localID, geometry: self.geometry)
        settings.isUploadOnly = self.swarm.isComplete && self.superSeed == nil
        let shown = self.superSeed == nil ? self.swarm.have : Bitfield(count: self.geometry.pieceCount)
        let session = PeerSession(settings, have: shown, at: self.now)
        let connection = SimulatedConnection(remote: remote, outgoing: pipe, session: session)
        self.connections.append(connection)
        connection.session.start(at: self.now)
        self.finishWakeUp(of: connection)
        return connection
    }

    /// The handshake is done: the peer gets its number.
    func handshakeCompleted(_ connection: SimulatedConnection) {
        let slot = self.peers.firstIndex { $0 == nil } ?? self.peers.count
        if slot == self.peers.count { self.peers.append(nil) }
        self.peers[slot] = connection
        connection.slot = slot
        self.swarm.peerJoined(slot, at: self.now)
    }

    /// Ends a connection. What it owed is free for others.
    func close(_ connection: SimulatedConnection) {
        guard !connection.isClosed else { return }
        connection.isClosed = true
        self.simulation.end(connection.outgoing)
        self.forget(connection)
    }

    /// The other side has ended the connection, or the network has.
    func disconnected(_ connection: SimulatedConnection) {
        guard !connection.isClosed else { return }
        connection.isClosed = true
        connection.outgoing.kill()
        self.forget(connection)
        if self.hasFreedBlocks { self.askIdlePeersSoon() }
    }

    /// Counts a fault against a node, and ends its connection when it was one too many.
    func blame(_ other: Int, points: Int) {
        while self.faults.count <= other { self.faults.append(0) }
        let wasRefused = self.refuses(other)
        self.faults[other] += points
        guard self.refuses(other), !wasRefused else { return }
        self.outcome.banned.append(other)
        for connection in self.connections where connection.remote == other { self.close(connection) }
    }

    private func forget(_ connection: SimulatedConnection) {
        self.countDiscards(of: connection)
        self.connections.removeAll { $0 === connection }
        self.unlink(connection.remote)
        while self.dialAfter.count <= connection.remote { self.dialAfter.append(Instant(nanoseconds: 0)) }
        self.dialAfter[connection.remote] = self.now + Self.dialPause
        guard let slot = connection.slot else { return }
        connection.slot = nil
        self.peers[slot] = nil
        self.swarm.peerLeft(slot, at: self.now)
        self.superSeed?.left(slot)
        self.withdrawOffers(to: slot)
        self.hasFreedBlocks = true
    }
}

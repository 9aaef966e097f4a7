// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

extension SimulatedNode {
    /// Asks a peer for as many blocks as its window has room for.
    func request(from connection: SimulatedConnection) {
        guard self.phase == .downloading, let slot = connection.slot, connection.session.wantsRequests else { return }
        self.blocks.removeAll(keepingCapacity: true)
        self.swarm.nextBlocks(
            for: slot, limit: connection.session.requestRoom, at: self.now, into: &self.blocks)
        for block in self.blocks { connection.session.request(block, at: self.now) }
    }

    /// Asks every peer that could be asked for more; for when blocks became free.
    func askIdlePeers() {
        self.hasFreedBlocks = false
        guard self.phase == .downloading else { return }
        for connection in self.peers {
            guard let connection, !connection.isClosed else { continue }
            self.request(from: connection)
            self.flush(connection)
        }
    }

    /// Does so once what is going on now is through, however often it is called for until then.
    func askIdlePeersSoon() {
        guard !self.isRoundScheduled else { return }
        self.isRoundScheduled = true
        self.simulation.schedule(.round(node: Int32(self.index)), in: .zero)
    }

    /// That time has come.
    func runScheduledRound() {
        self.isRoundScheduled = false
        guard self.isPresent else { return }
        self.askIdlePeers()
        for connection in self.connections { self.flush(connection) }
    }

    /// Decides anew whom to serve, when that is due.
    func runChokeRound() {
        var traffic: [PeerTraffic] = []
        for (slot, connection) in self.peers.enumerated() {
            guard let connection else { continue }
            traffic.append(
                PeerTraffic(
                    slot: slot, downRate: connection.session.downloadMeter.bytesPerSecond(at: self.now),
                    upRate: connection.session.uploadMeter.bytesPerSecond(at: self.now)))
        }
        self.swarm.noteUploadRate(traffic.reduce(0) { $0 + $1.upRate }, at: self.now)
        guard self.now >= self.swarm.nextChokeRound else { return }
        self.swarm.sendsByPlan = self.sendsByPlan
        self.apply(self.swarm.chokeRound(at: self.now, traffic: traffic))
    }

    /// Tells peers that they are served from now on, or not any more.
    func apply(_ changes: [UnchokeChange]) {
        for change in changes {
            guard let connection = self.peers[change.slot] else { continue }
            // What is offered goes before the leave to ask, so that the first question is for it.
            if change.isUnchoked {
                self.offerPieces(to: connection)
            } else {
                self.withdrawOffers(to: change.slot)
            }
            connection.session.setChoking(!change.isUnchoked)
            self.flush(connection)
        }
    }
}

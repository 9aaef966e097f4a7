// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import SwarmModel
import Swarming

extension TorrentLoop {
    /// Decides anew whom to serve, when that is due.
    func runChokeRound(at now: Instant) {
        guard self.phase != .metadata else { return }
        self.swarm.noteUploadRate(self.uploadMeter.bytesPerSecond(at: now), at: now)
        guard now >= self.swarm.nextChokeRound else { return }
        self.runs.rest()
        self.swarm.configuration.uploadSlots = UploadSlots(self.services.limits.current)
        self.swarm.sendsByPlan = self.sendsByPlan
        var traffic: [PeerTraffic] = []
        for (slot, connection) in self.peers.enumerated() {
            guard let connection else { continue }
            traffic.append(
                PeerTraffic(
                    slot: slot, downRate: connection.session.downloadMeter.bytesPerSecond(at: now),
                    upRate: connection.session.uploadMeter.bytesPerSecond(at: now)))
        }
        self.apply(self.swarm.chokeRound(at: now, traffic: traffic))
    }

    /// Tells peers that they are served from now on, or not any more.
    func apply(_ changes: [UnchokeChange]) {
        for change in changes {
            guard let connection = self.peers[change.slot] else { continue }
            // What is offered goes before the leave to ask, so that the first question is for it.
            if change.isUnchoked {
                self.offerPieces(to: connection, at: self.now)
            } else {
                self.withdrawOffers(to: change.slot)
            }
            connection.session.setChoking(!change.isUnchoked)
            self.flush(connection)
        }
    }
}

extension UploadSlots {
    /// What the operator wishes.
    init(_ limits: PeerLimits) {
        self = limits.uploadSlots.map { .fixed($0) } ?? .automatic
    }
}

// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

extension Simulation {
    /// Traps when the machines of the node that an event was about contradict themselves or each other.
    func check(_ event: SimulationEvent) {
        switch self.checks {
        case .never: return
        case .everyTick: guard case .tick = event else { return }
        case .everyEvent: break
        }
        switch event {
        case .join(let node), .leave(let node), .sent(let node), .taken(let node), .tick(let node), .round(let node),
            .diskDone(let node):
            self.check(self.nodes[Int(node)])
        case .connect(let link), .reset(let link):
            self.check(self.nodes[self.links[Int(link)].dialler])
            self.check(self.nodes[self.links[Int(link)].called])
        case .arrived: break
        case .action: for node in self.nodes { self.check(node) }
        }
    }

    private func check(_ node: SimulatedNode) {
        node.swarm.checkInvariants()
        for connection in node.connections {
            guard let slot = connection.slot else { continue }
            let owed = node.swarm.outstandingCount(of: slot)
            let asked = connection.session.outstandingCount
            precondition(
                owed == asked,
                "seed \(self.seed): node \(node.index) asked \(connection.remote) for \(asked) blocks, not \(owed)"
            )
            precondition(
                connection.session.isChoking != node.swarm.isUnchoked(slot),
                "seed \(self.seed): node \(node.index) and its session differ about choking \(connection.remote)")
        }
        precondition(
            node.swarm.openPieceCount <= node.swarm.configuration.maximumOpenPieces,
            "seed \(self.seed): node \(node.index) has \(node.swarm.openPieceCount) open pieces")
    }

    /// Nodes that lack a piece and do nothing about it although somebody in reach has it.
    func stuckNodes() -> [SimulationReport.Stuck] {
        var stuck: [SimulationReport.Stuck] = []
        for node in self.nodes where self.shouldFinish(node) {
            for other in self.nodes where self.mayServe(other, node) {
                guard other.swarm.have.hasBitOutside(node.swarm.have) else { continue }
                stuck.append(SimulationReport.Stuck(node: node.index, holder: other.index))
                break
            }
        }
        return stuck
    }

    private func shouldFinish(_ node: SimulatedNode) -> Bool {
        switch node.phase {
        case .downloading: !node.isSilent
        case .waiting, .suspended, .seeding, .gone: false
        }
    }

    private func mayServe(_ other: SimulatedNode, _ node: SimulatedNode) -> Bool {
        other !== node && other.isPresent && !other.isSilent && other.profile.behaviour != .freeRider
            && !node.refuses(other.index) && !other.refuses(node.index)
    }
}

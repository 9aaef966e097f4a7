// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

/// Machines that are all connected to each other, without wires or disks: in each tenth of a second every one sends up to
/// `blocksPerTick` blocks, in turn, to those it serves. Peer `j` sits in slot `j` everywhere.
final class Mesh {
    var nodes: [Swarm]
    var now = Instant(nanoseconds: 0)
    var blocksPerTick: [Int]
    /// Blocks that node `i` waits for from node `j`.
    private var queues: [[[BlockRange]]]
    private var interest: [[Bool]]
    private(set) var sent: [[Int]]
    private(set) var duplicates = 0
    private(set) var failures: [PieceFailure] = []
    /// Nodes that send nonsense.
    var liars: Set<Int> = []
    /// Nodes that are gone.
    private(set) var gone: Set<Int> = []
    private var tainted: Set<Int> = []

    /// `nodes` already know nothing of each other.
    init(_ nodes: [Swarm], blocksPerTick: Int = 4) {
        self.nodes = nodes
        let count = nodes.count
        self.blocksPerTick = Array(repeating: blocksPerTick, count: count)
        self.queues = Array(repeating: Array(repeating: [], count: count), count: count)
        self.interest = Array(repeating: Array(repeating: false, count: count), count: count)
        self.sent = Array(repeating: Array(repeating: 0, count: count), count: count)
        for node in 0..<count {
            for other in 0..<count where other != node {
                self.nodes[node].peerJoined(other, at: self.now)
                self.nodes[node].peerHasPieces(other, nodes[other].have)
            }
        }
    }

    func leave(_ node: Int) {
        self.gone.insert(node)
        for other in self.nodes.indices where other != node {
            self.nodes[other].peerLeft(node, at: self.now)
            self.queues[other][node].removeAll()
        }
    }

    /// Runs until all that are left are complete; returns false when `ticks` did not suffice.
    func run(ticks: Int) -> Bool {
        for _ in 0..<ticks {
            if self.present.allSatisfy({ self.nodes[$0].isComplete }) { return true }
            self.tick()
        }
        return false
    }

    var present: [Int] { self.nodes.indices.filter { !self.gone.contains($0) } }

    func tick() {
        self.now = self.now + .milliseconds(100)
        for node in self.present {
            self.tellInterest(node)
            self.chokeRound(node)
        }
        for node in self.present { self.request(node) }
        for node in self.present { self.send(node) }
        for node in self.present { self.nodes[node].checkInvariants() }
    }

    private func tellInterest(_ node: Int) {
        for other in self.present where other != node {
            let isInterested = self.nodes[node].isInteresting(other)
            guard isInterested != self.interest[node][other] else { continue }
            self.interest[node][other] = isInterested
            if let change = self.nodes[other].peerInterest(node, isInterested, at: self.now) {
                self.apply(change, other)
            }
        }
    }

    private func chokeRound(_ node: Int) {
        guard self.now >= self.nodes[node].nextChokeRound else { return }
        let seconds = max(1, self.now.nanoseconds / 1_000_000_000)
        let traffic = self.present.filter { $0 != node }.map { other in
            PeerTraffic(
                slot: other, downRate: Double(self.sent[other][node] * 16384) / Double(seconds),
                upRate: Double(self.sent[node][other] * 16384) / Double(seconds))
        }
        for change in self.nodes[node].chokeRound(at: self.now, traffic: traffic) { self.apply(change, node) }
    }

    private func apply(_ change: UnchokeChange, _ server: Int) {
        if change.isUnchoked {
            self.nodes[change.slot].peerUnchokedUs(server)
        } else {
            self.nodes[change.slot].peerChokedUs(server)
            self.queues[change.slot][server].removeAll()
        }
    }

    private func request(_ node: Int) {
        for other in self.present where other != node {
            let room = 16 - self.queues[node][other].count
            self.nodes[node].nextBlocks(for: other, limit: room, at: self.now, into: &self.queues[node][other])
        }
    }

    private func send(_ node: Int) {
        var left = self.blocksPerTick[node]
        while left > 0 {
            var idle = true
            for other in self.present where other != node && left > 0 && !self.queues[other][node].isEmpty {
                self.deliver(self.queues[other][node].removeFirst(), from: node, to: other)
                left -= 1
                idle = false
            }
            if idle { return }
        }
    }

    private func deliver(_ block: BlockRange, from sender: Int, to node: Int) {
        self.sent[sender][node] += 1
        if self.liars.contains(sender), self.nodes[node].acceptsPayload(sender, block) != nil {
            self.tainted.insert(node * self.nodes[0].geometry.pieceCount + block.piece.offset)
        }
        var cancels: [BlockCancel] = []
        let outcome = self.nodes[node].blockReceived(from: sender, block, at: self.now, cancels: &cancels)
        for cancel in cancels { self.queues[node][cancel.slot].removeAll { $0 == cancel.block } }
        switch outcome {
        case .accepted: break
        case .duplicate, .unwanted: self.duplicates += 1
        case .completesPiece: self.complete(block.piece, node)
        }
    }

    private func complete(_ piece: PieceIndex, _ node: Int) {
        if self.tainted.remove(node * self.nodes[0].geometry.pieceCount + piece.offset) != nil {
            let failure = self.nodes[node].pieceFailed(piece)
            self.failures.append(failure)
            if let culprit = failure.culprit {
                self.nodes[node].peerChokedUs(culprit)
                self.queues[node][culprit].removeAll()
            }
            return
        }
        self.nodes[node].pieceVerified(piece, at: self.now)
        for other in self.present where other != node { self.nodes[other].peerHas(node, piece) }
    }
}
